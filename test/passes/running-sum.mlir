// RUN: sinter-opt %s --sinter-interpret=sizes=B=2,T=3 -o /dev/null | FileCheck %s --match-full-lines
// RUN: sinter-opt %s --sinter-pipeline=until=prepare --sinter-interpret=sizes=B=2,T=3 -o /dev/null | FileCheck %s --match-full-lines
// RUN: sinter-opt %s --sinter-pipeline=until=fuse | FileCheck %s --check-prefix=ROW
// A running sum is a row over the axis twice: no element that stands behind is read. What it sums is fused into it.
// CHECK: 2x3xi32: 0 1 2 1 2 3
// CHECK: 2x3x2xf32: 0 1 2 4 6 9 6 7 14 16 24 27
// ROW-LABEL: func.func @main
// ROW: kernel.row domain [B, T, T] reduced 1 [sum] per_row (%{{.*}} at <(d0, d1, d2) -> (d0, d2)>)
// ROW-NEXT: ^bb0
// ROW: arith.cmpi ne
// ROW: arith.cmpi sle
// ROW: kernel.row domain [B, T, 2, T] reduced 1 [sum] per_row (%{{.*}} at <(d0, d1, d2, d3) -> (d0, d3, d2)>)

func.func @main(%ids: !sinter.tensor<[B, T], i32>, %x: !sinter.tensor<[B, T, 2], f32>) -> (!sinter.tensor<[B, T], i32>, !sinter.tensor<[B, T, 2], f32>) {
  %zero = sinter.constant [0.0] : !sinter.tensor<[B, T], i32>
  %real = sinter.compare ne %ids, %zero : !sinter.tensor<[B, T], i32> -> !sinter.tensor<[B, T], i1>
  %set = sinter.cast %real : !sinter.tensor<[B, T], i1> to !sinter.tensor<[B, T], i32>
  %a = sinter.cumsum %set axis 1 : !sinter.tensor<[B, T], i32>
  %b = sinter.cumsum %x axis 1 : !sinter.tensor<[B, T, 2], f32>
  return %a, %b : !sinter.tensor<[B, T], i32>, !sinter.tensor<[B, T, 2], f32>
}

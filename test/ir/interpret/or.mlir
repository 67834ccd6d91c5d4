// RUN: sinter-opt %s --sinter-interpret -o /dev/null | FileCheck %s --match-full-lines
// CHECK: 4xi1: 0 1 1 1

func.func @main() -> (!sinter.tensor<[4], i1>) {
  %a0 = sinter.constant [0.0, 0.0, 1.0, 1.0] : !sinter.tensor<[4], i1>
  %b0 = sinter.constant [0.0, 1.0, 0.0, 1.0] : !sinter.tensor<[4], i1>
  %c0 = sinter.or %a0, %b0 : !sinter.tensor<[4], i1>
  return %c0 : !sinter.tensor<[4], i1>
}

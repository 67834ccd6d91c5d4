// RUN: sinter-opt %s --sinter-interpret -o /dev/null | FileCheck %s --match-full-lines
// CHECK: 2xi1: 1 0

func.func @main() -> (!sinter.tensor<[2], i1>) {
  %x0 = sinter.constant [0.0, 1.0] : !sinter.tensor<[2], i1>
  %y0 = sinter.not %x0 : !sinter.tensor<[2], i1>
  return %y0 : !sinter.tensor<[2], i1>
}

// RUN: sinter-opt %s --sinter-interpret=sizes=B=2 -o /dev/null | FileCheck %s --match-full-lines
// Batched, permuted, a full sum, and no sum at all.
// CHECK: 2x3x4xf32: 30 80 130 180 80 255 430 605 130 430 730 1030 1880 2305 2730 3155 2430 2980 3530 4080 2980 3655 4330 5005
// CHECK: 4x3x2xf32: 30 1880 80 2430 130 2980 80 2305 255 2980 430 3655 130 2730 430 3530 730 4330 180 3155 605 4080 1030 5005
// CHECK: f32: 8555
// CHECK: 2x3x5x4xf32: 0 0 0 0 1 6 11 16 4 14 24 34 9 24 39 54 16 36 56 76 0 25 50 75 6 36 66 96 14 49 84 119 24 64 104 144 36 81 126 171 0 50 100 150 11 66 121 176 24 84 144 204 39 104 169 234 56 126 196 266 300 375 450 525 336 416 496 576 374 459 544 629 414 504 594 684 456 551 646 741 400 500 600 700 441 546 651 756 484 594 704 814 529 644 759 874 576 696 816 936 500 625 750 875 546 676 806 936 594 729 864 999 644 784 924 1064 696 841 986 1131

func.func @main(%q: !sinter.tensor<[B, 3, 5], f32>, %k: !sinter.tensor<[B, 4, 5], f32>) -> (!sinter.tensor<[B, 3, 4], f32>, !sinter.tensor<[4, 3, B], f32>, !sinter.tensor<[], f32>, !sinter.tensor<[B, 3, 5, 4], f32>) {
  %a = sinter.contract %q, %k "abc,adc->abd" : !sinter.tensor<[B, 3, 5], f32>, !sinter.tensor<[B, 4, 5], f32> -> !sinter.tensor<[B, 3, 4], f32>
  %b = sinter.contract %q, %k "abc,adc->dba" : !sinter.tensor<[B, 3, 5], f32>, !sinter.tensor<[B, 4, 5], f32> -> !sinter.tensor<[4, 3, B], f32>
  %c = sinter.contract %q, %q "abc,abc->" : !sinter.tensor<[B, 3, 5], f32>, !sinter.tensor<[B, 3, 5], f32> -> !sinter.tensor<[], f32>
  %d = sinter.contract %q, %k "abc,adc->abcd" : !sinter.tensor<[B, 3, 5], f32>, !sinter.tensor<[B, 4, 5], f32> -> !sinter.tensor<[B, 3, 5, 4], f32>
  return %a, %b, %c, %d : !sinter.tensor<[B, 3, 4], f32>, !sinter.tensor<[4, 3, B], f32>, !sinter.tensor<[], f32>, !sinter.tensor<[B, 3, 5, 4], f32>
}

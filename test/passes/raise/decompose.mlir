// RUN: sinter-opt --sinter-decompose %s | FileCheck %s
// RUN: sinter-opt --sinter-decompose --sinter-simplify --sinter-raise %s | FileCheck %s --check-prefix=BACK
// What decomposes is raised again.

// CHECK-LABEL: func.func @all(
// CHECK-NOT: sinter.{{softmax|layer_norm|rms_norm|activation}}
// CHECK: sinter.dim T
// CHECK: return
// BACK: %[[A:.*]] = sinter.softmax %arg0
// BACK: %[[B:.*]] = sinter.layer_norm %[[A]] weight(%arg1 : {{.*}}) bias(%arg2 : {{.*}}) eps 1.000000e-05
// BACK: %[[C:.*]] = sinter.rms_norm %[[B]] weight(%arg1 : {{.*}}) eps 9.9999999999999995E-7
// BACK: %[[D:.*]] = sinter.activation gelu %[[C]]
// BACK: %[[E:.*]] = sinter.activation gelu_tanh %[[D]]
// BACK: %[[F:.*]] = sinter.activation silu %[[E]]
func.func @all(%x: !sinter.tensor<[B, 8], f32>, %w: !sinter.tensor<[8], f32>, %b: !sinter.tensor<[8], f32>,
               %t: !sinter.tensor<[B, T], f32>) -> (!sinter.tensor<[B, 8], f32>, !sinter.tensor<[B, T], f32>) {
  %0 = sinter.softmax %x : !sinter.tensor<[B, 8], f32>
  %1 = sinter.layer_norm %0 weight(%w : !sinter.tensor<[8], f32>) bias(%b : !sinter.tensor<[8], f32>) eps 1.0e-5 : !sinter.tensor<[B, 8], f32>
  %2 = sinter.rms_norm %1 weight(%w : !sinter.tensor<[8], f32>) eps 1.0e-6 : !sinter.tensor<[B, 8], f32>
  %3 = sinter.activation gelu %2 : !sinter.tensor<[B, 8], f32>
  %4 = sinter.activation gelu_tanh %3 : !sinter.tensor<[B, 8], f32>
  %5 = sinter.activation silu %4 : !sinter.tensor<[B, 8], f32>
  %6 = sinter.rms_norm %t eps 1.0e-6 : !sinter.tensor<[B, T], f32>
  return %5, %6 : !sinter.tensor<[B, 8], f32>, !sinter.tensor<[B, T], f32>
}

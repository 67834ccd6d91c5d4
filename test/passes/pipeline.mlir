// The order of the compiler, pinned: whoever adds a pass says so here.
// RUN: sinter-opt --sinter-pipeline --dump-pass-pipeline %s 2>&1 | FileCheck %s
// RUN: sinter-opt --sinter-pipeline=until=simplify --dump-pass-pipeline %s 2>&1 | FileCheck %s --check-prefix=SIMPLIFY
// RUN: sinter-opt --sinter-pipeline=until=raise --dump-pass-pipeline %s 2>&1 | FileCheck %s --check-prefix=RAISE
// RUN: sinter-opt --sinter-pipeline=until=lower --dump-pass-pipeline %s 2>&1 | FileCheck %s --check-prefix=LOWER
// RUN: sinter-opt --sinter-pipeline=until=fuse --dump-pass-pipeline %s 2>&1 | FileCheck %s --check-prefix=FUSE
// RUN: not sinter-opt --sinter-pipeline=until=nothing %s 2>&1 | FileCheck %s --check-prefix=UNKNOWN

// CHECK: builtin.module(
// CHECK-NEXT: sinter-prove-causal,
// CHECK-NEXT: sinter-simplify,
// CHECK-NEXT: sinter-raise{{.*}},
// CHECK-NEXT: sinter-convert-to-kernels,
// CHECK-NEXT: sinter-fuse-pointwise,
// CHECK-NEXT: sinter-merge-contractions,
// CHECK-NEXT: sinter-hoist-prepare,
// CHECK-NEXT: sinter-narrow-storage{cache=f32 weights=f32}
// CHECK-NEXT: )
// SIMPLIFY: builtin.module(
// SIMPLIFY-NEXT: sinter-prove-causal,
// SIMPLIFY-NEXT: sinter-simplify
// SIMPLIFY-NEXT: )
// RAISE: builtin.module(
// RAISE-NEXT: sinter-prove-causal,
// RAISE-NEXT: sinter-simplify,
// RAISE-NEXT: sinter-raise
// RAISE-NEXT: )
// LOWER: builtin.module(
// LOWER-NEXT: sinter-prove-causal,
// LOWER-NEXT: sinter-simplify,
// LOWER-NEXT: sinter-raise{{.*}},
// LOWER-NEXT: sinter-convert-to-kernels
// LOWER-NEXT: )
// FUSE: builtin.module(
// FUSE-NEXT: sinter-prove-causal,
// FUSE-NEXT: sinter-simplify,
// FUSE-NEXT: sinter-raise{{.*}},
// FUSE-NEXT: sinter-convert-to-kernels,
// FUSE-NEXT: sinter-fuse-pointwise
// FUSE-NEXT: )
// UNKNOWN: Cannot find option named 'nothing'
module {}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// All families of the dialect, for the generator.
include "ir/sinter/ElementwiseOps.td"
include "ir/sinter/TensorOps.td"
include "ir/sinter/ProgramOps.td"
include "ir/sinter/SemanticOps.td"
include "ir/sinter/AttentionOp.td"

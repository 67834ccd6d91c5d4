// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The `kernel` dialect: buffers, skeletons and what stands in their regions. See KernelOps.td.
#pragma once

#include "ir/sinter/Sinter.h"

#include "ir/kernel/KernelOpsDialect.h.inc"
#include "ir/kernel/KernelOpsEnums.h.inc"
#define GET_TYPEDEF_CLASSES
#include "ir/kernel/KernelOpsTypes.h.inc"
#define GET_OP_CLASSES
#include "ir/kernel/KernelOps.h.inc"

namespace sinter::ir::kernel {

/// Columns of a panel.
inline constexpr int64_t panelWidth = 16;
/// The widest head (depth, or columns of values) that kernel.attention is made for.
inline constexpr int64_t maxAttentionWidth = 256;

} // namespace sinter::ir::kernel

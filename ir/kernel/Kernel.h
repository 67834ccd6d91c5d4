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

/// What a buffer of floats may store; all arithmetic is in f32.
inline bool holdsFloats(mlir::Type element) { return element.isF32() || element.isBF16() || element.isF16(); }
/// How a map of kernel.attention reads a pool through a table of `tableRank` axes: the rows R of a page where the keys'
/// index k (axis `keyAxis`) stands as k floordiv R and k mod R, 0 where the map is linear and the table's axes do not
/// depend on k; nothing if neither is so.
std::optional<int64_t> pageRowsOf(IndexMapAttr map, unsigned keyAxis, unsigned tableRank);

/// Of one element, stored.
inline int64_t elementBytes(mlir::Type element) {
  return element.isInteger(1) ? 1 : element.isBF16() || element.isF16() ? 2 : 4;
}

} // namespace sinter::ir::kernel

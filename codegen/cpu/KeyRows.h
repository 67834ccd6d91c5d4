// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The keys or the values of an attention, one row for each key, wherever they lie: a fixed distance apart in a buffer,
// or in the pages of a pool. Blocks of 64 keys come in, pointers to rows go out. Private to the room.
#pragma once

#include "codegen/cpu/Emit.h"

namespace sinter::cpu {

/// Keys are taken in blocks of this many, by absolute position.
inline constexpr int64_t blockKeys = 64;

class KeyRows {
public:
  /// Of operand `operand` (1: keys, 2: values), whose rows have `columns` numbers.
  KeyRows(Emitter &e, ir::kernel::AttentionOp op, unsigned operand, ir::IndexMapAttr map, const Dim &columns);
  /// Emits where the rows of a batch begin; for pools, judges the batch's pages too.
  void atBatch(Value batchNumber);
  /// Emits where the block's pages lie, if there are any. `firstKey` is a multiple of 64.
  void atBlock(Value firstKey);
  /// Emits where the pages of the block behind lie, to be fetched; where there is none, the last page again.
  void atNextBlock(Value firstKey);
  /// A pointer to the page `number` of the block behind.
  Value nextPage(Value number) { return e.loadPointer(nextPages, number); }
  /// A pointer to the row of the block's key `inBlock`.
  Value row(Value inBlock);
  /// The row i behind one, in the same page.
  Value near(Value row, int64_t i) { return e.offsetPointer(row, element, e.mul(e.constant(i), rowStride)); }

  Type element;             ///< as stored
  Value rowStride;          ///< between rows of a page, in elements
  Value columnStride;       ///< in elements
  bool isContiguous;        ///< columns are neighbours
  bool isColumnMajor;       ///< rows are neighbours
  int64_t pageRows;         ///< rows of a page; 0 where rows are a fixed distance apart

private:
  Value pageAt(Value turn);
  void placePages(Value frame, Value firstKey);

  Emitter &e;
  ir::kernel::AttentionOp op;
  unsigned batchRank;
  SmallVector<Dim> origin; ///< extents of (batch..., k, column)
  Dim keys;
  Access pool, table;      ///< the table only where there is one
  Dim pageCount;
  Value pageStride;        ///< in elements
  Value turnStride;        ///< between the table's entries of a row
  Value base;              ///< of the pool, at the batch's first element of page 0
  Value start;             ///< of the row of key 0, where rows are a fixed distance apart
  Value turnOffset;        ///< of the batch's first entry in the table
  Value blockStart;        ///< of the block's first row, where rows are a fixed distance apart
  Value pages, nextPages;  ///< frames: pointers to the block's pages, and to those of the block behind
};

} // namespace sinter::cpu

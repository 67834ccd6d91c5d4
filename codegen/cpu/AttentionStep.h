// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Attention of few queries: lanes are keys where scores are made, columns where values are summed, so that a token
// costs little more than reading its cache once. The same bits as Attention.cpp gives. Private to the room.
#pragma once

#include "codegen/cpu/KeyRows.h"
#include "codegen/cpu/Mask.h"

namespace sinter::cpu {

class AttentionStep {
public:
  /// The parts are those of the kernel under construction and outlive this.
  AttentionStep(Emitter &e, ir::kernel::AttentionOp op, ArrayRef<Access> extras, KeyRows &key, KeyRows &value);
  /// The most queries of a batch that it is good for; 0 where keys or values lie in a way that it cannot read.
  int64_t mostQueries() const { return most; }
  /// Emits all queries of the batch, and of those behind it that share its keys: there, nothing. `key` and `value` stand at
  /// the batch. False after a diagnostic.
  bool emit(Value batchNumber);

private:
  using Values = Emitter::Values;
  void attempt(Value batchNumber, Value isFirst);
  void eachRow(Value batchNumber, llvm::function_ref<void(Value row, const Point &point)> body);
  void overBlock(Value row, const Point &point, Value firstKey, Value count, Value isFirst);
  void computeBlock(Value row, const Point &point, Value firstKey, Value count, Value isMasked);
  Values products(const Point &point, Value row, Value count);
  void fetchValues(Value row, Value step);
  void fetchKeys(Value row, Value key);
  void sumValues(Value row, Value count, Value rescale);
  void store(Value row, const Point &point);
  Value isAnyBlind(Value batchNumber);
  Value larger(Value x, Value y);
  Type f32() { return e.b.getF32Type(); }
  Value stateAt(Value row, int64_t which);

  Emitter &e;
  ir::kernel::AttentionOp op;
  ArrayRef<Access> extras;
  KeyRows &key, &value;
  std::optional<MaskBounds> mask;
  unsigned batchRank;
  SmallVector<Dim> dims; ///< (batch..., q, k)
  int64_t depth, columns;
  int64_t sharing = 1;   ///< neighbouring batches that read the same keys and values
  int64_t most = 0;
  bool isFetching = false; ///< pages come in no order that processors foresee
  Value outputFrame;     ///< [row][columns]
  Value stateFrame;      ///< [row]: maximum, sum of weights, in all lanes
  Value weightFrame;     ///< [64 keys]
  bool isFailed = false;
};

/// The mask's or the score's value at `where`; `product` is null for the mask. Null after a diagnostic.
Value emitOfPair(Emitter &e, mlir::Region &body, ArrayRef<Access> extras, const Point &where, Value product);

} // namespace sinter::cpu

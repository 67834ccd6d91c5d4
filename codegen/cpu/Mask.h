// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What an attention mask says of many pairs at once. The mask's region comes in; code goes out that tells, for a range
// of queries and a block of keys, whether surely none or surely all of the pairs are seen. Private to the room.
#pragma once

#include "codegen/cpu/Emit.h"
#include "llvm/ADT/DenseMap.h"

namespace sinter::cpu {

/// Two i1 that bound what a mask says of a set of pairs: not `any`: it hides them all; `all`: it shows them all.
struct Visible {
  Value any, all;
};

/// Comparisons of indices, sizes, constants and numbers that a batch has one of (its length) are bounded by the ends of the ranges; a condition that data decides,
/// but not the query (padding), is read once for each block of keys; for all else the bounds are "perhaps".
class MaskBounds {
public:
  /// `extras` are the op's, as the emitter accesses them. The op has a mask and outlives this.
  MaskBounds(Emitter &e, ir::kernel::AttentionOp op, ArrayRef<Access> extras);
  /// Emits, for keys [firstKey, firstKey + count) of the batch that `point` stands in, what no query changes.
  /// `firstKey` is a multiple of 16. Fails after a diagnostic.
  mlir::LogicalResult atKeys(const Point &point, Value firstKey, Value count);
  /// Emits the bounds for queries [firstQuery, firstQuery + count) and the keys of the last call of atKeys.
  Visible over(const Point &point, Value firstQuery, Value queryCount);

private:
  struct Uses {
    bool query = false, data = false;
  };
  /// An integer between two i64; null where nothing is known.
  struct Range {
    Value low, high;
    Value isExact; ///< no step on the way can have wrapped
  };
  Uses uses(Value value);
  void findLeaves(Value value);
  Visible bounds(Value value);
  Visible compare(mlir::arith::CmpIPredicate predicate, const Range &x, const Range &y);
  Range range(Value value);
  Range limited(Value low, Value high, const Range &x, const Range &y);

  Value both(Value x, Value y) { return e.b.createOrFold<arith::AndIOp>(x, y); }
  Value either(Value x, Value y) { return e.b.createOrFold<arith::OrIOp>(x, y); }
  Value inverse(Value x) { return e.b.createOrFold<arith::XOrIOp>(x, flag(true)); }
  Value flag(bool value) { return arith::ConstantOp::create(e.b, e.b.getBoolAttr(value)); }
  Value test(mlir::arith::CmpIPredicate predicate, Value x, Value y) {
    return arith::CmpIOp::create(e.b, predicate, x, y);
  }

  Emitter &e;
  ir::kernel::AttentionOp op;
  ArrayRef<Access> extras;
  unsigned batchRank;
  llvm::DenseMap<Value, Uses> known;
  SmallVector<Value> leaves;                ///< conditions that data decides and the query does not
  llvm::DenseMap<Value, Visible> leafTruth; ///< for the block of keys at hand
  Value firstKey, keyCount, firstQuery, queryCount;
  const Point *at = nullptr;
};

} // namespace sinter::cpu

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The backward half of deriving `extend`: a value is wanted at some rows of its time axes, and each op says at which rows
// it wants its operands for that (`TimeAware::atRows`). Which old rows are kept as state follows from what is asked. The
// rules stand in docs/decisions/0019-extend.md.
#pragma once

#include "ir/sinter/Sinter.h"
#include "ir/time/TimeFacts.h"

namespace sinter::ir {

/// Which rows of a time axis are wanted. A sequence has length[b] rows of tokens and count[b] new ones.
struct RowSet {
  enum class Kind {
    None, ///< no time axis: the whole of it
    All,  ///< every row so far, at its own place
    New,  ///< rows length[b] + n + shift, for each of the N new rows n
    Last, ///< row length[b] + count[b] - 1 + shift alone
  } kind = Kind::None;
  int64_t shift = 0;

  bool isSome() const { return kind == Kind::New || kind == Kind::Last; }
  bool operator==(const RowSet &o) const { return kind == o.kind && shift == o.shift; }
};

/// One for each axis of a value.
struct RowSets {
  llvm::SmallVector<RowSet, 4> axes;

  RowSets() = default;
  explicit RowSets(size_t rank) : axes(rank) {}
  RowSet &operator[](unsigned axis) { return axes[axis]; }
  const RowSet &operator[](unsigned axis) const { return axes[axis]; }
  bool operator==(const RowSets &o) const { return axes == o.axes; }
};

/// A function's values, computed at some rows. A value that stands for the original one has its axes with the extents of
/// the rows wanted, and may be *batched*: have one more axis, of sequences, in front, because row n is another position
/// in each of them.
class TimeRows {
public:
  virtual ~TimeRows() = default;

  /// The original value at those rows; null after an error. Everything it needs is built where the original stands.
  virtual mlir::Value at(mlir::Value original, const RowSets &sets) = 0;
  /// Says that the rows wanted reach `rows` back from each position; nothing: all rows.
  virtual void lookBack(std::optional<int64_t> rows) = 0;

  // For ops' rules. Ops are built at `builder`'s place.
  mlir::OpBuilder builder;
  const TimeFacts &facts;

  /// Time axes get `RowSet::Kind::None` replaced by nothing; all others must be None. For each axis the wanted extent.
  Dim extent(const Dim &original, const RowSet &set) const;
  TensorType typeAt(mlir::Value original, const RowSets &sets, bool batched) const;
  static bool isBatched(mlir::Value original, mlir::Value now);
  /// Each original operand at its rows, all of them batched if one is. False after an error.
  bool operandsAt(mlir::ValueRange originals, llvm::ArrayRef<RowSets> sets, llvm::SmallVectorImpl<mlir::Value> &values);
  /// The same op, with its attributes, on other operands; results get the given types.
  mlir::Operation *rebuild(mlir::Operation *op, mlir::ValueRange operands, mlir::TypeRange types);
  /// i32 [B, rows]: the indices that the set stands for.
  mlir::Value positions(const RowSet &set);
  /// One more axis in front, of sequences.
  mlir::Value spread(mlir::Value value);
  /// value[.., ids[b, m], ..]: rows of `axis` by their indices, i32 [B, M]. If the value has no axis of sequences the
  /// result is batched.
  mlir::Value pickRows(mlir::Value value, unsigned axis, mlir::Value ids);
  /// Of the new rows along `axis`, each sequence's last one.
  mlir::Value lastOfNew(mlir::Value value, unsigned axis) { return pickRows(value, axis, lastNew); }
  /// The axis of sequences of an original type's shape, if it has one.
  std::optional<unsigned> sequenceAxis(llvm::ArrayRef<DimAttr> dims) const;
  /// Null, and an error at the op.
  mlir::Value fail(mlir::Operation *op, const llvm::Twine &why);

  // The sizes: sequences, new rows, pages of a row, and rows of a page.
  Dim sequences, news, pages;
  static constexpr int64_t pageRows = 16;
  Dim allRows() const { return pages * Dim(pageRows); }

  // Building blocks.
  mlir::Value view(mlir::Value value, llvm::ArrayRef<Dim> dims, llvm::ArrayRef<mlir::AffineExpr> index,
                   llvm::ArrayRef<Dim> symbols = {});
  mlir::Value number(double value, llvm::ArrayRef<Dim> dims, mlir::Type element);

protected:
  TimeRows(mlir::OpBuilder builder, const TimeFacts &facts) : builder(builder), facts(facts) {}
  /// i32 [B, N] and [B, 1]: the places of the new rows, and of the last one; and which of the new rows is the last, [B, 1].
  mlir::Value newPositions, lastPositions, lastNew;
};

/// Every elementwise op's rule.
mlir::Value elementwiseAtRows(TimeRows &rows, mlir::Operation *op, const RowSets &sets);

} // namespace sinter::ir

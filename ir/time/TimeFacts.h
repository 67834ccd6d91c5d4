// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The forward half of deriving `extend` from a function that is `causal T`: for each value, which rows of tokens it
// reads. A function is causal if, for every row i and all lengths T' > T > i, row i of its result for T' tokens is row i
// for T tokens: no later token is read, and the number T itself is not felt. Each op answers through `TimeAware`; the
// rules stand in docs/decisions/0018-causal.md. Runs on primitives, before raising; recognizes no op by a name.
#pragma once

#include "ir/sinter/Sinter.h"
#include "ir/time/Magnitude.h"

#include <map>

namespace sinter::ir {

/// A distance between two indices; unboundedBelow and unboundedAbove are infinite and stay so.
constexpr int64_t unboundedAbove = std::numeric_limits<int64_t>::max(), unboundedBelow = -unboundedAbove;
int64_t shifted(int64_t bound, int64_t by);

/// Wherever not low <= i_to - i_from <= high the element is `outside` (fixed); elsewhere it is `inside`.
struct Band {
  unsigned from = 0, to = 0;
  int64_t low = unboundedBelow, high = unboundedAbove;
  Magnitude outside = Magnitude::any(), inside = Magnitude::any();

  /// The same band, from the other axis.
  Band flipped() const { return {to, from, -high, -low, outside, inside}; }
  /// With `axis`, one of its two, as `to`.
  Band toward(unsigned axis) const { return to == axis ? *this : flipped(); }
  bool touches(unsigned axis) const { return from == axis || to == axis; }
  bool operator==(const Band &o) const {
    return from == o.from && to == o.to && low == o.low && high == o.high && outside == o.outside && inside == o.inside;
  }
};

/// An integer as a sum of its indices: constant + sum of coefficient * index.
struct IndexForm {
  std::map<unsigned, int64_t> coefficients; ///< none is 0
  int64_t constant = 0;
  bool operator==(const IndexForm &o) const { return coefficients == o.coefficients && constant == o.constant; }
};

/// Why a value's rows cannot be told apart in time.
struct Mixing {
  mlir::Operation *op;
  std::string why;
};

/// What is known of a value.
struct Fact {
  std::optional<Mixing> mixing; ///< if set, nothing else counts
  /// Time axis -> d: element i reads rows of tokens up to i + d at most, for some axis that is listed; none: reads none.
  std::map<unsigned, int64_t> reads;
  std::optional<IndexForm> index;
  Magnitude magnitude = Magnitude::ordinary();
  llvm::SmallVector<Band, 2> bands;

  bool operator==(const Fact &o) const;
};

/// Owns the facts of one function. Values of the function must not change while it is used.
class TimeFacts {
public:
  /// `symbol` is the name of the time axis's dimension.
  explicit TimeFacts(llvm::StringRef symbol) : symbol(symbol.str()) {}

  /// Fills the facts of all values of a function's (single) block.
  void run(mlir::Block &body);
  /// Facts of the results, from the op's `TimeAware`, or why they mix.
  void visit(mlir::Operation *op);

  const Fact &of(mlir::Value value) const { return facts.at(value); }
  void set(mlir::Value value, Fact fact) { facts[value] = std::move(fact); }
  void mix(mlir::Operation *op, const llvm::Twine &why);
  llvm::StringRef getSymbol() const { return symbol; }

  /// Whether the dimension has to do with time at all.
  bool growsWithTime(const Dim &extent) const { return extent.symbols().count(symbol) != 0; }
  /// c, where the extent is T + c; nothing for any other.
  std::optional<int64_t> offset(const Dim &extent) const;
  /// One for each axis; nothing where it is no time axis.
  llvm::SmallVector<std::optional<int64_t>> axes(mlir::Value value) const;

  /// How many rows back a reduction or contraction over time reads at most; nothing: all of them.
  std::optional<int64_t> lookback(mlir::Operation *op) const;

  // For ops' rules.
  /// Says that, along `band`, a reduction over time reads rows of an axis that is `rows` longer than the kept one.
  void hides(mlir::Operation *op, const Band &band, int64_t rows);
  /// Each axis's larger reach.
  static std::map<unsigned, int64_t> joined(const std::map<unsigned, int64_t> &a, const std::map<unsigned, int64_t> &b);
  /// Of two values that may stand for one another.
  static Fact joined(const Fact &a, const Fact &b);
  /// The facts with axis a as `to[a]`; what lies along an axis that has none is forgotten.
  static Fact renumbered(const Fact &fact, llvm::ArrayRef<std::optional<unsigned>> to);
  /// The tightest band toward `axis` from an axis that `isKept`, with `isNeutral` outside and a bound above.
  static std::optional<Band> bandToward(llvm::ArrayRef<Band> bands, unsigned axis,
                                        llvm::function_ref<bool(unsigned)> isKept,
                                        llvm::function_ref<bool(Magnitude)> isNeutral);
  /// What masks that leave a row without anything to see add to a reason.
  static std::string emptyRowHint(const Fact &fact, unsigned axis);
  /// The magnitude of a value where the index of each axis in `at` is i + at[axis], for any one i.
  Magnitude onDiagonal(mlir::Value value, const std::map<unsigned, int64_t> &at) const;

private:
  std::string symbol;
  llvm::DenseMap<mlir::Value, Fact> facts;
  llvm::DenseMap<mlir::Operation *, int64_t> lookbacks;
};

} // namespace sinter::ir

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reading, composing and simplifying index maps (`#sinter.map`). An index expression is kept as a sum of terms, each
// an index variable or a floordiv / mod of a sum, with dimensions as coefficients; ranges of the variables decide
// what a floordiv or a mod amounts to.
#pragma once

#include "ir/sinter/Sinter.h"

#include <map>
#include <memory>

namespace sinter::ir {

struct IndexTerm;

/// constant + sum of coefficient * term. Terms are ordered structurally and coefficients are never zero, so that
/// equal sums are equal values.
struct IndexSum {
  std::map<IndexTerm, Dim> terms;
  Dim constant;

  static IndexSum variable(unsigned position);
  IndexSum operator+(const IndexSum &other) const;
  IndexSum operator*(const Dim &factor) const;
  bool operator==(const IndexSum &other) const;
  bool operator<(const IndexSum &other) const;
  /// Index variables only: no floordiv, no mod.
  bool isLinear() const;
};

/// `d<position>`, or a floordiv / mod of `inner` by `divisor`.
struct IndexTerm {
  enum class Kind { Variable, FloorDiv, Mod } kind = Kind::Variable;
  unsigned position = 0;
  std::shared_ptr<const IndexSum> inner;
  Dim divisor;

  bool operator<(const IndexTerm &other) const;
  bool operator==(const IndexTerm &other) const { return !(*this < other) && !(other < *this); }
};

/// Sums where variable i runs over 0 <= d_i < domain[i]. Rules (c > 0):
///   (c*A + r) floordiv c = A + r floordiv c, (c*A + r) mod c = r mod c, r floordiv c = 0 and r mod c = r for 0 <= r <
///   c; for g | c and 0 <= r < g: (g*A + r) floordiv c = A floordiv (c/g), (g*A + r) mod c = g*(A mod (c/g)) + r; (x
///   floordiv a) floordiv b = x floordiv (a*b); (x mod a*b) floordiv b = (x floordiv b) mod a; (x mod a*b) mod b = x
///   mod b; c*(x floordiv c) + x mod c = x.
/// A comparison of symbolic dimensions counts only if it holds for all sizes >= 1.
class IndexSimplifier {
public:
  explicit IndexSimplifier(llvm::ArrayRef<Dim> domain) : domain(domain) {}

  /// The expression in terms of `variables`, which stand for the map's dimensions.
  IndexSum fromExpr(mlir::AffineExpr expr, llvm::ArrayRef<IndexSum> variables, llvm::ArrayRef<Dim> symbols) const;
  IndexSum floorDiv(const IndexSum &sum, const Dim &divisor) const;
  IndexSum mod(const IndexSum &sum, const Dim &divisor) const;
  IndexSum add(const IndexSum &a, const IndexSum &b) const;
  /// Inclusive bounds, if known.
  std::optional<Dim> lower(const IndexSum &sum) const;
  std::optional<Dim> upper(const IndexSum &sum) const;

private:
  std::optional<std::pair<Dim, Dim>> range(const IndexTerm &term) const;
  bool isWithin(const IndexSum &sum, const Dim &extent) const;
  IndexSum rejoin(IndexSum sum) const;

  llvm::ArrayRef<Dim> domain;
};

/// One sum for each result of the map. Without a domain nothing is assumed about the variables.
llvm::SmallVector<IndexSum> toSums(IndexMapAttr map, llvm::ArrayRef<Dim> domain);
/// The inverse: symbols are numbered by first use, so equal sums give equal attributes.
IndexMapAttr fromSums(mlir::MLIRContext *context, unsigned numVariables, llvm::ArrayRef<IndexSum> sums);

/// The map in canonical form, its domain being the shape of the view's result.
IndexMapAttr simplify(IndexMapAttr map, llvm::ArrayRef<Dim> domain);
/// A view of a view: `outer` leads from the last result to the value between, `inner` from there to the source.
/// Not simplified; `compose` followed by `simplify` with the last result's shape gives one canonical view.
IndexMapAttr compose(IndexMapAttr outer, IndexMapAttr inner);

inline bool isIdentity(IndexMapAttr map) { return map.isIdentity(); }
/// Each variable stands alone in exactly one result.
bool isPermutation(IndexMapAttr map);

/// `coefficients[r][d]` is the factor of variable d in result r; `offsets[r]` the constant.
struct LinearMap {
  llvm::SmallVector<llvm::SmallVector<Dim>> coefficients;
  llvm::SmallVector<Dim> offsets;
};
/// nullopt if some result has a floordiv or a mod. Simplify first: that removes what can be.
std::optional<LinearMap> linearCoefficients(IndexMapAttr map);

/// A linear map into a dense row-major source as one address: `factors[d]` elements a step of variable d, plus
/// `offset`.
struct LinearAddress {
  llvm::SmallVector<Dim> factors;
  Dim offset;
};
std::optional<LinearAddress> linearAddress(IndexMapAttr map, llvm::ArrayRef<Dim> sourceDims);

/// Row-major: the factor of each axis, in elements.
llvm::SmallVector<Dim> rowMajorStrides(llvm::ArrayRef<Dim> dims);

} // namespace sinter::ir

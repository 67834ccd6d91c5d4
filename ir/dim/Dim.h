// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A dimension: a canonical integer polynomial over named symbols (`B`, `T`) and opaque atoms
// (`floordiv(p, q)`, `min(p, q)`). Equality of dimensions is identity of the canonical form. Free of
// MLIR, so that the frontend, both dialects and the plan writer share it.
//
// Every symbol denotes the size of an axis, so it is at least 1. Divisors are positive: an expression
// whose divisor turns out not to be has no value (`evaluate` says nullopt).
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace sinter {

/// Immutable value type; copying costs as much as its text. Thread-safe as any value. Nothing throws.
///
/// Coefficients are int64 and a polynomial has at most `maxTerms` terms. An operation that would leave
/// these bounds makes the result *overflowed*: it equals only other overflowed dimensions, has no value,
/// prints as `<overflow>` (which does not parse), and whatever is computed from it is overflowed too.
class Dim {
public:
  static constexpr size_t maxTerms = 1024;

  Dim(int64_t constant = 0);
  /// `name` is `[A-Za-z_][A-Za-z0-9_.$]*`, and neither `floordiv` nor `min`.
  static Dim symbol(std::string_view name);
  static bool isSymbolName(std::string_view name);

  /// Floor division. What divides folds (`floordiv(4*T + 5, 2) = 2*T + 2`, `floordiv(B*T, T) = B`);
  /// what does not is an atom. `b` not above 0 everywhere is allowed if it is not constant.
  static Dim floorDiv(const Dim &a, const Dim &b);
  /// `a - b*floordiv(a, b)`.
  static Dim mod(const Dim &a, const Dim &b) { return a - b * floorDiv(a, b); }
  /// The smaller one; folds if `a - b` is known to have one sign (`min(T, T + 1) = T`).
  static Dim min(const Dim &a, const Dim &b);
  static Dim ceilDiv(const Dim &a, int64_t b) { return floorDiv(a + Dim(b - 1), Dim(b)); }

  Dim operator+(const Dim &other) const;
  Dim operator-(const Dim &other) const;
  Dim operator*(const Dim &other) const;
  bool operator==(const Dim &other) const { return overflow == other.overflow && terms == other.terms; }
  bool operator!=(const Dim &other) const { return !(*this == other); }
  /// Some total order, for sets and maps.
  bool operator<(const Dim &other) const {
    return overflow != other.overflow ? overflow < other.overflow : terms < other.terms;
  }

  /// The value, if no symbol or atom occurs.
  std::optional<int64_t> constant() const;
  bool isConstant(int64_t value) const { return constant() == value; }
  bool overflowed() const { return overflow; }
  /// The name, if this is one symbol standing alone.
  std::optional<std::string> symbolName() const;
  /// a / b, if it comes out exact as a polynomial.
  static std::optional<Dim> exactDiv(const Dim &a, const Dim &b);

  /// The largest number that is known not to exceed this dimension for all symbols >= 1, if any.
  std::optional<int64_t> lowerBound() const;
  /// Known to hold for all symbols >= 1. False means only that it could not be shown.
  bool isAtLeast(const Dim &other) const {
    std::optional<int64_t> bound = (*this - other).lowerBound();
    return bound && *bound >= 0;
  }
  bool isAtLeastOne() const { return isAtLeast(Dim(1)); }

  /// Canonical text: `B*T + 2*T + 768`, `T - 1`, `floordiv(T + 15, 16)`, `min(T, 512)`; a leading negative
  /// term prints as `-1*T`. `parse` reads sums, differences, products, parentheses, integers, names and the
  /// two functions; nullopt on anything else, on nesting too deep, and on overflow.
  std::string str() const;
  static std::optional<Dim> parse(std::string_view text);

  /// The symbols that occur, atoms looked into.
  std::set<std::string> symbols() const;
  /// Symbols that `values` lacks stay.
  Dim substitute(const std::map<std::string, Dim, std::less<>> &values) const;
  /// The number for given symbols; nullopt if a symbol is unknown, an operation overflows, or a
  /// divisor is not positive.
  std::optional<int64_t> evaluate(const std::function<std::optional<int64_t>(std::string_view)> &value) const;

  /// A product of factors, sorted, with repetition: symbols' names or atoms' canonical texts.
  using Monomial = std::vector<std::string>;
  /// Monomial -> coefficient; zero is never stored, the constant's monomial is empty.
  const std::map<Monomial, int64_t> &getTerms() const { return terms; }

  /// What a factor that is no symbol's name means.
  struct Atom;
  /// nullopt if `factor` is a symbol's name.
  static std::optional<Atom> getAtom(const std::string &factor);

private:
  static Dim makeOverflow();
  static Dim product(const Monomial &monomial, int64_t coefficient);
  static Dim opaque(std::string_view function, const Dim &a, const Dim &b);
  void accumulate(const Monomial &monomial, int64_t coefficient);
  Dim shifted(const std::map<std::string, int64_t> &lowest) const;

  std::map<Monomial, int64_t> terms;
  bool overflow = false;
};

struct Dim::Atom {
  enum class Kind { FloorDiv, Min } kind;
  Dim lhs, rhs;
};

} // namespace sinter

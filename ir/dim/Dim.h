// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A dimension: a canonical integer polynomial over named symbols (`B`, `T`) and opaque atoms
// (`floordiv(p, q)`, `min(p, q)`). Equality of dimensions is identity of the canonical form. Free of
// MLIR, so that the frontend, both dialects and the plan writer share it.
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

/// Immutable value type; copying costs as much as its text. Thread-safe as any value.
/// Coefficients are int64; an operation whose coefficients would overflow yields an opaque atom is
/// never attempted: `overflowed()` becomes true and stays true through every further operation.
class Dim {
public:
  Dim(int64_t constant = 0);
  static Dim symbol(std::string_view name);
  /// Floor division. Exact divisions fold (`(4*T) // 2 = 2*T`); what does not fold is an atom.
  static Dim floorDiv(const Dim &a, const Dim &b);
  static Dim min(const Dim &a, const Dim &b);
  static Dim ceilDiv(const Dim &a, int64_t b) { return floorDiv(a + Dim(b - 1), Dim(b)); }

  Dim operator+(const Dim &other) const;
  Dim operator-(const Dim &other) const;
  Dim operator*(const Dim &other) const;
  bool operator==(const Dim &other) const { return terms == other.terms; }
  bool operator!=(const Dim &other) const { return !(*this == other); }
  bool operator<(const Dim &other) const { return terms < other.terms; }

  /// The value, if no symbol or atom occurs.
  std::optional<int64_t> constant() const;
  bool isConstant(int64_t value) const { return constant() == value; }
  bool overflowed() const { return overflow; }
  /// a / b, if it comes out exact as a polynomial.
  static std::optional<Dim> exactDiv(const Dim &a, const Dim &b);

  /// Canonical text: `B*T + 2*T + 768`, `floordiv(T + 15, 16)`, `min(T, 512)`; a negative coefficient
  /// prints as `-1*T`. `parse` accepts exactly sums, products, parentheses, integers, names, and the
  /// two functions; nullopt on anything else.
  std::string str() const;
  static std::optional<Dim> parse(std::string_view text);

  /// The symbols that occur, atoms looked into.
  std::set<std::string> symbols() const;
  Dim substitute(const std::map<std::string, Dim, std::less<>> &values) const;
  /// The number for given symbols; nullopt if a symbol is unknown, an operation overflows, or a
  /// divisor is not positive.
  std::optional<int64_t>
  evaluate(const std::function<std::optional<int64_t>(std::string_view)> &value) const;

  /// One factor of a monomial: a symbol, or an atom with its two arguments.
  struct Atom;
  /// Monomial (sorted atoms' canonical texts, with repetition) -> coefficient, zero never stored.
  using Monomial = std::vector<std::string>;
  const std::map<Monomial, int64_t> &getTerms() const { return terms; }

private:
  std::map<Monomial, int64_t> terms;
  bool overflow = false;
};

} // namespace sinter

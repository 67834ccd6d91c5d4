// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Arithmetic and text of dimensions. Polynomials in, canonical polynomials out; an atom is kept as its canonical
// text and parsed again where its arguments matter, so that comparing and hashing stay trivial.
#include "ir/dim/Dim.h"

#include <algorithm>
#include <numeric>

namespace sinter {

//===-- Construction and ring operations --===//

Dim::Dim(int64_t constant) {
  if (constant != 0)
    terms[{}] = constant;
}

bool Dim::isSymbolName(std::string_view name) {
  auto isLetter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  auto isRest = [&](char c) { return isLetter(c) || (c >= '0' && c <= '9') || c == '.' || c == '$'; };
  return !name.empty() && isLetter(name[0]) && std::all_of(name.begin(), name.end(), isRest) && name != "floordiv" &&
         name != "min";
}

Dim Dim::symbol(std::string_view name) {
  if (!isSymbolName(name))
    return makeOverflow();
  return product({std::string(name)}, 1);
}

Dim Dim::makeOverflow() {
  Dim result;
  result.overflow = true;
  return result;
}

Dim Dim::product(const Monomial &monomial, int64_t coefficient) {
  Dim result;
  if (coefficient != 0)
    result.terms[monomial] = coefficient;
  return result;
}

void Dim::accumulate(const Monomial &monomial, int64_t coefficient) {
  if (overflow || coefficient == 0)
    return;
  auto [place, isNew] = terms.try_emplace(monomial, coefficient);
  if (!isNew) {
    if (__builtin_add_overflow(place->second, coefficient, &place->second))
      *this = makeOverflow();
    else if (place->second == 0)
      terms.erase(place);
  } else if (terms.size() > maxTerms) {
    *this = makeOverflow();
  }
}

Dim Dim::operator+(const Dim &other) const {
  if (overflow || other.overflow)
    return makeOverflow();
  Dim result = *this;
  for (const auto &[monomial, coefficient] : other.terms)
    result.accumulate(monomial, coefficient);
  return result;
}

Dim Dim::operator-(const Dim &other) const { return *this + other * Dim(-1); }

Dim Dim::operator*(const Dim &other) const {
  if (overflow || other.overflow)
    return makeOverflow();
  Dim result;
  for (const auto &[left, a] : terms)
    for (const auto &[right, b] : other.terms) {
      Monomial both;
      both.reserve(left.size() + right.size());
      std::merge(left.begin(), left.end(), right.begin(), right.end(), std::back_inserter(both));
      int64_t coefficient;
      // A degree without bound would let a short text make a long polynomial.
      if (both.size() > 32 || __builtin_mul_overflow(a, b, &coefficient))
        return makeOverflow();
      result.accumulate(both, coefficient);
      if (result.overflow)
        return result;
    }
  return result;
}

std::optional<int64_t> Dim::constant() const {
  if (overflow)
    return std::nullopt;
  if (terms.empty())
    return 0;
  if (terms.size() == 1 && terms.begin()->first.empty())
    return terms.begin()->second;
  return std::nullopt;
}

std::optional<std::string> Dim::symbolName() const {
  if (overflow || terms.size() != 1 || terms.begin()->second != 1 || terms.begin()->first.size() != 1)
    return std::nullopt;
  const std::string &name = terms.begin()->first.front();
  return isSymbolName(name) ? std::optional(name) : std::nullopt;
}

//===-- Division --===//

namespace {
int64_t floorDivide(int64_t a, int64_t b) { return a / b - (a % b != 0 && (a % b < 0) != (b < 0)); }

/// Graded lexicographic order: a product keeps it, which polynomial division needs.
bool isHigher(const Dim::Monomial &a, const Dim::Monomial &b) {
  return a.size() != b.size() ? a.size() > b.size() : a < b;
}

using Term = std::pair<Dim::Monomial, int64_t>;
std::vector<Term> descending(const std::map<Dim::Monomial, int64_t> &terms) {
  std::vector<Term> sorted(terms.begin(), terms.end());
  std::sort(sorted.begin(), sorted.end(), [](const Term &a, const Term &b) { return isHigher(a.first, b.first); });
  return sorted;
}

/// a / b for monomials (both sorted).
std::optional<Dim::Monomial> divide(const Dim::Monomial &a, const Dim::Monomial &b) {
  if (!std::includes(a.begin(), a.end(), b.begin(), b.end()))
    return std::nullopt;
  Dim::Monomial rest;
  std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(rest));
  return rest;
}
} // namespace

std::optional<Dim> Dim::exactDiv(const Dim &a, const Dim &b) {
  if (a.overflow || b.overflow || b.terms.empty())
    return std::nullopt;
  const auto [divisor, scale] = descending(b.terms).front();
  Dim quotient, rest = a;
  for (size_t steps = 0; !rest.terms.empty(); ++steps) {
    const auto [monomial, coefficient] = descending(rest.terms).front();
    std::optional<Monomial> factor = divide(monomial, divisor);
    bool hasOverflow = scale == -1 && coefficient == INT64_MIN;
    if (!factor || hasOverflow || coefficient % scale != 0 || steps > maxTerms)
      return std::nullopt;
    Dim part = product(*factor, coefficient / scale);
    quotient = quotient + part;
    rest = rest - part * b;
    if (quotient.overflow || rest.overflow)
      return std::nullopt;
  }
  return quotient;
}

Dim Dim::opaque(std::string_view function, const Dim &a, const Dim &b) {
  if (a.overflow || b.overflow)
    return makeOverflow();
  std::string text = std::string(function) + "(" + a.str() + ", " + b.str() + ")";
  return text.size() > 4096 ? makeOverflow() : product({std::move(text)}, 1);
}

Dim Dim::floorDiv(const Dim &a, const Dim &b) {
  std::optional<int64_t> number = b.constant();
  if (a.overflow || b.overflow || (number && *number <= 0))
    return makeOverflow();
  if (std::optional<Dim> exact = exactDiv(a, b))
    return *exact;

  // Whole multiples of b leave the atom; for a number b, each coefficient keeps its remainder in [0, b).
  Dim whole, rest;
  if (b.terms.size() == 1) {
    const auto &[divisor, scale] = *b.terms.begin();
    for (const auto &[monomial, coefficient] : a.terms) {
      std::optional<Monomial> factor = divide(monomial, divisor);
      int64_t times = factor && scale > 0 ? floorDivide(coefficient, scale) : 0;
      if (times != 0)
        whole = whole + product(*factor, times);
      rest = rest + product(monomial, coefficient - times * scale);
    }
  } else {
    rest = a;
  }
  if (!number)
    return rest.terms.empty() ? whole : whole + opaque("floordiv", rest, b);

  // floordiv(g*A + k, g*c) = floordiv(A + floor(k/g), c).
  int64_t common = *number;
  for (const auto &[monomial, coefficient] : rest.terms)
    if (!monomial.empty())
      common = std::gcd(common, coefficient);
  int64_t divisor = *number / common;
  Dim reduced;
  for (const auto &[monomial, coefficient] : rest.terms)
    reduced.accumulate(monomial, floorDivide(coefficient, common));
  if (reduced.constant() || divisor == 1)
    return whole + (divisor == 1 ? reduced : Dim(floorDivide(*reduced.constant(), divisor)));

  // floordiv(floordiv(x, a) + k, c) = floordiv(x + a*k, a*c).
  Dim offset = Dim(reduced.terms.count({}) ? reduced.terms.at({}) : 0);
  Dim inner = reduced - offset;
  if (inner.terms.size() == 1 && inner.terms.begin()->second == 1 && inner.terms.begin()->first.size() == 1)
    if (std::optional<Atom> atom = getAtom(inner.terms.begin()->first.front());
        atom && atom->kind == Atom::Kind::FloorDiv && atom->rhs.constant())
      return whole + floorDiv(atom->lhs + atom->rhs * offset, atom->rhs * Dim(divisor));
  return whole + opaque("floordiv", reduced, Dim(divisor));
}

Dim Dim::min(const Dim &a, const Dim &b) {
  if (a.overflow || b.overflow)
    return makeOverflow();
  if (b.isAtLeast(a))
    return a;
  if (a.isAtLeast(b))
    return b;
  return a.str() < b.str() ? opaque("min", a, b) : opaque("min", b, a);
}

//===-- Bounds --===//

/// Each factor x with a known bound l becomes l + x', x' >= 0; then the constant term is a bound if no other
/// coefficient is negative.
Dim Dim::shifted(const std::map<std::string, int64_t> &lowest) const {
  Dim result;
  for (const auto &[monomial, coefficient] : terms) {
    Dim term(coefficient);
    for (const std::string &factor : monomial)
      term = term * (product({factor}, 1) + Dim(lowest.at(factor)));
    result = result + term;
  }
  return result;
}

std::optional<int64_t> Dim::lowerBound() const {
  if (overflow)
    return std::nullopt;
  std::map<std::string, int64_t> lowest;
  for (const auto &[monomial, coefficient] : terms)
    for (const std::string &factor : monomial) {
      if (lowest.count(factor))
        continue;
      std::optional<int64_t> bound = 1;
      if (std::optional<Atom> atom = getAtom(factor)) {
        std::optional<int64_t> left = atom->lhs.lowerBound();
        if (atom->kind == Atom::Kind::Min) {
          std::optional<int64_t> right = atom->rhs.lowerBound();
          bound = left && right ? std::optional(std::min(*left, *right)) : std::nullopt;
        } else if (std::optional<int64_t> divisor = atom->rhs.constant()) {
          bound = left ? std::optional(floorDivide(*left, *divisor)) : std::nullopt;
        } else {
          bound = left && *left >= 0 ? std::optional<int64_t>(0) : std::nullopt;
        }
      }
      if (!bound)
        return std::nullopt;
      lowest[factor] = *bound;
    }
  Dim shiftedDim = shifted(lowest);
  if (shiftedDim.overflow)
    return std::nullopt;
  int64_t constantTerm = 0;
  for (const auto &[monomial, coefficient] : shiftedDim.terms) {
    if (monomial.empty())
      constantTerm = coefficient;
    else if (coefficient < 0)
      return std::nullopt;
  }
  return constantTerm;
}

//===-- Text --===//

std::string Dim::str() const {
  if (overflow)
    return "<overflow>";
  if (terms.empty())
    return "0";
  std::string text;
  for (const auto &[monomial, coefficient] : descending(terms)) {
    bool isNegative = coefficient < 0 && !text.empty();
    if (!text.empty())
      text += isNegative ? " - " : " + ";
    std::string number = std::to_string(coefficient).substr(isNegative ? 1 : 0);
    if (monomial.empty() || number != "1")
      text += number;
    for (size_t i = 0; i < monomial.size(); ++i)
      text += (i > 0 || number != "1" ? "*" : "") + monomial[i];
  }
  return text;
}

namespace {
/// Recursive descent over the text; `depth` bounds the recursion on untrusted text.
struct DimParser {
  std::string_view rest;
  int depth = 0;

  void skip() {
    while (!rest.empty() && (rest[0] == ' ' || rest[0] == '\t' || rest[0] == '\n'))
      rest.remove_prefix(1);
  }
  bool eat(char c) {
    skip();
    if (rest.empty() || rest[0] != c)
      return false;
    rest.remove_prefix(1);
    return true;
  }
  std::string_view word() {
    size_t size = 0;
    auto isWord = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
             c == '$';
    };
    while (size < rest.size() && isWord(rest[size]))
      ++size;
    std::string_view result = rest.substr(0, size);
    rest.remove_prefix(size);
    return result;
  }

  std::optional<Dim> sum() {
    if (++depth > 64)
      return std::nullopt;
    std::optional<Dim> result = term();
    while (result) {
      bool isPlus = eat('+');
      if (!isPlus && !eat('-'))
        break;
      std::optional<Dim> next = term();
      result = next ? std::optional(isPlus ? *result + *next : *result - *next) : std::nullopt;
    }
    --depth;
    return result;
  }

  std::optional<Dim> term() {
    std::optional<Dim> result = factor();
    while (result && eat('*')) {
      std::optional<Dim> next = factor();
      result = next ? std::optional(*result * *next) : std::nullopt;
    }
    return result;
  }

  std::optional<Dim> factor() {
    if (eat('-')) {
      if (++depth > 64)
        return std::nullopt;
      std::optional<Dim> inner = factor();
      --depth;
      return inner ? std::optional(*inner * Dim(-1)) : std::nullopt;
    }
    if (eat('(')) {
      std::optional<Dim> inner = sum();
      return inner && eat(')') ? inner : std::nullopt;
    }
    std::string_view name = word();
    if (name.empty())
      return std::nullopt;
    if (name[0] >= '0' && name[0] <= '9')
      return number(name);
    if (name != "floordiv" && name != "min")
      return Dim::isSymbolName(name) ? std::optional(Dim::symbol(name)) : std::nullopt;
    if (!eat('('))
      return std::nullopt;
    std::optional<Dim> a = sum();
    if (!a || !eat(','))
      return std::nullopt;
    std::optional<Dim> b = sum();
    if (!b || !eat(')'))
      return std::nullopt;
    return name == "min" ? Dim::min(*a, *b) : Dim::floorDiv(*a, *b);
  }

  static std::optional<Dim> number(std::string_view digits) {
    int64_t value = 0;
    for (char c : digits)
      if (c < '0' || c > '9' || __builtin_mul_overflow(value, 10, &value) ||
          __builtin_add_overflow(value, c - '0', &value))
        return std::nullopt;
    return Dim(value);
  }
};
} // namespace

std::optional<Dim> Dim::parse(std::string_view text) {
  DimParser parser{text};
  std::optional<Dim> result = parser.sum();
  parser.skip();
  if (!result || !parser.rest.empty() || result->overflow)
    return std::nullopt;
  return result;
}

std::optional<Dim::Atom> Dim::getAtom(const std::string &factor) {
  if (factor.empty() || factor.back() != ')')
    return std::nullopt;
  bool isMin = factor.starts_with("min(");
  DimParser parser{std::string_view(factor).substr(isMin ? 4 : 9)};
  std::optional<Dim> a = parser.sum();
  if (!a || !parser.eat(','))
    return std::nullopt;
  std::optional<Dim> b = parser.sum();
  if (!b)
    return std::nullopt;
  return Atom{isMin ? Atom::Kind::Min : Atom::Kind::FloorDiv, *a, *b};
}

//===-- Symbols and values --===//

std::set<std::string> Dim::symbols() const {
  std::set<std::string> result;
  for (const auto &[monomial, coefficient] : terms)
    for (const std::string &factor : monomial) {
      std::optional<Atom> atom = getAtom(factor);
      if (!atom) {
        result.insert(factor);
        continue;
      }
      result.merge(atom->lhs.symbols());
      result.merge(atom->rhs.symbols());
    }
  return result;
}

Dim Dim::substitute(const std::map<std::string, Dim, std::less<>> &values) const {
  if (overflow)
    return *this;
  Dim result;
  for (const auto &[monomial, coefficient] : terms) {
    Dim term(coefficient);
    for (const std::string &factor : monomial) {
      if (std::optional<Atom> atom = getAtom(factor)) {
        Dim a = atom->lhs.substitute(values), b = atom->rhs.substitute(values);
        term = term * (atom->kind == Atom::Kind::Min ? min(a, b) : floorDiv(a, b));
      } else if (auto found = values.find(factor); found != values.end()) {
        term = term * found->second;
      } else {
        term = term * product({factor}, 1);
      }
    }
    result = result + term;
  }
  return result;
}

std::optional<int64_t> Dim::evaluate(const std::function<std::optional<int64_t>(std::string_view)> &value) const {
  if (overflow)
    return std::nullopt;
  int64_t sum = 0;
  for (const auto &[monomial, coefficient] : terms) {
    int64_t term = coefficient;
    for (const std::string &factor : monomial) {
      std::optional<int64_t> number;
      if (std::optional<Atom> atom = getAtom(factor)) {
        std::optional<int64_t> a = atom->lhs.evaluate(value), b = atom->rhs.evaluate(value);
        bool isMin = atom->kind == Atom::Kind::Min;
        if (a && b && (isMin || *b > 0))
          number = isMin ? std::min(*a, *b) : floorDivide(*a, *b);
      } else {
        number = value(factor);
      }
      if (!number || __builtin_mul_overflow(term, *number, &term))
        return std::nullopt;
    }
    if (__builtin_add_overflow(sum, term, &sum))
      return std::nullopt;
  }
  return sum;
}

} // namespace sinter

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Predicates in the normal form: what means the same is one term, what does not is not, under every seed of the hash.
#include "passes/raising/Term.h"

#include <gtest/gtest.h>

using namespace sinter;
using namespace sinter::passes::raising;
using ir::Predicate;

namespace {

class Predicates : public testing::TestWithParam<int> {
protected:
  Predicates() : terms(GetParam()) {
    Dim t = Dim::symbol("T");
    row = terms.axis(0, t), column = terms.axis(1, t);
    i = terms.index(row), j = terms.index(column);
    x = terms.leaf(0, {row, column}), y = terms.leaf(1, {row, column});
    zero = terms.constant(0), one = terms.constant(1);
  }
  const Term *lt(const Term *a, const Term *b) { return terms.compare(Predicate::lt, a, b, true); }
  const Term *le(const Term *a, const Term *b) { return terms.compare(Predicate::le, a, b, true); }
  const Term *gt(const Term *a, const Term *b) { return terms.compare(Predicate::gt, a, b, true); }
  const Term *real(Predicate p, const Term *a, const Term *b) { return terms.compare(p, a, b, false); }
  const Term *both(const Term *p, const Term *q) { return terms.logical(true, {p, q}); }
  const Term *either(const Term *p, const Term *q) { return terms.logical(false, {p, q}); }

  Terms terms;
  IndexSum row, column;
  const Term *i, *j, *x, *y, *zero, *one;
};

TEST_P(Predicates, Integers) {
  EXPECT_EQ(le(j, i), lt(j, terms.plus(i, one)));
  EXPECT_EQ(le(j, i), terms.negate(lt(i, j)));
  EXPECT_EQ(le(j, i), gt(terms.plus(i, one), j));
  EXPECT_EQ(le(j, i), terms.compare(Predicate::ge, terms.minus(i, j), zero, true));
  EXPECT_NE(le(j, i), lt(j, i));
  EXPECT_NE(le(j, i), le(i, j));
  EXPECT_NE(real(Predicate::le, j, i), real(Predicate::lt, j, terms.plus(i, one))); // of reals that is another thing
  EXPECT_EQ(terms.compare(Predicate::eq, i, j, true), terms.compare(Predicate::eq, j, i, true));
  EXPECT_EQ(terms.negate(terms.compare(Predicate::eq, i, j, true)), terms.compare(Predicate::ne, j, i, true));
}

TEST_P(Predicates, Reals) {
  EXPECT_EQ(real(Predicate::lt, x, y), real(Predicate::gt, y, x));
  EXPECT_EQ(real(Predicate::lt, x, y), terms.negate(real(Predicate::le, y, x)));
  EXPECT_EQ(real(Predicate::lt, terms.scale(2, x), terms.scale(2, y)), real(Predicate::lt, x, y));
  EXPECT_NE(real(Predicate::lt, x, y), real(Predicate::le, x, y));
  EXPECT_EQ(real(Predicate::eq, x, y), real(Predicate::eq, terms.scale(-3, y), terms.scale(-3, x)));
}

TEST_P(Predicates, Logic) {
  const Term *p = lt(i, j), *q = real(Predicate::lt, x, zero);
  EXPECT_EQ(terms.negate(terms.negate(both(p, q))), both(q, p));
  EXPECT_EQ(terms.negate(both(p, q)), either(terms.negate(p), terms.negate(q)));
  EXPECT_TRUE(both(p, terms.negate(p))->isNumber(0));
  EXPECT_TRUE(either(p, terms.negate(p))->isNumber(1));
  EXPECT_EQ(both(p, both(q, p)), both(p, q));
  EXPECT_NE(both(p, q), either(p, q));
}

TEST_P(Predicates, Indicators) {
  const Term *p = lt(i, j), *q = real(Predicate::lt, x, zero), *c = terms.indicator(p), *n = terms.indicator(terms.negate(p));
  EXPECT_EQ(terms.minus(one, c), n);
  EXPECT_EQ(terms.plus(c, n), one);
  EXPECT_EQ(terms.scale(-1e9, terms.minus(one, c)), terms.scale(-1e9, n));
  EXPECT_EQ(terms.plus(terms.scale(1e9, c), terms.constant(-1e9)), terms.scale(-1e9, n));
  EXPECT_EQ(terms.times(c, c), c);
  EXPECT_EQ(terms.times(c, terms.indicator(q)), terms.indicator(both(p, q)));
  EXPECT_TRUE(terms.times(c, n)->isNumber(0));
  EXPECT_EQ(real(Predicate::gt, c, terms.constant(0.5)), p);
  EXPECT_EQ(real(Predicate::eq, c, zero), terms.negate(p));
  EXPECT_EQ(terms.plus(terms.times(c, x), terms.times(c, y)), terms.times(c, terms.plus(x, y)));
  EXPECT_EQ(terms.add({{c, 2}}, 5), terms.add({{n, -2}}, 7));
}

TEST_P(Predicates, Choices) {
  const Term *p = lt(i, j), *q = real(Predicate::lt, x, y), *low = terms.constant(-3e38);
  EXPECT_EQ(terms.select(p, x, low), terms.select(terms.negate(p), low, x));
  EXPECT_NE(terms.select(p, x, low), terms.select(p, low, x));
  EXPECT_EQ(terms.select(p, x, zero), terms.times(terms.indicator(p), x));
  EXPECT_EQ(terms.select(p, zero, low), terms.scale(-3e38, terms.indicator(terms.negate(p))));
  EXPECT_EQ(terms.select(p, terms.select(q, x, low), low), terms.select(both(q, p), x, low));
  EXPECT_EQ(terms.select(p, x, terms.select(q, x, low)), terms.select(either(p, q), x, low));
  EXPECT_EQ(terms.select(p, one, zero), terms.indicator(p));
}

TEST_P(Predicates, Positions) {
  Dim eight(8);
  const Term *k = terms.index(terms.axis(2, eight));
  EXPECT_TRUE(lt(k, terms.constant(8))->isNumber(1));
  EXPECT_TRUE(lt(k, zero)->isNumber(0));
  EXPECT_TRUE(le(zero, i)->isNumber(1));
  EXPECT_FALSE(lt(k, terms.constant(7))->is(Term::Kind::Const));
  // Under another name: a position that is moved is the position of where it moves to.
  Substitution map;
  map[row.terms.begin()->first.position] = column;
  EXPECT_EQ(terms.substitute(lt(i, terms.constant(3)), map), lt(j, terms.constant(3)));
  EXPECT_TRUE(terms.substitute(lt(i, j), map)->isNumber(0));
}

TEST_P(Predicates, Sizes) {
  Dim t = Dim::symbol("T"), b = Dim::symbol("B");
  EXPECT_EQ(terms.size(b * t + t), terms.plus(terms.times(terms.size(t), terms.size(b)), terms.size(t)));
  EXPECT_EQ(terms.divide(terms.size(b * t), terms.size(t)), terms.size(b));
}

INSTANTIATE_TEST_SUITE_P(Seeds, Predicates, testing::Range(0, 12));

} // namespace

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Index maps: what is simplified still reads the same places, chains of reshapes become what they are, and linear
// maps give their coefficients.
#include "ir/sinter/IndexMap.h"

#include "mlir/IR/MLIRContext.h"

#include <gtest/gtest.h>

#include <random>

using namespace mlir;
using namespace sinter;
using namespace sinter::ir;

namespace {

class IndexMap : public ::testing::Test {
protected:
  IndexMap() { context.loadDialect<SinterDialect>(); }

  AffineExpr d(unsigned i) { return getAffineDimExpr(i, &context); }
  AffineExpr s(unsigned i) { return getAffineSymbolExpr(i, &context); }
  DimAttr dim(std::string_view text) { return DimAttr::get(&context, *Dim::parse(text)); }
  IndexMapAttr map(unsigned dims, ArrayRef<AffineExpr> results, ArrayRef<DimAttr> symbols = {}) {
    return IndexMapAttr::get(&context, AffineMap::get(dims, symbols.size(), results, &context), symbols);
  }
  static std::string text(Attribute attr) {
    std::string out;
    llvm::raw_string_ostream(out) << attr;
    return out;
  }
  using Sizes = std::map<std::string, int64_t, std::less<>>;
  static int64_t value(const Dim &dim, const Sizes &sizes) {
    return *dim.evaluate([&](std::string_view name) { return std::optional(sizes.at(std::string(name))); });
  }
  static SmallVector<int64_t> evaluate(IndexMapAttr map, ArrayRef<int64_t> index, const Sizes &sizes) {
    SmallVector<AffineExpr> dims, symbols;
    for (int64_t i : index)
      dims.push_back(getAffineConstantExpr(i, map.getContext()));
    for (DimAttr symbol : map.getSymbols())
      symbols.push_back(getAffineConstantExpr(value(symbol.getDim(), sizes), map.getContext()));
    SmallVector<int64_t> result;
    for (AffineExpr expr : map.getMap().getResults())
      result.push_back(cast<AffineConstantExpr>(expr.replaceDimsAndSymbols(dims, symbols)).getValue());
    return result;
  }
  /// Row-major reshape from `from` (what the result looks like) to `to` (the source).
  IndexMapAttr reshape(ArrayRef<Dim> from, ArrayRef<Dim> to) {
    SmallVector<DimAttr> symbols;
    auto number = [&](const Dim &size) {
      if (auto constant = size.constant())
        return getAffineConstantExpr(*constant, &context);
      symbols.push_back(DimAttr::get(&context, size));
      return s(symbols.size() - 1);
    };
    AffineExpr flat = getAffineConstantExpr(0, &context);
    for (auto [i, stride] : llvm::enumerate(rowMajorStrides(from)))
      flat = flat + d(i) * number(stride);
    SmallVector<AffineExpr> results;
    SmallVector<Dim> strides = rowMajorStrides(to);
    for (size_t i = 0; i < to.size(); ++i) {
      AffineExpr quotient = flat.floorDiv(number(strides[i]));
      results.push_back(i == 0 ? quotient : quotient % number(to[i]));
    }
    return map(from.size(), results, symbols);
  }

  MLIRContext context;
};

TEST_F(IndexMap, ReshapesThereAndBackIsTheIdentity) {
  Dim b = Dim::symbol("B"), t = Dim::symbol("T");
  const std::vector<std::vector<Dim>> shapes[] = {
      {{b, t, Dim(12), Dim(64)}, {b * t, Dim(768)}},          {{b, t, Dim(768)}, {b, t * Dim(768)}},
      {{b, t * Dim(12), Dim(64)}, {b * t, Dim(12), Dim(64)}}, {{Dim(2), Dim(3), Dim(4), Dim(5)}, {Dim(24), Dim(5)}},
      {{Dim(6), Dim(20)}, {Dim(2), Dim(3), Dim(4), Dim(5)}},
  };
  for (const auto &pair : shapes) {
    SmallVector<Dim> from(pair[0].begin(), pair[0].end()), to(pair[1].begin(), pair[1].end());
    IndexMapAttr there = simplify(reshape(from, to), from), back = simplify(reshape(to, from), to);
    EXPECT_TRUE(simplify(compose(there, back), from).isIdentity()) << text(compose(there, back));
    EXPECT_TRUE(simplify(compose(back, there), to).isIdentity()) << text(compose(back, there));
  }
}

TEST_F(IndexMap, KnowsLinearAndPermutation) {
  IndexMapAttr heads = map(4, {d(0), d(2), d(1) * 64 + d(3)});
  EXPECT_TRUE(heads.isLinear());
  EXPECT_FALSE(isPermutation(heads));
  EXPECT_TRUE(isPermutation(map(2, {d(1), d(0)})));
  EXPECT_FALSE(map(1, {d(0) % 3}).isLinear());
  EXPECT_FALSE(linearCoefficients(map(1, {d(0).floorDiv(2)})));
  std::optional<LinearMap> linear =
      linearCoefficients(map(2, {d(1) * s(0) + s(1), d(0) * -2}, {dim("T"), dim("T - 1")}));
  ASSERT_TRUE(linear);
  EXPECT_EQ(linear->coefficients[0], (SmallVector<Dim>{Dim(0), *Dim::parse("T")}));
  EXPECT_EQ(linear->coefficients[1], (SmallVector<Dim>{Dim(-2), Dim(0)}));
  EXPECT_EQ(linear->offsets[0], *Dim::parse("T - 1"));
  std::optional<LinearAddress> address = linearAddress(heads, {Dim::symbol("B"), Dim::symbol("T"), Dim(768)});
  ASSERT_TRUE(address);
  EXPECT_EQ(address->factors, (SmallVector<Dim>{*Dim::parse("768*T"), Dim(64), Dim(768), Dim(1)}));
}

TEST_F(IndexMap, EqualMapsHaveOneForm) {
  SmallVector<Dim> domain = {Dim::symbol("B"), Dim::symbol("T")};
  IndexMapAttr a = map(2, {d(0) * s(1) + d(1) * s(0)}, {dim("T"), dim("2*B")});
  IndexMapAttr b = map(2, {d(1) * s(2) + d(0) * s(0) + d(0) * s(1)}, {dim("B"), dim("B"), dim("T")});
  EXPECT_EQ(simplify(a, domain), simplify(b, domain));
  EXPECT_NE(simplify(a, domain), simplify(map(2, {d(0)}), domain));
}

TEST_F(IndexMap, OverflowLeavesTheMapAlone) {
  IndexMapAttr huge = map(1, {(d(0) * s(0)).floorDiv(s(1))}, {dim("4611686018427387904*T"), dim("4*T")});
  EXPECT_EQ(simplify(compose(huge, map(1, {d(0) * s(0)}, {dim("8*T")})), {Dim(3)}).getMap().getNumResults(), 1u);
}

// Random expressions over random domains: simplified maps read the same places.
TEST_F(IndexMap, SimplifyingKeepsTheMeaning) {
  std::mt19937 random(11);
  auto pick = [&](int n) { return static_cast<int>(random() % n); };
  const char *names[] = {"A", "B", "C"};
  int simpler = 0;
  for (int round = 0; round < 3000; ++round) {
    Sizes sizes;
    SmallVector<Dim> domain;
    SmallVector<DimAttr> symbols;
    SmallVector<int64_t> extents;
    for (const char *name : names) {
      sizes[name] = 1 + pick(4);
      domain.push_back(pick(2) ? Dim::symbol(name) : Dim(sizes[name]));
      symbols.push_back(DimAttr::get(&context, Dim::symbol(name)));
      extents.push_back(sizes[name]);
    }
    symbols.push_back(dim("2*B"));
    std::function<AffineExpr(int)> make = [&](int depth) -> AffineExpr {
      if (depth == 0)
        return pick(4) ? d(pick(3)) : getAffineConstantExpr(pick(5), &context);
      AffineExpr x = make(depth - 1);
      AffineExpr factor = pick(2) ? s(pick(4)) : getAffineConstantExpr(1 + pick(6), &context);
      switch (pick(5)) {
      case 0:
        return x + make(depth - 1);
      case 1:
        return x * factor + make(depth - 1);
      case 2:
        return x * factor;
      case 3:
        return x.floorDiv(factor);
      default:
        return x % factor;
      }
    };
    IndexMapAttr before = map(3, {make(1 + pick(4))}, symbols), after = simplify(before, domain);
    simpler += text(after).size() < text(before).size();
    for (int64_t i = 0; i < extents[0]; ++i)
      for (int64_t j = 0; j < extents[1]; ++j)
        for (int64_t k = 0; k < extents[2]; ++k)
          ASSERT_EQ(evaluate(before, {i, j, k}, sizes), evaluate(after, {i, j, k}, sizes))
              << text(before) << " became " << text(after) << " at " << i << " " << j << " " << k;
    ASSERT_EQ(simplify(after, domain), after) << text(before) << " became " << text(after);
  }
  EXPECT_GT(simpler, 1000);
}

} // namespace

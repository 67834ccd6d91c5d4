// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The spellings. Each `switch (choose(n))` is a place where authors differ.
#include "Speller.h"

#include <cmath>
#include <numbers>

using namespace mlir;
using namespace sinter;
using namespace sinter::ir;
using sinter::test::Speller;

static constexpr double eps = 1e-3;

int Speller::choose(int count) {
  int picked = std::uniform_int_distribution<int>(0, count - 1)(random);
  log += static_cast<char>('a' + picked);
  return picked;
}

//===-- Ops --===//

Value Speller::number(double value) {
  auto type = ir::TensorType::get(builder.getContext(), ArrayRef<Dim>(), builder.getF32Type());
  return ConstantOp::create(builder, loc(), type, builder.getDenseF64ArrayAttr({value}));
}

Value Speller::view(Value value, ArrayRef<Dim> dims, ArrayRef<AffineExpr> map, ArrayRef<Dim> symbols) {
  MLIRContext *context = builder.getContext();
  auto attr = IndexMapAttr::get(context, AffineMap::get(dims.size(), symbols.size(), map, context), toAttrs(context, symbols));
  return ViewOp::create(builder, loc(), ir::TensorType::get(context, dims, typeOf(value).getElementType()), value, attr);
}

Value Speller::spread(Value value, ArrayRef<Dim> dims) {
  SmallVector<Dim> own = typeOf(value).getShapeDims();
  if (ArrayRef<Dim>(own) == dims)
    return value;
  SmallVector<AffineExpr> map;
  for (auto [axis, size] : llvm::enumerate(own))
    map.push_back(size.isConstant(1) ? builder.getAffineConstantExpr(0)
                                     : builder.getAffineDimExpr(dims.size() - own.size() + axis));
  return view(value, dims, map);
}

//===-- Parts --===//

Value Speller::divided(Value a, Value b) {
  switch (choose(5)) {
  case 0:
    return div(a, b);
  case 1:
    return mul(a, div(number(1), b));
  case 2:
    return mul(a, pow(b, -1));
  case 3:
    return div(neg(a), neg(b));
  default:
    return mul(div(number(2), b), mul(a, number(0.5)));
  }
}

Value Speller::subtracted(Value a, Value b) {
  switch (choose(4)) {
  case 0:
    return sub(a, b);
  case 1:
    return add(a, neg(b));
  case 2:
    return neg(sub(b, a));
  default:
    return add(a, mul(number(-1), b));
  }
}

/// The sum of the last axis, which stays as a 1.
Value Speller::total(Value x) {
  SmallVector<Dim> dims = typeOf(x).getShapeDims(), row = dims;
  row.back() = Dim(1);
  unsigned rank = dims.size();
  auto d = [&](unsigned i) { return builder.getAffineDimExpr(i); };
  int how = choose(5);
  switch (how == 3 && !dims.back().constant() ? 0 : how) {
  case 0:
    return reduce<SumOp>(x, static_cast<int64_t>(rank) - 1);
  case 1:
  case 2: { // a contraction with ones
    std::string letters = std::string("abcde").substr(0, rank);
    auto ones = ConstantOp::create(builder, loc(), ir::TensorType::get(builder.getContext(), dims.back(), builder.getF32Type()),
                                   builder.getDenseF64ArrayAttr({1}));
    bool onesFirst = choose(2);
    std::string labels = onesFirst ? letters.back() + ("," + letters) : letters + "," + letters.back();
    auto type = ir::TensorType::get(builder.getContext(), ArrayRef<Dim>(dims).drop_back(), builder.getF32Type());
    Value lhs = onesFirst ? Value(ones) : x, rhs = onesFirst ? x : Value(ones);
    Value sum = ContractOp::create(builder, loc(), type, lhs, rhs, labels + "->" + letters.substr(0, rank - 1));
    SmallVector<AffineExpr> map;
    for (unsigned i = 0; i + 1 < rank; ++i)
      map.push_back(d(i));
    return view(sum, row, map);
  }
  case 3: { // two axes at once
    SmallVector<Dim> split(dims);
    split.back() = Dim(2);
    split.push_back(Dim(rowSize(x) / 2));
    SmallVector<AffineExpr> map;
    for (unsigned i = 0; i + 1 < rank; ++i)
      map.push_back(d(i));
    SmallVector<AffineExpr> back(map);
    map.push_back(d(rank - 1) * (rowSize(x) / 2) + d(rank));
    back.append(2, builder.getAffineConstantExpr(0));
    int64_t last = rank;
    return view(reduce<SumOp>(view(x, split, map), {last - 1, last}), row, back);
  }
  default: { // the first two axes exchanged, and back
    std::swap(dims[0], dims.back());
    SmallVector<AffineExpr> map;
    for (unsigned i = 0; i < rank; ++i)
      map.push_back(d(i));
    std::swap(map[0], map.back());
    Value sum = reduce<SumOp>(view(x, dims, map), 0);
    return view(sum, row, map);
  }
  }
}

Value Speller::mean(Value x) {
  double n = static_cast<double>(rowSize(x));
  switch (choose(4)) {
  case 0:
    return div(total(x), number(n));
  case 1:
    return mul(total(x), number(1 / n));
  case 2:
    return total(div(x, number(n)));
  default:
    return total(mul(number(1 / n), x));
  }
}

Value Speller::squared(Value x) {
  switch (choose(4)) {
  case 0:
    return mul(x, x);
  case 1:
    return pow(x, 2);
  case 2:
    return pow(neg(x), 2);
  default:
    return pow(unary<AbsOp>(x), 2);
  }
}

Value Speller::inverseRoot(Value v) {
  switch (choose(6)) {
  case 0:
    return div(number(1), sqrt(v));
  case 1:
    return pow(v, -0.5);
  case 2:
    return sqrt(div(number(1), v));
  case 3:
    return exp(mul(number(-0.5), lnOf(v)));
  case 4:
    return div(number(1), pow(v, 0.5));
  default:
    return div(sqrt(v), v);
  }
}

/// Views about a function of rows.
Value Speller::around(Value x, Function row) {
  SmallVector<Dim> dims = typeOf(x).getShapeDims();
  AffineExpr d0 = builder.getAffineDimExpr(0), d1 = builder.getAffineDimExpr(1), d2 = builder.getAffineDimExpr(2),
             d3 = builder.getAffineDimExpr(3), zero = builder.getAffineConstantExpr(0);
  switch (choose(4)) {
  case 0:
    return row(x);
  case 1: { // rows of [B * T, N]
    AffineExpr t = getAffineSymbolExpr(0, builder.getContext());
    Value merged = view(x, {dims[0] * dims[1], dims[2]}, {d0.floorDiv(t), d0 % t, d1}, dims[1]);
    return view(row(merged), dims, {d0 * t + d1, d2}, dims[1]);
  }
  case 2: { // an axis of 1 more
    Value more = view(x, {dims[0], Dim(1), dims[1], dims[2]}, {d0, d2, d3});
    return view(row(more), dims, {d0, zero, d1, d2});
  }
  default: { // the first axes exchanged
    Value moved = view(x, {dims[1], dims[0], dims[2]}, {d1, d0, d2});
    return view(row(moved), dims, {d1, d0, d2});
  }
  }
}

//===-- Formulas --===//

Value Speller::softmax(Value x) {
  Value shift;
  unsigned last = typeOf(x).rank() - 1;
  switch (choose(5)) {
  case 0:
    shift = reduce<MaxOp>(x, last);
    break;
  case 1:
    break;
  case 2:
    shift = number(3);
    break;
  case 3:
    shift = mean(x);
    break;
  default: { // the first of the row
    SmallVector<Dim> dims = typeOf(x).getShapeDims();
    dims.back() = Dim(1);
    SmallVector<AffineExpr> map;
    for (unsigned i = 0; i < last; ++i)
      map.push_back(builder.getAffineDimExpr(i));
    map.push_back(builder.getAffineConstantExpr(0));
    shift = view(x, dims, map);
  }
  }
  Value a = x, e;
  if (!shift) {
    e = exp(x);
  } else {
    a = subtracted(x, shift);
    switch (choose(3)) {
    case 0:
      e = exp(a);
      break;
    case 1:
      e = div(exp(x), exp(shift));
      break;
    default:
      e = mul(exp(x), exp(neg(shift)));
    }
  }
  Value sum = total(e);
  switch (choose(4)) {
  case 0:
    return exp(subtracted(a, lnOf(sum)));
  case 1:
    return exp(sub(lnOf(e), lnOf(sum)));
  default:
    return divided(e, sum);
  }
}

Value Speller::layerNorm(Value x, Value w, Value b) {
  double n = static_cast<double>(rowSize(x));
  Value m = mean(x), c = subtracted(x, m), v;
  switch (choose(5)) {
  case 0:
    v = mean(squared(c));
    break;
  case 1:
    v = subtracted(mean(squared(x)), squared(m));
    break;
  case 2:
    v = div(sub(total(squared(x)), mul(total(x), m)), number(n));
    break;
  case 3:
    v = mean(mul(c, x));
    break;
  default:
    v = div(pow(sqrt(total(squared(c))), 2), number(n));
  }
  Value below = choose(2) ? add(v, number(eps)) : div(add(mul(v, number(n)), number(eps * n)), number(n));
  Value r = inverseRoot(below);
  switch (choose(6)) {
  case 0:
    return add(mul(mul(c, r), w), b);
  case 1:
    return add(mul(c, mul(r, w)), b);
  case 2:
    return add(mul(sub(mul(x, r), mul(m, r)), w), b);
  case 3:
    return add(mul(x, mul(r, w)), sub(b, mul(m, mul(r, w))));
  case 4:
    return add(mul(divided(c, div(number(1), r)), w), b);
  default:
    return add(sub(mul(mul(w, x), r), mul(mul(w, m), r)), b);
  }
}

Value Speller::rmsNorm(Value x, Value w) {
  double n = static_cast<double>(rowSize(x));
  Value r;
  switch (choose(4)) {
  case 0:
    r = inverseRoot(add(mean(squared(x)), number(eps)));
    break;
  case 1:
    r = mul(inverseRoot(add(total(squared(x)), number(n * eps))), number(std::sqrt(n)));
    break;
  case 2:
    r = inverseRoot(div(add(total(squared(x)), number(n * eps)), number(n)));
    break;
  default:
    r = inverseRoot(add(total(squared(div(x, number(std::sqrt(n))))), number(eps)));
  }
  switch (choose(5)) {
  case 0:
    return mul(mul(x, r), w);
  case 1:
    return mul(x, mul(r, w));
  case 2:
    return mul(mul(x, w), r);
  case 3:
    return mul(divided(x, div(number(1), r)), w);
  default:
    return divided(mul(x, w), div(number(1), r));
  }
}

Value Speller::erf(Value x) {
  Value a;
  switch (choose(5)) {
  case 0:
    a = div(x, number(std::numbers::sqrt2));
    break;
  case 1:
    a = mul(x, number(1 / std::numbers::sqrt2));
    break;
  case 2:
    a = mul(number(std::sqrt(0.5)), x);
    break;
  case 3:
    a = div(x, sqrt(number(2)));
    break;
  default:
    return neg(unary<ErfOp>(mul(x, number(-std::sqrt(0.5)))));
  }
  return unary<ErfOp>(a);
}

/// x * (1 + t) / 2.
Value Speller::gelu(Value x) {
  bool byTanh = log.starts_with("T");
  Value t;
  if (!byTanh) {
    t = erf(x);
  } else {
    Value cube = choose(2) ? pow(x, 3) : mul(mul(x, x), x);
    Value inner = choose(2) ? add(x, mul(number(0.044715), cube))
                            : mul(x, add(number(1), mul(number(0.044715), squared(x))));
    double c = std::sqrt(2 / std::numbers::pi);
    Value a = choose(2) ? mul(number(c), inner) : mul(inner, sqrt(number(2 / std::numbers::pi)));
    if (choose(3) == 0) // by a sigmoid
      return mul(x, sigmoid(mul(number(2), a)));
    t = choose(2) ? unary<TanhOp>(a) : neg(unary<TanhOp>(neg(a)));
  }
  switch (choose(6)) {
  case 0:
    return mul(mul(number(0.5), x), add(number(1), t));
  case 1:
    return mul(number(0.5), mul(x, add(number(1), t)));
  case 2:
    return mul(x, add(number(0.5), mul(number(0.5), t)));
  case 3:
    return divided(mul(x, add(t, number(1))), number(2));
  case 4:
    return add(mul(number(0.5), x), mul(mul(x, t), number(0.5)));
  default:
    return mul(x, subtracted(number(0.5), mul(number(-0.5), t)));
  }
}

Value Speller::sigmoid(Value x) {
  switch (choose(5)) {
  case 0:
    return divided(number(1), add(number(1), exp(neg(x))));
  case 1:
    return divided(exp(x), add(exp(x), number(1)));
  case 2:
    return pow(add(number(1), exp(mul(number(-1), x))), -1);
  case 3:
    return mul(number(0.5), add(number(1), unary<TanhOp>(div(x, number(2)))));
  default:
    return div(number(1), add(div(number(1), exp(x)), number(1)));
  }
}

Value Speller::silu(Value x) {
  switch (choose(4)) {
  case 0:
    return divided(x, add(number(1), exp(neg(x))));
  case 1: // of twice its half
    return mul(number(2), mul(mul(x, number(0.5)), sigmoid(x)));
  case 2:
    return subtracted(x, mul(x, sigmoid(neg(x))));
  default:
    return choose(2) ? mul(x, sigmoid(x)) : divided(mul(x, exp(x)), add(number(1), exp(x)));
  }
}

Value Speller::l2Normalize(Value x) {
  Value squares = total(squared(x));
  switch (choose(7)) {
  case 0:
    return divided(x, binary<MaximumOp>(sqrt(squares), number(eps)));
  case 1:
    return divided(x, binary<MaximumOp>(number(eps), pow(squares, 0.5)));
  case 2:
    return divided(x, sqrt(binary<MaximumOp>(squares, number(eps * eps))));
  case 3:
    return mul(x, inverseRoot(binary<MaximumOp>(number(eps * eps), squares)));
  case 4:
    return mul(x, binary<MinimumOp>(inverseRoot(squares), number(1 / eps)));
  case 5: { // in twice the length
    Value length = mul(number(2), sqrt(squares));
    return divided(mul(x, number(2)), binary<MaximumOp>(length, number(2 * eps)));
  }
  default: {
    Value length = sqrt(squares), least = spread(number(eps), typeOf(length).getShapeDims());
    Value isLong = CompareOp::create(builder, loc(), choose(2) ? Predicate::gt : Predicate::ge, length, least);
    return divided(x, SelectOp::create(builder, loc(), length.getType(), isLong, length, least));
  }
  }
}

Value Speller::logSumExp(Value x) {
  switch (choose(4)) {
  case 0:
    return lnOf(total(exp(x)));
  case 1: {
    Value largest = reduce<MaxOp>(x, static_cast<int64_t>(typeOf(x).rank()) - 1);
    return add(largest, lnOf(total(exp(subtracted(x, largest)))));
  }
  case 2: {
    Value shift = mean(x);
    return subtracted(lnOf(total(exp(subtracted(x, shift)))), neg(shift));
  }
  default:
    return neg(lnOf(divided(number(1), total(exp(x)))));
  }
}

Value Speller::logSoftmax(Value x) {
  switch (choose(4)) {
  case 0:
    return lnOf(softmax(x));
  case 1:
    return neg(subtracted(logSumExp(x), x));
  case 2:
    return neg(lnOf(divided(number(1), softmax(x))));
  default:
    return subtracted(x, logSumExp(x));
  }
}

/// The rows' losses, [B, T].
Value Speller::crossEntropy(Value x, Value labels) {
  auto pick = [&](Value from) { return PickOp::create(builder, loc(), from, labels).getResult(); };
  SmallVector<Dim> rows = typeOf(labels).getShapeDims();
  AffineExpr d0 = builder.getAffineDimExpr(0), d1 = builder.getAffineDimExpr(1), zero = builder.getAffineConstantExpr(0);
  switch (choose(5)) {
  case 0:
    return neg(pick(logSoftmax(x)));
  case 1:
    return pick(neg(logSoftmax(x)));
  case 2:
    return subtracted(view(logSumExp(x), rows, {d0, d1, zero}), pick(x));
  case 3:
    return neg(lnOf(pick(softmax(x))));
  default: // of a shifted row
    return pick(subtracted(add(logSumExp(x), number(1)), add(x, number(1))));
  }
}

OwningOpRef<ModuleOp> Speller::spell(Formula formula) {
  Dim b = Dim::symbol("B"), t = Dim::symbol("T");
  MLIRContext *context = builder.getContext();
  auto vector = ir::TensorType::get(context, Dim(6), builder.getF32Type());
  Type inputs[] = {ir::TensorType::get(context, {b, t, Dim(6)}, builder.getF32Type()), vector, vector,
                   ir::TensorType::get(context, {b, t}, builder.getI32Type())};
  Type result = formula == Formula::CrossEntropy ? ir::TensorType::get(context, {b, t}, builder.getF32Type()) : inputs[0];
  OwningOpRef<ModuleOp> module = ModuleOp::create(loc());
  builder.setInsertionPointToEnd(module->getBody());
  auto function = func::FuncOp::create(builder, loc(), "main", builder.getFunctionType(inputs, result));
  Block *body = function.addEntryBlock();
  builder.setInsertionPointToEnd(body);
  Value w = body->getArgument(1), bias = body->getArgument(2);
  log = formula == Formula::GeluTanh ? "T" : "";
  auto formulaOf = [&](Value x) {
    switch (formula) {
    case Formula::Softmax:
      return softmax(x);
    case Formula::LayerNorm:
      return layerNorm(x, w, bias);
    case Formula::RmsNorm:
      return rmsNorm(x, w);
    case Formula::Silu:
      return silu(x);
    case Formula::LogSoftmax:
      return logSoftmax(x);
    case Formula::L2Normalize:
      return l2Normalize(x);
    case Formula::CrossEntropy:
      return crossEntropy(x, body->getArgument(3));
    default:
      return gelu(x);
    }
  };
  Value x = body->getArgument(0);
  func::ReturnOp::create(builder, loc(), formula == Formula::CrossEntropy ? formulaOf(x) : around(x, formulaOf));
  return module;
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Spellings of attention: how heads are laid out, where the scale goes, how keys are hidden, when the sum divides.
#include "Speller.h"

#include <cmath>

using namespace mlir;
using namespace sinter;
using namespace sinter::ir;
using sinter::test::Speller;

static constexpr int64_t heads = 4, depth = 6, seenKeys = 3;
static constexpr double lowest = -3.4028234663852886e38;

Value Speller::contract(Value a, Value b, StringRef labels) {
  StringRef left = labels.take_until([](char c) { return c == ','; }),
            right = labels.substr(left.size() + 1, typeOf(b).rank());
  SmallVector<Dim> dims;
  for (char label : labels.split("->").second)
    dims.push_back(left.contains(label) ? typeOf(a).getDim(left.find(label)) : typeOf(b).getDim(right.find(label)));
  auto type = ir::TensorType::get(builder.getContext(), dims, builder.getF32Type());
  return ContractOp::create(builder, loc(), type, a, b, builder.getStringAttr(labels));
}

Value Speller::iota(const Dim &size) {
  return IotaOp::create(builder, loc(), ir::TensorType::get(builder.getContext(), size, builder.getI32Type()));
}

/// f32[...] of one value, or i32.
static Value splat(OpBuilder &builder, Location loc, ArrayRef<Dim> dims, Type element, double value) {
  auto type = ir::TensorType::get(builder.getContext(), dims, element);
  return ConstantOp::create(builder, loc, type, builder.getDenseF64ArrayAttr({value}));
}

/// [B, L, n * depth] by heads: [B, n, L, depth].
Value Speller::byHeads(Value x, int64_t count) {
  SmallVector<Dim> dims = typeOf(x).getShapeDims();
  auto d = [&](unsigned i) { return builder.getAffineDimExpr(i); };
  if (choose(2))
    return view(x, {dims[0], Dim(count), dims[1], Dim(depth)}, {d(0), d(2), d(1) * depth + d(3)});
  Value split = view(x, {dims[0], dims[1], Dim(count), Dim(depth)}, {d(0), d(1), d(2) * depth + d(3)});
  return view(split, {dims[0], Dim(count), dims[1], Dim(depth)}, {d(0), d(2), d(1), d(3)});
}

/// Which keys a query sees, of shape [B, heads, T, S] or what spreads to it; null for all.
Value Speller::visible(Attention kind, Value mask, const Dim &queries, const Dim &keys) {
  MLIRContext *context = builder.getContext();
  auto bools = [&](ArrayRef<Dim> dims) { return ir::TensorType::get(context, dims, builder.getI1Type()); };
  auto d = [&](unsigned i) { return builder.getAffineDimExpr(i); };
  auto compare = [&](Predicate predicate, Value a, Value b) -> Value {
    return CompareOp::create(builder, loc(), bools(typeOf(a).getShapeDims()), predicate, a, b);
  };
  if (kind == Attention::Padded) {
    SmallVector<Dim> dims = typeOf(mask).getShapeDims();
    Value zero = splat(builder, loc(), dims, builder.getI32Type(), 0);
    Value seen = choose(2) ? compare(Predicate::ne, mask, zero) : compare(Predicate::gt, mask, zero);
    return view(seen, {dims[0], Dim(1), Dim(1), dims[1]}, {d(0), d(3)});
  }
  if (kind != Attention::Causal && kind != Attention::Window && kind != Attention::Dropped &&
      kind != Attention::Multiplied)
    return {};
  SmallVector<Dim> dims{queries, keys};
  Value i = view(iota(queries), dims, {d(0)}), j = view(iota(keys), dims, {d(1)});
  Value seen;
  switch (choose(3)) {
  case 0:
    seen = compare(Predicate::le, j, i);
    break;
  case 1:
    seen = compare(Predicate::ge, i, j);
    break;
  default:
    seen = NotOp::create(builder, loc(), bools(dims), compare(Predicate::gt, j, i));
  }
  if (kind == Attention::Window) {
    Value near = compare(Predicate::lt, SubOp::create(builder, loc(), i.getType(), i, j),
                         splat(builder, loc(), dims, builder.getI32Type(), seenKeys));
    seen = choose(2) ? AndOp::create(builder, loc(), bools(dims), seen, near)
                     : AndOp::create(builder, loc(), bools(dims), near, seen);
  }
  return view(seen, {Dim(1), Dim(1), queries, keys}, {d(2), d(3)});
}

/// The scores where `seen`, and something that hides elsewhere.
Value Speller::hidden(Value scores, Value seen) {
  MLIRContext *context = builder.getContext();
  SmallVector<Dim> dims = typeOf(scores).getShapeDims();
  auto bools = ir::TensorType::get(context, dims, builder.getI1Type());
  double low = choose(2) ? lowest : -1e30;
  auto all = [&](double value) { return splat(builder, loc(), dims, builder.getF32Type(), value); };
  switch (choose(5)) {
  case 0:
    return SelectOp::create(builder, loc(), scores.getType(), spread(seen, dims), scores, all(low));
  case 1:
    return SelectOp::create(builder, loc(), scores.getType(), NotOp::create(builder, loc(), bools, spread(seen, dims)),
                            all(low), scores);
  case 2: { // added where hidden
    SmallVector<Dim> own = typeOf(seen).getShapeDims();
    auto type = ir::TensorType::get(context, own, builder.getF32Type());
    Value one = CastOp::create(builder, loc(), type, seen);
    return add(scores, mul(subtracted(number(1), one), number(low)));
  }
  case 3: {
    Value bias = SelectOp::create(builder, loc(), scores.getType(), spread(seen, dims), all(0), all(low));
    return add(scores, bias);
  }
  default: { // by what is hidden
    SmallVector<Dim> own = typeOf(seen).getShapeDims();
    auto type = ir::TensorType::get(context, own, builder.getF32Type());
    Value no = NotOp::create(builder, loc(), seen.getType(), seen);
    return add(mul(CastOp::create(builder, loc(), type, no), number(low)), scores);
  }
  }
}

/// Weights (or exponentials) of [B, H, T, S] with values: [B, H, T, depth].
Value Speller::weighted(Value weights, Value v) {
  if (typeOf(weights).rank() == 5) // groups of queries
    return choose(2) ? contract(weights, v, "abgcd,abde->abgce") : contract(v, weights, "abde,abgcd->abgce");
  switch (choose(4)) {
  case 0:
    return contract(weights, v, "abcd,abde->abce");
  case 1:
    return contract(v, weights, "abde,abcd->abce");
  case 2: { // heads last, and back
    auto d = [&](unsigned i) { return builder.getAffineDimExpr(i); };
    Value mixed = contract(weights, v, "abcd,abde->acbe");
    SmallVector<Dim> dims = typeOf(mixed).getShapeDims();
    return view(mixed, {dims[0], dims[2], dims[1], dims[3]}, {d(0), d(2), d(1), d(3)});
  }
  default: { // columns first
    auto d = [&](unsigned i) { return builder.getAffineDimExpr(i); };
    Value mixed = contract(weights, v, "abcd,abde->eabc");
    SmallVector<Dim> dims = typeOf(mixed).getShapeDims();
    return view(mixed, {dims[1], dims[2], dims[3], dims[0]}, {d(3), d(0), d(1), d(2)});
  }
  }
}

Value Speller::attention(Attention kind, Value q, Value k, Value v, Value mask, Value slopes) {
  auto d = [&](unsigned i) { return builder.getAffineDimExpr(i); };
  bool isGrouped = kind == Attention::Grouped;
  q = byHeads(q, heads), k = byHeads(k, isGrouped ? heads / 2 : heads), v = byHeads(v, isGrouped ? heads / 2 : heads);
  Dim batch = typeOf(q).getDim(0), queries = typeOf(q).getDim(2), keys = typeOf(k).getDim(2);
  SmallVector<Dim> all{batch, Dim(heads), keys, Dim(depth)};
  int by = isGrouped ? choose(3) : 0;
  if (by == 2) { // queries in groups that read one head of keys
    q = view(q, {batch, Dim(heads / 2), Dim(2), queries, Dim(depth)}, {d(0), d(1) * 2 + d(2), d(3), d(4)});
  } else if (isGrouped) { // head n reads key head n / 2
    auto repeated = [&](Value x) {
      if (by)
        return view(x, all, {d(0), d(1).floorDiv(2), d(2), d(3)});
      Value more = view(x, {batch, Dim(heads / 2), Dim(2), keys, Dim(depth)}, {d(0), d(1), d(3), d(4)});
      return view(more, all, {d(0), d(1).floorDiv(2), d(1) % 2, d(2), d(3)});
    };
    k = repeated(k), v = repeated(v);
  }
  double scale = 1 / std::sqrt(static_cast<double>(depth));
  int place = choose(5);
  if (place == 0 || place == 2)
    q = place == 0 ? mul(q, number(scale)) : div(q, number(std::sqrt(std::sqrt(depth))));
  if (place == 1 || place == 2)
    k = place == 1 ? mul(number(scale), k) : div(k, number(std::sqrt(std::sqrt(depth))));
  Value s;
  switch (by == 2 ? 4 : choose(4)) {
  case 4:
    s = contract(q, k, "abgcd,abed->abgce");
    break;
  case 0:
    s = contract(q, k, "abcd,abed->abce");
    break;
  case 1:
    s = contract(k, q, "abed,abcd->abce");
    break;
  case 2: { // by the keys' transpose
    Value t = view(k, {batch, Dim(heads), Dim(depth), keys}, {d(0), d(1), d(3), d(2)});
    s = contract(q, t, "abcd,abde->abce");
    break;
  }
  default: { // transposed, and back
    Value t = contract(k, q, "abed,abcd->abec");
    s = view(t, {batch, Dim(heads), queries, keys}, {d(0), d(1), d(3), d(2)});
  }
  }
  if (place == 3)
    s = mul(s, number(scale));
  else if (place == 4)
    s = divided(s, number(std::sqrt(static_cast<double>(depth))));
  if (kind == Attention::Biased) {
    SmallVector<Dim> square{queries, keys};
    Value i = view(iota(queries), square, {d(0)}), j = view(iota(keys), square, {d(1)});
    auto reals = ir::TensorType::get(builder.getContext(), square, builder.getF32Type());
    Value distance = CastOp::create(builder, loc(), reals, SubOp::create(builder, loc(), i.getType(), j, i));
    s = add(s, mul(view(slopes, {Dim(heads), Dim(1), Dim(1)}, {d(0)}),
                   view(distance, {Dim(1), queries, keys}, {d(1), d(2)})));
  }
  Value seen = visible(kind, mask, queries, keys);
  bool isHidden = seen && kind != Attention::Dropped && kind != Attention::Multiplied;
  if (isHidden)
    s = hidden(s, seen);

  Value a = s, e;
  Value shift = choose(2) ? reduce<MaxOp>(s, typeOf(s).rank() - 1) : choose(2) && !isHidden ? number(0.5) : Value();
  if (shift)
    a = subtracted(s, shift);
  e = exp(a);
  SmallVector<Dim> dims = typeOf(s).getShapeDims();
  auto zero = [&] { return splat(builder, loc(), dims, builder.getF32Type(), 0); };
  if (kind == Attention::Multiplied) {
    auto type = ir::TensorType::get(builder.getContext(), typeOf(seen).getShapeDims(), builder.getF32Type());
    e = choose(2) ? mul(e, CastOp::create(builder, loc(), type, seen))
                  : Value(SelectOp::create(builder, loc(), e.getType(), spread(seen, dims), e, zero()));
  }
  Value sum = total(e);
  if (kind == Attention::Dropped) {
    Value kept = mul(divided(e, sum), number(1.25));
    return weighted(SelectOp::create(builder, loc(), e.getType(), spread(seen, dims), kept, zero()), v);
  }
  if (kind == Attention::Multiplied)
    return choose(2) ? divided(weighted(e, v), sum) : weighted(divided(e, sum), v);
  switch (choose(5)) {
  case 0:
    return weighted(exp(subtracted(a, lnOf(sum))), v);
  case 1:
    return divided(weighted(e, v), sum); // after the values
  case 2:
    return mul(weighted(e, v), div(number(1), sum));
  default:
    return weighted(divided(e, sum), v);
  }
}

OwningOpRef<ModuleOp> Speller::spell(Attention kind) {
  MLIRContext *context = builder.getContext();
  Dim b = Dim::symbol("B"), t = Dim::symbol("T"),
      s = kind == Attention::Cross || kind == Attention::Padded ? Dim::symbol("S") : t;
  auto real = [&](ArrayRef<Dim> dims) { return ir::TensorType::get(context, dims, builder.getF32Type()); };
  Dim width(heads * depth), keyWidth = kind == Attention::Grouped ? Dim(heads / 2 * depth) : width;
  Type inputs[] = {real({b, t, width}), real({b, s, keyWidth}), real({b, s, keyWidth}),
                   ir::TensorType::get(context, {b, s}, builder.getI32Type()), real({Dim(heads)})};
  OwningOpRef<ModuleOp> module = ModuleOp::create(loc());
  builder.setInsertionPointToEnd(module->getBody());
  Type result = real({b, Dim(heads), t, Dim(depth)});
  auto function = func::FuncOp::create(builder, loc(), "main", builder.getFunctionType(inputs, result));
  Block *body = function.addEntryBlock();
  builder.setInsertionPointToEnd(body);
  log = std::to_string(static_cast<int>(kind));
  Value mixed = attention(kind, body->getArgument(0), body->getArgument(1), body->getArgument(2), body->getArgument(3),
                          body->getArgument(4));
  auto d = [&](unsigned i) { return builder.getAffineDimExpr(i); };
  if (typeOf(mixed).rank() == 5)
    mixed = view(mixed, {b, Dim(heads), t, Dim(depth)}, {d(0), d(1).floorDiv(2), d(1) % 2, d(2), d(3)});
  func::ReturnOp::create(builder, loc(), mixed);
  return module;
}

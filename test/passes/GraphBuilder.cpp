// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See GraphBuilder.h.
#include "GraphBuilder.h"

#include <cmath>
#include <map>

using namespace mlir;
using namespace sinter;
using namespace sinter::ir;
using sinter::test::Dims;
using sinter::test::GraphBuilder;

GraphBuilder::GraphBuilder(MLIRContext &context, uint64_t seed) : builder(&context), random(seed) {
  f32 = builder.getF32Type();
  i32 = builder.getI32Type();
  i1 = builder.getI1Type();
}

int64_t GraphBuilder::elements(ArrayRef<Dim> dims) {
  return *productOf(dims).evaluate([](std::string_view name) { return name == "B" ? 2 : 3; });
}

// ---- facts ----

Value GraphBuilder::note(Value value, double size, bool exact) {
  // 1/64 and 2^12 are 18 bits apart: sums of such numbers stay exact, too.
  known[value] = {size, exact && (elementOf(value) != f32 || size <= 4096)};
  return value;
}

Value GraphBuilder::tamed(Value value) {
  if (elementOf(value) == f32 && facts(value).size > 12)
    return tanh(value);
  if (elementOf(value) == i32 && facts(value).size > 20000)
    return make<ModOp>({97, true}, value, constant(dimsOf(value), i32, 97));
  return value;
}

// ---- elementwise ----

Value GraphBuilder::constant(ArrayRef<Dim> dims, Type element, double value) {
  return make<ir::ConstantOp>({std::fabs(value), value * 64 == std::floor(value * 64)}, type(dims, element),
                              builder.getDenseF64ArrayAttr(value));
}

Value GraphBuilder::cast(Value value, Type element) {
  if (elementOf(value) == element)
    return value;
  Facts of = facts(value);
  if (elementOf(value) == f32 && !of.exact)
    return cast(compare(Predicate::lt, constant(dimsOf(value), f32, 0), constant(dimsOf(value), f32, 1)), element);
  return make<CastOp>({element == i1 ? 1 : of.size, true}, type(dimsOf(value), element), value);
}

Value GraphBuilder::tanh(Value value) { return make<TanhOp>({1, false}, value); }
Value GraphBuilder::exp(Value value, double size) { return make<ExpOp>({size, false}, value); }
Value GraphBuilder::log(Value value, double size) { return make<LogOp>({size, false}, value); }
Value GraphBuilder::sqrt(Value value) { return make<SqrtOp>({std::sqrt(facts(value).size), false}, value); }

Value GraphBuilder::unary(Value value) {
  Facts of = facts(value);
  if (elementOf(value) == i1)
    return make<NotOp>({1, true}, value);
  if (chance(15))
    return make<NegOp>(of, value);
  if (elementOf(value) == i32 || chance(10))
    return make<AbsOp>(of, value);
  if (of.exact && chance(25))
    return make<FloorOp>({of.size + 1, true}, value);
  auto magnitude = [&](double more) { return add(make<AbsOp>(of, value), constant(dimsOf(value), f32, more)); };
  switch (below(8)) {
  case 0:
    return tanh(value);
  case 1:
    return make<ErfOp>({1, false}, value);
  case 2:
    return exp(tanh(value), 3);
  case 3:
    return sqrt(magnitude(0.25));
  case 4:
    return log(magnitude(0.5), of.size);
  case 5:
    return make<SinOp>({1, false}, value);
  case 6:
    return make<CosOp>({1, false}, value);
  default:
    return make<ActivationOp>({of.size, false}, value.getType(), static_cast<ActivationKind>(below(3)), value);
  }
}

Value GraphBuilder::add(Value a, Value b) {
  Facts x = facts(a), y = facts(b);
  return make<AddOp>({x.size + y.size, x.exact && y.exact}, a, b);
}
Value GraphBuilder::sub(Value a, Value b) {
  Facts x = facts(a), y = facts(b);
  return make<SubOp>({x.size + y.size, x.exact && y.exact}, a, b);
}
Value GraphBuilder::mul(Value a, Value b) {
  return make<MulOp>({facts(a).size * facts(b).size, elementOf(a) != f32}, a, b);
}
Value GraphBuilder::div(Value a, Value b, double size) { return make<DivOp>({size, false}, a, b); }

Value GraphBuilder::compare(Predicate predicate, Value value, Value other) {
  if (!facts(value).exact || !facts(other).exact) { // rounding must not decide
    value = constant(dimsOf(value), f32, 0.25 * below(5));
    other = constant(dimsOf(value), f32, 0.5);
  }
  return make<CompareOp>({1, true}, predicate, value, other);
}

Value GraphBuilder::select(Value condition, Value value, Value other) {
  Facts x = facts(value), y = facts(other);
  return make<SelectOp>({std::max(x.size, y.size), x.exact && y.exact}, condition, value, other);
}

Value GraphBuilder::binary(Value value, Value other) {
  Facts x = facts(value), y = facts(other);
  Dims dims = dimsOf(value);
  if (elementOf(value) == i1)
    return chance(50) ? make<AndOp>({1, true}, value, other) : make<OrOp>({1, true}, value, other);
  bool whole = elementOf(value) == i32, exact = x.exact && y.exact;
  double larger = std::max(x.size, y.size);
  switch (below(8)) {
  case 0:
    return add(value, other);
  case 1:
    return sub(value, other);
  case 2:
    return make<MaximumOp>({larger, exact}, value, other);
  case 3:
    return make<MinimumOp>({larger, exact}, value, other);
  case 4:
    return compare(static_cast<Predicate>(below(6)), value, other);
  case 5: {
    if (whole)
      return make<FloorDivOp>({x.size + 1, true}, value,
                              constant(dims, i32, chance(70) ? 2 + below(3) : -2 - below(3)));
    return div(value, add(constant(dims, f32, 1), make<AbsOp>(y, other)), x.size);
  }
  case 6: {
    if (whole)
      return make<ModOp>({8, true}, value, constant(dims, i32, chance(70) ? 1 + below(7) : -1 - below(7)));
    Value base = add(make<AbsOp>(x, value), constant(dims, f32, 0.5));
    return make<PowOp>({x.size + 2, false}, base, tanh(other));
  }
  default:
    return whole ? mul(make<ModOp>({7, true}, value, constant(dims, i32, 7)), other) : mul(tanh(value), other);
  }
}

// ---- views ----

Value GraphBuilder::view(Value value, ArrayRef<Dim> dims, ArrayRef<AffineExpr> results, ArrayRef<Dim> symbols) {
  MLIRContext *context = builder.getContext();
  auto map = IndexMapAttr::get(context, AffineMap::get(dims.size(), symbols.size(), results, context),
                               toAttrs(context, symbols));
  return make<ViewOp>(facts(value), type(dims, elementOf(value)), value, map);
}

Value GraphBuilder::spreadTo(Value value, ArrayRef<Dim> dims) {
  Dims source = dimsOf(value);
  if (source.size() > dims.size())
    return {};
  SmallVector<AffineExpr> results;
  for (auto [axis, extent] : llvm::enumerate(source)) {
    unsigned target = axis + dims.size() - source.size();
    if (extent != dims[target] && !extent.isConstant(1))
      return {};
    results.push_back(extent.isConstant(1) ? builder.getAffineConstantExpr(0) : at(target));
  }
  return view(value, dims, results);
}

Value GraphBuilder::permuted(Value value) {
  Dims source = dimsOf(value), dims(source.size());
  auto order = llvm::to_vector(llvm::seq<unsigned>(0, source.size()));
  std::shuffle(order.begin(), order.end(), random);
  SmallVector<AffineExpr> results(source.size());
  for (auto [axis, place] : llvm::enumerate(order)) {
    dims[place] = source[axis];
    results[axis] = at(place);
  }
  return view(value, dims, results);
}

Value GraphBuilder::reshaped(Value value) {
  Dims source = dimsOf(value), dims;
  if (source.empty())
    return {};
  unsigned axis = below(source.size());
  auto extent = source[axis].constant();
  SmallVector<AffineExpr> results;
  if (extent && *extent % 2 == 0 && source.size() < 4) {
    for (unsigned i = 0; i < source.size(); ++i) {
      if (i == axis) {
        dims.push_back(Dim(*extent / 2));
        dims.push_back(Dim(2));
        results.push_back(at(i) * 2 + at(i + 1));
      } else {
        dims.push_back(source[i]);
        results.push_back(at(i + (i > axis)));
      }
    }
    return view(value, dims, results);
  }
  if (axis + 1 == source.size())
    return {};
  Dims symbols;
  AffineExpr inner;
  if (auto size = source[axis + 1].constant()) {
    inner = builder.getAffineConstantExpr(*size);
  } else {
    symbols.push_back(source[axis + 1]);
    inner = builder.getAffineSymbolExpr(0);
  }
  for (unsigned i = 0; i < source.size(); ++i) {
    AffineExpr index = at(i - (i > axis));
    results.push_back(i == axis ? index.floorDiv(inner) : i == axis + 1 ? index % inner : index);
    if (i == axis)
      dims.push_back(source[axis] * source[axis + 1]);
    else if (i != axis + 1)
      dims.push_back(source[i]);
  }
  return view(value, dims, results, symbols);
}

Value GraphBuilder::sliced(Value value) {
  Dims dims = dimsOf(value), symbols;
  if (dims.empty())
    return {};
  unsigned axis = below(dims.size());
  Dim last = dims[axis] - Dim(1);
  int64_t least = dims[axis].lowerBound().value_or(1);
  bool drop = chance(35);
  SmallVector<AffineExpr> results;
  for (unsigned i = 0; i < dims.size(); ++i)
    results.push_back(at(i - (drop && i > axis)));
  AffineExpr end;
  if (auto number = last.constant()) {
    end = builder.getAffineConstantExpr(*number);
  } else {
    end = builder.getAffineSymbolExpr(0);
    symbols.push_back(last);
  }
  if (drop) { // the last one
    results[axis] = end;
    dims.erase(dims.begin() + axis);
  } else if (least >= 3 && chance(50)) {
    results[axis] = at(axis) + 1;
    dims[axis] = dims[axis] - Dim(2);
    symbols.clear();
  } else if (std::optional<Dim> half = Dim::exactDiv(dims[axis], Dim(2)); half && chance(40)) {
    results[axis] = at(axis) * 2 + 1;
    dims[axis] = *half;
    symbols.clear();
  } else {
    results[axis] = end - at(axis);
  }
  return view(value, dims, results, symbols);
}

Value GraphBuilder::diagonal(Value value) {
  Dims dims = dimsOf(value);
  for (unsigned second = 1; second < dims.size(); ++second)
    for (unsigned first = 0; first < second; ++first)
      if (dims[first] == dims[second]) {
        SmallVector<AffineExpr> results;
        for (unsigned i = 0; i < dims.size(); ++i)
          results.push_back(i == second ? at(first) : at(i - (i > second)));
        dims.erase(dims.begin() + second);
        return view(value, dims, results);
      }
  return {};
}

Value GraphBuilder::widened(Value value) {
  Dims dims = dimsOf(value);
  const Dim extents[] = {Dim(1), Dim(2), Dim(3), Dim::symbol("T")};
  unsigned place = below(dims.size() + 1);
  SmallVector<AffineExpr> results;
  for (unsigned i = 0; i < dims.size(); ++i)
    results.push_back(at(i + (i >= place)));
  dims.insert(dims.begin() + place, extents[below(4)]);
  return dims.size() > 4 || elements(dims) > 300 ? Value() : view(value, dims, results);
}

// ---- along axes ----

SmallVector<int64_t> GraphBuilder::someAxes(unsigned rank) {
  SmallVector<int64_t> axes;
  for (unsigned axis = 0; axis < rank; ++axis)
    if (chance(axis + 1 == rank ? 70 : 30))
      axes.push_back(axis);
  if (axes.empty())
    axes.push_back(rank - 1);
  return axes;
}

Value GraphBuilder::sum(Value value, ArrayRef<int64_t> axes) {
  Facts of = facts(value);
  Dims summed, dims = dimsOf(value);
  for (int64_t axis : axes)
    summed.push_back(dims[axis]);
  return make<SumOp>({of.size * elements(summed), of.exact}, value, axes);
}
Value GraphBuilder::largest(Value value, ArrayRef<int64_t> axes) { return make<MaxOp>(facts(value), value, axes); }

Value GraphBuilder::reduction(Value value) {
  if (rankOf(value) == 0)
    return {};
  if (elementOf(value) == i1)
    value = cast(value, chance(50) ? f32 : i32);
  SmallVector<int64_t> axes = someAxes(rankOf(value));
  Facts of = facts(value);
  int kind = below(of.exact ? 4 : 3);
  if (kind == 3)
    return make<ArgMaxOp>({double(elements(dimsOf(value))), true}, value, ArrayRef<int64_t>{axes[0]});
  return kind == 0 ? sum(value, axes) : kind == 1 ? largest(value, axes) : make<MinOp>(of, value, axes);
}

Value GraphBuilder::runningSum(Value value) {
  if (rankOf(value) == 0)
    return {};
  if (elementOf(value) == i1)
    value = cast(value, i32);
  Facts of = facts(value);
  int64_t axis = below(rankOf(value));
  return make<CumSumOp>({of.size * elements(dimsOf(value)[axis]), of.exact}, value.getType(), value, axis);
}

Value GraphBuilder::contract(Value lhs, Value rhs, StringRef labels) {
  double terms = 6; // usual; the bound is of what happens, not of what might
  return make<ContractOp>({facts(lhs).size * facts(rhs).size * terms, false}, lhs, rhs, labels);
}

Value GraphBuilder::contraction(Value lhs, Value rhs) {
  lhs = tanh(real(lhs));
  rhs = tamed(real(rhs));
  Dims left = dimsOf(lhs), right = dimsOf(rhs);
  std::string leftLabels, rightLabels, result;
  std::map<char, Dim> sizes;
  for (const Dim &extent : left) {
    leftLabels += 'a' + leftLabels.size();
    sizes[leftLabels.back()] = extent;
  }
  for (const Dim &extent : right) {
    char label = 'a' + left.size() + rightLabels.size();
    for (unsigned i = left.size(); i-- > 0;)
      if (left[i] == extent && rightLabels.find(leftLabels[i]) == std::string::npos && chance(75))
        label = leftLabels[i];
    rightLabels += label;
    sizes[label] = extent;
  }
  for (char label : leftLabels + rightLabels) {
    bool both = leftLabels.find(label) != std::string::npos && rightLabels.find(label) != std::string::npos;
    if (result.find(label) == std::string::npos && (!both || chance(40)))
      result += label;
  }
  if (chance(30))
    std::shuffle(result.begin(), result.end(), random);
  Dims dims;
  for (char label : result)
    dims.push_back(sizes[label]);
  if (result.size() > 4 || elements(dims) > 400)
    return {};
  return contract(lhs, rhs, leftLabels + "," + rightLabels + "->" + result);
}

// ---- indices ----

Value GraphBuilder::iota(const Dim &size) { return make<IotaOp>({double(elements(size)), true}, size); }
Value GraphBuilder::dim(const Dim &size, Type element) {
  return make<DimOp>({double(elements(size)), true}, type({}, element), DimAttr::get(builder.getContext(), size));
}
Value GraphBuilder::indices(Value ids, const Dim &extent) {
  auto number = extent.constant();
  Value by = number ? constant(dimsOf(ids), i32, *number) : spreadTo(dim(extent, i32), dimsOf(ids));
  return make<ModOp>({double(elements(extent)), true}, ids, by);
}
Value GraphBuilder::gather(Value table, Value ids) { return make<ir::GatherOp>(facts(table), table, ids); }
Value GraphBuilder::pick(Value value, Value ids) { return make<PickOp>(facts(value), value, ids); }
Value GraphBuilder::concat(Value value, Value other, unsigned axis) {
  Facts x = facts(value), y = facts(other);
  return make<ConcatOp>({std::max(x.size, y.size), x.exact && y.exact}, ValueRange{value, other}, axis);
}

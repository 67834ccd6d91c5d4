// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A pool of values grows by one random op at a time. Numbers stay small (tanh after what grows) and constants are
// exact in f32, so that float64 before and after a pass agree to the last few bits.
#include "RandomGraph.h"

#include "ir/sinter/Sinter.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"

#include <map>
#include <random>

using namespace mlir;
using namespace sinter;
using namespace sinter::ir;

namespace {

using Pool = SmallVector<Value>;

class Generator {
public:
  Generator(MLIRContext &context, uint64_t seed) : builder(&context), random(seed) {
    f32 = builder.getF32Type();
    i32 = builder.getI32Type();
    i1 = builder.getI1Type();
  }

  OwningOpRef<ModuleOp> module() {
    OwningOpRef<ModuleOp> module = ModuleOp::create(loc());
    builder.setInsertionPointToEnd(module->getBody());
    SmallVector<SmallVector<Dim>> shapes = {{6},       {4},    {6, 4}, {4, 6},    {6, 6},
                                            {2, 6, 4}, {3, 6}, {3, 4}, {3, 6, 6}, {3, 4, 6}};
    for (auto [number, shape] : llvm::enumerate(shapes)) {
      std::string name = "p" + std::to_string(number);
      bool stacked = shape[0] == Dim(3);
      SmallVector<Attribute> names;
      for (int i = 0; i < (stacked ? 3 : 1); ++i)
        names.push_back(builder.getStringAttr(name + "." + std::to_string(i)));
      ParameterOp::create(builder, loc(), name, stacked, builder.getArrayAttr(names), type(shape, f32));
      (stacked ? stacks : parameters).push_back({name, shape});
    }
    for (StringRef name : {"first", "second"}) {
      builder.setInsertionPointToEnd(module->getBody());
      function(name);
    }
    return module;
  }

private:
  Location loc() { return builder.getUnknownLoc(); }
  int below(int bound) { return std::uniform_int_distribution<int>(0, bound - 1)(random); }
  bool chance(int percent) { return below(100) < percent; }
  ir::TensorType type(ArrayRef<Dim> dims, Type element) {
    return ir::TensorType::get(builder.getContext(), dims, element);
  }
  static ir::TensorType typeOf(Value value) { return cast<ir::TensorType>(value.getType()); }
  static Type elementOf(Value value) { return typeOf(value).getElementType(); }
  /// With B = 2 and T = 3.
  static int64_t elements(ArrayRef<Dim> dims) {
    return *productOf(dims).evaluate([](std::string_view name) { return name == "B" ? 2 : 3; });
  }

  void function(StringRef name) {
    Dim b = Dim::symbol("B"), t = Dim::symbol("T");
    SmallVector<Type> inputs = {type({b, t, 4}, f32), type({b, t}, i32), type({t, 6}, f32)};
    auto function = func::FuncOp::create(builder, loc(), name, builder.getFunctionType(inputs, {}));
    Block *body = function.addEntryBlock();
    builder.setInsertionPointToEnd(body);
    Pool pool(body->getArguments().begin(), body->getArguments().end());
    int count = 6 + below(20);
    for (int i = 0; i < count; ++i)
      step(pool, /*inLoop=*/false);
    SmallVector<Value> results;
    for (int i = 0; i < 3; ++i)
      results.push_back(pool[pool.size() - 1 - below(std::min<int>(pool.size(), 6))]);
    func::ReturnOp::create(builder, loc(), results);
    function.setFunctionType(builder.getFunctionType(inputs, ValueRange(results).getTypes()));
  }

  void step(Pool &pool, bool inLoop) {
    Value made;
    switch (below(inLoop ? 15 : 17)) {
    case 0:
    case 1:
      made = unary(pick(pool));
      break;
    case 2:
    case 3:
    case 4:
      made = binary(pool);
      break;
    case 5:
      made = choice(pool);
      break;
    case 6:
      made = cast(pick(pool));
      break;
    case 7:
    case 8:
      made = reduction(pick(pool));
      break;
    case 9:
      made = permuted(pick(pool));
      break;
    case 10:
      made = reshaped(pick(pool));
      break;
    case 11:
      made = sliced(pick(pool));
      break;
    case 12:
      made = contraction(pick(pool), chance(60) ? parameter() : pick(pool));
      break;
    case 13:
      made = softmax(pick(pool));
      break;
    case 14:
      made = parameter();
      break;
    case 15:
      made = chance(50) ? gather(pick(pool)) : concat(pick(pool));
      break;
    case 16:
      loop(pool);
      return;
    }
    if (made)
      pool.push_back(made);
  }

  Value pick(Pool &pool) {
    return pool[chance(60) ? pool.size() - 1 - below(std::min<int>(pool.size(), 3)) : below(pool.size())];
  }
  Value pickReal(Pool &pool) { return real(pick(pool)); }

  Value real(Value value) {
    return elementOf(value) == f32 ? value
                                   : CastOp::create(builder, loc(), type(typeOf(value).getShapeDims(), f32), value);
  }
  Value constant(ArrayRef<Dim> dims, Type element, double value) {
    return ir::ConstantOp::create(builder, loc(), type(dims, element), builder.getDenseF64ArrayAttr(value));
  }
  Value parameter() {
    if (chance(15))
      return ir::ConstantOp::create(builder, loc(), type({6}, f32),
                                    builder.getDenseF64ArrayAttr({0, 0.5, -1, 2, 0.25, 1}));
    auto &[name, shape] = parameters[below(parameters.size())];
    return ReadOp::create(builder, loc(), type(shape, f32), name);
  }

  Value unary(Value value) {
    if (elementOf(value) == i1)
      return NotOp::create(builder, loc(), value);
    if (elementOf(value) == i32)
      return chance(50) ? Value(NegOp::create(builder, loc(), value)) : Value(AbsOp::create(builder, loc(), value));
    switch (below(6)) {
    case 0:
      return TanhOp::create(builder, loc(), value);
    case 1:
      return ErfOp::create(builder, loc(), value);
    case 2:
      return ExpOp::create(builder, loc(), TanhOp::create(builder, loc(), value));
    case 3:
      return SqrtOp::create(builder, loc(), AbsOp::create(builder, loc(), value));
    case 4:
      return CosOp::create(builder, loc(), value);
    default:
      return NegOp::create(builder, loc(), value);
    }
  }

  /// Something of the value's type: another value, spread if it is smaller, or a constant.
  Value partner(Pool &pool, Value value) {
    ir::TensorType wanted = typeOf(value);
    for (int tries = 0; tries < 6; ++tries) {
      Value other = pick(pool);
      if (elementOf(other) != wanted.getElementType())
        continue;
      if (typeOf(other) == wanted)
        return other;
      if (Value spread = spreadTo(other, wanted.getShapeDims()))
        return spread;
    }
    if (chance(50) && wanted.getElementType() == f32 && wanted.rank() > 0)
      if (Value spread = spreadTo(parameter(), wanted.getShapeDims()))
        return spread;
    return constant(wanted.getShapeDims(), wanted.getElementType(),
                    wanted.getElementType() == f32 ? 0.25 * (1 + below(8)) : below(2));
  }

  /// Right-aligned; missing axes and 1 stretch. Null if it does not fit.
  Value spreadTo(Value value, ArrayRef<Dim> dims) {
    SmallVector<Dim> source = typeOf(value).getShapeDims();
    if (source.size() > dims.size())
      return {};
    SmallVector<AffineExpr> results;
    for (auto [axis, extent] : llvm::enumerate(source)) {
      unsigned target = axis + dims.size() - source.size();
      if (extent != dims[target] && !extent.isConstant(1))
        return {};
      results.push_back(extent.isConstant(1) ? builder.getAffineConstantExpr(0) : builder.getAffineDimExpr(target));
    }
    return view(value, dims, results);
  }

  Value view(Value value, ArrayRef<Dim> dims, ArrayRef<AffineExpr> results, ArrayRef<Dim> symbols = {}) {
    auto map = IndexMapAttr::get(builder.getContext(),
                                 AffineMap::get(dims.size(), symbols.size(), results, builder.getContext()),
                                 toAttrs(builder.getContext(), symbols));
    return ViewOp::create(builder, loc(), type(dims, elementOf(value)), value, map);
  }

  Value binary(Pool &pool) {
    Value value = pick(pool), other = partner(pool, value);
    if (elementOf(value) == i1)
      return chance(50) ? Value(AndOp::create(builder, loc(), value, other))
                        : Value(OrOp::create(builder, loc(), value, other));
    bool whole = elementOf(value) == i32;
    switch (below(whole ? 7 : 6)) {
    case 0:
      return AddOp::create(builder, loc(), value, other);
    case 1:
      return SubOp::create(builder, loc(), value, other);
    case 2:
      return chance(50) ? Value(MaximumOp::create(builder, loc(), value, other))
                        : Value(MinimumOp::create(builder, loc(), value, other));
    case 3:
      return whole ? Value(ModOp::create(builder, loc(), value,
                                         constant(typeOf(value).getShapeDims(), i32, 1 + below(5))))
                   : Value(MulOp::create(builder, loc(), TanhOp::create(builder, loc(), value), other));
    case 4: {
      auto predicate = static_cast<Predicate>(2 + below(4));
      return CompareOp::create(builder, loc(), type(typeOf(value).getShapeDims(), i1), predicate, value, other);
    }
    case 5: {
      if (whole)
        return FloorDivOp::create(builder, loc(), value, constant(typeOf(value).getShapeDims(), i32, 2 + below(3)));
      Value one = constant(typeOf(value).getShapeDims(), f32, 1);
      return DivOp::create(builder, loc(), value,
                           AddOp::create(builder, loc(), one, AbsOp::create(builder, loc(), other)));
    }
    default:
      return MulOp::create(builder, loc(),
                           ModOp::create(builder, loc(), value, constant(typeOf(value).getShapeDims(), i32, 7)), other);
    }
  }

  Value choice(Pool &pool) {
    Value value = pick(pool), other = partner(pool, value);
    ir::TensorType condition = type(typeOf(value).getShapeDims(), i1);
    Value test = elementOf(value) == i1
                     ? value
                     : Value(CompareOp::create(builder, loc(), condition, Predicate::lt, value, partner(pool, value)));
    return SelectOp::create(builder, loc(), test, value, other);
  }

  Value cast(Value value) {
    Type targets[] = {f32, i32, i1};
    Type target = targets[below(3)];
    if (target == elementOf(value))
      target = target == f32 ? i32 : f32;
    return CastOp::create(builder, loc(), type(typeOf(value).getShapeDims(), target), value);
  }

  SmallVector<int64_t> someAxes(unsigned rank) {
    SmallVector<int64_t> axes;
    for (unsigned axis = 0; axis < rank; ++axis)
      if (chance(axis + 1 == rank ? 70 : 30))
        axes.push_back(axis);
    if (axes.empty())
      axes.push_back(rank - 1);
    return axes;
  }

  template <typename Op> Value reduce(Value value, ArrayRef<int64_t> axes, Type element) {
    SmallVector<Dim> dims = typeOf(value).getShapeDims();
    for (int64_t axis : axes)
      dims[axis] = Dim(1);
    return Op::create(builder, loc(), type(dims, element), value, builder.getDenseI64ArrayAttr(axes));
  }

  Value reduction(Value value) {
    if (typeOf(value).rank() == 0)
      return {};
    if (elementOf(value) == i1)
      value = real(value);
    Type element = elementOf(value);
    SmallVector<int64_t> axes = someAxes(typeOf(value).rank());
    switch (below(4)) {
    case 0:
      return reduce<SumOp>(value, axes, element);
    case 1:
      return reduce<MaxOp>(value, axes, element);
    case 2:
      return reduce<MinOp>(value, axes, element);
    default:
      return reduce<ArgMaxOp>(value, {axes[0]}, i32);
    }
  }

  /// Softmax or the centring of a norm over the last axis.
  Value softmax(Value value) {
    if (typeOf(value).rank() == 0)
      return {};
    value = TanhOp::create(builder, loc(), real(value));
    SmallVector<Dim> dims = typeOf(value).getShapeDims();
    int64_t last = dims.size() - 1;
    if (chance(50)) {
      Value top = spreadTo(reduce<MaxOp>(value, {last}, f32), dims);
      Value exp = ExpOp::create(builder, loc(), SubOp::create(builder, loc(), value, top));
      return DivOp::create(builder, loc(), exp, spreadTo(reduce<SumOp>(exp, {last}, f32), dims));
    }
    Value sum = reduce<SumOp>(value, {last}, f32);
    Value size = spreadTo(DimOp::create(builder, loc(), type({}, f32), DimAttr::get(builder.getContext(), dims[last])),
                          typeOf(sum).getShapeDims());
    Value centred = SubOp::create(builder, loc(), value, spreadTo(DivOp::create(builder, loc(), sum, size), dims));
    Value variance = reduce<SumOp>(MulOp::create(builder, loc(), centred, centred), {last}, f32);
    Value root = SqrtOp::create(
        builder, loc(), AddOp::create(builder, loc(), variance, constant(typeOf(sum).getShapeDims(), f32, 0.5)));
    return DivOp::create(builder, loc(), centred, spreadTo(root, dims));
  }

  Value permuted(Value value) {
    SmallVector<Dim> source = typeOf(value).getShapeDims();
    auto order = llvm::to_vector(llvm::seq<unsigned>(0, source.size()));
    std::shuffle(order.begin(), order.end(), random);
    SmallVector<Dim> dims(source.size());
    SmallVector<AffineExpr> results(source.size());
    for (auto [axis, place] : llvm::enumerate(order)) {
      dims[place] = source[axis];
      results[axis] = builder.getAffineDimExpr(place);
    }
    return view(value, dims, results);
  }

  /// Splits a constant axis in two, or merges two neighbours.
  Value reshaped(Value value) {
    SmallVector<Dim> source = typeOf(value).getShapeDims(), dims;
    if (source.empty())
      return {};
    unsigned at = below(source.size());
    auto extent = source[at].constant();
    SmallVector<AffineExpr> results;
    if (extent && *extent % 2 == 0 && source.size() < 4) {
      for (unsigned axis = 0; axis < source.size(); ++axis) {
        if (axis == at) {
          dims.push_back(Dim(*extent / 2));
          dims.push_back(Dim(2));
          results.push_back(builder.getAffineDimExpr(axis) * 2 + builder.getAffineDimExpr(axis + 1));
        } else {
          dims.push_back(source[axis]);
          results.push_back(builder.getAffineDimExpr(axis + (axis > at)));
        }
      }
      return view(value, dims, results);
    }
    if (at + 1 == source.size())
      return {};
    SmallVector<Dim> symbols;
    AffineExpr inner;
    if (auto size = source[at + 1].constant()) {
      inner = builder.getAffineConstantExpr(*size);
    } else {
      symbols.push_back(source[at + 1]);
      inner = builder.getAffineSymbolExpr(0);
    }
    for (unsigned axis = 0; axis < source.size(); ++axis) {
      AffineExpr index = builder.getAffineDimExpr(axis - (axis > at));
      results.push_back(axis == at ? index.floorDiv(inner) : axis == at + 1 ? index % inner : index);
      if (axis == at)
        dims.push_back(source[at] * source[at + 1]);
      else if (axis != at + 1)
        dims.push_back(source[axis]);
    }
    return view(value, dims, results, symbols);
  }

  /// One index, a range or the reverse of a constant axis.
  Value sliced(Value value) {
    SmallVector<Dim> dims = typeOf(value).getShapeDims();
    if (dims.empty())
      return {};
    unsigned at = below(dims.size());
    auto extent = dims[at].constant();
    if (!extent || *extent < 3)
      return {};
    SmallVector<AffineExpr> results;
    bool drop = chance(40);
    for (unsigned axis = 0; axis < dims.size(); ++axis)
      results.push_back(builder.getAffineDimExpr(axis - (drop && axis > at)));
    if (drop) {
      results[at] = builder.getAffineConstantExpr(*extent - 1);
      dims.erase(dims.begin() + at);
    } else if (chance(70)) {
      results[at] = results[at] + 1;
      dims[at] = Dim(*extent - 2);
    } else {
      results[at] = builder.getAffineConstantExpr(*extent - 1) - results[at];
    }
    return view(value, dims, results);
  }

  /// Labels at random: axes of one extent may be one label.
  Value contraction(Value lhs, Value rhs) {
    lhs = TanhOp::create(builder, loc(), real(lhs));
    rhs = real(rhs);
    SmallVector<Dim> left = typeOf(lhs).getShapeDims(), right = typeOf(rhs).getShapeDims();
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
    SmallVector<Dim> dims;
    for (char label : result)
      dims.push_back(sizes[label]);
    if (result.size() > 4 || elements(dims) > 500)
      return {};
    return ContractOp::create(builder, loc(), type(dims, f32), lhs, rhs,
                              leftLabels + "," + rightLabels + "->" + result);
  }

  Value gather(Value ids) {
    SmallVector<Dim> dims = typeOf(ids).getShapeDims();
    if (dims.size() > 2)
      return {};
    if (elementOf(ids) != i32)
      ids = IotaOp::create(builder, loc(), type({Dim::symbol("T")}, i32));
    dims = typeOf(ids).getShapeDims();
    auto &[name, shape] = parameters[2 + below(3)];
    Value table = ReadOp::create(builder, loc(), type(shape, f32), name);
    Value rows = constant(dims, i32, *shape[0].constant());
    ids = ModOp::create(builder, loc(), ids, rows);
    dims.append(shape.begin() + 1, shape.end());
    return ir::GatherOp::create(builder, loc(), type(dims, f32), table, ids);
  }

  Value concat(Value value) {
    SmallVector<Dim> dims = typeOf(value).getShapeDims();
    if (dims.empty() || elements(dims) > 200)
      return {};
    unsigned axis = below(dims.size());
    Value other = unary(value);
    dims[axis] = dims[axis] + dims[axis];
    return ConcatOp::create(builder, loc(), type(dims, elementOf(value)), ValueRange{value, other}, axis);
  }

  /// Three rounds over slices of some stacks; the body sees values from outside, too.
  void loop(Pool &pool) {
    Value start = TanhOp::create(builder, loc(), pickReal(pool));
    SmallVector<Value> carried = {start}, taken;
    SmallVector<Type> types = {start.getType()}, slices = {start.getType()};
    SmallVector<std::pair<std::string, SmallVector<Dim>>> some(stacks);
    for (auto &[name, shape] : some) {
      taken.push_back(ReadOp::create(builder, loc(), type(shape, f32), name));
      slices.push_back(type(ArrayRef(shape).drop_front(), f32));
    }
    bool collects = chance(40);
    if (collects) {
      SmallVector<Dim> dims{Dim(3)};
      llvm::append_range(dims, typeOf(start).getShapeDims());
      types.push_back(type(dims, f32));
    }
    auto repeat = RepeatOp::create(builder, loc(), 3, carried, taken, types);
    Block *body = repeat.getBody().empty() ? builder.createBlock(&repeat.getBody()) : &repeat.getBlock();
    if (body->getNumArguments() == 0)
      for (Type slice : slices)
        body->addArgument(slice, loc());
    {
      OpBuilder::InsertionGuard guard(builder);
      builder.setInsertionPointToEnd(body);
      Pool inner(body->getArguments().begin(), body->getArguments().end());
      inner.push_back(pick(pool));
      int count = 3 + below(8);
      for (int i = 0; i < count; ++i)
        step(inner, /*inLoop=*/true);
      Value next = body->getArgument(0);
      for (Value value : inner)
        if (elementOf(value) == f32 && value != next)
          if (Value spread = spreadTo(value, typeOf(next).getShapeDims()))
            next = AddOp::create(builder, loc(), TanhOp::create(builder, loc(), spread), next);
      next = TanhOp::create(builder, loc(), next);
      SmallVector<Value> yielded = {next};
      if (collects)
        yielded.push_back(NegOp::create(builder, loc(), body->getArgument(0)));
      ir::YieldOp::create(builder, loc(), yielded);
    }
    llvm::append_range(pool, repeat.getResults());
  }

  OpBuilder builder;
  std::mt19937_64 random;
  Type f32, i32, i1;
  SmallVector<std::pair<std::string, SmallVector<Dim>>> parameters, stacks;
};

} // namespace

OwningOpRef<ModuleOp> sinter::test::randomModule(MLIRContext &context, uint64_t seed) {
  return Generator(context, seed).module();
}

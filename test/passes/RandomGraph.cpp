// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A pool of values grows by one random op, or one block of a model, at a time.
#include "RandomGraph.h"
#include "GraphBuilder.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

using namespace mlir;
using namespace sinter;
using namespace sinter::ir;
using sinter::test::Dims;
using sinter::test::GraphBuilder;

namespace {

using Pool = SmallVector<Value>;

class Generator {
public:
  Generator(MLIRContext &context, uint64_t seed, const test::RandomOptions &options)
      : options(options), graph(context, seed) {}

  OwningOpRef<ModuleOp> module() {
    OwningOpRef<ModuleOp> module = ModuleOp::create(graph.loc());
    OpBuilder &builder = graph.builder;
    builder.setInsertionPointToEnd(module->getBody());
    Dims shapes[] = {{6}, {4}, {6, 4}, {4, 6}, {6, 6}, {2, 6, 4}, {3, 6}, {3, 4}, {3, 6, 6}, {3, 4, 6}};
    for (auto [number, shape] : llvm::enumerate(shapes)) {
      std::string name = "p" + std::to_string(number);
      bool stacked = shape[0] == Dim(rounds);
      SmallVector<Attribute> names;
      for (int i = 0; i < (stacked ? rounds : 1); ++i)
        names.push_back(builder.getStringAttr(name + "." + std::to_string(i)));
      ParameterOp::create(builder, graph.loc(), name, stacked, builder.getArrayAttr(names),
                          graph.type(shape, graph.f32));
      (stacked ? stacks : parameters).push_back({name, shape});
    }
    for (int i = 0; i < options.functions; ++i) {
      builder.setInsertionPointToEnd(module->getBody());
      function("f" + std::to_string(i));
    }
    return module;
  }

private:
  static constexpr int rounds = 3;

  void function(StringRef name) {
    Dim b = Dim::symbol("B"), t = Dim::symbol("T");
    Type f32 = graph.f32;
    SmallVector<Type> inputs = {graph.type({b, t, 4}, f32), graph.type({b, t}, graph.i32), graph.type({t, 6}, f32),
                                graph.type({b, t + 1}, f32), graph.type({t, t}, graph.i1)};
    OpBuilder &builder = graph.builder;
    auto function = func::FuncOp::create(builder, graph.loc(), name, builder.getFunctionType(inputs, {}));
    Block *body = function.addEntryBlock();
    builder.setInsertionPointToEnd(body);
    Pool pool;
    for (Value argument : body->getArguments())
      pool.push_back(graph.note(argument, graph.elementOf(argument) == graph.i32 ? 8 : 2, true));
    tokens = body->getArgument(0);
    mask = body->getArgument(1);
    if (graph.chance(40))
      condition();
    int count = options.isSmall ? 4 + graph.below(9) : 6 + graph.below(20);
    for (int i = 0; i < count; ++i)
      step(pool, /*depth=*/0);
    SmallVector<Value> results;
    for (int i = 0; i < 3; ++i)
      results.push_back(pool[pool.size() - 1 - graph.below(std::min<int>(pool.size(), 6))]);
    func::ReturnOp::create(builder, graph.loc(), results);
    function.setFunctionType(builder.getFunctionType(inputs, ValueRange(results).getTypes()));
  }

  void condition() {
    Builder &builder = graph.builder;
    auto attr = [&](const Dim &dim) { return DimAttr::get(builder.getContext(), dim); };
    Dim lengths = Dim::symbol("B") * Dim::symbol("T");
    CheckOp::create(graph.builder, graph.loc(), attr(lengths), static_cast<uint32_t>(Predicate::le), attr(Dim(4096)),
                    "{0} tokens", builder.getArrayAttr({attr(lengths)}));
  }

  // ---- one step ----

  void step(Pool &pool, int depth) {
    if (depth < 2 && graph.chance(depth == 0 ? 5 : 3))
      return loop(pool, depth);
    Value made = graph.chance(depth == 0 ? 15 : 5) ? block(pool) : single(pool);
    if (made && graph.rankOf(made) <= 4 && graph.elements(graph.dimsOf(made)) <= 500)
      pool.push_back(graph.tamed(made));
  }

  Value pick(Pool &pool) {
    return pool[graph.chance(60) ? pool.size() - 1 - graph.below(std::min<int>(pool.size(), 3))
                                 : graph.below(pool.size())];
  }

  Value single(Pool &pool) {
    Value value = pick(pool);
    switch (graph.below(20)) {
    case 0:
    case 1:
    case 2:
      return graph.unary(value);
    case 3:
    case 4:
    case 5:
    case 6:
      return graph.binary(value, partner(pool, value));
    case 7:
      return choice(pool);
    case 8:
      return cast(value);
    case 9:
    case 10:
      return graph.reduction(value);
    case 11:
      return graph.permuted(value);
    case 12:
      return graph.reshaped(value);
    case 13:
      return graph.sliced(value);
    case 14:
      return graph.chance(50) ? graph.diagonal(value) : graph.widened(value);
    case 15:
      return graph.contraction(value, graph.chance(60) ? parameter() : pick(pool));
    case 16:
      return graph.chance(50) ? gather(pool) : concat(pool);
    case 17:
      return graph.chance(50) ? graph.runningSum(value) : picked(value);
    case 18:
      return number();
    default:
      return options.hasKernels ? parameter() : top(value);
    }
  }

  /// Something of the value's type: another value, spread if it is smaller, or a constant.
  Value partner(Pool &pool, Value value) {
    Type element = graph.elementOf(value);
    Dims dims = graph.dimsOf(value);
    for (int tries = 0; tries < 6; ++tries)
      if (Value other = pick(pool); graph.elementOf(other) == element)
        if (Value spread = other.getType() == value.getType() ? other : graph.spreadTo(other, dims))
          return spread;
    if (element == graph.f32 && graph.chance(50))
      if (Value spread = graph.spreadTo(parameter(), dims))
        return spread;
    return graph.constant(dims, element, element == graph.f32 ? 0.25 * (1 + graph.below(8)) : graph.below(2));
  }

  Value choice(Pool &pool) {
    Value value = pick(pool), other = partner(pool, value);
    Value test = graph.elementOf(value) == graph.i1
                     ? graph.unary(value)
                     : graph.compare(static_cast<Predicate>(graph.below(6)), value, partner(pool, value));
    return graph.select(test, value, other);
  }

  Value cast(Value value) {
    Type targets[] = {graph.f32, graph.i32, graph.i1};
    Type target = targets[graph.below(3)];
    return graph.cast(value, target == graph.elementOf(value) ? targets[target == graph.f32] : target);
  }

  Value read(const std::pair<std::string, Dims> &parameter) {
    Type type = graph.type(parameter.second, graph.f32);
    return graph.note(ReadOp::create(graph.builder, graph.loc(), type, parameter.first), 2, true);
  }
  Value parameter() {
    if (graph.chance(15))
      return graph.note(ir::ConstantOp::create(graph.builder, graph.loc(), graph.type({6}, graph.f32),
                                               graph.builder.getDenseF64ArrayAttr({0, 0.5, -1, 2, 0.25, 1})),
                        2, true);
    return read(parameters[graph.below(parameters.size())]);
  }

  Value number() {
    Dim t = Dim::symbol("T");
    const Dim sizes[] = {t, Dim::symbol("B") * t, Dim(6), t + 1};
    const Dim &size = sizes[graph.below(4)];
    return graph.chance(60) ? graph.iota(size) : graph.dim(size, graph.chance(50) ? graph.f32 : graph.i32);
  }

  Value whole(Value value) { // ids: whole numbers that are not too many
    value = graph.elementOf(value) == graph.i32 ? value : graph.cast(value, graph.i32);
    return graph.elements(graph.dimsOf(value)) > 40 ? graph.iota(Dim::symbol("T")) : value;
  }

  Value gather(Pool &pool) {
    Value table = graph.chance(50) ? parameter() : pick(pool), ids = whole(pick(pool));
    if (graph.rankOf(table) == 0)
      return {};
    return graph.gather(table, graph.indices(ids, graph.dimsOf(table)[0]));
  }

  /// One entry of each row: ids all alike, or counted along one axis.
  Value picked(Value value) {
    Dims dims = graph.dimsOf(value);
    if (dims.empty())
      return {};
    if (graph.elementOf(value) == graph.i1)
      value = graph.cast(value, graph.i32);
    Dim last = dims.pop_back_val();
    Value ids = dims.empty() ? graph.constant(dims, graph.i32, 0) : graph.spreadTo(graph.iota(dims.back()), dims);
    return graph.pick(value, graph.indices(ids, last));
  }

  Value concat(Pool &pool) {
    Value value = pick(pool);
    Dims dims = graph.dimsOf(value);
    if (dims.empty() || graph.elements(dims) > 200)
      return {};
    unsigned axis = graph.below(dims.size());
    Value other = graph.unary(value);
    for (Value candidate : pool) { // another extent along that axis, if there is one
      Dims found = graph.dimsOf(candidate);
      if (found.size() != dims.size() || graph.elementOf(candidate) != graph.elementOf(value))
        continue;
      bool fits = true;
      for (unsigned i = 0; i < dims.size(); ++i)
        fits &= i == axis || dims[i] == found[i];
      if (fits && graph.chance(50))
        other = candidate;
    }
    return graph.concat(value, other, axis);
  }

  /// The two largest: no skeleton computes them.
  Value top(Value value) {
    Dims dims = graph.dimsOf(value);
    if (dims.empty() || graph.elementOf(value) != graph.f32 || dims.back().lowerBound().value_or(0) < 2)
      return parameter();
    dims.back() = Dim(2);
    auto op =
        TopKOp::create(graph.builder, graph.loc(), graph.type(dims, graph.f32), graph.type(dims, graph.i32), value);
    GraphBuilder::Facts of = graph.facts(value);
    if (of.exact && graph.chance(50))
      return graph.note(op.getIndices(), double(graph.elements(graph.dimsOf(value))), true);
    return graph.note(op.getTop(), of.size, of.exact);
  }

  // ---- blocks of models ----

  Value block(Pool &pool) {
    Value value = pick(pool);
    switch (graph.below(7)) {
    case 0:
      return softmax(value);
    case 5:
      return logSoftmax(value);
    case 6:
      return unit(value);
    case 1:
      return norm(value);
    case 2:
      return linear();
    case 3:
      return attention();
    default:
      return loss(value);
    }
  }

  /// The last axis, or null of a scalar.
  std::optional<int64_t> lastAxis(Value value) {
    return graph.rankOf(value) ? std::optional<int64_t>(graph.rankOf(value) - 1) : std::nullopt;
  }

  Value softmax(Value value) {
    auto last = lastAxis(value);
    if (!last)
      return {};
    value = graph.tamed(graph.real(value));
    if (graph.chance(30))
      return graph.note(SoftmaxOp::create(graph.builder, graph.loc(), value.getType(), value), 1, false);
    Dims dims = graph.dimsOf(value);
    Value exp = graph.exp(graph.sub(value, graph.spreadTo(graph.largest(value, *last), dims)), 1);
    return graph.div(exp, graph.spreadTo(graph.sum(exp, *last), dims), 1);
  }

  Value logSoftmax(Value value) {
    auto last = lastAxis(value);
    if (!last)
      return {};
    value = graph.tamed(graph.real(value));
    if (graph.chance(30))
      return graph.note(LogSoftmaxOp::create(graph.builder, graph.loc(), value.getType(), value), 20, false);
    return graph.sub(value, graph.spreadTo(logOfSum(value, *last), graph.dimsOf(value)));
  }

  /// log sum exp, the axis kept.
  Value logOfSum(Value value, int64_t axis) {
    Value top = graph.largest(value, axis);
    Value sum = graph.sum(graph.exp(graph.sub(value, graph.spreadTo(top, graph.dimsOf(value))), 1), axis);
    return graph.add(graph.log(sum, 5), top);
  }

  /// Scaled to length 1.
  Value unit(Value value) {
    auto last = lastAxis(value);
    if (!last)
      return {};
    value = graph.tamed(graph.real(value));
    OpBuilder &builder = graph.builder;
    if (graph.chance(30))
      return graph.note(L2NormalizeOp::create(builder, graph.loc(), value.getType(), value, builder.getF64FloatAttr(0.5)),
                        12, false);
    Value root = graph.sqrt(graph.sum(graph.mul(value, value), *last));
    Value floor = graph.constant(graph.dimsOf(root), graph.f32, 0.5);
    Value length = graph.note(MaximumOp::create(builder, graph.loc(), root, floor), 100, false);
    return graph.div(value, graph.spreadTo(length, graph.dimsOf(value)), 12);
  }

  Value norm(Value value) {
    auto last = lastAxis(value);
    if (!last)
      return {};
    value = graph.tamed(graph.real(value));
    Dims dims = graph.dimsOf(value);
    bool centred = graph.chance(50), six = dims.back() == Dim(6);
    Value weight = six ? read(parameters[0]) : Value(), bias = six && graph.chance(50) ? read(parameters[0]) : Value();
    OpBuilder &builder = graph.builder;
    FloatAttr eps = builder.getF64FloatAttr(0.5);
    if (graph.chance(30) && centred)
      return graph.note(LayerNormOp::create(builder, graph.loc(), value.getType(), value, weight, bias, eps), 9, false);
    if (graph.chance(30))
      return graph.note(RmsNormOp::create(builder, graph.loc(), value.getType(), value, weight, eps), 9, false);
    if (centred) {
      Value sum = graph.sum(value, *last), size = graph.spreadTo(graph.dim(dims.back(), graph.f32), graph.dimsOf(sum));
      value = graph.sub(value, graph.spreadTo(graph.div(sum, size, 6), dims));
    }
    Value squares = graph.sum(graph.mul(value, value), *last);
    Value size = graph.spreadTo(graph.dim(dims.back(), graph.f32), graph.dimsOf(squares));
    Value variance = graph.div(squares, size, 36);
    Value root = graph.sqrt(graph.add(variance, graph.constant(graph.dimsOf(squares), graph.f32, 0.5)));
    value = graph.div(value, graph.spreadTo(root, dims), 6);
    if (weight)
      value = graph.mul(value, graph.spreadTo(weight, dims));
    return bias ? graph.add(value, graph.spreadTo(bias, dims)) : value;
  }

  /// tokens [B, T, 4] times a matrix, [B, T, 6].
  Value projected() {
    Value weight = read(parameters[graph.chance(50) ? 2 : 3]);
    return graph.contract(tokens, weight, graph.dimsOf(weight)[0] == Dim(6) ? "abc,dc->abd" : "abc,cd->abd");
  }

  Value linear() {
    Value value = projected();
    if (graph.chance(70))
      value = graph.add(value, graph.spreadTo(read(parameters[0]), graph.dimsOf(value)));
    if (graph.chance(60)) // a residual of the right shape, or something that reads it
      value = graph.chance(50) ? graph.unary(value) : graph.add(value, graph.tanh(value));
    return graph.chance(30) ? norm(value) : value;
  }

  /// Heads of three, read out of a projection: [B, 2, T, 3].
  Value heads() {
    Value value = graph.tanh(projected());
    Dims dims = {Dim::symbol("B"), Dim(2), Dim::symbol("T"), Dim(3)};
    return graph.view(value, dims, {graph.at(0), graph.at(2), graph.at(1) * 3 + graph.at(3)});
  }

  Value attention() {
    Value query = heads(), key = heads(), value = heads();
    Dim b = Dim::symbol("B"), t = Dim::symbol("T");
    Dims dims = {b, Dim(2), t, t};
    Value scores = graph.contract(query, key, "abcd,abed->abce");
    if (graph.chance(70))
      scores = graph.mul(scores, graph.constant(dims, graph.f32, 0.5));
    Value rows = graph.view(graph.iota(t), dims, {graph.at(2)}),
          columns = graph.view(graph.iota(t), dims, {graph.at(3)});
    if (graph.chance(30)) // a bias of positions
      scores = graph.add(
          scores, graph.mul(graph.cast(graph.sub(rows, columns), graph.f32), graph.constant(dims, graph.f32, 0.125)));
    Value seen;
    if (graph.chance(40))
      seen = graph.compare(Predicate::ge, rows, columns);
    if (graph.chance(50)) {
      Value kept = graph.view(graph.cast(mask, graph.i1), dims, {graph.at(0), graph.at(3)});
      seen = seen ? AndOp::create(graph.builder, graph.loc(), seen, kept).getResult() : kept;
    }
    if (seen)
      scores = graph.select(seen, scores, graph.constant(dims, graph.f32, -3.4028234663852886e38));
    graph.note(scores, 6, false); // exact(lowest) is none of softmax's business
    Value chosen = graph.contract(softmax(scores), value, "abce,abed->abcd");
    if (graph.chance(50))
      return graph.tamed(chosen);
    Dims merged = {b, t, Dim(6)};
    return graph.view(graph.tamed(chosen), merged,
                      {graph.at(0), graph.at(2).floorDiv(3), graph.at(1), graph.at(2) % 3});
  }

  /// The negative logarithm of one entry's softmax.
  Value loss(Value value) {
    auto last = lastAxis(value);
    if (!last)
      return {};
    value = graph.tamed(graph.real(value));
    Value whole = logOfSum(value, *last);
    Dims rows = graph.dimsOf(whole);
    rows.pop_back();
    SmallVector<AffineExpr> results;
    for (unsigned i = 0; i < rows.size(); ++i)
      results.push_back(graph.at(i));
    results.push_back(graph.builder.getAffineConstantExpr(0));
    return graph.sub(graph.view(whole, rows, results), picked(value));
  }

  // ---- loops ----

  /// Three rounds over slices of some stacks; the body sees values from outside, too.
  void loop(Pool &pool, int depth) {
    Value start = graph.tanh(graph.real(pick(pool)));
    SmallVector<Value> carried = {start}, taken;
    bool counts = graph.chance(30);
    if (counts)
      carried.push_back(graph.tamed(graph.constant({Dim::symbol("B")}, graph.i32, 1)));
    SmallVector<Type> types(ValueRange(carried).getTypes()), slices = types;
    for (const auto &stack : stacks) {
      taken.push_back(read(stack));
      slices.push_back(graph.type(ArrayRef(stack.second).drop_front(), graph.f32));
    }
    bool collects = graph.chance(40);
    if (collects) {
      Dims dims{Dim(rounds)};
      llvm::append_range(dims, graph.dimsOf(start));
      types.push_back(graph.type(dims, graph.f32));
    }
    OpBuilder &builder = graph.builder;
    auto repeat = RepeatOp::create(builder, graph.loc(), rounds, carried, taken, types);
    Block *body = repeat.getBody().empty() ? builder.createBlock(&repeat.getBody()) : &repeat.getBlock();
    if (body->getNumArguments() == 0)
      for (Type slice : slices)
        body->addArgument(slice, graph.loc());
    {
      OpBuilder::InsertionGuard guard(builder);
      builder.setInsertionPointToEnd(body);
      fillLoop(*body, pick(pool), carried.size(), collects, depth);
    }
    for (Value result : repeat.getResults())
      pool.push_back(graph.elementOf(result) == graph.i32 ? graph.note(result, 97, true)
                                                          : graph.note(result, 3, false));
  }

  void fillLoop(Block &body, Value outside, unsigned carried, bool collects, int depth) {
    Pool inner;
    for (auto [i, argument] : llvm::enumerate(body.getArguments()))
      inner.push_back(
          graph.note(argument, i < carried ? 97 : 2, i >= carried || graph.elementOf(argument) == graph.i32));
    graph.note(body.getArgument(0), 1, false);
    inner.push_back(outside);
    int count = 3 + graph.below(options.isSmall ? 4 : 8);
    for (int i = 0; i < count; ++i)
      step(inner, depth + 1);
    Value next = body.getArgument(0);
    for (Value value : inner)
      if (graph.elementOf(value) == graph.f32 && value != next)
        if (Value spread = graph.spreadTo(value, graph.dimsOf(next)))
          next = graph.add(graph.tanh(spread), next);
    SmallVector<Value> yielded = {graph.tanh(next)};
    if (carried > 1) {
      Value counter = body.getArgument(1);
      yielded.push_back(graph.indices(graph.add(counter, counter), Dim(97)));
    }
    if (collects)
      yielded.push_back(graph.unary(body.getArgument(0)));
    ir::YieldOp::create(graph.builder, graph.loc(), yielded);
  }

  const test::RandomOptions options;
  GraphBuilder graph;
  Value tokens, mask; ///< arguments of the function in hand
  SmallVector<std::pair<std::string, Dims>> parameters, stacks;
};

} // namespace

OwningOpRef<ModuleOp> sinter::test::randomModule(MLIRContext &context, uint64_t seed, const RandomOptions &options) {
  return Generator(context, seed, options).module();
}

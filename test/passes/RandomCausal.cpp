// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Random programs over rows of tokens, many of them causal and many nearly so.
#include "test/passes/RandomCausal.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <cfloat>

using namespace mlir;
using namespace sinter;
using namespace sinter::ir;
using namespace sinter::test::causal;

namespace {

/// Builds @f(tokens: i32[B, T], table, weights...) -> f32[B, T, 4], causal T by its own word.
class Program {
public:
  Program(MLIRContext &context, uint64_t seed)
      : random(seed), module(ModuleOp::create(UnknownLoc::get(&context))),
        b(OpBuilder::atBlockEnd(module->getBody())), loc(b.getUnknownLoc()) {
    SmallVector<Type> inputs = {type({B, T}, b.getI32Type()), type({vocabulary, width}), type({1, 2, width})};
    for (unsigned i = 0; i < numWeights; ++i)
      inputs.push_back(type({width, width}));
    function = func::FuncOp::create(b, loc, "f", b.getFunctionType(inputs, type({B, T, width})));
    function->setAttr("sinter.causal", b.getStringAttr("T"));
    for (unsigned i = 0; i < inputs.size(); ++i)
      function.setArgAttr(i, "sinter.name", b.getStringAttr("a" + std::to_string(i)));
    body = function.addEntryBlock();
    b.setInsertionPointToStart(body);
    pool.push_back(GatherOp::create(b, loc, body->getArgument(1), body->getArgument(0)));
    for (unsigned steps = 1 + pick(4); steps; --steps)
      step();
    func::ReturnOp::create(b, loc, ValueRange{TanhOp::create(b, loc, pool.back())});
  }

  OwningOpRef<ModuleOp> take() { return std::move(module); }

private:
  uint64_t pick(uint64_t n) { return random() % n; }
  double chance() { return std::uniform_real_distribution<double>(0, 1)(random); }
  ir::TensorType type(ArrayRef<Dim> dims, Type element) { return ir::TensorType::get(b.getContext(), dims, element); }
  ir::TensorType type(ArrayRef<Dim> dims) { return type(dims, b.getF32Type()); }
  static SmallVector<Dim> dimsOf(Value v) { return cast<ir::TensorType>(v.getType()).getShapeDims(); }
  static Type elementOf(Value v) { return cast<ir::TensorType>(v.getType()).getElementType(); }
  AffineExpr d(unsigned i) { return b.getAffineDimExpr(i); }
  AffineExpr at(int64_t i) { return b.getAffineConstantExpr(i); }
  Value view(Value v, ArrayRef<Dim> dims, ArrayRef<AffineExpr> index) {
    auto map = IndexMapAttr::get(b.getContext(), AffineMap::get(dims.size(), 0, index, b.getContext()), {});
    return ViewOp::create(b, loc, type(dims, elementOf(v)), v, map);
  }
  Value number(double x, ArrayRef<Dim> dims, Type element) {
    return ConstantOp::create(b, loc, type(dims, element), b.getDenseF64ArrayAttr({x}));
  }
  Value number(double x, Value like) { return number(x, dimsOf(like), elementOf(like)); }
  Value binary(StringRef op, Value x, Value y) {
    OperationState state(loc, ("sinter." + op).str(), {x, y}, {x.getType()});
    return b.create(state)->getResult(0);
  }
  Value compare(Predicate p, Value x, Value y) { return CompareOp::create(b, loc, p, x, y); }
  Value weight() { return body->getArgument(3 + pick(numWeights)); }
  Value project(Value x) { return ContractOp::create(b, loc, x, weight(), "abc,cd->abd"); }

  /// i and j of a [T, keys] square.
  Value query(const Dim &keys) { return view(IotaOp::create(b, loc, T), {T, keys}, {d(0)}); }
  Value key(const Dim &keys) { return view(IotaOp::create(b, loc, keys), {T, keys}, {d(1)}); }

  Value predicate(unsigned depth = 0) {
    Value i = query(T), j = key(T), n = binary("sub", i, j);
    switch (pick(depth < 2 ? 11 : 6)) {
    case 0:
      return compare(Predicate::le, j, i);
    case 1:
      return compare(Predicate::lt, n, number(pick(5), n));
    case 2:
      return compare(Predicate::le, j, binary("add", i, number(static_cast<double>(pick(3)) - 1, i)));
    case 3:
      return compare(Predicate::eq, binary("floordiv", i, number(3, i)), binary("floordiv", j, number(3, j)));
    case 4:
      return compare(Predicate::eq, binary("mod", n, number(2, n)), number(0, n));
    case 5:
      return compare(Predicate::lt, j, number(static_cast<double>(pick(5)) - 1, j));
    case 6:
    case 7:
      return binary("and", compare(Predicate::le, j, i), predicate(depth + 1));
    case 8:
      return binary("or", predicate(depth + 1), predicate(depth + 1));
    case 9:
      return binary("and", predicate(depth + 1), predicate(depth + 1));
    default:
      return NotOp::create(b, loc, predicate(depth + 1));
    }
  }
  Value spread(Value square, ArrayRef<Dim> dims) { return view(square, dims, {d(1), d(2)}); }
  Value last(Value reduced, Value like) { return view(reduced, dimsOf(like), {d(0), d(1), at(0)}); }
  Value softmax(Value s) {
    Value e = ExpOp::create(b, loc, binary("sub", s, last(MaxOp::create(b, loc, s, {2}), s)));
    return binary("div", e, last(SumOp::create(b, loc, e, {2}), e));
  }
  Value attention(Value x, Value y) {
    Value q = project(x), k = project(y), v = project(y);
    Value s = ContractOp::create(b, loc, q, k, "abc,adc->abd");
    Value p = predicate();
    if (chance() < .4)
      p = binary("and", compare(Predicate::le, key(T), query(T)), p);
    p = spread(p, {B, T, T});
    Value lowest = number(-FLT_MAX, s), weights;
    switch (pick(5)) {
    case 0:
      weights = SelectOp::create(b, loc, s.getType(), p, s, number(0, s));
      break;
    case 1:
      weights = binary("mul", s, CastOp::create(b, loc, s.getType(), p));
      break;
    case 2:
    case 3:
      weights = softmax(SelectOp::create(b, loc, s.getType(), p, s, lowest));
      break;
    default:
      weights = softmax(binary(
          "add", s, binary("mul", binary("sub", number(1, s), CastOp::create(b, loc, s.getType(), p)), lowest)));
    }
    return ContractOp::create(b, loc, weights, v, "abc,acd->abd");
  }
  /// Learned rows before the tokens'.
  Value prefixed(Value x, Value y) {
    Value learned = view(body->getArgument(2), {B, 2, width}, {at(0), d(1), d(2)});
    Value all = ConcatOp::create(b, loc, ValueRange{learned, y}, 1);
    Dim keys = T + Dim(2);
    Value i = query(keys), j = key(keys);
    Value p = compare(Predicate::le, j, binary("add", i, number(1 + pick(3), i)));
    if (chance() < .5)
      p = binary("and", p, compare(Predicate::lt, binary("sub", binary("add", i, number(2, i)), j), number(3, i)));
    Value s = ContractOp::create(b, loc, x, all, "abc,adc->abd");
    s = SelectOp::create(b, loc, s.getType(), spread(p, {B, T, keys}), s, number(-FLT_MAX, s));
    return ContractOp::create(b, loc, softmax(s), all, "abc,acd->abd");
  }
  Value largestSeen(Value x) {
    SmallVector<Dim> dims = {B, T, T, width};
    Value p = view(predicate(), dims, {d(1), d(2)}), all = view(x, dims, {d(0), d(2), d(3)});
    Value s = SelectOp::create(b, loc, all.getType(), p, all, number(-FLT_MAX, all));
    return TanhOp::create(b, loc, view(MaxOp::create(b, loc, s, {2}), {B, T, width}, {d(0), d(1), at(0), d(2)}));
  }
  Value make(Value x, Value y) {
    auto zeros = [&](int64_t n) { return number(0, {B, n, width}, b.getF32Type()); };
    auto cut = [&](Value v, const Dim &n, int64_t from) { return view(v, {B, n, width}, {d(0), d(1) + from, d(2)}); };
    switch (pick(14)) {
    case 0: case 1: case 2: case 3: case 4: case 5:
      return attention(x, y);
    case 6:
      return CumSumOp::create(b, loc, binary("mul", x, number(.3, x)), 1);
    case 7:
      return ConcatOp::create(b, loc, ValueRange{zeros(1), cut(x, T - Dim(1), 0)}, 1);
    case 8:
      return cut(ConcatOp::create(b, loc, ValueRange{zeros(2), x}, 1), T, pick(3));
    case 9: {
      Value i = view(IotaOp::create(b, loc, T), dimsOf(x), {d(1)});
      return binary("mul", x, binary("mul", CastOp::create(b, loc, x.getType(), i), number(.1, x)));
    }
    case 10:
      return TanhOp::create(b, loc, binary("add", x, y));
    case 11:
      return largestSeen(x);
    case 12: {
      if (chance() < .7)
        return binary("mul", x, number(.5, x));
      return binary("add", x, view(SumOp::create(b, loc, y, {1}), dimsOf(x), {d(0), at(0), d(2)}));
    }
    default:
      return prefixed(x, y);
    }
  }
  void step() {
    Value x = pool[pick(pool.size())], y = pool[pick(pool.size())];
    Value z = make(x, y);
    pool.push_back(chance() < .4 ? z : binary("add", x, z));
  }

  const Dim B = Dim::symbol("B"), T = Dim::symbol("T");
  std::mt19937_64 random;
  OwningOpRef<ModuleOp> module;
  OpBuilder b;
  Location loc;
  func::FuncOp function;
  Block *body;
  SmallVector<Value> pool;
};

} // namespace

OwningOpRef<ModuleOp> sinter::test::causal::randomProgram(MLIRContext &context, uint64_t seed) {
  return Program(context, seed).take();
}

std::vector<RefTensor> sinter::test::causal::randomInputs(func::FuncOp function, int64_t batch, int64_t rows, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<RefTensor> inputs;
  for (Type type : function.getArgumentTypes()) {
    auto tensor = cast<ir::TensorType>(type);
    RefTensor value{{}, tensor.getElementType(), {}};
    int64_t count = 1;
    for (const Dim &dim : tensor.getShapeDims()) {
      value.shape.push_back(dim.constant().value_or(dim == Dim::symbol("B") ? batch : rows));
      count *= value.shape.back();
    }
    for (int64_t i = 0; i < count; ++i)
      value.data.push_back(tensor.getElementType().isF32() ? std::normal_distribution<double>(0, .6)(random)
                                                           : static_cast<double>(random() % vocabulary));
    inputs.push_back(std::move(value));
  }
  return inputs;
}

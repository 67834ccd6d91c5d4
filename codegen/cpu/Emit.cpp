// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The function under construction: frame, integers, sizes of dimensions, loops. Addresses are in Address.cpp.
#include "codegen/cpu/Emit.h"

using namespace mlir;

namespace sinter::cpu {

Emitter::Emitter(ModuleOp code, StringRef name, Operation *skeleton, ArrayRef<std::string> symbols,
                 const CpuTarget &target)
    : b(skeleton->getLoc(), code.getContext()), skeleton(skeleton), target(target), symbols(symbols) {
  MLIRContext *context = code.getContext();
  pointerType = LLVM::LLVMPointerType::get(context);
  b.setInsertionPointToEnd(code.getBody());
  Type i64 = b.getI64Type();
  function = func::FuncOp::create(b, name, b.getFunctionType({pointerType, pointerType, i64, i64}, {b.getI32Type()}));
  Block *entry = function.addEntryBlock();
  b.setInsertionPointToStart(entry);
  Value ok = arith::ConstantOp::create(b, b.getI32IntegerAttr(0));
  Value one = constant(1);
  items = scf::ForOp::create(b, entry->getArgument(2), entry->getArgument(3), one, ValueRange{ok});
  item = items.getInductionVar();
  status = items.getRegionIterArg(0);
  b.setInsertionPoint(items);
  for (unsigned i = 0, n = skeleton->getNumOperands() + skeleton->getNumResults(); i < n; ++i) {
    Value slot =
        LLVM::GEPOp::create(b, pointerType, pointerType, entry->getArgument(0), ArrayRef<LLVM::GEPArg>{int32_t(i)});
    pointers.push_back(LLVM::LoadOp::create(b, pointerType, slot));
  }
  b.setInsertionPointToEnd(items.getBody());
}

void Emitter::finish() {
  scf::YieldOp::create(b, status);
  b.setInsertionPointAfter(items);
  func::ReturnOp::create(b, items.getResult(0));
}

void Emitter::callShared(StringRef name, ValueRange arguments, llvm::function_ref<void(ValueRange)> body) {
  auto module = function->getParentOfType<ModuleOp>();
  auto shared = module.lookupSymbol<LLVM::LLVMFuncOp>(name);
  if (!shared) {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToEnd(module.getBody());
    auto type =
        LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(b.getContext()), llvm::to_vector(arguments.getTypes()));
    shared = LLVM::LLVMFuncOp::create(b, name, type, LLVM::Linkage::Internal);
    shared.setNoInline(true);
    b.setInsertionPointToStart(shared.addEntryBlock(b));
    body(shared.getArguments());
    LLVM::ReturnOp::create(b, ValueRange());
  }
  LLVM::CallOp::create(b, shared, arguments);
}

void Emitter::reportIndex(Value isBad) {
  Value bad = arith::ConstantOp::create(b, b.getI32IntegerAttr(1));
  status = arith::SelectOp::create(b, isBad, bad, status);
}

//===-- i64 --===//

Value Emitter::constant(int64_t value) { return arith::ConstantOp::create(b, b.getI64IntegerAttr(value)); }
Value Emitter::add(Value x, Value y) { return b.createOrFold<arith::AddIOp>(x, y); }
Value Emitter::sub(Value x, Value y) { return b.createOrFold<arith::SubIOp>(x, y); }
Value Emitter::mul(Value x, Value y) { return b.createOrFold<arith::MulIOp>(x, y); }
Value Emitter::div(Value x, Value y) { return b.createOrFold<arith::DivUIOp>(x, y); }
Value Emitter::rem(Value x, Value y) { return b.createOrFold<arith::RemUIOp>(x, y); }
Value Emitter::min(Value x, Value y) { return b.createOrFold<arith::MinSIOp>(x, y); }
Value Emitter::max(Value x, Value y) { return b.createOrFold<arith::MaxSIOp>(x, y); }

Value Emitter::floorDiv(Value x, Value y, bool isNonNegative) {
  if (isNonNegative)
    return div(x, y);
  Value quotient = b.createOrFold<arith::DivSIOp>(x, y);
  Value rest = sub(x, mul(quotient, y));
  Value isBelow = arith::CmpIOp::create(b, arith::CmpIPredicate::slt, rest, constant(0));
  return sub(quotient, arith::ExtUIOp::create(b, b.getI64Type(), isBelow));
}

Value Emitter::size(const Dim &dim) {
  if (std::optional<int64_t> value = dim.constant())
    return constant(*value);
  std::string text = dim.str();
  if (auto known = sizes.find(text); known != sizes.end())
    return known->second;
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPoint(items);
  Value sum = constant(0);
  for (const auto &[monomial, coefficient] : dim.getTerms()) {
    Value product = constant(coefficient);
    for (const std::string &atom : monomial)
      product = mul(product, sizeOfAtom(atom));
    sum = add(sum, product);
  }
  return sizes[text] = sum;
}

/// A symbol, or `floordiv(a, b)`, `min(a, b)` in canonical text.
Value Emitter::sizeOfAtom(const std::string &text) {
  if (const std::string *place = llvm::find(symbols, text); place != symbols.end()) {
    int32_t number = place - symbols.begin();
    Value &value = sizes["symbol " + text];
    if (!value) {
      Value slot =
          LLVM::GEPOp::create(b, pointerType, b.getI64Type(), function.getArgument(1), ArrayRef<LLVM::GEPArg>{number});
      value = LLVM::LoadOp::create(b, b.getI64Type(), slot);
    }
    return value;
  }
  StringRef rest = text;
  bool isMin = rest.consume_front("min(");
  if ((isMin || rest.consume_front("floordiv(")) && rest.consume_back(")")) {
    int depth = 0;
    for (size_t i = 0; i < rest.size(); ++i) {
      depth += rest[i] == '(' ? 1 : rest[i] == ')' ? -1 : 0;
      if (depth != 0 || rest[i] != ',')
        continue;
      std::optional<Dim> left = Dim::parse(rest.take_front(i).trim()),
                         right = Dim::parse(rest.drop_front(i + 1).trim());
      assert(left && right && "a canonical atom has two dimensions");
      Value x = size(*left), y = size(*right);
      return isMin ? min(x, y) : floorDiv(x, y, false);
    }
  }
  // lowerKernel has checked that all symbols are the function's.
  llvm_unreachable("a dimension with an unknown atom");
}

SmallVector<Value> Emitter::delinearize(Value flat, ArrayRef<Dim> dims) {
  SmallVector<Value> index(dims.size());
  for (size_t i = dims.size(); i-- > 0;) {
    if (i == 0) {
      index[0] = flat;
      break;
    }
    Value extent = size(dims[i]);
    index[i] = rem(flat, extent);
    flat = div(flat, extent);
  }
  return index;
}

//===-- Control --===//

Emitter::Values Emitter::loop(Value from, Value to, int64_t step, ValueRange init,
                              llvm::function_ref<Values(Value, ValueRange)> body) {
  scf::ForOp loop = scf::ForOp::create(b, from, to, constant(step), init);
  OpBuilder::InsertionGuard guard(b);
  if (init.empty())
    b.setInsertionPoint(loop.getBody()->getTerminator());
  else
    b.setInsertionPointToEnd(loop.getBody());
  Values results = body(loop.getInductionVar(), loop.getRegionIterArgs());
  if (!init.empty())
    scf::YieldOp::create(b, results);
  return Values(loop.getResults());
}

void Emitter::loop(Value from, Value to, int64_t step, llvm::function_ref<void(Value)> body) {
  loop(from, to, step, {}, [&](Value i, ValueRange) -> Values { return body(i), Values(); });
}

Emitter::Values Emitter::when(Value condition, ValueRange otherwise, llvm::function_ref<Values()> then) {
  scf::IfOp branch = scf::IfOp::create(b, TypeRange(otherwise), condition, /*withElseRegion=*/!otherwise.empty());
  OpBuilder::InsertionGuard guard(b);
  if (otherwise.empty()) {
    b.setInsertionPoint(branch.thenBlock()->getTerminator());
    then();
    return {};
  }
  b.setInsertionPointToEnd(branch.thenBlock());
  scf::YieldOp::create(b, then());
  b.setInsertionPointToEnd(branch.elseBlock());
  scf::YieldOp::create(b, otherwise);
  return Values(branch.getResults());
}

Emitter::Values Emitter::blocks(Value from, Value to, std::optional<int64_t> length, Point point, ValueRange init,
                                llvm::function_ref<Values(const Point &, ValueRange)> body) {
  bool mayBeWhole = !length || *length >= lanes, mayHaveRest = !length || *length % lanes != 0;
  Values carried(init);
  Value middle = from;
  if (mayBeWhole) {
    middle = mayHaveRest ? add(from, mul(div(sub(to, from), constant(lanes)), constant(lanes))) : to;
    carried = loop(from, middle, lanes, carried, [&](Value at, ValueRange values) {
      point.index[point.lane] = at;
      return body(point, values);
    });
  }
  if (!mayHaveRest)
    return carried;
  Value hasRest = arith::CmpIOp::create(b, arith::CmpIPredicate::slt, middle, to);
  return when(hasRest, carried, [&] {
    point.index[point.lane] = middle;
    point.count = sub(to, middle);
    point.mask = firstLanes(point.count);
    return body(point, carried);
  });
}

//===-- Lanes --===//

Value Emitter::splat(Value scalar) { return vector::BroadcastOp::create(b, laneType(scalar.getType()), scalar); }

Value Emitter::floatLanes(float value) {
  return arith::ConstantOp::create(b, DenseElementsAttr::get(laneType(b.getF32Type()), value));
}
Value Emitter::doubleLanes(double value) {
  return arith::ConstantOp::create(b, DenseElementsAttr::get(laneType(b.getF64Type()), value));
}
Value Emitter::intLanes(int32_t value) {
  return arith::ConstantOp::create(b, DenseElementsAttr::get(laneType(b.getI32Type()), value));
}
Value Emitter::longLanes(int64_t value) {
  return arith::ConstantOp::create(b, DenseElementsAttr::get(laneType(b.getI64Type()), value));
}

Value Emitter::iota() {
  static constexpr int32_t numbers[lanes] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  return arith::ConstantOp::create(b, DenseElementsAttr::get(laneType(b.getI32Type()), ArrayRef<int32_t>(numbers)));
}

Value Emitter::firstLanes(Value count) {
  Value narrow = arith::TruncIOp::create(b, b.getI32Type(), min(count, constant(lanes)));
  return arith::CmpIOp::create(b, arith::CmpIPredicate::slt, iota(), splat(narrow));
}

} // namespace sinter::cpu

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// --sinter-derive-decode: a module with a function that is proven `causal T` in; beside it, `extend`, which computes the
// new rows of many sequences from what it keeps of the old ones, and `begin`, which computes what no row changes.
#include "passes/Passes.h"
#include "passes/decoding/Derivation.h"

namespace sinter::passes {
#define GEN_PASS_DEF_DERIVEDECODE
#include "passes/Passes.h.inc"
} // namespace sinter::passes

using namespace mlir;
using namespace sinter;
using namespace sinter::ir;

namespace sinter::passes {

static ir::TensorType typeOf(Value value) { return cast<ir::TensorType>(value.getType()); }

//===-- The function --===//

Derivation::Derivation(func::FuncOp function, const TimeFacts &facts)
    : TimeRows(OpBuilder(function.getContext()), facts), function(function), stages(function, facts) {
  for (BlockArgument argument : function.getArguments())
    if (stages.of(argument) == Stage::Time)
      tokens = argument;
  sequences = typeOf(tokens).getDim(0);
  std::set<std::string> taken = boundSymbols(function.getArgumentTypes());
  auto fresh = [&](std::string name) {
    while (!taken.insert(name).second)
      name += "_";
    return Dim::symbol(name);
  };
  news = fresh("N");
  pages = fresh("P");
  poolPages = fresh("Q");
  sources = fresh("R");
  entry = std::make_unique<Block>();
  levels.push_back(std::make_unique<Level>(Level{function, entry.get(), {}, {}, {}}));
}

Derivation::~Derivation() {
  // What was built before an error goes, uses first.
  for (auto &level : levels)
    if (entry && level->block)
      level->block->dropAllReferences();
}

/// length[b] + min(n, count[b] - 1): rows that do not count repeat the last one that does, so that no position is out of range.
void Derivation::buildPositions() {
  builder.setInsertionPointToEnd(entry.get());
  Location loc = function.getLoc();
  auto integers = [&](ArrayRef<Dim> dims) { return ir::TensorType::get(function.getContext(), dims, builder.getI32Type()); };
  AffineExpr b = builder.getAffineDimExpr(0), n = builder.getAffineDimExpr(1);
  auto add = [&](Value x, Value y) { return AddOp::create(builder, loc, x.getType(), x, y); };
  ir::TensorType one = integers({sequences, Dim(1)}), all = integers({sequences, news});
  lastNew = SubOp::create(builder, loc, one, view(count, one.getShapeDims(), {b}), number(1, one.getShapeDims(), builder.getI32Type()));
  lastPositions = add(view(length, one.getShapeDims(), {b}), lastNew);
  Value each = view(IotaOp::create(builder, loc, news), all.getShapeDims(), {n});
  Value most = view(lastNew, all.getShapeDims(), {b, builder.getAffineConstantExpr(0)});
  newPositions = add(view(length, all.getShapeDims(), {b}), MinimumOp::create(builder, loc, all, each, most));
}

/// A result at each sequence's last row, without its axis of time.
Value Derivation::result(Value original) {
  RowSets sets = natural(original);
  unsigned time = 0;
  for (auto [axis, set] : llvm::enumerate(sets.axes))
    if (set.isSome()) {
      set.kind = RowSet::Kind::Last;
      time = axis;
    }
  Value value = at(original, sets);
  if (!value)
    return nullptr;
  builder.setInsertionPointToEnd(entry.get());
  time += isBatched(original, value);
  SmallVector<Dim> dims = typeOf(value).getShapeDims();
  dims.erase(dims.begin() + time);
  SmallVector<AffineExpr> index;
  for (unsigned axis = 0; axis < dims.size(); ++axis)
    index.push_back(builder.getAffineDimExpr(axis));
  index.insert(index.begin() + time, builder.getAffineConstantExpr(0));
  return view(value, dims, index);
}

LogicalResult Derivation::run() {
  auto integers = [&](ArrayRef<Dim> dims) { return ir::TensorType::get(function.getContext(), dims, builder.getI32Type()); };
  auto name = function.getArgAttrOfType<StringAttr>(tokens.getArgNumber(), "sinter.name");
  Location loc = function.getLoc();
  auto newType = ir::TensorType::get(function.getContext(), ArrayRef<Dim>{sequences, news}, typeOf(tokens).getElementType());
  newTokens = arguments[addArgument(newType, name ? name.str() : "tokens", loc)].value;
  count = arguments[addArgument(integers({sequences}), "count", loc)].value;
  length = arguments[addArgument(integers({sequences}), "length", loc)].value;
  pageTable = arguments[addArgument(integers({sequences, pages}), "pages", loc)].value;
  buildPositions();
  SmallVector<Value> results;
  for (Value original : function.front().getTerminator()->getOperands()) {
    results.push_back(result(original));
    if (!results.back())
      return failure();
  }
  if (failed(buildBegin()))
    return failure();
  finish(results);
  return success();
}

void Derivation::finish(ArrayRef<Value> results) {
  SmallVector<Value> all(results);
  for (auto [argument, next] : stateResults) {
    arguments[argument].state = all.size();
    all.push_back(next);
  }
  builder.setInsertionPointToEnd(entry.get());
  func::ReturnOp::create(builder, function.getLoc(), all);
  builder.setInsertionPointAfter(function);
  auto extend = func::FuncOp::create(builder, function.getLoc(), "extend",
                                     builder.getFunctionType(entry->getArgumentTypes(), ValueRange(all).getTypes()));
  extend.getBody().push_back(entry.release());
  auto number = [&](int64_t value) { return builder.getI64IntegerAttr(value); };
  for (auto [i, argument] : llvm::enumerate(arguments)) {
    extend.setArgAttr(i, "sinter.name", builder.getStringAttr(argument.name));
    if (argument.defaultValue)
      extend.setArgAttr(i, "sinter.default", argument.defaultValue);
    if (argument.state)
      extend.setArgAttr(i, "sinter.state", number(*argument.state));
    if (argument.begin)
      extend.setArgAttr(i, "sinter.begin", number(*argument.begin));
  }
  for (unsigned i = 0; i < all.size(); ++i) {
    Attribute name = i < results.size() ? function.getResultAttr(i, "sinter.name") : nullptr;
    extend.setResultAttr(i, "sinter.name", name ? name : builder.getStringAttr("next" + std::to_string(i - results.size())));
  }
  if (window && *window > 0)
    extend->setAttr("sinter.window", number(*window));
}

} // namespace sinter::passes

//===-- The pass --===//

namespace {
struct DeriveDecode : passes::impl::DeriveDecodeBase<DeriveDecode> {
  using DeriveDecodeBase::DeriveDecodeBase;

  /// An input along time that may be left out is left out: sequences have lengths instead.
  LogicalResult dropDefaults(func::FuncOp function, StringRef symbol) {
    OpBuilder builder = OpBuilder::atBlockBegin(&function.front());
    TimeFacts facts(symbol);
    unsigned growing = 0;
    for (unsigned i = function.getNumArguments(); i-- > 0;) {
      BlockArgument argument = function.getArgument(i);
      if (llvm::none_of(facts.axes(argument), [](auto offset) { return offset.has_value(); }))
        continue;
      auto value = function.getArgAttrOfType<FloatAttr>(i, "sinter.default");
      if (!value) {
        ++growing;
        auto type = cast<ir::TensorType>(argument.getType());
        if (type.rank() != 2 || !type.getDim(0).symbolName() || facts.offset(type.getDim(1)) != 0)
          return function.emitError() << "decoding cannot be derived: the argument along " << symbol << " is a "
                                      << type << ", not rows of tokens [B, " << symbol << "]";
        continue;
      }
      Value number = ConstantOp::create(builder, argument.getLoc(), argument.getType(),
                                        builder.getDenseF64ArrayAttr({value.getValueAsDouble()}));
      argument.replaceAllUsesWith(number);
      if (failed(function.eraseArgument(i)))
        return failure();
    }
    if (growing != 1)
      return function.emitError() << "decoding cannot be derived: " << growing << " arguments without a default have an axis "
                                  << symbol << "; one, the tokens, is expected";
    return success();
  }

  /// What no row changes, and no layer, is said before the layers: then it is kept once.
  static bool hoist(Operation *op, const passes::Stages &stages, RepeatOp repeat) {
    auto isEarly = [&](Value value) { return stages.of(value) != passes::Stage::Time; };
    auto isOutside = [&](Value value) { return value.getParentBlock() != &repeat.getBlock(); };
    if (op->getNumRegions() || op->getNumResults() == 0 || !llvm::all_of(op->getResults(), isEarly))
      return false;
    for (Value operand : op->getOperands())
      if (!isOutside(operand) && (!operand.getDefiningOp() || !hoist(operand.getDefiningOp(), stages, repeat)))
        return false;
    op->moveBefore(repeat);
    return true;
  }
  static void hoistFromLayers(func::FuncOp function, const passes::Stages &stages) {
    for (auto repeat : function.getOps<RepeatOp>())
      for (Operation &op : llvm::make_early_inc_range(repeat.getBlock().without_terminator()))
        if (llvm::any_of(op.getResults(), [&](Value value) { return stages.of(value) == passes::Stage::Begin; }))
          hoist(&op, stages, repeat);
  }

  LogicalResult derive(func::FuncOp original) {
    auto symbol = original->getAttrOfType<StringAttr>("sinter.causal");
    if (!symbol)
      return original.emitError() << "`" << original.getSymName()
                                  << "` does not say `causal T`: decoding is derived from a function that does";
    for (StringRef name : {"extend", "begin"})
      if (getOperation().lookupSymbol(name))
        return original.emitError() << "decoding cannot be derived: there is a function `" << name << "` already";
    func::FuncOp function = original.clone();
    OpBuilder(original).insert(function);
    function.setSymName((original.getSymName() + "$rows").str());
    LogicalResult result = dropDefaults(function, symbol.getValue());
    if (succeeded(result)) {
      TimeFacts facts(symbol.getValue());
      facts.run(function.front());
      hoistFromLayers(function, passes::Stages(function, facts));
      result = passes::Derivation(function, facts).run();
    }
    function.erase();
    return result;
  }

  void runOnOperation() override {
    auto found = getOperation().lookupSymbol<func::FuncOp>(from);
    if (!found || found.isExternal()) {
      getOperation().emitError() << "decoding cannot be derived: there is no function `" << from << "`";
      return signalPassFailure();
    }
    if (failed(derive(found)))
      return signalPassFailure();
    if (alone)
      for (auto function : llvm::make_early_inc_range(getOperation().getOps<func::FuncOp>()))
        if (function.getSymName() != "extend" && function.getSymName() != "begin")
          function.erase();
  }
};
} // namespace

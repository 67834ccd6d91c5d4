// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which way a value is had at some rows: from its op, from state, from an input, or from a restricted loop.
#include "passes/decoding/Derivation.h"

#include "mlir/IR/IRMapping.h"
#include "mlir/Transforms/RegionUtils.h"

using namespace mlir;
using namespace sinter::ir;

namespace sinter::passes {

static ir::TensorType typeOf(Value value) { return cast<ir::TensorType>(value.getType()); }

//===-- Stages --===//

Stages::Stages(func::FuncOp function, const TimeFacts &facts) : facts(facts) {
  std::optional<Dim> sequences;
  for (BlockArgument argument : function.getArguments())
    if (llvm::any_of(facts.axes(argument), [](auto offset) { return offset.has_value(); }))
      sequences = typeOf(argument).getDim(0);
  for (BlockArgument argument : function.getArguments()) {
    ir::TensorType type = typeOf(argument);
    bool isPerSequence = type.rank() == 1 && sequences && type.getDim(0) == *sequences;
    join(argument, isPerSequence ? Stage::Parameters : Stage::Begin);
  }
  visit(function.front());
}

void Stages::join(Value value, Stage stage) {
  bool hasTime = llvm::any_of(facts.axes(value), [](auto offset) { return offset.has_value(); });
  Stage &known = stages.try_emplace(value, Stage::Parameters).first->second;
  known = std::max({known, stage, hasTime ? Stage::Time : Stage::Parameters});
}

void Stages::visit(Block &block) {
  for (Operation &op : block.without_terminator()) {
    auto repeat = dyn_cast<RepeatOp>(op);
    if (!repeat) {
      Stage stage = Stage::Parameters;
      for (Value operand : op.getOperands())
        stage = std::max(stage, of(operand));
      for (Value result : op.getResults())
        join(result, stage);
      continue;
    }
    Block &body = repeat.getBlock();
    unsigned carried = repeat.getCarried().size();
    for (auto [argument, operand] : llvm::zip(body.getArguments(), repeat->getOperands()))
      join(argument, of(operand));
    // A stage only rises: as many rounds as there are carried values are enough, and one more shows it.
    for (unsigned round = 0; round <= carried + 1; ++round) {
      visit(body);
      for (auto [argument, next] : llvm::zip(body.getArguments().take_front(carried), body.getTerminator()->getOperands()))
        join(argument, of(next));
    }
    for (auto [result, next] : llvm::zip(repeat.getResults(), body.getTerminator()->getOperands()))
      join(result, of(next));
  }
}

//===-- Values --===//

Level &Derivation::levelOf(Value original) {
  Operation *source = original.getParentBlock()->getParentOp();
  for (auto &level : llvm::reverse(levels))
    if (level->source == source)
      return *level;
  llvm_unreachable("a value of a loop that is not being built");
}

RowSets Derivation::natural(Value original) const {
  RowSets sets(typeOf(original).rank());
  for (auto [axis, offset] : llvm::enumerate(facts.axes(original)))
    if (offset)
      sets[axis] = {RowSet::Kind::New, *offset};
  return sets;
}

Value Derivation::at(Value original, const RowSets &sets) {
  auto find = [&]() -> Value {
    for (auto &[have, value] : known[original])
      if (have == sets)
        return value;
    return nullptr;
  };
  if (Value value = find())
    return value;
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToEnd(levelOf(original).block);
  Value value = compute(original, sets);
  if (!value)
    return nullptr;
  if (Value value = find()) // a loop makes all its results at once
    return value;
  known[original].push_back({sets, value});
  return value;
}

/// Whether one time axis, and which; nothing where there are none or several.
static std::optional<unsigned> onlyTimeAxis(const TimeFacts &facts, Value value) {
  std::optional<unsigned> found;
  for (auto [axis, offset] : llvm::enumerate(facts.axes(value)))
    if (offset) {
      if (found)
        return std::nullopt;
      found = axis;
    }
  return found;
}

Value Derivation::compute(Value original, const RowSets &sets) {
  Operation *op = original.getDefiningOp();
  auto fromOp = [&]() -> Value {
    if (auto argument = dyn_cast<BlockArgument>(original))
      return argumentAt(argument, sets);
    if (isa<RepeatOp>(op))
      return stages.of(original) == Stage::Time ? repeatAt(cast<OpResult>(original), sets) : copy(cast<OpResult>(original));
    return cast<TimeAware>(op).atRows(*this, cast<OpResult>(original).getResultNumber(), sets);
  };
  if (stages.of(original) == Stage::Begin && !isa_and_nonnull<ViewOp>(op))
    return early(original);
  if (stages.of(original) != Stage::Time || facts.of(original).reads.empty())
    return fromOp();

  std::optional<unsigned> axis = onlyTimeAxis(facts, original);
  if (!axis) {
    if (llvm::all_of(sets.axes, [](RowSet set) { return !set.isSome(); }))
      return fail(op ? op : function, "is wanted at every pair of old rows: that state would grow with their square");
    return fromOp();
  }
  RowSet set = sets[*axis];
  int64_t offset = *facts.axes(original)[*axis];
  if (set.isSome() && set.shift == offset) {
    if (set.kind == RowSet::Kind::Last)
      for (auto &[have, value] : known[original])
        if (have == natural(original))
          return lastOfNew(value, *axis);
    return fromOp();
  }
  // Old rows are wanted. A value of other rows than the tokens' is computed anew; so is what a view only rearranges.
  auto view = dyn_cast_or_null<ViewOp>(op);
  if (offset != 0 || (view && onlyTimeAxis(facts, view.getInput()) && isNoLarger(view)))
    return fromOp();
  Value all = cached(original);
  if (!all || set.kind == RowSet::Kind::All)
    return all;
  if (set.shift > 0)
    return fail(op ? op : function, "is wanted at later rows");
  lookBack(-set.shift);
  Value places = positions(set);
  Value zero = number(0, typeOf(places).getShapeDims(), typeOf(places).getElementType());
  return pickRows(all, *axis, MaximumOp::create(builder, places.getLoc(), places.getType(), places, zero));
}

/// The same argument of @extend: one number for each row of the call.
Value Derivation::perSequence(BlockArgument original) {
  unsigned number = original.getArgNumber();
  auto name = function.getArgAttrOfType<StringAttr>(number, "sinter.name");
  unsigned argument = addArgument(original.getType(), name ? name.str() : "argument", original.getLoc());
  arguments[argument].defaultValue = function.getArgAttr(number, "sinter.default");
  return arguments[argument].value;
}

Value Derivation::argumentAt(BlockArgument original, const RowSets &sets) {
  auto repeat = dyn_cast<RepeatOp>(original.getOwner()->getParentOp());
  if (!repeat && original != tokens) // all else is `early`
    return perSequence(original);
  if (!repeat)
    return sets[1].kind == RowSet::Kind::Last ? lastOfNew(newTokens, 1) : newTokens;
  unsigned carried = repeat.getCarried().size(), number = original.getArgNumber();
  if (number < carried || stages.of(original) == Stage::Time)
    return fail(repeat, "hands on a value along time whose rows are wanted otherwise inside");
  Value stack = at(repeat.getStacked()[number - carried], RowSets(typeOf(original).rank() + 1));
  if (!stack)
    return nullptr;
  Level &level = levelOf(original);
  level.stacked.push_back(stack);
  return level.block->addArgument(original.getType(), original.getLoc());
}

//===-- Loops --===//

Value Derivation::copy(OpResult original) {
  IRMapping mapping;
  Operation *op = original.getOwner();
  SetVector<Value> used;
  getUsedValuesDefinedAbove(op->getRegions(), used);
  used.insert(op->operand_begin(), op->operand_end());
  for (Value value : used) {
    Value now = at(value, RowSets(typeOf(value).rank()));
    if (!now)
      return nullptr;
    mapping.map(value, now);
  }
  Operation *clone = builder.clone(*op, mapping);
  for (auto [result, now] : llvm::zip(op->getResults(), clone->getResults()))
    known[result].push_back({RowSets(typeOf(result).rank()), now});
  return clone->getResult(original.getResultNumber());
}

Value Derivation::repeatAt(OpResult original, const RowSets &sets) {
  std::optional<unsigned> axis = onlyTimeAxis(facts, original);
  auto repeat = cast<RepeatOp>(original.getOwner());
  if (!axis || !sets[*axis].isSome() || sets[*axis].shift != *facts.axes(original)[*axis])
    return fail(repeat, "is wanted at other rows than its layers compute");
  RowSets whole = natural(original);
  auto find = [&]() -> Value {
    for (auto &[have, value] : known[original])
      if (have == whole)
        return value;
    return nullptr;
  };
  if (!find() && !buildRepeat(repeat))
    return nullptr;
  return sets == whole ? find() : lastOfNew(find(), *axis);
}

bool Derivation::buildRepeat(RepeatOp op) {
  if (op->getParentOp() != function)
    return fail(op, "is a loop inside a loop"), false;
  Block &old = op.getBlock();
  unsigned carried = op.getCarried().size();
  levels.push_back(std::make_unique<Level>(Level{op, new Block(), {}, {}, {}}));
  Level &level = *levels.back();
  auto block = std::unique_ptr<Block>(level.block);
  SmallVector<Value> inits, yields;
  SmallVector<unsigned> kept;
  for (unsigned i = 0; i < carried; ++i) {
    BlockArgument argument = old.getArgument(i);
    if (stages.of(argument) == Stage::Begin)
      continue;
    if (llvm::count_if(facts.axes(argument), [](auto offset) { return offset.has_value(); }) > 1)
      return fail(op, "carries a value with two axes of time"), false;
    Value init = at(op.getCarried()[i], natural(argument));
    if (!init)
      return false;
    kept.push_back(i);
    inits.push_back(init);
    known[argument].push_back({natural(argument), level.block->addArgument(init.getType(), argument.getLoc())});
  }
  for (auto [slot, i] : llvm::enumerate(kept)) {
    Value original = old.getTerminator()->getOperand(i), next = at(original, natural(original));
    if (!next)
      return false;
    if (isBatched(old.getArgument(i), inits[slot]) && !isBatched(original, next)) {
      builder.setInsertionPointToEnd(level.block);
      next = spread(next);
    }
    if (next.getType() != inits[slot].getType())
      return fail(op, "carries positions along time that differ from layer to layer"), false;
    yields.push_back(next);
  }
  SmallVector<Type> types;
  for (Value init : inits)
    types.push_back(init.getType());
  SmallVector<unsigned> stacks;
  auto stackType = [&](Value slice) {
    SmallVector<Dim> dims = typeOf(slice).getShapeDims();
    dims.insert(dims.begin(), Dim(static_cast<int64_t>(op.getCount())));
    types.push_back(ir::TensorType::get(op.getContext(), ArrayRef<Dim>(dims), typeOf(slice).getElementType()));
  };
  for (unsigned i = carried; i < op.getNumResults(); ++i) {
    Value original = old.getTerminator()->getOperand(i);
    if (op.getResult(i).use_empty() || stages.of(op.getResult(i)) != Stage::Time)
      continue;
    Value slice = at(original, natural(original));
    if (!slice)
      return false;
    stacks.push_back(i);
    yields.push_back(slice);
    stackType(slice);
  }
  for (Value state : level.states) {
    yields.push_back(state);
    stackType(state);
  }
  builder.setInsertionPointToEnd(level.block);
  YieldOp::create(builder, op.getLoc(), yields);
  builder.setInsertionPointToEnd(levels.front()->block);
  auto built = RepeatOp::create(builder, op.getLoc(), op.getCount(), inits, level.stacked, types);
  Region &body = built.getBody();
  body.getBlocks().clear();
  body.push_back(block.release());
  unsigned next = 0;
  for (unsigned i : kept)
    known[op.getResult(i)].push_back({natural(op.getResult(i)), built.getResult(next++)});
  for (unsigned i : stacks)
    known[op.getResult(i)].push_back({natural(op.getResult(i)), built.getResult(next++)});
  for (unsigned argument : level.arguments)
    stateResults.push_back({argument, built.getResult(next++)});
  return true;
}

} // namespace sinter::passes

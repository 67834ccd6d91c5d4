// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a decode step keeps: pools of pages for rows that are wanted again, and what `begin` computes once.
#include "passes/decoding/Derivation.h"

#include "mlir/IR/IRMapping.h"
#include "mlir/Transforms/RegionUtils.h"

using namespace mlir;
using namespace sinter::ir;

namespace sinter::passes {

static ir::TensorType typeOf(Value value) { return cast<ir::TensorType>(value.getType()); }

//===-- Arguments --===//

unsigned Derivation::addArgument(Type type, std::string name, Location loc) {
  Value value = levels.front()->block->addArgument(type, loc);
  arguments.push_back({value, std::move(name), {}, {}, {}});
  return arguments.size() - 1;
}

std::pair<Value, unsigned> Derivation::addState(Level &level, ArrayRef<Dim> dims, Type element, Location loc) {
  SmallVector<Dim> whole(dims);
  auto repeat = dyn_cast<RepeatOp>(level.source);
  if (repeat)
    whole.insert(whole.begin(), Dim(static_cast<int64_t>(repeat.getCount())));
  unsigned argument = addArgument(ir::TensorType::get(element.getContext(), ArrayRef<Dim>(whole), element),
                                  "state" + std::to_string(numStates++), loc);
  Value value = arguments[argument].value;
  if (!repeat)
    return {value, argument};
  level.stacked.push_back(value);
  return {level.block->addArgument(ir::TensorType::get(element.getContext(), dims, element), loc), argument};
}

Value Derivation::sourceRows() {
  if (!sourceTable) {
    auto type = ir::TensorType::get(function.getContext(), ArrayRef<Dim>{sequences}, builder.getI32Type());
    sourceTable = arguments[addArgument(type, "source", function.getLoc())].value;
  }
  return sourceTable;
}

//===-- Pools of pages --===//

bool Derivation::isNoLarger(ViewOp view) const {
  auto size = [&](Value value) -> std::optional<int64_t> {
    Dim product(1);
    for (auto [dim, time] : llvm::zip(typeOf(value).getShapeDims(), facts.axes(value)))
      if (!time && dim != sequences)
        product = product * dim;
    return product.constant();
  };
  std::optional<int64_t> source = size(view.getInput()), result = size(view.getResult());
  return source && result && *source <= *result;
}

/// Whether contractions that read the rows of axis `time` keep them: then lanes run along the rows.
static bool isKeptByReaders(Value value, unsigned time, unsigned depth = 0) {
  for (OpOperand &use : value.getUses()) {
    if (auto contract = dyn_cast<ContractOp>(use.getOwner())) {
      auto parts = contract.getLabelParts();
      if (parts[2].contains(parts[use.getOperandNumber()][time]))
        return true;
    } else if (auto view = dyn_cast<ViewOp>(use.getOwner()); view && depth < 8) {
      AffineMap map = view.getMap().getMap();
      if (auto dim = dyn_cast<AffineDimExpr>(map.getResult(time)))
        if (isKeptByReaders(view.getResult(), dim.getPosition(), depth + 1))
          return true;
    }
  }
  return false;
}

Derivation::Pool Derivation::makePool(Value original) {
  ir::TensorType type = typeOf(original);
  std::optional<unsigned> own = sequenceAxis(type.getDims());
  Pool pool;
  SmallVector<Dim> dims = {poolPages};
  for (auto [axis, offset] : llvm::enumerate(facts.axes(original)))
    if (offset)
      pool.time = axis;
    else if (axis != own)
      dims.push_back(type.getDim(axis));
  pool.axis = isKeptByReaders(original, pool.time) ? dims.size() : 1;
  dims.insert(dims.begin() + pool.axis, Dim(pageRows));
  std::tie(pool.rows, pool.argument) = addState(levelOf(original), dims, type.getElementType(), original.getLoc());
  return pool;
}

Value Derivation::append(const Pool &pool, Value original, Value news) {
  ir::TensorType type = typeOf(news);
  std::optional<unsigned> own = sequenceAxis(type.getDims());
  // Sequences, rows, and the rest.
  SmallVector<Dim> dims = {sequences, this->news};
  SmallVector<AffineExpr> index(type.rank());
  index[*own] = builder.getAffineDimExpr(0);
  index[pool.time] = builder.getAffineDimExpr(1);
  for (unsigned axis = 0; axis < type.rank(); ++axis)
    if (axis != own && axis != pool.time) {
      index[axis] = builder.getAffineDimExpr(dims.size());
      dims.push_back(type.getDim(axis));
    }
  Value next = AppendOp::create(builder, original.getLoc(), pool.rows.getType(), pool.rows, pageTable, view(news, dims, index),
                                length, count, pool.axis);
  Level &level = levelOf(original);
  if (isa<RepeatOp>(level.source)) {
    level.states.push_back(next);
    level.arguments.push_back(pool.argument);
  } else {
    stateResults.push_back({pool.argument, next});
  }
  return next;
}

Value Derivation::readPages(const Pool &pool, Value pages, Value original) {
  // [B, P, page...] to the order of the original's axes, with pages and their rows joined.
  Value table = GatherOp::create(builder, original.getLoc(), pages, pageTable);
  std::optional<unsigned> own = sequenceAxis(typeOf(original).getDims());
  SmallVector<Dim> dims = typeOf(original).getShapeDims();
  dims[pool.time] = allRows();
  AffineExpr row = builder.getAffineDimExpr(pool.time);
  SmallVector<AffineExpr> index = {builder.getAffineDimExpr(*own), row.floorDiv(pageRows)};
  for (unsigned axis = 0; axis < dims.size(); ++axis)
    if (axis != own && axis != pool.time)
      index.push_back(builder.getAffineDimExpr(axis));
  index.insert(index.begin() + 1 + pool.axis, row % pageRows);
  return view(table, dims, index);
}

Value Derivation::cached(Value original) {
  if (Value value = caches.lookup(original))
    return value;
  if (!sequenceAxis(typeOf(original).getDims()))
    return fail(original.getDefiningOp() ? original.getDefiningOp() : function.getOperation(),
                "has rows of tokens but no axis of sequences");
  // The rows first: what they are computed from may have state of its own.
  Value news = at(original, natural(original));
  if (!news)
    return nullptr;
  Pool pool = makePool(original);
  return caches[original] = readPages(pool, append(pool, original, news), original);
}

void Derivation::lookBack(std::optional<int64_t> rows) {
  window = window && rows ? std::optional(std::max(*window, *rows)) : std::nullopt;
}

//===-- What @begin computes --===//

Value Derivation::early(Value original) {
  ir::TensorType type = typeOf(original);
  Operation *at = original.getDefiningOp() ? original.getDefiningOp() : function.getOperation();
  std::optional<unsigned> own = sequenceAxis(type.getDims());
  SmallVector<Dim> dims = type.getShapeDims();
  if (own)
    dims[*own] = sources;
  bool mixes = llvm::any_of(dims, [&](const Dim &dim) { return dim.symbols().count(*sequences.symbolName()); });
  if (mixes || own.value_or(0) != 0)
    return fail(at, "has another axis than the first for sequences");
  Value held;
  if (auto input = dyn_cast<BlockArgument>(original); input && input.getOwner()->getParentOp() == function) {
    auto name = function.getArgAttrOfType<StringAttr>(input.getArgNumber(), "sinter.name");
    unsigned argument = addArgument(ir::TensorType::get(type.getContext(), ArrayRef<Dim>(dims), type.getElementType()),
                                    name ? name.str() : "argument", input.getLoc());
    arguments[argument].defaultValue = function.getArgAttr(input.getArgNumber(), "sinter.default");
    held = arguments[argument].value;
  } else {
    unsigned argument;
    std::tie(held, argument) = addState(levelOf(original), dims, type.getElementType(), original.getLoc());
    arguments[argument].begin = earlyValues.size();
    earlyValues.push_back(original);
  }
  return own ? Value(GatherOp::create(builder, original.getLoc(), held, sourceRows())) : held;
}

namespace {
/// Copies what some values are computed from into @begin; of loops only what is asked for.
class Copier {
public:
  Copier(MLIRContext *context, Block *body) : outer(context), inner(context) { outer.setInsertionPointToEnd(body); }

  /// Null, after an error, where a loop would have to carry something.
  Value of(Value original) {
    if (Value value = mapping.lookupOrNull(original))
      return value;
    if (auto argument = dyn_cast<BlockArgument>(original))
      return slice(argument);
    Operation *op = original.getDefiningOp();
    SetVector<Value> used;
    getUsedValuesDefinedAbove(op->getRegions(), used);
    used.insert(op->operand_begin(), op->operand_end());
    for (Value value : used)
      if (!of(value))
        return nullptr;
    OpBuilder &place = op->getParentOp() == loop ? inner : outer;
    place.clone(*op, mapping);
    return mapping.lookup(original);
  }

  /// One stack for each of the loop's values.
  bool loopOf(RepeatOp repeat, ArrayRef<Value> originals, SmallVectorImpl<Value> &results) {
    loop = repeat;
    body = std::make_unique<Block>();
    inner.setInsertionPointToEnd(body.get());
    stacks.clear();
    SmallVector<Value> yields;
    SmallVector<Type> types;
    for (Value original : originals) {
      Value value = of(original);
      if (!value)
        return false;
      yields.push_back(value);
      SmallVector<Dim> dims = typeOf(value).getShapeDims();
      dims.insert(dims.begin(), Dim(static_cast<int64_t>(repeat.getCount())));
      types.push_back(ir::TensorType::get(repeat.getContext(), ArrayRef<Dim>(dims), typeOf(value).getElementType()));
    }
    YieldOp::create(inner, repeat.getLoc(), yields);
    auto built = RepeatOp::create(outer, repeat.getLoc(), repeat.getCount(), ValueRange(), stacks, types);
    built.getBody().getBlocks().clear();
    built.getBody().push_back(body.release());
    results.assign(built.result_begin(), built.result_end());
    loop = nullptr;
    return true;
  }

  IRMapping mapping;
  OpBuilder outer, inner;

private:
  Value slice(BlockArgument argument) {
    auto repeat = cast<RepeatOp>(argument.getOwner()->getParentOp());
    unsigned carried = repeat.getCarried().size();
    if (argument.getArgNumber() < carried) {
      repeat.emitError("decoding cannot be derived: repeat carries a value that does not depend on the rows beside one that does");
      return nullptr;
    }
    Value stack = of(repeat.getStacked()[argument.getArgNumber() - carried]);
    if (!stack)
      return nullptr;
    stacks.push_back(stack);
    Value value = body->addArgument(argument.getType(), argument.getLoc());
    mapping.map(argument, value);
    return value;
  }

  Operation *loop = nullptr;
  std::unique_ptr<Block> body;
  SmallVector<Value> stacks;
};
} // namespace

LogicalResult Derivation::buildBegin() {
  if (earlyValues.empty())
    return success();
  auto block = std::make_unique<Block>();
  Copier copier(function.getContext(), block.get());
  SmallVector<DictionaryAttr> argumentAttributes;
  for (BlockArgument argument : function.getArguments())
    if (argument != tokens) {
      copier.mapping.map(argument, block->addArgument(argument.getType(), argument.getLoc()));
      auto attributes = function.getArgAttrDict(argument.getArgNumber());
      argumentAttributes.push_back(attributes ? attributes : builder.getDictionaryAttr({}));
    }
  std::set<std::string> bound = boundSymbols(block->getArgumentTypes());
  for (CheckOp check : function.getOps<CheckOp>()) {
    std::set<std::string> used = check.getLhs().getDim().symbols(), right = check.getRhs().getDim().symbols();
    used.insert(right.begin(), right.end());
    if (llvm::all_of(used, [&](const std::string &name) { return bound.count(name); }))
      copier.outer.clone(*check, copier.mapping);
  }
  SmallVector<Value> results(earlyValues.size());
  std::map<Operation *, SmallVector<unsigned>> ofLoops;
  SmallVector<Operation *> loops;
  for (auto [i, value] : llvm::enumerate(earlyValues)) {
    Operation *parent = value.getParentBlock()->getParentOp();
    if (parent == function) {
      if (!(results[i] = copier.of(value)))
        return failure();
      continue;
    }
    if (ofLoops[parent].empty())
      loops.push_back(parent);
    ofLoops[parent].push_back(i);
  }
  for (Operation *loop : loops) {
    SmallVector<Value> wanted, stacks;
    for (unsigned i : ofLoops[loop])
      wanted.push_back(earlyValues[i]);
    if (!copier.loopOf(cast<RepeatOp>(loop), wanted, stacks))
      return failure();
    for (auto [i, stack] : llvm::zip(ofLoops[loop], stacks))
      results[i] = stack;
  }
  func::ReturnOp::create(copier.outer, function.getLoc(), results);
  builder.setInsertionPointAfter(function);
  auto begin = func::FuncOp::create(builder, function.getLoc(), "begin",
                                    builder.getFunctionType(block->getArgumentTypes(), ValueRange(results).getTypes()));
  begin.getBody().push_back(block.release());
  begin.setAllArgAttrs(argumentAttributes);
  for (unsigned i = 0; i < results.size(); ++i)
    begin.setResultAttr(i, "sinter.name", builder.getStringAttr("state" + std::to_string(i)));
  return success();
}

} // namespace sinter::passes

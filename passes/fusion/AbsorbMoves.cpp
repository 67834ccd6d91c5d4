// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Dense moves in, index maps out: a consumer reads the move's source through the composed map. Attention reads through
// the table of a gather too.
#include "passes/fusion/Fusion.h"
#include "passes/support/Maps.h"

#include "llvm/ADT/SmallPtrSet.h"

using namespace mlir;
using namespace sinter;
using namespace sinter::ir::kernel;
using passes::Input;
using passes::Inputs;

/// The move that makes `value` as a dense buffer from a dense one.
static MoveOp denseMove(Value value) {
  auto move = value.getDefiningOp<MoveOp>();
  if (!move || move.getType().isPanels() || cast<BufferType>(move.getInput().getType()).isPanels())
    return {};
  return move;
}

static void eraseIfDead(Operation *op) {
  if (op->use_empty())
    op->erase();
}

/// (batch..., rows..., k): what a contraction's left map takes.
static SmallVector<Dim> leftDomain(ContractOp contract) {
  SmallVector<Dim> domain = contract.getType().getShapeDims();
  domain.back() = cast<BufferType>(contract.getRhs().getType()).getShapeDims().back();
  return domain;
}

/// Queries, keys and values: read where they lie, as long as the maps stay linear.
static bool absorbInto(AttentionOp attention) {
  bool changed = false;
  bool isPaged = bool(attention.getPages());
  SmallVector<Dim> scores = attention.getDomain();
  StringAttr names[] = {attention.getQueryMapAttrName(), attention.getKeyMapAttrName(), attention.getValueMapAttrName()};
  for (unsigned i = 0; i < 3; ++i) {
    SmallVector<Dim> domain(scores);
    domain.back() = i == 2 ? attention.getType().getShapeDims().back() : attention.getDepth().getDim();
    if (i > 0)
      domain[domain.size() - 2] = scores.back();
    while (MoveOp move = i > 0 && isPaged ? MoveOp() : denseMove(attention->getOperand(i))) {
      ir::IndexMapAttr map = passes::compose(move.getMap(), attention->getAttrOfType<ir::IndexMapAttr>(names[i]), domain);
      if (!map.isLinear())
        break;
      attention->setOperand(i, move.getInput());
      attention->setAttr(names[i], map);
      passes::joinLocations(attention, move);
      eraseIfDead(move);
      changed = true;
    }
  }
  return changed;
}

namespace {
/// What an operand is once the moves before it and a gather are taken as one map.
struct Pool {
  GatherOp gather;
  ir::IndexMapAttr map; ///< to the table's axes, then to those of a page
  SmallVector<MoveOp> moves;
};
} // namespace

static Pool poolOf(Value operand, ir::IndexMapAttr map, ArrayRef<Dim> domain, unsigned keyAxis) {
  Pool pool{{}, map, {}};
  while (MoveOp move = denseMove(operand)) {
    pool.map = passes::compose(move.getMap(), pool.map, domain);
    pool.moves.push_back(move);
    operand = move.getInput();
  }
  auto gather = operand.getDefiningOp<GatherOp>();
  if (!gather)
    return pool;
  auto table = cast<BufferType>(gather.getTable().getType()), ids = cast<BufferType>(gather.getIds().getType());
  if (!table.isPanels() && holdsFloats(table.getElementType()) && pageRowsOf(pool.map, keyAxis, ids.rank()))
    pool.gather = gather;
  return pool;
}

/// Keys and values that are gathered by one table of pages are read where they lie, if they can be.
static bool absorbPages(AttentionOp attention) {
  if (attention.getPages())
    return false;
  SmallVector<Dim> keys = attention.getDomain(), values;
  unsigned keyAxis = attention.getBatch();
  keys[keyAxis] = keys.back();
  keys.back() = attention.getDepth().getDim();
  values = keys;
  values.back() = attention.getType().getShapeDims().back();
  Pool key = poolOf(attention.getKey(), attention.getKeyMap(), keys, keyAxis);
  Pool value = poolOf(attention.getValue(), attention.getValueMap(), values, keyAxis);
  if (!key.gather || !value.gather || key.gather.getIds() != value.gather.getIds())
    return false;
  attention.getKeyMutable().assign(key.gather.getTable());
  attention.getValueMutable().assign(value.gather.getTable());
  attention.getPagesMutable().assign(key.gather.getIds());
  attention.setKeyMapAttr(key.map);
  attention.setValueMapAttr(value.map);
  for (Pool *pool : {&key, &value}) {
    passes::joinLocations(attention, pool->gather);
    for (MoveOp move : pool->moves)
      passes::joinLocations(attention, move);
  }
  // A move or a gather may have been both keys' and values'.
  SmallVector<Operation *> gone(key.moves.begin(), key.moves.end());
  gone.append(value.moves.begin(), value.moves.end());
  gone.append({key.gather, value.gather});
  llvm::SmallPtrSet<Operation *, 8> erased;
  for (Operation *op : gone)
    if (!erased.contains(op) && op->use_empty()) {
      erased.insert(op);
      op->erase();
    }
  return true;
}

bool passes::absorbMovesInto(Operation *consumer) {
  bool changed = false;
  if (std::optional<Inputs> inputs = Inputs::of(consumer)) {
    for (unsigned i = 0; i < inputs->size(); ++i) {
      while (MoveOp move = denseMove(inputs->get(i).value)) {
        inputs->set(i, {move.getInput(), compose(move.getMap(), inputs->get(i).map, inputs->getDomain())});
        joinLocations(consumer, move);
        eraseIfDead(move);
        changed = true;
      }
    }
  }
  if (auto contract = dyn_cast<ContractOp>(consumer)) {
    while (MoveOp move = denseMove(contract.getLhs())) {
      ir::IndexMapAttr map = compose(move.getMap(), contract.getLhsMap(), leftDomain(contract));
      if (!map.isLinear())
        break;
      contract.getLhsMutable().assign(move.getInput());
      contract.setLhsMapAttr(map);
      joinLocations(consumer, move);
      eraseIfDead(move);
      changed = true;
    }
  }
  if (auto attention = dyn_cast<AttentionOp>(consumer))
    changed |= absorbPages(attention) || absorbInto(attention);
  if (auto append = dyn_cast<AppendOp>(consumer)) {
    while (MoveOp move = denseMove(append.getRows())) {
      append.setMapAttr(compose(move.getMap(), append.getMap(), append.getDomain()));
      append.getRowsMutable().assign(move.getInput());
      joinLocations(consumer, move);
      eraseIfDead(move);
      changed = true;
    }
  }
  if (auto outer = dyn_cast<MoveOp>(consumer)) {
    while (MoveOp move = denseMove(outer.getInput())) {
      outer.setMapAttr(compose(move.getMap(), outer.getMap(), outer.getType().getShapeDims()));
      outer.getInputMutable().assign(move.getInput());
      joinLocations(consumer, move);
      eraseIfDead(move);
      changed = true;
    }
    auto source = cast<BufferType>(outer.getInput().getType());
    if (outer.getType() == source && isIdentityOn(outer.getMap(), source.getShapeDims(), source.getShapeDims())) {
      outer.replaceAllUsesWith(outer.getInput());
      changed = true;
    }
  }
  return changed;
}

/// In program order, so that what a step erases is already behind it.
static void sweep(Block &block) {
  for (Operation &op : llvm::make_early_inc_range(block)) {
    passes::absorbMovesInto(&op);
    if (auto repeat = dyn_cast<RepeatOp>(op))
      sweep(repeat.getBlock());
    if (isOpTriviallyDead(&op))
      op.erase();
  }
}

void passes::absorbMoves(func::FuncOp function) {
  for (Block &block : function.getBody())
    sweep(block);
}

void passes::joinLocations(Operation *kept, Operation *gone) {
  kept->setLoc(FusedLoc::get(kept->getContext(), {kept->getLoc(), gone->getLoc()}));
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// --sinter-hoist-prepare: functions that read parameters in; functions that read prepared buffers out, and @prepare,
// which makes these buffers. Afterwards @prepare alone reads parameters.
#include "passes/Passes.h"
#include "passes/prepare/Prepare.h"
#include "passes/support/Maps.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Dominance.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Transforms/CSE.h"

#include <map>

namespace sinter::passes {
#define GEN_PASS_DEF_HOISTPREPARE
#include "passes/Passes.h.inc"
} // namespace sinter::passes

using namespace mlir;
using namespace sinter;
using namespace sinter::ir::kernel;

namespace {

/// One prepared buffer: who reads it, and the value of @prepare that fills it, held by its write.
struct Entry {
  WriteOp write;
  PreparedOp symbol;
  SmallVector<ReadOp> reads;
};

class Hoister {
public:
  explicit Hoister(ModuleOp module) : module(module), builder(module.getContext()), table(module) {}

  LogicalResult run() {
    if (Operation *taken = table.lookup("prepare"))
      return taken->emitError("the name 'prepare' is kept for the function that prepares parameters");
    SmallVector<func::FuncOp> functions(module.getOps<func::FuncOp>());
    if (functions.empty())
      return success();
    builder.setInsertionPoint(functions.front());
    prepare = func::FuncOp::create(builder, module.getLoc(), "prepare", builder.getFunctionType({}, {}));
    Block *body = prepare.addEntryBlock();
    builder.setInsertionPointToEnd(body);
    func::ReturnOp::create(builder, module.getLoc());
    for (func::FuncOp function : functions)
      if (!function.isExternal())
        hoist(function);
    share();
    gatherFromPanels();
    IRRewriter rewriter(builder);
    DominanceInfo dominance;
    for (func::FuncOp function : functions)
      if (!function.isExternal())
        eliminateCommonSubExpressions(rewriter, dominance, function);
    return success();
  }

private:
  void hoist(func::FuncOp function) {
    function.walk([](RepeatOp repeat) {
      passes::PreparedAnalysis analysis;
      passes::liftFromRepeat(repeat, analysis);
    });
    passes::PreparedAnalysis analysis;
    SmallVector<Value> frontier;
    function.walk<WalkOrder::PreOrder>([&](Operation *op) {
      for (Value value : op->getResults())
        if (analysis.isPrepared(value) && llvm::any_of(value.getUsers(), [&](Operation *user) {
              return user->getNumResults() == 0 || !analysis.isPrepared(user->getResult(0));
            }))
          frontier.push_back(value);
    });
    IRMapping clones;
    for (Value value : frontier)
      clone(value, clones);
    for (Value value : frontier)
      replaceByRead(function, value, clones.lookup(value));
    eraseDead(function.getBody().front());
  }

  /// The value's computation in @prepare.
  Value clone(Value value, IRMapping &clones) {
    if (Value done = clones.lookupOrNull(value))
      return done;
    Operation *op = value.getDefiningOp();
    for (Value operand : op->getOperands())
      clone(operand, clones);
    builder.setInsertionPoint(prepare.getBody().front().getTerminator());
    builder.clone(*op, clones);
    return clones.lookup(value);
  }

  void replaceByRead(func::FuncOp function, Value value, Value source) {
    auto type = cast<BufferType>(source.getType());
    std::string base = rootName(source) + (type.isPanels() ? ".panels" : ".dense");
    std::string name = base;
    for (unsigned i = 2; table.lookup(name); ++i)
      name = base + "." + std::to_string(i);
    builder.setInsertionPoint(prepare);
    auto symbol = PreparedOp::create(builder, source.getLoc(), name, type);
    table.insert(symbol);
    builder.setInsertionPoint(prepare.getBody().front().getTerminator());
    auto write = WriteOp::create(builder, source.getLoc(), name, source);
    builder.setInsertionPoint(&function.getBody().front(), readPlace(function));
    auto read = ReadOp::create(builder, value.getLoc(), type, name);
    value.replaceAllUsesWith(read);
    entries.push_back({write, symbol, {read}});
  }

  /// After the reads that stand at the top already, so that they keep the order of their first uses.
  static Block::iterator readPlace(func::FuncOp function) {
    Block &block = function.getBody().front();
    Block::iterator place = block.begin();
    while (isa<ReadOp>(*place) && !place->use_empty())
      ++place;
    return place;
  }

  /// The first parameter that the value depends on.
  static std::string rootName(Value value) {
    Operation *op = value.getDefiningOp();
    if (auto read = dyn_cast<ReadOp>(op))
      return read.getName().str();
    for (Value operand : op->getOperands())
      if (std::string name = rootName(operand); name != "constant")
        return name;
    return "constant";
  }

  static void eraseDead(Block &block) {
    for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block))) {
      for (Region &region : op.getRegions())
        if (isa<RepeatOp>(op))
          eraseDead(region.front());
      if (isOpTriviallyDead(&op))
        op.erase();
    }
  }

  /// Equal computations are merged, and so are the buffers that they fill.
  void share() {
    IRRewriter rewriter(builder);
    DominanceInfo dominance;
    eliminateCommonSubExpressions(rewriter, dominance, prepare);
    std::map<void *, unsigned> firstOf;
    SmallVector<Entry> kept;
    for (Entry &entry : entries) {
      auto [first, isNew] = firstOf.try_emplace(entry.write.getValue().getAsOpaquePointer(), kept.size());
      if (isNew)
        kept.push_back(entry);
      else
        redirect(entry, kept[first->second]);
    }
    entries = std::move(kept);
  }

  /// `entry`'s readers read `other`, whose layout may differ, and `entry` goes.
  void redirect(Entry &entry, Entry &other) {
    for (ReadOp read : entry.reads) {
      read.setName(other.symbol.getSymName());
      read.getResult().setType(cast<BufferType>(other.write.getValue().getType()));
      other.reads.push_back(read);
    }
    entry.write.erase();
    entry.write = {};
    table.erase(entry.symbol);
  }

  /// A table stored in panels for a contraction is gathered from there.
  void gatherFromPanels() {
    SmallVector<Entry> kept;
    for (Entry &entry : entries) {
      Entry *panels = onlyGathered(entry) ? panelsOf(entry.write.getValue()) : nullptr;
      if (panels)
        redirect(entry, *panels);
      else
        kept.push_back(entry);
    }
    entries = std::move(kept);
  }

  static bool onlyGathered(Entry &entry) {
    if (!entry.write.getValue().getDefiningOp<ReadOp>())
      return false;
    return llvm::all_of(entry.reads, [](ReadOp read) {
      return llvm::all_of(read->getUses(), [](OpOperand &use) {
        auto gather = dyn_cast<GatherOp>(use.getOwner());
        return gather && &use == &gather.getTableMutable();
      });
    });
  }

  /// The entry that holds `table` in panels, index for index.
  Entry *panelsOf(Value table) {
    auto type = cast<BufferType>(table.getType());
    for (Entry &entry : entries) {
      auto move = entry.write ? entry.write.getValue().getDefiningOp<MoveOp>() : MoveOp();
      if (move && move.getInput() == table && move.getType().isPanels() && type.rank() == 2 &&
          passes::isIdentityOn(move.getMap(), move.getType().getShapeDims(), type.getShapeDims()))
        return &entry;
    }
    return nullptr;
  }

  ModuleOp module;
  OpBuilder builder;
  SymbolTable table;
  func::FuncOp prepare;
  SmallVector<Entry> entries;
};

struct HoistPrepare : passes::impl::HoistPrepareBase<HoistPrepare> {
  void runOnOperation() override {
    if (failed(Hoister(getOperation()).run()))
      signalPassFailure();
  }
};

} // namespace

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// See LoopRoller.h. Loops without written-out loops inside are planned together, since their stacks
// must agree; then they are rewritten, and the next level follows.
#include "frontend/emit/LoopRoller.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/IRMapping.h"

#include <map>
#include <set>

using namespace mlir;

namespace sinter::frontend {

std::string numberedSymbol(unsigned parameter) { return "#" + std::to_string(parameter); }

std::optional<unsigned> parameterNumber(ir::ReadOp read) {
  StringRef name = read.getName();
  unsigned number = 0;
  if (!name.consume_front("#") || name.getAsInteger(10, number))
    return std::nullopt;
  return number;
}

namespace {

// The syntax tree has these names too.
using mlir::Type;
using mlir::Value;

using Tuple = std::vector<unsigned>;

/// One entry of the loop: its block, and what may differ between alike ones, in order.
struct Iteration {
  Block *block;
  SmallVector<ir::ReadOp> reads;
  SmallVector<ir::ConstantOp> constants;
};
struct Run {
  size_t begin, end;
  size_t size() const { return end - begin; }
};
struct Loop {
  Operation *op;
  std::vector<Iteration> iterations;
  std::vector<bool> alikeNext; ///< iteration i and i + 1 have one structure
  std::set<size_t> cuts;       ///< no run crosses these
  std::vector<Run> runs;
};

/// Compares ops in order. `depth` 0 is the iteration itself, where reads and scalar constants may differ.
bool isAlike(Block &a, Block &b, IRMapping &map, int depth) {
  if (a.getNumArguments() != b.getNumArguments() || a.getOperations().size() != b.getOperations().size())
    return false;
  for (auto [x, y] : llvm::zip(a.getArguments(), b.getArguments())) {
    if (x.getType() != y.getType())
      return false;
    map.map(x, y);
  }
  for (auto [x, y] : llvm::zip(a, b)) {
    if (x.getName() != y.getName() || x.getNumOperands() != y.getNumOperands() ||
        x.getResultTypes() != y.getResultTypes() || x.getNumRegions() != y.getNumRegions())
      return false;
    for (auto [p, q] : llvm::zip(x.getOperands(), y.getOperands()))
      if (map.lookupOrDefault(p) != q)
        return false;
    if (x.getAttrDictionary() != y.getAttrDictionary()) {
      if (depth > 0)
        return false;
      auto first = dyn_cast<ir::ConstantOp>(x), second = dyn_cast<ir::ConstantOp>(y);
      bool scalars = first && first.getValues().size() == 1 && second.getValues().size() == 1;
      bool reads = isa<ir::ReadOp>(x) && parameterNumber(cast<ir::ReadOp>(x)) && parameterNumber(cast<ir::ReadOp>(y));
      if (!scalars && !reads)
        return false;
    }
    for (auto [p, q] : llvm::zip(x.getRegions(), y.getRegions()))
      if (!isAlike(p.front(), q.front(), map, depth + 1))
        return false;
    for (auto [p, q] : llvm::zip(x.getResults(), y.getResults()))
      map.map(p, q);
  }
  return true;
}

class Roller {
public:
  Roller(ModuleOp module, std::span<const EmittedParameter> parameters, std::vector<ParameterStack> &stacks)
      : module(module), parameters(parameters), stacks(stacks) {}

  void run(const std::vector<Operation *> &ops) {
    std::set<Operation *> left(ops.begin(), ops.end());
    while (!left.empty()) {
      std::vector<Loop> level;
      for (Operation *op : ops)
        if (left.contains(op) && !holdsAny(op, left))
          level.push_back(gather(op));
      plan(level);
      for (Loop &loop : level) {
        left.erase(loop.op);
        rewrite(loop);
      }
    }
  }

private:
  static bool holdsAny(Operation *op, const std::set<Operation *> &left) {
    bool found = false;
    op->walk([&](Operation *inner) { found |= inner != op && left.contains(inner); });
    return found;
  }

  static Loop gather(Operation *op) {
    Loop loop{op, {}, {}, {}, {}};
    for (Region &region : op->getRegions()) {
      Iteration iteration{&region.front(), {}, {}};
      for (Operation &inner : region.front()) {
        if (auto read = dyn_cast<ir::ReadOp>(inner))
          iteration.reads.push_back(read);
        else if (auto constant = dyn_cast<ir::ConstantOp>(inner))
          iteration.constants.push_back(constant);
      }
      loop.iterations.push_back(std::move(iteration));
    }
    for (size_t i = 0; i + 1 < loop.iterations.size(); ++i) {
      IRMapping map;
      loop.alikeNext.push_back(isAlike(*loop.iterations[i].block, *loop.iterations[i + 1].block, map, 0));
    }
    return loop;
  }

  /// The numbers that a slot of reads has over a run.
  static Tuple tupleOf(const Loop &loop, Run run, size_t slot) {
    Tuple tuple;
    for (size_t i = run.begin; i < run.end; ++i)
      tuple.push_back(parameterNumber(loop.iterations[i].reads[slot]).value_or(~0u));
    return tuple;
  }
  static bool isInvariant(const Tuple &tuple) { return llvm::all_equal(tuple); }

  /// Greedy runs: one structure, and every read is either the same parameter or another one each time.
  static void findRuns(Loop &loop) {
    loop.runs.clear();
    size_t count = loop.iterations.size();
    for (size_t begin = 0; begin < count;) {
      size_t end = begin + 1;
      for (; end < count && loop.alikeNext[end - 1] && !loop.cuts.contains(end); ++end) {
        bool fits = true;
        for (size_t slot = 0; fits && slot < loop.iterations[begin].reads.size(); ++slot) {
          Tuple tuple = tupleOf(loop, {begin, end + 1}, slot);
          fits = isInvariant(tuple) || std::set<unsigned>(tuple.begin(), tuple.end()).size() == tuple.size();
        }
        if (!fits)
          break;
      }
      loop.runs.push_back({begin, end});
      begin = end;
    }
  }

  struct Use {
    std::set<Tuple> tuples;
    bool single = false;
  };

  /// Cuts runs until no parameter is in two stacks, or in one and read alone.
  void plan(std::vector<Loop> &level) {
    std::map<unsigned, Use> fixed;
    for (const ParameterStack &stack : stacks)
      for (unsigned member : stack.members)
        fixed[member].tuples.insert(stack.members);
    std::set<Operation *> planned;
    for (Loop &loop : level)
      planned.insert(loop.op);
    module.walk([&](ir::ReadOp read) {
      std::optional<unsigned> number = parameterNumber(read);
      if (number && !planned.contains(read->getParentOp()))
        fixed[*number].single = true;
    });
    for (bool changed = true; changed;) {
      std::map<unsigned, Use> uses = fixed;
      for (Loop &loop : level) {
        findRuns(loop);
        for (Run run : loop.runs)
          for (size_t slot = 0; slot < loop.iterations[run.begin].reads.size(); ++slot) {
            Tuple tuple = tupleOf(loop, run, slot);
            if (run.size() == 1 || isInvariant(tuple))
              uses[tuple[0]].single = true;
            else
              for (unsigned number : tuple)
                uses[number].tuples.insert(tuple);
          }
      }
      // Borders of stacks are aligned first; iterations stand alone where that does not help.
      changed = cutAll(level, uses, false) || cutAll(level, uses, true);
    }
  }

  static bool cutAll(std::vector<Loop> &level, const std::map<unsigned, Use> &uses, bool alone) {
    bool changed = false;
    for (Loop &loop : level)
      for (Run run : loop.runs)
        if (run.size() > 1)
          changed |= cut(loop, run, uses, alone);
    return changed;
  }

  static bool cut(Loop &loop, Run run, const std::map<unsigned, Use> &uses, bool alone) {
    bool changed = false;
    auto cutAt = [&](size_t position) {
      if (position > run.begin && position < run.end)
        changed |= loop.cuts.insert(position).second;
    };
    for (size_t slot = 0; slot < loop.iterations[run.begin].reads.size(); ++slot) {
      Tuple tuple = tupleOf(loop, run, slot);
      if (isInvariant(tuple))
        continue;
      for (size_t i = 0; i < tuple.size(); ++i) {
        const Use &use = uses.at(tuple[i]);
        if (use.single || (alone && use.tuples.size() > 1)) {
          cutAt(run.begin + i);
          cutAt(run.begin + i + 1);
        }
        for (const Tuple &other : use.tuples) {
          if (other != tuple && other.front() == tuple[i])
            cutAt(run.begin + i);
          if (other != tuple && other.back() == tuple[i])
            cutAt(run.begin + i + 1);
        }
      }
    }
    return changed;
  }

  std::string symbolOf(const Loop &loop, Run run, const Tuple &tuple) {
    for (const ParameterStack &stack : stacks)
      if (stack.members == tuple)
        return stack.symbol;
    // The one segment that differs becomes `*`, or its bounds where the run is a part of the loop.
    SmallVector<StringRef> first, last, pieces;
    StringRef(parameters[tuple.front()].path).split(first, '.');
    StringRef(parameters[tuple.back()].path).split(last, '.');
    std::string symbol;
    bool regular = first.size() == last.size();
    int different = 0;
    for (size_t i = 0; regular && i < first.size(); ++i) {
      symbol += i ? "." : "";
      if (first[i] == last[i]) {
        symbol += first[i].str();
        continue;
      }
      ++different;
      bool whole = run.size() == loop.iterations.size();
      symbol += whole ? "*" : ("{" + first[i] + ".." + last[i] + "}").str();
    }
    if (!regular || different != 1)
      symbol = parameters[tuple.front()].path + "+" + std::to_string(tuple.size());
    while (llvm::any_of(stacks, [&](const ParameterStack &stack) { return stack.symbol == symbol; }) ||
           llvm::any_of(parameters, [&](const EmittedParameter &parameter) { return parameter.path == symbol; }))
      symbol += "'";
    stacks.push_back({symbol, tuple});
    return symbol;
  }

  void rewrite(Loop &loop) {
    SmallVector<Value> carried(loop.op->getOperands());
    for (Run run : loop.runs) {
      if (run.size() == 1)
        inlineOne(loop, loop.iterations[run.begin], carried);
      else
        roll(loop, run, carried);
    }
    loop.op->replaceAllUsesWith(carried);
    for (Region &region : loop.op->getRegions())
      region.dropAllReferences();
    loop.op->erase();
  }

  static void inlineOne(Loop &loop, Iteration &iteration, SmallVector<Value> &carried) {
    for (auto [argument, value] : llvm::zip(iteration.block->getArguments(), carried))
      argument.replaceAllUsesWith(value);
    Operation *yield = &iteration.block->back();
    carried.assign(yield->operand_begin(), yield->operand_end());
    yield->erase();
    Block *parent = loop.op->getBlock();
    parent->getOperations().splice(loop.op->getIterator(), iteration.block->getOperations());
  }

  void roll(Loop &loop, Run run, SmallVector<Value> &carried) {
    OpBuilder builder(loop.op);
    Iteration &body = loop.iterations[run.begin];
    int64_t count = run.size();
    auto stackType = [&](ir::TensorType type, ArrayRef<::sinter::Dim> dims) {
      SmallVector<::sinter::Dim> shape{::sinter::Dim(count)};
      shape.append(dims.begin(), dims.end());
      return ir::TensorType::get(type.getContext(), ArrayRef<::sinter::Dim>(shape), type.getElementType());
    };
    SmallVector<Value> stacked;
    std::map<std::string, unsigned> stackAt; // symbol -> position
    SmallVector<std::pair<Operation *, unsigned>> slices;
    for (size_t slot = 0; slot < body.reads.size(); ++slot) {
      ir::ReadOp read = body.reads[slot];
      Tuple tuple = tupleOf(loop, run, slot);
      if (isInvariant(tuple)) {
        read->moveBefore(loop.op);
        continue;
      }
      std::string symbol = symbolOf(loop, run, tuple);
      auto [known, fresh] = stackAt.try_emplace(symbol, stacked.size());
      if (fresh) {
        auto type = cast<ir::TensorType>(read.getResult().getType());
        stacked.push_back(ir::ReadOp::create(builder, read.getLoc(), stackType(type, type.getShapeDims()),
                                             FlatSymbolRefAttr::get(builder.getContext(), symbol)));
      }
      slices.push_back({read, known->second});
    }
    for (size_t slot = 0; slot < body.constants.size(); ++slot) {
      SmallVector<double> values;
      for (size_t i = run.begin; i < run.end; ++i)
        values.push_back(loop.iterations[i].constants[slot].getValues()[0]);
      if (body.constants[slot].getValues().size() != 1 || llvm::all_equal(values))
        continue;
      ir::ConstantOp constant = body.constants[slot];
      auto type = cast<ir::TensorType>(constant.getResult().getType());
      slices.push_back({constant, unsigned(stacked.size())});
      stacked.push_back(ir::ConstantOp::create(builder, constant.getLoc(), stackType(type, {}),
                                               builder.getDenseF64ArrayAttr(values)));
    }
    auto repeat = ir::RepeatOp::create(builder, loop.op->getLoc(), count, carried, stacked, TypeRange(carried));
    Block &target = repeat.getBlock();
    target.getOperations().splice(target.end(), body.block->getOperations());
    for (auto [from, to] : llvm::zip(body.block->getArguments(), target.getArguments()))
      from.replaceAllUsesWith(to);
    for (auto [op, position] : slices) {
      Value slice = target.getArgument(carried.size() + position);
      if (slice.getType() != op->getResult(0).getType()) { // a scalar, spread where the constant was
        auto type = cast<ir::TensorType>(op->getResult(0).getType());
        OpBuilder inside(op);
        auto map = ir::IndexMapAttr::get(op->getContext(), AffineMap::get(type.rank(), 0, {}, op->getContext()), {});
        slice = ir::ViewOp::create(inside, op->getLoc(), type, slice, map);
      }
      op->getResult(0).replaceAllUsesWith(slice);
      op->erase();
    }
    carried.assign(repeat.result_begin(), repeat.result_end());
  }

  ModuleOp module;
  std::span<const EmittedParameter> parameters;
  std::vector<ParameterStack> &stacks;
};

} // namespace

void rollLoops(ModuleOp module, std::vector<Operation *> loops, std::span<const EmittedParameter> parameters,
               std::vector<ParameterStack> &stacks) {
  Roller(module, parameters, stacks).run(loops);
}

} // namespace sinter::frontend

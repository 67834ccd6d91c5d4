// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Walks a function once: every value gets a place (argument, result, weight, constant, or an arena slot that is
// free again after the value's last use), every skeleton a launch record.
//
// A repeat's carried value lives in one slot through all iterations. The body's yield is computed right into it
// when nothing reads the old value any more, else copied there at the end of the iteration.
//
// An append's result lies where its pool lies: in the caller's memory where the pool is state, through repeats too
// (InPlace.h proves that nothing reads the pool afterwards).
#include "codegen/plan/Planner.h"
#include "codegen/plan/Cost.h"
#include "codegen/plan/InPlace.h"

#include "ir/kernel/Kernel.h"
#include "ir/sinter/Sinter.h"

#include "llvm/ADT/DenseMap.h"

#include <cstring>
#include <map>

using namespace mlir;

namespace sinter::codegen {
namespace {

using ir::kernel::BufferType;

struct Place {
  uint32_t space = 0, index = 0;
  uint64_t offset = 0;
  SmallVector<Dim, 2> strides;
};

class Planner {
public:
  Planner(const FunctionInfo &info, const PlannerContext &context) : info(info), context(context) {}

  FailureOr<PlanFunction> run(func::FuncOp function) {
    Block &body = function.getBody().front();
    if (failed(checkInPlace(function)))
      return failure();
    for (unsigned i = 0; i < function.getNumResults(); ++i)
      stateArguments.push_back(stateArgumentOf(function, i));
    for (BlockArgument arg : body.getArguments())
      places[arg] = {SINTER_SPACE_INPUT, uint32_t(arg.getArgNumber()), 0, {}};
    wantOutputs(body);
    if (failed(planBlock(body, 0)))
      return failure();
    if (info.name != "prepare")
      for (auto [i, value] : llvm::enumerate(body.getTerminator()->getOperands())) {
        Place target = placeOfResult(i);
        if (target.space == SINTER_SPACE_INPUT && !isAt(places[value], target))
          return function.emitError() << "result " << i << " is the next value of argument " << target.index
                                      << ", but is not made by appending to it";
        copyUnlessThere(value, target, function.getLoc());
      }
    return std::move(plan);
  }

private:
  static BufferType typeOf(Value value) { return cast<BufferType>(value.getType()); }

  /// Results that a skeleton of this block computes are computed in place.
  void wantOutputs(Block &body) {
    auto want = [&](Value value, uint32_t index) {
      Operation *producer = value.getDefiningOp();
      if (producer && producer->getBlock() == &body && isSkeleton(producer))
        wanted.try_emplace(value, Place{SINTER_SPACE_OUTPUT, index, 0, {}});
    };
    if (info.name == "prepare") {
      uint32_t index = 0;
      body.walk([&](ir::kernel::WriteOp write) { want(write.getValue(), index++); });
      return;
    }
    for (auto [i, value] : llvm::enumerate(body.getTerminator()->getOperands()))
      if (!stateArguments[i])
        want(value, placeOfResult(i).index);
  }

  /// The state that it is the next value of, or else its place among the results of the call.
  Place placeOfResult(unsigned result) const {
    if (stateArguments[result])
      return {SINTER_SPACE_INPUT, *stateArguments[result], 0, {}};
    auto before = ArrayRef(stateArguments).take_front(result);
    return {SINTER_SPACE_OUTPUT, uint32_t(llvm::count(before, std::nullopt)), 0, {}};
  }

  static bool isAt(const Place &a, const Place &b) {
    return a.space == b.space && a.index == b.index && a.offset == b.offset && a.strides == b.strides;
  }

  /// May a kernel change what lies there? The caller's state, and what is ours.
  bool isWritable(const Place &place) const {
    return place.space == SINTER_SPACE_ARENA ||
           (place.space == SINTER_SPACE_INPUT && llvm::is_contained(stateArguments, std::optional(unsigned(place.index))));
  }

  /// Where the value's successor is made: its own place, or that of a copy. One more user of its slot.
  Place changeable(Value value, Location loc) {
    Place place = places[value];
    if (!isWritable(place)) {
      place = newSlot(value);
      copy(typeOf(value), places[value], place, loc);
    } else if (place.space == SINTER_SPACE_ARENA && place.strides.empty()) {
      ++slotUsers[place.index];
    }
    return place;
  }

  static bool isSkeleton(Operation *op) {
    return isa<ir::kernel::PointwiseOp, ir::kernel::RowOp, ir::kernel::ContractOp, ir::kernel::AttentionOp, ir::kernel::GatherOp,
               ir::kernel::MoveOp>(op);
  }

  LogicalResult planBlock(Block &block, unsigned depth) {
    for (Operation &op : block.without_terminator()) {
      if (failed(planOp(op, depth)))
        return failure();
      releaseAfter(op, block);
    }
    return success();
  }

  LogicalResult planOp(Operation &op, unsigned depth) {
    if (isSkeleton(&op) || isa<ir::kernel::AppendOp>(op))
      return planLaunch(op);
    if (auto read = dyn_cast<ir::kernel::ReadOp>(op))
      return planRead(read);
    if (auto constant = dyn_cast<ir::kernel::ConstantOp>(op))
      return planConstant(constant);
    if (auto repeat = dyn_cast<ir::kernel::RepeatOp>(op))
      return planRepeat(repeat, depth);
    if (auto write = dyn_cast<ir::kernel::WriteOp>(op)) {
      copyUnlessThere(write.getValue(), {SINTER_SPACE_OUTPUT, writes++, 0, {}}, op.getLoc());
      return success();
    }
    if (isa<ir::CheckOp>(op))
      return success();
    return op.emitError() << "'" << op.getName() << "' has no place in a plan";
  }

  LogicalResult planLaunch(Operation &op) {
    FailureOr<KernelRef> kernel = context.kernel(&op, info.symbols);
    if (failed(kernel))
      return failure();
    Record record;
    record.kind = SINTER_LAUNCH;
    record.entry = kernel->entry;
    record.grid = kernel->grid;
    record.site = siteOf(op.getLoc());
    record.cost = costOf(&op);
    if (auto append = dyn_cast<ir::kernel::AppendOp>(op)) {
      Place place = changeable(append.getPool(), op.getLoc());
      places[append.getResult()] = place;
      record.operands.push_back(operandOf(append.getResult()));
    }
    for (Value operand : op.getOperands().drop_front(record.operands.size()))
      record.operands.push_back(operandOf(operand));
    for (Value result : op.getResults()) {
      if (isa<ir::kernel::AppendOp>(op)) {
        record.operands.push_back(operandOf(result));
        continue;
      }
      auto want = wanted.find(result);
      places[result] = want != wanted.end() ? want->second : newSlot(result);
      record.operands.push_back(operandOf(result));
    }
    plan.records.push_back(std::move(record));
    return success();
  }

  LogicalResult planRead(ir::kernel::ReadOp read) {
    if (info.name == "prepare") {
      auto found = llvm::find_if(info.args, [&](const TensorInfo &t) { return t.name == read.getName(); });
      places[read.getResult()] = {SINTER_SPACE_INPUT, uint32_t(found - info.args.begin()), 0, {}};
      return success();
    }
    auto found = context.weights.find(read.getName());
    if (found == context.weights.end())
      return read.emitError() << "'" << read.getName() << "' is no prepared weight: hoist into @prepare before planning";
    places[read.getResult()] = {SINTER_SPACE_WEIGHT, 0, found->second.offset, {}};
    return success();
  }

  LogicalResult planConstant(ir::kernel::ConstantOp constant) {
    BufferType type = typeOf(constant.getResult());
    std::optional<int64_t> count = type.storedElements().constant();
    if (!count || type.isPanels())
      return constant.emitError("a constant buffer wants a constant, dense shape");
    std::vector<uint8_t> bytes;
    ArrayRef<double> values = constant.getValues();
    for (int64_t i = 0; i < *count; ++i)
      appendScalar(bytes, values[values.size() == 1 ? 0 : i], type.getElementType());
    places[constant.getResult()] = {SINTER_SPACE_CONSTANT, 0, addConstant(bytes), {}};
    return success();
  }

  static void appendScalar(std::vector<uint8_t> &bytes, double value, Type element) {
    auto append = [&](auto scalar) {
      const auto *from = reinterpret_cast<const uint8_t *>(&scalar);
      bytes.insert(bytes.end(), from, from + sizeof scalar);
    };
    if (element.isF32())
      append(float(value));
    else if (element.isInteger(1))
      append(uint8_t(value != 0));
    else
      append(int32_t(value));
  }

  uint64_t addConstant(const std::vector<uint8_t> &bytes) {
    std::vector<uint8_t> &all = context.constants;
    for (uint64_t at = 0; at + bytes.size() <= all.size(); at += SINTER_ALIGN)
      if (!std::memcmp(all.data() + at, bytes.data(), bytes.size()))
        return at;
    uint64_t at = llvm::alignTo(all.size(), SINTER_ALIGN);
    all.resize(at);
    all.insert(all.end(), bytes.begin(), bytes.end());
    return at;
  }

  // ---- repeat ----

  LogicalResult planRepeat(ir::kernel::RepeatOp repeat, unsigned depth) {
    if (depth == SINTER_MAX_LOOPS)
      return repeat.emitError() << "loops nest deeper than " << SINTER_MAX_LOOPS;
    Block &body = repeat.getBlock();
    unsigned carried = repeat.getCarried().size();
    for (unsigned i = 0; i < carried; ++i)
      startCarried(repeat, i);
    for (auto [arg, stack] : llvm::zip(body.getArguments().drop_front(carried), repeat.getStacked()))
      places[arg] = sliceOf(stack, arg, depth);
    Operation *yield = body.getTerminator();
    for (unsigned i = 0; i < yield->getNumOperands(); ++i) {
      Value result = repeat.getResults()[i];
      std::optional<unsigned> own = appendedArgument(repeat, i);
      if (i >= carried && own) {
        places[result] = changeable(repeat.getOperand(*own), repeat.getLoc());
        places[body.getArgument(*own)] = sliceOf(result, body.getArgument(*own), depth);
      } else if (i >= carried) {
        places[result] = newSlot(result);
      }
      wantYield(body, yield->getOperand(i), i, i < carried ? places[result] : sliceOf(result, yield->getOperand(i), depth));
    }

    size_t head = plan.records.size();
    Record record;
    record.kind = SINTER_REPEAT;
    record.count = uint64_t(repeat.getCount());
    record.site = siteOf(repeat.getLoc());
    plan.records.push_back(record);
    if (failed(planBlock(body, depth + 1)))
      return failure();
    finishIteration(repeat, depth);
    plan.records[head].length = uint32_t(plan.records.size() - head - 1);
    return success();
  }

  /// The slot of a carried value: the initial value's own if this repeat is its last reader, else a new one.
  void startCarried(ir::kernel::RepeatOp repeat, unsigned i) {
    Value init = repeat.getCarried()[i], result = repeat.getResults()[i];
    const Place from = places[init]; // a copy: the map grows below
    if (appendedArgument(repeat, i) == i) {
      Place place = changeable(init, repeat.getLoc());
      places[result] = places[repeat.getBlock().getArgument(i)] = place;
      return;
    }
    bool dies = init.getParentBlock() == repeat->getBlock() && lastUse(init) == repeat.getOperation() &&
                llvm::count(repeat.getOperands(), init) == 1 && !usedInside(init, repeat);
    if (dies && from.space == SINTER_SPACE_ARENA && from.strides.empty()) {
      places[result] = from;
      ++slotUsers[from.index];
    } else {
      places[result] = newSlot(result);
      copyUnlessThere(init, places[result], repeat.getLoc());
    }
    Value arg = repeat.getBlock().getArgument(i);
    places[arg] = places[result];
  }

  static bool usedInside(Value value, ir::kernel::RepeatOp repeat) {
    return llvm::any_of(value.getUsers(), [&](Operation *user) { return repeat->isProperAncestor(user); });
  }

  Place sliceOf(Value stack, Value slice, unsigned depth) {
    Place place = places[stack];
    place.strides.resize(depth + 1);
    place.strides[depth] = typeOf(slice).storedBytes();
    return place;
  }

  /// Lets the producer write the yielded value in place, when the old value has no reader at or after it.
  void wantYield(Block &body, Value value, unsigned i, const Place &target) {
    Operation *producer = value.getDefiningOp();
    if (!producer || producer->getBlock() != &body || !isSkeleton(producer) || wanted.contains(value))
      return;
    if (i < body.getNumArguments() && places[body.getArgument(i)].index == target.index &&
        target.space == SINTER_SPACE_ARENA) {
      Operation *last = lastUse(body.getArgument(i));
      if (last && !last->isBeforeInBlock(producer))
        return;
    }
    wanted.try_emplace(value, target);
  }

  /// Copies what was not computed in place. A yielded argument of this body is read before any slot is overwritten.
  void finishIteration(ir::kernel::RepeatOp repeat, unsigned depth) {
    Operation *yield = repeat.getBlock().getTerminator();
    unsigned carried = repeat.getCarried().size();
    SmallVector<std::pair<Value, Place>> late;
    for (unsigned i = 0; i < yield->getNumOperands(); ++i) {
      Value value = yield->getOperand(i), result = repeat.getResults()[i];
      Place target = i < carried ? places[result] : sliceOf(result, value, depth);
      auto arg = dyn_cast<BlockArgument>(value);
      bool swaps = arg && arg.getOwner() == &repeat.getBlock() && arg.getArgNumber() < carried && arg.getArgNumber() != i;
      if (!swaps) {
        late.push_back({value, target});
        continue;
      }
      Place temporary = newSlot(value);
      copy(typeOf(value), places[value], temporary, repeat.getLoc());
      copy(typeOf(value), temporary, target, repeat.getLoc(), &deferred);
      dropSlotUser(temporary, typeOf(value));
    }
    for (auto &[value, target] : late)
      copyUnlessThere(value, target, repeat.getLoc());
    llvm::move(deferred, std::back_inserter(plan.records));
    deferred.clear();
  }

  // ---- places and lifetimes ----

  Place newSlot(Value value) {
    Dim bytes = typeOf(value).storedBytes();
    uint32_t slot;
    auto &reusable = freeSlots[bytes];
    if (reusable.empty()) {
      slot = uint32_t(plan.slots.size());
      plan.slots.push_back(bytes);
      slotUsers.push_back(0);
    } else {
      slot = reusable.pop_back_val();
    }
    ++slotUsers[slot];
    return {SINTER_SPACE_ARENA, slot, 0, {}};
  }

  /// The last op of the value's own block that uses it, itself or in a region.
  static Operation *lastUse(Value value) {
    Block *home = value.getParentBlock();
    Operation *last = nullptr;
    for (Operation *user : value.getUsers()) {
      Operation *here = home->findAncestorOpInBlock(*user);
      if (!last || last->isBeforeInBlock(here))
        last = here;
    }
    return last;
  }

  void releaseAfter(Operation &op, Block &block) {
    SmallVector<Value> done;
    auto consider = [&](Value value) {
      if (value.getParentBlock() == &block && isa<BufferType>(value.getType()) && !isa<BlockArgument>(value) &&
          lastUse(value) == &op && !llvm::is_contained(done, value))
        done.push_back(value);
    };
    op.walk([&](Operation *inner) { llvm::for_each(inner->getOperands(), consider); });
    for (Value result : op.getResults())
      if (result.use_empty())
        done.push_back(result);
    for (Value value : done)
      dropSlotUser(places[value], typeOf(value));
  }

  void dropSlotUser(const Place &place, BufferType type) {
    if (place.space == SINTER_SPACE_ARENA && place.strides.empty() && --slotUsers[place.index] == 0)
      freeSlots[plan.slots[place.index]].push_back(place.index);
  }

  Operand operandOf(Value value) { return operandOf(places[value], typeOf(value)); }
  static Operand operandOf(const Place &place, BufferType type) {
    return {place.space, place.index, place.offset, type.storedBytes(), {place.strides.begin(), place.strides.end()}};
  }

  void copyUnlessThere(Value value, const Place &target, Location loc) {
    const Place &from = places[value];
    if (from.space == target.space && from.index == target.index && from.offset == target.offset &&
        from.strides == target.strides)
      return;
    copy(typeOf(value), from, target, loc);
  }
  void copy(BufferType type, const Place &from, const Place &to, Location loc, std::vector<Record> *into = nullptr) {
    Record record;
    record.kind = SINTER_COPY;
    record.operands = {operandOf(to, type), operandOf(from, type)};
    record.site = siteOf(loc);
    record.cost.bytes = Dim(2) * type.storedBytes();
    if (!record.site.empty())
      record.cost.lines = {record.site.substr(0, record.site.rfind(':'))};
    (into ? *into : plan.records).push_back(std::move(record));
  }

  const FunctionInfo &info;
  const PlannerContext &context;
  PlanFunction plan;
  struct ByAddress {
    bool operator()(Value a, Value b) const { return std::less<>()(a.getAsOpaquePointer(), b.getAsOpaquePointer()); }
  };
  std::map<Value, Place, ByAddress> places; // one place is read while another is made: references must stay
  DenseMap<Value, Place> wanted; // values to be computed right into a given place
  std::vector<uint32_t> slotUsers;
  std::map<Dim, SmallVector<uint32_t>> freeSlots;
  std::vector<Record> deferred;
  uint32_t writes = 0;
  SmallVector<std::optional<unsigned>> stateArguments; // for each result of the function
};

} // namespace

FailureOr<PlanFunction> planFunction(func::FuncOp function, const FunctionInfo &info, const PlannerContext &context) {
  return Planner(info, context).run(function);
}

} // namespace sinter::codegen

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// --sinter-merge-contractions: contractions of one operand with several parameters (a layer's queries, keys and
// values) in; one contraction with the concatenated parameters out, whose result everybody reads at an offset along
// its last axis. The concatenation depends on parameters alone, so @prepare computes it. Sums and epilogues are the
// same: not a bit changes.
#include "ir/sinter/IndexMap.h"
#include "passes/Passes.h"
#include "passes/support/Inputs.h"
#include "passes/support/Maps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/OperationSupport.h"
#include "mlir/IR/Remarks.h"

#include <map>
#include <set>

namespace sinter::passes {
#define GEN_PASS_DEF_MERGECONTRACTIONS
#include "passes/Passes.h.inc"
} // namespace sinter::passes

using namespace mlir;
using namespace sinter;
using namespace sinter::ir::kernel;
using ir::IndexMapAttr;
using passes::Input;
using passes::Inputs;

namespace {
/// A contraction whose right side is one parameter, or a loop's slice of one, moved into panels.
struct Member {
  ContractOp contract;
  MoveOp panels;
  ReadOp parameter;

  SmallVector<Dim> shape() { return contract.getType().getShapeDims(); }
  Dim columns() { return shape().back(); }
};
using Group = SmallVector<Member>;
} // namespace

//===-- Recognizing --===//

/// The parameter that the value is, or of which it is a slice.
static ReadOp parameterOf(Value value) {
  if (auto argument = dyn_cast<BlockArgument>(value)) {
    auto repeat = dyn_cast<RepeatOp>(argument.getOwner()->getParentOp());
    unsigned carried = repeat ? repeat.getCarried().size() : 0;
    if (!repeat || argument.getArgNumber() < carried)
      return {};
    value = repeat.getStacked()[argument.getArgNumber() - carried];
  }
  return value.getDefiningOp<ReadOp>();
}

/// Nothing if the contraction is none that could ever be merged.
static std::optional<Member> asMember(ContractOp contract) {
  auto panels = contract.getRhs().getDefiningOp<MoveOp>();
  if (contract.getBatch() != 0 || !panels || panels.getType().rank() != 2 ||
      !contract.getType().getShapeDims().back().constant())
    return std::nullopt;
  ReadOp parameter = parameterOf(panels.getInput());
  if (!parameter)
    return std::nullopt;
  return Member{contract, panels, parameter};
}

/// Whether the map reads something that does not depend on the last axis of the domain.
static bool isAlongRows(IndexMapAttr map) { return !map.getMap().isFunctionOfDim(map.getMap().getNumDims() - 1); }

/// A parameter of one axis, read at the index in the last axis of the domain.
static bool isColumnParameter(const Input &input) {
  AffineMap map = input.map.getMap();
  return parameterOf(input.value) && map.getNumResults() == 1 &&
         map.getResult(0) == getAffineDimExpr(map.getNumDims() - 1, map.getContext());
}

/// Null if the use can read the merged result at an offset, or else why not.
static const char *refusalOf(OpOperand &use) {
  Operation *op = use.getOwner();
  bool isMapped = isa<PointwiseOp, RowOp, AttentionOp, MoveOp>(op);
  if (isa<AppendOp>(op))
    isMapped = use.getOperandNumber() == 2; // the rows
  if (auto contract = dyn_cast<ContractOp>(op))
    isMapped = use.getOperandNumber() != 1;
  return isMapped ? nullptr : "a result is returned or passed on whole";
}

/// Null if the two differ in nothing but parameters, or else the reason.
static const char *refusalOf(Member &first, Member &other) {
  ContractOp a = first.contract, b = other.contract;
  if (first.parameter.getName() == other.parameter.getName())
    return "they share a parameter";
  if (!OperationEquivalence::isRegionEquivalentTo(&a.getEpilogue(), &b.getEpilogue(),
                                                  OperationEquivalence::IgnoreLocations))
    return "their epilogues differ";
  unsigned last = first.shape().size() - 1;
  bool readsColumn = false;
  a.getEpilogue().walk([&](IndexOp index) { readsColumn |= index.getAxis() == last; });
  if (readsColumn)
    return "an epilogue reads the column's number";
  Inputs x = *Inputs::of(a), y = *Inputs::of(b);
  for (unsigned i = 0; i < x.size(); ++i) {
    bool isShared = x.get(i) == y.get(i) && isAlongRows(x.get(i).map);
    bool isOwn = isColumnParameter(x.get(i)) && isColumnParameter(y.get(i));
    if (!isShared && !isOwn)
      return "their epilogues read different values";
  }
  return nullptr;
}

/// The weights' and the biases' only readers must be the members: nothing is stored twice.
static bool isReadElsewhere(Member &member) {
  if (!member.panels->hasOneUse() || !member.panels.getInput().hasOneUse())
    return true;
  return !member.parameter->hasOneUse();
}

namespace {
class Merger {
public:
  explicit Merger(ModuleOp module) : module(module), builder(module.getContext()) {}

  void run() {
    for (auto function : module.getOps<func::FuncOp>())
      function.walk([&](Block *block) { findGroups(*block); });
    for (Group &group : groups)
      for (Member &member : group)
        partners[member.parameter.getName()].insert(nameOf(group));
    module.walk([&](ReadOp read) { ++readers[read.getName()]; });
    std::map<StringRef, unsigned> merging;
    for (Group &group : groups)
      for (Member &member : group)
        ++merging[member.parameter.getName()];
    for (Group &group : groups) {
      // Another function that reads one of them alone, or in other company, would want it stored once more.
      bool isAgreed = llvm::all_of(group, [&](Member &member) {
        StringRef name = member.parameter.getName();
        return partners[name].size() == 1 && readers[name] == merging[name];
      });
      if (isAgreed)
        merge(group);
      else
        missed(group.front(), "a parameter is read elsewhere, too");
    }
  }

private:
  static std::string nameOf(Group &group) {
    std::string name;
    for (Member &member : group)
      name += member.parameter.getName().str() + "\n";
    return name;
  }

  void missed(Member &member, StringRef reason) {
    Location loc = member.contract.getLoc();
    remark::missed(loc, remark::RemarkOpts::name("merge").category("fuse").function(
                            member.contract->getParentOfType<func::FuncOp>().getSymName()))
        << remark::reason("{0}", reason);
  }

  /// Contractions of this block with one left side, of one depth.
  void findGroups(Block &block) {
    SmallVector<Group> found;
    for (auto contract : block.getOps<ContractOp>()) {
      std::optional<Member> member = asMember(contract);
      if (!member)
        continue;
      auto same = llvm::find_if(found, [&](Group &group) {
        ContractOp first = group.front().contract;
        return first.getLhs() == contract.getLhs() && first.getLhsMap() == contract.getLhsMap() &&
               ArrayRef<Dim>(group.front().shape()).drop_back() == ArrayRef<Dim>(member->shape()).drop_back();
      });
      if (same == found.end())
        found.push_back({*member});
      else
        same->push_back(*member);
    }
    for (Group &group : found)
      if (group.size() > 1)
        consider(group);
  }

  /// Those that go with the first that may be merged at all.
  void consider(Group &candidates) {
    Group group;
    for (Member &member : candidates) {
      const char *reason = isReadElsewhere(member) ? "a parameter is read elsewhere, too" : nullptr;
      for (OpOperand &use : member.contract->getUses())
        reason = reason ? reason : refusalOf(use);
      if (!reason && !group.empty())
        reason = refusalOf(group.front(), member);
      if (reason)
        missed(member, reason);
      else
        group.push_back(member);
    }
    if (group.size() > 1)
      groups.push_back(group);
  }

  //===-- Building --===//

  /// The parts one behind the other along axis 0. Each part is read at an index that is in range, and used where it
  /// is its own.
  Value concatenate(Location loc, ArrayRef<Input> parts, ArrayRef<Dim> widths, ArrayRef<Dim> rest) {
    SmallVector<Dim> shape = {Dim(0)};
    shape.append(rest.begin(), rest.end());
    SmallVector<Input> inputs;
    SmallVector<Dim> ends;
    for (auto [part, width] : llvm::zip_equal(parts, widths)) {
      passes::MapBuilder maps(builder.getContext(), shape.size());
      SmallVector<AffineExpr> index;
      for (unsigned i = 0; i < shape.size(); ++i)
        index.push_back(maps.dim(i));
      index[0] = (maps.dim(0) - maps.size(shape[0])) % maps.size(width);
      shape[0] = shape[0] + width;
      ends.push_back(shape[0]);
      inputs.push_back({part.value, sinter::ir::compose(maps.get(index), part.map)});
    }
    for (Input &input : inputs)
      input.map = sinter::ir::simplify(input.map, shape);
    auto element = cast<BufferType>(parts.front().value.getType()).getElementType();
    auto body = [&](OpBuilder &builder, ValueRange scalars) {
      Value column = IndexOp::create(builder, loc, builder.getI32Type(), 0), chosen = scalars.back();
      for (unsigned i = scalars.size() - 1; i-- > 0;) {
        Value end = passes::sizeScalar(builder, loc, ends[i]);
        Value isHere = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::slt, column, end);
        chosen = arith::SelectOp::create(builder, loc, isHere, scalars[i], chosen);
      }
      return chosen;
    };
    return passes::buildPointwise(builder, loc, BufferType::get(builder.getContext(), shape, element), inputs, body)
        .getResult(0);
  }

  void merge(Group &group) {
    ContractOp first = group.front().contract;
    builder.setInsertionPoint(first);
    SmallVector<Input> weights;
    SmallVector<Dim> widths;
    SmallVector<Location> locations;
    for (Member &member : group) {
      // Parameters have no operands, so they may be read before the first contraction.
      if (member.parameter->getBlock() == first->getBlock())
        member.parameter->moveBefore(&first->getBlock()->front());
      weights.push_back({member.panels.getInput(), member.panels.getMap()});
      widths.push_back(member.columns());
      locations.push_back(member.contract.getLoc());
    }
    Location loc = builder.getFusedLoc(locations);
    Dim depth = group.front().panels.getType().getShapeDims().back();
    Value dense = concatenate(loc, weights, widths, {depth});
    SmallVector<Dim> shape = cast<BufferType>(dense.getType()).getShapeDims();
    auto panels = BufferType::get(builder.getContext(), shape, builder.getF32Type(), Layout::panels);
    Value rhs = MoveOp::create(builder, loc, panels, dense, passes::identityMap(builder.getContext(), 2));

    Inputs inputs = *Inputs::of(first);
    SmallVector<Value> extras;
    for (unsigned i = 0; i < inputs.size(); ++i)
      extras.push_back(isColumnParameter(inputs.get(i)) ? concatenateExtra(loc, group, i, widths)
                                                        : inputs.get(i).value);
    builder.setInsertionPoint(first);
    SmallVector<Dim> result = first.getType().getShapeDims();
    result.back() = shape.front();
    auto merged = ContractOp::create(
        builder, loc, BufferType::get(builder.getContext(), result, first.getType().getElementType()), first.getLhs(),
        rhs, extras, first.getBatch(), first.getLhsMap(), first.getRhsMap(), first.getExtraMaps());
    merged.getEpilogue().takeBody(first.getEpilogue());
    Dim start(0);
    for (Member &member : group) {
      redirect(member.contract, merged, start);
      start = start + member.columns();
      member.contract.erase();
      member.panels.erase();
    }
    remark::passed(loc, remark::RemarkOpts::name("merge").category("fuse").function(
                            merged->getParentOfType<func::FuncOp>().getSymName()))
        << remark::reason("{0} contractions of one operand", group.size());
  }

  Value concatenateExtra(Location loc, Group &group, unsigned position, ArrayRef<Dim> widths) {
    SmallVector<Input> parts;
    for (Member &member : group) {
      Value value = Inputs::of(member.contract)->get(position).value;
      if (ReadOp read = value.getDefiningOp<ReadOp>(); read && read->getBlock() == member.contract->getBlock())
        read->moveBefore(&read->getBlock()->front());
      parts.push_back({value, passes::identityMap(builder.getContext(), 1)});
    }
    return concatenate(loc, parts, widths, {});
  }

  /// Every reader of `from` reads `to`, `start` columns further.
  void redirect(ContractOp from, ContractOp to, const Dim &start) {
    unsigned rank = from.getType().rank();
    passes::MapBuilder maps(builder.getContext(), rank);
    SmallVector<AffineExpr> index;
    for (unsigned i = 0; i < rank; ++i)
      index.push_back(maps.dim(i));
    index.back() = index.back() + maps.size(start);
    IndexMapAttr shift = maps.get(index);
    auto shifted = [&](IndexMapAttr map) { return sinter::ir::compose(map, shift); };
    for (OpOperand &use : llvm::make_early_inc_range(from->getUses())) {
      unsigned number = use.getOperandNumber();
      use.set(to.getResult());
      if (auto attention = dyn_cast<AttentionOp>(use.getOwner()))
        shiftAttention(attention, number, shifted);
      else if (auto contract = dyn_cast<ContractOp>(use.getOwner()); contract && number == 0)
        contract.setLhsMapAttr(shifted(contract.getLhsMap()));
      else if (auto move = dyn_cast<MoveOp>(use.getOwner()))
        move.setMapAttr(shifted(move.getMap()));
      else if (auto append = dyn_cast<AppendOp>(use.getOwner()))
        append.setMapAttr(shifted(append.getMap()));
      else
        shiftMapped(use.getOwner(), number, shifted);
    }
  }

  using Shift = llvm::function_ref<IndexMapAttr(IndexMapAttr)>;

  ArrayAttr shiftOne(ArrayAttr maps, unsigned position, Shift shifted) {
    SmallVector<Attribute> all(maps.getValue());
    all[position] = shifted(cast<IndexMapAttr>(all[position]));
    return builder.getArrayAttr(all);
  }

  void shiftAttention(AttentionOp op, unsigned number, Shift shifted) {
    if (number == 0)
      op.setQueryMapAttr(shifted(op.getQueryMap()));
    else if (number == 1)
      op.setKeyMapAttr(shifted(op.getKeyMap()));
    else if (number == 2)
      op.setValueMapAttr(shifted(op.getValueMap()));
    else
      op.setExtraMapsAttr(shiftOne(op.getExtraMaps(), number - 3, shifted));
  }

  void shiftMapped(Operation *op, unsigned number, Shift shifted) {
    if (auto contract = dyn_cast<ContractOp>(op))
      contract.setExtraMapsAttr(shiftOne(contract.getExtraMaps(), number - 2, shifted));
    else if (auto row = dyn_cast<RowOp>(op))
      row.setMapsAttr(shiftOne(row.getMaps(), number, shifted));
    else if (auto pointwise = dyn_cast<PointwiseOp>(op))
      pointwise.setMapsAttr(shiftOne(pointwise.getMaps(), number, shifted));
  }

  ModuleOp module;
  OpBuilder builder;
  SmallVector<Group> groups;
  std::map<StringRef, std::set<std::string>> partners; ///< the groups that a parameter is in
  std::map<StringRef, unsigned> readers;               ///< how often a parameter is read
};

struct MergeContractions : passes::impl::MergeContractionsBase<MergeContractions> {
  void runOnOperation() override { Merger(getOperation()).run(); }
};
} // namespace

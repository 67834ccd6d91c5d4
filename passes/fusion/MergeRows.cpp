// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rows in, fewer rows out: a pointwise over a row's domain becomes its finish, and a row that reads another one's
// reduction over the same domain gets its stages. Softmax and layer norm become one row each by these two steps.
#include "passes/fusion/Fusion.h"
#include "passes/support/Maps.h"

#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace sinter;
using namespace sinter::ir::kernel;
using passes::Input;
using passes::Inputs;

static BufferType resultType(RowOp row) { return cast<BufferType>(row.getResult(0).getType()); }

/// The row of one result that defines `value`, in the block of `user`.
static RowOp definingRow(Value value, Operation *user) {
  auto row = value.getDefiningOp<RowOp>();
  return row && row->getNumResults() == 1 && row->getBlock() == user->getBlock() ? row : RowOp();
}

/// Whether `map`, from the row's domain, reads each row's own scalar: free index f stands where the shape of the
/// result keeps free dimension f, and 0 where it has a 1.
static bool readsOwnRow(RowOp row, ir::IndexMapAttr map) {
  SmallVector<Dim> domain = ir::toDims(row.getDomain());
  SmallVector<unsigned> free;
  for (unsigned i = 0; i + row.getReduced() < domain.size(); ++i)
    if (!domain[i].isConstant(1))
      free.push_back(i);
  passes::MapBuilder maps(row.getContext(), domain.size());
  SmallVector<AffineExpr> expected;
  unsigned next = 0;
  for (const Dim &extent : resultType(row).getShapeDims()) {
    if (extent.isConstant(1)) {
      expected.push_back(maps.constant(0));
      continue;
    }
    if (next == free.size() || domain[free[next]] != extent)
      return false;
    expected.push_back(maps.dim(free[next++]));
  }
  return next == free.size() && passes::normalize(map, domain) == passes::normalize(maps.get(expected), domain);
}

static bool hasIndex(Block &body) { return !body.getOps<IndexOp>().empty(); }

namespace {
/// How a pointwise may join the row it reads.
enum class Join {
  no,
  elements, ///< the row yields elements already, and they are read one for one
  spread,   ///< the row yields scalars of rows, read over the row's domain
  scalars,  ///< the row yields scalars of rows, and nothing else is read
};
} // namespace

static Join canJoin(PointwiseOp pointwise, RowOp row, Inputs &inputs) {
  if (!passes::isOnlyUsedBy(row, pointwise))
    return Join::no;
  SmallVector<Dim> domain = ir::toDims(row.getDomain()), shape = resultType(row).getShapeDims();
  bool elements = !row.getPerRow() && inputs.getDomain() == ArrayRef(domain);
  bool spread = row.getPerRow() && inputs.getDomain() == ArrayRef(domain);
  bool scalars = row.getPerRow() && inputs.getDomain() == ArrayRef(shape) && !hasIndex(pointwise.getBody().front());
  for (unsigned i = 0; i < inputs.size(); ++i) {
    auto [value, map] = inputs.get(i);
    bool fromRow = value == row.getResult(0);
    bool oneForOne = fromRow && passes::isIdentityOn(map, inputs.getDomain(), shape);
    elements &= !fromRow || oneForOne;
    spread &= !fromRow || readsOwnRow(row, map);
    scalars &= oneForOne;
  }
  // A row whose reduced dimensions are all 1 may be read either way; elements of the domain are what goes on.
  return elements ? Join::elements : spread ? Join::spread : scalars ? Join::scalars : Join::no;
}

/// Appends the pointwise's body to the finish, where the row's own result is what the finish yielded.
static void extendFinish(RowOp row, PointwiseOp pointwise, Join join) {
  Block &finish = row.getFinish().front();
  if (join == Join::spread) {
    row.setPerRow(false);
    for (auto [position, input] : llvm::enumerate(row.getInputs()))
      finish.insertArgument(position, cast<BufferType>(input.getType()).getElementType(), row.getLoc());
  }
  Inputs from = *Inputs::of(pointwise), to = *Inputs::of(row);
  Operation *yield = finish.getTerminator();
  Value own = yield->getOperand(0);
  SmallVector<Value> arguments;
  for (unsigned i = 0; i < from.size(); ++i) {
    if (from.get(i).value == row.getResult(0))
      arguments.push_back(own);
    else
      arguments.push_back(to.scalar(&finish, to.add(from.get(i))));
  }
  OpBuilder builder(yield);
  auto identity = passes::identityMap(row.getContext(), from.getDomain().size());
  yield->setOperands(passes::inlineBody(builder, pointwise.getBody().front(), arguments, identity));
}

bool passes::mergeIntoFinish(PointwiseOp pointwise) {
  if (pointwise->getNumResults() != 1)
    return false;
  Inputs inputs = *Inputs::of(pointwise);
  for (unsigned i = 0; i < inputs.size(); ++i) {
    RowOp row = definingRow(inputs.get(i).value, pointwise);
    if (!row)
      continue;
    Join join = canJoin(pointwise, row, inputs);
    if (join == Join::no)
      continue;
    row->moveBefore(pointwise);
    extendFinish(row, pointwise, join);
    row.getResult(0).setType(pointwise.getResult(0).getType());
    joinLocations(row, pointwise);
    remarkFused(row, "row", "computed where the row is stored");
    pointwise.getResult(0).replaceAllUsesWith(row.getResult(0));
    pointwise.erase();
    Inputs::of(row)->tidy();
    return true;
  }
  return false;
}

/// Whether `later` reads `earlier` over the same domain only: each row's own scalar, or elements one for one. These are
/// then computed again in each region, so not if that is costly in more than two.
static bool canMerge(RowOp earlier, RowOp later) {
  if (earlier.getDomain() != later.getDomain() || earlier.getReduced() != later.getReduced() ||
      !passes::isOnlyUsedBy(earlier, later))
    return false;
  Inputs inputs = *Inputs::of(later);
  bool isCostly = passes::isCostly(earlier.getFinish().front());
  for (unsigned i = 0; i < inputs.size(); ++i) {
    auto [value, map] = inputs.get(i);
    if (value != earlier.getResult(0))
      continue;
    bool own = earlier.getPerRow() ? readsOwnRow(earlier, map)
                                   : passes::isIdentityOn(map, inputs.getDomain(), inputs.getDomain());
    if (!own || (isCostly && inputs.regionsReading(i) > 2))
      return false;
  }
  return true;
}

namespace {
/// Builds the row that has the stages of both.
class RowMerger {
public:
  RowMerger(RowOp earlier, RowOp later) : earlier(earlier), later(later), builder(later) {}

  RowOp merge() {
    collectInputs();
    SmallVector<Attribute> kinds(earlier.getKinds().getValue());
    llvm::append_range(kinds, later.getKinds().getValue());
    SmallVector<Value> values;
    for (const Input &input : inputs)
      values.push_back(input.value);
    auto row = RowOp::create(builder, later.getLoc(), later.getResultTypes(), values,
                             passes::mapsAttr(builder.getContext(), inputs), later.getDomain(), later.getReduced(),
                             builder.getArrayAttr(kinds), later.getPerRow(), kinds.size());
    unsigned first = earlier.getStages().size();
    for (unsigned i = 0; i < first; ++i)
      cloneBlock(earlier.getStages()[i], row.getStages()[i], earlierPlaces, 0, i, true);
    for (unsigned i = 0; i < later.getStages().size(); ++i)
      cloneBlock(later.getStages()[i], row.getStages()[first + i], laterPlaces, first, i, true);
    cloneBlock(later.getFinish(), row.getFinish(), laterPlaces, first, later.getStages().size(), !later.getPerRow());
    row->setLoc(later.getLoc());
    passes::joinLocations(row, earlier);
    return row;
  }

private:
  /// A region's block with the merged inputs and all reductions so far. `skip` stages stand before the source's own;
  /// what the source read of the earlier row is its finish, computed here.
  void cloneBlock(Region &source, Region &target, ArrayRef<int> places, unsigned skip, unsigned ownReductions,
                  bool seesInputs) {
    OpBuilder::InsertionGuard guard(builder);
    Block &from = source.front();
    Block *to = builder.createBlock(&target);
    if (seesInputs)
      for (const Input &input : inputs)
        to->addArgument(cast<BufferType>(input.value.getType()).getElementType(), later.getLoc());
    unsigned firstReduction = to->getNumArguments();
    for (unsigned i = 0; i < skip; ++i)
      to->addArgument(reductionType(earlier, i), earlier.getLoc());
    for (unsigned i = 0; i < ownReductions; ++i)
      to->addArgument(from.getArgument((seesInputs ? places.size() : 0) + i).getType(), later.getLoc());

    SmallVector<Value> arguments;
    if (seesInputs) {
      Value own;
      for (int place : places) {
        if (place < 0 && !own) // once in each region
          own = cloneEarlierFinish(*to, firstReduction);
        arguments.push_back(place < 0 ? own : to->getArgument(place));
      }
    }
    for (unsigned i = 0; i < ownReductions; ++i)
      arguments.push_back(to->getArgument(firstReduction + skip + i));
    auto identity = passes::identityMap(builder.getContext(), later.getDomain().size());
    YieldOp::create(builder, from.getTerminator()->getLoc(), passes::inlineBody(builder, from, arguments, identity));
  }

  Value cloneEarlierFinish(Block &to, unsigned firstReduction) {
    SmallVector<Value> arguments;
    if (!earlier.getPerRow())
      for (int place : earlierPlaces)
        arguments.push_back(to.getArgument(place));
    llvm::append_range(arguments, to.getArguments().slice(firstReduction, earlier.getStages().size()));
    auto identity = passes::identityMap(builder.getContext(), later.getDomain().size());
    return passes::inlineBody(builder, earlier.getFinish().front(), arguments, identity)[0];
  }

  static Type reductionType(RowOp row, unsigned stage) {
    Block &finish = row.getFinish().front();
    unsigned reductions = row.getStages().size();
    return finish.getArgument(finish.getNumArguments() - reductions + stage).getType();
  }

  /// places[i]: where the source's input i stands among the merged ones; -1 for the earlier row's result.
  void collectInputs() {
    auto place = [&](Input input) -> int {
      if (input.value == earlier.getResult(0))
        return -1;
      int position = llvm::find(inputs, input) - inputs.begin();
      if (position == static_cast<int>(inputs.size()))
        inputs.push_back(input);
      return position;
    };
    Inputs first = *Inputs::of(earlier), second = *Inputs::of(later);
    for (unsigned i = 0; i < first.size(); ++i)
      earlierPlaces.push_back(place(first.get(i)));
    for (unsigned i = 0; i < second.size(); ++i)
      laterPlaces.push_back(place(second.get(i)));
  }

  RowOp earlier, later;
  OpBuilder builder;
  SmallVector<Input> inputs;
  SmallVector<int> earlierPlaces, laterPlaces;
};
} // namespace

RowOp passes::mergeRows(RowOp row) {
  Inputs inputs = *Inputs::of(row);
  for (unsigned i = 0; i < inputs.size(); ++i) {
    RowOp earlier = definingRow(inputs.get(i).value, row);
    if (!earlier || !canMerge(earlier, row))
      continue;
    RowOp merged = RowMerger(earlier, row).merge();
    remarkFused(merged, "row", "two passes over the same rows are one");
    row.replaceAllUsesWith(merged.getResults());
    row.erase();
    earlier.erase();
    return merged;
  }
  return {};
}

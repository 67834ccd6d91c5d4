// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// pointwise, gather and move: every element of the results once, 16 along the last axis at a time.
//
//   work item = (row, block of the last axis); a short domain is cut finely enough for many threads.
#include "codegen/cpu/Emit.h"

using namespace mlir;
using sinter::ir::kernel::BufferType;
using sinter::ir::kernel::panelWidth;

namespace sinter::cpu {

namespace {
/// How a domain is walked: rows of everything before the lane axis; a row is cut into `blocks`.
struct Walk {
  SmallVector<Dim> dims;
  unsigned lane = 0;
  Dim rows, blocks;
  static constexpr int64_t blockLength = 512;

  Dim length() const { return dims[lane]; }
  Dim grid() const { return rows * blocks; }
};
} // namespace

/// The lane axis is the last one that is longer than 1; rank 0 is walked as one row of one element.
static Walk planWalk(ArrayRef<Dim> dims) {
  Walk walk{SmallVector<Dim>(dims), 0, Dim(1), Dim(1)};
  if (walk.dims.empty())
    walk.dims.push_back(Dim(1));
  walk.lane = walk.dims.size() - 1;
  while (walk.lane > 0 && walk.dims[walk.lane].isConstant(1))
    --walk.lane;
  walk.rows = ir::productOf(ArrayRef<Dim>(walk.dims).take_front(walk.lane));
  std::optional<int64_t> length = walk.length().constant(), rows = walk.rows.constant();
  bool isWhole =
      length && (*length <= Walk::blockLength || (*length <= 4 * Walk::blockLength && (!rows || *rows >= 64)));
  if (!isWhole)
    walk.blocks = Dim::ceilDiv(walk.length(), Walk::blockLength);
  return walk;
}

/// Calls `body(point, offset)` for each 16 elements of the item; `offset` is their place in a dense result.
static void walkItem(Emitter &e, const Walk &walk, llvm::function_ref<void(const Point &, Value)> body) {
  Value row = e.item, from = e.constant(0), to = e.size(walk.length());
  if (!walk.blocks.isConstant(1)) {
    Value blocks = e.size(walk.blocks);
    row = e.div(e.item, blocks);
    from = e.mul(e.rem(e.item, blocks), e.constant(Walk::blockLength));
    to = e.min(e.add(from, e.constant(Walk::blockLength)), to);
  }
  Point point;
  point.dims = walk.dims;
  point.lane = walk.lane;
  point.index = e.delinearize(row, ArrayRef<Dim>(walk.dims).take_front(walk.lane));
  point.index.resize(walk.dims.size(), e.constant(0));
  point.groups = {{0, walk.lane, row}};
  Value rowOffset = e.mul(row, e.size(walk.length()));
  e.blocks(from, to, walk.length().constant(), point, {}, [&](const Point &at, ValueRange) -> Emitter::Values {
    body(at, e.add(rowOffset, at.index[at.lane]));
    return {};
  });
}

FailureOr<Dim> lowerPointwise(Emitter &e, ir::kernel::PointwiseOp op) {
  auto resultType = cast<BufferType>(op.getResults().front().getType());
  Walk walk = planWalk(resultType.getShapeDims());
  SmallVector<Access> inputs;
  for (auto [i, input] : llvm::enumerate(op.getInputs()))
    inputs.push_back(e.access(i, cast<BufferType>(input.getType()), cast<ir::IndexMapAttr>(op.getMaps()[i])));
  bool isFailed = false;
  walkItem(e, walk, [&](const Point &point, Value offset) {
    SmallVector<Value> arguments;
    for (const Access &input : inputs)
      arguments.push_back(e.load(input, point));
    FailureOr<SmallVector<Value>> values = emitRegion(e, op.getBody(), arguments, point);
    if (failed(values)) {
      isFailed = true;
      return;
    }
    for (auto [i, value] : llvm::enumerate(*values)) {
      Type element = cast<BufferType>(op.getResult(i).getType()).getElementType();
      e.store(e.pointer(inputs.size() + i), element, offset, value, point);
    }
  });
  if (isFailed)
    return failure();
  return walk.grid();
}

//===-- Gather --===//

FailureOr<Dim> lowerGather(Emitter &e, ir::kernel::GatherOp op) {
  auto tableType = cast<BufferType>(op.getTable().getType()), idsType = cast<BufferType>(op.getIds().getType());
  unsigned idRank = idsType.rank(), rowRank = tableType.rank() - 1;
  SmallVector<Dim> dims = op.getResult().getType().getShapeDims();
  if (rowRank == 0)
    dims.push_back(Dim(1)); // lanes run along a row, never across ids
  Walk walk{dims, unsigned(dims.size() - 1), Dim(1), Dim(1)};
  walk.rows = ir::productOf(ArrayRef<Dim>(dims).drop_back());

  // The table is read at (id, j...): the id is one more axis of the domain, behind the others.
  MLIRContext *context = op.getContext();
  SmallVector<AffineExpr> index = {getAffineDimExpr(dims.size(), context)};
  for (unsigned i = 0; i < rowRank; ++i)
    index.push_back(getAffineDimExpr(idRank + i, context));
  Access table = e.access(0, tableType, AffineMap::get(dims.size() + 1, 0, index, context), {});

  // One id serves a row of the innermost axis: read and judged before the elements.
  Value row = e.item;
  Value idNumber = row;
  for (unsigned i = idRank; i + 1 < dims.size(); ++i)
    idNumber = e.div(idNumber, e.size(dims[i]));
  Value id = arith::ExtSIOp::create(e.b, e.b.getI64Type(), e.loadScalar(e.pointer(1), e.b.getI32Type(), idNumber));
  Value isBad = arith::CmpIOp::create(e.b, arith::CmpIPredicate::uge, id, e.size(tableType.getDim(0)));
  e.reportIndex(isBad);
  id = arith::SelectOp::create(e.b, isBad, e.constant(0), id);

  walkItem(e, walk, [&](const Point &point, Value offset) {
    Point source = point;
    source.dims.push_back(tableType.getDim(0));
    source.index.push_back(id);
    e.store(e.pointer(2), op.getResult().getType().getElementType(), offset, e.load(table, source), point);
  });
  return walk.grid();
}

//===-- Move --===//

/// Into panels: work item = (leading axes, panel, block of K); 16 columns are one store, those beyond N are 0.
static FailureOr<Dim> lowerMoveToPanels(Emitter &e, ir::kernel::MoveOp op) {
  BufferType type = op.getResult().getType();
  SmallVector<Dim> dims = type.getShapeDims();
  unsigned rank = dims.size(), lane = rank - 2;
  Access input = e.access(0, op.getInput().getType(), op.getMap());
  constexpr int64_t blockLength = 256;
  Dim lead = ir::productOf(ArrayRef<Dim>(dims).take_front(lane)), panels = Dim::ceilDiv(dims[lane], panelWidth);
  Dim length = dims.back(), blocks = Dim::ceilDiv(length, blockLength);

  Value panelRow = e.div(e.item, e.size(blocks)), block = e.rem(e.item, e.size(blocks));
  Value leadNumber = e.div(panelRow, e.size(panels)), panel = e.rem(panelRow, e.size(panels));
  Point point;
  point.dims = dims;
  point.lane = lane;
  point.index = e.delinearize(leadNumber, ArrayRef<Dim>(dims).take_front(lane));
  point.index.push_back(e.mul(panel, e.constant(panelWidth)));
  point.index.push_back(nullptr);
  point.groups = {{0, lane, leadNumber}};
  Value from = e.mul(block, e.constant(blockLength));
  Value to = e.min(e.add(from, e.constant(blockLength)), e.size(length));
  Value base = e.mul(e.mul(panelRow, e.size(length)), e.constant(panelWidth));

  auto copy = [&](const Point &where) {
    e.loop(from, to, 1, [&](Value k) {
      Point at = where;
      at.index.back() = k;
      Value value = e.load(input, at);
      if (at.mask) // a broadcast fills all lanes; the padding must be zero
        value = arith::SelectOp::create(e.b, at.mask, value,
                                        arith::ConstantOp::create(e.b, e.b.getZeroAttr(value.getType())));
      e.storeVector(e.pointer(1), type.getElementType(), value, e.add(base, e.mul(k, e.constant(panelWidth))));
    });
  };
  Value first = point.index[lane], end = e.min(e.add(first, e.constant(panelWidth)), e.size(dims[lane]));
  e.blocks(first, end, dims[lane].constant(), point, {}, [&](const Point &at, ValueRange) -> Emitter::Values {
    copy(at);
    return {};
  });
  return lead * panels * blocks;
}

FailureOr<Dim> lowerMove(Emitter &e, ir::kernel::MoveOp op) {
  BufferType type = op.getResult().getType();
  if (type.isPanels())
    return lowerMoveToPanels(e, op);
  Walk walk = planWalk(type.getShapeDims());
  Access input = e.access(0, op.getInput().getType(), op.getMap());
  walkItem(e, walk, [&](const Point &point, Value offset) {
    e.store(e.pointer(1), type.getElementType(), offset, e.load(input, point), point);
  });
  return walk.grid();
}

} // namespace sinter::cpu

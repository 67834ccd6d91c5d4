// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// contract: out[batch, m, n] = epilogue(sum over k of lhs[batch, m, k] * rhs[batch, n, k]), rhs in 16-column panels.
//
// Work item = (batch, group of panels, tile of rows), the rows varying fastest so that a panel stays in the cache.
// A tile is `tileRows` x `tilePanels` vectors of sums in registers; each k loads the panels' rows once and broadcasts
// one scalar for each row of lhs. Every output is one chain of fused multiply-adds over ascending k that starts at
// 0, whatever the tile: the same bits on every target. Rows and panels past the end repeat the last one and are not
// stored. Traffic of an item: tileRows * K of lhs, tilePanels * 16 * K of rhs; 2 * tileRows * tilePanels * 16 * K
// flops.
#include "codegen/cpu/Emit.h"

using namespace mlir;
using sinter::ir::kernel::BufferType;
using sinter::ir::kernel::panelWidth;

namespace sinter::cpu {

namespace {
class ContractLowering {
public:
  ContractLowering(Emitter &e, ir::kernel::ContractOp op);
  FailureOr<Dim> lower();

private:
  using Values = Emitter::Values;
  bool placeRows();
  void placePanels();
  Values sums();
  Values step(Value k, int64_t unrolled, ValueRange sums);
  void epilogue(Value frame);
  void storeBlock(Value sum, const Point &point, Value row);

  Emitter &e;
  ir::kernel::ContractOp op;
  unsigned batchRank, rowsEnd; ///< result axes: [0, batchRank) batch, [batchRank, rowsEnd) rows, then n
  int64_t tileRows, tilePanels;
  Dim batch, rows, columns, depth, panels;
  SmallVector<Dim> dims; ///< of the result
  SmallVector<Access> extras;
  Value batchNumber, firstRow, firstPanel;
  SmallVector<Value> rowPointers, panelPointers;
  Value depthStride;
  bool isFailed = false;
};
} // namespace

ContractLowering::ContractLowering(Emitter &e, ir::kernel::ContractOp op) : e(e), op(op) {
  dims = op.getResult().getType().getShapeDims();
  batchRank = op.getBatch();
  rowsEnd = dims.size() - 1;
  SmallVector<Dim> rhs = op.getRhs().getType().getShapeDims();
  columns = rhs[rhs.size() - 2];
  depth = rhs.back();
  panels = Dim::ceilDiv(columns, panelWidth);
  batch = ir::productOf(ArrayRef<Dim>(dims).take_front(batchRank));
  rows = ir::productOf(ArrayRef<Dim>(dims).slice(batchRank, rowsEnd - batchRank));
  // A tile never has more rows or panels than the product itself.
  tileRows = std::min<int64_t>(e.target.tileRows, std::max<int64_t>(rows.constant().value_or(INT64_MAX), 1));
  tilePanels = std::min<int64_t>(e.target.tilePanels, std::max<int64_t>(panels.constant().value_or(INT64_MAX), 1));
  for (auto [i, extra] : llvm::enumerate(op.getExtras()))
    extras.push_back(e.access(2 + i, cast<BufferType>(extra.getType()), cast<ir::IndexMapAttr>(op.getExtraMaps()[i])));
}

/// Pointers to the tile's rows of lhs at k = 0, and the distance of neighbours in k.
bool ContractLowering::placeRows() {
  Access lhs = e.access(0, op.getLhs().getType(), op.getLhsMap());
  std::optional<SmallVector<Dim>> factors = e.linear(lhs, dims.size());
  if (!factors)
    return false;
  depthStride = e.size((*factors)[rowsEnd]);
  Value last = e.sub(e.size(rows), e.constant(1));
  Point point;
  point.dims = SmallVector<Dim>(ArrayRef<Dim>(dims).drop_back());
  point.dims.push_back(depth);
  point.lane = rowsEnd;
  ArrayRef<Dim> all(dims);
  SmallVector<Value> batchIndex = e.delinearize(batchNumber, all.take_front(batchRank));
  for (int64_t r = 0; r < tileRows; ++r) {
    Value row = e.min(e.add(firstRow, e.constant(r)), last);
    point.index = batchIndex;
    point.index.append(e.delinearize(row, all.slice(batchRank, rowsEnd - batchRank)));
    point.index.push_back(e.constant(0));
    point.groups = {{0, batchRank, batchNumber}, {batchRank, rowsEnd, row}};
    rowPointers.push_back(e.offsetPointer(lhs.pointer, lhs.element, e.offset(lhs, point)));
  }
  return true;
}

/// Pointers to the tile's panels of rhs, at k = 0.
void ContractLowering::placePanels() {
  // The leading axes of rhs are a dense buffer whose elements are matrices of panels.
  Access lead{e.pointer(1), e.b.getF32Type(), op.getRhsMap().getMap(), ir::toDims(op.getRhsMap().getSymbols()), {}};
  SmallVector<Dim> shape = op.getRhs().getType().getShapeDims();
  lead.strides.assign(shape.size() - 2, panels * depth * Dim(panelWidth));
  for (size_t i = lead.strides.size(); i-- > 1;)
    lead.strides[i - 1] = lead.strides[i] * shape[i];
  Point point;
  point.dims = SmallVector<Dim>(ArrayRef<Dim>(dims).take_front(batchRank));
  point.index = e.delinearize(batchNumber, point.dims);
  point.groups = {{0, batchRank, batchNumber}};
  point.lane = batchRank; // no axis of this domain
  Value matrix = e.offset(lead, point);
  Value last = e.sub(e.size(panels), e.constant(1)), panelSize = e.size(depth * Dim(panelWidth));
  for (int64_t p = 0; p < tilePanels; ++p) {
    Value panel = e.min(e.add(firstPanel, e.constant(p)), last);
    panelPointers.push_back(e.offsetPointer(lead.pointer, lead.element, e.add(matrix, e.mul(panel, panelSize))));
  }
}

/// k, k + 1, ... : `unrolled` steps of all the tile's chains.
ContractLowering::Values ContractLowering::step(Value k, int64_t unrolled, ValueRange init) {
  Type f32 = e.b.getF32Type();
  Values sums(init);
  for (int64_t u = 0; u < unrolled; ++u) {
    Value at = e.add(k, e.constant(u)), inPanel = e.mul(at, e.constant(panelWidth)), inRow = e.mul(at, depthStride);
    Values panelRows;
    for (Value pointer : panelPointers)
      panelRows.push_back(e.loadVector(pointer, f32, inPanel));
    for (int64_t r = 0; r < tileRows; ++r) {
      Value scalar = e.splat(e.loadScalar(rowPointers[r], f32, inRow));
      for (int64_t p = 0; p < tilePanels; ++p) {
        Value &sum = sums[r * tilePanels + p];
        sum = math::FmaOp::create(e.b, scalar, panelRows[p], sum);
      }
    }
  }
  return sums;
}

ContractLowering::Values ContractLowering::sums() {
  constexpr int64_t unrolled = 4;
  Values carried(tileRows * tilePanels, e.floatLanes(0));
  Value from = e.constant(0), to = e.size(depth);
  Value middle = e.mul(e.div(to, e.constant(unrolled)), e.constant(unrolled));
  carried = e.loop(from, middle, unrolled, carried, [&](Value k, ValueRange sums) { return step(k, unrolled, sums); });
  if (depth.constant() && *depth.constant() % unrolled == 0)
    return carried;
  return e.loop(middle, to, 1, carried, [&](Value k, ValueRange sums) { return step(k, 1, sums); });
}

//===-- Epilogue --===//

void ContractLowering::storeBlock(Value sum, const Point &point, Value row) {
  SmallVector<Value> arguments = {sum};
  for (const Access &extra : extras)
    arguments.push_back(e.load(extra, point));
  FailureOr<SmallVector<Value>> values = emitRegion(e, op.getEpilogue(), arguments, point);
  if (failed(values)) {
    isFailed = true;
    return;
  }
  Value offset = e.add(e.mul(row, e.size(columns)), point.index[rowsEnd]);
  Type element = op.getResult().getType().getElementType();
  e.store(e.pointer(2 + extras.size()), element, offset, values->front(), point);
}

/// The sums lie in the frame, so that the epilogue's code stands here once and not for each row of the tile.
void ContractLowering::epilogue(Value frame) {
  ArrayRef<Dim> all(dims);
  Value rowCount = e.min(e.sub(e.size(rows), firstRow), e.constant(tileRows));
  Point point;
  point.dims = dims;
  point.lane = rowsEnd;
  SmallVector<Value> batchIndex = e.delinearize(batchNumber, all.take_front(batchRank));
  Value firstColumn = e.mul(firstPanel, e.constant(panelWidth));
  Value end = e.min(e.add(firstColumn, e.constant(tilePanels * panelWidth)), e.size(columns));
  e.loop(e.constant(0), rowCount, 1, [&](Value r) {
    Value rowInBatch = e.add(firstRow, r);
    Value row = e.add(e.mul(batchNumber, e.size(rows)), rowInBatch);
    point.index = batchIndex;
    point.index.append(e.delinearize(rowInBatch, all.slice(batchRank, rowsEnd - batchRank)));
    point.index.push_back(firstColumn);
    point.groups = {{0, rowsEnd, row}, {0, batchRank, batchNumber}, {batchRank, rowsEnd, rowInBatch}};
    Value base = e.mul(r, e.constant(tilePanels * panelWidth));
    e.blocks(firstColumn, end, columns.constant(), point, {}, [&](const Point &at, ValueRange) -> Values {
      Value place = e.add(base, e.sub(at.index[rowsEnd], firstColumn));
      storeBlock(e.loadVector(frame, e.b.getF32Type(), place), at, row);
      return {};
    });
  });
}

FailureOr<Dim> ContractLowering::lower() {
  if (!op.getRhs().getType().getElementType().isF32())
    return op.emitError("the right operand of a contraction must be of f32");
  Dim tiles = Dim::floorDiv(rows + Dim(tileRows - 1), Dim(tileRows));
  Dim groups = Dim::floorDiv(panels + Dim(tilePanels - 1), Dim(tilePanels));
  Value tile = e.rem(e.item, e.size(tiles)), rest = e.div(e.item, e.size(tiles));
  batchNumber = e.div(rest, e.size(groups));
  firstRow = e.mul(tile, e.constant(tileRows));
  firstPanel = e.mul(e.rem(rest, e.size(groups)), e.constant(tilePanels));
  if (!placeRows())
    return op.emitError("the left operand of a contraction must be read through a linear map");
  placePanels();
  Value frame = e.frameVectors(e.b.getF32Type(), tileRows * tilePanels);
  for (auto [i, sum] : llvm::enumerate(sums()))
    e.storeVector(frame, e.b.getF32Type(), sum, e.constant(i * lanes));
  epilogue(frame);
  if (isFailed)
    return failure();
  return batch * groups * tiles;
}

FailureOr<Dim> lowerContract(Emitter &e, ir::kernel::ContractOp op) { return ContractLowering(e, op).lower(); }

} // namespace sinter::cpu

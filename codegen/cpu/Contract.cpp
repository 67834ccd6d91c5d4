// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// contract: out[batch, m, n] = epilogue(sum over k of lhs[batch, m, k] * rhs[batch, n, k]), rhs in 16-column panels.
//
// Work item = (batch, group of four panels, share of its tiles). A group's tiles are numbered with the rows varying
// fastest, so that a pair of panels stays in the cache; an item takes four panels' worth of neighbouring numbers.
// What a tile does is ContractTile.cpp's; here its pointers are placed, and its sums go through the epilogue. Fewer
// rows than a tile's take one of its smaller forms; very few take more panels at once, which keeps more streams of
// weights and more chains under way. While the rows of a panel are worked on, the next panel is prefetched.
// Every output is one chain of fused multiply-adds over ascending k that starts at 0, whatever the tile: the same bits
// on every target. Rows and panels past the end repeat the last one and are not stored.
// Traffic of a tile: rows * K of lhs, panels * 16 * K of rhs; 2 * rows * panels * 16 * K flops.
#include "codegen/cpu/ContractTile.h"

using namespace mlir;
using sinter::ir::kernel::BufferType;
using sinter::ir::kernel::panelWidth;

namespace sinter::cpu {

/// Panels of one work item, at most; fewer of a matrix that has few, so that threads end together.
static constexpr int64_t groupPanels = 4, fewPanels = 64;

namespace {
class ContractLowering {
public:
  ContractLowering(Emitter &e, ir::kernel::ContractOp op);
  FailureOr<Dim> lower();

private:
  using Values = Emitter::Values;
  void chooseForms();
  Value byRows(llvm::function_ref<int64_t(const Tile &)> of);
  Value firstRowOf(Value tile);
  void placeRows();
  void placePanels(Value width);
  void planPrefetch(Value tile, Value width);
  void runForm(ArrayRef<Tile> forms, Value rowCount);
  void runTile(Value tile, Value width);
  void epilogue(Value width);
  void storeBlock(Value sum, const Point &point, Value row);

  Emitter &e;
  ir::kernel::ContractOp op;
  unsigned batchRank, rowsEnd; ///< result axes: [0, batchRank) batch, [batchRank, rowsEnd) rows, then n
  Type element; ///< of rhs, as stored
  int64_t tileRows, tilePanels, itemPanels;
  Dim batch, rows, columns, depth, panels;
  SmallVector<Dim> dims; ///< of the result
  SmallVector<Access> extras;
  SmallVector<Tile> few, tall; ///< by rows, ascending: for all rows at once, for a part of them
  bool isDense = false;        ///< neighbours in k of lhs are neighbours in memory
  Value tiles, batchNumber, firstRow, firstPanel;
  TileCall call;
  bool isFailed = false;
};
} // namespace

ContractLowering::ContractLowering(Emitter &e, ir::kernel::ContractOp op) : e(e), op(op) {
  dims = op.getResult().getType().getShapeDims();
  element = op.getRhs().getType().getElementType();
  batchRank = op.getBatch();
  rowsEnd = dims.size() - 1;
  SmallVector<Dim> rhs = op.getRhs().getType().getShapeDims();
  columns = rhs[rhs.size() - 2];
  depth = rhs.back();
  panels = Dim::ceilDiv(columns, panelWidth);
  batch = ir::productOf(ArrayRef<Dim>(dims).take_front(batchRank));
  rows = ir::productOf(ArrayRef<Dim>(dims).slice(batchRank, rowsEnd - batchRank));
  // No more panels at once than there are.
  int64_t most = std::max<int64_t>(panels.constant().value_or(INT64_MAX), 1);
  tileRows = e.target.tileRows;
  tilePanels = std::min<int64_t>(e.target.tilePanels, most);
  int64_t wanted = most <= fewPanels ? 2 : groupPanels;
  itemPanels = std::min<int64_t>(llvm::alignTo(std::min(most, wanted), tilePanels), groupPanels);
  chooseForms();
  for (auto [i, extra] : llvm::enumerate(op.getExtras()))
    extras.push_back(e.access(2 + i, cast<BufferType>(extra.getType()), cast<ir::IndexMapAttr>(op.getExtraMaps()[i])));
}

//===-- Forms --===//

/// Three quarters of the registers may hold sums.
void ContractLowering::chooseForms() {
  int64_t registers = e.target.vectorRegisters * e.target.vectorBits / (lanes * 32);
  for (int64_t r : {1, 2, 4, 8})
    for (int64_t p : {itemPanels, int64_t(2)})
      if (p >= std::min(tilePanels, itemPanels) && p <= itemPanels && r * p * 4 <= registers * 3) {
        few.push_back({r, p, /*isShared=*/false, element});
        break;
      }
  int64_t stride = tileRows > 6 ? 4 : 2;
  for (int64_t r = stride; r <= tileRows; r += stride)
    tall.push_back({r, tilePanels, /*isShared=*/true, element});
}

/// A number of the form that all rows take at once, or else of the tall ones.
Value ContractLowering::byRows(llvm::function_ref<int64_t(const Tile &)> of) {
  Value value = e.constant(of(tall.back()));
  for (const Tile &form : llvm::reverse(few)) {
    Value fits = e.b.createOrFold<arith::CmpIOp>(arith::CmpIPredicate::sle, e.size(rows), e.constant(form.rows));
    value = e.b.createOrFold<arith::SelectOp>(fits, e.constant(of(form)), value);
  }
  return value;
}

/// Where a rest of one or two rows would have too few chains to keep the units busy, the tile before gives it two.
Value ContractLowering::firstRowOf(Value tile) {
  Value first = e.mul(tile, e.constant(tileRows));
  if (tall.front().rows > 2)
    return first;
  Value count = e.size(rows), rest = e.rem(e.sub(count, e.constant(1)), e.constant(tileRows));
  auto is = [&](arith::CmpIPredicate predicate, Value x, Value y) {
    return e.b.createOrFold<arith::CmpIOp>(predicate, x, y);
  };
  Value isLast = is(arith::CmpIPredicate::eq, tile, e.sub(tiles, e.constant(1)));
  Value isSmall = is(arith::CmpIPredicate::slt, rest, e.constant(2));
  Value isAlone = is(arith::CmpIPredicate::eq, tile, e.constant(0));
  Value given = e.b.createOrFold<arith::SelectOp>(isSmall, e.constant(2), e.constant(0));
  given = e.b.createOrFold<arith::SelectOp>(isLast, given, e.constant(0));
  return e.sub(first, e.b.createOrFold<arith::SelectOp>(isAlone, e.constant(0), given));
}

//===-- A tile's operands --===//

/// Pointers to the tile's rows of lhs at k = 0.
void ContractLowering::placeRows() {
  Access lhs = e.access(0, op.getLhs().getType(), op.getLhsMap());
  Point point;
  point.dims = SmallVector<Dim>(ArrayRef<Dim>(dims).drop_back());
  point.dims.push_back(depth);
  point.lane = rowsEnd;
  ArrayRef<Dim> all(dims);
  SmallVector<Value> batchIndex = e.delinearize(batchNumber, all.take_front(batchRank));
  e.loop(e.constant(0), call.rowCount, 1, [&](Value r) {
    Value row = e.add(firstRow, r);
    point.index = batchIndex;
    point.index.append(e.delinearize(row, all.slice(batchRank, rowsEnd - batchRank)));
    point.index.push_back(e.constant(0));
    point.groups = {{0, batchRank, batchNumber}, {batchRank, rowsEnd, row}};
    e.storePointer(call.places, e.offsetPointer(lhs.pointer, lhs.element, e.offset(lhs, point)), r);
  });
}

/// Pointers to at most `width` panels of rhs, at k = 0.
void ContractLowering::placePanels(Value width) {
  // The leading axes of rhs are a dense buffer whose elements are matrices of panels.
  Access lead{e.pointer(1), element, op.getRhsMap().getMap(), ir::toDims(op.getRhsMap().getSymbols()), {}};
  SmallVector<Dim> shape = op.getRhs().getType().getShapeDims();
  lead.strides.assign(shape.size() - 2, panels * depth * Dim(panelWidth));
  for (size_t i = lead.strides.size(); i-- > 1;)
    lead.strides[i - 1] = lead.strides[i] * shape[i];
  Point point;
  point.dims = SmallVector<Dim>(ArrayRef<Dim>(dims).take_front(batchRank));
  point.index = e.delinearize(batchNumber, point.dims);
  point.groups = {{0, batchRank, batchNumber}};
  point.lane = batchRank; // no axis of this domain
  Value matrix = e.offset(lead, point), panelSize = e.size(depth * Dim(panelWidth));
  call.panelCount = e.min(width, e.sub(e.size(panels), firstPanel));
  e.loop(e.constant(0), call.panelCount, 1, [&](Value p) {
    Value offset = e.add(matrix, e.mul(e.add(firstPanel, p), panelSize));
    e.storePointer(call.places, e.offsetPointer(lead.pointer, lead.element, offset),
                   e.add(p, e.constant(mostTileRows)));
  });
}

/// The tiles of a panel share its successor's lines: four neighbours take one of each four lines, three or two more of
/// them. A tile that is alone runs ahead of itself in its own panel, and over its end into the next.
void ContractLowering::planPrefetch(Value tile, Value width) {
  constexpr int64_t rowsAhead = 48;
  auto is = [&](Value x, int64_t y) {
    return e.b.createOrFold<arith::CmpIOp>(arith::CmpIPredicate::eq, x, e.constant(y));
  };
  auto select = [&](Value condition, Value x, Value y) { return e.b.createOrFold<arith::SelectOp>(condition, x, y); };
  Value one = e.constant(1), two = e.constant(2), zero = e.constant(0);
  Value ofThree = select(is(tile, 0), zero, e.add(tile, one));
  Value first = select(is(tiles, 3), ofThree, e.rem(tile, e.constant(4)));
  first = select(is(tiles, 2), e.mul(tile, two), first);
  call.lines = select(is(tiles, 3), select(is(tile, 0), two, one), one);
  call.lines = select(is(tiles, 1), e.constant(4), select(is(tiles, 2), two, call.lines));
  Value next = e.mul(width, e.size(depth * Dim(panelWidth)));
  call.ahead =
      select(is(tiles, 1), e.constant(rowsAhead * panelWidth), e.add(next, e.mul(first, e.constant(panelWidth))));
}

/// The smallest of the forms that holds the rows, or else the last one.
void ContractLowering::runForm(ArrayRef<Tile> forms, Value rowCount) {
  const Tile &first = forms.front();
  // The next tile's panels lie behind this one's: the same place in each.
  TileCall call = this->call;
  if (!first.isShared)
    call.ahead = e.mul(e.constant(first.panels - 1), e.size(depth * Dim(panelWidth)));
  std::optional<int64_t> known = rows.constant();
  if (forms.size() == 1 || (known && *known <= first.rows))
    return callTile(e, first, isDense, call);
  Value fits = arith::CmpIOp::create(e.b, arith::CmpIPredicate::sle, rowCount, e.constant(first.rows));
  scf::IfOp branch = scf::IfOp::create(e.b, TypeRange(), fits, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(e.b);
  e.b.setInsertionPoint(branch.thenBlock()->getTerminator());
  callTile(e, first, isDense, call);
  e.b.setInsertionPoint(branch.elseBlock()->getTerminator());
  runForm(forms.drop_front(), rowCount);
}

void ContractLowering::runTile(Value tile, Value width) {
  firstRow = firstRowOf(tile);
  call.rowCount = e.sub(e.min(e.size(rows), firstRowOf(e.add(tile, e.constant(1)))), firstRow);
  placeRows();
  placePanels(width);
  planPrefetch(tile, width);
  std::optional<int64_t> known = rows.constant();
  int64_t most = few.empty() ? 0 : few.back().rows;
  if (few.empty() || (known && *known > most)) {
    runForm(tall, call.rowCount);
  } else if (known) {
    runForm(few, call.rowCount);
  } else {
    Value isFew = arith::CmpIOp::create(e.b, arith::CmpIPredicate::sle, e.size(rows), e.constant(most));
    scf::IfOp branch = scf::IfOp::create(e.b, TypeRange(), isFew, /*withElseRegion=*/true);
    OpBuilder::InsertionGuard guard(e.b);
    e.b.setInsertionPoint(branch.thenBlock()->getTerminator());
    runForm(few, call.rowCount);
    e.b.setInsertionPoint(branch.elseBlock()->getTerminator());
    runForm(tall, call.rowCount);
  }
  epilogue(width);
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

/// Of the tile at (firstRow, firstPanel), `width` panels wide.
void ContractLowering::epilogue(Value width) {
  ArrayRef<Dim> all(dims);
  Point point;
  point.dims = dims;
  point.lane = rowsEnd;
  SmallVector<Value> batchIndex = e.delinearize(batchNumber, all.take_front(batchRank));
  Value firstColumn = e.mul(firstPanel, e.constant(panelWidth));
  Value end = e.min(e.add(firstColumn, e.mul(width, e.constant(panelWidth))), e.size(columns));
  e.loop(e.constant(0), call.rowCount, 1, [&](Value r) {
    Value rowInBatch = e.add(firstRow, r);
    Value row = e.add(e.mul(batchNumber, e.size(rows)), rowInBatch);
    point.index = batchIndex;
    point.index.append(e.delinearize(rowInBatch, all.slice(batchRank, rowsEnd - batchRank)));
    point.index.push_back(firstColumn);
    point.groups = {{0, rowsEnd, row}, {0, batchRank, batchNumber}, {batchRank, rowsEnd, rowInBatch}};
    Value base = e.mul(e.mul(r, width), e.constant(panelWidth));
    e.blocks(firstColumn, end, columns.constant(), point, {}, [&](const Point &at, ValueRange) -> Values {
      Value place = e.add(base, e.sub(at.index[rowsEnd], firstColumn));
      storeBlock(e.loadVector(call.sums, e.b.getF32Type(), place), at, row);
      return {};
    });
  });
}

FailureOr<Dim> ContractLowering::lower() {
  auto factors = e.linear(e.access(0, op.getLhs().getType(), op.getLhsMap()), dims.size());
  if (!factors)
    return op.emitError("the left operand of a contraction must be read through a linear map");
  isDense = (*factors)[rowsEnd].isConstant(1);
  call.depthStride = e.size((*factors)[rowsEnd]);
  call.depth = e.size(depth);
  call.sums = e.frameVectors(e.b.getF32Type(), tileRows * itemPanels);
  call.places = e.framePointers(mostTileRows + groupPanels);

  Dim tileCount = Dim::floorDiv(rows + Dim(tileRows - 1), Dim(tileRows));
  Dim groups = Dim::floorDiv(panels + Dim(itemPanels - 1), Dim(itemPanels));
  tiles = e.size(tileCount);
  Value share = e.rem(e.item, tiles), rest = e.div(e.item, tiles);
  batchNumber = e.div(rest, e.size(groups));
  Value groupPanel = e.mul(e.rem(rest, e.size(groups)), e.constant(itemPanels));
  Value width = byRows([](const Tile &form) { return form.panels; });
  Value pieces = byRows([&](const Tile &form) { return llvm::divideCeil(itemPanels, form.panels); });
  e.loop(e.constant(0), pieces, 1, [&](Value i) {
    Value number = e.add(e.mul(share, pieces), i);
    firstPanel = e.add(groupPanel, e.mul(e.div(number, tiles), width));
    Value exists = arith::CmpIOp::create(e.b, arith::CmpIPredicate::slt, firstPanel, e.size(panels));
    e.when(exists, {}, [&]() -> Values {
      runTile(e.rem(number, tiles), width);
      return {};
    });
  });
  if (isFailed)
    return failure();
  return batch * groups * tileCount;
}

FailureOr<Dim> lowerContract(Emitter &e, ir::kernel::ContractOp op) { return ContractLowering(e, op).lower(); }

} // namespace sinter::cpu

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// contract: out[batch, m, n] = epilogue(sum over k of lhs[batch, m, k] * rhs[batch, n, k]), rhs in 16-column panels.
//
// Work item = (batch, group of four panels, share of its tiles). A group's tiles are numbered with the rows varying
// fastest, so that a pair of panels stays in the cache; an item takes four panels' worth of neighbouring numbers.
// A tile is rows x panels of sums in registers; each k loads the panels' rows once and broadcasts one scalar for each
// row of lhs. Fewer rows than a tile's take one of its smaller forms; very few take all four panels at once, which
// keeps four streams of weights under way. While the rows of a panel are worked on, the next panel is prefetched.
// Every output is one chain of fused multiply-adds over ascending k that starts at 0, whatever the tile: the same bits
// on every target. Rows and panels past the end repeat the last one and are not stored.
// Traffic of a tile: rows * K of lhs, panels * 16 * K of rhs; 2 * rows * panels * 16 * K flops.
#include "codegen/cpu/Emit.h"

using namespace mlir;
using sinter::ir::kernel::BufferType;
using sinter::ir::kernel::panelWidth;

namespace sinter::cpu {

/// Panels of one work item.
static constexpr int64_t groupPanels = 4;

namespace {
/// A tile of sums in registers.
struct Tile {
  int64_t rows, panels;
};

class ContractLowering {
public:
  ContractLowering(Emitter &e, ir::kernel::ContractOp op);
  FailureOr<Dim> lower();

private:
  using Values = Emitter::Values;
  void placeRows(int64_t count);
  void placePanels(int64_t count);
  Values sums(const Tile &tile);
  Values step(const Tile &tile, Value k, int64_t unrolled, ValueRange sums);
  void prefetch(Value k);
  void sumInto(Value frame, const Tile &tile);
  void chooseTile(Value frame, Value rowsLeft, ArrayRef<Tile> forms);
  void epilogue(Value frame, Value width);
  void storeBlock(Value sum, const Point &point, Value row);

  Emitter &e;
  ir::kernel::ContractOp op;
  unsigned batchRank, rowsEnd; ///< result axes: [0, batchRank) batch, [batchRank, rowsEnd) rows, then n
  int64_t tileRows, tilePanels, itemPanels;
  Dim batch, rows, columns, depth, panels;
  SmallVector<Dim> dims; ///< of the result
  SmallVector<Access> extras;
  Value batchNumber, firstRow, firstPanel;
  SmallVector<Value> rowPointers, panelPointers;
  Value depthStride;
  Value isShort;      ///< two or three tiles of rows
  Value prefetchFrom; ///< the row of the next panel that goes with k = 0; null for none
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
  // No more panels at once than there are.
  int64_t most = std::max<int64_t>(panels.constant().value_or(INT64_MAX), 1);
  tileRows = e.target.tileRows;
  tilePanels = std::min<int64_t>(e.target.tilePanels, most);
  itemPanels = std::min<int64_t>(llvm::alignTo(most < groupPanels ? most : groupPanels, tilePanels), groupPanels);
  for (auto [i, extra] : llvm::enumerate(op.getExtras()))
    extras.push_back(e.access(2 + i, cast<BufferType>(extra.getType()), cast<ir::IndexMapAttr>(op.getExtraMaps()[i])));
}

/// Pointers to `count` rows of lhs at k = 0, and the distance of neighbours in k.
void ContractLowering::placeRows(int64_t count) {
  Access lhs = e.access(0, op.getLhs().getType(), op.getLhsMap());
  SmallVector<Dim> factors = *e.linear(lhs, dims.size());
  depthStride = e.size(factors[rowsEnd]);
  Value last = e.sub(e.size(rows), e.constant(1));
  Point point;
  point.dims = SmallVector<Dim>(ArrayRef<Dim>(dims).drop_back());
  point.dims.push_back(depth);
  point.lane = rowsEnd;
  ArrayRef<Dim> all(dims);
  SmallVector<Value> batchIndex = e.delinearize(batchNumber, all.take_front(batchRank));
  rowPointers.clear();
  for (int64_t r = 0; r < count; ++r) {
    Value row = e.min(e.add(firstRow, e.constant(r)), last);
    point.index = batchIndex;
    point.index.append(e.delinearize(row, all.slice(batchRank, rowsEnd - batchRank)));
    point.index.push_back(e.constant(0));
    point.groups = {{0, batchRank, batchNumber}, {batchRank, rowsEnd, row}};
    rowPointers.push_back(e.offsetPointer(lhs.pointer, lhs.element, e.offset(lhs, point)));
  }
}

/// Pointers to `count` panels of rhs, at k = 0.
void ContractLowering::placePanels(int64_t count) {
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
  panelPointers.clear();
  for (int64_t p = 0; p < count; ++p) {
    Value panel = e.min(e.add(firstPanel, e.constant(p)), last);
    panelPointers.push_back(e.offsetPointer(lead.pointer, lead.element, e.add(matrix, e.mul(panel, panelSize))));
  }
}

/// k, k + 1, ... : `unrolled` steps of all the tile's chains.
ContractLowering::Values ContractLowering::step(const Tile &tile, Value k, int64_t unrolled, ValueRange init) {
  Type f32 = e.b.getF32Type();
  Values sums(init);
  for (int64_t u = 0; u < unrolled; ++u) {
    Value at = e.add(k, e.constant(u)), inPanel = e.mul(at, e.constant(panelWidth)), inRow = e.mul(at, depthStride);
    Values panelRows;
    for (Value pointer : panelPointers)
      panelRows.push_back(e.loadVector(pointer, f32, inPanel));
    for (int64_t r = 0; r < tile.rows; ++r) {
      Value scalar = e.splat(e.loadScalar(rowPointers[r], f32, inRow));
      for (int64_t p = 0; p < tile.panels; ++p) {
        Value &sum = sums[r * tile.panels + p];
        sum = math::FmaOp::create(e.b, scalar, panelRows[p], sum);
      }
    }
  }
  return sums;
}

/// Of each of the next panels one line for the four k that begin here; all four lines where few tiles share the work.
void ContractLowering::prefetch(Value k) {
  Value panelSize = e.size(depth * Dim(panelWidth));
  auto prefetchRow = [&](Value row) {
    Value inPanel = e.mul(row, e.constant(panelWidth));
    for (int64_t p = 0; p < tilePanels; ++p) {
      inPanel = e.add(inPanel, panelSize);
      LLVM::Prefetch::create(e.b, e.offsetPointer(panelPointers.back(), e.b.getF32Type(), inPanel), /*rw=*/0,
                             /*hint=*/3, /*cache=*/1);
    }
  };
  prefetchRow(e.add(k, prefetchFrom));
  e.when(isShort, {}, [&]() -> Values {
    for (int64_t i = 1; i < 4; ++i)
      prefetchRow(e.add(k, e.constant(i)));
    return {};
  });
}

ContractLowering::Values ContractLowering::sums(const Tile &tile) {
  constexpr int64_t unrolled = 4;
  Values carried(tile.rows * tile.panels, e.floatLanes(0));
  Value from = e.constant(0), to = e.size(depth);
  Value middle = e.mul(e.div(to, e.constant(unrolled)), e.constant(unrolled));
  carried = e.loop(from, middle, unrolled, carried, [&](Value k, ValueRange sums) {
    if (prefetchFrom)
      prefetch(k);
    return step(tile, k, unrolled, sums);
  });
  if (depth.constant() && *depth.constant() % unrolled == 0)
    return carried;
  return e.loop(middle, to, 1, carried, [&](Value k, ValueRange sums) { return step(tile, k, 1, sums); });
}

/// The sums lie in the frame, [row][panel][16], so that the epilogue's code stands here once and not for each tile.
void ContractLowering::sumInto(Value frame, const Tile &tile) {
  placeRows(tile.rows);
  placePanels(tile.panels);
  for (auto [i, sum] : llvm::enumerate(sums(tile))) {
    int64_t row = i / tile.panels, panel = i % tile.panels;
    e.storeVector(frame, e.b.getF32Type(), sum, e.constant((row * itemPanels + panel) * lanes));
  }
}

/// The smallest of the forms (by rows, ascending) that holds the rows that are left, or else the last one.
void ContractLowering::chooseTile(Value frame, Value rowsLeft, ArrayRef<Tile> forms) {
  Tile first = forms.front();
  forms = forms.drop_front();
  if (forms.empty() || (rows.constant() && *rows.constant() <= first.rows))
    return sumInto(frame, first);
  Value fits = arith::CmpIOp::create(e.b, arith::CmpIPredicate::sle, rowsLeft, e.constant(first.rows));
  scf::IfOp branch = scf::IfOp::create(e.b, TypeRange(), fits, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(e.b);
  e.b.setInsertionPoint(branch.thenBlock()->getTerminator());
  sumInto(frame, first);
  e.b.setInsertionPoint(branch.elseBlock()->getTerminator());
  chooseTile(frame, rowsLeft, forms);
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
void ContractLowering::epilogue(Value frame, Value width) {
  ArrayRef<Dim> all(dims);
  Value rowCount = e.min(e.sub(e.size(rows), firstRow), e.constant(tileRows));
  Point point;
  point.dims = dims;
  point.lane = rowsEnd;
  SmallVector<Value> batchIndex = e.delinearize(batchNumber, all.take_front(batchRank));
  Value firstColumn = e.mul(firstPanel, e.constant(panelWidth));
  Value end = e.min(e.add(firstColumn, e.mul(width, e.constant(panelWidth))), e.size(columns));
  e.loop(e.constant(0), rowCount, 1, [&](Value r) {
    Value rowInBatch = e.add(firstRow, r);
    Value row = e.add(e.mul(batchNumber, e.size(rows)), rowInBatch);
    point.index = batchIndex;
    point.index.append(e.delinearize(rowInBatch, all.slice(batchRank, rowsEnd - batchRank)));
    point.index.push_back(firstColumn);
    point.groups = {{0, rowsEnd, row}, {0, batchRank, batchNumber}, {batchRank, rowsEnd, rowInBatch}};
    Value base = e.mul(r, e.constant(itemPanels * panelWidth));
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
  if (!e.linear(e.access(0, op.getLhs().getType(), op.getLhsMap()), dims.size()))
    return op.emitError("the left operand of a contraction must be read through a linear map");
  Dim tiles = Dim::floorDiv(rows + Dim(tileRows - 1), Dim(tileRows));
  Dim groups = Dim::floorDiv(panels + Dim(itemPanels - 1), Dim(itemPanels));
  Value share = e.rem(e.item, e.size(tiles)), rest = e.div(e.item, e.size(tiles));
  batchNumber = e.div(rest, e.size(groups));
  Value groupPanel = e.mul(e.rem(rest, e.size(groups)), e.constant(itemPanels));
  Value frame = e.frameVectors(e.b.getF32Type(), tileRows * itemPanels);

  isShort = arith::CmpIOp::create(e.b, arith::CmpIPredicate::ult, e.sub(e.size(tiles), e.constant(2)), e.constant(2));

  // Few rows: all panels of the group at once.
  SmallVector<Tile> wide, tall;
  int64_t registers = e.target.vectorRegisters * e.target.vectorBits / (lanes * 32);
  for (int64_t r : {1, 2, 4})
    if (itemPanels > tilePanels && r * itemPanels * 4 <= registers * 3)
      wide.push_back({r, itemPanels});
  int64_t stride = tileRows > 6 ? 4 : 2;
  for (int64_t r = stride; r <= tileRows; r += stride)
    tall.push_back({r, tilePanels});
  int64_t most = wide.empty() ? 0 : wide.back().rows;
  std::optional<int64_t> known = rows.constant();
  Value isWide = arith::CmpIOp::create(e.b, arith::CmpIPredicate::sle, e.size(rows), e.constant(most));
  auto wideItem = [&] {
    firstRow = e.constant(0);
    firstPanel = groupPanel;
    prefetchFrom = nullptr;
    chooseTile(frame, e.size(rows), wide);
  };
  auto tallItem = [&](Value number) {
    firstRow = e.mul(e.rem(number, e.size(tiles)), e.constant(tileRows));
    firstPanel = e.add(groupPanel, e.mul(e.div(number, e.size(tiles)), e.constant(tilePanels)));
  };

  int64_t shares = itemPanels / tilePanels;
  Value count = e.constant(shares), width = e.constant(tilePanels);
  if (!wide.empty()) {
    count = arith::SelectOp::create(e.b, isWide, e.constant(1), count);
    width = arith::SelectOp::create(e.b, isWide, e.constant(itemPanels), width);
  }
  e.loop(e.constant(0), count, 1, [&](Value i) {
    Value number = e.add(e.mul(share, e.constant(shares)), i);
    tallItem(number);
    Value row = firstRow, panel = firstPanel;
    Value exists = arith::CmpIOp::create(e.b, arith::CmpIPredicate::slt, panel, e.size(panels));
    e.when(exists, {}, [&]() -> Values {
      auto tallTile = [&] {
        firstRow = row;
        firstPanel = panel;
        Value number = e.div(row, e.constant(tileRows));
        prefetchFrom = arith::SelectOp::create(e.b, isShort, e.constant(0), e.rem(number, e.constant(4)));
        chooseTile(frame, e.sub(e.size(rows), row), tall);
      };
      if (wide.empty() || (known && *known > most)) {
        tallTile();
      } else if (known) {
        wideItem();
      } else {
        scf::IfOp branch = scf::IfOp::create(e.b, TypeRange(), isWide, /*withElseRegion=*/true);
        OpBuilder::InsertionGuard guard(e.b);
        e.b.setInsertionPoint(branch.thenBlock()->getTerminator());
        wideItem();
        e.b.setInsertionPoint(branch.elseBlock()->getTerminator());
        tallTile();
      }
      firstRow = row;
      firstPanel = panel;
      epilogue(frame, width);
      return {};
    });
  });
  if (isFailed)
    return failure();
  return batch * groups * tiles;
}

FailureOr<Dim> lowerContract(Emitter &e, ir::kernel::ContractOp op) { return ContractLowering(e, op).lower(); }

} // namespace sinter::cpu

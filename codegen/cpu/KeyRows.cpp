// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See KeyRows.h. Through pages, the map's results are split: the first lead into the table, the others into a page; k
// stands for k floordiv R in the first, for k mod R in the others, and both are linear again.
#include "codegen/cpu/KeyRows.h"

using namespace mlir;
using sinter::ir::kernel::BufferType;

namespace sinter::cpu {

KeyRows::KeyRows(Emitter &e, ir::kernel::AttentionOp op, unsigned operand, ir::IndexMapAttr map, const Dim &columns)
    : e(e), op(op), batchRank(op.getBatch()), keys(op.getKeys().getDim()) {
  BufferType type = cast<BufferType>(op->getOperand(operand).getType());
  element = type.getElementType();
  SmallVector<Dim> domain = op.getDomain();
  origin.assign(domain.begin(), domain.begin() + batchRank);
  origin.append({keys, columns});
  pageRows = 0;
  if (!op.getPages()) {
    pool = e.access(operand, type, map);
  } else {
    BufferType tableType = op.getPages().getType();
    pageRows = *ir::kernel::pageRowsOf(map, batchRank, tableType.rank());
    SmallVector<AffineExpr> index;
    AffineExpr k = getAffineDimExpr(batchRank, op.getContext());
    for (AffineExpr expr : map.getMap().getResults()) {
      bool isSplit = expr.getKind() == AffineExprKind::FloorDiv || expr.getKind() == AffineExprKind::Mod;
      index.push_back(pageRows && isSplit && expr.isFunctionOfDim(batchRank) ? k : expr);
    }
    auto part = [&](unsigned from, unsigned count) {
      return AffineMap::get(map.getMap().getNumDims(), map.getMap().getNumSymbols(),
                            ArrayRef<AffineExpr>(index).slice(from, count), op.getContext());
    };
    SmallVector<Dim> symbols = ir::toDims(map.getSymbols()), dims = type.getShapeDims();
    BufferType page = BufferType::get(op.getContext(), ArrayRef<Dim>(dims).drop_front(), element);
    table = e.access(op->getNumOperands() - 1, tableType, part(0, tableType.rank()), symbols);
    pool = e.access(operand, page, part(tableType.rank(), page.rank()), symbols);
    pageCount = dims.front();
    pageStride = e.size(ir::productOf(ArrayRef<Dim>(dims).drop_front()));
    turnStride = e.size((*e.linear(table, batchRank + 2))[batchRank]);
    if (pageRows)
      pages = e.framePointers(blockKeys / pageRows);
  }
  SmallVector<Dim> factors = *e.linear(pool, batchRank + 2);
  rowStride = e.size(factors[batchRank]);
  columnStride = e.size(factors[batchRank + 1]);
  isContiguous = factors[batchRank + 1].isConstant(1);
  isColumnMajor = factors[batchRank].isConstant(1);
}

/// The page that the table names behind `turn` pages of this batch; one that is not there counts as the first.
Value KeyRows::pageAt(Value turn) {
  Value place = e.add(turnOffset, e.mul(turn, turnStride));
  Value id = arith::ExtSIOp::create(e.b, e.b.getI64Type(), e.loadScalar(table.pointer, table.element, place));
  Value isBad = arith::CmpIOp::create(e.b, arith::CmpIPredicate::uge, id, e.size(pageCount));
  return arith::SelectOp::create(e.b, isBad, e.constant(0), id);
}

void KeyRows::atBatch(Value batchNumber) {
  Point point;
  point.dims = origin;
  point.index = e.delinearize(batchNumber, ArrayRef<Dim>(origin).take_front(batchRank));
  point.index.resize(batchRank + 2, e.constant(0));
  point.groups = {{0, batchRank, batchNumber}};
  point.lane = batchRank + 1;
  base = e.offsetPointer(pool.pointer, element, e.offset(pool, point));
  start = base;
  if (!op.getPages())
    return;
  turnOffset = e.offset(table, point);
  Value turns = e.size(pageRows ? Dim::ceilDiv(keys, pageRows) : Dim(1));
  Value none = arith::ConstantOp::create(e.b, e.b.getBoolAttr(false));
  Value isBad = e.loop(e.constant(0), turns, 1, {none}, [&](Value turn, ValueRange carried) -> Emitter::Values {
    Value place = e.add(turnOffset, e.mul(turn, turnStride));
    Value id = arith::ExtSIOp::create(e.b, e.b.getI64Type(), e.loadScalar(table.pointer, table.element, place));
    Value isOutside = arith::CmpIOp::create(e.b, arith::CmpIPredicate::uge, id, e.size(pageCount));
    return {arith::OrIOp::create(e.b, carried[0], isOutside)};
  })[0];
  e.reportIndex(isBad);
  if (!pageRows)
    start = e.offsetPointer(base, element, e.mul(pageAt(e.constant(0)), pageStride));
}

void KeyRows::atBlock(Value firstKey) {
  if (!pageRows) {
    blockStart = e.offsetPointer(start, element, e.mul(firstKey, rowStride));
    return;
  }
  placePages(pages, firstKey);
}

void KeyRows::atNextBlock(Value firstKey) {
  if (!nextPages)
    nextPages = e.framePointers(blockKeys / pageRows);
  placePages(nextPages, e.add(firstKey, e.constant(blockKeys)));
}

void KeyRows::placePages(Value frame, Value firstKey) {
  Value firstTurn = e.div(firstKey, e.constant(pageRows));
  Value last = e.sub(e.size(Dim::ceilDiv(keys, pageRows)), e.constant(1));
  for (int64_t i = 0; i < blockKeys / pageRows; ++i) {
    Value page = pageAt(e.min(e.add(firstTurn, e.constant(i)), last));
    e.storePointer(frame, e.offsetPointer(base, element, e.mul(page, pageStride)), e.constant(i));
  }
}

Value KeyRows::row(Value inBlock) {
  if (!pageRows)
    return e.offsetPointer(blockStart, element, e.mul(inBlock, rowStride));
  Value page = e.loadPointer(pages, e.div(inBlock, e.constant(pageRows)));
  return e.offsetPointer(page, element, e.mul(e.rem(inBlock, e.constant(pageRows)), rowStride));
}

} // namespace sinter::cpu

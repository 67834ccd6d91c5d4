// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// append: new rows of tokens into the pages of a cache, in place.
//
// Work item = (sequence, page that its new tokens may reach). No two items write the same row. What lies outside the
// table or the pool is reported, and not written.
#include "codegen/cpu/Emit.h"

using namespace mlir;
using sinter::ir::kernel::BufferType;

namespace sinter::cpu {

namespace {
class AppendLowering {
public:
  AppendLowering(Emitter &e, ir::kernel::AppendOp op)
      : e(e), op(op), element(op.getPool().getType().getElementType()), pool(op.getPool().getType().getShapeDims()),
        domain(op.getDomain()), rows(e.access(2, op.getRows().getType(), op.getMap())) {
    SmallVector<Dim> all(pool.size(), Dim(1));
    for (size_t i = all.size(); i-- > 1;)
      all[i - 1] = all[i] * pool[i];
    pageStride = all.front();
    rowStride = all[op.getAxis()];
    for (auto [axis, stride] : llvm::enumerate(all))
      if (axis != 0 && axis != op.getAxis())
        strides.push_back(stride);
  }
  Dim lower();

private:
  using Values = Emitter::Values;
  Value number(unsigned operand, Value at) {
    return arith::ExtSIOp::create(e.b, e.b.getI64Type(), e.loadScalar(e.pointer(operand), e.b.getI32Type(), at));
  }
  Value is(arith::CmpIPredicate predicate, Value x, Value y) { return arith::CmpIOp::create(e.b, predicate, x, y); }
  Value either(Value x, Value y) { return arith::OrIOp::create(e.b, x, y); }
  void copyRow(Value sequence, Value token, Value place);
  void storeAt(Value place, Value value, const Point &at);

  Emitter &e;
  ir::kernel::AppendOp op;
  Type element;
  SmallVector<Dim> pool, domain;
  Access rows;
  Dim pageStride, rowStride;
  SmallVector<Dim> strides; ///< of the domain's axes behind (sequence, token), in the pool
};
} // namespace

/// 16 numbers from `place` on, neighbours in the last axis of a row.
void AppendLowering::storeAt(Value place, Value value, const Point &at) {
  if (strides.empty() || strides.back().isConstant(1))
    return e.store(e.pointer(0), element, place, value, at);
  Value frame = e.frameVectors(element, 1, false), step = e.size(strides.back());
  e.storeVector(frame, element, value, e.constant(0));
  Type stored = storedType(element);
  unsigned align = stored.getIntOrFloatBitWidth() / 8;
  e.loop(e.constant(0), at.count ? at.count : e.constant(lanes), 1, [&](Value lane) {
    Value one = LLVM::LoadOp::create(e.b, stored, e.offsetPointer(frame, element, lane), align);
    Value to = e.add(place, e.mul(lane, step));
    LLVM::StoreOp::create(e.b, one, e.offsetPointer(e.pointer(0), element, to), align);
  });
}

/// The row of one token, to the element `place` of the pool and on from there.
void AppendLowering::copyRow(Value sequence, Value token, Value place) {
  Point point;
  point.dims = domain;
  if (strides.empty())
    point.dims.push_back(Dim(1)); // lanes never run across tokens
  point.lane = point.dims.size() - 1;
  SmallVector<Dim> outer(ArrayRef<Dim>(point.dims).drop_front(2).drop_back());
  e.loop(e.constant(0), e.size(ir::productOf(outer)), 1, [&](Value i) {
    point.index = {sequence, token};
    Value from = place;
    for (auto [index, stride] : llvm::zip(e.delinearize(i, outer), strides)) {
      point.index.push_back(index);
      from = e.add(from, e.mul(index, e.size(stride)));
    }
    point.index.push_back(e.constant(0));
    Dim length = point.dims.back();
    Value step = strides.empty() ? e.constant(1) : e.size(strides.back());
    e.blocks(e.constant(0), e.size(length), length.constant(), point, {}, [&](const Point &at, ValueRange) -> Values {
      storeAt(e.add(from, e.mul(at.index[at.lane], step)), e.load(rows, at), at);
      return {};
    });
  });
}

Dim AppendLowering::lower() {
  using P = arith::CmpIPredicate;
  Dim perPage = pool[op.getAxis()], tokens = op.getTokens().getDim(), turns = op.getPages().getType().getDim(1);
  // The first new token may be the last of its page.
  Dim reach = Dim::floorDiv(tokens + perPage - Dim(2), perPage) + Dim(1);
  Value sequence = e.div(e.item, e.size(reach)), zero = e.constant(0);
  Value length = number(3, sequence), count = number(4, sequence);
  Value isBad = either(is(P::slt, length, zero), either(is(P::slt, count, zero), is(P::sgt, count, e.size(tokens))));
  length = arith::SelectOp::create(e.b, isBad, zero, length);
  Value turn = e.add(e.div(length, e.size(perPage)), e.rem(e.item, e.size(reach)));
  Value first = e.mul(turn, e.size(perPage)); // position of the page's first row
  Value from = e.max(zero, e.sub(first, length)), to = e.min(count, e.sub(e.add(first, e.size(perPage)), length));

  Value inTable = e.add(e.mul(sequence, e.size(turns)), e.min(turn, e.sub(e.size(turns), e.constant(1))));
  Value page = number(1, inTable);
  Value isOutside = either(is(P::sge, turn, e.size(turns)),
                           either(is(P::slt, page, e.constant(1)), is(P::sge, page, e.size(pool[0]))));
  isBad = either(isBad, arith::AndIOp::create(e.b, is(P::slt, from, to), isOutside));
  e.reportIndex(isBad);
  to = arith::SelectOp::create(e.b, isBad, from, to);
  Value start = e.mul(page, e.size(pageStride));
  e.loop(from, to, 1, [&](Value token) {
    Value row = e.sub(e.add(length, token), first);
    copyRow(sequence, token, e.add(start, e.mul(row, e.size(rowStride))));
  });
  return op.getPages().getType().getDim(0) * reach;
}

FailureOr<Dim> lowerAppend(Emitter &e, ir::kernel::AppendOp op) { return AppendLowering(e, op).lower(); }

} // namespace sinter::cpu

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See AttentionStep.h. Blocks of 64 keys in ascending order: products of one query with four vectors of 16 keys, each a
// chain of fused multiply-adds over ascending e; score and mask; the new maximum; weights; their sum, one after another
// as the keys stand; then each vector of columns a chain over ascending keys, rescaled at the block's begin. Queries
// that share their keys (heads of one group, a few new tokens) take turns at a block while it is near.
#include "codegen/cpu/AttentionStep.h"
#include "codegen/cpu/Math.h"

using namespace mlir;

namespace sinter::cpu {

static constexpr int64_t keyVectors = blockKeys / lanes;
static constexpr int64_t mostRows = 32;   ///< queries of one item
static constexpr int64_t tileVectors = 4; ///< of columns, at once
static constexpr int64_t unrolled = 4;    ///< steps of the two inner loops
static constexpr float lowest = std::numeric_limits<float>::lowest();

AttentionStep::AttentionStep(Emitter &e, ir::kernel::AttentionOp op, ArrayRef<Access> extras, KeyRows &key,
                             KeyRows &value)
    : e(e), op(op), extras(extras), key(key), value(value), batchRank(op.getBatch()), dims(op.getDomain()) {
  depth = *op.getDepth().getDim().constant();
  columns = *op.getResult().getType().getShapeDims().back().constant();
  bool isInPages = key.pageRows && key.pageRows % lanes == 0;
  bool isReadable = key.isColumnMajor && value.isContiguous && columns % lanes == 0 &&
                    (isInPages || (!key.pageRows && key.element.isF32()));
  if (!isReadable)
    return;
  // Axes at the batch's end that say nothing of where keys and values lie.
  for (unsigned axis = batchRank; axis-- > 0;) {
    std::optional<int64_t> extent = dims[axis].constant();
    if (!extent || sharing * *extent > mostRows || op.getKeyMap().getMap().isFunctionOfDim(axis) ||
        op.getValueMap().getMap().isFunctionOfDim(axis))
      break;
    sharing *= *extent;
  }
  isFetching = isInPages && value.pageRows == key.pageRows && key.pageRows == lanes && depth % unrolled == 0;
  most = std::clamp<int64_t>(mostRows / sharing, 1, 8);
  if (op.getMask())
    mask.emplace(e, op, extras);
  outputFrame = e.frameVectors(f32(), mostRows * columns / lanes, false);
  stateFrame = e.frameVectors(f32(), mostRows * 2, false);
  weightFrame = e.frameVectors(f32(), keyVectors, false);
}

Value AttentionStep::larger(Value x, Value y) {
  Value isLarger = arith::CmpFOp::create(e.b, arith::CmpFPredicate::OGT, x, y);
  return arith::SelectOp::create(e.b, isLarger, x, y);
}

/// Where in the frame the row's maximum (0) or its sum of weights (1) stands.
Value AttentionStep::stateAt(Value row, int64_t which) {
  return e.add(e.mul(row, e.constant(2 * lanes)), e.constant(which * lanes));
}

/// Row r is query r mod N of the batch's neighbour r / N.
void AttentionStep::eachRow(Value batchNumber, llvm::function_ref<void(Value, const Point &)> body) {
  Value queries = e.size(dims[batchRank]);
  e.loop(e.constant(0), e.mul(queries, e.constant(sharing)), 1, [&](Value row) {
    Value batch = e.add(batchNumber, e.div(row, queries));
    Point point;
    point.dims = dims;
    point.lane = batchRank + 1;
    point.index = e.delinearize(batch, ArrayRef<Dim>(dims).take_front(batchRank));
    point.index.push_back(e.rem(row, queries));
    point.index.push_back(e.constant(0));
    point.groups = {{0, batchRank, batch}};
    body(row, point);
  });
}

//===-- One block --===//

static void fetch(Emitter &e, Value pointer, int64_t bytes) {
  for (int64_t at = 0; at < bytes; at += 64)
    LLVM::Prefetch::create(e.b, e.offsetPointer(pointer, e.b.getI8Type(), e.constant(at)), /*rw=*/0, /*hint=*/2, /*cache=*/1);
}

/// While the first query of an item goes over the keys of a block, in depth / 4 steps, values of the block behind come
/// nearer.
void AttentionStep::fetchValues(Value row, Value step) {
  int64_t rows = llvm::divideCeil(blockKeys, depth / unrolled), bytes = columns * ir::kernel::elementBytes(value.element);
  Value isFirst = arith::CmpIOp::create(e.b, arith::CmpIPredicate::eq, row, e.constant(0));
  e.when(isFirst, {}, [&]() -> Values {
    for (int64_t i = 0; i < rows; ++i) {
      Value number = e.add(e.mul(e.div(step, e.constant(unrolled)), e.constant(rows)), e.constant(i));
      number = e.min(number, e.constant(blockKeys - 1));
      Value page = value.nextPage(e.div(number, e.constant(lanes)));
      Value place = e.mul(e.rem(number, e.constant(lanes)), value.rowStride);
      fetch(e, e.offsetPointer(page, value.element, place), bytes);
    }
    return {};
  });
}

/// While it goes over the values, four keys at a time, the keys of the block behind: a quarter of a page for each.
void AttentionStep::fetchKeys(Value row, Value inBlock) {
  int64_t bytes = depth * lanes * ir::kernel::elementBytes(key.element) / unrolled;
  Value isFirst = arith::CmpIOp::create(e.b, arith::CmpIPredicate::eq, row, e.constant(0));
  e.when(isFirst, {}, [&]() -> Values {
    Value page = key.nextPage(e.div(inBlock, e.constant(lanes)));
    Value quarter = e.div(e.rem(inBlock, e.constant(lanes)), e.constant(unrolled));
    fetch(e, e.offsetPointer(page, e.b.getI8Type(), e.mul(quarter, e.constant(bytes))), bytes);
    return {};
  });
}

/// Of the query at `point` with the block's keys; what is not there gives anything.
AttentionStep::Values AttentionStep::products(const Point &point, Value row, Value count) {
  Access query = e.access(0, op.getQuery().getType(), op.getQueryMap());
  Point origin = point;
  origin.dims.back() = Dim(depth);
  Value start = e.offsetPointer(query.pointer, f32(), e.offset(query, origin));
  Value step = e.size((*e.linear(query, batchRank + 2))[batchRank + 1]);
  SmallVector<Value> rows, existing;
  for (int64_t i = 0; i < keyVectors; ++i) {
    rows.push_back(key.row(e.constant(i * lanes)));
    existing.push_back(key.pageRows ? Value() : e.firstLanes(e.sub(count, e.constant(i * lanes))));
  }
  auto next = [&](Value at, int64_t steps, ValueRange carried) {
    Values sums(carried);
    if (isFetching)
      fetchValues(row, at);
    for (int64_t u = 0; u < steps; ++u) {
      Value number = e.add(at, e.constant(u));
      Value factor = e.splat(e.loadScalar(start, f32(), e.mul(number, step)));
      Value inRow = e.mul(number, key.columnStride);
      for (auto [row, lanesThere, sum] : llvm::zip_equal(rows, existing, sums)) {
        Value keys;
        if (!lanesThere) {
          keys = e.loadVector(row, key.element, inRow);
        } else {
          Value from = e.offsetPointer(row, key.element, inRow);
          keys = LLVM::MaskedLoadOp::create(e.b, e.laneType(f32()), from, lanesThere, e.floatLanes(0), 4);
        }
        sum = math::FmaOp::create(e.b, keys, factor, sum);
      }
    }
    return sums;
  };
  Values sums(keyVectors, e.floatLanes(0));
  int64_t middle = depth / unrolled * unrolled;
  sums = e.loop(e.constant(0), e.constant(middle), unrolled, sums,
                [&](Value at, ValueRange carried) { return next(at, unrolled, carried); });
  return middle == depth ? sums : next(e.constant(middle), depth - middle, sums);
}

/// output[row] = output[row] * rescale + sum over the keys, ascending, of weight * value.
void AttentionStep::sumValues(Value row, Value count, Value rescale) {
  Value output = e.mul(row, e.constant(columns));
  for (int64_t first = 0; first < columns; first += tileVectors * lanes) {
    int64_t vectors = std::min(tileVectors, (columns - first) / lanes);
    auto place = [&](int64_t i) { return e.add(output, e.constant(first + i * lanes)); };
    Values sums;
    for (int64_t i = 0; i < vectors; ++i)
      sums.push_back(arith::MulFOp::create(e.b, e.loadVector(outputFrame, f32(), place(i)), rescale));
    auto next = [&](Value at, int64_t steps, ValueRange carried) {
      Values after(carried);
      Value there = value.row(at);
      if (isFetching && first == 0)
        fetchKeys(row, at);
      for (int64_t u = 0; u < steps; ++u) {
        Value factor = e.splat(e.loadScalar(weightFrame, f32(), e.add(at, e.constant(u))));
        Value from = value.near(there, u);
        for (int64_t i = 0; i < vectors; ++i) {
          Value numbers = e.loadVector(from, value.element, e.constant(first + i * lanes));
          after[i] = math::FmaOp::create(e.b, numbers, factor, after[i]);
        }
      }
      return after;
    };
    Value whole = e.mul(e.div(count, e.constant(unrolled)), e.constant(unrolled));
    sums = e.loop(e.constant(0), whole, unrolled, sums, [&](Value j, ValueRange s) { return next(j, unrolled, s); });
    sums = e.loop(whole, count, 1, sums, [&](Value j, ValueRange s) { return next(j, 1, s); });
    for (int64_t i = 0; i < vectors; ++i)
      e.storeVector(outputFrame, f32(), sums[i], place(i));
  }
}

void AttentionStep::computeBlock(Value row, const Point &point, Value firstKey, Value count, Value isMasked) {
  Values scores = products(point, row, count), existing;
  SmallVector<Point> at(keyVectors, point);
  for (int64_t i = 0; i < keyVectors; ++i) {
    at[i].index.back() = e.add(firstKey, e.constant(i * lanes));
    at[i].count = e.max(e.constant(0), e.min(e.sub(count, e.constant(i * lanes)), e.constant(lanes)));
    at[i].mask = e.firstLanes(at[i].count);
    existing.push_back(at[i].mask);
    Value score = emitOfPair(e, op.getScore(), extras, at[i], scores[i]);
    isFailed |= !score;
    scores[i] = score ? score : scores[i];
  }
  if (isMasked)
    scores = e.when(isMasked, scores, [&] {
      Values hidden;
      for (int64_t i = 0; i < keyVectors; ++i) {
        Value seen = emitOfPair(e, *op.getMask(), extras, at[i], nullptr);
        isFailed |= !seen;
        hidden.push_back(seen ? arith::SelectOp::create(e.b, seen, scores[i], e.floatLanes(lowest)) : scores[i]);
      }
      return hidden;
    });

  // Scores that are NaN do not count here: their weights are NaN whatever the maximum.
  Value largest = e.floatLanes(-INFINITY);
  for (int64_t i = 0; i < keyVectors; ++i)
    largest = larger(arith::SelectOp::create(e.b, existing[i], scores[i], e.floatLanes(-INFINITY)), largest);
  for (int64_t distance = lanes / 2; distance > 0; distance /= 2) {
    SmallVector<int64_t> other;
    for (int64_t lane = 0; lane < lanes; ++lane)
      other.push_back(lane ^ distance);
    largest = larger(vector::ShuffleOp::create(e.b, largest, largest, other), largest);
  }
  Value before = e.loadVector(stateFrame, f32(), stateAt(row, 0));
  largest = larger(largest, before);
  // While all scores are -inf, weights are 0 and not NaN: later keys may have finite ones.
  Value isNone = arith::CmpFOp::create(e.b, arith::CmpFPredicate::OEQ, largest, e.floatLanes(-INFINITY));
  Value base = arith::SelectOp::create(e.b, isNone, e.floatLanes(0), largest);
  Value rescale = emitExpOfNegative(e, arith::SubFOp::create(e.b, before, base));
  for (int64_t i = 0; i < keyVectors; ++i) {
    Value weight = emitExpOfNegative(e, arith::SubFOp::create(e.b, scores[i], base));
    weight = arith::SelectOp::create(e.b, existing[i], weight, e.floatLanes(0));
    e.storeVector(weightFrame, f32(), weight, e.constant(i * lanes));
  }
  Value total = vector::ExtractOp::create(
      e.b, arith::MulFOp::create(e.b, e.loadVector(stateFrame, f32(), stateAt(row, 1)), rescale), int64_t(0));
  total = e.loop(e.constant(0), e.constant(blockKeys), lanes, {total}, [&](Value j, ValueRange carried) -> Values {
    Value sum = carried[0];
    for (int64_t i = 0; i < lanes; ++i)
      sum = arith::AddFOp::create(e.b, sum, e.loadScalar(weightFrame, f32(), e.add(j, e.constant(i))));
    return {sum};
  })[0];
  e.storeVector(stateFrame, f32(), largest, stateAt(row, 0));
  e.storeVector(stateFrame, f32(), e.splat(total), stateAt(row, 1));
  sumValues(row, count, rescale);
}

//===-- The walk over keys --===//

void AttentionStep::overBlock(Value row, const Point &point, Value firstKey, Value count, Value isFirst) {
  if (!mask)
    return computeBlock(row, point, firstKey, count, Value());
  isFailed |= failed(mask->atKeys(point, firstKey, count));
  Visible visible = mask->over(point, point.index[batchRank], e.constant(1));
  Value yes = arith::ConstantOp::create(e.b, e.b.getBoolAttr(true));
  Value isMasked = e.b.createOrFold<arith::XOrIOp>(visible.all, yes);
  e.when(arith::SelectOp::create(e.b, isFirst, visible.any, yes), {}, [&]() -> Values {
    computeBlock(row, point, firstKey, count, isMasked);
    return {};
  });
}

void AttentionStep::attempt(Value batchNumber, Value isFirst) {
  Value rows = e.mul(e.size(dims[batchRank]), e.constant(sharing));
  e.loop(e.constant(0), rows, 1, [&](Value row) {
    for (int64_t at = 0; at < columns; at += lanes)
      e.storeVector(outputFrame, f32(), e.floatLanes(0), e.add(e.mul(row, e.constant(columns)), e.constant(at)));
    e.storeVector(stateFrame, f32(), e.floatLanes(-INFINITY), stateAt(row, 0));
    e.storeVector(stateFrame, f32(), e.floatLanes(0), stateAt(row, 1));
  });
  Value keys = e.size(dims.back());
  e.loop(e.constant(0), keys, blockKeys, [&](Value firstKey) {
    key.atBlock(firstKey);
    value.atBlock(firstKey);
    if (isFetching) {
      key.atNextBlock(firstKey);
      value.atNextBlock(firstKey);
    }
    Value count = e.min(e.sub(keys, firstKey), e.constant(blockKeys));
    eachRow(batchNumber,
            [&](Value row, const Point &point) { overBlock(row, point, firstKey, count, isFirst); });
  });
  eachRow(batchNumber, [&](Value row, const Point &point) { store(row, point); });
}

void AttentionStep::store(Value row, const Point &point) {
  Value factor = arith::DivFOp::create(e.b, e.floatLanes(1), e.loadVector(stateFrame, f32(), stateAt(row, 1)));
  Value to = e.mul(e.add(e.mul(point.groups[0].flat, e.size(dims[batchRank])), point.index[batchRank]),
                   e.constant(columns));
  for (int64_t at = 0; at < columns; at += lanes) {
    Value sum = e.loadVector(outputFrame, f32(), e.add(e.mul(row, e.constant(columns)), e.constant(at)));
    e.storeVector(e.pointer(op->getNumOperands()), f32(), arith::MulFOp::create(e.b, sum, factor),
                  e.add(to, e.constant(at)));
  }
}

/// Whether some query has seen no key.
Value AttentionStep::isAnyBlind(Value batchNumber) {
  Value rows = e.mul(e.size(dims[batchRank]), e.constant(sharing));
  Value none = arith::ConstantOp::create(e.b, e.b.getBoolAttr(false));
  return e.loop(e.constant(0), rows, 1, {none}, [&](Value row, ValueRange carried) -> Values {
    Value maximum = e.loadScalar(stateFrame, f32(), stateAt(row, 0));
    Value limit = arith::ConstantOp::create(e.b, e.b.getF32FloatAttr(lowest));
    Value isBlind = arith::CmpFOp::create(e.b, arith::CmpFPredicate::OLE, maximum, limit);
    return {arith::OrIOp::create(e.b, carried[0], isBlind)};
  })[0];
}

bool AttentionStep::emit(Value batchNumber) {
  Value yes = arith::ConstantOp::create(e.b, e.b.getBoolAttr(true)),
        no = arith::ConstantOp::create(e.b, e.b.getBoolAttr(false));
  Value inGroup = e.rem(batchNumber, e.constant(sharing));
  Value isGroup = arith::CmpIOp::create(e.b, arith::CmpIPredicate::eq, inGroup, e.constant(0));
  e.when(isGroup, {}, [&]() -> Values {
    if (!mask) {
      attempt(batchNumber, yes);
      return {};
    }
    // Once with leaving out; once more where that left a query without any key.
    e.loop(e.constant(0), e.constant(2), 1, {yes}, [&](Value number, ValueRange wanted) -> Values {
      return e.when(wanted[0], {no}, [&]() -> Values {
        attempt(batchNumber, arith::CmpIOp::create(e.b, arith::CmpIPredicate::eq, number, e.constant(0)));
        return {isAnyBlind(batchNumber)};
      });
    });
    return {};
  });
  return !isFailed;
}

} // namespace sinter::cpu

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// attention: out[batch, q, d] = sum over k of softmax(score(query . key))[q, k] * value[k, d], the scores never stored.
//
// Work item = (batch, up to four panels of 16 queries). Lanes are queries: a panel is transposed once, keys and values
// are read as scalars that are broadcast, and nothing is ever summed across lanes. Keys are walked in blocks of 64 by
// absolute position, which serve all panels of the item while they are near; for each panel a block's scores (tiles of
// keys x 16 queries), the score region, the running maximum, weights and their sum, then the weighted values (tiles of
// columns x 16 queries), rescaled as they are loaded. Every product of query and key is one chain of fused
// multiply-adds over ascending e, every output one over ascending k: the bits depend neither on the target, nor on the
// panel a query lies in, nor on what else is in the batch. A block that no query of the panel sees has weights of 0 and
// is skipped; should some query see no key at all, the item is done again without skipping, for then all keys weigh the
// same.
#include "codegen/cpu/Emit.h"
#include "codegen/cpu/Math.h"

using namespace mlir;

namespace sinter::cpu {

static constexpr int64_t blockKeys = 64;

namespace {
/// A matrix of f32 read through a linear map: rows and columns a fixed distance apart.
struct Matrix {
  Value start;
  Value rowStride, columnStride; ///< in elements
  bool isContiguous = false;     ///< columns are neighbours
};

class AttentionLowering {
public:
  AttentionLowering(Emitter &e, ir::kernel::AttentionOp op);
  FailureOr<Dim> lower();

private:
  using Values = Emitter::Values;
  Matrix matrix(unsigned operand, ir::IndexMapAttr map, const Dim &rows, const Dim &columns);
  Value element(const Matrix &matrix, Value row, Value column);

  void atPanel(Value panel);
  void eachPanel(llvm::function_ref<void()> body);
  void transposeQueries();
  void overKeys(Value maySkip);
  void oneBlock(Value firstKey, Value maySkip);
  Value isAnyBlind();
  Values block(Value firstKey, ArrayRef<Value> state);
  void tileOfScores(Value firstKey, Value inBlock, int64_t count, Value last);
  Value scoresOfBlock(Value firstKey, Value count, Value largest);
  Value weightsOfBlock(Value count, Value largest, Value total);
  void valuesOfBlock(Value firstKey, Value count, Value rescale);
  void tileOfValues(Value firstKey, Value count, Value firstColumn, int64_t columns, Value rescale);
  Value visibility(Value firstKey, Value count);
  void store(Value total);
  void storeTransposed(Value total);

  Value region(Region &region, Value key, Value product);
  Value isAny(Value lanesMask);
  Value larger(Value x, Value y);
  Type f32() { return e.b.getF32Type(); }
  Value vectorAt(Value frame, Value row) { return e.loadVector(frame, f32(), e.mul(row, e.constant(lanes))); }
  void setVectorAt(Value frame, Value row, Value vector) {
    e.storeVector(frame, f32(), vector, e.mul(row, e.constant(lanes)));
  }

  Emitter &e;
  ir::kernel::AttentionOp op;
  unsigned batchRank;
  Dim queries, keys;
  int64_t depth = 0, columns = 0, tileRows = 0;
  int64_t itemPanels = 0; ///< of one work item
  SmallVector<Dim> dims;  ///< (batch..., q, k)
  SmallVector<Access> extras;
  Matrix query, key, value;
  Value batchNumber, firstItemQuery, panelCount;
  Value firstQuery, queryCount;                ///< of the panel at hand
  Value queryFrames, outputFrames, stateFrame; ///< of all panels; state: maximum, sum of weights, 1 where still blind
  Value queryFrame;                            ///< [depth][16 queries]
  Value scoreFrame;                            ///< [64 keys][16 queries]: scores, then weights
  Value seenFrame;                             ///< [64 keys][16 queries]: 1 where the mask lets the query see the key
  Value outputFrame;                           ///< [columns][16 queries]
  Value state;                                 ///< first of the panel's three rows in stateFrame
  Point point;
  bool isFailed = false;
};
} // namespace

AttentionLowering::AttentionLowering(Emitter &e, ir::kernel::AttentionOp op) : e(e), op(op), dims(op.getDomain()) {
  batchRank = op.getBatch();
  queries = dims[batchRank];
  keys = dims.back();
  for (auto [i, extra] : llvm::enumerate(op.getExtras()))
    extras.push_back(
        e.access(3 + i, cast<ir::kernel::BufferType>(extra.getType()), cast<ir::IndexMapAttr>(op.getExtraMaps()[i])));
  // One register of each row's sums on AVX-512, two on AVX2; half of the registers hold sums.
  tileRows = e.target.vectorRegisters * e.target.vectorBits / (2 * lanes * 32);
}

Matrix AttentionLowering::matrix(unsigned operand, ir::IndexMapAttr map, const Dim &rows, const Dim &columnDim) {
  Access access = e.access(operand, cast<ir::kernel::BufferType>(op->getOperand(operand).getType()), map);
  SmallVector<Dim> factors = *e.linear(access, batchRank + 2);
  Point origin;
  origin.dims = SmallVector<Dim>(ArrayRef<Dim>(dims).take_front(batchRank));
  origin.dims.append({rows, columnDim});
  origin.index = e.delinearize(batchNumber, ArrayRef<Dim>(dims).take_front(batchRank));
  origin.index.resize(batchRank + 2, e.constant(0));
  origin.groups = {{0, batchRank, batchNumber}};
  origin.lane = batchRank + 1;
  Value start = e.offsetPointer(access.pointer, access.element, e.offset(access, origin));
  return {start, e.size(factors[batchRank]), e.size(factors[batchRank + 1]), factors[batchRank + 1].isConstant(1)};
}

Value AttentionLowering::element(const Matrix &matrix, Value row, Value column) {
  return e.loadScalar(matrix.start, f32(), e.add(e.mul(row, matrix.rowStride), e.mul(column, matrix.columnStride)));
}

Value AttentionLowering::larger(Value x, Value y) {
  // A NaN need not win here: its weight is NaN whatever the maximum, and so is the sum of weights.
  Value isLarger = arith::CmpFOp::create(e.b, arith::CmpFPredicate::OGT, x, y);
  return arith::SelectOp::create(e.b, isLarger, x, y);
}

Value AttentionLowering::isAny(Value lanesMask) {
  return vector::ReductionOp::create(e.b, vector::CombiningKind::OR, lanesMask);
}

//===-- Transposing --===//

/// Eight rows of eight become eight columns.
static SmallVector<Value> transposed(Emitter &e, ArrayRef<Value> rows) {
  auto shuffle = [&](Value x, Value y, ArrayRef<int64_t> places) -> Value {
    return vector::ShuffleOp::create(e.b, x, y, places);
  };
  SmallVector<Value> pairs, quads, result;
  for (int i = 0; i < 8; i += 2) {
    pairs.push_back(shuffle(rows[i], rows[i + 1], {0, 8, 1, 9, 4, 12, 5, 13}));
    pairs.push_back(shuffle(rows[i], rows[i + 1], {2, 10, 3, 11, 6, 14, 7, 15}));
  }
  for (int i : {0, 4})
    for (int j : {0, 1}) {
      quads.push_back(shuffle(pairs[i + j], pairs[i + j + 2], {0, 1, 8, 9, 4, 5, 12, 13}));
      quads.push_back(shuffle(pairs[i + j], pairs[i + j + 2], {2, 3, 10, 11, 6, 7, 14, 15}));
    }
  for (int i = 0; i < 4; ++i)
    result.push_back(shuffle(quads[i], quads[i + 4], {0, 1, 2, 3, 8, 9, 10, 11}));
  for (int i = 0; i < 4; ++i)
    result.push_back(shuffle(quads[i], quads[i + 4], {4, 5, 6, 7, 12, 13, 14, 15}));
  return result;
}

/// Turns to a panel of the item.
void AttentionLowering::atPanel(Value panel) {
  firstQuery = e.add(firstItemQuery, e.mul(panel, e.constant(lanes)));
  queryCount = e.min(e.sub(e.size(queries), firstQuery), e.constant(lanes));
  queryFrame = e.offsetPointer(queryFrames, f32(), e.mul(panel, e.constant(depth * lanes)));
  outputFrame = e.offsetPointer(outputFrames, f32(), e.mul(panel, e.constant(columns * lanes)));
  state = e.mul(panel, e.constant(3));
  point.index[batchRank] = firstQuery;
  point.count = queryCount;
  point.mask = e.firstLanes(queryCount);
}

void AttentionLowering::eachPanel(llvm::function_ref<void()> body) {
  e.loop(e.constant(0), panelCount, 1, [&](Value panel) {
    atPanel(panel);
    body();
  });
}

/// query[firstQuery + lane, e] to queryFrame[e][lane]; lanes past the last query repeat it.
void AttentionLowering::transposeQueries() {
  Value last = e.sub(e.size(queries), e.constant(1));
  VectorType eight = VectorType::get({8}, f32());
  bool isFast = query.isContiguous && depth % 8 == 0;
  for (int64_t half = 0; half < 2; ++half) {
    SmallVector<Value> rows;
    for (int64_t i = 0; i < 8; ++i)
      rows.push_back(e.mul(e.min(e.add(firstQuery, e.constant(half * 8 + i)), last), query.rowStride));
    e.loop(e.constant(0), e.constant(depth), isFast ? 8 : 1, [&](Value at) {
      SmallVector<Value> loaded;
      for (Value row : rows) {
        Value from = e.offsetPointer(query.start, f32(), e.add(row, e.mul(at, query.columnStride)));
        loaded.push_back(LLVM::LoadOp::create(e.b, isFast ? Type(eight) : f32(), from, 4));
      }
      if (isFast)
        loaded = transposed(e, loaded);
      for (auto [i, part] : llvm::enumerate(loaded)) {
        Value place = isFast ? e.add(e.mul(e.add(at, e.constant(i)), e.constant(lanes)), e.constant(half * 8))
                             : e.add(e.mul(at, e.constant(lanes)), e.constant(half * 8 + i));
        LLVM::StoreOp::create(e.b, part, e.offsetPointer(queryFrame, f32(), place), 4);
      }
    });
  }
}

//===-- Scores --===//

/// Products of `count` keys from `inBlock` on with the panel; keys past `last` (null: there are none) repeat it.
void AttentionLowering::tileOfScores(Value firstKey, Value inBlock, int64_t count, Value last) {
  SmallVector<Value> rows;
  for (int64_t i = 0; i < count; ++i) {
    Value row = e.add(e.add(firstKey, inBlock), e.constant(i));
    rows.push_back(e.mul(last ? e.min(row, last) : row, key.rowStride));
  }
  constexpr int64_t unrolled = 4;
  auto step = [&](Value at, int64_t steps, ValueRange sums) {
    Values next(sums);
    for (int64_t u = 0; u < steps; ++u) {
      Value column = e.add(at, e.constant(u)), inRow = e.mul(column, key.columnStride);
      Value panel = vectorAt(queryFrame, column);
      for (int64_t i = 0; i < count; ++i)
        next[i] =
            math::FmaOp::create(e.b, e.splat(e.loadScalar(key.start, f32(), e.add(rows[i], inRow))), panel, next[i]);
    }
    return next;
  };
  Values sums(count, e.floatLanes(0));
  int64_t middle = depth / unrolled * unrolled;
  sums = e.loop(e.constant(0), e.constant(middle), unrolled, sums,
                [&](Value at, ValueRange s) { return step(at, unrolled, s); });
  if (middle != depth)
    sums = step(e.constant(middle), depth - middle, sums);
  for (int64_t i = 0; i < count; ++i)
    setVectorAt(scoreFrame, e.add(inBlock, e.constant(i)), sums[i]);
}

/// The mask's or the score's value for one key. `product` is null for the mask.
Value AttentionLowering::region(Region &body, Value keyIndex, Value product) {
  point.index.back() = keyIndex;
  SmallVector<Value> arguments;
  if (product)
    arguments.push_back(product);
  Block &block = body.front();
  for (auto [i, extra] : llvm::enumerate(extras)) {
    BlockArgument scalar = block.getArgument(i + (product ? 1 : 0));
    Type element = e.laneType(extra.element);
    arguments.push_back(scalar.use_empty() ? Value(arith::ConstantOp::create(e.b, e.b.getZeroAttr(element)))
                                           : e.load(extra, point));
  }
  FailureOr<SmallVector<Value>> values = emitRegion(e, body, arguments, point);
  if (succeeded(values))
    return values->front();
  isFailed = true;
  return product ? product : arith::ConstantOp::create(e.b, e.b.getZeroAttr(e.laneType(e.b.getI1Type())));
}

/// Fills seenFrame; which lanes see any key of the block.
Value AttentionLowering::visibility(Value firstKey, Value count) {
  Value none = arith::ConstantOp::create(e.b, e.b.getZeroAttr(e.laneType(e.b.getI1Type())));
  return e.loop(e.constant(0), count, 1, {none}, [&](Value j, ValueRange any) -> Values {
    Value seen = region(*op.getMask(), e.add(firstKey, j), nullptr);
    setVectorAt(seenFrame, j, arith::SelectOp::create(e.b, seen, e.floatLanes(1), e.floatLanes(0)));
    return {arith::OrIOp::create(e.b, any[0], seen)};
  })[0];
}

/// Scores of the block into scoreFrame; the maximum so far.
Value AttentionLowering::scoresOfBlock(Value firstKey, Value count, Value largest) {
  Value whole = e.mul(e.div(count, e.constant(tileRows)), e.constant(tileRows));
  e.loop(e.constant(0), whole, tileRows, [&](Value at) { tileOfScores(firstKey, at, tileRows, nullptr); });
  Value last = e.sub(e.size(keys), e.constant(1));
  e.loop(whole, count, 4, [&](Value at) { tileOfScores(firstKey, at, 4, last); });
  return e.loop(e.constant(0), count, 1, {largest}, [&](Value j, ValueRange carried) -> Values {
    Value score = region(op.getScore(), e.add(firstKey, j), vectorAt(scoreFrame, j));
    if (op.getMask()) {
      Value seen = arith::CmpFOp::create(e.b, arith::CmpFPredicate::ONE, vectorAt(seenFrame, j), e.floatLanes(0));
      score = arith::SelectOp::create(e.b, seen, score, e.floatLanes(std::numeric_limits<float>::lowest()));
    }
    setVectorAt(scoreFrame, j, score);
    return {larger(score, carried[0])};
  })[0];
}

/// Scores to weights; the sum of weights so far.
Value AttentionLowering::weightsOfBlock(Value count, Value largest, Value total) {
  return e.loop(e.constant(0), count, 1, {total}, [&](Value j, ValueRange carried) -> Values {
    Value weight = emitExp(e, arith::SubFOp::create(e.b, vectorAt(scoreFrame, j), largest));
    setVectorAt(scoreFrame, j, weight);
    return {arith::AddFOp::create(e.b, carried[0], weight)};
  })[0];
}

//===-- Values --===//

void AttentionLowering::tileOfValues(Value firstKey, Value count, Value firstColumn, int64_t width, Value rescale) {
  Values sums;
  for (int64_t i = 0; i < width; ++i)
    sums.push_back(arith::MulFOp::create(e.b, vectorAt(outputFrame, e.add(firstColumn, e.constant(i))), rescale));
  constexpr int64_t unrolled = 4;
  auto step = [&](Value at, int64_t steps, ValueRange carried) {
    Values next(carried);
    for (int64_t u = 0; u < steps; ++u) {
      Value j = e.add(at, e.constant(u)), row = e.mul(e.add(firstKey, j), value.rowStride);
      Value weights = vectorAt(scoreFrame, j);
      for (int64_t i = 0; i < width; ++i) {
        Value column = e.mul(e.add(firstColumn, e.constant(i)), value.columnStride);
        next[i] =
            math::FmaOp::create(e.b, e.splat(e.loadScalar(value.start, f32(), e.add(row, column))), weights, next[i]);
      }
    }
    return next;
  };
  Value whole = e.mul(e.div(count, e.constant(unrolled)), e.constant(unrolled));
  sums = e.loop(e.constant(0), whole, unrolled, sums, [&](Value j, ValueRange s) { return step(j, unrolled, s); });
  sums = e.loop(whole, count, 1, sums, [&](Value j, ValueRange s) { return step(j, 1, s); });
  for (int64_t i = 0; i < width; ++i)
    setVectorAt(outputFrame, e.add(firstColumn, e.constant(i)), sums[i]);
}

void AttentionLowering::valuesOfBlock(Value firstKey, Value count, Value rescale) {
  int64_t whole = columns / tileRows * tileRows;
  e.loop(e.constant(0), e.constant(whole), tileRows,
         [&](Value column) { tileOfValues(firstKey, count, column, tileRows, rescale); });
  if (whole != columns)
    tileOfValues(firstKey, count, e.constant(whole), columns - whole, rescale);
}

//===-- The walk over keys --===//

/// One block: (maximum, sum of weights) before and after.
AttentionLowering::Values AttentionLowering::block(Value firstKey, ArrayRef<Value> state) {
  Value count = e.min(e.sub(e.size(keys), firstKey), e.constant(blockKeys));
  Value largest = scoresOfBlock(firstKey, count, state[0]);
  // While all scores are -inf, weights are 0 and not NaN: later keys may have finite ones.
  Value lowest = e.floatLanes(-INFINITY);
  Value isNone = arith::CmpFOp::create(e.b, arith::CmpFPredicate::OEQ, largest, lowest);
  Value base = arith::SelectOp::create(e.b, isNone, e.floatLanes(0), largest);
  Value rescale = emitExp(e, arith::SubFOp::create(e.b, state[0], base));
  Value total = weightsOfBlock(count, base, arith::MulFOp::create(e.b, state[1], rescale));
  valuesOfBlock(firstKey, count, rescale);
  return {largest, total};
}

/// One block for the panel at hand, unless nobody there sees any of it.
void AttentionLowering::oneBlock(Value firstKey, Value maySkip) {
  Value totalRow = e.add(state, e.constant(1)), blindRow = e.add(state, e.constant(2));
  auto compute = [&]() -> Values {
    Values next = block(firstKey, {vectorAt(stateFrame, state), vectorAt(stateFrame, totalRow)});
    setVectorAt(stateFrame, state, next[0]);
    setVectorAt(stateFrame, totalRow, next[1]);
    return {};
  };
  if (!op.getMask()) {
    compute();
    return;
  }
  Value seen = visibility(firstKey, e.min(e.sub(e.size(keys), firstKey), e.constant(blockKeys)));
  setVectorAt(stateFrame, blindRow,
              arith::SelectOp::create(e.b, seen, e.floatLanes(0), vectorAt(stateFrame, blindRow)));
  Value yes = arith::ConstantOp::create(e.b, e.b.getBoolAttr(true));
  e.when(arith::SelectOp::create(e.b, maySkip, isAny(seen), yes), {}, compute);
}

/// All keys, for all panels.
void AttentionLowering::overKeys(Value maySkip) {
  eachPanel([&] {
    e.loop(e.constant(0), e.constant(columns), 1, [&](Value i) { setVectorAt(outputFrame, i, e.floatLanes(0)); });
    setVectorAt(stateFrame, state, e.floatLanes(-INFINITY));
    setVectorAt(stateFrame, e.add(state, e.constant(1)), e.floatLanes(0));
    // Lanes without a query want nothing.
    setVectorAt(stateFrame, e.add(state, e.constant(2)),
                arith::SelectOp::create(e.b, point.mask, e.floatLanes(1), e.floatLanes(0)));
  });
  e.loop(e.constant(0), e.size(keys), blockKeys, [&](Value key) { eachPanel([&] { oneBlock(key, maySkip); }); });
}

/// Whether some query of the item has seen no key.
Value AttentionLowering::isAnyBlind() {
  Value any = e.loop(e.constant(0), panelCount, 1, {e.floatLanes(0)}, [&](Value panel, ValueRange carried) -> Values {
    Value blind = vectorAt(stateFrame, e.add(e.mul(panel, e.constant(3)), e.constant(2)));
    return {arith::AddFOp::create(e.b, carried[0], blind)};
  })[0];
  return isAny(arith::CmpFOp::create(e.b, arith::CmpFPredicate::ONE, any, e.floatLanes(0)));
}

//===-- Results --===//

void AttentionLowering::storeTransposed(Value reciprocal) {
  VectorType eight = VectorType::get({8}, f32());
  Value row = e.add(e.mul(batchNumber, e.size(queries)), firstQuery);
  for (int64_t half = 0; half < 2; ++half) {
    SmallVector<int64_t> places;
    for (int64_t i = 0; i < 8; ++i)
      places.push_back(half * 8 + i);
    Value factor = vector::ShuffleOp::create(e.b, reciprocal, reciprocal, places);
    e.loop(e.constant(0), e.constant(columns), 8, [&](Value column) {
      SmallVector<Value> parts;
      for (int64_t i = 0; i < 8; ++i) {
        Value place = e.add(e.mul(e.add(column, e.constant(i)), e.constant(lanes)), e.constant(half * 8));
        Value loaded = LLVM::LoadOp::create(e.b, eight, e.offsetPointer(outputFrame, f32(), place), 4);
        parts.push_back(arith::MulFOp::create(e.b, loaded, factor));
      }
      for (auto [i, part] : llvm::enumerate(transposed(e, parts))) {
        Value to = e.add(e.mul(e.add(row, e.constant(half * 8 + i)), e.constant(columns)), column);
        LLVM::StoreOp::create(e.b, part, e.offsetPointer(e.pointer(op->getNumOperands()), f32(), to), 4);
      }
    });
  }
}

void AttentionLowering::store(Value total) {
  Value reciprocal = arith::DivFOp::create(e.b, e.floatLanes(1), total);
  Value isWhole = arith::CmpIOp::create(e.b, arith::CmpIPredicate::eq, queryCount, e.constant(lanes));
  auto oneByOne = [&]() -> Values {
    e.loop(e.constant(0), e.constant(columns), 1, [&](Value column) {
      setVectorAt(outputFrame, column, arith::MulFOp::create(e.b, vectorAt(outputFrame, column), reciprocal));
    });
    e.loop(e.constant(0), queryCount, 1, [&](Value lane) {
      Value row = e.add(e.add(e.mul(batchNumber, e.size(queries)), firstQuery), lane);
      e.loop(e.constant(0), e.constant(columns), 1, [&](Value column) {
        Value number = e.loadScalar(outputFrame, f32(), e.add(e.mul(column, e.constant(lanes)), lane));
        Value to = e.add(e.mul(row, e.constant(columns)), column);
        LLVM::StoreOp::create(e.b, number, e.offsetPointer(e.pointer(op->getNumOperands()), f32(), to), 4);
      });
    });
    return {};
  };
  if (columns % 8 != 0) {
    oneByOne();
    return;
  }
  e.when(isWhole, {}, [&]() -> Values { return storeTransposed(reciprocal), Values(); });
  Value isRest = arith::CmpIOp::create(e.b, arith::CmpIPredicate::ne, queryCount, e.constant(lanes));
  e.when(isRest, {}, oneByOne);
}

FailureOr<Dim> AttentionLowering::lower() {
  std::optional<int64_t> constantDepth = op.getDepth().getDim().constant();
  std::optional<int64_t> constantColumns = op.getResult().getType().getShapeDims().back().constant();
  if (!constantDepth || !constantColumns || *constantDepth > ir::kernel::maxAttentionWidth ||
      *constantColumns > ir::kernel::maxAttentionWidth)
    return op.emitError("the CPU target wants heads of constant width, at most ") << ir::kernel::maxAttentionWidth;
  depth = *constantDepth;
  columns = *constantColumns;
  itemPanels = std::clamp<int64_t>(512 / std::max(depth, columns), 1, 4); // the frame stays below 70 KB
  Dim groups = Dim::ceilDiv(queries, lanes * itemPanels);
  batchNumber = e.div(e.item, e.size(groups));
  firstItemQuery = e.mul(e.rem(e.item, e.size(groups)), e.constant(lanes * itemPanels));
  Value left = e.sub(e.size(queries), firstItemQuery);
  panelCount = e.min(e.div(e.add(left, e.constant(lanes - 1)), e.constant(lanes)), e.constant(itemPanels));
  query = matrix(0, op.getQueryMap(), queries, Dim(depth));
  key = matrix(1, op.getKeyMap(), keys, Dim(depth));
  value = matrix(2, op.getValueMap(), keys, Dim(columns));
  queryFrames = e.frameVectors(f32(), itemPanels * depth);
  outputFrames = e.frameVectors(f32(), itemPanels * columns);
  stateFrame = e.frameVectors(f32(), itemPanels * 3);
  scoreFrame = e.frameVectors(f32(), blockKeys);
  if (op.getMask())
    seenFrame = e.frameVectors(f32(), blockKeys);

  point.dims = dims;
  point.lane = batchRank;
  point.index = e.delinearize(batchNumber, ArrayRef<Dim>(dims).take_front(batchRank));
  point.index.append(2, e.constant(0));
  point.groups = {{0, batchRank, batchNumber}};

  eachPanel([&] { transposeQueries(); });
  Value yes = arith::ConstantOp::create(e.b, e.b.getBoolAttr(true)),
        no = arith::ConstantOp::create(e.b, e.b.getBoolAttr(false));
  auto storeAll = [&] { eachPanel([&] { store(vectorAt(stateFrame, e.add(state, e.constant(1)))); }); };
  if (!op.getMask()) {
    overKeys(no);
    storeAll();
  } else {
    // Once with skipping; once more without if that left a query without any key.
    e.loop(e.constant(0), e.constant(2), 1, {yes}, [&](Value attempt, ValueRange wanted) -> Values {
      return e.when(wanted[0], {no}, [&]() -> Values {
        overKeys(arith::CmpIOp::create(e.b, arith::CmpIPredicate::eq, attempt, e.constant(0)));
        storeAll();
        return {isAnyBlind()};
      });
    });
  }
  if (isFailed)
    return failure();
  return ir::productOf(ArrayRef<Dim>(dims).take_front(batchRank)) * groups;
}

FailureOr<Dim> lowerAttention(Emitter &e, ir::kernel::AttentionOp op) { return AttentionLowering(e, op).lower(); }

} // namespace sinter::cpu

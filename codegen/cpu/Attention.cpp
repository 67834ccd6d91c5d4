// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// attention: out[batch, q, d] = sum over k of softmax(score(query . key))[q, k] * value[k, d], the scores never stored.
//
// Work item = (batch, up to 64 queries), cut into panels of 16 or, with AVX-512, 32. Lanes are queries: a panel is
// transposed once, keys and values are read as scalars that are broadcast, and nothing is ever summed across lanes.
// Keys are walked in blocks of 64 by absolute position, which serve all panels of the item while they are near; for
// each panel a block's scores (tiles of keys x queries), the score region and the running maximum, weights and their
// sum, then the weighted values (tiles of columns x queries), rescaled as they are loaded. Every product of query and
// key is one chain of fused multiply-adds over ascending e, every output one over ascending k: the bits depend neither
// on the target, nor on the panel a query lies in, nor on what else is in the batch.
//
// A key that no query of the panel sees has weights of 0: where the mask's bounds (Mask.h) hide a block, or the mask
// itself its first or last keys, they are left out, which changes no bit; where they show a whole block, the mask is
// not asked. A query that sees no key at all weighs all of them alike: its panel is done again without leaving out.
#include "codegen/cpu/AttentionStep.h"
#include "codegen/cpu/Math.h"

using namespace mlir;

namespace sinter::cpu {

static constexpr int64_t tailKeys = 4; ///< of the tiles at a range's end; they may write past it
static constexpr float lowest = std::numeric_limits<float>::lowest();

namespace {
/// The queries of a batch, read through a linear map: rows and columns a fixed distance apart.
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
  /// Keys of one block for one panel.
  struct Block {
    Value firstKey;
    Value from, to;   ///< within the block; `from` is a multiple of 8, through pages of 16
    Value isMasked;   ///< i1: some pair is hidden; null where there is no mask
    Value isFetching; ///< i1: the next block should be let nearer meanwhile
  };
  Matrix queryMatrix();
  void prepare();
  void overPanels();

  void atPanel(Value firstGroup, int64_t groups);
  Point atGroup(int64_t group);
  void eachPanel(llvm::function_ref<void()> body);
  void transposeQueries();
  void attempt(Value isFirst);
  void clear();
  void overBlock(Value firstKey, Value count, Value isFirst);
  void computeBlock(const Block &block);
  Values hiddenEnds(Value firstKey, Value count);
  Values productsOfBlock(const Block &block, ValueRange largest);
  Values tileOfProducts(const Block &block, Value inBlock, int64_t count, Value last, ValueRange largest);
  Values scoresOfBlock(const Block &block, ValueRange largest, bool isMasked);
  Values weightsOfBlock(const Block &block, ValueRange base, ValueRange total);
  void valuesOfBlock(const Block &block, ValueRange rescale);
  void tileOfValues(const Block &block, Value firstColumn, int64_t columns, ValueRange rescale);
  Value isAnyBlind();
  void store();

  Value region(Region &region, Point point, Value key, Value product);
  void prefetch(const Block &block, KeyRows &rows, Value row, int64_t count, int64_t length);
  Value isAny(Value lanesMask) { return vector::ReductionOp::create(e.b, vector::CombiningKind::OR, lanesMask); }
  Value larger(Value x, Value y);
  Value isWanted();
  Type f32() { return e.b.getF32Type(); }
  /// The panel's vectors in a row of a frame.
  Values vectorsAt(Value frame, Value row);
  void setVectorsAt(Value frame, Value row, ValueRange vectors);
  Values spread(float value) { return Values(width, e.floatLanes(value)); }

  Emitter &e;
  ir::kernel::AttentionOp op;
  unsigned batchRank;
  Dim queries, keys;
  int64_t depth = 0, columns = 0;
  int64_t itemGroups = 0; ///< groups of 16 queries of one work item
  int64_t widest = 1;     ///< groups of a panel, at most
  SmallVector<Dim> dims;  ///< (batch..., q, k)
  SmallVector<Access> extras;
  std::optional<MaskBounds> maskBounds;
  Matrix query;
  KeyRows key, value;
  Value batchNumber, firstItemQuery, groupCount;
  int64_t width = 1;                           ///< groups of the panel at hand
  int64_t tileRows = 0;                        ///< of its tiles
  Value firstGroup, firstQuery, queryCount;    ///< of the panel at hand
  Value queryFrames, outputFrames, stateFrame; ///< of all panels; state: maximum, sum of weights
  Value wantedFrame;                           ///< for each group, whether its panel is to be done
  Value queryFrame;                            ///< [depth][queries]
  Value scoreFrame;                            ///< [64 keys and a tail][queries]: scores, then weights
  Value seenFrame;                             ///< [64 keys][queries]: 1 where the mask lets the query see the key
  Value outputFrame;                           ///< [columns][queries]
  Value state;                                 ///< the panel's two rows in stateFrame
  Point point;
  bool isFailed = false;
};
} // namespace

AttentionLowering::AttentionLowering(Emitter &e, ir::kernel::AttentionOp op)
    : e(e), op(op), dims(op.getDomain()), key(e, op, 1, op.getKeyMap(), op.getDepth().getDim()),
      value(e, op, 2, op.getValueMap(), op.getResult().getType().getShapeDims().back()) {
  batchRank = op.getBatch();
  queries = dims[batchRank];
  keys = dims.back();
  for (auto [i, extra] : llvm::enumerate(op.getExtras()))
    extras.push_back(
        e.access(3 + i, cast<ir::kernel::BufferType>(extra.getType()), cast<ir::IndexMapAttr>(op.getExtraMaps()[i])));
  if (op.getMask())
    maskBounds.emplace(e, op, extras);
  // Two vectors of queries share a broadcast where there are registers for it.
  widest = e.target.vectorRegisters * e.target.vectorBits >= 32 * 512 ? 2 : 1;
}

Matrix AttentionLowering::queryMatrix() {
  Access access = e.access(0, op.getQuery().getType(), op.getQueryMap());
  SmallVector<Dim> factors = *e.linear(access, batchRank + 2);
  Point origin;
  origin.dims = SmallVector<Dim>(ArrayRef<Dim>(dims).take_front(batchRank));
  origin.dims.append({queries, Dim(depth)});
  origin.index = e.delinearize(batchNumber, ArrayRef<Dim>(dims).take_front(batchRank));
  origin.index.resize(batchRank + 2, e.constant(0));
  origin.groups = {{0, batchRank, batchNumber}};
  origin.lane = batchRank + 1;
  Value start = e.offsetPointer(access.pointer, access.element, e.offset(access, origin));
  return {start, e.size(factors[batchRank]), e.size(factors[batchRank + 1]), factors[batchRank + 1].isConstant(1)};
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

Value AttentionLowering::larger(Value x, Value y) {
  // A NaN need not win here: its weight is NaN whatever the maximum, and so is the sum of weights.
  Value isLarger = arith::CmpFOp::create(e.b, arith::CmpFPredicate::OGT, x, y);
  return arith::SelectOp::create(e.b, isLarger, x, y);
}

AttentionLowering::Values AttentionLowering::vectorsAt(Value frame, Value row) {
  Values vectors;
  for (int64_t group = 0; group < width; ++group)
    vectors.push_back(
        e.loadVector(frame, f32(), e.add(e.mul(row, e.constant(width * lanes)), e.constant(group * lanes))));
  return vectors;
}

void AttentionLowering::setVectorsAt(Value frame, Value row, ValueRange vectors) {
  for (auto [group, vector] : llvm::enumerate(vectors))
    e.storeVector(frame, f32(), vector, e.add(e.mul(row, e.constant(width * lanes)), e.constant(group * lanes)));
}

/// Lets `count` rows from `row` on, each of `length` numbers, come nearer, for the panel that comes first to a block.
/// Where panels are wide, toward the second level of cache only: a tile lives long enough to fetch from there.
void AttentionLowering::prefetch(const Block &block, KeyRows &rows, Value row, int64_t count, int64_t length) {
  if (!rows.isContiguous || rows.pageRows)
    return;
  const int32_t hint = widest > 1 ? 2 : 3;
  e.when(block.isFetching, {}, [&]() -> Values {
    e.loop(e.constant(0), e.constant(count), 1, [&](Value i) {
      Value start = rows.row(e.add(e.constant(blockKeys), e.add(row, i)));
      for (int64_t at = 0; at < length; at += 64 / ir::kernel::elementBytes(rows.element))
        LLVM::Prefetch::create(e.b, e.offsetPointer(start, rows.element, e.constant(at)), /*rw=*/0, hint, /*cache=*/1);
    });
    return {};
  });
}

//===-- Panels --===//

/// Turns to `groups` groups of 16 queries from `first` on.
void AttentionLowering::atPanel(Value first, int64_t groups) {
  width = groups;
  // A tile's sums fill half of the registers, or three quarters of AVX2's few.
  tileRows = e.target.vectorRegisters * e.target.vectorBits >= 32 * 512 ? 16 / width : 6;
  firstGroup = first;
  firstQuery = e.add(firstItemQuery, e.mul(first, e.constant(lanes)));
  queryCount = e.min(e.sub(e.size(queries), firstQuery), e.constant(lanes * width));
  queryFrame = e.offsetPointer(queryFrames, f32(), e.mul(first, e.constant(depth * lanes)));
  outputFrame = e.offsetPointer(outputFrames, f32(), e.mul(first, e.constant(columns * lanes)));
  state = e.offsetPointer(stateFrame, f32(), e.mul(first, e.constant(2 * lanes)));
}

/// The group's queries as lanes.
Point AttentionLowering::atGroup(int64_t group) {
  Point result = point;
  result.index[batchRank] = e.add(firstQuery, e.constant(group * lanes));
  if (group + 1 < width) // only the last group of a panel may have fewer
    return result;
  result.count = e.sub(queryCount, e.constant(group * lanes));
  result.mask = e.firstLanes(result.count);
  return result;
}

void AttentionLowering::eachPanel(llvm::function_ref<void()> body) {
  Value whole = e.constant(0);
  if (widest > 1) {
    whole = e.mul(e.div(groupCount, e.constant(widest)), e.constant(widest));
    e.loop(e.constant(0), whole, widest, [&](Value first) {
      atPanel(first, widest);
      body();
    });
  }
  e.loop(whole, groupCount, 1, [&](Value first) {
    atPanel(first, 1);
    body();
  });
}

/// query[firstQuery + lane, e] to queryFrame[e][lane]; lanes past the last query repeat it.
void AttentionLowering::transposeQueries() {
  Value last = e.sub(e.size(queries), e.constant(1));
  VectorType eight = VectorType::get({8}, f32());
  bool isFast = query.isContiguous && depth % 8 == 0;
  e.loop(e.constant(0), e.constant(width * lanes), 8, [&](Value lane) {
    SmallVector<Value> rows;
    for (int64_t i = 0; i < 8; ++i)
      rows.push_back(e.mul(e.min(e.add(e.add(firstQuery, lane), e.constant(i)), last), query.rowStride));
    e.loop(e.constant(0), e.constant(depth), isFast ? 8 : 1, [&](Value at) {
      SmallVector<Value> loaded;
      for (Value row : rows) {
        Value from = e.offsetPointer(query.start, f32(), e.add(row, e.mul(at, query.columnStride)));
        loaded.push_back(LLVM::LoadOp::create(e.b, isFast ? Type(eight) : f32(), from, 4));
      }
      if (isFast)
        loaded = transposed(e, loaded);
      for (auto [i, part] : llvm::enumerate(loaded)) {
        Value row = isFast ? e.add(at, e.constant(i)) : at, inRow = isFast ? lane : e.add(lane, e.constant(i));
        Value place = e.add(e.mul(row, e.constant(width * lanes)), inRow);
        LLVM::StoreOp::create(e.b, part, e.offsetPointer(queryFrame, f32(), place), 4);
      }
    });
  });
}

//===-- Scores --===//

/// Whether the score is a function of the product alone: tiles then apply it before they are stored.
static bool isOfProduct(Region &score) {
  mlir::Block &block = score.front();
  return llvm::all_of(block.getArguments().drop_front(), [](BlockArgument extra) { return extra.use_empty(); }) &&
         block.getOps<ir::kernel::IndexOp>().empty();
}

/// Products of `count` keys from `inBlock` on with the panel; keys past `last` of the block (null: there are none) repeat it. Where
/// the score is of the product, scores, and the maxima so far.
AttentionLowering::Values AttentionLowering::tileOfProducts(const Block &block, Value inBlock, int64_t count,
                                                            Value last, ValueRange largest) {
  SmallVector<Value> rows;
  // Through pages, tiles of 8 or 16 begin at multiples of that, and stay in one page.
  bool isNear = !last && (!key.pageRows || (lanes % count == 0 && key.pageRows % count == 0));
  Value first = isNear ? key.row(inBlock) : Value();
  for (int64_t i = 0; i < count; ++i) {
    Value row = e.add(inBlock, e.constant(i));
    rows.push_back(isNear ? key.near(first, i) : key.row(last ? e.min(row, last) : row));
  }
  constexpr int64_t unrolled = 4;
  auto step = [&](Value at, int64_t steps, ValueRange sums) {
    Values next(sums);
    for (int64_t u = 0; u < steps; ++u) {
      Value column = e.add(at, e.constant(u)), inRow = e.mul(column, key.columnStride);
      Values panel = vectorsAt(queryFrame, column);
      for (int64_t i = 0; i < count; ++i) {
        Value factor = e.splat(e.loadScalar(rows[i], key.element, inRow));
        for (int64_t group = 0; group < width; ++group) {
          Value &sum = next[i * width + group];
          sum = math::FmaOp::create(e.b, factor, panel[group], sum);
        }
      }
    }
    return next;
  };
  Values sums(count * width, e.floatLanes(0));
  int64_t middle = depth / unrolled * unrolled;
  sums = e.loop(e.constant(0), e.constant(middle), unrolled, sums,
                [&](Value at, ValueRange s) { return step(at, unrolled, s); });
  if (middle != depth)
    sums = step(e.constant(middle), depth - middle, sums);
  Values next(largest);
  for (int64_t i = 0; i < count; ++i) {
    for (int64_t group = 0; isOfProduct(op.getScore()) && group < width; ++group) {
      Value &score = sums[i * width + group];
      score = region(op.getScore(), point, e.constant(0), score);
      next[group] = larger(score, next[group]);
    }
    setVectorsAt(scoreFrame, e.add(inBlock, e.constant(i)), ArrayRef<Value>(sums).slice(i * width, width));
  }
  return next;
}

AttentionLowering::Values AttentionLowering::productsOfBlock(const Block &block, ValueRange largest) {
  Value tiles = e.div(e.sub(block.to, block.from), e.constant(tileRows));
  Value whole = e.add(block.from, e.mul(tiles, e.constant(tileRows)));
  Values next = e.loop(block.from, whole, tileRows, largest, [&](Value at, ValueRange carried) {
    prefetch(block, key, at, tileRows, depth);
    return tileOfProducts(block, at, tileRows, nullptr, carried);
  });
  Value last = e.min(e.sub(e.sub(e.size(keys), block.firstKey), e.constant(1)), e.constant(blockKeys - 1));
  return e.loop(whole, block.to, tailKeys, next,
                [&](Value at, ValueRange carried) { return tileOfProducts(block, at, tailKeys, last, carried); });
}

Value emitOfPair(Emitter &e, Region &body, ArrayRef<Access> extras, const Point &where, Value product) {
  SmallVector<Value> arguments;
  if (product)
    arguments.push_back(product);
  mlir::Block &inner = body.front();
  for (auto [i, extra] : llvm::enumerate(extras)) {
    BlockArgument scalar = inner.getArgument(i + (product ? 1 : 0));
    Type element = e.laneType(extra.element);
    arguments.push_back(scalar.use_empty() ? Value(arith::ConstantOp::create(e.b, e.b.getZeroAttr(element)))
                                           : e.load(extra, where));
  }
  FailureOr<SmallVector<Value>> values = emitRegion(e, body, arguments, where);
  return succeeded(values) ? values->front() : Value();
}

/// The mask's or the score's value for one key. `product` is null for the mask.
Value AttentionLowering::region(Region &body, Point where, Value keyIndex, Value product) {
  where.index.back() = keyIndex;
  if (Value value = emitOfPair(e, body, extras, where, product))
    return value;
  isFailed = true;
  return product ? product : arith::ConstantOp::create(e.b, e.b.getZeroAttr(e.laneType(e.b.getI1Type())));
}

/// Asks the mask of every pair: fills seenFrame; the first key that some query sees (rounded down to a multiple of 8, or
/// 16 through pages) and the one after the last.
AttentionLowering::Values AttentionLowering::hiddenEnds(Value firstKey, Value count) {
  Values ends = e.loop(e.constant(0), count, 1, {count, e.constant(0)}, [&](Value j, ValueRange carried) -> Values {
    Values marks;
    Value any;
    for (int64_t group = 0; group < width; ++group) {
      Point where = atGroup(group);
      Value seen = region(*op.getMask(), where, e.add(firstKey, j), nullptr);
      marks.push_back(arith::SelectOp::create(e.b, seen, e.floatLanes(1), e.floatLanes(0)));
      Value counted = where.mask ? Value(arith::AndIOp::create(e.b, seen, where.mask)) : seen;
      any = any ? Value(arith::OrIOp::create(e.b, any, counted)) : counted;
    }
    setVectorsAt(seenFrame, j, marks);
    Value isSeen = isAny(any);
    return {arith::SelectOp::create(e.b, isSeen, e.min(carried[0], j), carried[0]),
            arith::SelectOp::create(e.b, isSeen, e.add(j, e.constant(1)), carried[1])};
  });
  Value granule = e.constant(key.pageRows ? lanes : 8);
  return {e.mul(e.div(ends[0], granule), granule), ends[1]};
}

/// Products to scores (where the tiles have not), masked if so; the maxima so far.
AttentionLowering::Values AttentionLowering::scoresOfBlock(const Block &block, ValueRange largest, bool isMasked) {
  return e.loop(block.from, block.to, 1, largest, [&](Value j, ValueRange carried) -> Values {
    Values scores = vectorsAt(scoreFrame, j), next;
    Values seen = isMasked ? vectorsAt(seenFrame, j) : Values();
    for (int64_t group = 0; group < width; ++group) {
      Value &score = scores[group];
      if (!isOfProduct(op.getScore()))
        score = region(op.getScore(), atGroup(group), e.add(block.firstKey, j), score);
      if (isMasked) {
        Value isSeen = arith::CmpFOp::create(e.b, arith::CmpFPredicate::ONE, seen[group], e.floatLanes(0));
        score = arith::SelectOp::create(e.b, isSeen, score, e.floatLanes(lowest));
      }
      next.push_back(larger(score, carried[group]));
    }
    setVectorsAt(scoreFrame, j, scores);
    return next;
  });
}

/// Scores to weights; the sums of weights so far.
AttentionLowering::Values AttentionLowering::weightsOfBlock(const Block &block, ValueRange base, ValueRange total) {
  return e.loop(block.from, block.to, 1, total, [&](Value j, ValueRange carried) -> Values {
    Values weights = vectorsAt(scoreFrame, j), next;
    for (int64_t group = 0; group < width; ++group) {
      weights[group] = emitExpOfNegative(e, arith::SubFOp::create(e.b, weights[group], base[group]));
      next.push_back(arith::AddFOp::create(e.b, carried[group], weights[group]));
    }
    setVectorsAt(scoreFrame, j, weights);
    return next;
  });
}

//===-- Values --===//

void AttentionLowering::tileOfValues(const Block &block, Value firstColumn, int64_t count, ValueRange rescale) {
  Values sums;
  for (int64_t i = 0; i < count; ++i)
    for (auto [group, before] : llvm::enumerate(vectorsAt(outputFrame, e.add(firstColumn, e.constant(i)))))
      sums.push_back(arith::MulFOp::create(e.b, before, rescale[group]));
  constexpr int64_t unrolled = 4;
  auto step = [&](Value at, int64_t steps, ValueRange carried) {
    Values next(carried);
    Value there = value.row(at);
    for (int64_t u = 0; u < steps; ++u) {
      Value j = e.add(at, e.constant(u));
      // One pointer and constant distances: sums of the column alone would be kept in registers, and spilled.
      Value row = e.offsetPointer(value.near(there, u), value.element, e.mul(firstColumn, value.columnStride));
      Values weights = vectorsAt(scoreFrame, j);
      for (int64_t i = 0; i < count; ++i) {
        Value factor = e.splat(e.loadScalar(row, value.element, e.mul(e.constant(i), value.columnStride)));
        for (int64_t group = 0; group < width; ++group) {
          Value &sum = next[i * width + group];
          sum = math::FmaOp::create(e.b, factor, weights[group], sum);
        }
      }
    }
    return next;
  };
  Value steps = e.div(e.sub(block.to, block.from), e.constant(unrolled));
  Value whole = e.add(block.from, e.mul(steps, e.constant(unrolled)));
  sums = e.loop(block.from, whole, unrolled, sums, [&](Value j, ValueRange s) { return step(j, unrolled, s); });
  sums = e.loop(whole, block.to, 1, sums, [&](Value j, ValueRange s) { return step(j, 1, s); });
  for (int64_t i = 0; i < count; ++i)
    setVectorsAt(outputFrame, e.add(firstColumn, e.constant(i)), ArrayRef<Value>(sums).slice(i * width, width));
}

void AttentionLowering::valuesOfBlock(const Block &block, ValueRange rescale) {
  int64_t whole = columns / tileRows * tileRows;
  e.loop(e.constant(0), e.constant(whole), tileRows, [&](Value column) {
    int64_t rows = llvm::divideCeil(blockKeys, std::max<int64_t>(whole / tileRows, 1));
    prefetch(block, value, e.mul(e.div(column, e.constant(tileRows)), e.constant(rows)), rows, columns);
    tileOfValues(block, column, tileRows, rescale);
  });
  if (whole != columns)
    tileOfValues(block, e.constant(whole), columns - whole, rescale);
}

//===-- The walk over keys --===//

/// Takes the block into the panel's maxima, sums of weights and outputs.
void AttentionLowering::computeBlock(const Block &block) {
  Value maximumRow = e.constant(0), totalRow = e.constant(1);
  Values before = vectorsAt(state, maximumRow);
  Values largest = productsOfBlock(block, before);
  bool isFinished = isOfProduct(op.getScore()); // but for the mask
  if (block.isMasked) {
    if (!isFinished) {
      Value isOpen = arith::XOrIOp::create(e.b, block.isMasked, arith::ConstantOp::create(e.b, e.b.getBoolAttr(true)));
      largest = e.when(isOpen, largest, [&] { return scoresOfBlock(block, before, false); });
    }
    largest = e.when(block.isMasked, largest, [&] { return scoresOfBlock(block, before, true); });
  } else if (!isFinished) {
    largest = scoresOfBlock(block, before, false);
  }
  Values bases, rescale, totals = vectorsAt(state, totalRow);
  for (int64_t group = 0; group < width; ++group) {
    // While all scores are -inf, weights are 0 and not NaN: later keys may have finite ones.
    Value isNone = arith::CmpFOp::create(e.b, arith::CmpFPredicate::OEQ, largest[group], e.floatLanes(-INFINITY));
    Value base = arith::SelectOp::create(e.b, isNone, e.floatLanes(0), largest[group]);
    bases.push_back(base);
    rescale.push_back(emitExpOfNegative(e, arith::SubFOp::create(e.b, before[group], base)));
    totals[group] = arith::MulFOp::create(e.b, totals[group], rescale[group]);
  }
  setVectorsAt(state, maximumRow, largest);
  setVectorsAt(state, totalRow, weightsOfBlock(block, bases, totals));
  valuesOfBlock(block, rescale);
}

/// One block for the panel at hand, in a first attempt only what somebody there sees of it.
void AttentionLowering::overBlock(Value firstKey, Value count, Value isFirst) {
  Value isBefore =
      arith::CmpIOp::create(e.b, arith::CmpIPredicate::slt, e.add(firstKey, e.constant(blockKeys)), e.size(keys));
  Value isFirstPanel = arith::CmpIOp::create(e.b, arith::CmpIPredicate::eq, firstGroup, e.constant(0));
  // Fewer keys stay in the second level of cache from item to item.
  Value isLong = arith::CmpIOp::create(e.b, arith::CmpIPredicate::sge, e.size(keys), e.constant(1024));
  Value isFetching = arith::AndIOp::create(e.b, isLong, arith::AndIOp::create(e.b, isBefore, isFirstPanel));
  if (!op.getMask()) {
    computeBlock({firstKey, e.constant(0), count, Value(), isFetching});
    return;
  }
  Value yes = arith::ConstantOp::create(e.b, e.b.getBoolAttr(true));
  Visible visible = maskBounds->over(point, firstQuery, queryCount);
  Value isMasked = e.b.createOrFold<arith::XOrIOp>(visible.all, yes);
  Value isConsidered = arith::SelectOp::create(e.b, isFirst, visible.any, isWanted());
  e.when(isConsidered, {}, [&]() -> Values {
    Values ends = e.when(isMasked, {e.constant(0), count}, [&] { return hiddenEnds(firstKey, count); });
    Value from = arith::SelectOp::create(e.b, isFirst, ends[0], e.constant(0));
    Value to = arith::SelectOp::create(e.b, isFirst, ends[1], count);
    Value isAnything = arith::CmpIOp::create(e.b, arith::CmpIPredicate::slt, from, to);
    e.when(isAnything, {},
           [&]() -> Values { return computeBlock({firstKey, from, to, isMasked, isFetching}), Values(); });
    return {};
  });
}

/// Whether the panel at hand is to be done again.
Value AttentionLowering::isWanted() {
  Value mark = e.loadScalar(wantedFrame, e.b.getI32Type(), firstGroup);
  Value zero = arith::ConstantOp::create(e.b, e.b.getI32IntegerAttr(0));
  return arith::CmpIOp::create(e.b, arith::CmpIPredicate::ne, mark, zero);
}

void AttentionLowering::clear() {
  e.loop(e.constant(0), e.constant(columns), 1, [&](Value row) { setVectorsAt(outputFrame, row, spread(0)); });
  setVectorsAt(state, e.constant(0), spread(-INFINITY));
  setVectorsAt(state, e.constant(1), spread(0));
  // Rows of 256 bytes far apart are what processors do not foresee: the next item's queries, and this one's results.
  if (!query.isContiguous)
    return;
  Value last = e.sub(e.size(queries), e.constant(1)), result = e.pointer(op->getNumOperands());
  auto approach = [&](Value row, int64_t length, int32_t isWrite) {
    for (int64_t at = 0; at < length; at += 16)
      LLVM::Prefetch::create(e.b, e.offsetPointer(row, f32(), e.constant(at)), isWrite, /*hint=*/2, /*cache=*/1);
  };
  e.loop(e.constant(0), queryCount, 1, [&](Value i) {
    Value here = e.add(firstQuery, i), next = e.min(e.add(here, e.constant(lanes * itemGroups)), last);
    approach(e.offsetPointer(query.start, f32(), e.mul(next, query.rowStride)), depth, 0);
    Value row = e.add(e.mul(batchNumber, e.size(queries)), here);
    approach(e.offsetPointer(result, f32(), e.mul(row, e.constant(columns))), columns, 1);
  });
}

/// All keys, for all panels, or in a second attempt for those that are wanted.
void AttentionLowering::attempt(Value isFirst) {
  auto eachWanted = [&](llvm::function_ref<void()> body) {
    eachPanel([&] {
      if (!op.getMask())
        return body();
      e.when(arith::OrIOp::create(e.b, isFirst, isWanted()), {}, [&]() -> Values { return body(), Values(); });
    });
  };
  eachWanted([&] { clear(); });
  e.loop(e.constant(0), e.size(keys), blockKeys, [&](Value firstKey) {
    Value count = e.min(e.sub(e.size(keys), firstKey), e.constant(blockKeys));
    if (maskBounds && failed(maskBounds->atKeys(point, firstKey, count)))
      isFailed = true;
    key.atBlock(firstKey);
    value.atBlock(firstKey);
    eachPanel([&] { overBlock(firstKey, count, isFirst); });
  });
  eachWanted([&] { store(); });
}

/// Whether some query of the item has seen no key; notes the panels of such.
Value AttentionLowering::isAnyBlind() {
  Value zero = arith::ConstantOp::create(e.b, e.b.getI32IntegerAttr(0));
  e.storeVector(wantedFrame, e.b.getI32Type(), e.intLanes(0), e.constant(0));
  eachPanel([&] {
    Value any;
    for (auto [group, maximum] : llvm::enumerate(vectorsAt(state, e.constant(0)))) {
      Value isBlind = arith::CmpFOp::create(e.b, arith::CmpFPredicate::OLE, maximum, e.floatLanes(lowest));
      if (Value mask = atGroup(group).mask)
        isBlind = arith::AndIOp::create(e.b, isBlind, mask);
      any = any ? Value(arith::OrIOp::create(e.b, any, isBlind)) : isBlind;
    }
    Value mark = arith::ExtUIOp::create(e.b, e.b.getI32Type(), isAny(any));
    LLVM::StoreOp::create(e.b, mark, e.offsetPointer(wantedFrame, e.b.getI32Type(), firstGroup), 4);
  });
  Value marks = e.loadVector(wantedFrame, e.b.getI32Type(), e.constant(0));
  return isAny(arith::CmpIOp::create(e.b, arith::CmpIPredicate::ne, marks, e.splat(zero)));
}

//===-- Results --===//

void AttentionLowering::store() {
  VectorType eight = VectorType::get({8}, f32());
  Value totalRow = e.constant(1), result = e.pointer(op->getNumOperands());
  Values reciprocals;
  for (Value total : vectorsAt(state, totalRow))
    reciprocals.push_back(arith::DivFOp::create(e.b, e.floatLanes(1), total));
  setVectorsAt(state, totalRow, reciprocals);
  Value factors = e.offsetPointer(state, f32(), e.constant(width * lanes));
  Value row = e.add(e.mul(batchNumber, e.size(queries)), firstQuery);
  // Eight queries at a time, then one by one.
  Value eights = columns % 8 == 0 ? e.mul(e.div(queryCount, e.constant(8)), e.constant(8)) : e.constant(0);
  if (columns % 8 == 0)
    e.loop(e.constant(0), eights, 8, [&](Value lane) {
      Value factor = LLVM::LoadOp::create(e.b, eight, e.offsetPointer(factors, f32(), lane), 4);
      e.loop(e.constant(0), e.constant(columns), 8, [&](Value column) {
        SmallVector<Value> parts;
        for (int64_t i = 0; i < 8; ++i) {
          Value place = e.add(e.mul(e.add(column, e.constant(i)), e.constant(width * lanes)), lane);
          Value loaded = LLVM::LoadOp::create(e.b, eight, e.offsetPointer(outputFrame, f32(), place), 4);
          parts.push_back(arith::MulFOp::create(e.b, loaded, factor));
        }
        for (auto [i, part] : llvm::enumerate(transposed(e, parts))) {
          Value to = e.add(e.mul(e.add(e.add(row, lane), e.constant(i)), e.constant(columns)), column);
          LLVM::StoreOp::create(e.b, part, e.offsetPointer(result, f32(), to), 4);
        }
      });
    });
  e.loop(eights, queryCount, 1, [&](Value lane) {
    Value factor = e.loadScalar(factors, f32(), lane);
    e.loop(e.constant(0), e.constant(columns), 1, [&](Value column) {
      Value number = e.loadScalar(outputFrame, f32(), e.add(e.mul(column, e.constant(width * lanes)), lane));
      Value to = e.add(e.mul(e.add(row, lane), e.constant(columns)), column);
      LLVM::StoreOp::create(e.b, arith::MulFOp::create(e.b, number, factor), e.offsetPointer(result, f32(), to), 4);
    });
  });
}

/// What all panels of the item share.
void AttentionLowering::prepare() {
  batchNumber = e.div(e.item, e.size(Dim::ceilDiv(queries, lanes * itemGroups)));
  firstItemQuery =
      e.mul(e.rem(e.item, e.size(Dim::ceilDiv(queries, lanes * itemGroups))), e.constant(lanes * itemGroups));
  Value left = e.sub(e.size(queries), firstItemQuery);
  groupCount = e.min(e.div(e.add(left, e.constant(lanes - 1)), e.constant(lanes)), e.constant(itemGroups));
  query = queryMatrix();
  key.atBatch(batchNumber);
  value.atBatch(batchNumber);
  queryFrames = e.frameVectors(f32(), itemGroups * depth, false);
  outputFrames = e.frameVectors(f32(), itemGroups * columns, false);
  stateFrame = e.frameVectors(f32(), itemGroups * 2, false);
  scoreFrame = e.frameVectors(f32(), (blockKeys + tailKeys) * widest, false);
  if (op.getMask()) {
    seenFrame = e.frameVectors(f32(), blockKeys * widest, false);
    wantedFrame = e.frameVectors(e.b.getI32Type(), 1, false);
  }
  point.dims = dims;
  point.lane = batchRank;
  point.index = e.delinearize(batchNumber, ArrayRef<Dim>(dims).take_front(batchRank));
  point.index.append(2, e.constant(0));
  point.groups = {{0, batchRank, batchNumber}};
}

FailureOr<Dim> AttentionLowering::lower() {
  std::optional<int64_t> constantDepth = op.getDepth().getDim().constant();
  std::optional<int64_t> constantColumns = op.getResult().getType().getShapeDims().back().constant();
  if (!constantDepth || !constantColumns || *constantDepth > ir::kernel::maxAttentionWidth ||
      *constantColumns > ir::kernel::maxAttentionWidth)
    return op.emitError("the CPU target wants heads of constant width, at most ") << ir::kernel::maxAttentionWidth;
  depth = *constantDepth;
  columns = *constantColumns;
  itemGroups = std::clamp<int64_t>(512 / std::max(depth, columns), 1, 4); // the frame stays below 80 KB
  prepare();
  AttentionStep step(e, op, extras, key, value);
  if (!step.mostQueries()) {
    overPanels();
  } else {
    Value isFew = arith::CmpIOp::create(e.b, arith::CmpIPredicate::sle, e.size(queries), e.constant(step.mostQueries()));
    scf::IfOp branch = scf::IfOp::create(e.b, TypeRange(), isFew, /*withElseRegion=*/true);
    OpBuilder::InsertionGuard guard(e.b);
    e.b.setInsertionPoint(branch.thenBlock()->getTerminator());
    isFailed |= !step.emit(batchNumber);
    e.b.setInsertionPoint(branch.elseBlock()->getTerminator());
    overPanels();
  }
  if (isFailed)
    return failure();
  return ir::productOf(ArrayRef<Dim>(dims).take_front(batchRank)) * Dim::ceilDiv(queries, lanes * itemGroups);
}

/// The item's queries, transposed once, over all keys.
void AttentionLowering::overPanels() {
  eachPanel([&] { transposeQueries(); });
  Value yes = arith::ConstantOp::create(e.b, e.b.getBoolAttr(true)),
        no = arith::ConstantOp::create(e.b, e.b.getBoolAttr(false));
  if (!op.getMask()) {
    attempt(yes);
  } else {
    // Once with leaving out; once more for the panels where that left a query without any key.
    e.loop(e.constant(0), e.constant(2), 1, {yes}, [&](Value number, ValueRange wanted) -> Values {
      return e.when(wanted[0], {no}, [&]() -> Values {
        attempt(arith::CmpIOp::create(e.b, arith::CmpIPredicate::eq, number, e.constant(0)));
        return {isAnyBlind()};
      });
    });
  }
}

FailureOr<Dim> lowerAttention(Emitter &e, ir::kernel::AttentionOp op) { return AttentionLowering(e, op).lower(); }

} // namespace sinter::cpu

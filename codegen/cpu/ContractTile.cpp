// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One function for each size of tile: pointers to rows and panels in, sums out. Each k loads the panels' rows once and
// broadcasts one scalar for each row of lhs; four k are unrolled. Each sum is one chain of fused multiply-adds over
// ascending k that starts at 0. Pointers are loaded once; nothing else is known of the shapes, so that BERT's
// matrices, large and small, share the code.
#include "codegen/cpu/ContractTile.h"

using namespace mlir;
using sinter::ir::kernel::panelWidth;

namespace sinter::cpu {

static constexpr int64_t unrolled = 4;

namespace {
class TileBody {
public:
  TileBody(Emitter &e, const Tile &tile, bool isDense, const TileCall &call)
      : e(e), tile(tile), call(call), depthStride(isDense ? e.constant(1) : call.depthStride) {}
  void build();

private:
  using Values = Emitter::Values;
  SmallVector<Value> load(int64_t firstSlot, int64_t count, Value existing);
  Values step(Value k, int64_t count, ValueRange sums);
  void prefetch(Value k);
  void runAhead(Value k, Value further);

  Emitter &e;
  const Tile &tile;
  const TileCall &call;
  Value depthStride;
  SmallVector<Value> rowPointers, panelPointers;
};
} // namespace

SmallVector<Value> TileBody::load(int64_t firstSlot, int64_t count, Value existing) {
  Value last = e.sub(existing, e.constant(1));
  SmallVector<Value> pointers;
  for (int64_t i = 0; i < count; ++i) {
    Value number = i == 0 ? e.constant(0) : e.min(e.constant(i), last);
    pointers.push_back(e.loadPointer(call.places, e.add(e.constant(firstSlot), number)));
  }
  return pointers;
}

/// k, k + 1, ... : `count` steps of all the tile's chains.
TileBody::Values TileBody::step(Value k, int64_t count, ValueRange init) {
  Type f32 = e.b.getF32Type();
  Values sums(init);
  for (int64_t u = 0; u < count; ++u) {
    Value at = e.add(k, e.constant(u)), inPanel = e.mul(at, e.constant(panelWidth)), inRow = e.mul(at, depthStride);
    Values panelRows;
    for (Value pointer : panelPointers)
      panelRows.push_back(e.loadVector(pointer, tile.element, inPanel));
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

/// Weights that are read once come from memory, and processors foresee no stream over the end of a page: each four k
/// fetch their lines `distance` rows ahead; from a panel's end on, those of the next tile's panel.
void TileBody::runAhead(Value k, Value further) {
  constexpr int32_t secondLevel = 2;
  int64_t rowsOfLine = tile.element.isF32() ? 1 : 2;
  for (int64_t row = 0; row < unrolled; row += rowsOfLine) {
    Value place = e.add(e.mul(e.add(k, e.constant(row)), e.constant(panelWidth)), further);
    for (Value panel : panelPointers)
      LLVM::Prefetch::create(e.b, e.offsetPointer(panel, tile.element, place), /*rw=*/0, secondLevel, /*cache=*/1);
  }
}

/// Lines go to the first level; where two tiles share a panel and compute little for each line, AVX2's to the second:
/// the first level cannot have as many under way.
void TileBody::prefetch(Value k) {
  constexpr int32_t firstLevel = 3, secondLevel = 2;
  auto fetch = [&](int64_t line, int32_t hint) {
    Value row = e.add(e.mul(e.add(k, e.constant(line)), e.constant(panelWidth)), call.ahead);
    for (Value panel : panelPointers)
      LLVM::Prefetch::create(e.b, e.offsetPointer(panel, tile.element, row), /*rw=*/0, hint, /*cache=*/1);
  };
  auto whenLinesAre = [&](int64_t count, int32_t hint) {
    Value isCount = arith::CmpIOp::create(e.b, arith::CmpIPredicate::eq, call.lines, e.constant(count));
    e.when(isCount, {}, [&]() -> Values {
      for (int64_t line = 0; line < count; ++line)
        fetch(line, hint);
      return {};
    });
  };
  whenLinesAre(1, firstLevel);
  whenLinesAre(2, e.target.vectorBits < 512 ? secondLevel : firstLevel);
  whenLinesAre(4, firstLevel);
}

void TileBody::build() {
  rowPointers = load(0, tile.rows, call.rowCount);
  panelPointers = load(mostTileRows, tile.panels, call.panelCount);
  Values carried(tile.rows * tile.panels, e.floatLanes(0));
  Value middle = e.mul(e.div(call.depth, e.constant(unrolled)), e.constant(unrolled));
  auto loop = [&](Value from, Value to, llvm::function_ref<void(Value)> fetch) {
    carried = e.loop(from, to, unrolled, carried, [&](Value k, ValueRange sums) {
      fetch(k);
      return step(k, unrolled, sums);
    });
  };
  if (tile.isShared) {
    loop(e.constant(0), middle, [&](Value k) { prefetch(k); });
  } else {
    Value distance = e.constant(tile.element.isF32() ? 32 : 64);
    Value turn = e.max(e.constant(0), e.sub(middle, distance)), inPanel = e.mul(distance, e.constant(panelWidth));
    loop(e.constant(0), turn, [&](Value k) { runAhead(k, inPanel); });
    loop(turn, middle, [&](Value k) { runAhead(k, e.add(inPanel, call.ahead)); });
  }
  carried = e.loop(middle, call.depth, 1, carried, [&](Value k, ValueRange sums) { return step(k, 1, sums); });
  for (auto [i, sum] : llvm::enumerate(carried))
    e.storeVector(call.sums, e.b.getF32Type(), sum, e.constant(int64_t(i) * lanes));
}

void callTile(Emitter &e, const Tile &tile, bool isDense, const TileCall &call) {
  std::string name = (Twine("tile_") + Twine(tile.rows) + "x" + Twine(tile.panels) +
                      (tile.isShared ? "_shared" : "") + (isDense ? "" : "_strided") +
                      (tile.element.isF32() ? "" : tile.element.isBF16() ? "_bf16" : "_f16"))
                         .str();
  SmallVector<Value> arguments = {call.sums,  call.places,      call.rowCount, call.panelCount,
                                  call.depth, call.depthStride, call.ahead,    call.lines};
  e.callShared(name, arguments, [&](ValueRange a) {
    TileBody(e, tile, isDense, {a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7]}).build();
  });
}

} // namespace sinter::cpu

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The inner loop of contractions: rows x panels of sums in registers, one function for each size of tile, shared by
// every contraction of the image whatever its shape and epilogue. Private to the room.
#pragma once

#include "codegen/cpu/Emit.h"

namespace sinter::cpu {

/// A tile of sums in registers. `isShared`: others take the same panels, and each fetches its part of the next ones as
/// `ahead` and `lines` say; else it alone reads its panels, once, and runs ahead of itself. `element` is what panels store.
struct Tile {
  int64_t rows, panels;
  bool isShared;
  Type element;
};

/// The most rows that a tile has.
inline constexpr int64_t mostTileRows = 8;

/// What a tile's function is called with; i64 but for the two pointers.
struct TileCall {
  Value sums;                 ///< out: [tile.rows][tile.panels][16] of f32
  Value places;               ///< pointers at k = 0: `mostTileRows` slots for rows of lhs, then those of panels
  Value rowCount, panelCount; ///< how many there are; a tile's further ones repeat the last
  Value depth, depthStride;   ///< number of k; elements between neighbours of a row
  Value ahead;                ///< what to fetch for k lies this many elements behind a panel's row k; where not shared,
                              ///< from a panel's end to where the next tile's begins
  Value lines;                ///< rows of a panel to fetch for each four k: 1, 2 or 4
};

/// Calls the tile's function, which is made where the module has none yet. `isDense` says that depthStride is 1.
void callTile(Emitter &e, const Tile &tile, bool isDense, const TileCall &call);

} // namespace sinter::cpu

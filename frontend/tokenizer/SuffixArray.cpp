// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Suffixes sorted by doubling: by their first symbol, then by the first two,
// four, … with the order of the last round as keys; n log n in the worst case,
// with two arrays beside the text. Then Kasai's pass for what neighbours share.

#include "frontend/tokenizer/Train.h"

#include <algorithm>

namespace sinter::tokenizer {

namespace {

/// `places` by key, keeping the order of equals; keys are below `bound`.
void sortByKey(const std::vector<uint32_t> &keys, uint32_t bound, const std::vector<uint32_t> &from,
               std::vector<uint32_t> &places) {
  std::vector<uint32_t> starts(static_cast<size_t>(bound) + 1, 0);
  for (uint32_t key : keys)
    ++starts[key + 1];
  for (uint32_t i = 0; i < bound; ++i)
    starts[i + 1] += starts[i];
  for (uint32_t place : from)
    places[starts[keys[place]]++] = place;
}

} // namespace

void sortSuffixes(const std::vector<uint32_t> &text, std::vector<uint32_t> &places, std::vector<uint32_t> &common) {
  uint32_t size = static_cast<uint32_t>(text.size());
  std::vector<uint32_t> rank = text, next(size), order(size);
  places.resize(size);
  uint32_t ranks = size ? *std::max_element(text.begin(), text.end()) + 1 : 0;
  for (uint32_t i = 0; i < size; ++i)
    order[i] = i;
  sortByKey(rank, ranks, order, places);
  for (uint32_t width = 1; size > 0; width *= 2) {
    // Equal so far, in the order of what follows: the shortest first.
    auto same = [&](uint32_t a, uint32_t b) {
      uint32_t restA = a + width / 2 < size ? rank[a + width / 2] + 1 : 0;
      uint32_t restB = b + width / 2 < size ? rank[b + width / 2] + 1 : 0;
      return rank[a] == rank[b] && (width == 1 || restA == restB);
    };
    ranks = 0;
    for (uint32_t i = 0; i < size; ++i) {
      if (i > 0 && !same(places[i - 1], places[i]))
        ++ranks;
      next[places[i]] = ranks;
    }
    ++ranks;
    rank.swap(next);
    if (ranks == size)
      break;
    uint32_t count = 0;
    for (uint32_t i = size > width ? size - width : 0; i < size; ++i)
      order[count++] = i;
    for (uint32_t place : places)
      if (place >= width)
        order[count++] = place - width;
    sortByKey(rank, ranks, order, places);
  }
  common.assign(size, 0);
  uint32_t shared = 0;
  for (uint32_t at = 0; at < size; ++at) {
    if (rank[at] == 0) {
      shared = 0;
      continue;
    }
    uint32_t other = places[rank[at] - 1];
    while (at + shared < size && other + shared < size && text[at + shared] == text[other + shared])
      ++shared;
    common[rank[at]] = shared;
    shared -= shared > 0;
  }
}

} // namespace sinter::tokenizer

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Stop strings; see Stop.h.

#include "runtime/sample/Stop.h"

#include "runtime/core/Error.h"

#include <string.h>

namespace sinter::sample {

uint64_t StopMatcher::bytes(const Settings &settings) {
  uint64_t count = 1;
  for (uint32_t i = 0; i < settings.stopStringCount; ++i)
    count += settings.stopStrings[i].size;
  return count * sizeof(Node);
}

uint32_t StopMatcher::child(uint32_t node, char byte) const {
  uint32_t at = nodes[node].firstChild;
  while (at && nodes[at].byte != byte)
    at = nodes[at].sibling;
  return at;
}

uint32_t StopMatcher::step(uint32_t node, char byte) const {
  for (;;) {
    if (uint32_t next = child(node, byte))
      return next;
    if (!node)
      return 0;
    node = nodes[node].fail;
  }
}

sinter_status StopMatcher::build(const Settings &settings, void *memory, uint64_t size, sinter_error *error) {
  if (!memory || size < bytes(settings) || reinterpret_cast<uintptr_t>(memory) % 8)
    return runtime::fail(error, SINTER_INVALID_ARGUMENT, "stop strings need %llu bytes, 8-byte aligned",
                         static_cast<unsigned long long>(bytes(settings)));
  nodes = static_cast<Node *>(memory);
  strings = settings.stopStrings;
  nodes[0] = Node{};
  uint32_t count = 1;
  for (uint32_t s = 0; s < settings.stopStringCount; ++s) {
    uint32_t at = 0;
    for (size_t i = 0; i < strings[s].size; ++i) {
      uint32_t next = child(at, strings[s].data[i]);
      if (!next) {
        next = count++;
        nodes[next] = Node{};
        nodes[next].sibling = nodes[at].firstChild;
        nodes[next].depth = static_cast<uint32_t>(i) + 1;
        nodes[next].string = s;
        nodes[next].byte = strings[s].data[i];
        nodes[at].firstChild = next;
      }
      at = next;
    }
    if (nodes[at].ends < 0)
      nodes[at].ends = static_cast<int32_t>(s);
  }
  // Breadth first: a node's fail is shallower, so it is known before.
  uint32_t last = 0;
  for (uint32_t at = 0, more = 1; more; more = nodes[at].next, at = more)
    for (uint32_t c = nodes[at].firstChild; c; c = nodes[c].sibling) {
      nodes[c].fail = at ? step(nodes[at].fail, nodes[c].byte) : 0;
      if (nodes[c].ends < 0)
        nodes[c].ends = nodes[nodes[c].fail].ends;
      nodes[last].next = c;
      last = c;
    }
  return SINTER_OK;
}

StopResult StopMatcher::advance(StopState *state, const char *piece, size_t size, char *out) const {
  StopResult result;
  const Node &before = nodes[*state];
  size_t heldBefore = before.depth;
  if (heldBefore)
    memcpy(out, strings[before.string].data, heldBefore);
  size_t end = 0;
  uint32_t at = *state;
  while (end < size && result.matched < 0) {
    at = step(at, piece[end++]);
    result.matched = nodes[at].ends;
  }
  if (end)
    memcpy(out + heldBefore, piece, end);
  size_t back = result.matched < 0 ? nodes[at].depth : strings[result.matched].size;
  result.consumed = end;
  result.released = heldBefore + end - back;
  *state = result.matched < 0 ? at : 0;
  return result;
}

bool StopMatcher::completes(StopState *state, const char *piece, size_t size) const {
  for (size_t i = 0; i < size; ++i) {
    *state = step(*state, piece[i]);
    if (nodes[*state].ends >= 0) {
      *state = 0;
      return true;
    }
  }
  return false;
}

size_t StopMatcher::finish(StopState *state, char *out) const {
  const Node &node = nodes[*state];
  size_t size = node.depth;
  if (size)
    memcpy(out, strings[node.string].data, size);
  *state = 0;
  return size;
}

} // namespace sinter::sample

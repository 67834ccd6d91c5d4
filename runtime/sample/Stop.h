// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Stop strings in streamed text: pieces of bytes enter, in whatever cuts the tokens make; the bytes that can no longer
// be part of a stop string leave. What is held back is the beginning of a stop string, so the state is one number and a
// beam's copy costs nothing. Aho-Corasick; linear time. C headers only; an immutable matcher, any number of threads.

#ifndef SINTER_RUNTIME_SAMPLE_STOP_H
#define SINTER_RUNTIME_SAMPLE_STOP_H

#include "runtime/sample/Settings.h"

namespace sinter::sample {

/// Where a text stands: the node of the longest beginning of a stop string that it ends in. 0 at its start.
using StopState = uint32_t;

struct StopResult {
  size_t released = 0;  ///< bytes written to `out`
  size_t consumed = 0;  ///< bytes of the piece up to the end of the stop string; all of them without one
  int32_t matched = -1; ///< the stop string, whose own bytes are never released; -1: none so far
};

class StopMatcher {
public:
  /// Bytes of memory for the settings' stop strings (a few dozen for each byte of them).
  static uint64_t bytes(const Settings &settings);
  /// Memory is borrowed, 8-byte aligned; so are the stop strings. SINTER_INVALID_ARGUMENT when it is too small.
  sinter_status build(const Settings &settings, void *memory, uint64_t size, sinter_error *error);

  /// How many bytes of the text are held back.
  size_t held(StopState state) const { return nodes[state].depth; }
  /// Of stop strings that end at the same byte the longest counts; of others the first to end. `out` has room for
  /// held(*state) + size bytes. After a match the state is 0.
  StopResult advance(StopState *state, const char *piece, size_t size, char *out) const;
  /// The same without the text: does the piece complete a stop string?
  bool completes(StopState *state, const char *piece, size_t size) const;
  /// The end of the text: what was held back (room for held(*state)). Returns its size.
  size_t finish(StopState *state, char *out) const;

private:
  struct Node {
    uint32_t firstChild = 0, sibling = 0; ///< 0: none
    uint32_t fail = 0;                    ///< the longest proper ending that is a node too
    uint32_t depth = 0;
    int32_t ends = -1;   ///< the longest stop string that ends here
    uint32_t string = 0; ///< one that begins with this node's bytes
    uint32_t next = 0;   ///< breadth-first order, while building
    char byte = 0;
  };
  Node *nodes = nullptr;
  const StopString *strings = nullptr;

  uint32_t child(uint32_t node, char byte) const;
  uint32_t step(uint32_t node, char byte) const;
};

} // namespace sinter::sample

#endif // SINTER_RUNTIME_SAMPLE_STOP_H

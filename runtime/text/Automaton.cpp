// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Automata over text: the match that a backtracking search would take, in time
// linear in the text. A walk that ends without a match is remembered by its
// states that can go on for ever, so that no walk goes the same way twice.

#include "runtime/text/Internal.h"
#include "runtime/text/Utf8.h"

using namespace sinter::text;

bool Searcher::start() {
  before = t.header->classKinds.count;
  if (automaton.watched == 0)
    return true;
  memo.size = 0;
  if (!memo.reserve(text.size + 1))
    return false;
  memset(memo.data, 0, (text.size + 1) * sizeof(uint64_t));
  return true;
}

/// Marks what a walk from this state leads to: nothing.
void Searcher::remember(uint32_t state, size_t at) {
  uint32_t classes = t.header->classKinds.count;
  const uint16_t *steps = t.steps + automaton.firstStep;
  while (at < text.size) {
    if (state < automaton.watched) {
      if (memo.data[at] >> state & 1)
        return;
      memo.data[at] |= uint64_t{1} << state;
    }
    uint32_t next = steps[state * (classes + 1) + classOf(t, decodeValid(text.data, at))] & SINTER_STEP_DEAD;
    if (next == SINTER_STEP_DEAD)
      return;
    state = next;
  }
}

bool Searcher::matchAt(size_t from, size_t &end) {
  uint32_t classes = t.header->classKinds.count;
  const uint16_t *steps = t.steps + automaton.firstStep;
  uint32_t state = steps[automaton.states * (classes + 1) + before], lastState = state;
  size_t at = from, lastAt = from;
  bool found = false;
  while (state != SINTER_STEP_DEAD) {
    if (state < automaton.watched && (memo.data[at] >> state & 1))
      break;
    size_t next = at;
    uint32_t read = at < text.size ? classOf(t, decodeValid(text.data, next)) : classes;
    uint32_t step = steps[state * (classes + 1) + read];
    if (step & SINTER_STEP_MATCH) {
      found = true;
      end = at;
    }
    state = step & SINTER_STEP_DEAD;
    if (step & SINTER_STEP_MATCH) {
      lastState = state;
      lastAt = next;
    }
    if (at == text.size)
      break;
    at = next;
  }
  if (automaton.watched > 0 && lastState != SINTER_STEP_DEAD)
    remember(lastState, lastAt);
  return found;
}

bool Searcher::find(size_t from, size_t &begin, size_t &end) {
  for (size_t at = from; at < text.size;) {
    bool found = matchAt(at, end) && end > at;
    size_t next = at;
    begin = at;
    if (found) {
      next = end - 1;
      while ((text.data[next] & 0xC0) == 0x80)
        --next;
    }
    before = classOf(t, decodeValid(text.data, next));
    if (found)
      return true;
    at = next;
  }
  return false;
}

static size_t characters(Slice text) {
  size_t count = 0;
  for (size_t i = 0; i < text.size; ++i)
    count += (text.data[i] & 0xC0) != 0x80;
  return count;
}

bool sinter::text::replaceMatches(const SinterTokenizer &t, const SinterTokenizerOp &op, Slice text,
                                  Array<uint64_t> &memo, Bytes &out, bool *keepsStart) {
  Searcher search(t, op.a, text, memo);
  if (!search.start())
    return false;
  Slice content = bytesOf(t, op.content);
  size_t from = 0, begin = 0, end = 0;
  while (search.find(from, begin, end)) {
    if (keepsStart && begin == 0 && characters({text.data, end}) > characters(content))
      *keepsStart = false;
    if (!out.append(text.data + from, begin - from) || !out.append(content.data, content.size))
      return false;
    from = end;
  }
  return out.append(text.data + from, text.size - from);
}

bool sinter::text::spellBytes(Slice text, Bytes &out) {
  if (text.size > SIZE_MAX / 2 || !out.reserve(out.size + 2 * text.size))
    return false;
  for (size_t i = 0; i < text.size; ++i)
    out.size += encodeUtf8(characterOfByte(text.data[i]), out.data + out.size);
  return true;
}

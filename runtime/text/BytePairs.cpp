// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Byte-pair encoding of one word: characters to symbols, then the merge of
// lowest rank (leftmost first) until there is none. A queue of candidate pairs
// makes that n log n, so a megabyte of one letter is a word like any other.

#include "runtime/text/Internal.h"
#include "runtime/text/Utf8.h"

using namespace sinter::text;

namespace {

constexpr int32_t gone = -2;

} // namespace

uint32_t BytePairs::findMerge(uint32_t left, uint32_t right) const {
  uint32_t slots = t.header->mergeSlots.count, slot = sinterMergeSlot(left, right);
  for (uint32_t probe = 0; probe < SINTER_TOKENIZER_MAX_PROBE; ++probe, ++slot) {
    uint32_t rank = t.mergeSlots[slot & (slots - 1)];
    if (rank == none || (t.merges[rank].left == left && t.merges[rank].right == right))
      return rank;
  }
  return none;
}

/// One symbol a character; unknown ones by the model's rules.
bool BytePairs::split(Slice word) {
  const SinterTokenizerHeader &h = *t.header;
  Slice prefix = bytesOf(t, h.prefix), suffix = bytesOf(t, h.suffix);
  bool plain = prefix.size == 0 && suffix.size == 0;
  bool pending = false; // an unknown token not yet written
  auto add = [&](uint32_t id) { return symbols.push({id, 0, 0}); };
  symbols.size = 0;
  for (size_t at = 0; at < word.size;) {
    size_t begin = at;
    uint32_t code = decodeValid(word.data, at), id;
    Slice spelled = {word.data + begin, at - begin};
    if (!plain) {
      spelling.size = 0;
      if ((begin > 0 && !spelling.append(prefix.data, prefix.size)) || !spelling.append(spelled.data, spelled.size) ||
          (at == word.size && !spelling.append(suffix.data, suffix.size)))
        return false;
      spelled = {spelling.data, spelling.size};
    }
    id = plain && code < SINTER_SHORT_CODES ? t.shortIds[code] : findToken(t, spelled.data, spelled.size);
    if (id != none) {
      if ((pending && !add(h.unkId)) || !add(id))
        return false;
      pending = false;
      continue;
    }
    if (h.modelFlags & SINTER_BPE_BYTE_FALLBACK) {
      bool all = true;
      for (size_t i = 0; i < spelled.size; ++i)
        all = all && t.byteIds[spelled.data[i]] != none;
      for (size_t i = 0; all && i < spelled.size; ++i)
        if (!add(t.byteIds[spelled.data[i]]))
          return false;
      if (all)
        continue; // an unknown token in front still waits, as in the original
    }
    if (h.unkId == none)
      continue;
    if (pending && !(h.modelFlags & SINTER_BPE_FUSE_UNKNOWN) && !add(h.unkId))
      return false;
    pending = true;
  }
  return !pending || add(h.unkId);
}

bool MergeQueue::offer(uint32_t rank, int32_t at) {
  uint64_t entry = static_cast<uint64_t>(rank) << 32 | static_cast<uint32_t>(at);
  if (!entries.push(entry))
    return false;
  size_t hole = entries.size - 1;
  while (hole > 0 && entries.data[(hole - 1) / 2] > entry) {
    entries.data[hole] = entries.data[(hole - 1) / 2];
    hole = (hole - 1) / 2;
  }
  entries.data[hole] = entry;
  return true;
}

uint64_t MergeQueue::take() {
  uint64_t first = entries.data[0], last = entries.data[--entries.size];
  size_t hole = 0;
  for (;;) {
    size_t child = 2 * hole + 1;
    if (child >= entries.size)
      break;
    if (child + 1 < entries.size && entries.data[child + 1] < entries.data[child])
      ++child;
    if (entries.data[child] >= last)
      break;
    entries.data[hole] = entries.data[child];
    hole = child;
  }
  entries.data[hole] = last;
  return first;
}

bool BytePairs::offer(int32_t at) {
  const Symbol &left = symbols.data[at];
  if (left.after < 0)
    return true;
  uint32_t rank = findMerge(left.id, symbols.data[left.after].id);
  return rank == none || queue.offer(rank, at);
}

bool BytePairs::merge() {
  int32_t count = static_cast<int32_t>(symbols.size);
  for (int32_t i = 0; i < count; ++i) {
    symbols.data[i].before = i - 1;
    symbols.data[i].after = i + 1 < count ? i + 1 : -1;
  }
  queue.clear();
  for (int32_t i = 0; i + 1 < count; ++i)
    if (!offer(i))
      return false;
  while (!queue.empty()) {
    uint64_t entry = queue.take();
    int32_t at = static_cast<int32_t>(entry & 0xFFFFFFFF);
    Symbol &left = symbols.data[at];
    if (left.after < 0)
      continue; // merged away, or the last one
    Symbol &right = symbols.data[left.after];
    uint32_t rank = findMerge(left.id, right.id);
    if (rank == none || t.merges[rank].id != t.merges[entry >> 32].id)
      continue; // the neighbours changed since
    left.id = t.merges[rank].id;
    left.after = right.after;
    right.after = gone;
    if (left.after >= 0)
      symbols.data[left.after].before = at;
    if ((left.before >= 0 && !offer(left.before)) || !offer(at))
      return false;
  }
  return true;
}

bool BytePairs::encode(Slice word, Sink &sink) {
  if (t.header->modelFlags & SINTER_BPE_IGNORE_MERGES) {
    uint32_t id = findToken(t, word.data, word.size);
    if (id != none) {
      sink.add(id, sink.textType);
      return true;
    }
  }
  if (!split(word) || symbols.size > INT32_MAX || !merge())
    return false;
  for (size_t i = 0; i < symbols.size; ++i)
    if (symbols.data[i].after != gone)
      sink.add(symbols.data[i].id, sink.textType);
  return true;
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Untrusted bytes enter; a Template whose every index is proved leaves, or a sentence. Execution checks none again.

#include "runtime/chat/Chat.h"

#include <string.h>

namespace sinter::chat {
namespace {

constexpr const char *SHAPES[] = {
#define X(name, shape) shape,
    SINTER_CHAT_NODES(X)
#undef X
};

bool inside(const BlobSection &section, uint64_t element, uint64_t size) {
  return section.offset % 4 == 0 && section.offset >= sizeof(BlobHeader) && section.offset <= size &&
         section.count <= (size - section.offset) / element;
}

struct Checker {
  const Template &t;

  bool node(const BlobNode &parent, uint32_t index) const {
    return index < t.header->nodes.count && t.nodes[index].depth < parent.depth;
  }
  bool isString(uint32_t index) const { return index < t.header->strings.count; }
  bool isList(uint32_t at) const {
    uint32_t count = t.header->lists.count;
    return at < count && t.lists[at] < count - at;
  }
  bool list(const BlobNode &parent, uint32_t at, char shape) const {
    if (!isList(at))
      return false;
    uint32_t count = t.lists[at];
    if ((shape == 'k' || shape == 'c') && count % 2)
      return false;
    for (uint32_t i = 0; i < count; ++i) {
      uint32_t element = t.lists[at + 1 + i];
      bool first = i % 2 == 0;
      bool good = true;
      if (shape == 't' || (shape == 'k' && first))
        good = isString(element);
      else if (shape == 'c' && first)
        good = element < uint32_t(Comparison::COUNT);
      else
        good = (shape == 'd' && element == NONE) || node(parent, element);
      if (!good)
        return false;
    }
    return true;
  }
  bool operand(const BlobNode &parent, uint32_t value, char shape) const {
    switch (shape) {
    case 'n':
      return node(parent, value);
    case 'o':
      return value == NONE || node(parent, value);
    case 's':
      return isString(value);
    case 'u':
      return true;
    default:
      return list(parent, value, shape);
    }
  }
  bool special(const BlobNode &n) const {
    switch (NodeKind(n.kind)) {
    case NodeKind::Constant:
      return n.operands[0] <= 2;
    case NodeKind::Dict:
      return t.lists[n.operands[0]] % 2 == 0;
    case NodeKind::Filter:
      return n.operands[1] < uint32_t(FilterId::COUNT);
    case NodeKind::Test:
      return n.operands[1] < uint32_t(TestId::COUNT);
    case NodeKind::For:
    case NodeKind::Set:
      return t.lists[n.operands[0]] > 0;
    case NodeKind::Macro:
      return t.lists[n.operands[1]] == t.lists[n.operands[2]];
    default:
      return true;
    }
  }
  bool check(const BlobNode &n) const {
    if (n.kind >= uint16_t(NodeKind::COUNT) || n.depth > MAX_NODE_DEPTH)
      return false;
    const char *shape = SHAPES[n.kind];
    for (uint32_t i = 0; i < OPERANDS; ++i) {
      if (!*shape) {
        if (n.operands[i] != 0)
          return false;
        continue;
      }
      if (!operand(n, n.operands[i], *shape++))
        return false;
    }
    return special(n);
  }
};

} // namespace

const char *openTemplate(Template *out, const void *blob, size_t size) {
  if (!blob || uintptr_t(blob) % 4 || size < sizeof(BlobHeader))
    return "the compiled chat template is too short or not aligned";
  const auto *header = static_cast<const BlobHeader *>(blob);
  if (header->magic != BLOB_MAGIC || header->version != BLOB_VERSION)
    return "this is no compiled chat template of this version";
  if (header->totalBytes != size)
    return "the compiled chat template's size is not what its header says";
  if (!inside(header->nodes, sizeof(BlobNode), size) || !inside(header->lists, 4, size) ||
      !inside(header->strings, sizeof(BlobString), size) || !inside(header->bytes, 1, size))
    return "a section of the compiled chat template lies outside of it";
  const char *base = static_cast<const char *>(blob);
  Template t;
  t.header = header;
  t.nodes = reinterpret_cast<const BlobNode *>(base + header->nodes.offset);
  t.lists = reinterpret_cast<const uint32_t *>(base + header->lists.offset);
  t.strings = reinterpret_cast<const BlobString *>(base + header->strings.offset);
  t.bytes = base + header->bytes.offset;
  for (uint32_t i = 0; i < header->strings.count; ++i)
    if (t.strings[i].offset > header->bytes.count || t.strings[i].length > header->bytes.count - t.strings[i].offset)
      return "a string of the compiled chat template lies outside of it";
  Checker checker{t};
  for (uint32_t i = 0; i < header->nodes.count; ++i)
    if (!checker.check(t.nodes[i]))
      return "a node of the compiled chat template is damaged";
  if (header->root >= header->nodes.count)
    return "the compiled chat template has no beginning";
  *out = t;
  return nullptr;
}

} // namespace sinter::chat

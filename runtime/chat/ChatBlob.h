// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The bytes between the two halves of chat templates: frontend/chat/ writes them at compile time, runtime/chat/ proves
// and executes them in every process. Little endian, position independent, 4-byte aligned; offsets count from the start
// of the blob. A program is a tree of nodes; a child's depth is smaller than its parent's, so no walk can circle.
// C++, no includes but stdint.h.

#ifndef SINTER_RUNTIME_CHAT_CHATBLOB_H
#define SINTER_RUNTIME_CHAT_CHATBLOB_H

#include <stdint.h>

namespace sinter::chat {

inline constexpr uint32_t BLOB_MAGIC = 0x54434E53u; // "SNCT"
inline constexpr uint32_t BLOB_VERSION = 1;
inline constexpr uint32_t NONE = 0xFFFFFFFFu;
inline constexpr uint32_t MAX_NODE_DEPTH = 200;
inline constexpr uint32_t OPERANDS = 5;

struct BlobSection {
  uint32_t offset; ///< bytes from the start, a multiple of 4
  uint32_t count;  ///< elements
};
struct BlobHeader {
  uint32_t magic, version, totalBytes, root;
  BlobSection nodes;   ///< BlobNode
  BlobSection lists;   ///< uint32_t: a list is its count and then its elements
  BlobSection strings; ///< BlobString, valid UTF-8
  BlobSection bytes;
};
struct BlobString {
  uint32_t offset, length; ///< into bytes
};
struct BlobNode {
  uint16_t kind, depth;
  uint32_t at; ///< line << 12 | column, both from 1, each cut at its largest value
  uint32_t operands[OPERANDS];
};

// Operands: n node, o node or NONE, l list of nodes, d list of nodes or NONE, s string, t list of strings,
// k list of (string, node), c list of (comparison, node), u a number.
#define SINTER_CHAT_NODES(X)                                                                                           \
  X(Text, "s")                                                                                                         \
  X(Print, "n")                                                                                                        \
  X(Block, "l")                                                                                                        \
  X(If, "nno")                                                                                                         \
  X(For, "tnono")      /* targets, iterable, filter, body, else */                                                     \
  X(Set, "tn")         /* targets, value */                                                                            \
  X(SetAttr, "ssn")    /* namespace, attribute, value */                                                               \
  X(SetBlock, "sno")   /* name, body, filters over Captured */                                                         \
  X(FilterBlock, "nn") /* body, filters over Captured */                                                               \
  X(Macro, "stdn")     /* name, parameters, defaults, body */                                                          \
  X(Break, "")                                                                                                         \
  X(Continue, "")                                                                                                      \
  X(Captured, "")                                                                                                      \
  X(String, "s")                                                                                                       \
  X(Int, "uu") /* low, high */                                                                                         \
  X(Float, "uu")                                                                                                       \
  X(Constant, "u") /* 0 none, 1 false, 2 true */                                                                       \
  X(Name, "s")                                                                                                         \
  X(List, "l")                                                                                                         \
  X(Tuple, "l")                                                                                                        \
  X(Dict, "l") /* key, value, key, value … */                                                                          \
  X(Attr, "ns")                                                                                                        \
  X(Item, "nn")                                                                                                        \
  X(Slice, "nooo")                                                                                                     \
  X(Call, "nlk")                                                                                                       \
  X(Filter, "nulk")                                                                                                    \
  X(Test, "nul")                                                                                                       \
  X(Not, "n")                                                                                                          \
  X(Negative, "n")                                                                                                     \
  X(Positive, "n")                                                                                                     \
  X(Add, "nn")                                                                                                         \
  X(Subtract, "nn")                                                                                                    \
  X(Multiply, "nn")                                                                                                    \
  X(Divide, "nn")                                                                                                      \
  X(FloorDivide, "nn")                                                                                                 \
  X(Modulo, "nn")                                                                                                      \
  X(Power, "nn")                                                                                                       \
  X(Concat, "l")                                                                                                       \
  X(Compare, "nc")                                                                                                     \
  X(And, "nn")                                                                                                         \
  X(Or, "nn")                                                                                                          \
  X(Conditional, "nno") /* condition, then, else or undefined */

enum class NodeKind : uint16_t {
#define X(name, shape) name,
  SINTER_CHAT_NODES(X)
#undef X
      COUNT
};

enum class Comparison : uint32_t { Eq, Ne, Lt, Le, Gt, Ge, In, NotIn, COUNT };

#define SINTER_CHAT_FILTERS(X)                                                                                         \
  X(trim)                                                                                                              \
  X(length) X(count) X(join) X(upper) X(lower) X(capitalize) X(title) X(tojson) X(default) X(d) X(first) X(last)       \
      X(list) X(map) X(select) X(reject) X(selectattr) X(rejectattr) X(items) X(dictsort) X(replace) X(string) X(int)  \
          X(float) X(safe) X(indent) X(unique) X(reverse) X(sort) X(abs) X(sum) X(min) X(max)
enum class FilterId : uint32_t {
#define X(name) f_##name,
  SINTER_CHAT_FILTERS(X)
#undef X
      COUNT
};

#define SINTER_CHAT_TESTS(X)                                                                                           \
  X(defined)                                                                                                           \
  X(undefined) X(none) X(string) X(mapping) X(iterable) X(sequence) X(number) X(integer) X(float) X(true) X(false)     \
      X(boolean) X(odd) X(even) X(divisibleby) X(in) X(eq) X(equalto) X(ne) X(lt) X(le) X(gt) X(ge) X(upper) X(lower)  \
          X(callable)
enum class TestId : uint32_t {
#define X(name) t_##name,
  SINTER_CHAT_TESTS(X)
#undef X
      COUNT
};

} // namespace sinter::chat

#endif // SINTER_RUNTIME_CHAT_CHATBLOB_H

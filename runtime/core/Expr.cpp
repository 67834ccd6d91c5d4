// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Checks, evaluates and prints postfix expressions; see Expr.h.

#include "runtime/core/Expr.h"

#include <inttypes.h>

namespace sinter::runtime {

const char *checkExpr(Code code, SinterExpr expr, uint32_t symbols) {
  if (expr.length == 0)
    return "an expression is empty";
  if (expr.length > SINTER_MAX_EXPR || !inside(expr.offset, expr.length, code.count))
    return "an expression lies outside the code";
  const int64_t *word = code.words + expr.offset, *end = word + expr.length;
  uint32_t depth = 0;
  while (word != end) {
    int64_t op = *word++;
    if (op == SINTER_PUSH || op == SINTER_SYMBOL) {
      if (word == end)
        return "an expression ends inside an operation";
      int64_t operand = *word++;
      if (op == SINTER_SYMBOL && (operand < 0 || operand >= symbols))
        return "an expression uses a symbol that does not exist";
      if (++depth > SINTER_MAX_STACK)
        return "an expression is nested too deep";
      continue;
    }
    if (op < SINTER_ADD || op > SINTER_MIN)
      return "an expression has an unknown operation";
    if (depth < 2)
      return "an expression lacks operands";
    --depth;
  }
  return depth == 1 ? nullptr : "an expression leaves more than one number";
}

/// a / b rounded down; the caller has excluded b == 0 and overflow.
static int64_t floorDivide(int64_t a, int64_t b) { return a / b - (a % b != 0 && (a < 0) != (b < 0)); }

static bool apply(int64_t op, int64_t a, int64_t b, int64_t *out) {
  switch (op) {
  case SINTER_ADD:
    return addChecked(a, b, out);
  case SINTER_MUL:
    return mulChecked(a, b, out);
  case SINTER_FLOORDIV:
    if (b == 0 || (b == -1 && a == INT64_MIN))
      return false;
    *out = floorDivide(a, b);
    return true;
  default: // SINTER_MIN, as checkExpr has proved
    *out = a < b ? a : b;
    return true;
  }
}

bool evaluate(Code code, SinterExpr expr, const int64_t *symbols, int64_t *value) {
  int64_t stack[SINTER_MAX_STACK];
  uint32_t depth = 0;
  const int64_t *word = code.words + expr.offset, *end = word + expr.length;
  while (word != end) {
    int64_t op = *word++;
    if (op == SINTER_PUSH || op == SINTER_SYMBOL) {
      int64_t operand = *word++;
      stack[depth++] = op == SINTER_PUSH ? operand : symbols[operand];
      continue;
    }
    --depth;
    if (!apply(op, stack[depth - 1], stack[depth], &stack[depth - 1]))
      return false;
  }
  *value = stack[0];
  return true;
}

int loneSymbol(Code code, SinterExpr expr) {
  const int64_t *word = code.words + expr.offset;
  return expr.length == 2 && word[0] == SINTER_SYMBOL ? static_cast<int>(word[1]) : -1;
}

namespace {
/// The expression as a tree, for printing: nodes in postfix order, children before parents.
struct Node {
  int64_t op, value;
  int left, right;
};
constexpr uint32_t maxNodes = 48;

void addNode(TextBuffer &text, const Node *nodes, int at, const char *const *names, bool parenthesize) {
  const Node &node = nodes[at];
  switch (node.op) {
  case SINTER_PUSH:
    text.add("%" PRId64, node.value);
    return;
  case SINTER_SYMBOL:
    text.add("%s", names[node.value]);
    return;
  case SINTER_MIN:
    text.add("min(");
    addNode(text, nodes, node.left, names, false);
    text.add(", ");
    addNode(text, nodes, node.right, names, false);
    text.add(")");
    return;
  default:
    break;
  }
  const char *sign = node.op == SINTER_ADD ? " + " : node.op == SINTER_MUL ? " * " : " // ";
  bool inner = node.op != SINTER_ADD; // a sum inside a product or quotient needs parentheses
  if (parenthesize)
    text.add("(");
  addNode(text, nodes, node.left, names, inner);
  text.add("%s", sign);
  addNode(text, nodes, node.right, names, inner);
  if (parenthesize)
    text.add(")");
}
} // namespace

void addExpr(TextBuffer &text, Code code, SinterExpr expr, const char *const *names) {
  Node nodes[maxNodes];
  int stack[maxNodes];
  uint32_t count = 0, depth = 0;
  const int64_t *word = code.words + expr.offset, *end = word + expr.length;
  while (word != end) {
    if (count == maxNodes) {
      text.add("...");
      return;
    }
    Node &node = nodes[count];
    node = {*word++, 0, 0, 0};
    if (node.op == SINTER_PUSH || node.op == SINTER_SYMBOL) {
      node.value = *word++;
    } else {
      node.right = stack[--depth];
      node.left = stack[--depth];
    }
    stack[depth++] = static_cast<int>(count++);
  }
  addNode(text, nodes, stack[0], names, false);
}

} // namespace sinter::runtime

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// See KeyPattern.h. The parser is that of tokenizers' patterns.
#include "frontend/adapter/KeyPattern.h"

#include <vector>

namespace sinter::frontend {

namespace {

using tokenizer::PatternNode;
/// Entry i: the pattern so far may have ended in front of character i.
using Ends = std::vector<bool>;

bool isPossessive(const PatternNode &node) {
  for (const PatternNode &child : node.children)
    if (isPossessive(child))
      return true;
  return node.possessive;
}

class Matcher {
public:
  Matcher(const tokenizer::CodePointClasses &classes, std::string_view text) : classes(classes), text(text) {}

  Ends run(const PatternNode &node, Ends from) const {
    switch (node.kind) {
    case PatternNode::Empty:
      return from;
    case PatternNode::Character: {
      Ends to(from.size());
      for (size_t i = 0; i < text.size(); ++i)
        to[i + 1] = from[i] && holds(node, i);
      return to;
    }
    case PatternNode::Sequence:
      for (const PatternNode &child : node.children)
        from = run(child, std::move(from));
      return from;
    case PatternNode::Choice: {
      Ends to(from.size());
      for (const PatternNode &child : node.children)
        join(to, run(child, from));
      return to;
    }
    case PatternNode::Repeat:
      return repeat(node, std::move(from));
    case PatternNode::Next:
    case PatternNode::Before:
      for (size_t i = 0; i < from.size(); ++i) {
        bool ahead = node.kind == PatternNode::Next, edge = ahead ? i == text.size() : i == 0;
        from[i] = from[i] && (edge ? node.atEdge : holds(node, ahead ? i : i - 1));
      }
      return from;
    }
    return from;
  }

private:
  bool holds(const PatternNode &node, size_t at) const {
    return classes.get(node.set).contains(static_cast<unsigned char>(text[at]));
  }
  static bool join(Ends &into, const Ends &more) {
    bool grew = false;
    for (size_t i = 0; i < into.size(); ++i)
      if (more[i] && !into[i])
        grew = into[i] = true;
    return grew;
  }
  Ends repeat(const PatternNode &node, Ends from) const {
    for (int32_t i = 0; i < node.least; ++i)
      from = run(node.children[0], std::move(from));
    Ends all = from;
    for (int32_t i = node.least; node.most < 0 || i < node.most; ++i) {
      from = run(node.children[0], std::move(from));
      if (!join(all, from))
        break;
    }
    return all;
  }

  const tokenizer::CodePointClasses &classes;
  std::string_view text;
};

} // namespace

std::optional<KeyPattern> KeyPattern::compile(std::string_view spelling, std::string &error) {
  KeyPattern pattern;
  pattern.classes = std::make_shared<tokenizer::CodePointClasses>();
  if (!tokenizer::parsePattern(spelling, *pattern.classes, pattern.root, error))
    return std::nullopt;
  if (isPossessive(pattern.root)) {
    error = "holds a possessive quantifier, which is not supported";
    return std::nullopt;
  }
  return pattern;
}

bool KeyPattern::matches(std::string_view name) const {
  Ends begin(name.size() + 1);
  begin[0] = true;
  return Matcher(*classes, name).run(root, std::move(begin)).back();
}

} // namespace sinter::frontend

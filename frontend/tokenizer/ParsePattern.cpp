// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The spelling of a regular expression to a tree over sets of code points.
// Recursive descent with bounded depth, size and repetition.

#include "frontend/tokenizer/Pattern.h"
#include "frontend/tokenizer/PatternSets.h"
#include "frontend/tokenizer/Unicode.h"
#include "runtime/format/Json.h"

#include <algorithm>
#include <cstring>

namespace sinter::tokenizer {

using format::quoteForMessage;

namespace {

constexpr size_t maxPatternBytes = 4096;
constexpr int maxDepth = 50;
constexpr int32_t maxCount = 1000;

/// True when the pattern may match nothing at all.
bool nullable(const PatternNode &node) {
  switch (node.kind) {
  case PatternNode::Character:
    return false;
  case PatternNode::Sequence:
    return std::all_of(node.children.begin(), node.children.end(), nullable);
  case PatternNode::Choice:
    return std::any_of(node.children.begin(), node.children.end(), nullable);
  case PatternNode::Repeat:
    return node.least == 0 || nullable(node.children[0]);
  default:
    return true;
  }
}

class PatternParser {
public:
  PatternParser(const std::vector<uint32_t> &text, CodePointClasses &classes, std::string &error)
      : text(text), classes(classes), error(error) {}

  bool parse(PatternNode &out) {
    if (!choice(out))
      return false;
    return at == text.size() || fail("an unmatched ')'");
  }

private:
  bool fail(const std::string &what) {
    if (error.empty())
      error = what + " at character " + std::to_string(std::min(at, text.size()) + 1);
    return false;
  }
  bool more() const { return at < text.size(); }
  bool starts(const char *what) const {
    for (size_t i = 0; what[i]; ++i)
      if (at + i >= text.size() || text[at + i] != static_cast<unsigned char>(what[i]))
        return false;
    return true;
  }
  bool take(const char *what) {
    if (!starts(what))
      return false;
    at += std::strlen(what);
    return true;
  }

  bool node(PatternNode &out, PatternNode::Kind kind, CodePointSet set, bool atEdge = false) {
    out = PatternNode();
    out.kind = kind;
    out.set = classes.add(std::move(set));
    out.atEdge = atEdge;
    return out.set < CodePointClasses::maxSets ||
           fail("more than 64 different classes of characters, or the like of them too often,");
  }

  bool choice(PatternNode &out) {
    if (++depth > maxDepth)
      return fail("groups nested deeper than " + std::to_string(maxDepth));
    PatternNode all;
    all.kind = PatternNode::Choice;
    bool outerFold = foldCase;
    do {
      all.children.emplace_back();
      if (!sequence(all.children.back()))
        return false;
    } while (take("|"));
    foldCase = outerFold;
    --depth;
    if (all.children.size() == 1) {
      PatternNode only = std::move(all.children[0]);
      out = std::move(only);
    } else {
      out = std::move(all);
    }
    return true;
  }

  bool sequence(PatternNode &out) {
    out = PatternNode();
    out.kind = PatternNode::Sequence;
    std::vector<uint32_t> literals;
    while (more() && text[at] != '|' && text[at] != ')') {
      if (take("(?i)")) { // to the end of the group
        foldCase = true;
        continue;
      }
      PatternNode item;
      literal = noLiteral;
      if (!atom(item) || !quantifiers(item))
        return false;
      if (literal != noLiteral && foldCase) {
        literals.push_back(literal);
        if (foldings().needsSeveral(literals))
          return fail("letters that are several when case is ignored, like those of 'ss',");
      } else {
        literals.clear();
      }
      out.children.push_back(std::move(item));
    }
    return true;
  }

  bool quantifiers(PatternNode &item) {
    while (more()) {
      int32_t least, most;
      bool braces = false;
      if (take("*")) {
        least = 0, most = -1;
      } else if (take("+")) {
        least = 1, most = -1;
      } else if (take("?")) {
        least = 0, most = 1;
      } else if (text[at] == '{') {
        size_t begin = at;
        if (!counts(least, most))
          return false;
        if (at == begin)
          return true; // a brace that is none
        braces = true;
      } else {
        return true;
      }
      if (item.kind == PatternNode::Next || item.kind == PatternNode::Before)
        return fail("a repeated assertion");
      PatternNode repeat;
      repeat.kind = PatternNode::Repeat;
      repeat.least = least;
      repeat.most = most;
      if (take("?"))
        repeat.lazy = true;
      else if (!braces && take("+")) // after braces it repeats them
        repeat.possessive = true;
      if (repeat.most != 1 && nullable(item))
        return fail("a repetition of what can match nothing");
      if (repeat.lazy && braces && least == most)
        return fail("'{n}?'");
      if (repeat.possessive && item.kind != PatternNode::Character)
        return fail("a possessive quantifier after more than one class of characters");
      repeat.children.push_back(std::move(item));
      item = std::move(repeat);
      literal = noLiteral;
    }
    return true;
  }

  /// {n}, {n,}, {,m}, {n,m}; anything else is an ordinary brace.
  bool counts(int32_t &least, int32_t &most) {
    size_t i = at + 1;
    auto number = [&](int32_t &value) {
      size_t begin = i;
      for (value = 0; i < text.size() && text[i] >= '0' && text[i] <= '9'; ++i)
        value = std::min(value * 10 + static_cast<int32_t>(text[i] - '0'), maxCount + 1);
      return i > begin;
    };
    bool first = number(least), second = first;
    most = least;
    if (i < text.size() && text[i] == ',') {
      ++i;
      second = number(most);
      if (!second)
        most = -1;
    }
    if (i >= text.size() || text[i] != '}' || (!first && !second))
      return true;
    if (least > maxCount || most > maxCount)
      return fail("a repetition of more than " + std::to_string(maxCount));
    if (most >= 0 && least > most)
      return fail("a repetition that ends before it begins");
    at = i + 1;
    return true;
  }

  bool atom(PatternNode &out) {
    uint32_t code = text[at];
    switch (code) {
    case '(':
      return group(out);
    case '[': {
      CodePointSet set;
      return bracket(set) && node(out, PatternNode::Character, std::move(set));
    }
    case '.': {
      ++at;
      CodePointSet set;
      set.add('\n');
      set.invert();
      return node(out, PatternNode::Character, std::move(set));
    }
    case '^':
      ++at;
      return lineBegin(out);
    case '$': { // of a line
      ++at;
      CodePointSet set;
      set.add('\n');
      return node(out, PatternNode::Next, std::move(set), true);
    }
    case '*':
    case '+':
    case '?':
      return fail("a quantifier with nothing in front");
    case '\\':
      return escape(out);
    default:
      ++at;
      return character(out, code);
    }
  }

  /// The beginning, or behind a newline that is not the end.
  bool lineBegin(PatternNode &out) {
    CodePointSet newline, any;
    newline.add('\n');
    any.invert();
    PatternNode behind;
    behind.kind = PatternNode::Sequence;
    behind.children.resize(2);
    out = PatternNode();
    out.kind = PatternNode::Choice;
    out.children.resize(1);
    if (!node(out.children[0], PatternNode::Before, CodePointSet(), true) ||
        !node(behind.children[0], PatternNode::Before, std::move(newline)) ||
        !node(behind.children[1], PatternNode::Next, std::move(any)))
      return false;
    out.children.push_back(std::move(behind));
    return true;
  }

  bool character(PatternNode &out, uint32_t code) {
    CodePointSet set;
    set.add(code);
    literal = code;
    return node(out, PatternNode::Character, foldCase ? foldings().close(code) : std::move(set));
  }

  bool group(PatternNode &out) {
    size_t begin = at;
    bool outerFold = foldCase, ahead = false, behind = false, negated = false;
    if (take("(?:")) {
    } else if (take("(?i:")) {
      foldCase = true;
    } else if (take("(?-i:")) {
      foldCase = false;
    } else if (take("(?=")) {
      ahead = true;
    } else if (take("(?!")) {
      ahead = negated = true;
    } else if (take("(?<=")) {
      behind = true;
    } else if (take("(?<!")) {
      behind = negated = true;
    } else if (starts("(?")) {
      std::string spelled;
      for (size_t i = at; i < text.size() && i < at + 4; ++i)
        spelled += text[i] < 0x80 ? static_cast<char>(text[i]) : '?';
      return fail("the group " + quoteForMessage(spelled));
    } else {
      take("(");
    }
    PatternNode inside;
    if (!choice(inside))
      return false;
    if (!take(")"))
      return fail("a group without an end");
    foldCase = outerFold;
    literal = noLiteral;
    if (!ahead && !behind) {
      out = std::move(inside);
      return true;
    }
    CodePointSet set;
    bool edge = false;
    if (!oneCharacter(inside, ahead, set, edge)) {
      at = begin;
      return fail("a look-around of more than one character");
    }
    if (negated) {
      set.invert();
      edge = !edge;
    }
    return node(out, ahead ? PatternNode::Next : PatternNode::Before, std::move(set), edge);
  }

  /// A choice of single classes and, in look-ahead, the end.
  bool oneCharacter(const PatternNode &inside, bool ahead, CodePointSet &set, bool &edge) {
    switch (inside.kind) {
    case PatternNode::Character:
      set.add(classes.get(inside.set));
      return true;
    case PatternNode::Next:
    case PatternNode::Before:
      if (ahead != (inside.kind == PatternNode::Next))
        return false;
      set.add(classes.get(inside.set));
      edge = edge || inside.atEdge;
      return true;
    case PatternNode::Sequence:
      return inside.children.size() == 1 && oneCharacter(inside.children[0], ahead, set, edge);
    case PatternNode::Choice:
      for (const PatternNode &child : inside.children)
        if (!oneCharacter(child, ahead, set, edge))
          return false;
      return true;
    default:
      return false;
    }
  }

  bool escape(PatternNode &out) {
    if (at + 1 >= text.size())
      return fail("a '\\' with nothing behind");
    uint32_t code = text[at + 1];
    CodePointSet set;
    switch (code) {
    case 'A':
    case 'z':
      at += 2;
      return node(out, code == 'z' ? PatternNode::Next : PatternNode::Before, std::move(set), true);
    case 'b':
    case 'B':
      at += 2;
      return boundary(out, code == 'B');
    default:
      break;
    }
    uint32_t single = noLiteral;
    if (!escapedSet(set, single))
      return false;
    if (single != noLiteral)
      return character(out, single);
    return node(out, PatternNode::Character, std::move(set)); // whatever the case
  }

  /// \b as a choice of assertions on both sides.
  bool boundary(PatternNode &out, bool negated) {
    CodePointSet words = wordSet(), others = words;
    others.invert();
    out = PatternNode();
    out.kind = PatternNode::Choice;
    for (bool inside : {false, true}) {
      PatternNode both;
      both.kind = PatternNode::Sequence;
      both.children.resize(2);
      bool next = inside == negated;
      if (!node(both.children[0], PatternNode::Before, inside ? words : others, !inside) ||
          !node(both.children[1], PatternNode::Next, next ? words : others, !next))
        return false;
      out.children.push_back(std::move(both));
    }
    return true;
  }

  /// What an escape stands for, in and out of brackets: a set or one character.
  bool escapedSet(CodePointSet &set, uint32_t &single) {
    uint32_t code = text[at + 1];
    at += 2;
    auto is = [&](const CodePointSet &known, bool invert) {
      set = known;
      if (invert)
        set.invert();
      return true;
    };
    switch (code) {
    case 's':
    case 'S':
      return is(spaceSet(), code == 'S');
    case 'd':
    case 'D':
      return is(*categorySet("Nd"), code == 'D');
    case 'w':
    case 'W':
      return is(wordSet(), code == 'W');
    case 'p':
    case 'P':
      return property(set, code == 'P');
    case 't':
      return single = '\t', true;
    case 'n':
      return single = '\n', true;
    case 'r':
      return single = '\r', true;
    case 'f':
      return single = '\f', true;
    case 'v':
      return single = '\v', true;
    case 'a':
      return single = 7, true;
    case 'e':
      return single = 27, true;
    case 'x':
    case 'u':
      return hexadecimal(code == 'u', single);
    default:
      if (code < 0x80 && (code >= '0' && code <= '9'))
        return at -= 2, fail("a reference back to a group");
      if (code >= 0x80 || (code | 32) < 'a' || (code | 32) > 'z')
        return single = code, true;
      at -= 2;
      return fail("the escape '\\" + std::string(1, static_cast<char>(code)) + "'");
    }
  }

  bool hexadecimal(bool four, uint32_t &single) {
    bool braces = !four && take("{");
    size_t most = four ? 4 : braces ? 8 : 2, count = 0;
    uint64_t value = 0;
    for (; more() && count < most; ++at, ++count) {
      uint32_t c = text[at] | (text[at] >= 'A' ? 32u : 0u);
      if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
        break;
      value = value * 16 + (c <= '9' ? c - '0' : c - 'a' + 10);
    }
    if (count == 0 || (four && count < 4) || (braces && !take("}")))
      return fail("a damaged hexadecimal escape");
    if (value >= codePointCount || (value >= 0xD800 && value < 0xE000) || (!four && !braces && value >= 0x80))
      return fail("an escape that is no character");
    single = static_cast<uint32_t>(value);
    return true;
  }

  bool property(CodePointSet &set, bool inverted) {
    size_t begin = at;
    if (!take("{"))
      return fail("a '\\p' without '{'");
    if (take("^"))
      inverted = !inverted;
    std::string name;
    while (more() && text[at] != '}' && name.size() < 40)
      name += text[at] < 0x80 ? static_cast<char>(text[at]) : '?', ++at;
    if (!take("}"))
      return fail("a '\\p{' without an end");
    static const char *const longNames[][2] = {{"Letter", "L"},
                                               {"Lowercase_Letter", "Ll"},
                                               {"Uppercase_Letter", "Lu"},
                                               {"Mark", "M"},
                                               {"Number", "N"},
                                               {"Decimal_Number", "Nd"},
                                               {"Punctuation", "P"},
                                               {"Symbol", "S"},
                                               {"Separator", "Z"},
                                               {"Other", "C"}};
    std::string shortName = name;
    for (const auto &[full, abbreviation] : longNames)
      if (name == full)
        shortName = abbreviation;
    const CodePointSet *known = categorySet(shortName);
    if (!known) {
      at = begin;
      return fail("the property " + quoteForMessage(name) + ", which is no general category,");
    }
    set = *known;
    if (inverted)
      set.invert();
    return true;
  }

  bool bracket(CodePointSet &set) {
    size_t begin = at++;
    bool inverted = take("^"), first = true;
    for (;; first = false) {
      if (!more()) {
        at = begin;
        return fail("a '[' without an end");
      }
      if (text[at] == ']' && !first) {
        ++at;
        break;
      }
      if (text[at] == '[')
        return fail("a '[' inside a '['");
      if (starts("&&"))
        return fail("'&&'");
      uint32_t low = noLiteral, high;
      if (!member(set, low))
        return false;
      if (low == noLiteral || !starts("-") || at + 1 >= text.size() || text[at + 1] == ']') {
        if (low != noLiteral)
          set.add(low);
        continue;
      }
      ++at;
      high = noLiteral;
      if (text[at] == '[' || !member(set, high))
        return fail("a '[' inside a '['");
      if (high == noLiteral || high < low)
        return fail("a range that ends before it begins");
      set.add(low, high);
    }
    if (foldCase) // before it is inverted
      set = foldings().close(set);
    if (inverted)
      set.invert();
    return true;
  }

  /// A character, or (single = none) a set that was added.
  bool member(CodePointSet &set, uint32_t &single) {
    if (text[at] != '\\') {
      single = text[at++];
      return true;
    }
    if (at + 1 >= text.size())
      return fail("a '\\' with nothing behind");
    if (text[at + 1] == 'b') {
      at += 2;
      single = 8;
      return true;
    }
    CodePointSet part;
    if (!escapedSet(part, single))
      return false;
    if (single == noLiteral)
      set.add(part);
    return true;
  }

  static constexpr uint32_t noLiteral = 0xFFFFFFFF;
  const std::vector<uint32_t> &text;
  CodePointClasses &classes;
  std::string &error;
  size_t at = 0;
  int depth = 0;
  bool foldCase = false;
  uint32_t literal = noLiteral;
};

bool decode(std::string_view text, std::vector<uint32_t> &codes, std::string &error) {
  if (text.size() > maxPatternBytes)
    return error = "has " + std::to_string(text.size()) + " bytes, at most " + std::to_string(maxPatternBytes) +
                   " are supported",
           false;
  if (!decodeUtf8(text.data(), text.size(), codes))
    return error = "is no valid UTF-8", false;
  return true;
}

} // namespace

bool parsePattern(std::string_view pattern, CodePointClasses &classes, PatternNode &out, std::string &error) {
  std::vector<uint32_t> codes;
  error.clear();
  if (!decode(pattern, codes, error))
    return false;
  if (!PatternParser(codes, classes, error).parse(out)) {
    error = "holds " + error + ", which is not supported";
    return false;
  }
  if (nullable(out)) {
    error = "can match nothing at all, which is not supported";
    return false;
  }
  return true;
}

bool literalPattern(std::string_view text, CodePointClasses &classes, PatternNode &out, std::string &error) {
  std::vector<uint32_t> codes;
  error.clear();
  if (!decode(text, codes, error))
    return false;
  if (codes.empty())
    return error = "is empty, which is not supported", false;
  out = PatternNode();
  out.kind = PatternNode::Sequence;
  for (uint32_t code : codes) {
    CodePointSet set;
    set.add(code);
    out.children.push_back(setPattern(classes.add(std::move(set)), false));
    if (out.children.back().set >= CodePointClasses::maxSets)
      return error = "holds more than 64 different characters, which is not supported", false;
  }
  return true;
}

PatternNode setPattern(uint32_t set, bool many) {
  PatternNode one;
  one.kind = PatternNode::Character;
  one.set = set;
  if (!many)
    return one;
  PatternNode repeat;
  repeat.kind = PatternNode::Repeat;
  repeat.least = 1;
  repeat.most = -1;
  repeat.children.push_back(std::move(one));
  return repeat;
}

} // namespace sinter::tokenizer

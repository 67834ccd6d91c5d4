// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// rearrange(x, "b t (h e) -> b h t e", h = 12): the pattern is parsed with columns, sizes are solved
// as polynomials, and one view leaves.
#include "frontend/elaborate/Elaborator.h"

#include <algorithm>

namespace sinter::frontend {

namespace {

/// A name or `1` of a pattern, with its bytes.
struct Piece {
  std::string name; ///< "1" for a literal axis
  size_t begin, end;
};
/// One axis: several pieces where they stand in parentheses.
struct Group {
  std::vector<Piece> pieces;
  size_t begin, end;
};
struct Pattern {
  std::vector<Group> from, to;
  std::string problem;
  size_t at = 0, until = 0;
};

class PatternParser {
public:
  PatternParser(const std::string &text, Pattern &pattern) : text(text), pattern(pattern) {}

  bool run() {
    if (!side(pattern.from, true) || !side(pattern.to, false))
      return false;
    return true;
  }

private:
  bool fail(std::string words, size_t begin, size_t end) {
    pattern.problem = std::move(words);
    pattern.at = begin;
    pattern.until = std::max(end, begin + 1);
    return false;
  }
  void blanks() {
    while (at < text.size() && text[at] == ' ')
      ++at;
  }
  bool piece(Group &group) {
    size_t begin = at;
    auto isWord = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    };
    while (at < text.size() && isWord(text[at]))
      ++at;
    if (begin == at)
      return fail("expected the name of an axis", begin, begin + 1);
    std::string name = text.substr(begin, at - begin);
    if (name[0] >= '0' && name[0] <= '9' && name != "1")
      return fail("only the literal 1 may stand for an axis without a name", begin, at);
    group.pieces.push_back({name, begin, at});
    group.end = at;
    return true;
  }
  bool side(std::vector<Group> &groups, bool isLeft) {
    while (true) {
      blanks();
      if (at >= text.size())
        return isLeft ? fail("expected `->`", text.empty() ? 0 : text.size() - 1, text.size()) : true;
      if (text.compare(at, 2, "->") == 0) {
        if (!isLeft)
          return fail("a second `->`", at, at + 2);
        at += 2;
        return true;
      }
      Group group{{}, at, at};
      if (text[at] != '(') {
        if (!piece(group))
          return false;
      } else {
        ++at;
        for (blanks(); at < text.size() && text[at] != ')'; blanks())
          if (!piece(group))
            return false;
        if (at >= text.size())
          return fail("`(` is not closed", group.begin, group.begin + 1);
        group.end = ++at;
      }
      groups.push_back(std::move(group));
      if (groups.size() > 12)
        return fail("more than 12 axes", groups.back().begin, groups.back().end);
    }
  }
  const std::string &text;
  Pattern &pattern;
  size_t at = 0;
};

} // namespace

Datum Elaborator::rearrange(const std::vector<Given> &args, const Expr &expr, Frame &frame) {
  const Given *given[2] = {nullptr, nullptr};
  std::map<std::string, Axis> sizes;
  size_t positional = 0;
  for (const Given &arg : args) {
    if (!arg.name) {
      given[positional++] = &arg;
    } else if (!arg.value.isIntegral()) {
      error(DiagId::OperandType, arg.span, {"rearrange", "sizes that are ints or dimensions", describe(arg.value)},
            &frame);
      return {};
    } else {
      sizes[arg.name->text] = {arg.value.extent(), arg.value.origin};
    }
  }
  const TensorValue *tensor = wantTensor(*given[0], "rearrange", frame);
  if (!tensor)
    return {};
  const auto *text = given[1]->value.as<std::string>();
  if (!text) {
    error(DiagId::WrongKind, given[1]->span, {"a pattern (a string)", describe(given[1]->value)}, &frame);
    return {};
  }
  auto inside = [&](size_t begin, size_t end) {
    bool isLiteral = given[1]->expr && given[1]->expr->is<StringLiteral>();
    return isLiteral ? diags.sources().insideString(given[1]->span, begin, end) : given[1]->span;
  };
  auto bad = [&](const std::string &words, size_t begin, size_t end) {
    error(DiagId::RearrangePattern, inside(begin, end), {words}, &frame);
    return Datum();
  };
  Pattern pattern;
  if (!PatternParser(*text, pattern).run())
    return bad(pattern.problem, pattern.at, pattern.until);
  if (pattern.from.size() != tensor->rank()) {
    error(DiagId::RearrangeRank, inside(0, text->find("->")), {int64_t(pattern.from.size())}, &frame)
        .label(given[0]->span, display(tensor->axes));
    return {};
  }

  // Sizes of the names on the left; at most one of a group is solved.
  std::map<std::string, size_t> order;           // name -> position among the left atoms
  std::vector<std::pair<size_t, Extent>> places; // of an atom: source axis, stride within it
  for (size_t i = 0; i < pattern.from.size(); ++i) {
    const Group &group = pattern.from[i];
    const Axis &axis = tensor->axes[i];
    Extent known = 1;
    const Piece *unknown = nullptr;
    for (const Piece &piece : group.pieces) {
      if (piece.name == "1")
        continue;
      if (!order.try_emplace(piece.name, order.size()).second)
        return bad("`" + piece.name + "` stands twice on the left", piece.begin, piece.end);
      if (auto size = sizes.find(piece.name); size != sizes.end())
        known = known * size->second.extent;
      else if (unknown)
        return bad("neither `" + unknown->name + "` nor `" + piece.name + "` has a size; give one of them, as in `" +
                       piece.name + " = 2`",
                   group.begin, group.end);
      else
        unknown = &piece;
    }
    if (unknown) {
      bool single = group.pieces.size() == 1;
      std::optional<Extent> rest;
      if (!known.isConstant(0))
        rest = single ? axis.extent : Extent::exactDiv(axis.extent, known);
      // What does not divide as a polynomial stays an opaque size, checked at the call.
      if (!rest && !axis.extent.constant() && !known.isConstant(0)) {
        rest = Extent::floorDiv(axis.extent, known);
        requireDims(*rest * known, ComparePredicate::Equal, axis.extent, "an axis of {0} is not divided by {1}",
                    {axis.extent, known});
      }
      if (!rest) {
        error(DiagId::RearrangeSize, inside(group.begin, group.end), {display(axis), known.str()}, &frame)
            .label(given[0]->span, display(tensor->axes));
        return {};
      }
      sizes[unknown->name] = {*rest, single ? axis.origin : nullptr};
    } else if (known != axis.extent) {
      error(DiagId::RearrangeSize, inside(group.begin, group.end), {display(axis), known.str()}, &frame)
          .label(given[0]->span, display(tensor->axes));
      return {};
    }
    Extent stride = 1;
    size_t first = places.size();
    for (size_t j = group.pieces.size(); j-- > 0;) {
      if (group.pieces[j].name == "1")
        continue;
      places.insert(places.begin() + first, {i, stride});
      stride = stride * sizes[group.pieces[j].name].extent;
    }
  }
  for (const Given &arg : args)
    if (arg.name && !order.contains(arg.name->text)) {
      error(DiagId::RearrangePattern, arg.name->span, {"the pattern has no axis `" + arg.name->text + "` on its left"},
            &frame);
      return {};
    }

  // The right: every name once; each result axis is cut into its atoms.
  TensorValue made{nullptr, tensor->element, {}};
  ViewMap map(tensor->rank());
  std::set<std::string> used;
  for (size_t i = 0; i < pattern.to.size(); ++i) {
    const Group &group = pattern.to[i];
    Extent total = 1;
    const Expr *origin = nullptr;
    std::vector<const Piece *> names;
    for (const Piece &piece : group.pieces) {
      if (piece.name == "1")
        continue;
      if (!order.contains(piece.name))
        return bad("`" + piece.name + "` is not on the left", piece.begin, piece.end);
      if (!used.insert(piece.name).second)
        return bad("`" + piece.name + "` stands twice on the right", piece.begin, piece.end);
      names.push_back(&piece);
    }
    for (size_t j = names.size(); j-- > 0;) {
      const Axis &size = sizes[names[j]->name];
      const auto &[axis, stride] = places[order[names[j]->name]];
      ViewTerm term{unsigned(i), stride, total, std::nullopt};
      if (j > 0)
        term.mod = size.extent;
      map[axis].terms.push_back(std::move(term));
      total = total * size.extent;
      origin = names.size() == 1 ? size.origin : nullptr;
    }
    made.axes.push_back({total, origin});
  }
  for (const Group &group : pattern.from)
    for (const Piece &piece : group.pieces)
      if (piece.name != "1" && !used.contains(piece.name))
        return bad("`" + piece.name + "` is missing on the right", piece.begin, piece.end);
  if (Emitter *to = out(); to && tensor->handle) {
    to->at(expr.span);
    made.handle = to->view(tensor->handle, map, made.info());
  }
  return result(made.handle, made.element, std::move(made.axes), expr.span, frame);
}

} // namespace sinter::frontend

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Globs as small automata, simulated state set by state set (Thompson): no backtracking, so "a" × 100 000
// against "*a*a*a*b" costs what any other text costs.
#include "frontend/weights/Glob.h"

namespace sinter::frontend {

/// Translates a pattern; `**.` also matches no segment at all, and so does a trailing `.**`.
class GlobCompiler {
public:
  GlobCompiler(std::string_view pattern, std::string &error, size_t &errorAt)
      : pattern(pattern), error(error), errorAt(errorAt) {}

  std::optional<Glob> run() {
    if (pattern.size() > Glob::maxLength)
      return fail("it is too long", 0);
    if (!sequence(false))
      return std::nullopt;
    if (at != pattern.size())
      return fail("`}` without `{`", at);
    emit(Glob::Op::Accept);
    return std::move(glob);
  }

private:
  std::nullopt_t fail(const char *why, size_t where) {
    error = why;
    errorAt = where;
    return std::nullopt;
  }

  size_t emit(Glob::Op op, char c = 0) {
    glob.steps.push_back({op, c, 0, 0});
    return glob.steps.size() - 1;
  }
  uint32_t next() const { return static_cast<uint32_t>(glob.steps.size()); }

  /// Any characters, any number of times (`any` dots included).
  void loop(bool any) {
    size_t fork = emit(Glob::Op::Fork);
    glob.steps[fork].first = next();
    emit(any ? Glob::Op::Any : Glob::Op::Star);
    size_t back = emit(Glob::Op::Jump);
    glob.steps[back].first = static_cast<uint32_t>(fork);
    glob.steps[fork].second = next();
  }

  bool startsWith(std::string_view text) const { return pattern.substr(at, text.size()) == text; }

  bool sequence(bool inBraces) {
    while (at < pattern.size()) {
      char c = pattern[at];
      if (c == '}' || (c == ',' && inBraces))
        return true;
      if (startsWith("**.")) {
        size_t fork = emit(Glob::Op::Fork);
        glob.steps[fork].first = next();
        loop(true);
        emit(Glob::Op::Char, '.');
        glob.steps[fork].second = next();
        at += 3;
      } else if (startsWith(".**") && at + 3 == pattern.size()) {
        size_t fork = emit(Glob::Op::Fork);
        glob.steps[fork].first = next();
        emit(Glob::Op::Char, '.');
        loop(true);
        glob.steps[fork].second = next();
        at += 3;
      } else if (startsWith("**")) {
        loop(true);
        at += 2;
      } else if (c == '*') {
        loop(false);
        ++at;
      } else if (c == '{') {
        if (!braces())
          return false;
      } else {
        emit(Glob::Op::Char, c);
        ++at;
      }
    }
    return true;
  }

  bool braces() {
    size_t open = at++;
    if (++depth > 8)
      return fail("its braces are nested too deep", open), false;
    std::vector<size_t> exits;
    while (true) {
      size_t fork = emit(Glob::Op::Fork);
      glob.steps[fork].first = next();
      if (!sequence(true))
        return false;
      if (at >= pattern.size())
        return fail("`{` is not closed", open), false;
      exits.push_back(emit(Glob::Op::Jump));
      bool more = pattern[at++] == ',';
      // The last alternative has nowhere else to go: its second way is its first.
      glob.steps[fork].second = more ? next() : glob.steps[fork].first;
      if (!more)
        break;
    }
    for (size_t exit : exits)
      glob.steps[exit].first = next();
    --depth;
    return true;
  }

  std::string_view pattern;
  std::string &error;
  size_t &errorAt;
  size_t at = 0;
  unsigned depth = 0;
  Glob glob;
};

std::optional<Glob> Glob::compile(std::string_view pattern, std::string &error, size_t &errorAt) {
  return GlobCompiler(pattern, error, errorAt).run();
}

bool Glob::matches(std::string_view path) const {
  std::vector<uint32_t> current, following, todo;
  std::vector<size_t> seen(steps.size(), ~size_t{0});
  // Adds a state and all that follows from it without reading a character.
  auto add = [&](std::vector<uint32_t> &set, uint32_t state, size_t round) {
    todo.push_back(state);
    while (!todo.empty()) {
      uint32_t one = todo.back();
      todo.pop_back();
      if (seen[one] == round)
        continue;
      seen[one] = round;
      const Step &step = steps[one];
      if (step.op == Op::Jump || step.op == Op::Fork) {
        if (step.op == Op::Fork)
          todo.push_back(step.second);
        todo.push_back(step.first);
      } else {
        set.push_back(one);
      }
    }
  };
  add(current, 0, 0);
  for (size_t i = 0; i < path.size() && !current.empty(); ++i) {
    following.clear();
    for (uint32_t state : current) {
      const Step &step = steps[state];
      bool takes =
          step.op == Op::Any || (step.op == Op::Star && path[i] != '.') || (step.op == Op::Char && step.c == path[i]);
      if (takes)
        add(following, state + 1, i + 1);
    }
    current.swap(following);
  }
  for (uint32_t state : current)
    if (steps[state].op == Op::Accept)
      return true;
  return false;
}

} // namespace sinter::frontend

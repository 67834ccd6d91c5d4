// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A pattern's tree to an automaton. The tree becomes threads of a backtracking
// search in order of preference; a state is such an ordered list, so that the
// automaton finds the match that the search would find first. An assertion is
// decided when the next class is read, which is why matches are reported one
// step late.

#include "frontend/tokenizer/Pattern.h"
#include "runtime/text/TokenizerBlob.h"

#include <algorithm>
#include <map>

namespace sinter::tokenizer {

namespace {

constexpr size_t maxInstructions = 8192, maxStates = 4096;

struct Instruction {
  enum Kind : uint8_t { Character, Next, Before, Fork, Match } kind = Match;
  uint32_t set = 0;
  bool atEdge = false;
  uint32_t to = 0, other = 0; // Fork: `to` is preferred
};

/// Tree to instructions, from the back: emit() returns where the part begins
/// that goes on at `next`.
class Compiler {
public:
  std::vector<Instruction> code;

  uint32_t emit(const PatternNode &node, uint32_t next) {
    if (code.size() > maxInstructions)
      return next;
    switch (node.kind) {
    case PatternNode::Character:
      return add({Instruction::Character, node.set, false, next, 0});
    case PatternNode::Next:
      return add({Instruction::Next, node.set, node.atEdge, next, 0});
    case PatternNode::Before:
      return add({Instruction::Before, node.set, node.atEdge, next, 0});
    case PatternNode::Sequence:
      for (size_t i = node.children.size(); i > 0; --i)
        next = emit(node.children[i - 1], next);
      return next;
    case PatternNode::Choice: {
      uint32_t begin = emit(node.children.back(), next);
      for (size_t i = node.children.size() - 1; i > 0; --i)
        begin = add({Instruction::Fork, 0, false, emit(node.children[i - 1], next), begin});
      return begin;
    }
    case PatternNode::Repeat:
      return repeat(node, next);
    default:
      return next;
    }
  }

private:
  uint32_t add(Instruction instruction) {
    code.push_back(instruction);
    return static_cast<uint32_t>(code.size() - 1);
  }
  uint32_t fork(bool lazy, uint32_t again, uint32_t leave) {
    return add({Instruction::Fork, 0, false, lazy ? leave : again, lazy ? again : leave});
  }

  uint32_t repeat(const PatternNode &node, uint32_t next) {
    const PatternNode &body = node.children[0];
    // Possessive: leaving early is only for want of another such character.
    uint32_t leave = next;
    if (node.possessive)
      leave = add({Instruction::Next, body.set | notSet, true, next, 0});
    uint32_t begin = next;
    if (node.most < 0) {
      uint32_t loop = add({Instruction::Fork, 0, false, 0, 0});
      uint32_t again = emit(body, loop);
      code[loop].to = node.lazy ? leave : again;
      code[loop].other = node.lazy ? again : leave;
      begin = loop;
    } else {
      for (int32_t i = node.least; i < node.most && code.size() <= maxInstructions; ++i)
        begin = fork(node.lazy, emit(body, begin), leave);
    }
    for (int32_t i = 0; i < node.least && code.size() <= maxInstructions; ++i)
      begin = emit(body, begin);
    return begin;
  }

public:
  static constexpr uint32_t notSet = 1u << 31;
};

class Determinizer {
public:
  Determinizer(const Compiler &compiler, uint32_t start, const CodePointClasses &classes, std::string &error)
      : code(compiler.code), start(start), signatures(classes.signatures), work(classes.work), error(error) {
    for (const Instruction &instruction : code)
      looksBack = looksBack || instruction.kind == Instruction::Before;
  }

  bool build(AutomatonTables &out) {
    uint32_t classes = static_cast<uint32_t>(signatures.size()), edge = classes;
    std::vector<uint16_t> firsts;
    for (uint32_t before = 0; before <= edge; ++before)
      firsts.push_back(stateOf({start}, before));
    for (size_t s = 0; s < lists.size(); ++s)
      for (uint32_t read = 0; read <= edge; ++read) {
        State state = lists[s]; // a copy: lists grows
        std::vector<uint32_t> next;
        bool matched = step(state, read, next);
        uint16_t to = next.empty() ? SINTER_STEP_DEAD : stateOf(std::move(next), read);
        steps.push_back(static_cast<uint16_t>(to | (matched ? SINTER_STEP_MATCH : 0)));
        if (work < 0 || lists.size() > maxStates)
          return error = "needs too many states", false;
      }
    return number(out, firsts);
  }

private:
  using State = std::pair<std::vector<uint32_t>, uint32_t>; // threads, class in front

  uint16_t stateOf(std::vector<uint32_t> threads, uint32_t before) {
    State state{std::move(threads), looksBack ? before : 0};
    auto [at, fresh] = known.emplace(state, static_cast<uint16_t>(lists.size()));
    if (fresh)
      lists.push_back(std::move(state));
    return at->second;
  }

  bool holds(const Instruction &assertion, uint32_t found) const {
    if (found == signatures.size())
      return assertion.atEdge;
    uint32_t set = assertion.set & ~Compiler::notSet;
    bool inside = signatures[found] >> set & 1;
    return inside != static_cast<bool>(assertion.set & Compiler::notSet);
  }

  /// Follows the threads in order up to the first that has matched; true when
  /// one has.
  bool step(const State &state, uint32_t read, std::vector<uint32_t> &next) {
    std::vector<bool> seen(code.size()), taken(code.size());
    work -= static_cast<int64_t>(code.size() / 64 + state.first.size());
    std::vector<uint32_t> stack(state.first.rbegin(), state.first.rend());
    while (!stack.empty()) {
      uint32_t at = stack.back();
      stack.pop_back();
      --work;
      if (seen[at])
        continue;
      seen[at] = true;
      const Instruction &instruction = code[at];
      switch (instruction.kind) {
      case Instruction::Match:
        return true;
      case Instruction::Fork:
        stack.push_back(instruction.other);
        stack.push_back(instruction.to);
        break;
      case Instruction::Next:
        if (holds(instruction, read))
          stack.push_back(instruction.to);
        break;
      case Instruction::Before:
        if (holds(instruction, state.second))
          stack.push_back(instruction.to);
        break;
      case Instruction::Character:
        if (read < signatures.size() && (signatures[read] >> instruction.set & 1) && !taken[instruction.to]) {
          taken[instruction.to] = true;
          next.push_back(instruction.to);
        }
        break;
      }
    }
    return false;
  }

  /// Watched states first: those left when all that have no matchless step in
  /// or out are taken away, again and again.
  bool number(AutomatonTables &out, const std::vector<uint16_t> &firsts) {
    size_t count = lists.size(), row = signatures.size() + 1;
    std::vector<bool> kept(count, true);
    for (bool changed = true; changed;) {
      changed = false;
      std::vector<bool> in(count), from(count);
      for (size_t s = 0; s < count; ++s)
        for (size_t c = 0; c + 1 < row && kept[s]; ++c) {
          uint16_t step = steps[s * row + c];
          if (step < SINTER_STEP_DEAD && kept[step])
            from[s] = in[step] = true;
        }
      for (size_t s = 0; s < count; ++s)
        if (kept[s] && !(in[s] && from[s])) {
          kept[s] = false;
          changed = true;
        }
    }
    std::vector<uint16_t> numbers(count), order;
    for (bool watched : {true, false}) {
      for (size_t s = 0; s < count; ++s)
        if (kept[s] == watched) {
          numbers[s] = static_cast<uint16_t>(order.size());
          order.push_back(static_cast<uint16_t>(s));
        }
      if (watched)
        out.watched = static_cast<uint32_t>(order.size());
    }
    if (out.watched > SINTER_TOKENIZER_MAX_WATCHED)
      return error = "can look too far ahead in too many ways", false;
    out.states = static_cast<uint32_t>(count);
    auto renamed = [&](uint16_t step) {
      uint16_t to = step & SINTER_STEP_DEAD;
      return static_cast<uint16_t>((step & SINTER_STEP_MATCH) | (to == SINTER_STEP_DEAD ? to : numbers[to]));
    };
    for (uint16_t s : order)
      for (size_t c = 0; c < row; ++c)
        out.steps.push_back(renamed(steps[s * row + c]));
    for (uint16_t first : firsts)
      out.steps.push_back(renamed(first));
    return true;
  }

  const std::vector<Instruction> &code;
  uint32_t start;
  const std::vector<uint64_t> &signatures;
  int64_t &work; // left
  std::string &error;
  bool looksBack = false;
  std::map<State, uint16_t> known;
  std::vector<State> lists;
  std::vector<uint16_t> steps;
};

} // namespace

bool buildAutomaton(const PatternNode &pattern, const CodePointClasses &classes, AutomatonTables &out,
                    std::string &error) {
  Compiler compiler;
  compiler.code.push_back(Instruction()); // the match
  uint32_t start = compiler.emit(pattern, 0);
  if (compiler.code.size() > maxInstructions) {
    error = "is too large";
    return false;
  }
  return Determinizer(compiler, start, classes, error).build(out);
}

} // namespace sinter::tokenizer

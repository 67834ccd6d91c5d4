// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A Unigram model learned from counted words: frequent substrings as seeds, then
// rounds of expectation and maximization (Bayesian, so that rare pieces die),
// each followed by dropping the pieces whose loss costs the likelihood least.
// The steps and constants are those of the Hugging Face library, which has them
// from SentencePiece; words come in a fixed order, so sums are always the same.

#include "frontend/tokenizer/Train.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <unordered_map>

namespace sinter::tokenizer {

namespace {

constexpr double unknownPenalty = 10.0, shrinking = 0.75, leastExpected = 0.5, stepOfRequired = 0.0001;
constexpr unsigned rounds = 2; // of expectation and maximization before pieces are dropped
constexpr size_t seedPieces = 1000000;
constexpr uint32_t none = 0xFFFFFFFF;

double digamma(double x) {
  double result = 0.0;
  for (; x < 7.0; x += 1.0)
    result -= 1.0 / x;
  x -= 0.5;
  double one = 1.0 / x, two = one * one, four = two * two;
  return result + std::log(x) + (1.0 / 24.0) * two - 7.0 / 960.0 * four + (31.0 / 8064.0) * four * two -
         (127.0 / 30720.0) * four * four;
}

double logOfSum(double x, double y) {
  double least = std::min(x, y), most = std::max(x, y);
  return most > least + 50.0 ? most : most + std::log(std::exp(least - most) + 1.0);
}

using Codes = std::u32string;

Codes codesOf(std::string_view text) {
  Codes out;
  for (size_t at = 0; at < text.size();) {
    uint8_t lead = static_cast<uint8_t>(text[at]);
    unsigned length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    char32_t code = length == 1 ? lead : lead & (0x7F >> length);
    for (unsigned i = 1; i < length && at + i < text.size(); ++i)
      code = code << 6 | (static_cast<uint8_t>(text[at + i]) & 0x3F);
    out.push_back(code);
    at += length;
  }
  return out;
}

std::string textOf(const Codes &codes) {
  std::string out;
  for (char32_t code : codes) {
    if (code < 0x80) {
      out.push_back(static_cast<char>(code));
      continue;
    }
    unsigned more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    out.push_back(static_cast<char>((more == 1 ? 0xC0 : more == 2 ? 0xE0 : 0xF0) | code >> (6 * more)));
    while (more-- > 0)
      out.push_back(static_cast<char>(0x80 | (code >> (6 * more) & 0x3F)));
  }
  return out;
}

struct Piece {
  Codes text;
  double score;
};

/// Pieces by their characters: a trie in a hash table.
class PieceTrie {
public:
  explicit PieceTrie(const std::vector<Piece> &pieces) {
    for (uint32_t id = 1; id < pieces.size(); ++id) { // the unknown one is no text
      uint32_t node = 0;
      for (char32_t code : pieces[id].text) {
        auto [at, fresh] = children.emplace(keyOf(node, code), static_cast<uint32_t>(ids.size()));
        if (fresh)
          ids.push_back(none);
        node = at->second;
      }
      ids[node] = id;
    }
  }
  uint32_t child(uint32_t node, char32_t code) const {
    auto at = children.find(keyOf(node, code));
    return at == children.end() ? none : at->second;
  }
  uint32_t idAt(uint32_t node) const { return ids[node]; }

private:
  static uint64_t keyOf(uint32_t node, char32_t code) { return static_cast<uint64_t>(node) << 21 | code; }
  std::unordered_map<uint64_t, uint32_t> children;
  std::vector<uint32_t> ids = {none};
};

/// All pieces of one word, by where they begin and where they end.
class Lattice {
public:
  struct Node {
    uint32_t id, begin, end;
    double score, best;
    uint32_t before; // on the best way
  };

  void fill(const Codes &word, const std::vector<Piece> &pieces, const PieceTrie &trie, double unknownScore) {
    size = static_cast<uint32_t>(word.size());
    nodes.clear();
    if (beginning.size() < size + 1) {
      beginning.resize(size + 1);
      ending.resize(size + 1);
    }
    for (uint32_t i = 0; i <= size; ++i) {
      beginning[i].clear();
      ending[i].clear();
    }
    for (uint32_t at = 0; at < size; ++at) {
      bool single = false;
      uint32_t node = 0;
      for (uint32_t end = at; end < size && (node = trie.child(node, word[end])) != none; ++end) {
        uint32_t id = trie.idAt(node);
        if (id == none)
          continue;
        add(id, at, end + 1, pieces[id].score);
        single = single || end == at;
      }
      if (!single)
        add(0, at, at + 1, unknownScore);
    }
  }

  /// Ids of the best way; the first of equals.
  void bestPath(std::vector<uint32_t> &ids) {
    forward();
    ids.clear();
    for (uint32_t at = bestAt(size); at != none; at = nodes[at].before)
      ids.push_back(nodes[at].id);
    std::reverse(ids.begin(), ids.end());
  }

  /// Of the best two ways the second, if there is one; the first must be `alone`.
  bool secondPath(uint32_t alone, std::vector<uint32_t> &ids) {
    // A piece's own node is the only way of one step: without it the best is the second.
    for (Node &node : nodes)
      if (node.id == alone && node.begin == 0 && node.end == size)
        node.score = -std::numeric_limits<double>::infinity();
    forward();
    uint32_t last = bestAt(size);
    if (last == none || std::isinf(nodes[last].best))
      return false;
    ids.clear();
    for (uint32_t at = last; at != none; at = nodes[at].before)
      ids.push_back(nodes[at].id);
    return true;
  }

  /// Adds how often each piece is expected in `count` of the word; its log-likelihood.
  double expect(double count, std::vector<double> &expected) {
    alpha.assign(nodes.size(), 0.0);
    beta.assign(nodes.size(), 0.0);
    auto sums = [&](const std::vector<uint32_t> &of, const std::vector<double> &with) {
      double sum = 0.0;
      for (size_t i = 0; i < of.size(); ++i) {
        double one = nodes[of[i]].score + with[of[i]];
        sum = i == 0 ? one : logOfSum(sum, one);
      }
      return sum;
    };
    for (uint32_t at = 1; at < size; ++at) {
      double sum = sums(ending[at], alpha);
      for (uint32_t node : beginning[at])
        alpha[node] = sum;
    }
    for (uint32_t at = size - 1; at > 0; --at) {
      double sum = sums(beginning[at], beta);
      for (uint32_t node : ending[at])
        beta[node] = sum;
    }
    double all = sums(ending[size], alpha);
    for (size_t i = 0; i < nodes.size(); ++i)
      expected[nodes[i].id] += count * std::exp(alpha[i] + nodes[i].score + beta[i] - all);
    return count * all;
  }

private:
  void add(uint32_t id, uint32_t begin, uint32_t end, double score) {
    beginning[begin].push_back(static_cast<uint32_t>(nodes.size()));
    ending[end].push_back(static_cast<uint32_t>(nodes.size()));
    nodes.push_back({id, begin, end, score, 0.0, none});
  }
  uint32_t bestAt(uint32_t at) const {
    uint32_t best = none;
    for (uint32_t node : ending[at])
      if (best == none || nodes[node].best > nodes[best].best)
        best = node;
    return best;
  }
  void forward() {
    for (uint32_t at = 0; at < size; ++at) {
      uint32_t before = at == 0 ? none : bestAt(at);
      for (uint32_t node : beginning[at]) {
        nodes[node].before = before;
        nodes[node].best = nodes[node].score + (before == none ? 0.0 : nodes[before].best);
      }
    }
  }

  uint32_t size = 0;
  std::vector<Node> nodes;
  std::vector<std::vector<uint32_t>> beginning, ending;
  std::vector<double> alpha, beta;
};

class UnigramTrainer {
public:
  UnigramTrainer(const std::vector<WordCount> &words, const TrainOptions &options)
      : options(options), longest(options.maxTokenLength ? options.maxTokenLength : 16) {
    for (const auto &[word, count] : words)
      if (!word.empty())
        sentences.emplace_back(codesOf(word), static_cast<double>(count));
  }

  TrainedPieces train() {
    seed();
    size_t wanted = options.vocabularySize * 11 / 10;
    for (;;) {
      for (unsigned i = 0; i < rounds; ++i)
        maximize(expect());
      if (pieces.size() <= wanted)
        break;
      size_t before = pieces.size();
      prune(wanted);
      if (pieces.size() == before)
        break; // all that is left must stay
    }
    return finish();
  }

private:
  double unknownScore() const {
    double least = std::numeric_limits<double>::infinity();
    for (size_t i = 1; i < pieces.size(); ++i)
      least = std::min(least, pieces[i].score);
    return least - unknownPenalty;
  }

  /// Every character, and every substring that stands twice in the words and is
  /// followed by different characters, by how much of them it covers.
  void seed() {
    std::vector<uint32_t> flat, places, common;
    std::map<char32_t, double> counts;
    std::map<char32_t, uint32_t> numbers;
    for (const auto &[word, count] : sentences)
      for (char32_t code : word)
        counts[code] += count;
    for (const auto &[code, count] : counts)
      numbers.emplace(code, static_cast<uint32_t>(numbers.size()) + 1);
    for (const auto &[word, count] : sentences) {
      for (char32_t code : word)
        flat.push_back(numbers[code]);
      flat.push_back(0);
    }
    sortSuffixes(flat, places, common);
    std::vector<std::pair<double, Codes>> found;
    collect(flat, places, common, counts, found);
    std::vector<std::pair<double, char32_t>> singles;
    for (const auto &[code, count] : counts)
      if (code != 0)
        singles.emplace_back(count, code);
    std::sort(singles.rbegin(), singles.rend());
    std::sort(found.rbegin(), found.rend());
    pieces = {{Codes(), 0.0}};
    for (const auto &[count, code] : singles)
      pieces.push_back({Codes(1, code), count});
    for (const auto &[score, text] : found) {
      if (pieces.size() > seedPieces)
        break;
      pieces.push_back({text, score});
    }
    double sum = 0.0;
    for (size_t i = 1; i < pieces.size(); ++i)
      sum += pieces[i].score;
    for (size_t i = 1; i < pieces.size(); ++i)
      pieces[i].score = std::log(pieces[i].score) - std::log(sum);
  }

  /// The inner nodes of the suffix tree: stretches of the sorted suffixes that
  /// have more in common than their neighbours.
  void collect(const std::vector<uint32_t> &flat, const std::vector<uint32_t> &places,
               const std::vector<uint32_t> &common, const std::map<char32_t, double> &counts,
               std::vector<std::pair<double, Codes>> &found) const {
    std::vector<char32_t> codes = {0};
    for (const auto &[code, count] : counts)
      codes.push_back(code);
    struct Open {
      uint32_t length, first;
    };
    std::vector<Open> open;
    auto close = [&](const Open &node, uint32_t end) {
      uint32_t at = places[node.first];
      // A boundary inside is inside for all: look no further than it may reach.
      if (node.length < 2 || node.length > longest)
        return;
      Codes text;
      for (uint32_t i = 0; i < node.length; ++i) {
        if (flat[at + i] == 0)
          return;
        text.push_back(codes[flat[at + i]]);
      }
      found.emplace_back(static_cast<double>(end - node.first) * node.length, std::move(text));
    };
    uint32_t size = static_cast<uint32_t>(places.size());
    for (uint32_t i = 1; i <= size; ++i) {
      uint32_t length = i < size ? common[i] : 0, first = i - 1;
      while (!open.empty() && open.back().length > length) {
        first = open.back().first;
        close(open.back(), i);
        open.pop_back();
      }
      if (length > 0 && (open.empty() || open.back().length < length))
        open.push_back({length, first});
    }
  }

  std::vector<double> expect() {
    PieceTrie trie(pieces);
    double unknown = unknownScore();
    std::vector<double> expected(pieces.size(), 0.0);
    for (const auto &[word, count] : sentences) {
      lattice.fill(word, pieces, trie, unknown);
      lattice.expect(count, expected);
    }
    return expected;
  }

  void maximize(const std::vector<double> &expected) {
    std::vector<Piece> kept = {pieces[0]};
    double sum = 0.0;
    for (size_t i = 1; i < pieces.size(); ++i) {
      if (expected[i] < leastExpected)
        continue;
      kept.push_back({std::move(pieces[i].text), expected[i]});
      sum += expected[i];
    }
    double logSum = digamma(sum);
    for (size_t i = 1; i < kept.size(); ++i)
      kept[i].score = digamma(kept[i].score) - logSum;
    pieces = std::move(kept);
  }

  /// What each piece would be cut into if it were not there; empty: must stay.
  std::vector<std::vector<uint32_t>> alternatives(const PieceTrie &trie, double unknown, std::vector<bool> &keep) {
    std::vector<std::vector<uint32_t>> out(pieces.size());
    std::vector<uint32_t> best, second;
    keep.assign(pieces.size(), true);
    for (uint32_t id = 1; id < pieces.size(); ++id) {
      lattice.fill(pieces[id].text, pieces, trie, unknown);
      lattice.bestPath(best);
      if (best.size() >= 2)
        keep[id] = false;
      else if (lattice.secondPath(best[0], second))
        out[id] = second;
    }
    return out;
  }

  void prune(size_t wanted) {
    PieceTrie trie(pieces);
    double unknown = unknownScore(), all = 0.0;
    std::vector<bool> keep;
    std::vector<std::vector<uint32_t>> others = alternatives(trie, unknown, keep);
    // How often each piece is used, and how many words use it.
    std::vector<double> used(pieces.size(), 0.0);
    std::vector<uint32_t> path;
    for (const auto &[word, count] : sentences) {
      lattice.fill(word, pieces, trie, unknown);
      lattice.bestPath(path);
      all += count;
      for (uint32_t id : path)
        used[id] += count;
    }
    double sum = 0.0;
    for (double count : used)
      sum += count;
    std::vector<Piece> kept = {pieces[0]};
    std::vector<std::pair<double, uint32_t>> candidates;
    for (uint32_t id = 1; id < pieces.size(); ++id) {
      if (used[id] == 0.0 && !keep[id])
        continue;
      if (others[id].empty()) {
        kept.push_back(pieces[id]);
        continue;
      }
      if (used[id] == 0.0)
        continue;
      // Its uses become uses of what it would be cut into.
      double logSum = std::log(sum + used[id] * static_cast<double>(others[id].size() - 1)), likelihood = 0.0;
      for (uint32_t other : others[id])
        likelihood += std::log(used[other] + used[id]) - logSum;
      candidates.emplace_back(used[id] / all * (std::log(used[id]) - std::log(sum) - likelihood), id);
    }
    size_t size = std::max(wanted, static_cast<size_t>(static_cast<double>(pieces.size()) * shrinking));
    std::sort(candidates.begin(), candidates.end(), [](const auto &a, const auto &b) {
      return a.first != b.first ? a.first > b.first : a.second < b.second;
    });
    for (const auto &[loss, id] : candidates) {
      if (kept.size() >= size)
        break;
      kept.push_back(pieces[id]);
    }
    pieces = std::move(kept);
  }

  /// Characters that have no piece get one; then the best fill the vocabulary.
  TrainedPieces finish() {
    std::map<Codes, double> known, chosen;
    std::set<Codes> required;
    double least = std::numeric_limits<double>::infinity(), penalty = 0.0;
    for (size_t i = 1; i < pieces.size(); ++i) {
      known.emplace(pieces[i].text, pieces[i].score);
      least = std::min(least, pieces[i].score);
    }
    for (const auto &[word, count] : sentences)
      for (char32_t code : word)
        required.insert(Codes(1, code));
    for (const Codes &text : required) {
      auto at = known.find(text);
      chosen[text] = at != known.end() ? at->second : least + penalty;
      penalty += at != known.end() ? 0.0 : stepOfRequired;
    }
    // The unknown one and the special ones take places, too.
    std::set<std::string> reserved(options.special.begin(), options.special.end());
    reserved.insert(options.unknown);
    size_t room = options.vocabularySize > reserved.size() ? options.vocabularySize - reserved.size() : 0;
    for (size_t i = 1; i < pieces.size() && chosen.size() < room; ++i)
      chosen.emplace(pieces[i].text, pieces[i].score);
    std::vector<std::pair<double, Codes>> sorted;
    for (const auto &[text, score] : chosen)
      sorted.emplace_back(score, text);
    std::sort(sorted.begin(), sorted.end(), [](const auto &a, const auto &b) {
      return a.first != b.first ? a.first > b.first : a.second < b.second;
    });
    TrainedPieces out;
    for (const std::string &token : options.special)
      out.pieces.emplace_back(token, 0.0);
    if (std::find(options.special.begin(), options.special.end(), options.unknown) == options.special.end())
      out.pieces.insert(out.pieces.begin(), {options.unknown, 0.0});
    for (const auto &[score, text] : sorted)
      if (std::string word = textOf(text); !reserved.count(word))
        out.pieces.emplace_back(std::move(word), score);
    return out;
  }

  const TrainOptions &options;
  size_t longest;
  std::vector<std::pair<Codes, double>> sentences;
  std::vector<Piece> pieces; // the first is the unknown one
  Lattice lattice;
};

} // namespace

TrainedPieces trainUnigram(const std::vector<WordCount> &words, const TrainOptions &options) {
  return UnigramTrainer(words, options).train();
}

} // namespace sinter::tokenizer

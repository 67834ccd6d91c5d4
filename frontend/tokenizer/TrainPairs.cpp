// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Byte-pair encoding learned from counted words: the most frequent pair of
// neighbours becomes a token, again and again. A queue holds pairs, each with
// the words that have it and a count that may be too high; what comes out with
// an old count goes in again. As in the Hugging Face library a pair may be in
// the queue twice (two ways lead to one token): then it merges twice, and the
// later rank counts.

#include "frontend/tokenizer/Train.h"

#include <algorithm>
#include <deque>
#include <limits>
#include <queue>
#include <unordered_map>

namespace sinter::tokenizer {

namespace {

/// Of a token, in characters: SINTER_TOKENIZER_MAX_TOKEN_BYTES holds for any.
constexpr uint64_t maxLength = 1000;

using Pair = uint64_t; // left id above, right id below
Pair pairOf(uint32_t left, uint32_t right) { return static_cast<uint64_t>(left) << 32 | right; }

struct Symbol {
  uint32_t id;
  uint32_t length; // in characters
};

/// UTF-8 cut into its characters.
std::vector<std::string_view> charactersOf(std::string_view word) {
  std::vector<std::string_view> out;
  for (size_t at = 0, end; at < word.size(); at = end) {
    end = at + 1;
    while (end < word.size() && (static_cast<uint8_t>(word[end]) & 0xC0) == 0x80)
      ++end;
    out.push_back(word.substr(at, end - at));
  }
  return out;
}

class PairTrainer {
public:
  PairTrainer(const std::vector<WordCount> &words, const TrainOptions &options, const std::string &prefix)
      : counted(words), options(options), prefix(prefix),
        longest(options.maxTokenLength ? std::min(options.maxTokenLength, maxLength) : maxLength) {}

  TrainedPairs train() {
    for (const std::string &token : options.special)
      idOf(token);
    addAlphabet();
    cutWords();
    countPairs();
    while (out.vocabulary.size() < options.vocabularySize && mergeNext()) {
    }
    for (size_t rank = 0; rank < merged.size(); ++rank)
      if (ranks[merged[rank]] == rank)
        out.merges.emplace_back(out.vocabulary[merged[rank] >> 32], out.vocabulary[static_cast<uint32_t>(merged[rank])]);
    return std::move(out);
  }

private:
  struct Known {
    int64_t count = 0;
    uint64_t seen = 0; // the order in which pairs came up
  };
  struct Candidate {
    int64_t count;
    uint64_t order; // the smaller of equals first
    Pair pair;
    size_t words; // which of `wordLists`
    bool operator<(const Candidate &other) const {
      return count != other.count ? count < other.count : order > other.order;
    }
  };

  uint32_t idOf(const std::string &token) {
    auto [at, fresh] = ids.emplace(token, static_cast<uint32_t>(out.vocabulary.size()));
    if (fresh)
      out.vocabulary.push_back(token);
    return at->second;
  }

  /// The most frequent characters, in the order of their code points; those of
  /// the byte-level alphabet always.
  void addAlphabet() {
    std::map<std::string, uint64_t> counts; // in UTF-8, bytes are in the order of code points
    for (const auto &[word, count] : counted)
      for (std::string_view character : charactersOf(word))
        counts[std::string(character)] += count;
    if (options.byteLevel)
      for (uint32_t byte = 0; byte < 256; ++byte)
        counts[byteCharacter(static_cast<uint8_t>(byte))] = std::numeric_limits<uint64_t>::max();
    std::vector<std::pair<uint64_t, std::string>> kept;
    for (const auto &[character, count] : counts)
      kept.emplace_back(count, character);
    if (options.limitAlphabet && kept.size() > options.limitAlphabet) {
      std::sort(kept.begin(), kept.end(), [](const auto &a, const auto &b) {
        return a.first != b.first ? a.first > b.first : a.second < b.second;
      });
      kept.resize(options.limitAlphabet);
      std::sort(kept.begin(), kept.end(), [](const auto &a, const auto &b) { return a.second < b.second; });
    }
    for (const auto &[count, character] : kept)
      idOf(character);
  }

  static std::string byteCharacter(uint8_t byte) {
    // The alphabet of runtime/text/Utf8.h.
    uint32_t code = byte <= 32                  ? 0x100u + byte
                    : byte >= 127 && byte <= 160 ? 0x100u + byte - 127 + 33
                    : byte == 173               ? 0x143u
                                                : byte;
    if (code < 0x80)
      return std::string(1, static_cast<char>(code));
    return {static_cast<char>(0xC0 | code >> 6), static_cast<char>(0x80 | (code & 0x3F))};
  }

  /// Words as symbols. Characters outside the alphabet are left out.
  void cutWords() {
    for (const auto &[word, count] : counted) {
      std::vector<Symbol> &symbols = words.emplace_back();
      std::vector<std::string_view> characters = charactersOf(word);
      for (size_t i = 0; i < characters.size(); ++i) {
        std::string character(characters[i]);
        if (!ids.count(character))
          continue;
        symbols.push_back({idOf(i > 0 ? prefix + character : character), 1});
      }
    }
  }

  void countPairs() {
    for (uint32_t w = 0; w < words.size(); ++w)
      for (size_t i = 0; i + 1 < words[w].size(); ++i)
        change(pairOf(words[w][i].id, words[w][i + 1].id), w, static_cast<int64_t>(counted[w].count));
    offerChanged();
  }

  /// Occurrences more or less of a pair in a word.
  void change(Pair pair, uint32_t word, int64_t count) {
    auto [at, fresh] = pairs.try_emplace(pair);
    if (fresh)
      at->second.seen = pairs.size();
    at->second.count += count;
    if (count <= 0)
      return;
    auto [list, first] = changed.try_emplace(pair, wordLists.size());
    if (first)
      wordLists.emplace_back();
    std::vector<uint32_t> &words = wordLists[list->second];
    if (words.empty() || words.back() != word) // words come in order
      words.push_back(word);
  }

  void offerChanged() {
    for (const auto &[pair, list] : changed) {
      const Known &known = pairs[pair];
      if (known.count > 0)
        queue.push({known.count, options.firstOfEquals ? known.seen : pair, pair, list});
    }
    changed.clear();
  }

  bool mergeNext() {
    while (!queue.empty()) {
      Candidate top = queue.top();
      queue.pop();
      int64_t count = pairs[top.pair].count;
      if (top.count != count) {
        top.count = count;
        queue.push(top);
        continue;
      }
      if (count < 1 || count < static_cast<int64_t>(options.minFrequency))
        return false;
      merge(top.pair, std::move(wordLists[top.words]));
      return true;
    }
    return false;
  }

  void merge(Pair pair, const std::vector<uint32_t> &where) {
    uint32_t left = static_cast<uint32_t>(pair >> 32), right = static_cast<uint32_t>(pair);
    std::string first = out.vocabulary[left], second = out.vocabulary[right];
    std::string_view tail = second;
    if (!prefix.empty() && tail.starts_with(prefix))
      tail.remove_prefix(prefix.size());
    uint32_t id = idOf(first + std::string(tail));
    ranks[pair] = merged.size();
    merged.push_back(pair);
    for (uint32_t w : where)
      mergeIn(w, left, right, id);
    offerChanged();
  }

  void mergeIn(uint32_t w, uint32_t left, uint32_t right, uint32_t id) {
    std::vector<Symbol> &symbols = words[w];
    int64_t count = static_cast<int64_t>(counted[w].count);
    size_t to = 0;
    for (size_t i = 0; i < symbols.size();) {
      if (i + 1 == symbols.size() || symbols[i].id != left || symbols[i + 1].id != right) {
        symbols[to++] = symbols[i++];
        continue;
      }
      Symbol joined = {id, symbols[i].length + symbols[i + 1].length};
      // Neighbours in front are those of the word as it is becoming.
      if (to > 0) {
        change(pairOf(symbols[to - 1].id, left), w, -count);
        if (symbols[to - 1].length + joined.length < longest)
          change(pairOf(symbols[to - 1].id, id), w, count);
      }
      if (i + 2 < symbols.size()) {
        change(pairOf(right, symbols[i + 2].id), w, -count);
        if (symbols[i + 2].length + joined.length < longest)
          change(pairOf(id, symbols[i + 2].id), w, count);
      }
      symbols[to++] = joined;
      i += 2;
    }
    symbols.resize(to);
  }

  const std::vector<WordCount> &counted;
  const TrainOptions &options;
  const std::string &prefix;
  uint64_t longest;
  TrainedPairs out;
  std::unordered_map<std::string, uint32_t> ids;
  std::vector<std::vector<Symbol>> words;
  std::unordered_map<Pair, Known> pairs;
  std::map<Pair, size_t> changed; // since the last merge, and their words
  std::deque<std::vector<uint32_t>> wordLists;
  std::vector<Pair> merged;
  std::unordered_map<Pair, size_t> ranks;
  std::priority_queue<Candidate> queue;
};

} // namespace

TrainedPairs trainPairs(const std::vector<WordCount> &words, const TrainOptions &options, const std::string &prefix) {
  return PairTrainer(words, options, prefix).train();
}

} // namespace sinter::tokenizer

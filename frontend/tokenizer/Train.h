// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Learning a tokenizer: texts enter, a tokenizer.json leaves. Words are cut by
// the same pipeline that will cut them later; the learners are those of the
// Hugging Face tokenizers library, made deterministic: the same texts in the
// same order give the same bytes.

#ifndef SINTER_FRONTEND_TOKENIZER_TRAIN_H
#define SINTER_FRONTEND_TOKENIZER_TRAIN_H

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sinter::tokenizer {

struct TrainOptions {
  enum Kind { BytePairs, WordPiece, Unigram } kind = BytePairs;
  uint64_t vocabularySize = 30000;
  /// BPE on bytes, cut as GPT-2 does; else words are what lies between spaces.
  bool byteLevel = false;
  bool lowercase = true; ///< WordPiece: as BERT's uncased models
  std::vector<std::string> special;
  uint64_t minFrequency = 0;    ///< of a pair that merges
  uint64_t limitAlphabet = 0;   ///< 0: none
  uint64_t maxTokenLength = 0;  ///< in characters; 0: none (Unigram: 16)
  /// Of equally frequent pairs: that of the smaller ids, as the library, or the
  /// one that the text had first.
  bool firstOfEquals = false;
  std::string unknown; ///< "" for that of the kind
};

/// Takes text piece by piece (any cut; lines are put together, and each is a
/// text), then learns. Of more than eight million different words those that
/// came once so far are forgotten.
class Trainer {
public:
  explicit Trainer(TrainOptions options);
  ~Trainer();
  Trainer(const Trainer &) = delete;

  /// False with `error` when the options contradict. Before the first add().
  bool start(std::string &error);
  /// False when memory is short.
  bool add(std::string_view text);
  /// What was added last ends here, as at the end of a line.
  bool endText();
  /// The tokenizer.json; "" with `error` when there is nothing to learn from.
  std::string finish(std::string &error);

private:
  struct State;
  std::unique_ptr<State> state;
};

/// Words, how often, in the order of their first appearance.
struct WordCount {
  std::string word;
  uint64_t count = 0;
};

struct TrainedPairs {
  std::vector<std::string> vocabulary; ///< by id
  std::vector<std::pair<std::string, std::string>> merges;
};
/// `prefix` goes in front of all but the first character of a word.
TrainedPairs trainPairs(const std::vector<WordCount> &words, const TrainOptions &options, const std::string &prefix);

struct TrainedPieces {
  std::vector<std::pair<std::string, double>> pieces; ///< by id, the unknown one first
};
TrainedPieces trainUnigram(const std::vector<WordCount> &words, const TrainOptions &options);

/// Places of all suffixes in their order, and how much each has in common with
/// the one before. `text` holds small numbers.
void sortSuffixes(const std::vector<uint32_t> &text, std::vector<uint32_t> &places, std::vector<uint32_t> &common);

} // namespace sinter::tokenizer

#endif // SINTER_FRONTEND_TOKENIZER_TRAIN_H

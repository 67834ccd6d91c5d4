// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See Train.h: which pipeline goes with which learner, counting words, and the
// tokenizer.json around what was learned.

#include "frontend/tokenizer/Train.h"
#include "frontend/tokenizer/Tokenizer.h"
#include "runtime/format/Json.h"
#include "runtime/text/Internal.h"

#include <algorithm>
#include <cstdio>
#include <unordered_map>

namespace sinter::tokenizer {

using format::jsonQuote;

namespace {

constexpr size_t maxWords = 1 << 23;
constexpr size_t maxUnigramWord = 4096; // bytes; longer ones are learned from in parts

/// The members of a tokenizer.json beside the model.
struct Frame {
  std::string normalizer = "null", preTokenizer = "null", decoder = "null", postProcessor = "null";
};

const char *const metaspace = R"({"type":"Metaspace","replacement":"▁","prepend_scheme":"always","split":true})";

Frame frameOf(const TrainOptions &options) {
  Frame frame;
  switch (options.kind) {
  case TrainOptions::BytePairs:
    frame.preTokenizer = R"({"type":"WhitespaceSplit"})";
    if (options.byteLevel) {
      std::string level = R"({"type":"ByteLevel","add_prefix_space":false,"trim_offsets":)";
      frame.preTokenizer = level + R"(true,"use_regex":true})";
      frame.decoder = frame.preTokenizer;
      frame.postProcessor = level + R"(false,"use_regex":true})";
    }
    break;
  case TrainOptions::WordPiece:
    frame.normalizer =
        std::string(R"({"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,"strip_accents":null,)") +
        R"("lowercase":)" + (options.lowercase ? "true}" : "false}");
    frame.preTokenizer = R"({"type":"BertPreTokenizer"})";
    frame.decoder = R"({"type":"WordPiece","prefix":"##","cleanup":true})";
    break;
  case TrainOptions::Unigram:
    frame.normalizer = R"({"type":"Sequence","normalizers":[{"type":"Nmt"},{"type":"NFKC"},)"
                       R"({"type":"Replace","pattern":{"Regex":" {2,}"},"content":" "}]})";
    frame.preTokenizer = frame.decoder = metaspace;
    break;
  }
  return frame;
}

std::string numberText(double value) {
  char buffer[40];
  std::snprintf(buffer, sizeof(buffer), "%.17g", value);
  return buffer;
}

} // namespace

struct Trainer::State {
  TrainOptions options;
  Frame frame;
  std::string blob, line;
  SinterTokenizer view = {};
  std::vector<WordCount> words;
  std::unordered_map<std::string, size_t> places;

  void count(std::string_view word) {
    auto [at, fresh] = places.emplace(word, words.size());
    if (fresh)
      words.push_back({std::string(word), 0});
    ++words[at->second].count;
    if (words.size() > maxWords)
      forget();
  }

  /// Words that came once, and then the first half of all if there is no other.
  void forget() {
    std::vector<WordCount> kept;
    for (WordCount &word : words)
      if (word.count > 1)
        kept.push_back(std::move(word));
    if (kept.size() > maxWords / 2)
      kept.resize(maxWords / 2);
    words = std::move(kept);
    places.clear();
    for (size_t i = 0; i < words.size(); ++i)
      places.emplace(words[i].word, i);
  }

  static bool onWord(void *context, text::Slice word) {
    State &state = *static_cast<State *>(context);
    std::string_view text(reinterpret_cast<const char *>(word.data), word.size);
    while (state.options.kind == TrainOptions::Unigram && text.size() > maxUnigramWord) {
      size_t end = maxUnigramWord;
      while ((static_cast<uint8_t>(text[end]) & 0xC0) == 0x80)
        --end;
      state.count(text.substr(0, end));
      text.remove_prefix(end);
    }
    state.count(text);
    return true;
  }

  bool flush() {
    bool ok = line.empty() || text::cutWords(view, line.data(), line.size(), onWord, this);
    line.clear();
    return ok;
  }

  std::string tokenizerJson(const std::string &model, const std::vector<std::string> &vocabulary) const;
  std::string pairsModel(const TrainedPairs &trained) const;
  std::string piecesModel(const TrainedPieces &trained) const;
};

Trainer::Trainer(TrainOptions options) : state(std::make_unique<State>()) { state->options = std::move(options); }
Trainer::~Trainer() = default;

bool Trainer::start(std::string &error) {
  TrainOptions &options = state->options;
  if (options.byteLevel && options.kind != TrainOptions::BytePairs) {
    error = "only BPE can be learned on bytes";
    return false;
  }
  if (options.unknown.empty() && !options.byteLevel)
    options.unknown = options.kind == TrainOptions::WordPiece ? "[UNK]" : "<unk>";
  std::vector<std::string> &special = options.special;
  if (!options.unknown.empty() && std::find(special.begin(), special.end(), options.unknown) == special.end())
    special.insert(special.begin(), options.unknown);
  for (size_t i = 0; i < special.size(); ++i)
    if (special[i].empty() || std::find(special.begin(), special.begin() + static_cast<long>(i), special[i]) !=
                                  special.begin() + static_cast<long>(i)) {
      error = special[i].empty() ? "a special token is empty"
                                 : "the special token " + format::quoteForMessage(special[i]) + " is given twice";
      return false;
    }
  if (options.vocabularySize > (1u << 22) || options.vocabularySize <= special.size()) {
    error = "a vocabulary of " + std::to_string(options.vocabularySize) + " tokens is not possible, between " +
            std::to_string(special.size() + 1) + " and " + std::to_string(1u << 22) + " is";
    return false;
  }
  state->frame = frameOf(options);
  const Frame &frame = state->frame;
  auto compiled = compileTokenizerJson(R"({"normalizer":)" + frame.normalizer + R"(,"pre_tokenizer":)" +
                                           frame.preTokenizer +
                                           R"(,"model":{"type":"BPE","vocab":{"a":0},"merges":[]}})",
                                       "tokenizer.json", error);
  if (!compiled)
    return false;
  state->blob = std::move(compiled->blob);
  const char *message = "";
  if (sinterTokenizerOpen(&state->view, state->blob.data(), state->blob.size(), &message) != SINTER_TOKENIZER_OK) {
    error = message;
    return false;
  }
  return true;
}

bool Trainer::add(std::string_view text) {
  while (!text.empty()) {
    size_t end = text.find('\n');
    state->line += text.substr(0, end == std::string_view::npos ? end : end + 1);
    if (end == std::string_view::npos)
      return true;
    text.remove_prefix(end + 1);
    if (!state->flush())
      return false;
  }
  return true;
}

bool Trainer::endText() { return state->flush(); }

std::string Trainer::State::pairsModel(const TrainedPairs &trained) const {
  bool wordPiece = options.kind == TrainOptions::WordPiece;
  std::string unknown = options.unknown.empty() ? "null" : jsonQuote(options.unknown);
  std::string out = wordPiece ? R"({"type":"WordPiece","unk_token":)" + unknown +
                                    R"(,"continuing_subword_prefix":"##","max_input_chars_per_word":100,"vocab":{)"
                              : R"({"type":"BPE","dropout":null,"unk_token":)" + unknown +
                                    R"(,"continuing_subword_prefix":null,"end_of_word_suffix":null,"fuse_unk":false,)" +
                                    R"("byte_fallback":false,"ignore_merges":false,"vocab":{)";
  for (size_t id = 0; id < trained.vocabulary.size(); ++id)
    out += (id ? "," : "") + jsonQuote(trained.vocabulary[id]) + ":" + std::to_string(id);
  out += "}";
  if (wordPiece)
    return out + "}";
  out += R"(,"merges":[)";
  for (size_t i = 0; i < trained.merges.size(); ++i)
    out += (i ? ",[" : "[") + jsonQuote(trained.merges[i].first) + "," + jsonQuote(trained.merges[i].second) + "]";
  return out + "]}";
}

std::string Trainer::State::piecesModel(const TrainedPieces &trained) const {
  size_t unknown = 0;
  std::string pieces;
  for (size_t id = 0; id < trained.pieces.size(); ++id) {
    const auto &[text, score] = trained.pieces[id];
    if (text == options.unknown)
      unknown = id;
    pieces += (id ? ",[" : "[") + jsonQuote(text) + "," + numberText(score) + "]";
  }
  return R"({"type":"Unigram","unk_id":)" + std::to_string(unknown) + R"(,"vocab":[)" + pieces +
         R"(],"byte_fallback":false})";
}

std::string Trainer::State::tokenizerJson(const std::string &model, const std::vector<std::string> &vocabulary) const {
  auto idOf = [&](std::string_view token) {
    return std::find(vocabulary.begin(), vocabulary.end(), token) - vocabulary.begin();
  };
  auto isSpecial = [&](std::string_view token) {
    return std::find(options.special.begin(), options.special.end(), token) != options.special.end();
  };
  std::string added, post = frame.postProcessor;
  for (const std::string &token : options.special)
    added += (added.empty() ? "" : ",") + (R"({"id":)" + std::to_string(idOf(token))) + R"(,"content":)" +
             jsonQuote(token) +
             R"(,"single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true})";
  if (options.kind == TrainOptions::WordPiece && isSpecial("[CLS]") && isSpecial("[SEP]"))
    post = R"({"type":"BertProcessing","sep":["[SEP]",)" + std::to_string(idOf("[SEP]")) + R"(],"cls":["[CLS]",)" +
           std::to_string(idOf("[CLS]")) + "]}";
  return R"({"version":"1.0","truncation":null,"padding":null,"added_tokens":[)" + added + R"(],"normalizer":)" +
         frame.normalizer + R"(,"pre_tokenizer":)" + frame.preTokenizer + R"(,"post_processor":)" + post +
         R"(,"decoder":)" + frame.decoder + R"(,"model":)" + model + "}\n";
}

std::string Trainer::finish(std::string &error) {
  if (!state->flush()) {
    error = "out of memory while cutting text into words";
    return "";
  }
  if (state->words.empty()) {
    error = "the texts hold no words to learn from";
    return "";
  }
  const TrainOptions &options = state->options;
  std::vector<std::string> vocabulary;
  std::string model;
  if (options.kind == TrainOptions::Unigram) {
    TrainedPieces trained = trainUnigram(state->words, options);
    for (const auto &[text, score] : trained.pieces)
      vocabulary.push_back(text);
    model = state->piecesModel(trained);
  } else {
    TrainedPairs trained =
        trainPairs(state->words, options, options.kind == TrainOptions::WordPiece ? "##" : "");
    model = state->pairsModel(trained);
    vocabulary = std::move(trained.vocabulary);
  }
  std::string json = state->tokenizerJson(model, vocabulary);
  // What was learned must be what the reader takes.
  return compileTokenizerJson(json, "the learned tokenizer", error) ? json : "";
}

} // namespace sinter::tokenizer

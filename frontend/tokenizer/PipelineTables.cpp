// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A pipeline's description to the byte blob that the runtime reads: automata
// over shared classes, code maps, merges by hash, added tokens by bytes.

#include "frontend/tokenizer/CodeMaps.h"
#include "frontend/tokenizer/PieceTables.h"
#include "frontend/tokenizer/Unicode.h"
#include "frontend/tokenizer/Vocabulary.h"
#include "runtime/format/Json.h"
#include "runtime/text/Internal.h"

#include <algorithm>

namespace sinter::tokenizer {

using format::quoteForMessage;

namespace {

constexpr uint32_t none = SINTER_TOKENIZER_NONE;

class PipelineWriter {
public:
  PipelineWriter(Description &description, std::string &error)
      : how(description), error(error), vocabulary(description, error), pieceTables(error) {}

  std::optional<CompiledTokenizer> write() {
    if (!vocabulary.build() || !buildAutomata() || !buildMerges() || !pieceTables.build(how, vocabulary))
      return std::nullopt;
    normalizer = mapped(how.normalizer);
    preTokenizer = vocabulary.program(how.preTokenizer);
    decoder = vocabulary.program(how.decoder);
    buildCharacters();
    addTokens(false, "");
    std::string blob = assemble();
    // What normalized tokens look like after normalizing, the runtime knows.
    bool any = std::any_of(how.added.begin(), how.added.end(), [](const AddedToken &t) { return t.normalized; });
    if (any) {
      if (!addTokens(true, blob))
        return std::nullopt;
      blob = assemble();
    }
    return CompiledTokenizer{std::move(blob), static_cast<uint32_t>(vocabulary.ids.size())};
  }

private:
  bool fail(const std::string &message) {
    error = message;
    return false;
  }

  bool buildAutomata() {
    // Made once a process.
    static const CodePointSet spaces = CodePointSet::where(isSpace), letters = CodePointSet::where(isWord);
    uint32_t space = how.classes.add(spaces), word = how.classes.add(letters);
    if (space >= CodePointClasses::maxSets || word >= CodePointClasses::maxSets)
      return fail("the tokenizer needs more than 64 different classes of characters");
    how.classes.partition();
    if (how.classes.tooMany)
      return fail("the tokenizer's patterns need more than " + std::to_string(SINTER_TOKENIZER_MAX_CLASSES) +
                  " classes of characters");
    for (uint64_t signature : how.classes.signatures)
      classKinds.push_back(static_cast<uint8_t>((signature >> space & 1 ? SINTER_KIND_SPACE : 0u) |
                                                (signature >> word & 1 ? SINTER_KIND_WORD : 0u)));
    for (const PatternNode &pattern : how.patterns) {
      AutomatonTables tables;
      std::string why;
      if (!buildAutomaton(pattern, how.classes, tables, why))
        return fail("pattern " + std::to_string(automata.size() + 1) + " of the tokenizer " + why);
      automata.push_back({static_cast<uint32_t>(steps.size()), tables.states, tables.watched});
      steps.insert(steps.end(), tables.steps.begin(), tables.steps.end());
    }
    return true;
  }

  /// Steps of the normalizer with code maps in place.
  std::vector<SinterTokenizerOp> mapped(const std::vector<Step> &program) {
    std::vector<SinterTokenizerOp> out = vocabulary.program(program);
    for (SinterTokenizerOp &op : out) {
      if (op.code == SINTER_OP_MAP || op.code == SINTER_OP_NORMALIZE || op.code == SINTER_OP_CHARSMAP)
        op.a = maps.place(static_cast<CodeMap>(op.a));
      if (op.code != SINTER_OP_NORMALIZE)
        continue;
      if (op.b & 1)
        maps.addCompositions();
      op.b = maps.place(static_cast<CodeMap>(op.b >> 1)) << 1 | (op.b & 1);
    }
    return out;
  }

  bool buildMerges() {
    const BytePairModel &model = how.bytePairs;
    for (size_t rank = 0; rank < model.merges.size(); ++rank) {
      const auto &[left, right] = model.merges[rank];
      std::string place = "merge " + std::to_string(rank + 1) + " of the model";
      if (right.size() < model.prefix.size())
        return fail(place + " has a second token shorter than the prefix " + quoteForMessage(model.prefix));
      std::string both = left + right.substr(model.prefix.size());
      SinterMerge merge = {vocabulary.modelId(left), vocabulary.modelId(right), vocabulary.modelId(both)};
      const std::string *names[] = {&left, &right, &both};
      uint32_t ids[] = {merge.left, merge.right, merge.id};
      for (int i = 0; i < 3; ++i)
        if (ids[i] == none)
          return fail(place + " names " + quoteForMessage(*names[i]) + ", which the vocabulary does not hold");
      merges.push_back(merge);
    }
    size_t size = 2;
    while (size < merges.size() + merges.size() / 2)
      size *= 2;
    for (int attempt = 0; attempt < 4; ++attempt, size *= 2)
      if (placeMerges(size))
        return true;
    return fail("too many merges of the model share one hash");
  }

  bool placeMerges(size_t size) {
    mergeSlots.assign(size, none);
    for (uint32_t rank = 0; rank < merges.size(); ++rank) {
      uint32_t slot = sinterMergeSlot(merges[rank].left, merges[rank].right), probe = 0;
      for (; probe < SINTER_TOKENIZER_MAX_PROBE; ++probe, ++slot) {
        uint32_t &there = mergeSlots[slot & (size - 1)];
        // Given twice, the last one counts.
        if (there == none || (merges[there].left == merges[rank].left && merges[there].right == merges[rank].right)) {
          there = rank;
          break;
        }
      }
      if (probe == SINTER_TOKENIZER_MAX_PROBE)
        return false;
    }
    return true;
  }

  void buildCharacters() {
    for (uint32_t code = 0; code < SINTER_SHORT_CODES; ++code) {
      std::string character;
      if (code < 0x80) {
        character = static_cast<char>(code);
      } else {
        character = {static_cast<char>(0xC0 | code >> 6), static_cast<char>(0x80 | (code & 0x3F))};
      }
      shortIds.push_back(vocabulary.modelId(character));
    }
    for (unsigned byte = 0; byte < 256; ++byte) {
      static const char digits[] = "0123456789ABCDEF";
      byteIds.push_back(vocabulary.modelId(std::string("<0x") + digits[byte / 16] + digits[byte % 16] + ">"));
    }
  }

  /// The set of tokens that are looked for in raw or in normalized text, by
  /// bytes. Of two that look alike the first special one wins, else the first.
  bool addTokens(bool normalized, const std::string &blob) {
    std::map<std::string, const AddedToken *> byText;
    SinterTokenizer view;
    std::vector<uint32_t> words(blob.size() / 4 + 1); // aligned
    std::memcpy(words.data(), blob.data(), blob.size());
    const char *message = nullptr;
    if (normalized && sinterTokenizerOpen(&view, words.data(), blob.size(), &message) != SINTER_TOKENIZER_OK)
      return fail(message);
    for (bool special : {true, false})
      for (const AddedToken &token : how.added) {
        if (token.normalized != normalized || token.special != special)
          continue;
        std::string content = token.content;
        if (normalized) {
          text::Normalizer normalizer(view);
          text::Slice in = {reinterpret_cast<const uint8_t *>(content.data()), content.size()}, out;
          if (!normalizer.run(in, true, out))
            return fail("out of memory");
          content = std::string(reinterpret_cast<const char *>(out.data), out.size);
        }
        if (content.empty() || content.size() > SINTER_TOKENIZER_MAX_TOKEN_BYTES)
          return fail("the added token " + quoteForMessage(token.content) + " is normalized to " +
                      (content.empty() ? "nothing" : "too long a text"));
        byText.emplace(content, &token);
        if (content != token.content)
          vocabulary.respell(static_cast<uint32_t>(token.id), content);
      }
    std::vector<SinterAddedToken> &set = normalized ? normalizedAdded : rawAdded;
    for (const auto &[content, token] : byText) {
      SinterBlobBytes place = vocabulary.bytes(content);
      uint32_t flags =
          (token->special ? SINTER_ADDED_SPECIAL : 0u) | (token->singleWord ? SINTER_ADDED_SINGLE_WORD : 0u) |
          (token->stripLeft ? SINTER_ADDED_STRIP_LEFT : 0u) | (token->stripRight ? SINTER_ADDED_STRIP_RIGHT : 0u);
      set.push_back({place.offset, place.length, static_cast<uint32_t>(token->id), flags});
    }
    return true;
  }

  std::string assemble() {
    const BytePairModel &model = how.bytePairs;
    SinterTokenizerHeader header = vocabulary.header(SINTER_TOKENIZER_PIPELINE);
    header.model = SINTER_MODEL_BPE;
    header.unkPiece = SINTER_TOKENIZER_NONE;
    header.modelFlags = (model.fuseUnknown ? SINTER_BPE_FUSE_UNKNOWN : 0u) |
                        (model.byteFallback ? SINTER_BPE_BYTE_FALLBACK : 0u) |
                        (model.ignoreMerges ? SINTER_BPE_IGNORE_MERGES : 0u);
    pieceTables.setHeader(how, header);
    header.prefix = vocabulary.bytes(model.prefix);
    header.suffix = vocabulary.bytes(model.suffix);
    std::vector<SinterTemplatePiece> pieces = templatePieces(how.prefix);
    for (const SinterTemplatePiece &piece : templatePieces(how.suffix))
      pieces.push_back(piece);
    BlobWriter writer;
    vocabulary.append(writer, header);
    header.added = writer.append(rawAdded);
    header.normalizedAdded = writer.append(normalizedAdded);
    header.pieces = writer.append(pieces);
    header.pair = writer.append(templatePieces(how.pair));
    header.normalizer = writer.append(normalizer);
    header.preTokenizer = writer.append(preTokenizer);
    header.decoder = writer.append(decoder);
    header.specials = writer.append(vocabulary.specials);
    header.automata = writer.append(automata);
    header.steps = writer.append(steps);
    header.classBlocks = writer.append(how.classes.blocks);
    header.classPages = writer.append(how.classes.pages);
    header.classKinds = writer.append(classKinds);
    header.mapBlocks = writer.append(maps.blocks);
    header.mapPages = writer.append(maps.pages);
    header.pool = writer.append(maps.pool);
    header.compositions = writer.append(maps.compositions);
    header.merges = writer.append(merges);
    header.mergeSlots = writer.append(mergeSlots);
    header.shortIds = writer.append(shortIds);
    header.byteIds = writer.append(byteIds);
    pieceTables.append(writer, header);
    header.strings = writer.append(vocabulary.strings);
    // Sections that a pipeline has not lie, empty, where they may.
    for (SinterBlobSection *section : {&header.blocks, &header.records, &header.maps, &header.continuations})
      *section = {header.strings.offset, 0};
    return writer.finish(header);
  }

  Description &how;
  std::string &error;
  VocabularyBuilder vocabulary;
  PieceTables pieceTables;
  CodeMapBuilder maps;
  std::vector<SinterTokenizerOp> normalizer, preTokenizer, decoder;
  std::vector<SinterAutomaton> automata;
  std::vector<uint16_t> steps;
  std::vector<uint8_t> classKinds;
  std::vector<SinterMerge> merges;
  std::vector<uint32_t> mergeSlots, shortIds, byteIds;
  std::vector<SinterAddedToken> rawAdded, normalizedAdded;
};

} // namespace

std::optional<CompiledTokenizer> writePipeline(Description &description, std::string &error) {
  return PipelineWriter(description, error).write();
}

} // namespace sinter::tokenizer

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A Description to the byte blob that the runtime reads: the code point table
// with all of normalization folded in, the two hash tables, the template. The
// same description gives the same bytes.

#include "frontend/tokenizer/Unicode.h"
#include "frontend/tokenizer/Vocabulary.h"
#include "runtime/text/TokenizerBlob.h"

#include <map>

namespace sinter::tokenizer {

namespace {

constexpr uint32_t codeCount = 0x110000;

//===----------------------------------------------------------------------===//
// Code points
//===----------------------------------------------------------------------===//

struct CodePointTables {
  std::vector<uint16_t> blocks;
  std::vector<uint32_t> records, maps, pool;
};

class CodePointBuilder {
public:
  explicit CodePointBuilder(const Description &description) : how(description) {}

  CodePointTables build() {
    std::map<std::vector<uint32_t>, uint16_t> known;
    std::vector<uint32_t> block(256);
    for (uint32_t code = 0; code < codeCount; ++code) {
      block[code & 0xFF] = record(code);
      if ((code & 0xFF) != 0xFF)
        continue;
      auto [at, fresh] = known.emplace(block, static_cast<uint16_t>(known.size()));
      if (fresh)
        tables.records.insert(tables.records.end(), block.begin(), block.end());
      tables.blocks.push_back(at->second);
    }
    return std::move(tables);
  }

private:
  uint32_t record(uint32_t code) {
    // Planes 4 to 13 are unassigned: plain characters of a word.
    if (code >= 0x40000 && code < 0xE0000)
      return SINTER_CP_WORD | SINTER_CP_SELF << 3;
    uint32_t result = isSpace(code) ? SINTER_CP_SPACE : isPunctuation(code) ? SINTER_CP_PUNCTUATION : SINTER_CP_WORD;
    if (how.stripAccents)
      result |= static_cast<uint32_t>(combiningClass(code)) << 8;
    if (how.cleanText && isControl(code))
      return result | SINTER_CP_DROP << 3;
    if (how.cleanText && isSpace(code))
      return result | SINTER_CP_TO_SPACE << 3;
    if (how.padIdeographs && isIdeograph(code))
      result |= SINTER_CP_PAD;
    if (how.stripAccents && isHangulSyllable(code))
      return result | SINTER_CP_HANGUL << 3;
    return result | action(code);
  }

  /// Decompose, strip, lowercase.
  uint32_t action(uint32_t code) {
    std::vector<uint32_t> parts, elements, lower;
    if (how.stripAccents)
      decompose(code, parts);
    else
      parts.push_back(code);
    uint32_t barrier = 0;
    for (uint32_t part : parts) {
      if (how.stripAccents && isNonspacingMark(part)) {
        if (combiningClass(part) == 0)
          barrier = SINTER_MAP_BARRIER_BEFORE;
        continue;
      }
      lower.clear();
      if (how.lowercase)
        lowercase(part, lower);
      else
        lower.push_back(part);
      for (uint32_t element : lower) {
        elements.push_back(element | barrier);
        barrier = 0;
      }
    }
    if (elements.empty())
      return SINTER_CP_DROP << 3 | (barrier ? SINTER_CP_BARRIER : 0);
    if (barrier)
      elements.push_back(SINTER_MAP_BARRIER_ONLY);
    if (elements.size() == 1 && elements[0] == code)
      return SINTER_CP_SELF << 3;
    uint32_t map = static_cast<uint32_t>(tables.pool.size()) << 8 | static_cast<uint32_t>(elements.size());
    tables.pool.insert(tables.pool.end(), elements.begin(), elements.end());
    uint32_t index = static_cast<uint32_t>(tables.maps.size());
    tables.maps.push_back(map);
    return SINTER_CP_MAP << 3 | index << 16;
  }

  const Description &how;
  CodePointTables tables;
};

} // namespace

std::optional<CompiledTokenizer> writeTables(const Description &description, std::string &error) {
  VocabularyBuilder vocabulary(description, error);
  if (!vocabulary.build())
    return std::nullopt;
  CodePointTables codes = CodePointBuilder(description).build();
  std::vector<SinterTemplatePiece> pieces = templatePieces(description.prefix);
  for (const SinterTemplatePiece &piece : templatePieces(description.suffix))
    pieces.push_back(piece);

  SinterTokenizerHeader header = vocabulary.header(SINTER_TOKENIZER_WORDPIECE);
  header.maxWordChars = static_cast<uint32_t>(description.maxWordChars);
  std::vector<SinterTemplatePiece> pair = templatePieces(description.pair);
  std::vector<SinterTokenizerOp> decoder = vocabulary.program(description.decoder);
  BlobWriter writer;
  header.blocks = writer.append(codes.blocks);
  header.records = writer.append(codes.records);
  header.maps = writer.append(codes.maps);
  header.pool = writer.append(codes.pool);
  vocabulary.append(writer, header);
  header.added = writer.append(vocabulary.added);
  header.pieces = writer.append(pieces);
  header.strings = writer.append(vocabulary.strings);
  header.pair = writer.append(pair);
  header.decoder = writer.append(decoder);
  header.specials = writer.append(vocabulary.specials);
  return CompiledTokenizer{writer.finish(header), header.idCount};
}

} // namespace sinter::tokenizer

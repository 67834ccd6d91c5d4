// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The protobuf message ModelProto, read field by field: a handful of them
// matters, and the rest of the message says how the model was trained. Every
// length is checked against what holds it before anything is read.

#include "frontend/tokenizer/SentencePiece.h"
#include "frontend/tokenizer/Unicode.h"
#include "runtime/format/Json.h"
#include "runtime/text/TokenizerBlob.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <set>

namespace sinter::tokenizer {

using format::quoteForMessage;

namespace {

constexpr size_t maxPieces = 1 << 20;

/// One field of a message.
struct Field {
  uint64_t number = 0;
  unsigned type = 0;      // of the wire: 0 number, 1 eight bytes, 2 bytes, 5 four bytes
  uint64_t value = 0;     // of types 0, 1 and 5
  std::string_view bytes; // of type 2
  size_t at = 0;          // where it begins in the file
};

class Message {
public:
  Message(std::string_view bytes, size_t offset, std::string &error) : bytes(bytes), offset(offset), error(error) {}

  bool more() const { return at < bytes.size(); }

  bool next(Field &field) {
    field.at = offset + at;
    uint64_t key, length;
    if (!number(key))
      return fail("a field's head is damaged");
    field.number = key >> 3;
    field.type = key & 7;
    if (field.number == 0 || field.number > 0x1FFFFFFF)
      return fail("a field has no number");
    switch (field.type) {
    case 0:
      return number(field.value) || fail("a number is cut short or too long");
    case 1:
    case 5: {
      size_t size = field.type == 1 ? 8 : 4;
      if (bytes.size() - at < size)
        return fail("a number is cut short");
      field.value = 0;
      for (size_t i = 0; i < size; ++i)
        field.value |= static_cast<uint64_t>(static_cast<uint8_t>(bytes[at + i])) << (8 * i);
      at += size;
      return true;
    }
    case 2:
      if (!number(length))
        return fail("a length is cut short or too long");
      if (length > bytes.size() - at)
        return fail("a field of " + std::to_string(length) + " bytes, " + std::to_string(bytes.size() - at) +
                    " are left");
      field.bytes = bytes.substr(at, length);
      at += length;
      return true;
    default:
      return fail("a field of the unknown wire type " + std::to_string(field.type));
    }
  }

  /// Where the bytes of the last field begin in the file.
  size_t offsetOf(const Field &field) const { return offset + static_cast<size_t>(field.bytes.data() - bytes.data()); }

private:
  bool fail(const std::string &message) {
    error = "no SentencePiece model: byte " + std::to_string(offset + at) + ": " + message;
    return false;
  }
  bool number(uint64_t &value) {
    value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (at == bytes.size())
        return false;
      uint64_t byte = static_cast<uint8_t>(bytes[at++]);
      if (shift == 63 && byte > 1)
        return false;
      value |= (byte & 0x7F) << shift;
      if (byte < 0x80)
        return true;
    }
    return false;
  }

  std::string_view bytes;
  size_t offset, at = 0;
  std::string &error;
};

class ModelReader {
public:
  ModelReader(SentenceModel &out, std::string &error) : out(out), error(error) {}

  bool read(std::string_view bytes) {
    Message message(bytes, 0, error);
    for (Field field; message.more();) {
      if (!message.next(field))
        return false;
      bool ok = true;
      if (field.number == 1 || field.number == 2 || field.number == 3 || field.number == 5) {
        if (field.type != 2)
          return fail(field, "field " + std::to_string(field.number) + " of the model is no message");
        Message inner(field.bytes, message.offsetOf(field), error);
        ok = field.number == 1   ? piece(inner, field)
             : field.number == 2 ? trainer(inner)
             : field.number == 3 ? normalizer(inner)
                                 : denormalizer(inner);
      }
      if (!ok)
        return false;
    }
    return check();
  }

private:
  bool fail(const Field &field, const std::string &message) {
    error = "byte " + std::to_string(field.at) + ": " + message;
    return false;
  }
  bool failModel(const std::string &message) {
    error = message;
    return false;
  }
  bool text(const Field &field, const char *what, std::string &value) {
    std::vector<uint32_t> ignored;
    if (field.type != 2 || !decodeUtf8(field.bytes.data(), field.bytes.size(), ignored))
      return fail(field, std::string(what) + " is no UTF-8 text");
    value = field.bytes;
    return true;
  }
  bool flag(const Field &field, const char *what, bool &value) {
    if (field.type != 0)
      return fail(field, std::string(what) + " is no number");
    value = field.value != 0;
    return true;
  }

  bool piece(Message &message, const Field &whole) {
    SentenceModel::Piece piece;
    std::string place = "piece " + std::to_string(out.pieces.size());
    for (Field field; message.more();) {
      if (!message.next(field))
        return false;
      if (field.number == 1 && !text(field, (place + "'s text").c_str(), piece.text))
        return false;
      if (field.number == 2) {
        if (field.type != 5)
          return fail(field, place + "'s score is no float");
        uint32_t bits = static_cast<uint32_t>(field.value);
        std::memcpy(&piece.score, &bits, sizeof(bits));
        if (!std::isfinite(piece.score))
          return fail(field, place + "'s score is not finite");
      }
      if (field.number == 3) {
        if (field.type != 0 || field.value < SentenceModel::Normal || field.value > SentenceModel::Byte)
          return fail(field, place + " is of an unknown type");
        piece.type = field.value;
      }
    }
    if (piece.text.empty() || piece.text.find('\0') != std::string::npos)
      return fail(whole, place + (piece.text.empty() ? " is empty" : " holds a zero byte"));
    if (out.pieces.size() == maxPieces)
      return fail(whole, "more than " + std::to_string(maxPieces) + " pieces");
    out.pieces.push_back(std::move(piece));
    return true;
  }

  bool trainer(Message &message) {
    static const char *const types[] = {"", "", "", "word", "character"};
    for (Field field; message.more();) {
      if (!message.next(field))
        return false;
      bool ok = true;
      switch (field.number) {
      case 3:
        if (field.type != 0 || (field.value != 1 && field.value != 2))
          return fail(field, "a " + std::string(field.type == 0 && field.value < 5 ? types[field.value] : "strange") +
                                 " model is not supported, Unigram and BPE are");
        out.pairs = field.value == 2;
        break;
      case 24:
        ok = flag(field, "'treat_whitespace_as_suffix'", out.spaceBehind);
        break;
      case 35:
        ok = flag(field, "'byte_fallback'", out.byteFallback);
        break;
      case 44:
        ok = text(field, "'unk_surface'", out.unknownSurface);
        if (ok && out.unknownSurface.size() > SINTER_TOKENIZER_MAX_INSERT_BYTES)
          return fail(field, "'unk_surface' has " + std::to_string(out.unknownSurface.size()) + " bytes, at most " +
                                 std::to_string(SINTER_TOKENIZER_MAX_INSERT_BYTES) + " are supported");
        break;
      case 46:
        ok = text(field, "'bos_piece'", out.beginPiece);
        break;
      case 47:
        ok = text(field, "'eos_piece'", out.endPiece);
        break;
      case 48:
        ok = text(field, "'pad_piece'", out.padPiece);
        break;
      default:
        break;
      }
      if (!ok)
        return false;
    }
    return true;
  }

  bool normalizer(Message &message) {
    for (Field field; message.more();) {
      if (!message.next(field))
        return false;
      bool ok = true;
      std::string why;
      switch (field.number) {
      case 1: // its name
      case 6: // where the rules came from
        break;
      case 2:
        if (field.type != 2)
          return fail(field, "'precompiled_charsmap' is no text");
        if (!field.bytes.empty() && !readCharsmap(field.bytes, out.charsmap, why))
          return fail(field, "'precompiled_charsmap' " + why);
        break;
      case 3:
        ok = flag(field, "'add_dummy_prefix'", out.prefix);
        break;
      case 4:
        ok = flag(field, "'remove_extra_whitespaces'", out.shrink);
        break;
      case 5:
        ok = flag(field, "'escape_whitespaces'", out.escape);
        break;
      default:
        return fail(field, "unknown field " + std::to_string(field.number) + " of the normalizer");
      }
      if (!ok)
        return false;
    }
    return true;
  }

  bool denormalizer(Message &message) {
    for (Field field; message.more();) {
      if (!message.next(field))
        return false;
      if (field.number == 2 && !field.bytes.empty())
        return fail(field, "a denormalizer is not supported");
    }
    return true;
  }

  bool check() {
    std::set<std::string_view> seen;
    size_t bytes = 0;
    bool unknown = false;
    for (size_t i = 0; i < out.pieces.size(); ++i) {
      const SentenceModel::Piece &piece = out.pieces[i];
      std::string place = "piece " + std::to_string(i) + " (" + quoteForMessage(piece.text, 40) + ")";
      if (!seen.insert(piece.text).second)
        return failModel(place + " is given twice");
      if (piece.type == SentenceModel::Unknown) {
        if (unknown)
          return failModel(place + " is a second unknown piece");
        unknown = true;
        out.unknown = static_cast<uint32_t>(i);
      }
      if (piece.type == SentenceModel::Unused && out.pairs)
        return failModel(place + " of a BPE model is marked unused, which is not supported");
      if (piece.type != SentenceModel::Byte)
        continue;
      if (!out.byteFallback)
        return failModel(place + " is a byte, but 'byte_fallback' is off");
      if (!isByte(piece.text))
        return failModel(place + " is no byte");
      ++bytes;
    }
    if (!unknown)
      return failModel(out.pieces.empty() ? "no SentencePiece model: there are no pieces"
                                          : "there is no unknown piece");
    if (out.byteFallback && bytes != 256)
      return failModel("'byte_fallback' needs 256 byte pieces, there are " + std::to_string(bytes));
    return true;
  }

  /// "<0x1F>".
  static bool isByte(std::string_view text) {
    auto digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F'); };
    return text.size() == 6 && text.starts_with("<0x") && digit(text[3]) && digit(text[4]) && text[5] == '>';
  }

  SentenceModel &out;
  std::string &error;
};

} // namespace

bool readSentenceModel(std::string_view bytes, SentenceModel &out, std::string &error) {
  return ModelReader(out, error).read(bytes);
}

void describeSentence(const SentenceModel &model, const std::vector<int64_t> &idOf, bool legacy, Description &out) {
  out.isPipeline = true;
  PieceModel &to = out.pieceModel.emplace();
  float least = 0, most = 0x1p-126f;
  bool any = false;
  for (const SentenceModel::Piece &piece : model.pieces)
    if (piece.type == SentenceModel::Normal) {
      least = any ? std::min(least, piece.score) : piece.score;
      most = std::max(most, piece.score);
      any = true;
    }
  for (size_t i = 0; i < model.pieces.size(); ++i) {
    const SentenceModel::Piece &piece = model.pieces[i];
    bool whole = piece.type == SentenceModel::UserDefined;
    double score = piece.score;
    if (whole && !model.pairs) // always the best, as the original makes it
      score = static_cast<float>(piece.text.size()) * most - 0.1;
    to.pieces.push_back({piece.text, score, idOf[i], whole || piece.type == SentenceModel::Normal});
    if (whole)
      to.whole.push_back(piece.text);
  }
  to.unknown = model.unknown;
  to.unknownScore = (any ? least : 0x1.fffffep127f) - 10.0f;
  to.pairs = model.pairs;
  to.byteFallback = model.byteFallback;
  to.sentence = true;
  out.charsmap = model.charsmap;
  uint32_t how = (model.shrink ? SINTER_SENTENCE_SHRINK : 0u) | (model.escape ? SINTER_SENTENCE_ESCAPE : 0u);
  uint32_t space = !model.prefix ? 0u : model.spaceBehind ? SINTER_SENTENCE_SUFFIX : SINTER_SENTENCE_PREFIX;
  out.normalizer = {{SINTER_OP_SENTENCE, how | space | (legacy ? 0u : SINTER_SENTENCE_START), 0, "", ""}};
  uint32_t back = (model.shrink ? SINTER_SENTENCE_SHRINK : 0u) | (model.prefix ? SINTER_SENTENCE_PREFIX : 0u) |
                  (model.byteFallback ? SINTER_SENTENCE_BYTES : 0u);
  out.decoder = {{SINTER_OP_FROM_SENTENCE, back, 0, model.pieces[model.unknown].text, model.unknownSurface}};
}

} // namespace sinter::tokenizer

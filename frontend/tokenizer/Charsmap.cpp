// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See Charsmap.h. Parts of the array may be shared, so the walk counts its
// steps and not its units.

#include "frontend/tokenizer/Charsmap.h"
#include "frontend/tokenizer/Unicode.h"
#include "runtime/text/TokenizerBlob.h"

#include <vector>

namespace sinter::tokenizer {

namespace {

constexpr size_t maxKeyBytes = 64;
constexpr size_t maxSteps = 1 << 22;

class CharsmapReader {
public:
  CharsmapReader(std::string_view bytes, CharsmapRules &rules, std::string &error)
      : bytes(bytes), rules(rules), error(error) {}

  bool read() {
    if (bytes.size() < 4)
      return fail("is shorter than its head");
    size_t arrayBytes = word(0);
    if (arrayBytes % 4 != 0 || arrayBytes == 0 || arrayBytes > bytes.size() - 4)
      return fail("has an array of " + std::to_string(arrayBytes) + " bytes, " + std::to_string(bytes.size() - 4) +
                  " follow");
    count = arrayBytes / 4;
    texts = bytes.substr(4 + arrayBytes);
    std::string key;
    return walk(offsetOf(unit(0)), key);
  }

private:
  bool fail(const std::string &message) {
    error = message;
    return false;
  }
  uint32_t word(size_t at) const {
    auto byte = [&](size_t i) { return static_cast<uint32_t>(static_cast<uint8_t>(bytes[at + i])); };
    return byte(0) | byte(1) << 8 | byte(2) << 16 | byte(3) << 24;
  }
  uint32_t unit(size_t index) const { return word(4 + 4 * index); }
  static size_t offsetOf(uint32_t unit) { return static_cast<size_t>(unit >> 10) << ((unit & (1u << 9)) >> 6); }

  /// The keys below a place in the array, depth first.
  bool walk(size_t place, std::string &key) {
    for (unsigned byte = 1; byte < 256; ++byte) {
      size_t child = place ^ byte;
      if (child >= count)
        return fail("leads outside its array at unit " + std::to_string(place));
      uint32_t value = unit(child);
      if ((value & 0x800000FFu) != byte)
        continue;
      if (++steps > maxSteps || key.size() == maxKeyBytes)
        return fail("has rules without end");
      size_t below = child ^ offsetOf(value);
      key.push_back(static_cast<char>(byte));
      if (((value >> 8) & 1) && !addRule(below, key))
        return false;
      if (!walk(below, key))
        return false;
      key.pop_back();
    }
    return true;
  }

  bool addRule(size_t leaf, const std::string &key) {
    if (leaf >= count)
      return fail("leads outside its array at unit " + std::to_string(leaf));
    size_t begin = unit(leaf) & 0x7FFFFFFFu;
    if (begin > texts.size())
      return fail("has a rule whose text lies outside at byte " + std::to_string(begin));
    std::string_view text = texts.substr(begin);
    text = text.substr(0, text.find('\0'));
    std::vector<uint32_t> ignored;
    if (text.size() > SINTER_TOKENIZER_MAX_REPLACEMENT)
      return fail("has a rule of " + std::to_string(text.size()) + " bytes, at most " +
                  std::to_string(SINTER_TOKENIZER_MAX_REPLACEMENT) + " are supported");
    if (!decodeUtf8(text.data(), text.size(), ignored) || !decodeUtf8(key.data(), key.size(), ignored))
      return fail("has a rule that is no UTF-8 at byte " + std::to_string(begin));
    rules[key] = std::string(text);
    return true;
  }

  std::string_view bytes, texts;
  CharsmapRules &rules;
  std::string &error;
  size_t count = 0, steps = 0;
};

} // namespace

bool readCharsmap(std::string_view bytes, CharsmapRules &rules, std::string &error) {
  return CharsmapReader(bytes, rules, error).read();
}

bool decodeBase64(std::string_view text, std::string &bytes) {
  static constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  if (text.size() % 4 != 0)
    return false;
  size_t padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
  uint32_t bits = 0;
  for (size_t i = 0; i < text.size() - padding; ++i) {
    size_t value = alphabet.find(text[i]);
    if (value == std::string_view::npos)
      return false;
    bits = bits << 6 | static_cast<uint32_t>(value);
    if (i % 4 == 1)
      bytes.push_back(static_cast<char>(bits >> 4));
    else if (i % 4 == 2)
      bytes.push_back(static_cast<char>(bits >> 2));
    else if (i % 4 == 3)
      bytes.push_back(static_cast<char>(bits));
  }
  return padding == 0 || (bits & (padding == 2 ? 0xFu : 3u)) == 0;
}

} // namespace sinter::tokenizer

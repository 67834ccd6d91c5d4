// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The strings that pipelines are compared on: test/golden/pipeline_strings.py
// in C++. Keep them alike.

#ifndef SINTER_TEST_RUNTIME_TEXT_STRINGS_H
#define SINTER_TEST_RUNTIME_TEXT_STRINGS_H

#include "runtime/format/Json.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace sinter::test {

class SplitMix {
public:
  explicit SplitMix(uint64_t seed) : state(seed) {}
  uint64_t next() {
    uint64_t z = state += 0x9E3779B97F4A7C15;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
  }
  uint64_t below(uint64_t bound) { return next() % bound; }

private:
  uint64_t state;
};

class Strings {
public:
  explicit Strings(const std::string &folder) {
    format::JsonResult data = format::parseJsonFile(folder + "/fragments.json");
    ok = data.ok;
    if (!ok)
      return;
    for (const format::JsonValue &item : data.root.find("fragments")->items())
      fragments.push_back(item.asString());
    for (const format::JsonValue &item : data.root.find("separators")->items())
      separators.push_back(item.asString());
    for (const format::JsonValue &item : data.root.find("ranges")->items())
      ranges.emplace_back(item.items()[0].asUInt(), item.items()[1].asUInt());
  }

  bool ok = false;

  std::string make(uint64_t index) const {
    SplitMix random(index * 0x2545F4914F6CDD1D + 7);
    uint64_t kind = random.below(8);
    std::string out;
    for (uint64_t n = 1 + random.below(12); n > 0; --n) {
      uint64_t pick;
      if (kind == 0)
        pick = 1;
      else if (kind == 7)
        pick = random.below(12);
      else
        pick = random.below(6) ? 0 : random.below(4);
      if (pick == 1) {
        auto [first, last] = ranges[random.below(ranges.size())];
        for (uint64_t m = 1 + random.below(3); m > 0; --m)
          append(out, first + random.below(last - first + 1));
      } else if (pick == 2) {
        out += static_cast<char>(random.below(128));
      } else if (pick == 11) {
        char byte = static_cast<char>(128 + random.below(128));
        out += std::string(1 + random.below(2), byte);
      } else {
        out += fragments[random.below(fragments.size())];
      }
      if (random.below(3))
        out += separators[random.below(separators.size())];
    }
    return out;
  }

private:
  static void append(std::string &out, uint64_t code) {
    if (code < 0x80) {
      out += static_cast<char>(code);
    } else if (code < 0x800) {
      out += static_cast<char>(0xC0 | code >> 6);
      out += static_cast<char>(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
      out += static_cast<char>(0xE0 | code >> 12);
      out += static_cast<char>(0x80 | (code >> 6 & 0x3F));
      out += static_cast<char>(0x80 | (code & 0x3F));
    } else {
      out += static_cast<char>(0xF0 | code >> 18);
      out += static_cast<char>(0x80 | (code >> 12 & 0x3F));
      out += static_cast<char>(0x80 | (code >> 6 & 0x3F));
      out += static_cast<char>(0x80 | (code & 0x3F));
    }
  }

  std::vector<std::string> fragments, separators;
  std::vector<std::pair<uint64_t, uint64_t>> ranges;
};

inline uint64_t fnv(const void *data, size_t size, uint64_t value = 0xCBF29CE484222325) {
  for (size_t i = 0; i < size; ++i)
    value = (value ^ static_cast<const uint8_t *>(data)[i]) * 0x100000001B3;
  return value;
}

} // namespace sinter::test

#endif // SINTER_TEST_RUNTIME_TEXT_STRINGS_H

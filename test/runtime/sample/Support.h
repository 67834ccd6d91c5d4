// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the tests of runtime/sample share: memory for a row, and the golden files of make_sampling_golden.py.

#ifndef SINTER_TEST_RUNTIME_SAMPLE_SUPPORT_H
#define SINTER_TEST_RUNTIME_SAMPLE_SUPPORT_H

#include "runtime/sample/Choose.h"

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

namespace sinter::sample::test {

/// Owns 64-byte aligned memory.
struct Memory {
  explicit Memory(uint64_t bytes) : size(bytes), data(std::aligned_alloc(64, (bytes + 63) / 64 * 64)) {}
  Memory(Memory &&other) : size(other.size), data(other.data) { other.data = nullptr; }
  ~Memory() { std::free(data); }
  uint64_t size;
  void *data;
};

struct OwnedWorkspace {
  explicit OwnedWorkspace(uint32_t vocabulary) : memory(Workspace::bytes(vocabulary)) {
    if (!ws.bind(memory.data, memory.size, vocabulary))
      std::abort();
  }
  Memory memory;
  Workspace ws;
};

inline float readFloat(std::istream &in) {
  std::string word;
  in >> word;
  return std::strtof(word.c_str(), nullptr);
}

struct FilterCase {
  int number = 0;
  std::string name; ///< its settings, for messages
  Settings settings;
  std::vector<int32_t> stops, history;
  uint32_t prompt = 0;
  std::vector<float> logits, scores;
};

inline void setOne(Settings &settings, const std::string &key, float value) {
  if (key == "sampling")
    settings.sampling = value != 0;
  else if (key == "temperature")
    settings.temperature = value;
  else if (key == "topK")
    settings.topK = static_cast<uint32_t>(value);
  else if (key == "topP")
    settings.topP = value;
  else if (key == "minP")
    settings.minP = value;
  else if (key == "epsilonCutoff")
    settings.epsilonCutoff = value;
  else if (key == "etaCutoff")
    settings.etaCutoff = value;
  else if (key == "repetitionPenalty")
    settings.repetitionPenalty = value;
  else if (key == "presence")
    settings.presencePenalty = value;
  else if (key == "frequency")
    settings.frequencyPenalty = value;
  else if (key == "noRepeatNgram")
    settings.noRepeatNgram = static_cast<uint32_t>(value);
  else if (key == "minNewTokens")
    settings.minNewTokens = static_cast<uint32_t>(value);
  else
    std::abort();
}

inline std::vector<std::unique_ptr<FilterCase>> readFilterCases() {
  std::ifstream in(SINTER_SOURCE_DIR "/test/golden/sampling/filters.golden");
  std::vector<std::unique_ptr<FilterCase>> cases;
  for (std::string word; in >> word;) {
    if (word == "case") {
      cases.push_back(std::make_unique<FilterCase>());
      cases.back()->settings.sampling = true;
      cases.back()->settings.maxNewTokens = 100;
      in >> cases.back()->number;
      continue;
    }
    FilterCase &at = *cases.back();
    size_t count = 0;
    if (word == "set") {
      std::string key, value;
      in >> key >> value;
      setOne(at.settings, key, std::strtof(value.c_str(), nullptr));
      at.name += key + "=" + value + " ";
    } else if (word == "stops") {
      in >> count;
      at.stops.resize(count);
      for (int32_t &token : at.stops)
        in >> token;
      at.settings.stopTokens = at.stops.data();
      at.settings.stopTokenCount = static_cast<uint32_t>(count);
    } else if (word == "history") {
      in >> at.prompt >> count;
      at.history.resize(count);
      for (int32_t &token : at.history)
        in >> token;
    } else {
      std::vector<float> &row = word == "logits" ? at.logits : at.scores;
      in >> count;
      row.resize(count);
      for (float &value : row)
        value = readFloat(in);
    }
  }
  return cases;
}

inline History historyOf(const FilterCase &at) {
  return {at.history.data(), static_cast<uint32_t>(at.history.size()), at.prompt};
}

/// Normal numbers, always the same.
inline std::vector<float> normalRow(uint32_t count, float spread, uint64_t seed) {
  std::vector<float> row(count);
  uint64_t state = seed * 0x9E3779B97F4A7C15ull + 1;
  auto next = [&] {
    state ^= state << 13, state ^= state >> 7, state ^= state << 17;
    return static_cast<double>(state >> 11) * 0x1p-53;
  };
  for (float &value : row)
    value = static_cast<float>(spread * std::sqrt(-2 * std::log(1 - next())) * std::cos(6.283185307179586 * next()));
  return row;
}

} // namespace sinter::sample::test

#endif // SINTER_TEST_RUNTIME_SAMPLE_SUPPORT_H

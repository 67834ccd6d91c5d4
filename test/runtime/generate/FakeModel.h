// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A model that is a table, behind the Stepper interface, with a real cache: what it is fed it writes into pages, what
// it answers with it reads back through the page table, in two pools of which one has layers in front. So a page that
// was shared, copied, given back or reused wrongly changes its logits.

#ifndef SINTER_TEST_RUNTIME_GENERATE_FAKEMODEL_H
#define SINTER_TEST_RUNTIME_GENERATE_FAKEMODEL_H

#include "runtime/generate/Loop.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

namespace sinter::generate::test {

/// As `hashed` of make_sampling_golden.py: logits in (-spread, spread).
inline float tableLogit(uint64_t key, uint32_t token, double spread) {
  uint32_t x = static_cast<uint32_t>(key + token);
  x = (x ^ x >> 16) * 0x7FEB352Du;
  x = (x ^ x >> 15) * 0x846CA68Bu;
  x ^= x >> 16;
  return static_cast<float>((static_cast<double>(x >> 8) / 8388608.0 - 1) * spread);
}

struct FakeModel {
  ModelShape shape;
  double spread = 4;
  bool isPaged = true, hasSource = false;
  /// The table's key for a row: the tokens it sees (its window's) and its source's.
  std::function<uint64_t(const std::vector<int32_t> &seen, uint32_t position, const std::vector<int32_t> &source)> key =
      [](auto &seen, uint32_t position, auto &source) {
        uint64_t sum = position * 7919ull;
        for (int32_t token : seen)
          sum = sum * 1000003 + static_cast<uint64_t>(token) + 1;
        for (int32_t token : source)
          sum = sum * 31 + static_cast<uint64_t>(token) + 7;
        return sum;
      };
  std::function<void()> onCall = [] {};
  int32_t nanAfter = -1; ///< behind this token the logits hold NaN

  uint32_t pages = 0, copies = 0, calls = 0, spoiled = 0;
  std::vector<uint32_t> rowsOfCalls;
  static constexpr uint32_t layers = 2;
  std::vector<int32_t> flat, stacked; ///< [pages][16]; [layers][pages][16]
  std::vector<std::vector<int32_t>> sources;
  std::vector<float> logits;

  explicit FakeModel(uint32_t vocabulary = 32) { shape.vocabulary = vocabulary; }

  Stepper stepper() {
    Stepper s;
    s.self = this;
    s.shape = shape;
    if (isPaged) {
      s.reserve = [](void *self, uint32_t count, sinter_error *) { return as(self).reserve(count); };
      s.copyPage = [](void *self, uint32_t from, uint32_t to) { as(self).copyPage(from, to); };
      s.spoil = [](void *self) { ++as(self).spoiled; };
    }
    if (hasSource)
      s.begin = [](void *self, const Sources &all, sinter_error *) { return as(self).begin(all); };
    s.extend = [](void *self, const Step &step, const float **out, sinter_error *) {
      return as(self).extend(step, out);
    };
    return s;
  }

private:
  static FakeModel &as(void *self) { return *static_cast<FakeModel *>(self); }

  sinter_status reserve(uint32_t count) {
    pages = count;
    flat.assign(size_t{count} * pageTokens, 0);
    stacked.assign(size_t{count} * pageTokens * layers, 0);
    return SINTER_OK;
  }
  void copyPage(uint32_t from, uint32_t to) {
    ++copies;
    EXPECT_TRUE(from && to && from < pages && to < pages && from != to);
    std::copy_n(&flat[size_t{from} * pageTokens], pageTokens, &flat[size_t{to} * pageTokens]);
    for (uint32_t l = 0; l < layers; ++l)
      std::copy_n(&stacked[(size_t{l} * pages + from) * pageTokens], pageTokens,
                  &stacked[(size_t{l} * pages + to) * pageTokens]);
  }
  sinter_status begin(const Sources &all) {
    sources.clear();
    for (uint32_t r = 0; r < all.rows; ++r) {
      sources.emplace_back();
      for (uint32_t i = 0; i < all.width; ++i)
        if (all.mask[r * all.width + i])
          sources.back().push_back(all.ids[r * all.width + i]);
      sources.back().push_back(1000 + all.adapter[r]);
    }
    return SINTER_OK;
  }

  void write(int32_t page, uint32_t slot, int32_t token) {
    EXPECT_TRUE(page > 0 && static_cast<uint32_t>(page) < pages) << "page " << page;
    flat[static_cast<size_t>(page) * pageTokens + slot] = token;
    for (uint32_t l = 0; l < layers; ++l)
      stacked[(size_t{l} * pages + static_cast<size_t>(page)) * pageTokens + slot] = token;
  }
  int32_t read(int32_t page, uint32_t slot) {
    int32_t token = flat[static_cast<size_t>(page) * pageTokens + slot];
    for (uint32_t l = 0; l < layers; ++l)
      EXPECT_EQ(stacked[(size_t{l} * pages + static_cast<size_t>(page)) * pageTokens + slot], token);
    return token;
  }

  sinter_status extend(const Step &step, const float **out) {
    ++calls;
    rowsOfCalls.push_back(step.rows);
    onCall();
    logits.assign(size_t{step.rows} * shape.vocabulary, 0);
    for (uint32_t r = 0; r < step.rows; ++r) {
      auto length = static_cast<uint32_t>(step.length[r]), count = static_cast<uint32_t>(step.count[r]);
      EXPECT_TRUE(count >= 1 && count <= step.width);
      const int32_t *table = isPaged ? step.pages + size_t{r} * step.pagesPerRow : nullptr;
      for (uint32_t n = 0; n < count && isPaged; ++n)
        write(table[(length + n) / pageTokens], (length + n) % pageTokens, step.ids[r * step.width + n]);
      uint32_t end = length + count;
      uint32_t begin = shape.window && end - 1 > shape.window ? end - 1 - shape.window : 0;
      std::vector<int32_t> seen;
      for (uint32_t p = begin; p < end; ++p) {
        int32_t token = isPaged ? read(table[p / pageTokens], p % pageTokens) : step.history[r][p];
        EXPECT_EQ(token, step.history[r][p]) << "position " << p;
        seen.push_back(token);
      }
      uint64_t at = key(seen, end, hasSource ? sources[static_cast<size_t>(step.source[r])] : std::vector<int32_t>());
      at += static_cast<uint64_t>(step.adapter[r] + 1) * 104729;
      for (uint32_t v = 0; v < shape.vocabulary; ++v)
        logits[size_t{r} * shape.vocabulary + v] = tableLogit(at, v, spread);
      if (nanAfter >= 0 && seen.back() == nanAfter)
        logits[size_t{r} * shape.vocabulary + 3] = __builtin_nanf("");
    }
    *out = logits.data();
    return SINTER_OK;
  }
};

/// What a run found, as values.
struct Found {
  std::vector<std::vector<int32_t>> tokens;
  std::vector<std::string> texts;
  std::vector<float> scores;
  std::vector<Finish> finishes;
};

/// A request over vectors.
struct Asked {
  std::vector<std::vector<int32_t>> prompts;
  std::vector<int32_t> adapters; ///< of each prompt; empty: none
  Request request;
  sinter_error error = {};
  Stats stats;

  Asked() { request.settings.maxNewTokens = 8; }

  sinter_status status(FakeModel &model, Found *found = nullptr) {
    std::vector<Prompt> views;
    for (size_t p = 0; p < prompts.size(); ++p)
      views.push_back({prompts[p].data(), static_cast<uint32_t>(prompts[p].size()), nullptr,
                       adapters.empty() ? -1 : adapters[p]});
    request.prompts = views.data();
    request.promptCount = static_cast<uint32_t>(views.size());
    Loop loop;
    sinter_status result = loop.run(model.stepper(), request, &error);
    stats = loop.stats;
    for (size_t i = 0; found && i < loop.sequences.size; ++i) {
      const Sequence &s = loop.sequences[i];
      found->tokens.emplace_back(s.tokens.begin(), s.tokens.end());
      found->texts.emplace_back(s.text.begin(), s.text.end());
      found->scores.push_back(s.score);
      found->finishes.push_back(s.finish);
    }
    return result;
  }
  Found run(FakeModel &model) {
    Found found;
    EXPECT_EQ(status(model, &found), SINTER_OK) << error.message;
    return found;
  }
};

} // namespace sinter::generate::test

#endif // SINTER_TEST_RUNTIME_GENERATE_FAKEMODEL_H

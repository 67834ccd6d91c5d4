// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a decision costs: settings and a kind of row in, the median of milliseconds out. sample_bench [VOCABULARY]

#include "Support.h"

#include "runtime/sample/Beam.h"

#include <algorithm>
#include <chrono>
#include <cstdio>

using namespace sinter::sample;
using namespace sinter::sample::test;

namespace {

template <typename Run> double milliseconds(Run run) {
  std::vector<double> times;
  for (int i = 0; i < 41; ++i) {
    auto start = std::chrono::steady_clock::now();
    run();
    times.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
  }
  std::sort(times.begin(), times.end());
  return times[20];
}

} // namespace

int main(int argc, char **argv) {
  uint32_t vocabulary = argc > 1 ? static_cast<uint32_t>(atoi(argv[1])) : 150000;
  OwnedWorkspace owned(vocabulary);
  Settings none;
  none.maxNewTokens = 1;
  auto with = [&](auto change) {
    Settings settings = none;
    settings.sampling = true;
    change(settings);
    return settings;
  };
  struct {
    const char *name;
    Settings settings;
  } kinds[] = {
      {"greedy", none},
      {"sampling", with([](Settings &) {})},
      {"top-k 50", with([](Settings &s) { s.topK = 50; })},
      {"top-k 20000", with([](Settings &s) { s.topK = 20000; })},
      {"top-p 0.9", with([](Settings &s) { s.topP = 0.9f; })},
      {"temperature, top-k 50, top-p 0.9", with([](Settings &s) { s.temperature = 0.7f, s.topK = 50, s.topP = 0.9f; })},
      {"min-p 0.05", with([](Settings &s) { s.minP = 0.05f; })},
      {"eta 0.001", with([](Settings &s) { s.etaCutoff = 0.001f; })},
  };
  // As a model's are: a few tokens far above the others.
  std::vector<float> peaked = normalRow(vocabulary, 1.5f, 1);
  for (uint32_t i = 0; i < 40; ++i)
    peaked[i * 2654435761u % vocabulary] += 12 - 0.1f * static_cast<float>(i);
  const std::pair<const char *, std::vector<float>> rows[] = {{"peaked", peaked},
                                                              {"normal, 2.5", normalRow(vocabulary, 2.5f, 1)},
                                                              {"normal, 0.01", normalRow(vocabulary, 0.01f, 1)},
                                                              {"all equal", std::vector<float>(vocabulary, 1)}};
  for (const auto &[name, row] : rows)
    for (const auto &kind : kinds) {
      Choice choice;
      uint32_t sample = 0;
      double time = milliseconds([&] {
        if (chooseToken(kind.settings, owned.ws, {row.data(), {}, sample++}, &choice, nullptr, nullptr) != SINTER_OK)
          abort();
      });
      std::printf("%-14s %-34s %.3f ms\n", name, kind.name, time);
    }
  Settings beams = none;
  beams.beams = 4;
  beams.maxNewTokens = 100;
  BeamShape shape{vocabulary, 1, 1};
  uint64_t bytes = 0;
  if (!BeamSearch::bytes(beams, shape, &bytes))
    return 1;
  Memory memory(bytes);
  BeamSearch search;
  int32_t prompt = 0, tokens[4];
  const int32_t *prompts = &prompt;
  uint32_t length = 1, parents[4];
  const float *logits[4] = {rows[0].second.data(), rows[0].second.data(), rows[0].second.data(), rows[0].second.data()};
  if (search.start(beams, shape, &prompts, &length, memory.data, bytes, nullptr) != SINTER_OK)
    return 1;
  std::printf("%-14s %-34s %.3f ms\n", "peaked", "beams 4, all rows",
              milliseconds([&] { search.stepPrompt(0, logits, owned.ws, {}, tokens, parents, nullptr); }));
}

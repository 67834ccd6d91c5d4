// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sinter's side of the bench of generation: an artifact and orders on stdin in, milliseconds as JSON on stdout out.
// Uses the C API as any program would. An order is a line: NEW BEAMS COUNT TOKEN…; end tokens are ordinary ones.
// The answer: {"prefill_ms", "decode_ms", "ms", "tokens"} of the best sequence, or {"failed": "…"}.
#include "sinter/sinter.h"

#include <chrono>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <vector>

namespace {

int failed(const char *message) {
  std::printf("{\"failed\": \"");
  for (; *message; ++message)
    std::printf(*message == '"' || *message == '\\' ? "\\%c" : "%c", *message);
  std::printf("\"}\n");
  std::fflush(stdout);
  return 1;
}

sinter_status answer(const sinter_artifact *artifact, sinter_generator *generator, uint32_t fresh, uint32_t beams,
                     const std::vector<int32_t> &tokens, sinter_error *error) {
  sinter_generate_options options;
  if (auto status = sinter_generate_defaults(artifact, beams > 1 ? SINTER_BEAMS : SINTER_GREEDY, &options, error))
    return status;
  options.max_new_tokens = options.min_new_tokens = fresh;
  options.ignore_eos = 1;
  if (beams > 1)
    options.beams = beams;
  sinter_prompt prompt{tokens.data(), tokens.size(), nullptr, 0};
  auto start = std::chrono::steady_clock::now();
  if (auto status = sinter_generate(generator, &prompt, 1, &options, nullptr, nullptr, nullptr, error))
    return status;
  double ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  sinter_generate_stats stats;
  sinter_generator_get_stats(generator, &stats);
  std::printf("{\"prefill_ms\": %.6f, \"decode_ms\": %.6f, \"ms\": %.6f, \"tokens\": [", 1e3 * stats.prefill_seconds,
              1e3 * stats.decode_seconds, ms);
  sinter_sequence best;
  sinter_generator_sequence(generator, 0, &best);
  for (uint64_t i = 0; i < best.count; ++i)
    std::printf("%s%" PRId32, i ? ", " : "", best.tokens[i]);
  std::printf("]}\n");
  std::fflush(stdout);
  return SINTER_OK;
}

} // namespace

int main(int argc, char **argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: bench_generate ARTIFACT THREADS\n");
    return 2;
  }
  sinter_artifact *artifact = nullptr;
  sinter_session *session = nullptr;
  sinter_generator *generator = nullptr;
  sinter_error error;
  sinter_options options{uint32_t(std::atoi(argv[2])), 0, 1};
  if (sinter_artifact_open(argv[1], &artifact, &error) || sinter_session_create(artifact, &options, &session, &error) ||
      sinter_generator_create(session, &generator, &error))
    return failed(error.message);
  uint32_t fresh = 0, beams = 0, count = 0;
  while (std::scanf("%" SCNu32 " %" SCNu32 " %" SCNu32, &fresh, &beams, &count) == 3) {
    std::vector<int32_t> tokens(count);
    for (int32_t &token : tokens)
      if (std::scanf("%" SCNd32, &token) != 1)
        return failed("an order with too few tokens");
    if (answer(artifact, generator, fresh, beams, tokens, &error))
      return failed(error.message);
  }
  sinter_generator_destroy(generator);
  sinter_session_destroy(session);
  sinter_artifact_close(artifact);
  return 0;
}

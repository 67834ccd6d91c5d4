// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A folder's tokenizer on a file: megabytes a second (the best of some rounds),
// or with --ids the ids of every line, for a comparison with another program.

#include "frontend/tokenizer/Tokenizer.h"
#include "runtime/text/Tokenizer.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <sstream>
#include <vector>

int main(int argc, char **argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: text_bench FOLDER FILE [--ids]\n");
    return 2;
  }
  std::string error;
  auto compiled = sinter::tokenizer::compileFolder(argv[1], error);
  SinterTokenizer view;
  if (!compiled || sinterTokenizerOpen(&view, compiled->blob.data(), compiled->blob.size(), nullptr)) {
    std::fprintf(stderr, "%s\n", error.c_str());
    return 1;
  }
  std::stringstream text;
  text << std::ifstream(argv[2], std::ios::binary).rdbuf();
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);)
    lines.push_back(line);
  std::vector<int32_t> ids;
  SinterEncodeOptions options = {0, 0, 0, 1, nullptr, 0};
  double best = 1e9;
  size_t bytes = 0, tokens = 0;
  bool print = argc > 3 && !std::strcmp(argv[3], "--ids");
  for (int round = 0; round < (print ? 1 : 5); ++round) {
    auto start = std::chrono::steady_clock::now();
    bytes = tokens = 0;
    for (const std::string &line : lines) {
      ids.resize(std::max(ids.size(), 4 * line.size() + 16));
      SinterEncodeResult result;
      if (sinterTokenizerEncode(&view, line.data(), line.size(), &options, ids.data(), nullptr, nullptr, ids.size(),
                                &result))
        return 1;
      bytes += line.size() + 1;
      tokens += result.count;
      for (size_t i = 0; print && i < result.count; ++i)
        std::printf(i ? " %d" : "%d", ids[i]);
      if (print)
        std::puts("");
    }
    best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  if (!print)
    std::printf("%.1f MB/s, %zu tokens\n", double(bytes) / best / 1e6, tokens);
  return 0;
}

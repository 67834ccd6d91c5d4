// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// `sinter tokenizer train`: text files to the tokenizer.json that is learned from them. Files are read piece by piece.
#include "tools/sinter/Report.h"

#include "frontend/tokenizer/Train.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <vector>

namespace sinter::tool {

static int read(tokenizer::Trainer &trainer, const std::string &path) {
  bool isStdin = path == "-";
  std::FILE *file = isStdin ? stdin : std::fopen(path.c_str(), "rb");
  if (!file)
    return fail(exitWorld, path + ": " + std::strerror(errno));
  std::vector<char> buffer(1 << 20);
  size_t count = 0;
  bool ok = true;
  while (ok && (count = std::fread(buffer.data(), 1, buffer.size(), file)) > 0)
    ok = trainer.add({buffer.data(), count});
  bool failed = std::ferror(file);
  if (!isStdin)
    std::fclose(file);
  if (!ok || !trainer.endText())
    return fail(exitWorld, path + ": out of memory");
  return failed ? fail(exitWorld, path + " cannot be read") : int(exitOk);
}

int runTokenizer(const TokenizerOptions &o) {
  tokenizer::TrainOptions options;
  options.kind = o.type == "unigram"     ? tokenizer::TrainOptions::Unigram
                 : o.type == "wordpiece" ? tokenizer::TrainOptions::WordPiece
                                         : tokenizer::TrainOptions::BytePairs;
  options.vocabularySize = o.vocabularySize;
  options.byteLevel = o.byteLevel;
  options.lowercase = !o.cased;
  options.special = o.special;
  options.minFrequency = o.minFrequency;
  options.limitAlphabet = o.limitAlphabet;
  options.maxTokenLength = o.maxTokenLength;
  options.firstOfEquals = o.ties == "first";
  options.unknown = o.unknown;
  tokenizer::Trainer trainer(options);
  std::string error;
  if (!trainer.start(error))
    return fail(exitUserError, error);
  for (const std::string &path : o.files)
    if (int code = read(trainer, path))
      return code;
  std::string json = trainer.finish(error);
  if (json.empty())
    return fail(exitUserError, error);
  return writeText(o.output, json);
}

} // namespace sinter::tool

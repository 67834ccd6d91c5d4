// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a folder says about generating text: generation_config.json (or, where there is none, the same keys of
// config.json), and the chat template with its special tokens. Plain data; HfFolder reads it.
#ifndef SINTER_FRONTEND_CONFIG_GENERATION_H
#define SINTER_FRONTEND_CONFIG_GENERATION_H

#include <cstdint>
#include <string>
#include <vector>

namespace sinter::frontend {

/// Tokens are -1 where there is none; numbers are those that change nothing where the folder says nothing.
struct GenerationConfig {
  int32_t bos = -1, pad = -1, decoderStart = -1, forcedFirst = -1, forcedLast = -1;
  std::vector<int32_t> eos, suppressed, suppressedFirst;
  std::vector<std::vector<int32_t>> badWords;
  bool sampling = false;
  uint32_t topK = 0, beams = 1, returned = 1, noRepeatNgram = 0;
  uint32_t minNewTokens = 0, maxNewTokens = 0, minLength = 0, maxLength = 0;
  uint32_t earlyStopping = 0; ///< no, yes, never
  double temperature = 1, topP = 1, minP = 0, epsilonCutoff = 0, etaCutoff = 0, repetitionPenalty = 1, lengthPenalty = 1;
};

struct ChatText {
  std::string file;      ///< where the template stands, for messages; "" where there is none
  std::string jinja;     ///< the template
  std::string variables; ///< members of a JSON object: "bos_token": "<s>", …
};

} // namespace sinter::frontend

#endif

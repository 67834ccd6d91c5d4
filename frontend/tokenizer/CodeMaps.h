// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tables of one value a code point for the steps of a pipeline; only those in
// use are made, and pages that are alike are kept once.

#ifndef SINTER_FRONTEND_TOKENIZER_CODEMAPS_H
#define SINTER_FRONTEND_TOKENIZER_CODEMAPS_H

#include "frontend/tokenizer/Description.h"
#include "runtime/text/TokenizerBlob.h"

#include <map>

namespace sinter::tokenizer {

class CodeMapBuilder {
public:
  /// The map's place among those in use.
  uint32_t place(CodeMap map);
  /// Pairs that compose; once a step composes.
  void addCompositions();

  std::vector<uint16_t> blocks;
  std::vector<uint32_t> pages, pool;
  std::vector<SinterComposition> compositions;

private:
  uint32_t value(CodeMap map, uint32_t code);

  std::map<CodeMap, uint32_t> places;
  std::map<std::vector<uint32_t>, uint16_t> known;
  std::map<std::vector<uint32_t>, uint32_t> sequences;
};

} // namespace sinter::tokenizer

#endif // SINTER_FRONTEND_TOKENIZER_CODEMAPS_H

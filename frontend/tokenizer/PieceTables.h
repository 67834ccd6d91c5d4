// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The tables of models of pieces (Unigram, the BPE of SentencePiece) and of
// charsmaps. A tokenizer without them gets empty tries.

#ifndef SINTER_FRONTEND_TOKENIZER_PIECETABLES_H
#define SINTER_FRONTEND_TOKENIZER_PIECETABLES_H

#include "frontend/tokenizer/Vocabulary.h"

namespace sinter::tokenizer {

class PieceTables {
public:
  explicit PieceTables(std::string &error) : error(error) {}

  /// False with the error set when a trie would be too large.
  bool build(const Description &description, VocabularyBuilder &vocabulary);
  void setHeader(const Description &description, SinterTokenizerHeader &header) const;
  void append(BlobWriter &writer, SinterTokenizerHeader &header) const;

private:
  std::string &error;
  std::vector<SinterTrieUnit> pieceTrie, charTrie, wholeTrie;
  std::vector<SinterModelPiece> pieces;
  std::vector<SinterBlobBytes> replacements;
};

} // namespace sinter::tokenizer

#endif // SINTER_FRONTEND_TOKENIZER_PIECETABLES_H

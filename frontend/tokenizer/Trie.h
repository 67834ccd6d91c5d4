// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Strings with numbers to the double array that runtime/text walks
// (SinterTrieUnit). The same strings give the same bytes.

#ifndef SINTER_FRONTEND_TOKENIZER_TRIE_H
#define SINTER_FRONTEND_TOKENIZER_TRIE_H

#include "runtime/text/TokenizerBlob.h"

#include <map>
#include <string>
#include <vector>

namespace sinter::tokenizer {

/// Empty keys are left out. False when the trie would need more units than the
/// format has room for.
bool buildTrie(const std::map<std::string, uint32_t> &keys, std::vector<SinterTrieUnit> &units);

} // namespace sinter::tokenizer

#endif // SINTER_FRONTEND_TOKENIZER_TRIE_H

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Strings with numbers to the double array that runtime/text walks
// (SinterTrieUnit). The same strings give the same bytes.

#ifndef SINTER_FRONTEND_TOKENIZER_TRIE_H
#define SINTER_FRONTEND_TOKENIZER_TRIE_H

#include "runtime/text/TokenizerBlob.h"

#include <string_view>
#include <utility>
#include <vector>

namespace sinter::tokenizer {

/// Keys in any order; empty ones are left out, of equal ones the largest number
/// stays. False when the trie would need more units than the format has room for.
bool buildTrie(std::vector<std::pair<std::string_view, uint32_t>> keys, std::vector<SinterTrieUnit> &units);

} // namespace sinter::tokenizer

#endif // SINTER_FRONTEND_TOKENIZER_TRIE_H

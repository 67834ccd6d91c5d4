// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The compiled normalization rules inside SentencePiece models
// (`precompiled_charsmap`): a double array whose values are places in a string
// of texts that end in zero bytes. Untrusted bytes enter, rules leave.

#ifndef SINTER_FRONTEND_TOKENIZER_CHARSMAP_H
#define SINTER_FRONTEND_TOKENIZER_CHARSMAP_H

#include <map>
#include <string>
#include <string_view>

namespace sinter::tokenizer {

using CharsmapRules = std::map<std::string, std::string>;

/// False with `error` = what is wrong with it.
bool readCharsmap(std::string_view bytes, CharsmapRules &rules, std::string &error);

/// Base64 as tokenizer.json has it; false at anything else.
bool decodeBase64(std::string_view text, std::string &bytes);

} // namespace sinter::tokenizer

#endif // SINTER_FRONTEND_TOKENIZER_CHARSMAP_H

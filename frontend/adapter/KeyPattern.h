// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Patterns over names of modules, as adapter_config.json writes them (Python's `re`): a spelling in, whether
// a whole name matches out. No backtracking: sets of positions are carried through the tree.
#ifndef SINTER_FRONTEND_ADAPTER_KEYPATTERN_H
#define SINTER_FRONTEND_ADAPTER_KEYPATTERN_H

#include "frontend/tokenizer/Pattern.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace sinter::frontend {

class KeyPattern {
public:
  /// Nullopt with `error` for a spelling that is none, or that only backtracking could match.
  static std::optional<KeyPattern> compile(std::string_view spelling, std::string &error);

  /// re.fullmatch. Time: length of the name × size of the pattern, squared at worst.
  bool matches(std::string_view name) const;

private:
  std::shared_ptr<tokenizer::CodePointClasses> classes;
  tokenizer::PatternNode root;
};

} // namespace sinter::frontend

#endif

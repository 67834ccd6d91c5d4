// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Globs over dotted paths: `*` one segment or a part of it, `**` any number of segments, {a,b} one of
// several. Used for `ignore`, edits, and keys of config.json.
#ifndef SINTER_FRONTEND_WEIGHTS_GLOB_H
#define SINTER_FRONTEND_WEIGHTS_GLOB_H

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sinter::frontend {

/// A compiled glob. Matching simulates a small automaton: time is length of the path × length of the
/// glob at worst, whatever either holds.
class Glob {
public:
  /// Nullopt with `error` (what is wrong) and `errorAt` (byte of the glob) for a malformed one.
  static std::optional<Glob> compile(std::string_view pattern, std::string &error, size_t &errorAt);

  bool matches(std::string_view path) const;

  /// Longest glob accepted.
  static constexpr size_t maxLength = 1024;

private:
  enum class Op : uint8_t { Char, Star, Any, Jump, Fork, Accept };
  struct Step {
    Op op;
    char c = 0;
    uint32_t first = 0;  ///< Jump, Fork
    uint32_t second = 0; ///< Fork
  };
  friend class GlobCompiler;
  std::vector<Step> steps;
};

} // namespace sinter::frontend

#endif

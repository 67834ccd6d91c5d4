// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Every text the frontend reads: .sinter files, embedded texts, and JSON files of a model folder.
// A Span names a byte range of one of them; everything downstream carries spans, never line numbers.
#ifndef SINTER_FRONTEND_SYNTAX_SOURCEMANAGER_H
#define SINTER_FRONTEND_SYNTAX_SOURCEMANAGER_H

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace sinter::frontend {

/// Index of a text inside its SourceManager.
using FileId = uint32_t;
inline constexpr FileId noFile = ~FileId{0};

/// Half-open byte range [begin, end) of one text. A default Span points nowhere.
struct Span {
  FileId file = noFile;
  uint32_t begin = 0;
  uint32_t end = 0;

  bool isValid() const { return file != noFile; }
  bool operator==(const Span &) const = default;
  /// From the start of this span to the end of `last` (same file).
  Span to(const Span &last) const { return {file, begin, last.end < begin ? end : last.end}; }
};

/// One-based line and column; columns count Unicode code points.
struct LineColumn {
  uint32_t line = 0;
  uint32_t column = 0;
};

/// Owns texts for the length of a run. Not thread safe. References to texts stay valid.
class SourceManager {
public:
  /// A text larger than this is refused before it is read.
  static constexpr uint64_t maxFileBytes = 16u << 20;

  enum class ReadStatus { Ok, NotFound, NotAFile, TooLarge, Unreadable };

  /// Adds a text that is already in memory; `name` is what diagnostics print.
  FileId add(std::string name, std::string text);

  /// Reads a file from disk (at most maxFileBytes). On Ok, `id` names it.
  ReadStatus addFile(const std::string &path, FileId &id);

  std::string_view text(FileId id) const { return files[id].text; }
  std::string_view text(const Span &span) const;
  const std::string &name(FileId id) const { return files[id].name; }
  size_t fileCount() const { return files.size(); }

  LineColumn lineColumn(FileId id, uint32_t offset) const;
  /// The text of a one-based line without its end.
  std::string_view line(FileId id, uint32_t line) const;
  /// Offset of the first byte of a one-based line (of the text's end, beyond the last).
  uint32_t lineStart(FileId id, uint32_t line) const;
  uint32_t lineCount(FileId id) const;

  /// Span inside a string literal: `first`..`last` are byte positions in its *value*
  /// (after escapes); `literal` is the literal's span including both quotes.
  Span insideString(const Span &literal, size_t first, size_t last) const;

private:
  struct File {
    std::string name;
    std::string text;
    /// Line breaks before byte k × stride: small even for a text of nothing but line breaks.
    std::vector<uint32_t> breaksBefore;
  };
  static constexpr uint32_t stride = 2048;
  std::deque<File> files;
};

} // namespace sinter::frontend

#endif

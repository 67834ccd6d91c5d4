// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Holds texts and turns byte offsets into lines and columns. Lines are indexed
// sparsely when a text enters, so that a run with many diagnostics stays linear.
#include "frontend/syntax/SourceManager.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <sys/stat.h>

namespace sinter::frontend {

FileId SourceManager::add(std::string name, std::string text) {
  File file{std::move(name), std::move(text), {}};
  uint32_t breaks = 0;
  for (size_t i = 0; i < file.text.size(); ++i) {
    if (i % stride == 0)
      file.breaksBefore.push_back(breaks);
    breaks += file.text[i] == '\n';
  }
  file.breaksBefore.push_back(breaks);
  files.push_back(std::move(file));
  return static_cast<FileId>(files.size() - 1);
}

SourceManager::ReadStatus SourceManager::addFile(const std::string &path, FileId &id) {
  struct stat status;
  if (::stat(path.c_str(), &status) != 0)
    return ReadStatus::NotFound;
  if (!S_ISREG(status.st_mode))
    return ReadStatus::NotAFile;
  if (static_cast<uint64_t>(status.st_size) > maxFileBytes)
    return ReadStatus::TooLarge;
  std::unique_ptr<FILE, int (*)(FILE *)> stream(std::fopen(path.c_str(), "rb"), &std::fclose);
  if (!stream)
    return ReadStatus::Unreadable;
  // One byte more than announced: a file that grew meanwhile is refused rather than cut.
  std::string text(static_cast<size_t>(status.st_size) + 1, '\0');
  size_t count = std::fread(text.data(), 1, text.size(), stream.get());
  if (std::ferror(stream.get()) || count > static_cast<size_t>(status.st_size))
    return ReadStatus::Unreadable;
  text.resize(count);
  id = add(path, std::move(text));
  return ReadStatus::Ok;
}

std::string_view SourceManager::text(const Span &span) const {
  if (!span.isValid())
    return {};
  return text(span.file).substr(span.begin, span.end - span.begin);
}

LineColumn SourceManager::lineColumn(FileId id, uint32_t offset) const {
  const File &file = files[id];
  uint32_t end = std::min<uint32_t>(offset, static_cast<uint32_t>(file.text.size()));
  uint32_t block = end / stride;
  uint32_t line = file.breaksBefore[block] + 1;
  for (uint32_t i = block * stride; i < end; ++i)
    line += file.text[i] == '\n';
  uint32_t column = 1;
  for (uint32_t i = end; i > 0 && file.text[i - 1] != '\n'; --i)
    if ((static_cast<unsigned char>(file.text[i - 1]) & 0xC0) != 0x80)
      ++column;
  return {line, column};
}

std::string_view SourceManager::line(FileId id, uint32_t line) const {
  std::string_view view = files[id].text;
  view.remove_prefix(lineStart(id, line));
  view = view.substr(0, view.find('\n'));
  while (!view.empty() && view.back() == '\r')
    view.remove_suffix(1);
  return view;
}

uint32_t SourceManager::lineStart(FileId id, uint32_t line) const {
  const File &file = files[id];
  if (line <= 1)
    return 0;
  // The last block that begins before the wanted line break, which is number line - 1.
  auto after = std::lower_bound(file.breaksBefore.begin(), file.breaksBefore.end(), line - 1);
  auto block = static_cast<uint32_t>(std::max<ptrdiff_t>(after - file.breaksBefore.begin() - 1, 0));
  uint32_t breaks = file.breaksBefore[block];
  for (size_t i = size_t{block} * stride; i < file.text.size(); ++i)
    if (file.text[i] == '\n' && ++breaks == line - 1)
      return static_cast<uint32_t>(i + 1);
  return static_cast<uint32_t>(file.text.size());
}

uint32_t SourceManager::lineCount(FileId id) const { return files[id].breaksBefore.back() + 1; }

Span SourceManager::insideString(const Span &literal, size_t first, size_t last) const {
  if (!literal.isValid() || literal.end < literal.begin + 2)
    return literal;
  std::string_view raw = text(literal);
  size_t value = 0;
  Span span{literal.file, literal.end - 1, literal.end - 1};
  for (size_t i = 1; i + 1 < raw.size(); ++value) {
    if (value == first)
      span.begin = literal.begin + static_cast<uint32_t>(i);
    if (value == last)
      span.end = literal.begin + static_cast<uint32_t>(i);
    i += raw[i] == '\\' ? 2 : 1;
  }
  return span;
}

} // namespace sinter::frontend

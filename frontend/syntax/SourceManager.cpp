// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Holds texts and turns byte offsets into lines and columns. Lines are indexed once, when a text
// enters, so that a run with many diagnostics stays linear.
#include "frontend/syntax/SourceManager.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <sys/stat.h>

namespace sinter::frontend {

FileId SourceManager::add(std::string name, std::string text) {
  File file{std::move(name), std::move(text), {0}};
  for (size_t i = 0; i < file.text.size(); ++i)
    if (file.text[i] == '\n')
      file.lineStarts.push_back(static_cast<uint32_t>(i + 1));
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
  auto after = std::upper_bound(file.lineStarts.begin(), file.lineStarts.end(), offset);
  auto line = static_cast<uint32_t>(after - file.lineStarts.begin());
  uint32_t column = 1;
  uint32_t end = std::min<uint32_t>(offset, static_cast<uint32_t>(file.text.size()));
  for (uint32_t i = file.lineStarts[line - 1]; i < end; ++i)
    if ((static_cast<unsigned char>(file.text[i]) & 0xC0) != 0x80)
      ++column;
  return {line, column};
}

std::string_view SourceManager::line(FileId id, uint32_t line) const {
  const File &file = files[id];
  uint32_t begin = file.lineStarts[line - 1];
  size_t end = line < file.lineStarts.size() ? file.lineStarts[line] : file.text.size();
  std::string_view view = std::string_view(file.text).substr(begin, end - begin);
  while (!view.empty() && (view.back() == '\n' || view.back() == '\r'))
    view.remove_suffix(1);
  return view;
}

uint32_t SourceManager::lineStart(FileId id, uint32_t line) const { return files[id].lineStarts[line - 1]; }

uint32_t SourceManager::lineCount(FileId id) const {
  return static_cast<uint32_t>(files[id].lineStarts.size());
}

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

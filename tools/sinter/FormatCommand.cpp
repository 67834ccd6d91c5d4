// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// `sinter fmt`: texts in the house's layout, in place; `-` is standard input to standard output.
#include "tools/sinter/Report.h"

#include "frontend/syntax/Format.h"
#include "frontend/syntax/Lexer.h"
#include "runtime/format/AtomicWrite.h"

#include <algorithm>
#include <cstdio>
#include <sys/stat.h>
#include <unistd.h>

namespace sinter::tool {
namespace {

using namespace frontend;

/// All of stdin, unless it is larger than a text may be.
bool readStdin(std::string &text) {
  char buffer[1 << 16];
  size_t count;
  while ((count = std::fread(buffer, 1, sizeof(buffer), stdin)) && text.size() <= SourceManager::maxFileBytes)
    text.append(buffer, count);
  return !std::ferror(stdin) && text.size() <= SourceManager::maxFileBytes;
}

int read(const std::string &path, DiagnosticEngine &diags, FileId &file) {
  if (path == "-") {
    std::string text;
    if (!readStdin(text))
      return fail(exitWorld, "standard input cannot be read, or is too large for a text");
    file = diags.sources().add("<stdin>", std::move(text));
    return exitOk;
  }
  switch (diags.sources().addFile(path, file)) {
  case SourceManager::ReadStatus::Ok:
    return exitOk;
  case SourceManager::ReadStatus::NotFound:
    return fail(exitWorld, path + ": there is no such file");
  case SourceManager::ReadStatus::NotAFile:
    return fail(exitWorld, path + " is not a file");
  case SourceManager::ReadStatus::TooLarge:
    return fail(exitUserError, path + " is too large for a text");
  case SourceManager::ReadStatus::Unreadable:
    break;
  }
  return fail(exitWorld, path + " cannot be read");
}

/// The last guard before a user's file is replaced: the same tokens with the same spelling.
bool saysTheSame(const std::string &a, const std::string &b) {
  DiagnosticEngine diags;
  FileId files[] = {diags.sources().add("a", a), diags.sources().add("b", b)};
  TokenList lists[] = {lex(files[0], 0, uint32_t(a.size()), diags), lex(files[1], 0, uint32_t(b.size()), diags)};
  return std::equal(lists[0].tokens.begin(), lists[0].tokens.end(), lists[1].tokens.begin(), lists[1].tokens.end(),
                    [&](const Token &x, const Token &y) {
                      // Where the text ends is no token of it: the last line may lack its newline.
                      return x.kind == y.kind && (x.firstOnLine == y.firstOnLine || x.kind == TokenKind::End) &&
                             a.compare(x.begin, x.end - x.begin, b, y.begin, y.end - y.begin) == 0;
                    });
}

/// Replaces the file and keeps its permissions.
int replace(const std::string &path, const std::string &text) {
  struct stat info;
  mode_t mode = stat(path.c_str(), &info) == 0 ? info.st_mode & 07777 : 0666;
  std::string error;
  auto file = format::AtomicFile::create(path, error, mode);
  return file && file->write(text.data(), text.size(), error) && file->commit(error) ? int(exitOk)
                                                                                     : fail(exitWorld, error);
}

int formatOne(const std::string &path, bool check, bool &changed) {
  DiagnosticEngine diags;
  FileId file = noFile;
  if (int code = read(path, diags, file))
    return code;
  std::optional<std::string> formatted = formatText(file, diags);
  if (!formatted) {
    std::fputs((errorFormat() == ErrorFormat::Json ? diags.renderJson() : diags.render(isatty(2))).c_str(), stderr);
    return exitUserError;
  }
  std::string text(diags.sources().text(file));
  if (!saysTheSame(text, *formatted))
    return fail(exitInternal, path + ": formatting would change the text; it was left alone");
  bool differs = *formatted != text;
  changed |= differs;
  if (check) {
    if (differs)
      std::printf("%s\n", path.c_str());
    return exitOk;
  }
  if (path == "-")
    return std::fwrite(formatted->data(), 1, formatted->size(), stdout) == formatted->size() && std::fflush(stdout) == 0
               ? int(exitOk)
               : fail(exitWorld, "stdout cannot be written");
  return differs ? replace(path, *formatted) : int(exitOk);
}

} // namespace

int runFormat(const FormatOptions &options) {
  int worst = exitOk;
  bool changed = false;
  for (const std::string &path : options.files)
    worst = std::max(worst, formatOne(path, options.check, changed));
  return worst ? worst : options.check && changed ? int(exitUserError) : int(exitOk);
}

} // namespace sinter::tool

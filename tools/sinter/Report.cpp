// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See Report.h.
#include "tools/sinter/Report.h"

#include "runtime/format/AtomicWrite.h"

#include <nlohmann/json.hpp>

#include <charconv>
#include <cstdio>
#include <sys/stat.h>

namespace sinter::tool {

namespace {

ErrorFormat format = ErrorFormat::Text;

/// Cuts ":NUMBER" off the end.
bool cutNumber(std::string_view &site, unsigned &number) {
  size_t colon = site.rfind(':');
  if (colon == std::string_view::npos)
    return false;
  const char *first = site.data() + colon + 1, *last = site.data() + site.size();
  auto parsed = std::from_chars(first, last, number);
  if (parsed.ec != std::errc() || parsed.ptr != last)
    return false;
  site = site.substr(0, colon);
  return true;
}

/// The same members as renderJson's, so that a reader needs one shape only.
void sayJson(std::string_view severity, std::string_view site, std::string_view message) {
  using Json = nlohmann::ordered_json;
  Json place = nullptr;
  unsigned line = 0, column = 0;
  if (cutNumber(site, column) && cutNumber(site, line))
    place = {{"file", site},     {"line", line},         {"column", column},
             {"end_line", line}, {"end_column", column}, {"text", ""}};
  Json json{{"severity", severity},   {"code", nullptr},         {"message", message},
            {"primary", place},       {"labels", Json::array()}, {"notes", Json::array()},
            {"helps", Json::array()}, {"chain", Json::array()},  {"repeats", 0}};
  std::fprintf(stderr, "%s\n", json.dump(-1, ' ', false, Json::error_handler_t::replace).c_str());
}

} // namespace

void setErrorFormat(ErrorFormat wanted) { format = wanted; }
ErrorFormat errorFormat() { return format; }

void say(std::string_view severity, std::string_view site, std::string_view message) {
  if (format == ErrorFormat::Json)
    return sayJson(severity, site, message);
  std::fprintf(stderr, "sinter: %.*s: %.*s%s%.*s\n", int(severity.size()), severity.data(), int(site.size()),
               site.data(), site.empty() ? "" : ": ", int(message.size()), message.data());
}

int fail(ExitCode code, const std::string &message) {
  say("error", "", message);
  return code;
}

int writeText(const std::string &path, const std::string &text) {
  if (path.empty() || path == "-") {
    bool ok = std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
    return ok ? int(exitOk) : fail(exitWorld, "stdout cannot be written");
  }
  struct stat info;
  if (stat(path.c_str(), &info) == 0 && !S_ISREG(info.st_mode)) {
    std::FILE *file = std::fopen(path.c_str(), "wb");
    bool ok = file && std::fwrite(text.data(), 1, text.size(), file) == text.size();
    ok = file && std::fclose(file) == 0 && ok;
    return ok ? int(exitOk) : fail(exitWorld, path + ": cannot be written");
  }
  std::string error;
  return format::writeFileAtomic(path, text, error) ? int(exitOk) : fail(exitWorld, error);
}

ExitCode exitOf(sinter_status status) {
  switch (status) {
  case SINTER_OK:
    return exitOk;
  case SINTER_INVALID_ARGUMENT:
  case SINTER_REFUSED:
  case SINTER_NOT_FINITE:
  case SINTER_NOT_FOUND:
    return exitUserError;
  case SINTER_IO:
  case SINTER_OUT_OF_MEMORY:
  case SINTER_UNSUPPORTED_MACHINE:
    return exitWorld;
  default:
    return exitInternal;
  }
}

} // namespace sinter::tool

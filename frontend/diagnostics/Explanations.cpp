// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// See Explanations.h. The table itself is generated at build time.
#include "frontend/diagnostics/Explanations.h"

#include "frontend/diagnostics/Diagnostics.h"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>

namespace sinter::frontend {

namespace {

constexpr std::string_view fence = "```";

/// Takes one line, without its end, off the front.
std::string_view takeLine(std::string_view &text) {
  size_t end = text.find('\n');
  std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

const DiagInfo *registered(std::string_view code) {
  for (const DiagInfo &entry : messages())
    if (code == entry.code)
      return &entry;
  return nullptr;
}

/// A registered text with "…" for its arguments.
std::string withoutArguments(std::string_view text) {
  std::string out = formatMessage(text, {"…", "…", "…", "…", "…", "…"});
  return out;
}

} // namespace

const Explanation *findExplanation(std::string_view code) {
  std::string upper(code);
  std::transform(upper.begin(), upper.end(), upper.begin(), [](unsigned char c) { return std::toupper(c); });
  for (const Explanation &entry : explanations())
    if (entry.code == upper)
      return &entry;
  return nullptr;
}

ExplanationExample exampleOf(const Explanation &explanation) {
  ExplanationExample example;
  std::string *texts[] = {&example.wrong, &example.mended};
  size_t next = 0;
  bool inside = false;
  for (std::string_view rest = explanation.page; !rest.empty();) {
    std::string_view line = takeLine(rest);
    if (line.substr(0, fence.size()) == fence) {
      next += inside;
      inside = !inside;
    } else if (inside && next < 2) {
      texts[next]->append(line);
      texts[next]->push_back('\n');
    }
  }
  return example;
}

std::string printExplanation(const Explanation &explanation) {
  std::string out;
  if (const DiagInfo *entry = registered(explanation.code)) {
    const char *kind = severityName(entry->severity);
    out += fmt::format("{}[{}]: {}\n", kind, entry->code, withoutArguments(entry->text));
    if (*entry->help)
      out += fmt::format("  help: {}\n", withoutArguments(entry->help));
  }
  bool inside = false, first = true;
  for (std::string_view rest = explanation.page; !rest.empty(); first = false) {
    std::string_view line = takeLine(rest);
    if (first && line.substr(0, 1) == "#")
      continue; // the heading repeats the code
    if (line.substr(0, fence.size()) == fence)
      inside = !inside;
    else
      out += fmt::format("{}{}\n", inside && !line.empty() ? "    " : "", line);
  }
  return out;
}

std::string listExplanations() {
  std::string out;
  for (const Explanation &page : explanations())
    if (const DiagInfo *entry = registered(page.code))
      out += fmt::format("{}  {:<8} {}\n", entry->code, severityName(entry->severity),
                         withoutArguments(entry->text));
  return out;
}

} // namespace sinter::frontend

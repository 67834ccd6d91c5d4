// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A diagnostic as text: code and message, the lines it points into with carets and words under each
// label, notes, remedies, and the chain of instances. Plain ASCII art; colours only when asked.
#include "frontend/diagnostics/Diagnostics.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>

namespace sinter::frontend {

namespace {

/// Widest part of a source line that is printed.
constexpr size_t maxLineWidth = 140;

struct Mark {
  uint32_t begin; ///< in cells, zero-based
  uint32_t end;
  bool primary;
  const std::string *words;
};

/// A line cut to cells that each print one column: tabs and control characters become a blank or '?'.
std::vector<std::string> cells(std::string_view line) {
  std::vector<std::string> out;
  for (unsigned char c : line) {
    if ((c & 0xC0) == 0x80 && !out.empty())
      out.back() += static_cast<char>(c);
    else if (c == '\t')
      out.push_back(" ");
    else if (c < 0x20 || c == 0x7F)
      out.push_back("?");
    else
      out.push_back(std::string(1, static_cast<char>(c)));
  }
  // Half a character (a file that is not UTF-8) must not reach the terminal.
  for (std::string &cell : out) {
    unsigned char first = static_cast<unsigned char>(cell[0]);
    size_t want = first < 0x80 ? 1 : first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
    if (cell.size() != want)
      cell = "?";
  }
  return out;
}

class Painter {
public:
  Painter(const Diagnostic &diagnostic, const SourceManager &sources, bool color)
      : diag(diagnostic), sources(sources), color(color) {}

  std::string run() {
    const DiagInfo &entry = info(diag.id);
    const char *color = entry.severity == Severity::Error ? "1;31" : entry.severity == Severity::Warning ? "1;33" : "1;36";
    out += paint(fmt::format("{}[{}]", severityName(entry.severity), entry.code), color);
    out += paint(": " + diag.message, "1") + "\n";
    collect();
    places();
    footer();
    return std::move(out);
  }

private:
  std::string paint(const std::string &text, const char *code) const {
    return color ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : text;
  }

  /// Sorts labels by file (that of the primary first) and line.
  void collect() {
    auto add = [&](const Label &label, bool primary) {
      if (!label.span.isValid())
        return;
      FileId file = label.span.file;
      if (std::find(fileOrder.begin(), fileOrder.end(), file) == fileOrder.end())
        fileOrder.push_back(file);
      LineColumn from = sources.lineColumn(file, label.span.begin);
      uint32_t lineBegin = sources.lineStart(file, from.line);
      auto lineEnd = static_cast<uint32_t>(lineBegin + sources.line(file, from.line).size());
      uint32_t last = std::max(std::min(label.span.end, lineEnd), label.span.begin);
      uint32_t to = sources.lineColumn(file, last).column - 1;
      uint32_t begin = from.column - 1;
      lines[file][from.line].push_back({begin, std::max(to, begin + 1), primary, &label.text});
      widest = std::max(widest, from.line);
    };
    add(diag.primary, true);
    for (const Label &label : diag.labels)
      add(label, false);
  }

  void places() {
    width = fmt::format("{}", widest).size();
    bool first = true;
    for (FileId file : fileOrder) {
      uint32_t line = lines[file].begin()->first;
      uint32_t column = lines[file].begin()->second.front().begin + 1;
      if (first) {
        LineColumn at = sources.lineColumn(file, diag.primary.span.begin);
        line = at.line;
        column = at.column;
      }
      out += fmt::format("{:>{}}{} {}:{}:{}\n", "", width, paint(first ? "-->" : ":::", "34"), sources.name(file), line,
                         column);
      first = false;
      gutter("");
      uint32_t previous = 0;
      for (auto &[number, marks] : lines[file]) {
        if (previous && number > previous + 2)
          out += paint("...", "34") + "\n";
        else if (previous && number == previous + 2)
          source(file, previous + 1, 0);
        paintLine(file, number, marks);
        previous = number;
      }
    }
    if (!fileOrder.empty() && hasFooter())
      gutter("");
  }

  bool hasFooter() const { return !diag.notes.empty() || !diag.helps.empty() || !diag.chain.empty() || diag.repeats; }

  void gutter(const std::string &text) {
    out += fmt::format("{:>{}} {}{}{}\n", "", width, paint("|", "34"), text.empty() ? "" : " ", text);
  }

  void source(FileId file, uint32_t number, size_t cut) {
    std::vector<std::string> row = cells(sources.line(file, number));
    std::string text;
    for (size_t i = cut; i < row.size() && i < cut + maxLineWidth; ++i)
      text += row[i];
    if (cut + maxLineWidth < row.size())
      text += "…";
    while (!text.empty() && text.back() == ' ')
      text.pop_back();
    std::string head = paint(fmt::format("{:>{}} |", number, width), "34");
    out += text.empty() ? head + "\n" : head + " " + (cut ? "…" : "") + text + "\n";
  }

  /// The line, then carets of all labels, the last one's words beside them, the others' words below.
  void paintLine(FileId file, uint32_t number, std::vector<Mark> &marks) {
    std::sort(marks.begin(), marks.end(),
              [](const Mark &a, const Mark &b) { return a.begin != b.begin ? a.begin < b.begin : a.end < b.end; });
    size_t length = cells(sources.line(file, number)).size();
    size_t cut = 0;
    if (length > maxLineWidth && marks.front().begin > maxLineWidth / 2)
      cut = marks.front().begin - maxLineWidth / 2;
    source(file, number, cut);
    uint32_t shift = cut ? static_cast<uint32_t>(cut) - 1 : 0; // the cut mark takes one cell
    std::string carets;
    for (const Mark &mark : marks) {
      uint32_t begin = mark.begin - shift;
      auto end = static_cast<uint32_t>(std::min<size_t>(mark.end - shift, maxLineWidth + 1));
      end = std::max(end, begin + 1);
      if (carets.size() < end)
        carets.resize(end, ' ');
      for (uint32_t i = begin; i < end; ++i)
        if (carets[i] != '^')
          carets[i] = mark.primary ? '^' : '-';
    }
    const Mark &last = marks.back();
    bool beside = carets.size() <= std::max<uint32_t>(last.end - shift, last.begin - shift + 1);
    std::string row = paint(carets, "1;31");
    if (beside && !last.words->empty())
      row += " " + *last.words;
    gutter(row);
    for (size_t i = marks.size() - (beside ? 1 : 0); i-- > 0;)
      if (!marks[i].words->empty())
        gutter(std::string(marks[i].begin - shift, ' ') + *marks[i].words);
  }

  void footer() {
    auto item = [&](const char *kind, const std::string &words) {
      std::string indented;
      for (char c : words) {
        indented += c;
        if (c == '\n')
          indented += std::string(width + 4 + std::string_view(kind).size(), ' ');
      }
      out += fmt::format("{:>{}} = {}{}\n", "", width, paint(kind, "1"), indented);
    };
    for (const InstanceStep &step : diag.chain)
      item("in ", fmt::format("{}: {}", step.path.empty() ? "the model" : step.path, step.what));
    if (diag.repeats)
      item("note: ", fmt::format("the same happens in {} more instance{}", diag.repeats, diag.repeats == 1 ? "" : "s"));
    for (const std::string &note : diag.notes)
      item("note: ", note);
    for (const std::string &help : diag.helps)
      item("help: ", help);
  }

  const Diagnostic &diag;
  const SourceManager &sources;
  bool color;
  std::string out;
  std::vector<FileId> fileOrder;
  std::map<FileId, std::map<uint32_t, std::vector<Mark>>> lines;
  uint32_t widest = 0;
  size_t width = 1;
};

} // namespace

std::string render(const Diagnostic &diagnostic, const SourceManager &sources, bool color) {
  return Painter(diagnostic, sources, color).run();
}

} // namespace sinter::frontend

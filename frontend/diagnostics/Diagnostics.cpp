// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The collector: registry lookup, message formatting, merging of equal reports, near names.
#include "frontend/diagnostics/Diagnostics.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace sinter::frontend {

namespace {
constexpr DiagInfo registry[] = {
#define SINTER_DIAGNOSTIC(severity, code, id, text, help) {Severity::severity, #code, text, help},
#include "frontend/diagnostics/Messages.def"
#undef SINTER_DIAGNOSTIC
};
} // namespace

const char *severityName(Severity severity) {
  return severity == Severity::Error ? "error" : severity == Severity::Warning ? "warning" : "remark";
}

const DiagInfo &info(DiagId id) { return registry[static_cast<size_t>(id)]; }
std::span<const DiagInfo> messages() { return registry; }

DiagArg::DiagArg(double value) : text(fmt::format("{}", value)) {}

std::string formatMessage(std::string_view text, std::initializer_list<DiagArg> args) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if ((c == '{' || c == '}') && i + 1 < text.size() && text[i + 1] == c) {
      out += c;
      ++i;
    } else if (c == '{' && i + 2 < text.size() && text[i + 2] == '}') {
      size_t index = static_cast<size_t>(text[i + 1] - '0');
      if (index < args.size())
        out += args.begin()[index].text;
      i += 2;
    } else {
      out += c;
    }
  }
  return out;
}

Diagnostic &DiagnosticEngine::report(DiagId id, Span primary, std::initializer_list<DiagArg> args) {
  const DiagInfo &entry = info(id);
  std::string message = formatMessage(entry.text, args);
  scratch = Diagnostic{};
  for (Diagnostic &earlier : kept)
    if (earlier.id == id && primary.isValid() && earlier.primary.span == primary && earlier.message == message) {
      ++earlier.repeats;
      return scratch;
    }
  if (entry.severity == Severity::Error)
    ++errors;
  else if (entry.severity == Severity::Warning)
    ++warnings;
  Diagnostic diagnostic{};
  diagnostic.id = id;
  diagnostic.message = std::move(message);
  diagnostic.primary = {primary, {}};
  if (*entry.help)
    diagnostic.helps.push_back(formatMessage(entry.help, args));
  if (kept.size() >= maxKept) {
    scratch = std::move(diagnostic);
    return scratch;
  }
  kept.push_back(std::move(diagnostic));
  return kept.back();
}

bool DiagnosticEngine::has(DiagId id) const {
  return std::any_of(kept.begin(), kept.end(), [&](const Diagnostic &d) { return d.id == id; });
}

std::string DiagnosticEngine::render(bool color, size_t limit) const {
  std::string out;
  size_t shown = 0;
  for (const Diagnostic &diagnostic : kept) {
    if (info(diagnostic.id).severity == Severity::Error) {
      if (shown == limit)
        continue;
      ++shown;
    }
    out += frontend::render(diagnostic, manager, color);
    out += '\n';
  }
  if (errors > shown)
    out += fmt::format("… and {} more error{}\n", errors - shown, errors - shown == 1 ? "" : "s");
  return out;
}

namespace {

/// Long names never come from a slip of the hand, and comparing them costs quadratic time.
constexpr size_t maxNameLength = 100;
/// Names looked at for one suggestion.
constexpr size_t maxCandidates = 5000;

/// Edit distance with transpositions, cut off above `limit`.
size_t distance(std::string_view a, std::string_view b, size_t limit) {
  if (a.size() > b.size() + limit || b.size() > a.size() + limit)
    return limit + 1;
  std::array<size_t, maxNameLength + 1> lines[3];
  size_t *before = lines[0].data(), *above = lines[1].data(), *row = lines[2].data();
  for (size_t j = 0; j <= b.size(); ++j)
    above[j] = before[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      size_t change = above[j - 1] + (a[i - 1] != b[j - 1]);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], before[j - 2] + 1);
    }
    size_t *oldest = before;
    before = above;
    above = row;
    row = oldest;
  }
  return above[b.size()];
}

} // namespace

std::string nearest(std::string_view wrong, const std::vector<std::string> &candidates) {
  // One letter is near to every other.
  if (wrong.size() > maxNameLength || wrong.size() < 2)
    return {};
  size_t best = std::max<size_t>(1, wrong.size() / 3) + 1;
  std::string result;
  size_t left = maxCandidates;
  for (const std::string &candidate : candidates) {
    if (left-- == 0)
      break;
    if (candidate == wrong || candidate.size() > maxNameLength)
      continue;
    size_t d = distance(wrong, candidate, best);
    if (d < best || (d == best && !result.empty() && candidate < result)) {
      best = d;
      result = candidate;
    }
  }
  return result;
}

std::string didYouMean(std::string_view wrong, const std::vector<std::string> &candidates) {
  std::string near = nearest(wrong, candidates);
  return near.empty() ? std::string() : fmt::format("did you mean `{}`?", near);
}

} // namespace sinter::frontend

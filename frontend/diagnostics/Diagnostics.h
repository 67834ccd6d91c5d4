// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Diagnostics: every message is registered in Messages.def with a code, collected here with labelled
// spans, and rendered as text. A stage that reported an error returns failure; nothing exits or throws.
#ifndef SINTER_FRONTEND_DIAGNOSTICS_DIAGNOSTICS_H
#define SINTER_FRONTEND_DIAGNOSTICS_DIAGNOSTICS_H

#include "frontend/syntax/SourceManager.h"

#include <cstdint>
#include <deque>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace sinter::frontend {

enum class Severity : uint8_t { Error, Warning, Remark };
/// "error", "warning" or "remark".
const char *severityName(Severity severity);

/// One enumerator per line of Messages.def.
enum class DiagId : uint16_t {
#define SINTER_DIAGNOSTIC(severity, code, id, text, help) id,
#include "frontend/diagnostics/Messages.def"
#undef SINTER_DIAGNOSTIC
};

/// What Messages.def says about a message. `help` may be empty.
struct DiagInfo {
  Severity severity;
  const char *code;
  const char *text;
  const char *help;
};
const DiagInfo &info(DiagId id);
/// The whole registry, in the order of Messages.def.
std::span<const DiagInfo> messages();

/// A value for `{0}`, `{1}` … of a message text.
struct DiagArg {
  std::string text;
  DiagArg(std::string value) : text(std::move(value)) {}
  DiagArg(std::string_view value) : text(value) {}
  DiagArg(const char *value) : text(value) {}
  DiagArg(bool value) : text(value ? "true" : "false") {}
  DiagArg(double value);
  template <typename T>
    requires(std::is_integral_v<T> && !std::is_same_v<T, bool>)
  DiagArg(T value) : text(std::to_string(value)) {}
};

/// A place with its own words, as in `[B, 12, T]  bound by argument x`.
struct Label {
  Span span;
  std::string text;
};

/// One step of the chain of instances: path "encoder.layer.0", what "BertLayer(c)".
struct InstanceStep {
  std::string path;
  std::string what;
  Span span;
};

/// A reported message. Filled in by chaining: report(...).label(...).note(...).
struct Diagnostic {
  DiagId id;
  std::string message;
  Label primary;
  std::vector<Label> labels;
  std::vector<std::string> notes;
  std::vector<std::string> helps;
  std::vector<InstanceStep> chain; ///< outermost first
  uint32_t repeats = 0;            ///< equal reports from sibling instances

  /// Words printed beside the primary carets.
  Diagnostic &at(std::string words) {
    primary.text = std::move(words);
    return *this;
  }
  /// Another place, of any file.
  Diagnostic &label(Span span, std::string words) {
    labels.push_back({span, std::move(words)});
    return *this;
  }
  Diagnostic &note(std::string words) {
    notes.push_back(std::move(words));
    return *this;
  }
  Diagnostic &help(std::string words) {
    helps.push_back(std::move(words));
    return *this;
  }
  Diagnostic &inside(std::vector<InstanceStep> steps) {
    chain = std::move(steps);
    return *this;
  }
};

/// Collects diagnostics of one run and owns the texts they point into. Not thread safe.
class DiagnosticEngine {
public:
  SourceManager &sources() { return manager; }
  const SourceManager &sources() const { return manager; }

  /// Records a message. `primary` may be invalid (no place is printed). A report equal to an earlier
  /// one in id, place and message is counted there (siblings of a list fail alike) and is not kept.
  /// The reference is valid until the next report.
  Diagnostic &report(DiagId id, Span primary, std::initializer_list<DiagArg> args = {});

  bool hasErrors() const { return errors != 0; }
  size_t errorCount() const { return errors; }
  size_t warningCount() const { return warnings; }
  const std::deque<Diagnostic> &diagnostics() const { return kept; }
  bool has(DiagId id) const;
  /// False once more errors were reported than are shown: searching for near names is not worth it.
  bool wantsSuggestions() const { return errors <= 40; }
  /// True once so many errors were reported that a stage may as well stop.
  bool full() const { return errors >= maxKept; }

  /// All diagnostics as text, at most `limit` errors, then a count. `color` adds ANSI codes.
  std::string render(bool color = false, size_t limit = 20) const;

  /// All that were kept, one line of JSON each.
  std::string renderJson() const;

  static constexpr size_t maxKept = 200;

private:
  SourceManager manager;
  std::deque<Diagnostic> kept;
  Diagnostic scratch{};
  size_t errors = 0;
  size_t warnings = 0;
};

/// One diagnostic as text (see render).
std::string render(const Diagnostic &diagnostic, const SourceManager &sources, bool color = false);

/// The same as one line of JSON without its end: severity, code, message, primary, labels, notes, helps, chain.
std::string renderJson(const Diagnostic &diagnostic, const SourceManager &sources);

/// Replaces {0}, {1} … by the arguments; `{{` and `}}` are braces. Never fails.
std::string formatMessage(std::string_view text, std::initializer_list<DiagArg> args);

/// The candidate nearest to `wrong` (edit distance at most a third of its length), or "".
std::string nearest(std::string_view wrong, const std::vector<std::string> &candidates);
/// "did you mean `x`?" or "".
std::string didYouMean(std::string_view wrong, const std::vector<std::string> &candidates);

} // namespace sinter::frontend

#endif

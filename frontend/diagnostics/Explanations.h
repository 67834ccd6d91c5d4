// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The long explanation of each message (`sinter explain E0101`): explanations/<code>.md as data of the
// binary. A page says what the message means and shows a wrong text and the mended one, or why it cannot.
#ifndef SINTER_FRONTEND_DIAGNOSTICS_EXPLANATIONS_H
#define SINTER_FRONTEND_DIAGNOSTICS_EXPLANATIONS_H

#include <span>
#include <string>
#include <string_view>

namespace sinter::frontend {

struct Explanation {
  std::string_view code; ///< "E0101"
  std::string_view page; ///< Markdown
};

/// All pages, sorted by code; static storage.
std::span<const Explanation> explanations();

/// Null when there is none. Upper and lower case are the same.
const Explanation *findExplanation(std::string_view code);

/// The texts in the page's ```sinter fences: the wrong one, then the mended one; both empty if it has none.
struct ExplanationExample {
  std::string wrong, mended;
};
ExplanationExample exampleOf(const Explanation &explanation);

/// The page for a terminal: the message and its remedy as registered, then the page with its texts indented.
std::string printExplanation(const Explanation &explanation);

/// One line a message: code, severity, text.
std::string listExplanations();

} // namespace sinter::frontend

#endif

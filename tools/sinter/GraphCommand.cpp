// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// `sinter graph`: a function, phase by phase, as one HTML page that needs no network and no other file. The page is
// graph/page.html with the two scripts beside it; the graph is data in it, never markup.
#include "tools/sinter/Driver.h"
#include "tools/sinter/Progress.h"

#include "runtime/format/AtomicWrite.h"

#include <nlohmann/json.hpp>

#include <string_view>

extern "C" {
extern const char sinterGraphPageBegin[], sinterGraphPageEnd[];
extern const char sinterGraphLayoutBegin[], sinterGraphLayoutEnd[];
extern const char sinterGraphDrawBegin[], sinterGraphDrawEnd[];
}

namespace sinter::tool {
namespace {

void replaceOnce(std::string &text, std::string_view from, std::string_view to) {
  if (size_t at = text.find(from); at != std::string::npos)
    text.replace(at, from.size(), to);
}

/// JSON that may stand in a <script> element: no `<` can end it.
std::string forScript(const nlohmann::ordered_json &json) {
  std::string text = json.dump(-1, ' ', true, nlohmann::ordered_json::error_handler_t::replace), out;
  for (char c : text)
    if (c == '<')
      out += "\\u003c";
    else
      out += c;
  return out;
}

} // namespace

int runGraph(const GraphOptions &options) {
  if (options.functions.size() > 1)
    return fail(exitUsage, "graph draws one function: give --fn once");
  std::string function = options.functions.empty() ? "forward" : options.functions.front();
  Driver driver(options);
  if (int code = driver.loadText({function}))
    return code;
  nlohmann::ordered_json graph;
  if (int code = driver.graph(options.after, function, graph))
    return code;
  std::string page(sinterGraphPageBegin, sinterGraphPageEnd);
  replaceOnce(page, "<!--LAYOUT-->", {sinterGraphLayoutBegin, size_t(sinterGraphLayoutEnd - sinterGraphLayoutBegin)});
  replaceOnce(page, "<!--DRAW-->", {sinterGraphDrawBegin, size_t(sinterGraphDrawEnd - sinterGraphDrawBegin)});
  replaceOnce(page, "<!--DATA-->", forScript(graph));
  return writeText(options.output, page);
}

} // namespace sinter::tool

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A diagnostic as one line of JSON, for editors and scripts (`--error-format=json`). docs/cli.md is its contract.
#include "frontend/diagnostics/Diagnostics.h"

#include <nlohmann/json.hpp>

namespace sinter::frontend {

namespace {

using Json = nlohmann::ordered_json;

Json place(const Label &label, const SourceManager &sources) {
  if (!label.span.isValid())
    return nullptr;
  LineColumn from = sources.lineColumn(label.span.file, label.span.begin);
  LineColumn to = sources.lineColumn(label.span.file, label.span.end);
  return Json{{"file", sources.name(label.span.file)},
              {"line", from.line},
              {"column", from.column},
              {"end_line", to.line},
              {"end_column", to.column},
              {"text", label.text}};
}

} // namespace

std::string renderJson(const Diagnostic &diagnostic, const SourceManager &sources) {
  const DiagInfo &entry = info(diagnostic.id);
  Json json{{"severity", severityName(entry.severity)},
            {"code", entry.code},
            {"message", diagnostic.message},
            {"primary", place(diagnostic.primary, sources)},
            {"labels", Json::array()},
            {"notes", diagnostic.notes},
            {"helps", diagnostic.helps},
            {"chain", Json::array()},
            {"repeats", diagnostic.repeats}};
  for (const Label &label : diagnostic.labels)
    if (label.span.isValid())
      json["labels"].push_back(place(label, sources));
  for (const InstanceStep &step : diagnostic.chain)
    json["chain"].push_back({{"path", step.path}, {"what", step.what}, {"place", place({step.span, ""}, sources)}});
  // A file that is not UTF-8 may have lent its bytes to a message.
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string DiagnosticEngine::renderJson() const {
  std::string out;
  for (const Diagnostic &diagnostic : kept)
    out += frontend::renderJson(diagnostic, manager) + "\n";
  return out;
}

} // namespace sinter::frontend

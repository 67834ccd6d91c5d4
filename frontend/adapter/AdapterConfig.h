// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// adapter_config.json of a PEFT folder -> what of it changes a forward pass. Every field is either read,
// known to change nothing, or an error that names it.
#ifndef SINTER_FRONTEND_ADAPTER_ADAPTERCONFIG_H
#define SINTER_FRONTEND_ADAPTER_ADAPTERCONFIG_H

#include "frontend/adapter/KeyPattern.h"
#include "frontend/diagnostics/Diagnostics.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sinter::frontend {

/// Names of modules: a list of last segments (or whole names), or one pattern for whole names.
struct ModuleNames {
  std::vector<std::string> list;
  std::optional<KeyPattern> pattern;
  bool empty() const { return list.empty() && !pattern; }
  bool match(std::string_view name) const;
};

struct AdapterConfig {
  enum class Bias : uint8_t { None, All, TargetsOnly };

  std::string folder;
  FileId file = noFile;
  int64_t rank = 8;
  double alpha = 8;
  bool stabilized = false; ///< rsLoRA
  bool decomposed = false; ///< DoRA
  Bias bias = Bias::None;
  ModuleNames targets, excluded;
  bool allLinear = false;
  std::vector<std::string> saved;         ///< modules_to_save
  std::vector<int64_t> layers;            ///< layers_to_transform; empty: all
  std::vector<KeyPattern> layerPatterns; ///< of the name in front of the number; empty: any
  std::vector<std::pair<KeyPattern, int64_t>> ranks;
  std::vector<std::pair<KeyPattern, double>> alphas;
  bool classifies = false; ///< task_type SEQ_CLS

  /// Where a field stands in the file.
  Span spanOf(const std::string &field, const DiagnosticEngine &diags) const;
};

/// Reads FOLDER/adapter_config.json; nullopt after an error was reported.
std::optional<AdapterConfig> readAdapterConfig(const std::string &folder, DiagnosticEngine &diags);

/// PEFT: the first entry whose pattern matches a name or its end behind a dot.
template <typename T>
T patternValue(const std::vector<std::pair<KeyPattern, T>> &patterns, std::string_view name, T otherwise) {
  for (const auto &[pattern, value] : patterns)
    if (pattern.matches(name))
      return value;
  return otherwise;
}

} // namespace sinter::frontend

#endif

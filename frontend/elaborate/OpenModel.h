// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a command line names -> the program, the model in it, and the folder its config is read from,
// by the rules of "Models and folders". No MLIR.
#ifndef SINTER_FRONTEND_ELABORATE_OPENMODEL_H
#define SINTER_FRONTEND_ELABORATE_OPENMODEL_H

#include "frontend/adapter/AdapterPlan.h"
#include "frontend/config/HfFolder.h"
#include "frontend/elaborate/Elaborator.h"
#include "frontend/resolve/Program.h"

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace sinter::frontend {

struct FrontendOptions {
  /// A .sinter file, a built-in text ("bert"), or a Hugging Face folder.
  std::string input;
  std::optional<std::string> weights;                    ///< a folder; its config.json counts where `input` is a file
  std::string model;                                     ///< empty: as the folder or the text says
  std::vector<std::pair<std::string, std::string>> sets; ///< field=value, in the text's names
  std::vector<std::string> functions;                    ///< empty: all of the root but `loss`
  bool foldDefaults = false;                             ///< arguments not in `given` become their defaults
  std::set<std::string> given;                           ///< arguments that a caller will give
  AdapterRequest adapters;
};

struct OpenedModel {
  std::unique_ptr<Program> program;
  std::unique_ptr<HfFolder> config; ///< null: defaults only
  std::string model;
  std::string folder; ///< where weights are looked for; "" if none was named
  std::shared_ptr<AdapterPlan> adapters; ///< null: none
  std::vector<VariantUse> variants;      ///< that the command line asks for
};

/// What an elaboration of the opened model is told.
ElaborateOptions elaborateOptions(const OpenedModel &opened, const FrontendOptions &options);

/// Reads the adapters, finds what they change, and adds the variant that says so to the program. False after
/// errors were reported.
bool applyAdapters(OpenedModel &opened, const FrontendOptions &options, DiagnosticEngine &diags);
/// Instances and parameters as adapters see them.
ModelSites modelSites(const Elaborator &elaborator);

/// Opens and resolves; nullopt after an error was reported.
std::optional<OpenedModel> openModel(const FrontendOptions &options, DiagnosticEngine &diags);

/// Parameters that the functions of the root reach, below one instance. In the order of the text.
struct ModuleCount {
  std::string path; ///< "" for the root
  std::string what; ///< `BertLayer(c)`
  unsigned depth = 0;
  int64_t parameters = 0; ///< its own and those inside; a tied parameter counts once, where it lives
};

std::vector<ModuleCount> countParameters(const Elaborator &elaborator);
/// The table for the weight binder; parameters outside of `stacks` stand alone under their paths.
ParameterTable makeParameterTable(Elaborator &elaborator, const std::vector<ParameterStack> &stacks);

/// Everything but emission and weights, for `check`: each model of a text, or the one that is named.
/// Texts without a model have had their names and arity checked. True if no error was reported.
bool checkText(const FrontendOptions &options, DiagnosticEngine &diags);

} // namespace sinter::frontend

#endif

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// PEFT folders and the modules of a model -> the variant that a text would have written, and the tensors
// that stand before those of the checkpoint. One folder is applied as it is; several become a bank, chosen
// row by row by the input `adapter`.
#ifndef SINTER_FRONTEND_ADAPTER_ADAPTERPLAN_H
#define SINTER_FRONTEND_ADAPTER_ADAPTERPLAN_H

#include "frontend/adapter/AdapterConfig.h"
#include "frontend/weights/BindWeights.h"
#include "frontend/weights/ParameterTable.h"

#include <memory>
#include <string>
#include <vector>

namespace sinter::frontend {

/// An instance of the model as an adapter sees it.
struct ModuleSite {
  enum class Kind : uint8_t { Other, Linear, Conv1D, Embedding };
  std::string path;
  CandidateList names; ///< all alternatives of its path
  Kind kind = Kind::Other;
  bool isReached = false; ///< a function of the model reads it
  std::string what;       ///< `Linear(c.d, c.d)`, for messages
  int64_t in = 0, out = 0; ///< of a linear; rows and columns of a table
};
struct ParameterSite {
  std::string path;
  CandidateList names;
  std::vector<std::string> tied; ///< paths of the parameters that are one with it
};
struct ModelSites {
  std::vector<ModuleSite> modules;
  std::vector<ParameterSite> parameters;
};

/// One layer that an adapter changes.
struct AdapterTarget {
  size_t site = 0; ///< of ModelSites::modules
  int64_t rank = 0;
  double alpha = 0, scale = 0;
};

struct Adapter {
  AdapterConfig config;
  std::vector<AdapterTarget> targets; ///< in the order of the sites
};

/// What is asked of adapters beside their folders.
struct AdapterRequest {
  std::vector<std::string> folders;
  bool merged = false;   ///< W + BA is made at once
  int64_t bankRank = 0;  ///< tables of a bank have this rank, so that others fit later; 0: the largest of them
  int64_t bankSlots = 0; ///< and so many places; 0: as many as there are. One folder is a bank, too, where this is set
};

struct AdapterPlan {
  std::vector<Adapter> adapters;
  ModelSites sites;
  std::string text; ///< declares `variant adapter()`
  /// By path: a parameter of the model that the adapter brings; false where it need not.
  std::map<std::string, bool> replaced;
  std::shared_ptr<TensorOverlay> overlay;
  bool isBank = false;
  int64_t slots = 0; ///< of a bank
};

/// Reads the folders and plans; null after errors were reported.
std::shared_ptr<AdapterPlan> planAdapters(const AdapterRequest &request, ModelSites sites, DiagnosticEngine &diags);

} // namespace sinter::frontend

#endif

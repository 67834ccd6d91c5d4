// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What elaboration tells the weight binder: every parameter, the outside names it may have, what is
// tied, and what the text deliberately does not read. Plain data, no MLIR.
#ifndef SINTER_FRONTEND_WEIGHTS_PARAMETERTABLE_H
#define SINTER_FRONTEND_WEIGHTS_PARAMETERTABLE_H

#include "frontend/syntax/SourceManager.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace sinter::frontend {

/// Outside names of one tensor, best first: all combinations of alternatives on its path.
using CandidateList = std::vector<std::string>;

/// Whether a parameter is read from an overlay (TensorOverlay.h): never, if it is there, or always.
enum class OverlayRule : uint8_t { None, May, Must };

/// One parameter of the compiled program. A stack joins the same parameter of several layers.
struct ParameterEntry {
  std::string symbol;        ///< unique name in the module
  std::string path;          ///< path of first alternatives, printed in messages
  std::vector<int64_t> dims; ///< of one layer
  /// candidates[layer]; a parameter that is no stack has one layer.
  std::vector<CandidateList> candidates;
  /// tied[layer]: candidates of every parameter tied to it. Whichever is present is taken when the own
  /// names are absent; all that are present must be equal bit for bit. Empty, or one entry per layer.
  std::vector<std::vector<CandidateList>> tied;
  bool required = true; ///< reached by a compiled function; others may be absent
  Span declared;        ///< its `param`
  std::vector<OverlayRule> overlay = {}; ///< of each layer; empty: none
  std::vector<bool> frozen = {};         ///< of each layer: a `freeze` names it; empty: none
  std::string initial = {};              ///< how a new one begins, as in a text: `normal(0.02)`; "" if nothing says it
};

/// An `ignore` glob with the prefixes (alternatives of the path where it stands) it is relative to.
struct IgnoreEntry {
  std::string glob;
  /// Alternatives of the anchoring path, e.g. {"bert.embeddings", "embeddings"}; {""} for the root.
  std::vector<std::string> anchors;
  Span span;
};

struct TensorOverlay;

struct ParameterTable {
  std::vector<ParameterEntry> parameters;
  std::vector<IgnoreEntry> ignores;
  std::shared_ptr<TensorOverlay> overlay = {}; ///< null: the checkpoint alone
};

} // namespace sinter::frontend

#endif

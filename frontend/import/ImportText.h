// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A text and the folder that configures it -> one text in which the folder's values are the defaults: what the
// model is, to read and to change, without the folder. No MLIR.
#ifndef SINTER_FRONTEND_IMPORT_IMPORTTEXT_H
#define SINTER_FRONTEND_IMPORT_IMPORTTEXT_H

#include "frontend/elaborate/OpenModel.h"

#include <optional>
#include <string>

namespace sinter::frontend {

/// The model of `options` as a text of its own, in the house's layout: declarations that it does not reach are gone, and
/// so are the names that nobody imports any more; comments stay. Every field that config.json or `--set` gives has its
/// value as default, where it is declared; fields of a config in another text are declared again in a config of this
/// one. Other texts stay imports. Nullopt after an error was reported.
std::optional<std::string> importText(const FrontendOptions &options, DiagnosticEngine &diags);

} // namespace sinter::frontend

#endif

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Which modules of a model an adapter's configuration names, by PEFT's rules. Private to this folder.
#ifndef SINTER_FRONTEND_ADAPTER_TARGETS_H
#define SINTER_FRONTEND_ADAPTER_TARGETS_H

#include "frontend/adapter/AdapterPlan.h"

namespace sinter::frontend {

/// Fills adapter.targets; false after an error was reported.
bool findTargets(Adapter &adapter, const ModelSites &sites, DiagnosticEngine &diags);

/// Parameters that the folder brings in place of the model's, by path; the value says that it must.
bool findReplaced(const Adapter &adapter, const ModelSites &sites, std::map<std::string, bool> &replaced,
                  DiagnosticEngine &diags);

} // namespace sinter::frontend

#endif

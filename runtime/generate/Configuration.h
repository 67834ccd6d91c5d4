// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From what a model's folder says (section GENERATION) and what a caller asks for to what the loop does. The folder's
// numbers are defaults of a strategy: those that mean nothing there (a temperature without sampling, a length penalty
// without beams) are left out. C headers only.

#ifndef SINTER_RUNTIME_GENERATE_CONFIGURATION_H
#define SINTER_RUNTIME_GENERATE_CONFIGURATION_H

#include "runtime/generate/Loop.h"
#include "sinter/abi.h"

namespace sinter::generate {

/// A proved section GENERATION: where it begins, and its head.
struct Configuration {
  const SinterGeneration *values = nullptr;
  const int32_t *tokens(SinterTable table) const {
    return reinterpret_cast<const int32_t *>(reinterpret_cast<const uint8_t *>(values) + table.offset);
  }
};

/// See sinter_generate_defaults.
void defaultsOf(const Configuration &configuration, sinter_strategy strategy, sinter_generate_options *options);

/// Stop tokens and strings of a request, which it borrows.
struct RequestMemory {
  List<int32_t> stopTokens;
  List<sample::StopString> stopStrings;
};

/// Fills request->settings and the numbers beside them; `prompts` are in the request already. SINTER_INVALID_ARGUMENT
/// for options that are no numbers of their kind; the loop checks the rest.
sinter_status makeRequest(const Configuration &configuration, const sinter_generate_options &options,
                          const ModelShape &shape, bool hasSource, RequestMemory *memory, Request *request,
                          sinter_error *error);

} // namespace sinter::generate

#endif // SINTER_RUNTIME_GENERATE_CONFIGURATION_H

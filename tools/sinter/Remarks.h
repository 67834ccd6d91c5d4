// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the passes say about raising and fusing, collected while they run and printed as diagnostics of the text:
// remarks (--remarks), or errors where the user asked for the fusion (--require-fused).
#pragma once

#include "frontend/diagnostics/Diagnostics.h"
#include "tools/sinter/Options.h"

#include <string>
#include <vector>

namespace mlir {
class MLIRContext;
}

namespace sinter::tool {

/// One remark of a pass.
struct PassRemark {
  bool isMissed = false;
  std::string what;    ///< "softmax", "attention", "epilogue"
  std::string message; ///< "raised", or why not
  std::string file;    ///< as the sources name it; empty if unknown
  unsigned line = 0, column = 0;
};

class Remarks {
public:
  explicit Remarks(const ModelOptions &options) : options(options) {}
  /// Whether any are asked for. If not, nothing is collected.
  bool isWanted() const { return !options.remarks.empty() || !options.requireFused.empty(); }
  /// False if --require-fused names what it does not know; said then.
  bool isValid() const;
  /// The context's remarks come here from now on.
  void listen(mlir::MLIRContext &context);
  /// Prints what was asked for, by its place in the text, and forgets it. Exit code 1 if something required was missed.
  int print(const frontend::SourceManager &sources);

private:
  bool isRequired(const PassRemark &remark) const;

  const ModelOptions &options;
  std::vector<PassRemark> collected;
};

} // namespace sinter::tool

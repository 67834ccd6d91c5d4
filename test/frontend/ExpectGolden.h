// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Comparison of rendered diagnostics with golden files, and small helpers of the frontend's tests.
#ifndef SINTER_TEST_FRONTEND_EXPECTGOLDEN_H
#define SINTER_TEST_FRONTEND_EXPECTGOLDEN_H

#include "frontend/diagnostics/Diagnostics.h"

#include <string>
#include <vector>

namespace sinter::frontend::test {

/// test/frontend of the source tree.
std::string testFolder();

/// Compares with test/frontend/<name>; with SINTER_BLESS=1 in the environment it is rewritten instead.
void expectGolden(const std::string &name, const std::string &actual);

/// Names of the files of a folder with that ending, sorted, without the folder.
std::vector<std::string> filesOf(const std::string &folder, const std::string &ending);

std::string readWhole(const std::string &path);

/// A folder that vanishes with the object; the working folder is it meanwhile, so that names printed
/// in messages are short and always the same.
class TemporaryFolder {
public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder &) = delete;
  /// Writes a file (folders are made); returns its name.
  std::string write(const std::string &name, const std::string &content);

private:
  std::string path;
  std::string before;
};

/// Makes a folder the working folder for the length of a block.
class InsideFolder {
public:
  explicit InsideFolder(const std::string &path);
  ~InsideFolder();

private:
  std::string before;
};

/// Codes of the diagnostics, in order: "E0101 W0206".
std::string codes(const DiagnosticEngine &diags);

} // namespace sinter::frontend::test

#endif

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Golden files and temporary folders.
#include "test/frontend/ExpectGolden.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sstream>
#include <unistd.h>

namespace sinter::frontend::test {

namespace fs = std::filesystem;

std::string testFolder() { return std::string(SINTER_SOURCE_DIR) + "/test/frontend"; }

std::string readWhole(const std::string &path) {
  std::ifstream stream(path, std::ios::binary);
  std::stringstream content;
  content << stream.rdbuf();
  return content.str();
}

void expectGolden(const std::string &name, const std::string &actual) {
  std::string path = testFolder() + "/" + name;
  if (std::getenv("SINTER_BLESS")) {
    std::ofstream(path, std::ios::binary) << actual;
    return;
  }
  EXPECT_TRUE(fs::exists(path)) << "no golden " << path;
  EXPECT_EQ(readWhole(path), actual) << "differs from " << path;
}

std::vector<std::string> filesOf(const std::string &folder, const std::string &ending) {
  std::vector<std::string> names;
  for (const auto &entry : fs::directory_iterator(folder)) {
    std::string name = entry.path().filename().string();
    if (name.size() > ending.size() && name.compare(name.size() - ending.size(), ending.size(), ending) == 0)
      names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

TemporaryFolder::TemporaryFolder() : before(fs::current_path()) {
  std::string pattern = (fs::temp_directory_path() / "sinter-test-XXXXXX").string();
  path = mkdtemp(pattern.data());
  fs::current_path(path);
}

TemporaryFolder::~TemporaryFolder() {
  fs::current_path(before);
  fs::remove_all(path);
}

std::string TemporaryFolder::write(const std::string &name, const std::string &content) {
  fs::path target = fs::path(path) / name;
  fs::create_directories(target.parent_path());
  std::ofstream(target, std::ios::binary) << content;
  return name;
}

InsideFolder::InsideFolder(const std::string &path) : before(fs::current_path()) { fs::current_path(path); }
InsideFolder::~InsideFolder() { fs::current_path(before); }

std::string codes(const DiagnosticEngine &diags) {
  std::string result;
  for (const Diagnostic &diagnostic : diags.diagnostics())
    result += (result.empty() ? "" : " ") + std::string(info(diagnostic.id).code);
  return result;
}

} // namespace sinter::frontend::test

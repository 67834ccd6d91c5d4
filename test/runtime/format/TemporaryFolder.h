// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A folder that lives as long as the test, and short ways to fill it.

#ifndef SINTER_TEST_RUNTIME_FORMAT_TEMPORARYFOLDER_H
#define SINTER_TEST_RUNTIME_FORMAT_TEMPORARYFOLDER_H

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>

namespace sinter::test {

class TemporaryFolder {
public:
  TemporaryFolder() {
    std::string pattern = std::filesystem::temp_directory_path() / "sinter-test-XXXXXX";
    path = mkdtemp(pattern.data());
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  TemporaryFolder(const TemporaryFolder &) = delete;
  TemporaryFolder &operator=(const TemporaryFolder &) = delete;

  std::string file(std::string_view name) const { return path + "/" + std::string(name); }

  std::string write(std::string_view name, std::string_view bytes) const {
    std::ofstream(file(name), std::ios::binary) << bytes;
    return file(name);
  }

  std::string read(std::string_view name) const {
    std::ifstream stream(file(name), std::ios::binary);
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
  }

  std::string path;
};

} // namespace sinter::test

#endif // SINTER_TEST_RUNTIME_FORMAT_TEMPORARYFOLDER_H

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// See Targets.h.
#include "test/fuzz/Targets.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <unistd.h>

namespace sinter::fuzz {

namespace {
/// In memory where the system has such a place: files are written some thousand times a second.
struct Folder {
  std::string path;
  Folder() {
    std::string pattern = (access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp") + std::string("/sinter-fuzz-XXXXXX");
    expect(mkdtemp(pattern.data()) != nullptr, "no temporary folder");
    path = pattern;
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
};
} // namespace

std::string fileOf(const char *name, Bytes bytes) {
  static Folder folder;
  std::string path = folder.path + "/" + name;
  std::FILE *file = std::fopen(path.c_str(), "wb");
  expect(file && std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size() && std::fclose(file) == 0,
         "the input cannot be written");
  return path;
}

void expect(bool holds, const char *words) {
  if (holds)
    return;
  std::fprintf(stderr, "broken promise: %s\n", words);
  std::abort();
}

} // namespace sinter::fuzz

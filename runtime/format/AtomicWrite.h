// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Bytes enter; a file appears whole or not at all: name.tmp-<pid> is written,
// fsynced and renamed over the name, then the folder is fsynced. The previous
// file survives every failure before the rename.

#ifndef SINTER_RUNTIME_FORMAT_ATOMICWRITE_H
#define SINTER_RUNTIME_FORMAT_ATOMICWRITE_H

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sinter::format {

/// A file being written. Destroying it before commit() removes the temporary.
/// One thread at a time. Errors begin with the final path.
class AtomicFile {
public:
  /// Creates the temporary beside `path` with permissions `mode` (& ~umask).
  static std::optional<AtomicFile> create(const std::string &path, std::string &error, unsigned mode = 0666);
  AtomicFile(AtomicFile &&other) noexcept;
  AtomicFile &operator=(AtomicFile &&) = delete;
  ~AtomicFile();

  /// Appends at the current position.
  bool write(const void *data, size_t count, std::string &error);
  /// Writes inside what exists or beyond the end (the hole reads as zeros);
  /// does not move the current position.
  bool writeAt(size_t offset, const void *data, size_t count, std::string &error);
  /// fsync, rename, fsync of the folder.
  bool commit(std::string &error);

private:
  AtomicFile() = default;
  int descriptor = -1;
  std::string finalPath, temporaryPath;
};

/// The whole file at once.
bool writeFileAtomic(const std::string &path, std::string_view bytes, std::string &error, unsigned mode = 0666);

} // namespace sinter::format

#endif // SINTER_RUNTIME_FORMAT_ATOMICWRITE_H

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A path enters, its bytes leave: mapped read-only (MappedFile) or copied
// (readFile). Only regular files are accepted, so a FIFO or a device can
// neither block nor feed the compiler. All errors are one sentence that begins
// with the path.

#ifndef SINTER_RUNTIME_FORMAT_MAPPEDFILE_H
#define SINTER_RUNTIME_FORMAT_MAPPEDFILE_H

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sinter::format {

/// A regular file mapped read-only. Owns the mapping and an open descriptor;
/// moving keeps the address of the bytes. Immutable after open: any thread may
/// read.
///
/// The mapping follows the file: if another process truncates it, touching the
/// pages behind the new end raises SIGBUS. Code that reads weights long after
/// opening therefore uses readAt(), which reports the truncation as an error.
class MappedFile {
public:
  /// Maps `path`; on failure returns nothing and sets `error`. An empty file
  /// maps to an empty span.
  static std::optional<MappedFile> open(const std::string &path, std::string &error);

  MappedFile(MappedFile &&other) noexcept;
  MappedFile &operator=(MappedFile &&other) noexcept;
  ~MappedFile();

  const uint8_t *data() const { return base; }
  uint64_t size() const { return length; }
  std::span<const uint8_t> bytes() const { return {base, length}; }
  std::string_view text() const { return {reinterpret_cast<const char *>(base), length}; }
  const std::string &path() const { return name; }

  /// Copies `count` bytes at `offset` through the descriptor. False with
  /// `error` set when the range leaves the file as it is now.
  bool readAt(uint64_t offset, void *destination, size_t count, std::string &error) const;

  /// Tells the kernel that the pages wholly inside the range are not needed
  /// any more (streaming readers keep their resident set small this way).
  void release(uint64_t offset, uint64_t count) const;

private:
  MappedFile() = default;
  void close();

  const uint8_t *base = nullptr;
  size_t length = 0;
  int descriptor = -1;
  std::string name;
};

/// Reads a whole regular file of at most `maxBytes` into `out`. False with
/// `error` set otherwise; the size is checked before anything is allocated.
bool readFile(const std::string &path, uint64_t maxBytes, std::string &out, std::string &error);

/// True when `path` names an existing regular file (links are followed).
bool isRegularFile(const std::string &path);

/// True when `path` names an existing folder (links are followed).
bool isFolder(const std::string &path);

} // namespace sinter::format

#endif // SINTER_RUNTIME_FORMAT_MAPPEDFILE_H

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Paths to bytes. Everything is opened without blocking and must be a regular
// file; sizes come from the descriptor that is read, never from a second look
// at the path.

#include "runtime/format/MappedFile.h"
#include "runtime/format/Checked.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace sinter::format {

namespace {

std::string systemError(const std::string &path, const char *what) {
  return path + ": " + what + ": " + std::strerror(errno);
}

/// Opens a regular file; -1 with `error` set otherwise.
int openRegular(const std::string &path, uint64_t &size, std::string &error) {
  if (path.find('\0') != std::string::npos) {
    error = "a path may not contain a zero byte";
    return -1;
  }
  // O_NONBLOCK: opening a FIFO must fail below, not wait for a writer.
  int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) {
    error = systemError(path, "cannot open");
    return -1;
  }
  struct stat info;
  if (::fstat(descriptor, &info) != 0) {
    error = systemError(path, "cannot read its size");
  } else if (S_ISDIR(info.st_mode)) {
    error = path + ": is a folder, a file was expected";
  } else if (!S_ISREG(info.st_mode)) {
    error = path + ": is not a regular file";
  } else {
    size = static_cast<uint64_t>(info.st_size);
    return descriptor;
  }
  ::close(descriptor);
  return -1;
}

bool readFully(int descriptor, const std::string &path, uint64_t offset, void *destination, size_t count,
               std::string &error) {
  char *out = static_cast<char *>(destination);
  while (count > 0) {
    ssize_t got = ::pread(descriptor, out, count, static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0) {
      error = systemError(path, "cannot read");
      return false;
    }
    if (got == 0) {
      error = path + ": ends at byte " + std::to_string(offset) + " where " + std::to_string(count) +
              " more bytes were expected (was it truncated while in use?)";
      return false;
    }
    out += got;
    offset += static_cast<uint64_t>(got);
    count -= static_cast<size_t>(got);
  }
  return true;
}

} // namespace

std::optional<MappedFile> MappedFile::open(const std::string &path, std::string &error) {
  uint64_t size = 0;
  int descriptor = openRegular(path, size, error);
  if (descriptor < 0)
    return std::nullopt;
  MappedFile file;
  file.descriptor = descriptor;
  file.name = path;
  if (size == 0)
    return file;
  if (size > static_cast<uint64_t>(PTRDIFF_MAX)) {
    error = path + ": too large to map";
    return std::nullopt;
  }
  void *base = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
  if (base == MAP_FAILED) {
    error = systemError(path, "cannot map");
    return std::nullopt;
  }
  file.base = static_cast<const uint8_t *>(base);
  file.length = size;
  return file;
}

MappedFile::MappedFile(MappedFile &&other) noexcept
    : base(std::exchange(other.base, nullptr)), length(std::exchange(other.length, 0)),
      descriptor(std::exchange(other.descriptor, -1)), name(std::move(other.name)) {}

MappedFile &MappedFile::operator=(MappedFile &&other) noexcept {
  if (this == &other)
    return *this;
  close();
  base = std::exchange(other.base, nullptr);
  length = std::exchange(other.length, 0);
  descriptor = std::exchange(other.descriptor, -1);
  name = std::move(other.name);
  return *this;
}

MappedFile::~MappedFile() { close(); }

void MappedFile::close() {
  if (base)
    ::munmap(const_cast<uint8_t *>(base), length);
  if (descriptor >= 0)
    ::close(descriptor);
  base = nullptr;
  length = 0;
  descriptor = -1;
}

bool MappedFile::readAt(uint64_t offset, void *destination, size_t count, std::string &error) const {
  std::optional<uint64_t> end = checkedAdd<uint64_t>(offset, count);
  if (!end || *end > length) {
    error = name + ": a read of " + std::to_string(count) + " bytes at " + std::to_string(offset) +
            " leaves the file (" + std::to_string(length) + " bytes)";
    return false;
  }
  return readFully(descriptor, name, offset, destination, count, error);
}

void MappedFile::release(uint64_t offset, uint64_t count) const {
  std::optional<uint64_t> end = checkedAdd<uint64_t>(offset, count);
  if (!base || !end || *end > length)
    return;
  uint64_t page = static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));
  uint64_t first = (offset + page - 1) / page * page;
  // The last page of the file belongs to nobody else.
  uint64_t last = *end == length ? length : *end / page * page;
  if (first < last)
    ::madvise(const_cast<uint8_t *>(base) + first, last - first, MADV_DONTNEED);
}

bool readFile(const std::string &path, uint64_t maxBytes, std::string &out, std::string &error) {
  uint64_t size = 0;
  int descriptor = openRegular(path, size, error);
  if (descriptor < 0)
    return false;
  bool ok = size <= maxBytes;
  if (!ok)
    error = path + ": has " + std::to_string(size) + " bytes, at most " + std::to_string(maxBytes) + " are read";
  if (ok) {
    out.resize(size);
    ok = readFully(descriptor, path, 0, out.data(), size, error);
  }
  ::close(descriptor);
  return ok;
}

bool isRegularFile(const std::string &path) {
  struct stat info;
  return ::stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode);
}

bool isFolder(const std::string &path) {
  struct stat info;
  return ::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

} // namespace sinter::format

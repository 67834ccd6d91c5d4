// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Replaces a user's file in one step. The temporary lies in the same folder,
// so that rename() cannot cross file systems.

#include "runtime/format/AtomicWrite.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace sinter::format {

static std::string failure(const std::string &path, const char *what) {
  return path + ": " + what + ": " + std::strerror(errno);
}

std::optional<AtomicFile> AtomicFile::create(const std::string &path, std::string &error, unsigned mode) {
  struct stat info;
  // Renaming over a device such as /dev/stdout would replace it.
  if (::stat(path.c_str(), &info) == 0 && !S_ISREG(info.st_mode)) {
    error = path + ": exists and is not a regular file";
    return std::nullopt;
  }
  AtomicFile file;
  file.finalPath = path;
  std::string temporary = path + ".tmp-" + std::to_string(::getpid());
  // A leftover of a dead process with our number is no one's any more.
  ::unlink(temporary.c_str());
  file.descriptor = ::open(temporary.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  if (file.descriptor < 0) {
    error = failure(path, "cannot write");
    return std::nullopt;
  }
  file.temporaryPath = std::move(temporary);
  return file;
}

AtomicFile::AtomicFile(AtomicFile &&other) noexcept
    : descriptor(std::exchange(other.descriptor, -1)), finalPath(std::move(other.finalPath)),
      temporaryPath(std::move(other.temporaryPath)) {
  other.temporaryPath.clear();
}

AtomicFile::~AtomicFile() {
  if (descriptor >= 0)
    ::close(descriptor);
  if (!temporaryPath.empty())
    ::unlink(temporaryPath.c_str());
}

bool AtomicFile::write(const void *data, size_t count, std::string &error) {
  const char *bytes = static_cast<const char *>(data);
  while (count > 0) {
    ssize_t done = ::write(descriptor, bytes, count);
    if (done < 0 && errno == EINTR)
      continue;
    if (done < 0) {
      error = failure(finalPath, "cannot write");
      return false;
    }
    bytes += done;
    count -= static_cast<size_t>(done);
  }
  return true;
}

bool AtomicFile::writeAt(size_t offset, const void *data, size_t count, std::string &error) {
  const char *bytes = static_cast<const char *>(data);
  while (count > 0) {
    ssize_t done = ::pwrite(descriptor, bytes, count, static_cast<off_t>(offset));
    if (done < 0 && errno == EINTR)
      continue;
    if (done < 0) {
      error = failure(finalPath, "cannot write");
      return false;
    }
    bytes += done;
    offset += static_cast<size_t>(done);
    count -= static_cast<size_t>(done);
  }
  return true;
}

bool AtomicFile::commit(std::string &error) {
  if (::fsync(descriptor) != 0) {
    error = failure(finalPath, "cannot flush");
    return false;
  }
  if (::close(std::exchange(descriptor, -1)) != 0) {
    error = failure(finalPath, "cannot close");
    return false;
  }
  if (::rename(temporaryPath.c_str(), finalPath.c_str()) != 0) {
    error = failure(finalPath, "cannot rename into place");
    return false;
  }
  temporaryPath.clear();
  // The new name must survive a crash too; some file systems cannot fsync a
  // folder (EINVAL), which is not the caller's problem.
  size_t slash = finalPath.rfind('/');
  std::string folder = slash == std::string::npos ? "." : slash == 0 ? "/" : finalPath.substr(0, slash);
  int folderDescriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folderDescriptor < 0)
    return true;
  bool flushed = ::fsync(folderDescriptor) == 0 || errno == EINVAL;
  if (!flushed)
    error = failure(folder, "cannot flush the folder");
  ::close(folderDescriptor);
  return flushed;
}

bool writeFileAtomic(const std::string &path, std::string_view bytes, std::string &error, unsigned mode) {
  std::optional<AtomicFile> file = AtomicFile::create(path, error, mode);
  return file && file->write(bytes.data(), bytes.size(), error) && file->commit(error);
}

} // namespace sinter::format

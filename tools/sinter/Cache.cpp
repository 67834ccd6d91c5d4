// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See Cache.h. A file is a header, zeros up to where the body lies, the body. Nothing is locked: a file is written under
// a name of its process, renamed when it is whole, and read by whoever opens it, even while another one removes it.
#include "tools/sinter/Cache.h"
#include "tools/sinter/Report.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/BLAKE3.h"
#include "llvm/Support/xxhash.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <tuple>
#include <unistd.h>
#include <utility>
#include <vector>

namespace sinter::tool {
namespace {

constexpr char magic[8] = {'S', 'N', 'T', 'R', 'K', 'E', 'P', '1'};
constexpr uint64_t smallPage = 4096, largePage = uint64_t(1) << 21;
constexpr const char *suffix = ".sintercache";

struct Header {
  char magic[8];
  uint8_t key[32];
  uint64_t offset, size; // of the body
  uint64_t digest;       // of the body
  uint64_t check;        // of what stands above
};

uint64_t digestOf(const void *data, uint64_t size) {
  return llvm::xxh3_64bits(llvm::ArrayRef(static_cast<const uint8_t *>(data), size));
}

uint64_t checkOf(const Header &header) { return digestOf(&header, offsetof(Header, check)); }

/// Large bodies begin at a large page of the file, so that the system can map large pages.
uint64_t bodyOffset(uint64_t bytes) { return bytes >= largePage ? largePage : smallPage; }

/// Maps a file at a large page; null where the system has no room.
uint8_t *mapFile(int file, uint64_t bytes, int flags) {
  uint64_t room = bytes + largePage;
  void *reserved = mmap(nullptr, room, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (reserved == MAP_FAILED)
    return nullptr;
  uint64_t at = (reinterpret_cast<uint64_t>(reserved) + largePage - 1) / largePage * largePage;
  auto *base = reinterpret_cast<uint8_t *>(at);
  uint64_t before = at - reinterpret_cast<uint64_t>(reserved), end = (bytes + smallPage - 1) / smallPage * smallPage;
  if (before)
    munmap(reserved, before);
  if (room - before > end)
    munmap(base + end, room - before - end);
  if (mmap(base, bytes, PROT_READ | PROT_WRITE, flags | MAP_FIXED, file, 0) != MAP_FAILED)
    return base;
  munmap(base, end);
  return nullptr;
}

struct Descriptor {
  ~Descriptor() {
    if (number >= 0)
      close(number);
  }
  int number = -1;
};

/// Whoever can write to it can have this process run what they like.
bool isOursAlone(const struct stat &info) { return info.st_uid == geteuid() && (info.st_mode & (S_IWGRP | S_IWOTH)) == 0; }

// ---- builds ----

/// The build id of one loaded object, or its name where the linker wrote none.
int addBuild(dl_phdr_info *object, size_t, void *into) {
  auto &out = *static_cast<std::string *>(into);
  std::string id;
  for (unsigned i = 0; i < object->dlpi_phnum; ++i) {
    const auto &segment = object->dlpi_phdr[i];
    if (segment.p_type != PT_NOTE)
      continue;
    const auto *at = reinterpret_cast<const uint8_t *>(object->dlpi_addr + segment.p_vaddr), *end = at + segment.p_memsz;
    while (at + sizeof(ElfW(Nhdr)) <= end) {
      ElfW(Nhdr) note;
      std::memcpy(&note, at, sizeof note);
      const uint8_t *name = at + sizeof note, *description = name + (note.n_namesz + 3) / 4 * 4;
      if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 && !std::memcmp(name, "GNU", 4))
        id.assign(reinterpret_cast<const char *>(description), note.n_descsz);
      at = description + (note.n_descsz + 3) / 4 * 4;
    }
  }
  out += id.empty() ? std::string(object->dlpi_name) : id;
  out += '\n';
  return 0;
}

const std::string &builds() {
  static const std::string all = [] {
    std::string out;
    dl_iterate_phdr(addBuild, &out);
    return out;
  }();
  return all;
}

} // namespace

// ---- keys ----

std::string CacheKey::hex() const { return llvm::toHex(llvm::ArrayRef(bytes), /*LowerCase=*/true); }

struct CacheKeyBuilder::Hash {
  llvm::BLAKE3 blake;
};

CacheKeyBuilder::CacheKeyBuilder(std::string_view kind) : hash(std::make_unique<Hash>()) { add(kind).add(builds()); }
CacheKeyBuilder::~CacheKeyBuilder() = default;

CacheKeyBuilder &CacheKeyBuilder::add(std::string_view word) {
  add(uint64_t(word.size()));
  hash->blake.update(llvm::StringRef(word.data(), word.size()));
  return *this;
}

CacheKeyBuilder &CacheKeyBuilder::add(uint64_t number) {
  uint8_t bytes[8];
  std::memcpy(bytes, &number, 8);
  hash->blake.update(llvm::ArrayRef(bytes));
  return *this;
}

CacheKey CacheKeyBuilder::finish() { return {hash->blake.final()}; }

// ---- entries ----

CacheEntry &CacheEntry::operator=(CacheEntry &&other) noexcept {
  std::swap(base, other.base);
  std::swap(body, other.body);
  std::swap(mapped, other.mapped);
  std::swap(bytes, other.bytes);
  std::swap(file, other.file);
  std::swap(temporary, other.temporary);
  std::swap(key, other.key);
  return *this;
}

CacheEntry::~CacheEntry() {
  if (base)
    munmap(base, mapped);
  if (file >= 0)
    close(file);
  if (!temporary.empty())
    unlink(temporary.c_str());
}

// ---- the folder ----

std::string Cache::defaultFolder() {
  auto from = [](const char *name, const char *behind) -> std::string {
    const char *value = std::getenv(name);
    return value && *value == '/' ? std::string(value) + behind : std::string();
  };
  if (const char *own = std::getenv("SINTER_CACHE_DIR"); own && *own)
    return own;
  if (std::string folder = from("XDG_CACHE_HOME", "/sinter"); !folder.empty())
    return folder;
  return from("HOME", "/.cache/sinter");
}

uint64_t Cache::defaultLimit() {
  constexpr uint64_t otherwise = uint64_t(8) << 30;
  const char *text = std::getenv("SINTER_CACHE_SIZE");
  if (!text || *text < '0' || *text > '9')
    return otherwise;
  char *end = nullptr;
  errno = 0;
  uint64_t number = std::strtoull(text, &end, 10);
  unsigned shift = *end == 'K' ? 10 : *end == 'M' ? 20 : *end == 'G' ? 30 : 0;
  bool isWhole = *(end + (shift != 0)) == 0;
  return errno || !isWhole || number > (UINT64_MAX >> shift) ? otherwise : number << shift;
}

void Cache::warn(const std::string &what) {
  if (!std::exchange(warned, true))
    say("warning", "", "the cache keeps nothing of this run: " + what + " (--no-cache does not try)");
}

/// Made with all folders above it, for this user alone.
bool Cache::prepareFolder() {
  if (ready)
    return true;
  for (size_t at = folder.find('/', 1); at != std::string::npos; at = folder.find('/', at + 1))
    mkdir(folder.substr(0, at).c_str(), 0700);
  struct stat info;
  if (mkdir(folder.c_str(), 0700) && errno != EEXIST)
    warn(folder + ": " + std::strerror(errno));
  else if (stat(folder.c_str(), &info) || !S_ISDIR(info.st_mode))
    warn(folder + " is no folder");
  else if (!isOursAlone(info))
    warn(folder + " is not this user's alone: others could put code there");
  else
    ready = true;
  return ready;
}

CacheEntry Cache::find(const CacheKey &key) {
  CacheEntry entry;
  struct stat info;
  if (stat(folder.c_str(), &info) || !isOursAlone(info))
    return entry;
  std::string path = pathOf(key);
  Descriptor file{open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)};
  Header header;
  if (file.number < 0 || fstat(file.number, &info) || !S_ISREG(info.st_mode) || !isOursAlone(info) ||
      pread(file.number, &header, sizeof header, 0) != ssize_t(sizeof header))
    return entry;
  if (std::memcmp(header.magic, magic, sizeof magic) || std::memcmp(header.key, key.bytes.data(), key.bytes.size()) ||
      header.check != checkOf(header) || header.offset != bodyOffset(header.size) ||
      header.size > uint64_t(info.st_size) || header.offset + header.size != uint64_t(info.st_size))
    return entry;
  uint8_t *base = mapFile(file.number, uint64_t(info.st_size), MAP_PRIVATE | MAP_NORESERVE);
  if (!base)
    return entry;
  entry.base = base;
  entry.mapped = uint64_t(info.st_size);
  entry.bytes = header.size;
  entry.key = key;
  if (digestOf(base + header.offset, header.size) != header.digest)
    return CacheEntry();
  entry.body = base + header.offset;
  utimensat(AT_FDCWD, path.c_str(), nullptr, 0); // the youngest now; where that is refused its age stays
  return entry;
}

CacheEntry Cache::draft(const CacheKey &key, uint64_t bytes) {
  CacheEntry entry;
  uint64_t offset = bodyOffset(bytes), whole = offset + bytes;
  if (bytes > limit || whole > limit || !prepareFolder())
    return entry;
  // What is large is a convenience: it leaves others as much room as it takes.
  struct statvfs disk;
  if (bytes >= largePage && statvfs(folder.c_str(), &disk) == 0 && disk.f_bavail * disk.f_frsize < 2 * whole) {
    warn(folder + ": the disk is nearly full");
    return entry;
  }
  std::string temporary = pathOf(key) + ".tmp-" + std::to_string(getpid());
  unlink(temporary.c_str()); // a leftover of a dead process with our number
  int file = open(temporary.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) {
    warn(folder + ": " + std::strerror(errno));
    return entry;
  }
  entry.file = file;
  entry.temporary = std::move(temporary);
  // All blocks now: writing to a mapped page that the disk has no room for would be a signal.
  int refused = posix_fallocate(file, 0, off_t(whole));
  uint8_t *base = refused ? nullptr : mapFile(file, whole, MAP_SHARED);
  if (!base) {
    warn(folder + ": " + std::strerror(refused ? refused : ENOMEM));
    return CacheEntry();
  }
  entry.base = base;
  entry.body = base + offset;
  entry.mapped = whole;
  entry.bytes = bytes;
  entry.key = key;
  return entry;
}

/// No fsync: what a crash leaves half written has another digest. The shared mapping becomes a private one at the same
/// place, so that whoever writes to it later does not write to the file.
void Cache::keep(CacheEntry &draft) {
  Header header{};
  std::memcpy(header.magic, magic, sizeof magic);
  std::memcpy(header.key, draft.key.bytes.data(), draft.key.bytes.size());
  header.offset = uint64_t(draft.body - draft.base);
  header.size = draft.bytes;
  header.digest = digestOf(draft.body, draft.bytes);
  header.check = checkOf(header);
  std::memcpy(draft.base, &header, sizeof header);
  std::string path = pathOf(draft.key);
  bool isPrivate = mmap(draft.base, draft.mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_NORESERVE | MAP_FIXED, draft.file,
                        0) != MAP_FAILED;
  if (isPrivate && rename(draft.temporary.c_str(), path.c_str()) == 0)
    draft.temporary.clear();
  else
    warn(folder + ": " + std::strerror(errno));
  close(std::exchange(draft.file, -1));
  giveWay(path);
}

void Cache::keep(const CacheKey &key, std::span<const uint8_t> bytes) {
  CacheEntry entry = draft(key, bytes.size());
  if (!entry)
    return;
  std::memcpy(entry.data(), bytes.data(), bytes.size());
  keep(entry);
}

/// The least recently used go until the rest fits; and what dead processes left behind.
void Cache::giveWay(const std::string &newest) {
  struct File {
    int64_t seconds, nanoseconds;
    uint64_t bytes;
    std::string path;
  };
  std::vector<File> files;
  uint64_t total = 0;
  DIR *list = opendir(folder.c_str());
  if (!list)
    return;
  constexpr int64_t hour = 3600;
  while (dirent *item = readdir(list)) {
    std::string name = item->d_name, path = folder + "/" + name;
    struct stat info;
    size_t at = name.find(suffix);
    if (at == std::string::npos || lstat(path.c_str(), &info) || !S_ISREG(info.st_mode))
      continue;
    if (name.size() != at + std::strlen(suffix)) { // someone writes it, or did
      if (info.st_mtime + hour < time(nullptr))
        unlink(path.c_str());
      continue;
    }
    total += uint64_t(info.st_size);
    files.push_back({info.st_mtim.tv_sec, info.st_mtim.tv_nsec, uint64_t(info.st_size), std::move(path)});
  }
  closedir(list);
  std::sort(files.begin(), files.end(), [](const File &a, const File &b) {
    return std::tie(a.seconds, a.nanoseconds, a.path) < std::tie(b.seconds, b.nanoseconds, b.path);
  });
  for (const File &file : files) {
    if (total <= limit)
      break;
    if (file.path != newest && unlink(file.path.c_str()) == 0)
      total -= file.bytes;
  }
}

} // namespace sinter::tool

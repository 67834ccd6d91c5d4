// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What one run keeps on disk for the next: compiled code and prepared weights, by content. A key says everything that
// determines an entry, so an entry is never stale: it is found or it is not. docs/decisions/0022 says what is kept.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sinter::tool {

/// The name of an entry: a digest that no two contents share.
struct CacheKey {
  std::array<uint8_t, 32> bytes{};
  std::string hex() const;
};

/// Collects what determines an entry. Each word is hashed with its length, so that no two lists run together. Every key
/// begins with the builds of this program and of all libraries in the process: another compiler finds nothing of ours.
class CacheKeyBuilder {
public:
  explicit CacheKeyBuilder(std::string_view kind);
  ~CacheKeyBuilder();
  CacheKeyBuilder &add(std::string_view word);
  CacheKeyBuilder &add(uint64_t number);
  CacheKey finish();

private:
  struct Hash;
  std::unique_ptr<Hash> hash;
};

/// Bytes of an entry, mapped at a multiple of 2 MiB + `SINTER_PAGE`s; the holder may write to them, nobody else sees it.
/// Unmapped when it goes. Move-only.
class CacheEntry {
public:
  CacheEntry() = default;
  CacheEntry(CacheEntry &&other) noexcept { *this = std::move(other); }
  CacheEntry &operator=(CacheEntry &&other) noexcept;
  ~CacheEntry();
  uint8_t *data() const { return body; }
  uint64_t size() const { return bytes; }
  explicit operator bool() const { return body != nullptr; }

private:
  friend class Cache;
  uint8_t *base = nullptr, *body = nullptr;
  uint64_t mapped = 0, bytes = 0;
  int file = -1;         ///< while it is a draft
  std::string temporary; ///< its name meanwhile; removed unless it is kept
  CacheKey key;
};

/// One folder. Several processes may use it at once: entries appear whole, by rename, and are never changed. Everything
/// that goes wrong is a miss; what cannot be kept is said once, as a warning. One thread at a time.
class Cache {
public:
  /// `$SINTER_CACHE_DIR`, else `$XDG_CACHE_HOME/sinter`, else `~/.cache/sinter`; "" where there is none of them.
  static std::string defaultFolder();
  /// `$SINTER_CACHE_SIZE`: bytes, or with one of the letters K, M, G behind; 8 GiB where it says nothing of the kind.
  static uint64_t defaultLimit();

  /// The folder is made when something is kept.
  Cache(std::string folder, uint64_t limit) : folder(std::move(folder)), limit(limit) {}

  /// The entry if it is there, is ours alone to write, and has the digest that it was kept with; it is the youngest then.
  CacheEntry find(const CacheKey &key);

  /// Memory for a new entry, zeros, in a file that has its blocks already; empty where the disk or the limit will not
  /// have it. keep() makes it an entry, the oldest ones give way, and it stays what it is: bytes in memory.
  CacheEntry draft(const CacheKey &key, uint64_t bytes);
  void keep(CacheEntry &draft);

  /// A copy of `bytes` as an entry.
  void keep(const CacheKey &key, std::span<const uint8_t> bytes);

private:
  bool prepareFolder();
  void giveWay(const std::string &newest);
  void warn(const std::string &what);
  std::string pathOf(const CacheKey &key) const { return folder + "/" + key.hex() + ".sintercache"; }

  std::string folder;
  uint64_t limit;
  bool warned = false, ready = false;
};

} // namespace sinter::tool

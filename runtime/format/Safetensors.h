// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A .safetensors file, or a model folder with one or many shards, enters;
// named typed views of its bytes leave. Everything the header says is proved
// against the file's real size while it is read; nothing is copied. Pickle
// files are refused, never opened.

#ifndef SINTER_RUNTIME_FORMAT_SAFETENSORS_H
#define SINTER_RUNTIME_FORMAT_SAFETENSORS_H

#include "runtime/format/MappedFile.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace sinter::format {

enum class DType : uint8_t {
  Bool,
  U8,
  I8,
  F8E5M2,
  F8E4M3,
  F8E8M0,
  U16,
  I16,
  F16,
  BF16,
  U32,
  I32,
  F32,
  U64,
  I64,
  F64,
  C64,
};

/// The spelling in a safetensors header ("F32", "BF16" …).
std::string_view dtypeName(DType type);
/// Bytes of one element.
unsigned dtypeSize(DType type);
/// The dtype of that spelling, if it is one of ours.
std::optional<DType> dtypeFromName(std::string_view name);

/// One tensor of an open file. `data` points into the mapping and lives as
/// long as the SafetensorsFile or SafetensorsSet it came from. It may be
/// unaligned for its element type (the header has any length): copy elements
/// with memcpy. byteSize == product(dims) * dtypeSize(dtype), proved.
struct TensorView {
  std::string name;
  DType dtype = DType::F32;
  std::vector<int64_t> dims;
  const uint8_t *data = nullptr;
  uint64_t byteSize = 0;
  /// Where the bytes start in the file, for readers that use pread.
  uint64_t fileOffset = 0;
  /// Path of the file that holds it.
  std::string file;

  uint64_t elements() const { return byteSize / dtypeSize(dtype); }
};

/// One file. Move-only; immutable after open, any thread may read. A file that
/// is truncated by somebody else while it is open makes direct reads of `data`
/// fault (SIGBUS): read() answers with an error instead.
class SafetensorsFile {
public:
  /// Opens and validates; on failure nothing, with `error` = one sentence that
  /// begins with the path.
  static std::optional<SafetensorsFile> open(const std::string &path, std::string &error);

  const std::string &path() const { return map.path(); }
  /// In the order of the data in the file.
  const std::vector<TensorView> &tensors() const { return views; }
  /// The __metadata__ pairs, in the order of the header.
  const std::vector<std::pair<std::string, std::string>> &metadata() const { return meta; }
  /// The tensor of that name, or null.
  const TensorView *find(std::string_view name) const;
  const MappedFile &mapping() const { return map; }

private:
  explicit SafetensorsFile(MappedFile file) : map(std::move(file)) {}
  bool parse(std::string &error);

  MappedFile map;
  std::vector<TensorView> views;
  std::vector<std::pair<std::string, std::string>> meta;
  std::unordered_map<std::string_view, size_t> index;
};

/// All tensors of a model: one file, or the shards of a folder.
class SafetensorsSet {
public:
  /// `path` is a .safetensors file, a model.safetensors.index.json, or a
  /// folder with model.safetensors (preferred) or the index. On failure
  /// nothing, with `error` = one sentence. Weights that exist as a pickle only
  /// are refused with the remedy.
  static std::optional<SafetensorsSet> open(const std::string &path, std::string &error);

  /// All names, sorted bytewise; views live as long as the set.
  std::vector<std::string_view> names() const;
  /// The tensor of that name, or null.
  const TensorView *find(std::string_view name) const;
  size_t size() const { return index.size(); }
  /// Sum of byteSize.
  uint64_t totalBytes() const;

  /// Copies bytes [offset, offset + count) of a tensor of this set through the
  /// file descriptor: a file that shrank since open is an error, not a signal.
  bool read(const TensorView &tensor, uint64_t offset, void *destination, size_t count, std::string &error) const;
  /// The pages of this tensor are not needed any more.
  void release(const TensorView &tensor) const;

  const std::vector<std::unique_ptr<SafetensorsFile>> &files() const { return shards; }

private:
  SafetensorsSet() = default;
  bool addFile(const std::string &path, std::string &error);
  bool openIndex(const std::string &path, std::string &error);
  const SafetensorsFile *owner(const TensorView &tensor) const;

  std::vector<std::unique_ptr<SafetensorsFile>> shards;
  std::unordered_map<std::string_view, const TensorView *> index;
};

} // namespace sinter::format

#endif // SINTER_RUNTIME_FORMAT_SAFETENSORS_H

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The safetensors header against the file that carries it. Order matters: each
// number is compared with the bytes that are really there before it is used.

#include "runtime/format/Safetensors.h"
#include "runtime/format/Checked.h"
#include "runtime/format/Json.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <tuple>

namespace sinter::format {

static_assert(std::endian::native == std::endian::little, "files are read in their own byte order");

namespace {

/// The reference implementation stops at 100 MB. A hostile header must not cost
/// more than 64 MB of memory, and 16 MB hold more tensors than any model has.
constexpr uint64_t maxHeaderBytes = 16 << 20;
/// About 27,000 tensors.
constexpr uint64_t maxHeaderNodes = 250'000;
constexpr size_t maxRank = 64;

struct DTypeRow {
  std::string_view name;
  unsigned size;
};

/// Indexed by DType.
constexpr DTypeRow dtypes[] = {{"BOOL", 1}, {"U8", 1},  {"I8", 1},  {"F8_E5M2", 1}, {"F8_E4M3", 1}, {"F8_E8M0", 1},
                               {"U16", 2},  {"I16", 2}, {"F16", 2}, {"BF16", 2},    {"U32", 4},     {"I32", 4},
                               {"F32", 4},  {"U64", 8}, {"I64", 8}, {"F64", 8},     {"C64", 8}};
static_assert(std::size(dtypes) == static_cast<size_t>(DType::C64) + 1);

std::string number(uint64_t value) { return std::to_string(value); }

/// Reads one entry of the header. Offsets stay relative to the data here.
bool readTensor(const std::string &name, const JsonValue &entry, uint64_t dataBytes, TensorView &out, uint64_t &begin,
                std::string &error) {
  auto refuse = [&](const std::string &message) {
    error = "tensor " + quoteForMessage(name) + ": " + message;
    return false;
  };
  if (!entry.isObject())
    return refuse("its entry is " + std::string(jsonKindName(entry.kind())) + ", an object was expected");
  for (const auto &[key, value] : entry.members())
    if (key != "dtype" && key != "shape" && key != "data_offsets")
      return refuse("unknown key " + quoteForMessage(key));
  const JsonValue *type = entry.find("dtype"), *shape = entry.find("shape"), *offsets = entry.find("data_offsets");
  if (!type || !type->isString())
    return refuse("'dtype' is missing or no string");
  std::optional<DType> dtype = dtypeFromName(type->asString());
  if (!dtype)
    return refuse("the dtype " + quoteForMessage(type->asString()) + " is not known");
  if (!shape || !shape->isArray())
    return refuse("'shape' is missing or no array");
  if (shape->size() > maxRank)
    return refuse("'shape' has " + number(shape->size()) + " dimensions");
  for (const JsonValue &dim : shape->items()) {
    if (!dim.isInt() || dim.asInt() < 0)
      return refuse("dimension " + number(out.dims.size()) + " is not an integer between 0 and 2^63 - 1");
    out.dims.push_back(dim.asInt());
  }
  std::optional<uint64_t> bytes = checkedElements(out.dims);
  if (bytes)
    bytes = checkedMul<uint64_t>(*bytes, dtypeSize(*dtype));
  if (!bytes)
    return refuse("the product of its dimensions overflows");
  if (!offsets || !offsets->isArray() || offsets->size() != 2)
    return refuse("'data_offsets' is missing or no pair");
  for (const JsonValue &offset : offsets->items())
    if (!offset.isInt() || offset.asInt() < 0)
      return refuse("a data offset is not an integer between 0 and 2^63 - 1");
  begin = offsets->items()[0].asUInt();
  uint64_t end = offsets->items()[1].asUInt();
  if (begin > end)
    return refuse("its data ends (" + number(end) + ") before it begins (" + number(begin) + ")");
  if (end > dataBytes)
    return refuse("its data ends at byte " + number(end) + ", the file has " + number(dataBytes) + " bytes of data");
  if (end - begin != *bytes)
    return refuse("its shape needs " + number(*bytes) + " bytes, its data offsets span " + number(end - begin));
  out.name = name;
  out.dtype = *dtype;
  out.byteSize = *bytes;
  return true;
}

/// Every byte of the data belongs to exactly one tensor.
bool checkCover(const std::vector<std::pair<uint64_t, TensorView>> &tensors, uint64_t dataBytes, std::string &error) {
  uint64_t at = 0;
  const std::string *before = nullptr;
  for (const auto &[begin, tensor] : tensors) {
    if (begin < at) {
      error = "the data of tensors " + quoteForMessage(*before) + " and " + quoteForMessage(tensor.name) + " overlap";
      return false;
    }
    if (begin > at) {
      error = "bytes " + number(at) + " to " + number(begin) + " of the data belong to no tensor (before " +
              quoteForMessage(tensor.name) + ")";
      return false;
    }
    at = begin + tensor.byteSize;
    before = &tensor.name;
  }
  if (at == dataBytes)
    return true;
  error = "the last " + number(dataBytes - at) + " bytes of the file belong to no tensor";
  return false;
}

bool readMetadata(const JsonValue &entry, std::vector<std::pair<std::string, std::string>> &out, std::string &error) {
  if (!entry.isObject()) {
    error = "'__metadata__' is not an object";
    return false;
  }
  for (const auto &[key, value] : entry.members()) {
    if (!value.isString()) {
      error = "'__metadata__' key " + quoteForMessage(key) + " is " + std::string(jsonKindName(value.kind())) +
              ", a string was expected";
      return false;
    }
    out.emplace_back(key, value.asString());
  }
  return true;
}

} // namespace

std::string_view dtypeName(DType type) { return dtypes[static_cast<size_t>(type)].name; }

unsigned dtypeSize(DType type) { return dtypes[static_cast<size_t>(type)].size; }

std::optional<DType> dtypeFromName(std::string_view name) {
  for (size_t i = 0; i < std::size(dtypes); ++i)
    if (dtypes[i].name == name)
      return static_cast<DType>(i);
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// One file
//===----------------------------------------------------------------------===//

std::optional<SafetensorsFile> SafetensorsFile::open(const std::string &path, std::string &error) {
  std::optional<MappedFile> map = MappedFile::open(path, error);
  if (!map)
    return std::nullopt;
  SafetensorsFile file(std::move(*map));
  std::string message;
  if (file.parse(message))
    return file;
  error = path + ": " + message;
  return std::nullopt;
}

bool SafetensorsFile::parse(std::string &error) {
  uint64_t size = map.size();
  if (size < 8) {
    error = "is not a safetensors file: it has " + number(size) + " bytes, its header length alone takes 8";
    return false;
  }
  uint64_t headerBytes;
  std::memcpy(&headerBytes, map.data(), sizeof(headerBytes));
  if (headerBytes > size - 8) {
    error = "the header claims " + number(headerBytes) + " bytes, the file has " + number(size - 8) +
            " after its length (truncated, or not a safetensors file)";
    return false;
  }
  if (headerBytes > maxHeaderBytes) {
    error = "the header claims " + number(headerBytes) + " bytes, at most " + number(maxHeaderBytes) + " are allowed";
    return false;
  }
  if (headerBytes < 2 || map.data()[8] != '{') {
    error = "the header does not begin with '{' at byte 8";
    return false;
  }
  JsonResult json = parseJson(map.text().substr(8, headerBytes), {maxHeaderBytes, 8, maxHeaderNodes});
  if (!json.ok) {
    error = "the header is not valid JSON: " + json.error;
    return false;
  }
  uint64_t dataStart = 8 + headerBytes, dataBytes = size - dataStart;
  std::vector<std::pair<uint64_t, TensorView>> found;
  for (const auto &[name, entry] : json.root.members()) {
    if (name == "__metadata__") {
      if (!readMetadata(entry, meta, error))
        return false;
      continue;
    }
    TensorView tensor;
    uint64_t begin = 0;
    if (!readTensor(name, entry, dataBytes, tensor, begin, error))
      return false;
    tensor.data = map.data() + dataStart + begin;
    tensor.fileOffset = dataStart + begin;
    tensor.file = map.path();
    found.emplace_back(begin, std::move(tensor));
  }
  // Empty tensors come first among those that begin at one place.
  std::sort(found.begin(), found.end(), [](const auto &a, const auto &b) {
    return std::tie(a.first, a.second.byteSize, a.second.name) < std::tie(b.first, b.second.byteSize, b.second.name);
  });
  if (!checkCover(found, dataBytes, error))
    return false;
  views.reserve(found.size());
  for (auto &[begin, tensor] : found)
    views.push_back(std::move(tensor));
  // The vector keeps its elements' addresses when the file is moved.
  for (size_t i = 0; i < views.size(); ++i)
    index.emplace(views[i].name, i);
  return true;
}

const TensorView *SafetensorsFile::find(std::string_view name) const {
  auto at = index.find(name);
  return at == index.end() ? nullptr : &views[at->second];
}

} // namespace sinter::format

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// NumPy arrays in and out. The header is a Python dict literal; the small
// grammar that NumPy itself writes is read, any other spelling is refused.

#include "runtime/format/Npy.h"
#include "runtime/format/AtomicWrite.h"
#include "runtime/format/Checked.h"
#include "runtime/format/Json.h"

#include <bit>
#include <cmath>
#include <cstring>

namespace sinter::format {

static_assert(std::endian::native == std::endian::little, "files are read in their own byte order");

namespace {

/// More dimensions than NumPy itself allows.
constexpr size_t maxRank = 64;

struct NpyHeader {
  std::string descr;
  bool fortran = false;
  std::vector<int64_t> dims;
};

/// Reads {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }.
class HeaderParser {
public:
  explicit HeaderParser(std::string_view text) : text(text) {}

  bool parse(NpyHeader &header, std::string &error) {
    if (!dict(header)) {
      error = "the header is damaged at its byte " + std::to_string(at) + (why.empty() ? "" : ": " + why);
      return false;
    }
    return true;
  }

private:
  void blanks() {
    while (at < text.size() && (text[at] == ' ' || text[at] == '\n' || text[at] == '\t'))
      ++at;
  }
  bool eat(char c) {
    blanks();
    if (at >= text.size() || text[at] != c)
      return false;
    ++at;
    return true;
  }
  bool quoted(std::string &out) {
    blanks();
    if (at >= text.size() || (text[at] != '\'' && text[at] != '"'))
      return false;
    size_t end = text.find(text[at], at + 1);
    if (end == std::string_view::npos || end - at > 64)
      return false;
    out = text.substr(at + 1, end - at - 1);
    at = end + 1;
    return true;
  }
  bool word(std::string_view expected) {
    blanks();
    if (text.substr(at, expected.size()) != expected)
      return false;
    at += expected.size();
    return true;
  }
  bool number(int64_t &out) {
    blanks();
    size_t start = at;
    out = 0;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9') {
      std::optional<int64_t> next = checkedMul<int64_t>(out, 10);
      if (next)
        next = checkedAdd<int64_t>(*next, text[at] - '0');
      if (!next) {
        why = "a dimension does not fit 64 bits";
        return false;
      }
      out = *next;
      ++at;
    }
    if (at == start && at < text.size() && text[at] == '-')
      why = "a dimension is negative";
    return at > start;
  }
  bool shape(std::vector<int64_t> &dims) {
    if (!eat('('))
      return false;
    while (!eat(')')) {
      int64_t dim;
      if (!number(dim))
        return false;
      if (dims.size() == maxRank) {
        why = "more than 64 dimensions";
        return false;
      }
      dims.push_back(dim);
      if (!eat(',')) {
        // (3) is an int in Python, but older writers produced it.
        if (!eat(')'))
          return false;
        break;
      }
    }
    return true;
  }
  bool field(NpyHeader &header, unsigned &seen) {
    std::string key;
    if (!quoted(key) || !eat(':'))
      return false;
    unsigned bit = key == "descr" ? 1 : key == "fortran_order" ? 2 : key == "shape" ? 4 : 0;
    if (bit == 0 || (seen & bit)) {
      why = (bit ? "the key given twice is " : "unknown key ") + quoteForMessage(key);
      return false;
    }
    seen |= bit;
    if (bit == 1) {
      blanks();
      if (at < text.size() && text[at] == '[') {
        why = "structured arrays are not read";
        return false;
      }
      return quoted(header.descr);
    }
    if (bit == 2) {
      header.fortran = word("True");
      return header.fortran || word("False");
    }
    return shape(header.dims);
  }
  bool dict(NpyHeader &header) {
    unsigned seen = 0;
    if (!eat('{'))
      return false;
    while (!eat('}')) {
      if (!field(header, seen))
        return false;
      if (!eat(',')) {
        if (!eat('}'))
          return false;
        break;
      }
    }
    blanks();
    if (seen != 7)
      why = "descr, fortran_order and shape must all be given";
    return seen == 7 && at == text.size();
  }

  std::string_view text;
  size_t at = 0;
  std::string why;
};

std::optional<DType> dtypeFromDescr(std::string_view descr) {
  static constexpr std::pair<std::string_view, DType> table[] = {
      {"|b1", DType::Bool}, {"|i1", DType::I8},   {"|u1", DType::U8},  {"<i2", DType::I16}, {"<u2", DType::U16},
      {"<i4", DType::I32},  {"<u4", DType::U32},  {"<i8", DType::I64}, {"<u8", DType::U64}, {"<f4", DType::F32},
      {"<f8", DType::F64},  {"<b1", DType::Bool}, {"<i1", DType::I8},  {"<u1", DType::U8}};
  for (const auto &[name, type] : table)
    if (name == descr)
      return type;
  return std::nullopt;
}

/// Length and place of the header text; false with `error` set.
bool findHeader(std::span<const uint8_t> bytes, size_t &start, size_t &length, std::string &error) {
  static constexpr char magic[] = "\x93NUMPY";
  if (bytes.size() < 10 || std::memcmp(bytes.data(), magic, 6) != 0) {
    error = "is not a .npy file (it does not begin with \\x93NUMPY)";
    return false;
  }
  unsigned major = bytes[6], minor = bytes[7];
  if ((major != 1 && major != 2) || minor != 0) {
    error = ".npy version " + std::to_string(major) + "." + std::to_string(minor) + " is not read, 1.0 and 2.0 are";
    return false;
  }
  start = major == 1 ? 10 : 12;
  length = bytes[8] | bytes[9] << 8;
  if (major == 2 && bytes.size() >= 12)
    length |= static_cast<size_t>(bytes[10]) << 16 | static_cast<size_t>(bytes[11]) << 24;
  if (bytes.size() < start || length > bytes.size() - start) {
    error = "the header claims " + std::to_string(length) + " bytes, the file has " + std::to_string(bytes.size());
    return false;
  }
  return true;
}

template <typename T> T load(const uint8_t *bytes, uint64_t index) {
  T value;
  std::memcpy(&value, bytes + index * sizeof(T), sizeof(T));
  return value;
}

template <typename T> bool narrow(const NpyArray &array, std::vector<int32_t> &out, std::string &error) {
  for (uint64_t i = 0, count = array.elements(); i < count; ++i) {
    T value = load<T>(array.bytes.data(), i);
    if (!std::in_range<int32_t>(value)) {
      error =
          "the value " + std::to_string(value) + " at element " + std::to_string(i) + " does not fit a 32-bit integer";
      return false;
    }
    out[i] = static_cast<int32_t>(value);
  }
  return true;
}

} // namespace

std::optional<NpyArray> parseNpy(std::span<const uint8_t> bytes, std::string_view name, std::string &error) {
  auto refuse = [&](const std::string &message) {
    error = std::string(name) + ": " + message;
    return std::nullopt;
  };
  size_t start = 0, length = 0;
  std::string message;
  if (!findHeader(bytes, start, length, message))
    return refuse(message);
  NpyHeader header;
  std::string_view text(reinterpret_cast<const char *>(bytes.data()) + start, length);
  if (!HeaderParser(text).parse(header, message))
    return refuse(message);
  std::optional<DType> type = dtypeFromDescr(header.descr);
  if (!type)
    return refuse("the element type " + quoteForMessage(header.descr) +
                  " is not read: little-endian integers, float32, float64 and "
                  "bool are");
  if (header.fortran && header.dims.size() > 1)
    return refuse("the array is in Fortran order; save it with "
                  "numpy.ascontiguousarray");
  std::optional<uint64_t> count = checkedElements(header.dims);
  std::optional<uint64_t> needed;
  if (count)
    needed = checkedMul<uint64_t>(*count, dtypeSize(*type));
  if (!needed)
    return refuse("the product of its dimensions overflows");
  size_t rest = bytes.size() - start - length;
  if (*needed != rest)
    return refuse("its shape needs " + std::to_string(*needed) + " bytes of data, the file has " +
                  std::to_string(rest));
  NpyArray array;
  array.dtype = *type;
  array.dims = std::move(header.dims);
  array.bytes.assign(bytes.end() - static_cast<ptrdiff_t>(rest), bytes.end());
  if (array.dtype == DType::Bool)
    for (size_t i = 0; i < array.bytes.size(); ++i)
      if (array.bytes[i] > 1)
        return refuse("element " + std::to_string(i) + " of a bool array is neither 0 nor 1");
  return array;
}

std::optional<NpyArray> readNpy(const std::string &path, std::string &error) {
  std::optional<MappedFile> file = MappedFile::open(path, error);
  if (!file)
    return std::nullopt;
  return parseNpy(file->bytes(), path, error);
}

bool NpyArray::isInteger() const {
  switch (dtype) {
  case DType::Bool:
  case DType::U8:
  case DType::I8:
  case DType::U16:
  case DType::I16:
  case DType::U32:
  case DType::I32:
  case DType::U64:
  case DType::I64:
    return true;
  default:
    return false;
  }
}

std::optional<std::vector<int32_t>> NpyArray::toInt32(std::string &error) const {
  if (!isInteger()) {
    error = "holds " + std::string(dtypeName(dtype)) + ", integers were expected";
    return std::nullopt;
  }
  std::vector<int32_t> out(elements());
  bool ok = false;
  switch (dtype) {
  case DType::I8:
    ok = narrow<int8_t>(*this, out, error);
    break;
  case DType::U16:
    ok = narrow<uint16_t>(*this, out, error);
    break;
  case DType::I16:
    ok = narrow<int16_t>(*this, out, error);
    break;
  case DType::U32:
    ok = narrow<uint32_t>(*this, out, error);
    break;
  case DType::I32:
    ok = narrow<int32_t>(*this, out, error);
    break;
  case DType::U64:
    ok = narrow<uint64_t>(*this, out, error);
    break;
  case DType::I64:
    ok = narrow<int64_t>(*this, out, error);
    break;
  default:
    ok = narrow<uint8_t>(*this, out, error);
    break;
  }
  if (!ok)
    return std::nullopt;
  return out;
}

std::optional<std::vector<double>> NpyArray::toFloat64(std::string &error) const {
  if (!isFloat()) {
    error = "holds " + std::string(dtypeName(dtype)) + ", floats were expected";
    return std::nullopt;
  }
  std::vector<double> out(elements());
  for (uint64_t i = 0; i < out.size(); ++i)
    out[i] = dtype == DType::F32 ? static_cast<double>(load<float>(bytes.data(), i)) : load<double>(bytes.data(), i);
  return out;
}

std::optional<std::vector<float>> NpyArray::toFloat32(std::string &error) const {
  std::optional<std::vector<double>> wide = toFloat64(error);
  if (!wide)
    return std::nullopt;
  std::vector<float> out(wide->size());
  for (uint64_t i = 0; i < out.size(); ++i) {
    double value = (*wide)[i];
    out[i] = static_cast<float>(value);
    if (static_cast<double>(out[i]) != value && !std::isnan(value)) {
      error = "the float64 value at element " + std::to_string(i) +
              " is not exactly a float32; convert the array with "
              "numpy.float32 first";
      return std::nullopt;
    }
  }
  return out;
}

static bool writeArray(const std::string &path, std::string_view descr, std::span<const int64_t> dims, const void *data,
                       size_t count, size_t elementBytes, std::string &error) {
  std::optional<uint64_t> expected = checkedElements(dims);
  if (!expected || *expected != count) {
    error = path + ": " + std::to_string(count) + " elements do not fill the given dimensions";
    return false;
  }
  std::string header = "{'descr': '" + std::string(descr) + "', 'fortran_order': False, 'shape': (";
  for (size_t i = 0; i < dims.size(); ++i)
    header += std::to_string(dims[i]) + (dims.size() == 1 || i + 1 < dims.size() ? "," : "") +
              (i + 1 < dims.size() ? " " : "");
  header += "), }";
  // NumPy aligns the data to 64 bytes and ends the header with a newline.
  size_t total = (10 + header.size() + 1 + 63) / 64 * 64;
  header.append(total - 10 - header.size() - 1, ' ');
  header += '\n';
  const unsigned char start[10] = {0x93,
                                   'N',
                                   'U',
                                   'M',
                                   'P',
                                   'Y',
                                   1,
                                   0,
                                   static_cast<unsigned char>(header.size() & 0xFF),
                                   static_cast<unsigned char>(header.size() >> 8)};
  std::optional<AtomicFile> file = AtomicFile::create(path, error);
  return file && file->write(start, sizeof(start), error) && file->write(header.data(), header.size(), error) &&
         file->write(data, count * elementBytes, error) && file->commit(error);
}

bool writeNpy(const std::string &path, std::span<const int64_t> dims, std::span<const float> data, std::string &error) {
  return writeArray(path, "<f4", dims, data.data(), data.size(), 4, error);
}

bool writeNpy(const std::string &path, std::span<const int64_t> dims, std::span<const double> data,
              std::string &error) {
  return writeArray(path, "<f8", dims, data.data(), data.size(), 8, error);
}

bool writeNpy(const std::string &path, std::span<const int64_t> dims, std::span<const int32_t> data,
              std::string &error) {
  return writeArray(path, "<i4", dims, data.data(), data.size(), 4, error);
}

} // namespace sinter::format

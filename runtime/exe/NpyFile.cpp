// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A small, strict reader and writer of .npy files; see NpyFile.h. The header is a Python dictionary with three keys.

#include "runtime/exe/NpyFile.h"
#include "runtime/core/Artifact.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace sinter::runtime;

namespace sinter::exe {
namespace {

/// A header's three facts.
struct NpyHeader {
  char kind = 0; // b, i, u, f
  unsigned size = 0;
  bool fortran = false, bigEndian = false;
  uint32_t rank = 0;
  int64_t dims[SINTER_TENSOR_RANK] = {};
};

/// Reads the dictionary. Every read is inside [at, end).
struct HeaderParser {
  const char *at, *end;
  NpyHeader *header;

  void skipSpace() {
    while (at != end && (*at == ' ' || *at == '\n' || *at == '\t'))
      ++at;
  }
  bool take(char c) {
    skipSpace();
    if (at == end || *at != c)
      return false;
    ++at;
    return true;
  }
  bool takeWord(const char *word) {
    skipSpace();
    size_t length = strlen(word);
    if (static_cast<size_t>(end - at) < length || memcmp(at, word, length) != 0)
      return false;
    at += length;
    return true;
  }
  /// 'text' or "text" into a small buffer.
  bool takeString(char *out, size_t capacity) {
    skipSpace();
    if (at == end || (*at != '\'' && *at != '"'))
      return false;
    char quote = *at++;
    size_t used = 0;
    while (at != end && *at != quote && used + 1 < capacity)
      out[used++] = *at++;
    out[used] = 0;
    return at != end && *at++ == quote;
  }
  bool takeNumber(int64_t *out) {
    skipSpace();
    if (at == end || *at < '0' || *at > '9')
      return false;
    *out = 0;
    while (at != end && *at >= '0' && *at <= '9')
      if (!mulChecked<int64_t>(*out, 10, out) || !addChecked<int64_t>(*out, *at++ - '0', out))
        return false;
    return true;
  }
  bool takeType() {
    char text[16];
    if (!takeString(text, sizeof(text)) || !strchr("<>|=", text[0]) || !text[0] || !strchr("biuf", text[1]) || !text[1])
      return false;
    char *rest;
    header->bigEndian = text[0] == '>';
    header->kind = text[1];
    header->size = static_cast<unsigned>(strtoul(text + 2, &rest, 10));
    unsigned size = header->size;
    bool known = header->kind == 'b'   ? size == 1
                 : header->kind == 'f' ? size == 2 || size == 4 || size == 8
                                       : size == 1 || size == 2 || size == 4 || size == 8;
    return *rest == 0 && known;
  }
  bool takeShape() {
    if (!take('('))
      return false;
    while (!take(')')) {
      if (header->rank == SINTER_TENSOR_RANK || !takeNumber(&header->dims[header->rank++]))
        return false;
      if (!take(',') && (skipSpace(), at == end || *at != ')'))
        return false;
    }
    return true;
  }
  bool parse() {
    bool type = false, order = false, shape = false;
    if (!take('{'))
      return false;
    while (!take('}')) {
      char key[32];
      if (!takeString(key, sizeof(key)) || !take(':'))
        return false;
      if (!strcmp(key, "descr") && !type)
        type = takeType();
      else if (!strcmp(key, "fortran_order") && !order)
        order = (header->fortran = takeWord("True")) || takeWord("False");
      else if (!strcmp(key, "shape") && !shape)
        shape = takeShape();
      else
        return false;
      if (!take(',') && (skipSpace(), at == end || *at != '}'))
        return false;
    }
    return type && order && shape;
  }
};

double halfToDouble(uint16_t bits) {
  int exponent = bits >> 10 & 31, fraction = bits & 1023;
  double magnitude = exponent == 0 ? fraction * 0x1p-24 : (1024 + fraction) * 0x1p-25;
  for (int i = 1; exponent && i < exponent; ++i)
    magnitude *= 2;
  if (exponent == 31)
    magnitude = fraction ? __builtin_nan("") : __builtin_inf();
  else if (exponent)
    magnitude *= 2;
  return bits >> 15 ? -magnitude : magnitude;
}

/// Element `i` as a float value; integers do not come here.
double floatAt(const NpyHeader &header, const uint8_t *data, uint64_t i) {
  uint16_t half;
  float single;
  double wide;
  switch (header.size) {
  case 2:
    memcpy(&half, data + 2 * i, 2);
    return halfToDouble(half);
  case 4:
    memcpy(&single, data + 4 * i, 4);
    return static_cast<double>(single);
  default:
    memcpy(&wide, data + 8 * i, 8);
    return wide;
  }
}

/// Element `i` as an integer; false where it does not fit int64.
bool integerAt(const NpyHeader &header, const uint8_t *data, uint64_t i, int64_t *out) {
  uint64_t bits = 0;
  memcpy(&bits, data + header.size * i, header.size);
  unsigned unused = 64 - 8 * header.size;
  *out = static_cast<int64_t>(bits);
  if (header.kind == 'i')
    *out = static_cast<int64_t>(bits << unused) >> unused;
  return header.kind == 'i' || *out >= 0;
}

sinter_status convert(const char *path, const NpyHeader &header, const uint8_t *data, uint64_t count,
                      sinter_dtype wanted, void *out, sinter_error *error) {
  if ((header.kind == 'f') != (wanted == SINTER_DTYPE_F32))
    return fail(error, SINTER_INVALID_ARGUMENT, "%.400s holds %s, but the argument takes %s", path,
                header.kind == 'f' ? "floats" : "integers", wanted == SINTER_DTYPE_F32 ? "floats" : "integers");
  for (uint64_t i = 0; i < count; ++i) {
    if (wanted == SINTER_DTYPE_F32) {
      double value = floatAt(header, data, i);
      float narrow = static_cast<float>(value);
      if (static_cast<double>(narrow) != value && value == value)
        return fail(error, SINTER_INVALID_ARGUMENT, "%.400s: element %" PRIu64 ", %.17g, is not exact as f32", path, i,
                    value);
      static_cast<float *>(out)[i] = narrow;
      continue;
    }
    int64_t value;
    bool isBool = wanted == SINTER_DTYPE_BOOL;
    if (!integerAt(header, data, i, &value) || value < (isBool ? 0 : INT32_MIN) || value > (isBool ? 1 : INT32_MAX))
      return fail(error, SINTER_INVALID_ARGUMENT, "%.400s: element %" PRIu64 " does not fit %s", path, i,
                  isBool ? "bool" : "i32");
    if (isBool)
      static_cast<uint8_t *>(out)[i] = static_cast<uint8_t>(value);
    else
      static_cast<int32_t *>(out)[i] = static_cast<int32_t>(value);
  }
  return SINTER_OK;
}

/// The file's bytes into an input.
sinter_status parse(const char *path, const uint8_t *bytes, uint64_t size, sinter_dtype wanted, sinter_input *input,
                    sinter_error *error) {
  static const uint8_t magic[] = {0x93, 'N', 'U', 'M', 'P', 'Y'};
  if (size < 10 || memcmp(bytes, magic, sizeof(magic)) != 0 || bytes[6] < 1 || bytes[6] > 3)
    return fail(error, SINTER_INVALID_ARGUMENT, "%.400s is not a .npy file", path);
  uint64_t lengthBytes = bytes[6] == 1 ? 2 : 4, length = 0;
  memcpy(&length, bytes + 8, size < 8 + lengthBytes ? 2 : lengthBytes);
  uint64_t start = 8 + lengthBytes;
  if (!inside(start, length, size))
    return fail(error, SINTER_INVALID_ARGUMENT, "%.400s: its header is cut off", path);
  NpyHeader header;
  const char *text = reinterpret_cast<const char *>(bytes);
  HeaderParser parser = {text + start, text + start + length, &header};
  if (!parser.parse())
    return fail(error, SINTER_INVALID_ARGUMENT,
                "%.400s: its header is not one of a plain array of at most %d axes of integers, bools or floats", path,
                SINTER_TENSOR_RANK);
  if (header.bigEndian || (header.fortran && header.rank > 1))
    return fail(error, SINTER_INVALID_ARGUMENT, "%.400s is %s; save it little-endian and in C order", path,
                header.bigEndian ? "big-endian" : "in Fortran order");
  uint64_t count = 1, dataSize, left = size - start - length;
  bool fits = true;
  for (uint32_t i = 0; fits && i < header.rank; ++i)
    fits = mulChecked(count, static_cast<uint64_t>(header.dims[i]), &count);
  if (!fits || !mulChecked<uint64_t>(count, header.size, &dataSize) || dataSize != left)
    return fail(error, SINTER_INVALID_ARGUMENT, "%.400s: its shape does not agree with the %" PRIu64 " bytes of data",
                path, left);
  // count <= left: the allocation is bounded by the file. Even an empty array gets an address.
  void *data = calloc(count ? count : 1, wanted == SINTER_DTYPE_BOOL ? 1 : 4);
  if (!data)
    return fail(error, SINTER_OUT_OF_MEMORY, "%.400s: no memory for its %" PRIu64 " elements", path, count);
  sinter_status status = convert(path, header, bytes + start + length, count, wanted, data, error);
  if (status != SINTER_OK) {
    free(data);
    return status;
  }
  *input = {data, wanted, header.rank, {}};
  memcpy(input->dims, header.dims, sizeof(header.dims));
  return SINTER_OK;
}

bool writeWhole(int descriptor, const void *data, uint64_t size) {
  const auto *bytes = static_cast<const uint8_t *>(data);
  while (size) {
    ssize_t written = write(descriptor, bytes, size);
    if (written < 0 && errno == EINTR)
      continue;
    if (written <= 0)
      return false;
    bytes += written;
    size -= static_cast<uint64_t>(written);
  }
  return true;
}

} // namespace

sinter_status readNpy(const char *path, sinter_dtype wanted, sinter_input *input, sinter_error *error) {
  int descriptor = open(path, O_RDONLY | O_CLOEXEC);
  if (descriptor < 0)
    return fail(error, SINTER_IO, "%.400s: %s", path, strerror(errno));
  struct stat info = {};
  bool isFile = fstat(descriptor, &info) == 0 && S_ISREG(info.st_mode);
  uint64_t size = isFile ? static_cast<uint64_t>(info.st_size) : 0;
  void *bytes = size ? mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, 0) : MAP_FAILED;
  close(descriptor);
  if (bytes == MAP_FAILED)
    return fail(error, SINTER_IO, "%.400s: %s", path, !isFile ? "not a file" : size ? strerror(errno) : "empty");
  sinter_status status = parse(path, static_cast<const uint8_t *>(bytes), size, wanted, input, error);
  munmap(bytes, size);
  return status;
}

sinter_status writeNpy(const char *path, const sinter_output &output, sinter_error *error) {
  // Magic, version 1.0, the dictionary padded with spaces so that the data begins at a multiple of 64.
  char header[512], temporary[4096];
  TextBuffer text(header + 10, sizeof(header) - 10);
  const char *descr = output.dtype == SINTER_DTYPE_F32 ? "<f4" : output.dtype == SINTER_DTYPE_I32 ? "<i4" : "|b1";
  text.add("{'descr': '%s', 'fortran_order': False, 'shape': (", descr);
  for (uint32_t i = 0; i < output.rank; ++i)
    text.add("%" PRId64 "%s", output.dims[i], output.rank == 1 ? "," : i + 1 < output.rank ? ", " : "");
  text.add("), }");
  size_t total = (10 + text.used + 1 + 63) & ~size_t(63), length = total - 10;
  memset(header + 10 + text.used, ' ', total - 10 - text.used);
  header[total - 1] = '\n';
  memcpy(header, "\x93NUMPY\1\0", 8);
  header[8] = static_cast<char>(length & 0xff);
  header[9] = static_cast<char>(length >> 8);

  if (snprintf(temporary, sizeof(temporary), "%s.tmp-%d", path, static_cast<int>(getpid())) >=
      static_cast<int>(sizeof(temporary)))
    return fail(error, SINTER_IO, "%.400s...: the path is too long", path);
  int descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (descriptor < 0)
    return fail(error, SINTER_IO, "%.400s: %s", temporary, strerror(errno));
  bool written = writeWhole(descriptor, header, total) && writeWhole(descriptor, output.data, output.bytes) &&
                 fsync(descriptor) == 0;
  written = close(descriptor) == 0 && written;
  if (written && rename(temporary, path) == 0)
    return SINTER_OK;
  int reason = errno;
  unlink(temporary);
  return fail(error, SINTER_IO, "%.400s cannot be written: %s", path, strerror(reason));
}

} // namespace sinter::exe

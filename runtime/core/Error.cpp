// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sentences for failures; see Error.h.

#include "runtime/core/Error.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

namespace sinter::runtime {

sinter_status fail(sinter_error *error, sinter_status status, const char *format, ...) {
  if (!error)
    return status;
  error->status = status;
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(error->message, sizeof(error->message), format, arguments);
  va_end(arguments);
  for (char *c = error->message; *c; ++c)
    if (static_cast<unsigned char>(*c) < 0x20 || *c == 0x7f)
      *c = '?';
  return status;
}

void TextBuffer::add(const char *format, ...) {
  if (used >= capacity)
    return;
  va_list arguments;
  va_start(arguments, format);
  int wanted = vsnprintf(data + used, capacity - used, format, arguments);
  va_end(arguments);
  if (wanted > 0)
    used = static_cast<size_t>(wanted) < capacity - used ? used + static_cast<size_t>(wanted) : capacity - 1;
}

void addDims(TextBuffer &text, const int64_t *dims, uint32_t rank) {
  text.add("[");
  for (uint32_t i = 0; i < rank; ++i)
    text.add("%s%" PRId64, i ? ", " : "", dims[i]);
  text.add("]");
}

} // namespace sinter::runtime

using namespace sinter::runtime;

const char *sinter_status_name(sinter_status status) {
  static const char *const names[] = {"ok",   "invalid argument", "bad artifact", "unsupported machine",
                                      "I/O",  "out of memory",    "refused",      "not finite",
                                      "busy", "not found",        "cancelled"};
  uint32_t number = rawEnum(status);
  return number < sizeof(names) / sizeof(names[0]) ? names[number] : "unknown status";
}

const char *sinter_version(void) { return "0.1.0"; }

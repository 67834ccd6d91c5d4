// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// See Targets.h.
#include "test/fuzz/Targets.h"

#include "runtime/format/Npy.h"

void sinter::fuzz::npy(Bytes bytes) {
  std::string error;
  auto array = format::parseNpy(bytes, "a.npy", error);
  expect(array || !error.empty(), "refused without a message");
  if (!array)
    return;
  uint64_t count = 1;
  for (int64_t dim : array->dims)
    count *= uint64_t(dim);
  expect(array->bytes.size() <= bytes.size() && array->elements() == count, "an array of another size than its file");
  for (bool isFloat : {false, true}) {
    error.clear();
    bool ok = isFloat ? array->toFloat32(error).has_value() : array->toInt32(error).has_value();
    expect(ok == error.empty(), "converted with an error, or refused without one");
  }
}

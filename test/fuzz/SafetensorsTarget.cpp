// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// See Targets.h.
#include "test/fuzz/Targets.h"

#include "runtime/format/Safetensors.h"

#include <algorithm>
#include <vector>

void sinter::fuzz::safetensors(Bytes bytes) {
  std::string error;
  auto set = format::SafetensorsSet::open(fileOf("model.safetensors", bytes), error);
  expect(set || !error.empty(), "refused without a message");
  if (!set)
    return;
  std::vector<uint8_t> buffer(1 << 12);
  for (std::string_view name : set->names()) {
    const format::TensorView *tensor = set->find(name);
    expect(tensor && tensor->fileOffset + tensor->byteSize <= bytes.size(), "a tensor lies outside of its file");
    for (uint64_t at = 0; at < tensor->byteSize; at += buffer.size())
      expect(set->read(*tensor, at, buffer.data(), std::min<uint64_t>(buffer.size(), tensor->byteSize - at), error),
             "a tensor that was admitted cannot be read");
  }
}

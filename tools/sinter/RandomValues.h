// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Numbers for models without a checkpoint and calls without inputs: the same for the same name on every machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sinter::tool {

/// Mean 0, standard deviation `deviation`, nearly normal (a sum of four uniform numbers: fast, and bounded).
void fillNormal(float *values, size_t count, double deviation, std::string_view name);

/// Each in [0, limit); limit is at least 1.
void fillBelow(int32_t *values, size_t count, int64_t limit, std::string_view name);

} // namespace sinter::tool

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The prebuilt runtime + an artifact -> an executable, by patching program headers; no linker (runtime/exe/Slots.h).
#pragma once

#include "codegen/artifact/Artifact.h"

#include <span>
#include <string>
#include <vector>

namespace sinter::codegen {

/// The runtime that is built into this program; empty if it was built without one.
std::span<const uint8_t> builtinStub();

/// The bytes in front of the artifact: the stub, patched for an artifact whose bytes up to WEIGHTS are `head`, padded
/// to a page. The executable is these, then `head`, then the weights. On failure empty, and `error` says why.
std::vector<uint8_t> packStub(std::span<const uint8_t> stub, std::span<const uint8_t> head, std::string &error);

} // namespace sinter::codegen

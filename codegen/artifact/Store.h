// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An artifact as the compiler holds it <-> bytes that hold everything of it, costs and lines included: what a cache keeps
// so that the same kernels need not be compiled again. Not abi.h's form, which forgets what no runtime needs. The bytes
// are for the same build of the compiler only; whoever keeps them sees to that. Free of MLIR.
#pragma once

#include "codegen/artifact/Artifact.h"

#include <span>

namespace sinter::codegen {

/// Appends; several artifacts may follow one another.
void store(const Artifact &artifact, std::vector<uint8_t> &out);

/// The next artifact of `bytes`, which then begins behind it; nullopt where the bytes are none.
std::optional<Artifact> restore(std::span<const uint8_t> &bytes);

} // namespace sinter::codegen

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The prebuilt shared runtime + an artifact -> libNAME.so, whose functions are called NAME_..., and its C header. No
// linker: program headers are patched as for an executable (runtime/exe/Slots.h), names written over placeholders
// (runtime/lib/Names.h).
#pragma once

#include "codegen/artifact/Artifact.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace sinter::codegen {

struct LibraryName {
  std::string file;   ///< "libencoder.so": its own name inside, so that a program finds it again
  std::string prefix; ///< "encoder": of its functions and its header
  std::string folder; ///< "build/", or empty
};

/// From the path that the library is written to; the error says why it cannot be.
std::optional<LibraryName> libraryName(const std::string &output, std::string &error);

/// The shared runtime that is built into this program; empty if it was built without one.
std::span<const uint8_t> builtinLibrary();

/// As packStub: the bytes in front of the artifact.
std::vector<uint8_t> packLibrary(std::span<const uint8_t> library, std::span<const uint8_t> head,
                                 const LibraryName &name, std::string &error);

/// The C header: types, the general functions, and one typed function for each of the model's.
std::string libraryHeader(const Artifact &artifact, const LibraryName &name);

} // namespace sinter::codegen

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One relocatable object -> one position-independent image (SinterImage of abi.h), laid out by JITLink: header,
// entry table, names and constants, then from a page boundary on the code. JIT maps it, AOT embeds it.
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBufferRef.h"

#include <string>
#include <vector>

namespace sinter::codegen {

/// `entries` are the functions to be found by number, in that order; everything they do not reach is dropped. An object
/// that would need anything from outside or an absolute address (an undefined symbol, a GOT entry, a pointer in
/// data, writable data) is refused, all offenders named. `base` is only an assumption about where the image will
/// lie: equal bytes for every base is the proof of position independence.
llvm::Expected<std::vector<char>> linkImage(llvm::MemoryBufferRef object, llvm::ArrayRef<std::string> entries,
                                            uint64_t base = 0);

} // namespace sinter::codegen

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the CPU leaf knows of machines, as data. A list of target names comes in; descriptions with LLVM's words,
// tile sizes and the processor features an artifact must demand go out.
#pragma once

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <cstdint>
#include <string>

namespace sinter::cpu {

/// One instruction set that kernels are made for. Plain data; copy freely.
struct CpuTarget {
  std::string name;         ///< "x86-64-v3"
  std::string llvmCpu;      ///< for llvm::TargetMachine
  std::string llvmFeatures; ///< for llvm::TargetMachine
  uint64_t features = 0;    ///< SINTER_FEATURE_* bits that the processor must have
  unsigned vectorBits = 0;
  unsigned vectorRegisters = 0;
  unsigned l1Bytes = 0, l2Bytes = 0; ///< data caches of one core, as assumed for tiling
  unsigned tileRows = 0;             ///< rows of a contraction's register tile
  unsigned tilePanels = 0;           ///< 16-column panels of that tile
};

/// Every target by name, the weakest first. Lives as long as the program.
llvm::ArrayRef<CpuTarget> knownTargets();

/// The best known target that this processor runs; an error if it runs none.
llvm::Expected<CpuTarget> hostTarget();

/// `x86-64-v3`, `x86-64-v4` or `host`. An unknown name is an error that lists the known ones.
llvm::Expected<CpuTarget> findTarget(llvm::StringRef name);

/// `cpu` (the host), `cpu:host`, `cpu:x86-64-v3,x86-64-v4`: best first, each once.
llvm::Expected<llvm::SmallVector<CpuTarget>> parseTargets(llvm::StringRef list);

/// Whether this processor has all the features of `target`.
bool hostRuns(const CpuTarget &target);

} // namespace sinter::cpu

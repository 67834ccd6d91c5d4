// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An artifact as the compiler holds it: functions, one plan and image for each variant, constants, tokenizer
// tables, and where each prepared weight lies. `serialize` turns it into the bytes of abi.h. Free of MLIR.
#pragma once

#include "ir/dim/Dim.h"
#include "sinter/abi.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sinter::codegen {

struct TensorInfo { // an argument or a result
  std::string name;
  uint32_t dtype = SINTER_F32;
  std::vector<Dim> dims;
  std::optional<double> defaultValue;
  uint32_t state = SINTER_STATE_NONE; // arguments: SinterState
};

struct CheckInfo {
  Dim lhs, rhs;
  uint32_t predicate = SINTER_EQ;
  std::string message;
  std::vector<Dim> shown;
  std::string site;
};

struct FunctionInfo {
  std::string name, causal;
  std::vector<std::string> symbols;
  std::vector<TensorInfo> args, results;
  std::vector<CheckInfo> checks;
};

struct Operand {
  uint32_t space = 0, index = 0;
  uint64_t offset = 0;
  Dim bytes;
  std::vector<Dim> strides; // outermost repeat first; a missing or zero one does not move
};

/// What one launch costs, for profiles; not part of the artifact's bytes. Polynomials of the function's symbols.
struct Cost {
  Dim products; // floating-point operations of contractions and attention: 2 for each multiply-add
  Dim scalars;  // those of regions and reductions
  Dim bytes;    // operands read once and results written once
  std::vector<std::string> lines{};   // of the text: "bert.sinter:41"
  std::vector<std::string> weights{}; // that it reads
  std::vector<bool> floats{};         // for each operand: it is float32, so that NaN can be looked for
  uint32_t results = 0;               // how many of the operands, the last ones, it writes
};

struct Record {
  uint32_t kind = SINTER_LAUNCH, entry = 0;
  std::vector<Operand> operands;
  Dim grid;
  uint64_t count = 0;
  uint32_t length = 0;
  std::string site;
  Cost cost;
};

struct PlanFunction {
  std::vector<Record> records;
  std::vector<Dim> slots; // bytes
};

struct Variant {
  std::string name;
  uint64_t features = 0;
  std::vector<PlanFunction> plans; // the order of Artifact::functions
  std::vector<std::string> entries; // kernel names, the order of Record::entry
  std::vector<char> image;
};

/// A weight in its stored form: what @prepare writes, and where it lies in section WEIGHTS.
struct PreparedWeight {
  std::string name;
  uint64_t offset = 0, bytes = 0;
};

struct Artifact {
  std::string model;
  std::vector<FunctionInfo> functions;
  std::vector<Variant> variants; // best first
  std::vector<uint8_t> constants, tokenizer;
  std::vector<uint8_t> generation, chat; // whole sections; empty: the model does not generate, has no template
  std::vector<PreparedWeight> weights;
  uint64_t weightBytes = 0; // size of section WEIGHTS
  uint64_t contextTokens = 0, embedTokens = 0, parameters = 0;
};

/// The artifact's bytes up to section WEIGHTS, which is the last, begins at a multiple of SINTER_PAGE, and is not
/// included: write `weightBytes` bytes behind them. `weightsDigest` goes into the section table. Without weights
/// (`weightBytes` 0) there is no such section. `withWeights` false leaves the section out of the table altogether.
std::vector<uint8_t> serialize(const Artifact &artifact, uint64_t weightsDigest, bool withWeights = true);

} // namespace sinter::codegen

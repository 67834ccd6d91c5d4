// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A session: what one stream of calls owns. A call goes through Bind.cpp (inputs fix the sizes; conditions),
// Resolve.cpp (every expression of the plan becomes a number and every operand's range is proved), and Walk.cpp
// (records run). Session.cpp owns the memory and puts the steps together.

#ifndef SINTER_RUNTIME_CORE_SESSION_H
#define SINTER_RUNTIME_CORE_SESSION_H

#include "runtime/core/Artifact.h"
#include "runtime/core/Threads.h"

namespace sinter::runtime {

/// Memory that grows and never shrinks; contents are not kept. 64-byte aligned.
struct Memory {
  void *data = nullptr;
  uint64_t capacity = 0;
  bool reserve(uint64_t bytes);
  void release();
};

/// An array in such memory.
template <typename T> struct Array {
  Memory memory;
  bool reserve(uint64_t count) {
    uint64_t bytes;
    return mulChecked<uint64_t>(count, sizeof(T), &bytes) && memory.reserve(bytes);
  }
  T *data() const { return static_cast<T *>(memory.data); }
  T &operator[](uint64_t i) const { return data()[i]; }
};

/// An argument or a result in this call.
struct BoundTensor {
  uint32_t rank;
  int64_t dims[SINTER_TENSOR_RANK];
  uint64_t bytes;
  void *data; // inputs are never written through it
};

/// An operand with its expressions evaluated; its range is proved for every iteration.
struct ResolvedOperand {
  int64_t offset;
  int64_t stride[SINTER_MAX_LOOPS];
  int64_t bytes;
};
/// A text of a call on many, and how many tokens it has.
struct TextLength {
  uint64_t tokens, text;
};
struct ResolvedRecord {
  uint64_t firstOperand; // index into the resolved operands
  int64_t grid;
};

} // namespace sinter::runtime

/// The C API's handle. Everything below is for one call at a time (`busy`).
struct sinter_session {
  const sinter_artifact *artifact = nullptr;
  const uint8_t *weights = nullptr; ///< the artifact's, or our copy of them
  bool allowNotFinite = false;
  bool busy = false;
  sinter::runtime::ThreadPool pool;
  sinter_profile profile = nullptr;
  void *profileUser = nullptr;

  // The call: set by bind.
  uint32_t function = 0;
  int64_t symbols[SINTER_MAX_SYMBOLS] = {};
  sinter::runtime::Array<sinter::runtime::BoundTensor> arguments, results;

  int64_t iteration[SINTER_MAX_LOOPS] = {}; ///< of the repeats around the record that runs, outermost first: walk's

  // The plan for those sizes: set by resolve, kept while function and sizes stay the same.
  bool resolved = false;
  uint32_t resolvedFunction = 0;
  int64_t resolvedSymbols[SINTER_MAX_SYMBOLS] = {};
  uint64_t arenaBytes = 0;
  sinter::runtime::Array<uint64_t> slotOffsets, slotSizes;
  sinter::runtime::Array<sinter::runtime::ResolvedRecord> records;
  sinter::runtime::Array<sinter::runtime::ResolvedOperand> operands;

  // Memory: the arena; arguments that were not given and results that the caller leaves to us (one block each).
  sinter::runtime::Memory arena, defaults, owned;
  sinter::runtime::Memory ownWeights; ///< empty unless asked for

  // For text (runtime/api/Text.cpp).
  sinter::runtime::Array<int32_t> ids, types, mask;
  sinter::runtime::Array<sinter_input> textInputs;
  sinter::runtime::Array<sinter_output> textOutputs;
  sinter::runtime::Array<sinter::runtime::TextLength> lengths;
  sinter::runtime::Array<float> vectors;

  const SinterFunction &meta() const { return artifact->functions[function]; }
  const SinterPlanFunction &plan() const { return artifact->plan[function]; }
};

namespace sinter::runtime {

/// Bytes of an element.
inline uint64_t elementSize(uint32_t dtype) {
  return dtype == SINTER_BOOL ? 1 : dtype == SINTER_BF16 || dtype == SINTER_F16 ? 2 : 4;
}
const char *dtypeName(uint32_t dtype);

/// Fixes the sizes by the given inputs, fills session->arguments and ->results (data only of given inputs), and holds
/// the text's conditions against them.
sinter_status bind(sinter_session *session, uint32_t function, const sinter_input *inputs, sinter_error *error);

/// Evaluates the plan for the bound sizes and proves every operand's range.
sinter_status resolve(sinter_session *session, sinter_error *error);

/// Runs the records. All memory is in place.
sinter_status walk(sinter_session *session, sinter_error *error);

/// Where an operand of the record that runs lies, in this iteration. For whoever is called as a profile is, in that call.
struct SeenOperand {
  const void *data;
  uint64_t bytes;
};
SeenOperand seeOperand(const sinter_session *session, uint32_t record, uint32_t operand);

/// One call at a time: taken in the constructor where nobody else has it.
class Busy {
public:
  explicit Busy(sinter_session *session)
      : session(session), taken(!__atomic_test_and_set(&session->busy, __ATOMIC_ACQUIRE)) {}
  ~Busy() {
    if (taken)
      __atomic_clear(&session->busy, __ATOMIC_RELEASE);
  }
  Busy(const Busy &) = delete;
  Busy &operator=(const Busy &) = delete;
  explicit operator bool() const { return taken; }

private:
  sinter_session *session;
  bool taken;
};

/// sinter_call, for a caller that holds Busy.
sinter_status callWhileBusy(sinter_session *session, uint32_t function, const sinter_input *inputs,
                            sinter_output *outputs, sinter_error *error);

} // namespace sinter::runtime

namespace sinter::runtime {
/// The session reads a copy of the weights from now on.
sinter_status ownWeights(sinter_session *session, sinter_error *error);
} // namespace sinter::runtime

#endif // SINTER_RUNTIME_CORE_SESSION_H

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A compiled model as a Stepper: the functions `extend` and `begin` of an artifact, called in a session, and the memory
// of their states. Pools of pages are reserved whole and touched page by page, so what is never used costs nothing.
// C headers only; belongs to whoever uses the session.

#ifndef SINTER_RUNTIME_GENERATE_ARTIFACTSTEPPER_H
#define SINTER_RUNTIME_GENERATE_ARTIFACTSTEPPER_H

#include "runtime/core/Session.h"
#include "runtime/generate/List.h"
#include "runtime/generate/Stepper.h"

namespace sinter::generate {

/// One state of pages: where it lies and how.
struct Pool {
  uint32_t argument = 0;
  uint32_t axis = 0;       ///< of the pages; the axes before it are layers
  uint64_t layers = 1;
  uint64_t pageBytes = 0;  ///< of one page in one layer
  void *data = nullptr;    ///< mapped, layers * pages * pageBytes
  uint64_t bytes = 0;
};

class ArtifactStepper {
public:
  ArtifactStepper() = default;
  ArtifactStepper(const ArtifactStepper &) = delete;
  ArtifactStepper &operator=(const ArtifactStepper &) = delete;
  ~ArtifactStepper();

  /// Reads what `extend` and `begin` take. The session must outlive this.
  sinter_status open(sinter_session *session, sinter_error *error);
  /// For a loop that holds the session's Busy.
  Stepper stepper();
  uint64_t cacheBytesPerToken() const { return shape.pageBytes / pageTokens; }

private:
  sinter_status openPool(uint32_t argument, sinter_error *error);
  sinter_status reserve(uint32_t pages, sinter_error *error);
  void copyPage(uint32_t from, uint32_t to);
  void release();
  sinter_status begin(const Sources &sources, sinter_error *error);
  sinter_status extend(const Step &step, const float **logits, sinter_error *error);
  /// The call, with NaN as a result like others: the loop names it better.
  sinter_status call(uint32_t function, sinter_error *error);
  const SinterTensor *argumentsOf(uint32_t function) const;
  uint32_t adapterOf(uint32_t function) const;

  sinter_session *session = nullptr;
  uint32_t extendFunction = 0, beginFunction = SINTER_NONE;
  uint32_t extendAdapter = SINTER_NONE, beginAdapter = SINTER_NONE; ///< arguments; SINTER_NONE: the model has no bank
  ModelShape shape;
  List<Pool> pools;
  uint32_t pages = 0;
  /// A result of `begin`, in memory of ours.
  struct Kept {
    void *data;
    uint64_t capacity;
    sinter_output result;
  };
  List<Kept> kept;
  List<sinter_input> inputs;
  List<sinter_output> outputs;
};

/// Bytes of the cache for one token of one row, by what the function's arguments say; 0 without a cache.
uint64_t cacheBytesPerToken(const sinter_artifact &artifact);

} // namespace sinter::generate

#endif // SINTER_RUNTIME_GENERATE_ARTIFACTSTEPPER_H

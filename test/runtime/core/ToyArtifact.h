// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A tiny artifact built by hand, by nothing but sinter/abi.h, and the means to spoil it.
//
//   embed(tokens: i32[B, T], mask: i32[B, T] = 1, types: i32[B, T] = 0) -> (embedding: f32[B, 4])   check T <= 5
//   forward(x: f32[N, 3], k: i32[N] = 2) -> (y: f32[N, 3])   copy, two nested repeats over weights, a product
//   count(x: i32[N]) -> (c: i32[N])
//   divide(x: f32[N]) -> (y: f32[N])
//   (extend, if asked for: a token mixes all that came before, out of a cache of two layers)
//   broken(x: i32[N], flag: bool[2 * N + 1]) -> (c: i32[N])  its kernel returns a status that does not exist

#ifndef SINTER_TEST_RUNTIME_CORE_TOYARTIFACT_H
#define SINTER_TEST_RUNTIME_CORE_TOYARTIFACT_H

#include "sinter/abi.h"
#include "sinter/sinter.h"

#include <memory>
#include <string>
#include <vector>

namespace toy {

/// Bytes at a page boundary.
class PagedBytes {
public:
  explicit PagedBytes(const std::vector<uint8_t> &from = {});
  uint8_t *data() const { return memory.get(); }
  uint64_t size() const { return length; }

private:
  struct Free {
    void operator()(uint8_t *bytes) const;
  };
  std::unique_ptr<uint8_t, Free> memory;
  uint64_t length;
};

struct Settings {
  uint64_t features = 0;      // of the only variant, or of the first of two
  bool secondVariant = false; // one without demands, behind it
  bool weights = true;        // a WEIGHTS section
  bool tokenizer = true;      // a TOKENIZER section: every word is the token 3
  uint64_t embedTokens = 0;
  bool generates = false;     // the function extend(tokens, count, length, pages, state) -> logits[B, 8], GENERATION, CHAT
  std::vector<uint32_t> chat = {1, 2, 3, 4}; // the template's blob
};

/// The whole file.
std::vector<uint8_t> build(const Settings &settings = {});
/// The weights: table[8, 4] with row r, column j holding 10 r + j; at byte 128 six rows of 3: row i holds i, i, i.
std::vector<uint8_t> weights();

/// Recomputes the digests of the sections and of the section table, so that a change is seen by deeper checks. Bytes
/// that are no section table any more are left alone.
void fixDigests(std::vector<uint8_t> &bytes);

/// build() opened from memory; null with a message in error.
struct Opened {
  PagedBytes bytes;
  sinter_artifact *artifact = nullptr;
  sinter_status status = SINTER_OK;
  sinter_error error = {};
  explicit Opened(const std::vector<uint8_t> &from, const void *weights = nullptr, uint64_t weightsSize = 0);
  ~Opened() { sinter_artifact_close(artifact); }
  Opened(const Opened &) = delete;
};

/// Writes an executable: the stub, the artifact, and what runtime/exe/Slots.h asks for.
void pack(const std::string &stub, const std::vector<uint8_t> &artifact, const std::string &path);

/// Output (both streams) and exit status of a shell command.
struct Ran {
  int status;
  std::string output;
};
Ran run(const std::string &command);

} // namespace toy

#endif // SINTER_TEST_RUNTIME_CORE_TOYARTIFACT_H

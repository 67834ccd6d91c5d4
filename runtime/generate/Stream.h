// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One sequence's text as its tokens come: ids enter; whole characters leave that no stop string can take back. Without
// a tokenizer nothing leaves. C headers only; a stream belongs to one thread.

#ifndef SINTER_RUNTIME_GENERATE_STREAM_H
#define SINTER_RUNTIME_GENERATE_STREAM_H

#include "runtime/generate/List.h"
#include "runtime/sample/Stop.h"
#include "runtime/text/Tokenizer.h"

namespace sinter::generate {

class Stream {
public:
  Stream() = default;
  Stream(const Stream &) = delete;
  Stream &operator=(const Stream &) = delete;
  ~Stream() { sinterDecoderDestroy(decoder); }

  /// Ready for a sequence; both are borrowed, both may be null (stop strings want a tokenizer). False: no memory.
  bool start(const SinterTokenizer *tokenizer, const sample::StopMatcher *stops, bool showSpecial);
  /// What the token completes is appended to *text. *stopped: a stop string is complete; the text ends before it, and
  /// the stream is over. False: no memory.
  bool put(int32_t token, List<char> *text, bool *stopped);
  /// The end: what was held back.
  bool finish(List<char> *text);

private:
  bool pass(const char *piece, size_t size, List<char> *text, bool *stopped);

  SinterDecoder *decoder = nullptr;
  const SinterTokenizer *opened = nullptr;
  bool special = false;
  const sample::StopMatcher *matcher = nullptr;
  sample::StopState state = 0;
};

} // namespace sinter::generate

#endif // SINTER_RUNTIME_GENERATE_STREAM_H

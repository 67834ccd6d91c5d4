// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What is fuzzed: each target takes any bytes and returns; a signal, a sanitizer's report or a broken promise (abort)
// is a finding. libFuzzer calls one of them (FuzzMain.cpp); ReplayTest.cpp calls all on the committed corpora, in every
// test run.
#ifndef SINTER_TEST_FUZZ_TARGETS_H
#define SINTER_TEST_FUZZ_TARGETS_H

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace sinter::fuzz {

using Bytes = std::span<const uint8_t>;

/// A .safetensors file: opened, every tensor that it admits read to its last byte.
void safetensors(Bytes bytes);
/// config.json of a folder: read by the texts inside the compiler, the model it names instantiated and checked.
void config(Bytes bytes);
/// tokenizer.json: compiled to tables; tables that were written open and encode.
void tokenizer(Bytes bytes);
/// A SentencePiece .model file in folders of several tokenizer classes: as above.
void sentence(Bytes bytes);
/// A text: parsed, resolved, elaborated; formatted, which changes no token and is done after one time.
void language(Bytes bytes);

/// A .npy file: parsed, converted to what calls take.
void npy(Bytes bytes);
/// A chat template: compiled, opened, rendered within small limits.
void chat(Bytes bytes);

struct Target {
  const char *name; ///< of its folder in corpus/ and its program fuzz-NAME
  void (*run)(Bytes bytes);
};
inline constexpr Target targets[] = {
    {"safetensors", safetensors}, {"config", config}, {"tokenizer", tokenizer}, {"sentence", sentence},
    {"language", language}, {"npy", npy}, {"chat", chat}};

/// A private folder of this process, gone at its end; returns the path of `name` in it, holding the bytes.
std::string fileOf(const char *name, Bytes bytes);
/// Aborts with the words: a promise is broken.
void expect(bool holds, const char *words);

} // namespace sinter::fuzz

#endif

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One untrusted file enters; exit 0 when its reader takes it, exit 1 and one
// line on stderr when it does not. A process of its own, so that run_bad_files.py
// can see signals, time and memory; the peak goes to stdout.

#include "runtime/format/Json.h"
#include "runtime/format/Npy.h"
#include "runtime/format/Safetensors.h"
#ifdef SINTER_PROBE_FRONTEND
#include "frontend/chat/Chat.h"
#include "frontend/tokenizer/Tokenizer.h"
#include "runtime/chat/Chat.h"
#include "runtime/format/MappedFile.h"
#include "runtime/text/Tokenizer.h"
#endif

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

using namespace sinter::format;

namespace {

bool probeSafetensors(const std::string &path, std::string &error) {
  std::optional<SafetensorsSet> set = SafetensorsSet::open(path, error);
  if (!set)
    return false;
  // What was accepted must be readable to its last byte.
  std::vector<uint8_t> buffer(1 << 16);
  for (std::string_view name : set->names()) {
    const TensorView *tensor = set->find(name);
    for (uint64_t at = 0; at < tensor->byteSize; at += buffer.size()) {
      uint64_t count = std::min<uint64_t>(buffer.size(), tensor->byteSize - at);
      if (!set->read(*tensor, at, buffer.data(), count, error))
        return false;
    }
  }
  return true;
}

/// Integers are what arguments are read as, so out-of-range ones show here.
bool probeNpy(const std::string &path, std::string &error) {
  std::optional<NpyArray> array = readNpy(path, error);
  if (!array)
    return false;
  if (!array->isFloat() && !array->toInt32(error)) {
    error = path + ": " + error;
    return false;
  }
  return true;
}

bool probeJson(const std::string &path, std::string &error) {
  JsonResult result = parseJsonFile(path);
  error = result.error;
  return result.ok;
}

#ifdef SINTER_PROBE_FRONTEND
bool probeTokenizer(const std::string &folder, std::string &error) {
  std::optional<sinter::tokenizer::CompiledTokenizer> compiled = sinter::tokenizer::compileFolder(folder, error);
  if (!compiled)
    return false;
  SinterTokenizer view;
  const char *message = nullptr;
  if (sinterTokenizerOpen(&view, compiled->blob.data(), compiled->blob.size(), &message) == SINTER_TOKENIZER_OK)
    return true;
  error = folder + ": the tables that were written are refused: " + message;
  return false;
}
#endif

#ifdef SINTER_PROBE_FRONTEND
/// A chat template: compiled, and rendered for a short talk within the limits that a command sets.
bool probeChat(const std::string &path, std::string &error) {
  using namespace sinter::chat;
  std::string text;
  if (!readFile(path, MAX_TEMPLATE_BYTES + 1, text, error))
    return false;
  Compiled compiled = compile(text);
  error = compiled.error;
  if (!compiled.ok)
    return false;
  Template view;
  if (const char *refused = openTemplate(&view, compiled.blob.data(), compiled.blob.size() * 4)) {
    error = path + ": the template that was written is refused: " + refused;
    return false;
  }
  const std::string talk = R"({"messages": [{"role": "user", "content": "Hi."}], "add_generation_prompt": true})";
  Limits limits;
  limits.steps = 2'000'000;
  limits.memory = 32u << 20;
  limits.output = 1u << 20;
  Rendered rendered;
  RenderError why;
  bool ok = render(view, talk.data(), talk.size(), nullptr, limits, &rendered, &why);
  if (!ok)
    error = why.message;
  release(&rendered);
  return ok;
}
#endif

/// The kernel's own account, since exec: wait4's also counts the parent's pages
/// that this process was forked from.
void printPeak() {
  std::FILE *status = std::fopen("/proc/self/status", "r");
  char line[256];
  while (status && std::fgets(line, sizeof(line), status))
    if (unsigned long kilobytes; std::sscanf(line, "VmHWM: %lu", &kilobytes) == 1)
      std::printf("%lu\n", kilobytes);
  if (status)
    std::fclose(status);
}

} // namespace

int main(int argc, char **argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: format_probe safetensors|npy|json|tokenizer|chat PATH\n");
    return 2;
  }
  std::string kind = argv[1], path = argv[2], error;
  bool ok = false;
  if (kind == "safetensors")
    ok = probeSafetensors(path, error);
  else if (kind == "npy")
    ok = probeNpy(path, error);
  else if (kind == "json")
    ok = probeJson(path, error);
#ifdef SINTER_PROBE_FRONTEND
  else if (kind == "tokenizer")
    ok = probeTokenizer(path, error);
  else if (kind == "chat")
    ok = probeChat(path, error);
#endif
  else
    error = "unknown kind " + kind;
  if (!ok)
    std::fprintf(stderr, "%s\n", error.c_str());
  printPeak();
  return ok ? 0 : 1;
}

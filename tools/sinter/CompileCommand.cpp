// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// `sinter compile`: a stage as text, an artifact, or a stand-alone executable.
#include "tools/sinter/Driver.h"
#include "tools/sinter/Progress.h"

#include "codegen/exe/PackExecutable.h"
#include "runtime/format/AtomicWrite.h"

#include <cstdio>
#include <sys/stat.h>

namespace sinter::tool {
namespace {

bool isStage(const std::string &emit) { return emit != "exe" && emit != "artifact"; }

/// Text goes to '-' or no -o at all as it is, into devices in place, into files atomically.
int writeText(const std::string &path, const std::string &text) {
  if (path.empty() || path == "-") {
    bool ok = std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
    return ok ? int(exitOk) : fail(exitWorld, "stdout cannot be written");
  }
  struct stat info;
  if (stat(path.c_str(), &info) == 0 && !S_ISREG(info.st_mode)) {
    std::FILE *file = std::fopen(path.c_str(), "wb");
    bool ok = file && std::fwrite(text.data(), 1, text.size(), file) == text.size();
    ok = file && std::fclose(file) == 0 && ok;
    return ok ? int(exitOk) : fail(exitWorld, path + ": cannot be written");
  }
  std::string error;
  return format::writeFileAtomic(path, text, error) ? int(exitOk) : fail(exitWorld, error);
}

int writeBinary(const CompileOptions &options, Driver &driver) {
  const Pages &weights = driver.weights();
  std::span<const uint8_t> weightBytes(weights.data.get(), weights.size);
  std::vector<uint8_t> head = codegen::serialize(driver.artifact(), sinter_digest(weightBytes.data(), weightBytes.size()));
  std::vector<uint8_t> stub;
  std::string error;
  if (options.emit == "exe") {
    stub = codegen::packStub(codegen::builtinStub(), head, error);
    if (stub.empty())
      return fail(exitWorld, error);
  }
  auto file = format::AtomicFile::create(options.output, error, options.emit == "exe" ? 0777 : 0666);
  auto write = [&](std::span<const uint8_t> bytes) { return file->write(bytes.data(), bytes.size(), error); };
  bool ok = file && write(stub) && write(head) && write(weightBytes) && file->commit(error);
  return ok ? int(exitOk) : fail(exitWorld, error);
}

} // namespace

int runCompile(const CompileOptions &options) {
  Driver driver(options);
  if (isStage(options.emit)) {
    if (options.emit != "ast")
      if (int code = driver.loadText(options.functions))
        return code;
    std::string text;
    if (int code = driver.printStage(options.emit, text))
      return code;
    return writeText(options.output, text);
  }
  if (options.output.empty() || options.output == "-")
    return fail(exitUsage, "--emit " + options.emit + " writes a file: give -o NAME");
  if (options.target == "reference")
    return fail(exitUsage, "the reference is an interpreter: it has nothing to compile");
  if (int code = driver.loadText(options.functions))
    return code;
  {
    Progress progress("compiling");
    if (int code = driver.lower())
      return code;
    if (int code = driver.generate())
      return code;
    if (int code = driver.addTokenizer())
      return code;
  }
  if (int code = driver.prepareWeights())
    return code;
  Progress progress("writing " + options.output);
  return writeBinary(options, driver);
}

} // namespace sinter::tool

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// `sinter compile`: a stage as text, an artifact, a stand-alone executable, or a shared library with its header.
#include "tools/sinter/Driver.h"
#include "tools/sinter/Progress.h"

#include "codegen/exe/PackExecutable.h"
#include "codegen/exe/PackLibrary.h"
#include "runtime/format/AtomicWrite.h"

#include <cstdio>
#include <optional>

namespace sinter::tool {
namespace {

bool isStage(const std::string &emit) { return emit != "exe" && emit != "lib" && emit != "artifact"; }

/// The runtime with places for the artifact, in front of it.
std::vector<uint8_t> packFront(const std::optional<codegen::LibraryName> &library, std::span<const uint8_t> head,
                               std::string &error) {
  return library ? codegen::packLibrary(codegen::builtinLibrary(), head, *library, error)
                 : codegen::packStub(codegen::builtinStub(), head, error);
}

int writeBinary(const CompileOptions &options, Driver &driver) {
  const Pages &weights = driver.weights();
  std::span<const uint8_t> weightBytes(weights.data.get(), weights.size);
  std::vector<uint8_t> head =
      codegen::serialize(driver.artifact(), sinter_digest(weightBytes.data(), weightBytes.size()));
  std::vector<uint8_t> stub;
  std::string error;
  std::optional<codegen::LibraryName> library;
  if (options.emit == "lib") {
    library = codegen::libraryName(options.output, error); // proved before the work began
    std::string header = library->folder + library->prefix + ".h";
    if (!format::writeFileAtomic(header, codegen::libraryHeader(driver.artifact(), *library), error))
      return fail(exitWorld, error);
  }
  if (options.emit != "artifact") {
    stub = packFront(library, head, error);
    if (stub.empty())
      return fail(exitWorld, error);
  }
  auto file = format::AtomicFile::create(options.output, error, options.emit == "artifact" ? 0666 : 0777);
  auto write = [&](std::span<const uint8_t> bytes) { return file->write(bytes.data(), bytes.size(), error); };
  bool ok = file && write(stub) && write(head) && write(weightBytes) && file->commit(error);
  return ok ? int(exitOk) : fail(exitWorld, error);
}

} // namespace

int runCompile(const CompileOptions &options) {
  if ((options.emit == "ast" || options.emit == "sinter") && !(options.remarks + options.requireFused).empty())
    return fail(exitUsage, "--emit " + options.emit + " stops before anything is raised or fused: there is nothing to remark");
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
  if (std::string error; options.emit == "lib" && !codegen::libraryName(options.output, error))
    return fail(exitUsage, error);
  if (options.target == "reference")
    return fail(exitUsage, "the reference is an interpreter: it has nothing to compile");
  if (int code = driver.loadText(options.functions))
    return code;
  if (int code = driver.findWeights())
    return code;
  {
    Progress progress("compiling");
    if (options.functions.empty())
      if (int code = driver.deriveDecode(/*alone=*/false))
        return code;
    if (int code = driver.lower())
      return code;
    if (int code = driver.generate())
      return code;
    if (int code = driver.addTokenizer())
      return code;
    if (int code = driver.addGeneration())
      return code;
  }
  if (int64_t bytes = driver.cacheBytesPerToken())
    std::fprintf(stderr, "cache: %lld bytes for each token of a row\n", static_cast<long long>(bytes));
  if (int code = driver.prepareWeights())
    return code;
  Progress progress("writing " + options.output);
  return writeBinary(options, driver);
}

} // namespace sinter::tool

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// `sinter compile`: a stage as text, an artifact, a stand-alone executable, or a shared library with its header.
#include "tools/sinter/Driver.h"
#include "tools/sinter/Progress.h"

#include "codegen/exe/PackExecutable.h"
#include "codegen/exe/PackLibrary.h"
#include "runtime/format/AtomicWrite.h"

#include <cstdio>
#include <cstring>
#include <optional>

namespace sinter::tool {
namespace {

bool isStage(const std::string &emit) {
  return emit != "exe" && emit != "lib" && emit != "artifact" && emit != "adapter";
}

/// The numbers of adapters alone, for an executable of the same model (abi.h).
int writeAdapters(const CompileOptions &options, Driver &driver) {
  std::vector<std::pair<uint64_t, uint64_t>> ranges;
  if (int code = driver.adapterRanges(ranges))
    return code;
  std::vector<uint8_t> head = codegen::serialize(driver.artifact(), 0), body;
  SinterHeader artifact;
  std::memcpy(&artifact, head.data(), sizeof(artifact));
  std::vector<SinterSection> sections(artifact.numSections);
  std::memcpy(sections.data(), head.data() + sizeof(artifact), sections.size() * sizeof(SinterSection));
  auto append = [&](const void *bytes, size_t count) {
    body.insert(body.end(), static_cast<const uint8_t *>(bytes), static_cast<const uint8_t *>(bytes) + count);
  };
  for (const auto &[offset, bytes] : ranges) {
    SinterAdapterRange range{offset, bytes};
    append(&range, sizeof(range));
  }
  for (const auto &[offset, bytes] : ranges)
    append(driver.weights().data.get() + offset, bytes);
  SinterAdapterHeader header{};
  std::memcpy(header.magic, SINTER_ADAPTER_MAGIC, sizeof(header.magic));
  header.version = SINTER_ADAPTER_VERSION;
  header.count = uint32_t(ranges.size());
  header.identity = sinter_identity(sections.data(), artifact.numSections);
  header.fileSize = sizeof(header) + body.size();
  header.digest = sinter_digest(body.data(), body.size());
  std::string error, text(reinterpret_cast<const char *>(&header), sizeof(header));
  text.append(reinterpret_cast<const char *>(body.data()), body.size());
  return format::writeFileAtomic(options.output, text, error) ? int(exitOk) : fail(exitWorld, error);
}

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
  if (options.emit == "adapter")
    return writeAdapters(options, driver);
  return writeBinary(options, driver);
}

} // namespace sinter::tool

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An opened artifact: untrusted bytes enter, proved views leave. Everything that a call reads later (tables, names,
// expressions, the chosen variant's plan and image) is checked here, once; the walker then needs no checks but those
// that depend on the sizes of a call. Immutable after open; any thread.
//
// Reading order: Artifact.cpp (where bytes come from), Sections.cpp (the file's frame), Meta.cpp (functions),
// Generation.cpp (what a folder says about generating),
// Plan.cpp (records of the chosen variant), Image.cpp (its code).

#ifndef SINTER_RUNTIME_CORE_ARTIFACT_H
#define SINTER_RUNTIME_CORE_ARTIFACT_H

#include "runtime/core/Expr.h"
#include "runtime/text/Tokenizer.h"

namespace sinter::runtime {

/// A section's bytes; data is null where the section is absent.
struct Bytes {
  const uint8_t *data = nullptr;
  uint64_t size = 0;
  /// The table's first entry; the table has been checked.
  template <typename T> const T *table(SinterTable t) const { return reinterpret_cast<const T *>(data + t.offset); }
};

/// A mapping that close() unmaps; null: none.
struct Mapping {
  void *address = nullptr;
  uint64_t size = 0;
};

} // namespace sinter::runtime

/// The C API's handle.
struct sinter_artifact {
  // Where the bytes are. `file` is set for artifacts that were opened by path; `executable` where the code was mapped
  // by us.
  sinter::runtime::Bytes bytes;
  sinter::runtime::Mapping file, executable;

  // Sections. `weights` may be the caller's.
  const SinterSection *sections = nullptr;
  uint32_t numSections = 0;
  sinter::runtime::Bytes metaSection, strings, planSection, constants, weights, tokenizerSection,
      generationSection, chatSection;
  sinter::runtime::Code code;

  // The tables of META.
  const SinterMeta *meta = nullptr;
  const SinterFunction *functions = nullptr;
  uint32_t numFunctions = 0;
  const SinterVariant *variants = nullptr;
  uint32_t variant = 0; // the chosen one

  // The chosen variant.
  const SinterPlanFunction *plan = nullptr; // numFunctions of them
  const SinterImage *image = nullptr;       // executable
  const SinterImageEntry *entries = nullptr;

  /// Null: the model does not generate. Its tables have been checked; the blob of a chat template has not.
  const SinterGeneration *generation = nullptr;
  uint32_t sourceArgument = SINTER_NONE; // of `extend`, where there is a `begin`: each row's source
  uint32_t beginArgument = SINTER_NONE;  // of `begin`: the sources
  const SinterChat *chat = nullptr;

  bool hasTokenizer = false;
  SinterTokenizer tokenizer = {};

  // How much the checks have looked at, so that tables that share bytes cannot make opening slow.
  uint64_t looked = 0;

  const char *string(uint32_t offset) const { return reinterpret_cast<const char *>(strings.data + offset); }
  const char *symbolName(const SinterFunction &function, uint32_t symbol) const {
    return string(metaSection.table<uint32_t>(function.symbols)[symbol]);
  }
  SinterKernel kernel(uint32_t entry) const {
    return reinterpret_cast<SinterKernel>(const_cast<uint8_t *>(reinterpret_cast<const uint8_t *>(image)) +
                                          entries[entry].offset);
  }
};

namespace sinter::runtime {

/// How the code of an artifact becomes executable.
enum class CodeFrom { File, Memory, Place };

/// Opens bytes that artifact->bytes (and ->file for CodeFrom::File, with its descriptor) describe. On failure the
/// artifact may hold mappings: close it.
sinter_status openArtifact(sinter_artifact *artifact, CodeFrom from, int descriptor, Bytes weights,
                           sinter_error *error);

// The steps of opening, in order; each relies on the ones before.
sinter_status readSections(sinter_artifact *artifact, sinter_error *error);
sinter_status readMeta(sinter_artifact *artifact, sinter_error *error);
sinter_status readGeneration(sinter_artifact *artifact, sinter_error *error);
sinter_status chooseVariant(sinter_artifact *artifact, sinter_error *error);
sinter_status readPlan(sinter_artifact *artifact, sinter_error *error);
sinter_status readImage(sinter_artifact *artifact, CodeFrom from, int descriptor, sinter_error *error);

/// The section of that kind and variant, or null.
const SinterSection *findSection(const sinter_artifact &artifact, uint32_t kind, uint32_t variant);
/// A name for messages: "PLAN".
const char *sectionName(uint32_t kind);
/// Does the table lie in the section, aligned to its entries? Counts as looked at.
sinter_status checkTable(sinter_artifact *artifact, Bytes section, SinterTable table, uint64_t entrySize,
                         uint32_t align, const char *what, sinter_error *error);
/// checkExpr with a message; counts as looked at.
sinter_status checkExprAt(sinter_artifact *artifact, SinterExpr expr, uint32_t symbols, const char *what,
                          sinter_error *error);
/// Is it an offset into STRINGS?
sinter_status checkString(const sinter_artifact *artifact, uint32_t offset, const char *what, sinter_error *error);

/// One error-forwarding macro for the whole runtime.
#define SINTER_TRY(expression)                                                                                         \
  do {                                                                                                                 \
    sinter_status tryStatus = (expression);                                                                            \
    if (tryStatus != SINTER_OK)                                                                                        \
      return tryStatus;                                                                                                \
  } while (0)

} // namespace sinter::runtime

#endif // SINTER_RUNTIME_CORE_ARTIFACT_H

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The section META: bytes enter; functions, arguments, results and conditions leave, every table, name and expression
// proved. And the three small checks that Plan.cpp uses too.

#include "runtime/core/Artifact.h"

#include <math.h>
#include <string.h>

namespace sinter::runtime {

/// Entries and words that opening may look at: far above any real artifact, far below a second.
static constexpr uint64_t maxLooked = 1ull << 26;
static constexpr uint32_t maxFunctions = 1024, maxVariants = 64;

static sinter_status look(sinter_artifact *artifact, uint64_t count, const char *what, sinter_error *error) {
  artifact->looked += count;
  if (artifact->looked > maxLooked)
    return fail(error, SINTER_BAD_ARTIFACT, "the artifact's tables are too large (at %s)", what);
  return SINTER_OK;
}

sinter_status checkTable(sinter_artifact *artifact, Bytes section, SinterTable table, uint64_t entrySize,
                         uint32_t align, const char *what, sinter_error *error) {
  if (table.count == 0)
    return SINTER_OK;
  if (table.offset % align || !inside(table.offset, table.count * entrySize, section.size))
    return fail(error, SINTER_BAD_ARTIFACT, "the table of %s (offset %u, %u entries) does not lie in its section", what,
                table.offset, table.count);
  return look(artifact, table.count, what, error);
}

sinter_status checkExprAt(sinter_artifact *artifact, SinterExpr expr, uint32_t symbols, const char *what,
                          sinter_error *error) {
  SINTER_TRY(look(artifact, expr.length, what, error));
  if (const char *wrong = checkExpr(artifact->code, expr, symbols))
    return fail(error, SINTER_BAD_ARTIFACT, "%s: %s", what, wrong);
  return SINTER_OK;
}

sinter_status checkString(const sinter_artifact *artifact, uint32_t offset, const char *what, sinter_error *error) {
  if (offset >= artifact->strings.size)
    return fail(error, SINTER_BAD_ARTIFACT, "%s: its name lies outside the strings", what);
  return SINTER_OK;
}

/// Can the default be an element of that type?
static bool fitsDefault(uint32_t dtype, double value) {
  if (dtype == SINTER_F32)
    return true;
  if (dtype != SINTER_I32 && dtype != SINTER_BOOL)
    return false;
  if (!(value >= INT32_MIN && value <= INT32_MAX) || value != floor(value))
    return false;
  return dtype == SINTER_I32 || value == 0 || value == 1;
}

static sinter_status readTensors(sinter_artifact *artifact, SinterTable table, uint32_t symbols, bool mayBeState,
                                 const char *what, sinter_error *error) {
  SINTER_TRY(checkTable(artifact, artifact->metaSection, table, sizeof(SinterTensor), 8, what, error));
  const auto *tensors = artifact->metaSection.table<SinterTensor>(table);
  for (uint32_t i = 0; i < table.count; ++i) {
    const SinterTensor &tensor = tensors[i];
    SINTER_TRY(checkString(artifact, tensor.name, what, error));
    if (tensor.dtype < SINTER_F32 || tensor.dtype > SINTER_F16)
      return fail(error, SINTER_BAD_ARTIFACT, "%s: unknown element type %u", what, tensor.dtype);
    if (tensor.dims.count > SINTER_MAX_RANK)
      return fail(error, SINTER_BAD_ARTIFACT, "%s: %u axes are too many", what, tensor.dims.count);
    SINTER_TRY(checkTable(artifact, artifact->metaSection, tensor.dims, sizeof(SinterExpr), 4, what, error));
    const auto *dims = artifact->metaSection.table<SinterExpr>(tensor.dims);
    for (uint32_t axis = 0; axis < tensor.dims.count; ++axis)
      SINTER_TRY(checkExprAt(artifact, dims[axis], symbols, what, error));
    if (tensor.state && (tensor.hasDefault || !mayBeState))
      return fail(error, SINTER_BAD_ARTIFACT, "%s: no state is there", what);
    if (tensor.hasDefault > 1 || (tensor.hasDefault && !fitsDefault(tensor.dtype, tensor.defaultValue)))
      return fail(error, SINTER_BAD_ARTIFACT, "%s: its default does not fit its type", what);
  }
  return SINTER_OK;
}

static sinter_status readChecks(sinter_artifact *artifact, const SinterFunction &function, sinter_error *error) {
  const char *what = "a condition";
  SINTER_TRY(checkTable(artifact, artifact->metaSection, function.checks, sizeof(SinterCheck), 4, what, error));
  const auto *checks = artifact->metaSection.table<SinterCheck>(function.checks);
  for (uint32_t i = 0; i < function.checks.count; ++i) {
    const SinterCheck &check = checks[i];
    uint32_t symbols = function.symbols.count;
    SINTER_TRY(checkExprAt(artifact, check.lhs, symbols, what, error));
    SINTER_TRY(checkExprAt(artifact, check.rhs, symbols, what, error));
    if (check.predicate > SINTER_GE)
      return fail(error, SINTER_BAD_ARTIFACT, "%s: unknown comparison %u", what, check.predicate);
    SINTER_TRY(checkString(artifact, check.message, what, error));
    SINTER_TRY(checkString(artifact, check.site, what, error));
    SINTER_TRY(checkTable(artifact, artifact->metaSection, check.shown, sizeof(SinterExpr), 4, what, error));
    const auto *shown = artifact->metaSection.table<SinterExpr>(check.shown);
    for (uint32_t j = 0; j < check.shown.count; ++j)
      SINTER_TRY(checkExprAt(artifact, shown[j], symbols, what, error));
  }
  return SINTER_OK;
}

static sinter_status readFunction(sinter_artifact *artifact, uint32_t index, sinter_error *error) {
  const SinterFunction &function = artifact->functions[index];
  SINTER_TRY(checkString(artifact, function.name, "a function", error));
  SINTER_TRY(checkString(artifact, function.causal, "a function's time", error));
  for (uint32_t i = 0; i < index; ++i)
    if (strcmp(artifact->string(artifact->functions[i].name), artifact->string(function.name)) == 0)
      return fail(error, SINTER_BAD_ARTIFACT, "the function %.100s is there twice", artifact->string(function.name));
  if (function.symbols.count > SINTER_MAX_SYMBOLS)
    return fail(error, SINTER_BAD_ARTIFACT, "a function has %u sizes, at most %u are allowed", function.symbols.count,
                SINTER_MAX_SYMBOLS);
  SINTER_TRY(checkTable(artifact, artifact->metaSection, function.symbols, sizeof(uint32_t), 4, "sizes", error));
  const auto *names = artifact->metaSection.table<uint32_t>(function.symbols);
  for (uint32_t i = 0; i < function.symbols.count; ++i)
    SINTER_TRY(checkString(artifact, names[i], "a size", error));
  if (function.results.count == 0)
    return fail(error, SINTER_BAD_ARTIFACT, "the function %.100s has no result", artifact->string(function.name));
  SINTER_TRY(readTensors(artifact, function.args, function.symbols.count, true, "an argument", error));
  SINTER_TRY(readTensors(artifact, function.results, function.symbols.count, false, "a result", error));
  return readChecks(artifact, function, error);
}

sinter_status readMeta(sinter_artifact *artifact, sinter_error *error) {
  const Bytes &section = artifact->metaSection;
  if (section.size < sizeof(SinterMeta))
    return fail(error, SINTER_BAD_ARTIFACT, "the section META is cut off");
  const auto *meta = reinterpret_cast<const SinterMeta *>(section.data);
  SINTER_TRY(checkString(artifact, meta->model, "the model", error));
  if (meta->functions.count > maxFunctions || meta->variants.count > maxVariants)
    return fail(error, SINTER_BAD_ARTIFACT, "%u functions and %u variants are too many", meta->functions.count,
                meta->variants.count);
  SINTER_TRY(checkTable(artifact, section, meta->functions, sizeof(SinterFunction), 4, "functions", error));
  SINTER_TRY(checkTable(artifact, section, meta->variants, sizeof(SinterVariant), 8, "variants", error));
  artifact->meta = meta;
  artifact->functions = section.table<SinterFunction>(meta->functions);
  artifact->numFunctions = meta->functions.count;
  artifact->variants = section.table<SinterVariant>(meta->variants);
  if (meta->variants.count == 0)
    return fail(error, SINTER_BAD_ARTIFACT, "the artifact has no variant");
  for (uint32_t i = 0; i < meta->variants.count; ++i)
    SINTER_TRY(checkString(artifact, artifact->variants[i].name, "a variant", error));
  for (uint32_t i = 0; i < artifact->numFunctions; ++i)
    SINTER_TRY(readFunction(artifact, i, error));
  return SINTER_OK;
}

} // namespace sinter::runtime

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The C API's questions: an opened artifact enters; names, types and shapes leave.

#include "runtime/core/Session.h"

#include <string.h>

using namespace sinter::runtime;

static_assert(SINTER_DTYPE_F32 == int(SINTER_F32) && SINTER_DTYPE_I32 == int(SINTER_I32) &&
                  SINTER_DTYPE_BOOL == int(SINTER_BOOL) && SINTER_TENSOR_RANK == SINTER_MAX_RANK,
              "one meaning");

void sinter_artifact_get_info(const sinter_artifact *artifact, sinter_artifact_info *info) {
  const SinterMeta &meta = *artifact->meta;
  *info = {artifact->string(meta.model),
           artifact->string(artifact->variants[artifact->variant].name),
           meta.parameters,
           artifact->weights.size,
           artifact->image->size,
           meta.contextTokens,
           meta.embedTokens,
           artifact->numFunctions,
           artifact->hasTokenizer};
}

void sinter_function_get_info(const sinter_artifact *artifact, uint32_t function, sinter_function_info *info) {
  const SinterFunction &meta = artifact->functions[function];
  *info = {artifact->string(meta.name), meta.args.count, meta.results.count};
}

sinter_status sinter_find_function(const sinter_artifact *artifact, const char *name, uint32_t *function,
                                   sinter_error *error) {
  for (uint32_t i = 0; i < artifact->numFunctions; ++i)
    if (strcmp(artifact->string(artifact->functions[i].name), name) == 0) {
      *function = i;
      return SINTER_OK;
    }
  char names[500];
  TextBuffer text(names, sizeof(names));
  for (uint32_t i = 0; i < artifact->numFunctions; ++i)
    text.add("%s%.100s", i ? ", " : "", artifact->string(artifact->functions[i].name));
  return fail(error, SINTER_NOT_FOUND, "%.100s has no function '%.100s'; it has: %s",
              artifact->string(artifact->meta->model), name, names);
}

static const SinterTensor &tensorAt(const sinter_artifact *artifact, SinterTable table, uint32_t index) {
  return artifact->metaSection.table<SinterTensor>(table)[index];
}

static void getInfo(const sinter_artifact *artifact, const SinterTensor &tensor, sinter_tensor_info *info) {
  *info = {artifact->string(tensor.name), static_cast<sinter_dtype>(tensor.dtype), tensor.dims.count, tensor.hasDefault,
           tensor.defaultValue};
}

static void addShape(const sinter_artifact *artifact, const SinterFunction &function, const SinterTensor &tensor,
                     char *data, size_t capacity) {
  const char *names[SINTER_MAX_SYMBOLS] = {};
  for (uint32_t i = 0; i < function.symbols.count; ++i)
    names[i] = artifact->symbolName(function, i);
  TextBuffer text(data, capacity);
  text.add("[");
  for (uint32_t axis = 0; axis < tensor.dims.count; ++axis) {
    text.add("%s", axis ? ", " : "");
    addExpr(text, artifact->code, artifact->metaSection.table<SinterExpr>(tensor.dims)[axis], names);
  }
  text.add("]");
}

void sinter_argument_get_info(const sinter_artifact *artifact, uint32_t function, uint32_t argument,
                              sinter_tensor_info *info) {
  getInfo(artifact, tensorAt(artifact, artifact->functions[function].args, argument), info);
}

void sinter_result_get_info(const sinter_artifact *artifact, uint32_t function, uint32_t result,
                            sinter_tensor_info *info) {
  getInfo(artifact, tensorAt(artifact, artifact->functions[function].results, result), info);
}

void sinter_argument_shape(const sinter_artifact *artifact, uint32_t function, uint32_t argument, char *text,
                           size_t capacity) {
  const SinterFunction &meta = artifact->functions[function];
  addShape(artifact, meta, tensorAt(artifact, meta.args, argument), text, capacity);
}

void sinter_result_shape(const sinter_artifact *artifact, uint32_t function, uint32_t result, char *text,
                         size_t capacity) {
  const SinterFunction &meta = artifact->functions[function];
  addShape(artifact, meta, tensorAt(artifact, meta.results, result), text, capacity);
}

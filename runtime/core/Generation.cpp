// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The sections GENERATION and CHAT: bytes enter; functions that have the arguments which generation fills, tables of
// tokens and the places of a chat template leave. What the template's blob holds is proved by who renders it.

#include "runtime/core/Artifact.h"

#include <string.h>

namespace sinter::runtime {

static sinter_status checkTokens(sinter_artifact *artifact, SinterTable table, const char *what, sinter_error *error) {
  SINTER_TRY(checkTable(artifact, artifact->generationSection, table, sizeof(int32_t), 4, what, error));
  const auto *tokens = artifact->generationSection.table<int32_t>(table);
  for (uint32_t i = 0; i < table.count; ++i)
    if (tokens[i] < 0)
      return fail(error, SINTER_BAD_ARTIFACT, "%s: %d is no token", what, tokens[i]);
  return SINTER_OK;
}

/// Has the function's argument that type and as many axes?
static bool hasArgument(const sinter_artifact &artifact, uint32_t function, uint32_t index, uint32_t rank) {
  const SinterFunction &meta = artifact.functions[function];
  if (index >= meta.args.count)
    return false;
  const SinterTensor &tensor = artifact.metaSection.table<SinterTensor>(meta.args)[index];
  return tensor.dtype == SINTER_I32 && tensor.dims.count == rank && !tensor.state;
}

/// The argument of that name; SINTER_NONE if there is none.
static uint32_t findArgument(const sinter_artifact &artifact, uint32_t function, const char *name) {
  const SinterFunction &meta = artifact.functions[function];
  const auto *tensors = artifact.metaSection.table<SinterTensor>(meta.args);
  for (uint32_t i = 0; i < meta.args.count; ++i)
    if (strcmp(artifact.string(tensors[i].name), name) == 0)
      return i;
  return SINTER_NONE;
}

/// Where rows say which source is theirs, and where the sources go in.
static bool findSource(sinter_artifact *artifact) {
  uint32_t begin = artifact->generation->begin;
  if (begin == SINTER_NONE)
    return true;
  const SinterFunction &meta = artifact->functions[begin];
  const auto *tensors = artifact->metaSection.table<SinterTensor>(meta.args);
  uint32_t first = 0;
  while (first < meta.args.count && tensors[first].hasDefault)
    ++first;
  artifact->sourceArgument = findArgument(*artifact, artifact->generation->extend, "source");
  artifact->beginArgument = first;
  return hasArgument(*artifact, begin, first, 2) &&
         hasArgument(*artifact, artifact->generation->extend, artifact->sourceArgument, 1);
}

static sinter_status checkFunctions(sinter_artifact *opened, sinter_error *error) {
  const sinter_artifact &artifact = *opened;
  uint32_t extend = artifact.generation->extend, begin = artifact.generation->begin;
  if (extend >= artifact.numFunctions || (begin != SINTER_NONE && begin >= artifact.numFunctions))
    return fail(error, SINTER_BAD_ARTIFACT, "the section GENERATION names a function that is not there");
  bool hasAll = hasArgument(artifact, extend, 0, 2) && hasArgument(artifact, extend, 1, 1) &&
                hasArgument(artifact, extend, 2, 1) && hasArgument(artifact, extend, 3, 2) &&
                findSource(opened);
  const SinterFunction &meta = artifact.functions[extend];
  const SinterTensor &result = artifact.metaSection.table<SinterTensor>(meta.results)[0];
  if (!hasAll || result.dtype != SINTER_F32 || result.dims.count != 2)
    return fail(error, SINTER_BAD_ARTIFACT, "the function %.100s does not take or give what generation wants",
                artifact.string(meta.name));
  const auto *tensors = artifact.metaSection.table<SinterTensor>(meta.args);
  for (uint32_t i = 0; i < meta.args.count; ++i)
    if (tensors[i].state >= SINTER_STATE_BEGIN &&
        (begin == SINTER_NONE || tensors[i].state - SINTER_STATE_BEGIN >= artifact.functions[begin].results.count))
      return fail(error, SINTER_BAD_ARTIFACT, "a state of %.100s is no result of `begin`", artifact.string(meta.name));
  return SINTER_OK;
}

static sinter_status readChat(sinter_artifact *artifact, sinter_error *error) {
  const Bytes &section = artifact->chatSection;
  if (!section.data)
    return SINTER_OK;
  if (section.size < sizeof(SinterChat))
    return fail(error, SINTER_BAD_ARTIFACT, "the section CHAT is cut off");
  const auto *chat = reinterpret_cast<const SinterChat *>(section.data);
  SINTER_TRY(checkTable(artifact, section, chat->blob, 1, 8, "a chat template", error));
  SINTER_TRY(checkTable(artifact, section, chat->variables, 1, 1, "variables of a chat template", error));
  if (chat->variables.count == 0 || section.data[chat->variables.offset + chat->variables.count - 1] != 0)
    return fail(error, SINTER_BAD_ARTIFACT, "the variables of the chat template do not end with a zero");
  artifact->chat = chat;
  return SINTER_OK;
}

sinter_status readGeneration(sinter_artifact *artifact, sinter_error *error) {
  SINTER_TRY(readChat(artifact, error));
  const Bytes &section = artifact->generationSection;
  if (!section.data)
    return SINTER_OK;
  if (section.size < sizeof(SinterGeneration))
    return fail(error, SINTER_BAD_ARTIFACT, "the section GENERATION is cut off");
  artifact->generation = reinterpret_cast<const SinterGeneration *>(section.data);
  const SinterGeneration &values = *artifact->generation;
  SINTER_TRY(checkTokens(artifact, values.eos, "tokens that end a text", error));
  SINTER_TRY(checkTokens(artifact, values.suppressed, "suppressed tokens", error));
  SINTER_TRY(checkTokens(artifact, values.suppressedFirst, "suppressed first tokens", error));
  SINTER_TRY(checkTokens(artifact, values.badWords, "bad words", error));
  if (values.earlyStopping > SINTER_STOP_NEVER || values.sampling > 1)
    return fail(error, SINTER_BAD_ARTIFACT, "the section GENERATION names a strategy that is not there");
  return checkFunctions(artifact, error);
}

} // namespace sinter::runtime

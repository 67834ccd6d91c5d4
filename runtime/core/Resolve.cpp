// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The plan of a function and the sizes of a call enter; numbers leave: where each slot lies in the arena, each launch's
// grid, each operand's offset and strides. An operand's whole range, over all iterations of the repeats around it, is
// proved to lie in its space before anything runs; so walking the plan needs no checks.

#include "runtime/core/Session.h"

#include <inttypes.h>
#include <string.h>

namespace sinter::runtime {
namespace {

struct Resolver {
  sinter_session *session;
  const sinter_artifact &artifact;
  sinter_error *error;
  const SinterRecord *records;
  const SinterSlot *slots;
  uint64_t numOperands = 0;
  uint64_t iterations[SINTER_MAX_LOOPS] = {};

  sinter_status bad(const SinterRecord &record, const char *what) {
    return fail(error, SINTER_BAD_ARTIFACT, "%.200s: %s for these sizes", artifact.string(record.site), what);
  }
  bool value(SinterExpr expr, int64_t *out) const { return evaluate(artifact.code, expr, session->symbols, out); }

  /// Slots one after another, each rounded up to SINTER_ALIGN; empty ones too have a place that may be read.
  sinter_status placeSlots(uint32_t count) {
    uint64_t end = 0;
    for (uint32_t i = 0; i < count; ++i) {
      int64_t bytes;
      uint64_t rounded;
      if (!value(slots[i].bytes, &bytes) || bytes < 0 ||
          !alignChecked(static_cast<uint64_t>(bytes ? bytes : 1), SINTER_ALIGN, &rounded) || !addChecked(end, rounded, &rounded) ||
          rounded > INT64_MAX)
        return fail(error, SINTER_OUT_OF_MEMORY, "the working memory for these sizes is larger than any memory");
      session->slotOffsets[i] = end;
      session->slotSizes[i] = static_cast<uint64_t>(bytes);
      end = rounded;
    }
    session->arenaBytes = end;
    return SINTER_OK;
  }

  uint64_t sizeOf(const SinterOperand &operand) const {
    switch (operand.space) {
    case SINTER_SPACE_INPUT:
      return session->arguments[operand.index].bytes;
    case SINTER_SPACE_OUTPUT:
      return session->results[operand.index].bytes;
    case SINTER_SPACE_WEIGHT:
      return artifact.weights.size;
    case SINTER_SPACE_CONSTANT:
      return artifact.constants.size;
    default:
      return session->slotSizes[operand.index];
    }
  }

  /// Numbers for one operand, and the proof that [lowest, highest) lies in its space.
  sinter_status resolveOperand(const SinterRecord &record, const SinterOperand &operand, uint32_t depth,
                               ResolvedOperand *out) {
    *out = {static_cast<int64_t>(operand.offset), {}, 0};
    if (!value(operand.bytes, &out->bytes) || out->bytes < 0)
      return bad(record, "an operand's extent is not a size");
    int64_t lowest = out->offset, highest;
    bool fits = addChecked(out->offset, out->bytes, &highest);
    for (uint32_t loop = 0; fits && loop < depth; ++loop) {
      if (operand.stride[loop].length == 0 || iterations[loop] == 0)
        continue;
      int64_t stride, reach;
      fits = value(operand.stride[loop], &stride) &&
             mulChecked(stride, static_cast<int64_t>(iterations[loop] - 1), &reach);
      if (!fits)
        break;
      out->stride[loop] = stride;
      fits = reach < 0 ? addChecked(lowest, reach, &lowest) : addChecked(highest, reach, &highest);
    }
    if (!fits || lowest < 0 || static_cast<uint64_t>(highest) > sizeOf(operand)) {
      // An artifact without its weights is the one case that is the caller's.
      if (operand.space == SINTER_SPACE_WEIGHT && artifact.weights.size == 0)
        return fail(error, SINTER_INVALID_ARGUMENT, "this artifact was opened without the weights that it needs");
      return bad(record, "an operand reaches outside its buffer");
    }
    return SINTER_OK;
  }

  sinter_status resolveRecord(uint32_t index, uint32_t depth) {
    const SinterRecord &record = records[index];
    ResolvedRecord &out = session->records[index];
    out = {numOperands, 0};
    const auto *operands = artifact.planSection.table<SinterOperand>(record.operands);
    for (uint32_t i = 0; i < record.operands.count; ++i)
      SINTER_TRY(resolveOperand(record, operands[i], depth, &session->operands[numOperands++]));
    if (record.kind == SINTER_LAUNCH) {
      if (!value(record.grid, &out.grid) || out.grid < 0 || out.grid > SINTER_MAX_GRID)
        return bad(record, "the number of work items is out of range");
    } else if (session->operands[out.firstOperand].bytes < session->operands[out.firstOperand + 1].bytes) {
      return bad(record, "a copy's destination is smaller than its source");
    }
    return SINTER_OK;
  }

  sinter_status resolveRecords(uint32_t first, uint32_t last, uint32_t depth) {
    for (uint32_t i = first; i < last; ++i) {
      const SinterRecord &record = records[i];
      if (record.kind != SINTER_REPEAT) {
        SINTER_TRY(resolveRecord(i, depth));
        continue;
      }
      iterations[depth] = record.count;
      SINTER_TRY(resolveRecords(i + 1, i + 1 + record.length, depth + 1));
      i += record.length;
    }
    return SINTER_OK;
  }
};

/// Operands of all records; opening has bounded it.
uint64_t countOperands(const SinterRecord *records, uint32_t count) {
  uint64_t operands = 0;
  for (uint32_t i = 0; i < count; ++i)
    operands += records[i].kind == SINTER_REPEAT ? 0 : records[i].operands.count;
  return operands;
}

} // namespace

sinter_status resolve(sinter_session *session, sinter_error *error) {
  if (session->resolved && session->resolvedFunction == session->function &&
      memcmp(session->resolvedSymbols, session->symbols, sizeof(session->symbols)) == 0)
    return SINTER_OK;
  session->resolved = false;
  const sinter_artifact &artifact = *session->artifact;
  const SinterPlanFunction &plan = session->plan();
  const auto *records = artifact.planSection.table<SinterRecord>(plan.records);
  if (!session->slotOffsets.reserve(plan.slots.count) || !session->slotSizes.reserve(plan.slots.count) ||
      !session->records.reserve(plan.records.count) ||
      !session->operands.reserve(countOperands(records, plan.records.count)))
    return fail(error, SINTER_OUT_OF_MEMORY, "no memory for the plan of a call");
  Resolver resolver = {session, artifact, error, records, artifact.planSection.table<SinterSlot>(plan.slots)};
  SINTER_TRY(resolver.placeSlots(plan.slots.count));
  SINTER_TRY(resolver.resolveRecords(0, plan.records.count, 0));
  session->resolvedFunction = session->function;
  memcpy(session->resolvedSymbols, session->symbols, sizeof(session->symbols));
  session->resolved = true;
  return SINTER_OK;
}

} // namespace sinter::runtime

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The section PLAN of the chosen variant: bytes enter; records, operands and slots leave, proved as far as they do not
// depend on the sizes of a call (Resolve.cpp does the rest, before anything runs).

#include "runtime/core/Artifact.h"

namespace sinter::runtime {
namespace {

/// Launches and copies that one call may make, repeats multiplied out.
constexpr uint64_t maxSteps = 1ull << 28;

struct PlanReader {
  sinter_artifact *artifact;
  const SinterFunction *function;
  const SinterPlanFunction *plan;
  sinter_error *error;
  uint64_t steps = 0;

  sinter_status bad(const char *what, uint32_t record) {
    return fail(error, SINTER_BAD_ARTIFACT, "record %u of the plan of %.100s: %s", record,
                artifact->string(function->name), what);
  }

  bool existsIn(const SinterOperand &operand) const {
    switch (operand.space) {
    case SINTER_SPACE_INPUT:
      return operand.index < function->args.count;
    case SINTER_SPACE_OUTPUT:
      return operand.index < function->results.count;
    case SINTER_SPACE_ARENA:
      return operand.index < plan->slots.count;
    case SINTER_SPACE_WEIGHT:
    case SINTER_SPACE_CONSTANT:
      return operand.index == 0;
    default:
      return false;
    }
  }

  sinter_status readOperands(const SinterRecord &record, uint32_t index, uint32_t depth) {
    if (record.operands.count > SINTER_MAX_OPERANDS)
      return bad("too many operands", index);
    SINTER_TRY(
        checkTable(artifact, artifact->planSection, record.operands, sizeof(SinterOperand), 8, "operands", error));
    const auto *operands = artifact->planSection.table<SinterOperand>(record.operands);
    for (uint32_t i = 0; i < record.operands.count; ++i) {
      const SinterOperand &operand = operands[i];
      if (!existsIn(operand))
        return bad("an operand names no buffer", index);
      if (operand.offset > INT64_MAX)
        return bad("an operand's offset is too large", index);
      SINTER_TRY(checkExprAt(artifact, operand.bytes, function->symbols.count, "an operand", error));
      for (uint32_t loop = 0; loop < SINTER_MAX_LOOPS; ++loop) {
        if (operand.stride[loop].length == 0)
          continue;
        if (loop >= depth)
          return bad("an operand has a stride for a repeat that is not there", index);
        SINTER_TRY(checkExprAt(artifact, operand.stride[loop], function->symbols.count, "a stride", error));
      }
    }
    return SINTER_OK;
  }

  sinter_status readCopy(const SinterRecord &record, uint32_t index, uint32_t depth) {
    if (record.operands.count != 2)
      return bad("a copy needs two operands", index);
    SINTER_TRY(readOperands(record, index, depth));
    uint32_t to = artifact->planSection.table<SinterOperand>(record.operands)[0].space;
    if (to != SINTER_SPACE_OUTPUT && to != SINTER_SPACE_ARENA)
      return bad("a copy goes to memory that is not writable", index);
    return SINTER_OK;
  }

  /// records[first, last) inside `depth` repeats that run it `times` times. Recursion ends at SINTER_MAX_LOOPS.
  sinter_status readRecords(const SinterRecord *records, uint32_t first, uint32_t last, uint32_t depth,
                            uint64_t times) {
    for (uint32_t i = first; i < last; ++i) {
      const SinterRecord &record = records[i];
      SINTER_TRY(checkString(artifact, record.site, "a record's place", error));
      steps += times;
      if (steps > maxSteps)
        return bad("the plan repeats too much", i);
      if (record.kind == SINTER_LAUNCH) {
        if (record.entry >= artifact->image->entries)
          return bad("it launches a kernel that is not there", i);
        SINTER_TRY(checkExprAt(artifact, record.grid, function->symbols.count, "a grid", error));
        SINTER_TRY(readOperands(record, i, depth));
      } else if (record.kind == SINTER_COPY) {
        SINTER_TRY(readCopy(record, i, depth));
      } else if (record.kind == SINTER_REPEAT) {
        if (depth == SINTER_MAX_LOOPS)
          return bad("repeats are nested too deep", i);
        if (record.length == 0 || record.length > last - i - 1)
          return bad("a repeat reaches beyond its end", i);
        if (record.count > SINTER_MAX_REPEAT)
          return bad("a repeat has too many iterations", i);
        SINTER_TRY(readRecords(records, i + 1, i + 1 + record.length, depth + 1, times * record.count));
        i += record.length;
      } else {
        return bad("unknown kind", i);
      }
    }
    return SINTER_OK;
  }

  sinter_status read() {
    SINTER_TRY(checkTable(artifact, artifact->planSection, plan->slots, sizeof(SinterSlot), 4, "slots", error));
    const auto *slots = artifact->planSection.table<SinterSlot>(plan->slots);
    for (uint32_t i = 0; i < plan->slots.count; ++i)
      SINTER_TRY(checkExprAt(artifact, slots[i].bytes, function->symbols.count, "a slot", error));
    SINTER_TRY(checkTable(artifact, artifact->planSection, plan->records, sizeof(SinterRecord), 8, "records", error));
    return readRecords(artifact->planSection.table<SinterRecord>(plan->records), 0, plan->records.count, 0, 1);
  }
};

} // namespace

sinter_status readPlan(sinter_artifact *artifact, sinter_error *error) {
  const SinterSection *section = findSection(*artifact, SINTER_SECTION_PLAN, artifact->variant);
  if (!section || section->size < sizeof(SinterPlan))
    return fail(error, SINTER_BAD_ARTIFACT, "the artifact has no plan for its variant %u", artifact->variant);
  artifact->planSection = {artifact->bytes.data + section->offset, section->size};
  const auto *plan = reinterpret_cast<const SinterPlan *>(artifact->planSection.data);
  if (plan->functions.count != artifact->numFunctions)
    return fail(error, SINTER_BAD_ARTIFACT, "the plan has %u functions, the model %u", plan->functions.count,
                artifact->numFunctions);
  SINTER_TRY(checkTable(artifact, artifact->planSection, plan->functions, sizeof(SinterPlanFunction), 4,
                        "the plan's functions", error));
  artifact->plan = artifact->planSection.table<SinterPlanFunction>(plan->functions);
  for (uint32_t i = 0; i < artifact->numFunctions; ++i) {
    PlanReader reader = {artifact, &artifact->functions[i], &artifact->plan[i], error};
    SINTER_TRY(reader.read());
  }
  return SINTER_OK;
}

} // namespace sinter::runtime

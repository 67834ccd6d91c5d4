// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A resolved plan enters; its records run, in order. Launches go to the thread pool, repeats count, copies copy.

#include "runtime/core/Session.h"

#include <string.h>

namespace sinter::runtime {
namespace {

uint8_t *baseOf(const sinter_session *session, const SinterOperand &operand) {
  switch (operand.space) {
  case SINTER_SPACE_INPUT:
    return static_cast<uint8_t *>(session->arguments[operand.index].data);
  case SINTER_SPACE_OUTPUT:
    return static_cast<uint8_t *>(session->results[operand.index].data);
  case SINTER_SPACE_WEIGHT:
    return const_cast<uint8_t *>(session->weights);
  case SINTER_SPACE_CONSTANT:
    return const_cast<uint8_t *>(session->artifact->constants.data);
  default:
    return static_cast<uint8_t *>(session->arena.data) + session->slotOffsets[operand.index];
  }
}

/// An operand's address in this iteration.
uint8_t *addressOf(const sinter_session *session, const SinterOperand &operand, const ResolvedOperand &resolved) {
  int64_t offset = resolved.offset;
  for (uint32_t loop = 0; loop < SINTER_MAX_LOOPS; ++loop)
    offset += session->iteration[loop] * resolved.stride[loop];
  return baseOf(session, operand) + offset;
}

struct Walker {
  sinter_session *session;
  const sinter_artifact &artifact;
  sinter_error *error;
  const SinterRecord *records;

  /// Addresses of a record's operands.
  void addresses(const SinterRecord &record, const ResolvedOperand *resolved, void **out) const {
    const auto *operands = artifact.planSection.table<SinterOperand>(record.operands);
    for (uint32_t i = 0; i < record.operands.count; ++i)
      out[i] = addressOf(session, operands[i], resolved[i]);
  }

  sinter_status launch(uint32_t index) {
    const SinterRecord &record = records[index];
    const ResolvedRecord &resolved = session->records[index];
    void *buffers[SINTER_MAX_OPERANDS];
    addresses(record, session->operands.data() + resolved.firstOperand, buffers);
    int32_t status = session->pool.run(artifact.kernel(record.entry), buffers, session->symbols, resolved.grid);
    if (status == SINTER_KERNEL_OK)
      return SINTER_OK;
    const char *site = artifact.string(record.site);
    if (status == SINTER_KERNEL_INDEX)
      return fail(error, SINTER_REFUSED, "%.200s%san index is out of range (a token id, a position or an adapter beyond its table)",
                  site, *site ? ": " : "");
    return fail(error, SINTER_BAD_ARTIFACT, "%.200s%sa kernel failed with the unknown status %d", site,
                *site ? ": " : "", status);
  }

  void copy(uint32_t index) const {
    const ResolvedOperand *resolved = session->operands.data() + session->records[index].firstOperand;
    void *buffers[2];
    addresses(records[index], resolved, buffers);
    memmove(buffers[0], buffers[1], static_cast<size_t>(resolved[1].bytes));
  }

  sinter_status runOne(uint32_t index) {
    if (records[index].kind == SINTER_LAUNCH)
      return launch(index);
    copy(index);
    return SINTER_OK;
  }

  sinter_status runProfiled(uint32_t index) {
    const SinterRecord &record = records[index];
    const char *kernel = "copy";
    if (record.kind == SINTER_LAUNCH)
      kernel = reinterpret_cast<const char *>(artifact.image) + artifact.entries[record.entry].name;
    sinter_launch event = {session->function, index, 0, kernel, artifact.string(record.site)};
    session->profile(session->profileUser, &event);
    SINTER_TRY(runOne(index));
    event.done = 1;
    session->profile(session->profileUser, &event);
    return SINTER_OK;
  }

  sinter_status run(uint32_t first, uint32_t last, uint32_t depth) {
    for (uint32_t i = first; i < last; ++i) {
      const SinterRecord &record = records[i];
      if (record.kind != SINTER_REPEAT) {
        SINTER_TRY(session->profile ? runProfiled(i) : runOne(i));
      } else {
        for (uint64_t n = 0; n < record.count; ++n) {
          session->iteration[depth] = static_cast<int64_t>(n);
          SINTER_TRY(run(i + 1, i + 1 + record.length, depth + 1));
        }
        session->iteration[depth] = 0;
        i += record.length;
      }
    }
    return SINTER_OK;
  }
};

} // namespace

SeenOperand seeOperand(const sinter_session *session, uint32_t index, uint32_t operand) {
  const auto *records = session->artifact->planSection.table<SinterRecord>(session->plan().records);
  const auto *operands = session->artifact->planSection.table<SinterOperand>(records[index].operands);
  const ResolvedOperand &resolved = session->operands[session->records[index].firstOperand + operand];
  return {addressOf(session, operands[operand], resolved), static_cast<uint64_t>(resolved.bytes)};
}

sinter_status walk(sinter_session *session, sinter_error *error) {
  const SinterPlanFunction &plan = session->plan();
  const auto *records = session->artifact->planSection.table<SinterRecord>(plan.records);
  memset(session->iteration, 0, sizeof(session->iteration)); // a call before may have ended inside
  Walker walker = {session, *session->artifact, error, records};
  return walker.run(0, plan.records.count, 0);
}

} // namespace sinter::runtime

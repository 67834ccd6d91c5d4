// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See TraceNan.h. The plan says which operands of a launch are results and which are float32; the session, where they lie.
#include "tools/sinter/TraceNan.h"
#include "tools/sinter/Driver.h"

#include "runtime/core/Session.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace sinter::tool {
namespace {

enum class Kind { Finite, Infinite, Nan };

/// The worst number of a float32 operand.
Kind kindOf(const runtime::SeenOperand &operand) {
  constexpr uint32_t exponent = 0x7f800000u;
  const auto *bytes = static_cast<const uint8_t *>(operand.data);
  Kind worst = Kind::Finite;
  for (uint64_t at = 0; at + 4 <= operand.bytes && worst != Kind::Nan; at += 4) {
    uint32_t bits;
    std::memcpy(&bits, bytes + at, sizeof bits);
    if ((bits & exponent) == exponent)
      worst = bits & ~exponent & 0x7fffffffu ? Kind::Nan : Kind::Infinite;
  }
  return worst;
}

/// "contract_12" -> "contract": a kernel's number says nothing to who reads the text.
std::string kindName(const std::string &kernel) { return kernel.substr(0, kernel.rfind('_')); }

} // namespace

void TraceNan::listen(sinter_session *of) {
  session = of;
  sinter_session_profile(
      session, [](void *self, const sinter_launch *launch) { static_cast<TraceNan *>(self)->see(*launch); }, this);
}

/// " in iteration 2 of the loop at gpt2.sinter:80:5", outermost first; counted from 0, as lists of layers are.
std::string TraceNan::around(uint32_t function, uint32_t record) const {
  const auto &records = driver.artifact().variants.front().plans[function].records;
  std::string out;
  unsigned depth = 0;
  for (uint32_t i = 0; i < record; ++i)
    if (records[i].kind == SINTER_REPEAT && i + records[i].length >= record)
      out += " in iteration " + std::to_string(session->iteration[depth++]) + " (from 0) of the loop at " + records[i].site;
  return out;
}

/// What a caller gave may be copied before an operation reads it.
void TraceNan::lookAtArguments(uint32_t number) {
  const codegen::FunctionInfo &function = driver.artifact().functions[number];
  for (size_t i = 0; i < function.args.size(); ++i) {
    const runtime::BoundTensor &bound = session->arguments[i];
    if (function.args[i].dtype == SINTER_F32 && kindOf({bound.data, bound.bytes}) != Kind::Finite)
      given = "the argument '" + function.args[i].name + "'";
  }
}

void TraceNan::see(const sinter_launch &launch) {
  if (!std::exchange(hasBegun, true))
    lookAtArguments(launch.function);
  if (found.isAny || !launch.done)
    return;
  const codegen::Record &record = driver.artifact().variants.front().plans[launch.function].records[launch.record];
  const codegen::Cost &cost = record.cost;
  uint32_t count = uint32_t(cost.floats.size()), inputs = count - cost.results;
  Kind worst = Kind::Finite;
  for (uint32_t i = inputs; i < count; ++i)
    if (cost.floats[i])
      worst = std::max(worst, kindOf(runtime::seeOperand(session, launch.record, i)));
  if (worst == Kind::Finite)
    return;
  found = {true, worst == Kind::Nan, launch.function, launch.record, launch.kernel, launch.site, around(launch.function, launch.record), ""};
  // Nobody made it if it came from outside.
  found.cause = given;
  for (uint32_t i = 0; i < inputs && found.cause.empty(); ++i) {
    const codegen::Operand &operand = record.operands[i];
    if (!cost.floats[i] || kindOf(runtime::seeOperand(session, launch.record, i)) == Kind::Finite)
      continue;
    if (operand.space == SINTER_SPACE_WEIGHT)
      found.cause = cost.weights.empty() ? "a weight" : "the weight " + cost.weights.front();
  }
}

void TraceNan::report() const {
  if (!found.isAny)
    return say("note", "", "--trace-nan: no result of any operation holds NaN or infinity");
  std::string line = driver.lineAt(found.site), lines;
  for (const std::string &other : driver.artifact().variants.front().plans[found.function].records[found.record].cost.lines)
    lines += (lines.empty() ? "" : ", ") + other;
  std::string what = found.isNan ? "NaN" : "infinity";
  say("note", found.site, "--trace-nan: the first result that holds " + what + " is made here (" + kindName(found.kernel) + ")" + found.layers +
                              (line.empty() ? "" : ": " + line));
  if (lines.find(',') != std::string::npos)
    say("note", found.site, "this kernel computes the lines " + lines);
  if (!found.cause.empty())
    say("note", found.site, found.cause + " holds such a number already");
}

} // namespace sinter::tool

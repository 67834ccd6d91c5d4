// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See Print.h.
#include "codegen/artifact/Print.h"

namespace sinter::codegen {
namespace {

std::string shape(const TensorInfo &tensor) {
  static const char *const names[] = {"?", "f32", "i32", "bool", "bf16", "f16"};
  std::string out = tensor.name + ": " + names[tensor.dtype] + "[";
  for (size_t i = 0; i < tensor.dims.size(); ++i)
    out += (i ? ", " : "") + tensor.dims[i].str();
  return out + "]";
}

std::string place(const Operand &operand) {
  static const char *const names[] = {"?", "input", "output", "weight", "arena", "constant"};
  std::string out = names[operand.space];
  bool indexed = operand.space == SINTER_SPACE_INPUT || operand.space == SINTER_SPACE_OUTPUT ||
                 operand.space == SINTER_SPACE_ARENA;
  out += indexed ? std::to_string(operand.index) : "@" + std::to_string(operand.offset);
  for (size_t depth = 0; depth < operand.strides.size(); ++depth)
    if (!operand.strides[depth].isConstant(0))
      out += "+i" + std::to_string(depth) + "*(" + operand.strides[depth].str() + ")";
  return out;
}

std::string line(const Record &record, const Variant &variant) {
  std::string out;
  if (record.kind == SINTER_REPEAT)
    return "repeat " + std::to_string(record.count) + " next " + std::to_string(record.length);
  if (record.kind == SINTER_LAUNCH)
    out = variant.entries[record.entry] + " grid " + record.grid.str();
  else
    out = "copy";
  for (size_t i = 0; i < record.operands.size(); ++i)
    out += (i ? ", " : " (") + place(record.operands[i]);
  out += ")";
  if (!record.site.empty())
    out += "  # " + record.site;
  return out;
}

/// Below a launch: what it costs, where it comes from.
std::string costLine(const Cost &cost) {
  std::string out = "; " + (cost.products + cost.scalars).str() + " FLOPs, " + cost.bytes.str() + " bytes";
  for (size_t i = 0; i < cost.lines.size(); ++i)
    out += (i ? ", " : ": ") + cost.lines[i];
  return out;
}

} // namespace

std::string printPlan(const Artifact &artifact) {
  const Variant &variant = artifact.variants.front();
  std::string out = "model " + artifact.model + ", weights " + std::to_string(artifact.weightBytes) + " bytes\n";
  for (const PreparedWeight &weight : artifact.weights)
    out += "weight@" + std::to_string(weight.offset) + " " + weight.name + ": " + std::to_string(weight.bytes) + " bytes\n";
  for (size_t i = 0; i < artifact.functions.size(); ++i) {
    const FunctionInfo &function = artifact.functions[i];
    out += "\nfunction " + function.name + "\n";
    for (const TensorInfo &arg : function.args)
      out += (arg.state ? "  state " : "  argument ") + shape(arg) + "\n";
    for (const TensorInfo &result : function.results)
      out += "  result " + shape(result) + "\n";
    for (const CheckInfo &check : function.checks) {
      static const char *const predicates[] = {"==", "!=", "<", "<=", ">", ">="};
      out += "  check " + check.lhs.str() + " " + predicates[check.predicate] + " " + check.rhs.str() + "\n";
    }
    const PlanFunction &plan = variant.plans[i];
    for (size_t slot = 0; slot < plan.slots.size(); ++slot)
      out += "  arena" + std::to_string(slot) + ": " + plan.slots[slot].str() + " bytes\n";
    size_t inside = 0; // records left of the innermost repeat; nesting prints flat
    for (const Record &record : plan.records) {
      const char *indent = inside ? "    " : "  ";
      out += indent + line(record, variant) + "\n";
      if (record.kind == SINTER_LAUNCH)
        out += indent + costLine(record.cost) + "\n";
      inside = record.kind == SINTER_REPEAT ? record.length : inside ? inside - 1 : 0;
    }
  }
  return out;
}

} // namespace sinter::codegen

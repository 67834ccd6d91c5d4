// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Signatures: a capital is bound where it first stands alone and checked everywhere else; `...` is any
// number of axes, the same throughout; equality is equality of polynomials.
#include "frontend/elaborate/Elaborator.h"

#include <cctype>

namespace sinter::frontend {

const std::string *Elaborator::aloneCapital(const sinter::frontend::Dim &dim) const {
  if (dim.isRest())
    return nullptr;
  const auto *name = dim.expr->as<NameRef>();
  return name && std::isupper(static_cast<unsigned char>(name->name[0])) ? &name->name : nullptr;
}

std::optional<Axis> Elaborator::evalDim(const sinter::frontend::Dim &dim, Frame &frame) {
  Datum value = eval(*dim.expr, frame);
  if (value.isPoison())
    return std::nullopt;
  if (!value.isIntegral()) {
    error(DiagId::WrongKind, dim.span, {"a size (an int or a dimension)", describe(value)}, &frame);
    return std::nullopt;
  }
  Extent extent = value.extent();
  if (std::optional<int64_t> known = extent.constant(); known && *known < 1) {
    error(DiagId::BadSize, dim.span, {*known}, &frame);
    return std::nullopt;
  }
  return Axis{std::move(extent), value.origin};
}

std::optional<Axes> Elaborator::evalDims(const TensorType &type, Frame &frame) {
  Axes axes;
  for (const auto &dim : type.dims) {
    if (dim.isRest()) {
      if (!frame.rest) {
        error(DiagId::DimensionUnbound, dim.span, {"..."}, &frame);
        return std::nullopt;
      }
      axes.insert(axes.end(), frame.rest->begin(), frame.rest->end());
      continue;
    }
    std::optional<Axis> axis = evalDim(dim, frame);
    if (!axis)
      return std::nullopt;
    axes.push_back(std::move(*axis));
  }
  return axes;
}

void Elaborator::labelDims(Diagnostic &report, const TensorType &type, const Frame &frame) {
  std::set<std::string> shown;
  for (const auto &dim : type.dims) {
    if (dim.isRest() && frame.rest && frame.restAt.isValid() && shown.insert("...").second)
      report.label(frame.restAt, "`...` is " + display(*frame.rest) + " here");
    const std::string *name = aloneCapital(dim);
    if (!name || !shown.insert(*name).second)
      continue;
    auto bound = frame.dims.find(*name);
    if (bound == frame.dims.end() || bound->second.at == dim.span)
      continue;
    std::string to = bound->second.axis.extent.str();
    report.label(bound->second.at,
                 "`" + *name + "` is bound " + (to == *name ? "" : "to " + to + " ") + "by " + bound->second.by);
  }
}

bool Elaborator::bindCapitals(const Arg &arg, const TensorType &type, const TensorValue &value, Span span, Frame &frame,
                              const Frame &caller) {
  size_t rest = type.dims.size();
  for (size_t i = 0; i < type.dims.size(); ++i)
    if (type.dims[i].isRest())
      rest = i;
  bool hasRest = rest < type.dims.size();
  size_t fixed = type.dims.size() - hasRest;
  if (hasRest ? value.rank() < fixed : value.rank() != fixed) {
    error(DiagId::ArgumentRank, span,
          {arg.name.text, std::to_string(fixed) + (hasRest ? " or more" : ""), int64_t(value.rank())}, &caller)
        .at(display(value))
        .label(arg.type.span, "declared here");
    return false;
  }
  size_t width = value.rank() - fixed;
  const std::string by = "argument `" + arg.name.text + "`";
  for (size_t i = 0; i < type.dims.size(); ++i) {
    if (i == rest) {
      if (!frame.rest) {
        frame.rest = Axes(value.axes.begin() + i, value.axes.begin() + i + width);
        frame.restAt = type.dims[i].span;
      }
      continue;
    }
    const Axis &axis = value.axes[hasRest && i > rest ? i + width - 1 : i];
    if (const std::string *name = aloneCapital(type.dims[i]))
      frame.dims.try_emplace(*name, BoundDim{axis, type.dims[i].span, by});
  }
  return true;
}

bool Elaborator::checkArgument(const Arg &arg, const TensorType &type, const TensorValue &value, Span span,
                               Frame &frame, const Frame &caller) {
  std::optional<Axes> axes = evalDims(type, frame);
  if (!axes)
    return false;
  if (value.element != type.element) {
    error(DiagId::ArgumentElement, span, {arg.name.text, spelling(type.element), spelling(value.element)}, &caller)
        .at(display(value))
        .label(arg.type.span, "declared here")
        .help(std::string("cast with ") + spelling(type.element) + "(x)");
    return false;
  }
  bool fits = axes->size() == value.rank();
  for (size_t i = 0; fits && i < axes->size(); ++i)
    fits = (*axes)[i].extent == value.axes[i].extent;
  if (fits)
    return true;
  Diagnostic &report = error(DiagId::ArgumentShape, span, {arg.name.text, toString(arg.type)}, &caller)
                           .at(display(value.axes))
                           .label(arg.type.span, "wants " + display(*axes));
  labelDims(report, type, frame);
  labelOrigins(report, *axes, value.axes);
  report.help("arguments do not stretch; `broadcast(x, shape)` says it");
  return false;
}

bool Elaborator::bindTensors(const Function &function, std::vector<const Given *> &given, Frame &frame,
                             const Frame &caller) {
  bool ok = true;
  std::vector<Datum> values(given.size());
  for (size_t i = 0; i < given.size(); ++i) {
    const TensorType *type = function.args[i].type.tensor();
    if (!given[i] || !type || given[i]->value.isPoison())
      continue;
    values[i] = asTensor(given[i]->value, type->element, given[i]->span, caller);
    const TensorValue *tensor = values[i].tensor();
    if (!tensor || !bindCapitals(function.args[i], *type, *tensor, given[i]->span, frame, caller)) {
      ok = false;
      values[i] = Datum();
    }
  }
  for (size_t i = 0; i < given.size(); ++i) {
    const Arg &arg = function.args[i];
    if (const TensorValue *tensor = values[i].tensor()) {
      ok = checkArgument(arg, *arg.type.tensor(), *tensor, given[i]->span, frame, caller) && ok;
      frame.locals[arg.name.text] = values[i];
    }
  }
  return ok;
}

} // namespace sinter::frontend

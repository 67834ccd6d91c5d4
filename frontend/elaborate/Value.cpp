// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Values of elaboration as words of a message.
#include "frontend/elaborate/Value.h"

#include "frontend/elaborate/Instance.h"

#include <charconv>

namespace sinter::frontend {

Shape TensorValue::shape() const {
  Shape result;
  result.reserve(axes.size());
  for (const Axis &axis : axes)
    result.push_back(axis.extent);
  return result;
}

bool Datum::holdsTensor() const {
  if (tensor())
    return true;
  if (const ListValue *items = list())
    for (const Datum &item : items->items)
      if (item.holdsTensor())
        return true;
  return false;
}

Datum makeTensor(TensorValue value) { return std::make_shared<const TensorValue>(std::move(value)); }
Datum makeList(std::vector<Datum> items, bool isResults) {
  uint64_t size = 1;
  for (const Datum &item : items)
    if (__builtin_add_overflow(size, item.list() ? item.list()->size : 1, &size))
      size = UINT64_MAX;
  return std::make_shared<const ListValue>(ListValue{std::move(items), isResults, size});
}

const char *spelling(ElementType element) {
  switch (element) {
  case ElementType::F32:
    return "f32";
  case ElementType::I32:
    return "i32";
  case ElementType::Bool:
    return "bool";
  }
  return "f32";
}

std::string display(double value) {
  char buffer[40];
  auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, value);
  std::string text(buffer, end);
  // A float shows that it is one.
  if (text.find_first_of(".en") == std::string::npos)
    text += ".0";
  return text;
}

std::string display(const Axis &axis) {
  std::string number = axis.extent.str();
  if (!axis.origin || !axis.extent.constant())
    return number;
  return toString(*axis.origin) + " = " + number;
}

std::string display(const Axes &axes) {
  std::string text = "[";
  for (size_t i = 0; i < axes.size(); ++i)
    text += (i ? ", " : "") + display(axes[i]);
  return text + "]";
}

std::string display(const TensorValue &tensor) { return spelling(tensor.element) + display(tensor.axes); }

namespace {
std::string describeList(const ListValue &list) {
  if (list.isResults)
    return std::to_string(list.items.size()) + " results";
  return "a list of " + std::to_string(list.items.size());
}
} // namespace

std::string describe(const Datum &value) {
  struct Words {
    std::string operator()(const PoisonValue &) { return "a value that failed"; }
    std::string operator()(const NoneValue &) { return "none"; }
    std::string operator()(bool held) { return held ? "the bool true" : "the bool false"; }
    std::string operator()(int64_t held) { return "the int " + std::to_string(held); }
    std::string operator()(double held) { return "the float " + display(held); }
    std::string operator()(const std::string &held) { return "the string \"" + held + "\""; }
    std::string operator()(const LowestValue &) { return "`lowest`"; }
    std::string operator()(const Extent &held) { return "the dimension " + held.str(); }
    std::string operator()(const std::shared_ptr<const ListValue> &held) { return describeList(*held); }
    std::string operator()(const std::shared_ptr<const TensorValue> &held) { return "a tensor " + display(*held); }
    std::string operator()(Instance *held) { return "an instance of " + held->module->name.text; }
    std::string operator()(ConfigInstance *held) { return "a " + held->decl->name.text; }
    std::string operator()(const FunctionValue &held) { return "the function `" + held.function->name.text + "`"; }
    std::string operator()(const BuiltinValue &) { return "a built-in function"; }
    std::string operator()(const DeclaredValue &held) { return "the declaration `" + held.decl->name()->text + "`"; }
    std::string operator()(const RoutedValue &) { return "an instance chosen by a tensor"; }
    std::string operator()(const InitializerValue &value) {
      return value.kind == Builtin::Int8 || value.kind == Builtin::Int4 ? "a quantization" : "an initializer";
    }
  };
  return std::visit(Words{}, value.node);
}

std::string display(const Datum &value) {
  if (auto *held = value.as<bool>())
    return *held ? "true" : "false";
  if (auto *held = value.as<int64_t>())
    return std::to_string(*held);
  if (auto *held = value.as<double>())
    return display(*held);
  if (auto *held = value.as<std::string>())
    return *held;
  if (auto *held = value.as<Extent>())
    return held->str();
  if (value.isNone())
    return "none";
  if (const ListValue *held = value.list()) {
    std::string text = "[";
    for (size_t i = 0; i < held->items.size(); ++i)
      text += (i ? ", " : "") + display(held->items[i]);
    return text + "]";
  }
  return describe(value);
}

std::string spelling(const InitializerValue &value) {
  const BuiltinInfo &info = builtins()[size_t(value.kind)];
  std::string text(info.name);
  if (info.most == 1)
    text += "(" + display(value.parameter) + ")";
  return info.most == 0 ? text + "()" : text;
}

} // namespace sinter::frontend

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What an expression of a text may mean while a model is built: compile-time numbers, strings, lists,
// instances, configs, dimensions, and tensors (a shape, an element type, and a handle of the emitter).
#ifndef SINTER_FRONTEND_ELABORATE_VALUE_H
#define SINTER_FRONTEND_ELABORATE_VALUE_H

#include "frontend/emit/Emitter.h"
#include "frontend/resolve/Builtins.h"
#include "frontend/resolve/Program.h"

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace sinter::frontend {

struct Instance;
struct ConfigInstance;
struct Datum;

/// One axis of a tensor: its size, and the text that gave it (`3 * c.d`), null for a plain number or symbol.
struct Axis {
  Extent extent;
  const Expr *origin = nullptr;
};
using Axes = std::vector<Axis>;

/// A tensor of the program. `handle` is null while nothing is emitted.
struct TensorValue {
  TensorHandle handle = nullptr;
  ElementType element = ElementType::F32;
  Axes axes;

  size_t rank() const { return axes.size(); }
  Shape shape() const;
  TensorInfo info() const { return {shape(), element}; }
};

/// The value after an error that was reported; meets everything silently.
struct PoisonValue {};
struct NoneValue {};
/// `lowest`: takes the type of the tensor it meets.
struct LowestValue {};
/// Most items of a list, and most values in it with lists looked into.
inline constexpr int64_t maxListLength = 65536, maxListSize = 1 << 20;
/// A list, or the several results of a call.
struct ListValue {
  std::vector<Datum> items;
  bool isResults = false;
  uint64_t size = 0; ///< values in it, lists looked into and counted as often as they stand; saturates
};
/// A function bound to where it is declared.
struct FunctionValue {
  const Function *function;
  const Scope *scope;
  Instance *instance; ///< null for a function of a file
};
struct BuiltinValue {
  Builtin id;
};
/// A module, config or variant named as such.
struct DeclaredValue {
  const Decl *decl;
  const Scope *scope;
};
/// list[ids]: an instance for each entry of a tensor.
struct RoutedValue {
  std::shared_ptr<const ListValue> list;
  std::shared_ptr<const TensorValue> ids;
  Span idsSpan;
};
/// zeros, normal(0.02), int8() …
struct InitializerValue {
  Builtin kind;
  double parameter = 0;
};

struct Datum {
  std::variant<PoisonValue, NoneValue, bool, int64_t, double, std::string, LowestValue, Extent,
               std::shared_ptr<const ListValue>, std::shared_ptr<const TensorValue>, Instance *, ConfigInstance *,
               FunctionValue, BuiltinValue, DeclaredValue, RoutedValue, InitializerValue>
      node;
  /// The text a number came from, for messages; null when a literal says it itself.
  const Expr *origin = nullptr;

  Datum() = default;
  template <typename T>
    requires(!std::is_same_v<std::remove_cvref_t<T>, Datum>)
  Datum(T &&value) : node(std::forward<T>(value)) {}

  template <typename T> const T *as() const { return std::get_if<T>(&node); }
  template <typename T> bool is() const { return std::holds_alternative<T>(node); }

  bool isPoison() const { return is<PoisonValue>(); }
  bool isNone() const { return is<NoneValue>(); }
  const TensorValue *tensor() const {
    auto *found = as<std::shared_ptr<const TensorValue>>();
    return found ? found->get() : nullptr;
  }
  const ListValue *list() const {
    auto *found = as<std::shared_ptr<const ListValue>>();
    return found ? found->get() : nullptr;
  }
  /// A compile-time int or float.
  bool isNumber() const { return is<int64_t>() || is<double>(); }
  /// A number that takes the type of a tensor it meets: int, float, dimension, lowest.
  bool isScalar() const { return isNumber() || is<Extent>() || is<LowestValue>(); }
  /// An int or a dimension.
  bool isIntegral() const { return is<int64_t>() || is<Extent>(); }
  /// The dimension that an integral value is.
  Extent extent() const { return is<Extent>() ? *as<Extent>() : Extent(*as<int64_t>()); }
  double number() const { return is<double>() ? *as<double>() : double(*as<int64_t>()); }
  /// True if a tensor stands in it, lists looked into.
  bool holdsTensor() const;
};

Datum makeTensor(TensorValue value);
Datum makeList(std::vector<Datum> items, bool isResults = false);

/// As a text writes it: `zeros`, `normal(0.02)`.
std::string spelling(const InitializerValue &value);

/// "an int", "a tensor f32[B, T]", "a list" …, for messages.
std::string describe(const Datum &value);
/// As a check's message shows it: `768`, `0.5`, `gelu`, `[1, 2]`.
std::string display(const Datum &value);
std::string display(double value);

const char *spelling(ElementType element);
/// `768`, `3 * c.d = 2304`, `B`, `T + 2`.
std::string display(const Axis &axis);
/// `[B, T, c.d = 768]`
std::string display(const Axes &axes);
/// `f32[B, T, c.d = 768]`
std::string display(const TensorValue &tensor);

} // namespace sinter::frontend

#endif

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The face through which elaboration writes the `sinter` dialect without including MLIR. Checked
// operands enter as opaque handles with the result's shape; ops at the current place leave.
// Nothing here broadcasts or converts: whoever calls has checked shapes and element types.
#ifndef SINTER_FRONTEND_EMIT_EMITTER_H
#define SINTER_FRONTEND_EMIT_EMITTER_H

#include "frontend/syntax/Ast.h"
#include "ir/dim/Dim.h"

#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace sinter::frontend {

/// A polynomial over dimensions. (`Dim` is a node of the syntax tree in this namespace.)
using Extent = ::sinter::Dim;
using Shape = std::vector<Extent>;

/// An SSA value; null in a run that only checks.
using TensorHandle = void *;

struct TensorInfo {
  Shape shape;
  ElementType element = ElementType::F32;
};

/// One term of a source index: ((d[axis] floordiv div) mod mod) * stride. div is 1 and mod is absent
/// where they do nothing.
struct ViewTerm {
  unsigned axis;
  Extent stride = 1;
  Extent div = 1;
  std::optional<Extent> mod = std::nullopt;
};
/// Source index along one axis: a sum of terms of the result's indices, and an offset.
struct ViewIndex {
  std::vector<ViewTerm> terms;
  Extent offset = 0;
};
/// One entry per source axis.
using ViewMap = std::vector<ViewIndex>;

/// The functions of resolve/Unary.def, and the operators.
enum class UnaryKind : uint8_t {
#define SINTER_UNARY(id, name, takes, folded) id,
#include "frontend/resolve/Unary.def"
  Neg,
  Not
};
enum class BinaryKind : uint8_t { Add, Sub, Mul, Div, FloorDiv, Mod, Pow, Maximum, Minimum, And, Or };
/// In the order of the dialect's Predicate.
enum class ComparePredicate : uint8_t { Equal, NotEqual, Less, LessEqual, Greater, GreaterEqual };
enum class ReduceKind : uint8_t { Sum, Max, Min, ArgMax };

/// An argument of a function of the root.
struct EmittedArgument {
  std::string name;
  TensorInfo type;
  std::optional<double> defaultValue;
};

/// A parameter as emission sees it, in the elaborator's numbering.
struct EmittedParameter {
  std::string path;
  Shape dims;
  Span declared;
  bool frozen = false; ///< training leaves it as it is
};
/// One family of parameters that share a symbol, in the order of the layers.
struct ParameterStack {
  std::string symbol;
  std::vector<unsigned> members; ///< numbers of parameters
};

class Emitter {
public:
  virtual ~Emitter() = default;

  /// Where the text of the ops that follow stands.
  virtual void at(Span span) = 0;

  // ---- values
  /// One value spread over the shape, or one per element of a constant shape.
  virtual TensorHandle constant(std::span<const double> values, const TensorInfo &type) = 0;
  /// The number of a dimension as a scalar.
  virtual TensorHandle dim(const Extent &extent, ElementType element) = 0;
  virtual TensorHandle iota(const Extent &count) = 0;
  virtual TensorHandle view(TensorHandle input, const ViewMap &map, const TensorInfo &type) = 0;
  virtual TensorHandle unary(UnaryKind kind, TensorHandle input, const TensorInfo &type) = 0;
  virtual TensorHandle binary(BinaryKind kind, TensorHandle lhs, TensorHandle rhs, const TensorInfo &type) = 0;
  virtual TensorHandle compare(ComparePredicate predicate, TensorHandle lhs, TensorHandle rhs,
                               const TensorInfo &type) = 0;
  virtual TensorHandle select(TensorHandle condition, TensorHandle onTrue, TensorHandle onFalse,
                              const TensorInfo &type) = 0;
  virtual TensorHandle cast(TensorHandle input, const TensorInfo &type) = 0;
  virtual TensorHandle concat(std::span<const TensorHandle> inputs, unsigned axis, const TensorInfo &type) = 0;
  virtual TensorHandle gather(TensorHandle table, TensorHandle ids, const TensorInfo &type) = 0;
  virtual TensorHandle pick(TensorHandle input, TensorHandle ids, const TensorInfo &type) = 0;
  /// `type` keeps the reduced axes as 1.
  virtual TensorHandle reduce(ReduceKind kind, TensorHandle input, std::span<const int64_t> axes,
                              const TensorInfo &type) = 0;
  virtual TensorHandle cumsum(TensorHandle input, unsigned axis, const TensorInfo &type) = 0;
  virtual std::pair<TensorHandle, TensorHandle> topK(TensorHandle input, const TensorInfo &values,
                                                     const TensorInfo &indices) = 0;
  /// `labels` is an einsum such as "abc,cd->abd".
  virtual TensorHandle contract(TensorHandle lhs, TensorHandle rhs, const std::string &labels,
                                const TensorInfo &type) = 0;
  /// The parameter with this number of the parameter list given to `finish`.
  virtual TensorHandle read(unsigned parameter, const TensorInfo &type) = 0;

  // ---- checks, functions, loops
  /// A condition on dimensions, checked at the call, before any op of the function.
  virtual void check(const Extent &lhs, ComparePredicate predicate, const Extent &rhs, const std::string &message,
                     std::span<const Extent> shown) = 0;
  virtual void beginFunction(const std::string &name, const std::optional<std::string> &causal) = 0;
  virtual TensorHandle addArgument(const EmittedArgument &argument) = 0;
  virtual void endFunction(std::span<const TensorHandle> results, std::span<const std::string> names) = 0;

  /// One `for`: every iteration is written as a block of its own, whose arguments are the carried
  /// values. `iteration` begins one and gives its arguments; `endIteration` takes the next values.
  virtual void beginLoop(std::span<const TensorHandle> carried) = 0;
  virtual std::vector<TensorHandle> beginIteration() = 0;
  virtual void endIteration(std::span<const TensorHandle> next) = 0;
  virtual std::vector<TensorHandle> endLoop() = 0;
};

} // namespace sinter::frontend

#endif

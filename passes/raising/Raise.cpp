// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// --sinter-raise: primitives in; softmax, norms and activations out where the mathematics is theirs. Each function is
// walked from its end, so that the last value that is a norm with its weight and bias is found before its parts are.
#include "passes/Passes.h"
#include "passes/raising/Attention.h"
#include "passes/raising/Recognize.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Dominance.h"
#include "mlir/IR/Remarks.h"
#include "mlir/Transforms/CSE.h"

#include <cmath>
#include <numbers>

namespace sinter::passes {
#define GEN_PASS_DEF_RAISE
#include "passes/Passes.h.inc"
} // namespace sinter::passes

using namespace mlir;
using namespace sinter;
using namespace sinter::ir;
using namespace sinter::passes::raising;
using Kind = Fused::Kind;

namespace {

/// Ops that a row function or an activation is looked for in. Their formulas are shorter by far.
constexpr unsigned windowSize = 48;

ir::TensorType typeOf(Value value) { return cast<ir::TensorType>(value.getType()); }

std::string nameOf(const Fused &fused) {
  switch (fused.kind) {
  case Kind::Softmax:
    return "softmax";
  case Kind::LogSoftmax:
    return "log_softmax";
  case Kind::CrossEntropy:
    return "cross_entropy";
  case Kind::L2Normalize:
    return "l2_normalize";
  case Kind::LayerNorm:
    return "layer_norm";
  case Kind::RmsNorm:
    return "rms_norm";
  case Kind::Activation:
    return stringifyActivationKind(fused.activation).str();
  }
  return "";
}

/// Where a formula can end.
bool mayBeRoot(Operation *op) {
  bool isEnd = isa<PickOp>(op) || (op->hasTrait<OpTrait::Elementwise>() && !isa<CastOp, SelectOp>(op));
  return isTransparent(op) && isEnd &&
         typeOf(op->getResult(0)).getElementType().isF32() && typeOf(op->getResult(0)).rank() > 0;
}

std::optional<Fused> recognize(const Site &site) {
  for (auto find : {recognizeSoftmax, recognizeLogSoftmax, recognizeCrossEntropy, recognizeNorm, recognizeL2Normalize,
                    recognizeActivation})
    if (std::optional<Fused> fused = find(site))
      return fused;
  return std::nullopt;
}

std::optional<Fused> recognize(Value root, uint64_t seed) {
  Window window(root, windowSize);
  bool transcendental = llvm::any_of(window.ops, [](Operation *op) {
    return isa<ExpOp, ErfOp, TanhOp, SqrtOp, PowOp>(op);
  });
  if (!transcendental)
    return std::nullopt;
  Terms terms(seed);
  ValueTerms values(terms, window);
  Site site{terms, values, root, window.values, {}};
  std::optional<Fused> fused = recognize(site);
  if (fused || !terms.lostSomething())
    return fused;
  // Constants before the formula's input may have been too large: the input by itself has none.
  for (Value input : sameShape(site)) {
    Terms fewer(seed);
    ValueTerms cut(fewer, window, input);
    if (std::optional<Fused> found = recognize(Site{fewer, cut, root, window.values, input}))
      return found;
  }
  return std::nullopt;
}

/// Makes the op and what is about it: the axis moved to the end and back, vectors, a factor.
class Maker {
public:
  Maker(OpBuilder &builder, Location loc, const Fused &fused) : builder(builder), loc(loc), fused(fused) {}

  Value make() {
    ir::TensorType type = typeOf(fused.input);
    bool hasAxis = fused.kind != Kind::Activation && fused.kind != Kind::CrossEntropy;
    bool moved = hasAxis && fused.axis + 1 != type.rank();
    Value input = moved ? swapped(fused.input) : fused.input;
    Value result = op(input);
    if (moved)
      result = swapped(result);
    if (fused.factor == 1)
      return result;
    Value factor = ConstantOp::create(builder, loc, result.getType(), builder.getDenseF64ArrayAttr({fused.factor}));
    return MulOp::create(builder, loc, result.getType(), result, factor);
  }

private:
  Value op(Value input) {
    Type type = input.getType();
    Value weight = vector(fused.weight), bias = vector(fused.bias);
    FloatAttr eps = builder.getF64FloatAttr(fused.eps);
    switch (fused.kind) {
    case Kind::Softmax:
      return SoftmaxOp::create(builder, loc, type, input);
    case Kind::LogSoftmax:
      return LogSoftmaxOp::create(builder, loc, type, input);
    case Kind::CrossEntropy:
      return CrossEntropyOp::create(builder, loc, input, fused.labels);
    case Kind::L2Normalize:
      return L2NormalizeOp::create(builder, loc, type, input, eps);
    case Kind::LayerNorm:
      return LayerNormOp::create(builder, loc, type, input, weight, bias, eps);
    case Kind::RmsNorm:
      return RmsNormOp::create(builder, loc, type, input, weight, eps);
    case Kind::Activation:
      return ActivationOp::create(builder, loc, type, fused.activation, input);
    }
    return input;
  }

  Value view(Value value, ArrayRef<Dim> dims, ArrayRef<AffineExpr> results) {
    MLIRContext *context = builder.getContext();
    auto map = IndexMapAttr::get(context, AffineMap::get(dims.size(), 0, results, context), {});
    auto type = ir::TensorType::get(context, dims, typeOf(value).getElementType());
    return ViewOp::create(builder, loc, type, value, map);
  }

  /// The op's axis and the last one change places.
  Value swapped(Value value) {
    SmallVector<Dim> dims = typeOf(value).getShapeDims();
    std::swap(dims[fused.axis], dims.back());
    SmallVector<AffineExpr> results;
    for (unsigned i = 0; i < dims.size(); ++i)
      results.push_back(builder.getAffineDimExpr(i));
    std::swap(results[fused.axis], results.back());
    return view(value, dims, results);
  }

  Value vector(const std::optional<Vector> &from) {
    if (!from || typeOf(from->value).rank() == 1)
      return from ? from->value : Value();
    SmallVector<AffineExpr> results(typeOf(from->value).rank(), builder.getAffineConstantExpr(0));
    results[from->axis] = builder.getAffineDimExpr(0);
    return view(from->value, typeOf(from->value).getDim(from->axis), results);
  }

  OpBuilder &builder;
  Location loc;
  const Fused &fused;
};

/// The places of all ops between the input and the root.
Location placeOf(Value root, Value input) {
  Window window(root, windowSize);
  llvm::DenseSet<Value> depends{input};
  SmallVector<Location> places;
  for (Value value : window.values) {
    Operation *op = value.getDefiningOp();
    if (!op || value == input || !window.ops.contains(op) ||
        llvm::none_of(op->getOperands(), [&](Value operand) { return depends.contains(operand); }))
      continue;
    depends.insert(value);
    places.push_back(op->getLoc());
  }
  std::reverse(places.begin(), places.end()); // the root's own first
  return FusedLoc::get(root.getContext(), places);
}

//===-- Why not --===//

/// The first users of a value that are no views.
SmallVector<Operation *> readers(Value value) {
  SmallVector<Operation *> result;
  for (Operation *user : value.getUsers()) {
    if (auto view = dyn_cast<ViewOp>(user))
      llvm::append_range(result, readers(view));
    else
      result.push_back(user);
  }
  return result;
}

template <typename... Ops> bool readBy(Value value) {
  return llvm::any_of(readers(value), [](Operation *op) { return isa<Ops...>(op); });
}

/// Whether `test` holds of an op within a few ops before `value`.
bool before(Value value, function_ref<bool(Operation *)> test) {
  Window window(value, 12);
  return llvm::any_of(window.ops, test);
}

/// The number that the value is everywhere.
std::optional<double> numberOf(Value value) {
  while (auto view = value.getDefiningOp<ViewOp>())
    value = view.getInput();
  auto constant = value.getDefiningOp<ConstantOp>();
  return constant && constant.getValues().size() == 1 ? std::optional(constant.getValues()[0]) : std::nullopt;
}

/// b^x with a number b.
bool isPowerOfNumber(Operation *op) {
  auto pow = dyn_cast_or_null<PowOp>(op);
  return pow && numberOf(pow.getLhs()) && !numberOf(pow.getRhs());
}

/// Whether `value` is an exponential, up to factors and choices.
bool isExponential(Value value, unsigned depth = 0) {
  Operation *op = value.getDefiningOp();
  if (isa_and_nonnull<ExpOp>(op) || isPowerOfNumber(op))
    return true;
  return op && depth < 6 && isa<ViewOp, MulOp, DivOp, SelectOp>(op) &&
         llvm::any_of(op->getOperands(), [&](Value operand) { return isExponential(operand, depth + 1); });
}

/// What an activation could have had; empty if it is none.
StringRef whyNoActivation(Operation *op) {
  if (isa<ErfOp>(op))
    return "an error function is not part of gelu: that is x / 2 * (1 + erf(x / sqrt 2)) with one x and these numbers";
  auto isCube = [](Operation *o) {
    if (auto pow = dyn_cast<PowOp>(o))
      return numberOf(pow.getRhs()) == 3.0;
    auto mul = dyn_cast<MulOp>(o);
    auto holds = [](Value product, Value x) {
      auto inner = product.getDefiningOp<MulOp>();
      return inner && !numberOf(x) && (inner.getLhs() == x || inner.getRhs() == x);
    };
    return mul && (holds(mul.getLhs(), mul.getRhs()) || holds(mul.getRhs(), mul.getLhs()));
  };
  if (isa<TanhOp>(op) && before(op->getResult(0), isCube)) {
    auto isNear = [](Operation *o) {
      return isa<MulOp>(o) && llvm::any_of(o->getOperands(), [](Value operand) {
        double off = std::abs(numberOf(operand).value_or(0) / std::sqrt(2 / std::numbers::pi) - 1);
        return off > 4e-13 && off < 1e-4;
      });
    };
    if (before(op->getResult(0), isNear))
      return "a tanh of x and its cube is not part of gelu by tanh: a number near sqrt(2 / pi) is not it to the digits of "
             "64 bits";
    return "a tanh of x and its cube is not part of gelu by tanh: that has sqrt(2 / pi) * (x + 0.044715 * x^3), and the same x "
           "before it";
  }
  // 1 / (1 + exp(a)), times something that a is computed from.
  auto add = dyn_cast<AddOp>(op);
  if (!add || !(isExponential(add.getLhs()) || isExponential(add.getRhs())))
    return {};
  auto isOne = [](Value value) {
    auto constant = value.getDefiningOp<ConstantOp>();
    return constant && constant.getValues().size() == 1 && constant.getValues()[0] == 1;
  };
  if (!isOne(add.getLhs()) && !isOne(add.getRhs()))
    return {};
  Window argument(add.getResult(), 6);
  for (Operation *reader : readers(add.getResult())) {
    auto div = dyn_cast<DivOp>(reader);
    if (!div || div.getRhs() != add.getResult())
      continue;
    SmallVector<Value> factors{div.getLhs()};
    for (Operation *product : readers(div.getResult()))
      if (auto mul = dyn_cast<MulOp>(product))
        factors.push_back(mul.getLhs() == div.getResult() ? mul.getRhs() : mul.getLhs());
    for (Value factor : factors)
      if (!isOne(factor) && llvm::is_contained(argument.values, factor))
        return "a sigmoid times what it is computed from is not silu: that is x / (1 + exp(-x)), with nothing before x";
  }
  return {};
}

/// Whether the sum, or the sum of such sums, has more than one axis.
bool isOverSeveral(Operation *op) {
  auto sum = dyn_cast<SumOp>(op);
  return sum && (sum.getAxes().size() > 1 || readBy<SumOp>(sum.getResult()));
}

/// v - eps or v + -eps.
bool isLessANumber(Operation *op) {
  if (!isa_and_nonnull<AddOp, SubOp>(op))
    return false;
  std::optional<double> number = numberOf(op->getOperand(1));
  return number && (isa<SubOp>(op) ? *number > 0 : *number < 0);
}

/// A reduction that a softmax or a norm could have had; empty if it is none.
StringRef whyNot(Operation *op) {
  if (isa<SumOp>(op) && isExponential(op->getOperand(0))) {
    Value sum = op->getResult(0);
    if (isOverSeveral(op))
      return "a sum of exponentials is not part of a softmax: it is over several axes";
    ArrayRef<int64_t> axes = cast<SumOp>(op).getAxes();
    if (axes.size() == 1 && typeOf(op->getOperand(0)).getDim(axes[0]).isConstant(1) && readBy<DivOp>(sum))
      return "a sum of exponentials is not part of a softmax: its axis has one entry, so that it is 1 everywhere";
    if (before(sum, isPowerOfNumber))
      return "a sum of exponentials is not part of a softmax: they are powers of another number than e";
    if (readBy<LogOp>(sum))
      return "a sum of exponentials is not part of a softmax: its logarithm is taken";
    if (readBy<AddOp, SubOp, MaximumOp>(sum))
      return "a sum of exponentials is not part of a softmax: something is added to it, or it is clamped";
    return "a sum of exponentials is not part of a softmax: what it divides is not, element by element, the exponentials "
           "that are summed";
  }
  auto squares = [](Operation *o) {
    auto sum = dyn_cast<SumOp>(o);
    return sum && before(sum.getInput(), [](Operation *m) {
      auto mul = dyn_cast<MulOp>(m);
      return isa<PowOp>(m) || (mul && mul.getLhs() == mul.getRhs());
    });
  };
  if (isa<SqrtOp>(op) && before(op->getResult(0), squares)) {
    Value root = op->getResult(0);
    if (before(root, [&](Operation *sum) { return squares(sum) && isOverSeveral(sum); }))
      return "the root of a mean square is not part of a norm: the mean is over several axes";
    if (before(root, [&](Operation *o) { return isa<MaximumOp>(o) && before(o->getResult(0), squares); }))
      return "the root of a mean square is not part of a norm: what the root is of is clamped";
    if (isLessANumber(op->getOperand(0).getDefiningOp()))
      return "the root of a mean square is not part of a norm: its eps is negative";
    if (readBy<AddOp, SubOp>(root))
      return "the root of a mean square is not part of a norm: something is added to the root";
    if (readBy<MaximumOp>(root))
      return "the root of a mean square is not part of a norm: the root is clamped, as of the length of a row, but what it "
             "divides is not that row";
    return "the root of a mean square is not part of a norm: what it divides is neither the row nor the centred row of "
           "that mean";
  }
  return {};
}

struct Raise : passes::impl::RaiseBase<Raise> {
  using RaiseBase::RaiseBase;

  void runOnOperation() override {
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (!function.isExternal())
        raiseIn(function);
  }

  bool raiseAttention(Operation *op, func::FuncOp function) {
    if (op->getNumResults() != 1 || !isa<ir::TensorType>(op->getResult(0).getType()))
      return false;
    StringRef why;
    auto options = remark::RemarkOpts::name("attention").category("raise").function(function.getSymName());
    std::optional<AttentionMatch> match = recognizeAttention(op->getResult(0), seed, why);
    if (!match) {
      if (!why.empty() && isa<ContractOp>(op))
        remark::missed(op->getLoc(), options) << why;
      return false;
    }
    OpBuilder builder(op);
    Value value = buildAttention(builder, *match);
    remark::passed(op->getLoc(), options) << "raised";
    op->replaceAllUsesWith(ValueRange(value));
    op->erase();
    ++raised;
    return true;
  }

  void raiseIn(func::FuncOp function) {
    SmallVector<Operation *> ops;
    // A loop stands before its body: one that is dead goes last, when nothing of its body is to come.
    function.walk<WalkOrder::PreOrder>([&](Operation *op) { ops.push_back(op); });
    bool changed = false;
    for (Operation *op : llvm::reverse(ops)) {
      if (isOpTriviallyDead(op)) {
        op->erase();
        continue;
      }
      if (raiseAttention(op, function)) {
        changed = true;
        continue;
      }
      if (!mayBeRoot(op))
        continue;
      std::optional<Fused> fused = recognize(op->getResult(0), seed);
      if (!fused)
        continue;
      Location loc = placeOf(op->getResult(0), fused->input);
      OpBuilder builder(op);
      op->replaceAllUsesWith(ValueRange(Maker(builder, loc, *fused).make()));
      op->erase();
      remark::passed(loc, remark::RemarkOpts::name(nameOf(*fused)).category("raise").function(function.getSymName()))
          << "raised";
      ++raised;
      changed = true;
    }
    for (LinearOp linear : raiseLinear(function)) {
      remark::passed(linear.getLoc(), remark::RemarkOpts::name("linear").category("raise").function(function.getSymName()))
          << "raised";
      ++raised;
      changed = true;
    }
    if (changed) {
      IRRewriter rewriter(&getContext());
      DominanceInfo dominance(function);
      eliminateCommonSubExpressions(rewriter, dominance, function);
    }
    if (!getContext().getRemarkEngine())
      return;
    function.walk([&](Operation *op) {
      if (StringRef reason = whyNoActivation(op); !reason.empty())
        remark::missed(op->getLoc(), remark::RemarkOpts::name("activation").category("raise").function(function.getSymName()))
            << reason;
      if (StringRef reason = whyNot(op); !reason.empty())
        remark::missed(op->getLoc(), remark::RemarkOpts::name(isa<SumOp>(op) ? "softmax" : "norm")
                                         .category("raise").function(function.getSymName()))
            << reason;
    });
  }
};

} // namespace

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// --sinter-simplify: the frontend's module in, the same program in canonical form out. Folders and canonicalizations
// of single ops live beside the ops; here is what looks at two ops, or at the whole module.
#include "passes/Passes.h"

#include "ir/sinter/Sinter.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Dominance.h"
#include "mlir/Transforms/CSE.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace sinter::passes {
#define GEN_PASS_DEF_SIMPLIFY
#include "passes/Passes.h.inc"
} // namespace sinter::passes

using namespace mlir;
using namespace sinter;
using namespace sinter::ir;

namespace {

/// For each axis of the view's input the axis of its result that runs along the whole of it; nothing if some axis is
/// read otherwise (a slice, a split, one index).
std::optional<SmallVector<unsigned>> wholeAxes(ViewOp view) {
  ir::TensorType input = view.getInput().getType(), result = view.getType();
  SmallVector<unsigned> axes;
  for (auto [axis, expr] : llvm::enumerate(view.getMap().getMap().getResults())) {
    auto dim = dyn_cast<AffineDimExpr>(expr);
    if (!dim || llvm::is_contained(axes, dim.getPosition()) || input.getDim(axis) != result.getDim(dim.getPosition()))
      return std::nullopt;
    axes.push_back(dim.getPosition());
  }
  return axes;
}

std::string joinLabels(StringRef lhs, StringRef rhs, StringRef result) {
  return (lhs + "," + rhs + "->" + result).str();
}

/// contract(view(x)) -> contract(x): a permutation becomes other labels, a broadcast of a batch label no label.
struct AbsorbOperandView : OpRewritePattern<ContractOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(ContractOp op, PatternRewriter &rewriter) const override {
    for (unsigned side : {0u, 1u}) {
      auto view = op->getOperand(side).getDefiningOp<ViewOp>();
      if (!view)
        continue;
      std::optional<SmallVector<unsigned>> axes = wholeAxes(view);
      if (!axes)
        continue;
      std::array<StringRef, 3> parts = op.getLabelParts();
      std::string labels;
      for (unsigned axis : *axes)
        labels += parts[side][axis];
      bool dropsNeeded = llvm::any_of(parts[side], [&](char label) {
        return !StringRef(labels).contains(label) && !(parts[1 - side].contains(label) && parts[2].contains(label));
      });
      if (dropsNeeded)
        continue;
      parts[side] = labels;
      rewriter.modifyOpInPlace(op, [&] {
        op->setOperand(side, view.getInput());
        op.setLabels(joinLabels(parts[0], parts[1], parts[2]));
        op->setLoc(rewriter.getFusedLoc({op.getLoc(), view.getLoc()}));
      });
      return success();
    }
    return rewriter.notifyMatchFailure(op, "no operand is a permutation or a broadcast of batch axes");
  }
};

/// view(contract) -> contract, if the view permutes a result that nobody else reads.
struct AbsorbResultView : OpRewritePattern<ViewOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(ViewOp view, PatternRewriter &rewriter) const override {
    auto contract = view.getInput().getDefiningOp<ContractOp>();
    if (!contract || !contract->hasOneUse())
      return rewriter.notifyMatchFailure(view, "not the only reader of a contraction");
    std::optional<SmallVector<unsigned>> axes = wholeAxes(view);
    if (!axes || axes->size() != view.getType().rank())
      return rewriter.notifyMatchFailure(view, "no permutation");
    std::array<StringRef, 3> parts = contract.getLabelParts();
    std::string labels(axes->size(), ' ');
    for (auto [label, axis] : llvm::zip_equal(parts[2], *axes))
      labels[axis] = label;
    auto fused = ContractOp::create(rewriter, rewriter.getFusedLoc({contract.getLoc(), view.getLoc()}), view.getType(),
                                    contract.getLhs(), contract.getRhs(), joinLabels(parts[0], parts[1], labels));
    rewriter.replaceOp(view, fused);
    rewriter.eraseOp(contract);
    return success();
  }
};

/// A stack that the body does not look at is not carried along.
struct DropUnusedStacks : OpRewritePattern<RepeatOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(RepeatOp op, PatternRewriter &rewriter) const override {
    unsigned carried = op.getCarried().size();
    for (unsigned i = op.getStacked().size(); i-- > 0;) {
      if (!op.getBlock().getArgument(carried + i).use_empty())
        continue;
      rewriter.modifyOpInPlace(op, [&] {
        op.getStackedMutable().erase(i);
        op.getBlock().eraseArgument(carried + i);
      });
      return success();
    }
    return rewriter.notifyMatchFailure(op, "every stack is read");
  }
};

struct Simplify : passes::impl::SimplifyBase<Simplify> {
  LogicalResult initialize(MLIRContext *context) override {
    RewritePatternSet set(context);
    for (RegisteredOperationName name : context->getRegisteredOperations())
      if (isa_and_nonnull<SinterDialect>(&name.getDialect()))
        name.getCanonicalizationPatterns(set, context);
    set.add<AbsorbOperandView, AbsorbResultView, DropUnusedStacks>(context);
    patterns = std::move(set);
    return success();
  }

  void runOnOperation() override {
    ModuleOp module = getOperation();
    IRRewriter rewriter(&getContext());
    DominanceInfo dominance;
    GreedyRewriteConfig config;
    config.setRegionSimplificationLevel(GreedySimplifyRegionLevel::Disabled);
    // Merging equal values leaves single readers, which the patterns ask for.
    for (int round = 0; round < 2; ++round) {
      (void)applyPatternsGreedily(module, patterns, config);
      for (auto function : module.getOps<func::FuncOp>())
        if (!function.isExternal())
          eliminateCommonSubExpressions(rewriter, dominance, function);
    }
    removeDeadParameters(module);
  }

  static void removeDeadParameters(ModuleOp module) {
    llvm::DenseSet<StringAttr> used;
    module.walk([&](ReadOp read) { used.insert(read.getNameAttr().getAttr()); });
    for (ParameterOp parameter : llvm::make_early_inc_range(module.getOps<ParameterOp>()))
      if (!used.contains(parameter.getSymNameAttr()))
        parameter.erase();
  }

  FrozenRewritePatternSet patterns;
};

} // namespace

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// --sinter-fuse-attention: a contraction, a softmax over its rows and a contraction with the weights in; one
// kernel.attention out. The first one's epilogue becomes the score, and its last select against `lowest` the mask. Keys
// and values are read where they lie, so their moves into panels disappear.
#include "passes/Passes.h"
#include "passes/fusion/Fusion.h"
#include "passes/support/Maps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/IRMapping.h"

#include <cfloat>

namespace sinter::passes {
#define GEN_PASS_DEF_FUSEATTENTION
#include "passes/Passes.h.inc"
} // namespace sinter::passes

using namespace mlir;
using namespace sinter;
using namespace sinter::ir::kernel;

//===-- Recognizing --===//

/// Whether the block yields exp(argument 0 - argument 1), divided by argument 2 if `isDivided`, and nothing else.
static bool isSoftmaxBody(Block &block, bool isDivided) {
  Value result = block.getTerminator()->getOperand(0);
  if (isDivided) {
    auto quotient = result.getDefiningOp<arith::DivFOp>();
    if (!quotient || quotient.getRhs() != block.getArgument(2))
      return false;
    result = quotient.getLhs();
  }
  auto power = result.getDefiningOp<math::ExpOp>();
  auto difference = power ? power.getOperand().getDefiningOp<arith::SubFOp>() : arith::SubFOp();
  return difference && difference.getLhs() == block.getArgument(0) && difference.getRhs() == block.getArgument(1);
}

/// softmax over the last axis of its only input.
static bool isSoftmax(RowOp row) {
  auto kinds = row.getKinds();
  if (row.getPerRow() || row.getReduced() != 1 || row.getInputs().size() != 1 || row->getNumResults() != 1 ||
      kinds.size() != 2 || cast<StringAttr>(kinds[0]).getValue() != "max" ||
      cast<StringAttr>(kinds[1]).getValue() != "sum")
    return false;
  SmallVector<Dim> domain = ir::toDims(row.getDomain());
  auto source = cast<BufferType>(row.getInputs()[0].getType());
  Block &largest = row.getStages()[0].front();
  return passes::isIdentityOn(cast<ir::IndexMapAttr>(row.getMaps()[0]), domain, source.getShapeDims()) &&
         largest.getTerminator()->getOperand(0) == largest.getArgument(0) &&
         isSoftmaxBody(row.getStages()[1].front(), false) && isSoftmaxBody(row.getFinish().front(), true);
}

static bool isPlain(ContractOp contract) {
  Block &epilogue = contract.getEpilogue().front();
  return contract.getExtras().empty() && epilogue.getTerminator()->getOperand(0) == epilogue.getArgument(0);
}

/// A dense matrix behind the panels that a contraction reads: the move's source, and its map from (batch..., n, k)
/// where the two last are swapped if `isSwapped`. Null if something else makes the panels.
static passes::Input behindPanels(ContractOp contract, bool isSwapped) {
  auto move = contract.getRhs().getDefiningOp<MoveOp>();
  if (!move || cast<BufferType>(move.getInput().getType()).isPanels())
    return {};
  MLIRContext *context = contract.getContext();
  unsigned batch = contract.getBatch();
  ir::IndexMapAttr lead = contract.getRhsMap();
  SmallVector<AffineExpr> index(lead.getMap().getResults());
  index.push_back(getAffineDimExpr(batch + (isSwapped ? 1 : 0), context));
  index.push_back(getAffineDimExpr(batch + (isSwapped ? 0 : 1), context));
  auto inner = ir::IndexMapAttr::get(context, AffineMap::get(batch + 2, lead.getMap().getNumSymbols(), index, context),
                                     lead.getSymbols());
  SmallVector<Dim> domain = contract.getType().getShapeDims(),
                   panels = cast<BufferType>(contract.getRhs().getType()).getShapeDims();
  domain.truncate(batch);
  Dim n = panels[panels.size() - 2], k = panels.back();
  domain.append({isSwapped ? k : n, isSwapped ? n : k});
  return {move.getInput(), passes::compose(move.getMap(), inner, domain)};
}

//===-- Building --===//

namespace {
struct Match {
  ContractOp scores, output;
  RowOp softmax;
  passes::Input key, value;
  /// Null, or why the three are no attention that a kernel computes.
  const char *refusal = nullptr;
};
} // namespace

static bool isWithin(const Dim &dim) {
  std::optional<int64_t> width = dim.constant();
  return width && *width >= 1 && *width <= maxAttentionWidth;
}

/// Nothing if the row is no softmax between two contractions.
static std::optional<Match> match(RowOp row) {
  Match match;
  match.softmax = row;
  if (row->getNumOperands() == 0 || row->getNumResults() != 1)
    return std::nullopt;
  match.scores = row->getOperand(0).getDefiningOp<ContractOp>();
  if (!match.scores || row->use_empty())
    return std::nullopt;
  for (Operation *user : row->getUsers())
    if (auto contract = dyn_cast<ContractOp>(user); contract && contract.getLhs() == row.getResult(0))
      match.output = contract;
  if (!match.output || !isSoftmax(row))
    return std::nullopt;
  ContractOp scores = match.scores, output = match.output;
  BufferType type = output.getType();
  SmallVector<Dim> weights = cast<BufferType>(row.getResult(0).getType()).getShapeDims();
  unsigned rank = type.rank();
  if (!row->hasOneUse() || !scores->hasOneUse())
    match.refusal = "its scores or weights are read elsewhere, too";
  else if (scores->getBlock() != output->getBlock())
    match.refusal = "scores and result are computed in different loops";
  else if (scores.getBatch() != output.getBatch() || output.getBatch() + 2 != rank || weights.size() != rank ||
           !passes::isIdentityOn(output.getLhsMap(), weights, weights) ||
           ArrayRef(weights).drop_back() != ArrayRef<Dim>(type.getShapeDims()).drop_back())
    match.refusal = "queries are not one axis behind the batch axes of both contractions";
  else if (!isPlain(output))
    match.refusal = "something else is computed from the result before it is stored";
  else if (!isWithin(type.getShapeDims().back()) ||
           !isWithin(cast<BufferType>(scores.getRhs().getType()).getShapeDims().back()))
    match.refusal = "the heads' width is not a constant of at most 256";
  if (match.refusal)
    return match;
  match.key = behindPanels(scores, /*isSwapped=*/false);
  match.value = behindPanels(output, /*isSwapped=*/true);
  if (!match.key.value || !match.value.value || !match.key.map.isLinear() || !match.value.map.isLinear())
    match.refusal = "keys or values are not read through a linear map";
  return match;
}

/// The condition where the block yields select(condition, x, lowest) and the condition does not depend on the product.
static Value maskOf(Block &score) {
  auto select = score.getTerminator()->getOperand(0).getDefiningOp<arith::SelectOp>();
  auto constant = select ? select.getFalseValue().getDefiningOp<arith::ConstantOp>() : arith::ConstantOp();
  auto number = constant ? dyn_cast<FloatAttr>(constant.getValue()) : FloatAttr();
  if (!number || number.getValueAsDouble() != -static_cast<double>(FLT_MAX))
    return {};
  SmallVector<Value> open = {select.getCondition()};
  while (!open.empty()) {
    Value value = open.pop_back_val();
    if (value == score.getArgument(0))
      return {};
    if (Operation *op = value.getDefiningOp())
      llvm::append_range(open, op->getOperands());
  }
  return select.getCondition();
}

static void eraseDead(Block &block) {
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block)))
    if (isOpTriviallyDead(&op))
      op.erase();
}

static void fuse(Match &match) {
  ContractOp scores = match.scores, output = match.output;
  OpBuilder builder(output);
  BufferType keyPanels = cast<BufferType>(scores.getRhs().getType());
  Block &epilogue = scores.getEpilogue().front();
  Value condition = maskOf(epilogue);
  auto dimAttr = [&](const Dim &dim) { return ir::DimAttr::get(builder.getContext(), dim); };
  Location loc = builder.getFusedLoc({scores.getLoc(), match.softmax.getLoc(), output.getLoc()});
  auto attention = AttentionOp::create(
      builder, loc, output.getType(), scores.getLhs(), match.key.value, match.value.value, scores.getExtras(),
      output.getBatch(), dimAttr(scores.getType().getShapeDims().back()), dimAttr(keyPanels.getShapeDims().back()),
      scores.getLhsMap(), match.key.map, match.value.map, scores.getExtraMaps(), /*masksCount=*/condition ? 1 : 0);

  if (condition) {
    Block *mask = builder.createBlock(attention.getMask());
    IRMapping mapping;
    for (BlockArgument argument : epilogue.getArguments().drop_front())
      mapping.map(argument, mask->addArgument(argument.getType(), argument.getLoc()));
    // The mask does not depend on the product; what does is dead in the copy and only needs something in its place.
    mapping.map(epilogue.getArgument(0), arith::ConstantOp::create(builder, loc, builder.getF32FloatAttr(0)));
    for (Operation &op : epilogue.without_terminator())
      builder.clone(op, mapping);
    YieldOp::create(builder, loc, mapping.lookup(condition));
    eraseDead(*mask);
    auto select = epilogue.getTerminator()->getOperand(0).getDefiningOp<arith::SelectOp>();
    epilogue.getTerminator()->setOperand(0, select.getTrueValue());
  }
  attention.getScore().takeBody(scores.getEpilogue());
  eraseDead(attention.getScore().front());

  output.replaceAllUsesWith(attention.getResult());
  Operation *values = output.getRhs().getDefiningOp(), *keys = scores.getRhs().getDefiningOp();
  for (Operation *op : {output.getOperation(), match.softmax.getOperation(), scores.getOperation()})
    op->erase();
  for (Operation *move : {values, keys})
    if (move->use_empty())
      move->erase();
}

namespace {
struct FuseAttention : passes::impl::FuseAttentionBase<FuseAttention> {
  void runOnOperation() override {
    SmallVector<RowOp> rows;
    getOperation().walk([&](RowOp row) { rows.push_back(row); });
    for (RowOp row : rows) {
      std::optional<Match> found = match(row);
      if (!found)
        continue;
      if (found->refusal)
        row.emitRemark("attention is not fused: ") << found->refusal;
      else
        fuse(*found);
    }
  }
};
} // namespace

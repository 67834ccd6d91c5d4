// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// --sinter-narrow-storage: prepared weights and pools of f32 in; the same, stored in bf16 or f16, out. Arithmetic stays
// in f32: whatever reads a buffer widens, whatever writes one rounds.
#include "passes/Passes.h"
#include "passes/prepare/Prepare.h"
#include "passes/support/Inputs.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace sinter::passes {
#define GEN_PASS_DEF_NARROWSTORAGE
#include "passes/Passes.h.inc"
} // namespace sinter::passes

using namespace mlir;
using namespace sinter;
using namespace sinter::ir::kernel;

namespace {

BufferType narrowed(Type type, Type element) {
  auto buffer = cast<BufferType>(type);
  return BufferType::get(type.getContext(), buffer.getShapeDims(), element, buffer.getLayout());
}

/// Whether every number of the value is a parameter's, or 0: moves and choices alone lie between. Notes the parameters.
bool isChosen(Value value, SmallVectorImpl<ReadOp> &parameters) {
  Operation *op = value.getDefiningOp();
  if (auto read = dyn_cast_or_null<ReadOp>(op)) {
    parameters.push_back(read);
    return true;
  }
  if (auto move = dyn_cast_or_null<MoveOp>(op))
    return isChosen(move.getInput(), parameters);
  auto pointwise = dyn_cast_or_null<PointwiseOp>(op);
  if (!pointwise || pointwise->getNumResults() != 1)
    return false;
  Block &body = pointwise.getBody().front();
  auto isNumber = [](Type type) { return isa<FloatType>(type); };
  for (Operation &inner : body.without_terminator()) {
    auto constant = dyn_cast<arith::ConstantOp>(inner);
    bool isZero = constant && isa<FloatAttr>(constant.getValue()) && cast<FloatAttr>(constant.getValue()).getValue().isPosZero();
    if (llvm::any_of(inner.getResultTypes(), isNumber) && !isa<arith::SelectOp>(inner) && !isZero)
      return false;
  }
  return llvm::all_of(pointwise.getInputs(), [&](Value input) {
    return !cast<BufferType>(input.getType()).getElementType().isF32() || isChosen(input, parameters);
  });
}

class Narrower {
public:
  Narrower(ModuleOp module, Type weights, Type cache, bool isAsStored, const passes::StoredAs &storedAs)
      : module(module), weights(weights), cache(cache), isAsStored(isAsStored), storedAs(storedAs) {}

  LogicalResult run() {
    for (auto function : module.getOps<func::FuncOp>()) {
      if (function.isExternal())
        continue;
      if (cache && failed(narrowStates(function)))
        return failure();
    }
    if (weights || isAsStored)
      module.walk([&](WriteOp write) { narrowWeight(write); });
    return success();
  }

private:
  //===-- Weights --===//

  /// Null: leave it.
  Type elementFor(WriteOp write) {
    if (weights)
      return weights;
    SmallVector<ReadOp> parameters;
    if (!storedAs || !isChosen(write.getValue(), parameters) || parameters.empty())
      return {};
    std::string common = storedAs(parameters.front().getName());
    for (ReadOp read : parameters)
      if (storedAs(read.getName()) != common)
        return {};
    Builder builder(module.getContext());
    return common == "bf16" ? Type(builder.getBF16Type()) : common == "f16" ? Type(builder.getF16Type()) : Type();
  }

  /// Panels, and tables that are gathered from: what a step reads much of.
  static bool isWorthIt(Value value, bool &isRead) {
    return llvm::all_of(value.getUses(), [&](OpOperand &use) {
      Operation *user = use.getOwner();
      isRead = true;
      if (auto contract = dyn_cast<ContractOp>(user))
        return use.getOperandNumber() == 1;
      if (isa<GatherOp>(user))
        return use.getOperandNumber() == 0;
      auto repeat = dyn_cast<RepeatOp>(user);
      return repeat && use.getOperandNumber() >= repeat.getCarried().size() &&
             isWorthIt(repeat.getBlock().getArgument(use.getOperandNumber()), isRead);
    });
  }

  static void retypeWeight(Value value, BufferType type) {
    value.setType(type);
    for (OpOperand &use : value.getUses())
      if (auto repeat = dyn_cast<RepeatOp>(use.getOwner())) {
        Value slice = repeat.getBlock().getArgument(use.getOperandNumber());
        retypeWeight(slice, narrowed(slice.getType(), type.getElementType()));
      }
  }

  void narrowWeight(WriteOp write) {
    auto type = cast<BufferType>(write.getValue().getType());
    if (!type.getElementType().isF32())
      return;
    SmallVector<ReadOp> reads;
    bool isRead = false, isFit = true;
    module.walk([&](ReadOp read) {
      if (read.getName() != write.getName())
        return;
      reads.push_back(read);
      isFit &= isWorthIt(read.getResult(), isRead);
    });
    Type element = isRead && isFit ? elementFor(write) : Type();
    if (!element)
      return;
    BufferType stored = narrowed(type, element);
    auto move = write.getValue().getDefiningOp<MoveOp>();
    if (move && move->hasOneUse()) {
      move.getResult().setType(stored);
    } else {
      OpBuilder builder(write);
      auto identity = AffineMap::getMultiDimIdentityMap(type.rank(), module.getContext());
      write.getValueMutable().assign(MoveOp::create(builder, write.getLoc(), stored, write.getValue(),
                                                    ir::IndexMapAttr::get(module.getContext(), identity, {})));
    }
    auto symbol = module.lookupSymbol<PreparedOp>(write.getName());
    symbol.setTypeAttr(TypeAttr::get(stored));
    for (ReadOp read : reads)
      retypeWeight(read.getResult(), stored);
  }

  //===-- Pools --===//

  LogicalResult narrowStates(func::FuncOp function) {
    bool isChanged = false;
    for (BlockArgument argument : function.getArguments()) {
      if (!function.getArgAttr(argument.getArgNumber(), "sinter.state") ||
          !cast<BufferType>(argument.getType()).getElementType().isF32())
        continue;
      isChanged = true;
      if (failed(retypePool(argument)))
        return failure();
    }
    if (isChanged)
      function.setType(FunctionType::get(module.getContext(), function.getBody().front().getArgumentTypes(),
                                         function.getBody().front().getTerminator()->getOperandTypes()));
    return success();
  }

  /// The pool, and all that appending makes of it.
  LogicalResult retypePool(Value value) {
    auto type = cast<BufferType>(value.getType());
    if (type.getElementType() == cache)
      return success();
    value.setType(narrowed(type, cache));
    for (OpOperand &use : value.getUses()) {
      Operation *user = use.getOwner();
      if (auto append = dyn_cast<AppendOp>(user)) {
        if (use.getOperandNumber() == 0 && failed(retypePool(append.getResult())))
          return failure();
      } else if (auto repeat = dyn_cast<RepeatOp>(user)) {
        unsigned number = use.getOperandNumber();
        if (failed(retypePool(repeat.getBlock().getArgument(number))))
          return failure();
        // A carried pool is a result whatever the body does with it.
        if (number < repeat.getCarried().size() && failed(retypePool(repeat.getResult(number))))
          return failure();
      } else if (auto yield = dyn_cast<YieldOp>(user); yield && isa<RepeatOp>(yield->getParentOp())) {
        if (failed(retypePool(yield->getParentOp()->getResult(use.getOperandNumber()))))
          return failure();
      } else if (auto move = dyn_cast<MoveOp>(user); move && move.getType().isPanels()) {
        return user->emitError("a cache of ") << cache << " cannot be read in panels";
      } else if (!isa<AttentionOp, GatherOp, PointwiseOp, RowOp, MoveOp, func::ReturnOp>(user)) {
        return user->emitError("a cache of ") << cache << " cannot be read here";
      }
    }
    return success();
  }

  ModuleOp module;
  Type weights, cache; ///< null: as they are
  bool isAsStored;
  const passes::StoredAs &storedAs;
};

struct NarrowStorage : passes::impl::NarrowStorageBase<NarrowStorage> {
  using Base::Base;
  NarrowStorage(const passes::NarrowStorageOptions &options, passes::StoredAs storedAs)
      : Base(options), storedAs(std::move(storedAs)) {}

  void runOnOperation() override {
    Builder builder(&getContext());
    auto typeOf = [&](StringRef name) {
      return name == "bf16" ? Type(builder.getBF16Type()) : name == "f16" ? Type(builder.getF16Type()) : Type();
    };
    auto refuse = [&](StringRef name) {
      getOperation().emitError() << "nothing is stored as '" << name << "': f32, bf16 or f16 is expected";
      signalPassFailure();
    };
    if (weights != "f32" && weights != "stored" && !typeOf(weights))
      return refuse(weights);
    if (cache != "f32" && !typeOf(cache))
      return refuse(cache);
    if (failed(Narrower(getOperation(), typeOf(weights), typeOf(cache), weights == "stored", storedAs).run()))
      signalPassFailure();
  }

  passes::StoredAs storedAs;
};

} // namespace

std::unique_ptr<Pass> passes::createNarrowStorage(const NarrowStorageOptions &options, StoredAs storedAs) {
  return std::make_unique<NarrowStorage>(options, std::move(storedAs));
}

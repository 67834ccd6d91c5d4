// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Edits of a skeleton's inputs and of the scalar code in its regions.
#include "passes/support/Inputs.h"
#include "passes/support/Maps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace sinter;
using namespace sinter::ir::kernel;
using ir::DimAttr;
using ir::IndexMapAttr;
using passes::Input;
using passes::Inputs;

std::optional<Inputs> Inputs::of(Operation *op) {
  return TypeSwitch<Operation *, std::optional<Inputs>>(op)
      .Case([](PointwiseOp pointwise) {
        Inputs inputs(pointwise, 0, 0, "maps");
        inputs.domain = cast<BufferType>(pointwise.getResult(0).getType()).getShapeDims();
        inputs.blocks = {&pointwise.getBody().front()};
        return inputs;
      })
      .Case([](RowOp row) {
        Inputs inputs(row, 0, 0, "maps");
        inputs.domain = ir::toDims(row.getDomain());
        for (Region &stage : row.getStages())
          inputs.blocks.push_back(&stage.front());
        if (!row.getPerRow())
          inputs.blocks.push_back(&row.getFinish().front());
        return inputs;
      })
      .Case([](ContractOp contract) {
        Inputs inputs(contract, 2, 1, "extraMaps");
        inputs.domain = contract.getType().getShapeDims();
        inputs.blocks = {&contract.getEpilogue().front()};
        return inputs;
      })
      .Case([](AttentionOp attention) {
        Inputs inputs(attention, 3, 1, "extraMaps");
        inputs.domain = attention.getDomain();
        inputs.blocks = {&attention.getScore().front()};
        if (Region *mask = attention.getMask())
          inputs.blocks.push_back(&mask->front());
        return inputs;
      })
      .Default([](Operation *) { return std::nullopt; });
}

ArrayAttr Inputs::getMaps() const { return op->getAttrOfType<ArrayAttr>(mapsName); }

void Inputs::setMaps(ArrayRef<Attribute> maps) { op->setAttr(mapsName, ArrayAttr::get(op->getContext(), maps)); }

unsigned Inputs::size() const { return getMaps().size(); }

Input Inputs::get(unsigned position) const {
  return {op->getOperand(firstOperand + position), cast<IndexMapAttr>(getMaps()[position])};
}

void Inputs::set(unsigned position, Input input) {
  SmallVector<Attribute> maps(getMaps().getValue());
  maps[position] = input.map;
  setMaps(maps);
  op->setOperand(firstOperand + position, input.value);
}

BlockArgument Inputs::scalar(Block *block, unsigned position) const {
  return block->getArgument(firstScalarOf(block) + position);
}

/// A mask sees the extras alone.
unsigned Inputs::firstScalarOf(Block *block) const {
  auto attention = dyn_cast<AttentionOp>(op);
  return attention && block->getParent() == attention.getMask() ? 0 : firstScalar;
}

unsigned Inputs::regionsReading(unsigned position) const {
  return llvm::count_if(blocks, [&](Block *block) { return !scalar(block, position).use_empty(); });
}

unsigned Inputs::add(Input input) {
  unsigned count = size();
  for (unsigned i = 0; i < count; ++i)
    if (get(i) == input)
      return i;
  Type element = cast<BufferType>(input.value.getType()).getScalarType();
  for (Block *block : blocks)
    block->insertArgument(firstScalarOf(block) + count, element, op->getLoc());
  if (auto attention = dyn_cast<AttentionOp>(op))
    attention.getExtrasMutable().append(input.value);
  else
    op->insertOperands(firstOperand + count, input.value);
  SmallVector<Attribute> maps(getMaps().getValue());
  maps.push_back(input.map);
  setMaps(maps);
  return count;
}

void Inputs::erase(unsigned position) {
  for (Block *block : blocks)
    block->eraseArgument(firstScalarOf(block) + position);
  if (auto attention = dyn_cast<AttentionOp>(op))
    attention.getExtrasMutable().erase(position);
  else
    op->eraseOperand(firstOperand + position);
  SmallVector<Attribute> maps(getMaps().getValue());
  maps.erase(maps.begin() + position);
  setMaps(maps);
}

void Inputs::tidy() {
  for (unsigned i = size(); i-- > 0;) {
    for (unsigned j = 0; j < i; ++j) {
      if (!(get(i) == get(j)))
        continue;
      for (Block *block : blocks)
        scalar(block, i).replaceAllUsesWith(scalar(block, j));
      break;
    }
  }
  for (unsigned i = size(); i-- > 0;)
    if (regionsReading(i) == 0)
      erase(i);
}

Value passes::expandIndex(OpBuilder &builder, Location loc, AffineExpr expr, ArrayRef<DimAttr> symbols) {
  Type i32 = builder.getI32Type();
  if (auto dim = dyn_cast<AffineDimExpr>(expr))
    return IndexOp::create(builder, loc, i32, dim.getPosition());
  if (auto symbol = dyn_cast<AffineSymbolExpr>(expr))
    return SizeOp::create(builder, loc, i32, symbols[symbol.getPosition()]);
  if (auto constant = dyn_cast<AffineConstantExpr>(expr))
    return arith::ConstantOp::create(builder, loc, builder.getI32IntegerAttr(constant.getValue()));
  auto binary = cast<AffineBinaryOpExpr>(expr);
  Value lhs = expandIndex(builder, loc, binary.getLHS(), symbols);
  Value rhs = expandIndex(builder, loc, binary.getRHS(), symbols);
  switch (expr.getKind()) {
  case AffineExprKind::Add:
    return arith::AddIOp::create(builder, loc, lhs, rhs);
  case AffineExprKind::Mul:
    return arith::MulIOp::create(builder, loc, lhs, rhs);
  case AffineExprKind::FloorDiv:
    return arith::FloorDivSIOp::create(builder, loc, lhs, rhs);
  case AffineExprKind::CeilDiv:
    return arith::CeilDivSIOp::create(builder, loc, lhs, rhs);
  default: {
    assert(expr.getKind() == AffineExprKind::Mod && "the last kind of binary index expression");
    Value quotient = arith::FloorDivSIOp::create(builder, loc, lhs, rhs);
    return arith::SubIOp::create(builder, loc, lhs, arith::MulIOp::create(builder, loc, quotient, rhs));
  }
  }
}

Value passes::sizeScalar(OpBuilder &builder, Location loc, const Dim &size) {
  if (auto value = size.constant())
    return arith::ConstantOp::create(builder, loc, builder.getI32IntegerAttr(*value));
  return SizeOp::create(builder, loc, builder.getI32Type(), DimAttr::get(builder.getContext(), size));
}

SmallVector<Value> passes::inlineBody(OpBuilder &builder, Block &body, ValueRange arguments, IndexMapAttr at) {
  IRMapping mapping;
  mapping.map(body.getArguments(), arguments);
  for (Operation &op : body.without_terminator()) {
    if (auto index = dyn_cast<IndexOp>(op)) {
      AffineExpr expr = at.getMap().getResult(index.getAxis());
      mapping.map(index.getResult(), expandIndex(builder, op.getLoc(), expr, at.getSymbols()));
      continue;
    }
    builder.clone(op, mapping);
  }
  SmallVector<Value> yielded;
  for (Value value : body.getTerminator()->getOperands())
    yielded.push_back(mapping.lookupOrDefault(value));
  return yielded;
}

bool passes::isCheap(Block &body) {
  return llvm::all_of(body.without_terminator(), [](Operation &op) {
    if (isa<arith::CmpFOp, arith::SelectOp, IndexOp, SizeOp>(op))
      return true;
    if (op.hasTrait<OpTrait::ConstantLike>() || isa<CastOpInterface>(op))
      return true;
    return isa<arith::ArithDialect>(op.getDialect()) && op.getResult(0).getType().isInteger();
  });
}

bool passes::isCostly(Block &body) {
  return llvm::any_of(body.without_terminator(), [](Operation &op) {
    return isa<math::MathDialect>(op.getDialect()) && !isa<math::AbsFOp, math::AbsIOp, math::FloorOp, math::SqrtOp>(op);
  });
}

ArrayAttr passes::mapsAttr(MLIRContext *context, ArrayRef<Input> inputs) {
  SmallVector<Attribute> maps;
  for (const Input &input : inputs)
    maps.push_back(input.map);
  return ArrayAttr::get(context, maps);
}

ArrayAttr passes::dimsAttr(MLIRContext *context, ArrayRef<Dim> dims) {
  SmallVector<Attribute> attrs;
  for (DimAttr dim : ir::toAttrs(context, dims))
    attrs.push_back(dim);
  return ArrayAttr::get(context, attrs);
}

PointwiseOp passes::buildPointwise(OpBuilder &builder, Location loc, BufferType type, ArrayRef<Input> inputs,
                                   function_ref<Value(OpBuilder &, ValueRange)> body) {
  SmallVector<Value> values;
  for (const Input &input : inputs)
    values.push_back(input.value);
  auto op = PointwiseOp::create(builder, loc, TypeRange(type), values, mapsAttr(builder.getContext(), inputs));
  OpBuilder::InsertionGuard guard(builder);
  Block *block = builder.createBlock(&op.getBody());
  for (Value value : values)
    block->addArgument(cast<BufferType>(value.getType()).getElementType(), loc);
  YieldOp::create(builder, loc, body(builder, block->getArguments()));
  return op;
}

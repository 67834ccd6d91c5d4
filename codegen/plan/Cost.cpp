// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See Cost.h. The rules: a multiply-add of a contraction or of attention is two operations; a scalar operation on
// floats in a region is one, exp and tanh too. Every operand is read once, but at most one element for each point of
// the domain that it is read from; every result is written once. What caches save or cost is not in the formula.
#include "codegen/plan/Cost.h"

#include "ir/kernel/Kernel.h"
#include "ir/sinter/Sinter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/Path.h"

#include <map>
#include <set>

using namespace mlir;

namespace sinter::codegen {
namespace {

using namespace ir::kernel;

Dim product(ArrayRef<Dim> dims) {
  Dim out(1);
  for (const Dim &dim : dims)
    out = out * dim;
  return out;
}

Dim elements(Value value) { return product(cast<BufferType>(value.getType()).getShapeDims()); }
Dim stored(Value value) { return cast<BufferType>(value.getType()).storedBytes(); }
Dim elementBytes(Value value) {
  return Dim(ir::kernel::elementBytes(cast<BufferType>(value.getType()).getElementType()));
}

/// Scalar operations on floats in a region: what one point of its domain costs.
Dim scalarsIn(Region &region) {
  int64_t count = 0;
  region.walk([&](Operation *op) {
    bool computes = isa<arith::ArithDialect, math::MathDialect>(op->getDialect()) && !isa<arith::ConstantOp>(op);
    count += computes && op->getNumResults() == 1 && isa<FloatType>(op->getResult(0).getType());
  });
  return Dim(count);
}

/// Bytes of an operand that is read at `points` points.
Dim readBytes(Value value, const Dim &points) {
  Dim whole = stored(value), most = points * elementBytes(value);
  return whole == most ? whole : Dim::min(whole, most);
}

Dim readBytes(ValueRange values, const Dim &points) {
  Dim out;
  for (Value value : values)
    out = out + readBytes(value, points);
  return out;
}

Dim writtenBytes(Operation *op) {
  Dim out;
  for (Value result : op->getResults())
    out = out + stored(result);
  return out;
}

Cost costOf(PointwiseOp op) {
  Dim points = elements(op.getResults().front());
  return {Dim(), points * scalarsIn(op.getBody()), readBytes(op.getInputs(), points)};
}

/// Each stage looks at every element and adds it to what it reduces; results by row are finished once a row.
Cost costOf(RowOp op) {
  std::vector<Dim> domain;
  for (Attribute dim : op.getDomain())
    domain.push_back(cast<ir::DimAttr>(dim).getDim());
  Dim points = product(domain);
  Dim rows = product(ArrayRef(domain).drop_back(size_t(op.getReduced())));
  Dim scalars = (op.getPerRow() ? rows : points) * scalarsIn(op.getFinish());
  for (Region &stage : op.getStages())
    scalars = scalars + points * (scalarsIn(stage) + Dim(1));
  return {Dim(), scalars, readBytes(op.getInputs(), points)};
}

Cost costOf(ContractOp op) {
  Dim results = elements(op.getResult());
  SmallVector<Dim> shape = cast<BufferType>(op.getResult().getType()).getShapeDims();
  Dim depth = cast<BufferType>(op.getRhs().getType()).getShapeDims().back();
  Dim rows = product(ArrayRef(shape).drop_back());
  return {Dim(2) * results * depth, results * scalarsIn(op.getEpilogue()),
          readBytes(op.getLhs(), rows * depth) + stored(op.getRhs()) + readBytes(op.getExtras(), results)};
}

/// Beside the score: a maximum, a difference, an exponential and a sum.
Cost costOf(AttentionOp op) {
  SmallVector<Dim> domain = op.getDomain();
  Dim scores = product(domain), keys = op.getKeys().getDim(), depth = op.getDepth().getDim();
  Dim width = cast<BufferType>(op.getResult().getType()).getShapeDims().back();
  Dim batches = product(ArrayRef(domain).drop_back(2)), queries = domain[domain.size() - 2];
  Dim each = scalarsIn(op.getScore()) + Dim(4);
  if (Region *mask = op.getMask())
    each = each + scalarsIn(*mask);
  return {Dim(2) * scores * (depth + width), scores * each,
          readBytes(op.getQuery(), batches * queries * depth) + readBytes(op.getKey(), batches * keys * depth) +
              readBytes(op.getValue(), batches * keys * width) + readBytes(op.getExtras(), scores)};
}

/// Of the table, the rows that are asked for.
Cost costOf(GatherOp op) {
  return {Dim(), Dim(), stored(op.getIds()) + elements(op.getResult()) * elementBytes(op.getTable())};
}

/// New rows, read and written; the rest of the pool is not touched.
Cost costOf(AppendOp op) {
  Dim rows = product(op.getDomain());
  return {Dim(), Dim(), stored(op.getPages()) + rows * (elementBytes(op.getRows()) + elementBytes(op.getPool()))};
}

Cost costOf(MoveOp op) { return {Dim(), Dim(), readBytes(op.getInput(), elements(op.getResult()))}; }

void addLines(Location loc, std::map<std::string, std::set<unsigned>> &lines) {
  loc->walk([&](Location inner) {
    if (auto file = dyn_cast<FileLineColLoc>(inner); file && file.getLine() != 0)
      lines[llvm::sys::path::filename(file.getFilename().getValue()).str()].insert(file.getLine());
    return WalkResult::advance();
  });
}

} // namespace

Cost costOf(Operation *op) {
  Cost cost = TypeSwitch<Operation *, Cost>(op)
                  .Case<PointwiseOp, RowOp, ContractOp, AttentionOp, GatherOp, MoveOp, AppendOp>(
                      [](auto skeleton) { return costOf(skeleton); })
                  .Default(Cost());
  if (isa<PointwiseOp, RowOp, ContractOp, AttentionOp, GatherOp, MoveOp>(op))
    cost.bytes = cost.bytes + writtenBytes(op);
  cost.lines = linesOf(op);
  cost.results = op->getNumResults();
  for (ValueRange values : {ValueRange(op->getOperands()), ValueRange(op->getResults())})
    for (Value value : values)
      if (auto buffer = dyn_cast<BufferType>(value.getType())) // graphs of earlier phases ask, too
        cost.floats.push_back(buffer.getElementType().isF32());
  for (Value operand : op->getOperands())
    if (std::string name = weightOf(operand); !name.empty())
      cost.weights.push_back(std::move(name));
  return cost;
}

std::vector<std::string> linesOf(Operation *op) {
  std::map<std::string, std::set<unsigned>> lines;
  addLines(op->getLoc(), lines);
  if (!isa<RepeatOp, ir::RepeatOp>(op))
    for (Region &region : op->getRegions())
      region.walk([&](Operation *inner) { addLines(inner->getLoc(), lines); });
  std::vector<std::string> out;
  for (const auto &[file, numbers] : lines)
    for (unsigned number : numbers)
      out.push_back(file + ":" + std::to_string(number));
  return out;
}

std::string weightOf(Value value) {
  while (auto argument = dyn_cast<BlockArgument>(value)) {
    Operation *loop = argument.getOwner()->getParentOp();
    unsigned index = argument.getArgNumber();
    if (auto repeat = dyn_cast<RepeatOp>(loop); repeat && index >= repeat.getCarried().size())
      value = repeat.getStacked()[index - repeat.getCarried().size()];
    else if (auto repeat = dyn_cast<ir::RepeatOp>(loop); repeat && index >= repeat.getCarried().size())
      value = repeat.getStacked()[index - repeat.getCarried().size()];
    else
      return "";
  }
  if (auto read = value.getDefiningOp<ReadOp>())
    return read.getName().str();
  if (auto read = value.getDefiningOp<ir::ReadOp>())
    return read.getName().str();
  return "";
}

} // namespace sinter::codegen

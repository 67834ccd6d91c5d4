// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A proved match in, a sinter.attention out: axes of the root become batch, queries and columns; the text's operations
// on scores, masks and weights are copied into the regions, what they read from outside becomes captures.
#include "passes/raising/Attention.h"

#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace sinter;
using namespace sinter::ir;
using namespace sinter::passes::raising;

static ir::TensorType typeOf(Value value) { return cast<ir::TensorType>(value.getType()); }

namespace {

/// Where the root's axes go. Axes of extent 1 are made where there is no axis for the queries or the columns.
struct Layout {
  SmallVector<unsigned> batch;
  std::optional<unsigned> queries, columns;
  unsigned rank() const { return batch.size() + 2; }

  explicit Layout(const AttentionMatch &match) {
    ArrayRef<Dim> domain(match.domain);
    unsigned count = domain.size() - 2;
    SmallVector<bool> ofQuery = variablesOf(match.query, domain), ofKey = variablesOf(match.key, domain),
                      ofValue = variablesOf(match.value, domain), ofScores = ofQuery;
    // What else the scores read is read through their places; an axis that neither queries, keys nor captures vary
    // over could be columns or batch.
    for (unsigned i = 0; i < count; ++i)
      ofScores[i] = ofQuery[i] || ofKey[i] || match.scores.map.getMap().isFunctionOfDim(i) ||
                    (match.weights && match.weights.map.getMap().isFunctionOfDim(i)) ||
                    (match.seen && match.seen.map.getMap().isFunctionOfDim(i));
    for (unsigned i = count; i-- > 0 && !columns;)
      if (ofValue[i] && !ofScores[i])
        columns = i;
    for (unsigned i = count; i-- > 0 && !columns;)
      if (!ofScores[i] && !ofValue[i])
        columns = i;
    for (unsigned i = count; i-- > 0 && !queries;)
      if (ofQuery[i] && !ofKey[i] && !ofValue[i] && i != columns)
        queries = i;
    for (unsigned i = count; i-- > 0 && !queries;)
      if (!ofKey[i] && !ofValue[i] && i != columns)
        queries = i;
    for (unsigned i = 0; i < count; ++i)
      if (i != columns && i != queries)
        batch.push_back(i);
  }
};

class Maker {
public:
  Maker(OpBuilder &builder, const AttentionMatch &match)
      : builder(builder), context(builder.getContext()), match(match), layout(match), loc(placeOf()) {
    for (unsigned axis : layout.batch)
      batch.push_back(match.domain[axis]);
    unsigned count = match.domain.size();
    queries = layout.queries ? match.domain[*layout.queries] : Dim(1);
    columns = layout.columns ? match.domain[*layout.columns] : Dim(1);
    keys = match.domain[count - 2], depth = match.domain[count - 1];
  }

  Value build() {
    unsigned count = match.domain.size();
    Value query = whole(match.query, queries, depth, count - 1), key = whole(match.key, keys, depth, count - 1),
          value = whole(match.value, keys, columns, layout.columns);
    OpBuilder::InsertPoint before = builder.saveInsertionPoint();
    Type result = tensor(queries, columns);
    EmptyRow empty = match.seen ? EmptyRow::nan : EmptyRow::uniform;
    auto op = AttentionOp::create(builder, loc, result, query, key, value, ValueRange(), empty);
    stop = match.products, makesScore = true;
    fill(op.getScore(), true, [&] { return copy(match.scores); });
    makesScore = false;
    if (match.seen || !match.hidden.empty())
      fill(op.getMask(), false, [&] { return conditions(); });
    if (match.softmax) {
      stop = match.softmax;
      fill(op.getPost(), true, [&] { return copy(match.weights); });
    }
    op.getCapturesMutable().append(captures.getArrayRef());
    for (Region &region : op->getRegions()) { // those made first know the first captures alone
      unsigned known = region.empty() ? captures.size() : region.getNumArguments() - (&region == &op.getMask() ? 0 : 1);
      for (Value capture : captures.getArrayRef().drop_front(known))
        region.addArgument(capture.getType(), capture.getLoc());
    }
    builder.restoreInsertionPoint(before);
    builder.setInsertionPointAfter(op);
    return inRootsOrder(op.getResult());
  }

private:
  OpBuilder &builder;
  MLIRContext *context;
  const AttentionMatch &match;
  Layout layout;
  Location loc;
  SmallVector<Dim> batch;
  Dim queries, columns, keys, depth;
  llvm::SetVector<Value> captures;
  // Of the region at hand.
  Reading stop; ///< what its first argument stands for
  bool makesScore = false;
  Block *block = nullptr;
  bool hasNumbers = false;
  SmallVector<std::pair<Reading, Value>> copied;

  /// The root's place, and those of all ops behind it that depend on the products, last first.
  Location placeOf() {
    SmallVector<Location> places;
    llvm::SetVector<Operation *> open;
    open.insert(match.root.getDefiningOp());
    for (size_t i = 0; i < open.size(); ++i) {
      places.push_back(open[i]->getLoc());
      if (open[i] != match.product)
        for (Value operand : open[i]->getOperands())
          if (Operation *op = operand.getDefiningOp(); op && dependsOn(operand, match.product))
            open.insert(op);
    }
    return FusedLoc::get(context, places);
  }

  ir::TensorType tensor(const Dim &rows, const Dim &width, Type element = {}) {
    SmallVector<Dim> dims(batch);
    dims.append({rows, width});
    return ir::TensorType::get(context, dims, element ? element : builder.getF32Type());
  }

  /// The map from (batch..., row, last), where the row is queries or keys, and `last` the number of the variable that
  /// the last index stands for.
  IndexMapAttr placed(const Reading &reading, bool isRowOfKeys, std::optional<unsigned> last) {
    unsigned count = match.domain.size(), rank = layout.rank();
    SmallVector<AffineExpr> dims(count, getAffineConstantExpr(0, context));
    for (auto [position, axis] : llvm::enumerate(layout.batch))
      dims[axis] = getAffineDimExpr(position, context);
    if (isRowOfKeys)
      dims[count - 2] = getAffineDimExpr(rank - 2, context);
    else if (layout.queries)
      dims[*layout.queries] = getAffineDimExpr(rank - 2, context);
    if (last)
      dims[*last] = getAffineDimExpr(rank - 1, context);
    AffineMap map = reading.map.getMap();
    SmallVector<AffineExpr> results;
    for (AffineExpr result : map.getResults())
      results.push_back(result.replaceDims(dims));
    return IndexMapAttr::get(context, AffineMap::get(rank, map.getNumSymbols(), results, context),
                             reading.map.getSymbols());
  }

  Value view(Value value, IndexMapAttr map, ir::TensorType type) {
    map = simplify(map, type.getShapeDims());
    if (value.getType() == type && map.isIdentity())
      return value;
    return ViewOp::create(builder, loc, type, value, map);
  }

  Value whole(const Reading &reading, const Dim &rows, const Dim &width, std::optional<unsigned> last) {
    bool isQuery = &reading == &match.query;
    return view(reading.value, placed(reading, !isQuery, last), tensor(rows, width));
  }

  Value inRootsOrder(Value result) {
    unsigned count = match.domain.size() - 2;
    SmallVector<AffineExpr> results;
    auto index = [&](std::optional<unsigned> axis) {
      return axis ? getAffineDimExpr(*axis, context) : getAffineConstantExpr(0, context);
    };
    for (unsigned axis : layout.batch)
      results.push_back(index(axis));
    results.push_back(index(layout.queries));
    results.push_back(index(layout.columns));
    return view(result, IndexMapAttr::get(context, AffineMap::get(count, 0, results, context), {}), typeOf(match.root));
  }

  //===-- Regions --===//

  void fill(Region &region, bool isOnNumbers, llvm::function_ref<Value()> make) {
    block = builder.createBlock(&region);
    hasNumbers = isOnNumbers;
    copied.clear();
    if (isOnNumbers)
      block->addArgument(tensor(queries, keys), loc);
    for (Value capture : captures)
      block->addArgument(capture.getType(), capture.getLoc());
    YieldOp::create(builder, loc, make());
  }

  Value argumentOf(Value capture) {
    if (captures.insert(capture))
      block->addArgument(capture.getType(), capture.getLoc());
    unsigned position = llvm::find(captures, capture) - captures.begin();
    return block->getArgument(position + hasNumbers);
  }

  Value onDomain(Value value, const Reading &reading) {
    IndexMapAttr map = placed(reading, false, match.domain.size() - 2);
    return view(value, map, tensor(queries, keys, typeOf(value).getElementType()));
  }

  /// The reading's element for each place of the scores.
  Value copy(Reading reading) {
    reading = throughViews(reading, match.domain);
    if (reading == stop)
      return block->getArgument(0);
    for (auto &[known, value] : copied)
      if (known == reading)
        return value;
    Value value = copyNew(reading);
    copied.push_back({reading, value});
    return value;
  }

  Value copyNew(const Reading &reading) {
    Operation *op = reading.value.getDefiningOp();
    auto constant = dyn_cast_or_null<ConstantOp>(op);
    ir::TensorType type = tensor(queries, keys, typeOf(reading.value).getElementType());
    if (constant && constant.getValues().size() == 1)
      return ConstantOp::create(builder, op->getLoc(), type, constant.getValuesAttr());
    if (makesScore)
      for (const Hidden &hidden : match.hidden)
        if (hidden.op == op)
          return copy({hidden.kept, reading.map});
    if (isa_and_nonnull<DimOp, IotaOp>(op))
      return onDomain(builder.clone(*op)->getResult(0), reading);
    if (!op || !(dependsOn(reading.value, match.product) ? isElementwise(op) : isCheap(reading.value)))
      return onDomain(argumentOf(reading.value), reading);
    IRMapping mapping;
    for (unsigned i = 0; i < op->getNumOperands(); ++i)
      mapping.map(op->getOperand(i), copy(operandOf(reading, i)));
    Operation *made = builder.clone(*op, mapping);
    made->getResult(0).setType(type);
    return made->getResult(0);
  }

  /// Conditions, integers and casts are computed where they are read; numbers are computed once, outside.
  static bool isCheap(Value value) {
    Operation *op = value.getDefiningOp();
    return isElementwise(op) && (!typeOf(value).getElementType().isF32() || isa<CastOp>(op));
  }

  Value conditions() {
    ir::TensorType type = tensor(queries, keys, builder.getI1Type());
    if (match.seen)
      return negated(copy(match.seen), match.isSeenNegated, type);
    Value all;
    for (const Hidden &hidden : match.hidden) {
      Value one = negated(copy(hidden.condition), hidden.isNegated, type);
      all = all ? Value(AndOp::create(builder, loc, type, all, one)) : one;
    }
    return all;
  }
  Value negated(Value value, bool isNegated, Type type) {
    return isNegated ? Value(NotOp::create(builder, loc, type, value)) : value;
  }
};

} // namespace

Value passes::raising::buildAttention(OpBuilder &builder, const AttentionMatch &match) {
  return Maker(builder, match).build();
}

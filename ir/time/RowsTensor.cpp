// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Some rows of what the primitives give: which rows of the operands each wants for them (`TimeAware::atRows`).
#include "ir/sinter/IndexMap.h"
#include "ir/time/TimeRows.h"

using namespace mlir;

namespace sinter::ir {

static TensorType typeOf(Value value) { return cast<TensorType>(value.getType()); }

static RowSets with(const RowSets &sets, RowSet last) {
  RowSets result = sets;
  result.axes.push_back(last);
  return result;
}

/// Sequences of a batch are decoded at lengths of their own, beside any others: they may not meet. Null, and an error.
static Value sequencesMeet(TimeRows &rows, Operation *op, const Twine &how) {
  return rows.fail(op, how + " the sequences of a batch (" + rows.sequences.str() +
                           "); each is decoded at its own length, so they may not mix");
}
static bool isSequences(TimeRows &rows, Value value, unsigned axis) { return typeOf(value).getDim(axis) == rows.sequences; }

//===-- constant, dim, iota, read --===//

Value ConstantOp::atRows(TimeRows &rows, unsigned, const RowSets &sets) {
  return rows.rebuild(*this, {}, rows.typeAt(getResult(), sets, false))->getResult(0);
}
Value DimOp::atRows(TimeRows &rows, unsigned, const RowSets &) {
  if (getDim().getDim().symbols().count(*rows.sequences.symbolName()))
    return sequencesMeet(rows, *this, "counts");
  return rows.rebuild(*this, {}, getType())->getResult(0);
}
Value ReadOp::atRows(TimeRows &rows, unsigned, const RowSets &) { return rows.rebuild(*this, {}, getType())->getResult(0); }
Value IotaOp::atRows(TimeRows &rows, unsigned, const RowSets &sets) {
  if (sets[0].isSome())
    return rows.positions(sets[0]);
  return rows.rebuild(*this, {}, rows.typeAt(getResult(), sets, false))->getResult(0);
}

//===-- Elementwise --===//

Value elementwiseAtRows(TimeRows &rows, Operation *op, const RowSets &sets) {
  SmallVector<RowSets> wanted(op->getNumOperands(), sets);
  SmallVector<Value> operands;
  if (!rows.operandsAt(op->getOperands(), wanted, operands))
    return nullptr;
  bool batched = TimeRows::isBatched(op->getOperand(0), operands[0]);
  return rows.rebuild(op, operands, rows.typeAt(op->getResult(0), sets, batched))->getResult(0);
}

//===-- view --===//

Value ViewOp::atRows(TimeRows &rows, unsigned, const RowSets &sets) {
  SmallVector<Dim> domain = getType().getShapeDims();
  SmallVector<IndexSum> sums = toSums(getMap(), domain);
  AffineMap map = getMap().getMap();
  SmallVector<AffineExpr> index(map.getResults());
  RowSets wanted(sums.size());
  for (auto [axis, time] : llvm::enumerate(rows.facts.axes(getInput()))) {
    if (isSequences(rows, getInput(), axis)) {
      auto along = dyn_cast<AffineDimExpr>(index[axis]);
      if (!along || !isSequences(rows, getResult(), along.getPosition()))
        return sequencesMeet(rows, *this, "merges, cuts or turns");
    }
    if (!time)
      continue;
    // Proven: an axis of the result, and a start.
    unsigned along = sums[axis].terms.begin()->first.position;
    wanted[axis] = sets[along];
    if (sets[along].isSome()) {
      wanted[axis].shift += *sums[axis].constant.constant();
      index[axis] = rows.builder.getAffineDimExpr(along);
    }
  }
  Value input = rows.at(getInput(), wanted);
  if (!input)
    return nullptr;
  SmallVector<Dim> symbols = toDims(getMap().getSymbols()), dims;
  for (auto [dim, set] : llvm::zip(domain, sets.axes))
    dims.push_back(rows.extent(dim, set));
  if (!TimeRows::isBatched(getInput(), input))
    return rows.view(input, dims, index, symbols);
  // Sequences run along the result's own axis of them, if it has one; else along a new one in front.
  std::optional<unsigned> own = rows.sequenceAxis(getType().getDims());
  if (!own) {
    for (AffineExpr &expr : index)
      expr = expr.shiftDims(map.getNumDims(), 1);
    dims.insert(dims.begin(), rows.sequences);
  }
  index.insert(index.begin(), rows.builder.getAffineDimExpr(own.value_or(0)));
  return rows.view(input, dims, index, symbols);
}

//===-- concat, gather, pick, top_k, append --===//

/// Rows in front, which do not grow, and one value behind them that does.
static Value concatAlongTime(ConcatOp op, TimeRows &rows, const RowSets &sets) {
  unsigned axis = op.getAxis();
  int64_t front = 0;
  SmallVector<Value> heads(op.getInputs().drop_back());
  for (Value head : heads)
    front += *typeOf(head).getDim(axis).constant();
  Value growing = op.getInputs().back();
  RowSets wanted = sets, whole = sets;
  whole[axis] = RowSet();
  if (!sets[axis].isSome()) {
    SmallVector<RowSets> all(heads.size(), whole);
    all.push_back(wanted);
    SmallVector<Value> operands;
    if (!rows.operandsAt(op.getInputs(), all, operands))
      return nullptr;
    bool batched = TimeRows::isBatched(growing, operands.back());
    return ConcatOp::create(rows.builder, op.getLoc(), operands, axis + batched);
  }
  wanted[axis].shift -= front;
  Value body = rows.at(growing, wanted);
  // The first row that is wanted stands behind those in front, if shifts are not below their number.
  if (!body || sets[axis].shift >= front)
    return body;
  Value places = rows.positions(sets[axis]);
  auto flat = typeOf(places);
  Value zero = rows.number(0, flat.getShapeDims(), flat.getElementType());
  Value most = rows.number(static_cast<double>(front - 1), flat.getShapeDims(), flat.getElementType());
  OpBuilder &b = rows.builder;
  Location loc = op.getLoc();
  SmallVector<RowSets> all(heads.size(), whole);
  SmallVector<Value> parts;
  if (!rows.operandsAt(heads, all, parts))
    return nullptr;
  if (TimeRows::isBatched(heads[0], parts[0]))
    return rows.fail(op, "puts rows in front that depend on the position");
  Value head = parts.size() == 1 ? parts[0] : Value(ConcatOp::create(b, loc, parts, axis));
  Value clamped = MinimumOp::create(b, loc, flat, MaximumOp::create(b, loc, flat, places, zero), most);
  Value chosen = rows.pickRows(head, axis, clamped);
  bool headBatched = TimeRows::isBatched(heads[0], chosen), bodyBatched = TimeRows::isBatched(growing, body);
  if (headBatched && !bodyBatched) {
    std::optional<unsigned> own = rows.sequenceAxis(typeOf(body).getDims());
    if (!own)
      body = rows.spread(body), bodyBatched = true;
    else
      return rows.fail(op, "puts rows in front that have no axis of sequences");
  }
  if (!headBatched && bodyBatched)
    return rows.fail(op, "puts rows of tokens in front of rows that have none");
  auto boolean = TensorType::get(b.getContext(), ArrayRef<Dim>(flat.getShapeDims()), b.getI1Type());
  Value isBody = CompareOp::create(b, loc, boolean, Predicate::gt, places, most);
  std::optional<unsigned> own = rows.sequenceAxis(typeOf(body).getDims());
  Value spread = rows.view(isBody, typeOf(body).getShapeDims(),
                           {b.getAffineDimExpr(*own), b.getAffineDimExpr(axis + bodyBatched)});
  return SelectOp::create(b, loc, body.getType(), spread, body, chosen);
}

Value ConcatOp::atRows(TimeRows &rows, unsigned, const RowSets &sets) {
  unsigned axis = getAxis();
  if (llvm::any_of(getInputs(), [&](Value input) { return isSequences(rows, input, axis); }))
    return sequencesMeet(rows, *this, "joins");
  if (rows.facts.axes(getResult())[axis])
    return concatAlongTime(*this, rows, sets);
  SmallVector<RowSets> wanted(getInputs().size(), sets);
  SmallVector<Value> operands;
  if (!rows.operandsAt(getInputs(), wanted, operands))
    return nullptr;
  return ConcatOp::create(rows.builder, getLoc(), operands,
                          axis + TimeRows::isBatched(getInputs()[0], operands[0]));
}

Value GatherOp::atRows(TimeRows &rows, unsigned, const RowSets &sets) {
  unsigned rank = getIds().getType().rank();
  RowSets ids(rank), table(getTable().getType().rank());
  for (unsigned axis = 0; axis < rank; ++axis)
    ids[axis] = sets[axis];
  for (unsigned axis = 1; axis < table.axes.size(); ++axis)
    table[axis] = sets[axis + rank - 1];
  if (isSequences(rows, getTable(), 0))
    return sequencesMeet(rows, *this, "reads rows of");
  Value from = rows.at(getTable(), table), by = from ? rows.at(getIds(), ids) : nullptr;
  if (!by)
    return nullptr;
  if (TimeRows::isBatched(getTable(), from))
    return rows.fail(*this, "reads a table whose rows depend on the position");
  return GatherOp::create(rows.builder, getLoc(), from, by);
}

Value PickOp::atRows(TimeRows &rows, unsigned, const RowSets &sets) {
  if (isSequences(rows, getInput(), sets.axes.size()))
    return sequencesMeet(rows, *this, "selects among");
  SmallVector<Value> operands;
  if (!rows.operandsAt(getOperands(), {with(sets, RowSet()), sets}, operands))
    return nullptr;
  return PickOp::create(rows.builder, getLoc(), operands[0], operands[1]);
}

Value TopKOp::atRows(TimeRows &rows, unsigned result, const RowSets &sets) {
  if (isSequences(rows, getInput(), sets.axes.size() - 1))
    return sequencesMeet(rows, *this, "selects among");
  Value input = rows.at(getInput(), sets);
  if (!input)
    return nullptr;
  bool batched = TimeRows::isBatched(getInput(), input);
  Type types[] = {rows.typeAt(getTop(), sets, batched), rows.typeAt(getIndices(), sets, batched)};
  return rows.rebuild(*this, input, types)->getResult(result);
}

Value AppendOp::atRows(TimeRows &rows, unsigned, const RowSets &) {
  return rows.fail(*this, "keeps rows of tokens already");
}

//===-- Reductions and running sums --===//

template <typename ReductionOp> static Value reductionAtRows(ReductionOp op, TimeRows &rows, const RowSets &sets) {
  RowSets wanted = sets;
  SmallVector<std::optional<int64_t>> times = rows.facts.axes(op.getInput());
  for (int64_t axis : op.getAxes())
    if (isSequences(rows, op.getInput(), axis))
      return sequencesMeet(rows, op, "reduces over");
    else if (times[axis]) {
      wanted[axis] = {RowSet::Kind::All, 0};
      rows.lookBack(rows.facts.lookback(op));
    }
  Value input = rows.at(op.getInput(), wanted);
  if (!input)
    return nullptr;
  SmallVector<int64_t> axes(op.getAxes());
  if (TimeRows::isBatched(op.getInput(), input))
    for (int64_t &axis : axes)
      ++axis;
  return ReductionOp::create(rows.builder, op.getLoc(), input, axes);
}
Value SumOp::atRows(TimeRows &rows, unsigned, const RowSets &sets) { return reductionAtRows(*this, rows, sets); }
Value MaxOp::atRows(TimeRows &rows, unsigned, const RowSets &sets) { return reductionAtRows(*this, rows, sets); }
Value MinOp::atRows(TimeRows &rows, unsigned, const RowSets &sets) { return reductionAtRows(*this, rows, sets); }
Value ArgMaxOp::atRows(TimeRows &rows, unsigned, const RowSets &sets) { return reductionAtRows(*this, rows, sets); }

/// A running sum at some rows is a sum over all of them, the later ones left out. Not continued from its last value: how a
/// sum is split depends on the index alone, so that a step gives the bits of the whole.
Value CumSumOp::atRows(TimeRows &rows, unsigned, const RowSets &sets) {
  unsigned axis = getAxis();
  if (isSequences(rows, getInput(), axis))
    return sequencesMeet(rows, *this, "sums along");
  RowSets wanted = sets;
  bool isPart = sets[axis].isSome();
  if (isPart) {
    wanted[axis] = {RowSet::Kind::All, 0};
    rows.lookBack(std::nullopt);
  }
  Value input = rows.at(getInput(), wanted);
  if (!input)
    return nullptr;
  bool batched = TimeRows::isBatched(getInput(), input);
  if (!isPart)
    return CumSumOp::create(rows.builder, getLoc(), input.getType(), input, axis + batched);
  OpBuilder &b = rows.builder;
  std::optional<unsigned> own = rows.sequenceAxis(getType().getDims());
  if (!own && !batched)
    input = rows.spread(input), batched = true;
  axis += batched;
  // [..., rows wanted, ..., all rows]
  SmallVector<Dim> dims = typeOf(input).getShapeDims();
  unsigned last = dims.size();
  dims.push_back(dims[axis]);
  dims[axis] = rows.extent(getType().getDim(getAxis()), sets[getAxis()]);
  SmallVector<AffineExpr> index;
  for (unsigned i = 0; i < last; ++i)
    index.push_back(b.getAffineDimExpr(i == axis ? last : i));
  Value all = rows.view(input, dims, index);
  Value place = rows.view(rows.positions(sets[getAxis()]), dims, {b.getAffineDimExpr(batched ? 0 : *own), b.getAffineDimExpr(axis)});
  Value each = rows.view(IotaOp::create(b, getLoc(), dims[last]), dims, {b.getAffineDimExpr(last)});
  auto boolean = TensorType::get(getContext(), ArrayRef<Dim>(dims), b.getI1Type());
  Value isBefore = CompareOp::create(b, getLoc(), boolean, Predicate::le, each, place);
  Value counted = SelectOp::create(b, getLoc(), all.getType(), isBefore, all, rows.number(0, dims, getType().getElementType()));
  Value sum = SumOp::create(b, getLoc(), counted, ArrayRef<int64_t>{last});
  index.clear();
  for (unsigned i = 0; i < last; ++i)
    index.push_back(b.getAffineDimExpr(i));
  index.push_back(b.getAffineConstantExpr(0));
  dims.pop_back();
  return rows.view(sum, dims, index);
}

//===-- contract --===//

Value ContractOp::atRows(TimeRows &rows, unsigned, const RowSets &sets) {
  auto [lhs, rhs, out] = getLabelParts();
  bool reducesTime = false;
  auto wantedOf = [&](StringRef labels, Value operand) {
    RowSets wanted(labels.size());
    for (auto [axis, time] : llvm::enumerate(rows.facts.axes(operand))) {
      size_t at = out.find(labels[axis]);
      if (at != StringRef::npos)
        wanted[axis] = sets[at];
      else if (time)
        wanted[axis] = {RowSet::Kind::All, 0}, reducesTime = true;
    }
    return wanted;
  };
  for (unsigned axis = 0; axis < lhs.size(); ++axis)
    if (!out.contains(lhs[axis]) && isSequences(rows, getLhs(), axis))
      return sequencesMeet(rows, *this, "contracts over");
  RowSets left = wantedOf(lhs, getLhs()), right = wantedOf(rhs, getRhs());
  if (reducesTime)
    rows.lookBack(rows.facts.lookback(*this));
  Value a = rows.at(getLhs(), left), b = a ? rows.at(getRhs(), right) : nullptr;
  if (!b)
    return nullptr;
  bool isBatched[] = {TimeRows::isBatched(getLhs(), a), TimeRows::isBatched(getRhs(), b)};
  std::string parts[] = {lhs.str(), rhs.str(), out.str()};
  if (isBatched[0] || isBatched[1]) {
    // Sequences run along the result's own axis of them, if it has one; else along a new one in front.
    char label = 'a';
    if (std::optional<unsigned> own = rows.sequenceAxis(getType().getDims())) {
      label = out[*own];
    } else {
      while (lhs.contains(label) || rhs.contains(label))
        ++label;
      parts[2].insert(parts[2].begin(), label);
    }
    for (unsigned side : {0u, 1u})
      if (isBatched[side])
        parts[side].insert(parts[side].begin(), label);
  }
  return ContractOp::create(rows.builder, getLoc(), a, b, parts[0] + "," + parts[1] + "->" + parts[2]);
}

} // namespace sinter::ir

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From values of the primitive level to terms. A view is a substitution of index variables; a reduction is a node.
#include "passes/raising/TermOfValue.h"

#include "llvm/ADT/TypeSwitch.h"

#include <cmath>

using namespace mlir;
using namespace sinter;
using namespace sinter::ir;
using namespace sinter::passes::raising;
using Kind = Term::Kind;

static ir::TensorType typeOf(Value value) { return cast<ir::TensorType>(value.getType()); }

static bool isReal(Operation *op) { return typeOf(op->getResult(0)).getElementType().isF32(); }
static bool isBool(Value value) { return typeOf(value).getElementType().isInteger(1); }

/// A contraction that sums products row by row: each label of the result stands in both operands, or one operand is
/// the same number everywhere. Others stay whole: to look into a matrix product would flatten the network.
static bool sumsRows(ContractOp op) {
  std::array<StringRef, 3> parts = op.getLabelParts();
  auto isSplat = [](Value value) {
    while (auto view = value.getDefiningOp<ViewOp>())
      value = view.getInput();
    auto constant = value.getDefiningOp<ConstantOp>();
    return constant && constant.getValues().size() == 1;
  };
  if (isSplat(op.getLhs()) || isSplat(op.getRhs()))
    return true;
  return llvm::all_of(parts[2], [&](char label) { return parts[0].contains(label) && parts[1].contains(label); });
}

bool passes::raising::isTransparent(Operation *op) {
  if (op->getNumResults() != 1 || !isa<ir::TensorType>(op->getResult(0).getType()))
    return false;
  if (auto constant = dyn_cast<ConstantOp>(op))
    return constant.getValues().size() == 1;
  if (!isReal(op)) // masks, and the positions that they are made of
    return isa<CompareOp, AndOp, OrOp, NotOp, SelectOp, CastOp, ViewOp, IotaOp, DimOp, AddOp, SubOp, MulOp, NegOp, AbsOp,
               MaximumOp, MinimumOp>(op);
  if (auto contract = dyn_cast<ContractOp>(op))
    return sumsRows(contract);
  return isa<AddOp, SubOp, MulOp, DivOp, NegOp, PowOp, SqrtOp, ExpOp, LogOp, ErfOp, TanhOp, SinOp, CosOp, AbsOp,
             FloorOp, MaximumOp, MinimumOp, SelectOp, CastOp, ViewOp, SumOp, MaxOp, MinOp, DimOp, PickOp>(op);
}

Window::Window(Value root, unsigned limit, ArrayRef<Operation *> opened) {
  SmallVector<Operation *> queue;
  unsigned counted = 0, integers = 0;
  auto enter = [&](Value value) {
    Operation *op = value.getDefiningOp();
    if (!op || !(isTransparent(op) || llvm::is_contained(opened, op)) || counted >= limit || !ops.insert(op).second)
      return;
    if (!isReal(op)) {
      if (++integers > limit) {
        ops.erase(op);
        return;
      }
    } else {
      counted += !isa<ConstantOp, ViewOp, DimOp>(op);
    }
    queue.push_back(op);
  };
  enter(root);
  for (size_t i = 0; i < queue.size(); ++i) // breadth first: what is near comes first
    for (Value operand : queue[i]->getOperands())
      enter(operand);
  llvm::DenseSet<Value> seen;
  auto visit = [&](auto &&self, Value value) -> void {
    if (!seen.insert(value).second)
      return;
    if (Operation *op = value.getDefiningOp(); op && ops.contains(op))
      for (Value operand : op->getOperands())
        self(self, operand);
    values.push_back(value);
  };
  visit(visit, root);
}

const Term *ValueTerms::of(Value value) {
  if (const Term *known = memo.lookup(value))
    return known;
  Operation *op = value.getDefiningOp();
  const Term *term = op && !llvm::is_contained(cuts, value) && window.ops.contains(op) ? compute(op) : nullptr;
  if (!term)
    term = leaf(value);
  memo[value] = term;
  return term;
}

/// A leaf's number is its place among the window's values, which is the same in every run.
const Term *ValueTerms::leaf(Value value) {
  unsigned number = llvm::find(window.values, value) - window.values.begin();
  SmallVector<IndexSum> indices;
  for (auto [axis, size] : llvm::enumerate(typeOf(value).getShapeDims()))
    indices.push_back(terms.axis(axis, size));
  return terms.leaf(number, indices);
}

const Term *ValueTerms::compute(Operation *op) {
  return llvm::TypeSwitch<Operation *, const Term *>(op)
      .Case<ConstantOp>([&](ConstantOp constant) { return terms.constant(constant.getValues()[0]); })
      .Case<DimOp>([&](DimOp dim) { return terms.size(dim.getDim().getDim()); })
      .Case<SumOp, MaxOp, MinOp>([&](auto reduce) { return reduction(reduce, reduce.getAxes()); })
      .Case<ContractOp>([&](auto) { return contraction(op); })
      .Case<PickOp>([&](PickOp pick) {
        ir::TensorType rows = typeOf(pick.getInput());
        IndexSum last = terms.axis(rows.rank() - 1, rows.getShapeDims().back());
        const Term *row = of(pick.getInput());
        return last.terms.empty() ? row : terms.pick(row, last.terms.begin()->first.position, of(pick.getIds()));
      })
      .Case<SoftmaxOp>([&](auto) { return softmax(op); })
      .Case<ViewOp>([&](ViewOp view) {
        SmallVector<IndexSum> result;
        for (auto [axis, size] : llvm::enumerate(view.getType().getShapeDims()))
          result.push_back(terms.axis(axis, size));
        SmallVector<Dim> symbols = toDims(view.getMap().getSymbols());
        Substitution map;
        for (auto [axis, size] : llvm::enumerate(typeOf(view.getInput()).getShapeDims())) {
          IndexSum formal = terms.axis(axis, size);
          if (!formal.terms.empty())
            map[formal.terms.begin()->first.position] =
                terms.indices().fromExpr(view.getMap().getMap().getResult(axis), result, symbols);
        }
        return terms.substitute(of(view.getInput()), map);
      })
      .Case<CastOp>([&](CastOp cast) {
        const Term *x = of(cast.getInput());
        bool isPredicate = isBool(cast.getInput());
        if (isBool(cast.getResult()))
          return isPredicate ? x : terms.compare(Predicate::ne, x, terms.constant(0), /*isInteger=*/false);
        if (isPredicate)
          return terms.indicator(x);
        bool cut = !isReal(cast) && typeOf(cast.getInput()).getElementType().isF32();
        return cut ? terms.function("truncated", {x}) : x; // an integer is itself as a real number
      })
      .Case<IotaOp>([&](IotaOp iota) { return terms.index(terms.axis(0, iota.getType().getDim(0))); })
      .Case<CompareOp>([&](CompareOp op) {
        return terms.compare(op.getPredicate(), of(op.getLhs()), of(op.getRhs()),
                             typeOf(op.getLhs()).getElementType().isInteger(32));
      })
      .Case<AndOp, OrOp>([&](auto op) { return terms.logical(isa<AndOp>(op), {of(op.getLhs()), of(op.getRhs())}); })
      .Case<NotOp>([&](NotOp op) { return terms.negate(of(op.getInput())); })
      .Case<SelectOp>([&](SelectOp op) {
        const Term *p = of(op.getCondition()), *a = of(op.getOnTrue()), *b = of(op.getOnFalse());
        return isBool(op) ? terms.chooseBool(p, a, b) : terms.select(p, a, b);
      })
      .Default([&](Operation *) { return arithmetic(op); });
}

const Term *ValueTerms::arithmetic(Operation *op) {
  const Term *a = of(op->getOperand(0)), *b = op->getNumOperands() > 1 ? of(op->getOperand(1)) : nullptr;
  return llvm::TypeSwitch<Operation *, const Term *>(op)
      .Case<AddOp>([&](auto) { return terms.plus(a, b); })
      .Case<SubOp>([&](auto) { return terms.minus(a, b); })
      .Case<MulOp>([&](auto) { return terms.times(a, b); })
      .Case<DivOp>([&](auto) { return terms.divide(a, b); })
      .Case<NegOp>([&](auto) { return terms.scale(-1, a); })
      .Case<SqrtOp>([&](auto) { return terms.pow(a, 0.5); })
      .Case<ExpOp>([&](auto) { return terms.exp(a); })
      .Case<LogOp>([&](auto) { return terms.log(a); })
      .Case<PowOp>([&](auto) {
        if (b->is(Kind::Const) && std::abs(b->number) <= 64)
          return terms.pow(a, b->number);
        if (a->is(Kind::Const) && a->number > 0)
          return terms.exp(terms.times(b, terms.log(a)));
        return terms.function("pow", {a, b});
      })
      .Default([&](Operation *) {
        SmallVector<const Term *> arguments{a};
        if (b)
          arguments.push_back(b);
        return terms.function(op->getName().stripDialect(), arguments);
      });
}

const Term *ValueTerms::reduction(Operation *op, ArrayRef<int64_t> axes) {
  ir::TensorType type = typeOf(op->getOperand(0));
  Substitution map;
  Variables over;
  for (int64_t axis : axes) {
    IndexSum formal = terms.axis(axis, type.getDim(axis));
    if (formal.terms.empty())
      continue;
    over.push_back(terms.fresh(type.getDim(axis)));
    map[formal.terms.begin()->first.position] = IndexSum::variable(over.back());
  }
  const Term *body = terms.substitute(of(op->getOperand(0)), map);
  return isa<SumOp>(op) ? terms.sum(body, over) : terms.extreme(body, over, isa<MinOp>(op));
}

const Term *ValueTerms::softmax(Operation *op) {
  const Term *e = terms.exp(of(op->getOperand(0)));
  unsigned axis = typeOf(op->getOperand(0)).rank() - 1;
  IndexSum formal = terms.axis(axis, typeOf(op->getOperand(0)).getDim(axis));
  if (formal.terms.empty())
    return terms.constant(1);
  Variables over{terms.fresh(typeOf(op->getOperand(0)).getDim(axis))};
  Substitution map;
  map[formal.terms.begin()->first.position] = IndexSum::variable(over[0]);
  return terms.divide(e, terms.sum(terms.substitute(e, map), over));
}

const Term *ValueTerms::contraction(Operation *op) {
  std::array<StringRef, 3> parts = cast<ContractOp>(op).getLabelParts();
  std::map<char, IndexSum> byLabel;
  for (auto [axis, label] : llvm::enumerate(parts[2]))
    byLabel[label] = terms.axis(axis, typeOf(op->getResult(0)).getDim(axis));
  Variables over;
  const Term *sides[2];
  for (unsigned side : {0u, 1u}) {
    Value operand = op->getOperand(side);
    Substitution map;
    for (auto [axis, label] : llvm::enumerate(parts[side])) {
      Dim size = typeOf(operand).getDim(axis);
      IndexSum formal = terms.axis(axis, size);
      if (formal.terms.empty())
        continue;
      if (!byLabel.contains(label)) {
        over.push_back(terms.fresh(size));
        byLabel[label] = IndexSum::variable(over.back());
      }
      map[formal.terms.begin()->first.position] = byLabel[label];
    }
    sides[side] = terms.substitute(of(operand), map);
  }
  return terms.sum(terms.times(sides[0], sides[1]), over);
}

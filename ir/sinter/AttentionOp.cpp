// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// sinter.attention: text, verifier, the primitives that it stands for, and what it means (the interpreter's side,
// written down a second time so that each checks the other).
#include "ir/reference/Frame.h"
#include "ir/reference/MatMul.h"
#include "ir/sinter/Sinter.h"

#include "mlir/IR/IRMapping.h"

#include <cfloat>
#include <cmath>

using namespace mlir;

namespace sinter::ir {

static TensorType typeOf(Value value) { return cast<TensorType>(value.getType()); }

SmallVector<Dim> AttentionOp::getDomain() {
  SmallVector<Dim> dims = typeOf(getQuery()).getShapeDims();
  dims.back() = typeOf(getKey()).getDim(dims.size() - 2);
  return dims;
}

//===-- Text --===//

ParseResult AttentionOp::parse(OpAsmParser &parser, OperationState &result) {
  SmallVector<OpAsmParser::UnresolvedOperand> operands(3);
  SMLoc place = parser.getCurrentLocation();
  if (parser.parseOperand(operands[0]) || parser.parseComma() || parser.parseOperand(operands[1]) ||
      parser.parseComma() || parser.parseOperand(operands[2]))
    return failure();
  if (succeeded(parser.parseOptionalKeyword("captures")) &&
      parser.parseOperandList(operands, OpAsmParser::Delimiter::Paren))
    return failure();
  Region *score = result.addRegion(), *mask = result.addRegion(), *post = result.addRegion();
  EmptyRow empty = EmptyRow::uniform;
  if (parser.parseKeyword("score") || parser.parseRegion(*score))
    return failure();
  if (succeeded(parser.parseOptionalKeyword("mask"))) {
    StringRef word;
    if (parser.parseKeyword("empty") || parser.parseLParen())
      return failure();
    SMLoc wordPlace = parser.getCurrentLocation();
    if (parser.parseKeyword(&word) || parser.parseRParen())
      return failure();
    std::optional<EmptyRow> known = symbolizeEmptyRow(word);
    if (!known)
      return parser.emitError(wordPlace, "expected uniform or nan");
    empty = *known;
    if (parser.parseRegion(*mask))
      return failure();
  }
  if (succeeded(parser.parseOptionalKeyword("post")) && parser.parseRegion(*post))
    return failure();
  result.addAttribute("empty", EmptyRowAttr::get(parser.getContext(), empty));
  FunctionType type;
  if (parser.parseOptionalAttrDict(result.attributes) || parser.parseColonType(type) ||
      parser.resolveOperands(operands, type.getInputs(), place, result.operands))
    return failure();
  result.addTypes(type.getResults());
  return success();
}

void AttentionOp::print(OpAsmPrinter &printer) {
  printer << ' ' << getQuery() << ", " << getKey() << ", " << getValue();
  if (!getCaptures().empty())
    printer << " captures(" << getCaptures() << ')';
  printer << " score ";
  printer.printRegion(getScore());
  if (hasMask()) {
    printer << " mask empty(" << stringifyEmptyRow(getEmpty()) << ") ";
    printer.printRegion(getMask());
  }
  if (hasPost()) {
    printer << " post ";
    printer.printRegion(getPost());
  }
  printer.printOptionalAttrDict((*this)->getAttrs(), {"empty"});
  printer << " : ";
  printer.printFunctionalType(*this);
}

//===-- Verifier --===//

/// One op of a region: what lowers to scalar code, place by place.
static LogicalResult verifyRegionOp(AttentionOp op, Operation &inner, ArrayRef<Dim> domain, Value products) {
  if (auto constant = dyn_cast<ConstantOp>(inner))
    return constant.getValues().size() == 1 ? success() : inner.emitOpError("in a region of attention needs one value");
  if (isa<DimOp, IotaOp>(inner))
    return success();
  if (inner.getNumResults() != 1 || !(isa<ViewOp>(inner) || inner.hasTrait<OpTrait::Elementwise>()))
    return inner.emitOpError("is not elementwise, but stands in a region of attention");
  if (typeOf(inner.getResult(0)).getShapeDims() != SmallVector<Dim>(domain))
    return inner.emitOpError() << "has another shape than the scores, " << dimsText(toAttrs(op.getContext(), domain));
  if (auto view = dyn_cast<ViewOp>(inner)) {
    Operation *from = view.getInput().getDefiningOp();
    if (view.getInput() == products || (from && !isa<DimOp, IotaOp, ConstantOp>(from)))
      return inner.emitOpError("in a region of attention moves what the region computes");
  }
  return success();
}

static LogicalResult verifyRegion(AttentionOp op, Region &region, StringRef name, bool isOnNumbers,
                                  bool yieldsNumbers) {
  MLIRContext *context = op.getContext();
  SmallVector<Dim> domain = op.getDomain();
  auto numbers = TensorType::get(context, domain, Float32Type::get(context));
  SmallVector<Type> expected;
  if (isOnNumbers)
    expected.push_back(numbers);
  llvm::append_range(expected, op.getCaptures().getTypes());
  Block &block = region.front();
  if (!region.hasOneBlock() || TypeRange(block.getArgumentTypes()) != TypeRange(expected))
    return op.emitOpError() << "has a region '" << name << "' whose arguments are not "
                            << (isOnNumbers ? "a tensor of the scores' shape and the captures" : "the captures");
  auto yield = block.empty() ? YieldOp() : dyn_cast<YieldOp>(block.back());
  Type result = yieldsNumbers ? numbers : TensorType::get(context, domain, IntegerType::get(context, 1));
  if (!yield || yield->getNumOperands() != 1 || yield->getOperand(0).getType() != result)
    return op.emitOpError() << "has a region '" << name << "' that does not yield " << result;
  for (Operation &inner : block.without_terminator())
    if (failed(verifyRegionOp(op, inner, domain, isOnNumbers ? Value(block.getArgument(0)) : Value())))
      return failure();
  return success();
}

LogicalResult AttentionOp::verify() {
  SmallVector<Dim> query = typeOf(getQuery()).getShapeDims(), key = typeOf(getKey()).getShapeDims(),
                   value = typeOf(getValue()).getShapeDims(), result = getType().getShapeDims();
  size_t rank = query.size();
  if (rank < 2 || key.size() != rank || value.size() != rank || result.size() != rank)
    return emitOpError("needs queries, keys, values and a result of one rank, at least 2");
  ArrayRef<Dim> batch = ArrayRef<Dim>(query).drop_back(2);
  for (const SmallVector<Dim> &other : {key, value, result})
    if (ArrayRef<Dim>(other).drop_back(2) != batch)
      return emitOpError("has operands whose batch axes differ");
  if (key.back() != query.back())
    return emitOpError() << "has queries of depth " << query.back().str() << ", but keys of depth " << key.back().str();
  if (key[rank - 2] != value[rank - 2])
    return emitOpError() << "has " << key[rank - 2].str() << " keys, but " << value[rank - 2].str() << " values";
  if (result[rank - 2] != query[rank - 2] || result.back() != value.back())
    return emitOpError() << "gives [..., " << query[rank - 2].str() << ", " << value.back().str() << ']';
  if (!hasMask() && getEmpty() != EmptyRow::uniform)
    return emitOpError("says what an empty row is, but masks nothing");
  if (failed(verifyRegion(*this, getScore(), "score", true, true)))
    return failure();
  if (hasMask() && failed(verifyRegion(*this, getMask(), "mask", false, false)))
    return failure();
  return hasPost() ? verifyRegion(*this, getPost(), "post", true, true) : success();
}

//===-- decompose --===//

/// A copy of the region's ops; returns what it yields. `first` stands for its first argument, if given.
static Value inlined(OpBuilder &builder, Region &region, Value first, ValueRange captures) {
  IRMapping mapping;
  Block &block = region.front();
  unsigned skipped = first ? 1 : 0;
  if (first)
    mapping.map(block.getArgument(0), first);
  mapping.map(block.getArguments().drop_front(skipped), captures);
  for (Operation &op : block.without_terminator())
    builder.clone(op, mapping);
  return mapping.lookupOrDefault(block.getTerminator()->getOperand(0));
}

SmallVector<Value> AttentionOp::decompose(OpBuilder &builder) {
  Location loc = getLoc();
  MLIRContext *context = builder.getContext();
  SmallVector<Dim> domain = getDomain();
  unsigned rank = domain.size();
  Type f32 = builder.getF32Type();
  auto type = TensorType::get(context, domain, f32);
  std::string batch;
  for (unsigned i = 0; i + 2 < rank; ++i)
    batch += static_cast<char>('a' + i);
  std::string t(1, 'a' + rank - 2), s(1, 'a' + rank - 1), other(1, 'a' + rank);
  auto constant = [&](double value) -> Value {
    return ConstantOp::create(builder, loc, type, builder.getDenseF64ArrayAttr({value}));
  };
  SmallVector<Dim> rowDims(domain);
  rowDims.back() = Dim(1);
  auto reduced = [&]<typename Op>(Value value) -> Value {
    Value row = Op::create(builder, loc, TensorType::get(context, rowDims, f32), value,
                           builder.getDenseI64ArrayAttr({static_cast<int64_t>(rank) - 1}));
    SmallVector<AffineExpr> results;
    for (unsigned i = 0; i + 1 < rank; ++i)
      results.push_back(builder.getAffineDimExpr(i));
    results.push_back(builder.getAffineConstantExpr(0));
    return ViewOp::create(builder, loc, type, row,
                          IndexMapAttr::get(context, AffineMap::get(rank, 0, results, context), {}));
  };

  Value products = ContractOp::create(builder, loc, type, getQuery(), getKey(),
                                      batch + t + other + ',' + batch + s + other + "->" + batch + t + s);
  Value score = inlined(builder, getScore(), products, getCaptures()), weights;
  Value seen = hasMask() ? inlined(builder, getMask(), {}, getCaptures()) : Value();
  Value visible =
      seen ? SelectOp::create(builder, loc, type, seen, score, constant(-static_cast<double>(FLT_MAX))) : score;
  if (seen && getEmpty() == EmptyRow::nan) {
    Value shifted = SubOp::create(builder, loc, type, visible, reduced.operator()<MaxOp>(visible));
    Value e = SelectOp::create(builder, loc, type, seen, ExpOp::create(builder, loc, type, shifted), constant(0));
    weights = DivOp::create(builder, loc, type, e, reduced.operator()<SumOp>(e));
  } else {
    weights = SoftmaxOp::create(builder, loc, type, visible);
  }
  if (hasPost())
    weights = inlined(builder, getPost(), weights, getCaptures());
  return {ContractOp::create(builder, loc, getType(), weights, getValue(),
                             batch + t + s + ',' + batch + s + other + "->" + batch + t + other)};
}

//===-- Meaning --===//

/// What a region yields; `first` is its first argument, if given.
static FailureOr<Frame::Shared> run(Frame &frame, AttentionOp op, Region &region, const RefTensor *first) {
  Block &block = region.front();
  unsigned position = 0;
  if (first)
    frame.set(block.getArgument(position++), *first);
  for (Value capture : op.getCaptures())
    frame.set(block.getArgument(position++), frame.share(capture));
  if (failed(frame.runBlock(block)))
    return failure();
  return frame.share(block.getTerminator()->getOperand(0));
}

/// [batch, rows, columns] to [batch, columns, rows].
static std::vector<double> transposed(const RefTensor &x) {
  int64_t rows = x.shape[x.shape.size() - 2], columns = x.shape.back(), matrix = rows * columns;
  std::vector<double> result(x.data.size());
  for (int64_t start = 0; matrix > 0 && start < x.size(); start += matrix)
    for (int64_t i = 0; i < rows; ++i)
      for (int64_t j = 0; j < columns; ++j)
        result[start + j * rows + i] = x.data[start + i * columns + j];
  return result;
}

LogicalResult AttentionOp::evaluate(Frame &frame) {
  auto result = frame.allocate(*this, getType());
  auto products = frame.allocate(*this, TensorType::get(getContext(), getDomain(), getType().getElementType()));
  if (failed(result) || failed(products))
    return failure();
  const RefTensor &query = frame.get(getQuery()), &key = frame.get(getKey()), &value = frame.get(getValue());
  size_t rank = query.shape.size();
  int64_t batch = 1, queries = query.shape[rank - 2], keys = key.shape[rank - 2];
  for (size_t i = 0; i + 2 < rank; ++i)
    batch *= query.shape[i];
  batchedMatMul(batch, queries, keys, query.shape.back(), query.data.data(), transposed(key).data(),
                products->data.data());
  auto scores = run(frame, *this, getScore(), &*products);
  if (failed(scores))
    return failure();
  FailureOr<Frame::Shared> seen = Frame::Shared();
  if (hasMask() && failed(seen = run(frame, *this, getMask(), nullptr)))
    return failure();

  RefTensor weights = std::move(*products);
  double lowest = getEmpty() == EmptyRow::nan ? -HUGE_VAL : -static_cast<double>(FLT_MAX);
  for (int64_t row = 0; row < batch * queries; ++row) {
    double *w = weights.data.data() + row * keys, largest = -HUGE_VAL, total = 0;
    for (int64_t k = 0; k < keys; ++k) {
      bool isSeen = !*seen || (*seen)->data[row * keys + k] != 0;
      w[k] = isSeen ? (*scores)->data[row * keys + k] : lowest;
      largest = std::isnan(w[k]) || std::isnan(largest) ? NAN : std::max(largest, w[k]);
    }
    for (int64_t k = 0; k < keys; ++k)
      total += w[k] = std::exp(w[k] - largest);
    for (int64_t k = 0; k < keys; ++k)
      w[k] /= total;
  }
  if (hasPost()) {
    auto changed = run(frame, *this, getPost(), &weights);
    if (failed(changed))
      return failure();
    weights = **changed;
  }
  batchedMatMul(batch, queries, value.shape.back(), keys, weights.data.data(), value.data.data(), result->data.data());
  frame.set(getResult(), std::move(*result));
  return success();
}

} // namespace sinter::ir

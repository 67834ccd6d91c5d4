// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// kernel.attention: text, verifier, and what it means (the interpreter's side, in float64).
#include "ir/kernel/SkeletonChecks.h"
#include "ir/reference/Frame.h"
#include "ir/reference/MapReader.h"
#include "ir/reference/ScalarProgram.h"
#include "ir/sinter/IndexMap.h"

#include <cfloat>
#include <cmath>

using namespace mlir;

namespace sinter::ir::kernel {

SmallVector<Dim> AttentionOp::getDomain() {
  SmallVector<Dim> dims = getResult().getType().getShapeDims();
  dims.back() = getKeys().getDim();
  return dims;
}

std::optional<int64_t> pageRowsOf(IndexMapAttr map, unsigned keyAxis, unsigned tableRank) {
  AffineExpr k = getAffineDimExpr(keyAxis, map.getContext());
  int64_t turns = 0, rows = 0; // the R of k floordiv R, of k mod R
  unsigned others = 0;         // axes that depend on k otherwise
  for (auto [axis, expr] : llvm::enumerate(map.getMap().getResults())) {
    if (expr.isPureAffine() && expr.isFunctionOfDim(keyAxis)) {
      auto binary = dyn_cast<AffineBinaryOpExpr>(expr);
      auto divisor = binary ? dyn_cast<AffineConstantExpr>(binary.getRHS()) : AffineConstantExpr();
      if (divisor && binary.getLHS() == k && axis < tableRank && !turns && expr.getKind() == AffineExprKind::FloorDiv) {
        turns = divisor.getValue();
        continue;
      }
      if (divisor && binary.getLHS() == k && axis >= tableRank && !rows && expr.getKind() == AffineExprKind::Mod) {
        rows = divisor.getValue();
        continue;
      }
      if (axis < tableRank)
        return std::nullopt;
      ++others;
    }
    bool isLinear = true;
    expr.walk([&](AffineExpr inner) {
      AffineExprKind kind = inner.getKind();
      isLinear &= kind != AffineExprKind::FloorDiv && kind != AffineExprKind::CeilDiv && kind != AffineExprKind::Mod;
    });
    if (!isLinear)
      return std::nullopt;
  }
  if (turns != rows || (turns && (others || turns < 4 || 64 % turns != 0)))
    return std::nullopt;
  return turns;
}

ParseResult AttentionOp::parse(OpAsmParser &parser, OperationState &result) {
  Operands operands;
  SmallVector<Attribute> maps, extraMaps;
  SmallVector<DimAttr> over;
  int64_t batch;
  if (parser.parseKeyword("batch") || parser.parseInteger(batch) || parser.parseKeyword("over"))
    return failure();
  SMLoc place = parser.getCurrentLocation();
  if (parseDims(parser, over))
    return failure();
  if (over.size() != 2)
    return parser.emitError(place, "the number of keys and the depth are expected");
  if (parseMapped(parser, operands, maps) || parser.parseComma() || parseMapped(parser, operands, maps) ||
      parser.parseComma() || parseMapped(parser, operands, maps))
    return failure();
  OpAsmParser::UnresolvedOperand pages;
  bool isPaged = succeeded(parser.parseOptionalKeyword("pages"));
  if (isPaged && (parser.parseLParen() || parser.parseOperand(pages) || parser.parseRParen()))
    return failure();
  if (succeeded(parser.parseOptionalKeyword("extras")) && parseMappedList(parser, operands, extraMaps))
    return failure();
  if (isPaged)
    operands.push_back(pages);
  if (parser.parseKeyword("score") || parser.parseRegion(*result.addRegion()))
    return failure();
  if (succeeded(parser.parseOptionalKeyword("mask")) && parser.parseRegion(*result.addRegion()))
    return failure();
  Builder &builder = parser.getBuilder();
  result.addAttribute("batch", builder.getI64IntegerAttr(batch));
  result.addAttribute("keys", over[0]);
  result.addAttribute("depth", over[1]);
  result.addAttribute("queryMap", maps[0]);
  result.addAttribute("keyMap", maps[1]);
  result.addAttribute("valueMap", maps[2]);
  result.addAttribute("extraMaps", builder.getArrayAttr(extraMaps));
  result.getOrAddProperties<Properties>().setOperandSegmentSizes(
      {1, 1, 1, static_cast<int32_t>(extraMaps.size()), isPaged ? 1 : 0});
  return parseTypes(parser, operands, result);
}

void AttentionOp::print(OpAsmPrinter &printer) {
  printer << " batch " << getBatch() << " over ";
  printDims(printer, {getKeys(), getDepth()});
  printer << ' ';
  printMapped(printer, *this, getQuery(), getQueryMap());
  printer << ", ";
  printMapped(printer, *this, getKey(), getKeyMap());
  printer << ", ";
  printMapped(printer, *this, getValue(), getValueMap());
  if (getPages())
    printer << " pages(" << getPages() << ')';
  if (!getExtras().empty()) {
    printer << " extras";
    printMappedList(printer, getExtras(), getExtraMaps());
  }
  printer << " score ";
  printer.printRegion(getScore());
  if (Region *mask = getMask()) {
    printer << " mask ";
    printer.printRegion(*mask);
  }
  printTypes(printer, *this, {"batch", "keys", "depth", "queryMap", "keyMap", "valueMap", "extraMaps", "operandSegmentSizes"});
}

static LogicalResult verifyPages(AttentionOp op) {
  if (!op.getPages())
    return success();
  BufferType table = bufferOf(op.getPages());
  if (table.isPanels() || !table.getElementType().isInteger(32) || table.rank() == 0)
    return op.emitOpError("the pages are a dense buffer of i32");
  unsigned rank = bufferOf(op.getResult()).rank();
  std::pair<Value, IndexMapAttr> pools[] = {{op.getKey(), op.getKeyMap()}, {op.getValue(), op.getValueMap()}};
  for (auto [pool, map] : pools) {
    unsigned poolRank = bufferOf(pool).rank(), expected = table.rank() + poolRank - 1;
    if (poolRank == 0 || map.getMap().getNumDims() != rank || map.getMap().getNumResults() != expected)
      return op.emitOpError() << "maps " << map.getMap().getNumDims() << " indices to " << map.getMap().getNumResults()
                              << ", but " << rank << " to " << expected << " lead through the pages to "
                              << bufferOf(pool);
    if (!pageRowsOf(map, op.getBatch(), table.rank()))
      return op.emitOpError("a map through the pages is linear but for k floordiv R in the table and k mod R in the page");
  }
  return success();
}

LogicalResult AttentionOp::verify() {
  BufferType result = bufferOf(getResult());
  int64_t rank = result.rank();
  if (static_cast<int64_t>(getBatch()) + 2 != rank)
    return emitOpError() << "has " << getBatch() << " batch dimensions and a result of rank " << rank
                         << "; the result is (batch..., queries, columns)";
  Value operands[] = {getQuery(), getKey(), getValue()};
  IndexMapAttr maps[] = {getQueryMap(), getKeyMap(), getValueMap()};
  for (auto [i, operand, map] : llvm::enumerate(operands, maps)) {
    bool isQuery = i == 0;
    if (bufferOf(operand).isPanels() || !holdsFloats(bufferOf(operand).getElementType()) ||
        (isQuery && !bufferOf(operand).getElementType().isF32()))
      return emitOpError("reads dense buffers of floats, and queries of f32");
    if (getPages() && !isQuery)
      continue;
    if (failed(verifyMap(*this, operand, map, rank)))
      return failure();
    if (!map.isLinear())
      return emitOpError("the maps of query, key and value must be linear");
  }
  if (failed(verifyPages(*this)))
    return failure();
  if (!result.getElementType().isF32())
    return emitOpError("gives f32");
  if (failed(verifyDense(*this)) || failed(verifyMaps(*this, getExtras(), getExtraMaps(), rank)))
    return failure();
  Type f32 = Float32Type::get(getContext());
  SmallVector<Type> extras = elementsOf(getExtras()), arguments = {f32};
  llvm::append_range(arguments, extras);
  if (failed(verifyRegion(*this, getScore(), "score", arguments, rank)) ||
      failed(verifyYields(*this, getScore(), "score", f32)))
    return failure();
  if (getMasks().size() > 1)
    return emitOpError("has more than one mask");
  if (Region *mask = getMask())
    if (failed(verifyRegion(*this, *mask, "mask", extras, rank)) ||
        failed(verifyYields(*this, *mask, "mask", IntegerType::get(getContext(), 1))))
      return failure();
  return success();
}

//===-- Meaning --===//

namespace {
/// The extras of one row (batch..., q), for each key.
struct ExtraRows {
  std::vector<MapReader> readers;
  std::vector<const double *> data;
  std::vector<std::vector<int64_t>> positions;
};
} // namespace

static FailureOr<ExtraRows> openExtras(Frame &frame, AttentionOp op, ArrayRef<int64_t> domain) {
  ExtraRows rows;
  for (auto [value, map] : llvm::zip_equal(op.getExtras(), op.getExtraMaps().getAsRange<IndexMapAttr>())) {
    const RefTensor &source = frame.get(value);
    auto reader = MapReader::create(frame, op, map, domain, source.shape);
    if (failed(reader))
      return failure();
    rows.positions.emplace_back(reader->rowLength());
    rows.readers.push_back(std::move(*reader));
    rows.data.push_back(source.data.data());
  }
  return rows;
}

static FailureOr<std::vector<double>> readPool(Frame &frame, AttentionOp op, Value pool, IndexMapAttr map,
                                               ArrayRef<int64_t> domain) {
  if (!op.getPages())
    return readAll(frame, op, map, domain, frame.get(pool));
  const RefTensor &pages = frame.get(pool), &table = frame.get(op.getPages());
  RefTensor rows{table.shape, pages.elementType, {}};
  rows.shape.insert(rows.shape.end(), pages.shape.begin() + 1, pages.shape.end());
  int64_t size = pages.size() / pages.shape[0];
  for (double page : table.data) {
    if (page < 0 || page >= pages.shape[0])
      return frame.fail(op, "page " + Twine(static_cast<int64_t>(page)) + " is out of range: the pool has " +
                                Twine(pages.shape[0]));
    auto from = pages.data.begin() + static_cast<int64_t>(page) * size;
    rows.data.insert(rows.data.end(), from, from + size);
  }
  return readAll(frame, op, map, domain, rows);
}

LogicalResult AttentionOp::evaluate(Frame &frame) {
  auto result = frame.allocate(*this, getResult().getType());
  auto domainSizes = frame.sizesOf(*this, getDomain());
  auto depthSize = frame.sizesOf(*this, {getDepth().getDim()});
  if (failed(result) || failed(domainSizes) || failed(depthSize))
    return failure();
  ArrayRef<int64_t> domain(*domainSizes);
  int64_t keys = domain.back(), queries = domain[domain.size() - 2], depth = depthSize->front(),
          columns = result->shape.back();
  std::vector<int64_t> queryDomain(domain), keyDomain(domain), valueDomain(domain);
  queryDomain.back() = keyDomain.back() = depth;
  keyDomain[domain.size() - 2] = valueDomain[domain.size() - 2] = keys;
  valueDomain.back() = columns;
  auto query = readAll(frame, *this, getQueryMap(), queryDomain, frame.get(getQuery()));
  auto key = readPool(frame, *this, getKey(), getKeyMap(), keyDomain);
  auto value = readPool(frame, *this, getValue(), getValueMap(), valueDomain);
  auto extras = openExtras(frame, *this, domain);
  auto score = ScalarProgram::create(frame, getScore().front());
  if (failed(query) || failed(key) || failed(value) || failed(extras) || failed(score))
    return failure();
  std::optional<ScalarProgram> mask;
  if (Region *region = getMask()) {
    auto program = ScalarProgram::create(frame, region->front());
    if (failed(program))
      return failure();
    mask = std::move(*program);
  }

  int64_t row = 0; // of (batch..., q)
  std::vector<double> scores(keys);
  LogicalResult done = forEachRow(domain, [&](ArrayRef<int64_t> start) -> LogicalResult {
    for (auto [reader, places] : llvm::zip_equal(extras->readers, extras->positions))
      if (failed(reader.row(start, places)))
        return failure();
    int64_t batch = row / std::max<int64_t>(queries, 1);
    SmallVector<int64_t> index(start);
    double largest = -HUGE_VAL, total = 0;
    for (int64_t k = 0; k < keys; ++k) {
      double product = 0;
      for (int64_t e = 0; e < depth; ++e)
        product += (*query)[row * depth + e] * (*key)[(batch * keys + k) * depth + e];
      index.back() = k;
      score->arguments()[0] = product;
      for (size_t i = 0; i < extras->data.size(); ++i) {
        double scalar = extras->data[i][extras->positions[i][k]];
        score->arguments()[i + 1] = scalar;
        if (mask)
          mask->arguments()[i] = scalar;
      }
      score->run(index);
      scores[k] = score->yielded(0);
      if (mask) {
        mask->run(index);
        if (mask->yielded(0) == 0)
          scores[k] = -static_cast<double>(FLT_MAX);
      }
      largest = std::isnan(scores[k]) || std::isnan(largest) ? NAN : std::max(largest, scores[k]);
    }
    double *out = result->data.data() + row++ * columns;
    std::fill_n(out, columns, 0.0);
    for (int64_t k = 0; k < keys; ++k) {
      double weight = std::exp(scores[k] - largest);
      total += weight;
      for (int64_t d = 0; d < columns; ++d)
        out[d] += weight * (*value)[(batch * keys + k) * columns + d];
    }
    for (int64_t d = 0; d < columns; ++d)
      out[d] /= total;
    return success();
  });
  if (succeeded(done))
    frame.set(getResult(), std::move(*result));
  return done;
}

} // namespace sinter::ir::kernel

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// kernel.append: text, verifier, and what it means (the interpreter's side: the pool as a new value).
#include "ir/kernel/SkeletonChecks.h"
#include "ir/reference/Frame.h"
#include "ir/reference/MapReader.h"
#include "ir/reference/Scalars.h"
#include "ir/sinter/IndexMap.h"

#include <numeric>

using namespace mlir;

namespace sinter::ir::kernel {

static int64_t productOf(ArrayRef<int64_t> sizes) {
  return std::accumulate(sizes.begin(), sizes.end(), int64_t(1), std::multiplies<>());
}

SmallVector<Dim> AppendOp::getDomain() {
  SmallVector<Dim> pool = bufferOf(getPool()).getShapeDims(), domain = {bufferOf(getPages()).getDim(0), getTokens().getDim()};
  for (unsigned i = 1; i < pool.size(); ++i)
    if (i != getAxis())
      domain.push_back(pool[i]);
  return domain;
}

ParseResult AppendOp::parse(OpAsmParser &parser, OperationState &result) {
  Operands operands;
  SmallVector<Attribute> maps;
  SmallVector<DimAttr> over;
  int64_t axis;
  if (parser.parseOperand(operands.emplace_back()) || parser.parseLSquare() ||
      parser.parseOperand(operands.emplace_back()) || parser.parseRSquare() || parser.parseKeyword("axis") ||
      parser.parseInteger(axis) || parser.parseKeyword("over"))
    return failure();
  SMLoc place = parser.getCurrentLocation();
  if (parseDims(parser, over))
    return failure();
  if (over.size() != 1)
    return parser.emitError(place, "the number of new tokens is expected");
  if (parseMapped(parser, operands, maps) || parser.parseKeyword("length") ||
      parser.parseOperand(operands.emplace_back()) || parser.parseKeyword("count") ||
      parser.parseOperand(operands.emplace_back()))
    return failure();
  result.addAttribute("axis", parser.getBuilder().getI64IntegerAttr(axis));
  result.addAttribute("tokens", over[0]);
  result.addAttribute("map", maps[0]);
  return parseTypes(parser, operands, result);
}

void AppendOp::print(OpAsmPrinter &printer) {
  printer << ' ' << getPool() << '[' << getPages() << "] axis " << getAxis() << " over ";
  printDims(printer, getTokensAttr());
  printer << ' ';
  printMapped(printer, *this, getRows(), getMap());
  printer << " length " << getLength() << " count " << getCount();
  printTypes(printer, *this, {"axis", "tokens", "map"});
}

LogicalResult AppendOp::verify() {
  BufferType pool = bufferOf(getPool()), pages = bufferOf(getPages());
  if (int64_t(getAxis()) < 1 || getAxis() >= pool.rank())
    return emitOpError() << "axis " << int64_t(getAxis()) << " is not one of a page: the pool is " << pool;
  if (pool.isPanels() || !holdsFloats(pool.getElementType()) || bufferOf(getResult()) != pool)
    return emitOpError("changes a dense pool of floats, and gives the same");
  if (bufferOf(getRows()).isPanels() || !holdsFloats(bufferOf(getRows()).getElementType()))
    return emitOpError("appends rows of floats from a dense buffer");
  auto isTable = [](BufferType type, unsigned rank) {
    return type.getElementType().isInteger(32) && !type.isPanels() && type.rank() == rank;
  };
  if (!isTable(pages, 2))
    return emitOpError() << "the pages are a table of i32, one row for each sequence, but " << pages << " is given";
  for (Value numbers : {getLength(), getCount()})
    if (!isTable(bufferOf(numbers), 1) || bufferOf(numbers).getDim(0) != pages.getDim(0))
      return emitOpError() << "length and count are one i32 for each of " << pages.getDim(0).str() << " sequences, but "
                           << bufferOf(numbers) << " is given";
  return verifyMap(*this, getRows(), getMap(), getDomain().size());
}

LogicalResult AppendOp::evaluate(Frame &frame) {
  auto domain = frame.sizesOf(*this, getDomain());
  if (failed(domain))
    return failure();
  auto rows = readAll(frame, *this, getMap(), *domain, frame.get(getRows()));
  if (failed(rows))
    return failure();
  const RefTensor &pages = frame.get(getPages()), &length = frame.get(getLength()), &count = frame.get(getCount());
  RefTensor result = frame.get(getPool());
  Type element = bufferOf(getPool()).getElementType();
  // A page as [outer, R, inner]; a row of tokens as [outer, inner].
  ArrayRef<int64_t> shape(result.shape);
  int64_t perPage = shape[getAxis()], sequences = (*domain)[0], news = (*domain)[1], turns = pages.shape[1];
  int64_t outer = productOf(shape.slice(1, getAxis() - 1)), inner = productOf(shape.drop_front(getAxis() + 1));
  for (int64_t b = 0; b < sequences; ++b) {
    if (count.data[b] < 0 || count.data[b] > news)
      return frame.fail(*this, "of " + Twine(news) + " new tokens, " + Twine(toInt(count.data[b])) + " are to count");
    for (int64_t n = 0; n < toInt(count.data[b]); ++n) {
      int64_t position = toInt(length.data[b]) + n, turn = floorQuotient(position, perPage);
      if (position < 0 || turn >= turns)
        return frame.fail(*this, "position " + Twine(position) + " is out of range: a row has " + Twine(turns) +
                                     " pages of " + Twine(perPage));
      int64_t page = toInt(pages.data[b * turns + turn]);
      if (page < 1 || page >= shape[0])
        return frame.fail(*this, "page " + Twine(page) + " cannot be written: the pool has " + Twine(shape[0]) +
                                     ", and page 0 is kept");
      for (int64_t o = 0; o < outer; ++o)
        for (int64_t i = 0; i < inner; ++i)
          result.data[((page * outer + o) * perPage + position % perPage) * inner + i] =
              storedValue(element, (*rows)[((b * news + n) * outer + o) * inner + i]);
    }
  }
  frame.set(getResult(), std::move(result));
  return success();
}

} // namespace sinter::ir::kernel

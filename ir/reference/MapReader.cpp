// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Index maps with numbers for symbols and sizes, row by row.
#include "ir/reference/MapReader.h"

using namespace mlir;

namespace sinter::ir {

LogicalResult forEachRow(ArrayRef<int64_t> shape, function_ref<LogicalResult(ArrayRef<int64_t>)> visit) {
  if (llvm::is_contained(shape, 0))
    return success();
  SmallVector<int64_t> index(shape.size(), 0);
  while (true) {
    if (failed(visit(index)))
      return failure();
    int64_t axis = static_cast<int64_t>(shape.size()) - 2;
    for (; axis >= 0 && ++index[axis] == shape[axis]; --axis)
      index[axis] = 0;
    if (axis < 0)
      return success();
  }
}

std::optional<MapReader::Sum> MapReader::compile(const IndexSum &sum) {
  std::optional<int64_t> constant = sum.constant.constant();
  if (!constant)
    return std::nullopt;
  Sum result{{}, *constant};
  for (const auto &[term, coefficient] : sum.terms) {
    std::optional<int64_t> factor = coefficient.constant(), divisor = term.divisor.constant();
    std::optional<Sum> inner = term.inner ? compile(*term.inner) : Sum{{}, 0};
    if (!factor || !divisor || !inner || (term.inner && *divisor < 1))
      return std::nullopt;
    result.terms.push_back({term.kind, term.position, std::make_shared<Sum>(std::move(*inner)), *divisor, *factor});
  }
  return result;
}

int64_t MapReader::evaluate(const Sum &sum, ArrayRef<int64_t> index) {
  int64_t result = sum.constant;
  for (const Term &term : sum.terms) {
    if (term.kind == IndexTerm::Kind::Variable) {
      result += term.coefficient * index[term.position];
      continue;
    }
    int64_t inner = evaluate(*term.inner, index);
    int64_t rest = ((inner % term.divisor) + term.divisor) % term.divisor;
    result += term.coefficient * (term.kind == IndexTerm::Kind::Mod ? rest : (inner - rest) / term.divisor);
  }
  return result;
}

FailureOr<MapReader> MapReader::create(const Frame &frame, Operation *op, IndexMapAttr map, ArrayRef<int64_t> domain,
                                       ArrayRef<int64_t> source) {
  MapReader reader;
  reader.op = op;
  reader.domain = domain;
  reader.source = source;
  auto symbols = frame.numbersOf(op, toDims(map.getSymbols()));
  if (failed(symbols))
    return failure();
  SmallVector<Dim> numbers(symbols->begin(), symbols->end()), sizes(domain.begin(), domain.end());
  SmallVector<IndexSum> variables;
  for (size_t i = 0; i < domain.size(); ++i)
    variables.push_back(IndexSum::variable(i));
  IndexSimplifier simplifier(sizes);
  for (AffineExpr expr : map.getMap().getResults()) {
    IndexSum sum = simplifier.fromExpr(expr, variables, numbers);
    std::optional<Sum> axis = compile(sum);
    if (!axis)
      return frame.fail(op, "an index map divides by a number below 1, or is too large");
    reader.isLinear &= sum.isLinear();
    reader.axes.push_back(std::move(*axis));
  }
  if (!reader.isLinear || llvm::is_contained(domain, 0))
    return reader;

  reader.factors.assign(domain.size(), 0);
  int64_t stride = 1;
  for (size_t axis = source.size(); axis-- > 0; stride *= source[axis]) {
    const Sum &sum = reader.axes[axis];
    int64_t low = sum.constant, high = sum.constant;
    for (const Term &term : sum.terms) {
      int64_t reach = term.coefficient * (domain[term.position] - 1);
      (reach < 0 ? low : high) += reach;
      reader.factors[term.position] += term.coefficient * stride;
    }
    reader.offset += sum.constant * stride;
    if (low < 0 || high >= source[axis])
      return frame.fail(op, "reads axis " + Twine(axis) + " of extent " + Twine(source[axis]) + " from " + Twine(low) +
                                " to " + Twine(high));
  }
  return reader;
}

LogicalResult MapReader::row(ArrayRef<int64_t> index, MutableArrayRef<int64_t> positions) const {
  if (isLinear) {
    int64_t start = offset, step = domain.empty() ? 0 : factors.back();
    for (size_t axis = 0; axis + 1 < domain.size(); ++axis)
      start += factors[axis] * index[axis];
    for (size_t i = 0; i < positions.size(); ++i)
      positions[i] = start + static_cast<int64_t>(i) * step;
    return success();
  }
  SmallVector<int64_t> place(index);
  for (size_t i = 0; i < positions.size(); ++i) {
    if (!place.empty())
      place.back() = static_cast<int64_t>(i);
    int64_t position = 0;
    for (auto [axis, sum] : llvm::enumerate(axes)) {
      int64_t value = evaluate(sum, place);
      if (value < 0 || value >= source[axis])
        return op->emitError() << "reads index " << value << " of axis " << axis << " of extent " << source[axis];
      position = position * source[axis] + value;
    }
    positions[i] = position;
  }
  return success();
}

FailureOr<std::vector<double>> readAll(const Frame &frame, Operation *op, IndexMapAttr map, ArrayRef<int64_t> domain,
                                       const RefTensor &source) {
  auto reader = MapReader::create(frame, op, map, domain, source.shape);
  if (failed(reader))
    return failure();
  std::vector<double> result;
  std::vector<int64_t> positions(reader->rowLength());
  LogicalResult done = forEachRow(domain, [&](ArrayRef<int64_t> index) {
    if (failed(reader->row(index, positions)))
      return failure();
    for (int64_t position : positions)
      result.push_back(source.data[position]);
    return success();
  });
  return failed(done) ? FailureOr<std::vector<double>>(failure()) : std::move(result);
}

} // namespace sinter::ir

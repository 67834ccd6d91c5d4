// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the ops mean that make, move and combine tensors, and those that make a program.
#include "ir/reference/Frame.h"
#include "ir/reference/MapReader.h"
#include "ir/reference/MatMul.h"
#include "ir/reference/Scalars.h"

#include <numeric>

using namespace mlir;

namespace sinter::ir {

static int64_t product(ArrayRef<int64_t> sizes) {
  return std::accumulate(sizes.begin(), sizes.end(), int64_t(1), std::multiplies<>());
}

//===-- constant, dim, iota, view --===//

LogicalResult ConstantOp::evaluate(Frame &frame) {
  auto result = frame.allocate(*this, getType());
  if (failed(result))
    return failure();
  ArrayRef<double> values = getValues();
  if (values.size() == 1)
    llvm::fill(result->data, values[0]);
  else
    result->data.assign(values.begin(), values.end());
  frame.set(getResult(), std::move(*result));
  return success();
}

LogicalResult DimOp::evaluate(Frame &frame) {
  auto sizes = frame.sizesOf(*this, getDim().getDim());
  if (failed(sizes))
    return failure();
  frame.set(getResult(), RefTensor{{}, getResult().getType().getElementType(), {static_cast<double>(sizes->front())}});
  return success();
}

LogicalResult IotaOp::evaluate(Frame &frame) {
  auto result = frame.allocate(*this, getType());
  if (failed(result))
    return failure();
  std::iota(result->data.begin(), result->data.end(), 0.0);
  frame.set(getResult(), std::move(*result));
  return success();
}

LogicalResult ViewOp::evaluate(Frame &frame) {
  auto result = frame.allocate(*this, getType());
  if (failed(result))
    return failure();
  auto data = readAll(frame, *this, getMap(), result->shape, frame.get(getInput()));
  if (failed(data))
    return failure();
  result->data = std::move(*data);
  frame.set(getResult(), std::move(*result));
  return success();
}

//===-- concat, gather, pick --===//

LogicalResult ConcatOp::evaluate(Frame &frame) {
  auto result = frame.allocate(*this, getType());
  if (failed(result))
    return failure();
  ArrayRef<int64_t> shape = result->shape;
  int64_t before = product(shape.take_front(getAxis())), row = product(shape.drop_front(getAxis()));
  int64_t start = 0;
  for (Value input : getInputs()) {
    const RefTensor &part = frame.get(input);
    int64_t size = before == 0 ? 0 : part.size() / before;
    for (int64_t i = 0; i < before; ++i)
      std::copy_n(part.data.begin() + i * size, size, result->data.begin() + i * row + start);
    start += size;
  }
  frame.set(getResult(), std::move(*result));
  return success();
}

LogicalResult evaluateGather(Frame &frame, Operation *op, Value tableValue, Value idsValue) {
  const RefTensor &table = frame.get(tableValue), &ids = frame.get(idsValue);
  auto result = frame.allocate(op, op->getResult(0).getType());
  if (failed(result))
    return failure();
  int64_t rows = table.shape[0], size = product(ArrayRef(table.shape).drop_front());
  for (int64_t i = 0; i < ids.size(); ++i) {
    if (ids.data[i] < 0 || ids.data[i] >= rows)
      return frame.fail(op, "index " + Twine(toInt(ids.data[i])) + " is out of range: the table has " + Twine(rows) +
                                   " rows");
    std::copy_n(table.data.begin() + toInt(ids.data[i]) * size, size, result->data.begin() + i * size);
  }
  frame.set(op->getResult(0), std::move(*result));
  return success();
}

LogicalResult GatherOp::evaluate(Frame &frame) { return evaluateGather(frame, *this, getTable(), getIds()); }

LogicalResult AppendOp::evaluate(Frame &frame) {
  const RefTensor &pages = frame.get(getPages()), &rows = frame.get(getRows()), &length = frame.get(getLength()),
                  &count = frame.get(getCount());
  RefTensor result = frame.get(getPool());
  int64_t perPage = result.shape[getAxis()], sequences = rows.shape[0], news = rows.shape[1];
  // A page as [outer, R, inner]; a row of tokens as [outer, inner].
  int64_t outer = 1, inner = 1;
  for (auto [axis, extent] : llvm::enumerate(result.shape))
    if (axis > 0 && static_cast<int64_t>(axis) < static_cast<int64_t>(getAxis()))
      outer *= extent;
    else if (static_cast<int64_t>(axis) > static_cast<int64_t>(getAxis()))
      inner *= extent;
  for (int64_t b = 0; b < sequences; ++b)
    for (int64_t n = 0; n < std::min(toInt(count.data[b]), news); ++n) {
      int64_t position = toInt(length.data[b]) + n, turn = position / perPage;
      if (position < 0 || turn >= pages.shape[1])
        return frame.fail(*this, "position " + Twine(position) + " is out of range: a row has " + Twine(pages.shape[1]) +
                                     " pages of " + Twine(perPage));
      int64_t page = toInt(pages.data[b * pages.shape[1] + turn]);
      if (page < 0 || page >= result.shape[0])
        return frame.fail(*this, "page " + Twine(page) + " is out of range: the pool has " + Twine(result.shape[0]));
      for (int64_t o = 0; o < outer; ++o)
        for (int64_t i = 0; i < inner; ++i)
          result.data[((page * outer + o) * perPage + position % perPage) * inner + i] =
              rows.data[((b * news + n) * outer + o) * inner + i];
    }
  frame.set(getResult(), std::move(result));
  return success();
}

LogicalResult PickOp::evaluate(Frame &frame) {
  const RefTensor &input = frame.get(getInput()), &ids = frame.get(getIds());
  auto result = frame.allocate(*this, getType());
  if (failed(result))
    return failure();
  int64_t size = input.shape.back();
  for (int64_t i = 0; i < ids.size(); ++i) {
    if (ids.data[i] < 0 || ids.data[i] >= size)
      return frame.fail(*this, "index " + Twine(toInt(ids.data[i])) + " is out of range: a row has " + Twine(size) +
                                   " entries");
    result->data[i] = input.data[i * size + toInt(ids.data[i])];
  }
  frame.set(getResult(), std::move(*result));
  return success();
}

//===-- Reductions --===//

/// Visits each element with the position of the result it belongs to, in the input's row-major order.
template <typename Visit> static void visitReduced(const RefTensor &input, ArrayRef<int64_t> axes, Visit visit) {
  SmallVector<int64_t> strides(input.shape.size(), 0), index(input.shape.size(), 0);
  int64_t stride = 1;
  for (size_t axis = input.shape.size(); axis-- > 0;)
    if (!llvm::is_contained(axes, static_cast<int64_t>(axis))) {
      strides[axis] = stride;
      stride *= input.shape[axis];
    }
  int64_t target = 0;
  for (int64_t position = 0; position < input.size(); ++position) {
    visit(position, target, index);
    for (size_t axis = input.shape.size(); axis-- > 0;) {
      target += strides[axis];
      if (++index[axis] < input.shape[axis])
        break;
      target -= strides[axis] * input.shape[axis];
      index[axis] = 0;
    }
  }
}

template <typename Combine>
static LogicalResult reduce(Frame &frame, Operation *op, ArrayRef<int64_t> axes, double start, Combine combine) {
  const RefTensor &input = frame.get(op->getOperand(0));
  auto result = frame.allocate(op, op->getResult(0).getType());
  if (failed(result))
    return failure();
  llvm::fill(result->data, start);
  visitReduced(input, axes, [&](int64_t position, int64_t target, ArrayRef<int64_t>) {
    result->data[target] = combine(result->data[target], input.data[position]);
  });
  frame.set(op->getResult(0), std::move(*result));
  return success();
}

LogicalResult SumOp::evaluate(Frame &frame) {
  bool isInt = getInput().getType().getElementType().isInteger(32);
  return reduce(frame, *this, getAxes(), 0,
                [&](double a, double b) { return isInt ? wrap32(toInt(a) + toInt(b)) : a + b; });
}
LogicalResult MaxOp::evaluate(Frame &frame) { return reduce(frame, *this, getAxes(), -HUGE_VAL, maximumOf); }
LogicalResult MinOp::evaluate(Frame &frame) { return reduce(frame, *this, getAxes(), HUGE_VAL, minimumOf); }

LogicalResult ArgMaxOp::evaluate(Frame &frame) {
  const RefTensor &input = frame.get(getInput());
  auto result = frame.allocate(*this, getType());
  if (failed(result))
    return failure();
  int64_t axis = getAxes().front();
  std::vector<double> best(result->data.size(), -HUGE_VAL);
  visitReduced(input, axis, [&](int64_t position, int64_t target, ArrayRef<int64_t> index) {
    if (input.data[position] > best[target]) {
      best[target] = input.data[position];
      result->data[target] = index[axis];
    }
  });
  frame.set(getResult(), std::move(*result));
  return success();
}

LogicalResult CumSumOp::evaluate(Frame &frame) {
  RefTensor result = frame.get(getInput());
  int64_t step = product(ArrayRef(result.shape).drop_front(getAxis() + 1)), extent = result.shape[getAxis()];
  bool isInt = result.elementType.isInteger(32);
  for (int64_t i = 0; i < result.size(); ++i)
    if ((i / step) % extent != 0) {
      double sum = result.data[i] + result.data[i - step];
      result.data[i] = isInt ? wrap32(toInt(sum)) : sum;
    }
  frame.set(getResult(), std::move(result));
  return success();
}

LogicalResult TopKOp::evaluate(Frame &frame) {
  const RefTensor &input = frame.get(getInput());
  auto top = frame.allocate(*this, getTop().getType()), indices = frame.allocate(*this, getIndices().getType());
  if (failed(top) || failed(indices))
    return failure();
  int64_t size = input.shape.back(), k = top->shape.back();
  if (k > size)
    return frame.fail(*this, "takes " + Twine(k) + " of " + Twine(size));
  std::vector<int64_t> order(size);
  for (int64_t row = 0; row * k < top->size(); ++row) {
    const double *values = input.data.data() + row * size;
    std::iota(order.begin(), order.end(), int64_t(0));
    llvm::sort(order, [&](int64_t a, int64_t b) { return values[a] != values[b] ? values[a] > values[b] : a < b; });
    for (int64_t i = 0; i < k; ++i) {
      top->data[row * k + i] = values[order[i]];
      indices->data[row * k + i] = order[i];
    }
  }
  frame.set(getTop(), std::move(*top));
  frame.set(getIndices(), std::move(*indices));
  return success();
}

//===-- contract --===//

/// Axes of `from` (labels) rearranged into the order `to`; every label of `to` occurs in `from`.
static std::vector<double> transpose(const RefTensor &tensor, StringRef from, StringRef to) {
  SmallVector<int64_t> strides(from.size(), 1), shape, steps;
  for (size_t axis = from.size(); axis-- > 1;)
    strides[axis - 1] = strides[axis] * tensor.shape[axis];
  for (char label : to) {
    shape.push_back(tensor.shape[from.find(label)]);
    steps.push_back(strides[from.find(label)]);
  }
  std::vector<double> result;
  result.reserve(tensor.data.size());
  (void)forEachRow(shape, [&](ArrayRef<int64_t> index) {
    int64_t start = 0;
    for (size_t axis = 0; axis + 1 < shape.size(); ++axis)
      start += index[axis] * steps[axis];
    for (int64_t i = 0, length = shape.empty() ? 1 : shape.back(); i < length; ++i)
      result.push_back(tensor.data[start + (shape.empty() ? 0 : i * steps.back())]);
    return success();
  });
  return result;
}

// Labels are of four kinds; operands are brought into the order (batch, rows, sum) and (batch, sum, columns), so that
// what remains is a batched matrix product.
LogicalResult ContractOp::evaluate(Frame &frame) {
  const RefTensor &lhs = frame.get(getLhs()), &rhs = frame.get(getRhs());
  auto [left, right, out] = getLabelParts();
  std::string batch, rows, columns, sum;
  for (char label : out)
    (!left.contains(label) ? columns : !right.contains(label) ? rows : batch) += label;
  for (char label : left)
    if (!out.contains(label))
      sum += label;
  auto sizeOf = [&](StringRef labels) {
    int64_t size = 1;
    for (char label : labels)
      size *= left.contains(label) ? lhs.shape[left.find(label)] : rhs.shape[right.find(label)];
    return size;
  };
  auto result = frame.allocate(*this, getType());
  if (failed(result))
    return failure();
  std::vector<double> a = transpose(lhs, left, batch + rows + sum), b = transpose(rhs, right, batch + sum + columns);
  batchedMatMul(sizeOf(batch), sizeOf(rows), sizeOf(columns), sizeOf(sum), a.data(), b.data(), result->data.data());

  std::string order = batch + rows + columns;
  if (order != out) {
    RefTensor product{{}, result->elementType, std::move(result->data)};
    for (char label : order)
      product.shape.push_back(sizeOf(StringRef(&label, 1)));
    result->data = transpose(product, order, out);
  }
  frame.set(getResult(), std::move(*result));
  return success();
}

//===-- read, repeat, check --===//

LogicalResult ReadOp::evaluate(Frame &frame) {
  auto value = frame.read(*this, getName(), getType());
  if (failed(value))
    return failure();
  frame.set(getResult(), *value);
  return success();
}

LogicalResult RepeatOp::evaluate(Frame &frame) {
  return evaluateRepeat(frame, *this, getCount(), getCarried(), getStacked());
}

LogicalResult CheckOp::evaluate(Frame &frame) {
  std::optional<int64_t> lhs = frame.sizeOf(getLhs().getDim()), rhs = frame.sizeOf(getRhs().getDim());
  if (!lhs || !rhs)
    return frame.fail(*this, "a dimension of the check has no value: an input must bind its symbols");
  int64_t a = *lhs, b = *rhs;
  bool holds[] = {a == b, a != b, a<b, a <= b, a> b, a >= b};
  if (holds[getPredicate()])
    return success();
  std::string message = getMessage().str();
  for (auto [i, dim] : llvm::enumerate(toDims(getShown()))) {
    std::string mark = "{" + std::to_string(i) + "}";
    std::optional<int64_t> number = frame.sizeOf(dim);
    for (size_t place; (place = message.find(mark)) != std::string::npos;)
      message.replace(place, mark.size(), number ? std::to_string(*number) : "?");
  }
  return frame.fail(*this, message);
}

} // namespace sinter::ir

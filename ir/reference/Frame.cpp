// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Values, sizes and parameters of one evaluation, and the walk over a block.
#include "ir/reference/Frame.h"
#include "ir/kernel/Kernel.h"

using namespace mlir;

namespace sinter::ir {

static SmallVector<Dim> dimsOf(Type type) {
  if (auto buffer = dyn_cast<kernel::BufferType>(type))
    return buffer.getShapeDims();
  return cast<TensorType>(type).getShapeDims();
}
static Type elementOf(Type type) {
  if (auto buffer = dyn_cast<kernel::BufferType>(type))
    return buffer.getElementType();
  return cast<TensorType>(type).getElementType();
}

LogicalResult Frame::fail(Operation *op, const Twine &message) const { return op->emitError(message); }

std::optional<int64_t> Frame::symbolSize(StringRef name) const {
  auto found = symbols.find(name);
  return found == symbols.end() ? std::nullopt : std::optional(found->second);
}

std::optional<int64_t> Frame::sizeOf(const Dim &dim) const {
  return dim.evaluate([&](std::string_view name) { return symbolSize(StringRef(name.data(), name.size())); });
}

FailureOr<std::vector<int64_t>> Frame::numbersOf(Operation *op, ArrayRef<Dim> dims) const {
  std::vector<int64_t> numbers;
  for (const Dim &dim : dims) {
    std::optional<int64_t> number = sizeOf(dim);
    if (!number)
      return fail(op, "dimension " + dim.str() + " has no value: an input must bind its symbols");
    numbers.push_back(*number);
  }
  return numbers;
}

FailureOr<std::vector<int64_t>> Frame::sizesOf(Operation *op, ArrayRef<Dim> dims) const {
  auto sizes = numbersOf(op, dims);
  if (failed(sizes))
    return failure();
  for (auto [dim, size] : llvm::zip_equal(dims, *sizes))
    if (size < 0)
      return fail(op, "dimension " + dim.str() + " is " + Twine(size));
  return sizes;
}

FailureOr<RefTensor> Frame::allocate(Operation *op, Type type) const {
  auto sizes = sizesOf(op, dimsOf(type));
  if (failed(sizes))
    return failure();
  int64_t elements = 1;
  for (int64_t size : *sizes)
    if (__builtin_mul_overflow(elements, size, &elements) || elements > maxRefElements)
      return fail(op, "a value of this shape is too large for the interpreter");
  return RefTensor{*sizes, elementOf(type), std::vector<double>(elements)};
}

FailureOr<Frame::Shared> Frame::read(Operation *op, StringRef name, Type type) const {
  auto sizes = sizesOf(op, dimsOf(type));
  if (failed(sizes))
    return failure();
  Shared tensor;
  if (auto found = prepared.find(name); found != prepared.end())
    tensor = found->second;
  else if (const RefTensor *parameter = parameters ? parameters(name) : nullptr)
    tensor = Shared(Shared(), parameter);
  if (!tensor)
    return fail(op, "parameter @" + name + " has no value");
  int64_t elements = 1;
  for (int64_t size : tensor->shape)
    elements *= size;
  if (tensor->shape != *sizes || elements != tensor->size())
    return fail(op, "the value of parameter @" + name + " has another shape than its declaration");
  return tensor;
}

/// For each op the values of its block that nothing reads after it.
static DenseMap<Operation *, SmallVector<Value>> lastUses(Block &block) {
  DenseMap<Operation *, SmallVector<Value>> result;
  DenseSet<Value> seen;
  for (Operation &op : llvm::reverse(block))
    op.walk([&](Operation *inner) {
      for (Value operand : inner->getOperands())
        if (operand.getParentBlock() == &block && seen.insert(operand).second)
          result[&op].push_back(operand);
    });
  return result;
}

LogicalResult Frame::runBlock(Block &block) {
  DenseMap<Operation *, SmallVector<Value>> last = lastUses(block);
  for (Operation &op : block.without_terminator()) {
    auto evaluable = dyn_cast<Evaluable>(op);
    if (!evaluable)
      return fail(&op, "the reference interpreter knows no meaning of " + op.getName().getStringRef());
    if (failed(evaluable.evaluate(*this)))
      return failure();
    for (Value value : last.lookup(&op))
      values.erase(value);
  }
  return success();
}

LogicalResult evaluateRepeat(Frame &frame, Operation *op, int64_t count, OperandRange carried, OperandRange stacked) {
  Block &body = op->getRegion(0).front();
  size_t numCarried = carried.size();
  SmallVector<Frame::Shared> current;
  for (Value value : carried)
    current.push_back(frame.share(value));
  std::vector<RefTensor> outputs;
  for (Value result : op->getResults().drop_front(numCarried)) {
    auto output = frame.allocate(op, result.getType());
    if (failed(output))
      return failure();
    outputs.push_back(std::move(*output));
  }

  for (int64_t layer = 0; layer < count; ++layer) {
    for (size_t i = 0; i < numCarried; ++i)
      frame.set(body.getArgument(i), current[i]);
    for (auto [i, value] : llvm::enumerate(stacked)) {
      const RefTensor &stack = frame.get(value);
      int64_t size = stack.size() / count;
      frame.set(body.getArgument(numCarried + i),
                RefTensor{{stack.shape.begin() + 1, stack.shape.end()},
                          stack.elementType,
                          {stack.data.begin() + layer * size, stack.data.begin() + (layer + 1) * size}});
    }
    if (failed(frame.runBlock(body)))
      return failure();
    for (auto [i, value] : llvm::enumerate(body.getTerminator()->getOperands())) {
      if (i < numCarried) {
        current[i] = frame.share(value);
      } else {
        const RefTensor &slice = frame.get(value);
        llvm::copy(slice.data, outputs[i - numCarried].data.begin() + layer * slice.size());
      }
    }
  }

  for (size_t i = 0; i < op->getNumResults(); ++i) {
    if (i < numCarried)
      frame.set(op->getResult(i), current[i]);
    else
      frame.set(op->getResult(i), std::move(outputs[i - numCarried]));
  }
  return success();
}

} // namespace sinter::ir

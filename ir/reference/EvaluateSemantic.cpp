// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the semantic ops mean, written down a second time: not by way of `decompose()`, so that each checks the other.
#include "ir/reference/Frame.h"
#include "ir/reference/MatMul.h"

#include <cmath>
#include <numbers>

using namespace mlir;

namespace sinter::ir {

/// Applies `compute(row, size, result)` to each row of the last axis.
template <typename Compute> static LogicalResult eachRow(Frame &frame, Operation *op, Compute compute) {
  const RefTensor &input = frame.get(op->getOperand(0));
  auto result = frame.allocate(op, op->getResult(0).getType());
  if (failed(result))
    return failure();
  int64_t size = input.shape.back();
  for (int64_t start = 0; size > 0 && start < input.size(); start += size)
    compute(input.data.data() + start, size, result->data.data() + start);
  frame.set(op->getResult(0), std::move(*result));
  return success();
}

LogicalResult SoftmaxOp::evaluate(Frame &frame) {
  return eachRow(frame, *this, [](const double *x, int64_t size, double *y) {
    double largest = *std::max_element(x, x + size), sum = 0;
    for (int64_t i = 0; i < size; ++i)
      sum += y[i] = std::exp(x[i] - largest);
    for (int64_t i = 0; i < size; ++i)
      y[i] /= sum;
  });
}

static double logSumExp(const double *x, int64_t size) {
  double largest = *std::max_element(x, x + size), sum = 0;
  for (int64_t i = 0; i < size; ++i)
    sum += std::exp(x[i] - largest);
  return largest + std::log(sum);
}

LogicalResult LogSoftmaxOp::evaluate(Frame &frame) {
  return eachRow(frame, *this, [](const double *x, int64_t size, double *y) {
    double all = logSumExp(x, size);
    for (int64_t i = 0; i < size; ++i)
      y[i] = x[i] - all;
  });
}

LogicalResult CrossEntropyOp::evaluate(Frame &frame) {
  const RefTensor &input = frame.get(getInput()), &labels = frame.get(getLabels());
  auto result = frame.allocate(*this, getType());
  if (failed(result))
    return failure();
  int64_t size = input.shape.back();
  for (int64_t i = 0; i < labels.size(); ++i) {
    if (labels.data[i] < 0 || labels.data[i] >= size)
      return frame.fail(*this, "label " + Twine(static_cast<int64_t>(labels.data[i])) + " is out of range: a row has " +
                                   Twine(size) + " entries");
    const double *row = input.data.data() + i * size;
    result->data[i] = logSumExp(row, size) - row[static_cast<int64_t>(labels.data[i])];
  }
  frame.set(getResult(), std::move(*result));
  return success();
}

LogicalResult L2NormalizeOp::evaluate(Frame &frame) {
  double eps = getEps().convertToDouble();
  return eachRow(frame, *this, [=](const double *x, int64_t size, double *y) {
    double square = 0;
    for (int64_t i = 0; i < size; ++i)
      square += x[i] * x[i];
    for (int64_t i = 0; i < size; ++i)
      y[i] = x[i] / std::max(std::sqrt(square), eps);
  });
}

LogicalResult LinearOp::evaluate(Frame &frame) {
  const RefTensor &input = frame.get(getInput()), &weight = frame.get(getWeight());
  auto result = frame.allocate(*this, getType());
  if (failed(result))
    return failure();
  int64_t n = weight.shape[0], k = weight.shape[1], rows = k ? input.size() / k : 0;
  std::vector<double> columns(weight.data.size());
  for (int64_t i = 0; i < n; ++i)
    for (int64_t j = 0; j < k; ++j)
      columns[j * n + i] = weight.data[i * k + j];
  batchedMatMul(1, rows, n, k, input.data.data(), columns.data(), result->data.data());
  if (getBias())
    for (int64_t i = 0; i < rows * n; ++i)
      result->data[i] += frame.get(getBias()).data[i % n];
  frame.set(getResult(), std::move(*result));
  return success();
}

LogicalResult LayerNormOp::evaluate(Frame &frame) {
  const double *weight = getWeight() ? frame.get(getWeight()).data.data() : nullptr;
  const double *bias = getBias() ? frame.get(getBias()).data.data() : nullptr;
  double eps = getEps().convertToDouble();
  return eachRow(frame, *this, [=](const double *x, int64_t size, double *y) {
    double mean = 0, variance = 0;
    for (int64_t i = 0; i < size; ++i)
      mean += x[i] / size;
    for (int64_t i = 0; i < size; ++i)
      variance += (x[i] - mean) * (x[i] - mean) / size;
    for (int64_t i = 0; i < size; ++i)
      y[i] = (x[i] - mean) / std::sqrt(variance + eps) * (weight ? weight[i] : 1) + (bias ? bias[i] : 0);
  });
}

LogicalResult RmsNormOp::evaluate(Frame &frame) {
  const double *weight = getWeight() ? frame.get(getWeight()).data.data() : nullptr;
  double eps = getEps().convertToDouble();
  return eachRow(frame, *this, [=](const double *x, int64_t size, double *y) {
    double square = 0;
    for (int64_t i = 0; i < size; ++i)
      square += x[i] * x[i] / size;
    for (int64_t i = 0; i < size; ++i)
      y[i] = x[i] / std::sqrt(square + eps) * (weight ? weight[i] : 1);
  });
}

static double activation(ActivationKind kind, double x) {
  switch (kind) {
  case ActivationKind::gelu:
    return x * 0.5 * std::erfc(-x / std::numbers::sqrt2);
  case ActivationKind::gelu_tanh:
    return x / (1 + std::exp(-2 * std::sqrt(2 / std::numbers::pi) * (x + 0.044715 * x * x * x)));
  case ActivationKind::silu:
    return x / (1 + std::exp(-x));
  }
  return x;
}

LogicalResult ActivationOp::evaluate(Frame &frame) {
  const RefTensor &input = frame.get(getInput());
  auto result = frame.allocate(*this, getType());
  if (failed(result))
    return failure();
  for (int64_t i = 0; i < input.size(); ++i)
    result->data[i] = activation(getKind(), input.data[i]);
  frame.set(getResult(), std::move(*result));
  return success();
}

} // namespace sinter::ir

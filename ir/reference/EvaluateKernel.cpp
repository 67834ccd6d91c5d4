// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the ops of the `kernel` dialect mean. Layouts do not matter here: a buffer's value is dense.
#include "ir/kernel/Kernel.h"
#include "ir/reference/Frame.h"
#include "ir/reference/MapReader.h"
#include "ir/reference/MatMul.h"
#include "ir/reference/ScalarProgram.h"
#include "ir/reference/Scalars.h"

#include <numeric>

using namespace mlir;

namespace sinter::ir::kernel {

static int64_t product(ArrayRef<int64_t> sizes) {
  return std::accumulate(sizes.begin(), sizes.end(), int64_t(1), std::multiplies<>());
}

static FailureOr<std::vector<RefTensor>> allocateResults(Frame &frame, Operation *op) {
  std::vector<RefTensor> results;
  for (Type type : op->getResultTypes()) {
    auto result = frame.allocate(op, type);
    if (failed(result))
      return failure();
    results.push_back(std::move(*result));
  }
  return results;
}

static void setResults(Frame &frame, Operation *op, std::vector<RefTensor> &results) {
  for (auto [value, tensor] : llvm::zip_equal(op->getResults(), results))
    frame.set(value, std::move(tensor));
}

namespace {
/// Inputs read through their maps, a row of the domain at a time.
struct Inputs {
  std::vector<MapReader> readers;
  std::vector<const double *> data;
  std::vector<std::vector<int64_t>> positions;

  static FailureOr<Inputs> create(Frame &frame, Operation *op, OperandRange values, ArrayAttr maps,
                                  ArrayRef<int64_t> domain) {
    Inputs inputs;
    for (auto [value, map] : llvm::zip_equal(values, maps)) {
      const RefTensor &source = frame.get(value);
      auto reader = MapReader::create(frame, op, cast<IndexMapAttr>(map), domain, source.shape);
      if (failed(reader))
        return failure();
      inputs.positions.emplace_back(reader->rowLength());
      inputs.readers.push_back(std::move(*reader));
      inputs.data.push_back(source.data.data());
    }
    return inputs;
  }
  LogicalResult row(ArrayRef<int64_t> index) {
    for (auto [reader, place] : llvm::zip_equal(readers, positions))
      if (failed(reader.row(index, place)))
        return failure();
    return success();
  }
  double at(size_t input, int64_t element) const { return data[input][positions[input][element]]; }
};
} // namespace

} // namespace sinter::ir::kernel

double sinter::ir::storedValue(Type element, double value) {
  if (!element.isBF16() && !element.isF16())
    return value;
  llvm::APFloat number(value);
  bool isInexact;
  number.convert(cast<FloatType>(element).getFloatSemantics(), llvm::APFloat::rmNearestTiesToEven, &isInexact);
  return number.convertToDouble();
}

namespace sinter::ir::kernel {

//===-- pointwise --===//

LogicalResult PointwiseOp::evaluate(Frame &frame) {
  auto results = allocateResults(frame, *this);
  if (failed(results))
    return failure();
  std::vector<int64_t> domain = results->front().shape;
  auto inputs = Inputs::create(frame, *this, getInputs(), getMaps(), domain);
  auto body = ScalarProgram::create(frame, getBody().front());
  if (failed(inputs) || failed(body))
    return failure();
  int64_t position = 0, length = domain.empty() ? 1 : domain.back();
  LogicalResult done = forEachRow(domain, [&](ArrayRef<int64_t> start) {
    if (failed(inputs->row(start)))
      return failure();
    SmallVector<int64_t> index(start);
    for (int64_t i = 0; i < length; ++i, ++position) {
      if (!index.empty())
        index.back() = i;
      for (size_t input = 0; input < inputs->data.size(); ++input)
        body->arguments()[input] = inputs->at(input, i);
      body->run(index);
      for (auto [r, result] : llvm::enumerate(*results))
        result.data[position] = body->yielded(r);
    }
    return success();
  });
  if (succeeded(done))
    setResults(frame, *this, *results);
  return done;
}

//===-- row --===//

namespace {
/// One reduction while it runs.
struct Reduction {
  StringRef kind;
  bool isInt;
  double value, best;

  void start() {
    value = kind == "max" ? -HUGE_VAL : kind == "min" ? HUGE_VAL : 0;
    best = -HUGE_VAL;
  }
  void take(double element, int64_t position) {
    if (kind == "sum")
      value = isInt ? wrap32(toInt(value) + toInt(element)) : value + element;
    else if (kind == "max")
      value = maximumOf(value, element);
    else if (kind == "min")
      value = minimumOf(value, element);
    else if (element > best)
      best = element, value = position;
  }
};

/// The scalars of one row of the domain, gathered: element e of input i is scalars[e * inputs + i].
struct RowScalars {
  std::vector<double> scalars;
  std::vector<int64_t> indices; // of each element, the domain's rank each
};
} // namespace

static LogicalResult gatherRow(Inputs &inputs, ArrayRef<int64_t> free, ArrayRef<int64_t> reduced, RowScalars &row) {
  row.scalars.clear();
  row.indices.clear();
  return forEachRow(reduced, [&](ArrayRef<int64_t> inner) {
    SmallVector<int64_t> index(free);
    llvm::append_range(index, inner);
    if (failed(inputs.row(index)))
      return failure();
    for (int64_t i = 0; i < reduced.back(); ++i) {
      index.back() = i;
      for (size_t input = 0; input < inputs.data.size(); ++input)
        row.scalars.push_back(inputs.at(input, i));
      llvm::append_range(row.indices, index);
    }
    return success();
  });
}

LogicalResult RowOp::evaluate(Frame &frame) {
  auto results = allocateResults(frame, *this);
  auto domain = frame.sizesOf(*this, toDims(getDomain()));
  if (failed(results) || failed(domain))
    return failure();
  auto inputs = Inputs::create(frame, *this, getInputs(), getMaps(), *domain);
  auto finish = ScalarProgram::create(frame, getFinish().front());
  if (failed(inputs) || failed(finish))
    return failure();
  std::vector<ScalarProgram> stages;
  std::vector<Reduction> reductions;
  for (auto [kind, region] : llvm::zip_equal(getKinds().getAsValueRange<StringAttr>(), getStages())) {
    auto stage = ScalarProgram::create(frame, region.front());
    if (failed(stage))
      return failure();
    stages.push_back(std::move(*stage));
    reductions.push_back({kind, region.front().back().getOperand(0).getType().isInteger(32), 0, 0});
  }

  size_t rank = domain->size(), numInputs = inputs->data.size();
  ArrayRef<int64_t> reduced = ArrayRef(*domain).take_back(getReduced()),
                    free = ArrayRef(*domain).drop_back(getReduced());
  SmallVector<int64_t> freeIndex(free.size(), 0);
  RowScalars row;
  int64_t elements = product(reduced);
  // Arguments of a region: the element's scalars (unless there is no element), then the reductions so far.
  auto run = [&](ScalarProgram &program, int64_t element, size_t known, ArrayRef<int64_t> index) {
    MutableArrayRef<double> arguments = program.arguments();
    size_t next = 0;
    for (size_t i = 0; element >= 0 && i < numInputs; ++i)
      arguments[next++] = row.scalars[element * numInputs + i];
    for (size_t i = 0; i < known; ++i)
      arguments[next++] = reductions[i].value;
    program.run(index);
  };
  for (int64_t position = 0, rows = product(free); position < rows; ++position) {
    if (failed(gatherRow(*inputs, freeIndex, reduced, row)))
      return failure();
    auto indexOf = [&](int64_t element) { return ArrayRef(row.indices).slice(element * rank, rank); };
    for (auto [s, stage] : llvm::enumerate(stages)) {
      reductions[s].start();
      for (int64_t element = 0; element < elements; ++element) {
        run(stage, element, s, indexOf(element));
        reductions[s].take(stage.yielded(0), element);
      }
    }
    if (getPerRow()) {
      run(*finish, -1, stages.size(), freeIndex);
      for (auto [r, result] : llvm::enumerate(*results))
        result.data[position] = finish->yielded(r);
    }
    for (int64_t element = 0; !getPerRow() && element < elements; ++element) {
      run(*finish, element, stages.size(), indexOf(element));
      for (auto [r, result] : llvm::enumerate(*results))
        result.data[position * elements + element] = finish->yielded(r);
    }
    for (size_t axis = free.size(); axis-- > 0;) {
      if (++freeIndex[axis] < free[axis])
        break;
      freeIndex[axis] = 0;
    }
  }
  setResults(frame, *this, *results);
  return success();
}

//===-- contract --===//

/// The rhs map with two more indices, so that (batch..., k, n) reads [..., n, k].
static IndexMapAttr transposedRhs(IndexMapAttr map) {
  MLIRContext *context = map.getContext();
  unsigned batch = map.getMap().getNumDims();
  SmallVector<AffineExpr> exprs(map.getMap().getResults());
  exprs.push_back(getAffineDimExpr(batch + 1, context));
  exprs.push_back(getAffineDimExpr(batch, context));
  return IndexMapAttr::get(context, AffineMap::get(batch + 2, map.getMap().getNumSymbols(), exprs, context),
                           map.getSymbols());
}

LogicalResult ContractOp::evaluate(Frame &frame) {
  const RefTensor &lhs = frame.get(getLhs()), &rhs = frame.get(getRhs());
  auto result = frame.allocate(*this, getResult().getType());
  if (failed(result))
    return failure();
  ArrayRef<int64_t> shape = result->shape;
  size_t batchRank = getBatch();
  int64_t n = shape.back(), k = rhs.shape.back();
  std::vector<int64_t> lhsDomain(shape.begin(), shape.end()), rhsDomain(shape.begin(), shape.begin() + batchRank);
  lhsDomain.back() = k;
  rhsDomain.insert(rhsDomain.end(), {k, n});
  auto a = readAll(frame, *this, getLhsMap(), lhsDomain, lhs);
  auto b = readAll(frame, *this, transposedRhs(getRhsMap()), rhsDomain, rhs);
  auto extras = Inputs::create(frame, *this, getExtras(), getExtraMaps(), shape);
  auto epilogue = ScalarProgram::create(frame, getEpilogue().front());
  if (failed(a) || failed(b) || failed(extras) || failed(epilogue))
    return failure();
  int64_t batch = product(shape.take_front(batchRank)), m = product(shape.drop_front(batchRank).drop_back());
  std::vector<double> sums(result->data.size());
  batchedMatMul(batch, m, n, k, a->data(), b->data(), sums.data());

  int64_t position = 0;
  LogicalResult done = forEachRow(shape, [&](ArrayRef<int64_t> start) {
    if (failed(extras->row(start)))
      return failure();
    SmallVector<int64_t> index(start);
    for (int64_t i = 0; i < n; ++i, ++position) {
      index.back() = i;
      epilogue->arguments()[0] = sums[position];
      for (size_t extra = 0; extra < extras->data.size(); ++extra)
        epilogue->arguments()[extra + 1] = extras->at(extra, i);
      epilogue->run(index);
      result->data[position] = epilogue->yielded(0);
    }
    return success();
  });
  if (succeeded(done))
    frame.set(getResult(), std::move(*result));
  return done;
}

//===-- gather, move, constant, read, write, repeat --===//

LogicalResult GatherOp::evaluate(Frame &frame) { return evaluateGather(frame, *this, getTable(), getIds()); }

LogicalResult MoveOp::evaluate(Frame &frame) {
  auto result = frame.allocate(*this, getResult().getType());
  if (failed(result))
    return failure();
  auto data = readAll(frame, *this, getMap(), result->shape, frame.get(getInput()));
  if (failed(data))
    return failure();
  result->data = std::move(*data);
  Type from = getInput().getType().getElementType(), to = getType().getElementType();
  for (double &value : result->data)
    if (from != to)
      value = storedValue(to, value);
  frame.set(getResult(), std::move(*result));
  return success();
}

LogicalResult ConstantOp::evaluate(Frame &frame) {
  auto result = frame.allocate(*this, getResult().getType());
  if (failed(result))
    return failure();
  ArrayRef<double> values = getValues();
  for (int64_t i = 0; i < result->size(); ++i)
    result->data[i] = values[values.size() == 1 ? 0 : i];
  frame.set(getResult(), std::move(*result));
  return success();
}

LogicalResult ReadOp::evaluate(Frame &frame) {
  auto value = frame.read(*this, getName(), getResult().getType());
  if (failed(value))
    return failure();
  frame.set(getResult(), *value);
  return success();
}

LogicalResult WriteOp::evaluate(Frame &frame) {
  frame.write(getName(), frame.share(getValue()));
  return success();
}

LogicalResult RepeatOp::evaluate(Frame &frame) {
  return evaluateRepeat(frame, *this, getCount(), getCarried(), getStacked());
}

} // namespace sinter::ir::kernel

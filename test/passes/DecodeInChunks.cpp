// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See DecodeInChunks.h.
#include "test/passes/DecodeInChunks.h"

#include "ir/kernel/Kernel.h"
#include "ir/sinter/Sinter.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <cmath>

using namespace mlir;
using namespace sinter;
using namespace sinter::ir;

namespace {

constexpr int64_t pageRows = 16;

RefTensor integers(std::vector<int64_t> shape, std::vector<double> data) { return {std::move(shape), nullptr, std::move(data)}; }

std::string nameOf(func::FuncOp function, unsigned argument) {
  return function.getArgAttrOfType<StringAttr>(argument, "sinter.name").str();
}

SmallVector<Dim> dimsOf(Type type) {
  if (auto tensor = dyn_cast<ir::TensorType>(type))
    return tensor.getShapeDims();
  return toDims(cast<ir::kernel::BufferType>(type).getDims());
}

bool holdsReals(Type type) {
  if (auto tensor = dyn_cast<ir::TensorType>(type))
    return isa<FloatType>(tensor.getElementType());
  return isa<FloatType>(cast<ir::kernel::BufferType>(type).getElementType());
}

class Run {
public:
  Run(const test::Decoding &d, std::mt19937_64 &random)
      : d(d), random(random), extend(ModuleOp(d.module).lookupSymbol<func::FuncOp>("extend")), tokens(d.inputs.at(nameOf(extend, 0))),
        batch(tokens.shape[0]), rows(tokens.shape[1]), pages((rows + pageRows - 1) / pageRows), given(d.inputs) {}

  double chunks(int64_t most) {
    std::vector<double> places(batch * pages), each(batch);
    for (unsigned i = 0; i < places.size(); ++i)
      places[i] = i + 1;
    std::shuffle(places.begin(), places.end(), random);
    given["pages"] = integers({batch, pages}, places);
    for (int64_t b = 0; b < batch; ++b)
      each[b] = b;
    given["source"] = integers({batch}, each);
    makeStates();
    if (!begin())
      return INFINITY;
    double worst = 0;
    std::vector<double> length(batch, 0);
    for (bool isFirst = true;; isFirst = false) {
      std::vector<double> count;
      for (int64_t b = 0; b < batch; ++b) {
        count.push_back(1 + random() % (isFirst ? most : 1 + random() % 6));
        if (length[b] + count[b] > rows)
          return worst;
      }
      double difference = chunk(length, count);
      worst = difference <= worst ? worst : difference;
    }
  }

private:
  /// Pools of old rows.
  void makeStates() {
    for (unsigned i = 0; i < extend.getNumArguments(); ++i) {
      if (!extend.getArgAttr(i, "sinter.state"))
        continue;
      Type type = extend.getArgumentTypes()[i];
      RefTensor pool;
      int64_t count = 1;
      for (const Dim &dim : dimsOf(type)) {
        pool.shape.push_back(dim.constant().value_or(batch * pages + 1));
        count *= pool.shape.back();
      }
      for (int64_t n = 0; n < count; ++n)
        pool.data.push_back(holdsReals(type) ? std::normal_distribution<double>(0, 3)(random)
                                             : static_cast<double>(random() % 8));
      states[i] = std::move(pool);
    }
  }

  bool begin() {
    auto function = ModuleOp(d.module).lookupSymbol<func::FuncOp>("begin");
    if (!function)
      return true;
    std::vector<RefTensor> arguments;
    for (unsigned i = 0; i < function.getNumArguments(); ++i)
      arguments.push_back(d.inputs.at(nameOf(function, i)));
    auto results = d.call("begin", arguments);
    if (failed(results))
      return false;
    for (unsigned i = 0; i < extend.getNumArguments(); ++i)
      if (auto number = extend.getArgAttrOfType<IntegerAttr>(i, "sinter.begin"))
        states[i] = (*results)[number.getInt()];
    return true;
  }

  double chunk(std::vector<double> &length, const std::vector<double> &count) {
    int64_t most = static_cast<int64_t>(*std::max_element(count.begin(), count.end()));
    RefTensor some{{batch, most}, nullptr, std::vector<double>(batch * most, 0)};
    for (int64_t b = 0; b < batch; ++b)
      for (int64_t n = 0; n < count[b]; ++n)
        some.data[b * most + n] = tokens.data[b * rows + static_cast<int64_t>(length[b]) + n];
    given[nameOf(extend, 0)] = some;
    given["count"] = integers({batch}, count);
    given["length"] = integers({batch}, length);
    std::vector<RefTensor> arguments;
    for (unsigned i = 0; i < extend.getNumArguments(); ++i)
      arguments.push_back(states.count(i) ? states[i] : given.at(nameOf(extend, i)));
    auto results = d.call("extend", arguments);
    if (failed(results))
      return INFINITY;
    double worst = 0;
    int64_t width = d.whole.size() / (batch * rows);
    for (int64_t b = 0; b < batch; ++b) {
      length[b] += count[b];
      for (int64_t i = 0; i < width; ++i) {
        double x = (*results)[0].data[b * width + i];
        double y = d.whole.data[(b * rows + static_cast<int64_t>(length[b]) - 1) * width + i];
        double difference = std::abs(x - y) / std::max(1.0, std::abs(y));
        worst = difference <= worst ? worst : std::isnan(difference) ? INFINITY : difference;
      }
    }
    for (unsigned i = 0; i < extend.getNumArguments(); ++i)
      if (auto number = extend.getArgAttrOfType<IntegerAttr>(i, "sinter.state"))
        states[i] = (*results)[number.getInt()];
    return worst;
  }

  const test::Decoding &d;
  std::mt19937_64 &random;
  func::FuncOp extend;
  const RefTensor tokens;
  int64_t batch, rows, pages;
  std::map<std::string, RefTensor> given;
  std::map<unsigned, RefTensor> states;
};

} // namespace

test::Call test::interpreter(ModuleOp module, ParameterLookup parameters) {
  return [=](StringRef function, std::vector<RefTensor> arguments) {
    return evaluateModule(module, function, arguments, parameters);
  };
}

double test::decodeInChunks(const Decoding &decoding, int64_t most, std::mt19937_64 &random) {
  return Run(decoding, random).chunks(most);
}

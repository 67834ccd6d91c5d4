// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See Compiled.h.
#include "test/codegen/Compiled.h"

#include "ir/sinter/Sinter.h"

#include <cstring>
#include <gtest/gtest.h>

using namespace mlir;

namespace sinter::test {

using ir::RefTensor;

static size_t bytesOf(Type element) {
  return element.isInteger(1) ? 1 : element.isBF16() || element.isF16() ? 2 : 4;
}

static const llvm::fltSemantics &semanticsOf(Type element) {
  return element.isBF16() ? llvm::APFloat::BFloat() : llvm::APFloat::IEEEhalf();
}

Stored::Stored(const RefTensor &tensor)
    : shape(tensor.shape), element(tensor.elementType), size(tensor.data.size() * bytesOf(tensor.elementType)),
      memory(static_cast<uint8_t *>(std::aligned_alloc(64, (size + 64) / 64 * 64))) {
  for (size_t i = 0; i < tensor.data.size(); ++i) {
    double value = tensor.data[i];
    auto put = [&](auto number) { std::memcpy(memory.get() + i * sizeof(number), &number, sizeof(number)); };
    if (element.isF32()) {
      put(static_cast<float>(value));
    } else if (element.isInteger(32)) {
      put(static_cast<int32_t>(value));
    } else if (element.isInteger(1)) {
      put(static_cast<uint8_t>(value));
    } else {
      llvm::APFloat number(value);
      bool isInexact;
      number.convert(semanticsOf(element), llvm::APFloat::rmNearestTiesToEven, &isInexact);
      put(static_cast<uint16_t>(number.bitcastToAPInt().getZExtValue()));
    }
  }
}

static double loadOne(const uint8_t *from, Type element) {
  auto get = [&](auto number) {
    std::memcpy(&number, from, sizeof(number));
    return number;
  };
  if (element.isF32())
    return get(float());
  if (element.isInteger(32))
    return get(int32_t());
  if (element.isInteger(1))
    return get(uint8_t());
  return llvm::APFloat(semanticsOf(element), llvm::APInt(16, get(uint16_t()))).convertToDouble();
}

RefTensor Stored::load() const {
  RefTensor tensor{shape, element, {}};
  for (size_t at = 0; at < size; at += bytesOf(element))
    tensor.data.push_back(loadOne(memory.get() + at, element));
  return tensor;
}

sinter_input Stored::input() const {
  sinter_dtype dtype = element.isF32()        ? SINTER_DTYPE_F32
                       : element.isInteger(1) ? SINTER_DTYPE_BOOL
                       : element.isBF16()     ? SINTER_DTYPE_BF16
                       : element.isF16()      ? SINTER_DTYPE_F16
                                              : SINTER_DTYPE_I32;
  sinter_input input{memory.get(), dtype, static_cast<uint32_t>(shape.size()), {}};
  std::copy(shape.begin(), shape.end(), input.dims);
  return input;
}

Compiled::Compiled(ModuleOp module, uint32_t threads) {
  llvm::Expected<cpu::CpuTarget> host = cpu::hostTarget();
  if (!host) {
    ADD_FAILURE() << llvm::toString(host.takeError());
    return;
  }
  auto compiled = codegen::compileModel(module, {{*host}, "test"});
  if (failed(compiled)) {
    ADD_FAILURE() << "the module does not compile";
    return;
  }
  model = std::move(*compiled);
  std::vector<uint8_t> made = codegen::serialize(model->main, 0, false);
  bytes.reset(static_cast<uint8_t *>(std::aligned_alloc(64, (made.size() + 64) / 64 * 64)));
  std::memcpy(bytes.get(), made.data(), made.size());
  sinter_error error;
  sinter_options options{threads, 1, 0};
  if (sinter_artifact_from_memory(bytes.get(), made.size(), bytes.get(), 0, &opened, &error) ||
      sinter_session_create(opened, &options, &session, &error))
    ADD_FAILURE() << error.message;
}

Compiled::~Compiled() {
  sinter_session_destroy(session);
  sinter_artifact_close(opened);
}

std::vector<RefTensor> Compiled::call(const std::string &name, const std::vector<Stored> &arguments,
                                      sinter_status expected) {
  std::vector<RefTensor> results;
  if (!session)
    return results;
  const auto &functions = model->main.functions;
  auto function = llvm::find_if(functions, [&](const codegen::FunctionInfo &info) { return info.name == name; });
  if (function == functions.end()) {
    ADD_FAILURE() << "no function " << name;
    return results;
  }
  std::vector<sinter_input> inputs;
  for (const Stored &argument : arguments)
    inputs.push_back(argument.input());
  if (misplaced)
    inputs[*misplaced].data = static_cast<const uint8_t *>(inputs[*misplaced].data) + 4;
  std::vector<sinter_output> outputs(function->results.size());
  sinter_error error = {};
  sinter_status status =
      sinter_call(session, uint32_t(function - functions.begin()), inputs.data(), outputs.data(), &error);
  EXPECT_EQ(status, expected) << error.message;
  message = error.message;
  if (status != SINTER_OK)
    return results;
  for (const sinter_output &output : outputs) {
    RefTensor tensor{{output.dims, output.dims + output.rank}, Type(), {}};
    size_t width = output.dtype == SINTER_DTYPE_BOOL ? 1 : 4;
    for (uint64_t at = 0; at < output.bytes; at += width) {
      const auto *from = static_cast<const uint8_t *>(output.data) + at;
      float real;
      int32_t whole;
      std::memcpy(&real, from, width);
      std::memcpy(&whole, from, width);
      tensor.data.push_back(output.dtype == SINTER_DTYPE_F32 ? real : output.dtype == SINTER_DTYPE_I32 ? whole : *from);
    }
    results.push_back(std::move(tensor));
  }
  return results;
}

RefTensor tensorOf(MLIRContext &context, const std::string &element, std::vector<int64_t> shape,
                   std::vector<double> data) {
  Builder builder(&context);
  Type type = element == "bf16"  ? Type(builder.getBF16Type())
              : element == "f16" ? Type(builder.getF16Type())
              : element == "i32" ? Type(builder.getI32Type())
                                 : Type(builder.getF32Type());
  int64_t count = 1;
  for (int64_t extent : shape)
    count *= extent;
  data.resize(count);
  return {std::move(shape), type, std::move(data)};
}

} // namespace sinter::test

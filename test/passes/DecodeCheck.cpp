// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// decode_check FILE.mlir [NAME=SIZE...]: derives decoding from the module's `forward` and runs it in chunks, as derived and as
// kernels, against `forward` at once, on random numbers. Prints the largest differences; exit 1 where one is too large.
#include "passes/Passes.h"
#include "passes/Pipeline.h"
#include "test/passes/DecodeInChunks.h"
#include "test/passes/Meaning.h"

#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"

#include <cstdio>

using namespace mlir;
using namespace sinter;
using namespace sinter::ir;

int main(int argc, char **argv) {
  if (argc < 2)
    return std::fprintf(stderr, "usage: decode_check FILE.mlir [NAME=SIZE...]\n"), 2;
  MLIRContext context;
  test::loadDialects(context);
  auto module = parseSourceFile<ModuleOp>(argv[1], &context);
  if (!module)
    return 1;
  std::map<std::string, int64_t> sizes = {{"B", 3}, {"T", 37}, {"S", 7}};
  for (int i = 2; i < argc; ++i) {
    StringRef name, size;
    std::tie(name, size) = StringRef(argv[i]).split('=');
    if (size.getAsInteger(10, sizes[name.str()]))
      return std::fprintf(stderr, "decode_check: %s is not NAME=SIZE\n", argv[i]), 2;
  }
  auto forward = module->lookupSymbol<func::FuncOp>("forward");
  test::Meaning meaning(sizes);
  meaning.lowest = 0;
  meaning.choose(*module);
  for (auto &[name, value] : meaning.parameters)
    for (double &x : value.data)
      x *= .3;
  std::vector<RefTensor> &inputs = meaning.inputs["forward"];
  for (unsigned i = 0; i < inputs.size(); ++i)
    if (auto value = forward.getArgAttrOfType<FloatAttr>(i, "sinter.default"))
      // One number for each sequence, such as an adapter of a bank: the default and the two above it.
      for (size_t n = 0; n < inputs[i].data.size(); ++n)
        inputs[i].data[n] = value.getValueAsDouble() + (inputs[i].shape.size() == 1 ? static_cast<double>(n % 3) : 0);
  auto parameters = [&](StringRef symbol) -> const RefTensor * {
    auto found = meaning.parameters.find(symbol.str());
    return found == meaning.parameters.end() ? nullptr : &found->second;
  };
  auto whole = evaluateModule(*module, "forward", inputs, parameters);
  if (failed(whole))
    return 1;
  std::map<std::string, RefTensor> named;
  for (unsigned i = 0; i < inputs.size(); ++i)
    named[forward.getArgAttrOfType<StringAttr>(i, "sinter.name").str()] = inputs[i];
  auto run = [&](auto build) {
    PassManager manager(&context);
    build(manager);
    return succeeded(manager.run(*module));
  };
  passes::DeriveDecodeOptions options;
  options.alone = true;
  if (!run([&](OpPassManager &m) { m.addPass(passes::createProveCausal()); m.addPass(passes::createDeriveDecode(options)); }))
    return 1;
  std::mt19937_64 random(11);
  double derived = test::decodeInChunks({*module, named, (*whole)[0], test::interpreter(*module, parameters)}, 20, random);
  if (!run([&](OpPassManager &m) { buildPipeline(m); }))
    return 1;
  double lowered = test::decodeInChunks({*module, named, (*whole)[0], test::interpreter(*module, parameters)}, 20, random);
  std::printf("derived %.1e, as kernels %.1e\n", derived, lowered);
  // Kernels round constants to float32.
  return derived < 1e-9 && lowered < 1e-4 ? 0 : 1;
}

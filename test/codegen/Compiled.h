// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A module of the kernel dialect, compiled for this processor and run by the runtime, state in place; beside it what
// the interpreter says.
#pragma once

#include "codegen/Compile.h"
#include "ir/reference/Interpreter.h"
#include "sinter/sinter.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sinter::test {

/// A tensor as it is stored: 64-byte aligned, which state must be.
class Stored {
public:
  Stored(const ir::RefTensor &tensor);
  ir::RefTensor load() const;
  sinter_input input() const;
  size_t bytes() const { return size; }
  void *data() const { return memory.get(); }

private:
  struct Free {
    void operator()(uint8_t *pointer) const { std::free(pointer); }
  };
  std::vector<int64_t> shape;
  mlir::Type element;
  size_t size;
  std::unique_ptr<uint8_t, Free> memory;
};

/// One session on a module without parameters. Failures are test failures.
class Compiled {
public:
  Compiled(mlir::ModuleOp module, uint32_t threads);
  ~Compiled();
  Compiled(const Compiled &) = delete;
  /// The function's results but the states', which change in place.
  std::vector<ir::RefTensor> call(const std::string &function, const std::vector<Stored> &arguments,
                                  sinter_status expected = SINTER_OK);
  const codegen::Artifact *artifact() const { return model ? &model->main : nullptr; }
  std::string message; ///< of the last call that was refused
  /// The next calls give this argument 4 bytes further on.
  std::optional<unsigned> misplaced;

private:
  std::optional<codegen::CompiledModel> model;
  std::unique_ptr<uint8_t, void (*)(void *)> bytes{nullptr, std::free};
  sinter_artifact *opened = nullptr;
  sinter_session *session = nullptr;
};

/// Element types by name: "f32", "bf16", "f16", "i32".
ir::RefTensor tensorOf(mlir::MLIRContext &context, const std::string &element, std::vector<int64_t> shape,
                       std::vector<double> data);

} // namespace sinter::test

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a Driver holds between its steps. Included by the Driver*.cpp alone, the only units of the tool that see MLIR.
#pragma once

#include "tools/sinter/Cache.h"
#include "tools/sinter/Driver.h"
#include "tools/sinter/Remarks.h"

#include "codegen/Compile.h"
#include "codegen/plan/Planner.h"
#include "frontend/Frontend.h"
#include "frontend/weights/BindWeights.h"
#include "ir/kernel/Kernel.h"
#include "ir/sinter/Sinter.h"
#include "runtime/format/Safetensors.h"

#include "mlir/IR/Diagnostics.h"

#include <cstdio>
#include <unistd.h>

namespace sinter::tool {

struct Driver::State {
  explicit State(const ModelOptions &options) : options(options) {
    context.loadDialect<ir::SinterDialect, ir::kernel::KernelDialect, mlir::func::FuncDialect, mlir::arith::ArithDialect,
                        mlir::math::MathDialect>();
    context.disableMultithreading();
    remarks.listen(context);
    context.printOpOnDiagnostic(false); // a message and its place, not the op's generic form
    context.getDiagEngine().registerHandler([this](mlir::Diagnostic &diagnostic) {
      if (diagnostic.getSeverity() == mlir::DiagnosticSeverity::Error)
        ++errors;
      if (!mute)
        print(diagnostic);
    });
  }

  /// Messages of the later stages, in the house's form: one line, the text's place first.
  static void print(const mlir::Diagnostic &diagnostic) {
    const char *kind = diagnostic.getSeverity() == mlir::DiagnosticSeverity::Error     ? "error"
                       : diagnostic.getSeverity() == mlir::DiagnosticSeverity::Warning ? "warning"
                                                                                  : "note";
    say(kind, codegen::siteOf(diagnostic.getLocation()), diagnostic.str());
    for (const mlir::Diagnostic &note : diagnostic.getNotes())
      print(note);
  }

  /// Prints what the frontend reported. Errors make it `exitUserError`; a MODEL that cannot be read is the world's.
  int report() {
    std::string text = errorFormat() == ErrorFormat::Json ? diagnostics.renderJson() : diagnostics.render(isatty(2));
    if (!text.empty())
      std::fprintf(stderr, "%s", text.c_str());
    if (diagnostics.has(frontend::DiagId::FileNotFound) && access(options.input.c_str(), R_OK) != 0)
      return exitWorld;
    return diagnostics.hasErrors() ? exitUserError : exitOk;
  }

  frontend::FrontendOptions frontendOptions(const std::vector<std::string> &functions) const {
    frontend::FrontendOptions out;
    out.input = options.input;
    // A bare .safetensors file, or a folder with nothing but one, brings parameters and no hyperparameters.
    if (!options.weights.empty() && access((options.weights + "/config.json").c_str(), F_OK) == 0)
      out.weights = options.weights;
    out.model = options.model;
    out.sets = options.sets;
    out.functions = functions;
    out.adapters = {options.adapters, options.mergeAdapter, options.adapterRank, options.adapterSlots};
    return out;
  }

  std::string weightsPath() const { return options.weights.empty() ? text.folder : options.weights; }

  /// Whether weights are to be read from a checkpoint, and it is there.
  bool hasCheckpoint() const {
    std::string path = weightsPath();
    auto has = [&](const char *file) { return access((path + file).c_str(), F_OK) == 0; };
    return !options.randomWeights && !path.empty() &&
           (!options.weights.empty() || has("/model.safetensors") || has("/model.safetensors.index.json"));
  }

  int bind() {
    if (binding)
      return exitOk;
    if (weightsPath().empty())
      return fail(exitUsage, options.allowRandomWeights ? "parameters are needed: give --weights DIR, or --random-weights"
                                                         : "parameters are needed: give --weights DIR");
    std::string error;
    checkpoint = format::SafetensorsSet::open(weightsPath(), error);
    if (!checkpoint)
      return fail(exitUserError, error);
    binding = frontend::bindWeights(text.parameters, *checkpoint, diagnostics);
    return binding ? exitOk : report();
  }

  // ---- what runs keep for one another (DriverCache.cpp) ----

  /// Null where nothing is kept.
  Cache *openCache();
  /// tokenizer::compileFolder, or what it gave for the same files before. False with `error`.
  bool compileTokenizer(const std::string &folder, std::vector<uint8_t> &tables, std::string &error);
  /// codegen::compileModel, or what it gave for the same kernels before.
  mlir::FailureOr<codegen::CompiledModel> compile(const codegen::CompileOptions &compileOptions);
  /// `weights` from the cache; false where they have to be made.
  bool findPrepared();
  /// Room for `weights`, where it can be kept if possible. False: no memory.
  bool allocateWeights();
  /// `weights` are made: the next run may find them.
  void keepPrepared();

  const ModelOptions options;
  Remarks remarks{options}; ///< outlives the context, which brings them
  size_t errors = 0; ///< that the context reported
  bool mute = false; ///< what the context reports is not for the user
  frontend::DiagnosticEngine diagnostics;
  mlir::MLIRContext context;
  frontend::CompiledText text;
  codegen::CompiledModel compiled;
  std::optional<format::SafetensorsSet> checkpoint;
  std::optional<frontend::WeightBinding> binding;
  std::optional<Cache> cache; ///< none: nothing is kept
  std::optional<CacheKey> weightsKey;
  CacheEntry keptWeights; ///< outlives `weights`, which may lie in it
  Pages weights;
  Pages head; ///< the artifact's bytes while it runs from memory
};

} // namespace sinter::tool

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Ties the rooms of the frontend together; see Frontend.h.
#include "frontend/Frontend.h"

#include "frontend/emit/MlirEmitter.h"

#include <algorithm>

namespace sinter::frontend {

namespace {

/// A folder of a sentence encoder says how it pools; the text's `embed` must do the same.
void checkPooling(HfFolder &folder, const std::vector<std::string> &functions, DiagnosticEngine &diags) {
  if (std::find(functions.begin(), functions.end(), "embed") == functions.end())
    return;
  PoolingInfo pooling = folder.pooling(diags);
  if (!pooling.present || (pooling.mean && pooling.normalize))
    return;
  diags.report(DiagId::Pooling, pooling.source,
               {pooling.mean ? std::string("the mean, without scaling to length 1") : pooling.mode});
}

} // namespace

mlir::FailureOr<CompiledText> compileText(mlir::MLIRContext &context, const FrontendOptions &options,
                                          DiagnosticEngine &diags) {
  std::optional<OpenedModel> opened = openModel(options, diags);
  if (!opened)
    return mlir::failure();
  std::unique_ptr<ModuleEmitter> emitter = ModuleEmitter::create(context, diags.sources(), opened->model);
  Elaborator elaborator(*opened->program, elaborateOptions(*opened, options), emitter.get(), diags);
  if (!elaborator.run())
    return mlir::failure();
  if (opened->config)
    checkPooling(*opened->config, elaborator.functions(), diags);

  std::vector<EmittedParameter> parameters;
  for (const Parameter &parameter : elaborator.parameters()) {
    EmittedParameter &face = parameters.emplace_back();
    face.path = parameter.path;
    face.declared = parameter.decl->name.span;
    face.frozen = parameter.frozen;
    for (const Axis &axis : parameter.axes)
      face.dims.push_back(axis.extent);
  }
  std::vector<ParameterStack> stacks;
  CompiledText text;
  text.module = emitter->finish(parameters, stacks);
  text.parameters = makeParameterTable(elaborator, stacks);
  if (!text.module || diags.hasErrors())
    return mlir::failure();
  text.model = opened->model;
  text.folder = opened->folder;
  text.contextTokens = elaborator.contextTokens();
  text.functions = elaborator.functions();
  text.counts = countParameters(elaborator);
  return text;
}

} // namespace sinter::frontend

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Edits of instantiated modules. `init` and `freeze` concern training alone: their globs and values
// are checked and have no effect here. `replace` and `quantize` change results and are refused.
#include "frontend/elaborate/Elaborator.h"

#include "frontend/weights/Glob.h"

namespace sinter::frontend {

void Elaborator::checkEdits() {
  for (Instance &instance : allInstances) {
    Frame frame;
    frame.scope = instance.scope;
    frame.instance = &instance;
    for (const Member *member : instance.active) {
      const auto *edit = member->as<Edit>();
      if (!edit)
        continue;
      if (edit->kind == Edit::Kind::Replace || edit->kind == Edit::Kind::Quantize) {
        error(DiagId::EditUnsupported, member->span, {edit->kind == Edit::Kind::Replace ? "replace" : "quantize"},
              &frame);
        continue;
      }
      checkEditGlob(instance, *edit->glob, frame);
      if (edit->kind == Edit::Kind::Freeze) {
        if (edit->operand)
          checkEditGlob(instance, *edit->operand, frame);
        continue;
      }
      Datum value = eval(*edit->operand, frame);
      if (!value.isPoison() && !value.is<InitializerValue>())
        error(DiagId::WrongKind, edit->operand->span,
              {"an initializer (zeros, ones, normal(s), uniform(b))", describe(value)}, &frame);
    }
  }
}

void Elaborator::checkEditGlob(Instance &instance, const Expr &expr, Frame &frame) {
  std::optional<std::string> text = evalString(expr, frame, "a glob");
  if (!text)
    return;
  std::string what;
  size_t at = 0;
  std::optional<Glob> glob = Glob::compile(*text, what, at);
  if (!glob) {
    Span span = expr.is<StringLiteral>() ? diags.sources().insideString(expr.span, at, at + 1) : expr.span;
    error(DiagId::BadGlob, span, {what}, &frame);
    return;
  }
  const std::string prefix = instance.path.empty() ? "" : instance.path + ".";
  for (const Parameter &parameter : allParameters)
    if (parameter.path.starts_with(prefix) && glob->matches(std::string_view(parameter.path).substr(prefix.size())))
      return;
  error(DiagId::GlobMatchesNothing, expr.span, {*text, instance.path.empty() ? "the model" : instance.path}, &frame);
}

} // namespace sinter::frontend

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Edits of modules and variants. `replace` acts when an instance is made: what took its place stands under
// the same path. `freeze`, `init` and `quantize` mark parameters once all instances exist.
#include "frontend/elaborate/Elaborator.h"

#include <algorithm>

namespace sinter::frontend {

namespace {
/// The part of a path below an anchor; nullopt if it is not below.
std::optional<std::string_view> below(std::string_view path, const Instance &anchor) {
  if (anchor.path.empty())
    return path;
  if (!path.starts_with(anchor.path) || path.size() <= anchor.path.size() || path[anchor.path.size()] != '.')
    return std::nullopt;
  return path.substr(anchor.path.size() + 1);
}

bool isInitializer(Builtin kind) {
  return kind == Builtin::Zeros || kind == Builtin::Ones || kind == Builtin::Normal || kind == Builtin::Uniform;
}
} // namespace

void Elaborator::addEdit(const Edit &edit, Instance &anchor, const Scope &scope,
                         const std::unordered_map<std::string, Datum> *locals, Span appliedAt) {
  AppliedEdit &applied = allEdits.emplace_back();
  applied.edit = &edit;
  applied.anchor = &anchor;
  applied.index = anchor.edits.size();
  applied.scope = &scope;
  applied.locals = locals;
  applied.appliedAt = appliedAt;
  anchor.edits.push_back(&applied);
}

void Elaborator::addVariant(const VariantUse &use, Instance &root) {
  const Variant *variant = use.variant;
  const Scope *scope = use.scope;
  std::vector<Datum> hparams;
  static const CallExpr noArguments;
  const CallExpr *call = use.call ? use.call->as<CallExpr>() : &noArguments;
  Frame caller;
  caller.scope = use.scope;
  if (!variant) {
    const auto *name = call->callee->as<NameRef>();
    variant = name ? use.scope->findAs<Variant>(name->name, &scope) : nullptr;
    if (!variant) {
      error(DiagId::NotAVariant, call->callee->span, {toString(*call->callee)}, nullptr);
      return;
    }
  }
  Span span = use.call ? use.call->span : variant->name.span;
  if (!bindHyperParams(variant->name.text, variant->params, *scope, *call, caller, span, hparams))
    return;
  auto &locals = variantLocals.emplace_back();
  for (size_t i = 0; i < hparams.size(); ++i)
    locals[variant->params[i].name.text] = hparams[i];
  addVariantEdits(variant->edits, root, *scope, locals, use.call ? use.call->span : Span());
}

void Elaborator::addVariantEdits(const std::vector<Member> &edits, Instance &root, const Scope &scope,
                                 const std::unordered_map<std::string, Datum> &locals, Span appliedAt) {
  for (const Member &member : edits) {
    if (const auto *edit = member.as<Edit>()) {
      addEdit(*edit, root, scope, &locals, appliedAt);
    } else if (const auto *choice = member.as<MemberChoice>()) {
      Frame frame;
      frame.scope = &scope;
      frame.locals = locals;
      bool taken = false;
      if (evalCondition(*choice->condition, frame, taken))
        addVariantEdits(taken ? choice->thenMembers : choice->elseMembers, root, scope, locals, appliedAt);
    }
  }
}

Frame Elaborator::frameOf(const AppliedEdit &edit) const {
  Frame frame;
  frame.scope = edit.scope;
  if (edit.locals)
    frame.locals = *edit.locals;
  else
    frame.instance = edit.anchor;
  return frame;
}

bool Elaborator::openEdit(AppliedEdit &edit) {
  if (edit.state == SlotState::Done)
    return edit.glob && (!edit.edit->operand || edit.edit->kind != Edit::Kind::Freeze || edit.except);
  if (edit.state == SlotState::Busy) { // the glob needs an instance that it may replace
    error(DiagId::NeedsItself, edit.edit->glob->span, {toString(*edit.edit->glob)}, nullptr);
    return false;
  }
  edit.state = SlotState::Busy;
  Frame frame = frameOf(edit);
  openGlob(edit, *edit.edit->glob, frame, edit.globText, edit.glob);
  if (edit.edit->kind == Edit::Kind::Freeze && edit.edit->operand)
    openGlob(edit, *edit.edit->operand, frame, edit.exceptText, edit.except);
  edit.state = SlotState::Done;
  return openEdit(edit);
}

Diagnostic &Elaborator::editError(const AppliedEdit &edit, DiagId id, Span span, std::initializer_list<DiagArg> args) {
  Frame frame = frameOf(edit);
  Diagnostic &report = error(id, span, args, &frame);
  if (edit.appliedAt.isValid())
    report.label(edit.appliedAt, "applied here");
  return report;
}

bool Elaborator::openGlob(const AppliedEdit &edit, const Expr &expr, Frame &frame, std::string &text,
                          std::optional<Glob> &glob) {
  std::optional<std::string> value = evalString(expr, frame, "a glob");
  if (!value)
    return false;
  text = *value;
  std::string what;
  size_t at = 0;
  glob = Glob::compile(text, what, at);
  if (glob)
    return true;
  Span span = expr.is<StringLiteral>() ? diags.sources().insideString(expr.span, at, at + 1) : expr.span;
  editError(edit, DiagId::BadGlob, span, {what});
  return false;
}

Instance *Elaborator::afterEdits(Instance &made, Instance &owner) {
  Instance *result = &made;
  // From the inside out. What an edit has put there is met only by the edits behind that one.
  size_t begin = 0;
  for (Instance *at = &owner; at && result;) {
    for (size_t i = begin; i < at->edits.size() && result && !stopped(); ++i) {
      AppliedEdit &edit = *at->edits[i];
      if (edit.edit->kind != Edit::Kind::Replace)
        continue;
      std::optional<std::string_view> path = below(made.path, *at);
      if (!path || !openEdit(edit) || !edit.glob->matches(*path))
        continue;
      ++edit.matched;
      result = replace(edit, *result, owner);
    }
    begin = at->madeBy ? at->madeBy->index + 1 : 0;
    at = at->madeBy ? at->madeBy->anchor : at->parent;
  }
  return result;
}

Instance *Elaborator::replace(AppliedEdit &edit, Instance &made, Instance &owner) {
  const Expr &operand = *edit.edit->operand;
  const auto *call = operand.as<CallExpr>();
  const auto *name = call->callee->as<NameRef>();
  const Scope *where = nullptr;
  const Module *module = name ? edit.scope->findAs<Module>(name->name, &where) : nullptr;
  Frame frame = frameOf(edit);
  if (!module || module->params.empty()) { // resolution said so already
    error(DiagId::NotAModule, call->callee->span, {toString(*call->callee)}, &frame);
    return nullptr;
  }
  std::vector<Datum> hparams;
  if (!bindHyperParams(module->name.text, module->params, *where, *call, frame, operand.span, hparams, Datum(&made)))
    return nullptr;
  return instantiate(*module, *where, std::move(hparams), &owner, made.path, made.prefixes, operand.span,
                     toString(operand), &edit);
}

Instance &Elaborator::ownerOf(Instance &instance, const std::string &name) {
  // Texts name what the replaced instance declares; only its functions give way to those of the replacement.
  if (!instance.replaced || instance.functions.contains(name))
    return instance;
  Instance &inner = ownerOf(*instance.replaced, name);
  bool isInner = inner.slots.contains(name) || inner.functions.contains(name);
  return isInner || !instance.slots.contains(name) ? inner : instance;
}

// ---- parameters

void Elaborator::applyParameterEdits() {
  auto reportUnmatched = [&](const AppliedEdit &edit, const char *what) {
    const std::string &path = edit.anchor->path;
    editError(edit, DiagId::GlobMatchesNothing, edit.edit->glob->span,
              {edit.globText, what, path.empty() ? "the model" : path});
  };
  std::vector<AppliedEdit *> order;
  bool isClean = !diags.hasErrors();
  for (AppliedEdit &edit : allEdits) {
    if (edit.edit->kind != Edit::Kind::Replace)
      order.push_back(&edit);
    else if (isClean && openEdit(edit) && !edit.matched)
      reportUnmatched(edit, "instance");
  }
  if (diags.hasErrors())
    return; // parameters that an edit would name may be missing for that reason
  // The outermost, then the last, wins: so it comes last.
  std::sort(order.begin(), order.end(), [](const AppliedEdit *a, const AppliedEdit *b) {
    return a->anchor->depth != b->anchor->depth ? a->anchor->depth > b->anchor->depth : a->index < b->index;
  });
  for (AppliedEdit *edit : order) {
    if (stopped() || !openEdit(*edit))
      continue;
    applyToParameters(*edit);
    if (!edit->matched)
      reportUnmatched(*edit, "parameter");
  }
}

void Elaborator::applyToParameters(AppliedEdit &edit) {
  Frame frame = frameOf(edit);
  const Edit &node = *edit.edit;
  std::optional<InitializerValue> value;
  if (node.kind != Edit::Kind::Freeze) {
    Datum given = eval(*node.operand, frame);
    const auto *held = given.as<InitializerValue>();
    bool wantsInitial = node.kind == Edit::Kind::Init;
    if (!given.isPoison() && (!held || isInitializer(held->kind) != wantsInitial)) {
      error(DiagId::WrongKind, node.operand->span,
            {wantsInitial ? "an initializer (zeros, ones, normal(s), uniform(b))" : "a quantization (int8(), int4())",
             describe(given)},
            &frame);
      held = nullptr;
    }
    if (held)
      value = *held;
    if (!wantsInitial && emitter)
      error(DiagId::EditUnsupported, node.glob->span, {"quantize"}, &frame);
  }
  size_t spared = 0;
  for (Parameter &parameter : allParameters) {
    std::optional<std::string_view> path = below(parameter.path, *edit.anchor);
    if (!path || !edit.glob->matches(*path))
      continue;
    ++edit.matched;
    if (edit.except && edit.except->matches(*path))
      ++spared;
    else if (node.kind == Edit::Kind::Freeze)
      parameter.frozen = true;
    else if (node.kind == Edit::Kind::Init && value)
      parameter.initial = value;
    else if (value)
      parameter.quantized = value;
  }
  if (edit.except && edit.matched && !spared)
    editError(edit, DiagId::GlobMatchesNothing, node.operand->span,
              {edit.exceptText, "parameter", edit.anchor->path.empty() ? "the model" : edit.anchor->path});
}

} // namespace sinter::frontend

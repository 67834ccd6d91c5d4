// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Names inside functions: signatures, dimensions, statements in the order in which they run.
#include "frontend/resolve/NameChecker.h"

#include <fmt/format.h>

namespace sinter::frontend {

void NameChecker::checkHides(const Ident &name) {
  const char *owner = nullptr;
  Span first;
  if (findBuiltin(name.text)) {
    owner = "language";
  } else if (const Declared *declared = scope.find(name.text)) {
    owner = "file";
    first = declared->importedAt.isValid() ? declared->importedAt : declared->decl->name()->span;
  } else if (module && module->entries.count(name.text)) {
    owner = "module";
    first = module->entries.at(name.text).front().declared;
  } else if (config && config->entries.count(name.text)) {
    owner = "config";
    first = config->entries.at(name.text).declared;
  } else if (params) {
    for (const HyperParam &param : *params)
      if (param.name.text == name.text) {
        owner = "variant";
        first = param.name.span;
      }
  }
  if (!owner)
    return;
  Diagnostic &diag = diags.report(DiagId::HidesName, name.span, {name.text, owner});
  if (first.isValid())
    diag.label(first, "this one");
}

void NameChecker::checkDims(const TensorType &type) {
  for (const Dim &dim : type.dims)
    if (!dim.isRest())
      check(*dim.expr);
}

void NameChecker::checkSignature(const Function &function) {
  if (module)
    for (const Input *input : module->inputs)
      boundDims(input->arg.type, dims);
  for (const Arg &arg : function.args)
    boundDims(arg.type, dims);
  for (const auto &[name, where] : dims)
    checkHides({name, where});
  for (const Arg &arg : function.args) {
    checkHides(arg.name);
    StaticType type;
    if (const HyperType *hyper = arg.type.hyper()) {
      checkType(*hyper);
      type = typeOf(*hyper, scope);
    }
    if (!locals.try_emplace(arg.name.text, type).second)
      diags.report(DiagId::DuplicateName, arg.name.span, {arg.name.text});
  }
  for (const Arg &arg : function.args) {
    if (const TensorType *tensor = arg.type.tensor())
      checkDims(*tensor);
    if (arg.defaultValue)
      check(*arg.defaultValue);
  }
  std::map<std::string, Span> results;
  for (const Arg &result : function.results) {
    if (const TensorType *tensor = result.type.tensor())
      checkDims(*tensor);
    else
      checkType(*result.type.hyper());
    if (auto [it, fresh] = results.try_emplace(result.name.text, result.name.span); !fresh)
      diags.report(DiagId::DuplicateName, result.name.span, {result.name.text})
          .label(it->second, "first declared here");
  }
  if (function.causal && !dims.count(function.causal->text)) {
    std::vector<std::string> choices;
    for (const auto &entry : dims)
      choices.push_back(entry.first);
    Diagnostic &diag = diags.report(DiagId::UnknownDimension, function.causal->span, {function.causal->text});
    if (std::string near = didYouMean(function.causal->text, choices); !near.empty())
      diag.help(near);
  }
}

void NameChecker::checkFunction(const Function &function) {
  locals.clear();
  newLocals.clear();
  dims.clear();
  checkSignature(function);
  checkBody(function.body, function);
  if (!endsInReturn(function.body) && !hasErrorIn(function))
    diags.report(DiagId::NoReturn, function.name.span, {function.name.text});
  locals.clear();
  dims.clear();
}

/// An error of the grammar behind the function's head and before the next line that begins a declaration: what stands
/// there may be the `return` that is missed.
bool NameChecker::hasErrorIn(const Function &function) const {
  Span end = function.body.empty() ? function.signatureSpan : function.body.back().span;
  std::string_view text = diags.sources().text(end.file);
  size_t next = text.find("\n}", end.end);
  for (const Diagnostic &diagnostic : diags.diagnostics())
    if (diagnostic.primary.span.file == end.file && diagnostic.primary.span.begin >= function.signatureSpan.begin &&
        diagnostic.primary.span.begin <= next && std::string_view(info(diagnostic.id).code).substr(0, 3) == "E01")
      return true;
  return false;
}

bool NameChecker::endsInReturn(const std::vector<Stmt> &body) const {
  if (body.empty())
    return false;
  const Stmt &last = body.back();
  if (const auto *choice = last.as<StmtChoice>())
    return endsInReturn(choice->thenBody) && endsInReturn(choice->elseBody);
  return last.as<Return>() || last.as<Check>();
}

void NameChecker::addLocal(const std::string &name, const StaticType &type) {
  auto [it, fresh] = locals.insert_or_assign(name, type);
  if (fresh)
    newLocals.push_back(name);
}

void NameChecker::forgetLocals(size_t mark) {
  while (newLocals.size() > mark) {
    locals.erase(newLocals.back());
    newLocals.pop_back();
  }
}

void NameChecker::checkBody(const std::vector<Stmt> &body, const Function &function) {
  for (const Stmt &stmt : body)
    checkStmt(stmt, function);
}

void NameChecker::checkMessage(const Check &node) {
  for (const MessagePiece &piece : node.pieces)
    if (piece.expr)
      check(*piece.expr);
}

void NameChecker::checkReturn(const Return &node, const Stmt &stmt, const Function &function) {
  for (const ExprPtr &value : node.values)
    check(*value);
  // One value may be a call with several results; only elaboration knows.
  if (node.values.size() == function.results.size() || node.values.size() == 1)
    return;
  size_t count = node.values.size();
  diags
      .report(DiagId::ResultCount, stmt.span,
              {function.name.text, counted(function.results.size(), "result"), fmt::format("{} are", count)})
      .label(function.signatureSpan, "declared here");
}

void NameChecker::checkStmt(const Stmt &stmt, const Function &function) {
  if (const auto *node = stmt.as<Assign>()) {
    check(*node->value);
    for (const Ident &name : node->names) {
      checkHides(name);
      addLocal(name.text, {});
    }
    std::map<std::string, Span> seen;
    for (const Ident &name : node->names)
      if (auto [it, fresh] = seen.try_emplace(name.text, name.span); !fresh)
        diags.report(DiagId::DuplicateName, name.span, {name.text}).label(it->second, "first here");
  } else if (const auto *node = stmt.as<Return>()) {
    checkReturn(*node, stmt, function);
  } else if (const auto *node = stmt.as<Check>()) {
    check(*node->condition);
    checkMessage(*node);
  } else if (const auto *node = stmt.as<StmtChoice>()) {
    check(*node->condition);
    // A compile-time choice: what the chosen branch names is known after it.
    checkBody(node->thenBody, function);
    checkBody(node->elseBody, function);
  } else if (const auto *node = stmt.as<For>()) {
    check(*node->range);
    checkHides(node->variable);
    if (locals.count(node->variable.text))
      diags.report(DiagId::HidesName, node->variable.span, {node->variable.text, "function"});
    size_t mark = newLocals.size();
    StaticType range = infer(*node->range);
    bool instances = range.kind == StaticType::Kind::InstanceList;
    range.kind = StaticType::Kind::Instance;
    addLocal(node->variable.text, instances ? range : StaticType{});
    checkBody(node->body, function);
    forgetLocals(mark);
  }
}

} // namespace sinter::frontend

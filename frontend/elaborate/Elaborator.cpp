// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The run: the root is instantiated, its functions are walked (and emitted where wanted), then every
// function that none of them reached is checked alone.
#include "frontend/elaborate/Elaborator.h"

#include <algorithm>

namespace sinter::frontend {

namespace {
/// Expressions evaluated before a text is refused; BERT-large takes about a fiftieth.
constexpr uint64_t maxSteps = 2'000'000;
/// Calls that write, a few for each op: keeps what is written out before loops are rolled within 100 MB or so.
constexpr uint64_t maxWritten = 500'000;
} // namespace

Elaborator::Elaborator(const Program &program, ElaborateOptions options, Emitter *emitter, DiagnosticEngine &diags)
    : program(program), options(std::move(options)), emitter(emitter), diags(diags) {}
Elaborator::~Elaborator() = default;

Diagnostic &Elaborator::error(DiagId id, Span span, std::initializer_list<DiagArg> args, const Frame *frame) {
  if (oneIsEnough() && diags.hasErrors())
    return unsaid = Diagnostic{};
  Diagnostic &report = diags.report(id, span, args);
  // Functions of files have no path: their call sites say how the text came there.
  const Frame *at = frame;
  for (int shown = 0; at && !at->instance && at->callSpan.isValid() && shown < 3; at = at->caller, ++shown)
    report.label(at->callSpan, "in this call");
  std::vector<InstanceStep> chain;
  for (Instance *instance = at ? at->instance : nullptr; instance && instance->parent; instance = instance->parent)
    chain.push_back({instance->path, instance->what, instance->span});
  std::reverse(chain.begin(), chain.end());
  if (!chain.empty())
    report.inside(std::move(chain));
  return report;
}

bool Elaborator::spend(const Expr &expr, const Frame &frame) {
  if (++steps < maxSteps && written < maxWritten)
    return !stopped();
  if (!exhausted)
    error(DiagId::TooMuchWork, expr.span, {int64_t(maxSteps)}, &frame);
  exhausted = true;
  return false;
}

bool Elaborator::run() {
  if (!makeRoot())
    return false;
  runRootFunctions();
  if (!stopped())
    checkUnreached();
  return !diags.hasErrors();
}

bool Elaborator::makeRoot() {
  const Decl *decl = program.findModel(options.model, diags);
  if (!decl)
    return false;
  const Scope *scope = &program.root();
  const auto *module = decl->as<Module>();
  const Config *config = nullptr;
  const Scope *configScope = nullptr;
  if (const auto *alias = decl->as<ModelAlias>()) {
    for (const ExprPtr &variant : alias->variants)
      variants.push_back({scope, nullptr, variant.get()});
    module = scope->findAs<Module>(alias->base.text, &scope);
    config = program.root().findAs<Config>(alias->config.text, &configScope);
  } else if (module && module->params.size() == 1) {
    config = scope->findAs<Config>(module->params[0].type.config.text, &configScope);
  }
  if (!module || !config || module->params.size() != 1) {
    if (!diags.hasErrors())
      diags.report(DiagId::ModelParameters, decl->name()->span, {decl->name()->text});
    return false;
  }
  variants.insert(variants.end(), options.variants.begin(), options.variants.end());
  Span at = decl->name()->span;
  ConfigInstance *value = makeConfig(*config, *configScope, "", at);
  Datum hparam = coerce(Datum(value), module->params[0].type, *scope, at, module->params[0].name.text, nullptr, false);
  finishConfigs();
  if (hparam.isPoison() || diags.hasErrors())
    return false;

  Frame frame;
  frame.scope = scope;
  std::vector<std::string> names;
  outsideNames(module->outside, "", frame, names);
  rootInstance = instantiate(*module, *scope, {hparam}, nullptr, names.empty() ? "" : names.front(),
                             names.empty() ? CandidateList{""} : names, at, decl->name()->text);
  finishConfigs();
  if (!rootInstance || stopped())
    return false;
  applyParameterEdits();
  return !stopped();
}

std::vector<IgnoreEntry> Elaborator::ignores() {
  std::vector<IgnoreEntry> result;
  for (Instance &instance : allInstances) {
    Frame frame;
    frame.scope = instance.scope;
    frame.instance = &instance;
    for (const Member *member : instance.active) {
      const auto *ignore = member->as<Ignore>();
      if (!ignore)
        continue;
      for (const ExprPtr &glob : ignore->globs) {
        Datum value = eval(*glob, frame);
        std::vector<Datum> items;
        if (const ListValue *list = value.list())
          items = list->items;
        else
          items.push_back(value);
        for (const Datum &item : items)
          if (const auto *text = item.as<std::string>())
            result.push_back({*text, instance.parent ? instance.prefixes : CandidateList{""}, glob->span});
          else if (!item.isPoison())
            error(DiagId::WrongKind, glob->span, {"a string", describe(item)}, &frame);
      }
    }
  }
  return result;
}

void Elaborator::runRootFunctions() {
  // In the order of the text.
  std::vector<const Function *> all;
  for (const Member *member : rootInstance->active)
    if (const auto *function = member->as<Function>())
      all.push_back(function);
  for (const std::string &wanted : options.functions)
    if (!rootInstance->functions.contains(wanted)) {
      std::vector<std::string> choices;
      for (const Function *function : all)
        choices.push_back(function->name.text);
      Diagnostic &report = error(DiagId::NoFunction, rootInstance->module->name.span,
                                 {rootInstance->module->name.text, wanted}, nullptr);
      if (std::string near = didYouMean(wanted, choices); !near.empty())
        report.help(near);
    }
  for (const Function *function : all) {
    const std::string &name = function->name.text;
    bool wanted = options.functions.empty()
                      ? name != "loss"
                      : std::find(options.functions.begin(), options.functions.end(), name) != options.functions.end();
    bool isTensors = true;
    for (const Arg &arg : function->args)
      isTensors &= arg.type.tensor() || arg.defaultValue;
    if (wanted && !isTensors && options.functions.empty())
      wanted = false;
    if (wanted || isTensors)
      runRootFunction(*function, wanted);
    if (stopped())
      return;
  }
}

void Elaborator::runRootFunction(const Function &function, bool emit) {
  emitting = emit;
  required = emit;
  reaching = true;
  emittedChecks.clear();
  rootInputs.clear();
  symbolPlaces.clear();
  checkedFunctions.insert(rootInstance->likeness + "." + function.name.text);
  Frame frame;
  frame.scope = rootInstance->scope;
  frame.instance = rootInstance;
  frame.function = &function;
  if (Emitter *to = out()) {
    to->at(function.name.span);
    to->beginFunction(function.name.text,
                      function.causal ? std::optional(function.causal->text) : std::optional<std::string>());
  }
  if (bindRootArguments(function, frame, emit) && bindInputs(frame)) {
    Flow flow = execute(function.body, frame);
    if (flow == Flow::Returned) {
      Datum value = finishCall(function, frame, function.name.span);
      checkCausal(function, frame);
      std::vector<TensorHandle> handles;
      std::vector<std::string> names;
      for (size_t i = 0; i < frame.returned.size() && i < function.results.size(); ++i)
        if (const TensorValue *tensor = frame.returned[i].tensor()) {
          handles.push_back(tensor->handle);
          names.push_back(function.namedResults ? function.results[i].name.text : "out");
        }
      if (Emitter *to = out()) {
        to->at(function.name.span);
        to->endFunction(handles, names);
        emittedFunctions.push_back(function.name.text);
      }
    }
  }
  emitting = required = reaching = false;
}

bool Elaborator::bindRootArguments(const Function &function, Frame &frame, bool emit) {
  // A constant default stays an argument with a note of its value; any other is folded unless given.
  auto isFolded = [&](const Arg &arg) {
    if (!arg.defaultValue || options.given.contains(arg.name.text))
      return false;
    if (options.foldDefaults || !arg.type.tensor())
      return true;
    const Expr &value = *arg.defaultValue;
    const auto *negated = value.as<UnaryExpr>();
    const Expr &literal = negated ? *negated->operand : value;
    return !literal.is<IntLiteral>() && !literal.is<FloatLiteral>() && !literal.is<BoolLiteral>();
  };
  for (const Arg &arg : function.args) {
    if (!arg.type.tensor() && !arg.defaultValue) {
      error(DiagId::RootArgument, arg.span, {arg.name.text, toString(arg.type)}, &frame);
      return false;
    }
    if (!isFolded(arg))
      declareCapitals(arg.type, frame, "argument `" + arg.name.text + "`");
  }
  bool ok = true;
  for (const Arg &arg : function.args) {
    if (isFolded(arg)) {
      ok &= bindDefault(arg, frame);
      continue;
    }
    const TensorType &type = *arg.type.tensor();
    for (const auto &dim : type.dims)
      if (dim.isRest()) {
        error(DiagId::RootRest, dim.span, {arg.name.text}, &frame);
        return false;
      }
    std::optional<Axes> axes = evalDims(type, frame);
    if (!axes) {
      ok = false;
      continue;
    }
    TensorValue value{nullptr, type.element, *axes};
    EmittedArgument argument{arg.name.text, value.info(), std::nullopt};
    if (arg.defaultValue) {
      Datum given = eval(*arg.defaultValue, frame);
      if (given.isScalar() || given.is<bool>())
        argument.defaultValue = constantOf(given, type.element, arg.defaultValue->span, frame);
    }
    if (Emitter *to = out()) {
      to->at(arg.span);
      value.handle = to->addArgument(argument);
    }
    frame.locals[arg.name.text] = makeTensor(std::move(value));
  }
  return ok;
}

void Elaborator::declareCapitals(const Type &type, Frame &frame, const std::string &by) {
  const TensorType *tensor = type.tensor();
  if (!tensor)
    return;
  for (const auto &dim : tensor->dims)
    if (const std::string *name = aloneCapital(dim); name && !frame.dims.contains(*name)) {
      frame.dims[*name] = BoundDim{{Extent::symbol(*name), nullptr}, dim.span, by};
      symbolPlaces[*name].push_back(dim.span);
    }
}

void Elaborator::checkCausal(const Function &function, Frame &frame) {
  if (!function.causal)
    return;
  auto bound = frame.dims.find(function.causal->text);
  if (bound == frame.dims.end())
    return; // resolution said so
  const Extent &time = bound->second.axis.extent;
  for (size_t i = 0; i < frame.returned.size(); ++i) {
    const TensorValue *tensor = frame.returned[i].tensor();
    if (!tensor)
      continue;
    int exact = 0, other = 0;
    for (const Axis &axis : tensor->axes) {
      if (axis.extent == time)
        ++exact;
      else if (axis.extent.symbols().contains(function.causal->text))
        ++other;
    }
    if (exact != 1 || other != 0)
      error(DiagId::CausalResult, function.causal->span, {function.causal->text, display(*tensor)}, &frame)
          .label(function.results[i].span, "this result");
  }
}

void Elaborator::checkUnreached() {
  // Instances are made before this, so the deque does not grow while it is walked.
  for (Instance &instance : allInstances)
    for (const Member *member : instance.active)
      if (const auto *function = member->as<Function>()) {
        if (checkedFunctions.insert(instance.likeness + "." + function->name.text).second)
          checkAlone(instance, *function);
        if (stopped())
          return;
      }
}

void Elaborator::checkAlone(Instance &instance, const Function &function) {
  rootInputs.clear();
  symbolPlaces.clear();
  Frame frame;
  frame.scope = instance.scope;
  frame.instance = &instance;
  frame.function = &function;
  for (const Arg &arg : function.args) {
    if (arg.type.tensor()) {
      declareCapitals(arg.type, frame, "argument `" + arg.name.text + "`");
      continue;
    }
    const HyperType &type = *arg.type.hyper();
    if (arg.defaultValue) {
      if (!bindDefault(arg, frame))
        return;
    } else if (type.kind == HyperType::Kind::Int && !type.optional) {
      frame.locals[arg.name.text] = Extent::symbol(arg.name.text);
    } else {
      return; // a template over something that only a call can give
    }
  }
  frame.rest = Axes{{Extent::symbol("rest"), nullptr}};
  for (const Arg &arg : function.args) {
    const TensorType *type = arg.type.tensor();
    if (!type)
      continue;
    std::optional<Axes> axes = evalDims(*type, frame);
    if (!axes)
      return;
    frame.locals[arg.name.text] = makeTensor({nullptr, type->element, *axes});
  }
  if (!bindInputs(frame))
    return;
  if (execute(function.body, frame) == Flow::Returned)
    finishCall(function, frame, function.name.span);
}

} // namespace sinter::frontend

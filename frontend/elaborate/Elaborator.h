// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Program + config values -> instances, checked shapes, and ops through an Emitter. One class whose
// methods are spread over the files of this folder by what they evaluate.
#ifndef SINTER_FRONTEND_ELABORATE_ELABORATOR_H
#define SINTER_FRONTEND_ELABORATE_ELABORATOR_H

#include "frontend/elaborate/Instance.h"

#include <deque>
#include <memory>
#include <set>
#include <unordered_set>

namespace sinter::frontend {

class HfFolder;
struct AdapterPlan;

struct ElaborateOptions {
  std::string model;          ///< name of a model or alias of the root text
  HfFolder *folder = nullptr; ///< null: defaults only
  std::vector<std::pair<std::string, std::string>> sets;
  std::vector<std::string> functions; ///< empty: all of the root but `loss`
  bool foldDefaults = false;          ///< arguments not in `given` become their defaults
  std::set<std::string> given;
  std::vector<VariantUse> variants = {};      ///< applied after those of an alias
  std::shared_ptr<AdapterPlan> adapters = {}; ///< whose variant is among them; null: none
};

/// Not thread safe. After run(), the instances and parameters are read by whoever builds the tables.
class Elaborator {
public:
  /// `emitter` may be null: then everything is checked and nothing is emitted.
  Elaborator(const Program &program, ElaborateOptions options, Emitter *emitter, DiagnosticEngine &diags);
  ~Elaborator();

  /// False if errors were reported.
  bool run();

  Instance *root() const { return rootInstance; }
  const std::deque<Parameter> &parameters() const { return allParameters; }
  const std::deque<Instance> &instances() const { return allInstances; }
  /// The root's, and those inside it.
  const std::deque<ConfigInstance> &configs() const { return allConfigs; }
  /// Functions that were emitted.
  const std::vector<std::string> &functions() const { return emittedFunctions; }
  /// The n of a `check T <= n` over a dimension of the root, 0 if there is none.
  int64_t contextTokens() const { return context; }
  std::vector<IgnoreEntry> ignores();
  /// Whether a parameter is read from the adapters' tensors; after run(). What no function reaches may be absent there.
  OverlayRule overlayRule(const Parameter &parameter) const;
  const std::shared_ptr<AdapterPlan> &adapters() const { return options.adapters; }

private:
  // ---- Elaborator.cpp: the run, roots, errors
  Diagnostic &error(DiagId id, Span span, std::initializer_list<DiagArg> args, const Frame *frame);
  bool stopped() const { return diags.full() || exhausted || (oneIsEnough() && diags.hasErrors()); }
  /// The compiler's own texts are right: what fails once a folder's values are in breaks by one of them, perhaps in
  /// many places. The first place is told.
  bool oneIsEnough() const { return configsReported && options.folder && program.root().embedded; }
  bool spend(const Expr &expr, const Frame &frame);
  /// The emitter where something is to be written; counts, so that what a text can ask for is bounded.
  Emitter *out() {
    if (!emitter || !emitting || diags.hasErrors())
      return nullptr;
    ++written;
    return emitter;
  }
  bool makeRoot();
  /// A parameter of the model that the adapter brings.
  bool isReplaced(const Parameter &parameter) const;
  void runRootFunctions();
  void runRootFunction(const Function &function, bool emit);
  void checkUnreached();
  void checkAlone(Instance &instance, const Function &function);
  bool bindRootArguments(const Function &function, Frame &frame, bool emit);
  void declareCapitals(const Type &type, Frame &frame, const std::string &by);
  void checkCausal(const Function &function, Frame &frame);

  // ---- ConfigEval.cpp
  ConfigInstance *makeConfig(const Config &config, const Scope &scope, const std::string &setPrefix, Span span);
  Datum configMember(ConfigInstance &config, const std::string &name, Span span, const Frame *frame, bool *found);
  const Member *findConfigMember(ConfigInstance &config, const std::string &name, const Scope *&scope);
  const Member *findConfigMember(ConfigInstance &config, const std::vector<Member> &members, const std::string &name,
                                 const Scope &scope);
  Datum configField(ConfigInstance &config, const Field &field, const Scope &scope);
  std::optional<Datum> outsideField(ConfigInstance &config, const Field &field, const Scope &scope);
  Span spanOfSetting(const std::string &name, const std::string &text, bool isValue);
  std::optional<Datum> setField(ConfigInstance &config, const Field &field, const Scope &scope);
  void finishConfig(ConfigInstance &config);
  void finishConfigMembers(ConfigInstance &config, const std::vector<Member> &members, const Scope &scope);
  void finishConfigs();
  bool isA(const ConfigInstance &config, const Config *wanted) const;

  // ---- Instantiate.cpp
  Instance *instantiate(const Module &module, const Scope &scope, std::vector<Datum> hparams, Instance *parent,
                        std::string path, CandidateList prefixes, Span span, std::string what,
                        const AppliedEdit *madeBy = nullptr);
  /// `first`, if it is set, is the first hyperparameter; the call gives those behind it.
  bool bindHyperParams(const std::string &name, const std::vector<HyperParam> &params, const Scope &scope,
                       const CallExpr &call, Frame &caller, Span span, std::vector<Datum> &hparams,
                       std::optional<Datum> first = std::nullopt);
  void gatherMembers(Instance &instance, const std::vector<Member> &members, Frame &frame);
  void finishMembers(Instance &instance);
  Slot *instanceSlot(Instance &instance, const std::string &name, Span span, const Frame *frame);
  Datum instanceMember(Instance &instance, const std::string &name, Span span, const Frame *frame, bool *found);
  void makeParameter(Instance &instance, Slot &slot, const Param &param);
  Datum makeSub(Instance &instance, const Sub &sub);
  Datum placeSub(const Expr &expr, Instance &owner, Frame &frame, const std::string &path,
                 const CandidateList &prefixes);
  bool outsideNames(const OutsideNames &outside, const std::string &fallback, Frame &frame,
                    std::vector<std::string> &names);
  bool joinNames(const CandidateList &prefixes, const std::vector<std::string> &names, Span span, const Frame &frame,
                 CandidateList &result);
  void makeTie(Instance &instance, const Tie &tie);
  Parameter *parameterOf(const Expr &expr, Frame &frame);

  // ---- Edits.cpp
  void addEdit(const Edit &edit, Instance &anchor, const Scope &scope,
               const std::unordered_map<std::string, Datum> *locals, Span appliedAt = {});
  void addVariant(const VariantUse &use, Instance &root);
  void addVariantEdits(const std::vector<Member> &edits, Instance &root, const Scope &scope,
                       const std::unordered_map<std::string, Datum> &locals, Span appliedAt);
  Frame frameOf(const AppliedEdit &edit) const;
  /// Evaluates the globs once; false if they are no globs (reported).
  bool openEdit(AppliedEdit &edit);
  bool openGlob(const AppliedEdit &edit, const Expr &expr, Frame &frame, std::string &text, std::optional<Glob> &glob);
  /// An error of an edit, with the call of its variant.
  Diagnostic &editError(const AppliedEdit &edit, DiagId id, Span span, std::initializer_list<DiagArg> args);
  /// The instance that stands at the place of `made` after all edits that reach it.
  Instance *afterEdits(Instance &made, Instance &owner);
  Instance *replace(AppliedEdit &edit, Instance &made, Instance &owner);
  void applyParameterEdits();
  void applyToParameters(AppliedEdit &edit);
  /// Who answers for a name of an instance that may have replaced another.
  static Instance &ownerOf(Instance &instance, const std::string &name);
  bool isDeclaredAnywhere(const std::vector<Member> &members, const std::string &name) const;
  Datum readParameter(Parameter &parameter, Span span);

  // ---- Expr.cpp
  Datum eval(const Expr &expr, Frame &frame);
  Datum evalNode(const Expr &expr, Frame &frame);
  Datum evalName(const Expr &expr, const std::string &name, Frame &frame);
  Datum scopeValue(const Declared &declared, const std::string &name, Span span, const Frame &frame);
  Datum evalComprehension(const Comprehension &node, const Expr &expr, Frame &frame);
  Datum evalMember(const MemberExpr &node, const Expr &expr, Frame &frame);
  /// The bool of an `if`; false if it has none (reported).
  bool evalCondition(const Expr &expr, Frame &frame, bool &result);
  bool evalItems(const Expr &expr, Frame &frame, std::vector<Datum> &items);
  std::optional<std::string> evalString(const Expr &expr, Frame &frame, const char *what);
  Datum coerce(Datum value, const HyperType &type, const Scope &scope, Span span, const std::string &what,
               const Frame *frame, bool dimensionsAllowed);
  bool runCheck(const Check &check, Frame &frame, DiagId id);
  bool runCheckCondition(const Expr &condition, const Check &check, Frame &frame, DiagId id);
  std::string checkMessage(const Check &check, Frame &frame, std::vector<Extent> *shown);

  // ---- Numbers.cpp: compile-time arithmetic
  Datum evalBinary(const BinaryExpr &node, const Expr &expr, Frame &frame);
  Datum evalLogic(const BinaryExpr &node, const Expr &expr, Frame &frame);
  Datum evalUnary(const UnaryExpr &node, const Expr &expr, Frame &frame);
  Datum foldArithmetic(BinaryOp op, const Datum &lhs, const Datum &rhs, const Expr &expr, Frame &frame);
  Datum foldIntegers(BinaryOp op, int64_t lhs, int64_t rhs, const Expr &expr, Frame &frame);
  Datum foldExtents(BinaryOp op, const Datum &lhs, const Datum &rhs, const Expr &expr, Frame &frame);
  Datum foldFloats(BinaryOp op, double lhs, double rhs, const Expr &expr, Frame &frame);
  Datum foldCompare(BinaryOp op, const Datum &lhs, const Datum &rhs, const Expr &expr, Frame &frame);
  Datum checkFinite(double value, const Expr &expr, Frame &frame);
  Datum checkExtent(Extent value, Span span, const Frame &frame);
  Datum foldUnary(UnaryKind kind, const Datum &value, const Expr &expr, Frame &frame);

  // ---- Elementwise.cpp: tensors meeting tensors and numbers
  struct Operand {
    const Datum *value;
    Span span;
  };
  /// The type that operands of an operator share; nullopt after a report.
  std::optional<ElementType> commonElement(const char *op, Span opSpan, const Operand &lhs, const Operand &rhs,
                                           const Frame &frame);
  std::optional<Axes> broadcastAxes(const char *op, Span opSpan, const Operand &lhs, const Operand &rhs,
                                    const Frame &frame);
  /// The operand as a tensor of that element type and shape: views for tensors, constants for numbers.
  TensorHandle materialize(const Datum &value, ElementType element, const Axes &axes, Span span, const Frame &frame,
                           bool &ok);
  TensorHandle stretch(const TensorValue &tensor, const Axes &axes);
  std::optional<double> constantOf(const Datum &value, ElementType element, Span span, const Frame &frame);
  /// A tensor for an argument that wants one: numbers become scalars. Poison after a report.
  Datum asTensor(const Datum &value, ElementType element, Span span, const Frame &frame);
  Datum tensorBinary(BinaryKind kind, const char *op, Span opSpan, const Operand &lhs, const Operand &rhs,
                     const Expr &expr, Frame &frame);
  Datum tensorCompare(ComparePredicate predicate, const char *op, Span opSpan, const Operand &lhs, const Operand &rhs,
                      const Expr &expr, Frame &frame);
  Datum tensorUnary(UnaryKind kind, const char *op, const TensorValue &value, Span span, const Expr &expr,
                    Frame &frame);
  Datum where(const Operand &condition, const Operand &onTrue, const Operand &onFalse, const Expr &expr, Frame &frame);
  Datum matmul(const BinaryExpr &node, const Datum &lhs, const Datum &rhs, const Expr &expr, Frame &frame);
  Datum transpose(const TensorValue &value, Span span, const Frame &frame);
  void labelOrigins(Diagnostic &report, const Axes &lhs, const Axes &rhs);
  Datum result(TensorHandle handle, ElementType element, Axes axes, Span span, const Frame &frame);

  // ---- Builtins.cpp, Reductions.cpp, Rearrange.cpp, Indexing.cpp
  struct Given {
    Datum value;
    Span span;
    const Expr *expr;
    const Ident *name;
  };
  Datum callBuiltin(Builtin id, const std::vector<Given> &args, const Expr &expr, Frame &frame);
  Datum constantBuiltin(Builtin id, const Expr &expr, Frame &frame);
  Datum unaryBuiltin(UnaryKind kind, const char *name, const Given &arg, const Expr &expr, Frame &frame);
  Datum extremeBuiltin(Builtin id, const std::vector<Given> &args, const Expr &expr, Frame &frame);
  Datum castTo(ElementType element, const Given &arg, const Expr &expr, Frame &frame);
  Datum reduce(Builtin id, const std::vector<Given> &args, const Expr &expr, Frame &frame);
  Datum cumsum(const std::vector<Given> &args, const Expr &expr, Frame &frame);
  Datum topk(const std::vector<Given> &args, const Expr &expr, Frame &frame);
  Datum pick(const std::vector<Given> &args, const Expr &expr, Frame &frame);
  Datum concat(const std::vector<Given> &args, const Expr &expr, Frame &frame);
  Datum split(const std::vector<Given> &args, const Expr &expr, Frame &frame);
  Datum rearrange(const std::vector<Given> &args, const Expr &expr, Frame &frame);
  Datum broadcastTo(const std::vector<Given> &args, const Expr &expr, Frame &frame);
  Datum arange(const Given &arg, const Expr &expr, Frame &frame);
  Datum tensorOf(const Given &arg, const Expr &expr, Frame &frame);
  Datum initializer(Builtin id, const Given &arg, Frame &frame);
  const TensorValue *wantTensor(const Given &arg, const char *what, const Frame &frame);
  std::optional<unsigned> wantAxis(const Datum &value, size_t rank, Span span, const Frame &frame);
  Datum evalIndex(const IndexExpr &node, const Expr &expr, Frame &frame);
  Datum indexList(const std::shared_ptr<const ListValue> &list, const IndexExpr &node, const Expr &expr, Frame &frame);
  Datum callRouted(const RoutedValue &routed, const std::vector<Given> &args, const Expr &expr, Frame &frame);
  /// Checks that leading axes of the arguments broadcast to those of the ids, and makes them alike.
  bool alignRows(const RoutedValue &routed, std::vector<Given> &rows, const Expr &expr, Frame &frame);
  TensorHandle checkedIds(const RoutedValue &routed, size_t rank, Span span);
  Datum indexTensor(const TensorValue &tensor, const IndexExpr &node, const Expr &expr, Frame &frame);
  bool indexAt(const Datum &value, const IndexItem &item, const Axis &axis, ViewIndex &index, Frame &frame);
  bool indexSlice(const IndexItem &item, Axis &axis, ViewIndex &index, Frame &frame);
  std::optional<Extent> wantExtent(const Expr &expr, Frame &frame, const char *what);
  void requireDims(const Extent &lhs, ComparePredicate predicate, const Extent &rhs, const std::string &message,
                   std::vector<Extent> shown);

  // ---- Calls.cpp, Signature.cpp
  Datum evalCall(const CallExpr &node, const Expr &expr, Frame &frame);
  Datum callFunction(const FunctionValue &callee, const std::vector<Given> &given, const Expr &expr, Frame &frame);
  bool matchArguments(const Function &function, const std::vector<Given> &args, Span span, Frame &caller,
                      std::vector<const Given *> &byArgument);
  bool bindTensors(const Function &function, std::vector<const Given *> &given, Frame &frame, const Frame &caller);
  bool bindInputs(Frame &frame);
  /// Binds inputs of the callee's module that its caller gives by name.
  bool bindGivenInputs(const FunctionValue &callee, const std::vector<Given> &inputs, Frame &frame,
                       const Frame &caller);
  bool bindCapitals(const Arg &arg, const TensorType &type, const TensorValue &value, Span span, Frame &frame,
                    const Frame &caller);
  bool checkArgument(const Arg &arg, const TensorType &type, const TensorValue &value, Span span, Frame &frame,
                     const Frame &caller);
  bool bindDefault(const Arg &arg, Frame &frame);
  Datum finishCall(const Function &function, Frame &frame, Span span);
  Datum declaredResults(const Function &function, Frame &frame);
  std::optional<Axes> tryDims(const TensorType &type, Frame &frame);
  bool checkResult(const Function &function, const Arg &arg, Datum &value, Frame &frame, Span span);
  std::optional<Axis> evalDim(const sinter::frontend::Dim &dim, Frame &frame);
  std::optional<Axes> evalDims(const TensorType &type, Frame &frame);
  const std::string *aloneCapital(const sinter::frontend::Dim &dim) const;
  void labelDims(Diagnostic &diagnostic, const TensorType &type, const Frame &frame);

  // ---- Statements.cpp
  enum class Flow : uint8_t { Next, Returned, Failed };
  Flow execute(const std::vector<Stmt> &body, Frame &frame);
  void executeAssign(const Assign &assign, const Stmt &stmt, Frame &frame);
  Flow executeFor(const For &loop, const Stmt &stmt, Frame &frame);
  Flow executeReturn(const Return &node, Frame &frame);
  bool checkCarried(const std::string &name, Span span, const Datum &before, const Datum &after, Frame &frame);
  void assignedNames(const std::vector<Stmt> &body, std::vector<std::pair<std::string, Span>> &names) const;
  void poisonAssigned(const std::vector<Stmt> &body, Frame &frame);

  const Program &program;
  ElaborateOptions options;
  Emitter *emitter;
  DiagnosticEngine &diags;

  Instance *rootInstance = nullptr;
  std::deque<Instance> allInstances;
  std::deque<Parameter> allParameters;
  std::deque<ConfigInstance> allConfigs;
  std::deque<AppliedEdit> allEdits;
  std::deque<std::unordered_map<std::string, Datum>> variantLocals;
  std::vector<VariantUse> variants; ///< of the alias, then of the options
  std::unordered_map<const Value *, ConfigInstance::Found> fileValues;
  std::unordered_map<std::string, Parameter *> parameterPaths;
  std::unordered_set<std::string> checkedFunctions; ///< module, function, hyperparameters
  std::unordered_set<std::string> usedSets;
  std::vector<std::string> outsideKeys; ///< that fields read
  Diagnostic unsaid{}; ///< what comes after the first, where one is enough
  size_t finishedConfigs = 0;
  bool configsReported = false;
  std::vector<std::string> emittedFunctions;
  std::set<std::string> emittedChecks; ///< of the function being emitted
  struct RootInput {
    Datum value;
    Axes axes;
    const Input *input;
  };
  std::map<std::string, RootInput> rootInputs;
  std::map<std::string, std::vector<Span>> symbolPlaces; ///< where symbols of the root are bound
  int64_t context = 0;
  uint64_t steps = 0;
  uint64_t written = 0; ///< calls of out(), a few for each op
  unsigned nesting = 0; ///< expressions being evaluated
  bool emitting = false;
  bool reaching = false; ///< a function of the root runs
  bool required = false; ///< and it is compiled
  bool exhausted = false;
};

} // namespace sinter::frontend

#endif

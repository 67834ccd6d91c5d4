// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Calls of the elaborator -> ops of the `sinter` dialect, each with the place of its text.
#include "frontend/emit/MlirEmitter.h"

#include "frontend/emit/LoopRoller.h"
#include "frontend/syntax/SourceManager.h"
#include "ir/sinter/IndexMap.h"
#include "ir/sinter/Sinter.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/Iterators.h"
#include "mlir/IR/Verifier.h"

#include <set>

using namespace mlir;

namespace sinter::frontend {

namespace {

// The syntax tree has these names too.
using mlir::Type;
using mlir::Value;

constexpr const char *unaryNames[] = {
#define SINTER_UNARY(id, name, takes, folded) name,
#include "frontend/resolve/Unary.def"
    "neg", "not"};
constexpr const char *binaryNames[] = {"add", "sub",     "mul",     "div", "floordiv", "mod",
                                       "pow", "maximum", "minimum", "and", "or"};
constexpr const char *reduceNames[] = {"sum", "max", "min", "argmax"};

Value toValue(TensorHandle handle) { return Value::getFromOpaquePointer(handle); }

class Builder final : public ModuleEmitter {
public:
  Builder(MLIRContext &context, const SourceManager &sources, const std::string &model)
      : context(context), sources(sources), builder(&context), location(builder.getUnknownLoc()) {
    context.loadDialect<ir::SinterDialect, func::FuncDialect>();
    module = ModuleOp::create(location);
    module->getOperation()->setAttr("sinter.model", builder.getStringAttr(model));
  }
  ~Builder() override {
    // Only after an error: iterations that never became part of the module.
    for (Loop &loop : open)
      for (Block *block : loop.iterations)
        block->dropAllReferences();
    for (Loop &loop : open)
      for (Block *block : loop.iterations) {
        block->dropAllDefinedValueUses();
        delete block;
      }
  }

  void at(Span span) override {
    if (span == place)
      return;
    place = span;
    if (!span.isValid()) {
      location = builder.getUnknownLoc();
      return;
    }
    LineColumn where = sources.lineColumn(span.file, span.begin);
    location = FileLineColLoc::get(&context, sources.name(span.file), where.line, where.column);
  }

  // ---- values
  TensorHandle constant(std::span<const double> values, const TensorInfo &type) override {
    auto numbers = builder.getDenseF64ArrayAttr(ArrayRef<double>(values.data(), values.size()));
    return make("constant", {}, type, {attribute("values", numbers)});
  }
  TensorHandle dim(const Extent &extent, ElementType element) override {
    return make("dim", {}, {{}, element}, {attribute("dim", ir::DimAttr::get(&context, extent))});
  }
  TensorHandle iota(const Extent &count) override { return make("iota", {}, {{count}, ElementType::I32}, {}); }
  TensorHandle view(TensorHandle input, const ViewMap &map, const TensorInfo &type) override {
    ir::IndexMapAttr indices = ir::simplify(indexMap(map, type.shape.size()), type.shape);
    auto source = cast<ir::TensorType>(toValue(input).getType());
    if (indices.isIdentity() && source == tensorType(type))
      return input;
    return make("view", {input}, type, {attribute("map", indices)});
  }
  TensorHandle unary(UnaryKind kind, TensorHandle input, const TensorInfo &type) override {
    return make(unaryNames[size_t(kind)], {input}, type, {});
  }
  TensorHandle binary(BinaryKind kind, TensorHandle lhs, TensorHandle rhs, const TensorInfo &type) override {
    return make(binaryNames[size_t(kind)], {lhs, rhs}, type, {});
  }
  TensorHandle compare(ComparePredicate predicate, TensorHandle lhs, TensorHandle rhs,
                       const TensorInfo &type) override {
    auto kind = ir::PredicateAttr::get(&context, ir::Predicate(uint32_t(predicate)));
    return make("compare", {lhs, rhs}, type, {attribute("predicate", kind)});
  }
  TensorHandle select(TensorHandle condition, TensorHandle onTrue, TensorHandle onFalse,
                      const TensorInfo &type) override {
    return make("select", {condition, onTrue, onFalse}, type, {});
  }
  TensorHandle cast(TensorHandle input, const TensorInfo &type) override { return make("cast", {input}, type, {}); }
  TensorHandle concat(std::span<const TensorHandle> inputs, unsigned axis, const TensorInfo &type) override {
    return make("concat", inputs, type, {attribute("axis", builder.getI64IntegerAttr(axis))});
  }
  TensorHandle gather(TensorHandle table, TensorHandle ids, const TensorInfo &type) override {
    return make("gather", {table, ids}, type, {});
  }
  TensorHandle pick(TensorHandle input, TensorHandle ids, const TensorInfo &type) override {
    return make("pick", {input, ids}, type, {});
  }
  TensorHandle reduce(ReduceKind kind, TensorHandle input, std::span<const int64_t> axes,
                      const TensorInfo &type) override {
    auto list = builder.getDenseI64ArrayAttr(ArrayRef<int64_t>(axes.data(), axes.size()));
    return make(reduceNames[size_t(kind)], {input}, type, {attribute("axes", list)});
  }
  TensorHandle cumsum(TensorHandle input, unsigned axis, const TensorInfo &type) override {
    return make("cumsum", {input}, type, {attribute("axis", builder.getI64IntegerAttr(axis))});
  }
  std::pair<TensorHandle, TensorHandle> topK(TensorHandle input, const TensorInfo &values,
                                             const TensorInfo &indices) override {
    Operation *op = create("top_k", {toValue(input)}, {tensorType(values), tensorType(indices)}, {});
    return {op->getResult(0).getAsOpaquePointer(), op->getResult(1).getAsOpaquePointer()};
  }
  TensorHandle contract(TensorHandle lhs, TensorHandle rhs, const std::string &labels,
                        const TensorInfo &type) override {
    return make("contract", {lhs, rhs}, type, {attribute("labels", builder.getStringAttr(labels))});
  }
  TensorHandle read(unsigned parameter, const TensorInfo &type) override {
    auto symbol = FlatSymbolRefAttr::get(&context, numberedSymbol(parameter));
    return make("read", {}, type, {attribute("name", symbol)});
  }

  // ---- checks, functions
  void check(const Extent &lhs, ComparePredicate predicate, const Extent &rhs, const std::string &message,
             std::span<const Extent> shown) override {
    OpBuilder::InsertionGuard guard(builder);
    if (lastCheck)
      builder.setInsertionPointAfter(lastCheck);
    else
      builder.setInsertionPointToStart(&function.getBody().front());
    SmallVector<Attribute> dims;
    for (const Extent &extent : shown)
      dims.push_back(ir::DimAttr::get(&context, extent));
    lastCheck =
        create("check", {}, {},
               {attribute("lhs", ir::DimAttr::get(&context, lhs)),
                attribute("predicate", ir::PredicateAttr::get(&context, ir::Predicate(uint32_t(predicate)))),
                attribute("rhs", ir::DimAttr::get(&context, rhs)), attribute("message", builder.getStringAttr(message)),
                attribute("shown", builder.getArrayAttr(dims))});
  }
  void beginFunction(const std::string &name, const std::optional<std::string> &causal) override {
    builder.setInsertionPointToEnd(module->getBody());
    function = func::FuncOp::create(builder, location, name, builder.getFunctionType({}, {}));
    if (causal)
      function->setAttr("sinter.causal", builder.getStringAttr(*causal));
    arguments.clear();
    lastCheck = nullptr;
    builder.setInsertionPointToEnd(function.addEntryBlock());
  }
  TensorHandle addArgument(const EmittedArgument &argument) override {
    NamedAttrList attributes;
    attributes.append("sinter.name", builder.getStringAttr(argument.name));
    if (argument.defaultValue)
      attributes.append("sinter.default", builder.getF64FloatAttr(*argument.defaultValue));
    arguments.push_back(attributes.getDictionary(&context));
    return function.getBody().front().addArgument(tensorType(argument.type), location).getAsOpaquePointer();
  }
  void endFunction(std::span<const TensorHandle> results, std::span<const std::string> names) override {
    SmallVector<Value> values;
    for (TensorHandle handle : results)
      values.push_back(toValue(handle));
    func::ReturnOp::create(builder, location, values);
    Block &entry = function.getBody().front();
    function.setFunctionType(builder.getFunctionType(entry.getArgumentTypes(), ValueRange(values).getTypes()));
    for (auto [i, attributes] : llvm::enumerate(arguments))
      function.setArgAttrs(i, attributes);
    for (auto [i, name] : llvm::enumerate(names))
      function.setResultAttr(i, "sinter.name", builder.getStringAttr(name));
  }

  // ---- loops
  void beginLoop(std::span<const TensorHandle> carried) override {
    Loop &loop = open.emplace_back();
    for (TensorHandle handle : carried)
      loop.carried.push_back(toValue(handle));
    loop.outer = builder.saveInsertionPoint();
  }
  std::vector<TensorHandle> beginIteration() override {
    Block *block = new Block();
    open.back().iterations.push_back(block);
    std::vector<TensorHandle> handles;
    for (Value value : open.back().carried)
      handles.push_back(block->addArgument(value.getType(), value.getLoc()).getAsOpaquePointer());
    builder.setInsertionPointToEnd(block);
    return handles;
  }
  void endIteration(std::span<const TensorHandle> next) override {
    SmallVector<Value> values;
    for (TensorHandle handle : next)
      values.push_back(toValue(handle));
    create("yield", values, {}, {});
  }
  std::vector<TensorHandle> endLoop() override {
    Loop loop = std::move(open.back());
    open.pop_back();
    builder.restoreInsertionPoint(loop.outer);
    OperationState state(location, "sinter.repeat");
    state.addOperands(loop.carried);
    state.addTypes(ValueRange(loop.carried).getTypes());
    for (Block *block : loop.iterations)
      state.addRegion()->push_back(block);
    Operation *op = builder.create(state);
    written.push_back(op);
    std::vector<TensorHandle> handles;
    for (Value value : op->getResults())
      handles.push_back(value.getAsOpaquePointer());
    return handles;
  }

  OwningOpRef<ModuleOp> finish(std::span<const EmittedParameter> parameters,
                               std::vector<ParameterStack> &stacks) override {
    eraseUnused();
    rollLoops(*module, written, parameters, stacks);
    declareParameters(parameters, stacks);
    if (failed(verify(*module)))
      return {};
    return std::move(module);
  }

private:
  struct Loop {
    SmallVector<Value> carried;
    std::vector<Block *> iterations;
    OpBuilder::InsertPoint outer;
  };

  Type elementType(ElementType element) {
    if (element == ElementType::F32)
      return builder.getF32Type();
    return element == ElementType::I32 ? builder.getI32Type() : builder.getI1Type();
  }
  ir::TensorType tensorType(const TensorInfo &info) {
    return ir::TensorType::get(&context, ArrayRef<::sinter::Dim>(info.shape), elementType(info.element));
  }
  NamedAttribute attribute(StringRef name, Attribute value) { return builder.getNamedAttr(name, value); }

  Operation *create(StringRef name, ValueRange operands, TypeRange types, ArrayRef<NamedAttribute> attributes) {
    OperationState state(location, ("sinter." + name).str());
    state.addOperands(operands);
    state.addTypes(types);
    state.addAttributes(attributes);
    return builder.create(state);
  }
  TensorHandle make(StringRef name, std::span<const TensorHandle> operands, const TensorInfo &type,
                    ArrayRef<NamedAttribute> attributes) {
    SmallVector<Value> values;
    for (TensorHandle handle : operands)
      values.push_back(toValue(handle));
    return create(name, values, {tensorType(type)}, attributes)->getResult(0).getAsOpaquePointer();
  }
  TensorHandle make(StringRef name, std::initializer_list<TensorHandle> operands, const TensorInfo &type,
                    ArrayRef<NamedAttribute> attributes) {
    return make(name, std::span(operands.begin(), operands.size()), type, attributes);
  }

  ir::IndexMapAttr indexMap(const ViewMap &map, unsigned rank) {
    SmallVector<ir::DimAttr> symbols;
    auto factor = [&](const Extent &extent) -> AffineExpr {
      if (std::optional<int64_t> known = extent.constant())
        return builder.getAffineConstantExpr(*known);
      auto attribute = ir::DimAttr::get(&context, extent);
      auto *found = llvm::find(symbols, attribute);
      unsigned at = found - symbols.begin();
      if (found == symbols.end())
        symbols.push_back(attribute);
      return builder.getAffineSymbolExpr(at);
    };
    SmallVector<AffineExpr> results;
    for (const ViewIndex &index : map) {
      AffineExpr sum = builder.getAffineConstantExpr(0);
      for (const ViewTerm &term : index.terms) {
        AffineExpr expr = builder.getAffineDimExpr(term.axis);
        if (!term.div.isConstant(1))
          expr = expr.floorDiv(factor(term.div));
        if (term.mod)
          expr = expr % factor(*term.mod);
        if (!term.stride.isConstant(1))
          expr = expr * factor(term.stride);
        sum = sum + expr;
      }
      results.push_back(index.offset.isConstant(0) ? sum : sum + factor(index.offset));
    }
    return ir::IndexMapAttr::get(&context, AffineMap::get(rank, symbols.size(), results, &context), symbols);
  }

  /// Values that a text names and does not use.
  void eraseUnused() {
    module->walk<WalkOrder::PostOrder, ReverseIterator>([&](Operation *op) {
      if (op->getNumResults() && op->use_empty() && isPure(op))
        op->erase();
    });
  }

  void declareParameters(std::span<const EmittedParameter> parameters, const std::vector<ParameterStack> &stacks) {
    std::map<std::string, const ParameterStack *, std::less<>> bySymbol;
    for (const ParameterStack &stack : stacks)
      bySymbol[stack.symbol] = &stack;
    std::map<unsigned, const ParameterStack *> used; // in the order of declaration
    module->walk([&](ir::ReadOp read) {
      if (std::optional<unsigned> number = parameterNumber(read)) {
        read.setName(parameters[*number].path);
        used[*number] = nullptr;
      } else if (auto stack = bySymbol.find(read.getName()); stack != bySymbol.end()) {
        used[stack->second->members.front()] = stack->second;
      }
    });
    builder.setInsertionPointToStart(module->getBody());
    for (auto [number, stack] : used) {
      const EmittedParameter &first = parameters[number];
      Shape shape = first.dims;
      SmallVector<Attribute> names;
      if (stack)
        shape.insert(shape.begin(), Extent(int64_t(stack->members.size())));
      for (unsigned member : stack ? stack->members : std::vector<unsigned>{number})
        names.push_back(builder.getStringAttr(parameters[member].path));
      at(first.declared);
      SmallVector<NamedAttribute> attributes{
          attribute("sym_name", builder.getStringAttr(stack ? stack->symbol : first.path)),
          attribute("names", builder.getArrayAttr(names)),
          attribute("type", TypeAttr::get(tensorType({shape, ElementType::F32})))};
      if (stack)
        attributes.push_back(attribute("stacked", builder.getUnitAttr()));
      SmallVector<bool> frozen;
      for (unsigned member : stack ? stack->members : std::vector<unsigned>{number})
        frozen.push_back(parameters[member].frozen);
      if (llvm::is_contained(frozen, true))
        attributes.push_back(attribute("frozen", builder.getDenseBoolArrayAttr(frozen)));
      create("parameter", {}, {}, attributes);
    }
  }

  MLIRContext &context;
  const SourceManager &sources;
  OpBuilder builder;
  Location location;
  Span place;
  OwningOpRef<ModuleOp> module;
  func::FuncOp function;
  Operation *lastCheck = nullptr;
  std::vector<DictionaryAttr> arguments;
  std::vector<Loop> open;
  std::vector<Operation *> written;
};

} // namespace

std::unique_ptr<ModuleEmitter> ModuleEmitter::create(MLIRContext &context, const SourceManager &sources,
                                                     const std::string &model) {
  return std::make_unique<Builder>(context, sources, model);
}

} // namespace sinter::frontend

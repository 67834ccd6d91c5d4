// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See GraphDump.h.
#include "tools/sinter/GraphDump.h"

#include "codegen/plan/Cost.h"
#include "ir/kernel/Kernel.h"
#include "ir/sinter/Sinter.h"

#include "mlir/IR/AsmState.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

#include <nlohmann/json.hpp>

using namespace mlir;

namespace sinter::tool {
namespace {

using Json = nlohmann::ordered_json;

std::string shapeOf(Type type) {
  SmallVector<Dim> dims;
  Type element;
  std::string layout;
  if (auto tensor = dyn_cast<ir::TensorType>(type)) {
    dims = tensor.getShapeDims();
    element = tensor.getElementType();
  } else if (auto buffer = dyn_cast<ir::kernel::BufferType>(type)) {
    dims = buffer.getShapeDims();
    element = buffer.getElementType();
    layout = buffer.isPanels() ? " panels" : "";
  } else {
    return "";
  }
  std::string out = element.isF32() ? "[" : element.isBF16() ? "bf16[" : element.isF16() ? "f16[" : element.isInteger(1) ? "bool[" : "i32[";
  for (auto [i, dim] : llvm::enumerate(dims))
    out += (i ? ", " : "") + dim.str();
  return out + "]" + layout;
}

StringRef kindOf(StringRef name) {
  return llvm::StringSwitch<StringRef>(name)
      .Case("repeat", "repeat")
      .Case("contract", "contract")
      .Case("attention", "attention")
      .Cases({"row", "softmax", "layer_norm", "rms_norm", "sum", "max", "min", "argmax", "top_k", "cumsum"}, "row")
      .Cases({"gather", "pick"}, "gather")
      .Cases({"view", "move", "concat", "iota", "dim"}, "view")
      .Default("pointwise");
}

/// "add, mul, tanh": the scalar work in an op's regions, each once, in order; at most five.
std::string scalarWork(Operation *op) {
  SmallVector<StringRef> names;
  for (Region &region : op->getRegions())
    region.walk([&](Operation *inner) {
      StringRef name = inner->getName().stripDialect();
      StringRef dialect = inner->getName().getDialectNamespace();
      if ((dialect != "arith" && dialect != "math") || name == "constant" || name == "index_cast")
        return;
      if (dialect == "arith" && (name.ends_with("f") || name.ends_with("i")))
        name = name.drop_back();
      if (!llvm::is_contained(names, name))
        names.push_back(name);
    });
  std::string out;
  for (auto [i, name] : llvm::enumerate(names)) {
    if (i == 5)
      return out + ", …";
    out += (i ? ", " : "") + name.str();
  }
  return out;
}

std::string number(double value) {
  std::string text;
  llvm::raw_string_ostream(text) << llvm::format("%.9g", value);
  return text;
}

/// What a kernel without inputs writes: "constant 0", "index".
std::string filledWith(Operation *op) {
  std::string out;
  for (Region &region : op->getRegions())
    region.walk([&](Operation *inner) {
      if (isa<ir::kernel::IndexOp>(inner))
        out = "index";
      else if (auto constant = dyn_cast<arith::ConstantOp>(inner); constant && out.empty()) {
        if (auto value = dyn_cast<FloatAttr>(constant.getValue()))
          out = "constant " + number(value.getValueAsDouble());
        else if (auto value = dyn_cast<IntegerAttr>(constant.getValue()))
          out = "constant " + std::to_string(value.getValue().getSExtValue());
      }
    });
  return out;
}

/// Ops as text, whole, but for a loop's body. Values have the numbers of the whole function.
struct Printer {
  explicit Printer(Operation *function) : whole(function), head(function, OpPrintingFlags().skipRegions()) {}

  std::string operator()(Operation *op) {
    const size_t most = 6000;
    std::string text;
    llvm::raw_string_ostream stream(text);
    op->print(stream, isa<ir::RepeatOp, ir::kernel::RepeatOp>(op) ? head : whole);
    return text.size() > most ? text.substr(0, most) + "\n…" : text;
  }

  AsmState whole, head;
};

/// A parameter, a constant, or a view of one: its name; "" for what is computed.
std::string fixedName(Value value) {
  if (std::string weight = codegen::weightOf(value); !weight.empty())
    return weight;
  Operation *op = value.getDefiningOp();
  if (!op)
    return "";
  ArrayRef<double> values;
  if (auto constant = dyn_cast<ir::ConstantOp>(op))
    values = constant.getValues();
  else if (auto constant = dyn_cast<ir::kernel::ConstantOp>(op))
    values = constant.getValues();
  else if (isa<ir::ViewOp, ir::kernel::MoveOp>(op)) {
    std::string name = fixedName(op->getOperand(0));
    return name.empty() || StringRef(name).ends_with(", viewed") ? name : name + ", viewed";
  } else
    return "";
  return "constant " + (values.size() == 1 ? number(values.front()) : std::to_string(values.size()) + " numbers");
}

/// One block: its ops as nodes, its values as edges. Values from outside get a node of their own, once.
class Dumper {
public:
  Dumper(std::set<std::string> &lines, Printer &codeOf) : lines(lines), codeOf(codeOf) {}

  Json nodes = Json::array(), edges = Json::array();
  SmallVector<Value> captured; ///< computed outside of this block, in order of use

  unsigned addNode(StringRef kind, std::string title, std::string shape) {
    nodes.push_back({{"id", nodes.size()},
                     {"kind", kind.str()},
                     {"title", std::move(title)},
                     {"subtitle", ""},
                     {"shape", std::move(shape)},
                     {"lines", Json::array()},
                     {"reads", Json::array()},
                     {"code", ""}});
    return unsigned(nodes.size() - 1);
  }

  void define(Value value, unsigned node) { made[value] = node; }

  void connect(Value value, unsigned to) {
    if (std::string name = fixedName(value); !name.empty()) {
      nodes[to]["reads"].push_back({{"name", name}, {"shape", shapeOf(value.getType())}});
      return;
    }
    auto found = made.find(value);
    if (found == made.end()) {
      captured.push_back(value);
      found = made.try_emplace(value, addNode("input", "from outside", shapeOf(value.getType()))).first;
    }
    edges.push_back({found->second, to, shapeOf(value.getType())});
  }

  void addOps(Block &block) {
    for (Operation &op : block.without_terminator())
      if (op.getNumResults() && fixedName(op.getResult(0)).empty())
        addOp(&op);
  }

private:
  void addOp(Operation *op) {
    StringRef name = op->getName().stripDialect();
    std::string shapes;
    for (Value result : op->getResults())
      shapes += (shapes.empty() ? "" : ", ") + shapeOf(result.getType());
    std::string title = name.str(), epilogue = kindOf(name) == "contract" ? scalarWork(op) : "";
    if (!epilogue.empty())
      title += " + " + epilogue;
    unsigned id = addNode(kindOf(name), title, shapes);
    for (Value result : op->getResults())
      define(result, id);
    for (const std::string &line : codegen::linesOf(op)) {
      nodes[id]["lines"].push_back(line);
      lines.insert(line);
    }
    nodes[id]["code"] = codeOf(op);
    if (isa<ir::RepeatOp, ir::kernel::RepeatOp>(op))
      return addRepeat(op, id);
    for (Value operand : op->getOperands())
      connect(operand, id);
    nodes[id]["subtitle"] = subtitle(op, id);
    codegen::Cost cost = codegen::costOf(op);
    if (cost.bytes != Dim())
      nodes[id]["cost"] = {{"flops", (cost.products + cost.scalars).str()}, {"bytes", cost.bytes.str()}};
  }

  /// What tells alike ops apart: the weight of a matrix product, the scalar work of the others.
  std::string subtitle(Operation *op, unsigned id) {
    if (auto activation = op->getAttrOfType<StringAttr>("kind"))
      return activation.str();
    std::string work = scalarWork(op);
    const Json &reads = nodes[id]["reads"];
    if (work.empty() && op->getNumOperands() == 0)
      work = filledWith(op);
    if (kindOf(op->getName().stripDialect()) != "contract" && !work.empty())
      return work;
    for (const Json &read : reads)
      if (std::string name = read["name"]; !StringRef(name).starts_with("constant"))
        return name;
    return work;
  }

  void addRepeat(Operation *op, unsigned id) {
    Dumper body(lines, codeOf);
    Block &block = op->getRegion(0).front();
    size_t carried = 0;
    int64_t count = 0;
    if (auto repeat = dyn_cast<ir::RepeatOp>(op)) {
      carried = repeat.getCarried().size();
      count = int64_t(repeat.getCount());
    } else if (auto repeat = dyn_cast<ir::kernel::RepeatOp>(op)) {
      carried = repeat.getCarried().size();
      count = int64_t(repeat.getCount());
    }
    for (BlockArgument argument : block.getArguments())
      if (fixedName(argument).empty())
        body.define(argument,
                    body.addNode("input", argument.getArgNumber() < carried ? "from the last round" : "of this round",
                                 shapeOf(argument.getType())));
    body.addOps(block);
    for (auto [i, value] : llvm::enumerate(block.getTerminator()->getOperands()))
      body.connect(
          value, body.addNode("output", i < carried ? "to the next round" : "of this round", shapeOf(value.getType())));
    for (Value operand : op->getOperands())
      connect(operand, id);
    for (Value value : body.captured)
      connect(value, id);
    nodes[id]["count"] = count;
    nodes[id]["graph"] = {{"nodes", std::move(body.nodes)}, {"edges", std::move(body.edges)}};
  }

  std::set<std::string> &lines;
  Printer &codeOf;
  DenseMap<Value, unsigned> made;
};

std::string nameOf(Attribute attribute, StringRef otherwise) {
  auto name = dyn_cast_or_null<StringAttr>(attribute);
  return (name ? name.getValue() : otherwise).str();
}

} // namespace

Json dumpGraph(func::FuncOp function, std::set<std::string> &lines) {
  Printer printer(function);
  Dumper dumper(lines, printer);
  for (BlockArgument argument : function.getArguments())
    if (!argument.use_empty())
      dumper.define(argument,
                    dumper.addNode("input",
                                   nameOf(function.getArgAttr(argument.getArgNumber(), "sinter.name"), "argument"),
                                   shapeOf(argument.getType())));
  Block &block = function.getBody().front();
  dumper.addOps(block);
  for (auto [i, value] : llvm::enumerate(block.getTerminator()->getOperands()))
    dumper.connect(value, dumper.addNode("output", nameOf(function.getResultAttr(unsigned(i), "sinter.name"), "result"),
                                         shapeOf(value.getType())));
  return {{"nodes", std::move(dumper.nodes)}, {"edges", std::move(dumper.edges)}};
}

} // namespace sinter::tool

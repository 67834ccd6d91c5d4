// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The printer: two blanks a level, one item a line, parentheses only where the grammar needs them.
#include "frontend/syntax/Printer.h"

namespace sinter::frontend {

namespace {

/// Strength of a construct, as the grammar nests them; a weaker operand is put in parentheses.
enum Strength : unsigned {
  AnyExpr,
  OrExpr,
  AndExpr,
  NotExpr,
  CompareExpr,
  RangeExpr,
  SumExpr,
  TermExpr,
  PrefixExpr,
  PowerExpr,
  PostfixExpr
};

Strength strength(BinaryOp op) {
  switch (op) {
  case BinaryOp::Or:
    return OrExpr;
  case BinaryOp::And:
    return AndExpr;
  case BinaryOp::Range:
    return RangeExpr;
  case BinaryOp::Add:
  case BinaryOp::Subtract:
    return SumExpr;
  case BinaryOp::Multiply:
  case BinaryOp::Divide:
  case BinaryOp::FloorDivide:
  case BinaryOp::Modulo:
  case BinaryOp::MatMul:
    return TermExpr;
  case BinaryOp::Power:
    return PowerExpr;
  default:
    return CompareExpr;
  }
}

Strength strength(const Expr &expr) {
  if (const auto *node = expr.as<BinaryExpr>())
    return strength(node->op);
  if (const auto *node = expr.as<UnaryExpr>())
    return node->op == UnaryOp::Not ? NotExpr : PrefixExpr;
  return expr.is<ConditionalExpr>() ? AnyExpr : PostfixExpr;
}

class Printer {
public:
  std::string out;

  void file(const File &file) {
    for (size_t i = 0; i < file.decls.size(); ++i) {
      if (i && !(file.decls[i].is<Import>() && file.decls[i - 1].is<Import>()))
        out += '\n';
      decl(file.decls[i]);
    }
  }

  void expr(const Expr &e, Strength least = AnyExpr) {
    bool parens = strength(e) < least;
    if (parens)
      out += '(';
    std::visit([&](const auto &node) { show(node); }, e.node);
    if (parens)
      out += ')';
  }

  void type(const HyperType &t) {
    switch (t.kind) {
    case HyperType::Kind::Int:
      out += "int";
      break;
    case HyperType::Kind::Float:
      out += "float";
      break;
    case HyperType::Kind::Bool:
      out += "bool";
      break;
    case HyperType::Kind::Str:
      out += "str";
      break;
    case HyperType::Kind::Module:
      out += "module";
      break;
    case HyperType::Kind::Config:
      out += t.config.text;
      break;
    case HyperType::Kind::List:
      out += '[';
      type(*t.element);
      out += ']';
    }
    if (t.optional)
      out += '?';
  }

  void type(const Type &t) {
    if (const HyperType *hyper = t.hyper())
      return type(*hyper);
    const TensorType &tensor = *t.tensor();
    out += tensor.element == ElementType::F32 ? "f32" : tensor.element == ElementType::I32 ? "i32" : "bool";
    dims(tensor.dims);
  }

private:
  template <typename List, typename F> void comma(const List &list, F &&one) {
    bool first = true;
    for (const auto &item : list) {
      if (!first)
        out += ", ";
      first = false;
      one(item);
    }
  }

  // Expressions.
  void show(const IntLiteral &node) { out += std::to_string(node.value); }
  void show(const FloatLiteral &node) { out += node.spelling; }
  void show(const StringLiteral &node) { string(node.value); }
  void show(const BoolLiteral &node) { out += node.value ? "true" : "false"; }
  void show(const NoneLiteral &) { out += "none"; }
  void show(const NameRef &node) { out += node.name; }
  void show(const ListExpr &node) {
    out += '[';
    comma(node.elements, [&](const ExprPtr &e) { expr(*e); });
    out += ']';
  }
  void show(const Comprehension &node) {
    out += '[';
    expr(*node.element);
    out += " for " + node.variable.text + " in ";
    expr(*node.range);
    out += ']';
  }
  void show(const UnaryExpr &node) {
    out += node.op == UnaryOp::Not ? "not " : "-";
    expr(*node.operand, node.op == UnaryOp::Not ? NotExpr : PrefixExpr);
  }
  void show(const BinaryExpr &node) {
    Strength own = strength(node.op);
    bool chains = own != CompareExpr && own != RangeExpr;
    bool power = own == PowerExpr;
    auto above = static_cast<Strength>(own + 1);
    expr(*node.lhs, power || !chains ? above : own);
    if (own == RangeExpr)
      out += "..";
    else
      out += std::string(" ") + spelling(node.op) + " ";
    expr(*node.rhs, power ? PrefixExpr : above);
  }
  void show(const ConditionalExpr &node) {
    out += "if ";
    expr(*node.condition);
    out += " then ";
    expr(*node.thenValue);
    out += " else ";
    expr(*node.elseValue);
  }
  void show(const CallExpr &node) {
    expr(*node.callee, PostfixExpr);
    out += '(';
    comma(node.arguments, [&](const Argument &argument) {
      if (argument.name)
        out += argument.name->text + " = ";
      expr(*argument.value);
    });
    out += ')';
  }
  void show(const IndexExpr &node) {
    expr(*node.base, PostfixExpr);
    out += '[';
    comma(node.items, [&](const IndexItem &item) {
      switch (item.kind) {
      case IndexItem::Kind::NewAxis:
        out += "None";
        return;
      case IndexItem::Kind::Ellipsis:
        out += "...";
        return;
      case IndexItem::Kind::At:
        expr(*item.first);
        return;
      case IndexItem::Kind::Slice:
        if (item.first)
          expr(*item.first);
        out += ':';
        if (item.second)
          expr(*item.second);
      }
    });
    out += ']';
  }
  void show(const MemberExpr &node) {
    expr(*node.base, PostfixExpr);
    out += '.' + node.member.text;
  }

  void string(const std::string &value) {
    out += '"';
    for (char c : value) {
      if (c == '"' || c == '\\')
        out += '\\';
      if (c == '\n')
        out += "\\n";
      else
        out += c;
    }
    out += '"';
  }

  void dims(const std::vector<Dim> &list) {
    out += '[';
    comma(list, [&](const Dim &dim) {
      if (dim.isRest())
        out += "...";
      else
        expr(*dim.expr);
    });
    out += ']';
  }

  // Declarations.
  void line() { out.append(2 * level, ' '); }

  void doc(const std::string &text) {
    for (size_t at = 0; !text.empty() && at <= text.size();) {
      size_t end = std::min(text.find('\n', at), text.size());
      line();
      out += end == at ? "##" : "## " + text.substr(at, end - at);
      out += '\n';
      at = end + 1;
    }
  }

  template <typename List, typename F> void block(const List &list, F &&one) {
    if (list.empty()) {
      out += "{}";
      return;
    }
    out += "{\n";
    ++level;
    for (const auto &item : list) {
      one(item);
      out += '\n';
    }
    --level;
    line();
    out += '}';
  }

  void assigned(const ExprPtr &value) {
    if (!value)
      return;
    out += " = ";
    expr(*value);
  }

  void outside(const OutsideNames &names) {
    const char *before = " as ";
    for (const ExprPtr &name : names.alternatives) {
      out += before;
      bool plain = name->is<StringLiteral>();
      out += plain ? "" : "(";
      expr(*name);
      out += plain ? "" : ")";
      before = " | ";
    }
  }

  void hyperParams(const std::vector<HyperParam> &list) {
    out += '(';
    comma(list, [&](const HyperParam &param) {
      out += param.name.text + ": ";
      type(param.type);
      assigned(param.defaultValue);
    });
    out += ')';
  }

  void arg(const Arg &a) {
    out += a.name.text + ": ";
    type(a.type);
    assigned(a.defaultValue);
  }

  void decl(const Decl &d) {
    doc(d.doc);
    std::visit([&](const auto &node) { show(node); }, d.node);
    out += '\n';
  }

  void show(const Import &node) {
    out += "import ";
    comma(node.names, [&](const Ident &name) { out += name.text; });
    out += " from ";
    string(node.path);
  }
  void show(const Value &node) {
    out += node.name.text;
    assigned(node.value);
  }
  void show(const Config &node) {
    out += "config " + node.name.text + (node.parent ? " : " + node.parent->text : "") + " ";
    members(node.members);
  }
  void show(const Module &node) {
    out += (node.isModel ? "model " : "module ") + node.name.text;
    hyperParams(node.params);
    outside(node.outside);
    out += ' ';
    members(node.members);
  }
  void show(const ModelAlias &node) {
    out += "model " + node.name.text + " = " + node.base.text + "(" + node.config.text + ")";
    if (!node.variants.empty())
      out += " with ";
    comma(node.variants, [&](const ExprPtr &call) { expr(*call); });
  }
  void show(const Variant &node) {
    out += "variant " + node.name.text;
    hyperParams(node.params);
    out += ' ';
    members(node.edits);
  }
  void show(const Function &node) {
    out += "fn " + node.name.text + "(";
    comma(node.args, [&](const Arg &a) { arg(a); });
    out += ") -> ";
    if (node.namedResults) {
      out += '(';
      comma(node.results, [&](const Arg &a) { arg(a); });
      out += ')';
    } else {
      type(node.results.front().type);
    }
    if (node.causal)
      out += " causal " + node.causal->text;
    out += ' ';
    statements(node.body);
  }

  // Members.
  void members(const std::vector<Member> &list) {
    block(list, [&](const Member &m) {
      doc(m.doc);
      line();
      std::visit([&](const auto &node) { show(node); }, m.node);
    });
  }
  void show(const Field &node) {
    out += node.name.text + ": ";
    type(node.type);
    assigned(node.defaultValue);
    outside(node.outside);
  }
  void show(const Param &node) {
    out += node.name.text + ": param";
    dims(node.dims);
    assigned(node.initializer);
    outside(node.outside);
  }
  void show(const Sub &node) {
    out += node.name.text + ": ";
    expr(*node.value);
    outside(node.outside);
  }
  void show(const Input &node) {
    out += "input ";
    arg(node.arg);
  }
  void show(const Tie &node) {
    out += "tie ";
    expr(*node.lhs, PostfixExpr);
    out += " = ";
    expr(*node.rhs, PostfixExpr);
  }
  void show(const Ignore &node) {
    out += "ignore ";
    comma(node.globs, [&](const ExprPtr &e) { expr(*e); });
  }
  void show(const Check &node) {
    out += "check ";
    expr(*node.condition);
    out += ", ";
    string(node.message);
  }
  void show(const Edit &node) {
    static const char *const words[] = {"replace ", "freeze ", "init ", "quantize "};
    out += words[static_cast<unsigned>(node.kind)];
    expr(*node.glob);
    if (!node.operand)
      return;
    out += node.kind == Edit::Kind::Freeze ? " except " : " with ";
    expr(*node.operand);
  }
  void show(const MemberChoice &node) {
    out += "if ";
    expr(*node.condition);
    out += ' ';
    members(node.thenMembers);
    if (node.elseMembers.empty())
      return;
    out += " else ";
    const Member &only = node.elseMembers.front();
    if (node.elseMembers.size() == 1 && only.as<MemberChoice>() && only.doc.empty())
      show(*only.as<MemberChoice>());
    else
      members(node.elseMembers);
  }

  // Statements.
  void statements(const std::vector<Stmt> &list) {
    block(list, [&](const Stmt &s) {
      line();
      std::visit([&](const auto &node) { show(node); }, s.node);
    });
  }
  void show(const Assign &node) {
    comma(node.names, [&](const Ident &name) { out += name.text; });
    assigned(node.value);
  }
  void show(const Return &node) {
    out += "return ";
    comma(node.values, [&](const ExprPtr &e) { expr(*e); });
  }
  void show(const For &node) {
    out += "for " + node.variable.text + " in ";
    expr(*node.range);
    out += ' ';
    statements(node.body);
  }
  void show(const StmtChoice &node) {
    out += "if ";
    expr(*node.condition);
    out += ' ';
    statements(node.thenBody);
    if (node.elseBody.empty())
      return;
    out += " else ";
    const Stmt &only = node.elseBody.front();
    if (node.elseBody.size() == 1 && only.as<StmtChoice>())
      show(*only.as<StmtChoice>());
    else
      statements(node.elseBody);
  }

  unsigned level = 0;
};

} // namespace

std::string print(const File &file) {
  Printer printer;
  printer.file(file);
  return std::move(printer.out);
}

std::string toString(const Expr &expr) {
  Printer printer;
  printer.expr(expr);
  return std::move(printer.out);
}

std::string toString(const HyperType &type) {
  Printer printer;
  printer.type(type);
  return std::move(printer.out);
}

std::string toString(const Type &type) {
  Printer printer;
  printer.type(type);
  return std::move(printer.out);
}

const char *spelling(BinaryOp op) {
  switch (op) {
  case BinaryOp::Or:
    return "or";
  case BinaryOp::And:
    return "and";
  case BinaryOp::Equal:
    return "==";
  case BinaryOp::NotEqual:
    return "!=";
  case BinaryOp::Less:
    return "<";
  case BinaryOp::LessEqual:
    return "<=";
  case BinaryOp::Greater:
    return ">";
  case BinaryOp::GreaterEqual:
    return ">=";
  case BinaryOp::In:
    return "in";
  case BinaryOp::Range:
    return "..";
  case BinaryOp::Add:
    return "+";
  case BinaryOp::Subtract:
    return "-";
  case BinaryOp::Multiply:
    return "*";
  case BinaryOp::Divide:
    return "/";
  case BinaryOp::FloorDivide:
    return "//";
  case BinaryOp::Modulo:
    return "%";
  case BinaryOp::MatMul:
    return "@";
  case BinaryOp::Power:
    return "**";
  }
  return "?";
}

const Ident *Decl::name() const {
  return std::visit(
      [](const auto &node) -> const Ident * {
        if constexpr (std::is_same_v<std::decay_t<decltype(node)>, Import>)
          return nullptr;
        else
          return &node.name;
      },
      node);
}

} // namespace sinter::frontend

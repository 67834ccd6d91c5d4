// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The syntax tree of a .sinter text, exactly as the grammar of docs/language.md says.
// The parser makes it, the resolver checks its names, elaboration evaluates it. Plain structs:
// every node has a Span, owns its children, and is walked with std::visit or `as<T>()`.
#ifndef SINTER_FRONTEND_SYNTAX_AST_H
#define SINTER_FRONTEND_SYNTAX_AST_H

#include "frontend/syntax/SourceManager.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace sinter::frontend {

/// An identifier where it is declared or named. Capitals are declared things and dimensions.
struct Ident {
  std::string text;
  Span span;
};

// ----------------------------------------------------------------- expressions

struct Expr;
/// Null only where a comment says so.
using ExprPtr = std::unique_ptr<Expr>;

struct IntLiteral {
  int64_t value;
};
struct FloatLiteral {
  double value;
  std::string spelling;
};
/// `value` has its escapes resolved; `{…}` is kept as written (globs and checks read it).
struct StringLiteral {
  std::string value;
};
struct BoolLiteral {
  bool value;
};
struct NoneLiteral {};
struct NameRef {
  std::string name;
};
struct ListExpr {
  std::vector<ExprPtr> elements;
};
/// [element for variable in range]
struct Comprehension {
  ExprPtr element;
  Ident variable;
  ExprPtr range;
};

enum class UnaryOp : uint8_t { Negate, Not };
struct UnaryExpr {
  UnaryOp op;
  ExprPtr operand;
};

enum class BinaryOp : uint8_t {
  Or,
  And,
  Equal,
  NotEqual,
  Less,
  LessEqual,
  Greater,
  GreaterEqual,
  In,
  Range,
  Add,
  Subtract,
  Multiply,
  Divide,
  FloorDivide,
  Modulo,
  MatMul,
  Power
};
struct BinaryExpr {
  BinaryOp op;
  Span opSpan;
  ExprPtr lhs;
  ExprPtr rhs;
};
/// if condition then thenValue else elseValue
struct ConditionalExpr {
  ExprPtr condition;
  ExprPtr thenValue;
  ExprPtr elseValue;
};
struct Argument {
  std::optional<Ident> name; ///< set for `name = value`
  ExprPtr value;
};
struct CallExpr {
  ExprPtr callee;
  std::vector<Argument> arguments;
};
struct IndexItem {
  enum class Kind : uint8_t { At, Slice, NewAxis, Ellipsis };
  Kind kind;
  Span span;
  ExprPtr first;  ///< At: the index; Slice: begin or null
  ExprPtr second; ///< Slice: end or null
};
struct IndexExpr {
  ExprPtr base;
  std::vector<IndexItem> items;
};
/// base.member; `.T` on a tensor is a transpose, which only elaboration can tell.
struct MemberExpr {
  ExprPtr base;
  Ident member;
};

struct Expr {
  using Node = std::variant<IntLiteral, FloatLiteral, StringLiteral, BoolLiteral, NoneLiteral, NameRef, ListExpr,
                            Comprehension, UnaryExpr, BinaryExpr, ConditionalExpr, CallExpr, IndexExpr, MemberExpr>;
  Node node;
  Span span;
  /// Height of the tree below, so that walks over hostile texts stay within maxDepth.
  uint32_t depth = 1;

  static constexpr uint32_t maxDepth = 512;

  template <typename T> const T *as() const { return std::get_if<T>(&node); }
  template <typename T> bool is() const { return std::holds_alternative<T>(node); }
};

/// "==" for BinaryOp::Equal and so on, as written in the text.
const char *spelling(BinaryOp op);

// ----------------------------------------------------------------- types

/// The type of a compile-time value.
struct HyperType {
  enum class Kind : uint8_t { Int, Float, Bool, Str, Module, Config, List };
  Kind kind = Kind::Int;
  bool optional = false;              ///< written with `?`
  Ident config;                       ///< Kind::Config: its name
  std::unique_ptr<HyperType> element; ///< Kind::List
  Span span;
};

enum class ElementType : uint8_t { F32, I32, Bool };

/// One entry of `[B, T, …]`; `...` has a null expr.
struct Dim {
  ExprPtr expr;
  Span span;
  bool isRest() const { return !expr; }
};
struct TensorType {
  ElementType element;
  std::vector<Dim> dims;
};
struct Type {
  std::variant<HyperType, TensorType> node;
  Span span;
  const TensorType *tensor() const { return std::get_if<TensorType>(&node); }
  const HyperType *hyper() const { return std::get_if<HyperType>(&node); }
};

/// Prints as in a text: `[int]?`, `f32[B, T, c.d]`.
std::string toString(const HyperType &type);
std::string toString(const Type &type);
std::string toString(const Expr &expr);

// ----------------------------------------------------------------- parts of declarations

/// `as "a" | "b"`: outside names, best first; each is a compile-time string. Empty: not written.
struct OutsideNames {
  std::vector<ExprPtr> alternatives;
  Span span;
  bool empty() const { return alternatives.empty(); }
};

/// A hyperparameter of a module or variant.
struct HyperParam {
  Ident name;
  HyperType type;
  ExprPtr defaultValue; ///< may be null
  Span span;
};

/// An argument, an `input`, or a named result (then without default).
struct Arg {
  Ident name;
  Type type;
  ExprPtr defaultValue; ///< may be null
  Span span;
};

/// A check's message cut at its `{expr}` places: text, then the value of expr if not null.
struct MessagePiece {
  std::string text;
  ExprPtr expr; ///< may be null (last piece)
};
struct Check {
  ExprPtr condition;
  Span messageSpan;
  std::string message; ///< as written, escapes resolved
  std::vector<MessagePiece> pieces;
};

// ----------------------------------------------------------------- statements

struct Stmt;

struct Assign {
  std::vector<Ident> names;
  ExprPtr value;
};
struct Return {
  std::vector<ExprPtr> values;
};
struct For {
  Ident variable;
  ExprPtr range;
  std::vector<Stmt> body;
};
struct StmtChoice {
  ExprPtr condition;
  std::vector<Stmt> thenBody;
  std::vector<Stmt> elseBody; ///< `else if` is one StmtChoice in here
};
struct Stmt {
  std::variant<Assign, Return, Check, For, StmtChoice> node;
  Span span;
  template <typename T> const T *as() const { return std::get_if<T>(&node); }
};

struct Function {
  Ident name;
  std::vector<Arg> args;
  /// A single unnamed result is called "out" and has `namedResults == false`.
  std::vector<Arg> results;
  bool namedResults = false;
  std::optional<Ident> causal; ///< the dimension after `causal`
  std::vector<Stmt> body;
  Span signatureSpan; ///< from `fn` to the opening brace
};

// ----------------------------------------------------------------- members

struct Member;

struct Value {
  Ident name;
  ExprPtr value;
};
/// A field of a config.
struct Field {
  Ident name;
  HyperType type;
  ExprPtr defaultValue; ///< may be null
  OutsideNames outside;
};
struct Param {
  Ident name;
  std::vector<Dim> dims;
  ExprPtr initializer; ///< may be null
  OutsideNames outside;
};
/// An instance or a list of instances.
struct Sub {
  Ident name;
  ExprPtr value;
  OutsideNames outside;
};
struct Input {
  Arg arg;
};
struct Tie {
  ExprPtr lhs;
  ExprPtr rhs;
};
struct Ignore {
  std::vector<ExprPtr> globs;
};
struct Edit {
  enum class Kind : uint8_t { Replace, Freeze, Init, Quantize };
  Kind kind;
  ExprPtr glob;
  ExprPtr operand; ///< Replace: a call; Freeze: the `except` glob or null; else the value
};
struct MemberChoice {
  ExprPtr condition;
  std::vector<Member> thenMembers;
  std::vector<Member> elseMembers; ///< `else if` is one MemberChoice in here
};

/// A member of a config (Field, Value, Check, Ignore, MemberChoice), of a module (all but Field)
/// or of a variant (Edit, MemberChoice). The parser admits no other.
struct Member {
  std::variant<Value, Field, Param, Sub, Input, Tie, Ignore, Check, Edit, Function, MemberChoice> node;
  Span span;
  std::string doc; ///< text of the `##` lines before it
  template <typename T> const T *as() const { return std::get_if<T>(&node); }
};

// ----------------------------------------------------------------- declarations

struct Import {
  std::vector<Ident> names;
  std::string path;
  Span pathSpan;
};
struct Config {
  Ident name;
  std::optional<Ident> parent;
  std::vector<Member> members;
};
/// `module` or `model`.
struct Module {
  bool isModel = false;
  Ident name;
  std::vector<HyperParam> params;
  OutsideNames outside;
  std::vector<Member> members;
};
/// model name = base(config) with variants
struct ModelAlias {
  Ident name;
  Ident base;
  Ident config;
  std::vector<ExprPtr> variants; ///< each a CallExpr
};
struct Variant {
  Ident name;
  std::vector<HyperParam> params;
  std::vector<Member> edits;
};

struct Decl {
  std::variant<Import, Value, Config, Module, ModelAlias, Variant, Function> node;
  Span span;
  std::string doc;
  /// A syntax error fell inside: parts may be missing or null. Never reaches elaboration.
  bool broken = false;
  template <typename T> const T *as() const { return std::get_if<T>(&node); }
  template <typename T> bool is() const { return std::holds_alternative<T>(node); }
  /// The declared name; null for an import.
  const Ident *name() const;
};

/// One parsed text.
struct File {
  FileId id = noFile;
  std::vector<Decl> decls;
};

} // namespace sinter::frontend

#endif

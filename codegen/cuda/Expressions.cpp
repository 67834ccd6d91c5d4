// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The tables behind Expressions.h: what each op, comparison and dimension is in CUDA C++.
#include "codegen/cuda/Expressions.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Format.h"
#include <cmath>

using namespace mlir;

namespace sinter::cuda {

std::string registerType(Type type) { return type.isF32() ? "float" : type.isInteger(32) ? "int" : "bool"; }
std::string memoryType(Type type) { return type.isInteger(1) ? "unsigned char" : registerType(type); }

std::string symbolName(StringRef symbol) {
  std::string name = symbol.str();
  for (char &c : name)
    if (!llvm::isAlnum(c))
      c = '_';
  // Lower case belongs to the kernel's own names and to C++'s keywords.
  return llvm::isLower(name.front()) ? name + "_" : name;
}

//===-- Dimensions and maps --===//

/// A symbol, or `floordiv(a, b)`, `min(a, b)` in canonical text.
static std::string atomText(StringRef atom) {
  StringRef rest = atom;
  bool isMin = rest.consume_front("min(");
  if (!(isMin || rest.consume_front("floordiv(")) || !rest.consume_back(")"))
    return symbolName(atom);
  int depth = 0;
  size_t comma = 0;
  for (size_t i = 0; i < rest.size() && !comma; ++i) {
    depth += rest[i] == '(' ? 1 : rest[i] == ')' ? -1 : 0;
    if (depth == 0 && rest[i] == ',')
      comma = i;
  }
  std::optional<Dim> left = Dim::parse(rest.take_front(comma).trim()),
                     right = Dim::parse(rest.drop_front(comma + 1).trim());
  assert(left && right && "a canonical atom has two dimensions");
  std::string a = dimText(*left, true), b = dimText(*right, true);
  return isMin ? "(" + a + " < " + b + " ? " + a + " : " + b + ")" : "(" + a + " / " + b + ")";
}

std::string dimText(const Dim &dim, bool isFactor) {
  std::string text;
  for (const auto &[monomial, coefficient] : llvm::reverse(dim.getTerms())) {
    std::string term;
    if (coefficient != 1 || monomial.empty())
      term = std::to_string(coefficient);
    for (const std::string &atom : monomial)
      term += (term.empty() ? "" : " * ") + atomText(atom);
    text += (text.empty() ? "" : " + ") + term;
  }
  if (text.empty())
    return "0";
  return isFactor && text.find(' ') != std::string::npos ? "(" + text + ")" : text;
}

static bool isNonNegative(AffineExpr expr, ArrayRef<Dim> symbols) {
  if (auto number = dyn_cast<AffineConstantExpr>(expr))
    return number.getValue() >= 0;
  if (auto symbol = dyn_cast<AffineSymbolExpr>(expr))
    return llvm::all_of(symbols[symbol.getPosition()].getTerms(), [](const auto &term) { return term.second >= 0; });
  if (auto binary = dyn_cast<AffineBinaryOpExpr>(expr))
    return isNonNegative(binary.getLHS(), symbols) && isNonNegative(binary.getRHS(), symbols);
  return true;
}

/// Whether `text` is one name, number, call or parenthesis.
static bool isAtomic(StringRef text) {
  int depth = 0;
  for (char c : text) {
    depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    if (c == ' ' && depth == 0)
      return false;
  }
  return true;
}

static std::string factorText(AffineExpr expr, ArrayRef<Dim> symbols) {
  std::string text = indexText(expr, symbols);
  return isAtomic(text) ? text : "(" + text + ")";
}

/// -expr for a negative constant or a product with one: what `a - ...` is written with.
static AffineExpr negated(AffineExpr expr) {
  if (auto number = dyn_cast<AffineConstantExpr>(expr); number && number.getValue() < 0)
    return getAffineConstantExpr(-number.getValue(), expr.getContext());
  auto binary = dyn_cast<AffineBinaryOpExpr>(expr);
  if (binary && expr.getKind() == AffineExprKind::Mul)
    if (AffineExpr factor = negated(binary.getRHS()))
      return binary.getLHS() * factor;
  return AffineExpr();
}

std::string indexText(AffineExpr expr, ArrayRef<Dim> symbols) {
  if (auto number = dyn_cast<AffineConstantExpr>(expr))
    return std::to_string(number.getValue());
  if (auto axis = dyn_cast<AffineDimExpr>(expr))
    return "d" + std::to_string(axis.getPosition());
  if (auto symbol = dyn_cast<AffineSymbolExpr>(expr))
    return dimText(symbols[symbol.getPosition()], true);
  auto binary = cast<AffineBinaryOpExpr>(expr);
  AffineExpr left = binary.getLHS(), right = binary.getRHS();
  if (expr.getKind() == AffineExprKind::Add) {
    if (AffineExpr less = negated(right))
      return indexText(left, symbols) + " - " + factorText(less, symbols);
    return indexText(left, symbols) + " + " + indexText(right, symbols);
  }
  std::string a = factorText(left, symbols), b = factorText(right, symbols);
  if (expr.getKind() == AffineExprKind::Mul)
    return a + " * " + b;
  if (expr.getKind() == AffineExprKind::CeilDiv)
    return "floorDiv(" + a + " + " + b + " - 1, " + b + ")";
  bool isMod = expr.getKind() == AffineExprKind::Mod;
  if (isNonNegative(left, symbols))
    return "(" + a + (isMod ? " % " : " / ") + b + ")";
  return (isMod ? "floorMod(" : "floorDiv(") + indexText(left, symbols) + ", " + b + ")";
}

//===-- Ops --===//

/// {0}, {1}, {2}: the operands.
static const llvm::StringMap<StringRef> &formats() {
  static const llvm::StringMap<StringRef> table = {
      {"arith.addf", "{0} + {1}"},
      {"arith.subf", "{0} - {1}"},
      {"arith.mulf", "{0} * {1}"},
      {"arith.divf", "{0} / {1}"},
      {"arith.negf", "-{0}"},
      {"arith.maximumf", "{0} > {1} || {0} != {0} ? {0} : {1}"},
      {"arith.minimumf", "{0} < {1} || {0} != {0} ? {0} : {1}"},
      {"arith.addi", "(int)((unsigned){0} + (unsigned){1})"},
      {"arith.subi", "(int)((unsigned){0} - (unsigned){1})"},
      {"arith.muli", "(int)((unsigned){0} * (unsigned){1})"},
      {"arith.maxsi", "{0} > {1} ? {0} : {1}"},
      {"arith.minsi", "{0} < {1} ? {0} : {1}"},
      // Division by zero is 0 and by -1 wraps, as everywhere in the house.
      {"arith.divsi", "{1} == 0 ? 0 : {1} == -1 ? (int)(0u - (unsigned){0}) : {0} / {1}"},
      {"arith.floordivsi",
       "{1} == 0 ? 0 : {1} == -1 ? (int)(0u - (unsigned){0}) : {0} / {1} - ({0} % {1} != 0 && ({0} < 0) != ({1} < 0))"},
      {"arith.remsi", "{1} == 0 ? {0} : {1} == -1 ? 0 : {0} % {1}"},
      {"arith.andi", "{0} & {1}"},
      {"arith.ori", "{0} | {1}"},
      {"arith.xori", "{0} ^ {1}"},
      {"arith.select", "{0} ? {1} : {2}"},
      {"arith.sitofp", "(float){0}"},
      {"arith.uitofp", "(float){0}"},
      {"arith.extui", "(int){0}"},
      {"arith.fptosi", "toInt({0})"},
      {"math.exp", "sinterExp({0})"},
      {"math.exp2", "sinterExp2({0})"},
      {"math.log", "sinterLog({0})"},
      {"math.sqrt", "sqrtf({0})"},
      {"math.rsqrt", "1.0f / sqrtf({0})"},
      {"math.erf", "sinterErf({0})"},
      {"math.tanh", "sinterTanh({0})"},
      {"math.sin", "sinf({0})"},
      {"math.cos", "cosf({0})"},
      {"math.floor", "floorf({0})"},
      {"math.ceil", "ceilf({0})"},
      {"math.absf", "fabsf({0})"},
      {"math.absi", "{0} < 0 ? (int)(0u - (unsigned){0}) : {0}"},
      {"math.powf", "powf({0}, {1})"},
      {"math.fma", "fmaf({0}, {1}, {2})"},
      {"math.copysign", "copysignf({0}, {1})"},
  };
  return table;
}

static StringRef compareFormat(arith::CmpFPredicate predicate) {
  switch (predicate) {
  case arith::CmpFPredicate::OEQ:
    return "{0} == {1}";
  case arith::CmpFPredicate::OGT:
    return "{0} > {1}";
  case arith::CmpFPredicate::OGE:
    return "{0} >= {1}";
  case arith::CmpFPredicate::OLT:
    return "{0} < {1}";
  case arith::CmpFPredicate::OLE:
    return "{0} <= {1}";
  case arith::CmpFPredicate::ONE:
    return "{0} < {1} || {0} > {1}";
  case arith::CmpFPredicate::ORD:
    return "{0} == {0} && {1} == {1}";
  case arith::CmpFPredicate::UEQ:
    return "!({0} < {1} || {0} > {1})";
  case arith::CmpFPredicate::UGT:
    return "!({0} <= {1})";
  case arith::CmpFPredicate::UGE:
    return "!({0} < {1})";
  case arith::CmpFPredicate::ULT:
    return "!({0} >= {1})";
  case arith::CmpFPredicate::ULE:
    return "!({0} > {1})";
  case arith::CmpFPredicate::UNE:
    return "{0} != {1}";
  case arith::CmpFPredicate::UNO:
    return "{0} != {0} || {1} != {1}";
  case arith::CmpFPredicate::AlwaysTrue:
    return "true";
  case arith::CmpFPredicate::AlwaysFalse:
    return "false";
  }
  return "";
}

static StringRef compareFormat(arith::CmpIPredicate predicate) {
  switch (predicate) {
  case arith::CmpIPredicate::eq:
    return "{0} == {1}";
  case arith::CmpIPredicate::ne:
    return "{0} != {1}";
  case arith::CmpIPredicate::slt:
    return "{0} < {1}";
  case arith::CmpIPredicate::sle:
    return "{0} <= {1}";
  case arith::CmpIPredicate::sgt:
    return "{0} > {1}";
  case arith::CmpIPredicate::sge:
    return "{0} >= {1}";
  case arith::CmpIPredicate::ult:
    return "(unsigned){0} < (unsigned){1}";
  case arith::CmpIPredicate::ule:
    return "(unsigned){0} <= (unsigned){1}";
  case arith::CmpIPredicate::ugt:
    return "(unsigned){0} > (unsigned){1}";
  case arith::CmpIPredicate::uge:
    return "(unsigned){0} >= (unsigned){1}";
  }
  return "";
}

/// The shortest decimal that reads back as the same f32.
static std::string floatText(float value) {
  if (std::isnan(value))
    return "__int_as_float(0x7fc00000)";
  if (std::isinf(value))
    return value < 0 ? "-__int_as_float(0x7f800000)" : "__int_as_float(0x7f800000)";
  std::string text;
  for (int digits = 1; digits <= 9; ++digits) {
    text.clear();
    llvm::raw_string_ostream(text) << llvm::format("%.*g", digits, double(value));
    if (std::strtof(text.c_str(), nullptr) == value)
      break;
  }
  if (text.find_first_of(".e") == std::string::npos)
    text += ".0";
  return text + "f";
}

static std::string constantText(Attribute value) {
  if (auto number = dyn_cast<FloatAttr>(value))
    return floatText(number.getValue().convertToFloat());
  auto number = cast<IntegerAttr>(value);
  if (number.getType().isInteger(1))
    return number.getValue().isZero() ? "false" : "true";
  int32_t whole = number.getValue().getSExtValue();
  return whole == INT32_MIN ? "(-2147483647 - 1)" : std::to_string(whole);
}

std::string opText(Operation &op, ArrayRef<std::string> operands) {
  if (auto constant = dyn_cast<arith::ConstantOp>(op))
    return constantText(constant.getValue());
  if (auto index = dyn_cast<ir::kernel::IndexOp>(op))
    return "(int)d" + std::to_string(index.getAxis());
  if (auto size = dyn_cast<ir::kernel::SizeOp>(op))
    return "(" + registerType(size.getType()) + ")" + dimText(size.getDim().getDim(), true);
  StringRef format = formats().lookup(op.getName().getStringRef());
  if (auto compare = dyn_cast<arith::CmpFOp>(op))
    format = compareFormat(compare.getPredicate());
  if (auto compare = dyn_cast<arith::CmpIOp>(op))
    format = compareFormat(compare.getPredicate());
  std::string text;
  for (size_t i = 0; i < format.size(); ++i) {
    if (format[i] == '{') {
      text += operands[format[i + 1] - '0'];
      i += 2;
    } else {
      text += format[i];
    }
  }
  return text;
}

} // namespace sinter::cuda

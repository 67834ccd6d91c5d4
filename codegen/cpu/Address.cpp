// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Index maps to addresses. A map and the strides of its buffer become one offset; along the lane axis the 16 elements
// are the same one, consecutive, or scattered, and are loaded as a broadcast, as a vector, or one after another.
#include "codegen/cpu/Emit.h"

using namespace mlir;
using sinter::ir::kernel::BufferType;
using sinter::ir::kernel::panelWidth;

namespace sinter::cpu {

//===-- Buffers --===//

Value Emitter::pointer(unsigned operand) { return pointers[operand]; }

Access Emitter::access(unsigned operand, BufferType type, ir::IndexMapAttr map) {
  return access(operand, type, map.getMap(), ir::toDims(map.getSymbols()));
}

Access Emitter::access(unsigned operand, BufferType type, AffineMap map, ArrayRef<Dim> symbols) {
  Access result{pointer(operand), type.getElementType(), map, SmallVector<Dim>(symbols), {}};
  SmallVector<Dim> dims = type.getShapeDims();
  if (type.isPanels()) {
    // [..., N, K] at (n, k) is [..., N/16, K, 16] at (n / 16, k, n % 16).
    SmallVector<AffineExpr> index(map.getResults());
    AffineExpr n = index[index.size() - 2];
    index[index.size() - 2] = n.floorDiv(panelWidth);
    index.push_back(n % panelWidth);
    result.map = AffineMap::get(map.getNumDims(), map.getNumSymbols(), index, map.getContext());
    dims[dims.size() - 2] = Dim::ceilDiv(dims[dims.size() - 2], panelWidth);
    dims.push_back(Dim(panelWidth));
  }
  result.strides.assign(dims.size(), Dim(1));
  for (size_t i = dims.size(); i-- > 1;)
    result.strides[i - 1] = result.strides[i] * dims[i];
  return result;
}

//===-- Expressions of symbols, and linear ones --===//

/// An index expression without domain axes, as a dimension.
static std::optional<Dim> symbolic(AffineExpr expr, ArrayRef<Dim> symbols) {
  if (auto number = dyn_cast<AffineConstantExpr>(expr))
    return Dim(number.getValue());
  if (auto symbol = dyn_cast<AffineSymbolExpr>(expr))
    return symbols[symbol.getPosition()];
  auto binary = dyn_cast<AffineBinaryOpExpr>(expr);
  if (!binary)
    return std::nullopt;
  std::optional<Dim> left = symbolic(binary.getLHS(), symbols), right = symbolic(binary.getRHS(), symbols);
  if (!left || !right)
    return std::nullopt;
  switch (expr.getKind()) {
  case AffineExprKind::Add:
    return *left + *right;
  case AffineExprKind::Mul:
    return *left * *right;
  case AffineExprKind::FloorDiv:
    return Dim::floorDiv(*left, *right);
  case AffineExprKind::CeilDiv:
    return Dim::floorDiv(*left + *right - Dim(1), *right);
  case AffineExprKind::Mod:
    return *left - *right * Dim::floorDiv(*left, *right);
  default:
    return std::nullopt;
  }
}

/// Adds scale * expr to `factors` (one for each axis, then the constant); false if it is not linear.
static bool addLinear(AffineExpr expr, const Dim &scale, ArrayRef<Dim> symbols, SmallVector<Dim> &factors) {
  if (auto axis = dyn_cast<AffineDimExpr>(expr)) {
    factors[axis.getPosition()] = factors[axis.getPosition()] + scale;
    return true;
  }
  if (std::optional<Dim> value = symbolic(expr, symbols)) {
    factors.back() = factors.back() + scale * *value;
    return true;
  }
  auto binary = cast<AffineBinaryOpExpr>(expr);
  if (expr.getKind() == AffineExprKind::Add)
    return addLinear(binary.getLHS(), scale, symbols, factors) && addLinear(binary.getRHS(), scale, symbols, factors);
  if (expr.getKind() != AffineExprKind::Mul)
    return false;
  if (std::optional<Dim> factor = symbolic(binary.getRHS(), symbols))
    return addLinear(binary.getLHS(), scale * *factor, symbols, factors);
  if (std::optional<Dim> factor = symbolic(binary.getLHS(), symbols))
    return addLinear(binary.getRHS(), scale * *factor, symbols, factors);
  return false;
}

std::optional<SmallVector<Dim>> Emitter::linear(const Access &access, unsigned rank) {
  SmallVector<Dim> factors(rank + 1, Dim(0));
  for (auto [expr, stride] : llvm::zip_equal(access.map.getResults(), access.strides))
    if (!addLinear(expr, stride, access.symbols, factors))
      return std::nullopt;
  if (llvm::any_of(factors, [](const Dim &factor) { return factor.overflowed(); }))
    return std::nullopt;
  return factors;
}

/// Where the axes of a group have factors as if they were one axis, that axis's factor.
static std::optional<Dim> groupFactor(ArrayRef<Dim> factors, ArrayRef<Dim> dims, const Point::Group &group) {
  std::optional<Dim> innermost;
  Dim expected;
  for (unsigned i = group.end; i-- > group.first;) {
    if (dims[i].isConstant(1))
      continue;
    if (!innermost)
      innermost = expected = factors[i];
    if (factors[i] != expected)
      return std::nullopt;
    expected = expected * dims[i];
  }
  return innermost ? *innermost : Dim(0);
}

Value Emitter::linearOffset(ArrayRef<Dim> factors, const Point &point) {
  unsigned rank = point.dims.size();
  Value sum = size(factors[rank]);
  for (unsigned i = 0; i < rank;) {
    const Point::Group *taken = nullptr;
    for (const Point::Group &group : point.groups) {
      if (group.first != i || group.end == i)
        continue;
      if (std::optional<Dim> factor = groupFactor(factors, point.dims, group)) {
        sum = add(sum, mul(group.flat, size(*factor)));
        taken = &group;
        break;
      }
    }
    if (taken) {
      i = taken->end;
      continue;
    }
    if (!factors[i].isConstant(0) && !point.dims[i].isConstant(1))
      sum = add(sum, mul(point.index[i], size(factors[i])));
    ++i;
  }
  return sum;
}

//===-- Maps with divisions --===//

namespace {
/// What an index expression is along the 16 lanes.
struct Along {
  Value first;               ///< at lane 0
  std::optional<Dim> stride; ///< between neighbouring lanes, where it is the same for all
  int64_t multiple = 1;      ///< `first` is a multiple of this power of two
  bool isNonNegative = true;
};
} // namespace

/// The power of two that divides a number, as far as anybody asks.
static int64_t evenPart(int64_t value) {
  constexpr int64_t most = 1 << 20;
  return value == 0 ? most : std::min(value & -value, most);
}

static Along evaluate(Emitter &e, AffineExpr expr, ArrayRef<Dim> symbols, const Point &point) {
  if (auto axis = dyn_cast<AffineDimExpr>(expr)) {
    unsigned i = axis.getPosition();
    bool isLane = i == point.lane;
    return {point.index[i], Dim(isLane ? 1 : 0), isLane ? lanes : 1, true};
  }
  if (std::optional<Dim> value = symbolic(expr, symbols)) {
    std::optional<int64_t> number = value->constant();
    bool isNonNegative = llvm::all_of(value->getTerms(), [](const auto &term) { return term.second >= 0; });
    return {e.size(*value), Dim(0), number ? evenPart(*number) : 1, isNonNegative};
  }
  auto binary = cast<AffineBinaryOpExpr>(expr);
  Along x = evaluate(e, binary.getLHS(), symbols, point), y = evaluate(e, binary.getRHS(), symbols, point);
  std::optional<Dim> factor = symbolic(binary.getRHS(), symbols);
  bool isNonNegative = x.isNonNegative && y.isNonNegative;
  if (expr.getKind() == AffineExprKind::Add) {
    std::optional<Dim> stride;
    if (x.stride && y.stride)
      stride = *x.stride + *y.stride;
    return {e.add(x.first, y.first), stride, std::min(x.multiple, y.multiple), isNonNegative};
  }
  if (expr.getKind() == AffineExprKind::Mul) {
    std::optional<Dim> stride;
    if (x.stride && factor)
      stride = *x.stride * *factor;
    else if (x.stride && x.stride->isConstant(0) && y.stride && y.stride->isConstant(0))
      stride = Dim(0);
    return {e.mul(x.first, y.first), stride, evenPart(x.multiple * y.multiple), isNonNegative};
  }
  // floordiv, ceildiv, mod. 16 neighbours that start at a multiple of 16 stay in one block of a multiple of 16.
  std::optional<int64_t> divisor = factor ? factor->constant() : std::nullopt;
  bool isSame = x.stride && x.stride->isConstant(0);
  bool isBlock = x.stride && x.stride->isConstant(1) && x.multiple % lanes == 0 && divisor && *divisor % lanes == 0;
  Value dividend = x.first;
  if (expr.getKind() == AffineExprKind::CeilDiv) {
    dividend = e.add(dividend, e.sub(y.first, e.constant(1)));
    isBlock = false;
  }
  Value quotient = e.floorDiv(dividend, y.first, isNonNegative);
  if (expr.getKind() != AffineExprKind::Mod)
    return {quotient, isSame || isBlock ? std::optional(Dim(0)) : std::nullopt, 1, isNonNegative};
  Value rest = isNonNegative ? e.rem(x.first, y.first) : e.sub(x.first, e.mul(quotient, y.first));
  std::optional<Dim> stride;
  if (isSame || isBlock)
    stride = x.stride;
  return {rest, stride, divisor ? std::min(x.multiple, evenPart(*divisor)) : 1, true};
}

Emitter::Spread Emitter::spread(const Access &access, const Point &point) {
  auto kind = [](const std::optional<Dim> &stride) {
    return !stride                 ? Lanes::scattered
           : stride->isConstant(0) ? Lanes::same
           : stride->isConstant(1) ? Lanes::consecutive
                                   : Lanes::scattered;
  };
  if (std::optional<SmallVector<Dim>> factors = linear(access, point.dims.size())) {
    bool isSingle = point.lane >= point.dims.size() || point.dims[point.lane].isConstant(1);
    return {linearOffset(*factors, point), isSingle ? Lanes::same : kind((*factors)[point.lane])};
  }
  Value sum = constant(0);
  std::optional<Dim> stride = Dim(0);
  for (auto [expr, step] : llvm::zip_equal(access.map.getResults(), access.strides)) {
    Along along = evaluate(*this, expr, access.symbols, point);
    sum = add(sum, mul(along.first, size(step)));
    if (stride && along.stride)
      stride = *stride + *along.stride * step;
    else
      stride = std::nullopt;
  }
  return {sum, kind(stride)};
}

Value Emitter::offset(const Access &access, const Point &point) { return spread(access, point).offset; }

//===-- Loads and stores --===//

Value Emitter::offsetPointer(Value pointer, Type element, Value offset) {
  return LLVM::GEPOp::create(b, pointerType, storedType(element), pointer, ValueRange{offset});
}

static unsigned alignment(Type element) { return std::max(element.getIntOrFloatBitWidth() / 8, 1u); }

/// `like`, a scalar or a vector, with another element type.
static Type withElement(Type like, Type element) {
  auto vector = dyn_cast<VectorType>(like);
  return vector ? Type(VectorType::get(vector.getShape(), element)) : element;
}
static Value bitsOf(Emitter &e, Type like, int64_t value) {
  Type i32 = e.b.getI32Type();
  TypedAttr attr = e.b.getI32IntegerAttr(int32_t(value));
  if (auto vector = dyn_cast<VectorType>(withElement(like, i32)))
    attr = DenseElementsAttr::get(vector, int32_t(value));
  return arith::ConstantOp::create(e.b, attr);
}

/// What is computed with, of a scalar or a vector as it is stored.
static Value fromStored(Emitter &e, Value stored, Type element) {
  if (element.isBF16()) {
    Value wide = arith::ExtUIOp::create(e.b, withElement(stored.getType(), e.b.getI32Type()), stored);
    wide = arith::ShLIOp::create(e.b, wide, bitsOf(e, stored.getType(), 16));
    return arith::BitcastOp::create(e.b, withElement(stored.getType(), e.b.getF32Type()), wide);
  }
  if (element.isF16()) {
    Value half = arith::BitcastOp::create(e.b, withElement(stored.getType(), e.b.getF16Type()), stored);
    return arith::ExtFOp::create(e.b, withElement(stored.getType(), e.b.getF32Type()), half);
  }
  if (!element.isInteger(1))
    return stored;
  Value zero = arith::ConstantOp::create(e.b, e.b.getZeroAttr(stored.getType()));
  return arith::CmpIOp::create(e.b, arith::CmpIPredicate::ne, stored, zero);
}

Value Emitter::loadScalar(Value pointer, Type element, Value offset) {
  Value stored =
      LLVM::LoadOp::create(b, storedType(element), offsetPointer(pointer, element, offset), alignment(element));
  return fromStored(*this, stored, element);
}

Value Emitter::loadVector(Value pointer, Type element, Value offset) {
  Value stored = LLVM::LoadOp::create(b, laneType(storedType(element)), offsetPointer(pointer, element, offset),
                                      alignment(element));
  return fromStored(*this, stored, element);
}

/// The inverse, floats rounded to the nearest, ties to even; a NaN stays one.
static Value toStored(Emitter &e, Value value, Type element) {
  Type type = value.getType();
  if (element.isInteger(1))
    return arith::ExtUIOp::create(e.b, withElement(type, e.b.getI8Type()), value);
  Type i16 = withElement(type, e.b.getIntegerType(16));
  if (element.isF16()) {
    Value half = arith::TruncFOp::create(e.b, withElement(type, e.b.getF16Type()), value);
    return arith::BitcastOp::create(e.b, i16, half);
  }
  if (!element.isBF16())
    return value;
  Value bits = arith::BitcastOp::create(e.b, withElement(type, e.b.getI32Type()), value), sixteen = bitsOf(e, type, 16);
  Value high = arith::ShRUIOp::create(e.b, bits, sixteen);
  Value odd = arith::AndIOp::create(e.b, high, bitsOf(e, type, 1));
  Value rounded = arith::AddIOp::create(e.b, bits, arith::AddIOp::create(e.b, odd, bitsOf(e, type, 0x7fff)));
  rounded = arith::ShRUIOp::create(e.b, rounded, sixteen);
  Value isNaN = arith::CmpFOp::create(e.b, arith::CmpFPredicate::UNO, value, value);
  Value quiet = arith::OrIOp::create(e.b, high, bitsOf(e, type, 0x40));
  return arith::TruncIOp::create(e.b, i16, arith::SelectOp::create(e.b, isNaN, quiet, rounded));
}

void Emitter::storeVector(Value pointer, Type element, Value vector, Value offset) {
  vector = toStored(*this, vector, element);
  LLVM::StoreOp::create(b, vector, offsetPointer(pointer, element, offset), alignment(element));
}

Value Emitter::frameVectors(Type element, int64_t count, bool isCleared) {
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPoint(items);
  VectorType type = laneType(storedType(element));
  Value frame = LLVM::AllocaOp::create(b, pointerType, type, constant(count), /*alignment=*/64);
  if (!isCleared)
    return frame;
  Value zero = arith::ConstantOp::create(b, b.getZeroAttr(type));
  for (int64_t i = 0; i < count; ++i)
    LLVM::StoreOp::create(b, zero,
                          LLVM::GEPOp::create(b, pointerType, type, frame, ArrayRef<LLVM::GEPArg>{int32_t(i)}));
  return frame;
}

Value Emitter::framePointers(int64_t count) {
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPoint(items);
  return LLVM::AllocaOp::create(b, pointerType, pointerType, constant(count), /*alignment=*/64);
}

void Emitter::storePointer(Value frame, Value pointer, Value index) {
  LLVM::StoreOp::create(b, pointer, LLVM::GEPOp::create(b, pointerType, pointerType, frame, ValueRange{index}));
}

Value Emitter::loadPointer(Value frame, Value index) {
  return LLVM::LoadOp::create(b, pointerType,
                              LLVM::GEPOp::create(b, pointerType, pointerType, frame, ValueRange{index}));
}

/// Lanes whose elements lie anywhere (or are narrow, which AVX2 cannot mask): one after another through the frame.
/// Lanes that do not exist keep an older element, or 0; nobody reads them but as numbers.
Value Emitter::loadScattered(const Access &access, const Point &point) {
  Value frame = frameVectors(access.element);
  Type stored = storedType(access.element);
  loop(constant(0), point.count ? point.count : constant(lanes), 1, [&](Value lane) {
    Point single = point;
    single.index[single.lane] = add(point.index[point.lane], lane);
    Value from = offsetPointer(access.pointer, access.element, offset(access, single));
    Value value = LLVM::LoadOp::create(b, stored, from, alignment(access.element));
    LLVM::StoreOp::create(b, value, offsetPointer(frame, access.element, lane), alignment(access.element));
  });
  return loadVector(frame, access.element, constant(0));
}

Value Emitter::load(const Access &access, const Point &point) {
  Spread where = spread(access, point);
  if (where.lanes == Lanes::same)
    return splat(loadScalar(access.pointer, access.element, where.offset));
  if (where.lanes == Lanes::scattered || (point.mask && storedType(access.element) != access.element))
    return loadScattered(access, point);
  if (!point.mask)
    return loadVector(access.pointer, access.element, where.offset);
  VectorType type = laneType(access.element);
  Value zero = arith::ConstantOp::create(b, b.getZeroAttr(type));
  return LLVM::MaskedLoadOp::create(b, type, offsetPointer(access.pointer, access.element, where.offset), point.mask,
                                    zero, alignment(access.element));
}

void Emitter::store(Value pointer, Type element, Value offset, Value vector, const Point &point) {
  if (!point.mask)
    return storeVector(pointer, element, vector, offset);
  Type stored = storedType(element);
  if (stored == element) {
    LLVM::MaskedStoreOp::create(b, vector, offsetPointer(pointer, element, offset), point.mask, alignment(element));
    return;
  }
  Value frame = frameVectors(element);
  storeVector(frame, element, vector, constant(0));
  loop(constant(0), point.count, 1, [&](Value lane) {
    Value one = LLVM::LoadOp::create(b, stored, offsetPointer(frame, element, lane), alignment(element));
    LLVM::StoreOp::create(b, one, offsetPointer(pointer, element, add(offset, lane)), alignment(element));
  });
}

} // namespace sinter::cpu

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What every skeleton's lowering is written with: one function under construction, integer arithmetic that folds,
// loops, the sizes of dimensions, and 16 lanes of scalars loaded and stored through index maps. Private to the room.
#pragma once

#include "codegen/cpu/Target.h"
#include "ir/kernel/Kernel.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"

namespace sinter::cpu {

namespace arith = mlir::arith;
namespace scf = mlir::scf;
using llvm::ArrayRef;
using llvm::SmallVector;
using mlir::Type;
using mlir::Value;
using mlir::VectorType;

/// Every scalar of a region becomes this many lanes, on every target; LLVM splits them where registers are shorter.
inline constexpr int64_t lanes = 16;

/// Where in a domain the code stands: 16 elements along one axis.
struct Point {
  /// Axes [first, end) whose row-major number is known: an address linear in them needs no division.
  struct Group {
    unsigned first, end;
    Value flat;
  };
  SmallVector<Dim> dims;
  SmallVector<Value> index; ///< i64 for each axis; along `lane`, the index of lane 0, a multiple of 16
  unsigned lane = 0;
  SmallVector<Group> groups; ///< widest first
  Value mask;                ///< vector<16xi1>: the lanes that exist; null for all
  Value count;               ///< how many those are (i64); null for all
};

/// A buffer seen through an index map. Panels are dense buffers here: [..., N/16, K, 16].
struct Access {
  Value pointer;
  Type element; ///< as stored: f32, bf16, f16, i32, i1
  mlir::AffineMap map;
  SmallVector<Dim> symbols; ///< of the map
  SmallVector<Dim> strides; ///< in elements, one for each result of the map
};

/// A function of type SinterKernel being built: prologue, then a loop over the work items.
class Emitter {
public:
  /// Creates the function in `code`; the insertion point is the body of the loop over items.
  Emitter(mlir::ModuleOp code, llvm::StringRef name, mlir::Operation *skeleton, ArrayRef<std::string> symbols,
          const CpuTarget &target);

  mlir::ImplicitLocOpBuilder b;
  mlir::Operation *skeleton;
  const CpuTarget &target;
  Value item;             ///< the work item (i64)
  bool hasFailed = false; ///< a region has an op without code; said once, though a region is emitted several times

  //===-- i64 --===//
  Value constant(int64_t value);
  Value add(Value x, Value y);
  Value sub(Value x, Value y);
  Value mul(Value x, Value y);
  Value div(Value x, Value y); ///< both not negative
  Value rem(Value x, Value y); ///< both not negative
  Value min(Value x, Value y);
  Value max(Value x, Value y);
  /// Rounded toward minus infinity; `y` is positive.
  Value floorDiv(Value x, Value y, bool isNonNegative);
  /// The number of a dimension, computed once in the prologue.
  Value size(const Dim &dim);
  /// The indices of the row-major number `flat`, outermost first.
  SmallVector<Value> delinearize(Value flat, ArrayRef<Dim> dims);

  //===-- Control --===//
  using Values = SmallVector<Value>;
  /// for (i = from; i < to; i += step) carried = body(i, carried).
  Values loop(Value from, Value to, int64_t step, mlir::ValueRange init,
              llvm::function_ref<Values(Value, mlir::ValueRange)> body);
  void loop(Value from, Value to, int64_t step, llvm::function_ref<void(Value)> body);
  /// condition ? then() : otherwise.
  Values when(Value condition, mlir::ValueRange otherwise, llvm::function_ref<Values()> then);
  /// [from, to) of the axis `point.lane` in blocks of 16: whole ones, then the masked rest. `length`, where constant,
  /// is the length of every such range that is not cut at a multiple of 16: it tells what code is needed at all.
  Values blocks(Value from, Value to, std::optional<int64_t> length, Point point, mlir::ValueRange init,
                llvm::function_ref<Values(const Point &, mlir::ValueRange)> body);
  /// Makes this item's launch report an index out of range where `isBad` (i1) holds.
  void reportIndex(Value isBad);
  /// Calls a function without results that all kernels of the module share: `body` builds it, from its arguments
  /// alone, where none of that name is there yet.
  void callShared(llvm::StringRef name, mlir::ValueRange arguments, llvm::function_ref<void(mlir::ValueRange)> body);
  /// Ends the function. Nothing may be built after it.
  void finish();

  //===-- Lanes --===//
  /// Of what is computed with: f32 where bf16 or f16 are stored.
  VectorType laneType(Type element) {
    return VectorType::get({lanes}, element.isBF16() || element.isF16() ? Type(b.getF32Type()) : element);
  }
  Value splat(Value scalar);
  Value floatLanes(float value);
  Value doubleLanes(double value);
  Value intLanes(int32_t value);
  Value longLanes(int64_t value);
  /// 0, 1, ... 15 as vector<16xi32>.
  Value iota();
  /// The first `count` of 16 lanes.
  Value firstLanes(Value count);

  //===-- Memory --===//
  /// The pointer of the launch's operand.
  Value pointer(unsigned operand);
  Value offsetPointer(Value pointer, Type element, Value offset);
  /// Memory in the frame for `count` vectors of 16 lanes; cleared, unless all that is read of it is written before.
  Value frameVectors(Type element, int64_t count = 1, bool isCleared = true);
  /// Memory in the frame for `count` pointers, not cleared.
  Value framePointers(int64_t count);
  void storePointer(Value frame, Value pointer, Value index);
  Value loadPointer(Value frame, Value index);
  Access access(unsigned operand, ir::kernel::BufferType type, ir::IndexMapAttr map);
  Access access(unsigned operand, ir::kernel::BufferType type, mlir::AffineMap map, ArrayRef<Dim> symbols);
  /// 16 lanes of `access` at `point`; lanes that do not exist are 0.
  Value load(const Access &access, const Point &point);
  /// The element offset of lane 0 at `point`.
  Value offset(const Access &access, const Point &point);
  /// The factor of each axis in the address, then the constant; none if the map is not linear.
  std::optional<SmallVector<Dim>> linear(const Access &access, unsigned rank);
  /// Stores to consecutive elements from `offset` on.
  void store(Value pointer, Type element, Value offset, Value vector, const Point &point);
  /// Loads / stores a vector<16xT> at consecutive elements, all lanes.
  Value loadVector(Value pointer, Type element, Value offset);
  void storeVector(Value pointer, Type element, Value vector, Value offset);
  Value loadScalar(Value pointer, Type element, Value offset);

private:
  enum class Lanes { same, consecutive, scattered };
  struct Spread {
    Value offset;
    Lanes lanes;
  };
  Spread spread(const Access &access, const Point &point);
  Value loadScattered(const Access &access, const Point &point);
  Value linearOffset(ArrayRef<Dim> factors, const Point &point);
  Value sizeOfAtom(const std::string &text);

  mlir::LLVM::LLVMPointerType pointerType;
  mlir::func::FuncOp function;
  scf::ForOp items;
  Value status;
  std::map<std::string, Value> sizes;
  SmallVector<Value> pointers;
  ArrayRef<std::string> symbols;
};

/// i1 is kept in memory as one byte; bf16 and f16 are the bits that loads widen and stores round.
inline Type storedType(Type element) {
  unsigned bits = element.isInteger(1) ? 8 : element.isBF16() || element.isF16() ? 16 : 0;
  return bits ? Type(mlir::IntegerType::get(element.getContext(), bits)) : element;
}

/// A region's code on 16 lanes: `arguments` are vectors for the block's arguments; returns what it yields, or where
/// `wanted` names values of the region, those. `known` are values of the region that have been computed before. Fails
/// with a diagnostic on an op that regions may not hold.
mlir::FailureOr<SmallVector<Value>> emitRegion(Emitter &e, mlir::Region &region, ArrayRef<Value> arguments,
                                               const Point &point, ArrayRef<Value> wanted = {},
                                               ArrayRef<std::pair<Value, Value>> known = {});

/// One lowering for each skeleton; each returns the grid.
mlir::FailureOr<Dim> lowerPointwise(Emitter &e, ir::kernel::PointwiseOp op);
mlir::FailureOr<Dim> lowerGather(Emitter &e, ir::kernel::GatherOp op);
mlir::FailureOr<Dim> lowerMove(Emitter &e, ir::kernel::MoveOp op);
mlir::FailureOr<Dim> lowerAppend(Emitter &e, ir::kernel::AppendOp op);
mlir::FailureOr<Dim> lowerRow(Emitter &e, ir::kernel::RowOp op);
mlir::FailureOr<Dim> lowerContract(Emitter &e, ir::kernel::ContractOp op);
mlir::FailureOr<Dim> lowerAttention(Emitter &e, ir::kernel::AttentionOp op);

} // namespace sinter::cpu

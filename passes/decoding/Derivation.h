// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From one function that is proven `causal T`: `extend`, which computes new rows of it from state, and `begin`, which
// computes what does not depend on the rows. Each op answers at which rows it wants its operands (`TimeAware::atRows`);
// here is what that leads to: which values are state, of which page's layout, and where they are kept.
#pragma once

#include "ir/time/TimeRows.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace sinter::passes {

/// What a value depends on, each including those before.
enum class Stage {
  Parameters, ///< parameters, numbers, and inputs of one number per sequence: as cheap to give again in each step
  Begin,      ///< inputs that have no axis of time: a source, a mask over it
  Time,       ///< rows
};

/// The stage of every value of a function.
class Stages {
public:
  /// The causal function; its tokens, rows [sequences, time], are among the arguments.
  Stages(mlir::func::FuncOp function, const ir::TimeFacts &facts);
  Stage of(mlir::Value value) const { return stages.at(value); }

private:
  void visit(mlir::Block &block);
  void join(mlir::Value value, Stage stage);

  const ir::TimeFacts &facts;
  llvm::DenseMap<mlir::Value, Stage> stages;
};

/// One function or one body of a repeat that is being built.
struct Level {
  mlir::Operation *source;                ///< the func, or the repeat, that it restricts
  mlir::Block *block;                     ///< what is built; of a repeat free-standing until it is whole
  llvm::SmallVector<mlir::Value> stacked; ///< a repeat's operands, in the order of the block's arguments
  llvm::SmallVector<mlir::Value> states;  ///< slices of output stacks
  llvm::SmallVector<unsigned> arguments;  ///< and the function's argument of each
};

class Derivation final : public ir::TimeRows {
public:
  /// The function's results must be proven causal in `facts`.
  Derivation(mlir::func::FuncOp function, const ir::TimeFacts &facts);
  ~Derivation() override;

  /// Builds @extend, and @begin where there is something for it. Fails with an error at the op that cannot be had.
  mlir::LogicalResult run();

  mlir::Value at(mlir::Value original, const ir::RowSets &sets) override;
  void lookBack(std::optional<int64_t> rows) override;

private:
  struct Argument {
    mlir::Value value;
    std::string name;
    mlir::Attribute defaultValue;
    std::optional<int64_t> state, begin; ///< numbers of results
  };
  /// The rows of a value, page by page.
  struct Pool {
    mlir::Value rows;      ///< of before this call
    unsigned time = 0;     ///< the value's time axis
    unsigned axis = 0;     ///< the pool's axis of a page's rows
    unsigned argument = 0; ///< the function's argument that holds it
  };

  // DeriveDecode.cpp: the functions.
  void buildPositions();
  void finish(llvm::ArrayRef<mlir::Value> results);
  mlir::Value result(mlir::Value original);

  // Derivation.cpp: which way a value is had.
  mlir::Value compute(mlir::Value original, const ir::RowSets &sets);
  mlir::Value perSequence(mlir::BlockArgument original);
  mlir::Value argumentAt(mlir::BlockArgument original, const ir::RowSets &sets);
  mlir::Value repeatAt(mlir::OpResult original, const ir::RowSets &sets);
  bool buildRepeat(ir::RepeatOp op);
  mlir::Value copy(mlir::OpResult original);
  ir::RowSets natural(mlir::Value original) const;
  Level &levelOf(mlir::Value original);

  // State.cpp: what is kept. All build at the builder's place, which is the original's.
  mlir::Value cached(mlir::Value original);
  mlir::Value early(mlir::Value original);
  bool isNoLarger(ir::ViewOp view) const;
  Pool makePool(mlir::Value original);
  /// The pool behind the new rows, which is the state's next value.
  mlir::Value append(const Pool &pool, mlir::Value original, mlir::Value news);
  mlir::Value readPages(const Pool &pool, mlir::Value pages, mlir::Value original);
  unsigned addArgument(mlir::Type type, std::string name, mlir::Location loc);
  /// A slice of a new stack of the repeat's level, or a new argument of the function's; and the argument's number.
  std::pair<mlir::Value, unsigned> addState(Level &level, llvm::ArrayRef<Dim> dims, mlir::Type element, mlir::Location loc);
  mlir::Value sourceRows();
  mlir::LogicalResult buildBegin();

  mlir::func::FuncOp function;
  Stages stages;
  mlir::BlockArgument tokens; ///< the original argument
  Dim poolPages, sources;
  llvm::SmallVector<std::unique_ptr<Level>> levels; ///< the function's first
  std::unique_ptr<mlir::Block> entry;               ///< until the function is whole
  llvm::SmallVector<Argument> arguments;
  mlir::Value newTokens, count, length, pageTable, sourceTable;
  llvm::DenseMap<mlir::Value, llvm::SmallVector<std::pair<ir::RowSets, mlir::Value>>> known;
  llvm::DenseMap<mlir::Value, mlir::Value> caches;
  llvm::SmallVector<mlir::Value> earlyValues;                       ///< what @begin computes, in the order of its results
  llvm::SmallVector<std::pair<unsigned, mlir::Value>> stateResults; ///< argument, its next value
  unsigned numStates = 0;
  std::optional<int64_t> window = 0; ///< rows back; nothing: all
};

} // namespace sinter::passes

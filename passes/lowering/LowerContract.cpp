// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A contraction with labelled axes in; a `kernel.contract` of (batch..., rows..., n, k) out, its right side in panels
// [batch..., N, K] made by a move. Several n or k labels are merged into one by the moves' maps.
#include "passes/lowering/Lowering.h"
#include "passes/support/Parameters.h"

#include <map>

using namespace mlir;
using namespace sinter;
using namespace sinter::ir;
using passes::bufferType;
using passes::MapBuilder;

namespace {

/// What each label does, once it is settled which operand goes into panels.
struct Roles {
  std::string batch, rows, columns, sums;

  Roles(StringRef plain, StringRef panels, StringRef result) {
    for (char label : result) {
      bool inPlain = plain.contains(label), inPanels = panels.contains(label);
      (inPlain && inPanels ? batch : inPlain ? rows : columns) += label;
    }
    for (char label : plain)
      if (!result.contains(label))
        sums += label;
  }
};

/// Index expressions by label, over one domain.
class LabelIndices {
public:
  LabelIndices(MLIRContext *context, unsigned rank) : maps(context, rank) {}
  MapBuilder maps;

  /// The next dimensions stand for one label each.
  void single(StringRef labels) {
    for (char label : labels)
      byLabel[label] = maps.dim(position++);
  }
  /// The next dimension stands for all labels, the last fastest.
  void merged(StringRef labels, const std::map<char, Dim> &sizes) {
    SmallVector<Dim> extents;
    for (char label : labels)
      extents.push_back(sizes.at(label));
    for (auto [label, part] : llvm::zip_equal(labels, passes::splitIndex(maps, maps.dim(position++), extents)))
      byLabel[label] = part;
  }
  IndexMapAttr get(StringRef labels) {
    SmallVector<AffineExpr> results;
    for (char label : labels)
      results.push_back(byLabel.at(label));
    return maps.get(results);
  }

private:
  unsigned position = 0;
  std::map<char, AffineExpr> byLabel;
};

struct LowerContract : OpConversionPattern<ContractOp> {
  LowerContract(const TypeConverter &types, MLIRContext *context, const passes::SwappedContracts &swapped)
      : OpConversionPattern(types, context), swapped(swapped) {}

  LogicalResult matchAndRewrite(ContractOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    auto [plainLabels, panelLabels, resultLabels] = op.getLabelParts();
    Value plain = adaptor.getLhs(), panels = adaptor.getRhs();
    ir::TensorType plainType = op.getLhs().getType(), panelType = op.getRhs().getType();
    if (swapped.contains(op)) {
      std::swap(plainLabels, panelLabels);
      std::swap(plain, panels);
      std::swap(plainType, panelType);
    }
    Roles roles(plainLabels, panelLabels, resultLabels);
    std::map<char, Dim> sizes;
    for (auto [label, dim] : llvm::zip_equal(plainLabels, plainType.getShapeDims()))
      sizes[label] = dim;
    for (auto [label, dim] : llvm::zip_equal(panelLabels, panelType.getShapeDims()))
      sizes[label] = dim;

    Value rhs = toPanels(rewriter, op, panels, panelLabels, roles, sizes);
    auto [lhs, lhsMap] = toRows(rewriter, op, plain, plainLabels, roles, sizes);
    SmallVector<Dim> shape = extents(roles.batch + roles.rows, sizes);
    shape.push_back(productOf(extents(roles.columns, sizes)));
    auto type = kernel::BufferType::get(op.getContext(), shape, op.getType().getElementType());
    auto contract =
        kernel::ContractOp::create(rewriter, op.getLoc(), type, lhs, rhs, ValueRange(), roles.batch.size(), lhsMap,
                                   passes::identityMap(op.getContext(), roles.batch.size()), rewriter.getArrayAttr({}));
    {
      OpBuilder::InsertionGuard guard(rewriter);
      Block *block = rewriter.createBlock(&contract.getEpilogue(), {}, type.getElementType(), op.getLoc());
      kernel::YieldOp::create(rewriter, op.getLoc(), block->getArgument(0));
    }
    rewriter.replaceOp(op, fromResult(rewriter, op, contract.getResult(), resultLabels, roles, sizes));
    return success();
  }

private:
  const passes::SwappedContracts &swapped;

  static SmallVector<Dim> extents(StringRef labels, const std::map<char, Dim> &sizes) {
    SmallVector<Dim> dims;
    for (char label : labels)
      dims.push_back(sizes.at(label));
    return dims;
  }

  /// [batch..., N, K] in panels.
  static Value toPanels(OpBuilder &builder, ContractOp op, Value source, StringRef labels, const Roles &roles,
                        const std::map<char, Dim> &sizes) {
    LabelIndices indices(op.getContext(), roles.batch.size() + 2);
    indices.single(roles.batch);
    indices.merged(roles.columns, sizes);
    indices.merged(roles.sums, sizes);
    SmallVector<Dim> shape = extents(roles.batch, sizes);
    shape.push_back(productOf(extents(roles.columns, sizes)));
    shape.push_back(productOf(extents(roles.sums, sizes)));
    auto type = kernel::BufferType::get(op.getContext(), shape, op.getType().getElementType(), kernel::Layout::panels);
    return kernel::MoveOp::create(builder, op.getLoc(), type, source, indices.get(labels));
  }

  /// The plain side with its map from (batch..., rows..., k); moved into that order if several labels make k.
  static std::pair<Value, IndexMapAttr> toRows(OpBuilder &builder, ContractOp op, Value source, StringRef labels,
                                               const Roles &roles, const std::map<char, Dim> &sizes) {
    std::string leading = roles.batch + roles.rows;
    LabelIndices indices(op.getContext(), leading.size() + 1);
    indices.single(leading);
    indices.merged(roles.sums, sizes);
    IndexMapAttr map = indices.get(labels);
    if (roles.sums.size() <= 1)
      return {source, map};
    SmallVector<Dim> shape = extents(leading, sizes);
    shape.push_back(productOf(extents(roles.sums, sizes)));
    auto type = kernel::BufferType::get(op.getContext(), shape, op.getType().getElementType());
    return {kernel::MoveOp::create(builder, op.getLoc(), type, source, map),
            passes::identityMap(op.getContext(), shape.size())};
  }

  /// The value in the order of the result's labels.
  static Value fromResult(OpBuilder &builder, ContractOp op, Value value, StringRef resultLabels, const Roles &roles,
                          const std::map<char, Dim> &sizes) {
    if (roles.columns.size() == 1 && resultLabels == roles.batch + roles.rows + roles.columns)
      return value;
    MapBuilder maps(op.getContext(), resultLabels.size());
    auto index = [&](char label) { return maps.dim(resultLabels.find(label)); };
    SmallVector<AffineExpr> results, parts;
    for (char label : roles.batch + roles.rows)
      results.push_back(index(label));
    for (char label : roles.columns)
      parts.push_back(index(label));
    results.push_back(passes::joinIndex(maps, parts, extents(roles.columns, sizes)));
    return kernel::MoveOp::create(builder, op.getLoc(), bufferType(op.getResult()), value, maps.get(results));
  }
};

} // namespace

passes::SwappedContracts passes::chooseSides(Operation *root) {
  SwappedContracts swapped;
  DenseMap<Value, bool> known;
  root->walk([&](ContractOp op) {
    bool lhs = isParameterOnly(op.getLhs(), known), rhs = isParameterOnly(op.getRhs(), known);
    auto [left, right, result] = op.getLabelParts();
    // Two activations with labels of their own: the side whose label stands last in the result makes the columns.
    auto isOwn = [](StringRef labels, StringRef others, char label) {
      return labels.contains(label) && !others.contains(label);
    };
    bool leftEnds = !result.empty() && isOwn(left, right, result.back()) &&
                    llvm::any_of(result, [&](char label) { return isOwn(right, left, label); });
    if (lhs != rhs ? lhs : leftEnds)
      swapped.insert(op);
  });
  return swapped;
}

void passes::populateContract(const TypeConverter &types, RewritePatternSet &patterns,
                              const SwappedContracts &swapped) {
  patterns.add<LowerContract>(types, patterns.getContext(), swapped);
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A function of either dialect -> what the page of `sinter graph` draws.
#pragma once

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <nlohmann/json_fwd.hpp>

#include <set>
#include <string>

namespace sinter::tool {

/// {"nodes": [{"id", "kind", "title", "subtitle", "shape", "lines", "reads", "code", "cost"?, "count"?, "graph"?}],
///  "edges": [[from, to, shape]]}.
/// Kinds: input, output, contract, attention, row, gather, view, pointwise, repeat. Parameters and constants, and views
/// of them, are no nodes: they stand in "reads" of whoever uses them. A repeat's body is its "graph". Ids count from 0
/// in each graph, in the order of the ops, so that equal functions give equal texts. Adds the lines named to `lines`.
nlohmann::ordered_json dumpGraph(mlir::func::FuncOp function, std::set<std::string> &lines);

} // namespace sinter::tool

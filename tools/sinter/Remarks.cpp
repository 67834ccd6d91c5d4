// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See Remarks.h.
#include "tools/sinter/Remarks.h"
#include "tools/sinter/Report.h"

#include "mlir/IR/Location.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/Remarks.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <cstdio>
#include <tuple>
#include <unistd.h>

using namespace mlir;
using sinter::frontend::DiagId;

namespace sinter::tool {

namespace {

/// What --require-fused can ask for. Parts of one another: an attention that is not fused may leave a softmax that is.
constexpr llvm::StringRef required[] = {"attention", "softmax", "norm", "activation"};

struct Collector final : remark::detail::MLIRRemarkStreamerBase {
  explicit Collector(std::vector<PassRemark> &into) : into(into) {}

  void streamOptimizationRemark(const remark::detail::Remark &remark) override {
    PassRemark kept;
    kept.isMissed = remark.getRemarkType() == llvm::remarks::Type::Missed;
    kept.what = remark.getRemarkName().str();
    for (const remark::detail::Remark::Arg &argument : remark.getArgs())
      kept.message += argument.val;
    remark.getLocation()->walk([&](Location inner) {
      auto place = dyn_cast<FileLineColLoc>(inner);
      if (!place || place.getLine() == 0)
        return WalkResult::advance();
      kept.file = place.getFilename().str(), kept.line = place.getLine(), kept.column = place.getColumn();
      return WalkResult::interrupt();
    });
    into.push_back(std::move(kept));
  }
  std::vector<PassRemark> &into;
};

/// The word at a place of a text; nowhere if there is no such text.
frontend::Span spanOf(const PassRemark &remark, const frontend::SourceManager &sources) {
  for (frontend::FileId id = 0; id < sources.fileCount(); ++id) {
    if (remark.file.empty() || sources.name(id) != remark.file)
      continue;
    std::string_view line = sources.line(id, remark.line);
    size_t at = 0, end;
    for (unsigned column = 1; column < remark.column && at < line.size(); ++column)
      for (++at; at < line.size() && (line[at] & 0xC0) == 0x80; ++at) {
      }
    for (end = at; end < line.size() && (llvm::isAlnum(line[end]) || line[end] == '_'); ++end) {
    }
    uint32_t start = sources.lineStart(id, remark.line);
    return {id, uint32_t(start + at), uint32_t(start + std::max(end, std::min(at + 1, line.size())))};
  }
  return {};
}

} // namespace

bool Remarks::isValid() const {
  if (options.requireFused.empty() || options.requireFused == "all")
    return true;
  for (llvm::StringRef name : llvm::split(options.requireFused, ','))
    if (!llvm::is_contained(required, name))
      return fail(exitUsage, "--require-fused: '" + name.str() + "' is none of " + llvm::join(llvm::ArrayRef(required), ", ")), false;
  return true;
}

void Remarks::listen(MLIRContext &context) {
  if (!isWanted())
    return;
  remark::RemarkCategories categories;
  categories.missed = ".*";
  if (options.remarks == "all")
    categories.passed = ".*";
  auto engine = std::make_unique<remark::detail::RemarkEngine>(/*printAsEmitRemarks=*/false, categories);
  std::string error;
  if (succeeded(engine->initialize(std::make_unique<Collector>(collected), std::make_unique<remark::RemarkEmittingPolicyAll>(),
                                   &error)))
    context.setRemarkEngine(std::move(engine));
}

bool Remarks::isRequired(const PassRemark &remark) const {
  if (!remark.isMissed || options.requireFused.empty() || !llvm::is_contained(required, llvm::StringRef(remark.what)))
    return false;
  return options.requireFused == "all" || llvm::is_contained(llvm::split(options.requireFused, ','), llvm::StringRef(remark.what));
}

int Remarks::print(const frontend::SourceManager &sources) {
  auto key = [](const PassRemark &r) { return std::tie(r.file, r.line, r.column, r.isMissed, r.what, r.message); };
  std::sort(collected.begin(), collected.end(), [&](auto &a, auto &b) { return key(a) < key(b); });
  bool isRefused = false;
  for (size_t i = 0, next; i < collected.size(); i = next) {
    const PassRemark &remark = collected[i];
    for (next = i + 1; next < collected.size() && key(collected[next]) == key(remark); ++next) {
    }
    bool isError = isRequired(remark);
    isRefused |= isError;
    if (!isError && options.remarks.empty())
      continue;
    frontend::Diagnostic diagnostic{};
    diagnostic.id = isError ? DiagId::FusionRequired : remark.isMissed ? DiagId::NotFused : DiagId::Fused;
    const frontend::DiagInfo &entry = frontend::info(diagnostic.id);
    diagnostic.message = frontend::formatMessage(entry.text, {remark.what, remark.message});
    diagnostic.primary = {spanOf(remark, sources), {}};
    if (*entry.help)
      diagnostic.helps.push_back(entry.help);
    diagnostic.repeats = uint32_t(next - i - 1);
    std::string text = errorFormat() == ErrorFormat::Json ? frontend::renderJson(diagnostic, sources)
                                                          : frontend::render(diagnostic, sources, isatty(2));
    std::fprintf(stderr, "%s\n", text.c_str());
  }
  collected.clear();
  return isRefused ? exitUserError : exitOk;
}

} // namespace sinter::tool

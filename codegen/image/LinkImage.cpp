// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// JITLink with a memory manager that lays segments into one buffer, and the two proofs: nothing undefined, nothing
// absolute.
#include "codegen/image/LinkImage.h"

#include "sinter/abi.h"

#include "llvm/ADT/StringSet.h"
#include "llvm/ExecutionEngine/JITLink/JITLink.h"
#include "llvm/ExecutionEngine/JITLink/x86_64.h"

#include <set>

using namespace llvm;
using namespace llvm::jitlink;

namespace sinter::codegen {
namespace {

struct Layout {
  ArrayRef<std::string> entries;
  uint64_t base;
  std::vector<char> bytes;
  uint64_t text = 0, align = SINTER_PAGE;

  uint64_t headSize() const {
    uint64_t size = sizeof(SinterImage) + entries.size() * sizeof(SinterImageEntry);
    for (const std::string &name : entries)
      size += name.size() + 1;
    return size;
  }
};

/// Places [head | readable segments] page [executable segments]; a writable segment is refused.
class BufferManager : public JITLinkMemoryManager {
public:
  explicit BufferManager(Layout &layout) : layout(layout) {}

  void allocate(const JITLinkDylib *, LinkGraph &graph, OnAllocatedFunction done) override {
    BasicLayout segments(graph);
    uint64_t at = layout.headSize();
    std::vector<std::pair<BasicLayout::Segment *, uint64_t>> placed;
    for (auto want : {orc::MemProt::Read, orc::MemProt::Read | orc::MemProt::Exec})
      for (auto &[group, segment] : segments.segments()) {
        if ((group.getMemProt() & orc::MemProt::Write) != orc::MemProt::None)
          return done(make_error<StringError>("the image is not closed: writable data", inconvertibleErrorCode()));
        if (group.getMemProt() != want)
          continue;
        if (want != orc::MemProt::Read)
          layout.text = at = alignTo(at, SINTER_PAGE);
        at = alignTo(at, segment.Alignment);
        placed.push_back({&segment, at});
        at += segment.ContentSize + segment.ZeroFillSize;
      }
    if (!layout.text) // no code at all: an empty text part
      layout.text = alignTo(at, SINTER_PAGE);
    layout.bytes.assign(alignTo(std::max(at, layout.text), SINTER_PAGE), 0);
    for (auto [segment, offset] : placed) {
      segment->Addr = orc::ExecutorAddr(layout.base + offset);
      segment->WorkingMem = layout.bytes.data() + offset;
    }
    if (auto error = segments.apply())
      return done(std::move(error));
    done(std::make_unique<Allocation>());
  }
  void deallocate(std::vector<FinalizedAlloc> allocations, OnDeallocatedFunction done) override {
    for (auto &allocation : allocations)
      allocation.release();
    done(Error::success());
  }

private:
  struct Allocation : InFlightAlloc {
    void finalize(OnFinalizedFunction done) override { done(FinalizedAlloc(orc::ExecutorAddr(1))); }
    void abandon(OnAbandonedFunction done) override { done(Error::success()); }
  };
  Layout &layout;
};

bool isMapped(const Section &section) { return section.getMemLifetime() != orc::MemLifetime::NoAlloc; }

/// Refuses, by name, what would have to be resolved or relocated at load. Runs before GOT building.
Error checkClosed(LinkGraph &graph) {
  std::set<std::string> bad;
  for (Symbol *symbol : graph.external_symbols())
    bad.insert("undefined " + (*symbol->getName()).str());
  for (Section &section : graph.sections()) {
    if (!isMapped(section))
      continue;
    for (Block *block : section.blocks())
      for (Edge &edge : block->edges())
        switch (edge.getTarget().isAbsolute() ? Edge::Kind(Edge::Invalid) : edge.getKind()) {
        case x86_64::Delta32:
        case x86_64::Delta64:
        case x86_64::NegDelta32:
        case x86_64::NegDelta64:
        case x86_64::PCRel32:
        case x86_64::BranchPCRel32:
        case Edge::KeepAlive:
          break;
        default:
          bad.insert(std::string(graph.getEdgeKindName(edge.getKind())) + " in " + section.getName().str() + " to " +
                     (edge.getTarget().hasName() ? (*edge.getTarget().getName()).str() : "?"));
        }
  }
  if (bad.empty())
    return Error::success();
  std::string message = "the image is not closed:";
  for (const std::string &what : bad)
    message += "\n  " + what;
  return make_error<StringError>(message, inconvertibleErrorCode());
}

class Context : public JITLinkContext {
public:
  Context(BufferManager &manager, Layout &layout, Error &result)
      : JITLinkContext(nullptr), manager(manager), layout(layout), result(result) {}

  JITLinkMemoryManager &getMemoryManager() override { return manager; }
  void notifyFailed(Error error) override { result = joinErrors(std::move(result), std::move(error)); }
  void lookup(const LookupMap &, std::unique_ptr<JITLinkAsyncLookupContinuation> then) override {
    then->run(make_error<StringError>("a closed image looks nothing up", inconvertibleErrorCode()));
  }
  Error notifyResolved(LinkGraph &) override { return Error::success(); }
  void notifyFinalized(JITLinkMemoryManager::FinalizedAlloc allocation) override { allocation.release(); }

  LinkGraphPassFunction getMarkLivePass(const Triple &) const override {
    return [this](LinkGraph &graph) {
      StringSet<> roots;
      for (const std::string &name : layout.entries)
        roots.insert(name);
      for (Symbol *symbol : graph.defined_symbols())
        if (symbol->hasName() && roots.contains(*symbol->getName()))
          symbol->setLive(true);
      return Error::success();
    };
  }

  Error modifyPassConfig(LinkGraph &, PassConfiguration &config) override {
    config.PostPrunePasses.insert(config.PostPrunePasses.begin(), checkClosed);
    config.PostFixupPasses.push_back([this](LinkGraph &graph) { return writeHead(graph); });
    return Error::success();
  }

private:
  Error writeHead(LinkGraph &graph) {
    StringMap<uint64_t> addresses;
    for (Symbol *symbol : graph.defined_symbols())
      if (symbol->hasName())
        addresses[*symbol->getName()] = symbol->getAddress().getValue() - layout.base;
    SinterImage head{};
    memcpy(head.magic, SINTER_IMAGE_MAGIC, sizeof head.magic);
    head.size = layout.bytes.size();
    head.text = layout.text;
    head.align = uint32_t(layout.align);
    head.entries = uint32_t(layout.entries.size());
    memcpy(layout.bytes.data(), &head, sizeof head);
    char *entryAt = layout.bytes.data() + sizeof head;
    uint32_t nameAt = uint32_t(sizeof head + layout.entries.size() * sizeof(SinterImageEntry));
    for (const std::string &name : layout.entries) {
      auto found = addresses.find(name);
      if (found == addresses.end())
        return make_error<StringError>("the object lacks kernel " + name, inconvertibleErrorCode());
      SinterImageEntry entry{nameAt, uint32_t(found->second)};
      memcpy(entryAt, &entry, sizeof entry);
      memcpy(layout.bytes.data() + nameAt, name.data(), name.size());
      entryAt += sizeof entry;
      nameAt += uint32_t(name.size() + 1);
    }
    return Error::success();
  }

  BufferManager &manager;
  Layout &layout;
  Error &result;
};

} // namespace

Expected<std::vector<char>> linkImage(MemoryBufferRef object, ArrayRef<std::string> entries, uint64_t base) {
  auto graph = createLinkGraphFromObject(object, std::make_shared<orc::SymbolStringPool>());
  if (!graph)
    return graph.takeError();
  Layout layout{entries, base, {}};
  BufferManager manager(layout);
  Error result = Error::success();
  link(std::move(*graph), std::make_unique<Context>(manager, layout, result));
  if (result)
    return std::move(result);
  return std::move(layout.bytes);
}

} // namespace sinter::codegen

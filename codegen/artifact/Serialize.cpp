// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Artifact -> bytes. Every table is built once, in one order, so that equal artifacts have equal bytes.
#include "codegen/artifact/Artifact.h"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <map>

namespace sinter::codegen {
namespace {

using Bytes = std::vector<uint8_t>;

uint64_t alignUp(uint64_t value, uint64_t to) { return (value + to - 1) / to * to; }

/// Appends plain structs to a section; a table is reserved first, so that its entries may append tables of their own.
class Section {
public:
  template <typename T> SinterTable reserve(size_t count) {
    bytes.resize(alignUp(bytes.size(), 8));
    SinterTable table{uint32_t(bytes.size()), uint32_t(count)};
    bytes.resize(bytes.size() + count * sizeof(T));
    return table;
  }
  template <typename T> void set(SinterTable table, size_t i, const T &value) {
    std::memcpy(bytes.data() + table.offset + i * sizeof(T), &value, sizeof(T));
  }
  Bytes bytes;
};

/// Names by content; offset 0 is the empty one.
class Strings {
public:
  Strings() : bytes(1, 0) { offsets[""] = 0; }
  uint32_t add(const std::string &text) {
    auto [it, isNew] = offsets.try_emplace(text, uint32_t(bytes.size()));
    if (isNew) {
      bytes.insert(bytes.end(), text.begin(), text.end());
      bytes.push_back(0);
    }
    return it->second;
  }
  Bytes bytes;

private:
  std::map<std::string, uint32_t> offsets;
};

/// Expressions by content and symbol order.
class Code {
public:
  SinterExpr add(const Dim &dim, const std::vector<std::string> &symbols) {
    std::vector<int64_t> words;
    emit(dim, symbols, words);
    auto [it, isNew] = known.try_emplace(words, uint32_t(code.size()));
    if (isNew)
      code.insert(code.end(), words.begin(), words.end());
    return {it->second, uint32_t(words.size())};
  }
  Bytes take() const {
    Bytes out(code.size() * sizeof(int64_t));
    if (!code.empty())
      std::memcpy(out.data(), code.data(), out.size());
    return out;
  }

private:
  static void emit(const Dim &dim, const std::vector<std::string> &symbols, std::vector<int64_t> &out) {
    bool first = true;
    for (const auto &[monomial, coefficient] : dim.getTerms()) {
      bool scaled = coefficient != 1 || monomial.empty();
      if (scaled)
        out.insert(out.end(), {SINTER_PUSH, coefficient});
      for (size_t i = 0; i < monomial.size(); ++i) {
        emitAtom(monomial[i], symbols, out);
        if (scaled || i)
          out.push_back(SINTER_MUL);
      }
      if (!first)
        out.push_back(SINTER_ADD);
      first = false;
    }
    if (first)
      out.insert(out.end(), {SINTER_PUSH, 0});
  }
  static void emitAtom(const std::string &atom, const std::vector<std::string> &symbols, std::vector<int64_t> &out) {
    for (size_t i = 0; i < symbols.size(); ++i)
      if (symbols[i] == atom) {
        out.insert(out.end(), {SINTER_SYMBOL, int64_t(i)});
        return;
      }
    // "floordiv(a, b)" or "min(a, b)": canonical text, split at the comma of depth 1.
    size_t open = atom.find('('), depth = 0, comma = open;
    for (size_t i = open; i < atom.size(); ++i) {
      depth += atom[i] == '(' ? 1 : atom[i] == ')' ? size_t(-1) : 0;
      if (atom[i] == ',' && depth == 1) {
        comma = i;
        break;
      }
    }
    emit(*Dim::parse(std::string_view(atom).substr(open + 1, comma - open - 1)), symbols, out);
    emit(*Dim::parse(std::string_view(atom).substr(comma + 1, atom.size() - comma - 2)), symbols, out);
    out.push_back(atom.compare(0, 3, "min") == 0 ? SINTER_MIN : SINTER_FLOORDIV);
  }
  std::vector<int64_t> code;
  std::map<std::vector<int64_t>, uint32_t> known;
};

struct Writer {
  const Artifact &artifact;
  Strings strings;
  Code code;

  SinterTable dims(Section &s, const std::vector<Dim> &dims, const std::vector<std::string> &symbols) {
    SinterTable table = s.reserve<SinterExpr>(dims.size());
    for (size_t i = 0; i < dims.size(); ++i)
      s.set(table, i, code.add(dims[i], symbols));
    return table;
  }

  SinterTable tensors(Section &s, const std::vector<TensorInfo> &list, const std::vector<std::string> &symbols) {
    SinterTable table = s.reserve<SinterTensor>(list.size());
    for (size_t i = 0; i < list.size(); ++i) {
      SinterTensor t{};
      t.name = strings.add(list[i].name);
      t.dtype = list[i].dtype;
      t.dims = dims(s, list[i].dims, symbols);
      t.hasDefault = list[i].defaultValue.has_value();
      t.state = list[i].state;
      t.defaultValue = list[i].defaultValue.value_or(0);
      s.set(table, i, t);
    }
    return table;
  }

  SinterTable checks(Section &s, const FunctionInfo &f) {
    SinterTable table = s.reserve<SinterCheck>(f.checks.size());
    for (size_t i = 0; i < f.checks.size(); ++i) {
      const CheckInfo &info = f.checks[i];
      SinterCheck c{};
      c.lhs = code.add(info.lhs, f.symbols);
      c.rhs = code.add(info.rhs, f.symbols);
      c.predicate = info.predicate;
      c.message = strings.add(info.message);
      c.shown = dims(s, info.shown, f.symbols);
      c.site = strings.add(info.site);
      s.set(table, i, c);
    }
    return table;
  }

  Bytes meta() {
    Section s;
    SinterTable head = s.reserve<SinterMeta>(1);
    SinterMeta m{};
    m.model = strings.add(artifact.model);
    m.functions = s.reserve<SinterFunction>(artifact.functions.size());
    for (size_t i = 0; i < artifact.functions.size(); ++i) {
      const FunctionInfo &info = artifact.functions[i];
      SinterFunction f{};
      f.name = strings.add(info.name);
      f.causal = strings.add(info.causal);
      f.symbols = s.reserve<uint32_t>(info.symbols.size());
      for (size_t k = 0; k < info.symbols.size(); ++k)
        s.set(f.symbols, k, strings.add(info.symbols[k]));
      f.args = tensors(s, info.args, info.symbols);
      f.results = tensors(s, info.results, info.symbols);
      f.checks = checks(s, info);
      s.set(m.functions, i, f);
      m.numSymbolsMax = std::max(m.numSymbolsMax, uint32_t(info.symbols.size()));
    }
    m.variants = s.reserve<SinterVariant>(artifact.variants.size());
    for (size_t i = 0; i < artifact.variants.size(); ++i)
      s.set(m.variants, i, SinterVariant{strings.add(artifact.variants[i].name), 0, artifact.variants[i].features});
    m.contextTokens = artifact.contextTokens;
    m.embedTokens = artifact.embedTokens;
    m.parameters = artifact.parameters;
    s.set(head, 0, m);
    return std::move(s.bytes);
  }

  SinterOperand operand(const Operand &info, const std::vector<std::string> &symbols) {
    SinterOperand o{};
    o.space = info.space;
    o.index = info.index;
    o.offset = info.offset;
    o.bytes = code.add(info.bytes, symbols);
    for (size_t i = 0; i < info.strides.size() && i < SINTER_MAX_LOOPS; ++i)
      if (!info.strides[i].isConstant(0))
        o.stride[i] = code.add(info.strides[i], symbols);
    return o;
  }

  Bytes plan(const Variant &variant) {
    Section s;
    SinterTable head = s.reserve<SinterPlan>(1);
    SinterPlan p{};
    p.functions = s.reserve<SinterPlanFunction>(variant.plans.size());
    for (size_t i = 0; i < variant.plans.size(); ++i) {
      const PlanFunction &info = variant.plans[i];
      const auto &symbols = artifact.functions[i].symbols;
      SinterPlanFunction f{};
      f.records = s.reserve<SinterRecord>(info.records.size());
      for (size_t k = 0; k < info.records.size(); ++k) {
        const Record &from = info.records[k];
        SinterRecord r{};
        r.kind = from.kind;
        r.entry = from.entry;
        r.operands = s.reserve<SinterOperand>(from.operands.size());
        for (size_t j = 0; j < from.operands.size(); ++j)
          s.set(r.operands, j, operand(from.operands[j], symbols));
        r.grid = code.add(from.grid, symbols);
        r.count = from.count;
        r.length = from.length;
        r.site = strings.add(from.site);
        s.set(f.records, k, r);
      }
      f.slots = s.reserve<SinterSlot>(info.slots.size());
      for (size_t k = 0; k < info.slots.size(); ++k)
        s.set(f.slots, k, SinterSlot{code.add(info.slots[k], symbols)});
      s.set(p.functions, i, f);
    }
    s.set(head, 0, p);
    return std::move(s.bytes);
  }
};

} // namespace

std::vector<uint8_t> serialize(const Artifact &artifact, uint64_t weightsDigest, bool withWeights) {
  Writer writer{artifact, {}, {}};
  struct Part {
    uint32_t kind, variant;
    Bytes bytes;
  };
  // Plans and META fill STRINGS and CODE, so they are built first; they lie in the order that abi.h asks for.
  std::vector<Part> parts, plans;
  parts.push_back({SINTER_SECTION_META, 0, writer.meta()});
  for (size_t i = 0; i < artifact.variants.size(); ++i)
    plans.push_back({SINTER_SECTION_PLAN, uint32_t(i), writer.plan(artifact.variants[i])});
  parts.push_back({SINTER_SECTION_STRINGS, 0, std::move(writer.strings.bytes)});
  parts.push_back({SINTER_SECTION_CODE, 0, writer.code.take()});
  std::move(plans.begin(), plans.end(), std::back_inserter(parts));
  if (!artifact.constants.empty())
    parts.push_back({SINTER_SECTION_CONSTANTS, 0, artifact.constants});
  if (!artifact.tokenizer.empty())
    parts.push_back({SINTER_SECTION_TOKENIZER, 0, artifact.tokenizer});
  if (!artifact.generation.empty())
    parts.push_back({SINTER_SECTION_GENERATION, 0, artifact.generation});
  if (!artifact.chat.empty())
    parts.push_back({SINTER_SECTION_CHAT, 0, artifact.chat});
  for (size_t i = 0; i < artifact.variants.size(); ++i) {
    const auto &image = artifact.variants[i].image;
    parts.push_back({SINTER_SECTION_IMAGE, uint32_t(i), Bytes(image.begin(), image.end())});
  }

  withWeights &= artifact.weightBytes != 0;
  std::vector<SinterSection> table(parts.size() + withWeights);
  Bytes out(sizeof(SinterHeader) + table.size() * sizeof(SinterSection));
  for (size_t i = 0; i < parts.size(); ++i) {
    out.resize(alignUp(out.size(), parts[i].kind == SINTER_SECTION_IMAGE ? SINTER_PAGE : SINTER_ALIGN));
    table[i] = {parts[i].kind, parts[i].variant, out.size(), parts[i].bytes.size(),
                sinter_digest(parts[i].bytes.data(), parts[i].bytes.size())};
    out.insert(out.end(), parts[i].bytes.begin(), parts[i].bytes.end());
  }
  out.resize(alignUp(out.size(), SINTER_PAGE));
  SinterHeader header{};
  std::memcpy(header.magic, SINTER_ABI_MAGIC, 8);
  header.version = SINTER_ABI_VERSION;
  header.numSections = uint32_t(table.size());
  header.fileSize = out.size();
  if (withWeights) {
    table.back() = {SINTER_SECTION_WEIGHTS, 0, out.size(), artifact.weightBytes, weightsDigest};
    header.fileSize += artifact.weightBytes;
  }
  header.digest = sinter_digest(table.data(), table.size() * sizeof(SinterSection));
  std::memcpy(out.data(), &header, sizeof header);
  std::memcpy(out.data() + sizeof header, table.data(), table.size() * sizeof(SinterSection));
  return out;
}

} // namespace sinter::codegen

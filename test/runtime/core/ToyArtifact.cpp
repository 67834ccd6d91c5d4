// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Builds the toy artifact byte by byte; see ToyArtifact.h.

#include "ToyArtifact.h"
#include "runtime/exe/Slots.h"
#include "runtime/text/TokenizerBlob.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <elf.h>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <sys/stat.h>
#include <sys/wait.h>

namespace toy {
namespace {

using Bytes = std::vector<uint8_t>;

Bytes readFile(const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  return Bytes(std::istreambuf_iterator<char>(file), {});
}

void pad(Bytes &bytes, size_t align) { bytes.resize((bytes.size() + align - 1) / align * align); }

/// A section under construction: tables are appended, 8-byte aligned.
struct Section {
  Bytes bytes;
  template <typename T> SinterTable table(const std::vector<T> &entries) {
    pad(bytes, 8);
    SinterTable table = {static_cast<uint32_t>(bytes.size()), static_cast<uint32_t>(entries.size())};
    const auto *from = reinterpret_cast<const uint8_t *>(entries.data());
    bytes.insert(bytes.end(), from, from + entries.size() * sizeof(T));
    return table;
  }
};

struct Builder {
  Section meta, plan;
  std::string strings = std::string(1, '\0');
  std::vector<int64_t> code;
  std::vector<SinterFunction> functions;
  std::vector<SinterPlanFunction> planFunctions;

  Builder() {
    meta.bytes.resize(sizeof(SinterMeta));
    plan.bytes.resize(sizeof(SinterPlan));
  }

  uint32_t string(const char *text) {
    uint32_t offset = static_cast<uint32_t>(strings.size());
    strings += std::string(text) + '\0';
    return offset;
  }
  SinterExpr expr(std::initializer_list<int64_t> words) {
    SinterExpr made = {static_cast<uint32_t>(code.size()), static_cast<uint32_t>(words.size())};
    code.insert(code.end(), words);
    return made;
  }
  SinterExpr number(int64_t value) { return expr({SINTER_PUSH, value}); }
  SinterExpr symbol(int64_t index) { return expr({SINTER_SYMBOL, index}); }
  SinterExpr times(int64_t factor, int64_t index) {
    return expr({SINTER_PUSH, factor, SINTER_SYMBOL, index, SINTER_MUL});
  }

  SinterTensor tensor(const char *name, uint32_t dtype, const std::vector<SinterExpr> &dims, bool hasDefault = false,
                      double value = 0) {
    return {string(name), dtype, meta.table(dims), hasDefault, 0, value};
  }
  SinterOperand operand(uint32_t space, uint32_t index, SinterExpr bytes, uint64_t offset = 0, SinterExpr outer = {},
                        SinterExpr inner = {}) {
    return {space, index, offset, bytes, {outer, inner}};
  }
  SinterRecord launch(uint32_t entry, const std::vector<SinterOperand> &operands, SinterExpr grid, const char *site) {
    return {SINTER_LAUNCH, entry, plan.table(operands), grid, 0, 0, string(site)};
  }
  SinterRecord copy(const std::vector<SinterOperand> &operands) {
    return {SINTER_COPY, 0, plan.table(operands), {}, 0, 0, 0};
  }
  SinterRecord repeat(uint64_t count, uint32_t length) { return {SINTER_REPEAT, 0, {}, {}, count, length, 0}; }

  void function(const char *name, const std::vector<const char *> &symbols, const std::vector<SinterTensor> &args,
                const std::vector<SinterTensor> &results, const std::vector<SinterCheck> &checks,
                const std::vector<SinterRecord> &records, const std::vector<SinterSlot> &slots) {
    std::vector<uint32_t> names;
    for (const char *symbol : symbols)
      names.push_back(string(symbol));
    functions.push_back(
        {string(name), 0, meta.table(names), meta.table(args), meta.table(results), meta.table(checks)});
    planFunctions.push_back({plan.table(records), plan.table(slots)});
  }
};

void addEmbed(Builder &b) {
  SinterExpr bt = b.expr({SINTER_PUSH, 4, SINTER_SYMBOL, 0, SINTER_SYMBOL, 1, SINTER_MUL, SINTER_MUL});
  std::vector<SinterExpr> dims = {b.symbol(0), b.symbol(1)};
  SinterCheck check = {b.symbol(1),
                       b.number(5),
                       SINTER_LE,
                       b.string("{0} tokens, but this model has 5 positions"),
                       b.meta.table<SinterExpr>({b.symbol(1)}),
                       b.string("toy.sinter:3:5"),
                       0};
  b.function(
      "embed", {"B", "T"},
      {b.tensor("tokens", SINTER_I32, dims), b.tensor("mask", SINTER_I32, dims, true, 1),
       b.tensor("types", SINTER_I32, dims, true, 0)},
      {b.tensor("embedding", SINTER_F32, {b.symbol(0), b.number(4)})}, {check},
      {b.launch(0,
                {b.operand(SINTER_SPACE_INPUT, 0, bt), b.operand(SINTER_SPACE_INPUT, 1, bt),
                 b.operand(SINTER_SPACE_WEIGHT, 0, b.number(128)), b.operand(SINTER_SPACE_OUTPUT, 0, b.times(16, 0))},
                b.symbol(0), "toy.sinter:4:7")},
      {});
}

void addForward(Builder &b) {
  SinterExpr bytes = b.times(12, 0);
  std::vector<SinterExpr> rows = {b.symbol(0), b.number(3)};
  b.function("forward", {"N"}, {b.tensor("x", SINTER_F32, rows), b.tensor("k", SINTER_I32, {b.symbol(0)}, true, 2)},
             {b.tensor("y", SINTER_F32, rows)}, {},
             {b.copy({b.operand(SINTER_SPACE_ARENA, 1, bytes), b.operand(SINTER_SPACE_INPUT, 0, bytes)}),
              b.repeat(2, 2), b.repeat(3, 1),
              b.launch(1,
                       {b.operand(SINTER_SPACE_ARENA, 1, bytes),
                        b.operand(SINTER_SPACE_WEIGHT, 0, b.number(12), 128, b.number(36), b.number(12))},
                       b.symbol(0), "toy.sinter:9:3"),
              b.launch(2,
                       {b.operand(SINTER_SPACE_ARENA, 1, bytes), b.operand(SINTER_SPACE_INPUT, 1, b.times(4, 0)),
                        b.operand(SINTER_SPACE_OUTPUT, 0, bytes)},
                       b.symbol(0), "toy.sinter:10:3")},
             {{b.number(100)}, {bytes}});
}

void addSmall(Builder &b) {
  auto simple = [&](const char *name, uint32_t entry, uint32_t dtype, std::vector<SinterTensor> more) {
    std::vector<SinterTensor> args = {b.tensor("x", dtype, {b.symbol(0)})};
    args.insert(args.end(), more.begin(), more.end());
    b.function(
        name, {"N"}, args, {b.tensor(dtype == SINTER_F32 ? "y" : "c", dtype, {b.symbol(0)})}, {},
        {b.launch(entry,
                  {b.operand(SINTER_SPACE_INPUT, 0, b.times(4, 0)), b.operand(SINTER_SPACE_OUTPUT, 0, b.times(4, 0))},
                  b.symbol(0), "toy.sinter:20:1")},
        {});
  };
  simple("count", 3, SINTER_I32, {});
  simple("divide", 4, SINTER_F32, {});
  SinterExpr odd = b.expr({SINTER_PUSH, 2, SINTER_SYMBOL, 0, SINTER_MUL, SINTER_PUSH, 1, SINTER_ADD});
  simple("broken", 5, SINTER_I32, {b.tensor("flag", SINTER_BOOL, {odd})});
}

void addExtend(Builder &b) {
  std::vector<SinterExpr> rows = {b.symbol(0)};
  SinterTensor pool = b.tensor("pool", SINTER_F32, {b.number(2), b.symbol(3), b.number(16)});
  pool.state = SINTER_STATE_PAGED;
  SinterExpr each = b.times(4, 0), tokens = b.expr({SINTER_PUSH, 4, SINTER_SYMBOL, 0, SINTER_SYMBOL, 1, SINTER_MUL, SINTER_MUL});
  SinterExpr pages = b.expr({SINTER_PUSH, 4, SINTER_SYMBOL, 0, SINTER_SYMBOL, 2, SINTER_MUL, SINTER_MUL});
  b.function("extend", {"B", "N", "P", "Q"},
             {b.tensor("tokens", SINTER_I32, {b.symbol(0), b.symbol(1)}), b.tensor("count", SINTER_I32, rows),
              b.tensor("length", SINTER_I32, rows), b.tensor("pages", SINTER_I32, {b.symbol(0), b.symbol(2)}), pool},
             {b.tensor("logits", SINTER_F32, {b.symbol(0), b.number(8)})}, {},
             {b.launch(6,
                       {b.operand(SINTER_SPACE_INPUT, 0, tokens), b.operand(SINTER_SPACE_INPUT, 1, each),
                        b.operand(SINTER_SPACE_INPUT, 2, each), b.operand(SINTER_SPACE_INPUT, 3, pages),
                        b.operand(SINTER_SPACE_INPUT, 4, b.times(128, 3)), b.operand(SINTER_SPACE_OUTPUT, 0, b.times(32, 0))},
                       b.symbol(0), "toy.sinter:30:1")},
             {});
}

/// Samples with a temperature, ends at 7.
Bytes generation(uint32_t extend) {
  Section section;
  section.bytes.resize(sizeof(SinterGeneration));
  SinterGeneration values = {};
  values.extend = extend;
  values.begin = SINTER_NONE;
  values.bos = 1;
  values.pad = -1;
  values.decoderStart = values.forcedFirst = values.forcedLast = -1;
  values.eos = section.table<int32_t>({7});
  values.badWords = section.table<int32_t>({1, 6, 2, 3, 3});
  values.sampling = values.beams = values.returned = 1;
  values.temperature = 0.5f;
  values.topP = values.repetitionPenalty = values.lengthPenalty = 1;
  memcpy(section.bytes.data(), &values, sizeof(values));
  return section.bytes;
}

Bytes chat(const std::vector<uint32_t> &blob) {
  Section section;
  section.bytes.resize(sizeof(SinterChat));
  SinterChat head = {section.table(blob), {}};
  head.blob.count *= 4;
  head.variables = section.table<char>({'"', 'a', '"', ':', '1', 0});
  memcpy(section.bytes.data(), &head, sizeof(head));
  return section.bytes;
}

Bytes image() {
  Bytes code = readFile(TOY_KERNELS);
  if (code.size() < 7168)
    abort(); // the build's kernels.bin is missing
  constexpr uint32_t entries = 7;
  Bytes bytes(sizeof(SinterImage) + entries * sizeof(SinterImageEntry));
  SinterImage header = {{}, 0, SINTER_PAGE, 64, entries};
  memcpy(header.magic, SINTER_IMAGE_MAGIC, 8);
  for (uint32_t i = 0; i < entries; ++i) {
    SinterImageEntry entry = {static_cast<uint32_t>(bytes.size()), SINTER_PAGE + i * 1024};
    memcpy(bytes.data() + sizeof(SinterImage) + i * sizeof(entry), &entry, sizeof(entry));
    std::string name = "kernel" + std::to_string(i);
    bytes.insert(bytes.end(), name.c_str(), name.c_str() + name.size() + 1);
  }
  pad(bytes, SINTER_PAGE);
  bytes.insert(bytes.end(), code.begin(), code.end());
  header.size = bytes.size();
  memcpy(bytes.data(), &header, sizeof(header));
  return bytes;
}

/// [CLS] = 1, [SEP] = 2, every word is unknown = 3.
Bytes tokenizer() {
  SinterTokenizerHeader header = {};
  Section blob;
  blob.bytes.resize(sizeof(header));
  auto place = [&](const auto &entries) {
    SinterTable table = blob.table(entries);
    return SinterBlobSection{table.offset, table.count};
  };
  std::vector<uint32_t> records(256, SINTER_CP_WORD);
  records[' '] = SINTER_CP_SPACE;
  header.magic = SINTER_TOKENIZER_MAGIC;
  header.version = SINTER_TOKENIZER_VERSION;
  header.kind = SINTER_TOKENIZER_WORDPIECE;
  header.idCount = 4;
  header.unkId = 3;
  header.padId = 0;
  header.clsId = 1;
  header.sepId = 2;
  header.maskId = SINTER_TOKENIZER_NONE;
  header.maxWordChars = 100;
  header.maxTokenBytes = 16;
  header.maxProbe = 4;
  header.prefixCount = 1;
  header.blocks = place(std::vector<uint16_t>(0x1100, 0));
  header.records = place(records);
  header.maps = place(std::vector<uint32_t>());
  header.pool = place(std::vector<uint32_t>());
  header.entries = place(std::vector<SinterTokenEntry>());
  header.words = place(std::vector<uint32_t>(1, SINTER_TOKENIZER_NONE));
  header.continuations = place(std::vector<uint32_t>(1, SINTER_TOKENIZER_NONE));
  header.ids = place(std::vector<uint32_t>(4, SINTER_TOKENIZER_NONE));
  header.added = place(std::vector<SinterAddedToken>());
  header.pieces = place(std::vector<SinterTemplatePiece>{{1, 0}, {2, 0}});
  header.specials = place(std::vector<uint32_t>(1, 0));
  header.strings = place(std::vector<char>());
  pad(blob.bytes, 4);
  header.totalBytes = static_cast<uint32_t>(blob.bytes.size());
  memcpy(blob.bytes.data(), &header, sizeof(header));
  return blob.bytes;
}

/// Sections in file order into a file.
Bytes join(const std::vector<std::pair<SinterSection, Bytes>> &sections) {
  Bytes bytes(sizeof(SinterHeader) + sections.size() * sizeof(SinterSection));
  std::vector<SinterSection> table;
  for (const auto &[section, content] : sections) {
    bool paged = section.kind == SINTER_SECTION_IMAGE || section.kind == SINTER_SECTION_WEIGHTS;
    pad(bytes, paged ? SINTER_PAGE : SINTER_ALIGN);
    table.push_back(
        {section.kind, section.variant, bytes.size(), content.size(), sinter_digest(content.data(), content.size())});
    bytes.insert(bytes.end(), content.begin(), content.end());
  }
  memcpy(bytes.data() + sizeof(SinterHeader), table.data(), table.size() * sizeof(SinterSection));
  SinterHeader header = {{},
                         SINTER_ABI_VERSION,
                         static_cast<uint32_t>(table.size()),
                         bytes.size(),
                         sinter_digest(table.data(), table.size() * sizeof(SinterSection))};
  memcpy(header.magic, SINTER_ABI_MAGIC, 8);
  memcpy(bytes.data(), &header, sizeof(header));
  return bytes;
}

Bytes raw(const void *data, size_t size) {
  const auto *bytes = static_cast<const uint8_t *>(data);
  return Bytes(bytes, bytes + size);
}

} // namespace

std::vector<uint8_t> weights() {
  float values[50] = {};
  for (int i = 0; i < 32; ++i)
    values[i] = static_cast<float>(10 * (i / 4) + i % 4);
  for (int i = 0; i < 18; ++i)
    values[32 + i] = static_cast<float>(i / 3);
  return raw(values, sizeof(values));
}

std::vector<uint8_t> build(const Settings &settings) {
  Builder b;
  addEmbed(b);
  addForward(b);
  addSmall(b);
  if (settings.generates)
    addExtend(b);
  SinterMeta meta = {};
  meta.model = b.string("ToyModel");
  meta.numSymbolsMax = settings.generates ? 4 : 2;
  meta.functions = b.meta.table(b.functions);
  std::vector<SinterVariant> variants = {{b.string("x86-64-first"), 0, settings.features}};
  if (settings.secondVariant)
    variants.push_back({b.string("x86-64-second"), 0, 0});
  meta.variants = b.meta.table(variants);
  meta.contextTokens = settings.generates ? 100 : 5;
  meta.embedTokens = settings.embedTokens;
  meta.parameters = 50;
  memcpy(b.meta.bytes.data(), &meta, sizeof(meta));
  SinterPlan plan = {b.plan.table(b.planFunctions)};
  memcpy(b.plan.bytes.data(), &plan, sizeof(plan));

  std::vector<std::pair<SinterSection, Bytes>> sections;
  auto add = [&](uint32_t kind, uint32_t variant, const Bytes &content) {
    sections.push_back({{kind, variant, 0, 0, 0}, content});
  };
  add(SINTER_SECTION_META, 0, b.meta.bytes);
  add(SINTER_SECTION_STRINGS, 0, raw(b.strings.data(), b.strings.size()));
  add(SINTER_SECTION_CODE, 0, raw(b.code.data(), b.code.size() * 8));
  for (uint32_t i = 0; i < variants.size(); ++i)
    add(SINTER_SECTION_PLAN, i, b.plan.bytes);
  if (settings.tokenizer)
    add(SINTER_SECTION_TOKENIZER, 0, tokenizer());
  if (settings.generates) {
    add(SINTER_SECTION_GENERATION, 0, generation(static_cast<uint32_t>(b.functions.size()) - 1));
    add(SINTER_SECTION_CHAT, 0, chat(settings.chat));
  }
  for (uint32_t i = 0; i < variants.size(); ++i)
    add(SINTER_SECTION_IMAGE, i, image());
  if (settings.weights)
    add(SINTER_SECTION_WEIGHTS, 0, weights());
  return join(sections);
}

void fixDigests(std::vector<uint8_t> &bytes) {
  SinterHeader header;
  if (bytes.size() < sizeof(header))
    return;
  memcpy(&header, bytes.data(), sizeof(header));
  uint64_t table = header.numSections * sizeof(SinterSection);
  if (header.numSections > SINTER_MAX_SECTIONS || sizeof(header) + table > bytes.size())
    return;
  for (uint32_t i = 0; i < header.numSections; ++i) {
    uint8_t *at = bytes.data() + sizeof(header) + i * sizeof(SinterSection);
    SinterSection section;
    memcpy(&section, at, sizeof(section));
    if (section.offset <= bytes.size() && section.size <= bytes.size() - section.offset)
      section.digest = sinter_digest(bytes.data() + section.offset, section.size);
    memcpy(at, &section, sizeof(section));
  }
  header.digest = sinter_digest(bytes.data() + sizeof(header), table);
  memcpy(bytes.data(), &header, sizeof(header));
}

PagedBytes::PagedBytes(const std::vector<uint8_t> &from) : length(from.size()) {
  // No more than there is, so that a sanitizer sees every read beyond the end.
  void *bytes = nullptr;
  if (posix_memalign(&bytes, SINTER_PAGE, from.size() ? from.size() : 1) != 0)
    abort();
  memory.reset(static_cast<uint8_t *>(bytes));
  if (!from.empty())
    memcpy(bytes, from.data(), from.size());
}
void PagedBytes::Free::operator()(uint8_t *bytes) const { free(bytes); }

Opened::Opened(const std::vector<uint8_t> &from, const void *weights, uint64_t weightsSize) : bytes(from) {
  status = sinter_artifact_from_memory(bytes.data(), bytes.size(), weights, weightsSize, &artifact, &error);
}

void pack(const std::string &stubPath, const std::vector<uint8_t> &artifact, const std::string &path) {
  Bytes bytes = readFile(stubPath);
  auto *slot = static_cast<uint8_t *>(memmem(bytes.data(), bytes.size(), SINTER_STUB_MAGIC, 16));
  if (!slot)
    abort(); // not a stub
  SinterStubSlot filled = {{}, SINTER_STUB_FIRST_ADDRESS, artifact.size()};
  memcpy(filled.magic, SINTER_STUB_MAGIC, 16);
  memcpy(slot, &filled, sizeof(filled));
  pad(bytes, SINTER_PAGE);
  uint64_t at = bytes.size(), text = 0, imageEnd = 0, weightsAt = artifact.size();
  bytes.insert(bytes.end(), artifact.begin(), artifact.end());

  SinterHeader header;
  memcpy(&header, artifact.data(), sizeof(header));
  for (uint32_t i = 0; i < header.numSections; ++i) {
    SinterSection section;
    memcpy(&section, artifact.data() + sizeof(header) + i * sizeof(section), sizeof(section));
    if (section.kind == SINTER_SECTION_IMAGE) {
      SinterImage image;
      memcpy(&image, artifact.data() + section.offset, sizeof(image));
      text = text ? text : section.offset + image.text;
      imageEnd = section.offset + section.size;
    }
    if (section.kind == SINTER_SECTION_WEIGHTS)
      weightsAt = section.offset;
  }
  uint64_t from[3] = {0, text, weightsAt}, to[3] = {text, imageEnd, artifact.size()};
  auto *elf = reinterpret_cast<Elf64_Ehdr *>(bytes.data());
  auto *segments = reinterpret_cast<Elf64_Phdr *>(bytes.data() + elf->e_phoff);
  for (int i = 0, n = 0; i < elf->e_phnum; ++i) {
    Elf64_Phdr &segment = segments[i];
    if (segment.p_type != PT_LOAD || segment.p_vaddr < SINTER_STUB_FIRST_ADDRESS)
      continue;
    segment.p_offset = at + from[n];
    segment.p_vaddr = segment.p_paddr = SINTER_STUB_FIRST_ADDRESS + from[n];
    segment.p_filesz = segment.p_memsz = to[n] - from[n];
    segment.p_align = SINTER_PAGE;
    if (segment.p_filesz == 0)
      segment.p_type = PT_NULL;
    ++n;
  }
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char *>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  chmod(path.c_str(), 0755);
}

Ran run(const std::string &command) {
  Ran ran = {-1, ""};
  FILE *pipe = popen(("(" + command + ") 2>&1").c_str(), "r");
  if (!pipe)
    return ran;
  char buffer[4096];
  for (size_t n; (n = fread(buffer, 1, sizeof(buffer), pipe)) > 0;)
    ran.output.append(buffer, n);
  int status = pclose(pipe);
  ran.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return ran;
}

} // namespace toy

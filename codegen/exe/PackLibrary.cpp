// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Writes a model's names over the placeholders of the prebuilt shared library; the segments are packStub's work.
#include "codegen/exe/PackLibrary.h"

#include "codegen/exe/PackExecutable.h"
#include "runtime/lib/Names.h"

#include <algorithm>
#include <cctype>
#include <cstring>
#include <elf.h>

extern "C" {
extern const unsigned char sinterLibraryBegin[], sinterLibraryEnd[]; // Stub.S
}

namespace sinter::codegen {

std::span<const uint8_t> builtinLibrary() { return {sinterLibraryBegin, sinterLibraryEnd}; }

/// ".so", or with a version behind it: ".so.1.2".
static bool isLibraryEnding(std::string_view ending) {
  return ending.starts_with(".so") && ending.find_first_not_of(".0123456789", 3) == std::string_view::npos &&
         (ending.size() == 3 || (ending[3] == '.' && ending.back() != '.'));
}

std::optional<LibraryName> libraryName(const std::string &output, std::string &error) {
  size_t slash = output.rfind('/');
  LibraryName name{output.substr(slash + 1), "", slash == std::string::npos ? "" : output.substr(0, slash + 1)};
  std::string stem = name.file.substr(0, name.file.find('.'));
  if (stem.starts_with("lib") && stem.size() > 3)
    stem = stem.substr(3);
  std::replace(stem.begin(), stem.end(), '-', '_');
  // A leading underscore is C's own, and was a dash.
  bool isIdentifier = !stem.empty() && stem[0] != '_' && !std::isdigit(static_cast<unsigned char>(stem[0]));
  for (char c : stem)
    isIdentifier &= c == '_' || (static_cast<unsigned char>(c) < 128 && std::isalnum(static_cast<unsigned char>(c)));
  if (!isIdentifier || stem.size() > SINTER_LIBRARY_NAME_LENGTH)
    error = output +
            ": a library's functions are called after its file, so that name must be an identifier of at most " +
            std::to_string(SINTER_LIBRARY_NAME_LENGTH) + " characters that begins with a letter: libNAME.so";
  else if (!isLibraryEnding(std::string_view(name.file).substr(std::min(name.file.find('.'), name.file.size()))))
    error = output + ": a library's functions are called after its file, which must be an identifier and `.so`: lib" +
            stem + ".so";
  else if (name.file.size() > SINTER_LIBRARY_SONAME_LENGTH)
    error = output + ": the file's name is longer than " + std::to_string(SINTER_LIBRARY_SONAME_LENGTH) + " characters";
  else
    name.prefix = stem;
  return name.prefix.empty() ? std::nullopt : std::optional(name);
}

namespace {

uint32_t elfHash(const char *name) {
  uint32_t hash = 0;
  for (; *name; ++name) {
    hash = (hash << 4) + static_cast<unsigned char>(*name);
    uint32_t high = hash & 0xf0000000u;
    hash = (hash ^ (high >> 24)) & ~high;
  }
  return hash;
}

/// The dynamic tables of the prebuilt library. It is our own file: what is not as we linked it is a failure of ours.
class DynamicTables {
public:
  explicit DynamicTables(std::vector<uint8_t> &file) : file(file) {}

  bool rename(const LibraryName &name) {
    return find() && writeSoname(name.file) && writeSymbols(name.prefix) && rebuildHash();
  }

private:
  template <typename T> T read(uint64_t at) const {
    T value{};
    if (at <= file.size() && sizeof value <= file.size() - at)
      std::memcpy(&value, file.data() + at, sizeof value);
    return value;
  }

  /// Addresses below the first gap are offsets in the file: the script puts the headers into the first segment.
  bool find() {
    auto elf = read<Elf64_Ehdr>(0);
    for (int i = 0; i < elf.e_phnum; ++i)
      if (auto segment = read<Elf64_Phdr>(elf.e_phoff + i * sizeof(Elf64_Phdr)); segment.p_type == PT_DYNAMIC)
        for (uint64_t at = segment.p_offset; at + sizeof(Elf64_Dyn) <= segment.p_offset + segment.p_filesz;
             at += sizeof(Elf64_Dyn)) {
          auto entry = read<Elf64_Dyn>(at);
          (entry.d_tag == DT_SYMTAB   ? symbols
           : entry.d_tag == DT_STRTAB ? strings
           : entry.d_tag == DT_HASH   ? hash
           : entry.d_tag == DT_STRSZ  ? stringsSize
           : entry.d_tag == DT_SONAME ? soname
                                      : ignored) = entry.d_un.d_val;
        }
    buckets = read<uint32_t>(hash);
    count = read<uint32_t>(hash + 4);
    return symbols && strings && hash && soname && buckets && strings + stringsSize <= file.size() &&
           hash + 4 * (2 + uint64_t(buckets) + count) <= file.size() &&
           symbols + count * sizeof(Elf64_Sym) <= file.size();
  }

  /// Writes over the string at `offset`, which must be at least as long.
  bool replace(uint64_t offset, const std::string &text) {
    char *place = reinterpret_cast<char *>(file.data()) + strings + offset;
    size_t length = offset < stringsSize ? strnlen(place, stringsSize - offset) : 0;
    if (text.size() > length)
      return false;
    std::memset(place, 0, length);
    std::memcpy(place, text.data(), text.size());
    return true;
  }
  bool writeSoname(const std::string &name) { return replace(soname, name); }

  bool writeSymbols(const std::string &prefix) {
    int renamed = 0;
    for (uint32_t i = 1; i < count; ++i) {
      uint64_t offset = read<Elf64_Sym>(symbols + i * sizeof(Elf64_Sym)).st_name;
      std::string old = name(offset);
      if (!old.starts_with(SINTER_LIBRARY_PREFIX))
        continue;
      std::string word = old.substr(std::strlen(SINTER_LIBRARY_PREFIX));
      word.resize(word.find_last_not_of('_') + 1);
      if (!replace(offset, prefix + "_" + word))
        return false;
      ++renamed;
    }
    return renamed == 6;
  }

  bool rebuildHash() {
    std::vector<uint32_t> table(2 + uint64_t(buckets) + count, 0);
    table[0] = buckets;
    table[1] = count;
    for (uint32_t i = count; i-- > 1;) {
      uint32_t &first =
          table[2 + elfHash(name(read<Elf64_Sym>(symbols + i * sizeof(Elf64_Sym)).st_name).c_str()) % buckets];
      table[2 + buckets + i] = first;
      first = i;
    }
    std::memcpy(file.data() + hash, table.data(), 4 * table.size());
    return true;
  }

  std::string name(uint64_t offset) const {
    const char *place = reinterpret_cast<const char *>(file.data()) + strings + offset;
    return offset < stringsSize ? std::string(place, strnlen(place, stringsSize - offset)) : "";
  }

  std::vector<uint8_t> &file;
  uint64_t symbols = 0, strings = 0, stringsSize = 0, hash = 0, soname = 0, ignored = 0;
  uint32_t buckets = 0, count = 0;
};

} // namespace

std::vector<uint8_t> packLibrary(std::span<const uint8_t> library, std::span<const uint8_t> head,
                                 const LibraryName &name, std::string &error) {
  std::vector<uint8_t> out = packStub(library, head, error);
  if (!out.empty() && !DynamicTables(out).rename(name)) {
    error = "the shared runtime has no places for a model's names";
    out.clear();
  }
  return out;
}

} // namespace sinter::codegen

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See Store.h. Each struct is walked once, for writing and reading alike, through a binding of all its members: a member
// that is added and not walked does not compile.
#include "codegen/artifact/Store.h"

#include <cstring>
#include <map>
#include <type_traits>

namespace sinter::codegen {
namespace {

// ---- the walk ----

template <typename S> void walk(S &s, TensorInfo &v) {
  auto &[name, dtype, dims, defaultValue, state] = v;
  s(name, dtype, dims, defaultValue, state);
}
template <typename S> void walk(S &s, CheckInfo &v) {
  auto &[lhs, rhs, predicate, message, shown, site] = v;
  s(lhs, rhs, predicate, message, shown, site);
}
template <typename S> void walk(S &s, FunctionInfo &v) {
  auto &[name, causal, symbols, args, results, checks] = v;
  s(name, causal, symbols, args, results, checks);
}
template <typename S> void walk(S &s, Operand &v) {
  auto &[space, index, offset, bytes, strides] = v;
  s(space, index, offset, bytes, strides);
}
template <typename S> void walk(S &s, Cost &v) {
  auto &[products, scalars, bytes, lines, weights, floats, results] = v;
  s(products, scalars, bytes, lines, weights, floats, results);
}
template <typename S> void walk(S &s, Record &v) {
  auto &[kind, entry, operands, grid, count, length, site, cost] = v;
  s(kind, entry, operands, grid, count, length, site, cost);
}
template <typename S> void walk(S &s, PlanFunction &v) {
  auto &[records, slots] = v;
  s(records, slots);
}
template <typename S> void walk(S &s, Variant &v) {
  auto &[name, features, plans, entries, image] = v;
  s(name, features, plans, entries, image);
}
template <typename S> void walk(S &s, PreparedWeight &v) {
  auto &[name, offset, bytes] = v;
  s(name, offset, bytes);
}
template <typename S> void walk(S &s, Artifact &v) {
  auto &[model, functions, variants, constants, tokenizer, generation, chat, weights, weightBytes, contextTokens, embedTokens,
         parameters] = v;
  s(model, functions, variants, constants, tokenizer, generation, chat, weights, weightBytes, contextTokens, embedTokens,
    parameters);
}

template <typename T> constexpr bool isByte = std::is_same_v<T, uint8_t> || std::is_same_v<T, char>;

// ---- writing ----

/// Dimensions are written once each, in front, and named by number: a plan says the same few again and again.
class Writer {
public:
  template <typename... T> void operator()(T &...values) { (put(values), ...); }

  void finish(std::vector<uint8_t> &out) {
    std::vector<uint8_t> body = std::move(bytes);
    bytes.clear();
    number(order.size());
    for (const std::string &text : order)
      put(text);
    number(body.size());
    out.insert(out.end(), bytes.begin(), bytes.end());
    out.insert(out.end(), body.begin(), body.end());
  }

private:
  void number(uint64_t value) {
    const auto *from = reinterpret_cast<const uint8_t *>(&value);
    bytes.insert(bytes.end(), from, from + sizeof value);
  }
  void put(uint32_t value) { number(value); }
  void put(uint64_t value) { number(value); }
  void put(double value) {
    uint64_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    number(bits);
  }
  void put(const std::string &text) {
    number(text.size());
    bytes.insert(bytes.end(), text.begin(), text.end());
  }
  void put(const Dim &dim) {
    auto [it, isNew] = numbers.try_emplace(dim, order.size());
    if (isNew)
      order.push_back(dim.str());
    number(it->second);
  }
  template <typename T> void put(std::optional<T> &value) {
    number(value.has_value());
    if (value)
      put(*value);
  }
  void put(std::vector<bool> &list) {
    number(list.size());
    bytes.insert(bytes.end(), list.begin(), list.end());
  }
  template <typename T> void put(std::vector<T> &list) {
    number(list.size());
    if constexpr (isByte<T>)
      bytes.insert(bytes.end(), list.begin(), list.end());
    else
      for (T &item : list)
        put(item);
  }
  template <typename T>
    requires std::is_aggregate_v<T>
  void put(T &value) {
    walk(*this, value);
  }

  std::vector<uint8_t> bytes;
  std::map<Dim, uint64_t> numbers;
  std::vector<std::string> order;
};

// ---- reading ----

class Reader {
public:
  explicit Reader(std::span<const uint8_t> bytes) : left(bytes) {}
  template <typename... T> void operator()(T &...values) { (get(values), ...); }

  /// The dimensions and the size of what follows them.
  bool begin() {
    uint64_t count = number();
    if (count > left.size())
      return false;
    for (uint64_t i = 0; i < count && ok; ++i) {
      std::string text;
      get(text);
      auto dim = Dim::parse(text);
      ok &= dim.has_value();
      if (dim)
        dims.push_back(std::move(*dim));
    }
    uint64_t size = number();
    ok &= size <= left.size();
    if (ok) {
      behind = left.subspan(size);
      left = left.first(size);
    }
    return ok;
  }

  bool ok = true;
  std::span<const uint8_t> left, behind;

private:
  std::span<const uint8_t> take(uint64_t count) {
    ok &= count <= left.size();
    if (!ok)
      return {};
    auto taken = left.first(count);
    left = left.subspan(count);
    return taken;
  }
  uint64_t number() {
    uint64_t value = 0;
    if (auto from = take(sizeof value); !from.empty())
      std::memcpy(&value, from.data(), sizeof value);
    return value;
  }
  /// Of items, each of which has at least one byte.
  uint64_t count() {
    uint64_t value = number();
    ok &= value <= left.size();
    return ok ? value : 0;
  }
  void get(uint32_t &value) { value = uint32_t(number()); }
  void get(uint64_t &value) { value = number(); }
  void get(double &value) {
    uint64_t bits = number();
    std::memcpy(&value, &bits, sizeof value);
  }
  void get(std::string &text) {
    auto from = take(count());
    text.assign(from.begin(), from.end());
  }
  void get(Dim &dim) {
    uint64_t at = number();
    ok &= at < dims.size();
    if (ok)
      dim = dims[at];
  }
  template <typename T> void get(std::optional<T> &value) {
    if (number())
      get(value.emplace());
  }
  void get(std::vector<bool> &list) {
    auto from = take(count());
    list.assign(from.begin(), from.end());
  }
  template <typename T> void get(std::vector<T> &list) {
    uint64_t size = count();
    if constexpr (isByte<T>) {
      auto from = take(size);
      list.assign(from.begin(), from.end());
    } else {
      for (uint64_t i = 0; i < size && ok; ++i)
        get(list.emplace_back());
    }
  }
  template <typename T>
    requires std::is_aggregate_v<T>
  void get(T &value) {
    walk(*this, value);
  }

  std::vector<Dim> dims;
};

} // namespace

void store(const Artifact &artifact, std::vector<uint8_t> &out) {
  Artifact copy = artifact; // the walk serves reading, too
  Writer writer;
  walk(writer, copy);
  writer.finish(out);
}

std::optional<Artifact> restore(std::span<const uint8_t> &bytes) {
  Reader reader(bytes);
  Artifact artifact;
  if (!reader.begin())
    return std::nullopt;
  walk(reader, artifact);
  if (!reader.ok || !reader.left.empty())
    return std::nullopt;
  bytes = reader.behind;
  return artifact;
}

} // namespace sinter::codegen

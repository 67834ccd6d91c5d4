// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The constructor of sums (rules 3, 4 and 6). Coefficients live here alone: a product has none.
#include "passes/raising/Depth.h"

#include <cmath>

using namespace llvm;
using namespace sinter::passes::raising;
using Kind = Term::Kind;

Entries Terms::entriesOf(const Term *t, double &number) {
  number = t->is(Kind::Add) || t->is(Kind::Const) ? t->number : 0;
  if (t->is(Kind::Add))
    return t->entries;
  return t->is(Kind::Const) ? Entries() : Entries{{t, 1}};
}

namespace {
/// A coefficient while it is added up. Sums that lose digits are noticed, not made.
struct Total {
  double value = 0, largest = 0;

  /// False if digits were lost.
  bool add(double part) {
    if (part == 0)
      return true;
    double small = std::min(std::abs(value), std::abs(part)), big = std::max(std::abs(value), std::abs(part));
    bool kept = value == 0 || small > 1e-9 * big;
    value += part;
    largest = std::max(largest, std::abs(part));
    if (std::abs(value) <= 1e-12 * largest)
      value = largest = 0;
    return kept && std::isfinite(value) && std::abs(value) < 1e150;
  }
};
} // namespace

/// The scalar that is pulled out of a sum: the size of the entry that is first by structure, the sign of the constant
/// if there is one. Nothing is rescaled by a huge or a tiny number.
double Terms::leadOf(const Term *sum) const {
  const Entry *first = nullptr;
  for (const Entry &entry : sum->entries)
    if (!first || entry.term->hash < first->term->hash ||
        (entry.term->hash == first->term->hash && entry.factor > first->factor))
      first = &entry;
  double lead = first->factor, size = std::abs(lead);
  if ((size <= 1e-4 || size >= 1e4) && sum->entries.size() + (sum->number != 0) > 1)
    return 1;
  return sum->number == 0 || (lead > 0) == (sum->number > 0) ? lead : -lead;
}

/// 1 or -1: which of t and -t this is; 0 if structure does not tell.
int Terms::orientation(const Term *t) const {
  if (t->is(Kind::Const))
    return t->number < 0 ? -1 : t->number > 0;
  if (!t->is(Kind::Add))
    return 1;
  std::map<uint64_t, double> byStructure;
  for (const Entry &entry : t->entries)
    byStructure[entry.term->hash] += entry.factor;
  for (auto [hash, factor] : byStructure)
    if (std::abs(factor) > 1e-9)
      return factor > 0 ? 1 : -1;
  return t->number < 0 ? -1 : t->number > 0;
}

const Term *Terms::add(ArrayRef<Entry> items, double number) {
  SmallVector<const Term *> given;
  for (const Entry &item : items)
    given.push_back(item.term);
  Depth guard(depth);
  if (guard.tooDeep || table.size() > maxTerms)
    return opaque(given);

  std::map<unsigned, std::pair<const Term *, Total>> totals; // by the terms' ids
  Total constant;
  bool kept = constant.add(number);
  auto put = [&](const Term *t, double factor) {
    auto &[term, total] = totals[t->id];
    term = t;
    kept &= total.add(factor);
  };
  for (const auto &[t, c] : items) {
    if (c == 0)
      continue;
    // A huge factor stays outside a sum of several entries: inside it would swallow the rest.
    bool outside = t->is(Kind::Add) && std::abs(c) >= 1e4 && t->entries.size() + (t->number != 0) > 1;
    if (outside) {
      put(t, c);
      continue;
    }
    double own;
    for (const Entry &entry : entriesOf(t, own))
      put(entry.term, c * entry.factor);
    kept &= constant.add(c * own);
  }
  if (!kept)
    return opaque(given);

  Entries entries;
  for (auto &[id, slot] : totals)
    if (double factor = canonical(slot.second.value))
      entries.push_back({slot.first, factor});
  number = canonical(constant.value);
  if (foldIndicators(entries, number) || foldSigmoids(entries, number))
    return add(entries, number);
  if (entries.empty())
    return this->constant(number);
  if (number == 0 && entries.size() == 1 && entries[0].factor == 1)
    return entries[0].term;
  if (const Term *grouped = groupNormalizer(entries, number))
    return grouped;
  if (number == 0 && entries.size() > 1)
    if (const Term *product = commonFactor(entries))
      return product;
  Term sum(Kind::Add);
  sum.entries = std::move(entries);
  sum.number = number;
  return make(std::move(sum));
}

/// c * e / (1 + e) - c = -c / (1 + e), for an exponential e: of a sigmoid and its opposite one stands for both.
bool Terms::foldSigmoids(Entries &entries, double &number) {
  if (number == 0)
    return false;
  for (Entry &entry : entries) {
    const Term *product = entry.term;
    if (!product->is(Kind::Mul) || product->entries.size() != 2 || std::abs(entry.factor + number) > 4e-13 * std::abs(number))
      continue;
    bool isFirst = product->entries[0].term->is(Kind::Exp);
    const Entry &power = product->entries[isFirst ? 0 : 1], &below = product->entries[isFirst ? 1 : 0];
    const Term *sum = below.term;
    if (!power.term->is(Kind::Exp) || power.factor != 1 || below.factor != -1 || !sum->is(Kind::Add) || sum->number != 1 ||
        sum->entries.size() != 1 || sum->entries[0].term != power.term || sum->entries[0].factor != 1)
      continue;
    entry = {pow(sum, -1), number};
    number = 0;
    return true;
  }
  return false;
}

static const Entry *findBase(const Term *product, const Term *base) {
  for (const Entry &entry : product->entries)
    if (entry.term == base)
      return &entry;
  return nullptr;
}

/// x * V^-1/2 - m * V^-1/2 = (x - m) * V^-1/2, where V holds (sum x)^2 and an entry holds that sum.
const Term *Terms::groupNormalizer(ArrayRef<Entry> items, double number) {
  std::map<unsigned, Entries> sharing; // by the id of V
  for (const Entry &item : items)
    if (item.term->is(Kind::Mul))
      for (const Entry &factor : item.term->entries)
        if (factor.factor == -0.5 && factor.term->is(Kind::Add))
          sharing[factor.term->id].push_back(item);
  for (auto &[id, group] : sharing) {
    const Term *normalizer = &table[id];
    bool centred = llvm::any_of(normalizer->entries, [&](const Entry &entry) {
      const Term *square = entry.term;
      // (sum x)^2, over the size where that is a symbol.
      return square->is(Kind::Mul) && llvm::any_of(square->entries, [&](const Entry &power) {
        return power.factor == 2 &&
               llvm::any_of(group, [&](const Entry &item) { return findBase(item.term, power.term); });
      });
    });
    if (group.size() < 2 || !centred)
      continue;
    Entries inside, rest;
    for (const Entry &item : items) {
      if (llvm::any_of(group, [&](const Entry &other) { return other.term == item.term; }))
        inside.push_back({mul({{item.term, 1}, {normalizer, 0.5}}), item.factor});
      else
        rest.push_back(item);
    }
    rest.push_back({mul({{add(inside), 1}, {normalizer, -0.5}}), 1});
    return add(rest, number);
  }
  return nullptr;
}

/// Factors that every entry has, with exponents of one sign, leave the sum; a norm's root does not.
const Term *Terms::commonFactor(ArrayRef<Entry> items) {
  Entries common;
  for (auto [position, item] : llvm::enumerate(items)) {
    Entries own;
    if (item.term->is(Kind::Mul)) {
      for (const Entry &entry : item.term->entries)
        if (entry.factor != -0.5)
          own.push_back(entry);
    } else {
      own.push_back({item.term, 1});
    }
    if (position == 0) {
      common = own;
      continue;
    }
    Entries kept;
    for (const Entry &entry : common)
      for (const Entry &other : own)
        if (other.term == entry.term && other.factor * entry.factor > 0)
          kept.push_back({entry.term, std::abs(other.factor) < std::abs(entry.factor) ? other.factor : entry.factor});
    common = kept;
    if (common.empty())
      return nullptr;
  }
  Entries inside;
  for (const Entry &item : items) {
    Entries factors = item.term->is(Kind::Mul) ? item.term->entries : Entries{{item.term, 1}};
    for (Entry &factor : factors)
      for (const Entry &entry : common)
        if (entry.term == factor.term)
          factor.factor -= entry.factor;
    inside.push_back({mul(factors), item.factor});
  }
  Entries product = common;
  product.push_back({add(inside), 1});
  return mul(product);
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Pages by number; see Pages.h.

#include "runtime/generate/Pages.h"

#include "runtime/core/Error.h"

namespace sinter::generate {

bool Pages::start(uint32_t count) {
  holders.size = free.size = 0;
  next = 1;
  inUse = most = 0;
  return holders.resize(count) && free.reserve(count);
}

int32_t Pages::take() {
  int32_t page = 0;
  if (free.size)
    page = free[--free.size];
  else if (next < holders.size)
    page = static_cast<int32_t>(next++);
  if (!page)
    return 0;
  holders[static_cast<uint32_t>(page)] = 1;
  if (++inUse > most)
    most = inUse;
  return page;
}

void Pages::release(int32_t page) {
  if (!page || --holders[static_cast<uint32_t>(page)])
    return;
  free.push(page); // room was reserved for all
  --inUse;
}

bool Pages::share(const PageTable &from, PageTable *to) {
  if (&from == to)
    return true;
  if (!to->pages.reserve(from.pages.size))
    return false;
  for (int32_t page : from.pages)
    if (page)
      ++holders[static_cast<uint32_t>(page)];
  clear(to);
  to->firstKept = from.firstKept;
  return to->pages.assign(from.pages);
}

void Pages::forget(PageTable *table, uint32_t first) {
  uint32_t end = first / pageTokens;
  if (end > table->pages.size)
    end = static_cast<uint32_t>(table->pages.size);
  for (; table->firstKept < end; ++table->firstKept) {
    release(table->pages[table->firstKept]);
    table->pages[table->firstKept] = 0;
  }
}

void Pages::clear(PageTable *table) {
  for (int32_t page : table->pages)
    release(page);
  table->pages.size = 0;
  table->firstKept = 0;
}

bool pagesWanted(uint32_t prompt, uint32_t last, uint32_t rows, uint32_t window, uint32_t chunk, uint64_t *pages) {
  uint64_t shared = prompt / pageTokens, whole = (uint64_t{last} + pageTokens - 1) / pageTokens, all;
  if (!runtime::mulChecked<uint64_t>(rows, whole - shared, &all) || !runtime::addChecked(all, shared, &all))
    return false;
  if (window) {
    uint64_t reading = (uint64_t{window} + (chunk < prompt ? chunk : prompt)) / pageTokens + 2, each = (uint64_t{window} + 1) / pageTokens + 2, few;
    if (runtime::mulChecked<uint64_t>(rows, each, &few) && runtime::addChecked(few, reading, &few) && few < all)
      all = few;
  }
  *pages = all;
  return true;
}

} // namespace sinter::generate

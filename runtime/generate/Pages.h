// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Who holds which page of the cache: numbers of pages enter and leave, never their contents. Rows share pages (a
// prompt's, between its beams and samples); a page that is about to be written is made the row's own first. Page 0 is
// all zeros, belongs to nobody and is what a table says where a row has no page. C headers only.

#ifndef SINTER_RUNTIME_GENERATE_PAGES_H
#define SINTER_RUNTIME_GENERATE_PAGES_H

#include "runtime/generate/List.h"
#include "runtime/generate/Stepper.h"

namespace sinter::generate {

/// A row's pages in order of its tokens; 0 behind a window.
struct PageTable {
  List<int32_t> pages;
  uint32_t firstKept = 0; ///< those before it have been given back
};

class Pages {
public:
  /// All of 1 .. count - 1 become free; every table must be empty.
  bool start(uint32_t count);

  /// The row is about to write tokens [length, length + count): their pages become its own, `copy` called for each that
  /// was shared. False when memory for the table is short or no page is free (the caller has reckoned the most).
  template <typename Copy> bool own(PageTable *table, uint32_t length, uint32_t count, Copy copy) {
    for (uint32_t index = length / pageTokens; index <= (length + count - 1) / pageTokens; ++index) {
      if (index >= table->pages.size && !table->pages.resize(index + 1))
        return false;
      int32_t &page = table->pages[index];
      if (page && holders[static_cast<uint32_t>(page)] == 1)
        continue;
      int32_t fresh = take();
      if (!fresh)
        return false;
      if (page) {
        copy(static_cast<uint32_t>(page), static_cast<uint32_t>(fresh));
        release(page);
      }
      page = fresh;
    }
    return true;
  }

  /// `to` holds what `from` holds, in place of what it held. They may be the same.
  bool share(const PageTable &from, PageTable *to);
  /// Gives back the pages that lie wholly before token `first`.
  void forget(PageTable *table, uint32_t first);
  /// Gives back all.
  void clear(PageTable *table);

  uint32_t used() const { return inUse; }
  uint32_t mostUsed() const { return most; }
  uint32_t holdersOf(int32_t page) const { return holders[static_cast<uint32_t>(page)]; }

private:
  int32_t take();
  void release(int32_t page);

  List<uint32_t> holders; ///< of each page
  List<int32_t> free;     ///< given back, the last one first
  uint32_t next = 1;      ///< those from here on were never used: their memory is untouched
  uint32_t inUse = 0, most = 0;
};

/// The most pages that a prompt's rows may hold at once: they share what `prompt` tokens fill, and each writes on until
/// it has `last` tokens. `chunk` tokens are written in one call at most. False where that is no number of pages.
bool pagesWanted(uint32_t prompt, uint32_t last, uint32_t rows, uint32_t window, uint32_t chunk, uint64_t *pages);

} // namespace sinter::generate

#endif // SINTER_RUNTIME_GENERATE_PAGES_H

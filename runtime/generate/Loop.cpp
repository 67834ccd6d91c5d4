// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The order of a run: check, make room, read the sources, read the prompts, step; see Loop.h. Choosing is Choose.cpp's.

#include "runtime/generate/Loop.h"

#include "runtime/core/Error.h"

#include <inttypes.h>
#include <time.h>

namespace sinter::generate {

using runtime::fail;

namespace {

double now() {
  timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

sinter_status noMemory(sinter_error *error) {
  return fail(error, SINTER_OUT_OF_MEMORY, "no memory for the rows of a batch");
}

/// Long prompts first; equally long ones in their order.
struct LongerFirst {
  uint32_t length, prompt;
  static int compare(const void *left, const void *right) {
    const auto *a = static_cast<const LongerFirst *>(left), *b = static_cast<const LongerFirst *>(right);
    if (a->length != b->length)
      return a->length > b->length ? -1 : 1;
    return a->prompt < b->prompt ? -1 : a->prompt > b->prompt;
  }
};

} // namespace

bool Loop::Block::make(uint64_t bytes) {
  free(data);
  data = nullptr;
  return bytes <= SIZE_MAX && posix_memalign(&data, 64, bytes ? bytes : 64) == 0;
}

void Loop::clockFirstToken() {
  if (stats.firstTokenSeconds == 0)
    stats.firstTokenSeconds = now() - started;
}

sinter_status Loop::run(const Stepper &model, const Request &wanted, sinter_error *error) {
  stepper = model;
  request = wanted;
  stats = Stats();
  sequences.clear();
  rows.clear();
  if (!stepper.reserve)
    request.chunk = UINT32_MAX; // every call reads the whole history anyway
  SINTER_GENERATE_TRY(check(error));
  perPrompt = hasBeams() ? request.settings.beams : request.settings.samples;
  started = now();
  SINTER_GENERATE_TRY(prepare(error));
  sinter_status status = stepper.begin ? readSources(error) : SINTER_OK;
  if (status == SINTER_OK)
    status = prefill(error);
  double read = now();
  stats.prefillSeconds = read - started;
  if (status == SINTER_OK)
    status = decode(error);
  stats.decodeSeconds = now() - read;
  stats.cachePages = pages.mostUsed();
  if (status == SINTER_CANCELLED)
    SINTER_GENERATE_TRY(cancelRows(error));
  if (status == SINTER_NOT_FINITE && stepper.spoil)
    stepper.spoil(stepper.self);
  for (size_t i = 0; i < sequences.size; ++i)
    stats.newTokens += sequences[i].tokens.size;
  if (status == SINTER_CANCELLED)
    return fail(error, SINTER_CANCELLED, "cancelled after %" PRIu64 " new tokens", stats.newTokens);
  return status;
}

/// Rows, pages, and the memory in which tokens are chosen.
sinter_status Loop::prepare(sinter_error *error) {
  const sample::Settings &settings = request.settings;
  uint32_t answers = hasBeams() ? settings.returned : settings.samples;
  if (!rows.make(size_t{request.promptCount} * perPrompt) || !sequences.make(size_t{request.promptCount} * answers) ||
      !spare.make(hasBeams() ? perPrompt : 0) || !top.resize(settings.topLogProbs) ||
      !choosing.make(sample::Workspace::bytes(stepper.shape.vocabulary)) ||
      !stopMemory.make(sample::StopMatcher::bytes(settings)))
    return noMemory(error);
  workspace.bind(choosing.data, sample::Workspace::bytes(stepper.shape.vocabulary), stepper.shape.vocabulary);
  SINTER_GENERATE_TRY(stops.build(settings, stopMemory.data, sample::StopMatcher::bytes(settings), error));
  for (uint32_t i = 0; i < sequences.size; ++i) {
    sequences[i].prompt = i / answers;
    sequences[i].sample = i % answers;
  }
  return prepareRows(error);
}

sinter_status Loop::prepareRows(sinter_error *error) {
  const sample::Settings &settings = request.settings;
  uint64_t wanted = 1;
  List<const int32_t *> prompts;
  List<uint32_t> promptLengths;
  sample::BeamShape shape{stepper.shape.vocabulary, request.promptCount, 0};
  for (uint32_t p = 0; p < request.promptCount; ++p) {
    uint32_t length = promptLength(p), last = length + settings.maxNewTokens - 1;
    uint64_t own = 0;
    if (!pagesWanted(length, last, perPrompt, stepper.shape.window, request.chunk, &own) ||
        !runtime::addChecked(wanted, own, &wanted))
      wanted = UINT64_MAX / 2;
    const int32_t *ids = stepper.begin ? &request.decoderStart : request.prompts[p].ids;
    for (uint32_t r = 0; r < perPrompt; ++r) {
      Row &row = rowsOf(p)[r];
      row.prompt = p;
      row.sample = r;
      if ((r == 0 && !row.tokens.append(ids, length)) ||
          !row.stream.start(request.tokenizer, settings.stopStringCount ? &stops : nullptr, request.showSpecial))
        return noMemory(error);
    }
    shape.longestPrompt = length > shape.longestPrompt ? length : shape.longestPrompt;
    stats.promptTokens += request.prompts[p].count;
    if (!prompts.push(ids) || !promptLengths.push(length))
      return noMemory(error);
  }
  if (!scratch.start(request.tokenizer, settings.stopStringCount ? &stops : nullptr, request.showSpecial))
    return noMemory(error);
  if (stepper.reserve) {
    if (wanted > INT32_MAX)
      return fail(error, SINTER_OUT_OF_MEMORY, "the cache would need %" PRIu64 " pages of %u tokens, at most %d are possible",
                  wanted, pageTokens, INT32_MAX);
    if (!pages.start(static_cast<uint32_t>(wanted)))
      return noMemory(error);
    SINTER_GENERATE_TRY(stepper.reserve(stepper.self, static_cast<uint32_t>(wanted), error));
  }
  if (!hasBeams())
    return SINTER_OK;
  uint64_t bytes = 0;
  if (!sample::BeamSearch::bytes(settings, shape, &bytes) || !beamMemory.make(bytes))
    return fail(error, SINTER_OUT_OF_MEMORY, "no memory for %u beams of %u prompts", settings.beams,
                request.promptCount);
  return beams.start(settings, shape, prompts.data, promptLengths.data, beamMemory.data, bytes, error);
}

/// One call for all sources: padded behind, the mask says where.
sinter_status Loop::readSources(sinter_error *error) {
  Sources all;
  List<int32_t> mask;
  all.rows = request.promptCount;
  for (uint32_t p = 0; p < all.rows; ++p)
    all.width = request.prompts[p].count > all.width ? request.prompts[p].count : all.width;
  uint64_t size;
  if (!runtime::mulChecked<uint64_t>(all.rows, all.width, &size) || !ids.resize(size) || !mask.resize(size) ||
      !adapters.resize(all.rows))
    return noMemory(error);
  for (uint32_t p = 0; p < all.rows; ++p) {
    const Prompt &prompt = request.prompts[p];
    adapters[p] = prompt.adapter;
    for (uint32_t i = 0; i < all.width; ++i) {
      bool isThere = i < prompt.count;
      size_t at = size_t{p} * all.width + i;
      ids[at] = isThere ? prompt.ids[i] : request.settings.padToken > 0 ? request.settings.padToken : 0;
      mask[at] = isThere && (!prompt.mask || prompt.mask[i]);
      all.padded |= !mask[at];
    }
  }
  all.ids = ids.data;
  all.mask = mask.data;
  all.adapter = adapters.data;
  if (isCancelled())
    return SINTER_CANCELLED;
  return stepper.begin(stepper.self, all, error);
}

/// Calls of at most `chunk` tokens; prompts of about the same length share them. A prompt that has been read begins its
/// rows at once: the first token does not wait for the other prompts.
sinter_status Loop::prefill(sinter_error *error) {
  List<LongerFirst> order;
  for (uint32_t p = 0; p < request.promptCount; ++p)
    if (!order.push({promptLength(p), p}))
      return noMemory(error);
  qsort(order.data, order.size, sizeof(LongerFirst), LongerFirst::compare);
  for (size_t first = 0; first < order.size;) {
    auto rest = [&](size_t i) { return order[i].length - rowsOf(order[i].prompt)->cached; };
    if (!rest(first)) {
      ++first;
      continue;
    }
    if (isCancelled())
      return SINTER_CANCELLED;
    uint32_t width = rest(first) < request.chunk ? rest(first) : request.chunk;
    picked.size = 0;
    for (size_t i = first; i < order.size && (picked.size + 1) * width <= request.chunk; ++i)
      if (rest(i) && !picked.push(order[i].prompt * perPrompt))
        return noMemory(error);
    const float *logits = nullptr;
    SINTER_GENERATE_TRY(call(width, &logits, error));
    for (size_t i = 0; i < picked.size; ++i) {
      const Row &row = rows[picked[i]];
      if (row.cached == promptLength(row.prompt))
        SINTER_GENERATE_TRY(beginRows(row.prompt, logits + i * stepper.shape.vocabulary, error));
    }
  }
  return SINTER_OK;
}

/// A token for every row that goes on, again and again. A call has whole prompts, and at most `chunk` rows if it can.
sinter_status Loop::decode(sinter_error *error) {
  List<const float *> beamRows;
  if (!beamRows.resize(perPrompt))
    return noMemory(error);
  for (bool any = true; any;) {
    any = false;
    for (uint32_t prompt = 0; prompt < request.promptCount;) {
      picked.size = 0;
      for (; prompt < request.promptCount; ++prompt) {
        size_t before = picked.size;
        for (uint32_t r = 0; r < perPrompt; ++r)
          if (rowsOf(prompt)[r].active && !picked.push(prompt * perPrompt + r))
            return noMemory(error);
        if (before && picked.size > request.chunk) {
          picked.size = before;
          break;
        }
      }
      if (!picked.size)
        continue;
      any = true;
      if (isCancelled())
        return SINTER_CANCELLED;
      const float *logits = nullptr;
      SINTER_GENERATE_TRY(call(1, &logits, error));
      for (size_t i = 0; i < picked.size; i += hasBeams() ? perPrompt : 1) {
        Row &row = rows[picked[i]];
        for (uint32_t r = 0; hasBeams() && r < perPrompt; ++r)
          beamRows[r] = logits + (i + r) * stepper.shape.vocabulary;
        SINTER_GENERATE_TRY(hasBeams() ? chooseBeams(row.prompt, beamRows.data, error)
                                       : chooseRow(row, logits + i * stepper.shape.vocabulary, error));
      }
    }
  }
  return SINTER_OK;
}

/// Feeds each picked row its next tokens, at most `width`.
sinter_status Loop::call(uint32_t width, const float **logits, sinter_error *error) {
  Step step;
  step.rows = static_cast<uint32_t>(picked.size);
  step.width = width;
  ids.size = tables.size = 0;
  if (!ids.resize(size_t{step.rows} * width) || !counts.resize(step.rows) || !lengths.resize(step.rows) ||
      !sources.resize(step.rows) || !adapters.resize(step.rows) || !histories.resize(step.rows))
    return noMemory(error);
  for (uint32_t i = 0; i < step.rows; ++i) {
    Row &row = rows[picked[i]];
    uint32_t rest = static_cast<uint32_t>(row.tokens.size) - row.cached, count = rest < width ? rest : width;
    memcpy(&ids[size_t{i} * width], &row.tokens[row.cached], count * sizeof(int32_t));
    counts[i] = static_cast<int32_t>(count);
    lengths[i] = static_cast<int32_t>(row.cached);
    sources[i] = static_cast<int32_t>(row.prompt);
    adapters[i] = request.prompts[row.prompt].adapter;
    histories[i] = row.tokens.data;
    auto copy = [&](uint32_t from, uint32_t to) { stepper.copyPage(stepper.self, from, to); };
    if (stepper.reserve && !pages.own(&row.table, row.cached, count, copy))
      return noMemory(error);
    uint32_t held = static_cast<uint32_t>(row.table.pages.size);
    step.pagesPerRow = held > step.pagesPerRow ? held : step.pagesPerRow;
  }
  if (!tables.resize(size_t{step.rows} * step.pagesPerRow))
    return noMemory(error);
  for (uint32_t i = 0; i < step.rows; ++i) {
    const PageTable &table = rows[picked[i]].table;
    if (table.pages.size)
      memcpy(&tables[size_t{i} * step.pagesPerRow], table.pages.data, table.pages.size * sizeof(int32_t));
  }
  step.ids = ids.data;
  step.count = counts.data;
  step.length = lengths.data;
  step.pages = stepper.reserve ? tables.data : nullptr;
  step.source = sources.data;
  step.adapter = adapters.data;
  step.history = histories.data;
  SINTER_GENERATE_TRY(stepper.extend(stepper.self, step, logits, error));
  for (uint32_t i = 0; i < step.rows; ++i) {
    Row &row = rows[picked[i]];
    row.cached += static_cast<uint32_t>(counts[i]);
    if (stepper.shape.window && row.cached > stepper.shape.window)
      pages.forget(&row.table, row.cached - stepper.shape.window);
  }
  return SINTER_OK;
}

} // namespace sinter::generate

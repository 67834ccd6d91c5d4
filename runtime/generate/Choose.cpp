// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What happens to rows behind a call: each chooses its next token, beams change places, what ends is told and leaves.

#include "runtime/generate/Loop.h"

#include "runtime/core/Error.h"

namespace sinter::generate {

using runtime::fail;
using sample::Hypothesis;

namespace {

sinter_status noMemory(sinter_error *error) {
  return fail(error, SINTER_OUT_OF_MEMORY, "no memory for the answer of a row");
}

template <typename T> void swap(T &a, T &b) {
  T kept = a;
  a = b;
  b = kept;
}
template <typename T> void swapLists(List<T> &a, List<T> &b) {
  swap(a.data, b.data);
  swap(a.size, b.size);
  swap(a.capacity, b.capacity);
}

} // namespace

void Loop::tell(const Piece &piece) const {
  if (request.listener.piece)
    request.listener.piece(request.listener.user, piece);
}

sinter_status Loop::noteLogits(uint32_t prompt, uint32_t position, sinter_status status, const sinter_error &inner,
                               sinter_error *error) const {
  return fail(error, status, "prompt %u, position %u: %.900s", prompt + 1, position, inner.message);
}

/// The prompt has been read: its rows begin where it ends, sharing its pages.
sinter_status Loop::beginRows(uint32_t prompt, const float *logits, sinter_error *error) {
  Row *first = rowsOf(prompt);
  first->active = true;
  for (uint32_t r = 1; r < perPrompt; ++r) {
    Row &row = first[r];
    row.active = true;
    row.cached = first->cached;
    if (!row.tokens.assign(first->tokens) || (stepper.reserve && !pages.share(first->table, &row.table)))
      return noMemory(error);
  }
  if (hasBeams()) {
    List<const float *> same;
    for (uint32_t r = 0; r < perPrompt; ++r)
      if (!same.push(logits))
        return noMemory(error);
    return chooseBeams(prompt, same.data, error);
  }
  for (uint32_t r = 0; r < perPrompt; ++r)
    SINTER_GENERATE_TRY(chooseRow(first[r], logits, error));
  return SINTER_OK;
}

sinter_status Loop::chooseRow(Row &row, const float *logits, sinter_error *error) {
  const sample::Settings &settings = request.settings;
  Sequence &sequence = sequences[size_t{row.prompt} * perPrompt + row.sample];
  uint32_t promptTokens = promptLength(row.prompt), position = static_cast<uint32_t>(row.tokens.size);
  sample::Choice choice;
  sinter_error inner;
  sinter_status status =
      chooseToken(settings, workspace, {logits, {row.tokens.data, position, promptTokens}, row.sample}, &choice,
                  settings.topLogProbs ? top.data : nullptr, &inner);
  if (status != SINTER_OK)
    return noteLogits(row.prompt, position, status, inner, error);
  size_t textBefore = sequence.text.size;
  bool stopped = false;
  if (!row.tokens.push(choice.token) || !sequence.tokens.push(choice.token) ||
      (settings.logProbs && !sequence.logProbs.push(choice.logProb)) ||
      !sequence.top.append(top.data, choice.topCount) || !row.stream.put(choice.token, &sequence.text, &stopped))
    return noMemory(error);
  clockFirstToken();
  stats.decodedTokens += sequence.tokens.size > 1;
  sample::Finish finish = afterToken(settings, position + 1 - promptTokens, choice.token);
  Piece piece{row.prompt,     row.sample, choice.token,    nullptr,         0, choice.logProb, top.data,
              choice.topCount, Finish::Running};
  if (stopped)
    return endRow(row, Finish::StopString, piece, textBefore, error);
  if (finish != sample::Finish::Running)
    return endRow(row, finish == sample::Finish::StopToken ? Finish::StopToken : Finish::Length, piece, textBefore,
                  error);
  piece.text = sequence.text.data + textBefore;
  piece.length = sequence.text.size - textBefore;
  tell(piece);
  return SINTER_OK;
}

sinter_status Loop::endRow(Row &row, Finish finish, Piece piece, size_t textBefore, sinter_error *error) {
  Sequence &sequence = sequences[size_t{row.prompt} * perPrompt + row.sample];
  row.active = false;
  pages.clear(&row.table);
  sequence.finish = finish;
  if (finish != Finish::StopString && !row.stream.finish(&sequence.text))
    return noMemory(error);
  piece.finish = finish;
  piece.text = sequence.text.data + textBefore;
  piece.length = sequence.text.size - textBefore;
  tell(piece);
  return SINTER_OK;
}

// ---- beams ----

/// Does the token complete a stop string behind the beam's text?
bool Loop::beamEnds(void *self, uint32_t prompt, uint32_t beam, int32_t token) {
  auto *loop = static_cast<Loop *>(self);
  const Row &row = loop->rowsOf(prompt)[beam];
  loop->scratchText.size = 0;
  loop->scratch.start(loop->request.tokenizer, &loop->stops, loop->request.showSpecial);
  bool stopped = false;
  for (size_t i = loop->promptLength(prompt); i < row.tokens.size && !stopped; ++i)
    if (!loop->scratch.put(row.tokens[i], &loop->scratchText, &stopped))
      return false;
  if (!stopped && !loop->scratch.put(token, &loop->scratchText, &stopped))
    return false;
  return stopped;
}

sinter_status Loop::chooseBeams(uint32_t prompt, const float *const *logits, sinter_error *error) {
  int32_t tokens[sample::maxBeams];
  uint32_t parents[sample::maxBeams];
  sample::BeamStop stop;
  if (request.settings.stopStringCount)
    stop = {beamEnds, this};
  uint32_t position = static_cast<uint32_t>(rowsOf(prompt)->tokens.size);
  sinter_error inner;
  sinter_status status = beams.stepPrompt(prompt, logits, workspace, stop, tokens, parents, &inner);
  if (status != SINTER_OK)
    return noteLogits(prompt, position, status, inner, error);
  clockFirstToken();
  stats.decodedTokens += position > promptLength(prompt);
  return beams.promptDone(prompt) ? concludeBeams(prompt, error) : follow(prompt, tokens, parents, error);
}

/// Beam b goes on from its parent with its token.
sinter_status Loop::follow(uint32_t prompt, const int32_t *tokens, const uint32_t *parents, sinter_error *error) {
  Row *own = rowsOf(prompt);
  for (uint32_t b = 0; b < perPrompt; ++b) {
    const Row &parent = own[parents[b]];
    if (!spare[b].tokens.assign(parent.tokens) || !spare[b].tokens.push(tokens[b]) ||
        (stepper.reserve && !pages.share(parent.table, &spare[b].table)))
      return noMemory(error);
  }
  for (uint32_t b = 0; b < perPrompt; ++b) {
    swapLists(own[b].tokens, spare[b].tokens);
    swapLists(own[b].table.pages, spare[b].table.pages);
    swap(own[b].table.firstKept, spare[b].table.firstKept);
    pages.clear(&spare[b].table);
  }
  return SINTER_OK;
}

/// The prompt's best hypotheses are final.
sinter_status Loop::concludeBeams(uint32_t prompt, sinter_error *error) {
  const sample::Settings &settings = request.settings;
  for (uint32_t r = 0; r < perPrompt; ++r) {
    rowsOf(prompt)[r].active = false;
    pages.clear(&rowsOf(prompt)[r].table);
  }
  for (uint32_t rank = 0; rank < settings.returned; ++rank) {
    Hypothesis found = beams.hypothesis(prompt, rank);
    Sequence &sequence = sequences[size_t{prompt} * settings.returned + rank];
    sequence.score = found.score;
    bool stopped = false;
    if (!sequence.tokens.append(found.tokens, found.count) ||
        (settings.logProbs && !sequence.logProbs.append(found.logProbs, found.count)) ||
        !scratch.start(request.tokenizer, settings.stopStringCount ? &stops : nullptr, request.showSpecial))
      return noMemory(error);
    for (uint32_t i = 0; i < found.count && !stopped; ++i)
      if (!scratch.put(found.tokens[i], &sequence.text, &stopped))
        return noMemory(error);
    if (!stopped && !scratch.finish(&sequence.text))
      return noMemory(error);
    bool byToken = found.count && isStopToken(settings, found.tokens[found.count - 1]);
    sequence.finish = stopped ? Finish::StopString : byToken ? Finish::StopToken : Finish::Length;
    tell({prompt, rank, -1, sequence.text.data, sequence.text.size, 0, nullptr, 0, sequence.finish});
  }
  return SINTER_OK;
}

/// Rows that were going on end here; of beams, only finished hypotheses are answers.
sinter_status Loop::cancelRows(sinter_error *error) {
  for (size_t i = 0; i < rows.size; ++i) {
    Row &row = rows[i];
    if (hasBeams() || !row.active)
      continue;
    Sequence &sequence = sequences[i];
    SINTER_GENERATE_TRY(
        endRow(row, Finish::Cancelled, {row.prompt, row.sample, -1, nullptr, 0, 0, nullptr, 0, Finish::Cancelled},
               sequence.text.size, error));
  }
  for (size_t i = 0; i < sequences.size; ++i)
    if (sequences[i].finish == Finish::Running)
      sequences[i].finish = Finish::Cancelled;
  return SINTER_OK;
}

} // namespace sinter::generate

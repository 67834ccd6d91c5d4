// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Beam search; see Beam.h. The arithmetic (single precision, -1e9 for what must not be chosen) follows transformers,
// so that equal logits make equal sequences. Ties, which it leaves open: the lower beam, then the lower token.

#include "runtime/sample/Beam.h"

#include "runtime/core/Error.h"
#include "runtime/sample/Math.h"

#include <string.h>

namespace sinter::sample {
namespace {

constexpr float infinity = __builtin_inff(), never = -1.0e9f;

/// Hands out parts of one piece of memory, 64-byte aligned; only counts while memory is null.
struct Arena {
  char *memory;
  uint64_t used = 0;
  bool fits = true;

  template <typename T> T *take(uint64_t count) {
    uint64_t bytes = 0;
    fits = fits && runtime::mulChecked<uint64_t>(count, sizeof(T), &bytes) && runtime::alignChecked(bytes, 64, &bytes);
    uint64_t at = used;
    fits = fits && runtime::addChecked(used, bytes, &used);
    return memory && fits ? reinterpret_cast<T *>(memory + at) : nullptr;
  }
};

uint32_t continuations(const Settings &settings) {
  return (settings.stopTokenCount > 1 ? settings.stopTokenCount + 1 : 2) * settings.beams;
}

float lengthFactor(const Settings &settings, uint32_t length) {
  return static_cast<float>(powDouble(length, settings.lengthPenalty));
}

/// The largest of values[0, count) that is not taken, the first among equals; marks it.
template <typename Value> uint32_t takeBest(uint32_t count, bool *taken, Value value) {
  uint32_t best = count;
  for (uint32_t i = 0; i < count; ++i)
    if (!taken[i] && (best == count || value(i) > value(best)))
      best = i;
  taken[best] = true;
  return best;
}

} // namespace

bool BeamSearch::bytes(const Settings &settings, const BeamShape &shape, uint64_t *result) {
  Arena arena{nullptr};
  arena.take<Prompt>(shape.prompts);
  uint64_t once = arena.used;
  arena.used = 0;
  for (int i = 0; i < 4; ++i)
    arena.take<Beam>(settings.beams);
  arena.take<Candidate>(continuations(settings));
  uint64_t rest = arena.used;
  arena.used = 0;
  arena.take<int32_t>(uint64_t{shape.longestPrompt} + settings.maxNewTokens);
  arena.take<float>(settings.maxNewTokens);
  uint64_t beams = 0;
  return arena.fits && runtime::mulChecked<uint64_t>(arena.used, 4ull * settings.beams, &beams) &&
         runtime::addChecked(beams, rest, &beams) && runtime::mulChecked<uint64_t>(beams, shape.prompts, &beams) &&
         runtime::addChecked(beams, once, result);
}

sinter_status BeamSearch::start(const Settings &wanted, const BeamShape &shapeWanted, const int32_t *const *prompts,
                                const uint32_t *lengths, void *memory, uint64_t size, sinter_error *error) {
  if (wanted.beams < 2)
    return runtime::fail(error, SINTER_INVALID_ARGUMENT, "beam search needs at least 2 beams");
  uint64_t needed = 0;
  if (!bytes(wanted, shapeWanted, &needed) || !memory || size < needed || reinterpret_cast<uintptr_t>(memory) % 64)
    return runtime::fail(error, SINTER_INVALID_ARGUMENT, "beam search needs %llu bytes, 64-byte aligned",
                         static_cast<unsigned long long>(needed));
  settings = wanted;
  shape = shapeWanted;
  kept = continuations(settings);
  for (uint32_t p = 0; p < shape.prompts; ++p)
    if (lengths[p] > shape.longestPrompt)
      return runtime::fail(error, SINTER_INVALID_ARGUMENT, "prompt %u has %u tokens, more than the %u announced", p,
                           lengths[p], shape.longestPrompt);
  Arena arena{static_cast<char *>(memory)};
  states = arena.take<Prompt>(shape.prompts);
  for (uint32_t p = 0; p < shape.prompts; ++p) {
    Prompt &state = states[p];
    state = Prompt{};
    state.length = lengths[p];
    Beam **const lists[] = {&state.running[0], &state.running[1], &state.finished[0], &state.finished[1]};
    for (Beam **list : lists) {
      *list = arena.take<Beam>(settings.beams);
      for (uint32_t b = 0; b < settings.beams; ++b) {
        Beam &beam = (*list)[b];
        beam.tokens = arena.take<int32_t>(uint64_t{shape.longestPrompt} + settings.maxNewTokens);
        beam.logProbs = arena.take<float>(settings.maxNewTokens);
        beam.count = 0;
        // One beam at first: the others would only repeat it.
        beam.score = list == &state.running[0] && b == 0 ? 0 : never;
        beam.finished = false;
        if (lengths[p])
          memcpy(beam.tokens, prompts[p], uint64_t{lengths[p]} * sizeof(int32_t));
      }
    }
    state.candidates = arena.take<Candidate>(kept);
  }
  return SINTER_OK;
}

/// The best `kept` continuations of all beams, best first.
sinter_status BeamSearch::gather(const Prompt &prompt, const float *const *rows, const Workspace &ws,
                                 sinter_error *error) const {
  Candidate *list = prompt.candidates;
  uint32_t held = 0;
  for (uint32_t b = 0; b < settings.beams; ++b) {
    const Beam &beam = prompt.running[prompt.active][b];
    Candidates row;
    History history{beam.tokens, prompt.length + prompt.count, prompt.length};
    if (sinter_status status = processScores(settings, ws, rows[b], history, nullptr, &row, error); status != SINTER_OK)
      return status;
    double norm = 0;
    if (settings.logProbs) {
      bool nan = false;
      norm = logSumExp(ws, rows[b], largestScore(rows[b], ws.vocabulary, &nan));
    }
    for (uint32_t i = 0; i < ws.vocabulary; ++i) {
      float score = ws.scores[i] + beam.score;
      if (held == kept && !(score > list[kept - 1].score))
        continue;
      uint32_t at = held < kept ? held++ : kept - 1;
      for (; at > 0 && score > list[at - 1].score; --at)
        list[at] = list[at - 1];
      float logProb = settings.logProbs ? static_cast<float>(rows[b][i] - norm) : 0;
      list[at] = {score, logProb, b, static_cast<int32_t>(i), false};
    }
  }
  if (list[0].score == -infinity)
    return runtime::fail(error, SINTER_REFUSED, "the penalties leave no token that may follow any beam");
  return SINTER_OK;
}

void BeamSearch::extend(const Prompt &prompt, const Beam &parent, const Candidate &candidate, float score,
                        Beam *out) const {
  memcpy(out->tokens + prompt.length, parent.tokens + prompt.length, uint64_t{prompt.count} * sizeof(int32_t));
  memcpy(out->logProbs, parent.logProbs, uint64_t{prompt.count} * sizeof(float));
  out->tokens[prompt.length + prompt.count] = candidate.token;
  out->logProbs[prompt.count] = candidate.logProb;
  out->count = prompt.count + 1;
  out->score = score;
  out->finished = candidate.ends;
}

void BeamSearch::chooseRunning(const Prompt &prompt, int32_t *tokens, uint32_t *parents) const {
  bool taken[(maxStopTokens + 1) * maxBeams] = {};
  const Candidate *list = prompt.candidates;
  auto score = [list](uint32_t i) { return list[i].ends ? list[i].score + never : list[i].score; };
  for (uint32_t b = 0; b < settings.beams; ++b) {
    uint32_t i = takeBest(kept, taken, score);
    extend(prompt, prompt.running[prompt.active][list[i].beam], list[i], score(i),
           &prompt.running[prompt.active ^ 1][b]);
    tokens[b] = list[i].token;
    parents[b] = list[i].beam;
  }
}

/// Of those finished before and the best `beams` continuations, as far as they end, the best `beams`.
void BeamSearch::mergeFinished(const Prompt &prompt) const {
  bool taken[(maxStopTokens + 2) * maxBeams] = {};
  const Beam *old = prompt.finished[prompt.active];
  const Candidate *list = prompt.candidates;
  uint32_t beams = settings.beams;
  float factor = lengthFactor(settings, prompt.count + 1);
  auto score = [=](uint32_t i) {
    if (i < beams)
      return old[i].score;
    const Candidate &candidate = list[i - beams];
    float value = candidate.score / factor;
    return candidate.ends && i - beams < beams ? value : value + never;
  };
  for (uint32_t b = 0; b < beams; ++b) {
    uint32_t i = takeBest(beams + kept, taken, score);
    Beam *out = &prompt.finished[prompt.active ^ 1][b];
    if (i >= beams) {
      const Candidate &candidate = list[i - beams];
      extend(prompt, prompt.running[prompt.active][candidate.beam], candidate, score(i), out);
      out->finished = candidate.ends && i - beams < beams;
      continue;
    }
    memcpy(out->tokens + prompt.length, old[i].tokens + prompt.length, uint64_t{old[i].count} * sizeof(int32_t));
    memcpy(out->logProbs, old[i].logProbs, uint64_t{old[i].count} * sizeof(float));
    out->count = old[i].count;
    out->score = old[i].score;
    out->finished = old[i].finished;
  }
}

/// Can a running beam still beat a finished one, and may it?
void BeamSearch::conclude(Prompt *prompt) const {
  const Beam *running = prompt->running[prompt->active], *finished = prompt->finished[prompt->active];
  uint32_t length = settings.earlyStopping == EarlyStopping::Never && settings.lengthPenalty > 0 ? settings.maxNewTokens
                                                                                                 : prompt->count;
  float possible = running[0].score / lengthFactor(settings, length), worst = infinity;
  bool all = true, better = false, stuck = true;
  for (uint32_t b = 0; b < settings.beams; ++b) {
    worst = finished[b].score < worst ? finished[b].score : worst;
    all = all && finished[b].finished;
  }
  for (uint32_t b = 0; b < settings.beams; ++b)
    better = better || possible > (finished[b].finished ? worst : never);
  for (uint32_t i = 0; i < kept; ++i)
    stuck = stuck && prompt->candidates[i].ends;
  prompt->done = stuck || !better || (all && settings.earlyStopping == EarlyStopping::Yes);
}

sinter_status BeamSearch::stepPrompt(uint32_t number, const float *const *rows, const Workspace &ws, BeamStop stop,
                                     int32_t *tokens, uint32_t *parents, sinter_error *error) {
  Prompt &prompt = states[number];
  for (uint32_t b = 0; b < settings.beams; ++b) {
    tokens[b] = padding(settings);
    parents[b] = b;
  }
  if (prompt.done)
    return SINTER_OK;
  if (sinter_status status = gather(prompt, rows, ws, error); status != SINTER_OK) {
    prompt.done = true;
    return status;
  }
  for (uint32_t i = 0; i < kept; ++i) {
    Candidate &candidate = prompt.candidates[i];
    candidate.ends = afterToken(settings, prompt.count + 1, candidate.token) != Finish::Running ||
                     (stop.ends && stop.ends(stop.context, number, candidate.beam, candidate.token));
  }
  chooseRunning(prompt, tokens, parents);
  mergeFinished(prompt);
  prompt.active ^= 1;
  ++prompt.count;
  conclude(&prompt);
  return SINTER_OK;
}

bool BeamSearch::done() const {
  for (uint32_t p = 0; p < shape.prompts; ++p)
    if (!states[p].done)
      return false;
  return true;
}

Hypothesis BeamSearch::hypothesis(uint32_t number, uint32_t rank) const {
  const Prompt &prompt = states[number];
  const Beam &beam = prompt.finished[prompt.active][rank];
  if (!beam.finished)
    return {beam.tokens + prompt.length, beam.logProbs, 0, never};
  return {beam.tokens + prompt.length, beam.logProbs, beam.count, beam.score};
}

} // namespace sinter::sample

# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes test/golden/sampling/: what transformers makes of rows of logits
(filters.golden) and which sequences its beam search finds (beams.golden).

Needs torch and transformers (requirements.txt). Deterministic. The processors
come from generate's own list, so their order is tested too; presence and
frequency penalties, which transformers lacks, are put behind the repetition
penalty here. Every case is also run in float64: one whose borders hang on
rounding stops the script.

The language model of the beams is a table: the logits after token t at step s
are mixed integers (`hashed`), which the test computes in the same way.
"""

import os

import numpy as np
import torch
from transformers import GenerationConfig, GenerationMixin, PretrainedConfig, PreTrainedModel
from transformers.generation.logits_process import LogitsProcessor, RepetitionPenaltyLogitsProcessor
from transformers.modeling_outputs import CausalLMOutput

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "sampling")
MASK = np.uint64(0xFFFFFFFF)


def hashed(seed, step, last, vocabulary, spread):
    """Logits in (-spread, spread), exact in float32 for whole spreads that are powers of two."""
    x = np.arange(vocabulary, dtype=np.uint64) + np.uint64(seed * 1000003 + step * 7919 + last * 104729)
    for shift, factor in ((16, 0x7FEB352D), (15, 0x846CA68B)):
        x = x & MASK
        x = ((x ^ (x >> np.uint64(shift))) * np.uint64(factor)) & MASK
    x = x ^ (x >> np.uint64(16))
    return ((x >> np.uint64(8)).astype(np.float64) / 2.0**23 - 1.0) * spread


class TableConfig(PretrainedConfig):
    model_type = "table"


class Table(PreTrainedModel, GenerationMixin):
    config_class = TableConfig

    def __init__(self, config):
        super().__init__(config)
        self.unused = torch.nn.Linear(1, 1)
        self.post_init()

    def forward(self, input_ids=None, attention_mask=None, **kwargs):
        step = input_ids.shape[1] - self.prompt
        rows = [hashed(self.seed, step, int(ids[-1]), self.config.vocab_size, self.spread) for ids in input_ids]
        return CausalLMOutput(logits=torch.tensor(np.stack(rows), dtype=torch.float32)[:, None])

    def prepare_inputs_for_generation(self, input_ids, **kwargs):
        return {"input_ids": input_ids}


class Counts(LogitsProcessor):
    def __init__(self, presence, frequency, prompt):
        self.presence, self.frequency, self.prompt = presence, frequency, prompt

    def __call__(self, input_ids, scores):
        count = torch.nn.functional.one_hot(input_ids[:, self.prompt:], scores.shape[-1]).sum(1)
        return scores - (self.frequency * count + self.presence * (count > 0)).to(scores.dtype)


def table(vocabulary):
    return Table(TableConfig(vocab_size=vocabulary))


def sort(scores, descending=False, plain=torch.sort):
    """torch.sort leaves the order of equal scores open, and with it which of them top-p keeps; here the lower id is
    the better one, as everywhere in Sinter."""
    values, indices = plain(scores.flip(-1), dim=-1, descending=descending, stable=True)
    return values, scores.shape[-1] - 1 - indices


torch.sort = sort


def number(x):
    return "-inf" if x == -np.inf else np.format_float_positional(np.float32(x), unique=True, trim="-")


# ---- filters ----

NAMES = {"temperature": "temperature", "topK": "top_k", "topP": "top_p", "minP": "min_p",
         "epsilonCutoff": "epsilon_cutoff", "etaCutoff": "eta_cutoff", "repetitionPenalty": "repetition_penalty",
         "noRepeatNgram": "no_repeat_ngram_size", "minNewTokens": "min_new_tokens"}


def processed(settings, logits, history, prompt, stops):
    keys = {NAMES[k]: v for k, v in settings.items() if k in NAMES}
    sampling = settings.get("sampling", 1)
    config = GenerationConfig(do_sample=bool(sampling), **{"top_k": 0, **keys})
    config._eos_token_tensor = torch.tensor(stops) if stops else None
    model = table(len(logits))
    processors = model._get_logits_processor(config, input_ids_seq_length=prompt, device="cpu", model_kwargs={})
    if "presence" in settings or "frequency" in settings:
        at = sum(isinstance(p, RepetitionPenaltyLogitsProcessor) for p in processors)
        processors.insert(at, Counts(settings.get("presence", 0.0), settings.get("frequency", 0.0), prompt))
    ids = torch.tensor([history], dtype=torch.int64)
    single = processors(ids, torch.tensor([logits], dtype=torch.float32))[0].numpy()
    double = processors(ids, torch.tensor([logits], dtype=torch.float64))[0].numpy()
    if not settings.get("tied") and ((single == -np.inf) != (double == -np.inf)).any():
        raise SystemExit(f"{settings}: a border hangs on rounding")
    return single


def filter_cases():
    """(settings, vocabulary, spread): spread scales normal logits."""
    plain = [{"temperature": 0.7}, {"temperature": 1.9}, {"topK": 1}, {"topK": 7}, {"topK": 50}, {"topK": 1000},
             {"topP": 0.0}, {"topP": 0.1}, {"topP": 0.5}, {"topP": 0.9}, {"topP": 0.999}, {"topP": 1.0},
             {"minP": 0.02}, {"minP": 0.3}, {"minP": 1.0}, {"epsilonCutoff": 0.004}, {"epsilonCutoff": 0.03},
             {"epsilonCutoff": 0.9}, {"etaCutoff": 0.002}, {"etaCutoff": 0.05}, {"etaCutoff": 0.8}]
    for settings in plain:
        yield settings, 64, 2.0
    for settings in ({"repetitionPenalty": 1.3}, {"repetitionPenalty": 0.8}, {"presence": 0.75}, {"frequency": 0.4},
                     {"presence": -0.5, "frequency": 0.25}, {"noRepeatNgram": 1}, {"noRepeatNgram": 2},
                     {"noRepeatNgram": 3}, {"noRepeatNgram": 40}, {"minNewTokens": 30}, {"minNewTokens": 3},
                     {"repetitionPenalty": 1.2, "presence": 0.3, "frequency": 0.2, "noRepeatNgram": 2,
                      "minNewTokens": 30}):
        yield {"sampling": 0, **settings}, 48, 3.0
        yield {**settings, "temperature": 0.8}, 32, 1.5
    mixed = [{"temperature": 0.6, "topK": 20}, {"temperature": 1.5, "topP": 0.8}, {"topK": 30, "topP": 0.7},
             {"topK": 12, "minP": 0.05}, {"topP": 0.95, "minP": 0.1}, {"topP": 0.9, "epsilonCutoff": 0.01},
             {"epsilonCutoff": 0.002, "etaCutoff": 0.05}, {"temperature": 1.3, "etaCutoff": 0.01},
             {"temperature": 0.9, "topK": 40, "topP": 0.95, "minP": 0.01, "epsilonCutoff": 0.003, "etaCutoff": 0.004},
             {"temperature": 1.1, "topK": 25, "topP": 0.85, "repetitionPenalty": 1.15, "presence": 0.2,
              "noRepeatNgram": 2, "minNewTokens": 20}]
    for settings in mixed:
        yield settings, 80, 2.5
        yield settings, 41, 0.7
    for settings in ({"topK": 3}, {"topP": 0.52}, {"minP": 0.5}, {"epsilonCutoff": 0.3}, {"etaCutoff": 0.3}):
        yield settings, 1, 1.0
        yield {**settings, "tied": 1}, 24, 0.0  # every token the same
        yield {**settings, "tied": 2}, 30, 2.0  # in steps, -inf among them
    yield {"topP": 0.92, "temperature": 1.2}, 1500, 1.0
    yield {"topK": 300, "topP": 0.97}, 1500, 3.0


def write_filters(path):
    random = np.random.default_rng(20240)
    with open(path, "w") as out:
        for index, (settings, vocabulary, spread) in enumerate(filter_cases()):
            logits = (random.standard_normal(vocabulary) * spread).astype(np.float32)
            if settings.get("tied") == 2:
                logits = np.round(logits)
                logits[random.integers(0, vocabulary, 5)] = -np.inf
            # Few different tokens, so that n-grams come again.
            prompt = int(random.integers(2, 7))
            history = [int(t) for t in random.integers(0, min(vocabulary, 5), prompt + int(random.integers(4, 9)))]
            stops = [0, 3] if "minNewTokens" in settings else []
            scores = processed(settings, logits.tolist(), history, prompt, stops)
            print("case", index, file=out)
            for key, value in settings.items():
                if key != "tied":
                    print("set", key, value, file=out)
            print("stops", len(stops), *stops, file=out)
            print("history", prompt, len(history), *history, file=out)
            print("logits", vocabulary, *map(number, logits), file=out)
            print("scores", vocabulary, *map(number, scores), file=out)
    return index + 1


# ---- beams ----


def beam_cases():
    base = {"vocabulary": 32, "spread": 4, "prompts": 1, "beams": 4, "new": 12, "stops": [2]}
    for early in (False, True, "never"):
        for penalty in (1.0, 0.0, -1.0, 0.8, 2.5):
            yield {**base, "early": early, "penalty": penalty, "returned": 4}
        yield {**base, "early": early, "prompts": 3, "returned": 2, "stops": [5, 9, 14]}
        yield {**base, "early": early, "prompts": 3, "penalty": 1.7, "pad": 7, "vocabulary": 24, "new": 20}
        yield {**base, "early": early, "prompts": 5, "beams": 2, "penalty": 0.6, "spread": 2, "returned": 2}
        yield {**base, "early": early, "beams": 6, "prompts": 2, "min": 5, "returned": 3}
        yield {**base, "early": early, "beams": 3, "prompts": 2, "ngram": 2, "repetition": 1.4, "returned": 3,
               "vocabulary": 20, "new": 24}
        yield {**base, "early": early, "beams": 2, "stops": [], "prompts": 2, "returned": 2}
        yield {**base, "early": early, "beams": 8, "stops": [1, 2, 3, 4], "spread": 8, "prompts": 2, "returned": 8,
               "vocabulary": 64, "penalty": -0.5}
        yield {**base, "early": early, "beams": 4, "stops": list(range(10)), "prompts": 4, "returned": 4, "new": 30,
               "vocabulary": 48, "penalty": 3.0}
        yield {**base, "early": early, "beams": 5, "new": 1, "returned": 5}
        yield {**base, "early": early, "beams": 3, "new": 28, "min": 28, "returned": 1, "prompts": 2}
    # Most tokens stop: without looking at many continuations, too few beams would go on.
    for early in (False, True, "never"):
        yield {**base, "early": early, "stops": list(range(10)), "vocabulary": 14, "spread": 2, "prompts": 4,
               "returned": 4, "penalty": 2.0}
    # A negative penalty favours what is short: "never" then looks at the present length.
    for penalty in (-0.3, -1.5, -2.0, -2.2, -2.5, -3.0):
        yield {**base, "early": "never", "stops": list(range(8)), "vocabulary": 20, "spread": 16, "prompts": 9,
               "returned": 4, "penalty": penalty, "new": 24}


def write_beams(path):
    random = np.random.default_rng(4711)
    with open(path, "w") as out:
        for index, case in enumerate(beam_cases()):
            vocabulary, beams = case["vocabulary"], case["beams"]
            penalty, returned = case.get("penalty", 1.0), case.get("returned", 1)
            model = table(vocabulary)
            length = int(random.integers(1, 5))
            model.seed, model.spread, model.prompt = index + 1, case["spread"], length
            prompts = random.integers(11, vocabulary, (case["prompts"], length))
            config = GenerationConfig(
                num_beams=beams, do_sample=False, max_new_tokens=case["new"], length_penalty=penalty,
                early_stopping=case["early"], num_return_sequences=returned, use_cache=False,
                eos_token_id=case["stops"] or None, pad_token_id=case.get("pad"), min_new_tokens=case.get("min"),
                no_repeat_ngram_size=case.get("ngram", 0), repetition_penalty=case.get("repetition", 1.0),
                return_dict_in_generate=True, output_scores=True)
            result = model.generate(torch.tensor(prompts), generation_config=config,
                                    attention_mask=torch.ones(prompts.shape, dtype=torch.int64))
            new = result.sequences[:, length:].numpy()
            early = {False: 0, True: 1, "never": 2}[case["early"]]
            print("case", index + 1, vocabulary, case["spread"], beams, returned, case["new"], case.get("min", 0),
                  penalty, early, case.get("pad", -1), case.get("ngram", 0), case.get("repetition", 1.0), file=out)
            print("stops", len(case["stops"]), *case["stops"], file=out)
            print("prompts", *prompts.shape, *prompts.ravel(), file=out)
            print("sequences", *new.shape, *new.ravel(), file=out)
            print("scores", *(repr(float(s)) for s in result.sequences_scores), file=out)
    return index + 1


if __name__ == "__main__":
    torch.set_num_threads(1)
    os.makedirs(HERE, exist_ok=True)
    print(write_filters(os.path.join(HERE, "filters.golden")), "filters")
    print(write_beams(os.path.join(HERE, "beams.golden")), "beams")

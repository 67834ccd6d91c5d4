# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The engines of worker.py that generate: each prepares a case and gives a pass that says itself how long it took.

In:  {"kind": "decode", "position": P, "steps": N, "tokens": FILE}  N single tokens behind P tokens: ms a token
     {"kind": "prefill", "tokens": FILE}                            a prompt in one go, up to its first token: ms
     {"kind": "translate", "tokens": FILE, "new": N, "beams": B}    an encoder-decoder's whole answer: ms
Out: prepare(case) -> pass; pass() -> ms; pass.result: logits behind the prompt, or the tokens of the answer.
Flow: worker.py.
"""
import json, os, subprocess, time

import numpy as np


def clocked(work, result):
    """`work` returns ms; worker.py takes them as they are."""
    work.own_clock, work.result = True, np.asarray(result)
    return work


def timed(work):
    start = time.perf_counter()
    work()
    return 1e3 * (time.perf_counter() - start)


class SinterGenerator:
    """bench_generate (bench/generate.cpp) on an artifact of `sinter compile`: the C API, as a program in C would use it."""

    def __init__(self, spec):
        self.spec, self.process = spec, None

    def ask(self, **order):
        if self.process is None:
            model = self.spec["model"]
            self.process = subprocess.Popen([model["program"], model["artifact"], str(self.spec["threads"])], stdin=subprocess.PIPE,
                                            stdout=subprocess.PIPE, text=True)
        self.process.stdin.write(" ".join(str(v) for v in order.values()) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("bench_generate ended")
        answer = json.loads(line)
        if "failed" in answer:
            raise RuntimeError(answer["failed"])
        return answer

    def prepare(self, case):
        tokens = np.load(case["tokens"]).ravel()
        if case["kind"] == "translate":
            order = dict(new=case["new"], beams=case["beams"], count=len(tokens), tokens=" ".join(map(str, tokens)))
            return clocked(lambda: self.ask(**order)["ms"], self.ask(**order)["tokens"])
        isDecode = case["kind"] == "decode"
        order = dict(new=case["steps"] + 1 if isDecode else 1, beams=1, count=len(tokens), tokens=" ".join(map(str, tokens)))
        self.ask(**order)

        def run():
            answer = self.ask(**order)
            return answer["decode_ms"] / case["steps"] if isDecode else answer["prefill_ms"]

        return clocked(run, np.load(case["logits"]))  # of `sinter run`, which the tests hold against transformers


class LlamaCpp:
    def __init__(self, spec):
        import llama_cpp
        self.library, self.spec, self.model = llama_cpp, spec, None

    def prepare(self, case):
        if self.model is None:
            n = self.spec["threads"]
            self.model = self.library.Llama(os.path.join(self.spec["model"], "model.gguf"), n_ctx=1024, n_batch=512, n_ubatch=512,
                                            n_threads=n, n_threads_batch=n, flash_attn=True, verbose=False, use_mmap=True)
        tokens = [int(t) for t in np.load(case["tokens"]).ravel()]
        llm = self.model

        def fill():
            llm.reset()
            llm.eval(tokens)

        fill()
        logits = np.ctypeslib.as_array(self.library.llama_get_logits_ith(llm._ctx.ctx, -1), shape=(llm.n_vocab(),)).copy()
        if case["kind"] == "prefill":
            return clocked(lambda: timed(fill), logits)

        def steps():
            for i in range(case["steps"]):
                llm.eval([tokens[i % len(tokens)]])

        def run():
            if llm.n_tokens < len(tokens) or list(llm._input_ids[:len(tokens)]) != tokens:
                fill()
            llm.n_tokens = len(tokens)  # eval() forgets what lies behind
            return timed(steps) / case["steps"]

        return clocked(run, logits)


class CTranslate2Generator:
    def __init__(self, spec):
        import ctranslate2
        self.library, self.spec, self.model = ctranslate2, spec, None

    def open(self, kind):
        if self.model is None:
            self.model = kind(self.spec["model"], device="cpu", compute_type="float32", intra_threads=self.spec["threads"],
                              inter_threads=1)
        return self.model

    def prepare(self, case):
        ids = [int(t) for t in np.load(case["tokens"]).ravel()]
        words, n = [f"w{t}" for t in ids], case.get("new")
        if case["kind"] == "translate":
            model = self.open(self.library.Translator)
            answer = lambda: model.translate_batch([words], beam_size=case["beams"], max_decoding_length=n, min_decoding_length=n)
            return clocked(lambda: timed(answer), [int(w[1:]) for w in answer()[0].hypotheses[0]])
        model = self.open(self.library.Generator)
        logits = np.asarray(model.forward_batch([ids]).to(self.library.DataType.float32))[0, -1] if case["kind"] == "prefill" else np.load(case["logits"])
        steps = case.get("steps", 0)

        def run():
            seen = []
            model.generate_batch([words], max_length=steps + 1, min_length=steps + 1, sampling_topk=1, beam_size=1,
                                 include_prompt_in_result=False, callback=lambda step: seen.append(time.perf_counter()) and False)
            return 1e3 * (seen[-1] - seen[0]) / (len(seen) - 1)

        if case["kind"] == "prefill":
            return clocked(lambda: timed(lambda: model.generate_batch([words], max_length=1, sampling_topk=1, beam_size=1,
                                                                      include_prompt_in_result=False)), logits)
        return clocked(run, logits)


ENGINES = {"sinter-generate": SinterGenerator, "llama.cpp": LlamaCpp, "ctranslate2-generate": CTranslate2Generator}

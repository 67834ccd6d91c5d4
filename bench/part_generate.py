# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The part `generate` of run.py: decoding and prompts of GPT-2 beside llama.cpp and CTranslate2, T5 beside CTranslate2.

In:  a Bench (run.py).  Out: workloads as the other parts give them; those of decoding say their position, from which
report.py draws time per token over position.  Flow: run.py calls generate(bench).
"""
import json, os, subprocess, sys

import numpy as np

from peers import Failed

HERE = os.path.dirname(os.path.abspath(__file__))
POSITIONS = (16, 128, 384, 768, 1000)
STEPS = 16
PROMPT = 512
SOURCE = NEW = 64
BYTES = {"f32": 4, "bf16": 2, "f16": 2}
# float32 weights agree closely (llama.cpp keeps its cache in f16); weights that were rounded, and numbers rounded on the way, do not.
FARTHEST = {"f32": 5e-3, "bf16": 0.2, "f16": 0.05}


def made(bench, name, *words):
    """A folder of generators.py, made once."""
    out = os.path.join(bench.o.cache, name)
    if not os.path.exists(os.path.join(out, "seconds")):
        bench.say(f"making {name}")
        done = subprocess.run([sys.executable, os.path.join(HERE, "generators.py"), *words, out], stdout=bench.log, stderr=bench.log)
        if done.returncode:
            raise Failed(f"{name} was not made; see {bench.log.name}")
    return out


def sinter_model(bench, folder, name):
    artifact = os.path.join(bench.tmp, name + ".sinterbin")
    bench.call([bench.o.sinter, "compile", folder, "--emit", "artifact", "-o", artifact])
    return dict(program=bench.o.generate, artifact=artifact)


def start(bench, candidates):
    """Workers by engine; who cannot be made or started is left out."""
    workers = {}
    for engine, kind, model in candidates:
        if engine != "sinter" and engine not in bench.o.peers:
            continue
        try:
            workers[engine] = bench.start(kind, model())
        except Failed as e:
            bench.give_up(workers, engine, e)
    return workers


def gpt2_work(config, position, tokens, width):
    """GFLOP and MB of `tokens` tokens behind `position` others: matrices once, keys and values of all rows."""
    d, layers = config["n_embd"], config["n_layer"]
    matrices = layers * 12 * d * d + config["vocab_size"] * d
    rows = position + tokens
    flop = 2 * (layers * 12 * d * d * tokens + config["vocab_size"] * d) + 4 * layers * d * tokens * rows
    return flop / 1e9, (matrices * width + 2 * 4 * layers * d * rows) / 1e6


def tokens_file(bench, name, vocabulary, count):
    path = os.path.join(bench.tmp, name + ".npy")
    np.save(path, np.random.default_rng(count).integers(3, vocabulary, (1, count), dtype=np.int32))
    return path


def logits_behind(bench, folder, tokens):
    """Of the last token, by the whole forward function, which the tests hold against transformers."""
    path = tokens[:-4] + ".logits.npy"
    bench.call([bench.o.sinter, "run", folder, "--in", f"tokens={tokens}", "--out", f"logits={path}"])
    np.save(path, np.load(path)[0, -1])
    return path


def gpt2(bench, dtype):
    folder = made(bench, "gpt2" if dtype == "f32" else f"gpt2-{dtype}", "gpt2" if dtype == "f32" else f"gpt2-{dtype}")
    with open(os.path.join(folder, "config.json")) as f:
        config = json.load(f)
    candidates = [("sinter", "sinter-generate", lambda: sinter_model(bench, folder, f"gpt2-{dtype}")),
                  ("llama.cpp", "llama.cpp", lambda: made(bench, f"gguf-{dtype}", "gguf", dtype, made(bench, "gpt2", "gpt2")))]
    if dtype == "f32":
        candidates.append(("ctranslate2", "ctranslate2-generate", lambda: made(bench, "ctranslate2-gpt2", "ctranslate2", folder)))
    workers, out = start(bench, candidates), []
    for position in (*POSITIONS, PROMPT):
        isPrefill = position == PROMPT
        tokens = tokens_file(bench, f"gpt2-{dtype}-{position}", config["vocab_size"], position)
        case = dict(kind="prefill" if isPrefill else "decode", position=position, steps=STEPS, tokens=tokens,
                    logits=logits_behind(bench, folder, tokens))
        gflop, mbyte = gpt2_work(config, 0 if isPrefill else position, position if isPrefill else 1, BYTES[dtype])
        facts = dict(part="generate", gflop=gflop, mbyte=mbyte, farthest=FARTHEST[dtype], dtype=dtype)
        if not isPrefill:
            facts["position"] = position
        name = f"GPT-2 {dtype} prompt of {PROMPT}" if isPrefill else f"GPT-2 {dtype} a token at {position}"
        out.append(bench.measure(workers, name, case, facts))
    for worker in workers.values():
        worker.close()
    return out


def t5(bench, size):
    folder = made(bench, f"t5-{size}", f"t5-{size}")
    with open(os.path.join(folder, "config.json")) as f:
        c = json.load(f)
    workers = start(bench, [("sinter", "sinter-generate", lambda: sinter_model(bench, folder, f"t5-{size}")),
                            ("ctranslate2", "ctranslate2-generate", lambda: made(bench, f"ctranslate2-t5-{size}", "ctranslate2", folder))])
    source, out = tokens_file(bench, f"t5-{size}", c["vocab_size"], SOURCE), []
    inner, d, ff, layers = c["num_heads"] * c["d_kv"], c["d_model"], c["d_ff"], c["num_layers"]
    encoder, decoder = layers * (4 * inner * d + 2 * d * ff), layers * (6 * inner * d + 2 * d * ff) + c["vocab_size"] * d
    for beams in (1, 4):
        flop = 2 * SOURCE * (encoder + layers * 2 * inner * d) + 2 * NEW * beams * decoder
        facts = dict(part="generate", gflop=flop / 1e9, mbyte=4 * (encoder + NEW * decoder) / 1e6, farthest=None)
        case = dict(kind="translate", tokens=source, new=NEW, beams=beams)
        out.append(bench.measure(workers, f"T5-{size} {SOURCE} → {NEW}, {'greedy' if beams == 1 else f'{beams} beams'}", case, facts))
    for worker in workers.values():
        worker.close()
    return out


def generate(bench):
    out = []
    for dtype in BYTES:
        out += gpt2(bench, dtype)
    for size in ("small", "base"):
        out += t5(bench, size)
    return {"workloads": out}

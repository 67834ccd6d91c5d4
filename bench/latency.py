#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""BERT-base at batch 1: seconds from text to code, and latency beside the machine's roofs.

In:  build/bin/sinter and build/bin/bench_roofs; a folder from make_bert_base.py (made here if it is missing).
Out: a Markdown table on stdout, and --json FILE.  Flow: `./dev bench` runs it; nothing is judged here.

The roofs are measured before, between and after the rounds of the model, in the same minutes; the best counts. Every
round is one process: `sinter run … --repeat N --json` answers with "compile_ms", "load_ms" and "latency_ms" (a list).
Latency is the median over all rounds.
"""
import argparse, json, os, statistics, subprocess, sys, tempfile, time

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
BIN = os.path.join(os.path.dirname(HERE), "build", "bin")


def flops(c, tokens):
    """2 x multiply-adds of one forward pass of a BERT encoder at batch 1 (tables and norms not counted)."""
    d, ff = c["hidden_size"], c["intermediate_size"]
    layer = tokens * (4 * d * d + 2 * d * ff) + 2 * tokens * tokens * d
    return 2 * c["num_hidden_layers"] * layer


def read_bytes(c):
    """float32 bytes of the matrices, each read once in a pass."""
    d, ff = c["hidden_size"], c["intermediate_size"]
    return 4 * c["num_hidden_layers"] * (4 * d * d + 2 * d * ff)


def call(command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)}\nexit {done.returncode}: {done.stderr.strip()[:2000]}")
    return done.stdout


def roofs(a):
    return json.loads(call([a.roofs, str(a.threads), "150"]))


def text_to_code(a):
    """Seconds of a whole process that reads the text and prints assembly; no weight is read."""
    out = []
    for _ in range(3):
        start = time.perf_counter()
        call([a.sinter, "compile", a.folder, "--emit", "asm", "-o", os.devnull])
        out.append(time.perf_counter() - start)
    return statistics.median(out)


def one_round(a, tmp, config):
    inputs = os.path.join(tmp, "tokens.npy")
    np.save(inputs, np.random.default_rng(1).integers(0, config["vocab_size"], (1, a.tokens), dtype=np.int32))
    text = call([a.sinter, "run", a.folder, "--in", f"tokens={inputs}", "--out", f"hidden={tmp}/hidden.npy",
                 "--threads", str(a.threads), "--repeat", str(a.repeat), "--json"])
    return json.loads(text)


def measure(a):
    with open(os.path.join(a.folder, "config.json")) as f:
        config = json.load(f)
    seen, rounds = [roofs(a)], []
    compile_s = text_to_code(a)
    with tempfile.TemporaryDirectory() as tmp:
        for _ in range(a.rounds):
            rounds.append(one_round(a, tmp, config))
            seen.append(roofs(a))
    times = [t for r in rounds for t in r["latency_ms"]]
    gflops, gbs = max(r["gflops"] for r in seen), max(r["read_gbs"] for r in seen)
    work, size = flops(config, a.tokens), read_bytes(config)
    latency = statistics.median(times)
    return dict(tokens=a.tokens, threads=a.threads, isa=seen[0]["isa"], roof_gflops=gflops, roof_read_gbs=gbs,
                text_to_code_s=compile_s, compile_ms=statistics.median(r["compile_ms"] for r in rounds),
                load_ms=statistics.median(r["load_ms"] for r in rounds), latency_ms=latency, fastest_ms=min(times),
                samples=len(times), gflop=work / 1e9, fma_roof_ms=work / gflops / 1e6, read_roof_ms=size / gbs / 1e6,
                share_of_fma_roof=work / gflops / 1e6 / latency)


def table(r):
    rows = [("FMA roof", f"{r['roof_gflops']:.0f} GFLOP/s ({r['isa']}, {r['threads']} threads)"),
            ("read roof", f"{r['roof_read_gbs']:.1f} GB/s"),
            ("text to assembly, whole process", f"{r['text_to_code_s']:.2f} s"),
            ("text to code, as `run` reports it", f"{r['compile_ms'] / 1e3:.2f} s"),
            ("loading and preparing the weights", f"{r['load_ms'] / 1e3:.2f} s"),
            (f"latency at 1×{r['tokens']}, median of {r['samples']}", f"{r['latency_ms']:.1f} ms (fastest {r['fastest_ms']:.1f})"),
            (f"{r['gflop']:.1f} GFLOP at the FMA roof", f"{r['fma_roof_ms']:.1f} ms"),
            ("every matrix once at the read roof", f"{r['read_roof_ms']:.1f} ms"),
            ("share of the FMA roof", f"{r['share_of_fma_roof']:.2f}")]
    return "\n".join(["| BERT-base, float32 | |", "|---|---|"] + [f"| {k} | {v} |" for k, v in rows])


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--folder", default=os.path.join(os.path.dirname(BIN), "bench", "bert-base"))
    p.add_argument("--sinter", default=os.path.join(BIN, "sinter"))
    p.add_argument("--roofs", default=os.path.join(BIN, "bench_roofs"))
    p.add_argument("--tokens", type=int, default=128)
    p.add_argument("--threads", type=int, default=min(2, os.cpu_count() or 1))
    p.add_argument("--rounds", type=int, default=4)
    p.add_argument("--repeat", type=int, default=12, help="timed passes in a round, after one that is not counted")
    p.add_argument("--json", help="also write the numbers here")
    a = p.parse_args()
    if not os.path.exists(os.path.join(a.folder, "model.safetensors")):
        print(call([sys.executable, os.path.join(HERE, "make_bert_base.py"), a.folder]).strip(), file=sys.stderr)
    result = measure(a)
    print(table(result))
    if a.json:
        with open(a.json, "w") as f:
            json.dump(result, f, indent=1)


if __name__ == "__main__":
    sys.exit(main())

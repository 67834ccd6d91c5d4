#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Attention beside PyTorch's: 12 heads of 64, whole and causal, in one process.

In:  build/bin/sinter; PyTorch in the Python that runs this.  Out: a Markdown table on stdout.  Nothing is judged here.

The heads are columns of [1, T, 768], as projections leave them. PyTorch gets the same view and a contiguous copy (made
before the clock starts); its faster one counts. Rounds alternate, with a pause for the other's threads to fall asleep;
the number of a side is the median over rounds of each round's fastest call, the ratio is the median of the rounds'.
"""
import argparse, ctypes, os, statistics, subprocess, sys, tempfile, time

import numpy as np
import torch

BIN = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "build", "bin")
TEXT = """
import split_heads, hide_future from "std/attention"
import softmax from "std/math"

config Heads {
  heads: int = 12
}

model Attention(c: Heads) {
  fn whole(q: f32[B, T, 768], k: f32[B, T, 768], v: f32[B, T, 768]) -> f32[B, 12, T, 64] {
    return softmax(split_heads(q, c.heads) @ split_heads(k, c.heads).T / 8.0) @ split_heads(v, c.heads)
  }

  fn masked(q: f32[B, T, 768], k: f32[B, T, 768], v: f32[B, T, 768]) -> f32[B, 12, T, 64] {
    return softmax(hide_future(split_heads(q, c.heads) @ split_heads(k, c.heads).T / 8.0)) @ split_heads(v, c.heads)
  }
}
"""


class Input(ctypes.Structure):
    _fields_ = [("data", ctypes.c_void_p), ("dtype", ctypes.c_int32), ("rank", ctypes.c_uint32), ("dims", ctypes.c_int64 * 8)]


class Output(ctypes.Structure):
    _fields_ = [("data", ctypes.c_void_p), ("bytes", ctypes.c_uint64), ("dtype", ctypes.c_int32), ("rank", ctypes.c_uint32),
                ("dims", ctypes.c_int64 * 8)]


def library(a, folder):
    text, path = os.path.join(folder, "attention.sinter"), os.path.join(folder, "libattention.so")
    with open(text, "w") as f:
        f.write(TEXT)
    subprocess.run([a.sinter, "compile", text, "--fn", "whole", "--fn", "masked", "--emit", "lib", "--target", a.target,
                    "-o", path], check=True, stderr=subprocess.DEVNULL)
    return ctypes.CDLL(path)


def fastest(call, seconds):
    best, end = 1e9, time.perf_counter() + seconds
    while time.perf_counter() < end:
        start = time.perf_counter()
        call()
        best = min(best, time.perf_counter() - start)
    return best


def measure(a, lib, model, length, causal):
    q, k, v = (torch.randn(1, length, 768) for _ in range(3))
    out = np.empty((1, 12, length, 64), np.float32)
    inputs = (Input * 3)(*[Input(t.data_ptr(), 1, 3, (1, length, 768)) for t in (q, k, v)])

    def ours():
        outputs = (Output * 1)(Output(out.ctypes.data, out.nbytes))
        if lib.attention_call(model, int(causal), inputs, outputs, None):
            sys.exit("the call failed")

    def theirs(heads):
        return lambda: torch.nn.functional.scaled_dot_product_attention(*heads, is_causal=causal)

    views = [t.view(1, length, 12, 64).transpose(1, 2) for t in (q, k, v)]
    sides = [ours, theirs(views), theirs([t.contiguous() for t in views])]
    ours()
    error = np.abs(sides[1]().numpy() - out).max()
    rounds = []
    for _ in range(a.rounds):
        times = []
        for side in sides:
            time.sleep(a.pause)
            side()
            times.append(fastest(side, a.seconds))
        rounds.append((times[0], min(times[1:])))
    mine, peer = (statistics.median(r[i] for r in rounds) for i in (0, 1))
    ratio = statistics.median(p / m for m, p in rounds)
    work = 4 * 768 * length * ((length + 1) / 2 if causal else length)
    print(f"| {length} {'causal' if causal else 'whole'} | {a.threads} | {mine * 1e3:.2f} | {work / mine * 1e-9:.0f} | "
          f"{peer * 1e3:.2f} | {ratio:.2f} | {error:.1e} |", flush=True)


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--sinter", default=os.path.join(BIN, "sinter"))
    p.add_argument("--target", default="cpu")
    p.add_argument("--threads", type=int, default=1)
    p.add_argument("--lengths", type=int, nargs="+", default=[128, 512, 2048])
    p.add_argument("--rounds", type=int, default=5)
    p.add_argument("--seconds", type=float, default=0.15, help="of each side in a round, one call at least")
    p.add_argument("--pause", type=float, default=0.25)
    p.add_argument("--library", help="a library made before, by --keep")
    p.add_argument("--keep", help="only make the library, in this folder")
    a = p.parse_args()
    if a.keep:
        library(a, a.keep)
        return
    torch.set_num_threads(a.threads)
    with tempfile.TemporaryDirectory() as folder, torch.no_grad():
        lib = ctypes.CDLL(a.library) if a.library else library(a, folder)
        model = ctypes.c_void_p()
        if lib.attention_open(a.threads, ctypes.byref(model), None):
            sys.exit("the library does not open")
        print("| tokens | threads | ms | GFLOP/s | PyTorch ms | ratio | largest difference |\n|---|---|---|---|---|---|---|")
        for length in a.lengths:
            for causal in (False, True):
                measure(a, lib, model, length, causal)
        lib.attention_close(model)


if __name__ == "__main__":
    sys.exit(main())

# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs Inputs/sequences.sinter on cpu and reference and compares with NumPy.

Usage: sequences.py WORKDIR. Needs `sinter` on PATH and NumPy. Each check prints one line; any failure exits 1.
"""
import json
import os
import struct
import subprocess
import sys

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
TEXT = os.path.join(HERE, "Inputs", "sequences.sinter")
D = 5
failures = 0


def check(ok, what):
    global failures
    failures += not ok
    print(("ok      " if ok else "FAILED  ") + what)


def write_weights(folder, tensors):
    os.makedirs(folder, exist_ok=True)
    header, at = {}, 0
    for name, value in tensors.items():
        header[name] = dict(dtype="F32", shape=value.shape, data_offsets=[at, at + value.nbytes])
        at += value.nbytes
    text = json.dumps(header).encode()
    with open(os.path.join(folder, "model.safetensors"), "wb") as out:
        out.write(struct.pack("<Q", len(text)) + text + b"".join(v.tobytes() for v in tensors.values()))
    with open(os.path.join(folder, "config.json"), "w") as out:
        json.dump(dict(d=D), out)


def run(work, target, fn, inputs, outputs):
    command = ["sinter", "run", TEXT, "--weights", os.path.join(work, "weights"), "--target", target, "--fn", fn]
    for name, value in inputs.items():
        np.save(os.path.join(work, name + ".npy"), value)
        command += ["--in", f"{name}={work}/{name}.npy"]
    for name in outputs:
        command += ["--out", f"{name}={work}/{name}.out.npy"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    return done, lambda name: np.load(f"{work}/{name}.out.npy")


def compare(work, target, fn, inputs, wanted, what):
    done, result = run(work, target, fn, inputs, wanted)
    if done.returncode:
        check(False, f"{what}: {done.stderr}")
        return
    for name, want in wanted.items():
        got = result(name)
        same = got.shape == want.shape and np.abs(got - want).max(initial=0) <= 2e-5
        check(same, f"{what}: {name} {list(want.shape)}, error {np.abs(got - want).max(initial=0):.1e}" if got.shape == want.shape else f"{what}: {name} has shape {list(got.shape)}")


def loops(x, w):
    for _ in range(2):
        for part in (0, 1, 2, 1):
            for step in (0, 1):
                x = np.tanh(x @ w[f"inner.{part}.steps.{step}.weight"].astype(np.float64).T)
        x = x * w["scale"]
    return x


def main():
    work = sys.argv[1]
    r = np.random.default_rng(5)
    weights = {f"inner.{i}.steps.{s}.weight": (0.5 * r.normal(size=(D, D))).astype(np.float32) for i in range(3) for s in range(2)}
    weights["scale"] = r.normal(size=D).astype(np.float32)
    write_weights(os.path.join(work, "weights"), weights)
    for target in ("cpu", "reference"):
        for B, T in ((1, 1), (3, 5), (2, 16), (2, 33), (4, 17)):
            x = r.normal(size=(B, T, D)).astype(np.float32)
            ids = r.integers(0, min(T, D), size=(B, T)).astype(np.int32)
            what = f"{target} {B}x{T}"
            compare(work, target, "sums", dict(ids=ids, x=x),
                    dict(ints=ids.cumsum(1), reals=x.astype(float).cumsum(0), counted=(ids > 1).cumsum(1) * ids), what)
            compare(work, target, "picks", dict(x=x, ids=ids),
                    dict(column=np.take_along_axis(x, ids[:, :, None], 2)[:, :, 0],
                         rows=np.take_along_axis(ids, ids[:, :1], 1)[:, 0]), what)
            compare(work, target, "pieces", dict(x=x),
                    dict(shifted=np.concatenate([np.full((B, 1, D), 1.5), x[:, :-1]], 1),
                         joined=np.concatenate([x[:, :, 1:3], x[:, :, :2]], 1), best=x.argmax(-1), last=x[:, -1]), what)
            compare(work, target, "loops", dict(x=x), dict(y=loops(x.astype(float), weights)), what)
        for bad in (-1, D):
            ids = np.zeros((2, 3), np.int32)
            ids[1, 2] = bad
            done, _ = run(work, target, "picks", dict(x=np.zeros((2, 3, D), np.float32), ids=ids), ["column"])
            check(done.returncode == 1 and "sequences.sinter" in done.stderr,
                  f"{target}: picking {bad} of {D} is an error at its place: {done.stderr.strip()[:200]}")


main()
sys.exit(1 if failures else 0)

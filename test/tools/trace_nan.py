# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Gives a text of four layers weights that make NaN or infinity in one of them, and reads what --trace-nan says.

In:  the text, a folder to make.  Out: nothing, or a failed assertion.  Flow: trace-nan.test.
"""
import json, os, re, shutil, struct, subprocess, sys

import numpy as np

text, work = sys.argv[1:3]
shutil.rmtree(work, ignore_errors=True)
os.makedirs(work)
lines = open(text).read().splitlines()
where = {word: next(i + 1 for i, line in enumerate(lines) if word in line) for word in ("sqrt(y)", "x * scale", "for l in")}


def save(name, array):
    np.save(os.path.join(work, name), array)
    return os.path.join(work, name)


def run(name, scales, x, *more):
    entries = {}
    for i, scale in enumerate(scales):
        entries[f"layer.{i}.scale"], entries[f"layer.{i}.shift"] = np.full(4, scale, np.float32), np.full(4, 0.25, np.float32)
    header, at, data = {}, 0, b""
    for key, value in entries.items():
        header[key] = dict(dtype="F32", shape=[4], data_offsets=[at, at + 16])
        at, data = at + 16, data + value.tobytes()
    head = json.dumps(header).encode()
    path = os.path.join(work, name + ".safetensors")
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(head)) + head + data)
    return subprocess.run(["sinter", "run", text, "--weights", path, "--in", "x=" + save("x.npy", x), *more], capture_output=True, text=True)


ones = np.ones((1, 3, 4), np.float32)
file = os.path.basename(text)
good = run("good", [1, 1, 1, 1], ones, "--trace-nan")
assert good.returncode == 0 and "no result of any operation holds NaN or infinity" in good.stderr, good.stderr

# Layer 2 takes the root of a negative number: its line, its layer; without the flag only the result's place is told.
bad = [1, 1, -9, 1]
plain = run("bad", bad, ones)
assert plain.returncode == 1 and "NaN" in plain.stderr and "note" not in plain.stderr, plain.stderr
traced = run("bad", bad, ones, "--trace-nan")
first = traced.stderr.splitlines()[0]
assert traced.returncode == 1 and f"{file}:{where['sqrt(y)']}:" in first, traced.stderr
assert "NaN" in first and "iteration 2 (from 0)" in first and "sqrt(y)" in first, first
fused = run("bad", bad, ones, "--trace-nan=kernels")
first = fused.stderr.splitlines()[0]
assert "iteration 2 (from 0)" in first and f"{file}:{where['sqrt(y)']}" in fused.stderr, fused.stderr

# Infinity counts, and what a weight or an argument brings is not blamed on the operation alone.
wide = run("wide", [3e38, 1, 1, 1], ones * 3, "--trace-nan")
assert wide.returncode == 1 and f"{file}:{where['x * scale']}:" in wide.stderr.splitlines()[0] and "infinity" in wide.stderr.splitlines()[0], wide.stderr
weight = run("weight", [1, float("nan"), 1, 1], ones, "--trace-nan")
assert "iteration 1 (from 0)" in weight.stderr and re.search(r"the weight .*scale.* holds such a number already", weight.stderr), weight.stderr
argument = run("argument", [1, 1, 1, 1], np.full((1, 3, 4), np.inf, np.float32), "--trace-nan")
assert "the argument 'x' holds such a number already" in argument.stderr, argument.stderr

for more in (["--target", "reference"], ["--profile"]):
    wrong = run("good", [1, 1, 1, 1], ones, "--trace-nan", *more)
    assert wrong.returncode == 2 and "--trace-nan" in wrong.stderr, wrong.stderr

# The same while text is generated: a weight of the feed-forward is NaN, and its line is told beside the prompt's place.
support, readme = os.path.join(os.environ["SINTER_SOURCE"], "test", "support"), os.path.join(os.environ["SINTER_SOURCE"], "README.md")
model = os.path.join(work, "tiny")
subprocess.run([sys.executable, os.path.join(support, "make_tiny_gpt2.py"), model, readme, "--words", "300"], check=True, stdout=subprocess.DEVNULL)
with open(os.path.join(model, "model.safetensors"), "r+b") as f:
    f.seek(-4, os.SEEK_END)
    f.write(np.float32("nan").tobytes())
traced = subprocess.run(["sinter", "generate", model, "-p", "The", "--max-new-tokens", "2", "--trace-nan"], capture_output=True, text=True)
assert traced.returncode == 1 and re.search(r"--trace-nan: the first result that holds NaN is made here", traced.stderr), traced.stderr
assert re.search(r"the weight .*c_proj.* holds such a number already", traced.stderr), traced.stderr

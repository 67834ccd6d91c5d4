# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Stores a GPT-2's checkpoint in bf16 and f16 and runs it: stored so, the results have the bits that float32 gives.

In:  a golden folder, a folder to make.  Out: nothing, or a failed assertion.  Flow: dtypes.test.
"""
import glob, json, os, re, shutil, struct, subprocess, sys

import numpy as np

golden, work = sys.argv[1:3]
shutil.rmtree(work, ignore_errors=True)
os.makedirs(work)


def sinter(*words, code=0):
    done = subprocess.run(["sinter", *words], capture_output=True, text=True)
    assert done.returncode == code, (words, done.returncode, done.stderr)
    return done.stdout + done.stderr


def bf16(values):
    """The nearest, ties to even."""
    bits = values.view(np.uint32)
    return ((bits + 0x7FFF + (bits >> 16 & 1)) >> 16).astype(np.uint16)


def checkpoint(name, convert):
    """The golden one, every tensor converted."""
    folder = os.path.join(work, name)
    os.makedirs(folder)
    for path in glob.glob(golden + "/*.json"):
        shutil.copy(path, folder)
    raw = open(golden + "/model.safetensors", "rb").read()
    size, = struct.unpack("<Q", raw[:8])
    header, at, data = {}, 0, b""
    for key, entry in json.loads(raw[8:8 + size]).items():
        if key == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        assert entry["dtype"] == "F32"
        part = convert(np.frombuffer(raw[8 + size + begin:8 + size + end], np.float32)).tobytes()
        header[key] = dict(dtype=name, shape=entry["shape"], data_offsets=[at, at + len(part)])
        at, data = at + len(part), data + part
    head = json.dumps(header).encode()
    with open(folder + "/model.safetensors", "wb") as file:
        file.write(struct.pack("<Q", len(head)) + head + data)
    return folder


tokens = glob.glob(golden + "/generate-0.tokens.npy")[0]
out = os.path.join(work, "out.npy")


def generated(folder, *words):
    sinter("generate", folder, "--tokens", tokens, "--greedy", "--ignore-eos", "--max-new-tokens", "20", "--out-tokens", out, *words)
    return np.load(out)


def logits(folder, *words):
    sinter("run", folder, "--in", "tokens=" + tokens, "--out", "logits=" + out, *words)
    return np.load(out)


def stored(folder, *words):
    plan = sinter("compile", folder, "--emit", "plan", "-o", "-", *words)
    return int(re.search(r"weights (\d+) bytes", plan).group(1))


for name, convert in (("BF16", bf16), ("F16", lambda values: values.astype(np.float16))):
    folder = checkpoint(name, convert)
    assert logits(folder).tobytes() == logits(folder, "--weights-dtype", "f32").tobytes(), name
folder = os.path.join(work, "BF16")
assert stored(folder) < 0.7 * stored(folder, "--weights-dtype", "f32")
tokens20 = generated(folder)
assert (tokens20 == generated(folder, "--weights-dtype", "f32")).all()
assert generated(folder, "--cache-dtype", "f16").shape == tokens20.shape

# What the checkpoint has in float32 is rounded only when asked.
exact, rounded = logits(golden), logits(golden, "--weights-dtype", "bf16")
assert exact.tobytes() != rounded.tobytes() and np.abs(exact - rounded).max() < 0.1 * np.abs(exact).max()
assert "not in {stored,f32,bf16,f16}" in sinter("run", golden, "--weights-dtype", "f8", code=2)
assert "not in {f32,bf16,f16}" in sinter("generate", golden, "--cache-dtype", "stored", code=2)

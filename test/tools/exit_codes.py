# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs `sinter` wrongly in every way a person would; each case names the exit code and a piece of the message."""

import os
import shutil
import subprocess
import sys

import numpy as np

golden, work = sys.argv[1:3]
shutil.rmtree(work, ignore_errors=True)
os.makedirs(work)
folder = os.path.join(golden, "bert", "base-12x3", "model")
if not os.path.isdir(folder):
    folder = os.path.join(golden, "bert", "base-12x3")


def save(name, array):
    path = os.path.join(work, name)
    np.save(path, array)
    return path


ids = save("ids.npy", np.zeros((1, 4), np.int64))
floats = save("floats.npy", np.zeros((1, 4), np.float32))
flat = save("flat.npy", np.zeros(4, np.int32))
large = save("large.npy", np.full((1, 4), 9999, np.int32))
huge = save("huge.npy", np.full((1, 4), 1 << 40, np.int64))
mask = save("mask.npy", np.ones((1, 5), np.int32))
long = save("long.npy", np.zeros((1, 4000), np.int32))
junk = os.path.join(work, "junk.npy")
open(junk, "wb").write(b"not an array")

pickled = os.path.join(work, "pickled")
os.makedirs(pickled)
shutil.copy(os.path.join(folder, "config.json"), pickled)
open(os.path.join(pickled, "pytorch_model.bin"), "wb").write(b"PK")

config = open(os.path.join(folder, "config.json")).read()


def variant(name, old, new):
    path = os.path.join(work, name)
    shutil.copytree(folder, path)
    assert old in config
    open(os.path.join(path, "config.json"), "w").write(config.replace(old, new, 1))
    return path


unknown_key = variant("unknown-key", "{", '{ "hiden_act": "gelu",')
unknown_model = variant("unknown-model", '"BertModel"', '"ElmoModel"')
wrong_width = variant("wrong-width", '"intermediate_size":', '"intermediate_size": 5, "num_labels":')
twice = variant("twice", "{", '{ "hidden_size": 12, "hidden_size": 12,')

run = ["run", folder, "--in"]
cases = [
    # arguments, exit code, pieces of stderr
    ([], 2, ["subcommand"]),
    (["fly"], 2, []),
    (["run", folder, "--bogus"], 2, ["--bogus"]),
    (["run"], 2, ["MODEL"]),
    (run + ["tokens"], 2, ["NAME=VALUE"]),
    (run + ["tokens=" + ids, "--threads", "-1"], 2, ["--threads"]),
    (run + ["tokens=" + ids, "--target", "cpu:pentium"], 2, ["pentium", "x86-64-v3"]),
    (["compile", folder, "--emit", "exe"], 2, ["-o"]),
    (["embed", folder], 2, ["sentence"]),
    (["run", folder], 1, ["tokens", "--in tokens=FILE.npy"]),
    (run + ["tokns=" + ids], 1, ["tokns", "tokens"]),
    (run + ["tokens=" + ids, "--out", "logits=x.npy"], 1, ["logits", "hidden"]),
    (run + ["tokens=" + floats], 1, ["tokens", "integers were expected"]),
    (run + ["tokens=" + flat], 1, ["tokens"]),
    (run + ["tokens=" + huge], 1, ["tokens", str(1 << 40)]),
    (run + ["tokens=" + large], 1, ["out of range"]),
    (run + ["tokens=" + ids, "--in", "mask=" + mask], 1, ["mask", "5", "4"]),
    (run + ["tokens=" + long], 1, ["4000 tokens"]),
    (run + ["tokens=" + junk], 1, ["junk.npy"]),
    (run + ["tokens=" + os.path.join(work, "none.npy")], 3, ["none.npy"]),
    (run + ["tokens=" + ids, "--out", "hidden=" + os.path.join(work, "no", "o.npy")], 3, ["o.npy"]),
    (run + ["tokens=" + ids, "--fn", "fly"], 1, ["fly"]),
    (run + ["tokens=" + ids, "--set", "layerz=2"], 1, ["layerz", "layers"]),
    (run + ["tokens=" + ids, "--set", "layers=two"], 1, ["layers"]),
    (run + ["tokens=" + ids, "--model", "BertModell"], 1, ["BertModell"]),
    (["run", unknown_key, "--in", "tokens=" + ids], 1, ["hiden_act", "hidden_act"]),
    (["run", unknown_model, "--in", "tokens=" + ids], 1, ["ElmoModel"]),
    (["run", wrong_width, "--in", "tokens=" + ids], 1, ["intermediate", "[5"]),
    (["run", twice, "--in", "tokens=" + ids], 1, ["hidden_size"]),
    (["run", pickled, "--in", "tokens=" + ids], 1, ["safetensors"]),
    (["run", os.path.join(work, "nowhere"), "--in", "tokens=" + ids], 1, ["nowhere"]),
    (["embed", folder, "A sentence."], 1, ["tokenizer"]),
    (["compile", folder, "-o", os.path.join(work, "no", "exe")], 3, ["exe"]),
    (["check", junk], 1, ["error["]),
]

failures = 0
for arguments, code, pieces in cases:
    out = subprocess.run(["sinter", *arguments], capture_output=True, text=True, timeout=60)
    wrong = [piece for piece in pieces if piece not in out.stderr]
    if out.returncode != code or wrong or not out.stderr.strip():
        failures += 1
        print(f"FAILED  sinter {' '.join(arguments)}\n  exit {out.returncode}, wanted {code}; lacking {wrong}\n  {out.stderr}")
print(f"{len(cases)} wrong commands, {failures} answered wrongly")
sys.exit(1 if failures else 0)

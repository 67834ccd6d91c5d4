# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs `sinter` wrongly in every way a person would; each case names the exit code and a piece of the message."""

import json
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

def poison(name):
    """The folder with NaN in the last number of a weight that every token meets."""
    path = os.path.join(work, name)
    shutil.copytree(folder, path)
    weights = os.path.join(path, "model.safetensors")
    data = bytearray(open(weights, "rb").read())
    size = int.from_bytes(data[:8], "little")
    end = json.loads(data[8 : 8 + size])["embeddings.LayerNorm.weight"]["data_offsets"][1]
    data[8 + size + end - 4 : 8 + size + end] = np.float32("nan").tobytes()
    open(weights, "wb").write(bytes(data))
    return path


def text(name, lines):
    path = os.path.join(work, name)
    open(path, "w").write("\n".join(lines) + "\n")
    return path


poisoned = poison("poisoned")
empty = save("empty.npy", np.zeros((0, 4), np.int32))
x = save("x.npy", np.ones((2, 3), np.float32))
shared = text("shared.sinter", ["v0 = [1, 2]"] + [f"v{i} = [v{i - 1}, v{i - 1}]" for i in range(1, 40)] +
              ["config C { d: int = 1 }", "model M(c: C) {", "  fn forward(x: f32[B]) -> f32[B] {",
               '    check v39 == 1, "{v39}"', "    return x", "  }", "}"])
bare = text("bare.sinter", ["config C { d: int = 3 }", "model M(c: C) {",
                            "  fn forward(x: f32[B, c.d]) -> (y: f32[B, c.d]) { return x * 2 }", "}"])
weights = os.path.join(folder, "model.safetensors")
damaged = os.path.join(work, "damaged")
shutil.copytree(folder, damaged)
open(os.path.join(damaged, "model.safetensors"), "wb").close()

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
    (["run", os.path.join(work, "nowhere"), "--in", "tokens=" + ids], 3, ["nowhere"]),
    (["embed", folder, "A sentence."], 1, ["tokenizer"]),
    (["compile", folder, "-o", os.path.join(work, "no", "exe")], 3, ["exe"]),
    (["check", junk], 1, ["error["]),
    (run + ["tokens=" + empty], 1, ["tokens", "empty"]),
    (["run", poisoned, "--in", "tokens=" + ids], 1, ["NaN"]),
    (["run", poisoned, "--in", "tokens=" + ids, "--target", "reference"], 1, ["NaN"]),
    (["run", folder, "--weights", os.path.join(work, "no.safetensors"), "--in", "tokens=" + ids], 3, ["no.safetensors"]),
    (["check", shared], 1, ["E0310"]),
    (["check", folder, "--weights", os.path.join(work, "nowhere")], 3, ["nowhere"]),
    (["info", folder, "--weights", os.path.join(work, "nowhere")], 3, ["nowhere"]),
    (["check", os.path.join(work, "nope.sinter")], 3, ["nope.sinter", "there is no such file"]),
    (["bench", os.path.join(work, "nope")], 3, ["nope"]),
    (["graph", os.path.join(work, "nope"), "-o", "-"], 3, ["nope"]),
    (["fmt", os.path.join(work, "nope.sinter")], 3, ["nope.sinter"]),
    (["compile", os.path.join(work, "nope.sinter"), "--emit", "ast"], 3, ["nope.sinter"]),
    (["info", damaged], 3, ["model.safetensors"]),
    (["check", wrong_width, "--weights", wrong_width], 1, ["E0603", "intermediate", "[5"]),
]

# What must work although it is unusual: exit 0.
good = [
    ["run", bare, "--in", "x=" + x, "--out", "y=" + os.path.join(work, "y.npy")],
    ["run", bare, "--in", "x=" + x, "--target", "reference"],
    ["run", folder, "--weights", weights, "--in", "tokens=" + ids],
    ["compile", folder, "--emit", "ast", "-o", os.devnull],
    ["check", folder, "--weights", folder],
    ["run", poisoned, "--in", "tokens=" + ids, "--allow-not-finite"],
    ["run", poisoned, "--in", "tokens=" + ids, "--allow-not-finite", "--target", "reference"],
]

failures = 0
for arguments in good:
    out = subprocess.run(["sinter", *arguments], capture_output=True, text=True, timeout=60)
    if out.returncode:
        failures += 1
        print(f"FAILED  sinter {' '.join(arguments)}\n  exit {out.returncode}, wanted 0\n  {out.stderr}")
if not np.array_equal(np.load(os.path.join(work, "y.npy")), 2 * np.ones((2, 3))):
    failures += 1
    print("FAILED  a model without parameters")
for arguments in ["info", folder], ["--help"], ["run", "--help"], ["--version"]:
    with open("/dev/full", "w") as full:
        out = subprocess.run(["sinter", *arguments], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
    if out.returncode != 3 or "stdout" not in out.stderr:
        failures += 1
        print("FAILED  a full stdout:", arguments, "exit", out.returncode, out.stderr)


def stored(model):
    out = subprocess.run(["sinter", "info", model, "--json"], capture_output=True, text=True, timeout=60)
    return json.loads(out.stdout)["checkpoint_bytes"]


def written(path):
    data = open(path, "rb").read()
    return len(data) - 8 - int.from_bytes(data[:8], "little")


bare_folder = os.path.join(work, "bare-folder")
os.makedirs(bare_folder)
shutil.copy(os.path.join(folder, "config.json"), bare_folder)
text_of_bare = subprocess.run(["sinter", "info", bare_folder], capture_output=True, text=True, timeout=60).stdout
if (stored(folder), stored(bare_folder), "no checkpoint" in text_of_bare) != (written(weights), None, True):
    failures += 1
    print("FAILED  bytes as stored:", stored(folder), stored(bare_folder), text_of_bare)

for arguments, code, pieces in cases:
    out = subprocess.run(["sinter", *arguments], capture_output=True, text=True, timeout=60)
    wrong = [piece for piece in pieces if piece not in out.stderr]
    if out.returncode != code or wrong or not out.stderr.strip():
        failures += 1
        print(f"FAILED  sinter {' '.join(arguments)}\n  exit {out.returncode}, wanted {code}; lacking {wrong}\n  {out.stderr}")
print(f"{len(cases)} wrong commands, {failures} answered wrongly")
sys.exit(1 if failures else 0)

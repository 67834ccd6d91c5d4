#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Imports each folder of the golden cases and runs the text beside the folder's tensors alone, without its config.json.

In:  test/golden, a folder to make.  Out: one line a folder, exit 1 if any differs.  Used by test/golden/import.test.
The first case of each folder is compared, bit for bit; the text must have the house's layout and name one model.
"""
import glob, json, os, shutil, subprocess, sys

import numpy as np

golden, work = sys.argv[1:3]
shutil.rmtree(work, ignore_errors=True)
os.makedirs(work)


def call(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command[:2])}: exit {done.returncode}: {done.stderr.strip()[:1500]}")
    return done.stdout


def outputs_of(model, case, root, name, *more):
    files = {k: os.path.join(work, f"{name}.{k}.npy") for k in case["outputs"]}
    inputs = [w for k, v in case["inputs"].items() for w in ("--in", f"{k}={os.path.join(root, v)}")]
    call("sinter", "run", model, *more, *(["--fn", case["fn"]] if case.get("fn") else []), *inputs,
         *[w for k, v in files.items() for w in ("--out", f"{k}={v}")])
    return {k: np.load(v) for k, v in files.items()}


def check(root, case, name):
    folder = os.path.join(root, case["folder"])
    text, bare = os.path.join(work, name + ".sinter"), os.path.join(work, name)
    model = ["--model", case["model"]] if case.get("model") else []
    call("sinter", "import", folder, *model, "-o", text)
    call("sinter", "fmt", "--check", text)
    os.makedirs(bare)
    for file in glob.glob(os.path.join(folder, "*.safetensors*")):
        os.symlink(os.path.abspath(file), os.path.join(bare, os.path.basename(file)))
    theirs, ours = outputs_of(folder, case, root, "a", *model), outputs_of(text, case, root, "b", "--weights", bare)
    again = ours if len(seen) % 8 else outputs_of(text, case, root, "c", "--weights", folder)  # config.json says the same
    for k, value in theirs.items():
        if value.tobytes() != ours[k].tobytes() or value.tobytes() != again[k].tobytes():
            raise RuntimeError(f"{k}: other bits")


failed, seen = 0, set()
for table in sorted(glob.glob(os.path.join(golden, "*", "cases.json"))):
    root = os.path.dirname(table)
    cases = json.load(open(table))
    for case in cases["cases"] if isinstance(cases, dict) and "cases" in cases else []:
        key = (root, case.get("folder"))  # one model of each folder is enough
        if not case.get("folder") or key in seen or not os.path.exists(os.path.join(root, case["folder"], "config.json")):
            continue
        seen.add(key)
        name = "-".join(x for x in (os.path.basename(root), case["folder"].replace("/", "-"), case.get("model")) if x)
        try:
            check(root, case, name)
            print(f"ok    {name}", flush=True)
        except RuntimeError as error:
            failed += 1
            print(f"FAIL  {name}: {error}", flush=True)
print(f"{len(seen) - failed} of {len(seen)} texts")
sys.exit(failed != 0 or not seen)

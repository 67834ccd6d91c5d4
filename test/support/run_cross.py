#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The same tokens by every way: one thread and two, alone and among seven other prompts, in chunks, just in time and as an executable.

In:  a generate-cases.json (its folders and prompts) and the sinter binary.  Out: one line a folder, exit 1 where any way
differs. Used by lit:   # RUN: %python %support/run_cross.py %golden/decoder/generate-cases.json
Needs NumPy only.
"""
import argparse, concurrent.futures, json, os, sys, tempfile

import numpy as np

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from run_goldens import Failure, execute

NEW = 12
STRATEGIES = {
    "greedy": ["--repetition-penalty", "1.3"],
    "n-grams": ["--no-repeat-ngram", "2", "--presence-penalty", "0.5", "--frequency-penalty", "0.3"],
    "temperature": ["--sample", "--seed", "3", "--temperature", "0.7"],
    "top-k": ["--sample", "--seed", "4", "--top-k", "5"],
    "top-p": ["--sample", "--seed", "5", "--top-p", "0.8"],
    "min-p": ["--sample", "--seed", "6", "--min-p", "0.1"],
    "epsilon": ["--sample", "--seed", "7", "--epsilon-cutoff", "0.01"],
    "eta": ["--sample", "--seed", "8", "--eta-cutoff", "0.02"],
    "beams": ["--beams", "3", "--length-penalty", "0.8"],
}


def tokens_of(program, words, tokens, mask, work):
    files = {name: os.path.join(work, f"{name}.npy") for name in ("tokens", "mask", "out")}
    np.save(files["tokens"], tokens)
    np.save(files["mask"], mask)
    execute(program + ["--tokens", files["tokens"], "--mask", files["mask"], "--out-tokens", files["out"], "--max-new-tokens",
                       str(NEW), "--min-new-tokens", str(NEW), "--ignore-eos"] + words, 120)
    return np.load(files["out"])


def check(a, root, case):
    tokens, mask = (np.load(os.path.join(root, case[k])) for k in ("tokens", "mask"))
    eight = np.arange(8) % len(tokens)
    folder = os.path.join(root, case["folder"])
    seen = set()
    with tempfile.TemporaryDirectory() as work:
        executable = os.path.join(work, "model")
        execute([a.sinter, "compile", folder, "-o", executable], 120)
        just_in_time = [a.sinter, "generate", folder]
        for name, words in STRATEGIES.items():
            want = tokens_of(just_in_time + ["--threads", "1"], words, tokens, mask, work)
            seen.add(want.tobytes())
            ways = {
                "two threads": tokens_of(just_in_time + ["--threads", "2"], words, tokens, mask, work),
                "executable": tokens_of([executable], words + ["--threads", "2"], tokens, mask, work),
                "among eight": tokens_of(just_in_time, words, tokens[eight], mask[eight], work)[:len(tokens)],
                "alone": tokens_of(just_in_time, words + ["--chunk", "3"], tokens[:1, :mask[0].sum()], mask[:1, :mask[0].sum()], work),
            }
            for way, got in ways.items():
                if not np.array_equal(got, want[:len(got)]):
                    raise Failure(f"{name}, {way}: {got.tolist()}, not {want[:len(got)].tolist()}")
    if len(seen) < 5:
        raise Failure("strategies do not differ: nothing is shown")


def main():
    p = argparse.ArgumentParser()
    p.add_argument("cases")
    p.add_argument("--sinter", default="sinter")
    a = p.parse_args()
    root = os.path.dirname(os.path.abspath(a.cases))
    with open(a.cases, encoding="utf-8") as f:
        cases = {case["folder"]: case for case in json.load(f)["cases"] if case.get("ignore_eos")}
    failures = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for folder, future in [(folder, pool.submit(check, a, root, case)) for folder, case in cases.items()]:
            try:
                future.result()
                print(f"ok    {folder}: {len(STRATEGIES)} strategies by five ways")
            except Failure as e:
                failures += 1
                print(f"FAIL  {folder}: {e}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())

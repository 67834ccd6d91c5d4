#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs `sinter generate` over a generate-cases.json and compares the new tokens with the oracle's, one by one.

In:  test/golden/decoder/generate-cases.json (or encdec's) and the sinter binary.  Out: one line a case, exit 1 if any
differs. Used by lit, e.g.   # RUN: %python %support/run_generate.py %golden/decoder/generate-cases.json
With several thread counts (--threads 1,2) every one must give the oracle's tokens; with --rows every prompt is also
generated alone, which must change nothing. Needs NumPy only.
"""
import argparse, concurrent.futures, fnmatch, json, os, sys, tempfile

import numpy as np

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from run_goldens import Failure, execute


def command(a, root, case, threads, tokens, mask, out):
    n = str(case["max_new_tokens"])
    # Where EOS is ignored every row has all its tokens.
    least = n if case.get("ignore_eos") else str(case.get("min_new_tokens", 0))
    c = [a.sinter, "generate", os.path.join(root, case["folder"]), "--target", a.target, "--tokens", tokens, "--mask", mask,
         "--out-tokens", out, "--max-new-tokens", n, "--min-new-tokens", least]
    if "beams" in case:
        c += ["--beams", str(case["beams"]), "--length-penalty", str(case["length_penalty"])]
    if case.get("early_stopping"):
        c += ["--early-stopping"]
    if case.get("ignore_eos"):
        c += ["--ignore-eos"]
    return c + (["--threads", str(threads)] if threads else [])


def compare(got, want, what):
    if got.dtype != np.int32 or got.shape != want.shape:
        raise Failure(f"{what}: {got.dtype} {list(got.shape)}, not int32 {list(want.shape)}")
    wrong = np.argwhere(got != want)
    if len(wrong):
        b, n = (int(i) for i in wrong[0])
        raise Failure(f"{what}: row {b} differs at new token {n}: {got[b].tolist()}, not {want[b].tolist()}")


def generated(a, root, case, threads, tokens, mask):
    with tempfile.TemporaryDirectory() as tmp:
        files = [os.path.join(tmp, name) for name in ("tokens.npy", "mask.npy", "out.npy")]
        np.save(files[0], tokens)
        np.save(files[1], mask)
        execute(command(a, root, case, threads, *files), a.limit)
        if not os.path.exists(files[2]):
            raise Failure("exit 0, but no file for --out-tokens")
        return np.load(files[2])


def run_case(a, root, case):
    tokens, mask, want = (np.load(os.path.join(root, case[k])) for k in ("tokens", "mask", "out"))
    for threads in a.threads:
        compare(generated(a, root, case, threads, tokens, mask), want, f"{threads} threads" if threads else "batch")
    if a.rows:
        for b, length in enumerate(mask.sum(1)):
            alone = generated(a, root, case, a.threads[0], tokens[b:b + 1, :length], mask[b:b + 1, :length])
            compare(alone, want[b:b + 1], f"row {b} alone")


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("cases")
    p.add_argument("--sinter", default=os.environ.get("SINTER", "sinter"))
    p.add_argument("--target", default="cpu")
    p.add_argument("--threads", default="", help="a count, or several separated by commas")
    p.add_argument("--rows", action="store_true", help="also every prompt alone")
    p.add_argument("--only", default="*", help="a glob over the cases' names")
    p.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    p.add_argument("--limit", type=float, default=120, help="seconds a run may take")
    a = p.parse_args()
    a.threads = [int(t) for t in a.threads.split(",")] if a.threads else [0]
    root = os.path.dirname(os.path.abspath(a.cases))
    cases = [c for c in json.load(open(a.cases))["cases"] if fnmatch.fnmatch(c["name"], a.only)]
    if not cases:
        print(f"{a.cases}: no case is called {a.only}")
        return 1
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(a.jobs) as pool:
        runs = [pool.submit(run_case, a, root, c) for c in cases]
        for c, r in zip(cases, runs):
            try:
                r.result()
                print(f"ok    {c['name']}", flush=True)
            except Failure as f:
                failed += 1
                print(f"FAIL  {c['name']:45s} {f}", flush=True)
    print(f"{len(cases) - failed} of {len(cases)} batches of sequences identical on {a.target}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

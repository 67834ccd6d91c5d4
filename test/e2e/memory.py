# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""An executable's memory: at its peak no more than weights and arena, and weights that all processes share.

Usage: memory.py FOLDER WORKDIR. Needs `sinter` on PATH. Each check prints one line; any failure exits 1.
"""

import json
import os
import re
import subprocess
import sys
import time

import numpy as np

PEAK = 1.1  # x (weights + arena), as `sinter info` counts them
ADDED = 0.1  # x weights: what a second process may add
SHAPES = [(1, 256), (8, 32), (4, 128)]

failures = 0


def check(ok, what):
    global failures
    failures += not ok
    print(("ok      " if ok else "FAILED  ") + what)


def peak_of(command):
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, usage.ru_maxrss * 1024


def check_peak(exe, folder, work, batch, tokens):
    file = os.path.join(work, "tokens.npy")
    # Ids all over the table, so that its pages count.
    np.save(file, np.random.default_rng(1).integers(0, 30000, (batch, tokens), dtype=np.int32))
    # Attention stores no scores: the arena depends on batch x tokens alone.
    info = ["sinter", "info", folder, "--tokens", str(batch * tokens), "--json"]
    text = subprocess.run(info, capture_output=True, text=True, check=True).stdout
    bound = json.loads(text)["functions"]["forward"]["memory_bytes"]
    code, peak = peak_of([exe, "run", "--in", f"tokens={file}", "--out", f"hidden={work}/hidden.npy"])
    check(code == 0 and peak <= PEAK * bound,
          f"{batch}x{tokens}: {peak / 1e6:.1f} MB at the peak, weights and arena {bound / 1e6:.1f} MB")


def settle(process):
    """Until the process has computed and waits for somebody to read its output: its processor time stands still."""
    before, still = None, 0
    while still < 5 and process.poll() is None:
        time.sleep(0.1)
        now = open(f"/proc/{process.pid}/stat").read().rsplit(")", 1)[1].split()[11:13]
        still = still + 1 if now == before and now != ["0", "0"] else 0
        before = now


def rollup(process):
    text = open(f"/proc/{process.pid}/smaps_rollup").read()
    return {name: 1024 * int(size) for name, size in re.findall(r"^(\w+): +(\d+) kB", text, re.M)}


def check_shared(exe, weights):
    # More output than a pipe holds, and nobody reads it: both stand still with everything they ever mapped. Each sentence
    # has a length of its own, so that no call takes many at once: working memory is every process's own.
    sentences = ["word " * length for length in range(1, 33)]
    both = []
    try:
        for _ in range(2):
            both.append(subprocess.Popen([exe, *sentences], stdout=subprocess.PIPE))
            settle(both[-1])
        check(all(process.poll() is None for process in both), "two processes at once")
        first, second = (rollup(process) for process in both)
    finally:
        for process in both:
            process.kill()
            process.wait()
    added = second["Private_Clean"] + second["Private_Dirty"]
    check(second["Rss"] > 0.4 * weights, f"the second has read its weights: {second['Rss'] / 1e6:.1f} MB resident")
    check(added <= ADDED * weights, f"and adds {added / 1e6:.1f} MB to the first, of {weights / 1e6:.1f} MB of weights")


def main():
    folder, work = sys.argv[1:3]
    os.makedirs(work, exist_ok=True)
    exe = os.path.join(work, "minilm")
    subprocess.run(["sinter", "compile", folder, "-o", exe], check=True)
    for batch, tokens in SHAPES:
        check_peak(exe, folder, work, batch, tokens)
    text = subprocess.run(["sinter", "info", folder, "--json"], capture_output=True, text=True, check=True).stdout
    check_shared(exe, json.loads(text)["weights_bytes"])


main()
sys.exit(1 if failures else 0)

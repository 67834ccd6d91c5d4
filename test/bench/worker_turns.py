#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Drives bench/worker.py through bench/peers.py as bench/run.py does, on small attention, against NumPy.

In:  the bench folder, a folder to make.  Out: one line for each fact.  Flow: worker.test reads them.
"""
import os, shutil, subprocess, sys, time

import numpy as np

bench, out = sys.argv[1:]
sys.path.insert(0, bench)
from peers import Failed, Worker  # noqa: E402


def attention(q, k, v, masked):
    scores = q.astype(np.float64) @ k.swapaxes(-1, -2) / 8
    if masked:
        scores = np.where(np.tril(np.ones(scores.shape[-2:], bool)), scores, -np.inf)
    weights = np.exp(scores - scores.max(-1, keepdims=True))
    return weights / weights.sum(-1, keepdims=True) @ v


def state(pid):
    with open(f"/proc/{pid}/stat") as f:
        return f.read().rsplit(")", 1)[1].split()[0]


def failing(work):
    try:
        work()
    except Failed as e:
        return str(e)
    return "no failure"


shutil.rmtree(out, ignore_errors=True)
os.makedirs(out)
library = os.path.join(out, "libattention.so")
subprocess.run(["sinter", "compile", os.path.join(bench, "attention.sinter"), "--emit", "lib", "-o", library,
                "--fn", "full", "--fn", "masked"], check=True)
rng, arrays, files = np.random.default_rng(0), [], []
for name in "qkv":
    arrays.append(rng.standard_normal((1, 3, 20, 64), np.float32))
    files.append(os.path.join(out, name + ".npy"))
    np.save(files[-1], arrays[-1])
log = open(os.path.join(out, "log"), "w")
worker = Worker("sinter", sys.executable, 2, library, log, timeout=60)
for function in ("full", "masked"):
    save = os.path.join(out, function + ".npy")
    worker.prepare(function, dict(kind="attention", function=function, inputs=files), save)
    away = np.abs(np.load(save) - attention(*arrays, function == "masked")).max()
    print(f"{function}: as NumPy" if away < 1e-5 else f"{function}: {away} away")
passes = worker.run("full", 3)
for _ in range(100):  # the signal is on its way
    if state(worker.process.pid) == "T":
        break
    time.sleep(0.05)
print(f"{len(passes)} passes, {'stopped' if state(worker.process.pid) == 'T' else 'running'} between turns")
print("a wrong case:", failing(lambda: worker.prepare("wrong", dict(kind="attention"), save)))
print("an engine that is not there:", failing(lambda: Worker("nothing", sys.executable, 2, library, log)))

# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# hidden_rows.py SINTER TEXT FOLDER: every function on the processor equals the reference, for texts of which one sees
# no key, one sees some.
import os
import subprocess
import sys

import numpy

sinter, text, folder = sys.argv[1:]
os.makedirs(folder, exist_ok=True)
random = numpy.random.default_rng(0)
mask = numpy.ones((2, 9), numpy.int32)
mask[0], mask[1, 3:5] = 0, 0
arrays = {"q": random.standard_normal((2, 3, 4)).astype("f"), "m": mask}
arrays |= {name: random.standard_normal((2, 9, 4)).astype("f") for name in "kv"}
inputs = []
for name, array in arrays.items():
    numpy.save(f"{folder}/{name}.npy", array)
    inputs += ["--in", f"{name}={folder}/{name}.npy"]

for function in ["scaled", "doubled", "twice", "number", "bare", "once"]:
    results = []
    for target in ["cpu", "reference"]:
        out = f"{folder}/{function}-{target}.npy"
        subprocess.run([sinter, "run", text, "--model", "Hidden", "--fn", function, "--target", target, "--allow-not-finite",
                        *inputs, "--out", f"out={out}"], check=True, stdout=subprocess.DEVNULL)
        results.append(numpy.load(out))
    cpu, reference = results
    assert numpy.isfinite(reference).all(), function
    assert numpy.abs(cpu - reference).max() < 1e-5, f"{function}: {numpy.abs(cpu - reference).max()}"
    mean = 1 / 9 if function == "bare" else arrays["v"][0].mean(0)
    assert numpy.abs(cpu[0] - mean).max() < 1e-5, f"{function}: a row that sees nothing is no mean"

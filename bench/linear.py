#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Linear layers beside PyTorch's: 1 to 512 rows, distinct weights each call, in one process.

In:  build/bin/sinter and build/bin/bench_roofs; PyTorch in the Python that runs this.
Out: a Markdown table on stdout, and --json FILE.  Flow: by hand, or from `./dev bench`; nothing is judged here.

Layers of each shape, more than the caches hold, are called one after the other. In a round each side runs through all
of its own for a while, with a pause before for the other's threads to fall asleep; the number of a side is the
median over rounds, the ratio is the median of the rounds' ratios. PyTorch is timed as `linear` on its own weights, and
with weights packed ahead by oneDNN and by MKL, as its compiler does where weights are frozen; what it lacks is left
out. Roofs are measured before and after each shape; the best counts.
"""
import argparse, ctypes, json, math, os, statistics, struct, subprocess, sys, tempfile, time

import numpy as np
import torch

BIN = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "build", "bin")
COLD = 110e6  # bytes of weights that are more than any cache holds


class Input(ctypes.Structure):
    _fields_ = [("data", ctypes.c_void_p), ("dtype", ctypes.c_int32), ("rank", ctypes.c_uint32), ("dims", ctypes.c_int64 * 8)]


class Output(ctypes.Structure):
    _fields_ = [("data", ctypes.c_void_p), ("bytes", ctypes.c_uint64), ("dtype", ctypes.c_int32), ("rank", ctypes.c_uint32),
                ("dims", ctypes.c_int64 * 8)]


def text(d_in, d_out, count):
    """A model of so many layers with a function for each."""
    lines = ['import Linear from "std/nn"', "", "config C {", "  unused: int = 0", "}", "", "model Linears(c: C) {"]
    lines += [f"  l{i}: Linear({d_in}, {d_out})" for i in range(count)]
    for i in range(count):
        lines += ["", f"  fn layer{i}(x: f32[M, {d_in}]) -> f32[M, {d_out}] {{ return l{i}(x) }}"]
    return "\n".join(lines + ["}", ""])


def write_weights(path, layers):
    """safetensors: 8 bytes of header length, the header, the data in the header's order."""
    tensors = {f"l{i}.{name}": array for i, pair in enumerate(layers) for name, array in zip(("weight", "bias"), pair)}
    header, at = {}, 0
    for name, array in tensors.items():
        header[name] = dict(dtype="F32", shape=list(array.shape), data_offsets=[at, at + array.nbytes])
        at += array.nbytes
    head = json.dumps(header).encode()
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(head)) + head)
        for array in tensors.values():
            f.write(array.tobytes())


def library(a, folder, d_in, d_out, layers):
    source, weights, path = (os.path.join(folder, n) for n in ("linears.sinter", "weights.safetensors", "liblinears.so"))
    with open(source, "w") as f:
        f.write(text(d_in, d_out, len(layers)))
    write_weights(weights, layers)
    functions = [word for i in range(len(layers)) for word in ("--fn", f"layer{i}")]
    done = subprocess.run([a.sinter, "compile", source, "--weights", weights, *functions, "--emit", "lib", "--target", a.target,
                           "-o", path], capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    return ctypes.CDLL(path)


def roofs(a):
    done = subprocess.run([a.roofs, str(a.threads), "100"], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def seconds_a_call(side, layers, seconds):
    """Through all layers, again and again: whole runs through, at least one."""
    runs, start = 0, time.perf_counter()
    while True:
        for i in range(layers):
            side(i)
        runs += 1
        now = time.perf_counter()
        if now - start >= seconds:
            return (now - start) / (runs * layers)


def peers(x, layers):
    """PyTorch's ways of the same: name -> call of layer i."""
    rows = x.shape[0]
    sides = {"linear": lambda i: torch.nn.functional.linear(x, *layers[i])}
    ways = {
        "packed by oneDNN": (lambda w: torch.ops.mkldnn._reorder_linear_weight(w, rows),
                             lambda p, w, b: torch.ops.mkldnn._linear_pointwise(x, p, b, "none", [], "")),
        "packed by MKL": (lambda w: torch.ops.mkl._mkl_reorder_linear_weight(w, rows),
                          lambda p, w, b: torch.ops.mkl._mkl_linear(x, p, w, b, rows)),
    }
    for name, (pack, call) in ways.items():
        try:
            packed = [(pack(w), w, b) for w, b in layers]
            call(*packed[0])
        except (AttributeError, RuntimeError):
            continue
        sides[name] = lambda i, call=call, packed=packed: call(*packed[i])
    return sides


def measure(a, lib, model, rows, d_in, d_out, layers):
    x, out = torch.randn(rows, d_in), np.empty((rows, d_out), np.float32)
    given = (Input * 1)(Input(x.data_ptr(), 1, 2, (rows, d_in)))

    def ours(i):
        if lib.linears_call(model, i, given, (Output * 1)(Output(out.ctypes.data, out.nbytes)), None):
            sys.exit("the call failed")

    sides = {"ours": ours, **peers(x, layers)}
    ours(0)
    error = float(np.abs(sides["linear"](0).numpy() - out).max())
    rounds = []
    for _ in range(a.rounds):
        times = {}
        for name, side in sides.items():
            time.sleep(a.pause)
            seconds_a_call(side, len(layers), 0)
            times[name] = seconds_a_call(side, len(layers), a.seconds)
        rounds.append(times)
    median = {name: statistics.median(r[name] for r in rounds) for name in sides}
    ratio = {name: statistics.median(r[name] / r["ours"] for r in rounds) for name in sides if name != "ours"}
    return dict(rows=rows, d_in=d_in, d_out=d_out, us={name: 1e6 * t for name, t in median.items()}, ratio=ratio,
                largest_difference=error)


def shape(a, d_in, d_out):
    """All rows of one shape."""
    rng = np.random.default_rng(d_in + d_out)
    count = max(12, math.ceil(COLD / (4 * d_in * d_out)))
    arrays = [(0.02 * rng.standard_normal((d_out, d_in), np.float32), rng.standard_normal(d_out, np.float32))
              for _ in range(count)]
    layers = [tuple(torch.from_numpy(array) for array in pair) for pair in arrays]
    results, seen = [], [roofs(a)]
    with tempfile.TemporaryDirectory() as folder:
        lib, model = library(a, folder, d_in, d_out, arrays), ctypes.c_void_p()
        if lib.linears_open(a.threads, ctypes.byref(model), None):
            sys.exit("the library does not open")
        for rows in a.rows:
            results.append(measure(a, lib, model, rows, d_in, d_out, layers))
        lib.linears_close(model)
    seen.append(roofs(a))
    gflops, gbs = max(r["gflops"] for r in seen), max(r["read_gbs"] for r in seen)
    for r in results:
        seconds = 1e-6 * r["us"]["ours"]
        r["gflops"] = 2e-9 * r["rows"] * d_in * d_out / seconds
        r["share_of_fma_roof"] = r["gflops"] / gflops
        r["share_of_read_roof"] = 4e-9 * d_in * d_out / seconds / gbs
    return results, dict(gflops=gflops, read_gbs=gbs, isa=seen[0]["isa"])


def table(results):
    names = list(dict.fromkeys(name for r in results for name in r["ratio"]))
    lines = ["| K × N | rows | µs | GFLOP/s | of the FMA roof | of the read roof | " +
             " | ".join("linear µs" if n == "linear" else n + " µs" for n in names) + " | " +
             " | ".join(f"{n} / ours" for n in names) + " |", "|---" * (6 + 2 * len(names)) + "|"]
    for r in results:
        cells = [f"{r['d_in']} × {r['d_out']}", str(r["rows"]), f"{r['us']['ours']:.0f}", f"{r['gflops']:.0f}",
                 f"{r['share_of_fma_roof']:.2f}", f"{r['share_of_read_roof']:.2f}"]
        cells += [f"{r['us'][n]:.0f}" if n in r["us"] else "" for n in names]
        cells += [f"{r['ratio'][n]:.2f}" if n in r["ratio"] else "" for n in names]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def geometric_means(results):
    names = dict.fromkeys(name for r in results for name in r["ratio"])
    return {n: math.exp(statistics.fmean(math.log(r["ratio"][n]) for r in results if n in r["ratio"])) for n in names}


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--sinter", default=os.path.join(BIN, "sinter"))
    p.add_argument("--roofs", default=os.path.join(BIN, "bench_roofs"))
    p.add_argument("--target", default="cpu")
    p.add_argument("--threads", type=int, default=min(2, os.cpu_count() or 1))
    p.add_argument("--rows", type=int, nargs="+", default=[1, 2, 4, 8, 16, 32, 64, 128, 256, 512])
    p.add_argument("--shapes", nargs="+", default=["768x768", "768x3072", "3072x768"], help="inputs x outputs")
    p.add_argument("--rounds", type=int, default=7)
    p.add_argument("--seconds", type=float, default=0.02, help="of each side in a round, all layers once at least")
    p.add_argument("--pause", type=float, default=0.05)
    p.add_argument("--json", help="also write the numbers here")
    a = p.parse_args()
    torch.set_num_threads(a.threads)
    results, seen = [], {}
    with torch.no_grad():
        for name in a.shapes:
            d_in, d_out = (int(part) for part in name.split("x"))
            some, seen[name] = shape(a, d_in, d_out)
            results += some
    means = geometric_means(results)
    print(table(results))
    print("\nGeometric means: " + ", ".join(f"{n} / ours {m:.2f}" for n, m in means.items()) + f"; {a.threads} threads.")
    if a.json:
        with open(a.json, "w") as f:
            json.dump(dict(threads=a.threads, roofs=seen, geometric_means=means, results=results), f, indent=1)


if __name__ == "__main__":
    sys.exit(main())

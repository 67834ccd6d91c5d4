# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""bench.py GOLDEN TOWER WORK: `sinter bench --json --profile` on a tower, a folder, and a folder without a checkpoint;
`sinter run --profile`. The numbers must agree with each other and with formulas written here."""
import json, os, shutil, subprocess, sys

import numpy as np

golden, tower, work = sys.argv[1:4]
shutil.rmtree(work, ignore_errors=True)
os.makedirs(work)
folder = os.path.join(golden, "bert", "base-12x3", "model")
if not os.path.isdir(folder):
    folder = os.path.join(golden, "bert", "base-12x3")


def sinter(*words):
    done = subprocess.run(["sinter", *words], capture_output=True, text=True)
    assert done.returncode == 0, (words, done.stderr)
    return json.loads(done.stdout)


def near(a, b, most=1e-9):
    assert abs(a - b) <= most * max(abs(a), abs(b)), (a, b)


def check_profile(profile, whole=None):
    assert profile and all(set(profile[0]) == set(row) for row in profile)
    assert [row["ms"] for row in profile] == sorted((row["ms"] for row in profile), reverse=True)
    for row in profile:
        assert row["calls"] >= 1 and row["ms"] > 0 and row["roof"] in ("fma", "read"), row
        assert row["lines"] and all(line.rpartition(":")[2].isdigit() for line in row["lines"]), row
        near(row["gflops"], row["flops"] / row["ms"] / 1e6)
        near(row["gbs"], row["bytes"] / row["ms"] / 1e6)
    if whole:
        near(sum(row["flops"] for row in profile), whole["flops"])
        near(sum(row["bytes"] for row in profile), whole["bytes"])


# Three floors of 16 by 16 on 4 rows: a product, a bias and a tanh.
r = sinter("bench", tower, "--random-weights", "--batch", "4", "--rounds", "7", "--threads", "2", "--json", "--profile")
assert r["model"] == "Tower" and r["function"] == "forward" and r["sizes"] == {"B": 4} and r["threads"] == 2
near(r["matrix_flops"], 3 * 2 * 4 * 16 * 16)
near(r["flops"], 3 * (2 * 4 * 16 * 16 + 2 * 4 * 16))
latency = r["latency_ms"]
assert len(latency["all"]) == 7 and latency["fastest"] == min(latency["all"]) <= latency["median"] <= latency["p90"] <= max(latency["all"])
near(latency["median"], sorted(latency["all"])[3])
near(r["gflops"], r["flops"] / latency["median"] / 1e6)
near(r["share_of_fma_roof"], r["matrix_flops"] / latency["median"] / 1e6 / r["roofs"]["gflops"])
near(r["share_of_read_roof"], r["bytes"] / latency["median"] / 1e6 / r["roofs"]["read_gbs"])
assert r["weights_bytes"] == 3 * (16 * 16 + 16) * 4 and r["working_bytes"] >= 4 * 16 * 4 and r["peak_rss_bytes"] > r["weights_bytes"]
check_profile(r["profile"], r)
contract = next(row for row in r["profile"] if row["kernel"].startswith("contract"))
assert contract["calls"] == 3 and any(line.startswith("tower.sinter:") for line in contract["lines"]), contract
assert any(name.endswith("up.weight.panels") for name in contract["weights"]), contract

# A folder; its own function and sizes; ids stay inside the tables.
r = sinter("bench", folder, "--batch", "2", "--tokens", "5", "--rounds", "2", "--json", "--profile")
assert r["sizes"] == {"B": 2, "T": 5} and "profile" in r
check_profile(r["profile"], r)
assert "profile" not in sinter("bench", folder, "--dim", "T=3", "--rounds", "1", "--json")

# A config alone.
bare = os.path.join(work, "bare")
os.makedirs(bare)
shutil.copy(os.path.join(folder, "config.json"), bare)
assert sinter("bench", bare, "--random-weights", "--tokens", "4", "--rounds", "1", "--json")["sizes"]["T"] == 4
done = subprocess.run(["sinter", "bench", bare, "--tokens", "4"], capture_output=True, text=True)
assert done.returncode in (1, 2) and "error" in done.stderr, done

# A size that is none is told before anything is compiled: the checkpoint, which is looked for first, is missing here.
for word, code in (("T=x", 2), ("T=0", 2), ("T=", 2), ("Q=3", 1)):
    done = subprocess.run(["sinter", "bench", bare, "--dim", word], capture_output=True, text=True)
    assert done.returncode == code and "--dim " + word[0] in done.stderr, (word, done)

# run --profile
ids = os.path.join(work, "ids.npy")
np.save(ids, np.zeros((1, 4), np.int32))
for repeat in ("0", "3"):
    r = sinter("run", folder, "--in", "tokens=" + ids, "--repeat", repeat, "--json", "--profile")
    check_profile(r["profile"])
    assert len(r["latency_ms"]) == int(repeat) and r["roofs"]["gflops"] > 0
done = subprocess.run(["sinter", "run", folder, "--in", "tokens=" + ids, "--profile"], capture_output=True, text=True)
assert done.returncode == 0 and "of roof" in done.stdout and "outside kernels" in done.stdout, done

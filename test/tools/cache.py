# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs `sinter run` again and again on one folder, with a cache of its own, and looks at what is kept and what comes out.

In:  the golden folder, a folder to make.  Out: nothing, or a failed assertion.  Flow: cache.test.
"""
import glob, os, re, resource, shutil, stat, subprocess, sys, time

import numpy as np

golden, work = sys.argv[1:3]
shutil.rmtree(work, ignore_errors=True)
os.makedirs(work)
model = os.path.join(work, "model")
shutil.copytree(os.path.join(golden, "bert", "base-12x3"), model)
if os.path.isdir(os.path.join(model, "model")):
    model = os.path.join(model, "model")
tokens = os.path.join(work, "tokens.npy")
np.save(tokens, np.arange(1, 7, dtype=np.int32).reshape(1, 6))
checkpoint = os.path.join(model, "model.safetensors")
outputs = 0


def settle(path):
    """A file whose clock has moved on: what was written a moment ago may be written again unnoticed, so it is not kept."""
    while time.time() < os.stat(path).st_ctime + 3.1:
        time.sleep(0.1)


def start(cache, *more, limit=None, environment=(), cap=None):
    global outputs
    outputs += 1
    out = os.path.join(work, f"o{outputs}.npy")
    env = dict(os.environ, SINTER_CACHE_DIR=cache, **dict(environment))
    if limit:
        env["SINTER_CACHE_SIZE"] = limit
    before = (lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (cap, cap))) if cap else None
    process = subprocess.Popen(["sinter", "run", model, "--in", f"tokens={tokens}", "--out", f"hidden={out}", *more],
                               stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, env=env, preexec_fn=before)
    return process, out


def finish(started):
    process, out = started
    _, errors = process.communicate()
    assert process.returncode == 0, errors
    # How long it takes is none of this test's business.
    return np.load(out), "".join(line for line in errors.splitlines(True) if not re.match(r"sinter: (compiling|preparing)", line))


def run(cache, *more, **how):
    return finish(start(cache, *more, **how))


def entries(cache):
    return {p: os.stat(p) for p in glob.glob(os.path.join(cache, "*.sintercache"))}


def folder(name):
    return os.path.join(work, name)


def as_expected(result):
    values, errors = result
    assert np.array_equal(values, expected), "other bits"
    assert errors == "", errors


settle(checkpoint)
expected, errors = run(folder("none"), "--no-cache")
assert errors == "" and not os.path.exists(folder("none")), "--no-cache keeps nothing"

# Kept, for this user alone, and found again: nothing is written a second time, and the times of use move on.
cache = folder("a/b")
as_expected(run(cache))
first = entries(cache)
assert len(first) == 2, first
assert all(stat.S_IMODE(s.st_mode) == 0o600 for s in first.values())
assert stat.S_IMODE(os.stat(cache).st_mode) == 0o700
as_expected(run(cache))
second = entries(cache)
assert {p: s.st_ino for p, s in first.items()} == {p: s.st_ino for p, s in second.items()}, "written again"
assert all(second[p].st_mtime_ns > first[p].st_mtime_ns for p in first), "not marked as used"
assert not glob.glob(cache + "/*.tmp-*")

# The bits of a warm run are those of a cold one, with profiles (the costs are kept, too), and on another number of threads.
as_expected(run(cache, "--threads", "1"))
done = subprocess.run(["sinter", "run", model, "--in", f"tokens={tokens}", "--profile", "--repeat", "2"], text=True,
                      capture_output=True, env=dict(os.environ, SINTER_CACHE_DIR=cache))
assert done.returncode == 0 and "bert.sinter:" in done.stdout, done.stdout + done.stderr
assert len(entries(cache)) == 2

# --no-weights-cache keeps code alone.
as_expected(run(folder("code"), "--no-weights-cache"))
assert len(entries(folder("code"))) == 1

# Every byte counts: damage anywhere, cut short, made longer, empty: made anew and mended.
for path, info in second.items():
    whole = open(path, "rb").read()
    middle = len(whole) - 40
    for damaged in (whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1:], whole[:100], whole[:-1], whole + b"x",
                    b"", whole[:20] + b"\xff" * 30 + whole[50:], b"\0" * len(whole)):
        with open(path, "wb") as f:
            f.write(damaged)
        as_expected(run(cache))
        assert open(path, "rb").read() == whole, f"{path} is not mended"

# What somebody else could have written is not used: it is code.
for path in second:
    os.chmod(path, 0o666)
    as_expected(run(cache))
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
os.chmod(cache, 0o777)
values, errors = run(cache)
assert np.array_equal(values, expected) and errors.count("is not this user's alone") == 1, errors
os.chmod(cache, 0o700)

# Another checkpoint, in the same place and of the same size: new weights, the same code.
original = open(checkpoint, "rb").read()
with open(checkpoint, "r+b") as f:
    f.seek(-4, os.SEEK_END)
    f.write(np.float32(0.5).tobytes())
settle(checkpoint)
changed, _ = run(folder("none"), "--no-cache")
values, errors = run(cache)
assert np.array_equal(values, changed) and errors == ""
assert len(entries(cache)) == 3
with open(checkpoint, "wb") as f:
    f.write(original)
# Written a moment ago: right, and the weights are not kept.
as_expected(run(cache))
assert len(entries(cache)) == 3

# A setting is other code.
as_before = len(entries(cache))
values, errors = run(cache, "--set", "eps=1e-3", "--no-weights-cache")
assert not np.array_equal(values, expected) and errors == "" and len(entries(cache)) == as_before + 1


# Eight at once, from nothing.
settle(checkpoint)
many = folder("many")
for result in [finish(p) for p in [start(many) for _ in range(8)]]:
    as_expected(result)
assert len(entries(many)) == 2 and not glob.glob(many + "/*.tmp-*")

# The least recently used give way, what was just kept stays.
small = folder("small")
as_expected(run(small))
sizes = {p: s.st_size for p, s in entries(small).items()}
limit = sum(sizes.values()) + min(sizes.values()) // 2
for path in sizes:
    os.utime(path, (1, 1))
other = folder("other-model")
shutil.copytree(model, other)
settle(os.path.join(other, "model.safetensors"))
model, kept_model = other, model
as_expected(run(small, limit=str(limit)))
left = entries(small)
assert sum(s.st_size for s in left.values()) <= limit, left
assert any(p not in sizes for p in left), "the newest went"
model = kept_model
# A limit below one entry keeps none, and says nothing.
as_expected(run(folder("tiny"), limit="100"))
assert not entries(folder("tiny"))

# Leftovers of dead processes go after an hour; those of the living stay.
old, young = small + "/x.sintercache.tmp-1", small + "/y.sintercache.tmp-2"
for path in (old, young):
    open(path, "wb").close()
os.utime(old, (1, 1))
for path in entries(small):
    os.remove(path)
as_expected(run(small))
assert not os.path.exists(old) and os.path.exists(young)

# A tokenizer's tables are kept by the files that they were made of.
tiny, sources = folder("tiny-gpt2"), os.environ["SINTER_SOURCE"]
subprocess.run([sys.executable, os.path.join(sources, "test", "support", "make_tiny_gpt2.py"), tiny, os.path.join(sources, "README.md"), "--words", "300"],
               check=True, stdout=subprocess.DEVNULL)
settle(os.path.join(tiny, "model.safetensors"))


def generate():
    done = subprocess.run(["sinter", "generate", tiny, "-p", "The text", "--max-new-tokens", "8", "--greedy"], capture_output=True, text=True,
                          env=dict(os.environ, SINTER_CACHE_DIR=folder("words")))
    assert done.returncode == 0, done.stderr
    return done.stdout


said = generate()
assert len(entries(folder("words"))) == 3 and generate() == said and len(entries(folder("words"))) == 3
words = open(os.path.join(tiny, "tokenizer.json"), encoding="utf-8").read()
with open(os.path.join(tiny, "tokenizer.json"), "w", encoding="utf-8") as f:
    f.write(words.replace('"ByteLevel",\n  "add_prefix_space": false', '"ByteLevel",\n  "add_prefix_space": true', 1))
generate()
assert len(entries(folder("words"))) == 4, "the old tables were used for another tokenizer.json"

# A disk that takes nothing, a file that may not grow, a folder that is a file, no folder at all: one warning at most.
values, errors = run(folder("capped"), cap=4096)
assert np.array_equal(values, expected) and errors.count("warning") == 1 and "keeps nothing" in errors, errors
assert not os.listdir(folder("capped"))
open(folder("file"), "w").close()
values, errors = run(folder("file"))
assert np.array_equal(values, expected) and errors.count("warning") == 1, errors
values, errors = run("/proc/nowhere/cache")
assert np.array_equal(values, expected) and errors.count("warning") == 1, errors
as_expected(run("", environment={"HOME": "", "XDG_CACHE_HOME": ""}))
as_expected(run("", environment={"HOME": "", "XDG_CACHE_HOME": folder("xdg")}))
assert len(entries(folder("xdg/sinter"))) == 2
if os.geteuid() == 0:
    mount = folder("mount")
    os.makedirs(mount)
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8k,mode=700", "tmpfs", mount], capture_output=True).returncode == 0:
        try:
            values, errors = run(mount)
            assert np.array_equal(values, expected) and errors.count("warning") == 1, errors
            assert not os.listdir(mount)
            subprocess.run(["mount", "-o", "remount,ro", mount], check=True)
            values, errors = run(mount)
            assert np.array_equal(values, expected) and errors.count("warning") == 1, errors
            assert "Read-only" in errors
        finally:
            subprocess.run(["umount", mount], check=True)
    # What was kept before is found on a disk that is read-only now.
    os.makedirs(folder("kept"))
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m,mode=700", "tmpfs", folder("kept")], capture_output=True).returncode == 0:
        try:
            as_expected(run(folder("kept")))
            assert len(entries(folder("kept"))) == 2
            subprocess.run(["mount", "-o", "remount,ro", folder("kept")], check=True)
            as_expected(run(folder("kept")))
        finally:
            subprocess.run(["umount", folder("kept")], check=True)

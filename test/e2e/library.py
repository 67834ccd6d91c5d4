# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compiles models to shared libraries and runs C programs that use them.

Usage: library.py MINILM GOLDENS WORKDIR. Needs `sinter` on PATH, clang-22, readelf and NumPy. Each check prints one
line; any failure exits 1.
"""
import os
import re
import subprocess
import sys

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
DOCS = os.path.join(os.path.dirname(os.path.dirname(HERE)), "docs", "embedding.md")
WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Werror"]
failures = 0


def check(ok, what):
    global failures
    failures += not ok
    print(("ok      " if ok else "FAILED  ") + what)


def run(command, **more):
    return subprocess.run(command, capture_output=True, text=True, timeout=120, **more)


def build(work, program, libraries):
    out = run(["clang-22", "-std=c11", "-O1", "-Wall", "-Wextra", "-Werror", "-I.", os.path.join(HERE, "lib", program + ".c"), "-L.",
               *["-l" + name for name in libraries], "-Wl,-rpath,$ORIGIN", "-o", program], cwd=work)
    check(out.returncode == 0, f"{program}.c compiles and links {out.stderr.strip()}")
    return os.path.join(work, program)


def check_file(work):
    tables = run(["readelf", "-dW", "--dyn-syms", os.path.join(work, "libminilm.so")]).stdout
    check("Library soname: [libminilm.so]" in tables, "it is called as its file is")
    needed = set(re.findall(r"NEEDED.*\[(.*)\]", tables))
    check(needed <= {"libc.so.6", "libm.so.6"}, f"it needs the C library alone: {sorted(needed)}")
    exported = {line.split()[-1] for line in tables.splitlines() if " GLOBAL " in line and " UND " not in line}
    wanted = {"minilm_" + word for word in ("open", "close", "call", "embed", "embed_texts", "tokenize")}
    check(exported == wanted, f"it exports its own names alone: {sorted(exported)}")


def check_header(work):
    source = os.path.join(work, "header.c")
    with open(source, "w") as out:
        out.write('#include "minilm.h"\nint main(void) { return minilm_close(0) + (int)minilm_floordiv(0, 2) + (int)minilm_min(0, 1); }\n')
    for compiler in (["clang-22", "-std=c11", "-x", "c"], ["clang++-22", "-std=c++20", "-x", "c++"]):
        out = run([*compiler, *WARNINGS, "-fsyntax-only", source], cwd=work)
        check(out.returncode == 0, f"the header alone, as {compiler[0]} sees it {out.stderr.strip()[:500]}")


def check_programs(work, minilm):
    sentences = ["A man is playing a guitar.", "Someone plays an instrument."]
    terse = run([build(work, "terse", ["minilm"]), *sentences])
    table = run(["sinter", "embed", minilm, "--compare", *sentences]).stdout
    check(terse.returncode == 0 and terse.stdout.strip() in table and len(terse.stdout) > 5,
          f"terse: {terse.stdout.strip()}, as `sinter embed --compare` says")
    narrated = run([build(work, "narrated", ["minilm"]), "Who makes music?", "The dog sleeps.", sentences[0], "It rains."])
    check(narrated.returncode == 0 and narrated.stdout.strip() == sentences[0], f"narrated: {narrated.stdout.strip()}")
    check("as expected: " in narrated.stderr and "out of range" in narrated.stderr, "narrated: a wrong token is an error")
    with open(DOCS) as page:
        text = page.read()
    for name in ("terse", "narrated"):
        with open(os.path.join(HERE, "lib", name + ".c")) as source:
            _, program = source.read().split("\n", 1)  # without the line of the licence
            check(program in text, f"docs/embedding.md shows {name}.c as it is")


def check_two(work, goldens):
    folder = os.path.join(goldens, "distil-base")
    out = run(["sinter", "compile", folder, "--emit", "lib", "-o", os.path.join(work, "libtiny-model.so")])
    check(out.returncode == 0, "a library without a tokenizer " + out.stderr.strip())
    header = open(os.path.join(work, "tiny_model.h")).read()
    check("tiny_model_forward(" in header and "_tokenize(" not in header, "its header says what it has")
    both = run([build(work, "both", ["minilm", "tiny-model"])])
    np.save(os.path.join(work, "tokens.npy"), np.array([[1, 5, 7], [2, 0, 3]], np.int32))
    np.save(os.path.join(work, "mask.npy"), np.array([[1, 1, 1], [1, 1, 0]], np.int32))
    run(["sinter", "run", folder, "--in", "tokens=tokens.npy", "--in", "mask=mask.npy", "--out", "hidden=hidden.npy"], cwd=work)
    want = np.load(os.path.join(work, "hidden.npy")).ravel()
    got = np.array([float(x) for x in both.stdout.split()], np.float32)
    check(both.returncode == 0 and got.shape == want.shape and (got == want).all(),
          f"two models in one program, the same bits as `sinter run` {both.returncode} {both.stderr.strip()}")


def check_names(work, goldens):
    folder = os.path.join(goldens, "distil-base")
    for bad in ("9lives.so", "libschön.so", "lib.so/", "a" * 97 + ".so", "lib-a.b.so", "lib-a.so", "foo.txt", "libfoo", "libfoo.so.x"):
        out = run(["sinter", "compile", folder, "--emit", "lib", "-o", os.path.join(work, bad)])
        check(out.returncode == 2 and "identifier" in out.stderr, f"no library is called {bad[:20]}: {out.stderr.strip()[-80:]}")
    out = run(["sinter", "compile", folder, "--emit", "lib"])
    check(out.returncode == 2, "a library needs a name")


def main():
    minilm, goldens, work = (os.path.abspath(path) for path in sys.argv[1:4])
    run(["rm", "-rf", work])
    os.makedirs(work)
    out = run(["sinter", "compile", minilm, "--emit", "lib", "-o", os.path.join(work, "libminilm.so")])
    check(out.returncode == 0, "sinter compile FOLDER --emit lib -o libminilm.so " + out.stderr.strip())
    if out.returncode:
        return
    check_file(work)
    check_header(work)
    check_programs(work, minilm)
    check_two(work, goldens)
    check_names(work, goldens)


main()
sys.exit(1 if failures else 0)

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Damages every .mlir test and gives it to sinter-opt: an answer or an error, never a signal, a hang or much memory.

In:  sinter-opt, a folder with tests.  Out: what was done; exit 1 for any break, with the mutant that shows it.
Flow: mlir.test. Mutants of one pipeline travel in batches (--split-input-file); a batch that breaks is taken apart. The
same mutants in every run.
"""
import os, random, re, resource, subprocess, sys, tempfile

PIPELINES = ["", "--sinter-simplify", "--sinter-raise", "--sinter-decompose", "--sinter-convert-to-kernels",
             "--sinter-pipeline", "--sinter-convert-to-kernels --sinter-fuse-pointwise",
             "--sinter-convert-to-kernels --sinter-hoist-prepare",
             "--sinter-fuse-pointwise --sinter-merge-contractions --sinter-hoist-prepare", "--canonicalize --cse"]
MUTANTS, BATCH, BYTECODES = 1500, 50, 100
TOKEN = re.compile(r'"[^"\n]*"|[%@#!^]?[\w.$*]+|->|\S')
SCRAPS = ["{", "}", "(", ")", "[", "]", "<", ">", ",", ":", "=", "->", "%x", "@w", "f32", "i32", "i1", "f64", "index", "B", "T", "-1",
          "B*T", "T - 1", "floordiv(T, 2)", "[]", "d0", "d9", "s0", "\"ab,bc->ac\"", "\"\"", "none", "dense<1>", "#sinter.map<() -> ()>",
          "!sinter.tensor<[], f32>", "!kernel.buffer<[B], f32, panels>", "loc(unknown)", "{a = 1}", "stacked", "axes [0, 0]"]
NUMBERS = ["0", "-1", "1", "2", "3", "7", "65", "4096", "2147483647", "2147483648", "9223372036854775807", "-9223372036854775808",
           "99999999999999999999", "1.0e400", "0x7FC00000"]
ELEMENTS = ["f32", "i32", "i1", "i64", "f16"]


def mutate(text, rng):
    lines = text.split("\n")
    for _ in range(1 + rng.randrange(3)):
        tokens = [(n, m) for n, line in enumerate(lines) if not line.lstrip().startswith("//") for m in TOKEN.finditer(line)]
        if not tokens:
            return "\n".join(lines)
        n, m = rng.choice(tokens)
        line, word, kind = lines[n], m.group(), rng.randrange(10)
        other = rng.choice(tokens)[1].group()
        if kind == 0:
            new = ""
        elif kind == 1:
            new = word + " " + word
        elif kind == 2:
            new = other
        elif kind == 3:
            new = rng.choice(SCRAPS)
        elif kind == 4:  # a line goes, stands twice, or stands elsewhere
            taken = lines.pop(n)
            for _ in range(rng.randrange(3)):
                lines.insert(rng.randrange(len(lines) + 1), taken)
            continue
        elif kind == 5:  # cut short
            lines[n:] = [line[:m.start()]]
            continue
        elif kind in (6, 7) and any(c.isdigit() for c in word):
            new = re.sub(r"\d+", lambda _: rng.choice(NUMBERS), word, count=1)
        elif kind == 8 and any(e in word for e in ELEMENTS):
            new = rng.choice(ELEMENTS)
        else:  # a word of the same sort: what still parses goes deeper
            same = [t for _, t in tokens if t.group()[0] == word[0]]
            new = rng.choice(same).group()
        lines[n] = line[:m.start()] + new + line[m.end():]
    return "\n".join(lines)


def seeds(folder):
    for where, _, names in sorted(os.walk(folder)):
        for name in sorted(names):
            if name.endswith(".mlir"):
                with open(os.path.join(where, name)) as f:
                    for part in re.split(r"^// -----$", f.read(), flags=re.M):
                        if "sinter." in part or "kernel." in part:
                            yield part[:20000]


def run(tool, flags, text, folder):
    """(what is wrong or "", the process's words)"""
    path = os.path.join(folder, "mutants.mlir")
    with open(path, "w") as f:
        f.write(text)
    try:
        done = subprocess.run([tool, path, "--split-input-file", "-o", os.devnull, "--mlir-disable-threading", *flags.split()],
                              capture_output=True, text=True, errors="replace", timeout=100)
    except subprocess.TimeoutExpired:
        return "does not end", ""
    if done.returncode not in (0, 1):
        return f"exit status {done.returncode}", done.stderr
    if done.returncode == 1 and not re.search(r"mutants\.mlir:\d+:\d+: error: ", done.stderr):
        return "refused without an error that has a place", done.stderr
    return "", done.stderr


def damaged_bytecode(tool, folder, rng, breaks):
    """The same for MLIR's bytecode."""
    path, source = os.path.join(folder, "mutant.mlirbc"), os.path.join(os.path.dirname(os.path.abspath(__file__)), "../passes/bert-tiny.mlir")
    subprocess.run([tool, source, "--emit-bytecode", "-o", path], check=True)
    with open(path, "rb") as f:
        whole = f.read()
    for _ in range(BYTECODES):
        data = bytearray(whole)
        for _ in range(1 + rng.randrange(3)):
            at = rng.randrange(len(data))
            data[at:at + rng.randrange(20)] = rng.randbytes(rng.randrange(5))
        if rng.randrange(5) == 0:
            del data[rng.randrange(len(data)):]
        with open(path, "wb") as f:
            f.write(data)
        done = subprocess.run([tool, path, "--sinter-pipeline", "-o", os.devnull], capture_output=True, timeout=100)
        if done.returncode not in (0, 1) or (done.returncode and b"error: " not in done.stderr):
            breaks.append(("--sinter-pipeline", f"exit status {done.returncode}", data.hex(), done.stderr[:1500]))


def main():
    tool, folder = sys.argv[1], sys.argv[2]
    count = int(os.environ.get("SINTER_FUZZ", MUTANTS))
    rng, parts = random.Random(22), list(seeds(folder))
    breaks, refused, pairs = [], 0, 0
    with tempfile.TemporaryDirectory() as scratch:
        empty = run(tool, "", "module {}", scratch)
        assert not empty[0], empty
        least = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        for start in range(0, count, BATCH):
            batch = [mutate(rng.choice(parts), rng) for _ in range(BATCH)]
            # Every batch goes through the parser and the whole pipeline, and through two of the others.
            for flags in {"", "--sinter-pipeline", *rng.sample(PIPELINES, 2)}:
                wrong, words = run(tool, flags, "\n// -----\n".join(batch), scratch)
                pairs += BATCH
                refused += words.count(": error: ")
                if not wrong:
                    continue
                for mutant in batch:  # which one?
                    wrong, words = run(tool, flags, mutant, scratch)
                    if wrong:
                        breaks.append((flags, wrong, mutant, words[:1500]))
                        break
        for _ in range(40):  # alone: each refusal says where
            mutant = mutate(rng.choice(parts), rng)
            wrong, words = run(tool, "--sinter-pipeline", mutant, scratch)
            if wrong:
                breaks.append(("--sinter-pipeline", wrong, mutant, words[:1500]))
        damaged_bytecode(tool, scratch, rng, breaks)
        most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    for flags, wrong, mutant, words in breaks:
        print(f"==== sinter-opt {flags}: {wrong}\n{mutant}\n---- it said\n{words}")
    print(f"{len(parts)} texts, {count} mutants and {BYTECODES} of bytecode, {pairs} runs, {refused} errors, {(most - least) // 1024} MB above an empty module")
    if most - least > 64 * 1024:
        breaks.append("memory")
        print("too much memory")
    if len(parts) < 200 or refused < count:
        breaks.append("shrunk")
        print("fewer texts or errors than this test is about")
    print(f"{len(breaks)} breaks")
    return 1 if breaks else 0


if __name__ == "__main__":
    sys.exit(main())

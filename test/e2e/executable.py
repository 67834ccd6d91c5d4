# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compiles MiniLM to an executable and holds it to its promises.

Usage: executable.py FOLDER WORKDIR. Needs `sinter` on PATH. Each check prints one line; any failure exits 1.
"""

import os
import shutil
import struct
import subprocess
import sys

SENTENCES = ["A man is playing a guitar.", "Someone plays an instrument.", "Der Hund schläft. 犬 🐕", ""]
OWN_BYTES = 400 * 1000  # beyond weights and tokenizer tables
IMAGE, WEIGHTS, TOKENIZER = 5, 7, 8

failures = 0


def check(ok, what):
    global failures
    failures += not ok
    print(("ok      " if ok else "FAILED  ") + what)


def run(command, **more):
    return subprocess.run(command, capture_output=True, text=True, timeout=120, **more)


def sections(path):
    """Kind -> bytes of the artifact inside an executable, whose header begins on a page."""
    data = open(path, "rb").read()
    at = 0
    while data[at : at + 8] != b"SINTER\1\0":
        at += 4096
    count = struct.unpack_from("<I", data, at + 12)[0]
    table = [struct.unpack_from("<IIQQQ", data, at + 32 + 32 * i) for i in range(count)]
    return {kind: data[at + offset : at + offset + size] for kind, _, offset, size, _ in table}, len(data)


def check_chroot(exe, work, expected):
    jail = os.path.join(work, "jail")
    shutil.rmtree(jail, ignore_errors=True)
    os.makedirs(jail)
    shutil.copy(exe, os.path.join(jail, "minilm"))
    if os.geteuid() != 0:
        print("not root: the chroot is not tried")
        return
    out = run(["env", "-i", shutil.which("chroot") or "/usr/sbin/chroot", jail, "/minilm", *SENTENCES])
    check(out.returncode == 0 and out.stdout == expected, "the same answer under env -i in an empty chroot")


def check_mapping(exe, work):
    """The weights' pages are the file's own: mapped by the kernel, private-clean, never written."""
    fifo = os.path.join(work, "sentences")
    if os.path.exists(fifo):
        os.remove(fifo)
    os.mkfifo(fifo)
    process = subprocess.Popen([exe, "run", "--in", "tokens=" + fifo], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        writer = os.open(fifo, os.O_WRONLY)  # the program is at its input now: everything is mapped
        maps = open(f"/proc/{process.pid}/maps").read().splitlines()
        os.close(writer)
    finally:
        process.kill()
        process.wait()
    own = [line.split() for line in maps if line.endswith("/minilm")]
    check(any(entry[1].startswith("r--") for entry in own), "weights are mapped from the executable by the kernel")
    check(not any("w" in entry[1] and "x" in entry[1] for entry in own), "nothing is writable and executable")


def main():
    folder, work = sys.argv[1:3]
    os.makedirs(work, exist_ok=True)
    exe = os.path.join(work, "minilm")
    out = run(["sinter", "compile", folder, "-o", exe])
    check(out.returncode == 0, "sinter compile FOLDER -o minilm " + out.stderr.strip())
    if out.returncode:
        return
    answer = run([exe, *SENTENCES])
    check(answer.returncode == 0 and len(answer.stdout.splitlines()) == len(SENTENCES), "one line a sentence")
    jit = run(["sinter", "embed", folder, *SENTENCES])
    check(jit.stdout == answer.stdout, "just in time and ahead of time give the same bits")
    one = run([exe, "--threads", "1", *SENTENCES])
    check(one.stdout == answer.stdout, "one thread and many give the same bits")
    # Mixed lengths, some alike: calls of equally many tokens, the answer in the order given.
    mixed = [s for n in (1, 7, 3, 7, 12, 1, 30, 3) for s in (f"{'word ' * n}{n}", "It rains.")]
    alone = "".join(run([exe, s]).stdout for s in mixed)
    check(run([exe, *mixed]).stdout == alone, "many texts together: in their order, each with the bits that it has alone")
    many = run([exe, "fine", "word " * 400])
    check(many.returncode != 0 and "text 2" in many.stderr and not many.stdout, "one text that is too long: which one, and no answer")
    table = run([exe, "--compare", *SENTENCES[:2]])
    check(table.returncode == 0 and "1.0000" in table.stdout, "--compare prints similarities")
    check_chroot(exe, work, answer.stdout)

    parts, size = sections(exe)
    own = size - len(parts[WEIGHTS]) - len(parts[TOKENIZER])
    check(own <= OWN_BYTES, f"{own} bytes beyond weights and tokenizer tables (at most {OWN_BYTES})")

    wrong = run([exe, "--no-such-flag"])
    check(wrong.returncode != 0 and "--no-such-flag" in wrong.stderr, "an unknown flag is an error that names it")
    long = run([exe, "word " * 400])
    check(long.returncode != 0 and "402" in long.stderr and "256" in long.stderr, "too long a text: both numbers")
    check(run([exe, "--truncate", "word " * 400]).returncode == 0, "--truncate cuts it")

    cut = os.path.join(work, "cut")
    for share in (0.5, 0.9, 0.99):
        data = open(exe, "rb").read()
        open(cut, "wb").write(data[: int(len(data) * share)])
        os.chmod(cut, 0o755)
        short = run([cut, SENTENCES[0]])
        check(short.returncode == 3 and "cut short" in short.stderr, f"a file cut at {share:.0%} says so: {short.stderr.strip()}")

    emulator = shutil.which("qemu-x86_64")
    check(emulator is not None, "qemu-x86_64 is there")
    if emulator:
        old = run([emulator, "-cpu", "Nehalem", exe, "Hello."])
        check(0 < old.returncode < 128 and "x86-64-v" in old.stderr, "an old processor is told so: " + old.stderr.strip())

    both = os.path.join(work, "minilm-both")
    out = run(["sinter", "compile", folder, "--target", "cpu:x86-64-v3,x86-64-v4", "-o", both])
    check(out.returncode == 0, "two instruction sets in one executable " + out.stderr.strip())
    if out.returncode == 0:
        check(run([both, *SENTENCES]).stdout == answer.stdout, "the choice at load gives the same bits")
        if emulator:
            haswell = run([emulator, "-cpu", "Haswell", both, *SENTENCES])
            check(haswell.stdout == answer.stdout, "AVX2 under emulation gives the same bits " + haswell.stderr.strip())

    again = os.path.join(work, "again")
    run(["sinter", "compile", folder, "-o", again])
    same = open(exe, "rb").read() == open(again, "rb").read()
    check(same, "compiling twice gives the same bytes")


main()
sys.exit(1 if failures else 0)

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The tables of ops in docs/dialects.md, from the dialects' own definitions.

In:  ir/*/*.td through llvm-tblgen.  Out: exit 1 where a table differs, or an op's description has no example;
`--write` brings the tables up to date.  Flow: run by lit (ops.test), so no second copy is kept by hand.
"""
import json, os, re, subprocess, sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LLVM = "/usr/lib/llvm-22"
PAGE = os.path.join(ROOT, "docs", "dialects.md")
DIALECTS = {"sinter": ("ir/sinter/SinterOps.td", "Sinter_Dialect"), "kernel": ("ir/kernel/KernelOps.td", "Kernel_Dialect")}


def ops(definitions, dialect):
    """(file, line, name, summary, description) of every op, in the order of the files."""
    command = [f"{LLVM}/bin/llvm-tblgen", "--dump-json", "-I", f"{LLVM}/include", "-I", ROOT, os.path.join(ROOT, definitions)]
    records = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    found = []
    for name in records["!instanceof"]["Op"]:
        op = records[name]
        if op["opDialect"]["def"] != dialect:
            continue
        file, line = re.search(r"(\w+\.td):(\d+)", op["!locs"][0]).groups()
        found.append((file, int(line), op["opName"], op["summary"], op["description"]))
    return sorted(found)


def table(found):
    families, lines = {}, []
    for file, _, name, summary, _ in found:
        families.setdefault(file, []).append((name, summary))
    for file, members in families.items():
        lines += ["", f"| `{file}` | |", "|---|---|"] + [f"| `{n}` | {s.replace('|', chr(92) + '|')} |" for n, s in members]
    return "\n".join(lines) + "\n"


def main():
    with open(PAGE, encoding="utf-8") as f:
        page = text = f.read()
    bad = []
    for dialect, (definitions, record) in DIALECTS.items():
        found = ops(definitions, record)
        bad += [f"{file}:{line}: the description of `{name}` has no example" for file, line, name, _, d in found
                if "Example" not in d]
        begin, end = f"<!-- ops of {dialect}: made by test/docs/ops.py --write -->\n", f"<!-- end of ops of {dialect} -->"
        if begin not in text or end not in text:
            sys.exit(f"{PAGE}: the marks of {dialect}'s table are gone")
        head, rest = text.split(begin)
        text = head + begin + table(found) + "\n" + end + rest.split(end)[1]
    if text != page and "--write" in sys.argv[1:]:
        with open(PAGE, "w", encoding="utf-8") as f:
            f.write(text)
    elif text != page:
        bad.append("docs/dialects.md: the tables are out of date: run test/docs/ops.py --write")
    for line in bad:
        print(line)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())

# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Fails when a message of frontend/diagnostics/Messages.def is produced by no test, when a code or an
id is registered twice, or when a test expects a code that does not exist.

A message counts as produced where a golden (*.expected) or a CHECK line of a lit test holds
`error[E0101]` or `warning[W0206]`."""
import collections
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
REGISTRY = os.path.join(ROOT, "frontend", "diagnostics", "Messages.def")
ENTRY = re.compile(r'^SINTER_DIAGNOSTIC\((\w+), (\w+), (\w+), "', re.M)
PRODUCED = re.compile(r"(?:error|warning|remark)\[([EWR]\d{4})\]")


def main():
    with open(REGISTRY, encoding="utf-8") as file:
        entries = ENTRY.findall(file.read())
    bad = []
    for what, index in (("code", 1), ("id", 2)):
        for name, count in collections.Counter(entry[index] for entry in entries).items():
            if count > 1:
                bad.append(f"the {what} {name} is registered {count} times")
    for severity, code, name in entries:
        if code[0] != severity[0]:
            bad.append(f"{code} ({name}) is a {severity.lower()}, but its code begins with {code[0]}")
    produced = collections.defaultdict(list)
    for folder, _, files in os.walk(os.path.join(ROOT, "test")):
        for name in files:
            if not name.endswith((".expected", ".sinter", ".test", ".mlir")):
                continue
            path = os.path.join(folder, name)
            with open(path, encoding="utf-8", errors="replace") as file:
                for code in PRODUCED.findall(file.read()):
                    produced[code].append(os.path.relpath(path, ROOT))
    registered = {code: name for _, code, name in entries}
    for code, name in registered.items():
        if code not in produced:
            bad.append(f"no test produces {code} ({name})")
    for code, paths in produced.items():
        if code not in registered:
            bad.append(f"{paths[0]} expects {code}, which is not registered")
    for line in bad:
        print(line)
    # The lines of a section are not in order, so the last one does not say it.
    last = collections.defaultdict(int)
    for code in registered:
        last[code[:3]] = max(last[code[:3]], int(code[3:]))
    print("next free: " + " ".join(f"{section}{number + 1:02}" for section, number in sorted(last.items())))
    print(f"{len(registered)} messages, {len(registered) - sum('no test' in line for line in bad)} produced by tests")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())

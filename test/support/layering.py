#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Checks the house's one direction of flow from the include lines, and a few habits that a machine can see.

In:  a source tree (this one, or one given).  Out: one line a fault, then counts; exit 1 for any fault.
  layering.py [ROOT]        layering.py --self-test

The table is docs/architecture.md's: a room may include itself and what MAY lists. Only runtime/include is an include/
folder; no header says `using namespace mlir`; the runtime includes nothing of LLVM; every source but a model text has the licence's line.
"""
import os, re, sys, tempfile

# room -> prefixes of paths that it may include beside its own.
EVERYONE = ("runtime/format/", "runtime/text/", "runtime/chat/")  # readers of files; tables of tokenizers and chat templates: no MLIR
MAY = {
    "frontend": ("ir/",),
    "ir": (),
    "passes": ("ir/",),
    "codegen": ("ir/", "runtime/include/sinter/abi.h", "runtime/exe/Slots.h", "runtime/lib/Names.h"),
    "runtime": (),
    "bench": ("runtime/include/sinter/sinter.h",),
    "tools": ("frontend/", "ir/", "passes/", "codegen/", "runtime/", "bench/MeasureRoofs.h"),
    "test": ("frontend/", "ir/", "passes/", "codegen/", "runtime/", "test/", "bench/MeasureRoofs.h"),
}
ROOMS = tuple(MAY)
MLIR_UNITS = 110  # each costs seconds of build: docs/decisions/0006-precompiled-header.md
SOURCE = (".cpp", ".c", ".h", ".S", ".inc", ".def", ".td", ".py", ".sh", ".cmake", ".sinter", ".ld")
CODE = (".cpp", ".c", ".h", ".S", ".inc", ".def", ".td")
INCLUDE = re.compile(r'^\s*#?\s*include\s+(["<])([^">]+)[">]')
SPDX = "SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception"
GENERATED = re.compile(r"\.h\.inc$|\.cpp\.inc$")


def sources(root):
    for folder, names, files in os.walk(root):
        at = os.path.relpath(folder, root)
        names[:] = sorted(n for n in names if not n.startswith((".", "build")) and n not in ("__pycache__", "Inputs"))
        for name in sorted(files):
            if name.endswith(SOURCE) or name in ("CMakeLists.txt", "dev"):
                yield os.path.normpath(os.path.join(at, name)).replace(os.sep, "/")


def lines_of(root, path):
    with open(os.path.join(root, path), encoding="utf-8", errors="replace") as f:
        return f.read().splitlines()


def target(root, path, name):
    """An include's address from the root, or None where it is not ours."""
    if name.startswith("sinter/"):  # runtime/include is on the include path
        return "runtime/include/" + name
    if name.split("/")[0] in ROOMS and "/" in name:
        return name
    beside = os.path.normpath(os.path.join(os.path.dirname(path), name)).replace(os.sep, "/")
    return beside if os.path.exists(os.path.join(root, beside)) else None


def allowed(room, address):
    return address.startswith((room + "/",) + MAY[room] + EVERYONE)


def check_code(root, path, text, faults):
    """The include lines of one file; true where it names a header of MLIR itself."""
    room = path.split("/")[0]
    mlir = False
    for number, line in enumerate(text, 1):
        found = INCLUDE.match(line)
        if found:
            address = target(root, path, found.group(2))
            outside = found.group(2).startswith(("mlir/", "llvm/", "mlir-c/", "llvm-c/"))
            mlir |= found.group(2).startswith("mlir/") and path.endswith((".cpp", ".h"))
            if address and room in MAY and not allowed(room, address):
                faults.append(f"{path}:{number}: {room}/ may not include {address}")
            if outside and room in ("runtime", "bench"):
                faults.append(f"{path}:{number}: {room}/ knows no LLVM, but includes {found.group(2)}")
            if address and room != "test" and found.group(1) == '"' and not found.group(2).startswith(ROOMS + ("sinter/",)):
                faults.append(f"{path}:{number}: write the address from the root: \"{address}\"")
        if path.endswith(".h") and re.match(r"\s*using\s+namespace\s+(::)?mlir\b", line):
            faults.append(f"{path}:{number}: `using namespace mlir` in a header")
    return mlir


def reaches(start, edges, goal):
    seen, todo = set(), [start]
    while todo:
        path = todo.pop()
        if path in seen:
            continue
        seen.add(path)
        if path in goal:
            return True
        todo += edges.get(path, ())
    return False


def check(root):
    """(faults, files, units that include MLIR, directly or through our headers)."""
    faults, files, mlir, edges = [], 0, set(), {}
    for path in sources(root):
        files += 1
        text = lines_of(root, path)
        if not any(SPDX in line for line in text[:3]) and not path.endswith(".sinter"):
            faults.append(f"{path}:1: no licence line")
        parts = path.split("/")[:-1]
        if "include" in parts and not path.startswith("runtime/include/sinter/"):
            faults.append(f"{path}:1: headers stand beside their sources; only runtime/include/ leaves the house")
        if not path.endswith(CODE):
            continue
        if check_code(root, path, text, faults):
            mlir.add(path)
        found = (INCLUDE.match(line) for line in text)
        edges[path] = [a for a in (target(root, path, f.group(2)) for f in found if f) if a]
    units = [p for p in edges if p.endswith(".cpp") and reaches(p, edges, mlir)]
    shipped = [p for p in units if not p.startswith("test/")]
    if len(shipped) > MLIR_UNITS:
        faults.append(f"{len(shipped)} units include MLIR, at most {MLIR_UNITS} wanted: {' '.join(shipped)}")
    return faults, files, units


SPDX_LINE = "// " + SPDX + "\n"
BAD = {  # file -> (text, what must be said)
    "ir/a/A.h": (SPDX_LINE + '#include "passes/x/X.h"\n', "ir/ may not include passes/x/X.h"),
    "passes/b/B.h": (SPDX_LINE + "using namespace mlir;\n", "`using namespace mlir` in a header"),
    "passes/b/C.cpp": (SPDX_LINE + '#include "codegen/Compile.h"\n', "passes/ may not include codegen/Compile.h"),
    "frontend/f/F.cpp": (SPDX_LINE + '#include "sinter/abi.h"\n', "may not include runtime/include/sinter/abi.h"),
    "codegen/g/G.cpp": (SPDX_LINE + '#include "sinter/sinter.h"\n', "may not include runtime/include/sinter/sinter.h"),
    "runtime/r/R.cpp": (SPDX_LINE + '#include "llvm/ADT/SmallVector.h"\n', "runtime/ knows no LLVM"),
    "runtime/r/S.cpp": (SPDX_LINE + '#include "ir/dim/Dim.h"\n', "runtime/ may not include ir/dim/Dim.h"),
    "tools/t/T.cpp": ("int main() {}\n", "no licence line"),
    "ir/include/I.h": (SPDX_LINE, "only runtime/include/ leaves the house"),
}
GOOD = {
    "codegen/g/H.cpp": SPDX_LINE + '#include "sinter/abi.h"\n#include "runtime/exe/Slots.h"\n#include "ir/dim/Dim.h"\n',
    "frontend/f/G.cpp": SPDX_LINE + '#include "runtime/format/Json.h"\n#include "ir/sinter/Sinter.h"\n#include <vector>\n',
    "ir/sinter/Sinter.h": SPDX_LINE + '#include "mlir/IR/Builders.h"\n',
}


def self_test():
    with tempfile.TemporaryDirectory() as root:
        for path, text in [(p, t) for p, (t, _) in BAD.items()] + list(GOOD.items()):
            os.makedirs(os.path.dirname(os.path.join(root, path)), exist_ok=True)
            with open(os.path.join(root, path), "w") as f:
                f.write(text)
        faults, _, units = check(root)
        for path, (_, words) in BAD.items():
            mine = [f for f in faults if f.startswith(path + ":")]
            if not any(words in f for f in mine):
                sys.exit(f"self-test: nothing said `{words}` of {path}: {mine}")
        for path in GOOD:
            if any(f.startswith(path + ":") for f in faults):
                sys.exit(f"self-test: {path} is good, but: {faults}")
        if units != ["frontend/f/G.cpp"]:  # through ir/sinter/Sinter.h
            sys.exit(f"self-test: units with MLIR: {units}")
    print(f"self-test: {len(BAD)} faults seen, {len(GOOD)} good files left alone")


def main():
    if "--self-test" in sys.argv[1:]:
        self_test()
        return 0
    root = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    faults, files, units = check(root)
    for fault in faults:
        print(fault)
    tests = sum(u.startswith("test/") for u in units)
    print(f"{files} files, {len(units) - tests} units with MLIR (at most {MLIR_UNITS}), {tests} more in tests, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

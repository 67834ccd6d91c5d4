#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Names the test programs of a build folder that hold no MLIR, which build in a minute with the sanitizers.

In:  a configured build folder (Ninja).  Out: names on one line; exit 1 where there are none.  Flow: `./dev test`.
"""
import json, subprocess, sys


def answer(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def main():
    folder = sys.argv[1]
    tests = [t["name"] for t in json.loads(answer("ctest", "--test-dir", folder, "--show-only=json-v1"))["tests"]]
    programs = {line.split(":")[0] for line in answer("ninja", "-C", folder, "-t", "targets", "all").splitlines()}
    free = [t for t in tests if t in programs and "libMLIR" not in answer("ninja", "-C", folder, "-t", "commands", t)]
    print(" ".join(free))
    return 0 if free else 1


if __name__ == "__main__":
    sys.exit(main())

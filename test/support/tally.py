#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Adds up what the steps of `./dev test` left behind.

In:  a folder with `steps` ("exit-status name" a line), gtest-*/ (GoogleTest's XML, ctest's JUnit) and lit-*.json.
Out: every failure and every skipped test by name, then the last line `N passed, M failed`; exit 1 for any failure.

Nothing is skipped in silence: a test that wanted something which is not here fails the run, unless what it wanted is in
MAY_LACK. With --whole, those of WANTED must be among
those that ran. A step that failed
without a failed test to show for it (a build, a crash of a tool) counts as one failure.
"""
import glob, json, os, re, sys
import xml.etree.ElementTree as ET

MAY_LACK = {"root", "avx512", "gpu"}
WANTED = ("golden/bert-cpu", "golden/bert-reference", "golden/minilm-cpu", "golden/minilm-reference", "docs/examples",
          "support/layering", "gtest-fuzz: fuzz-safetensors", "gtest-fuzz: fuzz-config", "gtest-fuzz: fuzz-tokenizer",
          "gtest-fuzz: fuzz-language")


def gtest(folder):
    """(passed, failures, skipped, programs that passed) of one ctest run. A program that died counts as one failure, one
    that is no GoogleTest program and ended well as one test."""
    passed, failed, skipped, ended = 0, [], [], []
    told, cases = {}, set()
    for path in sorted(glob.glob(os.path.join(folder, "*.xml"))):
        program = re.sub(r"(_\d+)?\.xml$", "", os.path.basename(path))
        cases.add(program)
        for case in ET.parse(path).getroot().iter("testcase"):
            name = f"{os.path.basename(folder)}: {program}: {case.get('classname')}.{case.get('name')}"
            if case.find("failure") is not None:
                failed.append(name)
                told[program] = True
            elif case.get("result") == "skipped" or case.find("skipped") is not None:
                skipped.append((name, "GTEST_SKIP"))
            elif case.get("status") == "run":
                passed += 1
    junit = os.path.join(folder, "ctest.junit")
    for case in ET.parse(junit).getroot().iter("testcase") if os.path.exists(junit) else []:
        if case.get("status") == "run":
            ended.append(f"{os.path.basename(folder)}: {case.get('name')}")
            passed += case.get("name") not in cases
        elif not told.get(case.get("name")):
            failed.append(f"{os.path.basename(folder)}: {case.get('name')}: {case.get('status')}")
    return passed, failed, skipped, ended


def lit(path):
    passed, failed, skipped = [], [], []
    with open(path) as f:
        tests = json.load(f)["tests"]
    for test in tests:
        code, name = test["code"], test["name"]
        if code in ("PASS", "XFAIL", "FLAKYPASS"):
            passed.append(name)
        elif code in ("UNSUPPORTED", "SKIPPED", "EXCLUDED"):
            if code != "EXCLUDED":  # a filter was asked for
                skipped.append((name, test.get("output", "").strip()))
        else:
            failed.append(f"{name}: {code}")
    return passed, failed, skipped


def excused(reason):
    lacking = re.search(r"unavailable features:\s*(.*)", reason)
    return bool(lacking) and set(re.split(r"[,\s]+", lacking.group(1).strip())) <= MAY_LACK


def main():
    folder, whole = sys.argv[1], "--whole" in sys.argv[2:]
    passed, failed, skipped, ran, explained = 0, [], [], [], set()

    def add(name, p, f, s):
        nonlocal passed
        print(f"{name}: {p} passed, {len(f)} failed, {len(s)} skipped")
        passed += p
        failed.extend(f)
        skipped.extend(s)
        if f:
            explained.add(name)

    for run in sorted(glob.glob(os.path.join(folder, "gtest-*"))):
        p, f, s, ended = gtest(run)
        ran += ended
        add(os.path.basename(run), p, f, s)
    for path in sorted(glob.glob(os.path.join(folder, "lit-*.json"))):
        p, f, s = lit(path)
        ran += p + [line.rsplit(":", 1)[0] for line in f]
        add(os.path.basename(path)[:-5], len(p), f, s)
    if whole:
        failed += [f"{want}: did not run" for want in WANTED if not any(want in name for name in ran)]
    with open(os.path.join(folder, "steps")) as f:
        for status, name in (line.split() for line in f):
            if status != "0" and name not in explained:
                failed.append(f"the step {name} ended with exit status {status}")
    for name, reason in skipped:
        print(f"skipped: {name}: {' '.join(reason.split())}")
        if not excused(reason):
            failed.append(f"{name}: skipped")
    if not passed:
        failed.append("no test ran")
    for line in failed:
        print(f"FAILED: {line}")
    print(f"{passed} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

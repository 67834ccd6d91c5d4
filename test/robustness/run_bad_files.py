#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes every bad file into a folder, gives each to a program, and checks that
it answers with one clear line, exit status 1, no signal, within a second, and
within 64 MB above a run on a good file.

usage: run_bad_files.py --folder DIR format_probe

The program is called as `PROGRAM KIND PATH` and prints its peak memory in KB, if
it can. In a build with the
sanitizers (or with --slow) time and memory are not judged.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import bad_chat
import bad_others
import bad_pipelines
import bad_safetensors
import bad_sentence

SECONDS = 1.0
MEGABYTES = 64


def write(folder, files):
    os.makedirs(folder)
    for name, data in files.items():
        with open(os.path.join(folder, name), "wb") as file:
            file.write(data)


def launch(program, kind, path):
    """(exit status or -signal, stderr, seconds, peak MB)."""
    with tempfile.TemporaryFile() as errors, tempfile.TemporaryFile() as output:
        start = time.monotonic()
        child = subprocess.Popen([program, kind, path], stdin=subprocess.DEVNULL,
                                 stdout=output, stderr=errors)
        deadline = start + 20
        while True:
            pid, status, usage = os.wait4(child.pid, os.WNOHANG)
            if pid:
                break
            if time.monotonic() > deadline:
                child.kill()
            time.sleep(0.001)
        child.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.monotonic() - start
        errors.seek(0)
        output.seek(0)
        peak = output.read().strip()
        peak = int(peak) if peak.isdigit() else usage.ru_maxrss
        return child.returncode, errors.read(), seconds, peak / 1024


def judge(result, expected, idle, slow):
    """What is wrong with an answer, or an empty text."""
    status, errors, seconds, peak = result
    if status < 0:
        return "died of signal %d: %r" % (-status, errors[-300:])
    if status != 1:
        return "exit status %d, 1 was expected: %r" % (status, errors[:300])
    if errors.count(b"\n") != 1 or not errors.endswith(b"\n"):
        return "not exactly one line: %r" % errors[:300]
    if len(errors) > 1000:
        return "a line of %d bytes" % len(errors)
    try:
        text = errors.decode()
    except UnicodeDecodeError:
        return "not UTF-8: %r" % errors[:300]
    if not re.search(expected, text):
        return "says %r, expected /%s/" % (text, expected)
    if not slow and seconds > SECONDS:
        return "took %.2f s" % seconds
    if not slow and peak - idle > MEGABYTES:
        return "took %.0f MB above %.0f" % (peak - idle, idle)
    return ""


def is_sanitized(program):
    path = shutil.which(program)
    with open(path, "rb") as file:
        return b"__asan_init" in file.read()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", required=True)
    parser.add_argument("--slow", action="store_true")
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("program")
    options = parser.parse_args()
    slow = options.slow or is_sanitized(options.program)

    makers = (bad_others, bad_pipelines, bad_sentence, bad_chat)
    bad = [("safetensors",) + case for case in bad_safetensors.cases()] + [case for maker in makers for case in maker.cases()]
    good = [("safetensors",) + case for case in bad_safetensors.good()] + [case for maker in makers for case in maker.good()]
    failures = 0
    idle = 0.0
    for number, (kind, name, files, entry) in enumerate(good):
        folder = os.path.join(options.folder, "good-%s-%s" % (kind, name))
        write(folder, files)
        status, errors, _, peak = launch(options.program, kind, os.path.join(folder, entry))
        idle = peak if number == 0 else idle
        if status != 0 or errors:
            failures += 1
            print("FAIL good %s %s: status %d, %r" % (kind, name, status, errors[:300]))
    names = set()
    for kind, name, files, entry, expected in bad:
        assert (kind, name) not in names, (kind, name)
        names.add((kind, name))
        folder = os.path.join(options.folder, "%s-%s" % (kind, name))
        write(folder, files)
        result = launch(options.program, kind, os.path.join(folder, entry))
        wrong = judge(result, expected, idle, slow)
        if options.verbose:
            print("%-12s %-32s %.3f s %4.0f MB  %s" % (kind, name, result[2], result[3] - idle,
                                                      result[1].decode(errors="replace").strip()[-200:]))
        if wrong:
            failures += 1
            print("FAIL %s %s: %s" % (kind, name, wrong))
    if failures:
        print("%d failures" % failures)
        return 1
    print("%d bad files refused, %d good files accepted" % (len(bad), len(good)))
    return 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes runtime/chat/Unicode.inc from this Python's own tables: case runs, special upper cases, unprintable ranges.

In: nothing.  Out: the text on stdout.  Run by hand when Python's Unicode moves: make_unicode.py > Unicode.inc
"""
print("// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception\n//\n// Made by make_unicode.py: what Python's str says of code points. Do not edit.")
def runs(fn, name):
    out = []
    for c in range(128, 0x110000):
        if 0xD800 <= c < 0xE000: continue
        u = fn(chr(c))
        if len(u) != 1 or ord(u) == c: continue
        d = ord(u) - c
        if out and out[-1][2] == d and c - out[-1][1] in (1, 2) and (out[-1][3] in (0, c - out[-1][1])):
            out[-1][3] = c - out[-1][1]; out[-1][1] = c
        else: out.append([c, c, d, 0])
    print("constexpr CaseRun %s[] = {" % name)
    line = ""
    for a, b, d, s in out:
        line += "{0x%X, 0x%X, %d, %d}, " % (a, b, d, s or 1)
        if len(line) > 100: print("    " + line.rstrip()); line = ""
    if line: print("    " + line.rstrip())
    print("};")
runs(str.lower, "LOWER_RUNS"); runs(str.upper, "UPPER_RUNS")
sp = [(c, [ord(x) for x in chr(c).upper()]) for c in range(128, 0x110000) if not 0xD800 <= c < 0xE000 and len(chr(c).upper()) > 1]
print("constexpr SpecialUpper SPECIAL_UPPER[] = {")
for c, u in sp: print("    {0x%X, {%s}}," % (c, ", ".join("0x%X" % x for x in (u + [0])[:3])))
print("};\nconstexpr uint32_t UNPRINTABLE[][2] = {")
out = []
for c in range(128, 0x110000):
    if not chr(c).isprintable():
        if out and out[-1][1] == c - 1: out[-1][1] = c
        else: out.append([c, c])
line = ""
for a, b in out:
    line += "{0x%X, 0x%X}, " % (a, b)
    if len(line) > 100: print("    " + line.rstrip()); line = ""
if line: print("    " + line.rstrip())
print("};")

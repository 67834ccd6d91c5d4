# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The strings that pipelines are compared on, from fixed seeds: fragments of
pipelines/fragments.json, code points of many scripts, and broken bytes.
test/runtime/text/Strings.h makes the same in C++; keep them alike."""

import json
import os

MASK = (1 << 64) - 1


class Random:
    """splitmix64."""

    def __init__(self, seed):
        self.state = seed & MASK

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)

    def below(self, bound):
        return self.next() % bound


def load(folder):
    with open(os.path.join(folder, "fragments.json"), encoding="utf-8") as file:
        data = json.load(file)
    return [f.encode() for f in data["fragments"]], data["ranges"], [s.encode() for s in data["separators"]]


def make(data, index):
    """String number `index` as bytes, valid UTF-8 or not."""
    fragments, ranges, separators = data
    random = Random(index * 0x2545F4914F6CDD1D + 7)
    kind = random.below(8)
    out = b""
    for _ in range(1 + random.below(12)):
        if kind == 0:
            pick = 1
        elif kind == 7:
            pick = random.below(12)
        else:
            pick = 0 if random.below(6) else random.below(4)
        if pick == 1:
            first, last = ranges[random.below(len(ranges))]
            for _ in range(1 + random.below(3)):
                code = first + random.below(last - first + 1)
                out += chr(code).encode()
        elif pick == 2:
            out += bytes([random.below(128)])
        elif pick == 11:
            out += bytes([128 + random.below(128)]) * (1 + random.below(2))
        else:
            out += fragments[random.below(len(fragments))]
        if random.below(3):
            out += separators[random.below(len(separators))]
    return out


def fnv(data, value=0xCBF29CE484222325):
    for byte in data:
        value = ((value ^ byte) * 0x100000001B3) & MASK
    return value

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The house's tolerance: max |a - b| <= tol * max(1, max |b|) over rows whose mask is 1.

In:  two arrays (ours, the oracle's) and perhaps a mask [B, T].  Out: the scaled error, or a Mismatch that says
what is wrong. Needs NumPy only.  As a command: compare.py GOT.npy WANT.npy --tol 1e-5 [--mask MASK.npy]
"""
import argparse, sys

import numpy as np


class Mismatch(Exception):
    """Ours cannot be compared with the oracle's: another shape or type, or a number that is not finite."""


def rows(shape, mask):
    """Which leading entries of a result count: [B, T, ...] by token; [B, ...] by any token of the row."""
    if mask is None:
        return np.ones(shape[:1], bool)
    on = np.asarray(mask) == 1
    if len(shape) >= 2 and shape[:2] == on.shape:
        return on
    if shape[:1] == on.shape[:1]:
        return on.any(axis=1)
    raise Mismatch(f"a mask of shape {on.shape} does not fit a result of shape {shape}")


def error(got, want, mask=None, dtype=None):
    """max |got - want| / max(1, max |want|) over the rows that count. Every row must be finite: a row that
    sees nothing averages everything, and no NaN arises."""
    if dtype is not None and got.dtype != np.dtype(dtype):
        raise Mismatch(f"the result is {got.dtype}, not {np.dtype(dtype)}")
    if got.shape != want.shape:
        raise Mismatch(f"the result has shape {got.shape}, not {want.shape}")
    if not np.isfinite(got).all():
        at = tuple(int(i) for i in np.argwhere(~np.isfinite(got))[0])
        raise Mismatch(f"the result is {got[at]} at {at}")
    if got.ndim == 0:
        got, want, mask = got[None], want[None], None
    on = rows(want.shape, mask)
    a, b = got[on].astype(np.float64), want[on].astype(np.float64)
    if not b.size:
        raise Mismatch("no row counts: the comparison would be empty")
    return float(np.abs(a - b).max() / max(1.0, np.abs(b).max()))


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("got")
    p.add_argument("want")
    p.add_argument("--tol", type=float, required=True)
    p.add_argument("--mask")
    a = p.parse_args()
    try:
        e = error(np.load(a.got), np.load(a.want), np.load(a.mask) if a.mask else None)
    except Mismatch as m:
        print(f"{a.got}: {m}")
        return 1
    print(f"{a.got}: error {e:.2e}, allowed {a.tol:.0e}")
    return 0 if e <= a.tol else 1


if __name__ == "__main__":
    sys.exit(main())

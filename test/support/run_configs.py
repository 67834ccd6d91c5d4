#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Every key of the config.json files that are about is read or ignored by name, and no others are.

In:  a table of name -> config.json, and the sinter binary.  Out: one line a config, exit 1 for any that `sinter check`
refuses, or that it accepts with a key more.
"""
import argparse, json, os, subprocess, sys, tempfile


def check(sinter, config):
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "config.json"), "w") as out:
            json.dump(config, out)
        done = subprocess.run([sinter, "check", folder], capture_output=True, text=True, timeout=120)
        return done.returncode, done.stderr


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("configs")
    p.add_argument("--sinter", default=os.environ.get("SINTER", "sinter"))
    a = p.parse_args()
    failed = 0
    for name, config in json.load(open(a.configs)).items():
        status, said = check(a.sinter, config)
        strict, why = check(a.sinter, config | {"rotary_dims": 32})
        ok = status == 0 and strict == 1 and "rotary_dims" in why
        failed += not ok
        print(f"{'ok  ' if ok else 'FAIL'}  {name}" + ("" if ok else f": {said or 'an invented key is accepted'}"))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

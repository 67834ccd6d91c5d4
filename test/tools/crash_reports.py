# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Breaks `sinter` in each phase and runs the replay that it names."""

import json
import os
import shlex
import shutil
import subprocess
import sys

model, work = sys.argv[1:3]
shutil.rmtree(work, ignore_errors=True)
os.makedirs(work)
sanitized = "detect_leaks" in os.environ.get("ASAN_OPTIONS", "") and "asan" in os.environ.get("SINTER_BUILD", "")
if sanitized:
    sys.exit(0)  # the sanitizers' own reports stand in for these


def run(words, phase=None):
    environment = dict(os.environ, TMPDIR=work)
    if phase:
        environment["SINTER_DEBUG_ABORT"] = phase
    return subprocess.run(words, capture_output=True, text=True, env=environment, cwd=work)


exe = os.path.join(work, "exe")
compile_words = ["sinter", "compile", model, "--fn", "forward", "-o", exe]
for asked, phase in [("text", "text"), ("text:segv", "text"), ("lower", "lower"), ("pass", "lower"), ("codegen", "codegen"),
                     ("weights", "weights")]:
    result = run(compile_words, asked)
    assert result.returncode == 4, (asked, result)
    assert f"sinter: internal error in phase {phase}: " in result.stderr, (asked, result.stderr)
    replay = [line for line in result.stderr.splitlines() if line.startswith("sinter: replay: ")]
    assert len(replay) == 1, result.stderr
    words = shlex.split(replay[0][len("sinter: replay: "):])
    assert not os.path.exists(exe), asked
    if asked == "pass":
        # The module as it was before the passes, and the passes: sinter-opt runs them again.
        assert words[:2] == ["sinter-opt", "--run-reproducer"] and words[2].startswith(work), words
        saved = open(words[2]).read()
        assert "sinter-convert-to-kernels" in saved and "sinter.contract" in saved, saved[-500:]
    else:
        assert model in words and words[:2] == ["sinter", "compile"], words
        # Broken again in the same place...
        again = run(words, asked)
        assert again.returncode == 4 and f"in phase {phase}: " in again.stderr, (words, again)
    # ... and whole without the break: the command is complete.
    whole = run(words)
    assert whole.returncode == 0, (words, whole)
    if os.path.exists(exe):
        os.remove(exe)

result = run([*compile_words, "--error-format=json"], "codegen")
(one,) = [json.loads(line) for line in result.stderr.splitlines()]
assert result.returncode == 4 and one["phase"] == "codegen" and one["helps"][0].startswith("replay: sinter compile"), one
# Words that a shell would take apart come back whole.
odd = os.path.join(work, "it's a; $(folder)")
shutil.copytree(model, odd)
result = run(["sinter", "check", odd], "text")
words = shlex.split(result.stderr.split("sinter: replay: ")[1])
assert words == ["sinter", "check", odd], words
print("ok")

# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Every line of stderr under --error-format=json is an object of the shape that docs/cli.md promises, for every command."""

import json
import os
import shutil
import subprocess
import sys

golden, work = sys.argv[1:3]
shutil.rmtree(work, ignore_errors=True)
os.makedirs(work)
folder = os.path.join(golden, "bert", "base-12x3")
text = os.path.join(work, "wrong.sinter")
open(text, "w").write("""config C { d: int = 8 }

module Layer(d: int) {
  fn forward(x: f32[B, d], y: f32[B]) -> f32[B, d] { return x + y }
}

model M(c: C) {
  layer: Layer(c.d)

  fn forward(x: f32[B, c.d], y: f32[B]) -> f32[B, c.d] { return layer(x, y) }
}
""")
shutil.copytree(folder, os.path.join(work, "broken"))
open(os.path.join(work, "broken", "model.safetensors"), "wb").write(b"12")

PLACE = {"file": str, "line": int, "column": int, "end_line": int, "end_column": int, "text": str}


def place(value):
    return value is None or all(isinstance(value.get(key), kind) for key, kind in PLACE.items())


def run(*words):
    result = subprocess.run(["sinter", *words], capture_output=True, text=True, cwd=work)
    out = []
    for line in result.stderr.splitlines():
        one = json.loads(line)
        assert one["severity"] in ("error", "warning", "note", "remark"), one
        assert one["code"] is None or len(one["code"]) == 5, one
        assert isinstance(one["message"], str) and place(one["primary"]), one
        assert all(place(label) for label in one["labels"]), one
        assert all(isinstance(note, str) for note in one["notes"] + one["helps"]), one
        assert all(set(step) == {"path", "what", "place"} and place(step["place"]) for step in one["chain"]), one
        out.append(one)
    return result.returncode, out


json_on = "--error-format=json"
code, (one,) = run("check", text, json_on)
assert code == 1 and one["code"] == "E0401", one
assert (one["primary"]["file"], one["primary"]["line"], one["primary"]["column"]) == (text, 4, 63), one
assert len(one["labels"]) >= 2 and one["labels"][0]["text"], one
assert [step["path"] for step in one["chain"]] == ["layer"] and one["helps"], one

cases = [
    (["compile", text, "--emit", "sinter"], 1, "E0401", ""),
    (["info", text], 1, "E0401", ""),
    (["run", text], 1, "E0401", ""),
    (["fmt", os.path.join(folder, "config.json")], 1, "E0101", ""),
    (["check", "no-such"], 3, "E0221", ""),
    (["embed", folder, "a"], 1, None, "tokenizer"),
    (["run", folder, "--in", "tokens=none.npy"], 3, None, "none.npy"),
    (["compile", "broken", "-o", "exe"], 1, None, "model.safetensors"),
    (["compile", folder, "--emit", "exe"], 2, None, "-o NAME"),
    (["explain", "E9999"], 1, None, "E9999"),
    (["fly"], 2, None, "subcommand"),
    (["check", folder, "--nonsense"], 2, None, "--nonsense"),
]
for words, wanted, code_wanted, piece in cases:
    for line in ([*words, json_on], [words[0], "--error-format", "json", *words[1:]]):
        code, said = run(*line)
        assert code == wanted, (line, code, said)
        assert any(one["code"] == code_wanted and piece in one["message"] for one in said), (line, said)
code, said = run("check", folder, json_on)
assert code == 0 and said == [], said
code = subprocess.run(["sinter", "check", folder, "--error-format=xml"], capture_output=True).returncode
assert code == 2, code
print("ok")

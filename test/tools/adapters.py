# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Adapters through the commands: the 4×4 example of the literature, `list[ids](x)`, folders that `sinter merge` writes.

In:  the sinter binary and test/golden/lora.  Out: exit 1 with the first thing that is wrong.
"""
import json, os, struct, subprocess, sys, tempfile

import numpy as np

SINTER, GOLDEN = sys.argv[1:]


def run(*words, code=0):
    done = subprocess.run([SINTER, *words], capture_output=True, text=True)
    assert done.returncode == code, f"{' '.join(words)}: exit {done.returncode}\n{done.stderr}"
    return done.stderr


def write(path, tensors):
    header, data = {}, b""
    for name, values in tensors.items():
        values = np.ascontiguousarray(values, np.float32)
        header[name] = dict(dtype="F32", shape=list(values.shape), data_offsets=[len(data), len(data) + values.nbytes])
        data += values.tobytes()
    text = json.dumps(header).encode()
    open(path, "wb").write(struct.pack("<Q", len(text)) + text + data)


def read(folder):
    out = {}
    for name in sorted(os.listdir(folder)):
        if name.endswith(".safetensors"):
            raw = open(os.path.join(folder, name), "rb").read()
            n, = struct.unpack("<Q", raw[:8])
            for key, t in json.loads(raw[8:8 + n]).items():
                if key != "__metadata__":
                    begin, end = t["data_offsets"]
                    out[key] = (t["dtype"], raw[8 + n + begin:8 + n + end])
    return out


def example():
    """W = I, rank 1: W + AB of the page, by one product with the rows of I."""
    a, b = np.array([[0.1, -0.1, 0, 0.2]]), np.array([[0.5, 0.1, -0.2, 0]])
    want = np.array([[1.05, 0.01, -0.02, 0], [-0.05, 0.99, 0.02, 0], [0, 0, 1, 0], [0.10, 0.02, -0.04, 1]])
    open("one.sinter", "w").write("""import Linear from "std/nn"
import lora from "lora"
config C { d: int = 4 }
model One(c: C) {
  w: Linear(c.d, c.d, biased = false)
  fn forward(x: f32[T, c.d]) -> (y: f32[T, c.d]) { return w(x) }
}
model Named = One(C) with lora(rank = 1, alpha = 1.0, on = "w")
""")
    write("one.safetensors", {"w.weight": np.eye(4)})
    # Stored [out, in]: what the page writes x W is x Wᵀ here.
    write("named.safetensors", {"w.weight": np.eye(4), "w.lora_A.weight": a, "w.lora_B.weight": b.T})
    os.makedirs("page", exist_ok=True)
    write("page/adapter_model.safetensors",
          {"base_model.model.w.lora_A.weight": a, "base_model.model.w.lora_B.weight": b.T})
    json.dump(dict(peft_type="LORA", r=1, lora_alpha=1, target_modules=["w"]), open("page/adapter_config.json", "w"))
    np.save("x.npy", np.eye(4, dtype=np.float32))
    for target in ("cpu", "reference"):
        for words in (["--model", "Named", "--weights", "named.safetensors"],
                      ["--model", "One", "--weights", "one.safetensors", "--adapter", "page"],
                      ["--model", "One", "--weights", "one.safetensors", "--adapter", "page", "--merge"]):
            run("run", "one.sinter", *words, "--target", target, "--in", "x=x.npy", "--out", "y=y.npy")
            assert np.abs(np.load("y.npy") - want).max() < 1e-7, (words, np.load("y.npy"))


def chosen():
    """list[ids](x) against NumPy: rows of a batch, and several for each row of a sequence."""
    r = np.random.default_rng(7)
    open("many.sinter", "w").write("""import Linear from "std/nn"
config C { d: int = 6  count: int = 5 }
model Many(c: C) {
  each: [Linear(c.d, 3) for i in 0..c.count]
  one:  [Linear(c.d, 3)]
  fn forward(x: f32[B, T, c.d], ids: i32[B]) -> (y: f32[B, T, 3]) { return each[ids](x) }
  fn spread(x: f32[B, T, c.d], ids: i32[B, T, K]) -> (y: f32[B, T, K, 3]) { return each[ids](x[:, :, None]) }
  fn single(x: f32[B, T, c.d], ids: i32[B, T, K]) -> (y: f32[B, T, K, 3]) { return one[ids](x[:, :, None]) }
}
""")
    w, b = r.normal(size=(6, 3, 6)).astype(np.float32), r.normal(size=(6, 3)).astype(np.float32)
    names = [f"each.{i}" for i in range(5)] + ["one.0"]
    write("many.safetensors", {f"{n}.{k}": v[i] for i, n in enumerate(names) for k, v in (("weight", w), ("bias", b))})
    x = r.normal(size=(4, 7, 6)).astype(np.float32)
    np.save("x.npy", x)
    rows, three = np.array([3, 0, 4, 0], np.int32), r.integers(0, 5, size=(4, 7, 3)).astype(np.int32)
    all_of = np.einsum("btd,eod->btoe", x, w[:5]) + b[:5].T
    cases = [("forward", rows, np.stack([all_of[i, :, :, e] for i, e in enumerate(rows)])),
             ("spread", three, np.take_along_axis(all_of, three[:, :, None, :], -1).transpose(0, 1, 3, 2)),
             ("single", three * 0, np.repeat((x @ w[5].T + b[5])[:, :, None], 3, 2))]
    for fn, ids, want in cases:
        np.save("ids.npy", ids)
        for target in ("cpu", "reference"):
            run("run", "many.sinter", "--weights", "many.safetensors", "--fn", fn, "--target", target, "--in", "x=x.npy",
                "--in", "ids=ids.npy", "--out", "y=y.npy")
            assert np.abs(np.load("y.npy") - want).max() < 1e-5, (fn, target)
    for wrong in (5, -1):
        np.save("ids.npy", np.full(4, wrong, np.int32))
        said = run("run", "many.sinter", "--weights", "many.safetensors", "--in", "x=x.npy", "--in", "ids=ids.npy", code=1)
        assert "out of range" in said, said


def folders():
    base = os.path.join(GOLDEN, "gpt2")
    run("merge", base, "--adapter", os.path.join(base, "fan"), "-o", "merged")
    before, after = read(base), read("merged")
    assert list(before) == list(after) and all(before[k][0] == after[k][0] for k in before)
    changed = {k for k in before if before[k] != after[k]}
    assert changed == {k for k in before if k.endswith(("c_attn.weight", "c_proj.weight"))}, changed
    assert open("merged/config.json").read() == open(os.path.join(base, "config.json")).read()
    assert not [n for n in os.listdir(".") if ".tmp" in n]
    # A folder that exists is left alone; a table that is the head, too, is not merged into; one adapter at a time.
    assert "exists" in run("merge", base, "--adapter", os.path.join(base, "fan"), "-o", "merged", code=2)
    assert "E0540" in run("merge", base, "--adapter", os.path.join(base, "table"), "-o", "other", code=1)
    assert "E0540" in run("merge", base, "--adapter", os.path.join(base, "saved-head"), "-o", "other", code=1)
    run("merge", base, "-o", "other", code=2)
    assert not os.path.exists("other")
    assert "E0530" in run("run", base, "--adapter", "nothing", code=1)
    assert "E0534" in run("check", base, "--merge", "--adapter", os.path.join(base, "fan"), "--adapter",
                          os.path.join(base, "fan-two"), code=1)


def swapped():
    """An executable takes the numbers of other adapters from a file, and nothing that does not fit."""
    base = os.path.join(GOLDEN, "bert")
    inputs = {k: os.path.join(base, f"bank.{k}.npy") for k in ("tokens", "mask", "adapter")}
    want = np.load(os.path.join(base, "bank.logits.npy"))

    def adapters(*names):
        return [w for n in names for w in ("--adapter", os.path.join(base, n))]

    run("compile", base, *adapters("list", "patterns", "layers"), "--adapter-rank", "6", "-o", "bank")
    run("compile", base, *adapters("layers", "list", "patterns"), "--adapter-rank", "6", "--emit", "adapter", "-o", "turned")
    run("compile", base, *adapters("layers", "list", "patterns"), "--emit", "adapter", "-o", "lower")
    open("cut", "wb").write(open("turned", "rb").read()[:-9])
    raw = bytearray(open("turned", "rb").read())
    raw[-1] ^= 1
    open("bent", "wb").write(raw)
    ids = np.load(inputs["adapter"])
    np.save("turned.npy", np.where(ids < 0, ids, (ids + 1) % 3).astype(np.int32))

    def call(rows, *words, code=0):
        c = ["./bank", "run", *words, "--in", f"adapter={rows}", "--out", "logits=o.npy"]
        c += [w for k in ("tokens", "mask") for w in ("--in", f"{k}={inputs[k]}")]
        done = subprocess.run(c, capture_output=True, text=True)
        assert (done.returncode != 0) == bool(code), (words, done.stderr)
        return np.load("o.npy") if not code else done.stderr

    real = np.load(inputs["mask"]) == 1
    first = call(inputs["adapter"])
    assert np.abs(first - want)[real].max() < 1e-4
    assert np.array_equal(call("turned.npy", "--adapter-weights", "turned"), first)
    assert not np.array_equal(call("turned.npy"), first)
    assert "another model" in call("turned.npy", "--adapter-weights", "lower", code=1)
    assert "damaged" in call("turned.npy", "--adapter-weights", "cut", code=1)
    assert "damaged" in call("turned.npy", "--adapter-weights", "bent", code=1)
    assert "not a file" in call("turned.npy", "--adapter-weights", "bank", code=1)
    assert "cannot read" in call("turned.npy", "--adapter-weights", "nowhere", code=1)
    run("compile", base, *adapters("list"), "--emit", "adapter", "-o", "one", code=2)


def generating():
    """A batch whose prompts name their adapters is what each adapter alone makes, by the tool and by an executable."""
    flags = ["--max-new-tokens", "8", "--ignore-eos", "--greedy"]

    def tokens(*words):
        done = subprocess.run([*words, *flags, "--out-tokens", "new.npy"], capture_output=True, text=True)
        assert done.returncode == 0, (words, done.stderr)
        return np.load("new.npy").tolist()

    for family, one, two, prompts in (("gpt2", "fan", "fan-two", "tokens"), ("t5", "list", "all-linear", "source")):
        base = os.path.join(GOLDEN, family)
        a, b = (["--adapter", os.path.join(base, n)] for n in (one, two))
        np.save("prompts.npy", np.tile(np.load(os.path.join(base, f"bank.{prompts}.npy"))[:1, :6], (4, 1)))
        given = ["--tokens", "prompts.npy"]
        alone = [tokens(SINTER, "generate", base, *words, *given)[0] for words in (a, b, [])]
        assert len({tuple(row) for row in alone}) == 3, (family, alone)  # else this shows nothing
        want = [alone[1], alone[2], alone[0], alone[1]]
        run("compile", base, *a, *b, "-o", "bank")
        for how in ([SINTER, "generate", base, *a, *b], ["./bank"]):
            assert tokens(*how, *given, "--use", "1,-1,0,1") == want, (family, how)
            assert tokens(*how, *given, "--use", "1", "--use", "-1", "--use=0,1") == want, (family, how)
            assert tokens(*how, *given) == [alone[2]] * 4, (family, how)
            assert tokens(*how, *given, "--use", "0") == [alone[0]] * 4, (family, how)
            for code, message, use in ((1, "an adapter beyond its table", "2"), (1, "--use names 2 adapters for 4 prompts", "0,1"),
                                       (2, "--use takes numbers of adapters", "a"), (2, "--use takes numbers of adapters", "0,,1"),
                                       (2, "--use takes numbers of adapters", "-2")):
                done = subprocess.run([*how, *given, *flags, "--use", use], capture_output=True, text=True)
                assert done.returncode == code and message in done.stderr, (family, how, use, done.returncode, done.stderr)
        assert tokens(SINTER, "generate", base, *a, *b, "--target", "reference", *given, "--use", "1,-1,0,1") == want, family
        assert "asks for adapter 0, but the model has no input `adapter`" in run("generate", base, *a, *given, "--use", "0", code=1)


with tempfile.TemporaryDirectory() as place:
    SINTER, GOLDEN = (os.path.abspath(p) if os.sep in p else p for p in (SINTER, GOLDEN))
    os.chdir(place)
    example()
    chosen()
    folders()
    swapped()
    generating()
print("ok")

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Breaks the folders of small decoders and encoder-decoders in one place each and gives them to the commands.

In:  a folder to make, the compiler.  Out: one line a failure, exit 1 if any.  Used by bad-configs.test.
A case is right when the exit code is 1, stderr holds exactly one error, and that has the code and words expected; within
a few seconds and without a signal.
"""
import argparse, json, os, re, shutil, struct, subprocess, sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np

GPT2 = dict(architectures=["GPT2LMHeadModel"], model_type="gpt2", vocab_size=11, n_positions=16, n_embd=8, n_layer=2, n_head=2,
            activation_function="gelu_new", layer_norm_epsilon=1e-5, bos_token_id=1, eos_token_id=2)
LLAMA = dict(architectures=["LlamaForCausalLM"], model_type="llama", vocab_size=11, hidden_size=8, intermediate_size=12,
             num_hidden_layers=2, num_attention_heads=2, num_key_value_heads=1, max_position_embeddings=16, rms_norm_eps=1e-6,
             hidden_act="silu", rope_theta=10000.0, tie_word_embeddings=False)
T5 = dict(architectures=["T5ForConditionalGeneration"], model_type="t5", vocab_size=11, d_model=8, d_kv=4, d_ff=12, num_layers=2,
          num_heads=2, relative_attention_num_buckets=8, relative_attention_max_distance=16, feed_forward_proj="relu",
          layer_norm_epsilon=1e-6, decoder_start_token_id=0, eos_token_id=1, pad_token_id=0, is_encoder_decoder=True)


def text(config, **changes):
    changed = {**config, **changes}
    return json.dumps({k: v for k, v in changed.items() if v is not ...}).encode()


def configs():
    """(name, bytes of config.json, code, words of the message)."""
    for kind, c in ("gpt2", GPT2), ("llama", LLAMA), ("t5", T5):
        width = {"gpt2": "n_embd", "llama": "hidden_size", "t5": "d_model"}[kind]
        layers = {"gpt2": "n_layer", "llama": "num_hidden_layers", "t5": "num_layers"}[kind]
        yield f"{kind}-unknown-key", text(c, residual_scale=2.0), "E0507", "residual_scale"
        yield f"{kind}-unknown-nested", text(c, extra={"deep": 1}), "E0507", "extra"
        yield f"{kind}-float-width", text(c, **{width: 8.5}), "E0504", width
        yield f"{kind}-string-width", text(c, **{width: "8"}), "E0504", width
        yield f"{kind}-list-layers", text(c, **{layers: [2]}), "E0504", layers
        yield f"{kind}-object-vocab", text(c, vocab_size={"a": 1}), "E0504|E0507", "vocab_size"
        yield f"{kind}-negative-width", text(c, **{width: -8}), "E0|", "-8|negative|least"
        yield f"{kind}-zero-vocab", text(c, vocab_size=0), "E0|", "0"
        yield f"{kind}-negative-layers", text(c, **{layers: -1}), "E0|", "-1|negative|empty"
        yield f"{kind}-huge-width", text(c, **{width: 2**62}), "E0|", "."
        yield f"{kind}-width-2-63", text(c, **{width: 2**63}), "E0504|E0502", "."
        yield f"{kind}-huge-layers", text(c, **{layers: 10**9}), "E0|", "."
        yield f"{kind}-truncated", text(c)[:-7], "E0502", "."
        yield f"{kind}-twice", text(c).replace(b'"vocab_size": 11', b'"vocab_size": 11, "vocab_size": 11'), "E0502", "twice"
        yield f"{kind}-trailing", text(c) + b"{}", "E0502", "."
        yield f"{kind}-zero-byte", text(c).replace(b"11", b"1\x001", 1), "E0502", "."
        yield f"{kind}-utf8", text(c).replace(b'"model_type"', b'"model_\xff"'), "E0502", "."
    yield "no-architecture", text(GPT2, architectures=...), "E0503", "architectures"
    yield "empty-architectures", text(GPT2, architectures=[]), "E0503", "."
    yield "number-architecture", text(GPT2, architectures=[7]), "E0503", "."
    yield "unknown-architecture", text(GPT2, architectures=["GPT7LMHeadModel"]), "E0|", "GPT7LMHeadModel"
    yield "path-architecture", text(GPT2, architectures=["../../etc/passwd"]), "E0|", "etc/passwd"
    yield "array", b"[]", "E0|", "."
    yield "deep", b'{"a":' * 60000, "E0502", "nested deeper"
    yield "empty", b"", "E0502", "."
    yield "many-values", b'{"architectures": ["GPT2LMHeadModel"], "x": [' + b"0," * 300000 + b"0]}", "E0502", "values"
    yield "gpt2-heads", text(GPT2, n_head=3), "E0520", "3 heads"
    yield "gpt2-zero-heads", text(GPT2, n_head=0), "E0|", "."
    yield "gpt2-activation", text(GPT2, activation_function="softplus7"), "E0|", "softplus7"
    yield "gpt2-cross-attention", text(GPT2, add_cross_attention=True), "E0520", "cross-attention"
    yield "gpt2-nan", text(GPT2, layer_norm_epsilon=1).replace(b'"layer_norm_epsilon": 1', b'"layer_norm_epsilon": NaN'), "E0502", "."
    yield "gpt2-infinite", text(GPT2, layer_norm_epsilon=1).replace(b'"layer_norm_epsilon": 1', b'"layer_norm_epsilon": 1e999'), "E0502", "."
    yield "gpt2-bool-number", text(GPT2, scale_attn_weights=1), "E0504", "scale_attn_weights"
    yield "gpt2-disagree", text(GPT2, architectures=["GPT2LMHeadModel"], n_layer=None, vocab_size=None, layer_norm_epsilon="x"), "E0504", "layer_norm_epsilon"
    yield "llama-key-heads", text(LLAMA, num_key_value_heads=3), "E0520", "3"
    yield "llama-zero-key-heads", text(LLAMA, num_key_value_heads=0), "E0|", "."
    yield "llama-rope-kind", text(LLAMA, rope_scaling={"rope_type": "spiral", "factor": 2.0}), "E0520", "spiral"
    yield "llama-rope-type", text(LLAMA, rope_scaling={"rope_type": 3, "factor": 2.0}), "E0504", "rope_type"
    yield "llama-rope-unknown", text(LLAMA, rope_scaling={"rope_type": "linear", "factor": 2.0, "twist": 1}), "E0507", "twist"
    yield "llama-rope-disagrees", text(LLAMA, rope_parameters={"rope_theta": 7.0}), "E0506", "rope_theta"
    yield "t5-heads", text(T5, is_decoder=True), "E0520", "stacks"


def generations():
    """(name, files beside a good folder, code, words): what generating reads of a folder beside its model."""
    g = lambda **keys: {"generation_config.json": json.dumps(keys).encode()}
    yield "unknown-key", g(eos_token_id=2, eos_tokens=3), "E0513", "eos_tokens"
    yield "top-k-float", g(top_k=1.5), "E0514", "top_k"
    yield "top-k-negative", g(top_k=-1), "E0514", "top_k"
    yield "top-k-2-40", g(top_k=2**40), "E0514", "top_k"
    yield "temperature-string", g(temperature="hot"), "E0514", "temperature"
    yield "temperature-list", g(temperature=[1.0]), "E0514", "temperature"
    yield "sample-number", g(do_sample=1), "E0514", "do_sample"
    yield "eos-negative", g(eos_token_id=-1), "E0514", "eos_token_id"
    yield "eos-2-31", g(eos_token_id=2**31), "E0514", "eos_token_id"
    yield "eos-string", g(eos_token_id="</s>"), "E0514", "eos_token_id"
    yield "eos-nested", g(eos_token_id=[[2]]), "E0514", "eos_token_id"
    yield "pad-list", g(pad_token_id=[1, 2]), "E0514", "pad_token_id"
    yield "early-word", g(early_stopping="soon"), "E0514", "early_stopping"
    yield "bad-words-flat", g(bad_words_ids=[3]), "E0514", "bad_words_ids"
    yield "bad-words-empty", g(bad_words_ids=[[]]), "E0514", "bad_words_ids"
    yield "max-length-object", g(max_length={}), "E0514", "max_length"
    yield "guidance", g(guidance_scale=3.0), "E0515", "guidance_scale"
    yield "beam-groups", g(num_beam_groups=2), "E0515", "num_beam_groups"
    yield "typical", g(typical_p=0.5), "E0515", "typical_p"
    yield "watermark", g(watermarking_config={"bias": 2}), "E0515", "watermarking_config"
    for name, data in ("array", b"[]"), ("empty", b""), ("cut", b'{"top_k": 5'), ("twice", b'{"top_k": 5, "top_k": 6}'), ("deep", b'{"a":' * 60000), ("utf8", b'{"\xff": 1}'):
        yield name, {"generation_config.json": data}, "E0502", "generation_config.json"
    yield "template", {"chat_template.jinja": b"a\n{% for m in messages %}"}, "", "chat_template.jinja: line 2"
    yield "template-include", {"chat_template.jinja": b"{% include '/etc/passwd' %}"}, "", "include"
    yield "template-number", {"tokenizer_config.json": b'{"chat_template": 3}'}, "E05", "chat_template"
    yield "template-list", {"tokenizer_config.json": b'{"chat_template": [{"name": "x"}]}'}, "E05", "chat_template"
    yield "tokenizer-config", {"tokenizer_config.json": b'{"chat_template": "a", "chat_template": "b"}'}, "E0502", "twice"


def tensors(entries):
    header, at, data = {}, 0, b""
    for name, array in entries.items():
        header[name] = dict(dtype="F32", shape=list(array.shape), data_offsets=[at, at + array.nbytes])
        at += array.nbytes
        data += array.astype("<f4").tobytes()
    encoded = json.dumps(header).encode()
    return struct.pack("<Q", len(encoded)) + encoded + data


def checkpoint():
    rng, d = np.random.default_rng(0), 8
    out = {"wte.weight": (11, d), "wpe.weight": (16, d), "ln_f.weight": (d,), "ln_f.bias": (d,)}
    for i in range(2):
        for name, shape in (("ln_1.weight", (d,)), ("ln_1.bias", (d,)), ("attn.c_attn.weight", (d, 3 * d)), ("attn.c_attn.bias", (3 * d,)),
                            ("attn.c_proj.weight", (d, d)), ("attn.c_proj.bias", (d,)), ("ln_2.weight", (d,)), ("ln_2.bias", (d,)),
                            ("mlp.c_fc.weight", (d, 4 * d)), ("mlp.c_fc.bias", (4 * d,)), ("mlp.c_proj.weight", (4 * d, d)), ("mlp.c_proj.bias", (d,))):
            out[f"h.{i}.{name}"] = shape
    return {k: rng.standard_normal(s).astype(np.float32) for k, s in out.items()}


def without(entries, name):
    return {k: v for k, v in entries.items() if k != name}


def checkpoints():
    """(name, bytes of model.safetensors, code, words)."""
    good = checkpoint()
    yield "missing", tensors(without(good, "h.1.mlp.c_fc.bias")), "E06", "h.1.mlp.c_fc.bias"
    yield "unexpected", tensors({**good, "h.2.ln_1.weight": good["ln_f.bias"]}), "E06", "h.2.ln_1.weight"
    yield "transposed", tensors({**good, "h.0.attn.c_attn.weight": good["h.0.attn.c_attn.weight"].T.copy()}), "E06", "c_attn"
    yield "rank", tensors({**good, "ln_f.bias": good["ln_f.bias"][None]}), "E06", "ln_f.bias"
    yield "vocab", tensors({**good, "wte.weight": good["wte.weight"][:10]}), "E06", "wte"
    yield "untied", tensors({**good, "lm_head.weight": good["wte.weight"] + 1}), "E06", "lm_head|wte"
    yield "both-prefixes", tensors({**good, "transformer.ln_f.bias": good["ln_f.bias"] + 1}), "E06", "ln_f.bias"
    yield "integers", tensors(good).replace(b'"wpe.weight": {"dtype": "F32"', b'"wpe.weight": {"dtype": "I32"'), "E06", "wpe"
    yield "cut", tensors(good)[:-64], "", "model.safetensors"
    yield "header", struct.pack("<Q", 2**40) + b"{}", "", "model.safetensors"
    yield "pickle", b"\x80\x04K\x01.", "", "model.safetensors"


def npy(descr, shape, data):
    head = ("{'descr': %r, 'fortran_order': False, 'shape': %s, }" % (descr, shape)).encode()
    head += b" " * (63 - (len(head) + 10) % 64) + b"\n"
    return b"\x93NUMPY\x01\0" + struct.pack("<H", len(head)) + head + data


def inputs():
    """(name, bytes of the tokens' file, words)."""
    ids = lambda *n: struct.pack("<%di" % len(n), *n)
    yield "beyond-vocabulary", npy("<i4", (1, 3), ids(1, 2, 11)), "out of range"
    yield "negative", npy("<i4", (1, 3), ids(1, -1, 2)), "out of range"
    yield "floats", npy("<f4", (1, 2), ids(0, 0)), "tokens"
    yield "rank-1", npy("<i4", (3,), ids(1, 2, 3)), "shape"
    yield "rank-3", npy("<i4", (1, 1, 3), ids(1, 2, 3)), "shape"
    yield "no-tokens", npy("<i4", (1, 0), b""), "empty"
    yield "no-rows", npy("<i4", (0, 3), b""), "empty"
    yield "too-long", npy("<i4", (1, 17), ids(*[1] * 17)), "17.*16"
    yield "wide", npy("<i8", (1, 1), struct.pack("<q", 2**40)), "32-bit"
    yield "cut", npy("<i4", (1, 3), ids(1, 2)), "8"
    yield "rank-9", npy("<i4", (1,) * 9, ids(1)), "axes|shape"
    yield "text", b"1 2 3\n", "not a .npy"


def write(folder, files):
    os.makedirs(folder)
    for name, data in files.items():
        with open(os.path.join(folder, name), "wb") as f:
            f.write(data)
    return folder


def judge(command, code, words):
    try:
        done = subprocess.run([*command, "--error-format=json"], capture_output=True, timeout=60)
    except subprocess.TimeoutExpired:
        return "no answer within a minute"
    if done.returncode != 1:
        return f"exit {done.returncode}: {done.stderr[-300:]!r}"
    try:
        said = [json.loads(line) for line in done.stderr.decode().splitlines()]
    except ValueError:
        return f"not JSON: {done.stderr[:300]!r}"
    errors = [m for m in said if m["severity"] == "error"]
    if len(errors) != 1:
        return f"{len(errors)} errors: {[m['message'] for m in errors][:4]}"
    whole = json.dumps(errors[0], ensure_ascii=False)
    if not re.match(code, errors[0]["code"] or "") or not re.search(words, whole) or len(whole) > 4000:
        return f"says {whole[:400]}, expected /{code}/ and /{words}/"
    return ""


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--folder", required=True)
    p.add_argument("sinter")
    o = p.parse_args()
    shutil.rmtree(o.folder, ignore_errors=True)
    good = {"config.json": text(GPT2), "model.safetensors": tensors(checkpoint())}
    whole = write(os.path.join(o.folder, "good"), good)
    tokens = os.path.join(whole, "tokens.npy")
    np.save(tokens, np.array([[1, 2, 10]], np.int32))
    subprocess.run([o.sinter, "run", whole, "--in", f"tokens={tokens}"], check=True)
    cases = []
    for name, data, code, words in configs():
        folder = write(os.path.join(o.folder, "config-" + name), {"config.json": data})
        cases.append(("config " + name, [o.sinter, "check", folder], code, words))
    for name, data, code, words in checkpoints():
        folder = write(os.path.join(o.folder, "tensors-" + name), {**good, "model.safetensors": data})
        cases.append(("tensors " + name, [o.sinter, "run", folder, "--in", f"tokens={tokens}"], code, words))
    for name, data, words in inputs():
        folder = write(os.path.join(o.folder, "input-" + name), {"a.npy": data})
        cases.append(("input " + name, [o.sinter, "run", whole, "--in", f"tokens={folder}/a.npy"], "", words))
    for name, files, code, words in generations():
        folder = write(os.path.join(o.folder, "generation-" + name), {**good, **files})
        cases.append(("generation " + name, [o.sinter, "generate", folder, "--tokens", tokens, "--max-new-tokens", "2", "--target", "reference"], code, words))
    failures = 0
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for (name, *_), wrong in zip(cases, pool.map(lambda c: judge(*c[1:]), cases)):
            if wrong:
                failures += 1
                print(f"FAIL {name}: {wrong}")
    print(f"{len(cases) - failures} of {len(cases)} refused in one error")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())

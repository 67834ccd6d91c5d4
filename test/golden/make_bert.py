#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Makes test/golden/bert: tiny random BERT folders, inputs, and the outputs of `transformers`.

In:  the pinned packages of requirements.txt.  Out: bert/<folder>/{config.json, *.safetensors},
bert/<folder>/NN.{tokens,mask,types,RESULT}.npy and bert/cases.json.
Flow: run by hand when a case is added; the tests read only what it wrote (test/support/run_goldens.py).

The oracle is transformers in float64 with eager attention, on the values as stored (F16 and BF16 are
widened). A second opinion, plain NumPy reading the stored files by name, must agree to 1e-11 before a
case is written, and float32 `transformers` must agree to 5e-6, so that the CPU's tolerance is fair.
"""
import json, math, os, shutil, struct, sys, zlib

import numpy as np
import torch
from safetensors.torch import save_file
from transformers import BertConfig, BertForMaskedLM, BertModel

HERE = os.path.dirname(os.path.abspath(__file__))
OUT = os.path.join(HERE, "bert")

# Inputs given to a case: "all" = tokens, mask, types; "bare" = tokens only (defaults fill the rest).
# Masks: "pad" = right padding, "holes" = zeros anywhere, "blind" = as pad, and row 0 sees nothing.
FOLDERS = [
    dict(name="base-12x3", model="BertModel", d=12, heads=3, ff=37, vocab=31, layers=2, ctx=130, types=2,
         act="gelu", eps=1e-12,
         cases=[(1, 1, "bare"), (2, 2, "pad"), (1, 3, "bare"), (5, 7, "pad"), (3, 33, "pad"), (2, 130, "pad"),
                (3, 16, "blind"), (4, 17, "pad", "embed"), (1, 65, "bare", "embed"), (3, 31, "pad", "pooled")]),
    dict(name="mlm-20x5-tied", model="BertForMaskedLM", d=20, heads=5, ff=23, vocab=97, layers=3, ctx=137, types=3,
         act="relu", eps=1e-5,
         cases=[(1, 1, "pad"), (1, 2, "bare"), (5, 17, "pad"), (2, 31, "pad"), (1, 64, "pad"), (1, 130, "bare"),
                (3, 7, "holes"), (3, 16, "pad", "embed", "BertModel")]),
    dict(name="mlm-35x7-untied", model="BertForMaskedLM", d=35, heads=7, ff=37, vocab=53, layers=4, ctx=131, types=1,
         act="gelu_new", eps=1e-3, untied=True,
         cases=[(1, 1, "bare"), (4, 3, "pad"), (2, 16, "pad"), (3, 17, "pad"), (2, 65, "pad"), (1, 128, "pad")]),
    dict(name="base-64x1-bf16", model="BertModel", d=64, heads=1, ff=129, vocab=211, layers=1, ctx=130, types=2,
         act="gelu", eps=1e-6, store=torch.bfloat16,
         cases=[(1, 1, "pad"), (2, 7, "pad"), (2, 33, "pad"), (1, 128, "bare"), (2, 64, "pad", "embed")]),
    dict(name="mlm-35x5-f16-shards", model="BertForMaskedLM", d=35, heads=5, ff=64, vocab=61, layers=2, ctx=160, types=2,
         act="gelu", eps=1e-8, store=torch.float16, shards="12KB",
         cases=[(1, 2, "pad"), (3, 3, "pad"), (2, 31, "pad"), (1, 65, "bare"), (2, 17, "pad", "pooled", "BertModel")]),
    dict(name="mlm-24x2-published", model="BertForMaskedLM", d=24, heads=2, ff=50, vocab=101, layers=2, ctx=133, types=2,
         act="gelu", eps=1e-12, old=True,
         cases=[(1, 1, "bare"), (2, 16, "pad"), (1, 33, "holes"), (1, 130, "pad"), (3, 17, "pad", "forward", "BertModel"),
                (5, 31, "pad", "embed", "BertModel")]),
    dict(name="base-21x7-prefixed", model="BertModel", d=21, heads=7, ff=40, vocab=47, layers=3, ctx=130, types=2,
         act="silu", eps=2e-4, prefix="bert.",
         cases=[(1, 2, "bare"), (2, 3, "holes"), (4, 65, "pad"), (1, 130, "pad"), (2, 33, "pad", "embed")]),
    dict(name="base-16x2-deep-sum", model="BertModel", d=16, heads=2, ff=800, vocab=40, layers=1, ctx=130, types=2,
         act="tanh", eps=1e-12,
         cases=[(1, 1, "bare"), (2, 17, "pad"), (1, 64, "bare"), (1, 7, "pad", "embed")]),
    dict(name="base-48x12", model="BertModel", d=48, heads=12, ff=192, vocab=64, layers=2, ctx=144, types=2,
         act="gelu_new", eps=1e-12,
         cases=[(1, 16, "bare"), (2, 32, "pad"), (1, 128, "pad"), (5, 2, "pad"), (2, 130, "pad", "embed")]),
]


def seed(name):
    return np.random.default_rng(zlib.crc32(name.encode()))


def fill(model, r):
    """Weights large enough that attention is peaked and every layer matters; norms around 1."""
    with torch.no_grad():
        for name, p in model.named_parameters():
            if name.endswith("LayerNorm.weight"):
                v = 1 + 0.2 * r.normal(size=p.shape)
            elif p.ndim == 1:
                v = 0.2 * r.normal(size=p.shape)
            else:
                v = min(0.5, 1.1 / math.sqrt(p.shape[-1])) * r.normal(size=p.shape)
            p.copy_(torch.tensor(v))


def published_names(tensors, r, d):
    """The layout of the first published checkpoints: gamma/beta, every pre-training head, stored copies."""
    out = {k.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta"): v
           for k, v in tensors.items()}
    out["cls.predictions.decoder.weight"] = out["bert.embeddings.word_embeddings.weight"].clone()
    out["bert.embeddings.position_ids"] = torch.arange(133).reshape(1, 133)
    out["cls.seq_relationship.weight"] = torch.tensor(r.normal(size=(2, d)), dtype=torch.float32)
    out["cls.seq_relationship.bias"] = torch.zeros(2)
    return out


PUBLISHED_CONFIG = dict(gradient_checkpointing=False, position_embedding_type="absolute", torch_dtype="float32",
                        transformers_version="4.6.0.dev0")


def make_model(f, r):
    c = BertConfig(vocab_size=f["vocab"], hidden_size=f["d"], num_hidden_layers=f["layers"],
                   num_attention_heads=f["heads"], intermediate_size=f["ff"], hidden_act=f["act"],
                   max_position_embeddings=f["ctx"], type_vocab_size=f["types"], layer_norm_eps=f["eps"],
                   tie_word_embeddings=not f.get("untied", False))
    c._attn_implementation = "eager"
    model = (BertModel if f["model"] == "BertModel" else BertForMaskedLM)(c)
    if f["model"] != "BertModel":  # the pooler is stored by published masked-LM checkpoints
        model.bert = BertModel(c, add_pooling_layer=bool(f.get("old") or "f16" in f["name"]))
        model.tie_weights()
    fill(model, r)
    return model.to(f.get("store", torch.float32)).eval()


def store(f, model, folder, r):
    os.makedirs(folder)
    model.save_pretrained(folder, **({"max_shard_size": f["shards"]} if "shards" in f else {}))
    if not (f.get("old") or f.get("prefix")):
        return
    tensors = {k: v.clone() for k, v in model.state_dict().items()}
    if f.get("old"):
        tensors.pop("cls.predictions.decoder.bias")
        tensors = published_names(tensors, r, f["d"])
        path = os.path.join(folder, "config.json")
        config = json.load(open(path))
        for k in ("dtype", "add_cross_attention", "is_decoder", "bos_token_id", "eos_token_id", "classifier_dropout",
                  "tie_word_embeddings"):
            config.pop(k, None)
        config.update(PUBLISHED_CONFIG)
        json.dump(config, open(path, "w"), indent=2, sort_keys=True)
    else:
        tensors = {f["prefix"] + k: v for k, v in tensors.items()}
        tensors["cls.predictions.bias"] = torch.zeros(f["vocab"])  # a leftover head, ignored by the text
    save_file(tensors, os.path.join(folder, "model.safetensors"), metadata={"format": "pt"})


# The second opinion: NumPy on the stored bytes.


def read_folder(folder):
    """Every tensor of every *.safetensors of a folder, widened to float64 (or int64)."""
    out = {}
    for name in sorted(os.listdir(folder)):
        if not name.endswith(".safetensors"):
            continue
        data = open(os.path.join(folder, name), "rb").read()
        n, = struct.unpack("<Q", data[:8])
        for key, t in json.loads(data[8:8 + n]).items():
            if key == "__metadata__":
                continue
            raw = data[8 + n + t["data_offsets"][0]:8 + n + t["data_offsets"][1]]
            if t["dtype"] == "BF16":
                v = (np.frombuffer(raw, "<u2").astype("<u4") << 16).view("<f4")
            else:
                v = np.frombuffer(raw, {"F32": "<f4", "F16": "<f2", "I64": "<i8"}[t["dtype"]])
            out[key] = v.astype(np.int64 if t["dtype"] == "I64" else np.float64).reshape(t["shape"])
    return out


ERF = np.vectorize(math.erf, otypes=[float])
ACT = {
    "gelu": lambda x: 0.5 * x * (1 + ERF(x / math.sqrt(2))),
    "gelu_new": lambda x: 0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))),
    "relu": lambda x: np.maximum(x, 0), "silu": lambda x: x / (1 + np.exp(-x)), "tanh": np.tanh,
}


def plain(f, w, root, fn, tokens, mask, types):
    """bert.sinter's mathematics, written again by hand."""
    def get(key):
        short = key[5:] if key.startswith("bert.") else key
        for k in (key, short, key.replace(".weight", ".gamma"), key.replace(".bias", ".beta")):
            if k in w:
                return w[k]
        raise KeyError(key)

    def linear(x, key):
        return x @ get(key + ".weight").T + get(key + ".bias")

    def norm(x, key):
        c = x - x.mean(-1, keepdims=True)
        return c / np.sqrt((c * c).mean(-1, keepdims=True) + f["eps"]) * get(key + ".weight") + get(key + ".bias")

    B, T = tokens.shape
    e = "bert.embeddings."
    x = norm(get(e + "word_embeddings.weight")[tokens] + get(e + "position_embeddings.weight")[:T] +
             get(e + "token_type_embeddings.weight")[types], e + "LayerNorm")
    for i in range(f["layers"]):
        p = f"bert.encoder.layer.{i}."
        q, k, v = (linear(x, p + "attention.self." + n).reshape(B, T, f["heads"], -1).transpose(0, 2, 1, 3)
                   for n in ("query", "key", "value"))
        s = np.where(mask[:, None, None, :] != 0, q @ k.swapaxes(-1, -2) / math.sqrt(f["d"] // f["heads"]),
                     np.finfo(np.float64).min)
        s = np.exp(s - s.max(-1, keepdims=True))
        a = (s / s.sum(-1, keepdims=True) @ v).transpose(0, 2, 1, 3).reshape(B, T, f["d"])
        x = norm(x + linear(a, p + "attention.output.dense"), p + "attention.output.LayerNorm")
        h = ACT[f["act"]](linear(x, p + "intermediate.dense"))
        x = norm(x + linear(h, p + "output.dense"), p + "output.LayerNorm")
    if root == "BertForMaskedLM":
        h = norm(ACT[f["act"]](linear(x, "cls.predictions.transform.dense")), "cls.predictions.transform.LayerNorm")
        if f.get("untied"):
            return linear(h, "cls.predictions.decoder")
        return h @ get("bert.embeddings.word_embeddings.weight").T + get("cls.predictions.bias")
    if fn == "pooled":
        return np.tanh(linear(x[:, 0], "bert.pooler.dense"))
    if fn == "embed":
        m = mask[:, :, None].astype(np.float64)
        y = (x * m).sum(1) / np.maximum(m.sum(1), 1e-9)
        return y / np.maximum(np.sqrt((y * y).sum(-1, keepdims=True)), 1e-12)
    return x


def oracle(model, root, fn, tokens, mask, types):
    """transformers, in the type that the model has now."""
    base = model if isinstance(model, BertModel) else model.bert
    t = [torch.tensor(v.astype(np.int64)) for v in (tokens, mask, types)]
    with torch.no_grad():
        if root == "BertForMaskedLM":
            return model(t[0], attention_mask=t[1], token_type_ids=t[2]).logits.numpy()
        y = base(t[0], attention_mask=t[1], token_type_ids=t[2])
        if fn == "pooled":
            return y.pooler_output.numpy()
        x = y.last_hidden_state
        if fn == "embed":
            m = t[1][:, :, None].to(x.dtype)
            x = (x * m).sum(1) / m.sum(1).clamp(min=1e-9)
            x = torch.nn.functional.normalize(x, p=2, dim=1)
        return x.numpy()


def make_mask(r, kind, B, T):
    mask = np.ones((B, T), np.int32)
    if kind in ("pad", "blind"):
        for b in range(1, B):
            mask[b, r.integers(1, T + 1):] = 0
        if B == 1 and T > 1:
            mask[0, T - max(1, T // 5):] = 0
    if kind == "blind":
        mask[0] = 0
    if kind == "holes":
        mask = (r.random((B, T)) < 0.6).astype(np.int32)
        mask[:, 0] = 1
    return mask


RESULT = {"forward": "hidden", "embed": "embedding", "pooled": "pooled"}


def error(a, b, rows):
    return np.max(np.abs(a - b)[rows], initial=0) / max(1, np.max(np.abs(b[rows]), initial=0))


def make_folder(f):
    r = seed(f["name"])
    model = make_model(f, r)
    folder = os.path.join(OUT, f["name"])
    store(f, model, folder, r)
    weights = read_folder(folder)
    cases, worst = [], [0, 0]
    for i, (B, T, kind, *rest) in enumerate(f["cases"]):
        fn = rest[0] if rest else "forward"
        root = rest[1] if len(rest) > 1 else f["model"]
        tokens = r.integers(0, f["vocab"], size=(B, T)).astype(np.int32)
        tokens.flat[:2] = [f["vocab"] - 1, 0][:tokens.size]
        given = dict(tokens=tokens)
        if kind != "bare":
            given["mask"] = make_mask(r, kind, B, T)
            if i % 3 != 2:
                given["types"] = r.integers(0, f["types"], size=(B, T)).astype(np.int32)
        mask = given.get("mask", np.ones_like(tokens))
        types = given.get("types", np.zeros_like(tokens))
        low = oracle(model.float(), root, fn, tokens, mask, types)
        want = oracle(model.double(), root, fn, tokens, mask, types)
        assert want.dtype == np.float64 and np.isfinite(want).all()
        rows = mask == 1 if want.ndim == 3 else mask.any(1)
        worst = [max(worst[0], error(plain(f, weights, root, fn, tokens, mask, types), want, rows)),
                 max(worst[1], error(low, want, rows))]
        result = "logits" if root == "BertForMaskedLM" else RESULT[fn]
        case = dict(name=f"{f['name']}/{i:02d}-{kind}-{B}x{T}" + ("" if fn == "forward" else "-" + fn),
                    folder=f["name"], model=root if root != f["model"] else None,
                    fn=fn if fn != "forward" else None, inputs={}, outputs={})
        for k, v in given.items():
            case["inputs"][k] = f"{f['name']}/{i:02d}.{k}.npy"
            np.save(os.path.join(OUT, case["inputs"][k]), v)
        case["outputs"][result] = f"{f['name']}/{i:02d}.{result}.npy"
        np.save(os.path.join(OUT, case["outputs"][result]), want)
        cases.append(case)
    print(f"{f['name']:22s} {len(cases):2d} cases   NumPy {worst[0]:.1e}   float32 {worst[1]:.1e}")
    assert worst[0] <= 1e-11 and worst[1] <= 5e-6, f["name"]
    return cases


def main():
    torch.set_num_threads(1)
    shutil.rmtree(OUT, ignore_errors=True)
    os.makedirs(OUT)
    cases = [c for f in FOLDERS for c in make_folder(f)]
    table = dict(oracle="transformers 5.23.0, float64, eager attention", tolerance=dict(cpu=2e-5, reference=1e-10),
                 cases=cases)
    with open(os.path.join(OUT, "cases.json"), "w") as out:
        json.dump(table, out, indent=1)
        out.write("\n")
    size = sum(os.path.getsize(os.path.join(p, n)) for p, _, ns in os.walk(OUT) for n in ns)
    print(f"{len(cases)} cases, {size / 1e6:.1f} MB")


if __name__ == "__main__":
    sys.exit(main())

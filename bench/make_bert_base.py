#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes a Hugging Face folder of BERT with random weights N(0, 0.02): speed needs no download.

In:  a folder to make, perhaps other sizes.  Out: config.json, vocab.txt and model.safetensors (float32; 438 MB for
BERT-base).  Flow: bench/run.py measures it. Needs NumPy only; the same seed gives the same bytes.
"""
import argparse, json, os, struct, sys

import numpy as np


def shapes(c):
    """Every tensor of a bare BertModel, by its published name."""
    d, ff = c["hidden_size"], c["intermediate_size"]
    e = "embeddings."
    out = {e + "word_embeddings.weight": (c["vocab_size"], d),
           e + "position_embeddings.weight": (c["max_position_embeddings"], d),
           e + "token_type_embeddings.weight": (c["type_vocab_size"], d)}

    def linear(name, d_in, d_out):
        out[name + ".weight"], out[name + ".bias"] = (d_out, d_in), (d_out,)

    def norm(name):
        out[name + ".weight"], out[name + ".bias"] = (d,), (d,)

    norm(e + "LayerNorm")
    for i in range(c["num_hidden_layers"]):
        p = f"encoder.layer.{i}."
        for n in ("query", "key", "value"):
            linear(p + "attention.self." + n, d, d)
        linear(p + "attention.output.dense", d, d)
        norm(p + "attention.output.LayerNorm")
        linear(p + "intermediate.dense", d, ff)
        linear(p + "output.dense", ff, d)
        norm(p + "output.LayerNorm")
    linear("pooler.dense", d, d)
    return out


def write_safetensors(path, tensors, values):
    """8 bytes of header length, the header as JSON padded with blanks to 8, the data in the header's order."""
    header, at = {"__metadata__": {"format": "pt"}}, 0
    for name, shape in tensors.items():
        size = 4 * int(np.prod(shape))
        header[name] = dict(dtype="F32", shape=list(shape), data_offsets=[at, at + size])
        at += size
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path + ".tmp", "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text)
        for name, shape in tensors.items():
            f.write(np.ascontiguousarray(values(name, shape), "<f4").tobytes())
    os.replace(path + ".tmp", path)


def words(count):
    """A vocabulary of that size: the special tokens, the letters as words and as endings, then made-up words."""
    letters = [chr(c) for c in range(ord("a"), ord("z") + 1)]
    out = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"] + letters + ["##" + c for c in letters]
    return (out + [f"word{i}" for i in range(count - len(out))])[:count]


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("folder")
    p.add_argument("--layers", type=int, default=12)
    p.add_argument("--width", type=int, default=768)
    p.add_argument("--heads", type=int, default=12)
    p.add_argument("--ff", type=int, default=3072)
    p.add_argument("--vocab", type=int, default=30522)
    p.add_argument("--seed", type=int, default=0)
    a = p.parse_args()
    config = dict(architectures=["BertModel"], model_type="bert", vocab_size=a.vocab, hidden_size=a.width,
                  num_hidden_layers=a.layers, num_attention_heads=a.heads, intermediate_size=a.ff, hidden_act="gelu",
                  hidden_dropout_prob=0.1, attention_probs_dropout_prob=0.1, max_position_embeddings=512,
                  type_vocab_size=2, layer_norm_eps=1e-12, initializer_range=0.02, pad_token_id=0)
    rng = np.random.default_rng(a.seed)

    def values(name, shape):
        if len(shape) == 1:
            return np.full(shape, 1.0 if name.endswith("LayerNorm.weight") else 0.0, np.float32)
        return rng.standard_normal(shape, np.float32) * np.float32(0.02)

    os.makedirs(a.folder, exist_ok=True)
    tensors = shapes(config)
    write_safetensors(os.path.join(a.folder, "model.safetensors"), tensors, values)
    with open(os.path.join(a.folder, "vocab.txt"), "w") as f:
        f.write("\n".join(words(a.vocab)) + "\n")
    with open(os.path.join(a.folder, "config.json"), "w") as f:
        json.dump(config, f, indent=2)
        f.write("\n")
    count = sum(int(np.prod(s)) for s in tensors.values())
    print(f"{a.folder}: {len(tensors)} tensors, {count:,} parameters")


if __name__ == "__main__":
    sys.exit(main())

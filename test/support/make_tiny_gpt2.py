#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Makes a Hugging Face folder of GPT-2 that has learnt from a few pages of text, in a second or two and with no training.

In:  a folder to make, text files.  Out: config.json, generation_config.json, tokenizer.json, model.safetensors (some MB).
Flow: `./dev demo` and the pages of docs/ generate with it.  Needs NumPy only; the same text gives the same bytes.

The words are pieces of a byte-level BPE that is learnt here. The weights are counts: with one direction for each piece,
embeddings of one piece are turned by the last norm and the last matrix into the logarithms of how often each other piece
followed it. Attention and feed-forward are there, with weights of zero. So it knows one piece back, and writes like it.
"""
import argparse, collections, json, os, re, struct, sys

import numpy as np

END = "<|endoftext|>"
# GPT-2's own way to cut text into words, without its classes of Unicode, which the standard library lacks.
WORDS = re.compile(r"'(?:[sdmt]|ll|ve|re)| ?[A-Za-z]+| ?[0-9]+| ?[^\sA-Za-z0-9]+|\s+(?!\S)|\s+")


def letters():
    """The printable character that stands for each byte in tokenizer.json, as GPT-2 has them."""
    shown = [*range(33, 127), *range(161, 173), *range(174, 256)]
    table, extra = {b: chr(b) for b in shown}, 0
    for b in range(256):
        if b not in table:
            table[b] = chr(256 + extra)
            extra += 1
    return table


def learn(words, size, alphabet):
    """Merges of the most frequent pair, again and again; words is a Counter."""
    pieces = {w: list(w) for w in words}
    vocabulary, merges = list(alphabet), []
    while len(vocabulary) < size:
        pairs = collections.Counter()
        for word, count in words.items():
            for pair in zip(pieces[word], pieces[word][1:]):
                pairs[pair] += count
        if not pairs:
            break
        best = max(pairs, key=lambda p: (pairs[p], p))
        merges.append(best)
        vocabulary.append("".join(best))
        for word, split in pieces.items():
            i = 0
            while i + 1 < len(split):
                if (split[i], split[i + 1]) == best:
                    split[i:i + 2] = ["".join(best)]
                i += 1
    return vocabulary, merges, pieces


def weights(vocabulary, paragraphs, d, context):
    """Every tensor by its published name."""
    v = len(vocabulary)
    counts, alone = np.zeros((v, v)), np.ones(v)
    for ids in paragraphs:
        for a, b in zip(ids, ids[1:]):
            counts[a, b] += 1
            alone[b] += 1
    alone /= alone.sum()
    seen = counts.sum(1, keepdims=True)
    follows = np.log((counts + 2 * alone) / (seen + 2))
    # What the norm makes of a single 1 among d numbers, and the 1 again when its bias is added.
    scale = 1 / np.sqrt(1 / d * (1 - 1 / d))
    head = np.zeros((v, d))
    head[:, :v] = follows.T / scale
    embedding = np.zeros((v, d))
    embedding[np.arange(v), np.arange(v)] = 100
    zeros, ones = np.zeros, np.ones
    out = {"transformer.wte.weight": embedding, "transformer.wpe.weight": zeros((context, d)),
           "transformer.ln_f.weight": ones(d), "transformer.ln_f.bias": np.full(d, scale / d), "lm_head.weight": head}
    for name, shape in (("ln_1", (d,)), ("ln_2", (d,)), ("attn.c_attn", (d, 3 * d)), ("attn.c_proj", (d, d)), ("mlp.c_fc", (d, d)), ("mlp.c_proj", (d, d))):
        out[f"transformer.h.0.{name}.weight"] = ones(shape) if name.startswith("ln") else zeros(shape)
        out[f"transformer.h.0.{name}.bias"] = zeros(shape[-1])
    return out


def write_safetensors(path, tensors):
    header, at = {"__metadata__": {"format": "pt"}}, 0
    for name, array in tensors.items():
        header[name] = dict(dtype="F32", shape=list(array.shape), data_offsets=[at, at + 4 * array.size])
        at += 4 * array.size
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text)
        for array in tensors.values():
            f.write(np.ascontiguousarray(array, "<f4").tobytes())


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("folder")
    p.add_argument("texts", nargs="+")
    p.add_argument("--words", type=int, default=640, help="pieces of the vocabulary")
    p.add_argument("--context", type=int, default=128)
    a = p.parse_args()
    table = letters()
    paragraphs = []
    for path in a.texts:
        with open(path, encoding="utf-8") as f:
            text = re.sub(r"(?ms)^```.*?^```$|^\|.*?$|^#.*?$|[`*_]|\]\([^)]*\)", "", f.read()).replace("[", "")
        paragraphs += [" ".join(q.split()) for q in re.split(r"\n\s*\n", text) if len(q.split()) > 8]
    shown = lambda word: "".join(table[b] for b in word.encode())
    cut = [[shown(w) for w in WORDS.findall(q)] for q in paragraphs]
    words = collections.Counter(w for q in cut for w in q)
    vocabulary, merges, pieces = learn(words, a.words - 1, sorted(table.values()))
    vocabulary.append(END)
    number = {w: i for i, w in enumerate(vocabulary)}
    ids = [[number[END]] + [number[x] for w in q for x in pieces[w]] + [number[END]] for q in cut]
    v = len(vocabulary)
    d = (v + 7) // 8 * 8
    config = dict(architectures=["GPT2LMHeadModel"], model_type="gpt2", vocab_size=v, n_positions=a.context, n_embd=d, n_layer=1, n_head=8,
                  n_inner=d, activation_function="gelu_new", layer_norm_epsilon=1e-5, tie_word_embeddings=False,
                  bos_token_id=number[END], eos_token_id=number[END])
    tokenizer = dict(version="1.0", truncation=None, padding=None,
                     added_tokens=[dict(id=number[END], content=END, single_word=False, lstrip=False, rstrip=False, normalized=False, special=True)],
                     normalizer=None, pre_tokenizer=dict(type="ByteLevel", add_prefix_space=False, trim_offsets=True, use_regex=True),
                     post_processor=None, decoder=dict(type="ByteLevel", add_prefix_space=True, trim_offsets=True, use_regex=True),
                     model=dict(type="BPE", dropout=None, unk_token=None, continuing_subword_prefix="", end_of_word_suffix="", fuse_unk=False,
                                byte_fallback=False, ignore_merges=False, vocab=number, merges=[list(m) for m in merges]))
    generation = dict(bos_token_id=number[END], eos_token_id=number[END], pad_token_id=number[END])
    os.makedirs(a.folder, exist_ok=True)
    for name, content in (("config.json", config), ("generation_config.json", generation), ("tokenizer.json", tokenizer)):
        with open(os.path.join(a.folder, name), "w", encoding="utf-8") as f:
            json.dump(content, f, indent=1, ensure_ascii=False)
            f.write("\n")
    write_safetensors(os.path.join(a.folder, "model.safetensors"), weights(vocabulary, ids, d, a.context))
    print(f"{a.folder}: {v} pieces from {len(paragraphs)} paragraphs")


if __name__ == "__main__":
    sys.exit(main())

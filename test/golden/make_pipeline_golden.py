# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes test/golden/pipelines/: tokenizers of the BPE families, trained here on
small text, and what the Hugging Face tokenizers library makes of 20,000 strings
with each: hashes of ids, types and decoded text for every 250 strings.

Needs tokenizers (pinned in requirements.txt). `--only NAME` for one family.
"""

import argparse
import json
import os
import struct

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

import pipeline_strings

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "pipelines")
COUNT, CHUNK = 20000, 250

LLAMA3 = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
QWEN2 = LLAMA3.replace("{1,3}", "")
POSSESSIVE = r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s"
O200K = "|".join([
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
    r"\p{N}{1,3}", r" ?[^\s\p{L}\p{N}]+[\r\n/]*", r"\s*[\r\n]+", r"\s+(?!\S)", r"\s+"])

TEXT = """The quick brown fox jumps over the lazy dog, and doesn't stop; it's what they've done since we're here.
It wasn't I'LL or we'd; you'd said 12345 or 3.14159, in 1999 and 2024-01-31 at 10:45:00.
def tokenize(text: str) -> list[int]:\n    return [vocab.get(t, unk) for t in text.split()]  # comment
for (int i = 0; i < n; ++i) {\n\tsum += a[i] * b[i];\n\t\tprintf("%d\\n", sum);\n}\r\n#include <stdio.h>
Der schnelle braune Fuchs springt über den faulen Hund; größer, schöner, Straße, Übermut, naïve café résumé.
Le cœur déçu mais l'âme plutôt naïve, Louÿs rêva de crapaüter en canoë. El niño comió piñas en España, ¿verdad?
Съешь же ещё этих мягких французских булок, да выпей чаю. Привет, мир! Ελληνικά: γειά σου Κόσμε, καλημέρα.
日本語のテキストを分割する。東京大学、中国人民、你好，世界！今天天气很好。 한국어 텍스트를 나눕니다. 안녕하세요 세계.
שלום עולם. مرحبا بالعالم، كيف حالك؟ नमस्ते दुनिया, यह हिंदी है। สวัสดีชาวโลก ภาษาไทย. Tiếng Việt có dấu. Türkçe İstanbul ışık.
😀 😃 🎉🎉 👩‍💻 👨‍👩‍👧‍👦 🇩🇪 ❤️ ☕ ✓ → ∑ ∞ ≠ €100 £20 ¥3000 ½ ² ™ © … “quoted” — dash – minus ‘x’
""".replace("\\n", "\n").replace("\\t", "\t").replace("\\r", "\r")


def corpus():
    root = os.path.dirname(os.path.dirname(os.path.dirname(HERE)))
    with open(os.path.join(root, "LICENSE"), encoding="utf-8") as file:
        license_text = file.read()
    return [TEXT] * 6 + license_text.split("\n\n")[:40]


def special(text, **how):
    return AddedToken(text, special=True, normalized=False, **how)


def train(tokenizer, size, specials=(), alphabet=False, **how):
    trainer = trainers.BpeTrainer(
        vocab_size=size, special_tokens=[special(s) if isinstance(s, str) else s for s in specials],
        show_progress=False, initial_alphabet=pre_tokenizers.ByteLevel.alphabet() if alphabet else [], **how)
    tokenizer.train_from_iterator(corpus(), trainer)
    return tokenizer


def byte_level(split=None, normalizer=None, size=700, specials=("<|endoftext|>",), prefix=False, **model):
    t = Tokenizer(models.BPE(**model))
    if normalizer:
        t.normalizer = normalizer
    level = pre_tokenizers.ByteLevel(add_prefix_space=prefix, use_regex=split is None)
    t.pre_tokenizer = level if split is None else pre_tokenizers.Sequence(split + [level])
    t.decoder = decoders.ByteLevel()
    t.post_processor = processors.ByteLevel(trim_offsets=False)
    return train(t, size, specials, alphabet=True)


def isolated(pattern):
    return pre_tokenizers.Split(Regex(pattern), "isolated")


def gpt2():
    t = byte_level()
    t.add_tokens([AddedToken("  ", normalized=False), AddedToken("    ", normalized=False)])
    return t


def llama3():
    marks = ["<|begin_of_text|>", "<|end_of_text|>"] + ["<|reserved_special_token_%d|>" % i for i in range(12)]
    t = byte_level([isolated(LLAMA3)], ignore_merges=True, specials=marks)
    t.post_processor = processors.Sequence([
        processors.ByteLevel(trim_offsets=False),
        processors.TemplateProcessing(single="<|begin_of_text|> $A", pair="<|begin_of_text|>:0 $A:0 <|begin_of_text|>:1 $B:1",
                                      special_tokens=[("<|begin_of_text|>", t.token_to_id("<|begin_of_text|>"))])])
    return t


def qwen2():
    t = byte_level([isolated(QWEN2)], normalizers.NFC(), specials=["<|endoftext|>", "<|im_start|>", "<|im_end|>"])
    t.add_tokens([AddedToken("<tool_call>", normalized=False), AddedToken("<think>", normalized=False)])
    return t


def possessive():
    return byte_level([isolated(POSSESSIVE)], normalizers.NFKC())


def o200k():
    return byte_level([isolated(O200K)], normalizers.NFD())


def deepseek():
    parts = [isolated(r"[\r\n]"), isolated(r"\s?[A-Za-zµÀ-ÖØ-öø-ƺΑ-Ωα-ωА-я]+"), isolated(r"\s?[!-/:-~！-／：-～‘-‟　-。]+"),
             isolated(r"\s+$"), isolated(r"[一-龥ࠀ-一가-퟿]+"), pre_tokenizers.Digits(individual_digits=True)]
    return byte_level(parts, specials=["<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>"])


def roberta():
    t = byte_level(prefix=True, specials=["<s>", "<pad>", "</s>", "<unk>", special("<mask>", lstrip=True)])
    t.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0))
    return t


def with_bytes(t, extra):
    """Adds <0x00> ... <0xFF> (and more) to the vocabulary of a trained BPE."""
    state = json.loads(t.to_str())
    vocab = state["model"]["vocab"]
    for token in ["<0x%02X>" % b for b in range(256)] + extra:
        if token not in vocab:
            vocab[token] = len(vocab)
    return state


def llama2():
    t = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    t.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    train(t, 600, ["<unk>", "<s>", "</s>"], limit_alphabet=90, max_token_length=8)
    state = with_bytes(t, [])
    t = Tokenizer.from_str(json.dumps(state))
    t.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)])
    t.post_processor = processors.TemplateProcessing(single="<s> $A", pair="<s> $A <s>:1 $B:1", special_tokens=[("<s>", 1)])
    t.add_tokens([AddedToken("<pad it>", normalized=True), AddedToken("word", single_word=True, normalized=True),
                  AddedToken("▁▁", normalized=False), AddedToken("<x>", lstrip=True, rstrip=True, normalized=False)])
    return t


def mistral():
    t = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    t.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="first", split=False)
    train(t, 500, ["<unk>", "<s>", "</s>", "[INST]", "[/INST]"], limit_alphabet=70, max_token_length=8)
    t = Tokenizer.from_str(json.dumps(with_bytes(t, [])))
    t.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)])
    t.post_processor = processors.TemplateProcessing(single="<s> $A </s>", pair="<s> $A </s> $B:1 </s>:1", special_tokens=[("<s>", 1), ("</s>", 2)])
    return t


def partial_fallback():
    """Only some bytes have tokens: unknown ones wait behind them, as in the original."""
    t = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=False, byte_fallback=True))
    t.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always", split=True)
    train(t, 400, ["<unk>"], limit_alphabet=50)
    state = with_bytes(t, [])
    for b in range(0xE3, 0x100):
        del state["model"]["vocab"]["<0x%02X>" % b]
    t = Tokenizer.from_str(json.dumps(state))
    t.decoder = decoders.Sequence([decoders.ByteFallback(), decoders.Metaspace(prepend_scheme="always")])
    return t


def gpt1():
    t = Tokenizer(models.BPE(unk_token="<unk>", end_of_word_suffix="</w>"))
    t.normalizer = normalizers.BertNormalizer(lowercase=True)
    t.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    t.decoder = decoders.BPEDecoder(suffix="</w>")
    return train(t, 600, ["<unk>"], end_of_word_suffix="</w>", limit_alphabet=80)


def clip():
    t = Tokenizer(models.BPE(unk_token="<|endoftext|>", end_of_word_suffix="</w>", fuse_unk=False))
    t.normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()])
    pattern = r"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
    t.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(pattern), "removed", invert=True), pre_tokenizers.ByteLevel(add_prefix_space=False)])
    t.decoder = decoders.ByteLevel()
    train(t, 700, ["<|startoftext|>", "<|endoftext|>"], alphabet=True, end_of_word_suffix="</w>")
    t.post_processor = processors.RobertaProcessing(("<|endoftext|>", 1), ("<|startoftext|>", 0), trim_offsets=False)
    return t


def prefixed():
    t = Tokenizer(models.BPE(unk_token="[UNK]", continuing_subword_prefix="##", fuse_unk=True))
    t.normalizer = normalizers.Sequence([normalizers.Nmt(), normalizers.NFKD(), normalizers.StripAccents(), normalizers.Lowercase(),
                                         normalizers.Strip(left=True, right=False), normalizers.Replace("``", '"')])
    t.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Punctuation("merged_with_previous"),
                                               pre_tokenizers.Digits(individual_digits=False)])
    t.decoder = decoders.WordPiece(prefix="##", cleanup=True)
    train(t, 600, ["[UNK]", "[CLS]", "[SEP]"], continuing_subword_prefix="##", limit_alphabet=80)
    t.post_processor = processors.BertProcessing(("[SEP]", 2), ("[CLS]", 1))
    return t


def plain():
    """No decoder, no unknown token, and the cutters that others leave out."""
    t = Tokenizer(models.BPE())
    t.normalizer = normalizers.Sequence([normalizers.Strip(), normalizers.NFC()])
    t.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.CharDelimiterSplit("|"), pre_tokenizers.Split("ing", "merged_with_next"),
        pre_tokenizers.Split(Regex(r"\b(?=[a-m])[a-z]{2,5}?(?<=[a-f])|(?<!\d)\d\b"), "contiguous"),
        pre_tokenizers.Split(" ", "merged_with_next"), pre_tokenizers.Whitespace()])
    t = train(t, 500, [], limit_alphabet=100)
    t.add_tokens([AddedToken("[MASK]", single_word=True, normalized=True), AddedToken("été", normalized=True)])
    return t


def bert():
    """WordPiece, for its pairs and its decoder: ids of single texts are in ../tokenizer."""
    t = Tokenizer.from_file(os.path.join(os.path.dirname(HERE), "tokenizer", "cased", "tokenizer.json"))
    t.no_truncation()
    return t


FAMILIES = [bert, gpt2, llama3, qwen2, possessive, o200k, deepseek, roberta, llama2, mistral, partial_fallback, gpt1, clip, prefixed, plain]


def packed(numbers):
    return struct.pack("<%di" % len(numbers), *numbers)


def record(tokenizer, data):
    """For every chunk: hashes of ids and types, and of decoded text."""
    lines, ids_hash, text_hash = [], None, None
    before = ""
    for index in range(COUNT):
        if index % CHUNK == 0:
            ids_hash = text_hash = pipeline_strings.fnv(b"")
        text = pipeline_strings.make(data, index).decode("utf-8", errors="replace")
        tokenizer.encode_special_tokens = index % 2 == 1
        if index % 5 == 4:
            encoding = tokenizer.encode(before, text)
        else:
            encoding = tokenizer.encode(text, add_special_tokens=index % 3 != 0)
        before = text
        ids_hash = pipeline_strings.fnv(packed(encoding.ids) + b"|" + packed(encoding.type_ids) + b"|", ids_hash)
        decoded = tokenizer.decode(encoding.ids, skip_special_tokens=index % 4 == 3)
        text_hash = pipeline_strings.fnv(decoded.encode() + b"\0", text_hash)
        if index % CHUNK == CHUNK - 1:
            lines.append("%016x %016x" % (ids_hash, text_hash))
    return lines


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--only")
    only = parser.parse_args().only
    data = pipeline_strings.load(HERE)
    for family in FAMILIES:
        name = family.__name__
        if only and name != only:
            continue
        folder = os.path.join(HERE, name)
        os.makedirs(folder, exist_ok=True)
        state = json.loads(family().to_str())
        text = json.dumps(state, ensure_ascii=False, separators=(",", ":"))
        with open(os.path.join(folder, "tokenizer.json"), "w", encoding="utf-8") as file:
            file.write(text + "\n")
        with open(os.path.join(folder, "hashes.txt"), "w", encoding="utf-8") as file:
            file.write("\n".join(record(Tokenizer.from_str(text), data)) + "\n")
        print(name, len(text))


if __name__ == "__main__":
    main()

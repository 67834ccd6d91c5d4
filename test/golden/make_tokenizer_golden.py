# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes test/golden/tokenizer/: three small WordPiece tokenizers, strings in
many scripts, and the ids that the Hugging Face tokenizers library gives them.

Needs tokenizers (pinned in requirements.txt). Deterministic: run it again and
nothing changes. The tokenizers differ in every option that we support.
"""

import json
import os
import random

from tokenizers import Tokenizer

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "tokenizer")
SPECIALS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]

STEMS = """the and of to in is it was for on are as with his they at be this
from have or by one had not but what all were when we there can an your which
their said if do will each about how up out them then she many some so these
would other into has more her two like him see time could no make than first
been its who now people my made over did down only way find use may water long
little very after words called just where most know sinter grain fuse heat
transform model token atten layer norm soft max embed naive cafe resume uber
strasse istanbul na ve caf sch re su me ing ed s er est ly un ness tion ity
ment able ful less ra ta ka no ko ha del la el los que por para mit und der die
das nicht ist ein nous vous est pas dans pour""".split()

CASED = ["The", "Sinter", "Paris", "Istanbul", "I", "A", "USA", "GPU", "NASA"]

ALPHABETS = [
    (0x21, 0x7E), (0xA1, 0xFF), (0x100, 0x17F), (0x300, 0x30A), (0x391, 0x3C9),
    (0x410, 0x44F), (0x5D0, 0x5EA), (0x621, 0x64A), (0x905, 0x939),
    (0xE01, 0xE10), (0x1100, 0x1112), (0x1161, 0x1175), (0x11A8, 0x11C2),
    (0x3041, 0x3093), (0x30A1, 0x30F3), (0x4E00, 0x4E20),
]
EXTRA = "日本東京大学中国人語漢字한국어가각힣ẞßıİǅΩ½²™…“”—€😀🎉🇩👩🙂٣५"


def vocabulary(cased, prefix):
    tokens = list(SPECIALS)
    characters = [chr(c) for a, b in ALPHABETS for c in range(a, b + 1)]
    characters += [c for c in EXTRA if c not in characters]
    if not cased:
        characters = [c for c in characters if not "A" <= c <= "Z"]
    for piece in characters + STEMS + (CASED if cased else []):
        for token in (piece, prefix + piece):
            if token not in tokens:
                tokens.append(token)
    return {token: number for number, token in enumerate(tokens)}


def added(token, number, special):
    return {"id": number, "content": token, "single_word": False,
            "lstrip": False, "rstrip": False, "normalized": False,
            "special": special}


def describe(cased, prefix="##", clean=True, chinese=True, strip=None,
             lowercase=True, most=100, template=True, extra=()):
    vocab = vocabulary(cased, prefix)
    tokens = [added(t, vocab[t], True) for t in SPECIALS]
    for number, token in enumerate(extra, len(vocab)):
        tokens.append(added(token, number, False))
    cls, sep = vocab["[CLS]"], vocab["[SEP]"]
    if template:
        post = {"type": "TemplateProcessing",
                "single": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}},
                           {"Sequence": {"id": "A", "type_id": 0}},
                           {"SpecialToken": {"id": "[SEP]", "type_id": 0}}],
                "pair": [{"Sequence": {"id": "A", "type_id": 0}},
                         {"Sequence": {"id": "B", "type_id": 1}}],
                "special_tokens": {
                    "[CLS]": {"id": "[CLS]", "ids": [cls], "tokens": ["[CLS]"]},
                    "[SEP]": {"id": "[SEP]", "ids": [sep], "tokens": ["[SEP]"]}}}
    else:
        post = {"type": "BertProcessing", "sep": ["[SEP]", sep],
                "cls": ["[CLS]", cls]}
    return {"version": "1.0",
            "truncation": {"max_length": 8, "strategy": "LongestFirst",
                           "stride": 0, "direction": "Right"},
            "padding": None, "added_tokens": tokens,
            "normalizer": {"type": "BertNormalizer", "clean_text": clean,
                           "handle_chinese_chars": chinese,
                           "strip_accents": strip, "lowercase": lowercase},
            "pre_tokenizer": {"type": "BertPreTokenizer"},
            "post_processor": post,
            "decoder": {"type": "WordPiece", "prefix": prefix, "cleanup": True},
            "model": {"type": "WordPiece", "unk_token": "[UNK]",
                      "continuing_subword_prefix": prefix,
                      "max_input_chars_per_word": most, "vocab": vocab}}


FIXED = [
    "", " ", "\t\n\r", "the", "The Sinter model", "naïve café", "NAÏVE CAFÉ",
    "résumé re\u0301sume\u0301", "Straße GROẞ ß", "İstanbul İİ ı I",
    "ΑΣ ΣΑΣ Σ", "ǅ ǆ Ǆ", "\u2126 \u212b \u212a", "한국어 가각힣",
    "\u1112\u1161\u11ab", "日本語 東京大学", "中国人abc中", "\uf900\ufa0e",
    "\U0002f800", "\U0002b820 \U0002b920", "ひらがな カタカナ", "\u304c \u304b\u3099",
    "😀 🎉🎉", "👩\u200d👩\u200d👧", "🇩🇪", "a\u200bb a\u00adb", "a\u2028b a\u2029b",
    "\ufeffthe", "x\x00y", "x\x01\x1fy", "\x7f\x80\x85z", "a\u00a0b\u3000c\u2009d",
    "\ufffd the \ufffd", "\ue000the\U000f0000", "don't can't", "a_b-c d.e,f",
    "1,234.56", "½ ² ™", "“the” — the…", "€5 £6 $7 ^8 `9 ~0 |", "!!!???",
    "[CLS] the [SEP]", "[MASK]", "the[MASK]s", "[mask]", "[ MASK ]", "[MASK",
    "[[MASK]]", "[UNK] [PAD]", "##ing", "the##s", "@@ing", "<code> <codes>",
    "the<code>the", "<code", "日本", "日本語", "a日本b", "٣ ५", "שלום", "مرحبا",
    "नमस्ते", "สวัสดี", "Привет МИР", "ёж йод", "Ελλάδα", "a\u0301\u0316\u0327",
    "a\u0316\u0301", "\u0301a", "\u0301", "\u0cc6\u0cd5 \u0ccb", "a\u302e\u302f",
    "a\U0001d165\u302e", "a\u302e\U0001d165", "a\u0cc6\U0001d165", "\u1b44a\u1b44",
    "a\u302e\u0cc6\U0001d165", "\u037e \u1fef \u2000", "\u2260 \u226e",
    "a" * 19, "a" * 20, "a" * 21, "a" * 99, "a" * 100, "a" * 101, "é" * 100,
    "é" * 101, "e\u0301" * 100, "the" * 33, "z" * 5000, "가" * 34, "가" * 33,
    "the " * 50, "unable unful unless", "transformers tokenization attention",
    "\ua64a \ua64b", "\u13a0 \uab70", "\u10a0 \u10d0 \u1c90", "\U00010400",
    "\u1c89 \ua7cb \U00016ea0", "\u166d \u2e43 \u061d", "\u0890 \u08e2",
    "\u1734 \u1715", "\U00011938", "\u07fd\u0898\u08ca", "\u180e \u180b",
]


def generated():
    source = random.Random(20240229)
    ranges = ALPHABETS + [(0x20, 0x7E)] * 6 + [
        (0xA0, 0x24F), (0x300, 0x36F), (0x1E00, 0x1FFF), (0x2000, 0x206F),
        (0x20A0, 0x23FF), (0x3000, 0x303F), (0xAC00, 0xD7A3), (0xF900, 0xFAFF),
        (0xFF00, 0xFFEF), (0x1F300, 0x1F6FF), (0x1D400, 0x1D4FF), (0, 0x1F)]
    for _ in range(130):
        yield "".join(chr(source.randint(*source.choice(ranges)))
                      for _ in range(source.randint(1, 12)))
    for _ in range(130):
        words = []
        for _ in range(source.randint(1, 6)):
            word = source.choice(STEMS) + source.choice([""] + STEMS)
            word = source.choice([word, word.upper(), word.capitalize()])
            if source.random() < 0.4:
                at = source.randint(0, len(word))
                word = word[:at] + chr(source.randint(*source.choice(ranges))) + word[at:]
            words.append(word)
        yield source.choice([" ", "  ", ", ", "\t", "-"]).join(words)


def main():
    descriptions = {
        "uncased": describe(cased=False),
        "cased": describe(cased=True, lowercase=False, template=False),
        "mixed": describe(cased=True, prefix="@@", clean=False, chinese=False,
                          strip=False, lowercase=True, most=20,
                          extra=["<code>", "<codes>", "日本"]),
    }
    tokenizers = {}
    for name, description in descriptions.items():
        folder = os.path.join(HERE, name)
        os.makedirs(folder, exist_ok=True)
        text = json.dumps(description, ensure_ascii=True, separators=(",", ":"))
        with open(os.path.join(folder, "tokenizer.json"), "w") as file:
            file.write(text + "\n")
        tokenizer = Tokenizer.from_str(text)
        tokenizer.no_truncation()
        tokenizers[name] = tokenizer
    # The same uncased tokenizer as an old folder.
    folder = os.path.join(HERE, "vocabulary")
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "vocab.txt"), "w") as file:
        file.write("\n".join(vocabulary(False, "##")) + "\n")
    with open(os.path.join(folder, "tokenizer_config.json"), "w") as file:
        file.write('{"do_lower_case": true, "tokenizer_class": "BertTokenizer", '
                   '"model_max_length": 512}\n')

    with open(os.path.join(HERE, "cases.json"), "w") as file:
        lines = []
        for text in dict.fromkeys(FIXED + list(generated())):
            case = {"text": text}
            for name, tokenizer in tokenizers.items():
                tokenizer.encode_special_tokens = True
                case[name] = tokenizer.encode(text).ids
                tokenizer.encode_special_tokens = False
                special = tokenizer.encode(text).ids
                if special != case[name]:
                    case[name + "_special"] = special
            lines.append(json.dumps(case, separators=(",", ":")))
        file.write("[\n" + ",\n".join(lines) + "\n]\n")
        print(len(lines), "strings")


if __name__ == "__main__":
    main()

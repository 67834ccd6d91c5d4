# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Malformed tokenizer.json files of pipelines (BPE and its steps); the same
tuples as in bad_others.py: (name, bytes, expected)."""

import copy
import json

VOCAB = {t: i for i, t in enumerate(["<unk>", "<s>", "</s>", "a", "b", "ab", "c", "abc", "Ġ", "Ġa"])}
GOOD = {
    "version": "1.0", "truncation": None, "padding": None,
    "added_tokens": [{"id": i, "content": t, "single_word": False, "lstrip": False, "rstrip": False,
                      "normalized": False, "special": True} for t, i in VOCAB.items() if t[0] == "<"],
    "normalizer": {"type": "Sequence", "normalizers": [{"type": "NFC"}, {"type": "Lowercase"}]},
    "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
        {"type": "Split", "pattern": {"Regex": r"\p{L}+|\s+(?!\S)|\s+|\p{N}"}, "behavior": "Isolated", "invert": False},
        {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": False}]},
    "post_processor": {"type": "TemplateProcessing",
                       "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
                       "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
                       "special_tokens": {"<s>": {"id": "<s>", "ids": [1], "tokens": ["<s>"]}}},
    "decoder": {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True},
    "model": {"type": "BPE", "dropout": None, "unk_token": "<unk>", "continuing_subword_prefix": None,
              "end_of_word_suffix": None, "fuse_unk": False, "byte_fallback": False, "ignore_merges": False,
              "vocab": VOCAB, "merges": [["a", "b"], "ab c", ["Ġ", "a"]]}}


def edit(path, value):
    """GOOD with one place changed."""
    changed = copy.deepcopy(GOOD)
    at = changed
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return json.dumps(changed).encode()


def without(path):
    changed = copy.deepcopy(GOOD)
    at = changed
    for key in path[:-1]:
        at = at[key]
    del at[path[-1]]
    return json.dumps(changed).encode()


def regex(pattern):
    return edit(("pre_tokenizer",), {"type": "Split", "pattern": {"Regex": pattern}, "behavior": "Isolated", "invert": False})


def models():
    model = lambda *path: ("model",) + path
    yield "model-key", edit(model("cache"), 1), "unknown key 'cache' in the model"
    yield "model-type", edit(model("type"), "Unigramme"), "'Unigramme' is not supported, 'WordPiece', 'BPE' or 'Unigram' is"
    yield "model-dropout", edit(model("dropout"), 0.1), "'dropout' in the model must be null"
    yield "model-dropout-type", edit(model("dropout"), "0"), "'dropout' in the model"
    yield "model-unknown", edit(model("unk_token"), "<none>"), "unknown token '<none>'"
    yield "model-unknown-type", edit(model("unk_token"), 0), "'unk_token' in the model must be a string"
    yield "model-flag", edit(model("byte_fallback"), "yes"), "'byte_fallback' in the model must be true or false"
    yield "model-prefix", edit(model("continuing_subword_prefix"), 1), "'continuing_subword_prefix' in the model must be a string"
    yield "vocab-missing", without(model("vocab")), "'vocab' is missing"
    yield "vocab-empty", edit(model("vocab"), {}), "unknown token '<unk>'"
    yield "vocab-id", edit(model("vocab", "a"), 1.5), "id of token 'a'"
    yield "vocab-id-twice", edit(model("vocab", "a"), 4), "id 4 belongs to both"
    yield "vocab-far", edit(model("vocab", "a"), 2**31 - 1), "far above the number of tokens"
    yield "merges-missing", without(model("merges")), "'merges' is missing"
    yield "merges-object", edit(model("merges"), {}), "'merges' is missing or no array"
    yield "merge-one", edit(model("merges"), [["a"]]), "merge 1 of the model is no pair"
    yield "merge-three", edit(model("merges"), ["a b", "a b c"]), "merge 2 of the model is no pair"
    yield "merge-number", edit(model("merges"), [[1, 2]]), "merge 1 of the model is no pair"
    yield "merge-left", edit(model("merges"), [["z", "a"]]), "merge 1 of the model names 'z'"
    yield "merge-right", edit(model("merges"), [["a", "z"]]), "merge 1 of the model names 'z'"
    yield "merge-both", edit(model("merges"), [["b", "a"]]), "merge 1 of the model names 'ba'"
    yield "merge-added", edit(model("merges"), [["a", "<new>"]]), "names '<new>'"
    yield "merge-prefix", edit(model("continuing_subword_prefix"), "####"), "shorter than the prefix '####'"


def steps():
    normalizers = ("normalizer",)
    yield "normalizer-type", edit(normalizers, {"type": "NFKQ"}), "the normalizer 'NFKQ' is not supported"
    yield "normalizer-charsmap", edit(normalizers, {"type": "Precompiled", "precompiled_charsmap": "AAAA"}), "'precompiled_charsmap' of the normalizer is shorter than its head"
    yield "normalizer-key", edit(normalizers, {"type": "NFC", "form": "D"}), "unknown key 'form'"
    yield "normalizer-list", edit(normalizers, {"type": "Sequence"}), "'normalizers' is missing"
    yield "normalizer-item", edit(normalizers, {"type": "Sequence", "normalizers": [1]}), "no object"
    nested = {"type": "NFC"}
    for _ in range(20):
        nested = {"type": "Sequence", "normalizers": [nested]}
    yield "normalizer-nested", edit(normalizers, nested), "too long"
    yield "normalizer-many", edit(normalizers, {"type": "Sequence", "normalizers": [{"type": "Lowercase"}] * 33}), "more than 32 steps"
    yield "replace-pattern", edit(normalizers, {"type": "Replace", "pattern": "a", "content": ""}), "'pattern' in the normalizer"
    yield "replace-kind", edit(normalizers, {"type": "Replace", "pattern": {"Glob": "*"}, "content": ""}), "not 'Glob'"
    yield "replace-empty", edit(normalizers, {"type": "Replace", "pattern": {"String": ""}, "content": "x"}), "is empty"
    yield "replace-long", edit(normalizers, {"type": "Replace", "pattern": {"String": "a"}, "content": "x" * 999}), "999 bytes, at most 64"
    yield "prepend-type", edit(normalizers, {"type": "Prepend", "prepend": 7}), "'prepend' in the normalizer must be a string"
    pre = ("pre_tokenizer",)
    yield "pre-type", edit(pre, {"type": "UnicodeScripts"}), "the pre-tokenizer 'UnicodeScripts' is not supported"
    yield "pre-behavior", edit(pre, {"type": "Split", "pattern": {"String": "a"}, "behavior": "Merged", "invert": False}), "behavior 'Merged'"
    yield "pre-metaspace", edit(pre, {"type": "Metaspace", "replacement": "__", "prepend_scheme": "first"}), "must be one character"
    yield "pre-scheme", edit(pre, {"type": "Metaspace", "replacement": "_", "prepend_scheme": "last"}), "'prepend_scheme' 'last'"
    yield "pre-contradiction", edit(pre, {"type": "Metaspace", "replacement": "_", "prepend_scheme": "never", "add_prefix_space": True}), "contradicts"
    yield "pre-delimiter", edit(pre, {"type": "CharDelimiterSplit", "delimiter": ""}), "'delimiter'"
    yield "pre-digits", edit(pre, {"type": "Digits", "individual_digits": 1}), "must be true or false"
    post = ("post_processor",)
    yield "post-twice", edit(post, {"type": "Sequence", "processors": [GOOD["post_processor"]] * 2}), "adds tokens twice"
    yield "post-pair", edit(post + ("pair",), [{"Sequence": {"id": "A", "type_id": 0}}]), "template of pairs leaves a text out"
    yield "post-pair-twice", edit(post + ("pair",), [{"Sequence": {"id": "B", "type_id": 0}}] * 2), "once each"
    yield "post-roberta", edit(post, {"type": "RobertaProcessing", "sep": ["</s>", 2]}), "'cls' must be a token and its id"
    decoder = ("decoder",)
    yield "decoder-type", edit(decoder, {"type": "CTC"}), "the decoder 'CTC' is not supported"
    yield "decoder-order", edit(decoder, {"type": "Sequence", "decoders": [{"type": "Fuse"}, {"type": "ByteFallback"}]}), "after one that makes a single text"
    yield "decoder-regex", edit(decoder, {"type": "Replace", "pattern": {"Regex": "a+"}, "content": ""}), "'pattern' in the decoder must be a 'String'"
    yield "decoder-strip", edit(decoder, {"type": "Strip", "content": "  ", "start": 1, "stop": 0}), "must be one character"
    yield "decoder-count", edit(decoder, {"type": "Strip", "content": " ", "start": -1, "stop": 0}), "must be a count"
    added = ("added_tokens", 0)
    yield "added-id", edit(added + ("id",), 5), "has id 5, the vocabulary makes it 0"
    yield "added-flag", edit(added + ("lstrip",), None), "'lstrip' in added token"
    erased = copy.deepcopy(GOOD)
    erased["normalizer"] = {"type": "Strip", "strip_left": True, "strip_right": True}
    erased["added_tokens"].append({"id": 10, "content": " ", "normalized": True, "special": False})
    yield "added-erased", json.dumps(erased).encode(), "is normalized to nothing"


def patterns():
    for name, pattern, expected in [
        ("empty", "", "can match nothing"), ("nullable", "a*", "can match nothing"), ("open", "(a", "a group without an end"),
        ("close", "a)", "an unmatched '\\)'"), ("bracket", "[a", "a '\\[' without an end"), ("star", "*a", "a quantifier with nothing in front"),
        ("reference", r"(a)\1", "a reference back"), ("atomic", "(?>a+)b", r"the group '\(\?>a'"), ("look-ahead", "a(?!bc)", "look-around of more than one"),
        ("look-behind", "(?<=a+)b", "look-around of more than one"), ("named", "(?<x>a)", "the group"), ("recursion", r"a\g<0>", "the escape"),
        ("possessive", "(?:ab)++c", "possessive quantifier"), ("property", r"\p{Han}+", "the property 'Han'"), ("intersection", "[a&&b]", "'&&'"),
        ("nested-set", "[a[b]]", "inside a"), ("range", "[z-a]", "a range that ends"), ("hex", r"\x{110000}", "no character"), ("surrogate", r"\ud800", "no character"),
        ("count", "a{5,2}", "ends before it begins"), ("count-large", "a{100000}", "more than 1000"), ("folding", "(?i:ss)", "letters that are several"),
        ("deep", "(" * 1000 + "a" + ")" * 1000, "nested deeper"), ("size", "(?:a{1000}){1000}", "is too large"), ("states", "(?:a|b)*a(?:a|b){20}c", "too many states"),
        ("escape-end", "a\\", "with nothing behind"), ("sets", "|".join("[%c%c]" % (97 + i % 26, 48 + i // 26) for i in range(80)), "more than 64 different classes"),
        ("often", "|".join("a" * 1500), "too often"), ("long", "a" * 20000, "at most 4096"), ("repeated-nothing", "(?:a*)*b", "a repetition of what can match nothing"), ("repeated-assertion", "a$+", "a repeated assertion")]:
        yield "regex-" + name, regex(pattern), expected


def cases():
    for make in (models, steps, patterns):
        for name, data, expected in make():
            yield "tokenizer", "pipeline-" + name, {"tokenizer.json": data}, "", expected


def good():
    yield "tokenizer", "pipeline", {"tokenizer.json": json.dumps(GOOD).encode()}, ""
    yield "tokenizer", "pipeline-bare", {"tokenizer.json": json.dumps({"model": {"vocab": {"a": 0}, "merges": []}}).encode()}, ""

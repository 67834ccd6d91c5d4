# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Malformed .npy, .json and tokenizer files; the same tuples as in
bad_safetensors.py with the kind in front: (kind, name, files, entry, expected)."""

import copy
import json
import struct


def npy(header, data=b"", version=(1, 0), length=None, magic=b"\x93NUMPY"):
    if isinstance(header, str):
        header = header.encode()
    size = len(header) if length is None else length
    packed = struct.pack("<H" if version[0] == 1 else "<I", size)
    return magic + bytes(version) + packed + header + data


def head(descr="'<i4'", order="False", shape="(2,)"):
    return "{'descr': %s, 'fortran_order': %s, 'shape': %s, }\n" % (descr, order, shape)


def npys():
    data = struct.pack("<2i", 1, 2)
    yield "truncated-empty", b"", "not a .npy file"
    yield "truncated-magic", b"\x93NUMPY\x01", "not a .npy file"
    yield "polyglot-zip", b"PK\x03\x04" + b"\0" * 60, "not a .npy file"
    yield "type-version", npy(head(), data, (3, 0)), "version 3.0"
    yield "truncated-header", npy(head(), data, length=60000), "header claims 60000"
    yield "alloc-header", npy(head(), data, (2, 0), length=2**32 - 1), "header claims 4294967295"
    yield "syntax-header", npy("not a dict", data), "damaged at its byte 0"
    yield "syntax-missing-shape", npy("{'descr': '<i4', 'fortran_order': False}", data), "must all be given"
    yield "duplicate-shape", npy("{'descr': '<i4', 'fortran_order': False, 'shape': (2,), 'shape': (9,)}", data), "twice"
    yield "type-unknown-key", npy("{'evil': '<i4'}", data), "unknown key 'evil'"
    yield "type-structured", npy(head("[('a', '<i4')]"), data), "structured"
    yield "type-object", npy(head("'|O'"), data), r"element type '\|O'"
    yield "type-big-endian", npy(head("'>i4'"), data), "element type '>i4'"
    yield "type-float16", npy(head("'<f2'"), data), "element type '<f2'"
    yield "type-fortran", npy(head(order="True", shape="(2, 1)"), data), "Fortran order"
    yield "sign-dimension", npy(head(shape="(-2,)"), data), "negative"
    yield "overflow-dimension", npy(head(shape="(99999999999999999999,)"), data), "does not fit 64 bits"
    yield "wrap-product", npy(head(shape="(4294967296, 4294967296)")), "overflows"
    yield "wrap-element-size", npy(head("'<i8'", shape="(2305843009213693952,)")), "overflows"
    yield "alloc-shape", npy(head(shape="(1000000000000,)"), data), "needs 4000000000000 bytes"
    yield "truncated-data", npy(head(), data[:-1]), "needs 8 bytes of data, the file has 7"
    yield "gap-end", npy(head(), data + b"\0"), "needs 8 bytes of data, the file has 9"
    yield "alloc-rank", npy(head(shape="(" + "1," * 500 + ")"), data[:4]), "64 dimensions"
    yield "type-bool", npy(head("'|b1'"), b"\1\2"), "neither 0 nor 1"
    yield "narrow-int64", npy(head("'<i8'", shape="(1,)"), struct.pack("<q", 2**31)), "does not fit a 32-bit"
    yield "narrow-uint64", npy(head("'<u8'", shape="(1,)"), b"\xff" * 8), "18446744073709551615 at element 0"


def jsons():
    yield "truncated-empty", b"", "line 1, column 1"
    yield "syntax-comma", b'{"a": 1,\n "b" 2}', "line 2, column 6"
    yield "duplicate-key", b'{"a": {"x": 1,\n  "x": 2}}', r"line 2, column 5 .*'x' is given twice"
    yield "nesting-arrays", b"[" * 60000 + b"]" * 60000, "nested deeper than 64"
    yield "nesting-objects", b'{"a":' * 60000, "nested deeper than 64"
    yield "syntax-utf8", b'{"a": "\xc3\x28"}', "line 1"
    yield "syntax-overlong", b'"\xc0\x80"', "line 1"
    yield "syntax-zero", b'{"a": 1}\0{"b": 2}', "zero byte"
    yield "syntax-number", b"[01]", "line 1"
    yield "syntax-infinite", b"[1e400]", "line 1|out of range"
    yield "syntax-endless-token", b"x" * 1000000, "line 1"
    yield "alloc-objects", b"[" + b'{"a":{}},' * 270000 + b"0]", "more than 262144 values"
    yield "alloc-keys", b"{" + b",".join(b'"%020d":0' % i for i in range(530000)) + b"}", "more than 262144 values"
    yield "alloc-values", b"[" + b"0," * 3000000 + b"0]", "more than 262144 values"


VOCAB = {t: i for i, t in enumerate(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "##a", "b"])}
GOOD = {
    "version": "1.0", "truncation": None, "padding": None,
    "added_tokens": [{"id": i, "content": t, "single_word": False, "lstrip": False, "rstrip": False,
                      "normalized": False, "special": True} for t, i in VOCAB.items() if t[0] == "["],
    "normalizer": {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True,
                   "strip_accents": None, "lowercase": True},
    "pre_tokenizer": {"type": "BertPreTokenizer"},
    "post_processor": {"type": "TemplateProcessing",
                       "single": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}},
                                  {"Sequence": {"id": "A", "type_id": 0}},
                                  {"SpecialToken": {"id": "[SEP]", "type_id": 0}}],
                       "pair": [], "special_tokens": {t: {"id": t, "ids": [VOCAB[t]], "tokens": [t]}
                                                      for t in ("[CLS]", "[SEP]")}},
    "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": True},
    "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
              "max_input_chars_per_word": 100, "vocab": VOCAB}}


def edit(path, value):
    """GOOD with one place changed; value None deletes."""
    changed = copy.deepcopy(GOOD)
    at = changed
    for key in path[:-1]:
        at = at[key]
    if value is ...:
        del at[path[-1]]
    else:
        at[path[-1]] = value
    return json.dumps(changed).encode()


def tokenizers():
    vocab = ("model", "vocab")
    yield "truncated", json.dumps(GOOD).encode()[:-9], "line 1, column"
    yield "nesting", b'{"model":' * 60000, "nested deeper"
    yield "alloc-vocab", b'{"model":{"vocab":{' + b",".join(b'"%d":0' % i for i in range(530000)) + b"}}}", "more than 524288 values"
    yield "type-root", b"[]", "must be an object"
    yield "type-unknown-key", edit(("extra",), 1), "unknown key 'extra'"
    yield "type-version", edit(("version",), "2.0"), "version '2.0'"
    yield "type-no-model", edit(("model",), ...), "'model' is missing"
    yield "type-bpe", edit(("model", "type"), "BPE"), "unknown key 'max_input_chars_per_word' in the model"
    yield "type-model-key", edit(("model", "fuse_unk"), True), "unknown key 'fuse_unk'"
    yield "type-normalizer", edit(("normalizer", "type"), "NFKC"), "'NFKC' is not supported"
    yield "type-normalizer-key", edit(("normalizer", "nfd"), True), "unknown key 'nfd'"
    yield "type-normalizer-flag", edit(("normalizer", "lowercase"), "yes"), "must be true or false"
    yield "type-pre-tokenizer", edit(("pre_tokenizer", "type"), "ByteLevel"), "'ByteLevel' is not supported"
    yield "type-pre-tokenizer-missing", edit(("pre_tokenizer",), None), "pre-tokenizer is missing"
    yield "type-regex-split", edit(("pre_tokenizer",), {"type": "Split", "pattern": {"Regex": "(a+)+$"}}), "'Split' is not supported"
    yield "type-post-processor", edit(("post_processor", "type"), "DistilProcessing"), "'DistilProcessing' is not supported"
    yield "type-vocab-array", edit(vocab, []), "'vocab' is missing or no object"
    yield "type-vocab-id", edit(vocab, {"[UNK]": "0"}), "not an integer"
    yield "sign-vocab-id", edit(vocab, dict(VOCAB, c=-1)), "id of token 'c' is not an integer between"
    yield "sign-vocab-id-2-31", edit(vocab, dict(VOCAB, c=2**31)), "id of token 'c' is not an integer between"
    yield "sign-vocab-id-2-64", edit(vocab, dict(VOCAB, c=2**64 - 1)), "id of token 'c'"
    yield "alloc-vocab-id", edit(vocab, dict(VOCAB, c=2**31 - 1)), "far above the number of tokens"
    yield "duplicate-vocab-id", edit(vocab, dict(VOCAB, c=7)), "id 7 belongs to both 'b' and 'c'"
    yield "duplicate-token", json.dumps(GOOD).replace('"b": 7', '"b": 7, "b": 8').encode(), "'b' is given twice"
    yield "range-no-unknown", edit(("model", "unk_token"), "<unk>"), "unknown token '<unk>'"
    yield "alloc-word-length", edit(("model", "max_input_chars_per_word"), 10**12), "at most 4096"
    yield "sign-word-length", edit(("model", "max_input_chars_per_word"), -1), "must be a count"
    yield "alloc-token", edit(vocab, dict(VOCAB, **{"x" * 100000: 8})), "has 100000 bytes"
    yield "type-added", edit(("added_tokens",), {}), "'added_tokens' must be an array"
    yield "sign-added-id", edit(("added_tokens", 0, "id"), -1), "'.PAD.' is not an integer"
    yield "range-added-id", edit(("added_tokens", 0, "id"), 3), "has id 3, the vocabulary makes it 0"
    yield "type-added-normalized", edit(("added_tokens", 0, "normalized"), True), "'normalized': true is not supported"
    yield "type-added-word", edit(("added_tokens", 0, "single_word"), True), "'single_word': true is not supported"
    yield "range-template-id", edit(("post_processor", "special_tokens", "[CLS]", "ids"), [999]), "id 999 is not in the vocabulary"
    yield "range-template-name", edit(("post_processor", "special_tokens"), {}), "does not define the ids of '.CLS.'"
    yield "type-template-no-text", edit(("post_processor", "single"), []), "leaves the text out"
    yield "type-template-pair", edit(("post_processor", "single"), [{"Sequence": {"id": "B", "type_id": 0}}]), "text 'A'"
    yield "alloc-template", edit(("post_processor", "single"), [{"Sequence": {"id": "A", "type_id": 0}}] * 9999), "no short array"


LINES = "\n".join(VOCAB).encode()


def folders():
    yield "vocab-duplicate", {"vocab.txt": LINES + b"\na\n"}, "line 9: the token 'a' was given in line 6"
    yield "vocab-empty", {"vocab.txt": b""}, "does not hold the special token"
    yield "vocab-no-cls", {"vocab.txt": LINES.replace(b"[CLS]", b"x")}, "special token '.CLS.'"
    yield "vocab-class", {"vocab.txt": LINES, "tokenizer_config.json": b'{"tokenizer_class": "GPT2Tokenizer"}'}, "'GPT2Tokenizer'"
    yield "vocab-config", {"vocab.txt": LINES, "tokenizer_config.json": b'{"do_lower_case": 1}'}, "must be true or false"
    yield "vocab-config-json", {"vocab.txt": LINES, "tokenizer_config.json": b'{"a": 1, "a": 2}'}, "'a' is given twice"
    yield "vocab-basic", {"vocab.txt": LINES, "tokenizer_config.json": b'{"do_basic_tokenize": false}'}, "do_basic_tokenize"
    yield "neither", {"config.json": b"{}"}, "holds no tokenizer.json, no SentencePiece model and no vocab.txt"


def cases():
    for name, data, expected in npys():
        yield "npy", name, {"a.npy": data}, "a.npy", expected
    for name, data, expected in jsons():
        yield "json", name, {"a.json": data}, "a.json", expected
    for name, data, expected in tokenizers():
        yield "tokenizer", name, {"tokenizer.json": data}, "", expected
    for name, files, expected in folders():
        yield "tokenizer", name, files, "", expected


def good():
    yield "npy", "int32", {"a.npy": npy(head(), struct.pack("<2i", 1, 2))}, "a.npy"
    yield "npy", "version-2", {"a.npy": npy(head("'<i8'"), struct.pack("<2q", 1, -2), (2, 0))}, "a.npy"
    yield "npy", "scalar", {"a.npy": npy(head("'<f8'", shape="()"), b"\0" * 8)}, "a.npy"
    yield "npy", "empty", {"a.npy": npy(head("'|u1'", shape="(0, 5)"))}, "a.npy"
    yield "json", "plain", {"a.json": b'\xef\xbb\xbf{"a": [1, -2, 3.5e3, "\\ud83d\\ude00", null, true]}\n'}, "a.json"
    yield "json", "depth-64", {"a.json": b"[" * 64 + b"]" * 64}, "a.json"
    yield "tokenizer", "plain", {"tokenizer.json": json.dumps(GOOD).encode()}, ""
    yield "tokenizer", "vocab", {"vocab.txt": LINES + b"\n"}, ""

# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Malformed Unigram models, charsmaps and SentencePiece folders; the same
tuples as in bad_others.py. A protobuf message is written here by hand: no
library writes one that is wrong."""

import base64
import copy
import json
import struct

NORMAL, UNKNOWN, CONTROL, USER, UNUSED, BYTE = range(1, 7)


def varint(value):
    out = b""
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


def field(number, value):
    """A number, four bytes of a float, or bytes."""
    if isinstance(value, float):
        return varint(number << 3 | 5) + struct.pack("<f", value)
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    data = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(data)) + data


def piece(text, score=0.0, kind=NORMAL):
    return field(1, field(1, text) + field(2, score) + (field(3, kind) if kind != NORMAL else b""))


def charsmap(rules):
    """A Darts array for rules of single ASCII letters: the children of the root alone."""
    texts, units = b"", [0] * 512
    units[0] = 1 << 10  # the root's children stand at 1 ^ letter
    place = 256
    for letter, text in sorted(rules.items()):
        at = 1 ^ ord(letter)
        while units[place]:
            place += 1
        units[at] = ord(letter) | 1 << 8 | (at ^ place) << 10
        units[place] = len(texts) | 1 << 31
        texts += text.encode() + b"\0"
    return struct.pack("<I512I", 2048, *units) + texts


PIECES = [("<unk>", 0.0, UNKNOWN), ("<s>", 0.0, CONTROL), ("</s>", 0.0, CONTROL), ("▁", -2.0), ("a", -3.0), ("b", -3.5), ("ab", -2.5), ("▁ab", -1.5), ("<sep>", 0.0, USER)]
HEAD = b"".join(piece(*p) for p in PIECES)
BYTES = b"".join(piece("<0x%02X>" % b, 0.0, BYTE) for b in range(256))
UNIGRAM, BPE = field(2, field(3, 1)), field(2, field(3, 2))
RULES = field(3, field(1, "tiny") + field(2, charsmap({"A": "a", "B": "ab", "-": ""})))
MODEL = HEAD + UNIGRAM + RULES

JSON = {"added_tokens": [{"id": 0, "content": "<unk>", "special": True}],
        "normalizer": {"type": "Precompiled", "precompiled_charsmap": base64.b64encode(charsmap({"A": "a"})).decode()},
        "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always"},
        "decoder": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always"},
        "model": {"type": "Unigram", "unk_id": 0, "vocab": [[p[0], p[1]] for p in PIECES], "byte_fallback": False}}


def edit(path, value):
    changed = copy.deepcopy(JSON)
    at = changed
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return json.dumps(changed).encode()


def encoded(data):
    return edit(("normalizer", "precompiled_charsmap"), base64.b64encode(data).decode())


def array(units, texts=b"x\0"):
    return struct.pack("<I%dI" % len(units), 4 * len(units), *units) + texts


def unigrams():
    vocab = lambda value: edit(("model", "vocab"), value)
    yield "unk-missing", edit(("model", "unk_id"), None), "no 'unk_id'"
    yield "unk-far", edit(("model", "unk_id"), 9), "'unk_id' in the model is 9, there are 9 pieces"
    yield "unk-negative", edit(("model", "unk_id"), -1), "id of the unknown token"
    yield "unk-text", edit(("model", "unk_id"), "0"), "id of the unknown token"
    yield "fallback", edit(("model", "byte_fallback"), 1), "'byte_fallback' in the model must be true or false"
    yield "key", edit(("model", "nbest_size"), 3), "unknown key 'nbest_size'"
    yield "vocab-object", vocab({"a": 0}), "'vocab' is missing or no array"
    yield "vocab-empty", vocab([]), "there are 0 pieces"
    yield "piece-alone", vocab([["a"]]), "piece 1 of the model is no token with a score"
    yield "piece-turned", vocab([[0.5, "a"]]), "piece 1 of the model is no token with a score"
    yield "piece-text", vocab([["<unk>", 0], ["a", "-1"]]), "piece 2 of the model is no token with a score"
    yield "piece-object", vocab([{"a": 1}]), "piece 1 of the model is no token with a score"
    yield "score-infinite", json.dumps(JSON).replace("-2.5", "-1e999").encode(), "(piece 7 of the model|out of range|number overflow)"
    yield "piece-cut", json.dumps(JSON).replace('["ab", -2.5]', '["ab", -2.5').encode(), "."
    yield "piece-long", vocab([["<unk>", 0], ["a" * 5000, -1]]), "has 5000 bytes, at most 4096"
    yield "added-id", edit(("added_tokens", 0, "id"), 4), "has id 4, the vocabulary makes it 0"
    yield "map-type", edit(("normalizer", "precompiled_charsmap"), 7), "'precompiled_charsmap' in the normalizer must be a string"
    yield "map-key", edit(("normalizer", "rules"), []), "unknown key 'rules'"
    yield "map-base64", edit(("normalizer", "precompiled_charsmap"), "AA*A"), "is no Base64"
    yield "map-padding", edit(("normalizer", "precompiled_charsmap"), "AAA"), "is no Base64"
    yield "map-empty", edit(("normalizer", "precompiled_charsmap"), ""), "is shorter than its head"
    yield "map-size", encoded(struct.pack("<I", 1 << 31) + b"\0" * 64), "has an array of 2147483648 bytes, 64 follow"
    yield "map-odd", encoded(struct.pack("<I", 6) + b"\0" * 64), "has an array of 6 bytes"
    yield "map-outside", encoded(array([0x7FFFFC00] + [0] * 255)), "leads outside its array"
    yield "map-endless", encoded(array([0] + [i | i << 10 for i in range(1, 256)])), "rules without end"
    leaf = [1 << 10] + [0] * 511
    leaf[1 ^ 65] = 65 | 1 << 8 | ((1 ^ 65) ^ 300) << 10
    leaf[300] = 999 | 1 << 31
    yield "map-text", encoded(array(leaf)), "whose text lies outside at byte 999"
    leaf = list(leaf)
    leaf[300] = 0 | 1 << 31
    yield "map-utf8", encoded(array(leaf, b"\xff\0")), "a rule that is no UTF-8"
    yield "map-long", encoded(array(leaf, b"x" * 2000)), "a rule of 2000 bytes, at most 1024"
    two = copy.deepcopy(JSON)
    two["normalizer"] = {"type": "Sequence", "normalizers": [JSON["normalizer"], {"type": "Precompiled", "precompiled_charsmap": base64.b64encode(charsmap({"B": "b"})).decode()}]}
    yield "map-two", json.dumps(two).encode(), "two different 'Precompiled'"


def models():
    """.model files, and where the message must point."""
    yield "empty", b"", "no SentencePiece model: there are no pieces"
    yield "text", b"IQ== 0\nIg== 1\n", "no SentencePiece model: there are no pieces"
    yield "json", b'{"model": {}}', "no SentencePiece model: byte [0-9]+"
    yield "cut", MODEL[:-3], "byte [0-9]+: a field of [0-9]+ bytes, [0-9]+ are left"
    yield "cut-piece", HEAD[:40], "byte [0-9]+: a field of"
    yield "length-huge", HEAD + b"\x0a" + b"\xff" * 9 + b"\x01", "byte [0-9]+: a field of 18446744073709551615 bytes"
    yield "length-endless", HEAD + b"\x0a" + b"\xff" * 11, "byte [0-9]+: a length is cut short or too long"
    yield "wire", HEAD + b"\x0b\x00", "unknown wire type 3"
    yield "number-zero", HEAD + b"\x02\x00", "a field has no number"
    yield "piece-number", HEAD + field(1, 7), "field 1 of the model is no message"
    yield "piece-empty", HEAD + field(1, field(2, 1.0)) + UNIGRAM, "piece 9 is empty"
    yield "piece-zero", HEAD + piece("a\0b") + UNIGRAM, "piece 9 holds a zero byte"
    yield "piece-utf8", HEAD + field(1, field(1, b"\xc3")) + UNIGRAM, "piece 9's text is no UTF-8"
    yield "piece-twice", HEAD + piece("ab") + UNIGRAM, "piece 9 \\('ab'\\) is given twice"
    yield "piece-type", HEAD + piece("c", 0.0, 9) + UNIGRAM, "piece 9 is of an unknown type"
    yield "piece-long", HEAD + piece("a" * 5000) + UNIGRAM, "has 5000 bytes, at most 4096"
    yield "score-nan", HEAD + piece("c", float("nan")) + UNIGRAM, "piece 9's score is not finite"
    yield "score-type", HEAD + field(1, field(1, "c") + field(2, 7)) + UNIGRAM, "piece 9's score is no float"
    yield "unknown-missing", piece("a") + UNIGRAM, "there is no unknown piece"
    yield "unknown-twice", HEAD + piece("<unk2>", 0.0, UNKNOWN) + UNIGRAM, "second unknown piece"
    yield "kind-word", HEAD + field(2, field(3, 3)), "a word model is not supported"
    yield "kind-char", HEAD + field(2, field(3, 4)), "a character model is not supported"
    yield "kind-strange", HEAD + field(2, field(3, 77)), "a strange model is not supported"
    yield "unused-bpe", HEAD + piece("ba", -1.0, UNUSED) + BPE, "marked unused"
    yield "byte-without", HEAD + piece("<0x41>", 0.0, BYTE) + UNIGRAM, "'byte_fallback' is off"
    yield "byte-few", HEAD + piece("<0x41>", 0.0, BYTE) + field(2, field(3, 1) + field(35, 1)), "needs 256 byte pieces, there are 1"
    yield "byte-strange", HEAD + piece("<0x4g>", 0.0, BYTE) + field(2, field(3, 1) + field(35, 1)), "is no byte"
    yield "surface-long", HEAD + field(2, field(3, 1) + field(44, "?" * 99)), "'unk_surface' has 99 bytes"
    yield "flag-type", HEAD + field(2, field(35, "yes")), "'byte_fallback' is no number"
    yield "map-short", HEAD + UNIGRAM + field(3, field(2, b"xyz")), "'precompiled_charsmap' is shorter than its head"
    yield "map-outside", HEAD + UNIGRAM + field(3, field(2, array([0x7FFFFC00] + [0] * 255))), "'precompiled_charsmap' leads outside"
    yield "normalizer-field", HEAD + UNIGRAM + field(3, field(9, 1)), "unknown field 9 of the normalizer"
    yield "denormalizer", MODEL + field(5, field(2, charsmap({"a": "A"}))), "a denormalizer is not supported"


def folders():
    """Settings that contradict the model."""
    settings = lambda **of: json.dumps(of).encode()
    yield "class", {"tokenizer_config.json": settings(tokenizer_class="AlbertTokenizer")}, "'AlbertTokenizer' is not supported without a tokenizer.json"
    yield "class-marian", {"tokenizer_config.json": settings(tokenizer_class="MarianTokenizer")}, "does not go with these files"
    yield "settings-json", {"tokenizer_config.json": b"{"}, "tokenizer_config.json: line 1"
    yield "settings-list", {"tokenizer_config.json": b"[]"}, "tokenizer_config.json: must be an object"
    yield "config-json", {"config.json": b"{]"}, "config.json: line 1"
    yield "extra-ids", {"tokenizer_config.json": settings(tokenizer_class="T5Tokenizer", extra_ids=10**9)}, "'extra_ids' must be a count of at most 4096"
    yield "extra-ids-type", {"tokenizer_config.json": settings(tokenizer_class="T5Tokenizer", extra_ids="many")}, "'extra_ids' must be a count"
    yield "eos", {"tokenizer_config.json": settings(tokenizer_class="T5Tokenizer", eos_token="<end>")}, "does not hold the 'eos_token' '<end>'"
    yield "eos-type", {"tokenizer_config.json": settings(tokenizer_class="T5Tokenizer", eos_token=2)}, "'eos_token' must be a string"
    yield "bos-flag", {"tokenizer_config.json": settings(add_bos_token="yes")}, "'add_bos_token' must be true or false"
    yield "added-list", {"tokenizer_config.json": settings(added_tokens_decoder=[1])}, "'added_tokens_decoder' must be an object"
    yield "added-id", {"tokenizer_config.json": settings(added_tokens_decoder={"7": {"content": "</s>"}})}, "'</s>', whose id is 2"
    yield "added-number", {"tokenizer_config.json": settings(added_tokens_decoder={"seven": {"content": "x"}})}, "has no id or no content"
    yield "added-far", {"tokenizer_config.json": settings(added_tokens_decoder={"99999999": {"content": "x"}})}, "far above the number of tokens"
    yield "added-key", {"tokenizer_config.json": settings(added_tokens_decoder={"9": {"content": "x", "color": 1}})}, "unknown key 'color'"
    marian = lambda vocab, **files: dict({"spiece.model": None, "source.spm": MODEL, "vocab.json": vocab}, **files)
    yield "vocab-json", marian(b"{"), "vocab.json: line 1"
    yield "vocab-unknown", marian(b'{"a": 0}'), "vocab.json: the vocabulary does not hold the unknown token '<unk>'"
    yield "vocab-id", marian(b'{"<unk>": -1}'), "vocab.json: the id of '<unk>'"
    yield "vocab-twice", marian(b'{"<unk>": 0, "a": 0, "</s>": 1}'), "id 0 belongs to both"
    yield "vocab-end", marian(b'{"<unk>": 0, "a": 1}'), "does not hold the 'eos_token' '</s>'"
    yield "vocab-separate", marian(b'{"<unk>": 0, "</s>": 1}', **{"tokenizer_config.json": settings(separate_vocabs=True)}), "'separate_vocabs' is not supported"
    yield "source-spm", {"spiece.model": None, "source.spm": HEAD[:9], "vocab.json": b'{"<unk>": 0}'}, "source.spm: no SentencePiece model: byte"


def cases():
    for name, data, expected in unigrams():
        yield "tokenizer", "unigram-" + name, {"tokenizer.json": data}, "", expected
    for name, data, expected in models():
        yield "tokenizer", "model-" + name, {"spiece.model": data}, "", expected
    for name, files, expected in folders():
        files = {key: data for key, data in dict({"spiece.model": MODEL}, **files).items() if data is not None}
        yield "tokenizer", "sentence-" + name, files, "", expected


def good():
    yield "tokenizer", "unigram", {"tokenizer.json": json.dumps(JSON).encode()}, ""
    yield "tokenizer", "model", {"spiece.model": MODEL}, ""
    yield "tokenizer", "model-bytes", {"tokenizer.model": HEAD + BYTES + field(2, field(3, 2) + field(35, 1))}, ""
    yield "tokenizer", "model-t5", {"spiece.model": MODEL, "config.json": b'{"model_type": "t5"}'}, ""
    yield "tokenizer", "model-marian", {"source.spm": MODEL, "target.spm": MODEL, "vocab.json": b'{"<unk>": 0, "</s>": 1, "ab": 2, "<pad>": 3}'}, ""

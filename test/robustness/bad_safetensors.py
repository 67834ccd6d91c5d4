# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Malformed safetensors files and folders, by the class of bug that each aims at.

cases() yields (name, files, entry, expected): `files` maps relative names to
bytes, `entry` is the path that is opened, `expected` a regular expression that
the one error line must match. Small files only: what is large is a claim.
"""

import json
import struct


def pack(header, data=b"", length=None):
    """A file whose header is a dict, a text or bytes; `length` is what it claims."""
    if isinstance(header, dict):
        header = json.dumps(header)
    if isinstance(header, str):
        header = header.encode()
    return struct.pack("<Q", len(header) if length is None else length) + header + data


def tensor(dtype="F32", shape=(2,), offsets=(0, 8), **more):
    return {"dtype": dtype, "shape": list(shape), "data_offsets": list(offsets), **more}


def raw(entry, data=b"\0" * 8, name="w"):
    return pack('{"%s":%s}' % (name, entry), data)


DATA = b"\0" * 8
W = tensor()


def single():
    """(name, bytes of model.safetensors, expected)."""
    # Lengths of the header itself.
    yield "truncated-empty-file", b"", "0 bytes"
    yield "truncated-inside-length", b"\x10\0\0\0\0\0\0", "7 bytes"
    yield "truncated-header", pack({"w": W})[:20], "header claims"
    yield "truncated-only-length", struct.pack("<Q", 2), "header claims 2 bytes"
    yield "alloc-length-max", pack({"w": W}, DATA, 2**64 - 1), "header claims 18446744073709551615"
    yield "overflow-length-minus-8", pack({"w": W}, DATA, 2**64 - 8), "header claims"
    yield "sign-length-2-63", pack({"w": W}, DATA, 2**63), "header claims"
    yield "alloc-length-4g", pack({"w": W}, DATA, 2**32), "header claims 4294967296"
    yield "alloc-length-one-more", pack({"w": W}, b"", 1 + len(json.dumps({"w": W}))), "header claims"
    yield "alloc-header-above-cap", struct.pack("<Q", 17 << 20) + b"{" + b" " * (17 << 20), "at most"
    yield "truncated-zero-header", pack(b"", DATA), "does not begin with '{'"
    yield "truncated-one-byte-header", pack(b"{", DATA), "does not begin with '{'"
    # What the header is.
    yield "polyglot-zip", pack(b"PK\x03\x04" + b"\0" * 26), "does not begin with '{'"
    yield "polyglot-leading-blank", pack(" " + json.dumps({"w": W}), DATA), "does not begin with '{'"
    yield "polyglot-byte-order-mark", pack("\ufeff" + json.dumps({"w": W}), DATA), "does not begin with '{'"
    yield "polyglot-array", pack("[]"), "does not begin with '{'"
    yield "polyglot-after-header", pack(json.dumps({"w": W}) + "x", DATA), "not valid JSON: line 1, column"
    yield "polyglot-zero-then-bytes", pack(json.dumps({"w": W}) + "\0PK", DATA), "zero byte"
    yield "polyglot-two-headers", pack(json.dumps({"w": W}) * 2, DATA), "not valid JSON"
    yield "syntax-cut", pack('{"w":{"dtype":"F32","sha', DATA), "not valid JSON"
    yield "syntax-no-comma", pack('{"w" {}}', DATA), "not valid JSON"
    yield "syntax-trailing-comma", pack('{"w":%s,}' % json.dumps(W), DATA), "not valid JSON"
    yield "syntax-single-quotes", pack("{'w':{}}", DATA), "not valid JSON"
    yield "syntax-comment", pack('{/*x*/"w":%s}' % json.dumps(W), DATA), "not valid JSON"
    yield "syntax-invalid-utf8", pack(b'{"w\xff":' + json.dumps(W).encode() + b"}", DATA), "not valid JSON"
    yield "syntax-lone-surrogate", pack('{"\\ud800":%s}' % json.dumps(W), DATA), "not valid JSON"
    yield "syntax-nan", raw('{"dtype":"F32","shape":[NaN],"data_offsets":[0,8]}'), "not valid JSON"
    yield "syntax-huge-number", raw('{"dtype":"F32","shape":[1e999],"data_offsets":[0,8]}'), "not valid JSON"
    # Nesting and counts.
    yield "nesting-60000-arrays", pack('{"w":' + "[" * 60000 + "]" * 60000 + "}"), "nested deeper"
    yield "nesting-60000-objects", pack('{"a":' * 60000 + "1" + "}" * 60000), "nested deeper"
    yield "nesting-unclosed", pack('{"w":' + "[" * 60000), "nested deeper"
    yield "alloc-a-million-values", pack('{"w":[' + "0," * 1000000 + "0]}"), "more than 250000 values"
    yield "alloc-many-keys", pack("{" + ",".join('"%d":{}' % i for i in range(300000)) + "}"), "tensor '0'|more than"
    yield "alloc-long-name", pack({"x" * (15 << 20): W, "y": 0}, DATA), "tensor 'y'|xxx"
    yield "alloc-largest-header", pack("{" + ",".join('"%058d":0' % i for i in range(249000)) + "}"), "an object was expected"
    yield "alloc-rank", raw('{"dtype":"F32","shape":[%s],"data_offsets":[0,8]}' % ",".join(["1"] * 5000)), "5000 dimensions"
    # Duplicate keys.
    yield "duplicate-tensor", pack('{"w":%s,"w":%s}' % ((json.dumps(W),) * 2), DATA), "'w' is given twice"
    yield "duplicate-escaped", pack('{"w":%s,"\\u0077":%s}' % ((json.dumps(W),) * 2), DATA), "'w' is given twice"
    yield "duplicate-shape", raw('{"dtype":"F32","shape":[2],"shape":[9],"data_offsets":[0,8]}'), "'shape' is given twice"
    yield "duplicate-offsets", raw('{"dtype":"F32","shape":[2],"data_offsets":[0,8],"data_offsets":[0,4]}'), "twice"
    # Entries that are not what they should be.
    for name, value in [("null", "null"), ("string", '"F32"'), ("array", "[]"), ("number", "7")]:
        yield "type-entry-" + name, raw(value), "an object was expected"
    yield "type-entry-empty", raw("{}"), "'dtype' is missing"
    yield "type-unknown-key", pack({"w": tensor(strides=[1])}, DATA), "unknown key 'strides'"
    yield "type-no-shape", raw('{"dtype":"F32","data_offsets":[0,8]}'), "'shape' is missing"
    yield "type-no-offsets", raw('{"dtype":"F32","shape":[2]}'), "'data_offsets' is missing"
    yield "type-dtype-number", raw('{"dtype":7,"shape":[2],"data_offsets":[0,8]}'), "'dtype' is missing or no string"
    yield "type-dtype-unknown", pack({"w": tensor("F33")}, DATA), "'F33' is not known"
    yield "type-dtype-lowercase", pack({"w": tensor("f32")}, DATA), "'f32' is not known"
    yield "type-dtype-control", pack({"w": tensor("F32\n\x1b[31m")}, DATA), r"'F32\\x0A\\x1B"
    yield "type-dtype-endless", pack({"w": tensor("F" * 100000)}, DATA), r"FFFF\.\.\.'"
    yield "type-shape-string", raw('{"dtype":"F32","shape":["2"],"data_offsets":[0,8]}'), "dimension 0 is not an integer"
    yield "type-shape-object", raw('{"dtype":"F32","shape":{},"data_offsets":[0,8]}'), "'shape' is missing or no array"
    yield "type-shape-float", raw('{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}'), "dimension 0 is not an integer"
    yield "type-shape-nested", raw('{"dtype":"F32","shape":[[2]],"data_offsets":[0,8]}'), "dimension 0 is not an integer"
    yield "type-offset-string", raw('{"dtype":"F32","shape":[2],"data_offsets":["0","8"]}'), "offset is not an integer"
    yield "type-offset-float", raw('{"dtype":"F32","shape":[2],"data_offsets":[0,8.0]}'), "offset is not an integer"
    yield "type-offsets-one", pack({"w": tensor(offsets=(0,))}, DATA), "no pair"
    yield "type-offsets-three", pack({"w": tensor(offsets=(0, 8, 8))}, DATA), "no pair"
    yield "type-metadata-array", pack({"__metadata__": [], "w": W}, DATA), "'__metadata__' is not an object"
    yield "type-metadata-number", pack({"__metadata__": {"step": 7}, "w": W}, DATA), "'step' is an integer"
    yield "type-metadata-nested", pack({"__metadata__": {"a": {}}, "w": W}, DATA), "'a' is an object"
    # Signs.
    yield "sign-dimension", pack({"w": tensor(shape=(-2,))}, DATA), "dimension 0 is not an integer"
    yield "sign-two-dimensions", pack({"w": tensor(shape=(-1, -2))}, DATA), "dimension 0 is not an integer"
    yield "sign-offset", pack({"w": tensor(offsets=(-8, 0))}, DATA), "offset is not an integer"
    yield "sign-dimension-2-63", pack({"w": tensor(shape=(2**63,))}, DATA), "dimension 0 is not an integer"
    yield "sign-dimension-2-64", pack({"w": tensor(shape=(2**64,))}, DATA), "dimension 0 is not an integer"
    yield "sign-offset-2-64", pack({"w": tensor(offsets=(0, 2**64 + 8))}, DATA), "offset is not an integer"
    yield "sign-offset-2-63", pack({"w": tensor(offsets=(2**63, 2**63 + 8))}, DATA), "offset is not an integer"
    # Sums and products that wrap.
    yield "wrap-2-32-squared-empty", pack({"w": tensor(shape=(2**32, 2**32), offsets=(0, 0))}), "overflows"
    yield "wrap-2-32-squared", pack({"w": tensor(shape=(2**32, 2**32))}, DATA), "overflows"
    yield "wrap-element-size", pack({"w": tensor(shape=(2**62,), offsets=(0, 0))}), "overflows"
    yield "wrap-to-eight", pack({"w": tensor(shape=(2**62 + 2,))}, DATA), "overflows"
    yield "wrap-hidden-by-zero", pack({"w": tensor(shape=(2**40, 2**40, 0), offsets=(0, 0))}), "overflows"
    yield "wrap-many-factors", pack({"w": tensor(shape=[65536] * 8, offsets=(0, 0))}), "overflows"
    yield "overflow-f64", pack({"w": tensor("F64", (2**61,), (0, 0))}), "overflows"
    # Ranges.
    yield "range-end-beyond-file", pack({"w": tensor(shape=(4,), offsets=(0, 16))}, DATA), "the file has 8 bytes"
    yield "range-begin-beyond-file", pack({"w": tensor(shape=(0,), offsets=(99, 99))}, DATA), "the file has 8 bytes"
    yield "range-huge-end", pack({"w": tensor(offsets=(0, 2**63 - 1))}, DATA), "the file has 8 bytes"
    yield "range-reversed", pack({"w": tensor(offsets=(8, 0))}, DATA), "before it begins"
    yield "range-short", pack({"w": tensor(offsets=(0, 4))}, DATA[:4]), "needs 8 bytes"
    yield "range-long", pack({"w": tensor(offsets=(0, 12))}, b"\0" * 12), "needs 8 bytes"
    yield "range-no-data", pack({"w": W}), "the file has 0 bytes"
    yield "zero-dimension-with-data", pack({"w": tensor(shape=(0, 2))}, DATA), "needs 0 bytes"
    yield "zero-scalar-empty", pack({"w": tensor(shape=(), offsets=(0, 0))}), "needs 4 bytes"
    yield "overlap-same", pack({"a": W, "b": W}, DATA), "'a' and 'b' overlap"
    yield "overlap-partly", pack({"a": W, "b": tensor(offsets=(4, 12))}, b"\0" * 12), "overlap"
    yield "overlap-inside", pack({"a": tensor(shape=(4,), offsets=(0, 16)), "b": tensor(shape=(1,), offsets=(4, 8))}, b"\0" * 16), "overlap"
    yield "overlap-empty-inside", pack({"a": tensor(shape=(4,), offsets=(0, 16)), "b": tensor(shape=(0,), offsets=(4, 4))}, b"\0" * 16), "overlap"
    yield "gap-front", pack({"w": tensor(offsets=(8, 16))}, b"\0" * 16), "bytes 0 to 8 of the data belong to no tensor"
    yield "gap-middle", pack({"a": W, "b": tensor(offsets=(12, 20))}, b"\0" * 20), "bytes 8 to 12"
    yield "gap-end", pack({"w": W}, b"\0" * 9), "last 1 bytes"
    yield "gap-all", pack({}, b"\0" * 64), "last 64 bytes"
    yield "truncated-data", pack({"a": W, "b": tensor(offsets=(8, 16))}, b"\0" * 15), "the file has 15 bytes"


def index(weight_map, **more):
    return json.dumps({"metadata": {"total_size": 16}, "weight_map": weight_map, **more}).encode()


INDEX = "model.safetensors.index.json"
SHARD = pack({"w": W}, DATA)


def folders():
    """(name, files, entry, expected)."""
    for name, shard in [("parent", "../w.safetensors"), ("absolute", "/etc/passwd"), ("deep", "a/../../w"),
                        ("dots", ".."), ("dot", "."), ("subfolder", "sub/w.safetensors"),
                        ("backslash", "..\\w.safetensors"), ("zero", "w.safetensors\0.txt"), ("empty", ""),
                        ("endless", "w" * 5000)]:
        yield "traversal-" + name, {INDEX: index({"w": shard})}, "", "must be the name of a file in the same folder"
    yield "type-shard-number", {INDEX: index({"w": 7})}, "", "not an integer"
    yield "type-weight-map-array", {INDEX: index([])}, "", "'weight_map' is missing or no object"
    yield "type-index-array", {INDEX: b"[]"}, "", "'weight_map' is missing"
    yield "type-index-unknown-key", {INDEX: index({}, extra=1)}, "", "unknown key 'extra'"
    yield "duplicate-weight-map", {INDEX: b'{"weight_map":{"w":"a","w":"b"}}'}, "", "'w' is given twice"
    yield "nesting-index", {INDEX: b'{"weight_map":' * 60000}, "", "nested deeper"
    yield "range-shard-missing", {INDEX: index({"w": "gone.safetensors"})}, "", "gone.safetensors: cannot open"
    yield "range-tensor-missing", {INDEX: index({"w": "a", "x": "a"}), "a": SHARD}, "", "'x' is in 'a', which does not hold it"
    yield "range-wrong-shard", {INDEX: index({"w": "b", "x": "a"}), "a": SHARD, "b": pack({"x": W}, DATA)}, "", "but it is in"
    yield "gap-unmapped-tensor", {INDEX: index({"w": "a"}), "a": pack({"w": W, "x": tensor(offsets=(8, 16))}, b"\0" * 16)}, "", "does not name tensor 'x'"
    yield "duplicate-in-two-shards", {INDEX: index({"w": "a", "x": "b"}), "a": SHARD, "b": pack({"w": W, "x": tensor(offsets=(8, 16))}, b"\0" * 16)}, "", "'w' is in .*a as well"
    yield "truncated-shard", {INDEX: index({"w": "a"}), "a": SHARD[:-1]}, "", "the file has 7 bytes"
    yield "pickle-folder", {"pytorch_model.bin": b"\x80\x02cos\nsystem\n"}, "", "never is; convert it with safetensors"
    yield "pickle-sharded", {"pytorch_model.bin.index.json": b"{}"}, "", "convert it with safetensors"
    yield "pickle-file", {"x.bin": b"\x80\x02."}, "x.bin", "convert it with safetensors"
    yield "pickle-pt", {"x.pt": b"PK\x03\x04"}, "x.pt", "convert it with safetensors"
    yield "pickle-shard", {INDEX: index({"w": "pytorch_model-00001.bin"})}, "", "is a pickle"
    yield "pickle-named-safetensors", {"model.safetensors": b"\x80\x02cos\nsystem\nq\0."}, "", "header claims"
    yield "empty-folder", {"config.json": b"{}"}, "", "holds neither model.safetensors nor"
    yield "missing-file", {}, "nowhere.safetensors", "cannot open"


def cases():
    for name, data, expected in single():
        yield name, {"model.safetensors": data}, "model.safetensors", expected
    yield from folders()


def good():
    """(name, files, entry) that must be accepted."""
    yield "plain", {"model.safetensors": SHARD}, ""
    yield "metadata", {"model.safetensors": pack({"__metadata__": {"format": "pt"}, "w": W}, DATA)}, ""
    yield "padded-header", {"model.safetensors": pack(json.dumps({"w": W}) + " " * 7, DATA)}, ""
    yield "no-tensors", {"model.safetensors": pack({})}, ""
    yield "scalar", {"model.safetensors": pack({"w": tensor(shape=(), offsets=(0, 4))}, b"\0" * 4)}, ""
    yield "empty-tensor", {"model.safetensors": pack({"a": tensor(shape=(0, 3), offsets=(8, 8)), "w": W}, DATA)}, ""
    yield "shards", {INDEX: index({"w": "a.safetensors", "x": "b.safetensors"}), "a.safetensors": SHARD,
                     "b.safetensors": pack({"x": W}, DATA)}, ""
    yield "both-kinds", {"model.safetensors": SHARD, "pytorch_model.bin": b"\x80"}, ""

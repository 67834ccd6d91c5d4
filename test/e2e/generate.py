# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Generating end to end: every strategy alone and in a batch, on 1 and 2 threads, from the tool, from an executable and
on the interpreter; text, stop strings, chats, JSON, ctrl-C, NaN, and everything that is refused.

In:  tiny folders of a decoder and an encoder-decoder, and a scratch folder.  Out: nothing, or a failed assertion."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys

import numpy as np

decoder, encdec, work = sys.argv[1:4]
shutil.rmtree(work, ignore_errors=True)
os.makedirs(work)
model = os.path.join(work, "model")
shutil.copytree(decoder, model)
config = json.load(open(os.path.join(model, "config.json")))
VOCABULARY, CONTEXT = config["vocab_size"], config["n_positions"]
EOS = config["eos_token_id"]

# A tokenizer of single characters; the special tokens stand where the folder says.
letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.,:<>/"
vocab, free = {}, iter(letters)
for i in range(VOCABULARY):
    vocab["<eos>" if i == EOS else "<bos>" if i == 0 else "Ġ" if i == 1 else next(free)] = i
spelling = {i: " " if c == "Ġ" else c for c, i in vocab.items()}
special = [{"id": i, "content": c, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
           for i, c in ((0, "<bos>"), (EOS, "<eos>"))]
json.dump({"version": "1.0", "truncation": None, "padding": None, "added_tokens": special, "normalizer": None,
           "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True},
           "post_processor": None,
           "decoder": {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True},
           "model": {"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": None,
                     "end_of_word_suffix": None, "fuse_unk": False, "byte_fallback": False, "vocab": vocab, "merges": []}},
          open(os.path.join(model, "tokenizer.json"), "w"))
TEMPLATE = "{{ bos_token }}{% for m in messages %}{{ m.role }}:{{ m.content }}<eos>{% endfor %}{% if add_generation_prompt %}a:{% endif %}"
json.dump({"bos_token": "<bos>", "chat_template": TEMPLATE}, open(os.path.join(model, "tokenizer_config.json"), "w"))


def ids(text):
    return [vocab["Ġ" if c == " " else c] for c in text]


def text_of(tokens):
    return "".join(spelling[t] for t in tokens if t not in (0, EOS))


def run(*words, code=0, program=("sinter", "generate", model)):
    done = subprocess.run([*program, *map(str, words)], capture_output=True, timeout=300)
    out, err = done.stdout.decode(), done.stderr.decode()
    assert done.returncode == code, (words, done.returncode, out, err)
    return out, err


def answers(*words, **more):
    return json.loads(run(*words, "--json", **more)[0])


def tokens(*words, **more):
    return [s["tokens"] for s in answers(*words, **more)["sequences"]]


# ---- text ----
prompt = "the cat "
whole = answers("-p", prompt, "--max-new-tokens", 20, "--ignore-eos")
one = whole["sequences"][0]
assert len(one["tokens"]) == 20 and one["text"] == text_of(one["tokens"]) and one["finish"] == "length", one
assert whole["stats"]["prompt_tokens"] == len(prompt) and whole["stats"]["new_tokens"] == 20
out, err = run("-p", prompt, "--max-new-tokens", 20, "--ignore-eos")
assert out == one["text"] + "\n", (out, one["text"])
assert re.fullmatch(r"8 prompt tokens, 20 new tokens; reading [\d.]+ tokens/s, writing [\d.]+ tokens/s, first token after [\d.]+ s\n", err), err
assert run("-p", prompt, "--max-new-tokens", 20, "--ignore-eos", "--target", "reference")[0] == out

shown = one["text"]
stop = next(shown[i:i + 2] for i in range(4, 16) if shown.index(shown[i:i + 2]) == i)
cut = answers("-p", prompt, "--max-new-tokens", 20, "--ignore-eos", "--stop", stop, "--stop", "never there")["sequences"][0]
assert cut["finish"] == "stop_string" and cut["text"] == shown[:shown.index(stop)], (cut, shown, stop)

file = os.path.join(work, "prompt.txt")
open(file, "w").write(prompt)
assert tokens("--prompt-file", file, "--max-new-tokens", 20, "--ignore-eos") == [one["tokens"]]
arrays = {}
for name, value in (("tokens", [ids(prompt)]), ("padded", [ids(prompt) + [3, 3]]), ("mask", [[1] * 8 + [0] * 2]),
                    ("left", [[0, 0] + [1] * 8]), ("wide", [[1] * 8]), ("floats", [[0.5]]), ("outside", [[VOCABULARY]])):
    arrays[name] = os.path.join(work, name + ".npy")
    np.save(arrays[name], np.array(value, np.float32 if name == "floats" else np.int64))
result = os.path.join(work, "out.npy")
run("--tokens", arrays["padded"], "--mask", arrays["mask"], "--out-tokens", result, "--max-new-tokens", 20, "--ignore-eos")
assert np.load(result).dtype == np.int32 and np.load(result).tolist() == [one["tokens"]]

# ---- chats ----
talk = answers("--chat", "--system", "be kind", "-p", "hi", "--assistant", "yes", "-p", "a<eos>b", "--max-new-tokens", 5, "--ignore-eos")
row = [0] + ids("system:be kind") + [EOS] + ids("user:hi") + [EOS] + ids("assistant:yes") + [EOS] + ids("user:a<eos>b") + [EOS] + ids("a:")
assert talk["stats"]["prompt_tokens"] == len(row), (talk["stats"], len(row))  # the user's <eos> is five characters
np.save(arrays["tokens"], np.array([row]))
assert tokens("--tokens", arrays["tokens"], "--max-new-tokens", 5, "--ignore-eos") == [talk["sequences"][0]["tokens"]]
messages = os.path.join(work, "messages.json")
json.dump([{"role": "user", "content": "hi"}], open(messages, "w"))
assert tokens("--chat", "--messages", messages, "--max-new-tokens", 5) == tokens("--chat", "-p", "hi", "--max-new-tokens", 5)

# ---- one answer, however it is asked for ----
executable = os.path.join(work, "exe")
subprocess.run(["sinter", "compile", model, "-o", executable], check=True)
prompts = [letters[i:i + 1 + 5 * i % 17] for i in range(8)]
strategies = [["--greedy"], ["--sample", "--seed", 3], ["--sample", "--samples", 2, "--temperature", 0.7, "--top-k", 20],
              ["--sample", "--top-p", 0.9], ["--sample", "--min-p", 0.05], ["--sample", "--epsilon-cutoff", 0.01],
              ["--sample", "--eta-cutoff", 0.02], ["--repetition-penalty", 1.3], ["--presence-penalty", 0.5],
              ["--frequency-penalty", 0.5], ["--no-repeat-ngram", 2], ["--min-new-tokens", 10],
              ["--beams", 3, "--return", 2, "--length-penalty", 0.8, "--early-stopping"]]
for strategy in strategies:
    words = [*strategy, "--max-new-tokens", 24]
    batch = [w for p in prompts for w in ("-p", p)]
    together = tokens(*batch, *words, program=(executable,))
    each = len(together) // len(prompts)
    assert together == tokens(*batch, *words, "--threads", 1, "--chunk", 3, program=(executable,)), strategy
    for i in (0, 5):
        alone = tokens("-p", prompts[i], *words, "--threads", 2, program=(executable,))
        assert alone == together[i * each:(i + 1) * each], (strategy, i)
assert together == tokens(*batch, *words)
assert tokens(*batch, *strategies[2]) == tokens(*batch, *strategies[2], program=(executable,))
assert run("-p", prompt, "--max-new-tokens", 20, "--ignore-eos", program=(executable,))[0] == out
assert "--top-k N" in subprocess.run([executable, "--help"], capture_output=True).stdout.decode()

probabilities = answers("-p", "a", "--max-new-tokens", 3, "--logprobs", "--top-logprobs", 2, "--ignore-eos")["sequences"][0]
assert len(probabilities["log_probs"]) == 3 and len(probabilities["top"]) == 3
assert [t[0]["token"] for t in probabilities["top"]] == probabilities["tokens"]
assert [t[0]["log_prob"] for t in probabilities["top"]] == probabilities["log_probs"]

# ---- an encoder-decoder: sources of different lengths, alone and together ----
source, mask = os.path.join(work, "source.npy"), os.path.join(work, "source-mask.npy")
sources = [[5, 6, 7, 8, 9], [4, 3], [9, 9, 2]]
width = max(map(len, sources))
np.save(source, np.array([s + [0] * (width - len(s)) for s in sources]))
np.save(mask, np.array([[1] * len(s) + [0] * (width - len(s)) for s in sources]))
program = ("sinter", "generate", encdec)
for strategy in (["--greedy"], ["--beams", 3], ["--sample", "--samples", 2]):
    words = [*strategy, "--max-new-tokens", 12]
    together = tokens("--tokens", source, "--mask", mask, *words, program=program)
    each = len(together) // 3
    for i, s in enumerate(sources):
        np.save(arrays["tokens"], np.array([s]))
        assert tokens("--tokens", arrays["tokens"], *words, program=program) == together[i * each:(i + 1) * each], strategy

info = json.loads(subprocess.run(["sinter", "info", model, "--json"], capture_output=True, check=True).stdout)
assert info["cache_bytes_per_token"] == 2 * config["n_layer"] * config["n_embd"] * 4, info["cache_bytes_per_token"]

# ---- the end ----
slow = subprocess.Popen(["sinter", "generate", model, "-p", "a", "--max-new-tokens", "60", "--ignore-eos", "--target", "reference"],
                        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
first = slow.stdout.read(1)
slow.send_signal(signal.SIGINT)
rest, said = slow.communicate(timeout=60)
assert slow.returncode == 130 and said.decode().startswith("interrupted: 1 prompt tokens"), (slow.returncode, said)
assert (first + rest).endswith(b"\n")

poisoned = os.path.join(work, "poisoned")
shutil.copytree(model, poisoned)
path = os.path.join(poisoned, "model.safetensors")
data = bytearray(open(path, "rb").read())
size = int.from_bytes(data[:8], "little")
header = json.loads(data[8:8 + size])
table = next(v for k, v in header.items() if k.endswith("wte.weight"))
at = 8 + size + table["data_offsets"][0] + vocab["q"] * config["n_embd"] * 4
assert table["dtype"] == "F32"
data[at:at + 4] = np.float32("nan").tobytes()
open(path, "wb").write(bytes(data))
_, err = run("-p", "ab", "-p", "aq", code=1, program=("sinter", "generate", poisoned))
# Tied or not, the token's own logit is NaN everywhere; prompt 1 is read first.
assert re.search(r"error: prompt 1, position 2: the logit of token \d+ is NaN", err), err

for code, message, *words in [
        (2, "nothing to go on from"), (2, "exclude each other", "-p", "a", "--tokens", arrays["tokens"]),
        (2, "--sample and --greedy exclude each other", "-p", "a", "--sample", "--greedy"),
        (2, "--beams and --sample exclude each other", "-p", "a", "--sample", "--beams", 2),
        (2, "add --chat", "-p", "a", "--system", "b"), (2, "add --json", "-p", "a", "--logprobs"),
        (2, "--mask belongs to --tokens", "-p", "a", "--mask", arrays["mask"]),
        (2, "--top-k takes a number from 0", "-p", "a", "--top-k", "many"), (2, "--top-p takes a number", "-p", "a", "--top-p", "x"),
        (2, "--max-new-tokens must be at least 1", "-p", "a", "--max-new-tokens", 0),
        (2, "is given twice", "-p", "a", "--seed", 1, "--seed", 2),
        (1, "temperature changes nothing without sampling", "-p", "a", "--temperature", 0.5),
        (1, "temperature 0 is no distribution", "-p", "a", "--sample", "--temperature", 0),
        (1, "2 samples would all be the same", "-p", "a", "--samples", 2),
        (1, "a length penalty changes nothing without beams", "-p", "a", "--length-penalty", 2),
        (1, "early stopping changes nothing without beams", "-p", "a", "--early-stopping"),
        (1, "the most likely tokens are not listed with beams", "-p", "a", "--beams", 2, "--top-logprobs", 3, "--json"),
        (1, "at least 9 new tokens and at most 3", "-p", "a", "--min-new-tokens", 9, "--max-new-tokens", 3),
        (1, f"prompt 1 has {CONTEXT + 1} tokens, but the model takes at most {CONTEXT}", "-p", "a" * (CONTEXT + 1)),
        (1, f"prompt 1 has 1 tokens, and 99 new ones were asked for: 100, but the model takes at most {CONTEXT}", "-p", "a", "--max-new-tokens", 99),
        (1, "prompt 1 has 4 tokens, but the limit asked for is 3", "-p", "abcd", "--max-tokens", 3),
        (1, "is not ones and then zeros", "--tokens", arrays["padded"], "--mask", arrays["left"]),
        (1, "--mask and --tokens differ in shape", "--tokens", arrays["padded"], "--mask", arrays["wide"]),
        (1, "outside the vocabulary", "--tokens", arrays["outside"]), (1, "stop token 999 is outside", "-p", "a", "--stop-token", 999),
        (1, "", "--tokens", arrays["floats"]), (3, "cannot open", "--prompt-file", os.path.join(work, "nowhere")),
        (1, "a conversation is one JSON array", "--chat", "--messages", file)]:
    _, err = run(*words, code=code)
    assert message in err, (words, err)
assert "has no tokenizer" in run("-p", "a", code=1, program=("sinter", "generate", decoder))[1]
assert "is no flag" in run("hello", code=2, program=(executable,))[1]
assert "unknown flag '--frob'" in run("--frob", code=2, program=(executable,))[1]

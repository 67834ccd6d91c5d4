# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes test/golden/trained/: a small corpus, and what the trainers of the
Hugging Face tokenizers library learn from it, with the pipelines that
frontend/tokenizer/Train.cpp gives its own. Where the library leaves the choice
of equal pairs to the order of a hash table (WordPiece), a corpus is searched on
which several runs agree.

Needs tokenizers (pinned in requirements.txt).
"""

import json
import os
import random

from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

import make_pipeline_golden as pipelines

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "trained")
SIZE = 130


def save(tokenizer, name):
    state = json.loads(tokenizer.to_str())
    with open(os.path.join(HERE, name + ".json"), "w", encoding="utf-8") as file:
        file.write(json.dumps(state, ensure_ascii=False, separators=(",", ":")) + "\n")


def bpe(name, size, specials, cut, unknown=None, **how):
    t = Tokenizer(models.BPE(unk_token=unknown))
    t.pre_tokenizer = cut
    t.train([os.path.join(HERE, "corpus.txt")], trainers.BpeTrainer(vocab_size=size, special_tokens=specials, show_progress=False, **how))
    save(t, name)


def unigram(size):
    t = Tokenizer(models.Unigram())
    t.normalizer = normalizers.Sequence([normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
    t.pre_tokenizer = pre_tokenizers.Metaspace()
    t.decoder = decoders.Metaspace()
    t.train([os.path.join(HERE, "corpus.txt")], trainers.UnigramTrainer(vocab_size=size, special_tokens=["<unk>"], unk_token="<unk>", show_progress=False))
    save(t, "unigram_%d" % size)


def words(corpus, size):
    t = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    t.normalizer = normalizers.BertNormalizer()
    t.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    t.decoder = decoders.WordPiece()
    t.train([corpus], trainers.WordPieceTrainer(vocab_size=size, special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"], show_progress=False))
    return t


def main():
    os.makedirs(HERE, exist_ok=True)
    with open(os.path.join(HERE, "corpus.txt"), "w", encoding="utf-8", newline="") as file:
        file.write("\n".join(pipelines.corpus()) + "\n")
    # Words so often that no two pairs are equally frequent when it matters.
    text = " ".join(pipelines.corpus()[6:24])
    found = sorted({w.lower() for w in text.split() if w.isalpha() and w.isascii()})[::3][:48]
    path = os.path.join(HERE, "words.txt")
    for seed in range(1000):
        counts = random.Random(seed)
        with open(path, "w") as file:
            for word in found:
                file.write((word + " ") * counts.randint(1, 150) + "\n")
        if len({json.dumps(sorted(words(path, SIZE).get_vocab())) for _ in range(12)}) == 1:
            print("WordPiece: 12 runs agree with seed %d" % seed)
            break
    save(words(path, SIZE), "wordpiece")
    split = pre_tokenizers.WhitespaceSplit()
    bpe("bpe", 900, ["<unk>", "<s>"], split, "<unk>")
    bpe("bpe_min", 3000, ["<unk>", "<s>"], split, "<unk>", min_frequency=5, max_token_length=4)
    bpe("bpe_bytes", 900, ["<|endoftext|>"], pre_tokenizers.ByteLevel(add_prefix_space=False), initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
    unigram(300)
    unigram(600)


if __name__ == "__main__":
    main()

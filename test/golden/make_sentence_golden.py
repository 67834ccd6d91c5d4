# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes the folders of test/golden/pipelines/ that come from SentencePiece:
`unigram_*` are tokenizer.json files of Unigram models with their charsmaps,
compared with the Hugging Face tokenizers library; `spm_*` are folders with
.model files alone, compared with the sentencepiece package (and the Marian
tokenizer of transformers). Hashes as in make_pipeline_golden.py.

Needs tokenizers, sentencepiece, transformers (pinned in requirements.txt).
`--only NAME` for one family.
"""

import argparse
import io
import json
import os
import shutil

import sentencepiece
from sentencepiece import sentencepiece_model_pb2
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

import make_pipeline_golden as pipelines
import pipeline_strings

HERE = pipelines.HERE
COUNT, CHUNK = pipelines.COUNT, pipelines.CHUNK

# What a charsmap may hold, small: cases, ligatures, sequences, shrinking, growing, deleting.
RULES = ["41\t61", "42\t62", "FB01\t66 69", "65 301\tE9", "A0\t20", "9\t20", "A\t20", "D A\t20", "3000\t20", "200B\t",
         "2581\t20", "FF21\t41", "2026\t2E 2E 2E", "300\t", "A9\t28 63 29", "915\t916", "1F600\t3A 29", "AD\t", "C0\t41 300", "0915 093C\t0958", "645\t646"]


def lines():
    return [line for text in pipelines.corpus() for line in text.split("\n") if line.strip()]


def train(name, **how):
    """A .model from the corpus, as bytes; the same bytes every time."""
    out = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(sentence_iterator=iter(lines()), model_writer=out, minloglevel=2,
                                             num_threads=1, hard_vocab_limit=False, **how)
    model = sentencepiece_model_pb2.ModelProto()
    model.ParseFromString(out.getvalue())
    return model


def with_rules(model, rules=None):
    """The same model with a small charsmap."""
    path = os.path.join("/tmp", "sentence_rules.tsv")
    with open(path, "w") as file:
        file.write("\n".join(rules or RULES) + "\n")
    out = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(sentence_iterator=iter(lines()), model_writer=out, minloglevel=2, vocab_size=450, character_coverage=0.98,
                                             hard_vocab_limit=False, normalization_rule_tsv=path)
    small = sentencepiece_model_pb2.ModelProto()
    small.ParseFromString(out.getvalue())
    model.normalizer_spec.precompiled_charsmap = small.normalizer_spec.precompiled_charsmap
    return model


def charsmap(model):
    return normalizers.Precompiled(model.normalizer_spec.precompiled_charsmap)


def unigram_t5():
    model = train("t5", vocab_size=420, model_type="unigram", pad_id=0, eos_id=1, unk_id=2, bos_id=-1, character_coverage=0.98)
    vocab = [(p.piece, p.score) for p in model.pieces] + [("<extra_id_%d>" % i, 0.0) for i in range(9, -1, -1)]
    t = Tokenizer(models.Unigram(vocab, 2, False))
    t.normalizer = charsmap(model)  # the whole of nmt_nfkc
    t.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace(prepend_scheme="always")])
    t.decoder = decoders.Metaspace(prepend_scheme="always")
    t.post_processor = processors.TemplateProcessing(single="$A </s>", pair="$A </s> $B </s>", special_tokens=[("</s>", 1)])
    t.add_special_tokens([AddedToken(text, normalized=False, special=True) for text in ["<pad>", "</s>", "<unk>"] + ["<extra_id_%d>" % i for i in range(10)]])
    return t


def unigram_xlmr():
    model = with_rules(train("xlmr", vocab_size=500, model_type="unigram", character_coverage=0.98))
    vocab = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0)] + [(p.piece, p.score) for p in model.pieces[3:]] + [("<mask>", 0.0)]
    t = Tokenizer(models.Unigram(vocab, 3, False))
    t.normalizer = normalizers.Sequence([charsmap(model), normalizers.Strip(left=False, right=True), normalizers.Replace(Regex(" {2,}"), "▁")])
    t.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    t.decoder = decoders.Metaspace(prepend_scheme="always")
    t.post_processor = processors.TemplateProcessing(single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)])
    t.add_special_tokens([AddedToken(text, normalized=False, special=True) for text in ["<s>", "<pad>", "</s>", "<unk>"]])
    t.add_special_tokens([AddedToken("<mask>", lstrip=True, normalized=False, special=True)])
    return t


def unigram_albert():
    t = Tokenizer(models.Unigram())
    t.normalizer = normalizers.Sequence([normalizers.Replace("``", '"'), normalizers.Replace("''", '"'), normalizers.NFKD(),
                                         normalizers.StripAccents(), normalizers.Lowercase(), normalizers.Replace(Regex(" {2,}"), " ")])
    t.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first", split=True)
    t.decoder = decoders.Metaspace(prepend_scheme="first")
    t.train_from_iterator(pipelines.corpus(), trainers.UnigramTrainer(
        vocab_size=500, special_tokens=["<pad>", "<unk>", "[CLS]", "[SEP]", "[MASK]"], unk_token="<unk>", show_progress=False))
    t.post_processor = processors.TemplateProcessing(single="[CLS]:0 $A:0 [SEP]:0", pair="[CLS]:0 $A:0 [SEP]:0 $B:1 [SEP]:1",
                                                     special_tokens=[("[CLS]", t.token_to_id("[CLS]")), ("[SEP]", t.token_to_id("[SEP]"))])
    t.add_tokens([AddedToken("word", single_word=True, normalized=True)])
    return t


def unigram_bytes():
    """Bytes for what is unknown, a piece given twice, equal scores, and graphemes that the charsmap cuts."""
    model = with_rules(train("bytes", vocab_size=800, model_type="unigram", byte_fallback=True, character_coverage=0.98))
    vocab = [(p.piece, round(p.score)) for p in model.pieces] + [("the", -3.0), ("<0x41>", -5)]
    t = Tokenizer(models.Unigram(vocab, 0, True))
    t.normalizer = charsmap(model)
    t.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="never", split=False)
    t.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()])
    t.add_special_tokens([AddedToken("<s>", normalized=False, special=True)])
    return t


def spm_t5():
    """Unigram, the whole of nmt_nfkc, symbols of every kind; `</s>` behind."""
    model = train("t5", vocab_size=420, model_type="unigram", pad_id=0, eos_id=1, unk_id=2, bos_id=-1, character_coverage=0.98,
                  user_defined_symbols=["<sep>", "ing of", "Straße"], control_symbols=["<cls>"])
    return {"spiece.model": model, "tokenizer_config.json": {"tokenizer_class": "T5Tokenizer", "extra_ids": 5}}


def spm_llama():
    """BPE with bytes, nothing normalized, spaces kept; `<s>` in front."""
    model = train("llama", vocab_size=900, model_type="bpe", byte_fallback=True, character_coverage=0.98, normalization_rule_name="identity",
                  remove_extra_whitespaces=False, allow_whitespace_only_pieces=True, split_digits=True, user_defined_symbols=["[INST]", "    "])
    return {"tokenizer.model": model, "tokenizer_config.json": {"tokenizer_class": "LlamaTokenizer", "add_bos_token": True}}


def spm_bpe():
    """BPE without bytes, a small charsmap, whitespace behind words, no class named."""
    model = with_rules(train("bpe", vocab_size=500, model_type="bpe", character_coverage=0.98, treat_whitespace_as_suffix=True,
                             user_defined_symbols=["don't"]))
    model.trainer_spec.unk_surface = " ?? "
    return {"tokenizer.model": model}


def spm_xlmr():
    """Unigram with bytes, ids moved by one."""
    model = with_rules(train("xlmr", vocab_size=850, model_type="unigram", byte_fallback=True, character_coverage=0.98))
    return {"sentencepiece.bpe.model": model, "config.json": {"model_type": "xlm-roberta"}}


def spm_marian():
    source = with_rules(train("source", vocab_size=400, model_type="unigram", character_coverage=0.98))
    target = with_rules(train("target", vocab_size=380, model_type="unigram", character_coverage=0.98))
    vocab = {"</s>": 0, "<unk>": 1}
    for model in (source, target):
        for n, piece in enumerate(model.pieces):
            if n % 17 != 5:  # some pieces have no id
                vocab.setdefault(piece.piece, len(vocab))
    for code in (">>fra<<", ">>de_AT<<"):
        vocab[code] = len(vocab)
    vocab["<pad>"] = len(vocab)
    return {"source.spm": source, "target.spm": target, "vocab.json": vocab, "tokenizer_config.json": {"tokenizer_class": "MarianTokenizer"}}


class Sentence:
    """The package with what the slow tokenizers of transformers put around it, in the form of `tokenizers`."""

    def __init__(self, folder, name):
        self.name = name
        file = next(f for f in ("spiece.model", "tokenizer.model", "sentencepiece.bpe.model", "source.spm") if os.path.exists(os.path.join(folder, f)))
        self.sp = sentencepiece.SentencePieceProcessor(model_file=os.path.join(folder, file))
        self.model = sentencepiece_model_pb2.ModelProto.FromString(open(os.path.join(folder, file), "rb").read())
        self.marian = None
        if name == "spm_marian":
            from transformers import MarianTokenizer
            self.marian = MarianTokenizer(os.path.join(folder, "source.spm"), os.path.join(folder, "target.spm"), os.path.join(folder, "vocab.json"))

    def ids(self, text):
        if self.marian:
            return self.marian.convert_tokens_to_ids(self.marian._tokenize(text))
        ids = self.sp.encode(text)
        if self.name == "spm_xlmr":
            return [{0: 3, 1: 0, 2: 2}.get(i, i + 1) for i in ids]
        return ids

    def encode(self, first, second=None, template=True):
        a, b = self.ids(first), None if second is None else self.ids(second)
        start, end, between = {"spm_t5": ([], [1], []), "spm_llama": ([1], [], [1]), "spm_bpe": ([], [], []),
                               "spm_xlmr": ([0], [2], [2]), "spm_marian": ([], [0], None)}[self.name]
        if b is None:
            return (start + a + end if template else a), None
        types = 1 if self.name in ("spm_llama", "spm_bpe") else 0
        front = start + a + (end if between is not None else [])
        back = (between or []) + b + end
        return front + back, [0] * len(front) + [types] * len(back)

    def decode(self, ids):
        if self.marian:
            return self.marian.decode(ids, skip_special_tokens=True, clean_up_tokenization_spaces=False)
        if self.name == "spm_xlmr":
            ids = [{3: 0, 0: 1, 2: 2}.get(i, i - 1) for i in ids]
        return self.sp.decode(ids)


def record(one, data):
    """As pipelines.record, for the package: special tokens never in the text, and always left out of the decoded one."""
    out, before = [], ""
    for index in range(COUNT):
        if index % CHUNK == 0:
            ids_hash = text_hash = pipeline_strings.fnv(b"")
        text = pipeline_strings.make(data, index).decode("utf-8", errors="replace")
        ids, types = one.encode(before, text) if index % 5 == 4 else one.encode(text, template=index % 3 != 0)
        before = text
        ids_hash = pipeline_strings.fnv(pipelines.packed(ids) + b"|" + pipelines.packed(types or [0] * len(ids)) + b"|", ids_hash)
        text_hash = pipeline_strings.fnv(one.decode(ids).encode() + b"\0", text_hash)
        if index % CHUNK == CHUNK - 1:
            out.append("%016x %016x" % (ids_hash, text_hash))
    return out


def write(folder, files):
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    for name, data in files.items():
        if not isinstance(data, (dict, str)):
            data.trainer_spec.ClearField("model_prefix")
            data = data.SerializeToString(deterministic=True)
        elif isinstance(data, dict):
            data = (json.dumps(data, ensure_ascii=False) + "\n").encode()
        else:
            data = data.encode()
        with open(os.path.join(folder, name), "wb") as file:
            file.write(data)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--only")
    only = parser.parse_args().only
    data = pipeline_strings.load(HERE)
    for family in [unigram_t5, unigram_xlmr, unigram_albert, unigram_bytes, spm_t5, spm_llama, spm_bpe, spm_xlmr, spm_marian]:
        name = family.__name__
        if only and name != only:
            continue
        folder = os.path.join(HERE, name)
        if name.startswith("spm"):
            write(folder, family())
            hashes = record(Sentence(folder, name), data)
        else:
            text = json.dumps(json.loads(family().to_str()), ensure_ascii=False, separators=(",", ":"))
            write(folder, {"tokenizer.json": text + "\n"})
            hashes = pipelines.record(Tokenizer.from_str(text), data)
        with open(os.path.join(folder, "hashes.txt"), "w", encoding="utf-8") as file:
            file.write("\n".join(hashes) + "\n")
        print(name, sum(os.path.getsize(os.path.join(folder, f)) for f in os.listdir(folder)), flush=True)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Makes test/golden/family: tiny random folders of BERT's relatives and heads, inputs, outputs of `transformers`.

In:  the pinned packages of requirements.txt.  Out: family/<folder>/{config.json, model.safetensors},
family/<folder>/NN.{tokens,mask,types,RESULT}.npy, family/cases.json, and family/counts.json: the parameters of
every model class at its default configuration.
Flow: run by hand when a case is added; the tests read only what it wrote (test/support/run_goldens.py,
test/support/run_counts.py).

The oracle is transformers in float64 with eager attention; float32 `transformers` must agree to 5e-6, so that the
CPU's tolerance is fair.
"""
import json, os, shutil, sys

import numpy as np
import torch
import transformers

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from make_bert import error, fill, make_mask, seed

HERE = os.path.dirname(os.path.abspath(__file__))
OUT = os.path.join(HERE, "family")


def bert(d, heads, ff, vocab, layers, ctx, types, **more):
    """BERT's keys; its relatives say the same by these names, or by DISTIL's."""
    return dict(hidden_size=d, num_attention_heads=heads, intermediate_size=ff, vocab_size=vocab,
                num_hidden_layers=layers, max_position_embeddings=ctx, type_vocab_size=types, **more)


def distil(d, heads, ff, vocab, layers, ctx, **more):
    return dict(dim=d, n_heads=heads, hidden_dim=ff, vocab_size=vocab, n_layers=layers,
                max_position_embeddings=ctx, **more)


def labels(n):
    return dict(id2label={i: f"L{i}" for i in range(n)}, label2id={f"L{i}": i for i in range(n)})


# (name, model class, config, cases). A case is (batch, tokens, inputs, function, model of the text): inputs are "bare"
# (tokens only) or a mask of make_bert.py; the function is `forward` unless said. Options of a folder: `rename` and
# `extra` change the stored names, `keys` the config.json.
FOLDERS = [
    dict(name="bert-sequence", model="BertForSequenceClassification", config=bert(21, 3, 17, 61, 2, 70, 2, **labels(5)),
         keys=dict(directionality="bidi", pooler_fc_size=768, pooler_num_attention_heads=12, pooler_num_fc_layers=3,
                   pooler_size_per_head=128, pooler_type="first_token_transform", output_past=True, pruned_heads={}),
         cases=[(1, 1, "bare"), (3, 17, "pad"), (2, 64, "holes"), (4, 5, "pad", "embed", "BertModel")]),
    dict(name="bert-token", model="BertForTokenClassification",
         config=bert(24, 4, 40, 53, 3, 66, 2, hidden_act="relu", classifier_dropout=0.3, **labels(9)),
         cases=[(1, 2, "bare"), (2, 16, "pad"), (1, 65, "pad"), (3, 11, "pad", "loss")]),
    dict(name="bert-span", model="BertForQuestionAnswering", config=bert(20, 5, 33, 47, 2, 80, 3, layer_norm_eps=1e-6),
         cases=[(1, 1, "bare"), (2, 33, "pad"), (3, 7, "holes"), (3, 17, "pad", "loss")]),
    dict(name="bert-next", model="BertForNextSentencePrediction", config=bert(18, 2, 30, 41, 1, 64, 2, hidden_act="silu"),
         cases=[(1, 3, "bare"), (3, 19, "pad"), (4, 5, "pad", "loss")]),
    dict(name="bert-pretraining", model="BertForPreTraining", config=bert(16, 4, 64, 71, 2, 64, 2),
         cases=[(1, 4, "bare"), (2, 31, "pad"), (2, 8, "pad", "forward", "BertForMaskedLM"),
                (2, 9, "pad", "forward", "BertForNextSentencePrediction"), (2, 12, "pad", "embed", "BertModel"),
                (2, 16, "pad", "loss")]),
    dict(name="roberta-masked", model="RobertaForMaskedLM",
         config=bert(25, 5, 31, 59, 2, 70, 1, pad_token_id=1, layer_norm_eps=1e-5),
         cases=[(1, 1, "bare"), (3, 17, "pad"), (2, 64, "holes"), (2, 7, "pad", "forward", "RobertaModel"),
                (3, 11, "pad", "embed", "RobertaModel"), (2, 18, "pad", "loss")]),
    dict(name="roberta-untied", model="RobertaForMaskedLM",
         config=bert(12, 3, 50, 37, 3, 50, 1, pad_token_id=3, tie_word_embeddings=False),
         cases=[(1, 2, "bare"), (2, 33, "pad")]),
    dict(name="roberta-base", model="RobertaModel", config=bert(14, 7, 23, 43, 2, 70, 2, pad_token_id=0),
         cases=[(1, 1, "bare"), (3, 31, "pad"), (2, 16, "pad", "pooled"), (2, 65, "pad", "embed")]),
    dict(name="roberta-sequence", model="RobertaForSequenceClassification",
         config=bert(24, 3, 48, 53, 2, 40, 1, pad_token_id=1, **labels(3)), cases=[(1, 5, "bare"), (4, 16, "pad")]),
    dict(name="xlmr-token", model="XLMRobertaForTokenClassification",
         config=bert(24, 2, 29, 101, 2, 90, 1, pad_token_id=1, layer_norm_eps=1e-5, **labels(7)),
         cases=[(1, 3, "bare"), (3, 33, "pad"), (2, 87, "pad")]),
    dict(name="xlmr-span", model="XLMRobertaForQuestionAnswering", config=bert(15, 3, 37, 67, 2, 40, 1, pad_token_id=1),
         cases=[(1, 2, "bare"), (3, 24, "pad")]),
    dict(name="xlmr-masked", model="XLMRobertaForMaskedLM",
         config=bert(16, 2, 32, 83, 1, 40, 1, pad_token_id=1, hidden_act="relu"),
         cases=[(1, 9, "bare"), (2, 17, "pad"), (2, 5, "pad", "forward", "XLMRobertaModel")]),
    dict(name="electra-discriminator", model="ElectraForPreTraining",
         config=bert(24, 4, 36, 57, 2, 70, 2, embedding_size=10), cases=[(1, 1, "bare"), (3, 17, "pad"), (2, 65, "pad"),
                (3, 12, "pad", "forward", "ElectraModel")]),
    dict(name="electra-generator", model="ElectraForMaskedLM",
         config=bert(16, 2, 40, 73, 3, 66, 2, embedding_size=22, hidden_act="relu"),
         cases=[(1, 2, "bare"), (2, 31, "pad"), (2, 12, "pad", "embed", "ElectraModel")]),
    dict(name="electra-same-width", model="ElectraModel", config=bert(20, 4, 30, 39, 2, 64, 2, embedding_size=20),
         cases=[(1, 7, "bare"), (2, 16, "pad"), (2, 33, "pad", "embed")]),
    dict(name="electra-sequence", model="ElectraForSequenceClassification",
         config=bert(12, 3, 25, 47, 2, 64, 2, embedding_size=8, hidden_act="silu", **labels(4)),
         cases=[(1, 6, "bare"), (3, 15, "pad"), (5, 4, "pad", "loss")]),
    dict(name="electra-token", model="ElectraForTokenClassification",
         config=bert(12, 2, 27, 37, 2, 64, 2, embedding_size=6, **labels(6)), cases=[(1, 3, "bare"), (2, 20, "pad")]),
    dict(name="electra-span", model="ElectraForQuestionAnswering",
         config=bert(14, 2, 27, 37, 1, 64, 2, embedding_size=6), cases=[(1, 3, "bare"), (2, 20, "pad")]),
    dict(name="distil-base", model="DistilBertModel", config=distil(24, 3, 37, 61, 3, 70),
         cases=[(1, 1, "bare"), (3, 17, "pad"), (2, 65, "holes"), (3, 9, "pad", "embed")]),
    dict(name="distil-masked", model="DistilBertForMaskedLM",
         config=distil(20, 5, 30, 53, 2, 64, activation="relu", sinusoidal_pos_embds=True), keys=dict(tie_weights_=True),
         cases=[(1, 2, "bare"), (2, 31, "pad"), (2, 5, "pad", "forward", "DistilBertModel")]),
    dict(name="distil-sequence", model="DistilBertForSequenceClassification", config=distil(16, 2, 50, 47, 2, 64, **labels(3)),
         keys=dict(finetuning_task="sst-2", output_past=True, tie_weights_=True), cases=[(1, 4, "bare"), (3, 16, "pad")]),
    dict(name="distil-token", model="DistilBertForTokenClassification", config=distil(18, 3, 22, 39, 2, 64, **labels(5)),
         cases=[(1, 3, "bare"), (2, 33, "pad")]),
    dict(name="distil-span", model="DistilBertForQuestionAnswering", config=distil(12, 4, 27, 41, 2, 64),
         cases=[(1, 2, "bare"), (3, 19, "pad"), (2, 9, "pad", "loss")]),
    dict(name="albert-base", model="AlbertModel", config=bert(24, 4, 35, 57, 4, 70, 2, embedding_size=10, hidden_act="gelu_new"),
         keys=dict(down_scale_factor=1, gap_size=0, net_structure_type=0, num_memory_blocks=0),
         cases=[(1, 1, "bare"), (3, 17, "pad"), (2, 65, "pad", "pooled"), (2, 12, "pad", "embed")]),
    dict(name="albert-masked", model="AlbertForMaskedLM",
         config=bert(20, 5, 33, 71, 3, 64, 2, embedding_size=12, hidden_act="gelu_new"),
         cases=[(1, 2, "bare"), (2, 33, "pad"), (2, 6, "pad", "forward", "AlbertModel")]),
    dict(name="albert-groups", model="AlbertForMaskedLM",
         config=bert(16, 2, 30, 43, 5, 64, 2, embedding_size=18, hidden_act="relu", num_hidden_groups=2),
         cases=[(1, 3, "bare"), (3, 17, "pad")]),
    dict(name="albert-inner", model="AlbertForSequenceClassification",
         config=bert(12, 3, 26, 37, 4, 64, 2, embedding_size=7, num_hidden_groups=2, inner_group_num=3, **labels(3)),
         cases=[(1, 5, "bare"), (3, 18, "pad")]),
    dict(name="albert-pretraining", model="AlbertForPreTraining", config=bert(12, 2, 26, 37, 3, 64, 2, embedding_size=9),
         cases=[(1, 5, "bare"), (3, 18, "pad"), (2, 7, "pad", "forward", "AlbertForMaskedLM"),
                (2, 10, "pad", "loss")]),
    dict(name="albert-token", model="AlbertForTokenClassification",
         config=bert(14, 2, 20, 31, 2, 64, 2, embedding_size=5, **labels(4)), cases=[(1, 5, "bare"), (2, 20, "pad")]),
    dict(name="albert-span", model="AlbertForQuestionAnswering", config=bert(15, 3, 20, 31, 2, 64, 2, embedding_size=5),
         cases=[(1, 4, "bare"), (2, 21, "pad")]),
]

# What the text calls a result, and where transformers keeps it.
RESULTS = {
    "BertForPreTraining": dict(logits="prediction_logits", relation_logits="seq_relationship_logits"),
    "AlbertForPreTraining": dict(logits="prediction_logits", order_logits="sop_logits"),
    "QuestionAnswering": dict(start_logits="start_logits", end_logits="end_logits"),
    "Model": dict(hidden="last_hidden_state"),
}


# The arguments of `loss` in the text, what transformers calls them, and how many values they have; -1: the vocabulary,
# of which some labels do not count, -2: places in the row.
LABELS = {
    "BertForPreTraining": [("labels", "labels", -1), ("next", "next_sentence_label", 2)],
    "AlbertForPreTraining": [("labels", "labels", -1), ("next", "sentence_order_label", 2)],
    "BertForNextSentencePrediction": [("labels", "labels", 2)],
    "MaskedLM": [("labels", "labels", -1)],
    "TokenClassification": [("labels", "labels", 0)],
    "SequenceClassification": [("labels", "labels", 0)],
    "QuestionAnswering": [("first", "start_positions", -2), ("last", "end_positions", -2)],
}


def labels_of(model):
    return next(v for end, v in LABELS.items() if model.endswith(end))


def make_labels(r, f, B, T):
    """By token where the head is; some of these do not count."""
    given, config = {}, f["config"]
    for name, _, count in labels_of(f["model"]):
        by_token = count == -1 or "Token" in f["model"]
        high = {-1: config["vocab_size"], -2: T, 0: len(config.get("id2label", "ab"))}.get(count, count)
        given[name] = r.integers(0, high, size=(B, T) if by_token else (B,)).astype(np.int32)
        if by_token:
            given[name][r.random((B, T)) < 0.4] = -100
            given[name][0, 0] = 1
    return given


def results_of(model):
    for end, results in RESULTS.items():
        if model.endswith(end):
            return results
    return dict(logits="logits")


def make_model(f, r):
    kind = getattr(transformers, f["model"])
    config = kind.config_class(**f["config"])
    config._attn_implementation = "eager"
    model = kind(config)
    fill(model, r)
    return model.float().eval()


def store(f, model, folder):
    os.makedirs(folder)
    model.save_pretrained(folder)
    if "keys" in f:
        path = os.path.join(folder, "config.json")
        config = json.load(open(path))
        config.update(f["keys"])
        json.dump(config, open(path, "w"), indent=2, sort_keys=True)


def oracle(f, folder, model, root, fn, given):
    """Outputs by the text's names, in the type that `model` has now."""
    if root != f["model"]:
        dtype = next(model.parameters()).dtype
        kind = getattr(transformers, root)
        config = kind.config_class(**f["config"])
        config._attn_implementation = "eager"
        model = kind.from_pretrained(folder, config=config).to(dtype).eval()
    names = dict(tokens="input_ids", mask="attention_mask", types="token_type_ids")
    if fn == "loss":
        names |= {ours: theirs for ours, theirs, _ in labels_of(root)}
    t = {names[k]: torch.tensor(v.astype(np.int64)) for k, v in given.items()}
    with torch.no_grad():
        y = model(**t)
    if fn == "loss":
        return dict(loss=y.loss.numpy())
    if fn == "pooled":
        return dict(pooled=y.pooler_output.numpy())
    if fn == "embed":
        x = y.last_hidden_state
        m = torch.tensor(given.get("mask", np.ones_like(given["tokens"])))[:, :, None].to(x.dtype)
        x = (x * m).sum(1) / m.sum(1).clamp(min=1e-9)
        return dict(embedding=torch.nn.functional.normalize(x, p=2, dim=1).numpy())
    return {ours: y[theirs].numpy() for ours, theirs in results_of(root).items()}


def make_case(f, folder, model, r, i, case):
    B, T, kind, *rest = case
    fn = rest[0] if rest else "forward"
    root = rest[1] if len(rest) > 1 else f["model"]
    config = f["config"]
    tokens = r.integers(0, config["vocab_size"], size=(B, T)).astype(np.int32)
    pad = config.get("pad_token_id", 0)
    given = dict(tokens=tokens)
    if kind != "bare":
        given["mask"] = make_mask(r, kind, B, T)
        if i % 2 == 1:  # half of the padded cases hold the pad token under the mask, as tokenizers do
            tokens[given["mask"] == 0] = pad
        if config.get("type_vocab_size", 0) and i % 3 != 2:
            given["types"] = r.integers(0, config["type_vocab_size"], size=(B, T)).astype(np.int32)
    if fn == "loss":
        given |= make_labels(r, f, B, T)
    low = oracle(f, folder, model.float(), root, fn, given)
    want = oracle(f, folder, model.double(), root, fn, given)
    mask = given.get("mask", np.ones_like(tokens))
    worst = 0
    entry = dict(name=f"{f['name']}/{i:02d}-{kind}-{B}x{T}" + ("" if fn == "forward" else "-" + fn), folder=f["name"],
                 model=root if root != f["model"] else None, fn=fn if fn != "forward" else None, inputs={}, outputs={})
    for k, v in given.items():
        entry["inputs"][k] = f"{f['name']}/{i:02d}.{k}.npy"
        np.save(os.path.join(OUT, entry["inputs"][k]), v)
    for k, v in want.items():
        assert v.dtype == np.float64 and np.isfinite(v).all()
        rows = mask == 1 if v.shape[:2] == mask.shape else mask.any(1)
        worst = max(worst, error(low[k], v, rows) if v.ndim else abs(low[k] - v))
        entry["outputs"][k] = f"{f['name']}/{i:02d}.{k}.npy"
        np.save(os.path.join(OUT, entry["outputs"][k]), v)
    return entry, worst


def make_folder(f):
    r = seed(f["name"])
    model = make_model(f, r)
    folder = os.path.join(OUT, f["name"])
    store(f, model, folder)
    made = [make_case(f, folder, model, r, i, case) for i, case in enumerate(f["cases"])]
    worst = max(w for _, w in made)
    print(f"{f['name']:24s} {len(made):2d} cases   float32 {worst:.1e}", flush=True)
    assert worst <= 5e-6, f["name"]
    return [entry for entry, _ in made]


# The published configurations that examples.md of the field gives counts for, beside the defaults.
SIZES = {
    "BertModel": [("base", {}), ("large", dict(layers=24, d=1024, heads=16, ff=4096))],
    "RobertaForMaskedLM": [("base", dict(vocab=50265, ctx=514, types=1)),
                           ("large", dict(layers=24, d=1024, heads=16, ff=4096, vocab=50265, ctx=514, types=1))],
    "XLMRobertaModel": [("base", dict(vocab=250002, ctx=514, types=1))],
    "ElectraForPreTraining": [("large", dict(layers=24, d=1024, heads=16, ff=4096, embedding_size=1024))],
    "AlbertForMaskedLM": [("base-v2", dict(d=768, heads=12, ff=3072)), ("xlarge-v2", dict(layers=24, d=2048, heads=16, ff=8192))],
}
KEYS = dict(layers="num_hidden_layers", d="hidden_size", heads="num_attention_heads", ff="intermediate_size",
            vocab="vocab_size", ctx="max_position_embeddings", types="type_vocab_size")
TEXTS = dict(Bert="bert", Roberta="roberta", XLMRoberta="roberta", Electra="electra", DistilBert="distilbert", Albert="albert")


def counts():
    """Parameters of each model class, counted by transformers on the meta device, with the text's --set."""
    classes = sorted({f["model"] for f in FOLDERS} | set(SIZES) |
                     {"BertForMaskedLM", "BertModel", "XLMRobertaForSequenceClassification", "XLMRobertaModel",
                      "RobertaForTokenClassification", "RobertaForQuestionAnswering"})
    table = []
    for name in classes:
        kind = getattr(transformers, name)
        text = TEXTS[name.split("For")[0].removesuffix("Model")]
        for size, sets in [("default", {})] + SIZES.get(name, []):
            config = kind.config_class(**{KEYS.get(k, k): v for k, v in sets.items()})
            with torch.device("meta"):
                model = kind(config)
            model.tie_weights()
            table.append(dict(text=text, model=name, size=size, set=sets,
                              parameters=sum(p.numel() for p in model.parameters())))
    return table


def main():
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    if sys.argv[1:] != ["counts"]:
        shutil.rmtree(OUT, ignore_errors=True)
        os.makedirs(OUT)
        cases = [c for f in FOLDERS for c in make_folder(f)]
        table = dict(oracle=f"transformers {transformers.__version__}, float64, eager attention",
                     tolerance=dict(cpu=2e-5, reference=1e-10), cases=cases)
        with open(os.path.join(OUT, "cases.json"), "w") as out:
            json.dump(table, out, indent=1)
            out.write("\n")
    with open(os.path.join(OUT, "counts.json"), "w") as out:
        out.write("[\n" + ",\n".join(json.dumps(c) for c in counts()) + "\n]\n")
    size = sum(os.path.getsize(os.path.join(p, n)) for p, _, ns in os.walk(OUT) for n in ns)
    print(f"{size / 1e6:.1f} MB")


if __name__ == "__main__":
    sys.exit(main())

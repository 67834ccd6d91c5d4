#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Makes test/golden/encdec: tiny random folders of T5, T5 v1.1, BART and Marian, inputs, outputs, sequences.

In:  the pinned packages of requirements.txt.  Out: encdec/<folder>/{config.json, *.safetensors, …},
encdec/<folder>/NN.{source,mask,target,logits}.npy, encdec/<folder>/generate-N.{tokens,mask,out}.npy, encdec/cases.json
(read by test/support/run_goldens.py) and encdec/generate-cases.json (test/support/run_generate.py).
Flow: run by hand when a folder is added, with its name; without names everything is made again.

The oracle is transformers in float64 (see decoding.py); float32 `transformers` must agree to 1e-5, so that the CPU's
tolerance is fair. Every sequence is generated for its source alone: what a batch must give too.
"""
import os, sys

import numpy as np
import torch

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import decoding
from make_bert import make_mask

OUT = os.path.join(decoding.HERE, "encdec")
BF16, F16 = torch.bfloat16, torch.float16


def t5(d, e, heads, ff, vocab, encoders, decoders, **more):
    return dict(d_model=d, d_kv=e, num_heads=heads, d_ff=ff, vocab_size=vocab, num_layers=encoders,
                num_decoder_layers=decoders, pad_token_id=0, decoder_start_token_id=0, **more)


def bart(d, vocab, encoders, decoders, ctx=80, pad=1, start=2, **more):
    """encoders, decoders: (layers, heads, feed-forward)."""
    sides = {f"{side}_{k}": v for side, values in (("encoder", encoders), ("decoder", decoders))
             for k, v in zip(("layers", "attention_heads", "ffn_dim"), values)}
    return dict(d_model=d, vocab_size=vocab, max_position_embeddings=ctx, pad_token_id=pad, decoder_start_token_id=start,
                bos_token_id=0, **sides, **more)


# A case is (batch, source tokens, target tokens, mask of make_bert.py or "bare").
CASES = [(1, 1, 1, "bare"), (3, 9, 5, "pad"), (2, 24, 21, "pad"), (2, 17, 33, "holes")]
V1_1 = dict(feed_forward_proj="gated-gelu", tie_word_embeddings=False)
OLD_BART = dict(add_bias_logits=False, add_final_layer_norm=False, normalize_before=False, classif_dropout=0.0,
                extra_pos_embeddings=2, force_bos_token_to_be_generated=False, gradient_checkpointing=False)
MARIAN = dict(model="MarianMTModel", computed=True)

FOLDERS = [
    dict(name="t5-21x3", loss=True, model="T5ForConditionalGeneration", pad=0,
         config=t5(21, 5, 3, 37, 61, 3, 2), cases=CASES + [(1, 140, 70, "bare")]),
    dict(name="t5-few-buckets", model="T5ForConditionalGeneration", pad=0, store=BF16, shards="24KB",
         config=t5(24, 8, 4, 30, 53, 2, 3, relative_attention_num_buckets=11, relative_attention_max_distance=19,
                   layer_norm_epsilon=1e-5), cases=CASES),
    dict(name="t5-published", model="T5ForConditionalGeneration", pad=0, config=t5(16, 4, 2, 40, 47, 2, 2),
         without=["dense_act_fn", "is_gated_act", "scale_decoder_outputs", "tie_word_embeddings", "is_decoder", "dtype",
                  "classifier_dropout", "num_decoder_layers"],
         keys=dict(n_positions=512, output_past=True, is_encoder_decoder=True, task_specific_params=dict(
             summarization=dict(early_stopping=True, num_beams=4, prefix="summarize: "))), cases=CASES),
    dict(name="t5-gated-tied", model="T5ForConditionalGeneration", pad=0, store=F16,
         config=t5(20, 6, 5, 33, 71, 2, 2, feed_forward_proj="gated-silu"), cases=CASES),
    dict(name="flan-untied", model="T5ForConditionalGeneration", pad=0, untie=True,
         config=t5(18, 7, 3, 29, 59, 2, 3, **V1_1), without=["scale_decoder_outputs"],
         keys=dict(tie_word_embeddings=False, n_positions=512, output_past=True), cases=CASES),
    dict(name="flan-new-untied", model="T5ForConditionalGeneration", pad=0, untie=True, store=BF16,
         config=t5(16, 4, 4, 31, 67, 2, 2, **V1_1), cases=CASES),
    dict(name="flan-new-one-matrix", model="T5ForConditionalGeneration", pad=0,
         config=t5(15, 5, 3, 20, 43, 2, 2, **V1_1), cases=CASES),
    dict(name="bart-20x5", loss=True, model="BartForConditionalGeneration", pad=1, forced=True,
         config=bart(20, 61, (2, 5, 37), (3, 4, 29)), cases=CASES + [(1, 80, 80, "bare")]),
    dict(name="bart-scaled-old-keys", model="BartForConditionalGeneration", pad=1, store=F16, shards="32KB", forced=True,
         config=bart(18, 53, (3, 3, 24), (1, 2, 41), scale_embedding=True, activation_function="relu"),
         keys=OLD_BART | dict(normalize_embedding=True, static_position_embeddings=False, save_step=58,
                              num_hidden_layers=3, prefix=" "), cases=CASES),
    dict(name="bart-untied-bf16", model="BartForConditionalGeneration", pad=0, store=BF16,
         config=bart(16, 97, (1, 4, 20), (2, 8, 33), pad=0, start=5, tie_word_embeddings=False, forced_eos_token_id=None,
                     activation_function="gelu_new"), cases=CASES),
    dict(MARIAN, name="marian-24x3", pad=60, forced=True, tables=True,
         config=bart(24, 61, (2, 3, 33), (2, 4, 25), pad=60, start=60, scale_embedding=True, activation_function="swish"),
         keys=OLD_BART | dict(normalize_embedding=False, static_position_embeddings=True, _num_labels=3,
                              extra_pos_embeddings=61, num_hidden_layers=2, classif_dropout=0.0), cases=CASES),
    dict(MARIAN, name="marian-odd-width", loss=True, pad=40, store=F16, shards="24KB",
         config=bart(15, 41, (3, 3, 20), (1, 5, 30), pad=40, start=40, forced_eos_token_id=None), cases=CASES),
    dict(MARIAN, name="marian-two-vocabularies", pad=52, forced=True, store=BF16,
         config=bart(20, 71, (1, 2, 31), (2, 5, 22), pad=52, start=52, share_encoder_decoder_embeddings=False,
                     decoder_vocab_size=53, scale_embedding=True, activation_function="relu"), cases=CASES),
    # Without a head; the third is also read as the model with one, whose bias of logits is not stored.
    dict(name="t5-bare", model="T5Model", pad=0, eos=1, generates=False, config=t5(14, 5, 2, 23, 37, 2, 1), cases=CASES),
    dict(name="t5-encoder", model="T5EncoderModel", pad=0, eos=1, generates=False, config=t5(12, 3, 4, 25, 31, 2, 1),
         cases=CASES),
    dict(name="bart-bare", model="BartModel", pad=1, eos=2, generates=False, also="BartForConditionalGeneration",
         config=bart(15, 43, (2, 3, 19), (1, 5, 27)), cases=CASES),
]

for f in FOLDERS:  # sequences that vary: small embeddings, places that count, the best of some draws
    if f.get("generates", True):
        f.update(gain=(1.1, 0.5, 3.0), tries=8)
        if f["model"][:2] == "T5":
            f.update(last="decoder.final_layer_norm",
                     sharp=3.0 if f["config"].get("tie_word_embeddings") is False else 10.0)
        else:
            f.update(last=f"model.decoder.layers.{f['config']['decoder_layers'] - 1}.final_layer_norm", sharp=3.0)


def forward(model, given):
    t = {k: torch.tensor(v.astype(np.int64)) for k, v in given.items()}
    names = dict(source="input_ids", tokens="input_ids", mask="attention_mask", target="decoder_input_ids",
                 labels="labels")
    with torch.no_grad():
        y = model(**{names[k]: v for k, v in t.items()})
    if "labels" in given:
        return {"loss": y.loss.numpy()}
    return {"logits": y.logits.numpy()} if "logits" in y else {"hidden": y.last_hidden_state.numpy()}


def with_head(f, model):
    """The model with a head that reads the same weights under a prefix."""
    made = decoding.make_model(dict(f, model=f["also"]))
    made.load_state_dict({f"model.{k}": v for k, v in model.state_dict().items()}, strict=False)
    made.tie_weights()
    return made.to(next(model.parameters()).dtype)


def run(f, out, narrow, wide, r):
    made, c = [], f["config"]
    for i, (B, S, T, kind) in enumerate(f["cases"]):
        encoder = f["model"] == "T5EncoderModel"
        source = r.integers(0, c["vocab_size"], size=(B, S)).astype(np.int32)
        given = {"tokens" if encoder else "source": source}
        mask = make_mask(r, kind, B, S)
        if kind != "bare":
            given["mask"] = mask
            if i % 2:
                source[mask == 0] = f["pad"]
        if not encoder:
            given["target"] = r.integers(0, c.get("decoder_vocab_size", c["vocab_size"]), size=(B, T)).astype(np.int32)
        rows = mask if encoder else np.ones((B, T))
        low = forward(narrow, given)
        with decoding.exact():
            want = forward(wide, given)
        made.append(decoding.write_case(f, out, i, f"{kind}-{B}x{S}-{T}", given, low, want, rows))
    if f.get("loss"):
        given["labels"] = decoding.labels_for(r, c["vocab_size"], given.pop("target").shape)
        low = forward(narrow, given)
        with decoding.exact():
            want = forward(wide, given)
        made.append(decoding.write_case(f, out, i + 1, "loss", given, low, want, rows))
    if "also" in f:
        low = forward(with_head(f, narrow), given)
        with decoding.exact():
            want = forward(with_head(f, wide), given)
        made.append(decoding.write_case(f, out, i + 1, "with-head", given, low, want, rows))
        made[-1][0]["model"] = f["also"]
    return [entry for entry, _ in made], max(worst for _, worst in made)


if __name__ == "__main__":
    sys.exit(decoding.make(FOLDERS, OUT, run))

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Makes test/golden/decoder: tiny random folders of GPT-1, GPT-2, Llama, Mistral, Qwen2 and Qwen3, inputs, outputs, sequences.

In:  the pinned packages of requirements.txt.  Out: decoder/<folder>/{config.json, *.safetensors, …},
decoder/<folder>/NN.{tokens,logits}.npy, decoder/<folder>/generate-N.{tokens,mask,out}.npy, decoder/cases.json (read by
test/support/run_goldens.py) and decoder/generate-cases.json (test/support/run_generate.py).
Flow: run by hand when a folder is added, with its name; without names everything is made again.

The oracle is transformers in float64 (see decoding.py); float32 `transformers` must agree to 1e-5, so that the CPU's
tolerance is fair. Every sequence is generated for its prompt alone: what a batch must give too.
"""
import os, sys

import numpy as np
import torch

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import decoding

OUT = os.path.join(decoding.HERE, "decoder")
BF16, F16 = torch.bfloat16, torch.float16


def gpt(d, heads, vocab, layers, ctx, **more):
    return dict(n_embd=d, n_head=heads, vocab_size=vocab, n_layer=layers, n_positions=ctx, bos_token_id=0, **more)


def llama(d, heads, kv, ff, vocab, layers, ctx=128, **more):
    return dict(hidden_size=d, num_attention_heads=heads, num_key_value_heads=kv, intermediate_size=ff, vocab_size=vocab,
                num_hidden_layers=layers, max_position_embeddings=ctx, bos_token_id=1, **more)


def rope(kind, theta=10000.0, **more):
    return dict(rope_parameters=dict(rope_type=kind, rope_theta=theta, **more))


CASES = [(1, 1), (3, 7), (2, 33)]

def mistral(d, heads, kv, ff, vocab, layers, window, **more):
    return llama(d, heads, kv, ff, vocab, layers, **more) | dict(sliding_window=window)


def qwen(*sizes, **more):
    return llama(*sizes) | dict(bos_token_id=None) | more


# `pad` is what ends a short row: none means EOS. `keys` and `without` make config.json as older versions wrote it.
FOLDERS = [
    dict(name="gpt2-21x3", loss=True, model="GPT2LMHeadModel", config=gpt(21, 3, 61, 3, 70), pad=None, cases=CASES + [(1, 70)]),
    dict(name="gpt2-depth-untied", model="GPT2LMHeadModel", pad=0, store=BF16,
         config=gpt(20, 5, 53, 3, 64, scale_attn_by_inverse_layer_idx=True, reorder_and_upcast_attn=True,
                    tie_word_embeddings=False, activation_function="relu", n_inner=37, layer_norm_epsilon=1e-3),
         cases=CASES),
    dict(name="gpt2-unscaled-shards", model="GPT2LMHeadModel", pad=None, store=F16, shards="12KB", gain=(0.9,),
         config=gpt(24, 4, 97, 2, 64, scale_attn_weights=False, activation_function="gelu", n_inner=50),
         keys=dict(n_ctx=64, gradient_checkpointing=False), cases=CASES),
    dict(name="gpt2-base", model="GPT2Model", pad=None, eos=0, generates=False,
         config=gpt(14, 7, 43, 2, 64, activation_function="silu"), cases=CASES),
    dict(name="llama-30x5", loss=True, model="LlamaForCausalLM", config=llama(30, 5, 5, 41, 61, 3), pad=0, cases=CASES),
    dict(name="llama-grouped-llama3", model="LlamaForCausalLM", pad=None, store=BF16, more_eos=5,
         config=llama(24, 6, 2, 37, 97, 2, tie_word_embeddings=True, attention_bias=True,
                      **rope("llama3", 5000.0, factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
                             original_max_position_embeddings=32)), cases=CASES + [(1, 65)]),
    dict(name="llama-one-key-linear", model="LlamaForCausalLM", pad=0, store=F16, shards="16KB",
         config=llama(20, 4, 1, 33, 53, 2, mlp_bias=True, head_dim=10, hidden_act="gelu", rms_norm_eps=1e-4,
                      **rope("linear", factor=2.5)), cases=CASES),
    dict(name="llama-yarn", model="LlamaForCausalLM", pad=0,
         config=llama(32, 2, 1, 40, 59, 2, ctx=256, **rope("yarn", factor=4.0, original_max_position_embeddings=64)),
         cases=CASES + [(1, 90)]),
    dict(name="llama-yarn-old-keys", model="LlamaForCausalLM", pad=0,
         config=llama(24, 3, 3, 40, 47, 2, ctx=64, attention_bias=True, mlp_bias=True,
                      **rope("yarn", 500.0, factor=2.5, original_max_position_embeddings=48, beta_fast=16, beta_slow=2,
                             truncate=False, mscale=0.707, mscale_all_dim=1.2)),
         without=["rope_parameters", "head_dim"],
         keys=dict(rope_theta=500.0, rope_scaling=dict(type="yarn", factor=2.5, original_max_position_embeddings=48,
                                                       beta_fast=16, beta_slow=2, truncate=False, mscale=0.707,
                                                       mscale_all_dim=1.2), pretraining_tp=1, torch_dtype="float32"),
         cases=CASES),
    dict(name="mistral-window", model="MistralForCausalLM", pad=0, config=mistral(24, 6, 3, 40, 61, 2, 5), cases=CASES),
    dict(name="mistral-window-one", model="MistralForCausalLM", pad=None, store=F16,
         config=mistral(20, 2, 1, 31, 47, 3, 17, head_dim=6, tie_word_embeddings=True, rope_theta=1e6), cases=CASES),
    dict(name="mistral-no-window", model="MistralForCausalLM", pad=0, store=BF16, shards="16KB",
         config=mistral(18, 3, 3, 37, 53, 2, None), cases=CASES),
    dict(name="qwen2-12x2", model="Qwen2ForCausalLM", pad=None, store=BF16,
         config=qwen(12, 2, 1, 29, 71, 3, rope_theta=1e6, tie_word_embeddings=True), cases=CASES),
    dict(name="qwen2-late-windows", model="Qwen2ForCausalLM", pad=0,
         config=qwen(28, 7, 7, 33, 59, 3, use_sliding_window=True, sliding_window=6, max_window_layers=1), cases=CASES),
    dict(name="qwen2-written-layers", model="Qwen2ForCausalLM", pad=0, shards="16KB",
         config=qwen(24, 6, 2, 41, 43, 3, use_sliding_window=True, sliding_window=9,
                     layer_types=["sliding_attention", "full_attention", "sliding_attention"]), cases=CASES),
    dict(name="qwen2-old-keys", model="Qwen2ForCausalLM", pad=0, without=["layer_types", "rope_parameters"],
         config=qwen(16, 4, 2, 30, 67, 2, use_sliding_window=False, sliding_window=4, max_window_layers=1,
                     rope_theta=1e6), keys=dict(rope_theta=1e6, sliding_window=4, torch_dtype="float32"), cases=CASES),
    dict(name="qwen3-20x5", model="Qwen3ForCausalLM", pad=0, config=qwen(20, 5, 1, 37, 61, 2, head_dim=8), cases=CASES),
    dict(name="qwen3-biased-tied", model="Qwen3ForCausalLM", pad=None, store=BF16,
         config=qwen(24, 4, 2, 31, 97, 3, head_dim=10, attention_bias=True, tie_word_embeddings=True, rms_norm_eps=1e-5),
         cases=CASES),
    dict(name="qwen3-windows-yarn", model="Qwen3ForCausalLM", pad=0, store=F16,
         config=qwen(18, 3, 3, 40, 53, 3, head_dim=4, use_sliding_window=True, sliding_window=7, max_window_layers=2,
                     **rope("yarn", 1e4, factor=2.0, original_max_position_embeddings=64, attention_factor=1.3)),
         cases=CASES),
    dict(name="gpt-15x5", loss=True, model="OpenAIGPTLMHeadModel", pad=0, cache=False, config=gpt(15, 5, 61, 2, 64), cases=CASES),
    dict(name="gpt-untied-relu", model="OpenAIGPTLMHeadModel", pad=0, cache=False, store=F16, shards="12KB",
         config=gpt(16, 1, 43, 3, 60, tie_word_embeddings=False, afn="relu", layer_norm_epsilon=1e-4),
         keys=dict(n_ctx=60, n_special=0, predict_special_tokens=True), cases=CASES),
    dict(name="gpt-silu-bf16", model="OpenAIGPTLMHeadModel", pad=0, cache=False, store=BF16,
         config=gpt(24, 4, 97, 2, 70, afn="silu"), cases=CASES + [(1, 70)]),
    dict(name="gpt-base", model="OpenAIGPTModel", pad=None, eos=0, generates=False, config=gpt(18, 2, 37, 2, 64), cases=CASES),
]


def forward(model, tokens, labels=None):
    t = [None if v is None else torch.tensor(v.astype(np.int64)) for v in (tokens, labels)]
    with torch.no_grad():
        y = model(t[0], labels=t[1]) if labels is not None else model(t[0])
    if labels is not None:
        return {"loss": y.loss.numpy()}
    return {"logits": y.logits.numpy()} if "logits" in y else {"hidden": y.last_hidden_state.numpy()}


def run(f, out, narrow, wide, r):
    made, vocab = [], f["config"]["vocab_size"]
    for i, (B, T) in enumerate(f["cases"]):
        given = dict(tokens=r.integers(0, vocab, size=(B, T)).astype(np.int32))
        given["tokens"].flat[:2] = [vocab - 1, 0][:B * T]
        low = forward(narrow, **given)
        with decoding.exact():
            want = forward(wide, **given)
        made.append(decoding.write_case(f, out, i, f"{B}x{T}", given, low, want, np.ones((B, T))))
    if f.get("loss"):
        given["labels"] = decoding.labels_for(r, vocab, given["tokens"].shape)
        low = forward(narrow, **given)
        with decoding.exact():
            want = forward(wide, **given)
        made.append(decoding.write_case(f, out, i + 1, "loss", given, low, want, np.ones((B, T))))
    return [entry for entry, _ in made], max(worst for _, worst in made)


if __name__ == "__main__":
    sys.exit(decoding.make(FOLDERS, OUT, run))

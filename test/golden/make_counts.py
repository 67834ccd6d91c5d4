#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Makes test/golden/decoder/counts.json: the parameters of published decoders and encoder-decoders.

In:  the pinned packages of requirements.txt.  Out: one entry a size: the text, the model, its --set, the parameters as
transformers counts them on the meta device. Flow: run by hand; read by test/support/run_counts.py.
Tables by formula (Marian's positions) are frozen parameters there and none here.
"""
import json, os, sys

import torch
import transformers

HERE = os.path.dirname(os.path.abspath(__file__))
GPT = dict(vocab="vocab_size", ctx="n_positions", d="n_embd", layers="n_layer", heads="n_head", ff="n_inner")
LLAMA = dict(vocab="vocab_size", d="hidden_size", ff="intermediate_size", layers="num_hidden_layers", tied="tie_word_embeddings",
             heads="num_attention_heads", kv_heads="num_key_value_heads", head_dim="head_dim")
T5 = dict(d="d_model", e="d_kv", ff="d_ff", heads="num_heads", encoders="num_layers", kind="feed_forward_proj",
          tied="tie_word_embeddings")
BART = dict(vocab="vocab_size", d="d_model", ctx="max_position_embeddings", encoders="encoder_layers",
            encoder_heads="encoder_attention_heads", encoder_ff="encoder_ffn_dim", decoders="decoder_layers",
            decoder_heads="decoder_attention_heads", decoder_ff="decoder_ffn_dim", pad="pad_token_id")


def both(**more):
    return {f"{side}_{k}" if k != "layers" else f"{side}s": v for side in ("encoder", "decoder") for k, v in more.items()}


def t5(d, ff, e, heads, layers, **more):
    return dict(d=d, ff=ff, e=e, heads=heads, encoders=layers, **more)


FLAN = dict(kind="gated-gelu", tied=False)
SIZES = [
    ("gpt", "OpenAIGPTLMHeadModel", GPT, {"default": {}}),
    ("gpt2", "GPT2LMHeadModel", GPT, {"small": {}, "medium": dict(layers=24, d=1024, heads=16),
                                      "large": dict(layers=36, d=1280, heads=20), "xl": dict(layers=48, d=1600, heads=25)}),
    ("llama", "LlamaForCausalLM", LLAMA, {
        "2 7B": {}, "3 8B": dict(vocab=128256, ff=14336, kv_heads=8),
        "3.2 1B": dict(vocab=128256, d=2048, ff=8192, layers=16, kv_heads=8, tied=True)}),
    ("llama", "MistralForCausalLM", LLAMA, {"7B": {}}),
    ("llama", "Qwen2ForCausalLM", LLAMA, {"2.5 0.5B": dict(d=896, ff=4864, layers=24, heads=14, kv_heads=2, tied=True)}),
    ("llama", "Qwen3ForCausalLM", LLAMA, {"0.6B": dict(d=1024, ff=3072, layers=28, heads=16, kv_heads=8, tied=True)}),
    ("t5", "T5ForConditionalGeneration", T5, {
        "small": {}, "base": t5(768, 3072, 64, 12, 12), "large": t5(1024, 4096, 64, 16, 24),
        "3B": t5(1024, 16384, 128, 32, 24), "11B": t5(1024, 65536, 128, 128, 24),
        "FLAN small": t5(512, 1024, 64, 6, 8, **FLAN), "FLAN base": t5(768, 2048, 64, 12, 12, **FLAN)}),
    ("bart", "BartForConditionalGeneration", BART, {"base": dict(d=768, **both(layers=6, heads=12, ff=3072)), "large": {}}),
    ("marian", "MarianMTModel", BART, {
        "opus-mt": dict(d=512, ctx=512, **both(layers=6, heads=8, ff=2048)),
        "opus-mt big": dict(vocab=58834, pad=58833, **both(layers=6, heads=16, ff=4096))}),
]


def count(name, keys, sets):
    kind = getattr(transformers, name)
    with torch.device("meta"):
        model = kind(kind.config_class(**{keys[k]: v for k, v in sets.items()}))
    model.tie_weights()
    total = sum(p.numel() for n, p in model.named_parameters() if not (name == "MarianMTModel" and "embed_positions" in n))
    # transformers ties this head whatever the configuration says; the files hold their own
    own_head = name == "T5ForConditionalGeneration" and sets.get("tied") is False
    return total + (model.lm_head.weight.numel() if own_head else 0)


def main():
    table = [dict(text=text, model=name, size=size, set={k: str(v).lower() if isinstance(v, bool) else v for k, v in sets.items()},
                  parameters=count(name, keys, sets))
             for text, name, keys, sizes in SIZES for size, sets in sizes.items()]
    with open(os.path.join(HERE, "decoder", "counts.json"), "w") as out:
        out.write("[\n" + ",\n".join(json.dumps(c) for c in table) + "\n]\n")
    for c in table:
        print(f"{c['model']:30s} {c['size']:12s} {c['parameters']:>14,}")


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Makes the models that generate, with random weights, and brings them into the form that a peer runs.

In:  what to make, a folder.  Out: the folder, whole or not at all, and `seconds` in it.  Flow: bench/run.py calls it once
for each and keeps the result.  Speed needs no download: weights are as `transformers` begins them, sizes are the published.

  generators.py gpt2|gpt2-bf16|gpt2-f16|t5-small|t5-base OUT     a Hugging Face folder
  generators.py gguf f32|f16|bf16 FOLDER OUT                     model.gguf of a GPT-2 folder, tokenizer "none" (llama.cpp)
  generators.py ctranslate2 FOLDER OUT                           a GPT-2 or T5 folder as CTranslate2 wants it, float32
"""
import json, os, shutil, sys, time, warnings

T5 = dict(small=dict(d_model=512, d_ff=2048, num_layers=6, num_heads=8), base=dict(d_model=768, d_ff=3072, num_layers=12, num_heads=12))


def libraries():
    import torch, transformers
    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    torch.manual_seed(0)
    return torch, transformers


def make(kind, out):
    torch, t = libraries()
    family, _, variant = kind.partition("-")
    if family == "gpt2":
        model = t.GPT2LMHeadModel(t.GPT2Config())
        model.to({"": torch.float32, "bf16": torch.bfloat16, "f16": torch.float16}[variant])
    else:
        model = t.T5ForConditionalGeneration(t.T5Config(vocab_size=32128, d_kv=64, decoder_start_token_id=0, **T5[variant]))
    model.save_pretrained(out)


def load(folder):
    torch, t = libraries()
    with open(os.path.join(folder, "config.json")) as f:
        name = json.load(f)["architectures"][0]
    return getattr(t, name).from_pretrained(folder, dtype=torch.float32).eval()


def to_gguf(kind, folder, out):
    """What llama.cpp's own converter writes for GPT-2, but for the words, which nobody asks for."""
    import gguf
    import numpy as np
    model = load(folder)
    c, dtype = model.config, {"f32": gguf.GGMLQuantizationType.F32, "f16": gguf.GGMLQuantizationType.F16,
                              "bf16": gguf.GGMLQuantizationType.BF16}[kind]
    w = gguf.GGUFWriter(os.path.join(out, "model.gguf"), "gpt2")
    w.add_context_length(c.n_positions)
    w.add_embedding_length(c.n_embd)
    w.add_feed_forward_length(4 * c.n_embd)
    w.add_block_count(c.n_layer)
    w.add_head_count(c.n_head)
    w.add_layer_norm_eps(c.layer_norm_epsilon)
    w.add_vocab_size(c.vocab_size)
    w.add_tokenizer_model("none")
    w.add_file_type({"f32": 0, "f16": 1, "bf16": 32}[kind])

    def add(name, tensor, matrix=False):
        array = np.ascontiguousarray(tensor.detach().float().numpy())
        kind = dtype if matrix else gguf.GGMLQuantizationType.F32
        w.add_tensor(name, gguf.quants.quantize(array, kind), raw_dtype=kind)

    body = model.transformer
    add("token_embd.weight", body.wte.weight, matrix=True)
    add("position_embd.weight", body.wpe.weight)
    for part in ("weight", "bias"):
        add("output_norm." + part, getattr(body.ln_f, part))
    if not c.tie_word_embeddings:
        add("output.weight", model.lm_head.weight, matrix=True)
    for i, block in enumerate(body.h):
        for name, module in (("attn_norm", block.ln_1), ("attn_qkv", block.attn.c_attn), ("attn_output", block.attn.c_proj),
                             ("ffn_norm", block.ln_2), ("ffn_up", block.mlp.c_fc), ("ffn_down", block.mlp.c_proj)):
            isMatrix = module.weight.dim() == 2  # stored [in, out]; GGUF wants a row for each output
            add(f"blk.{i}.{name}.weight", module.weight.T if isMatrix else module.weight, matrix=isMatrix)
            add(f"blk.{i}.{name}.bias", module.bias)
    w.write_header_to_file()
    w.write_kv_data_to_file()
    w.write_tensors_to_file()
    w.close()


def to_ctranslate2(folder, out):
    from ctranslate2.converters import transformers as loaders
    model = load(folder)
    words = [f"w{i}" for i in range(model.config.vocab_size)]
    isT5 = hasattr(model.config, "d_kv")
    loader = loaders.T5Loader() if isT5 else loaders.GPT2Loader()
    spec = loader.get_model_spec(model)
    loader.set_vocabulary(spec, words)
    spec.config.unk_token = words[3]
    spec.config.bos_token, spec.config.eos_token = words[0], words[1]
    if isT5:
        spec.config.decoder_start_token = words[0]
    spec.validate()
    spec.optimize(quantization="float32")
    spec.save(out)


def main():
    warnings.filterwarnings("ignore")
    words, out = sys.argv[1:-1], sys.argv[-1]
    part = out + ".part"
    shutil.rmtree(part, ignore_errors=True)
    os.makedirs(part)
    start = time.perf_counter()
    if words[0] == "gguf":
        to_gguf(words[1], words[2], part)
    elif words[0] == "ctranslate2":
        to_ctranslate2(words[1], part)
    else:
        make(words[0], part)
    with open(os.path.join(part, "seconds"), "w") as f:
        f.write(f"{time.perf_counter() - start:.1f}\n")
    shutil.rmtree(out, ignore_errors=True)
    os.rename(part, out)


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main()

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes a Hugging Face folder of BERT in the form that a peer runs fastest.

In:  a form, the folder, a folder to make.  Out: the model's files, whole or not at all, and `seconds` (what it took).
Flow: bench/run.py calls it once for each peer and keeps the result. One process each: it needs several GB.

  onnxruntime  torch's exporter, then onnxruntime.transformers.optimizer: fused biases, GELU and skip norms
  openvino     converted from torch's trace, which keeps attention as one operation; float32
  ctranslate2  its own converter, with a vocabulary of made-up words
"""
import os, shutil, sys, time, warnings


def load(folder, attention):
    import torch, transformers
    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    return transformers.BertModel.from_pretrained(folder, attn_implementation=attention, dtype=torch.float32).eval()


def hidden_only(model):
    """tokens -> last hidden state; the pooler, which nobody asks for, falls away in tracing."""
    import torch

    class Hidden(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.model = model

        def forward(self, tokens):
            return self.model(tokens, return_dict=False)[0]

    return Hidden().eval()


def to_onnxruntime(folder, out):
    import torch
    from onnxruntime.transformers import optimizer
    model = load(folder, "eager")
    plain = os.path.join(out, "plain.onnx")
    with torch.no_grad():
        torch.onnx.export(hidden_only(model), (torch.zeros(2, 16, dtype=torch.int64),), plain, dynamo=True,
                          input_names=["tokens"], output_names=["hidden"], external_data=False,
                          dynamic_shapes={"tokens": {0: "B", 1: "T"}})
    fused = optimizer.optimize_model(plain, model_type="bert", num_heads=model.config.num_attention_heads,
                                     hidden_size=model.config.hidden_size, opt_level=0)
    fused.save_model_to_file(os.path.join(out, "model.onnx"))
    os.remove(plain)


def to_openvino(folder, out):
    import openvino, torch
    with torch.no_grad():
        model = openvino.convert_model(hidden_only(load(folder, "eager")), input=[("tokens", openvino.PartialShape([-1, -1]))],
                                       example_input=torch.zeros(1, 16, dtype=torch.int64))
    openvino.save_model(model, os.path.join(out, "model.xml"), compress_to_fp16=False)


def to_ctranslate2(folder, out):
    from ctranslate2.converters.transformers import BertLoader
    model = load(folder, "eager")
    model.config.position_embedding_type = "absolute"  # the converter asks for it; newer configurations leave it out
    spec = BertLoader().get_model_spec(model)
    spec.register_vocabulary([f"word{i}" for i in range(model.config.vocab_size)])
    spec.config.unk_token = "word0"
    spec.config.layer_norm_epsilon = model.config.layer_norm_eps
    spec.validate()
    spec.optimize(quantization="float32")
    spec.save(out)


FORMS = {"onnxruntime": to_onnxruntime, "openvino": to_openvino, "ctranslate2": to_ctranslate2}


def main():
    if len(sys.argv) != 4 or sys.argv[1] not in FORMS:
        sys.exit(f"usage: convert.py {'|'.join(FORMS)} FOLDER OUT")
    form, folder, out = sys.argv[1:]
    warnings.filterwarnings("ignore")
    part = out + ".part"
    shutil.rmtree(part, ignore_errors=True)
    os.makedirs(part)
    start = time.perf_counter()
    FORMS[form](folder, part)
    with open(os.path.join(part, "seconds"), "w") as f:
        f.write(f"{time.perf_counter() - start:.1f}\n")
    shutil.rmtree(out, ignore_errors=True)
    os.rename(part, out)


if __name__ == "__main__":
    main()

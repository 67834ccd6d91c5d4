#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Makes test/golden/lora: tiny random models, PEFT adapters for them, inputs, and the outputs of `peft`.

In:  the pinned packages of requirements.txt.  Out: lora/<base>/{config.json, model.safetensors},
lora/<base>/<adapter>/{adapter_config.json, adapter_model.safetensors, *.npy} and lora/cases.json.
Flow: run by hand when a case is added; the tests read only what it wrote (test/support/run_goldens.py).

The oracle is peft on transformers in float64 with eager attention; what transformers computes in float32 even
there (RMS norms, rotary angles, softmax) is patched. Every adapter runs unmerged and merged; float32 must agree to 5e-6.
"""
import contextlib, copy, json, os, shutil, sys

import numpy as np
import peft
import torch
import transformers as tf
from transformers.models.llama import modeling_llama
from transformers.models.t5 import modeling_t5

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from make_bert import error, fill, make_mask, seed

HERE = os.path.dirname(os.path.abspath(__file__))
OUT = os.path.join(HERE, "lora")


def rms(self, x):
    return self.weight * (x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.variance_epsilon))


def rotary(self, x, position_ids):
    half = self.config.head_dim // 2
    theta = self.config.rope_parameters["rope_theta"]
    inverse = theta ** -(torch.arange(half, dtype=torch.float64) / half)
    angle = (position_ids[:, :, None].double() * inverse).repeat(1, 1, 2)
    return angle.cos().to(x.dtype), angle.sin().to(x.dtype)


modeling_llama.LlamaRMSNorm.forward = rms
modeling_llama.LlamaRotaryEmbedding.forward = rotary
modeling_t5.T5LayerNorm.forward = rms

BERT = dict(hidden_size=20, num_attention_heads=5, intermediate_size=28, vocab_size=41, num_hidden_layers=3,
            max_position_embeddings=40)
BASES = {
    "bert": lambda: tf.BertForMaskedLM(tf.BertConfig(**BERT)),
    "bert-untied": lambda: tf.BertForMaskedLM(tf.BertConfig(**BERT, tie_word_embeddings=False)),
    "bert-sequence": lambda: tf.BertForSequenceClassification(tf.BertConfig(**BERT, num_labels=3)),
    "gpt2": lambda: tf.GPT2LMHeadModel(tf.GPT2Config(n_embd=18, n_head=3, n_layer=3, vocab_size=43, n_positions=40,
                                                     bos_token_id=0, eos_token_id=0)),
    "llama": lambda: tf.LlamaForCausalLM(tf.LlamaConfig(
        hidden_size=24, intermediate_size=36, num_hidden_layers=3, num_attention_heads=6, num_key_value_heads=2,
        vocab_size=47, max_position_embeddings=64)),
    "t5": lambda: tf.T5ForConditionalGeneration(tf.T5Config(
        d_model=16, d_kv=5, d_ff=24, num_layers=2, num_decoder_layers=2, num_heads=3, vocab_size=39,
        feed_forward_proj="gated-gelu", tie_word_embeddings=False, decoder_start_token_id=0)),
}
# base -> (name, options of LoraConfig); "merge": the folder that `sinter merge` writes is run too.
ADAPTERS = {
    "bert": [
        ("list", dict(r=4, lora_alpha=9, target_modules=["query", "value"]), "merge"),
        ("pattern", dict(r=3, target_modules=r".*layer\.[02]\.(attention\.self\.(key|query)|output\.dense)$")),
        ("rslora", dict(r=6, lora_alpha=5, use_rslora=True, target_modules=["query", "intermediate.dense"]), "merge"),
        ("dora", dict(r=2, use_dora=True, target_modules=["query", "value", "dense"]), "merge"),
        ("bias-all", dict(r=2, bias="all", target_modules=["key"]), "merge"),
        ("bias-targets", dict(r=2, bias="lora_only", target_modules=["key", "attention.output.dense"])),
        ("layers", dict(r=2, target_modules=["query", "value"], layers_to_transform=[0, 2])),
        ("layers-pattern", dict(r=2, target_modules=["query"], layers_to_transform=1, layers_pattern="layer")),
        ("patterns", dict(r=2, lora_alpha=4, target_modules=["query", "value", "key"],
                          rank_pattern={"query": 5, r"layer\.1\..*value": 3}, alpha_pattern={r".*\.2\..*\.key": 11})),
        ("all-linear", dict(r=2, target_modules="all-linear")),
        ("exclude", dict(r=2, target_modules=["dense", "query"], exclude_modules=r".*\.output\.dense")),
    ],
    "bert-untied": [
        ("table", dict(r=3, lora_alpha=5, target_modules=["word_embeddings", "query"]), "merge"),
        ("table-dora", dict(r=3, use_dora=True, target_modules=["word_embeddings"]), "merge"),
    ],
    "bert-sequence": [
        ("saved", dict(r=3, target_modules=["query"], task_type="SEQ_CLS"), "merge"),
        ("saved-pooler", dict(r=3, target_modules=["value"], modules_to_save=["pooler", "classifier"]), "merge"),
    ],
    "gpt2": [
        ("fan", dict(r=4, lora_alpha=7, target_modules=["c_attn", "c_proj"], fan_in_fan_out=True), "merge"),
        ("fan-dora", dict(r=2, use_dora=True, target_modules=["c_attn", "mlp.c_fc"], fan_in_fan_out=True), "merge"),
        ("table", dict(r=2, target_modules=["wte", "c_fc"])),
        ("saved-head", dict(r=2, target_modules="all-linear", modules_to_save=["lm_head"])),
    ],
    "llama": [
        ("list", dict(r=4, target_modules=["q_proj", "v_proj"]), "merge"),
        ("all-linear", dict(r=3, use_rslora=True, target_modules="all-linear"), "merge"),
        ("dora", dict(r=2, use_dora=True, target_modules=["k_proj", "down_proj"])),
    ],
    "t5": [
        ("list", dict(r=4, target_modules=["q", "v"]), "merge"),
        ("all-linear", dict(r=2, lora_alpha=3, target_modules="all-linear")),
    ],
}
# base, adapters, the adapter of each row (-1: none)
BANKS = [("bert", ["list", "patterns", "layers"], [2, -1, 0, 1, 0]), ("gpt2", ["fan", "fan-two"], [1, 0, -1]),
         ("llama", ["list", "all-linear"], [0, 1, -1, 1]), ("t5", ["list", "all-linear"], [1, -1, 0])]
ADAPTERS["gpt2"].append(("fan-two", dict(r=1, target_modules=["c_attn"], fan_in_fan_out=True)))


def make_inputs(base, r, rows=3):
    vocab = {"gpt2": 43, "llama": 47, "t5": 39}.get(base, 41)
    tokens = r.integers(0, vocab, size=(rows, 9)).astype(np.int32)
    if base.startswith("bert"):
        return dict(tokens=tokens, mask=make_mask(r, "pad", rows, 9))
    if base == "t5":
        return dict(source=tokens, mask=make_mask(r, "pad", rows, 9),
                    target=r.integers(0, vocab, size=(rows, 6)).astype(np.int32))
    return dict(tokens=tokens)


@contextlib.contextmanager
def exact(model):
    """Inside, torch.float32 means the model's own type: softmax is asked for in float32 by name."""
    kept = torch.float32, torch.float
    torch.float32 = torch.float = next(model.parameters()).dtype
    try:
        yield
    finally:
        torch.float32, torch.float = kept


def oracle(model, given):
    with exact(model):
        return run(model, given)


def run(model, given):
    t = {k: torch.tensor(v.astype(np.int64)) for k, v in given.items()}
    with torch.no_grad():
        if "source" in t:
            return model(input_ids=t["source"], attention_mask=t["mask"], decoder_input_ids=t["target"]).logits.numpy()
        more = dict(attention_mask=t["mask"]) if "mask" in t else {}
        return model(input_ids=t["tokens"], **more).logits.numpy()


def rows_of(given):
    return given["mask"] == 1 if "mask" in given and "source" not in given else None


def check(low, want, given, shape):
    rows = np.ones(shape[:2] if len(shape) == 3 else shape[:1], bool)
    if len(shape) == 3 and rows_of(given) is not None:
        rows = rows_of(given)
    assert want.dtype == np.float64 and np.isfinite(want).all()
    return error(low, want, rows)


def write(case, folder, number, given, want, tail=""):
    for k, v in given.items():
        case["inputs"][k] = f"{folder}/{number}{tail}.{k}.npy"
        np.save(os.path.join(OUT, case["inputs"][k]), v)
    case["outputs"]["logits"] = f"{folder}/{number}{tail}.logits.npy"
    np.save(os.path.join(OUT, case["outputs"]["logits"]), want)


def make_adapter(base, name, options, folder, r):
    model = BASES[base]()
    model.config._attn_implementation = "eager"
    model.load_state_dict(copy.deepcopy(STATES[base]))
    torch.manual_seed(1)
    model = peft.get_peft_model(model.eval(), peft.LoraConfig(**options))
    with torch.no_grad():
        for key, p in model.named_parameters():
            if p.requires_grad and "magnitude" in key:
                p.mul_(torch.tensor(1 + 0.3 * r.normal(size=p.shape)))
            elif p.requires_grad:
                p.copy_(torch.tensor(0.25 * r.normal(size=p.shape)))
    model.save_pretrained(os.path.join(OUT, folder))
    if os.path.exists(os.path.join(OUT, folder, "README.md")):
        os.remove(os.path.join(OUT, folder, "README.md"))
    # peft writes sets in any order, and "all-linear" as the names that it found.
    path = os.path.join(OUT, folder, "adapter_config.json")
    config = json.load(open(path))
    found = options["target_modules"]
    config["target_modules"] = found if found == "all-linear" or isinstance(found, str) else sorted(found)
    with open(path, "w") as out:
        json.dump(config, out, indent=1, sort_keys=True)
        out.write("\n")
    return model.eval()


STATES = {}


def main():
    torch.set_num_threads(1)
    shutil.rmtree(OUT, ignore_errors=True)
    cases, made = [], {}
    for base, build in BASES.items():
        model = build().eval()
        model.config._attn_implementation = "eager"
        fill(model, seed("lora/" + base))
        model.save_pretrained(os.path.join(OUT, base))
        for extra in ("generation_config.json",):
            path = os.path.join(OUT, base, extra)
            if os.path.exists(path):
                os.remove(path)
        STATES[base] = {k: v.clone() for k, v in model.state_dict().items()}
        for name, options, *rest in ADAPTERS[base]:
            folder = f"{base}/{name}"
            r = seed("lora/" + folder)
            adapted = make_adapter(base, name, options, folder, r)
            given = make_inputs(base, r)
            low = oracle(adapted.float(), given)
            want = oracle(adapted.double(), given)
            plain = oracle(model.double(), given)
            model.float()
            worst = check(low, want, given, want.shape)
            print(f"{folder:28s} float32 {worst:.1e}   moved by {np.abs(plain - want).max():.2f}")
            assert worst <= 5e-6 and np.abs(plain - want).max() > 0.01
            made[folder] = adapted
            first = None
            for kind in ["", "merged"] + (["folder"] if rest else []):
                case = dict(name=folder + ("-" + kind if kind else ""), folder=base, model=None, fn=None,
                            adapters=[folder], merge=kind, inputs={}, outputs={})
                if first:
                    case["inputs"], case["outputs"] = first["inputs"], first["outputs"]
                else:
                    write(case, folder, "00", given, want)
                    first = case
                cases.append(case)
    for base, names, chosen in BANKS:
        r = seed("lora/bank/" + base)
        given = make_inputs(base, r, len(chosen))
        model = BASES[base]()
        model.config._attn_implementation = "eager"
        model.load_state_dict(copy.deepcopy(STATES[base]))
        model = model.double().eval()
        rows = []
        for i, which in enumerate(chosen):
            one = {k: v[i:i + 1] for k, v in given.items()}
            rows.append(oracle(model if which < 0 else made[f"{base}/{names[which]}"], one))
        given["adapter"] = np.array(chosen, np.int32)
        case = dict(name=f"{base}/bank", folder=base, model=None, fn=None,
                    adapters=[f"{base}/{n}" for n in names], merge="", inputs={}, outputs={})
        write(case, base, "bank", given, np.concatenate(rows))
        cases.append(case)
    table = dict(oracle=f"peft {peft.__version__}, transformers {tf.__version__}, float64, eager attention",
                 tolerance=dict(cpu=1e-5, reference=1e-10), cases=cases)
    with open(os.path.join(OUT, "cases.json"), "w") as out:
        json.dump(table, out, indent=1)
        out.write("\n")
    size = sum(os.path.getsize(os.path.join(p, n)) for p, _, ns in os.walk(OUT) for n in ns)
    print(f"{len(cases)} cases, {size / 1e6:.1f} MB")


if __name__ == "__main__":
    sys.exit(main())

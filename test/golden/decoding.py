# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What make_decoder.py and make_encdec.py share: float64 through and through, tiny models, generated sequences.

In:  a folder's description.  Out: its files, and its entries of cases.json and generate-cases.json.
Flow: a description -> a model with random weights, rounded to what is stored -> the same numbers in a float64 model
(`exact`) -> outputs and sequences -> an EOS that the sequences meet -> config.json, weights.

`transformers` computes some things in float32 even in a float64 model: rotary angles, RMS norms, softmax, T5's
buckets, sinusoidal tables, beam scores. Inside `exact` the names torch.float32 and torch.float mean float64.
"""
import contextlib, json, math, os, sys

import numpy as np
import torch
import transformers
from safetensors.torch import load_file, save_file

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from make_bert import error, seed

HERE = os.path.dirname(os.path.abspath(__file__))
CLOSE = 1e-4     # candidates nearer than this are redrawn
ROWS = (3, 1, 6)  # lengths of the prompts of a batch
NEW = 24
FILES = ("cases.json", "generate-cases.json")
BEAMS = dict(beams=4, length_penalty=0.8)


@contextlib.contextmanager
def exact():
    names = ("float32", "float", "FloatTensor")
    kept = {n: getattr(torch, n) for n in names}
    method, default = torch.Tensor.float, torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    torch.float32 = torch.float = torch.float64
    torch.FloatTensor = torch.DoubleTensor
    torch.Tensor.float = torch.Tensor.double
    try:
        yield
    finally:
        for n, v in kept.items():
            setattr(torch, n, v)
        torch.Tensor.float = method
        torch.set_default_dtype(default)


def fill(model, r, gain=1.1, table=None, places=None):
    """Weights large enough that attention is peaked and every layer matters; norms around 1. Tied ones once.
    `table` is the gain of embeddings, `places` the deviation of what says where a token stands."""
    buffers = [(n, b) for n, b in model.named_buffers() if n.endswith("final_logits_bias")]
    with torch.no_grad():
        for name, p in list(model.named_parameters()) + buffers:
            part = name.split(".")[-2] if "." in name else name
            if p.ndim == 1 and name.endswith("weight"):
                v = 1 + 0.2 * r.normal(size=p.shape)
            elif p.ndim == 1 or name.endswith("final_logits_bias"):
                v = 0.2 * r.normal(size=p.shape)
            elif part in ("relative_attention_bias", "wpe", "positions_embed", "embed_positions"):
                v = (places or 0.8) * r.normal(size=p.shape)  # places matter: else sequences soon repeat one token
            elif table and part in ("shared", "embed_tokens", "lm_head"):
                v = table / math.sqrt(p.shape[-1]) * r.normal(size=p.shape)
            else:
                v = min(0.6, gain / math.sqrt(p.shape[-1])) * r.normal(size=p.shape)
            p.copy_(torch.tensor(v))


def make_config(f):
    kind = getattr(transformers, f["model"])
    config = kind.config_class(**f["config"])
    config._attn_implementation = "eager"
    return kind, config


def make_model(f):
    kind, config = make_config(f)
    model = kind(config)
    if f.get("untie"):  # transformers ties T5's head whatever the configuration says; a file may hold another
        model.lm_head.weight = torch.nn.Parameter(model.lm_head.weight.detach().clone())
    return model.eval()


def make_models(f, r):
    """The model as stored, and the same numbers in a float32 and in a float64 model."""
    model = make_model(f)
    fill(model, r, *f.get("gain", (1.1,)))
    for name, p in model.named_parameters():  # the last norm: how far apart the candidates lie, not which is best
        if name.startswith(f.get("last", "-")):
            p.data *= f["sharp"]
    model = model.to(f.get("store", torch.float32))
    state = {n: v for n, v in model.state_dict().items() if not (f.get("computed") and "embed_positions" in n)}
    narrow = make_model(f)
    narrow.load_state_dict({n: v.float() for n, v in state.items()}, strict=False)
    with exact():
        wide = make_model(f)
        wide.load_state_dict({n: v.double() for n, v in state.items()}, strict=False)
    return model, narrow, wide


# Generation


class Close(Exception):
    """Two candidates are so near that rounding could choose."""


@contextlib.contextmanager
def watched(rows):
    """Inside, every beam step refuses candidates that lie close. `rows` counts the steps."""
    kind = transformers.GenerationMixin
    old = kind._get_top_k_continuations

    def watch(self, accumulated_log_probs, beams_to_keep, **more):
        best = torch.topk(accumulated_log_probs, k=beams_to_keep + 1)[0][0]
        best = best[best > -1e8]
        if len(best) > 1 and (best[:-1] - best[1:]).min() < CLOSE:
            raise Close
        rows.append(1)
        return old(self, accumulated_log_probs=accumulated_log_probs, beams_to_keep=beams_to_keep, **more)

    kind._get_top_k_continuations = watch
    try:
        yield
    finally:
        kind._get_top_k_continuations = old


def settings(model, f, case):
    eos = None if case.get("ignore_eos") else f["eos"]
    base = model.generation_config
    given = dict(max_new_tokens=case["max_new_tokens"], do_sample=False, return_dict_in_generate=True, output_logits=True,
                 eos_token_id=eos, pad_token_id=f["pad"], bos_token_id=None,
                 decoder_start_token_id=base.decoder_start_token_id, forced_bos_token_id=None,
                 forced_eos_token_id=eos if f.get("forced") else None, use_cache=f.get("cache", not model.config.is_encoder_decoder))
    if case.get("min_new_tokens"):
        given["min_new_tokens"] = case["min_new_tokens"]
    if "beams" in case:
        given |= dict(num_beams=case["beams"], length_penalty=case["length_penalty"], num_return_sequences=2,
                      output_scores=True, early_stopping=case["early_stopping"])
    return transformers.GenerationConfig(**given)


def generate_row(model, f, case, prompt):
    """The new tokens of one prompt alone, or Close."""
    t = torch.tensor(prompt[None].astype(np.int64))
    config = settings(model, f, case)
    steps = []
    old = model.generation_config
    model.generation_config = config
    try:
        with torch.no_grad(), watched(steps):
            y = model.generate(t, attention_mask=torch.ones_like(t), generation_config=config)
    finally:
        model.generation_config = old
    new = y.sequences[0, 1 if model.config.is_encoder_decoder else len(prompt):].numpy()
    if "beams" in case:
        assert steps
        if y.sequences_scores[0] - y.sequences_scores[1] < CLOSE:
            raise Close
    else:
        for step, logits in enumerate(y.logits):
            best = torch.topk(logits[0].double(), k=2)[0]
            if best[0] - best[1] < CLOSE:
                raise Close
    return new


def pad_to(rows, length, pad):
    out = np.full((len(rows), length), pad, np.int32)
    for i, row in enumerate(rows):
        out[i, :len(row)] = row
    return out


def generate_batch(model, f, case, prompts):
    pad = f["pad"] if f["pad"] is not None else (f["eos"][0] if isinstance(f.get("eos"), list) else f.get("eos", 0))
    rows = [generate_row(model, f, case, p) for p in prompts]
    if not case.get("ignore_eos"):  # beams end rows with pad of their own
        ends = f["eos"] if isinstance(f["eos"], list) else [f["eos"]]
        for i, row in enumerate(rows):
            at = [j for j, token in enumerate(row) if token in ends]
            rows[i] = row[:at[0] + 1] if at else row
    return pad_to(rows, case["max_new_tokens"], pad)


def most_varied(f):
    """Of several draws of weights the one whose sequences repeat themselves least."""
    best = None
    for i in range(f.get("tries", 1)):
        r = seed(f["name"] + (f"/{i}" if i else ""))
        models = make_models(f, r)
        if f.get("tries", 1) == 1:
            return models, r
        with exact():
            state = r.bit_generator.state
            varied = 0
            for _ in range(2):
                with contextlib.suppress(Close):
                    rows = generate_batch(models[2], dict(f, eos=0), dict(max_new_tokens=NEW, ignore_eos=True), draw(f, r))
                    varied += sum(len(set(row)) for row in rows.tolist())
            r.bit_generator.state = state
        if best is None or varied > best[0]:
            best = (varied, models, r)
    return best[1:]


def draw(f, r):
    low = f.get("lowest", 0)
    return [r.integers(low, f["config"]["vocab_size"], size=n).astype(np.int32) for n in f.get("rows", ROWS)]


def choose_eos(f, model, r):
    """A token that some greedy row meets early and some does not: what an EOS should be."""
    case = dict(max_new_tokens=NEW, ignore_eos=True)
    best = None
    for _ in range(60):
        prompts = draw(f, r)
        try:
            rows = generate_batch(model, dict(f, eos=0), case, prompts)
        except Close:
            continue
        for token in np.unique(rows[:, 4:16]):
            first = [list(row).index(token) if token in row else NEW for row in rows]
            if token == f["pad"] or token == f["config"].get("decoder_start_token_id") or min(first) < 2:
                continue
            spread = len(set(first))
            if best is None or spread > best[0]:
                best = (spread, int(token))
        if best and best[0] == len(rows):
            break
    assert best, f["name"]
    return best[1]


def generate_cases(f):
    return [dict(tag="greedy", max_new_tokens=NEW, ignore_eos=True),
            dict(tag="beams", max_new_tokens=NEW, ignore_eos=True, early_stopping=False, **BEAMS),
            dict(tag="greedy-eos", max_new_tokens=NEW + 1),
            dict(tag="beams-eos", max_new_tokens=NEW + 2, early_stopping=False, **BEAMS),
            dict(tag="beams-eos-early", max_new_tokens=NEW, min_new_tokens=4, early_stopping=True, **BEAMS)]


def write_generation(f, out, wide, r):
    """The entries of a folder's generate-cases; prompts whose candidates come close are redrawn."""
    entries, redrawn = [], 0
    for i, case in enumerate(generate_cases(f)):
        while True:
            prompts = draw(f, r)
            try:
                rows = generate_batch(wide, f, case, prompts)
            except Close:
                redrawn += 1
                assert redrawn < 400, f["name"]
                continue
            break
        lengths = [len(p) for p in prompts]
        tokens = pad_to(prompts, max(lengths), f["pad"] or 0)
        mask = (np.arange(max(lengths))[None] < np.array(lengths)[:, None]).astype(np.int32)
        entry = {k: v for k, v in case.items() if k != "tag"}
        entry = dict(name=f"{f['name']}/{case['tag']}", folder=f["name"]) | entry
        for k, v in dict(tokens=tokens, mask=mask, out=rows).items():
            entry[k] = f"{f['name']}/generate-{i}.{k}.npy"
            np.save(os.path.join(out, entry[k]), v)
        entries.append(entry)
    return entries, redrawn


def store(f, out, model):
    """The folder as save_pretrained writes it, with the EOS that was chosen and the keys that older files have."""
    folder = os.path.join(out, f["name"])
    for config in (model.config, getattr(model, "generation_config", None)):
        if config is not None:
            config.eos_token_id, config.pad_token_id = f["eos"], f["pad"]
            if getattr(config, "forced_eos_token_id", None) is not None:
                config.forced_eos_token_id = f["eos"]
    model.save_pretrained(folder, **({"max_shard_size": f["shards"]} if "shards" in f else {}))
    if f.get("tables"):  # published files hold what is computed, too
        path = os.path.join(folder, "model.safetensors")
        tables = {k: v.float().contiguous() for k, v in model.state_dict().items() if "embed_positions" in k}
        save_file(load_file(path) | tables, path, metadata=dict(format="pt"))
    path = os.path.join(folder, "config.json")
    config = json.load(open(path))
    for k in f.get("without", ()):
        config.pop(k, None)
    config.update(f.get("keys", {}))
    json.dump(config, open(path, "w"), indent=2, sort_keys=True)


def kinds(out, entries):
    """How many different tokens the rows of the sequences have, least and most: what loops tests little."""
    counts = [len(set(row)) for e in entries for row in np.load(os.path.join(out, e["out"])).tolist()]
    return f"{min(counts)}-{max(counts)}" if counts else "none"


def labels_for(r, vocab, shape):
    """Labels of which some do not count."""
    labels = r.integers(0, vocab, size=shape).astype(np.int32)
    labels[r.random(shape) < 0.3] = -100
    labels[0, 1] = 1
    return labels


def write_case(f, out, i, tag, given, low, want, mask):
    fn = "loss" if "loss" in want else None
    entry = dict(name=f"{f['name']}/{i:02d}-{tag}", folder=f["name"], model=None, fn=fn, inputs={}, outputs={})
    worst = 0
    for k, v in given.items():
        entry["inputs"][k] = f"{f['name']}/{i:02d}.{k}.npy"
        np.save(os.path.join(out, entry["inputs"][k]), v)
    for k, v in want.items():
        assert v.dtype == np.float64 and np.isfinite(v).all()
        rows = mask.any(1) if mask.shape[:2] != v.shape[:2] else mask == 1
        worst = max(worst, error(low[k], v, rows) if v.ndim else abs(low[k] - v))
        entry["outputs"][k] = f"{f['name']}/{i:02d}.{k}.npy"
        np.save(os.path.join(out, entry["outputs"][k]), v)
    return entry, worst


def write_tables(out, folders, cases, sequences, tolerance):
    order = {f["name"]: i for i, f in enumerate(folders)}
    oracle = f"transformers {transformers.__version__}, float64 throughout, eager attention"
    limits = dict(tolerance=tolerance or dict(cpu=2e-5, reference=1e-10))
    for file, table, more in zip(FILES, (cases, sequences), (limits, {})):
        entries = sorted(table.values(), key=lambda c: order[c["folder"]])
        with open(os.path.join(out, file), "w") as opened:
            json.dump(dict(oracle=oracle, **more, cases=entries), opened, indent=1)
            opened.write("\n")


def make(folders, out, run, tolerance=None):
    """Writes every folder (or those named on the command line) with its two tables."""
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    os.makedirs(out, exist_ok=True)
    wanted = sys.argv[1:]
    cases, sequences = ({c["name"]: c for c in json.load(open(os.path.join(out, file)))["cases"]} if wanted else {}
                        for file in FILES)
    for f in folders:
        if wanted and f["name"] not in wanted:
            continue
        (model, narrow, wide), r = most_varied(f)
        os.makedirs(os.path.join(out, f["name"]), exist_ok=True)
        with exact():
            f["eos"] = f["eos"] if "eos" in f else choose_eos(f, wide, r)
            if isinstance(f.get("more_eos"), int):
                f["eos"] = [f["eos"], f["more_eos"]]
            drawn, redrawn = write_generation(f, out, wide, r) if f.get("generates", True) else ([], 0)
        store(f, out, model)
        made, worst = run(f, out, narrow, wide, r)
        print(f"{f['name']:28s} {len(made)} cases  float32 {worst:.1e}  eos {f['eos']}  redrawn {redrawn}  kinds {kinds(out, drawn)}", flush=True)
        assert worst <= 1e-5, f["name"]
        for table, new in ((cases, made), (sequences, drawn)):
            for name in [n for n in table if n.startswith(f["name"] + "/")]:
                del table[name]
            table.update({c["name"]: c for c in new})
        write_tables(out, folders, cases, sequences, tolerance)
    size = sum(os.path.getsize(os.path.join(p, n)) for p, _, ns in os.walk(out) for n in ns)
    print(f"{len(cases)} cases, {len(sequences)} sequences, {size / 1e6:.1f} MB")

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Parameters of every model as `sinter info` counts them, against the oracle's.

In:  test/golden/family/counts.json (or decoder/counts.json) and the sinter binary.  Out: one line a model, exit 1 if any differs.
The counts of the published sizes are also held against the rounded numbers of the papers.
"""
import argparse, concurrent.futures, json, os, subprocess, sys

# (model, size): what was published, in millions.
PUBLISHED = {("BertModel", "base"): 110, ("BertModel", "large"): 340, ("RobertaForMaskedLM", "base"): 125,
             ("RobertaForMaskedLM", "large"): 355, ("DistilBertModel", "default"): 66, ("AlbertForMaskedLM", "base-v2"): 12,
             ("AlbertForMaskedLM", "xlarge-v2"): 60, ("ElectraForPreTraining", "default"): 14,
             ("ElectraForPreTraining", "large"): 335, ("XLMRobertaModel", "base"): 270,
             ("OpenAIGPTLMHeadModel", "default"): 117, ("GPT2LMHeadModel", "small"): 124, ("GPT2LMHeadModel", "medium"): 355,
             ("GPT2LMHeadModel", "large"): 774, ("GPT2LMHeadModel", "xl"): 1558, ("LlamaForCausalLM", "3.2 1B"): 1236,
             ("MistralForCausalLM", "7B"): 7240, ("Qwen2ForCausalLM", "2.5 0.5B"): 494, ("Qwen3ForCausalLM", "0.6B"): 596,
             ("T5ForConditionalGeneration", "small"): 60, ("T5ForConditionalGeneration", "base"): 220,
             ("T5ForConditionalGeneration", "large"): 770, ("T5ForConditionalGeneration", "3B"): 3000,
             ("T5ForConditionalGeneration", "11B"): 11000, ("BartForConditionalGeneration", "base"): 139,
             ("BartForConditionalGeneration", "large"): 406, ("MarianMTModel", "opus-mt"): 74}


def count(sinter, models, entry):
    command = [sinter, "info", os.path.join(models, entry["text"] + ".sinter"), "--model", entry["model"], "--json"]
    for key, value in entry["set"].items():
        command += ["--set", f"{key}={value}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    if done.returncode:
        return done.stderr.strip()
    return json.loads(done.stdout)["parameters"]


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("counts")
    p.add_argument("--sinter", default=os.environ.get("SINTER", "sinter"))
    p.add_argument("--models", required=True)
    a = p.parse_args()
    table = json.load(open(a.counts))
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for entry, got in zip(table, pool.map(lambda e: count(a.sinter, a.models, e), table)):
            ok = got == entry["parameters"]
            millions = PUBLISHED.get((entry["model"], entry["size"]))
            if ok and millions:
                ok = abs(got / 1e6 - millions) <= 0.1 * millions
            failed += not ok
            print(f"{'ok  ' if ok else 'FAIL'}  {entry['model']:38s} {entry['size']:10s} {got:>12}"
                  + (f"  (published: {millions} M)" if millions else "") + ("" if ok else f", not {entry['parameters']}"))
    print(f"{len(table) - failed} of {len(table)} counts equal")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

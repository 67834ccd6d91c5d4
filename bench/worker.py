#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""One engine in one process: it loads what it is told to, and runs it as often as it is told to.

In:  argv[1], JSON: {"engine", "threads", "model": the file or folder that it runs}; then one JSON object a line on stdin.
Out: one JSON object a line on the stdout that it was started with (what libraries print goes to stderr).
Flow: bench/run.py starts one for each engine, and stops it (SIGSTOP) while another one is measured.

  {"prepare": NAME, "case": CASE, "save": FILE}   loads, compiles, runs once  -> {"ready_s": …}; the result goes to FILE
  {"run": NAME, "times": N}                       one pass that is not counted, then N    -> {"ms": [N numbers]}

CASE: {"kind": "bert", "tokens": FILE.npy} or {"kind": "attention", "function": "full"|"masked", "inputs": [3 × FILE.npy]}.
An engine is a class: __init__ imports its libraries (not timed), prepare(case) gives a function without arguments
that makes one pass and returns its result as an array in host memory, or (worker_generate.py) says how long it took.
"""
import ctypes, json, os, signal, sys, time, warnings

import numpy as np

import worker_generate


class Sinter:
    """A library of `sinter compile --emit lib`, by ctypes: what a program in C would do."""

    class Input(ctypes.Structure):
        _fields_ = [("data", ctypes.c_void_p), ("dtype", ctypes.c_int32), ("rank", ctypes.c_uint32), ("dims", ctypes.c_int64 * 8)]

    class Output(ctypes.Structure):
        _fields_ = [("data", ctypes.c_void_p), ("bytes", ctypes.c_uint64), ("dtype", ctypes.c_int32), ("rank", ctypes.c_uint32),
                    ("dims", ctypes.c_int64 * 8)]

    class Error(ctypes.Structure):
        _fields_ = [("status", ctypes.c_int32), ("message", ctypes.c_char * 1016)]

    def __init__(self, spec):
        self.threads, self.path, self.model, self.error = spec["threads"], spec["model"], None, self.Error()

    def checked(self, status):
        if status:
            raise RuntimeError(self.error.message.decode())

    def open(self):
        name = os.path.basename(self.path)[3:-3]
        library = ctypes.CDLL(self.path)
        self.call, self.model = getattr(library, name + "_call"), ctypes.c_void_p()
        start = getattr(library, name + "_open")
        self.checked(start(ctypes.c_uint32(self.threads), ctypes.c_uint32(1), ctypes.byref(self.model), ctypes.byref(self.error)))

    def prepare(self, case):
        if self.model is None:
            self.open()
        if case["kind"] == "bert":
            arrays, function = [np.load(case["tokens"]), None, None], 0  # no mask, no types: their defaults
            shape = arrays[0].shape + (case["width"],)
        else:
            arrays, function = [np.load(f) for f in case["inputs"]], ("full", "masked").index(case["function"])
            shape = arrays[0].shape
        inputs = (self.Input * len(arrays))()
        for i, a in enumerate(arrays):
            if a is not None:
                inputs[i] = self.Input(a.ctypes.data, 2 if a.dtype == np.int32 else 1, a.ndim, tuple(a.shape))
        result = np.empty(shape, np.float32)
        output = (self.Output * 1)(self.Output(result.ctypes.data, result.nbytes))

        def run():
            output[0].data, output[0].bytes = result.ctypes.data, result.nbytes
            self.checked(self.call(self.model, ctypes.c_uint32(function), inputs, output, ctypes.byref(self.error)))
            return result

        run.keep = arrays  # borrowed by `inputs`
        return run


class OnnxRuntime:
    def __init__(self, spec):
        import onnxruntime
        self.library, self.spec, self.session = onnxruntime, spec, None

    def prepare(self, case):
        if self.session is None:
            options = self.library.SessionOptions()
            options.intra_op_num_threads, options.inter_op_num_threads = self.spec["threads"], 1
            self.session = self.library.InferenceSession(os.path.join(self.spec["model"], "model.onnx"), options,
                                                         providers=["CPUExecutionProvider"])
        feed = {"tokens": np.load(case["tokens"]).astype(np.int64)}
        return lambda: self.session.run(None, feed)[0]


class OpenVino:
    """A shape of its own for each case: static shapes are its fastest."""

    def __init__(self, spec):
        import openvino
        self.spec, self.core = spec, openvino.Core()

    def prepare(self, case):
        tokens = np.load(case["tokens"]).astype(np.int64)
        model = self.core.read_model(os.path.join(self.spec["model"], "model.xml"))
        model.reshape(list(tokens.shape))
        request = self.core.compile_model(model, "CPU", {
            "PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": "f32",
            "INFERENCE_NUM_THREADS": self.spec["threads"]}).create_infer_request()

        def run():
            request.infer([tokens], share_inputs=True, share_outputs=True)
            return request.output_tensors[0].data

        return run


class CTranslate2:
    def __init__(self, spec):
        import ctranslate2
        self.library, self.spec, self.encoder = ctranslate2, spec, None

    def prepare(self, case):
        if self.encoder is None:
            self.encoder = self.library.Encoder(self.spec["model"], device="cpu", compute_type="float32",
                                                intra_threads=self.spec["threads"], inter_threads=1)
        tokens = np.load(case["tokens"])
        lengths = np.full(tokens.shape[0], tokens.shape[1], np.int32)
        ids, ends = self.library.StorageView.from_array(tokens), self.library.StorageView.from_array(lengths)
        run = lambda: np.asarray(self.encoder.forward_batch(ids, ends).last_hidden_state)
        run.keep = tokens, lengths
        return run


class Torch:
    def __init__(self, spec):
        import torch
        self.torch, self.spec, self.model = torch, spec, None
        torch.set_num_threads(spec["threads"])

    def load(self):
        import transformers
        transformers.utils.logging.set_verbosity_error()
        transformers.utils.logging.disable_progress_bar()
        return transformers.BertModel.from_pretrained(self.spec["model"], attn_implementation="sdpa",
                                                      dtype=self.torch.float32).eval()

    def prepare(self, case):
        if case["kind"] == "attention":
            q, k, v = (self.torch.from_numpy(np.load(f)) for f in case["inputs"])
            attend, causal = self.torch.nn.functional.scaled_dot_product_attention, case["function"] == "masked"
            once = lambda: attend(q, k, v, is_causal=causal)
        else:
            if self.model is None:
                self.model = self.load()
            tokens = self.torch.from_numpy(np.load(case["tokens"])).long()
            once = lambda: self.model(tokens, return_dict=False)[0]

        def run():
            with self.torch.no_grad():
                return once().numpy()

        return run


class TorchCompile(Torch):
    """With frozen weights, which lets it pack them; a graph of its own for each case."""

    def load(self):
        import torch._inductor.config
        torch._inductor.config.freezing = True
        return self.torch.compile(super().load(), dynamic=False)


ENGINES = {"sinter": Sinter, "onnxruntime": OnnxRuntime, "openvino": OpenVino, "ctranslate2": CTranslate2,
           "torch": Torch, "torch-compile": TorchCompile, **worker_generate.ENGINES}


def answer(engine, cases, order):
    if "prepare" in order:
        start = time.perf_counter()
        run = engine.prepare(order["case"])
        result = run.result if hasattr(run, "own_clock") else run()
        seconds = time.perf_counter() - start
        np.save(order["save"], result)
        cases[order["prepare"]] = run
        return {"ready_s": seconds}
    run, ms = cases[order["run"]], []
    run()
    for _ in range(order["times"]):
        if hasattr(run, "own_clock"):
            ms.append(run())
            continue
        start = time.perf_counter()
        run()
        ms.append(1e3 * (time.perf_counter() - start))
    return {"ms": ms}


def main():
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG: a stopped process would outlive its parent
    replies = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    warnings.filterwarnings("ignore")
    spec, cases = json.loads(sys.argv[1]), {}
    try:
        engine = ENGINES[spec["engine"]](spec)
        print(json.dumps({"started": True}), file=replies)
        for line in sys.stdin:
            print(json.dumps(answer(engine, cases, json.loads(line))), file=replies)
    except Exception as e:  # whatever a library of others raises: said, and this engine is left out
        print(json.dumps({"failed": f"{type(e).__name__}: {e}".splitlines()[0][:300]}), file=replies)
        sys.exit(1)


if __name__ == "__main__":
    main()

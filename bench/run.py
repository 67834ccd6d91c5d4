#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Sinter beside its peers on this machine: latency, compile time, memory, and the machine's roofs in the same minutes.

In:  build/bin/sinter, build/bin/bench_roofs; the Python that runs this, with the peers that are to be measured in it.
Out: tables on stdout (report.py), --json FILE, --svg FILE.  Flow: `./dev bench` runs it; it judges only the stated goals.

Each engine is a process of its own (worker.py). In every round each one has a short turn, in an order that turns from
round to round; the others are stopped meanwhile. Results are compared before times are taken.
"""
import argparse, fcntl, glob, json, os, platform, select, shutil, statistics, subprocess, sys, tempfile, time

import numpy as np

import part_generate
import report
from peers import Failed, Foreign, Worker

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
PEERS = ("onnxruntime", "openvino", "ctranslate2", "torch", "torch-compile", "llama.cpp")
CONVERTED = ("onnxruntime", "openvino", "ctranslate2")
PARTS = ("bert", "attention", "generate", "linear", "compile", "memory")
BERT_SHAPES = ((1, 128), (8, 32))
ATTENTION = [(function, t) for t in (128, 512, 2048) for function in ("full", "masked")]
HEADS, WIDTH = 12, 64
LARGE = dict(d=1024, layers=24, heads=16, ff=4096)
SENTENCE = "a b c d e f g h " * 14  # 114 tokens
TURN_MS = 150  # of Sinter; long enough for the kernel's clock of processor time, 10 ms a tick
FARTHEST = 1e-3  # of two float32 implementations; more means that they do not compute the same


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


def call(command, **options):
    done = subprocess.run(command, capture_output=True, text=True, **options)
    if done.returncode:
        sys.exit(f"{' '.join(command)}\nexit {done.returncode}: {done.stderr.strip()[-2000:]}")
    return done.stdout


def bert_flops(c, batch, length):
    """2 x multiply-adds of matrices and attention of one pass (tables and norms not counted)."""
    d, ff = c["hidden_size"], c["intermediate_size"]
    return 2 * c["num_hidden_layers"] * batch * (length * (4 * d * d + 2 * d * ff) + 2 * length * length * d)


def bert_bytes(c):
    """float32 bytes of the encoder's matrices, each read once in a pass."""
    d, ff = c["hidden_size"], c["intermediate_size"]
    return 4 * c["num_hidden_layers"] * (4 * d * d + 2 * d * ff)


def attention_flops(function, length):
    """The pairs that count: all of them, or those with key <= query."""
    pairs = length * length if function == "full" else length * (length + 1) // 2
    return 4 * HEADS * WIDTH * pairs


class Bench:
    def __init__(self, options, tmp):
        self.o, self.tmp = options, tmp
        self.log = open(os.path.join(options.cache, "log.txt"), "w")
        self.failed, self.say, self.call = {}, say, call

    def roofs(self):
        return json.loads(call([self.o.roofs, str(self.o.threads), "80"]))

    # ---- what is made once ----

    def folder(self):
        folder = os.path.join(self.o.cache, "bert-base")
        if not all(os.path.exists(os.path.join(folder, f)) for f in ("model.safetensors", "config.json", "vocab.txt")):
            say("making BERT-base with random weights")
            call([sys.executable, os.path.join(HERE, "make_bert_base.py"), folder])
        return folder

    def library(self, model, name, functions):
        path = os.path.join(self.tmp, f"lib{name}.so")
        start = time.perf_counter()
        call([self.o.sinter, "compile", model, "--emit", "lib", "-o", path] + [x for f in functions for x in ("--fn", f)])
        return path, time.perf_counter() - start

    def converted(self, form, folder):
        out = os.path.join(self.o.cache, form)
        if not os.path.exists(os.path.join(out, "seconds")):
            say(f"converting BERT-base for {form}")
            done = subprocess.run([sys.executable, os.path.join(HERE, "convert.py"), form, folder, out], stdout=self.log,
                                  stderr=self.log)
            if done.returncode:
                raise Failed(f"conversion failed; see {self.log.name}")
        with open(os.path.join(out, "seconds")) as f:
            return out, float(f.read())

    # ---- turns ----

    def start(self, engine, model):
        say(f"starting {engine}")
        return Worker(engine, sys.executable, self.o.threads, model, self.log)

    def give_up(self, workers, engine, why):
        say(f"{engine} is left out: {why}")
        self.failed[engine] = str(why)
        if engine in workers:
            workers.pop(engine).close()
        if engine == "sinter":
            sys.exit("bench: Sinter itself failed")

    def prepare(self, workers, name, case, farthest=FARTHEST):
        """ready_s of each engine, and how far each result is from Sinter's (tokens: the share that differs). `workers` loses those that fail."""
        ready, own = {}, None
        for engine in list(workers):
            save = os.path.join(self.tmp, "result.npy")
            try:
                ready[engine] = dict(ready_s=workers[engine].prepare(name, case, save))
                result = np.load(save)
                own = result if engine == "sinter" else own
                isTokens = result.dtype.kind == "i"
                ready[engine]["difference"] = float((result != own).mean() if isTokens else np.abs(result - own).max())
                if farthest is not None and not ready[engine]["difference"] <= farthest:
                    raise Failed(f"{name}: its result is {ready[engine]['difference']:.2g} from ours")
            except Failed as e:
                ready.pop(engine, None)
                self.give_up(workers, engine, e)
        return ready

    def rounds(self, workers, name, times):
        """Lists of ms for each engine, a list a round; the roofs at the start, at the end and twice between."""
        seen, foreign, ms = [self.roofs()], Foreign(), {engine: [] for engine in workers}
        rounds = self.o.rounds
        for r in range(rounds):
            order = sorted(workers)
            order = order[r % len(order):] + order[:r % len(order)]
            for engine in order:
                try:
                    ms[engine].append(foreign.around(workers[engine], lambda: workers[engine].run(name, times)))
                except Failed as e:
                    ms.pop(engine)
                    self.give_up(workers, engine, e)
            if (r + 1) % max(1, (rounds + 2) // 3) == 0:
                seen.append(self.roofs())
        if foreign.share() > 0.05:
            say(f"{name}: others used {foreign.share():.0%} of the processors; these numbers are worth little")
        return dict(roof_gflops=max(s["gflops"] for s in seen), roof_read_gbs=max(s["read_gbs"] for s in seen),
                    isa=seen[0]["isa"], foreign=foreign.share()), ms

    def measure(self, workers, name, case, facts):
        engines = self.prepare(workers, name, case, facts.get("farthest", FARTHEST))
        times = max(2, min(200, round(TURN_MS / workers["sinter"].run(name, 1)[0])))
        row, ms = self.rounds(workers, name, times)
        for engine in ms:
            engines[engine]["ms"] = ms[engine]
        say(name + ": " + ", ".join(f"{e} {statistics.median(sum(m, [])):.1f}" for e, m in ms.items()) + " ms")
        return dict(name=name, **facts, **row, engines={e: engines[e] for e in ms})

    # ---- parts ----

    def bert(self):
        folder, ahead, workers = self.folder(), {}, {}
        with open(os.path.join(folder, "config.json")) as f:
            config = json.load(f)
        for engine in ("sinter", *self.o.peers):
            try:
                if engine == "sinter":
                    model, ahead[engine] = self.library(folder, "bert", ["forward"])
                else:
                    model, ahead[engine] = self.converted(engine, folder) if engine in CONVERTED else (folder, 0.0)
                workers[engine] = self.start(engine, model)
            except Failed as e:
                self.give_up(workers, engine, e)
        out = []
        for batch, length in BERT_SHAPES:
            tokens = os.path.join(self.tmp, f"tokens{batch}.npy")
            np.save(tokens, np.random.default_rng(1).integers(0, config["vocab_size"], (batch, length), dtype=np.int32))
            case = dict(kind="bert", tokens=tokens, width=config["hidden_size"])
            facts = dict(part="bert", gflop=bert_flops(config, batch, length) / 1e9, mbyte=bert_bytes(config) / 1e6)
            out.append(self.measure(workers, f"BERT-base {batch}×{length}", case, facts))
            for engine, numbers in out[-1]["engines"].items():
                numbers["ahead_s"] = ahead[engine]
        for worker in workers.values():
            worker.close()
        return {"workloads": out}

    def attention(self):
        model, _ = self.library(os.path.join(HERE, "attention.sinter"), "attention", ["full", "masked"])
        workers, out = {}, []
        for engine in ("sinter", *(p for p in self.o.peers if p == "torch")):
            try:
                workers[engine] = self.start(engine, model)
            except Failed as e:
                self.give_up(workers, engine, e)
        for function, length in ATTENTION:
            inputs, rng = [], np.random.default_rng(length)
            for n in "qkv":
                inputs.append(os.path.join(self.tmp, f"{n}.npy"))
                np.save(inputs[-1], rng.standard_normal((1, HEADS, length, WIDTH), np.float32))
            name = f"attention {'causal' if function == 'masked' else 'full'} T={length}"
            facts = dict(part="attention", gflop=attention_flops(function, length) / 1e9,
                         mbyte=16e-6 * HEADS * WIDTH * length)
            out.append(self.measure(workers, name, dict(kind="attention", function=function, inputs=inputs), facts))
        for worker in workers.values():
            worker.close()
        return {"workloads": out}

    def generate(self):
        return part_generate.generate(self)

    def linear(self):
        """Products of one matrix with few to many rows: a script of its own, where it is there."""
        script, numbers = os.path.join(HERE, "linear.py"), os.path.join(self.tmp, "linear.json")
        if not os.path.exists(script):
            return {}
        command = [sys.executable, script, "--sinter", self.o.sinter, "--roofs", self.o.roofs, "--json", numbers,
                   "--threads", str(self.o.threads), "--rounds", str(min(5, self.o.rounds))]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=180)
        except subprocess.TimeoutExpired:
            self.failed["linear"] = "not done in 180 s"
            return {}
        if done.returncode or not os.path.exists(numbers):
            self.failed["linear"] = (done.stderr.strip() or "no numbers").splitlines()[-1][:300]
            return {}
        with open(numbers) as f:
            return {"linear": json.load(f), "linear_text": done.stdout}

    def compile(self):
        """Seconds of a whole process from the text to assembly, on one processor; no weight is read."""
        text, one = os.path.join(ROOT, "models", "bert.sinter"), min(os.sched_getaffinity(0))
        out = dict(base_s=[], large_s=[], start_s=[])
        large = [x for k, v in LARGE.items() for x in ("--set", f"{k}={v}")]
        assembly = ["compile", text, "--model", "BertModel", "--fn", "forward", "--emit", "asm", "-o", os.devnull]
        commands = dict(start_s=["--version"], base_s=assembly, large_s=assembly + large)
        for r in range(6):
            for name, command in commands.items():
                start = time.perf_counter()
                call([self.o.sinter, *command], preexec_fn=lambda: os.sched_setaffinity(0, {one}))
                if r:  # the first one brings the files into memory
                    out[name].append(time.perf_counter() - start)
        return {"compile": out}

    def memory(self):
        """An executable of BERT-base that has embedded its sentence and waits in `write` for a reader of its pipe."""
        exe = os.path.join(self.tmp, "bert-exe")
        call([self.o.sinter, "compile", self.folder(), "-o", exe])
        running = []
        for _ in range(2):
            read, write = os.pipe()
            fcntl.fcntl(write, fcntl.F_SETPIPE_SZ, 4096)  # less than one answer
            running.append((subprocess.Popen([exe, "--threads", str(self.o.threads), SENTENCE], stdout=write), read))
            os.close(write)
            wait_blocked(*running[-1])
        seen = [smaps(process.pid) for process, _ in running]
        with open(f"/proc/{running[0][0].pid}/status") as f:
            peak = next(int(line.split()[1]) for line in f if line.startswith("VmHWM")) * 1024
        for process, read in running:
            process.kill()
            process.wait()
            os.close(read)
        added = seen[1]["Private_Clean"] + seen[1]["Private_Dirty"]
        return {"memory": dict(file=os.path.getsize(exe), peak_rss=peak, private_of_second=added, rss_of_second=seen[1]["Rss"])}


def wait_blocked(process, read):
    """Until a process has written what its pipe takes: its processor time stands still, and output is there."""
    select.select([read], [], [], 60)
    last = None
    for _ in range(600):
        with open(f"/proc/{process.pid}/stat") as f:
            now = f.read().rsplit(")", 1)[1].split()[11:13]
        if now == last:
            return
        last = now
        time.sleep(0.2)


def smaps(pid):
    with open(f"/proc/{pid}/smaps_rollup") as f:
        return {line.split(":")[0]: int(line.split()[1]) * 1024 for line in f if line.rstrip().endswith("kB")}


def machine(o):
    with open("/proc/cpuinfo") as f:
        cpu = next((line.split(":")[1].strip() for line in f if line.startswith("model name")), platform.machine())
    versions = {}
    from importlib import metadata
    for name in ("onnxruntime", "openvino", "ctranslate2", "torch", "transformers", "numpy"):
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            pass
    return dict(cpu=cpu, processors=os.cpu_count(), threads=o.threads, system=platform.platform(), versions=versions,
                date=time.strftime("%Y-%m-%d"))


def listed(known):
    def parse(text):
        chosen = [x for x in text.split(",") if x]
        wrong = [x for x in chosen if x not in known]
        if wrong:
            raise argparse.ArgumentTypeError(f"{', '.join(wrong)}: not among {', '.join(known)}")
        return chosen
    return parse


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--only", type=listed(PARTS), default=list(PARTS), metavar="PARTS", help=",".join(PARTS))
    p.add_argument("--peers", type=listed(PEERS), default=list(PEERS), metavar="NAMES", help=",".join(PEERS) + "; '' for none")
    p.add_argument("--rounds", type=int, default=15, help="turns of each engine (default 15)")
    p.add_argument("--threads", type=int, default=min(2, len(os.sched_getaffinity(0))))
    p.add_argument("--sinter", default=os.path.join(ROOT, "build", "bin", "sinter"))
    p.add_argument("--roofs", default=os.path.join(ROOT, "build", "bin", "bench_roofs"))
    p.add_argument("--generate", default=os.path.join(ROOT, "build", "bin", "bench_generate"))
    p.add_argument("--cache", default=os.path.join(ROOT, ".cache", "bench"), help="where models are made and kept")
    p.add_argument("--json", help="write the numbers here")
    p.add_argument("--svg", help="draw the latencies here")
    p.add_argument("--svg-positions", help="draw time per token over position here")
    p.add_argument("--into", help="begin with the numbers of this file, and measure the chosen parts anew")
    o = p.parse_args()
    os.makedirs(o.cache, exist_ok=True)
    for left in glob.glob(os.path.join(o.cache, "run-*")):  # of runs that were killed
        if time.time() - os.path.getmtime(left) > 3600:
            shutil.rmtree(left, ignore_errors=True)
    result = {}
    if o.into:
        with open(o.into) as f:
            result = json.load(f)
    with tempfile.TemporaryDirectory(dir=o.cache, prefix="run-") as tmp:
        os.environ["TORCHINDUCTOR_CACHE_DIR"] = os.path.join(tmp, "inductor")  # so that compiling is measured
        bench = Bench(o, tmp)
        for part in o.only:
            say(part)
            for key, value in getattr(bench, part)().items():
                kept = [w for w in result.get(key, []) if w["part"] != part] if key == "workloads" else []
                result[key] = kept + value if key == "workloads" else value
        result["machine"], result["failed"] = machine(o), bench.failed
    print(report.text(result))
    for path, content in ((o.json, json.dumps(result, indent=1) + "\n"), (o.svg, report.svg(result)), (o.svg_positions, report.svg_positions(result))):
        if path:
            with open(path, "w") as f:
                f.write(content)


if __name__ == "__main__":
    sys.exit(main())

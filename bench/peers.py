# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The driver's side of worker.py: processes that take turns, so that no idle thread pool disturbs the measured one.

In:  engine names, the Python of the bench, files.  Out: `Worker`s with prepare() and run(); CPU time by its owner.
Flow: bench/run.py. Threads: none. Errors: Failed, with one sentence; the worker is gone then.
"""
import json, os, select, signal, subprocess, time

HERE = os.path.dirname(os.path.abspath(__file__))
TICK = os.sysconf("SC_CLK_TCK")


class Failed(Exception):
    pass


class Worker:
    """Runs only while it answers; between its turns it is stopped, whatever its threads would like to spin on."""

    def __init__(self, engine, python, threads, model, log, timeout=600):
        self.engine, self.timeout = engine, timeout
        self.process = subprocess.Popen(
            [python, os.path.join(HERE, "worker.py"), json.dumps(dict(engine=engine, threads=threads, model=model))],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, env=dict(os.environ, OMP_NUM_THREADS=str(threads)))
        self.reply()
        self.signal(signal.SIGSTOP)

    def signal(self, number):
        if self.process.poll() is None:
            self.process.send_signal(number)

    def reply(self):
        ready, _, _ = select.select([self.process.stdout], [], [], self.timeout)
        line = self.process.stdout.readline() if ready else b""
        answer = json.loads(line) if line else {"failed": "no answer in time" if not ready else "the process ended"}
        if "failed" in answer:
            self.close()
            raise Failed(answer["failed"])
        return answer

    def ask(self, **order):
        self.signal(signal.SIGCONT)
        try:
            self.process.stdin.write(json.dumps(order).encode() + b"\n")
            self.process.stdin.flush()
        except OSError:
            pass  # it ended; reply() says so
        answer = self.reply()
        self.signal(signal.SIGSTOP)
        return answer

    def prepare(self, name, case, save):
        return self.ask(prepare=name, case=case, save=save)["ready_s"]

    def run(self, name, times):
        return self.ask(run=name, times=times)["ms"]

    def cpu(self):
        """Seconds of processor that it has used."""
        try:
            with open(f"/proc/{self.process.pid}/stat") as f:
                fields = f.read().rsplit(")", 1)[1].split()
        except OSError:
            return 0.0
        return (int(fields[11]) + int(fields[12])) / TICK

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            try:
                pipe.close()
            except OSError:
                pass


def machine_cpu():
    """Seconds of processor that everybody has used, what a host took away included."""
    with open("/proc/stat") as f:
        v = [int(x) for x in f.readline().split()[1:9]]
    return (v[0] + v[1] + v[2] + v[5] + v[6] + v[7]) / TICK


class Foreign:
    """The share of the processors that others used while our workers ran."""

    def __init__(self):
        self.others = self.wall = 0.0

    def around(self, worker, work):
        start, machine, own = time.perf_counter(), machine_cpu(), worker.cpu()
        result = work()
        self.wall += time.perf_counter() - start
        self.others += max(0.0, machine_cpu() - machine - (worker.cpu() - own))
        return result

    def share(self):
        return self.others / (self.wall * (os.cpu_count() or 1)) if self.wall else 0.0

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs every fenced example of README.md and docs/.

In:  the pages, build/bin (SINTER_BUILD, or --build), SINTER_MINILM.  Out: one line a block, exit 1 for any failure.
  examples.py [--build DIR] [--list] [PAGE...]

| fence | what happens |
|---|---|
| ```sinter            | `sinter check` accepts the text |
| ```sinter error E0403| `sinter check` refuses it, with that code among the messages |
| ```mlir [FLAG...]    | `sinter-opt FLAG...` accepts it; `error` as first word: refuses it |
| ```sh                | `sh -eu` runs it, block after block, in one new folder a page (see `furnish`) |
| ```sh no-run         | not run: set-up and other things that a test must not do |
| ```c, ```cpp         | compiles against runtime/include |
| ```text, ```ebnf, ```json | shown only |

A fence of another name, or of none, is an error: nothing escapes by a slip. So is a link to a file that is not there.
"""
import argparse, glob, os, re, shutil, subprocess, sys, tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FENCE = re.compile(r"^(\s*)(`{3,}|~{3,})\s*(.*?)\s*$")
SHOWN = ("text", "ebnf", "json", "cmake")
LIMIT = 300  # seconds a block may take


class Block:
    def __init__(self, page, line, info, text):
        self.page, self.line, self.words, self.text = page, line, info.split(), text
        self.language = self.words[0] if self.words else ""
        self.flags = self.words[1:]

    def place(self):
        return f"{os.path.relpath(self.page, ROOT)}:{self.line}"


def blocks(page):
    """The fenced blocks of one page, in order."""
    out, fence, info, start, indent, kept = [], None, "", 0, "", []
    with open(page, encoding="utf-8") as f:
        for number, line in enumerate(f, 1):
            found = FENCE.match(line)
            if fence is None and found:
                indent, fence, info, start, kept = found.group(1), found.group(2), found.group(3), number, []
            elif fence is not None and found and found.group(2).startswith(fence) and not found.group(3):
                out.append(Block(page, start, info, "".join(kept)))
                fence = None
            elif fence is not None:
                kept.append(line[len(indent):] if line.startswith(indent) else line)
    if fence is not None:
        sys.exit(f"{page}:{start}: the fence is not closed")
    return out


def dead_links(page):
    """Links of a page to files of the house that are not there."""
    with open(page, encoding="utf-8") as f:
        text = re.sub(r"(?ms)^\s*```.*?^\s*```\s*$", "", f.read())
    links = [target.split("#")[0] for target in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"`[^`\n]*`", "", text)) if "://" not in target]
    return [t for t in links if t and not os.path.exists(os.path.join(os.path.dirname(page), t))]


def furnish(folder, page):
    """What a page's shell blocks find: models/, a tiny BERT with random weights and inputs, a tiny GPT-2 that writes, MiniLM."""
    shutil.copytree(os.path.join(ROOT, "models"), os.path.join(folder, "models"))
    golden = os.path.join(ROOT, "test", "golden", "bert", "base-12x3")
    shutil.copytree(golden, os.path.join(folder, "tiny-bert"))
    for name in ("tokens", "mask", "types"):
        shutil.copy(os.path.join(golden, f"01.{name}.npy"), os.path.join(folder, f"{name}.npy"))
    with open(page, encoding="utf-8") as f:
        if "tiny-gpt2" in f.read():
            subprocess.run([os.environ.get("SINTER_PYTHON", sys.executable), os.path.join(ROOT, "test", "support", "make_tiny_gpt2.py"),
                            "tiny-gpt2", os.path.join(ROOT, "README.md"), *sorted(glob.glob(os.path.join(ROOT, "docs", "*.md")))],
                           cwd=folder, check=True, stdout=subprocess.DEVNULL)
    if os.environ.get("SINTER_MINILM"):
        os.symlink(os.environ["SINTER_MINILM"], os.path.join(folder, "minilm"))


def execute(command, folder, env):
    try:
        done = subprocess.run(command, cwd=folder, env=env, capture_output=True, timeout=LIMIT, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        return 124, f"not done after {LIMIT} s"
    except OSError as e:
        return 127, str(e)
    return done.returncode, (done.stdout + done.stderr).decode(errors="replace")


def write(folder, name, text):
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
    return path


def refused(status, said, words):
    """Why a block that should be refused was not refused rightly, or None."""
    if status not in (1, 2):
        return f"exit {status}, but it should be refused\n{said}"
    missing = [w for w in words if w not in said]
    return f"nothing about {', '.join(missing)} in:\n{said}" if missing else None


def run_block(block, folder, env):
    """None where the block does what its page says, else what went wrong. `skip` for blocks that are only shown."""
    name = f"block-{block.line}"
    if block.language in SHOWN or (block.language == "sh" and block.flags == ["no-run"]):
        return "skip"
    error = block.flags[:1] == ["error"]
    flags = block.flags[1:] if error else block.flags
    if block.language == "sinter":
        status, said = execute(["sinter", "check", write(folder, name + ".sinter", block.text)], folder, env)
        if error:
            return refused(status, said, flags)
    elif block.language == "mlir":
        status, said = execute(["sinter-opt", write(folder, name + ".mlir", block.text), *flags], folder, env)
        if error:
            return refused(status, said, [])
    elif block.language == "sh" and not block.flags:
        status, said = execute(["sh", "-eu", write(folder, name + ".sh", block.text)], folder, env)
    elif block.language in ("c", "cpp"):
        compiler = ["clang-22", "-std=c11"] if block.language == "c" else ["clang++-22", "-std=c++20"]
        path = write(folder, f"{name}.{block.language}", block.text)
        status, said = execute([*compiler, "-Wall", "-Wextra", "-Werror", "-fsyntax-only",
                                "-I" + os.path.join(ROOT, "runtime", "include"), path], folder, env)
    else:
        return f"a fence of unknown kind: {' '.join(block.words) or '(none)'}"
    return f"exit {status}\n{said}" if status else None


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("pages", nargs="*")
    p.add_argument("--build", default=os.environ.get("SINTER_BUILD", os.path.join(ROOT, "build")))
    p.add_argument("--list", action="store_true", help="show the blocks, run nothing")
    a = p.parse_args()
    pages = a.pages or [os.path.join(ROOT, "README.md")] + sorted(glob.glob(os.path.join(ROOT, "docs", "**", "*.md"), recursive=True))
    env = dict(os.environ, PATH=os.pathsep.join([os.path.join(os.path.abspath(a.build), "bin"), "/usr/lib/llvm-22/bin", os.environ["PATH"]]))
    env.setdefault("SINTER_CACHE_DIR", os.path.join(os.path.abspath(a.build), "test-output", "cache"))  # never the reader's own
    ran = shown = 0
    bad = []
    for page in pages:
        for link in dead_links(page):
            bad.append(link)
            print(f"FAIL {os.path.relpath(page, ROOT)}: a link to {link}, which is not there")
        with tempfile.TemporaryDirectory() as folder:
            furnish(folder, page)
            for block in blocks(page):
                if a.list:
                    print(block.place(), *block.words)
                    continue
                trouble = run_block(block, folder, env)
                shown += trouble == "skip"
                ran += trouble != "skip"
                if trouble and trouble != "skip":
                    bad.append(block.place())
                    print(f"FAIL {block.place()}: {' '.join(block.words)}: {trouble.strip()}")
                elif not trouble:
                    print(f"ok   {block.place()}: {' '.join(block.words)}")
    if not a.list:
        print(f"{len(pages)} pages: {ran} examples run, {len(bad)} failed, {shown} only shown")
    return 1 if bad or not (ran or a.list) else 0


if __name__ == "__main__":
    sys.exit(main())

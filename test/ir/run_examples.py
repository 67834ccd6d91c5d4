# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs the example in every op's description through sinter-opt: run_examples.py SOURCE_FOLDER.

The records come from llvm-tblgen --dump-json. An example is the code after "Example": inline, or a fenced block. Values
it does not define become arguments of a function around it, typed by the types after its colon.
"""
import json
import re
import subprocess
import sys

source = sys.argv[1]


def records(path):
    command = ["llvm-tblgen", "--dump-json", "-I", source, "-I", "/usr/lib/llvm-22/include", f"{source}/{path}"]
    data = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    for name in data["!instanceof"]["Op"]:
        op = data[name]
        dialect = data[op["opDialect"]["def"]]["name"]
        yield f"{dialect}.{op['opName']}", op["description"] or ""


def example_of(description):
    fenced = re.search(r"Example[^\n`]*:\n\s*```\n(.*?)```", description, re.S)
    inline = re.search(r"Example[^`]*`([^`]*)`", description, re.S)
    return fenced.group(1) if fenced else inline.group(1) if inline else None


def split_types(text):
    """Types of a list, parentheses and arrows included, in order."""
    return re.findall(r"![\w.]+<\[[^\]]*\](?:, \w+)+>|\b(?:f32|i32|i1)\b", text)


def wrap(op, example):
    world, function = "", "main"
    last = example.strip().split("\n")[-1] if "{\n" in example else example
    operand_types = split_types(last.rsplit(" : ", 1)[-1].split("->")[0])
    symbol = re.search(r"@(\"[^\"]*\"|[\w.]+)", example)
    if op in ("sinter.parameter", "kernel.prepared"):
        return example
    if op == "sinter.read":
        world = f'sinter.parameter {symbol.group(0)} ["x"] : {operand_types[0]}'
    if op in ("kernel.read", "kernel.write"):
        world = f"kernel.prepared {symbol.group(0)} : {operand_types[0]}"
        function = "prepare"
    if op == "sinter.yield":
        example = f"%r = sinter.repeat 2 carried(%d) {{\n^bb0(%c: {operand_types[0]}):\n{example}\n}} : " + \
            f"({operand_types[0]}) -> {operand_types[0]}"
    if op in ("kernel.yield", "kernel.index", "kernel.size"):
        type = operand_types[0]
        value = "%d" if op == "kernel.yield" else re.match(r"\s*(%\w+)", example).group(1)
        inner = example if op == "kernel.yield" else f"{example}\nkernel.yield {value} : {type}"
        same = "<(d0, d1, d2) -> (d0, d1, d2)>"
        example = f"%r = kernel.pointwise(%x at {same}) {{\n^bb0(%d: {type}):\n{inner}\n}} : " + \
            f"(!kernel.buffer<[B, T, 8], {type}>) -> !kernel.buffer<[B, T, 8], {type}>"
        operand_types = [f"!kernel.buffer<[B, T, 8], {type}>"]
    defined = set()
    for results in re.findall(r"^\s*((?:%\w+(?:, )?)+) =", example, re.M):
        defined.update(re.findall(r"%\w+", results))
    defined.update(re.findall(r"(%\w+):", example))
    free = [v for v in dict.fromkeys(re.findall(r"%\w+", example)) if v not in defined]
    types = operand_types + operand_types[-1:] * (len(free) - len(operand_types))
    arguments = ", ".join(f"{value}: {type}" for value, type in zip(free, types))
    return f"{world}\nfunc.func @{function}({arguments}) {{\n{example}\nreturn\n}}\n"


failures = count = 0
for path in ("ir/sinter/SinterOps.td", "ir/kernel/KernelOps.td"):
    for op, description in records(path):
        if path.startswith("ir/sinter") != op.startswith("sinter."):
            continue
        example = example_of(description)
        if not example or op not in example:
            print(f"{op}: its description has no example of it")
            failures += 1
            continue
        text = wrap(op, example)
        # Twice: what is printed must read back the same.
        first = subprocess.run(["sinter-opt"], input=text, capture_output=True, text=True)
        second = subprocess.run(["sinter-opt"], input=first.stdout, capture_output=True, text=True)
        count += 1
        if first.returncode or op not in first.stdout or first.stdout != second.stdout:
            print(f"{op}: {text}\n{first.stderr}{second.stderr}")
            failures += 1
print(f"{count} examples, {failures} failures")
sys.exit(failures > 0)

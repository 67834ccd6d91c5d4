#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tables, goals and a picture from the numbers of bench/run.py.

In:  the JSON that run.py writes.  Out: Markdown on stdout, --svg FILE.  Flow: run.py calls it; it also runs alone.
Needs the standard library only. A time is the median over all passes of all rounds.
"""
import argparse, json, statistics, sys
from xml.sax.saxutils import escape

NAMES = {"sinter": "Sinter", "llama.cpp": "llama.cpp", "onnxruntime": "ONNX Runtime", "openvino": "OpenVINO", "ctranslate2": "CTranslate2",
         "torch": "torch eager", "torch-compile": "torch.compile"}
COLOURS = {"sinter": "#1b6ca8", "llama.cpp": "#b8860b", "onnxruntime": "#8f9aa3", "openvino": "#8f9aa3", "ctranslate2": "#8f9aa3",
           "torch": "#8f9aa3", "torch-compile": "#8f9aa3"}


def passes(numbers):
    return [t for r in numbers["ms"] for t in r]


def median(numbers):
    return statistics.median(passes(numbers))


def best_peer(workload):
    """(engine, ms) of the fastest other one, or None."""
    peers = [(median(n), e) for e, n in workload["engines"].items() if e != "sinter"]
    return (min(peers)[1], min(peers)[0]) if peers else None


def paired(workload, peer):
    """Median over the rounds of ours / theirs: what drifts from minute to minute falls out."""
    ours, theirs = workload["engines"]["sinter"]["ms"], workload["engines"][peer]["ms"]
    return statistics.median(statistics.median(a) / statistics.median(b) for a, b in zip(ours, theirs))


def roof_ms(workload):
    """The longer of: every multiply-add at the FMA roof, every byte once at the read roof."""
    return max(workload["gflop"] / workload["roof_gflops"] * 1e3, workload["mbyte"] / workload["roof_read_gbs"])


def table(head, rows):
    lines = [head, ["---"] * len(head)] + rows
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def short(ms):
    return f"{ms:.1f}" if ms >= 10 else f"{ms:.2f}"


def summary(workloads):
    rows = []
    for w in workloads:
        ours, peer, beside = median(w["engines"]["sinter"]), best_peer(w), ["–"] * 4
        if peer:
            beside = [short(peer[1]), NAMES[peer[0]], f"{ours / peer[1]:.2f}", f"{paired(w, peer[0]):.2f}"]
        rows.append([w["name"], short(ours)] + beside + [short(roof_ms(w)), f"{roof_ms(w) / ours:.2f}"])
    return table(["workload", "Sinter ms", "best peer ms", "which", "ratio", "by rounds", "roof ms", "share of the roof"], rows)


def every_engine(workloads):
    rows = []
    for w in workloads:
        for engine, n in sorted(w["engines"].items(), key=lambda item: median(item[1])):
            rows.append([w["name"], NAMES[engine], short(median(n)), short(min(passes(n))), f"{roof_ms(w) / median(n):.2f}",
                         "–" if engine == "sinter" else f"{n['difference']:.1e}", f"{n['ready_s']:.2f}",
                         f"{n['ahead_s']:.1f}" if n.get("ahead_s") else "–"])
    return table(["workload", "engine", "median ms", "fastest ms", "share of the roof", "from ours, at most", "ready s",
                  "ahead of time s"], rows)


def mib(size):
    return f"{size / 2**20:.1f} MiB"


def compile_rows(c):
    base, large = statistics.median(c["base_s"]), statistics.median(c["large_s"])
    return [["BERT-base, text to assembly, one processor, whole process", f"{base:.2f} s"],
            ["BERT-large, the same", f"{large:.2f} s ({large / base:.2f} × base)"],
            ["starting `sinter` alone, in both", f"{statistics.median(c['start_s']):.2f} s"]]


def memory_rows(m):
    return [["BERT-base executable, file", mib(m["file"])],
            ["its peak resident memory, one sentence of 114 tokens", mib(m["peak_rss"])],
            ["added by a second process of it", mib(m["private_of_second"])]]


# How much faster than torch's own attention ours is meant to be.
SPEED_UPS = {"attention full T=512": 1.3, "attention causal T=512": 2, "attention full T=2048": 1.15, "attention causal T=2048": 1.4}


def generate_goals(result):
    """Of the part `generate`: tokens at position 128, prompts, whole answers of T5, and what a later position costs."""
    out, at = [], {w["name"]: w for w in result.get("workloads", []) if w["part"] == "generate"}
    for name, w in at.items():
        ours, peers = median(w["engines"]["sinter"]), {e: median(n) for e, n in w["engines"].items() if e != "sinter"}
        if w.get("position") == 128 and w["dtype"] != "f16":
            out.append((f"{name}: at least 0.92 of the read roof", f"{roof_ms(w) / ours:.2f}", roof_ms(w) / ours >= 0.92))
        if "position" in w and "llama.cpp" in peers:
            out.append((f"{name}: faster than llama.cpp", f"{ours / peers['llama.cpp']:.2f} ×", ours < peers["llama.cpp"]))
        if name.startswith("GPT-2 f32 prompt") and "llama.cpp" in peers:
            faster = peers["llama.cpp"] / ours
            out.append((f"{name}: at least 1.3 × llama.cpp", f"{faster:.2f} ×", faster >= 1.3))
        if name.startswith("T5") and "ctranslate2" in peers:
            out.append((f"{name}: at most 0.7 × CTranslate2", f"{ours / peers['ctranslate2']:.2f} ×", ours <= 0.7 * peers["ctranslate2"]))
    decode = sorted((w for w in at.values() if "position" in w and w["dtype"] == "f32"), key=lambda w: w["position"])
    if len(decode) > 1:
        first, last = decode[0], decode[-1]
        grown = median(last["engines"]["sinter"]) - median(first["engines"]["sinter"])
        reading = (last["mbyte"] - first["mbyte"]) / max(w["roof_read_gbs"] for w in decode)
        out.append((f"a token at {last['position']} costs no more above one at {first['position']} than reading the cache",
                    f"{grown:.2f} ms, reading {reading:.2f} ms", grown <= reading + 0.05 * median(first["engines"]["sinter"])))
    return out


def goals(result):
    """(goal, measured, reached) for each goal that was measured."""
    out = []
    for w in result.get("workloads", []):
        peer = best_peer(w)
        if w["part"] == "bert" and peer:
            ratio = median(w["engines"]["sinter"]) / peer[1]
            out.append((f"{w['name']}: at most 0.9 × the best peer", f"{ratio:.2f} × {NAMES[peer[0]]}", ratio <= 0.9))
        wanted = SPEED_UPS.get(w["name"])
        if wanted and "torch" in w["engines"]:
            faster = median(w["engines"]["torch"]) / median(w["engines"]["sinter"])
            out.append((f"{w['name']}: at least {wanted} × torch", f"{faster:.2f} ×", faster >= wanted))
    out += generate_goals(result)
    faster = result.get("linear", {}).get("geometric_means", {}).get("linear")
    if faster:
        out.append(("linear layers of 1 to 512 rows: at least 1.6 × torch", f"{faster:.2f} × (geometric mean)", faster >= 1.6))
    if "compile" in result:
        base, large = (statistics.median(result["compile"][k]) for k in ("base_s", "large_s"))
        out.append(("BERT-large compiles within 1.2 × base", f"{large / base:.2f} ×", large <= 1.2 * base))
        out.append(("text to code at most 1.5 s on one processor", f"{max(base, large):.2f} s", max(base, large) <= 1.5))
    return out


def text(result):
    parts, machine, workloads = [], result["machine"], result.get("workloads", [])
    versions = ", ".join(f"{k} {v}" for k, v in machine["versions"].items())
    parts.append(f"{machine['cpu']}, {machine['processors']} processors, {machine['threads']} threads, "
                 f"{machine['date']}; {versions}.")
    if workloads:
        gflops, gbs = (max(w[k] for w in workloads) for k in ("roof_gflops", "roof_read_gbs"))
        parts.append(f"Roofs in the same run: {gflops:.0f} GFLOP/s ({workloads[0]['isa']} multiply-adds), {gbs:.1f} GB/s read. "
                     f"Others used at most {max(w['foreign'] for w in workloads):.0%} of the processors.")
        parts += [summary(workloads), every_engine(workloads)]
    if result.get("linear_text"):
        parts.append(result["linear_text"].strip())
    rows = compile_rows(result["compile"]) if "compile" in result else []
    rows += memory_rows(result["memory"]) if "memory" in result else []
    if rows:
        parts.append(table(["what", "measured"], rows))
    if goals(result):
        parts.append(table(["goal", "measured", "reached"], [[g, m, "yes" if r else "no"] for g, m, r in goals(result)]))
    parts += [f"Left out: {NAMES.get(e, e)}: {why}" for e, why in result.get("failed", {}).items()]
    return "\n\n".join(parts)


def svg(result):
    """One block of bars for each workload, each scaled to its slowest; a line where the roof is."""
    y, parts, left, wide = 10, [], 150, 460
    for w in result.get("workloads", []):
        top = max(median(n) for n in w["engines"].values())
        parts.append(f'<text x="10" y="{y + 14}" font-weight="bold">{escape(w["name"])}</text>')
        y += 22
        start = y
        for engine, n in sorted(w["engines"].items(), key=lambda item: median(item[1])):
            length = wide * median(n) / top
            parts.append(f'<text x="{left - 8}" y="{y + 13}" text-anchor="end">{escape(NAMES[engine])}</text>')
            parts.append(f'<rect x="{left}" y="{y + 2}" width="{length:.1f}" height="14" fill="{COLOURS[engine]}"/>')
            parts.append(f'<text x="{left + length + 6:.1f}" y="{y + 13}">{short(median(n))} ms</text>')
            y += 19
        at = left + wide * roof_ms(w) / top
        parts.append(f'<line x1="{at:.1f}" x2="{at:.1f}" y1="{start}" y2="{y}" stroke="#c0392b" stroke-dasharray="3 2"/>')
        y += 12
    note = "median of all passes; dashed: what the machine's roofs allow; each block has its own scale"
    parts.append(f'<text x="10" y="{y + 10}" fill="#666">{note}</text>')
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="720" height="{y + 22}" font-family="sans-serif" font-size="12">\n'
            f'<rect width="100%" height="100%" fill="white"/>\n' + "\n".join(parts) + "\n</svg>\n")


def svg_positions(result):
    """Time per token over position: a line for each engine and type of weights, ours thick; dashed the read roof."""
    lines, roofs = {}, {}
    for w in result.get("workloads", []):
        if "position" in w:
            for engine, n in w["engines"].items():
                lines.setdefault((engine, w["dtype"]), []).append((w["position"], median(n)))
            roofs.setdefault(w["dtype"], []).append((w["position"], roof_ms(w)))
    wide, high, left, top = 520, 300, 60, 20
    last = max([x for line in lines.values() for x, _ in line] or [1])
    slowest = 1.1 * max([y for line in lines.values() for _, y in line] or [1])
    place = lambda x, y: f"{left + wide * x / last:.1f},{top + high * (1 - y / slowest):.1f}"
    parts = [f'<rect x="{left}" y="{top}" width="{wide}" height="{high}" fill="none" stroke="#999"/>']
    for tick in range(5):
        y = slowest * tick / 4
        parts.append(f'<text x="{left - 6}" y="{top + high * (1 - tick / 4) + 4:.1f}" text-anchor="end">{short(y)}</text>')
        parts.append(f'<text x="{left + wide * tick / 4:.1f}" y="{top + high + 16}" text-anchor="middle">{round(last * tick / 4)}</text>')
    shades = {"f32": 1, "bf16": 0.7, "f16": 0.45}
    for dtype, line in roofs.items():
        points = " ".join(place(*p) for p in sorted(line))
        parts.append(f'<polyline points="{points}" fill="none" stroke="#c0392b" stroke-dasharray="3 2" opacity="{shades[dtype]}"/>')
    for (engine, dtype), line in sorted(lines.items()):
        points, (x, y) = " ".join(place(*p) for p in sorted(line)), sorted(line)[-1]
        parts.append(f'<polyline points="{points}" fill="none" stroke="{COLOURS[engine]}" opacity="{shades[dtype]}" '
                     f'stroke-width="{3 if engine == "sinter" else 1.5}"/>')
        at = place(x, y).split(",")
        parts.append(f'<text x="{float(at[0]) + 5:.1f}" y="{float(at[1]) + 4:.1f}">{escape(NAMES[engine])} {dtype}</text>')
    parts.append(f'<text x="{left}" y="{top + high + 36}" fill="#666">ms a token over its position; dashed: weights and cache at the read roof</text>')
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="720" height="{top + high + 50}" font-family="sans-serif" font-size="12">\n'
            f'<rect width="100%" height="100%" fill="white"/>\n' + "\n".join(parts) + "\n</svg>\n")


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("numbers", help="what run.py --json wrote")
    p.add_argument("--svg", help="draw the latencies here")
    p.add_argument("--svg-positions", help="draw time per token over position here")
    a = p.parse_args()
    with open(a.numbers) as f:
        result = json.load(f)
    print(text(result))
    if a.svg:
        with open(a.svg, "w") as f:
            f.write(svg(result))
    if a.svg_positions:
        with open(a.svg_positions, "w") as f:
            f.write(svg_positions(result))


if __name__ == "__main__":
    sys.exit(main())

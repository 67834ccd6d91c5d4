# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""graph.py PAGE PHASE: checks the data of a page of `sinter graph` against itself and prints the first and the last phase.

Every edge joins nodes that are there, every line that a node names has its text, and the last phase is PHASE."""
import json, re, sys

page = open(sys.argv[1], encoding="utf-8").read()
found = re.findall(r'<script type="application/json" id="data">(.*?)</script>', page, re.S)
assert len(found) == 1 and "<" not in found[0], "the data does not end where it should"
data = json.loads(found[0])
KINDS = {"input", "output", "contract", "attention", "row", "gather", "view", "pointwise", "repeat"}


def show(graph, indent):
    nodes = graph["nodes"]
    assert [node["id"] for node in nodes] == list(range(len(nodes)))
    for node in nodes:
        assert node["kind"] in KINDS, node
        assert all(line in data["lines"] and data["lines"][line] for line in node["lines"]), node
        reads = ", ".join(read["name"] for read in node["reads"])
        words = [node["kind"], node["title"], f"x{node['count']}" if "count" in node else "", node["shape"],
                 f"({node['subtitle']})" if node["subtitle"] else "", " ".join(node["lines"]), f"reads {reads}" if reads else ""]
        print(indent + " ".join(word for word in words if word))
        if "graph" in node:
            show(node["graph"], indent + "  ")
    for start, end, shape in graph["edges"]:
        assert 0 <= start < len(nodes) and 0 <= end < len(nodes) and shape.endswith(("]", "panels")), (start, end, shape)
        print(f"{indent}edge {nodes[start]['title']} -> {nodes[end]['title']} {shape}")


assert data["phases"][-1]["name"] == sys.argv[2]
print("model", data["model"], data["function"])
print("phases", *[phase["name"] for phase in data["phases"]])
for phase in (data["phases"][0], data["phases"][-1]):
    print("after", phase["name"])
    show(phase["graph"], "")
for place, text in data["lines"].items():
    print("line", place, text)

# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""graph_page.py PAGE: opens a page of `sinter graph` in headless Chromium with a script at its end that clicks and writes
down what it sees; judges that. Exit 1 with the fault."""
import json, os, re, shutil, subprocess, sys, tempfile

page = open(sys.argv[1], encoding="utf-8").read()
data = json.loads(re.search(r'id="data">(.*?)</script>', page, re.S).group(1))
CATCH = "<script>window.faults = []; window.onerror = (words) => { faults.push(String(words)); };</script>\n"
PROBE = """
<script>
const boxes = () => [...document.querySelectorAll('.node')].map((node) => {
  const box = node.querySelector(':scope > .box').getBoundingClientRect();
  return {key: node.dataset.key, pane: node.closest('.pane').dataset.phase, kind: node.node.kind, x: box.x, y: box.y, w: box.width, h: box.height};
});
const seen = {faults, title: document.title, closed: boxes()};
const click = (node) => node.dispatchEvent(new MouseEvent('click', {bubbles: true}));
const loop = [...document.querySelectorAll('.pane')].at(-1).querySelector('.node.repeat');
if (loop) click(loop);
seen.opened = boxes();
const kernel = [...document.querySelectorAll('.node.contract')].at(-1);
if (kernel) click(kernel);
seen.detail = document.getElementById('detail').textContent;
seen.near = document.querySelectorAll('.edge.near').length;
document.getElementById('all').click();
seen.all = boxes();
[...document.querySelectorAll('.node.contract')].at(-1)?.dispatchEvent(new MouseEvent('mouseenter'));
seen.kin = document.querySelectorAll('.node.kin').length;
seen.shapes = [...document.querySelectorAll('.shape')].map((shape) => shape.textContent);
document.getElementById('both').click();
seen.one = [...document.querySelectorAll('.pane')].filter((pane) => !pane.hidden).length;
seen.strange = document.querySelectorAll('svg b, aside b b, svg script').length;
const out = document.createElement('textarea');
out.id = 'seen';
out.textContent = JSON.stringify(seen);
document.body.replaceChildren(out);
</script>
"""
assert page.count("</body>") == 1
probed = page.replace("<head>", "<head>\n" + CATCH, 1).replace("</body>", PROBE + "</body>")
browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
with tempfile.TemporaryDirectory() as work:
    path = os.path.join(work, "page.html")
    with open(path, "w", encoding="utf-8") as f:
        f.write(probed)
    # No network: whatever the page would want from elsewhere fails, and is a fault.
    done = subprocess.run([browser, "--headless", "--no-sandbox", "--disable-gpu", "--window-size=1600,1000", "--user-data-dir=" + work,
                           "--host-resolver-rules=MAP * ~NOTFOUND", "--dump-dom", "file://" + path],
                          capture_output=True, text=True, timeout=120, env={**os.environ, "HOME": work})
found = re.search(r'<textarea id="seen">(.*?)</textarea>', done.stdout, re.S)
assert found, f"the page did not come to its end: {done.stderr[-1500:]}\n{done.stdout[-500:]}"
text = found.group(1)
for escape, char in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&nbsp;", "\xa0"), ("&amp;", "&")):
    text = text.replace(escape, char)
seen = json.loads(text)


def overlaps(boxes):
    """Pairs of boxes of one pane that overlap, neither inside the other (an open loop holds its body)."""
    for i, a in enumerate(boxes):
        for b in boxes[i + 1:]:
            if a["pane"] != b["pane"] or a["key"].startswith(b["key"] + ".") or b["key"].startswith(a["key"] + "."):
                continue
            if a["x"] < b["x"] + b["w"] - 0.5 and b["x"] < a["x"] + a["w"] - 0.5 and a["y"] < b["y"] + b["h"] - 0.5 and b["y"] < a["y"] + a["h"] - 0.5:
                yield a, b


def nodes(graph):
    return len(graph["nodes"]) + sum(nodes(node["graph"]) for node in graph["nodes"] if "graph" in node)


phases = {phase["name"]: phase["graph"] for phase in data["phases"]}
left, right = ("lower" if "fuse" in phases else data["phases"][-2]["name"]), data["phases"][-1]["name"]
assert seen["faults"] == [], seen["faults"]
assert seen["title"].startswith(data["model"] + "." + data["function"]), seen["title"]
assert len(seen["closed"]) == len(phases[left]["nodes"]) + len(phases[right]["nodes"]), "collapsed, each node of the top is drawn once"
assert len(seen["opened"]) > len(seen["closed"]), "a click opens a loop"
assert len(seen["all"]) == nodes(phases[left]) + nodes(phases[right]), "opened, each node of all loops is drawn once"
for name in ("closed", "opened", "all"):
    for pair in overlaps(seen[name]):
        sys.exit(f"{name}: boxes overlap: {pair}")
    for box in seen[name]:
        assert box["w"] > 3 and box["h"] > 2, box
assert any(place in seen["detail"] and words in seen["detail"] for place, words in data["lines"].items()), seen["detail"][:500]
assert "kernel.contract" in seen["detail"] and "UNKNOWN" not in seen["detail"], seen["detail"][:500]
assert seen["near"] >= 2 and seen["kin"] >= 2, (seen["near"], seen["kin"])
assert len(seen["shapes"]) >= 0.8 * len(phases[right]["edges"]) and all("[" in shape for shape in seen["shapes"]), seen["shapes"]
assert seen["one"] == 1 and seen["strange"] == 0, (seen["one"], seen["strange"])
print(f"{len(seen['closed'])} boxes closed, {len(seen['all'])} opened, {len(seen['shapes'])} shapes")

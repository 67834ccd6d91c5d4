// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The data of the page becomes two panes of SVG and a panel of details. Text goes in by textContent alone: nothing of
// a model is ever markup. The address' fragment says what is shown: #left=lower&right=fuse&both=1&open=1
'use strict';

const data = JSON.parse(document.getElementById('data').textContent);
const KINDS = {contract: 'matrix product', attention: 'attention', row: 'row: softmax, norm, reduction', gather: 'table rows',
               pointwise: 'elementwise', view: 'view, copy', repeat: 'layers'};
const NAMES = {text: 'as the text says'};
const PAD = 18, HEAD = 34;
const measure = document.createElement('canvas').getContext('2d');

function widthOf(text, font) {
  measure.font = font + ' system-ui, "Segoe UI", "DejaVu Sans", sans-serif';
  return measure.measureText(text).width;
}
function svg(parent, name, attributes, text) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  parent.append(made);
  return made;
}
function html(parent, name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  parent.append(made);
  return made;
}
const short = (text, most) => text.length > most ? text.slice(0, most - 1) + '…' : text;
/// The end of a weight's name says which one it is.
const tail = (name, most) => {
  const plain = name.replace(/, viewed$/, '').replace(/\.(dense|panels)$/, '').replace(/^.*\*\./, '');
  return plain.length > most ? '…' + plain.slice(1 - most) : plain;
};

const graphOf = (phase) => data.phases.find((each) => each.name === phase).graph;
const loopsOf = (graph) => graph.nodes.filter((node) => node.graph);
const countOf = (graph) => graph.nodes.reduce((sum, node) => sum + (node.graph ? countOf(node.graph) : node.kind !== 'input' && node.kind !== 'output'), 0);

// ---- one pane ----

class Pane {
  constructor(parent, phase) {
    this.phase = phase;
    this.open = new Set();
    this.element = html(parent, 'section', undefined, 'pane');
    const bar = html(this.element, 'div', undefined, 'bar');
    this.choice = html(bar, 'select');
    this.choice.setAttribute('aria-label', 'phase');
    for (const each of data.phases) {
      const option = html(this.choice, 'option', NAMES[each.name] ?? 'after ' + each.name);
      option.value = each.name;
    }
    this.choice.onchange = () => { this.phase = this.choice.value; this.render(); this.fit(); remember(); };
    this.summary = html(bar, 'span');
    const fit = html(bar, 'button', 'fit', 'fit');
    fit.onclick = () => this.fit();
    this.svg = svg(this.element, 'svg', {role: 'img'});
    this.root = svg(this.svg, 'g', {});
    this.moves();
  }

  render() {
    this.choice.value = this.phase;
    const graph = graphOf(this.phase), count = countOf(graph);
    this.summary.textContent = count + (this.phase === 'text' || this.phase === 'simplify' || this.phase === 'raise' ? ' operations' : ' kernels');
    this.element.dataset.phase = this.phase;
    this.root.replaceChildren();
    this.size = this.paint(this.root, this.place(graph, ''), 0, 0);
  }

  /// Sizes from the inside out, then places.
  place(graph, path) {
    const boxes = graph.nodes.map((node) => {
      const key = path + node.id, inner = node.graph && this.open.has(key) ? this.place(node.graph, key + '.') : null;
      const subtitle = node.graph ? countOf(node.graph) + ' inside, × ' + node.count : tail(node.subtitle, 34);
      const title = node.graph ? 'repeat' : short(node.title, 34);
      const where = node.lines.length ? node.lines[0] + (node.lines.length > 1 ? ' +' + (node.lines.length - 1) : '') : '';
      const text = Math.max(widthOf(title, '600 13px') + (node.graph ? 26 : 0), widthOf(subtitle, '10.5px'), widthOf(where, '10.5px'));
      const rows = 1 + (subtitle ? 1 : 0) + (where ? 1 : 0);
      const box = {node, key, inner, title, subtitle, where, w: Math.ceil(Math.max(72, text + 28)), h: 14 + rows * 15};
      if (inner) {
        box.w = Math.max(box.w + 40, inner.w + 2 * PAD);
        box.h = inner.h + HEAD + PAD;
      }
      return box;
    });
    const layout = layoutGraph(boxes, graph.edges);
    return {boxes, edges: graph.edges, ...layout};
  }

  paint(parent, placed, left, top) {
    const group = svg(parent, 'g', {transform: `translate(${left} ${top})`});
    const edges = svg(group, 'g', {}), nodes = svg(group, 'g', {}), labels = svg(group, 'g', {});
    const taken = placed.boxes.map((box, i) => ({x: placed.places[i].x + box.w / 2, y: placed.places[i].y + box.h / 2, w: box.w, h: box.h}));
    placed.edges.forEach(([from, to, shape], i) => {
      const route = placed.routes[i];
      const path = svg(edges, 'path', {class: 'edge', d: curve(route), 'data-from': placed.boxes[from].key, 'data-to': placed.boxes[to].key,
                                       'marker-end': `url(#arrow${panes.indexOf(this)})`});
      svg(path, 'title', {}, shape);
      label(labels, taken, route, shape);
    });
    placed.boxes.forEach((box, i) => this.paintNode(nodes, box, placed.places[i]));
    return {w: placed.w, h: placed.h};
  }

  paintNode(parent, box, at) {
    const {node} = box, open = Boolean(box.inner);
    const group = svg(parent, 'g', {class: `node ${node.kind}` + (open ? ' open' : ''), style: `--kind: var(--${node.kind})`,
                                    transform: `translate(${at.x} ${at.y})`, 'data-key': box.key, 'data-w': box.w, 'data-h': box.h});
    group.node = node;
    if (node.graph && !open)
      for (const shift of [7, 3.5]) svg(group, 'rect', {class: 'under', x: shift, y: shift, width: box.w, height: box.h, rx: 7});
    svg(group, 'rect', {class: 'box', width: box.w, height: box.h, rx: 7});
    if (node.kind !== 'input' && node.kind !== 'output')
      svg(group, 'path', {class: 'tab', d: `M7 0 H5 V${box.h} H7 Q0 ${box.h} 0 ${box.h - 7} V7 Q0 0 7 0 Z`});
    svg(group, 'text', {class: 'title', x: 16, y: 20}, box.title + (open ? ' × ' + node.count : ''));
    if (node.graph) svg(group, 'text', {class: 'sign', x: box.w - 15, y: 20}, open ? '−' : '+');
    if (open) {
      const body = svg(group, 'g', {class: 'body'});
      this.paint(body, box.inner, (box.w - box.inner.w) / 2, HEAD);
    } else {
      let y = 20;
      if (box.subtitle) svg(group, 'text', {class: 'subtitle', x: 16, y: y += 15}, box.subtitle);
      if (box.where) svg(group, 'text', {class: 'place', x: 16, y: y + 15}, box.where);
    }
    group.onmouseenter = () => light(node.lines, true);
    group.onmouseleave = () => light(node.lines, false);
    group.onclick = (event) => {
      event.stopPropagation();
      if (this.dragged) return;
      choose(group, node, this);
      if (node.graph) this.toggle(box.key);
    };
  }

  toggle(key) {
    this.open.has(key) ? this.open.delete(key) : this.open.add(key);
    this.render();
    const again = this.svg.querySelector(`[data-key="${key}"]`);
    again.classList.add('chosen');
    remember();
  }

  openAll(yes, graph = graphOf(this.phase), path = '') {
    if (!path) this.open.clear();
    if (yes)
      for (const node of loopsOf(graph)) { this.open.add(path + node.id); this.openAll(true, node.graph, path + node.id + '.'); }
    if (!path) { this.render(); this.fit(); }
  }

  // ---- moving about ----

  fit() {
    const {width, height} = this.svg.getBoundingClientRect(), margin = 24;
    const scale = Math.min((width - 2 * margin) / this.size.w, 1.15), whole = Math.min(scale, (height - 2 * margin) / this.size.h);
    // A tall graph begins at its top, at a size that can be read.
    this.scale = Math.max(whole, Math.min(scale, 0.62), 0.05);
    this.x = (width - this.size.w * this.scale) / 2;
    this.y = margin; // both panes begin at the same height
    this.view();
  }
  view() { this.root.setAttribute('transform', `translate(${this.x} ${this.y}) scale(${this.scale})`); }
  moves() {
    this.svg.addEventListener('wheel', (event) => {
      event.preventDefault();
      const box = this.svg.getBoundingClientRect(), px = event.clientX - box.left, py = event.clientY - box.top;
      const by = Math.exp(-event.deltaY * 0.0015), next = Math.min(4, Math.max(0.05, this.scale * by));
      this.x = px - (px - this.x) * next / this.scale;
      this.y = py - (py - this.y) * next / this.scale;
      this.scale = next;
      this.view();
    }, {passive: false});
    let from = null;
    this.svg.onpointerdown = (event) => { from = {x: event.clientX - this.x, y: event.clientY - this.y, px: event.clientX, py: event.clientY}; this.dragged = false; };
    this.svg.onpointermove = (event) => {
      if (!from) return;
      if (Math.hypot(event.clientX - from.px, event.clientY - from.py) > 4) this.dragged = true;
      if (!this.dragged) return;
      this.x = event.clientX - from.x;
      this.y = event.clientY - from.y;
      this.view();
    };
    window.addEventListener('pointerup', () => { from = null; });
  }
}

// ---- edges ----

function curve(route) {
  let path = `M${route[0].x} ${route[0].y}`;
  for (let i = 1; i < route.length; ++i) {
    const a = route[i - 1], b = route[i], middle = (a.y + b.y) / 2;
    path += a.x === b.x ? ` V${b.y}` : ` C${a.x} ${middle} ${b.x} ${middle} ${b.x} ${b.y}`;
  }
  return path;
}

/// The shape, at the first place along the edge where it covers neither node nor other shape; else the edge's tooltip alone.
function label(parent, taken, route, shape) {
  const text = short(shape, 30), w = text.length * 6.1 + 6, h = 13;
  for (let i = route.length - 1; i > 0; --i)
    for (const t of [0.5, 0.66, 0.34, 0.8, 0.2]) {
      const a = route[i - 1], b = route[i], s = t * t * (3 - 2 * t);
      const box = {x: a.x + (b.x - a.x) * s, y: a.y + (b.y - a.y) * t, w, h};
      if (taken.some((other) => Math.abs(other.x - box.x) * 2 < other.w + w && Math.abs(other.y - box.y) * 2 < other.h + h)) continue;
      taken.push(box);
      svg(parent, 'rect', {class: 'plate', x: box.x - w / 2, y: box.y - h / 2, width: w, height: h, rx: 3});
      svg(parent, 'text', {class: 'shape', x: box.x, y: box.y + 3.5}, text);
      return;
    }
}

// ---- what is chosen ----

/// In both panes, whatever comes from one of these lines: what a kernel was made of.
function light(lines, on) {
  for (const group of document.querySelectorAll('.node'))
    if (!group.node.graph) group.classList.toggle('kin', on && group.node.lines.some((line) => lines.includes(line)));
}

function choose(group, node, pane) {
  for (const other of document.querySelectorAll('.chosen')) other.classList.remove('chosen');
  for (const edge of document.querySelectorAll('.edge.near')) edge.classList.remove('near');
  group.classList.add('chosen');
  for (const edge of pane.svg.querySelectorAll('.edge'))
    if (edge.dataset.from === group.dataset.key || edge.dataset.to === group.dataset.key) edge.classList.add('near');
  const panel = document.getElementById('detail');
  panel.replaceChildren();
  panel.style.setProperty('--kind', `var(--${node.kind})`);
  html(panel, 'h2', node.graph ? `repeat × ${node.count}` : node.title);
  html(panel, 'span', KINDS[node.kind] ?? node.kind, 'chip');
  const section = (title) => { html(panel, 'h3', title); return html(panel, 'ul'); };
  const item = (list, what, text) => { const li = html(list, 'li'); html(li, 'b', what); if (text) html(li, 'code', text); };
  if (node.shape) item(section(node.kind === 'input' ? 'shape' : 'gives'), '', node.shape);
  if (node.lines.length) {
    const list = section(node.lines.length > 1 ? 'lines of the text' : 'line of the text');
    for (const line of node.lines) item(list, line, data.lines[line]);
  }
  if (node.reads.length) {
    const list = section('parameters and constants');
    for (const read of node.reads) item(list, read.name, read.shape);
  }
  if (node.cost) {
    const list = section('cost of one launch');
    item(list, 'floating-point operations', node.cost.flops);
    item(list, 'bytes read and written', node.cost.bytes);
  }
  if (node.code) { html(panel, 'h3', 'code'); html(panel, 'pre', node.code); }
}

function explain() {
  const panel = document.getElementById('detail');
  html(panel, 'h2', 'What computes what');
  html(panel, 'p', 'Click a box for its lines, its parameters and its code; click a loop to look inside. Hover over a box: whatever was made from the same lines lights up on both sides. Drag and scroll to move.');
}

// ---- the page ----

function remember() {
  history.replaceState(null, '', `#left=${panes[0].phase}&right=${panes[1].phase}&both=${panes[0].element.hidden ? 0 : 1}`);
}

const last = data.phases.at(-1).name, wanted = new URLSearchParams(location.hash.slice(1));
const isPhase = (name) => data.phases.some((phase) => phase.name === name);
const before = isPhase('fuse') ? 'lower' : data.phases.at(-2).name;
const panes = [new Pane(document.getElementById('panes'), isPhase(wanted.get('left')) ? wanted.get('left') : before),
               new Pane(document.getElementById('panes'), isPhase(wanted.get('right')) ? wanted.get('right') : last)];
document.title = `${data.model}.${data.function} — sinter graph`;
const heading = document.getElementById('name');
heading.textContent = data.model;
html(heading, 'span', '.' + data.function);
const legend = document.getElementById('legend');
for (const [kind, words] of Object.entries(KINDS)) {
  const entry = html(legend, 'span');
  html(entry, 'i').style.background = `var(--${kind})`;
  entry.append(words);
}
for (const pane of panes) {
  const marker = svg(svg(pane.svg, 'defs', {}), 'marker', {id: 'arrow' + panes.indexOf(pane), viewBox: '0 0 8 8', refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: 'auto'});
  svg(marker, 'path', {d: 'M0 1 L7 4 L0 7 Z', fill: 'var(--edge)'});
}
const both = document.getElementById('both'), all = document.getElementById('all');
function showBoth(yes) {
  panes[0].element.hidden = !yes;
  both.setAttribute('aria-pressed', yes);
  for (const pane of panes) if (!pane.element.hidden) { pane.render(); pane.fit(); }
}
both.onclick = () => { showBoth(panes[0].element.hidden); remember(); };
all.onclick = () => {
  const yes = all.getAttribute('aria-pressed') !== 'true';
  all.setAttribute('aria-pressed', yes);
  for (const pane of panes) if (!pane.element.hidden) pane.openAll(yes);
};
window.onresize = () => { for (const pane of panes) if (!pane.element.hidden) pane.fit(); };
explain();
showBoth(wanted.get('both') !== '0');
if (wanted.get('open') === '1') all.onclick();

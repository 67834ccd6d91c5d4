// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Nodes with sizes and edges enter; places leave. Layers by longest path, long edges through dummies, order by
// barycentres, x by blocks of aligned cells (Brandes and Koepf). Everything is deterministic.
'use strict';

const GAP_X = 26, GAP_Y = 46, DUMMY = 10;

/// Longest path from the inputs; what has no producer moves right above its first consumer.
function ranksOf(count, edges) {
  const into = Array.from({length: count}, () => []), outOf = Array.from({length: count}, () => []);
  for (const [from, to] of edges) { into[to].push(from); outOf[from].push(to); }
  const rank = new Array(count).fill(-1);
  const visit = (node) => {
    if (rank[node] < 0) rank[node] = 1 + Math.max(-1, ...into[node].map(visit));
    return rank[node];
  };
  for (let node = 0; node < count; ++node) visit(node);
  for (let node = 0; node < count; ++node)
    if (!into[node].length && outOf[node].length) rank[node] = Math.min(...outOf[node].map((to) => rank[to])) - 1;
  return rank;
}

/// One of four drafts of Brandes and Koepf: each cell below (or, upside down, above) the middle one of its neighbours
/// where that crosses no other such line, aligned cells as one block, blocks packed to the left in order. Real neighbours
/// come before passing edges, so that what follows on another stays straight below it.
function draft(layers, side) {
  const root = new Map(), block = new Map();
  const rootOf = (cell) => root.get(cell) ?? cell;
  for (const layer of layers) {
    let last = -1;
    for (const cell of layer) {
      const real = cell[side].filter((other) => other.id >= 0), all = cell.id >= 0 && real.length ? real : cell[side];
      const near = all.slice().sort((p, q) => p.place - q.place), middle = (near.length - 1) / 2;
      for (const at of [Math.floor(middle), Math.ceil(middle)]) {
        const other = near[at];
        if (!other || root.has(cell) || other.place <= last || block.get(rootOf(other))?.has(cell.rank)) continue;
        root.set(cell, rootOf(other));
        last = other.place;
        if (!block.has(rootOf(other))) block.set(rootOf(other), new Set([rootOf(other).rank]));
        block.get(rootOf(other)).add(cell.rank);
      }
    }
  }
  // Blocks as a graph: who stands right of whom, and how far at least.
  const after = new Map(), before = new Map(), roots = [];
  const list = (map, key) => map.get(key) ?? map.set(key, []).get(key);
  for (const layer of layers)
    layer.forEach((cell, i) => {
      if (rootOf(cell) === cell) roots.push(cell);
      if (!i) return;
      const gap = (layer[i - 1].w + cell.w) / 2 + GAP_X;
      list(after, rootOf(layer[i - 1])).push([rootOf(cell), gap]);
      list(before, rootOf(cell)).push([rootOf(layer[i - 1]), gap]);
    });
  const x = new Map(), pulled = new Map();
  const leftmost = (cell) => {
    if (!x.has(cell)) x.set(cell, Math.max(0, ...(before.get(cell) ?? []).map(([other, gap]) => leftmost(other) + gap)));
    return x.get(cell);
  };
  roots.forEach(leftmost);
  // Then each as near to its right neighbours as it may: no space is left open inside.
  const pull = (cell) => {
    if (!pulled.has(cell)) {
      const most = Math.min(...(after.get(cell) ?? []).map(([other, gap]) => pull(other) - gap));
      pulled.set(cell, Number.isFinite(most) && before.has(cell) ? Math.max(x.get(cell), most) : x.get(cell));
    }
    return pulled.get(cell);
  };
  return (cell) => pull(rootOf(cell));
}

/// x of every cell: the four drafts (from above and below, from left and right) side by side, the mean of the middle two.
function assignX(layers) {
  const cells = layers.flat(), drafts = [];
  for (const side of ['up', 'down'])
    for (const mirror of [false, true]) {
      const view = (side === 'up' ? layers : layers.slice().reverse()).map((layer) => mirror ? layer.slice().reverse() : layer);
      view.forEach((layer) => layer.forEach((cell, i) => { cell.place = i; }));
      const at = draft(view, side), xs = cells.map((cell) => mirror ? -at(cell) : at(cell));
      const left = Math.min(...cells.map((cell, i) => xs[i] - cell.w / 2)), right = Math.max(...cells.map((cell, i) => xs[i] + cell.w / 2));
      drafts.push({xs, left, right, mirror});
    }
  const narrow = drafts.reduce((least, each) => each.right - each.left < least.right - least.left ? each : least);
  for (const each of drafts) {
    const by = each.mirror ? narrow.right - each.right : narrow.left - each.left;
    each.xs = each.xs.map((value) => value + by);
  }
  cells.forEach((cell, i) => {
    const [, low, high] = drafts.map((each) => each.xs[i]).sort((p, q) => p - q);
    cell.x = (low + high) / 2;
  });
}

function crossings(layers) {
  let total = 0;
  for (const layer of layers) {
    const ends = [];
    layer.forEach((cell) => cell.down.forEach((to) => ends.push([cell.order, to.order])));
    for (let i = 0; i < ends.length; ++i)
      for (let j = i + 1; j < ends.length; ++j)
        total += (ends[i][0] - ends[j][0]) * (ends[i][1] - ends[j][1]) < 0;
  }
  return total;
}

function orderLayers(layers) {
  const number = () => layers.forEach((layer) => layer.forEach((cell, i) => { cell.order = i; }));
  const sweep = (list, side) => {
    for (const layer of list) {
      for (const cell of layer)
        cell.want = cell[side].length ? cell[side].reduce((sum, other) => sum + other.order, 0) / cell[side].length : cell.order;
      layer.sort((a, b) => a.want - b.want || a.order - b.order);
      layer.forEach((cell, i) => { cell.order = i; });
    }
  };
  number();
  let best = layers.map((layer) => layer.slice()), least = crossings(layers);
  for (let i = 0; i < 12 && least; ++i) {
    sweep(i % 2 ? layers.slice().reverse() : layers, i % 2 ? 'down' : 'up');
    const now = crossings(layers);
    if (now < least) { least = now; best = layers.map((layer) => layer.slice()); }
  }
  layers.forEach((layer, i) => layer.splice(0, layer.length, ...best[i]));
  number();
}

/// sizes: [{w, h}]; edges: [[from, to]]. Returns {w, h, places: [{x, y}] (top left), routes: [[{x, y}, ...]]}.
function layoutGraph(sizes, edges) {
  const rank = ranksOf(sizes.length, edges), layers = [];
  const put = (cell, r) => { (layers[r] ??= []).push(cell); cell.rank = r; cell.up = []; cell.down = []; return cell; };
  const cells = sizes.map((size, i) => put({w: size.w, h: size.h, id: i}, rank[i]));
  const join = (a, b) => { a.down.push(b); b.up.push(a); };
  const chains = edges.map(([from, to]) => {
    const chain = [cells[from]];
    for (let r = rank[from] + 1; r < rank[to]; ++r) chain.push(put({w: DUMMY, h: 0, id: -1}, r));
    chain.push(cells[to]);
    for (let i = 1; i < chain.length; ++i) join(chain[i - 1], chain[i]);
    return chain;
  });
  for (let r = 0; r < layers.length; ++r) layers[r] ??= [];
  orderLayers(layers);

  assignX(layers);
  let y = 0, left = Infinity, right = -Infinity;
  for (const layer of layers) {
    const height = Math.max(0, ...layer.map((cell) => cell.h));
    for (const cell of layer) {
      cell.top = y + (cell.id < 0 ? 0 : (height - cell.h) / 2);
      cell.bottom = cell.id < 0 ? y + height : cell.top + cell.h;
      left = Math.min(left, cell.x - cell.w / 2);
      right = Math.max(right, cell.x + cell.w / 2);
    }
    y += height + GAP_Y;
  }
  // Where an edge leaves or enters: spread over the node's width in the order of the other ends.
  const port = (cell, other, side) => {
    const others = cell[side].slice().sort((a, b) => a.x - b.x || a.order - b.order), at = others.indexOf(other);
    const span = Math.min(cell.w * 0.7, 46 * (others.length - 1));
    return cell.x + (others.length > 1 ? (at / (others.length - 1) - 0.5) * span : 0);
  };
  const routes = chains.map((chain) => chain.flatMap((cell, i) => {
    if (cell.id < 0) return [{x: cell.x - left, y: cell.top}, {x: cell.x - left, y: cell.bottom}];
    return [i ? {x: port(cell, chain[i - 1], 'up') - left, y: cell.top} : {x: port(cell, chain[1], 'down') - left, y: cell.bottom}];
  }));
  return {w: Math.max(0, right - left), h: Math.max(0, y - GAP_Y), routes,
          places: cells.map((cell) => ({x: cell.x - cell.w / 2 - left, y: cell.top}))};
}

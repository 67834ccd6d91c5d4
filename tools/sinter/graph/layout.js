// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Nodes with sizes and edges enter; places leave. Layers by longest path, long edges through dummies, order by
// barycentres, x by least squares without overlap. Everything is deterministic.
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

/// x for one layer: as near as possible to the wishes, in order, apart (pools of neighbours that collide move as one).
function settle(layer, wish, weight) {
  const pools = [];
  let offset = 0, before = null;
  for (const cell of layer) {
    if (before) offset += before.w / 2 + cell.w / 2 + GAP_X;
    before = cell;
    cell.offset = offset;
    let pool = {cells: [cell], weight: weight(cell), sum: weight(cell) * (wish(cell) - offset)};
    while (pools.length && pools.at(-1).sum / pools.at(-1).weight > pool.sum / pool.weight) {
      const last = pools.pop();
      pool = {cells: last.cells.concat(pool.cells), weight: last.weight + pool.weight, sum: last.sum + pool.sum};
    }
    pools.push(pool);
  }
  for (const pool of pools)
    for (const cell of pool.cells) cell.x = pool.sum / pool.weight + cell.offset;
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

  for (const layer of layers) settle(layer, () => 0, () => 1);
  // Real neighbours count more than passing edges: what follows on another stays below it.
  const pull = (cell) => cell.id < 0 ? 1 : 5;
  const mean = (list) => list.reduce((sum, cell) => sum + pull(cell) * cell.x, 0) / list.reduce((sum, cell) => sum + pull(cell), 0);
  for (let i = 0; i < 24; ++i) {
    const down = i % 2 === 0, side = down ? 'up' : 'down';
    for (const layer of down ? layers : layers.slice().reverse())
      settle(layer, (cell) => cell[side].length ? mean(cell[side]) : cell.x,
             (cell) => cell[side].length ? (cell.id < 0 ? 4 : 1) : 0.2);
  }
  // Last, between both sides: what only follows one neighbour would drift away with it.
  for (let i = 0; i < 16; ++i)
    for (const layer of i % 2 ? layers.slice().reverse() : layers)
      settle(layer, (cell) => cell.up.length + cell.down.length ? mean(cell.up.concat(cell.down)) : cell.x, (cell) => cell.id < 0 ? 4 : 1);
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

// SPDX-License-Identifier: Apache-2.0
/*
 * What the explorer shows, and what its controls do. It computes nothing: all numbers come from the engine (engine.js);
 * here they are only formatted, colored and put in their places.
 */
'use strict';

// ---- elements and text ----

const $ = (id) => document.getElementById(id);

/** An element: properties, attributes (with a dash, or role), listeners ("onclick"), children. */
function el(tag, properties = {}, ...children) {
  const svg = /^(svg|line|circle|path|text|g|rect|title)$/.test(tag);
  const element = svg ? document.createElementNS('http://www.w3.org/2000/svg', tag) : document.createElement(tag);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue;
    if (svg || key.includes('-') || key === 'role' || key === 'for' || key === 'scope') element.setAttribute(key, value);
    else element[key] = value;
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return element;
}

/** Text with *italics* and ‹numbers›, as nodes. */
function rich(text) {
  return text.replace(/ ([⊙·]) /g, '\u00a0$1\u00a0').split(/(\*[^*]+\*|‹[^›]+›)/).map((part) =>
    part.startsWith('*') ? el('i', {textContent: part.slice(1, -1), className: {'*J*': 't-j', '*M*': 't-m'}[part]})
      : part.startsWith('‹') ? el('span', {className: 'n', textContent: part.slice(1, -1)}) : part);
}

const paragraph = (text, className = '') => el('p', {className}, rich(text));
const subscript = (n) => String(n).replace(/\d/g, (digit) => '₀₁₂₃₄₅₆₇₈₉'[digit]);
const minus = (text) => text.replace(/-/g, '−');
const plural = (n, one, many = one + 's') => `${n} ${n === 1 ? one : many}`;

/**
 * A number in a cell: at most five characters where that can be. Trailing zeros show that it is rounded; an error in the last
 * bits, as in 1/(1 − 0.9) = 10.000000000000002, does not count.
 */
function short(value) {
  if (value === 0) return '0';
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  if (size >= 1e5 || size < 5e-3) return minus(value.toExponential(0).replace('e+', 'e'));
  const text = value.toFixed(size >= 1000 ? 0 : size >= 100 ? 1 : 2);
  return minus(Math.abs(Number(text) - value) <= 1e-14 * size ? String(Number(text)) : text);
}

/** A number in a sentence or a row of its own. */
function long(value, digits = 6) {
  if (value === 0 || !Number.isFinite(value)) return short(value);
  const size = Math.abs(value);
  return minus(size >= 1e7 || size < 1e-4 ? value.toExponential(digits - 1).replace('e+', 'e') : String(Number(value.toPrecision(digits))));
}

/** The terms of a sum, as numbers for rich text: "‹0.5› − ‹0.25›". */
const terms = (values) => values.map((value, i) => `${i === 0 ? '' : value < 0 ? ' − ' : ' + '}‹${long(i === 0 ? value : Math.abs(value), 4)}›`).join('');

const exact = (value) => minus(Object.is(value, -0) ? '0' : String(value));

// ---- the state, and the fragment that holds it ----

const LIMITS = {p: [0, 0.9], examples: [1, 4], inputs: [1, 5], outputs: [1, 4], seed: [0, 999999], draw: [0, 999999]};
const DEFAULTS = {p: 0.5, mode: 'per-example', examples: 2, inputs: 3, outputs: 2, seed: 395, draw: 0};
const TRAINING = {data: 'moons', p: 0.5, seed: 1, steps: 0};

const state = {
  setting: {...DEFAULTS},
  edits: new Map(),
  flips: new Set(),
  step: 0,
  of: 0, // the steps of the tape that step belongs to
  chapter: 0,
  weight: [1, 0],
  h: 5,
  theme: 'auto',
  view: 'scene', // or all figures
  level: 'ideas', // or nodes: how far a step goes
  training: {...TRAINING},
};

const within = (value, [low, high]) => Number.isFinite(value) && value >= low && value <= high;

const settingOf = (chapter) => ({...DEFAULTS, ...STORY[chapter].setting});

/** The state as a fragment; what is as it is by default is left out. */
function toFragment() {
  const parts = [];
  const put = (key, value) => parts.push(`${key}=${value}`);
  put('chapter', state.chapter + 1);
  const base = settingOf(state.chapter);
  for (const [key, value] of Object.entries(state.setting)) if (value !== base[key]) put(key, value);
  if (state.flips.size > 0) put('flip', [...state.flips].join('_'));
  if (state.edits.size > 0) put('edit', [...state.edits].map(([place, value]) => `${place}:${value}`).join('_'));
  put('step', state.step);
  put('of', state.of);
  if (state.weight.join('.') !== '1.0') put('weight', state.weight.join('.'));
  if (state.h !== 5) put('h', state.h);
  if (state.theme !== 'auto') put('theme', state.theme);
  if (state.view !== 'scene') put('view', state.view);
  if (state.level !== 'ideas') put('level', state.level);
  for (const [key, value] of Object.entries(state.training)) if (value !== TRAINING[key]) put(`train-${key}`, value);
  return '#' + parts.join('&');
}

/** Takes over what a fragment says, as far as it makes sense; the rest is as by default. */
function fromFragment(fragment) {
  const given = new Map(fragment.replace(/^#/, '').split('&').map((part) => {
    const at = part.indexOf('=');
    return at < 0 ? [part, ''] : [part.slice(0, at), part.slice(at + 1)];
  }));
  const number = (key, otherwise, limits, whole = true) => {
    const value = given.has(key) && given.get(key) !== '' ? Number(given.get(key)) : NaN;
    return within(value, limits) && (!whole || Number.isInteger(value)) ? value : otherwise;
  };
  const one = (key, otherwise, ...values) => (values.includes(given.get(key)) ? given.get(key) : otherwise);
  const list = (key, pattern) => (given.get(key) || '').split('_').filter((item) => pattern.test(item));
  state.chapter = number('chapter', 1, [1, STORY.length]) - 1;
  const setting = settingOf(state.chapter);
  state.setting = {
    p: number('p', setting.p, LIMITS.p, false),
    mode: one('mode', setting.mode, 'per-example', 'per-batch'),
    examples: number('examples', setting.examples, LIMITS.examples),
    inputs: number('inputs', setting.inputs, LIMITS.inputs),
    outputs: number('outputs', setting.outputs, LIMITS.outputs),
    seed: number('seed', setting.seed, LIMITS.seed),
    draw: number('draw', setting.draw, LIMITS.draw),
  };
  state.flips = new Set(list('flip', /^\d\.\d\.\d$/));
  state.edits = new Map(list('edit', /^[xWbt]\.\d\.\d:-?[\d.e+-]+$/)
    .map((item) => item.split(':')).map(([place, value]) => [place, Number(value)]).filter(([, value]) => Number.isFinite(value)));
  state.step = number('step', Infinity, [0, 10000]);
  state.of = number('of', 0, [0, 10000]);
  const weight = /^(\d)\.(\d)$/.exec(given.get('weight') || '1.0');
  state.weight = weight ? [Number(weight[1]), Number(weight[2])] : [1, 0];
  state.h = number('h', 5, [1, 12]);
  state.theme = one('theme', 'auto', 'light', 'dark');
  state.view = one('view', 'scene', 'all');
  state.level = one('level', 'ideas', 'nodes');
  state.training = {
    data: one('train-data', TRAINING.data, ...Object.keys(DATA)),
    p: number('train-p', TRAINING.p, LIMITS.p, false),
    seed: number('train-seed', TRAINING.seed, LIMITS.seed),
    steps: number('train-steps', 0, [0, 100000]),
  };
}

let ownFragment = '';
let fragmentTimer = 0;

/** Writes the fragment, a moment after the last change. */
function remember() {
  clearTimeout(fragmentTimer);
  fragmentTimer = setTimeout(rememberNow, 150);
}

function rememberNow() {
  clearTimeout(fragmentTimer);
  ownFragment = toFragment();
  if (location.hash !== ownFragment) history.replaceState(null, '', ownFragment);
}

// ---- matrices ----

/**
 * A matrix as a grid of cells that the keyboard walks through.
 *
 * name      what it is called where it is read aloud
 * caption   what stands above it
 * place     (row, column) to the place of an editable number, "W.0.1"; none if it cannot be edited
 * flip      (row, column) to the place of a connection, "0.0.1"; for masks only
 * weight    (row, column) to the weight [j, q] that the entry belongs to
 */
class Matrix {
  constructor({id, name, caption, rows, columns, place, flip, weight, describe}) {
    Object.assign(this, {id, name, rows, columns, place, flip, weight, describe});
    this.cells = [];
    const body = el('tbody');
    for (let r = 0; r < rows; r++) {
      const row = el('tr', {role: 'row', 'aria-rowindex': r + 1});
      for (let c = 0; c < columns; c++) {
        const cell = el('td', {role: 'gridcell', tabIndex: r + c === 0 ? 0 : -1, 'aria-colindex': c + 1}, el('span'));
        cell.dataset.row = r;
        cell.dataset.column = c;
        if (place) cell.dataset.edit = place(r, c);
        if (flip) cell.dataset.flip = flip(r, c);
        if (weight) cell.dataset.weight = weight(r, c).join('.');
        row.append(cell);
        this.cells.push(cell);
      }
      body.append(row);
    }
    this.table = el('table', {className: 'matrix', role: 'grid', 'aria-label': `${name}, ${rows} by ${columns}`, id, 'aria-readonly': place || flip ? null : 'true'}, body);
    this.table.matrix = this;
    this.figure = el('figure', {className: 'fig'}, el('figcaption', {}, rich(caption)), this.table);
  }

  /** Shows values, or empty cells where there are none yet. */
  show(values, {most = 0, dropped = null, edited = null, wait = 'not computed yet'} = {}) {
    this.figure.classList.toggle('waiting', !values);
    this.cells.forEach((cell, k) => {
      const r = Math.floor(k / this.columns);
      const c = k % this.columns;
      const value = values ? values[k] : null;
      const isDropped = values !== null && dropped !== null && dropped(r, c);
      cell.classList.toggle('empty', value === null);
      cell.classList.toggle('dropped', isDropped);
      cell.classList.toggle('kept', Boolean(this.flip) && value !== null && !isDropped);
      cell.classList.toggle('minus', value < 0);
      cell.classList.toggle('edited', edited !== null && edited(r, c));
      cell.style.setProperty('--v', value === null || most === 0 ? 0 : Math.min(1, Math.abs(value) / most).toFixed(3));
      if (!cell.querySelector('input')) cell.firstChild.textContent = value === null ? '·' : short(value);
      const where = this.rows > 1 || this.columns > 1 ? ` [${r}, ${c}]` : '';
      const said = value === null ? wait : this.flip ? `${long(value)}, ${isDropped ? 'dropped' : 'kept'}` : long(value);
      cell.setAttribute('aria-label', `${this.describe ? this.describe(r, c) : this.name + where}: ${said}`);
      cell.title = value === null ? '' : exact(value);
      if (value === null) delete cell.dataset.value; else cell.dataset.value = exact(value).replace('−', '-');
    });
  }

  cell(r, c) {
    return this.cells[Math.max(0, Math.min(this.rows - 1, r)) * this.columns + Math.max(0, Math.min(this.columns - 1, c))];
  }

  focus(r, c) {
    const next = this.cell(r, c);
    for (const cell of this.cells) cell.tabIndex = cell === next ? 0 : -1;
    next.focus();
  }
}

// ---- the drawing of the network ----

/** Inputs on the left, outputs on the right; a line for each connection. Its information is that of the mask's grid. */
class Graph {
  constructor(inputs, outputs, group, indexes) {
    const height = Math.max(84, 30 * Math.max(inputs, outputs));
    const at = (i, of) => (height * (i + 0.5)) / of;
    this.lines = [];
    this.svg = el('svg', {class: 'graph', width: 112, height, viewBox: `0 0 112 ${height}`, 'aria-hidden': 'true'});
    for (let j = 0; j < outputs; j++) {
      for (let q = 0; q < inputs; q++) {
        const ends = {x1: 22, y1: at(q, inputs), x2: 90, y2: at(j, outputs)};
        const line = el('line', ends);
        const hit = el('line', {...ends, class: 'hit', 'data-flip': `${group}.${j}.${q}`, 'data-weight': `${j}.${q}`}, el('title', {}, `W[${j}, ${q}]: drop or keep`));
        this.lines.push({j, q, line});
        this.svg.append(line, hit);
      }
    }
    const dot = (x, y, text) => this.svg.append(el('circle', {cx: x, cy: y, r: 12}), el('text', {x, y: y + 4}, text));
    for (let q = 0; q < inputs; q++) dot(14, at(q, inputs), q);
    for (let j = 0; j < outputs; j++) dot(98, at(j, outputs), j);
  }

  show(values, isDropped, most) {
    this.lines.forEach(({j, q, line}, k) => {
      const value = values[k];
      line.setAttribute('class', isDropped(j, q) ? 'dropped' : value < 0 ? 'minus' : 'plus');
      line.dataset.weight = `${j}.${q}`;
      line.setAttribute('stroke-width', isDropped(j, q) ? 1.5 : (1.2 + (4.8 * Math.abs(value)) / (most || 1)).toFixed(2));
    });
  }
}

// ---- the engine: the only place that knows what engine.js asks for and gives ----

const MOONS = {name: 'points', settings: {hidden: 32, examples: 200, batchSize: 20, learningRate: 0.05}, most: 1500, every: 20, draws: 200};
const DATA = {
  moons: {...MOONS, what: 'points of two half moons'},
  'moons-wrong': {...MOONS, what: 'points of two half moons, of which a quarter have the wrong label,', tested: ', all with the right label'},
  'moons-useless': {...MOONS, what: 'points of two half moons, to which 20 random inputs that say nothing are added,', tested: ' of the same kind. The picture shows the plane of the two useful inputs, where all others are 0'},
  digits: {name: 'digits', settings: {hidden: 48, examples: 400, batchSize: 20, learningRate: 0.03}, most: 600, every: 20, draws: 60, what: 'drawn digits of 14 × 14 pixels'},
};
const SAMPLES = 20;

/** Calls a function at the next frame, or soon if the browser draws none, because the page is hidden or the browser is busy. */
function soon(callback) {
  let frame = 0;
  let timer = 0;
  const call = () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    callback();
  };
  frame = requestAnimationFrame(call);
  timer = setTimeout(call, 100);
}

/** For how many milliseconds the training works before the page may draw. */
const FRAME = 40;

async function connect() {
  const java = await loadEngine();
  let settings = null;
  return {
    /** The lesson of a state: what is drawn from the seed, then changed by hand. */
    lesson({setting, edits, flips}) {
      const {p, mode, examples, inputs, outputs, seed, draw} = setting;
      settings = {seed, step: draw, dropProbability: p, examples, inputs, hidden: outputs, perBatch: mode === 'per-batch', loss: 'meanSquaredError'};
      let lesson = java.lesson(settings);
      if (edits.size + flips.size > 0) {
        const all = lesson.settings;
        const own = {x: Array.from(all.x), w: Array.from(all.w), b: Array.from(all.b), targets: Array.from(all.targets), bits: Array.from(all.bits)};
        const places = {x: [own.x, inputs], W: [own.w, inputs], b: [own.b, outputs], t: [own.targets, outputs]};
        for (const [place, value] of edits) {
          const [letter, r, c] = place.split('.');
          places[letter][0][r * places[letter][1] + Number(c)] = value;
        }
        for (const place of flips) {
          const [g, j, q] = place.split('.').map(Number);
          const k = (g * outputs + j) * inputs + q;
          own.bits[k] = 1 - own.bits[k];
        }
        settings = {...settings, ...own};
        lesson = java.lesson(settings);
      }
      const all = lesson.settings;
      const node = (label) => lesson.nodes.find((one) => one.label === label).index;
      const masked = lesson.nodes.filter((one) => one.op === 'mask').map((one) => one.index);
      const at = {W: node('W'), b: node('b'), x: node('x'), target: node('t'), y: node('y'), loss: node('L'), masked: masked.reverse()};
      return new Lesson({
        shared: settings.perBatch, examples, inputs, outputs, p, at,
        scale: lesson.scale, loss: lesson.loss, bits: all.bits, x: all.x, W: all.w, b: all.b, t: all.targets,
        nodes: lesson.nodes.map((one) => ({
          index: one.index, op: one.op, label: one.label, value: one.value, gradient: one.gradient,
          inputs: Array.from(one.inputs), shape: Array.from(one.shape), formula: java.formulas[one.op],
        })),
        M: lesson.shares.map((share) => share.m), masked: lesson.shares.map((share) => share.masked),
        J: lesson.shares.map((share) => share.j), shares: lesson.shares.map((share) => share.jm),
        y: lesson.nodes[at.y].value, dy: lesson.nodes[at.y].gradient, dW: lesson.gradient,
        lossText: 'The loss is the mean of (*y* − *t*)² over all outputs and examples:',
      });
    },

    /** The connections that a small network keeps at its k-th step, output by output. */
    kept(inputs, outputs, k) {
      return java.lesson({seed: 3, step: k, examples: 1, inputs, hidden: outputs, loss: 'meanSquaredError'}).settings.bits;
    },

    /** M and W ⊙ M of each mask that would be drawn in the k-th step after this one. */
    redrawn(k) {
      const {bits, ...others} = settings;
      return java.lesson({...others, step: settings.step + k}).shares;
    },

    /** Central differences at a weight of the last lesson. */
    difference(j, q, h) {
      return java.difference(settings, 'w', j * settings.inputs + q, h);
    },

    /** Three nets, and the curves of what they were at some steps. */
    training({data, p, seed}) {
      const {name, settings: sizes, most, every, draws, what, tested = ''} = DATA[data];
      const nets = java.training({data, seed, dropProbability: p, ...sizes});
      const points = data === 'digits' ? null : pointsOf(nets.features(false), nets.labels(false));
      const xs = [];
      const curves = java.nets.map(() => []);
      /** Evaluates one network that has not been evaluated at this step; false if there is none. */
      const evaluate = () => {
        if (xs[xs.length - 1] !== nets.steps) xs.push(nets.steps);
        const net = curves.findIndex((curve) => curve.length < xs.length);
        if (net >= 0) curves[net].push(nets.evaluate(net));
        return net >= 0;
      };
      const note = () => { while (evaluate()); };
      note();
      const last = (net) => curves[net][curves[net].length - 1];
      const percent = ({errors, examples}) => (100 * errors) / examples;
      const about = [
        'Nothing is dropped.',
        `Drops *outputs* of the second hidden layer, *p* = ‹${long(p)}›.`,
        `Drops *connections* between the hidden layers, *p* = ‹${long(p)}›.`,
      ];
      return {
        most,
        points,
        get steps() { return nets.steps; },
        text: `Three networks begin with the same weights and see the same ${sizes.examples} ${what.replace(/,$/, '')}, ${sizes.batchSize} at a time. Each has two hidden layers of ${sizes.hidden} units. Then they are tested without masks on ${sizes.examples} other ${name}${tested}.`,
        /** Does the smallest piece of work that comes next: evaluates one network, or makes one step. */
        work() {
          if (nets.steps % every === 0 && evaluate()) return 'evaluation';
          nets.step(1);
          return 'step';
        },
        /** How many milliseconds the next piece of work should take, judged by those before it. */
        cost() {
          return this.costs[nets.steps % every === 0 && !this.noted ? 'evaluation' : 'step'];
        },
        costs: {step: 5, evaluation: 20},
        step(count) {
          for (const end = nets.steps + count; nets.steps < end;) this.work();
          if (nets.steps % every === 0) note();
        },
        /** True once all networks are evaluated at this step. */
        get noted() { return xs[xs.length - 1] === nets.steps && curves.every((curve) => curve.length === xs.length); },
        note,
        close: () => nets.close(),
        nets: java.nets.map((title, net) => ({
          name: title,
          about: about[net],
          result: () => `Wrong on ${last(net).errors} of ${last(net).examples} other ${name} (${percent(last(net)).toFixed(1)} %)`,
          boundary: (coarse = false) => {
            const [columns, rows, left, right, bottom, top] = [coarse ? 42 : 84, coarse ? 30 : 60, -1.75, 2.75, -1.35, 1.85];
            const both = nets.grid(net, columns, rows, left, right, bottom, top);
            return {columns, rows, left, right, bottom, top, values: Float32Array.from({length: columns * rows}, (_, k) => both[2 * k + 1])};
          },
          samples: () => {
            const features = nets.features(true);
            const labels = nets.labels(true);
            const predicted = nets.predictions(net);
            return Array.from({length: SAMPLES}, (_, k) => ({side: 14, pixels: features.subarray(196 * k, 196 * (k + 1)), label: labels[k], predicted: predicted[k]}));
          },
          xs: () => xs.slice(0, curves[net].length),
          errors: () => curves[net].map(percent),
          losses: () => curves[net].map((one) => one.loss),
        })),
        draws,
        /** The gradient under the first so many draws of the masks; the engine keeps them until the next step. */
        spread(draws = this.draws) {
          const [example, batch] = [nets.spread(draws, false), nets.spread(draws, true)];
          return {
            title: `How far the gradient is from its mean, for ${draws} draws of the masks`,
            text: `*g* is the gradient of the masked weights of the DropConnect network for one batch of ${sizes.batchSize}, at the weights it has now. Over ${draws} draws its standard deviation is ‹${long(example.deviation, 3)}› with a mask per example and ‹${long(batch.deviation, 3)}› with one mask for the batch. The mean of *g* has the length ‹${long(example.mean, 3)}› and ‹${long(batch.mean, 3)}›.`,
            rows: [
              {name: 'one mask per example', className: 's2', values: example.distances, said: `per example, standard deviation ${long(example.deviation, 3)}`},
              {name: 'one mask per batch', className: 's1', values: batch.distances, said: `per batch, standard deviation ${long(batch.deviation, 3)}`},
            ],
          };
        },
      };
    },
  };
}

/** The points in the plane of the first two inputs. */
function pointsOf(features, labels) {
  const inputs = features.length / labels.length;
  return Array.from(labels, (label, i) => ({x: features[inputs * i], y: features[inputs * i + 1], label}));
}

// ---- the lesson as it is shown ----

/** What the engine computed for a setting, with the tape's progress over it. */
class Lesson {
  constructor(parts) {
    Object.assign(this, parts);
    this.groups = this.shared ? [Array.from({length: this.examples}, (_, n) => n)] : Array.from({length: this.examples}, (_, n) => [n]);
    this.last = 2 * this.nodes.length - 1;
    this.users = this.nodes.map(() => this.nodes.length);
    for (const node of this.nodes) for (const input of node.inputs) this.users[input] = Math.min(this.users[input], node.index);
    this.allOnes = this.M.every((values) => values.every((value) => value === 1));
    this.lost = [];
    for (let j = 0; j < this.outputs; j++) {
      for (let q = 0; q < this.inputs; q++) if (this.groups.every((_, g) => !this.kept(g, j, q))) this.lost.push([j, q]);
    }
  }

  kept(g, j, q) {
    return this.bits[(g * this.outputs + j) * this.inputs + q] === 1;
  }

  droppedIn(g) {
    const size = this.inputs * this.outputs;
    return this.bits.slice(g * size, (g + 1) * size).filter((bit) => bit === 0).length;
  }

  /** Rows of a matrix of examples, as columns. */
  columns(values, rows) {
    return Array.from({length: this.outputs * rows.length}, (_, k) => values[rows[k % rows.length] * this.outputs + Math.floor(k / rows.length)]);
  }

  /** The node that a step writes or reads. */
  current(step) {
    return step < this.nodes.length ? step : this.last - step;
  }

  /** True if at this step the gradient of a node has got all its shares. */
  hasGradient(node, step) {
    const first = this.users[node] === this.nodes.length ? this.nodes.length : this.last - this.users[node];
    return step >= Math.max(first, this.nodes.length);
  }

  stepOf(what, g) {
    if (what === 'J') return this.last - this.users[this.at.masked[g]];
    if (what === 'share') return this.last - this.at.masked[g];
    return this.last - this.users[this.at.W];
  }

  /** The mask that a node works for, by its number; null for a node that works for the whole batch. */
  maskOf(node) {
    return /^(mask|row|transpose|matmul)$/.test(node.op) ? this.at.masked.findIndex((mask) => mask <= node.index) : null;
  }

  /**
   * The step of this lesson that does what a step of another lesson does: the same op in the same direction, for the same example
   * or the last one that is left. An op that this tape lacks is replaced by the one that has its label, or by the step before.
   */
  counterpart(other, step) {
    const node = other.nodes[other.current(step)];
    const g = other.maskOf(node);
    const example = g === null ? null : Math.min(other.groups[g][0], this.examples - 1);
    const isSame = (one) => one.op === node.op && (g === null ? one.label === node.label : this.groups[this.maskOf(one)].includes(example));
    const same = this.nodes.find(isSame) || this.nodes.find((one) => one.label === node.label);
    if (!same) return this.counterpart(other, step - 1);
    return step < other.nodes.length ? same.index : this.last - same.index;
  }

  /** The counterpart of a step of another lesson, or the first step after it that shows all that is shown there. */
  stepLike(other, step) {
    const before = other.progress(step);
    const hidesNothing = (own) => {
      const now = this.progress(own);
      return ['y', 'loss', 'dy', 'dW'].every((what) => now[what]() || !before[what]())
        && ['masked', 'J', 'share'].every((what) => this.groups.every((group, g) =>
          now[what](g) || !other.groups.some((examples, i) => before[what](i) && examples.some((n) => group.includes(n)))));
    };
    let own = this.counterpart(other, step);
    while (!hidesNothing(own)) own++;
    return own;
  }

  /** Which figures have their numbers at a step, and which get them just now. */
  progress(step) {
    const has = (node) => step >= node;
    const got = (node) => this.hasGradient(node, step);
    const all = {
      masked: (g) => has(this.at.masked[g]),
      y: () => has(this.at.y),
      loss: () => has(this.at.loss),
      dy: () => got(this.at.y),
      J: (g) => got(this.at.masked[g]),
      share: (g) => step >= this.stepOf('share', g),
      dW: () => got(this.at.W),
    };
    all.figures = () => {
      const before = step === 0 ? null : this.progress(step - 1);
      const now = new Set(step < this.nodes.length ? ['W', 'b', 'x'].filter((name) => this.at[name] === step) : []);
      this.groups.forEach((_, g) => {
        for (const [id, what] of [[`V${g}`, 'masked'], [`y${g}`, 'y'], [`dy${g}`, 'dy'], [`J${g}`, 'J'], [`S${g}`, 'share']]) {
          if (all[what](g) && !(before && before[what](g))) now.add(id);
        }
        if (step === this.at.target) now.add(`t${g}`);
      });
      if (all.dW() && !(before && before.dW())) now.add('dW');
      return now;
    };
    return all;
  }

  /** The steps at which an idea is complete, with a sentence for each. */
  ideas() {
    const s = this.groups.length > 1 ? 'ₙ' : '';
    const shares = this.last - this.at.masked[0];
    const all = [
      [Math.max(this.at.W, this.at.x), 'Given are the inputs *x* and the weights *W*.'],
      [Math.max(...this.at.masked), `A mask drops connections: *W* ⊙ *M*${s}. The others are multiplied by ‹${long(this.scale, 4)}›.`],
      [this.at.y, `The layer computes *y* with what is left: (*W* ⊙ *M*${s}) *x*${s} + *b*.`],
      [this.at.loss, 'The loss *L* tells how far *y* is from its targets.'],
      [this.stepWhere((step) => this.hasGradient(this.at.y, step)), 'Backwards: d*y* says how *L* responds to each output.'],
      [this.stepWhere((step) => this.groups.every((_, g) => this.hasGradient(this.at.masked[g], step))), `A column times a row, *J*${s} = d*y*${s} *x*${s}ᵀ, says how *L* responds to each masked weight.`],
      [Math.max(this.stepOf('dW', 0), shares), `It goes back through the same mask: ${this.groups.length > 1 ? 'the sum of all ' : ''}*J*${s} ⊙ *M*${s} is the gradient of *W*.`],
    ];
    return all.map(([step, sentence]) => ({step, sentence}));
  }

  stepWhere(isSo) {
    let step = 0;
    while (!isSo(step)) step++;
    return step;
  }

  /** The step after or before another: of the next node, or the next idea. */
  next(step, direction, level) {
    if (level === 'nodes') return step + direction;
    const steps = this.ideas().map((idea) => idea.step);
    return direction > 0 ? steps.find((one) => one > step) ?? this.last : steps.reverse().find((one) => one < step) ?? 0;
  }

  gradientName(i) {
    const g = this.at.masked.indexOf(i);
    if (g >= 0) return `*J*${this.groups.length > 1 ? subscript(g) : ''}`;
    const names = new Map([[this.at.W, '∂*L*/∂*W*'], [this.at.b, '∂*L*/∂*b*'], [this.at.y, 'd*y*'], [this.at.loss, '∂*L*/∂*L* = 1'], [this.at.x, '∂*L*/∂*x*']]);
    return names.get(i) || `the gradient of ${this.nodes[i].label}`;
  }

  /** What happens at a step. */
  sentence(step) {
    const node = this.nodes[this.current(step)];
    const and = (list) => list.length < 2 ? list.join('') : `${list.slice(0, -1).join(', ')} and ${list[list.length - 1]}`;
    const inputs = [...new Set(node.inputs)];
    if (step < this.nodes.length) {
      return inputs.length === 0
        ? `Node ${node.index} holds ${node.label}, which is given.`
        : `Node ${node.index}, ${node.op}, computes ${node.label} from ${and(inputs.map((i) => this.nodes[i].label))}.`;
    }
    if (node.gradient === null) return `Node ${node.index} is ${node.label}, a constant: it needs no gradient.`;
    if (inputs.length === 0) return `Node ${node.index} is ${node.label}, a leaf: ${this.gradientName(node.index)} is complete.`;
    const wanted = inputs.filter((i) => this.nodes[i].gradient !== null);
    const g = this.at.masked.indexOf(node.index);
    const s = this.groups.length > 1 ? subscript(g) : '';
    const share = this.groups.length === 1 ? 'which is' : g === this.groups.length - 1 ? 'the last share of' : 'a share of';
    if (g >= 0) return `Node ${node.index}, mask, receives *J*${s} and passes on *J*${s} ⊙ *M*${s}, ${share} ∂*L*/∂*W*.`;
    return `Node ${node.index}, ${node.op}, receives ${this.gradientName(node.index)} and passes ${wanted.length > 1 ? 'their shares' : 'its share'} to ${and(wanted.map((i) => this.nodes[i].label))}.`;
  }
}

// ---- the stage ----

const stage = {key: '', framed: '', matrices: new Map(), figures: new Map(), graphs: []};

/** Builds the figures anew if the shapes have changed. */
function buildStage(m) {
  const key = [m.examples, m.inputs, m.outputs, m.groups.length].join();
  if (key === stage.key) return;
  stage.key = key;
  stage.matrices = new Map();
  stage.graphs = [];
  stage.figures = new Map();
  const {examples: N, inputs: d, outputs: l} = m;
  const add = (options) => {
    const matrix = new Matrix(options);
    stage.matrices.set(options.id, matrix);
    stage.figures.set(options.id, matrix.figure);
    return matrix.figure;
  };
  const own = (r, c) => [r, c];
  const sign = (text) => el('span', {className: 'sign'}, rich(text));
  const block = (title, note, ...content) => el('section', {className: 'block', 'aria-label': title},
    el('div', {className: 'block-head'}, el('h3', {}, title), el('p', {className: 'note'}, rich(note))), content);
  const term = (text, figure) => el('span', {className: 'term'}, sign(text), figure);
  const equation = (label, ...content) => el('div', {className: 'equation', role: 'group', 'aria-label': label}, content);

  const given = block('Given', 'Click a number to change it.', equation('What is given',
    add({id: 'W', name: 'W', caption: '*W*, the weights', rows: l, columns: d, place: (r, c) => `W.${r}.${c}`, weight: own}),
    add({id: 'b', name: 'b', caption: '*b*', rows: l, columns: 1, place: (r) => `b.0.${r}`, describe: (r) => `b [${r}]`}),
    add({id: 'x', name: 'x', caption: N === 1 ? '*x*, one example' : '*x*, an example in each row', rows: N, columns: d, place: (r, c) => `x.${r}.${c}`, describe: (r, c) => `x of example ${r} [${c}]`})));

  const forward = m.groups.map((group, g) => {
    const s = m.groups.length > 1 ? subscript(group[0]) : '';
    const who = N === 1 ? 'the example' : m.shared ? 'all examples' : `example ${group[0]}`;
    const graph = new Graph(d, l, g);
    stage.graphs.push(graph);
    stage.figures.set(`G${g}`, el('figure', {className: 'fig graph-fig'}, el('figcaption', {}, rich(`*x*${s} → *y*${s}`)), graph.svg));
    const column = (c) => group[c];
    const x = m.shared && N > 1 ? '*x*ᵀ' : `*x*${s}`;
    return el('div', {className: 'pass'}, el('p', {className: 'says'}, rich(`*y*${s} = (*W* ⊙ *M*${s}) ${x} + *b*`)), equation(`Forward, ${who}`,
      stage.figures.get(`G${g}`),
      add({id: `M${g}`, name: `M of ${who}`, caption: `*M*${s}`, rows: l, columns: d, flip: (r, c) => `${g}.${r}.${c}`, weight: own}),
      term('→', add({id: `V${g}`, name: `W ⊙ M of ${who}`, caption: `*W* ⊙ *M*${s}`, rows: l, columns: d, weight: own})),
      term('→', add({id: `y${g}`, name: `y of ${who}`, caption: `*y*${s}`, rows: l, columns: group.length, describe: (r, c) => `y of example ${column(c)} [${r}]`})),
      add({id: `t${g}`, name: `target of ${who}`, caption: `*t*${s}`, rows: l, columns: group.length, place: (r, c) => `t.${column(c)}.${r}`, describe: (r, c) => `target of example ${column(c)} [${r}]`})));
  });

  const backward = m.groups.map((group, g) => {
    const s = m.groups.length > 1 ? subscript(group[0]) : '';
    const who = N === 1 ? 'the example' : m.shared ? 'all examples' : `example ${group[0]}`;
    const x = m.shared && N > 1 ? '*x*' : `*x*${s}ᵀ`;
    return el('div', {className: 'pass'}, el('p', {className: 'says'}, rich(`*J*${s} = d*y*${s} ${x}`)), equation(`Backward, ${who}`,
      add({id: `dy${g}`, name: `dy of ${who}`, caption: `d*y*${s}`, rows: l, columns: group.length, describe: (r, c) => `dy of example ${group[c]} [${r}]`}),
      term('→', add({id: `J${g}`, name: `J of ${who}`, caption: `*J*${s}`, rows: l, columns: d, weight: own})),
      term('⊙', add({id: `N${g}`, name: `M of ${who}, again`, caption: `*M*${s}`, rows: l, columns: d, flip: (r, c) => `${g}.${r}.${c}`, weight: own})),
      term('=', add({id: `S${g}`, name: `J ⊙ M of ${who}`, caption: `*J*${s} ⊙ *M*${s}`, rows: l, columns: d, weight: own}))));
  });

  const sum = m.groups.length > 1
    ? block('The sum', 'Training subtracts a little of it from *W*.', equation('The sum',
      sign(m.groups.map((_, g) => `*J*${subscript(g)} ⊙ *M*${subscript(g)}`).join(' + ') + ' ='),
      add({id: 'dW', name: 'the gradient of W', caption: '∂*L*/∂*W*', rows: l, columns: d, weight: own})))
    : block('The gradient', 'Training subtracts a little of it from *W*.', equation('The gradient', sign('*J* ⊙ *M* ='),
      add({id: 'dW', name: 'the gradient of W', caption: '∂*L*/∂*W*', rows: l, columns: d, weight: own})));

  const mean = block('The average over masks', '', equation('The average over masks',
    add({id: 'A', name: 'the average of M', caption: 'average of *M*', rows: l, columns: d, weight: own}),
    add({id: 'B', name: 'the average of W ⊙ M', caption: 'average of *W* ⊙ *M*', rows: l, columns: d, weight: own})));
  mean.id = 'mean';

  const loss = el('p', {className: 'loss', id: 'loss'});
  $('figures').replaceChildren(given,
    block('Forward', m.shared && N > 1 ? 'All examples see the weights through one mask. *y* and *t* have a column for each.' : 'Each example sees the weights through its own mask. *t* is its target.', forward, loss),
    block('Backward', 'The gradient comes back through the same mask.', backward),
    sum,
    mean,
    el('p', {className: 'legend'},
      el('span', {}, 'negative', el('i', {className: 'ramp'}), 'positive'),
      el('span', {}, el('i', {className: 'swatch'}), 'dropped'),
      el('span', {}, el('i', {className: 'swatch keep'}), 'kept'),
      el('span', {}, 'a dotted line: can be changed'),
      el('span', {}, 'numbers are shown rounded; point at one for all its digits')));
  $('figures').style.setProperty('--d', d);
  $('figures').style.setProperty('--g', m.groups[0].length);
}

const largest = (...arrays) => Math.max(0, ...arrays.filter(Boolean).flatMap((array) => Array.from(array, Math.abs)).filter(Number.isFinite));

/** Puts the numbers of the model into the figures, as far as the tape has come. */
function showStage(m) {
  buildStage(m);
  const at = m.progress(state.step);
  const weights = largest(m.W, ...m.masked);
  const gradients = largest(...m.J, ...m.shares, m.dW);
  const outputs = largest(m.y, m.t);
  const put = (id, values, options) => stage.matrices.get(id).show(values, options);
  const edited = (letter, place) => (r, c) => state.edits.has(place ? place(r, c) : `${letter}.${r}.${c}`);
  put('W', m.W, {most: weights, edited: edited('W')});
  put('b', m.b, {most: weights, edited: edited('b', (r) => `b.0.${r}`)});
  put('x', m.x, {most: largest(m.x), edited: edited('x')});
  m.groups.forEach((group, g) => {
    const isDropped = (r, c) => !m.kept(g, r, c);
    const columns = (values) => values && m.columns(values, group);
    put(`M${g}`, m.M[g], {dropped: isDropped});
    put(`N${g}`, m.M[g], {dropped: isDropped});
    put(`V${g}`, at.masked(g) ? m.masked[g] : null, {most: weights, dropped: isDropped});
    put(`y${g}`, at.y(g) ? columns(m.y) : null, {most: outputs});
    put(`t${g}`, columns(m.t), {most: outputs, edited: (r, c) => state.edits.has(`t.${group[c]}.${r}`)});
    put(`dy${g}`, at.dy(g) ? columns(m.dy) : null, {most: largest(m.dy)});
    put(`J${g}`, at.J(g) ? m.J[g] : null, {most: gradients});
    put(`S${g}`, at.share(g) ? m.shares[g] : null, {most: gradients, dropped: isDropped});
    stage.graphs[g].show(m.masked[g], isDropped, weights);
  });
  put('dW', at.dW() ? m.dW : null, {most: gradients, dropped: (r, c) => m.groups.every((_, g) => !m.kept(g, r, c))});
  $('loss').replaceChildren(...rich(`${m.lossText} *L*\u00a0=\u00a0`), at.loss() ? el('span', {className: 'n', id: 'loss-value', title: exact(m.loss)}, long(m.loss)) : '·');
  $('mean').hidden = !STORY[state.chapter].isAverage;
  average.show();
  const lit = new Set(STORY[state.chapter].lit(m));
  const now = at.figures();
  for (const [id, figure] of stage.figures) {
    figure.classList.toggle('lit', lit.has(id));
    figure.classList.toggle('now', now.has(id));
  }
  markWeight();
}

/** The averages of M and W ⊙ M over more and more masks, which grow while the chapter about them is open. */
const average = {
  key: '',
  masks: 0,
  timer: 0,
  MOST: 500,

  /** Begins anew if the numbers of the layer have changed. */
  show() {
    const key = STORY[state.chapter].isAverage ? JSON.stringify([state.setting, [...state.edits]]) : '';
    if (key === this.key) return this.put();
    clearTimeout(this.timer);
    Object.assign(this, {key, masks: 0, draws: 0, M: model.M[0].map(() => 0), V: model.M[0].map(() => 0)});
    if (key) this.grow();
  },

  /** Adds the masks of one draw; slowly at first, so that one sees them come. */
  grow() {
    const many = this.masks < 10 ? 1 : 8;
    for (let i = 0; i < many; i++) {
      for (const {m, masked} of engine.redrawn(++this.draws)) {
        m.forEach((value, k) => { this.M[k] += value; });
        masked.forEach((value, k) => { this.V[k] += value; });
        this.masks++;
      }
    }
    this.put();
    if (this.masks < this.MOST) this.timer = setTimeout(() => this.grow(), this.masks < 10 ? 500 : 60);
  },

  put() {
    const A = stage.matrices.get('A');
    if (!this.key || !A) return;
    const mean = (sums) => sums.map((sum) => sum / this.masks);
    A.show(mean(this.M), {most: 4 * model.scale});
    stage.matrices.get('B').show(mean(this.V), {most: largest(model.W, ...model.masked)});
    $('mean').querySelector('h3').textContent = `The average over ${plural(this.masks, 'mask')}`;
  },
};

// ---- the camera: it brings the figures of the scene into the stage ----

const isWide = matchMedia('(min-width: 82rem)');

/** The box around elements on the screen. */
function around(elements) {
  const boxes = elements.map((element) => element.getBoundingClientRect());
  return {
    top: Math.min(...boxes.map((box) => box.top)), bottom: Math.max(...boxes.map((box) => box.bottom)),
    left: Math.min(...boxes.map((box) => box.left)), right: Math.max(...boxes.map((box) => box.right)),
  };
}

/**
 * Brings the figures that the chapter is about into view, or those that the step has just filled. If they are near one another,
 * the stage scrolls to them; if not, it shows only what the chapter speaks of, as large as there is room for.
 */
function frameStage() {
  const box = $('layer');
  const figures = $('figures');
  const chapter = STORY[state.chapter];
  const lit = chapter.lit(model);
  const now = model.progress(state.step).figures();
  const isElsewhere = state.step !== chapter.step(model) && now.size > 0;
  const focus = isElsewhere ? [...now] : lit;
  const isAll = state.view === 'all' && !isPresenting();
  const key = [stage.key, box.clientWidth, box.clientHeight, isAll, isPresenting(), isWide.matches, state.chapter, focus].join();
  if (key === stage.framed) return;
  stage.framed = key;
  const hasPanel = chapter.isCheck && !isAll && (!isWide.matches || isPresenting());
  const panel = document.querySelector('.inspect');
  if (hasPanel && panel.parentElement !== figures) figures.append(panel);
  if (!hasPanel && panel.parentElement === figures) document.querySelector('.side').prepend(panel);
  const elements = focus.map((id) => stage.figures.get(id));
  const place = (size) => { figures.style.zoom = size; };
  const fold = (wanted) => {
    box.classList.toggle('scene', wanted !== null);
    figures.classList.toggle('scene', wanted !== null);
    for (const [id, figure] of stage.figures) {
      const isAway = wanted !== null && !wanted.has(id);
      figure.classList.toggle('away', isAway);
      if (figure.parentElement.className.startsWith('term')) figure.parentElement.classList.toggle('away', isAway);
    }
    for (const group of figures.querySelectorAll('.equation, .pass, .block')) {
      group.classList.toggle('away', wanted !== null && !group.querySelector('.fig:not(.away)'));
    }
    for (const term of figures.querySelectorAll('.term')) {
      let before = term.previousElementSibling;
      while (before && before.classList.contains('away')) before = before.previousElementSibling;
      term.firstChild.hidden = wanted !== null && !before;
    }
  };
  if (!hasPanel && !isPresenting()) {
    fold(null);
    let size = 1;
    for (place(size); size > 0.5 && figures.scrollWidth > figures.clientWidth + 1; place(size)) size = Number((size - 0.05).toFixed(2));
    const {top, bottom} = around(elements);
    const fits = bottom - top <= box.clientHeight - 12 && size >= 0.8;
    if (fits || isAll) {
      const origin = box.getBoundingClientRect().top - box.scrollTop;
      box.scrollTop = fits ? (top + bottom - box.clientHeight) / 2 - origin : top - origin - 6;
      return;
    }
  }
  fold(new Set([...lit, ...chapter.near(model), ...(isElsewhere ? now : [])]));
  box.scrollTop = 0;
  const shown = [...figures.querySelectorAll('.fig:not(.away), .block:not(.away) h3, .inspect')];
  for (let size = isPresenting() ? 3 : 1.4; size >= 0.4; size -= 0.05) {
    place(size.toFixed(2));
    const room = box.getBoundingClientRect();
    const all = around(shown.filter((one) => one.checkVisibility()));
    if (all.top >= room.top + 2 && all.bottom <= room.bottom - 2 && all.left >= room.left + 1 && all.right <= room.right - 1) return;
  }
  box.classList.remove('scene'); // it is too large for any size: the stage scrolls
  elements[0].scrollIntoView({block: 'nearest'});
}

/** Tells the stage how much room the head and the player leave. */
function watchRoom() {
  let width = 0;
  let player = 0;
  const measure = () => {
    if (innerWidth !== width) [width, player] = [innerWidth, 0];
    player = Math.max(player, $('player').offsetHeight); // so that a longer sentence does not move the stage to and fro
    document.documentElement.style.setProperty('--head', `${$('head').offsetHeight}px`);
    document.documentElement.style.setProperty('--player', `${player}px`);
    if (model) frameStage();
  };
  const observer = new ResizeObserver(measure);
  for (const id of ['head', 'player', 'layer']) observer.observe($(id));
  isWide.addEventListener('change', measure);
  return measure;
}

// ---- presenting ----

const isPresenting = () => 'present' in document.documentElement.dataset;

function present(isOn) {
  if (isOn) document.documentElement.dataset.present = 'true'; else delete document.documentElement.dataset.present;
  const address = new URL(location.href);
  address.search = isOn ? '?present' : '';
  history.replaceState(null, '', address);
  if (isOn) scrollTo(0, 0);
  resized();
  frameStage();
}

let resized = () => {};

// ---- where a number comes from ----

/** Marks what an entry of J or J ⊙ M is the product of, and says it beside the entry. */
function showSource(cell) {
  for (const one of $('figures').querySelectorAll('.source')) one.classList.remove('source');
  const found = cell && /^([JS])(\d)$/.exec(cell.closest('table').id);
  $('tip').hidden = !found || !('value' in cell.dataset);
  if ($('tip').hidden) return;
  const g = Number(found[2]);
  const [j, q] = [Number(cell.dataset.row), Number(cell.dataset.column)];
  const k = j * model.inputs + q;
  const group = model.groups[g];
  const isShare = found[1] === 'S';
  const s = (n) => (model.examples > 1 ? subscript(n) : '');
  group.forEach((n, c) => {
    stage.matrices.get(`dy${g}`).cell(j, c).classList.add('source');
    stage.matrices.get('x').cell(n, q).classList.add('source');
  });
  if (isShare) stage.matrices.get(`N${g}`).cell(j, q).classList.add('source');
  const products = group.map((n) => `d*y*${s(n)}[${j}] · *x*${s(n)}[${q}]`).join(' + ');
  const numbers = group.map((n) => `‹${long(model.dy[n * model.outputs + j], 4)}› · ‹${long(model.x[n * model.inputs + q], 4)}›`).join(' + ');
  const many = group.length > 1 && isShare;
  const mask = model.groups.length > 1 ? subscript(group[0]) : '';
  $('tip').replaceChildren(...rich(`${many ? `(${products})` : products}${isShare ? ` · *M*${mask}[${j}, ${q}]` : ''} = ${many ? `(${numbers})` : numbers}${isShare ? ` · ‹${long(model.M[g][k], 4)}›` : ''} = ‹${long((isShare ? model.shares : model.J)[g][k], 4)}›`));
  const at = cell.getBoundingClientRect();
  const tip = $('tip').getBoundingClientRect();
  $('tip').style.left = `${Math.max(8, Math.min(innerWidth - tip.width - 8, at.left))}px`;
  $('tip').style.top = `${at.top - tip.height - 6 > 0 ? at.top - tip.height - 6 : at.bottom + 6}px`;
}

// ---- the small network at the top, which loses other connections each time ----

function playHero() {
  const [inputs, outputs] = [5, 4];
  const at = (i, of) => (48 * (i + 0.5)) / of;
  const lines = Array.from({length: inputs * outputs}, (_, k) => el('line', {x1: 12, y1: at(k % inputs, inputs), x2: 84, y2: at(Math.floor(k / inputs), outputs)}));
  const dots = [...Array.from({length: inputs}, (_, q) => el('circle', {cx: 12, cy: at(q, inputs), r: 4})), ...Array.from({length: outputs}, (_, j) => el('circle', {cx: 84, cy: at(j, outputs), r: 4}))];
  $('hero').replaceChildren(...lines, ...dots);
  let k = 0;
  const draw = () => {
    const kept = engine.kept(inputs, outputs, k++);
    lines.forEach((line, i) => line.setAttribute('class', kept[i] ? '' : 'dropped'));
  };
  draw();
  setInterval(() => { if (!calm() && !document.hidden && !training.playing) draw(); }, 1300);
}

/** Marks the chosen weight's entry wherever it appears. */
function markWeight() {
  const chosen = state.weight.join('.');
  for (const place of $('figures').querySelectorAll('[data-weight]')) {
    place.classList.toggle('peer', place.dataset.weight === chosen && !place.classList.contains('hit'));
  }
}

// ---- the tape and the player ----

function showTape(m) {
  const list = $('tape');
  const current = m.current(state.step);
  const backwards = state.step >= m.nodes.length;
  if (list.childElementCount !== m.nodes.length || list.dataset.key !== stage.key) {
    list.dataset.key = stage.key;
    list.replaceChildren(...m.nodes.map((node) => el('div', {className: 'node', role: 'option', id: `node-${node.index}`, 'data-node': node.index},
      el('span', {className: 'index'}, node.index), el('span', {className: 'name'}, node.op), el('span', {className: 'label'}, node.label),
      el('span', {className: 'from'}, node.inputs.length ? `${node.shape.join('×') || '1'} ← ${node.inputs.join(', ')}` : node.shape.join('×') || '1'))));
  }
  m.nodes.forEach((node, i) => {
    const item = list.children[i];
    const written = i <= state.step;
    const read = backwards && i >= current;
    item.className = `node ${read ? 'read' : written ? 'written' : 'future'}`;
    item.setAttribute('aria-selected', String(i === current));
    item.setAttribute('aria-label', `Node ${i}, ${node.op}, ${node.label}, ${read ? 'read' : written ? 'written' : 'not written yet'}`);
  });
  list.setAttribute('aria-activedescendant', `node-${current}`);
  const item = list.children[current];
  if (item.offsetTop < list.scrollTop || item.offsetTop + item.offsetHeight > list.scrollTop + list.clientHeight) {
    list.scrollTop = item.offsetTop - list.clientHeight / 2;
  }
}

function showPlayer(m) {
  const last = 2 * m.nodes.length - 1;
  const node = m.nodes[m.current(state.step)];
  const backwards = state.step >= m.nodes.length;
  const sentence = m.sentence(state.step);
  $('step').max = last;
  $('step').value = state.step;
  $('step').setAttribute('aria-valuetext', sentence);
  for (const id of ['first', 'back']) $(id).disabled = state.step === 0;
  for (const id of ['forward', 'last']) $(id).disabled = state.step === last;
  const ideas = m.ideas();
  const idea = state.level === 'ideas' ? ideas.findIndex(({step}) => step === state.step) : -1;
  const count = idea >= 0 ? `${idea + 1}/${ideas.length}` : `${state.step + 1}/${last + 1}`;
  const said = idea >= 0 ? ideas[idea].sentence : sentence;
  $('now').replaceChildren(el('span', {className: backwards ? 't-j' : 't-m'}, `${count} ${backwards ? 'backward' : 'forward'} `), ...rich(said));
  const lines = (node.formula || '').split('\n').map((line) => {
    const isGradient = /^\s*d/.test(line);
    return el(isGradient === backwards && line.trim() ? 'b' : 'span', {}, line);
  });
  $('formula').replaceChildren(...lines.flatMap((line, i) => (i ? ['\n', line] : [line])));
  $('formula').hidden = !node.formula;
  for (const radio of document.getElementsByName('level')) radio.checked = radio.value === state.level;
  return `${idea >= 0 ? `Idea ${idea + 1} of ${ideas.length}` : `Step ${state.step + 1} of ${last + 1}`}, ${backwards ? 'backward' : 'forward'}. ${said.replace(/[*‹›]/g, '')}`;
}

function goTo(step) {
  state.step = Math.max(0, Math.min(model.last, step));
  show({say: true});
  const {top, bottom} = $('layer').getBoundingClientRect();
  if (bottom < 100 || top > innerHeight - 200) $('bench').scrollIntoView({behavior: calm() ? 'auto' : 'smooth'});
}

const goOn = (direction) => goTo(model.next(state.step, direction, state.level));

/** Plays the steps one after another, from the first if it stands at the last. */
const player = {
  timer: 0,

  toggle() {
    if (this.timer) return this.stop();
    if (state.step >= model.last || !model.ideas().some(({step}) => step > state.step)) goTo(state.level === 'ideas' ? model.ideas()[0].step : 0);
    this.timer = setInterval(() => this.tick(), state.level === 'ideas' ? 1800 : 800);
    this.show();
    announce('Playing.');
  },

  tick() {
    goOn(1);
    const isEnd = state.level === 'ideas' ? !model.ideas().some(({step}) => step > state.step) : state.step >= model.last;
    if (isEnd) this.stop();
  },

  stop() {
    clearInterval(this.timer);
    this.timer = 0;
    this.show();
  },

  show() {
    $('play').setAttribute('aria-pressed', String(this.timer !== 0));
    $('play').setAttribute('aria-label', this.timer ? 'Pause' : 'Play');
  },
};

const calm = () => matchMedia('(prefers-reduced-motion: reduce)').matches;

// ---- one weight, checked ----

function showInspector(m) {
  const [j, q] = state.weight;
  const k = j * m.inputs + q;
  const h = 10 ** -state.h;
  const check = engine.difference(j, q, h);
  const row = (name, value, className = '') => el('tr', {className}, el('th', {scope: 'row'}, rich(name)), el('td', {}, value));
  const shares = m.groups.map((_, g) => {
    const s = m.groups.length === 1 ? '' : subscript(g);
    return row(`*J*${s} · *M*${s}`, `${long(m.J[g][k], 4)} · ${long(m.M[g][k], 4)} = ${long(m.shares[g][k], 4)}`);
  });
  $('inspect').replaceChildren(
    el('p', {}, rich(`*w* = *W*[${j}, ${q}] = ‹${long(m.W[k])}›, from input ${q} to output ${j}.`)),
    el('table', {className: 'checks', 'aria-label': `The gradient of W[${j}, ${q}] and its check by differences`}, el('tbody', {},
      shares,
      row('∂*L*/∂*W*', el('span', {id: 'check-gradient', title: exact(check.gradient)}, long(check.gradient, 8)), 'result'),
      row('*L* at *w* + *h*', el('span', {id: 'check-plus', title: exact(check.plus)}, long(check.plus, 8)), 'group'),
      row('*L* at *w* − *h*', el('span', {id: 'check-minus', title: exact(check.minus)}, long(check.minus, 8))),
      row('difference / 2*h*', el('span', {id: 'check-quotient', title: exact(check.quotient)}, long(check.quotient, 8)), 'result'))));
  $('h').value = state.h;
  $('h-out').textContent = h >= 0.001 ? String(h) : `10${String(-state.h).replace(/./g, (c) => '⁰¹²³⁴⁵⁶⁷⁸⁹⁻'['0123456789-'.indexOf(c)])}`;
  $('h').setAttribute('aria-valuetext', `10 to the minus ${state.h}`);
}

// ---- the story ----

const entry = (letter, [j, q]) => `*${letter}*[${j}, ${q}]`;

/**
 * The chapters. Each sets the controls and says what is to be seen; every sentence holds for whatever setting is shown.
 *
 * setting   what the chapter sets; the rest is as by default
 * step      the step of the tape it goes to
 * lit       the figures it is about, which are in view
 * near      other figures that it speaks of
 * text      its paragraphs; those that begin with > ask the reader to do something
 */
const STORY = [
  {
    title: 'One example: J',
    setting: {p: 0, examples: 1},
    step: (m) => m.stepOf('J', 0),
    lit: (m) => ['dy0', 'J0', 'x'],
    near: () => ['W', 'b'],
    text: (m, w) => {
      const [j, q] = w;
      const s = m.groups.length > 1 ? '₀' : '';
      const g = m.groups[0];
      return [
        `DropConnect trains a layer while some of its connections are dropped at random. Which weights learn then, and from what? Here is one small layer with all of its numbers. You may change every one of them.`,
        `The layer computes *y* from *x*, and the loss *L* tells how far *y* is from its target. Backwards, d*y* = ∂*L*/∂*y* says how *L* responds to each output.`,
        `The connection from input *q* to output *j* adds its ${m.allOnes ? '' : 'masked '}weight times *x*[*q*] to *y*[*j*]. So *L* responds to that ${m.allOnes ? '' : 'masked '}weight with d*y*[*j*] · *x*[*q*]. All of these together are a column times a row: *J* = d*y* *x*ᵀ.`,
        g.length === 1
          ? `Here *J*${s}[${j}, ${q}] = d*y*${s}[${j}] · *x*${s}[${q}] = ‹${long(m.dy[g[0] * m.outputs + j], 4)}› · ‹${long(m.x[g[0] * m.inputs + q], 4)}› = ‹${long(m.J[0][j * m.inputs + q], 4)}›.`
          : `Here the examples share a mask, and *J* adds up such products over all of them: *J*[${j}, ${q}] = ‹${long(m.J[0][j * m.inputs + q], 4)}›.`,
        m.allOnes ? `No connection is dropped yet, so *J* is ${m.groups.length > 1 ? 'this example’s share of the gradient of *W*' : 'the gradient of *W*'}.` : `Connections are dropped or scaled now, so *J* belongs to the masked weights, and is not yet the gradient of *W*.`,
        `>Point at another entry, or click *x*, *W* or *b* and change a number.`,
      ];
    },
  },
  {
    title: 'Through the mask',
    setting: {examples: 1},
    step: (m) => m.stepOf('share', 0),
    lit: () => ['M0', 'V0', 'J0', 'N0', 'S0'],
    near: () => ['G0', 'dy0'],
    text: (m, w) => {
      const [j, q] = w;
      const k = j * m.inputs + q;
      const s = m.groups.length > 1 ? '₀' : '';
      return [
        `DropConnect does not compute with *W* but with *W* ⊙ *M*${s}. Where *M*${s} is 0, the connection is dropped: dotted in the drawing. ${m.droppedIn(0) === 0 ? 'No connection is dropped' : plural(m.droppedIn(0), 'connection') + (m.droppedIn(0) === 1 ? ' is' : ' are')} dropped here, of ${m.inputs * m.outputs}.`.replace('No connection is dropped dropped here', 'None is dropped here'),
        `*W*[*j*, *q*] reaches the loss only through *M*${s}[*j*, *q*] · *W*[*j*, *q*]. By the chain rule the same factor stands in its gradient: *J*${s} ⊙ *M*${s}.`,
        `For the marked weight: ‹${long(m.J[0][k], 4)}› · ‹${long(m.M[0][k], 4)}› = ‹${long(m.shares[0][k], 4)}›. ${m.kept(0, j, q) ? 'It is kept, so its share passes, with the scale.' : 'It is dropped, so nothing comes back to it' + (m.groups.length > 1 ? ' from this example.' : ': it does not learn.')}`,
        `>Play the steps ▶, or go back and forward with the arrow keys, and see in which order the numbers come. Point at an entry of *J* ⊙ *M* to see what it is the product of.`,
      ];
    },
  },
  {
    title: 'Two examples add',
    setting: {},
    step: (m) => m.stepOf('dW', 0),
    lit: (m) => [...m.groups.map((_, g) => `S${g}`), 'dW'],
    near: (m) => m.groups.flatMap((_, g) => [`J${g}`, `N${g}`]),
    text: (m, w) => {
      const [j, q] = w;
      const k = j * m.inputs + q;
      return [
        `There is one *W*, but every example uses it, and the loss depends on all of them. So the gradient of *W* is a sum with one share for each example.`,
        m.shared && m.examples > 1
          ? `Here the batch shares one mask. It can be taken out of the sum: ∂*L*/∂*W* = (Σ d*y*ₙ *x*ₙᵀ) ⊙ *M*. A weight is dropped for all ${m.examples} examples or for none.`
          : `Each example has a mask of its own, and its share comes back through that one: ∂*L*/∂*W* = Σₙ *J*ₙ ⊙ *M*ₙ.`,
        m.groups.length > 1
          ? `For the marked weight: ${terms(m.groups.map((_, g) => m.shares[g][k]))} = ‹${long(m.dW[k], 4)}›.`
          : `For the marked weight that is ‹${long(m.dW[k], 4)}›.`,
        `>Change the number of examples. Choose one mask per batch and compare.`,
      ];
    },
  },
  {
    title: 'Drop a connection',
    setting: {},
    step: (m) => m.stepOf('dW', 0),
    lit: (m) => [...m.groups.flatMap((_, g) => [`N${g}`, `S${g}`]), 'dW'],
    near: (m) => m.groups.flatMap((_, g) => [`G${g}`, `J${g}`]),
    text: (m) => [
      `A share passes where the mask lets it. Drop a connection, and its entry of *J* ⊙ *M* becomes 0, whatever *J* is there.`,
      `A weight that every example drops has the gradient 0, so a step of gradient descent leaves it where it is. ${m.lost.length === 0 ? 'At the moment there is no such weight.' : `At the moment ${m.lost.length === 1 ? 'that is' : 'those are'} ${m.lost.map((place) => entry('W', place)).join(', ')}.`}`,
      `Other numbers may change as well: without the connection *y* may be different, then d*y* is too, and with it *J*.`,
      `>Click entries of *M*, or lines of the drawing. With the keyboard: Tab to a mask, then Space.`,
    ],
  },
  {
    title: 'p and the scale',
    setting: {p: 0.75},
    step: (m) => m.stepOf('dW', 0),
    lit: (m) => [...m.groups.flatMap((_, g) => [`M${g}`, `V${g}`]), 'A', 'B'],
    near: () => ['W'],
    isAverage: true,
    text: (m) => [
      `Each connection is dropped with probability *p* = ‹${long(m.p)}›, by a draw of its own. Those that are kept are multiplied by 1/(1 − *p*) = ‹${long(m.scale)}›.`,
      `So an entry of *M* is on average *p* · 0 + (1 − *p*) · 1/(1 − *p*) = 1, and *W* ⊙ *M* is on average *W*. That is why, after training, the layer can be used without a mask: what the network computes then is approximately its average over the masks. The averages below the masks grow while you read.`,
      `The scale belongs to the mask, so it stands in the gradient too: *J* ⊙ *M*, not *J* where kept.`,
      `>Move *p*, and redraw the mask a few times.`,
    ],
  },
  {
    title: 'Check it with differences',
    setting: {},
    step: (m) => m.stepOf('dW', 0),
    lit: () => ['W', 'dW'],
    near: () => [],
    isCheck: true,
    text: (m, [j, q]) => [
      `Do not take the law on trust. Hold the masks fixed, move one weight up by a small *h*, then down, and see how much *L* changes. (*L*₊ − *L*₋) / 2*h* comes close to the gradient without any backpropagation, unless *h* is so tiny that rounding spoils it.`,
      `The panel “One weight, checked” does this for ${entry('W', [j, q])}. The tape says ‹${long(m.dW[j * m.inputs + q], 8)}›, the differences say ‹${long(engine.difference(j, q, 10 ** -state.h).quotient, 8)}›.`,
      `>Point at other weights, and change *h*.`,
    ],
  },
  {
    title: 'Now train',
    setting: {},
    step: (m) => m.stepOf('dW', 0),
    lit: () => ['dW'],
    near: () => ['W'],
    text: () => [
      `Training repeats this: take some examples, draw new masks, read the tape backwards, subtract a little of ∂*L*/∂*W* from *W*.`,
      `Why drop connections at all? Every step trains another thinned network, so no output comes to lean on a few connections. Whether that helps depends on the data.`,
      `>Below, three networks learn the same data: one without dropping, one with Dropout, one with DropConnect. Try the moons with wrong labels or useless inputs: there it helps. On clean moons it does not.`,
    ],
  },
];

function showStory(m) {
  const chapter = STORY[state.chapter];
  const dots = $('story-dots');
  if (dots.childElementCount === 0) {
    dots.append(...STORY.map((one, i) => el('li', {}, el('button', {type: 'button', textContent: i + 1, title: one.title, 'aria-label': `Chapter ${i + 1}: ${one.title}`, onclick: () => openChapter(i)}))));
  }
  [...dots.children].forEach((item, i) => {
    if (i === state.chapter) item.firstChild.setAttribute('aria-current', 'step');
    else item.firstChild.removeAttribute('aria-current');
  });
  $('story-title').textContent = chapter.title;
  $('story-text').replaceChildren(...chapter.text(m, state.weight).map((text) =>
    text.startsWith('>') ? paragraph(text.slice(1), 'try') : paragraph(text)));
  $('story-moved').hidden = isChapterSetting();
  $('story-back').disabled = state.chapter === 0;
  $('view').textContent = state.view === 'all' ? 'This scene’s figures' : 'All figures';
  $('view').setAttribute('aria-pressed', String(state.view === 'all'));
  $('story-next').textContent = state.chapter === STORY.length - 1 ? 'To the training ↓' : 'Next →';
}

function isChapterSetting() {
  const setting = settingOf(state.chapter);
  return state.flips.size === 0 && state.edits.size === 0 && Object.keys(setting).every((key) => setting[key] === state.setting[key]);
}

/** Opens a chapter: its setting, its step. */
function openChapter(i) {
  if (player.timer) player.stop();
  state.chapter = i;
  restoreChapter();
}

function restoreChapter() {
  state.setting = settingOf(state.chapter);
  state.edits.clear();
  state.flips.clear();
  compute();
  state.step = STORY[state.chapter].step(model);
  show({say: true});
  const top = $('bench').getBoundingClientRect().top + scrollY;
  if (scrollY > top) scrollTo(0, top);
}

// ---- pictures of the training ----

const palette = new Map();

/** The red, green and blue of a color of the style sheet as it is now, light or dark. */
function rgb(name) {
  if (!palette.has(name)) {
    const probe = el('span', {hidden: true});
    probe.style.color = `var(--${name})`;
    document.body.append(probe);
    palette.set(name, getComputedStyle(probe).color.match(/[\d.]+/g).slice(0, 3).map(Number));
    probe.remove();
  }
  return palette.get(name);
}

/** Gives a canvas the size that it has on the screen, in the screen's pixels; returns their number for one of the page's. */
function resize(canvas, ratio) {
  const scale = Math.min(2, devicePixelRatio || 1);
  const width = Math.round((canvas.clientWidth || 300) * scale);
  const height = Math.round(width / ratio);
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, {width, height});
  return scale;
}

/** The points, class 0 round and class 1 square, on a canvas of their own: they are drawn once. */
function pointsLayer(canvas, scale, {left, right, bottom, top}, points) {
  const colors = ['minus', 'plus', 'ink'].map((name) => `rgb(${rgb(name)})`);
  const key = [canvas.width, canvas.height, ...colors].join();
  if (points.key === key) return points.layer;
  const layer = el('canvas', {width: canvas.width, height: canvas.height});
  const context = layer.getContext('2d');
  context.scale(scale, scale);
  context.strokeStyle = colors[2];
  for (const {x, y, label} of points) {
    const a = (((x - left) / (right - left)) * canvas.width) / scale;
    const b = (((top - y) / (top - bottom)) * canvas.height) / scale;
    context.fillStyle = colors[label];
    context.beginPath();
    if (label) context.rect(a - 2.6, b - 2.6, 5.2, 5.2); else context.arc(a, b, 3, 0, 7);
    context.fill();
    context.stroke();
  }
  return Object.assign(points, {key, layer}).layer;
}

/** Shades of probability, the boundary where it is a half, and the points. */
function drawBoundary(canvas, grid, points) {
  const {columns, rows, values} = grid;
  const [low, middle, high, ink] = ['minus', 'cell', 'plus', 'ink'].map(rgb);
  const small = el('canvas', {width: columns, height: rows});
  const image = new ImageData(columns, rows);
  for (let k = 0; k < values.length; k++) {
    const side = values[k] < 0.5 ? low : high;
    const part = Math.abs(values[k] - 0.5) * 1.7;
    for (let c = 0; c < 3; c++) image.data[4 * k + c] = middle[c] + (side[c] - middle[c]) * part;
    image.data[4 * k + 3] = 255;
  }
  small.getContext('2d').putImageData(image, 0, 0);
  const scale = resize(canvas, columns / rows);
  const context = canvas.getContext('2d');
  const {width, height} = canvas;
  context.drawImage(small, 0, 0, width, height);
  context.strokeStyle = `rgb(${ink})`;
  context.lineWidth = 2 * scale;
  context.beginPath();
  const x = (c) => ((c + 0.5) * width) / columns;
  const y = (r) => ((r + 0.5) * height) / rows;
  for (let r = 0; r + 1 < rows; r++) {
    for (let c = 0; c + 1 < columns; c++) {
      const k = r * columns + c;
      const above = values[k] < 0.5;
      if (above === values[k + 1] < 0.5 && above === values[k + columns] < 0.5 && above === values[k + columns + 1] < 0.5) continue;
      crossings(values, columns, r, c).forEach(([dx, dy], i) => (i % 2 ? context.lineTo(x(c + dx), y(r + dy)) : context.moveTo(x(c + dx), y(r + dy))));
    }
  }
  context.stroke();
  context.drawImage(pointsLayer(canvas, scale, grid, points), 0, 0);
}

/** Where a line of ½ crosses the sides of a square of the picture: 0, 2 or 4 points, two and two a line. */
function crossings(values, columns, r, c) {
  const k = r * columns + c;
  const corners = [[0, 0, values[k]], [1, 0, values[k + 1]], [1, 1, values[k + columns + 1]], [0, 1, values[k + columns]]];
  const found = [];
  corners.forEach(([ax, ay, a], i) => {
    const [bx, by, b] = corners[(i + 1) % 4];
    if (a < 0.5 === b < 0.5) return;
    const part = (0.5 - a) / (b - a);
    found.push([ax + part * (bx - ax), ay + part * (by - ay)]);
  });
  return found;
}

/** A digit in the ink of the page. */
function drawDigit(canvas, pixels, side) {
  const ink = rgb('ink');
  const image = new ImageData(side, side);
  pixels.forEach((value, k) => image.data.set([...ink, 255 * Math.max(0, Math.min(1, value))], 4 * k));
  canvas.width = canvas.height = side;
  canvas.getContext('2d').putImageData(image, 0, 0);
}

/** Round numbers that divide a range in some four parts. */
function ticks(low, high) {
  const rough = (high - low) / 4 || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const size = power * [1, 2, 5, 10].find((factor) => factor * power >= rough);
  const found = [];
  for (let i = Math.ceil(low / size); i * size <= high + size * 1e-9; i++) found.push(i * size);
  return found;
}

/** Lines over steps: series of {name, className, xs, ys}. */
function lineChart(figure, title, series, {unit = ''} = {}) {
  const [width, height, left, right, top, bottom] = [460, 220, 44, 96, 10, 26];
  const all = series.flatMap((one) => Array.from(one.ys)).filter(Number.isFinite);
  const most = Math.max(1e-9, ...all);
  const end = Math.max(1, ...series.flatMap((one) => Array.from(one.xs)));
  const x = (value) => left + (value / end) * (width - left - right);
  const y = (value) => height - bottom - (Math.min(value, most) / most) * (height - top - bottom);
  const parts = [];
  for (const tick of ticks(0, most)) parts.push(el('line', {class: 'tick', x1: left, x2: width - right, y1: y(tick), y2: y(tick)}), el('text', {x: left - 6, y: y(tick) + 4, 'text-anchor': 'end'}, long(tick, 3) + unit));
  for (const tick of ticks(0, end)) parts.push(el('text', {x: x(tick), y: height - 8, 'text-anchor': 'middle'}, String(tick)));
  parts.push(el('line', {class: 'axis', x1: left, x2: width - right, y1: height - bottom, y2: height - bottom}));
  const places = series.filter((one) => one.ys.length > 0).map((one) => ({one, at: y(one.ys[one.ys.length - 1])})).sort((a, b) => a.at - b.at);
  places.forEach((place, i) => { place.label = Math.max(place.at, i ? places[i - 1].label + 14 : 14); });
  for (const {one, label} of places) {
    const d = Array.from(one.xs, (value, i) => `${i ? 'L' : 'M'}${x(value).toFixed(1)} ${y(one.ys[i]).toFixed(1)}`).join('');
    parts.push(el('path', {d, class: one.className}), el('text', {x: width - right + 6, y: label + 4, class: one.className}, one.name));
  }
  const said = series.map((one) => `${one.name} ${one.ys.length ? long(one.ys[one.ys.length - 1], 3) + unit : 'none yet'}`).join(', ');
  figure.replaceChildren(el('figcaption', {}, rich(title)), el('svg', {viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': `${title.replace(/\*/g, '')} at step ${end}: ${said}`}, parts));
}

/** Rows of values on one axis, a mark for each: how far they spread. */
function spreadChart(figure, title, rows) {
  const [width, left, right] = [460, 14, 14];
  const all = rows.flatMap((row) => Array.from(row.values)).filter(Number.isFinite);
  const low = Math.min(...all);
  const high = Math.max(...all);
  const span = high - low || 1;
  const x = (value) => left + ((value - low) / span) * (width - left - right);
  const parts = [];
  rows.forEach((row, i) => {
    const y = 24 + 66 * i;
    parts.push(el('text', {x: left, y: y - 6, class: row.className}, row.name));
    const bins = Array.from({length: 60}, () => 0);
    for (const value of row.values) bins[Math.min(59, Math.floor(((value - low) / span) * 60))]++;
    const most = Math.max(1, ...bins);
    bins.forEach((count, k) => count && parts.push(el('rect', {x: x(low + (k / 60) * span).toFixed(1), width: 5.6, y: y + 36 - (34 * count) / most, height: (34 * count) / most, class: `bar ${row.className}`})));
    parts.push(el('line', {class: 'axis', x1: left, x2: width - right, y1: y + 36, y2: y + 36}));
  });
  const bottom = 24 + 66 * rows.length;
  for (const tick of ticks(low, high)) parts.push(el('text', {x: x(tick), y: bottom - 8, 'text-anchor': 'middle'}, long(tick, 3)));
  figure.replaceChildren(el('figcaption', {}, rich(title)), el('svg', {viewBox: `0 0 ${width} ${bottom}`, role: 'img', 'aria-label': `${title.replace(/\*/g, '')}: ${rows.map((row) => row.said || row.name).join('; ')}`}, parts));
}

// ---- the training ----

const training = {
  run: null,
  playing: false,
  shown: 0,
  goal: 0,
  part: 0,
  key: '',

  /** Takes over what the state says; training begins anew if it is something else, and goes as far as it says. */
  open() {
    const {steps} = state.training;
    for (const radio of document.getElementsByName('data')) radio.checked = radio.value === state.training.data;
    $('train-p').value = state.training.p;
    $('train-seed').value = state.training.seed;
    if (!this.run || this.key !== this.choice() || this.run.steps > steps) this.restart();
    if (this.run.steps < steps) this.play(steps);
  },

  choice() {
    const {data, p, seed} = state.training;
    return [data, p, seed].join();
  },

  restart() {
    this.key = this.choice();
    if (this.run) this.run.close();
    this.run = engine.training(state.training);
    $('nets').replaceChildren(...this.run.nets.map((net, i) => {
      const picture = this.run.points
        ? el('canvas', {id: `boundary-${i}`, role: 'img'})
        : el('ul', {className: 'samples', id: `samples-${i}`, 'aria-label': `Digits, and what ${net.name} takes them for`});
      return el('section', {className: 'net', 'aria-label': net.name},
        el('h3', {}, el('i', {className: `s${i}`}), net.name), el('p', {}, rich(net.about)), picture, el('p', {id: `net-${i}`}));
    }));
    this.pause();
  },

  toggle() {
    if (this.playing) {
      this.pause();
      announce(`Paused. ${this.said()}`);
      return;
    }
    if (this.run.steps >= this.run.most) this.restart();
    announce('Training.');
    this.play(this.run.most);
  },

  play(goal) {
    this.goal = Math.min(goal, this.run.most);
    this.playing = true;
    this.part = 0;
    this.button();
    soon(() => this.frame());
  },

  pause() {
    this.run.note();
    this.finish();
    this.show();
  },

  /** Ends the playing, and begins with the spread of the gradient. */
  finish() {
    this.playing = false;
    this.button();
    state.training.steps = this.run.steps;
    remember();
    this.growSpread();
  },

  button() {
    $('train').textContent = this.playing ? 'Pause' : 'Train';
    $('train').setAttribute('aria-pressed', String(this.playing));
  },

  /**
   * Works for some time, then draws one part, then lets the page breathe: a frame stays short, whatever there is to draw. At the
   * goal the parts are drawn once more, in full, and the spread of the gradient grows draw by draw.
   */
  frame() {
    if (!this.playing) return;
    const start = performance.now();
    if (this.run.steps < this.goal) {
      const isDue = start - this.shown > (calm() ? 400 : 120);
      if (isDue) this.showPart(this.part++ % (this.run.nets.length + 1), true);
      let now = performance.now();
      for (let first = !isDue; this.run.steps < this.goal && (first || now - start + this.run.cost() < FRAME); first = false) {
        const before = now;
        const kind = this.run.work();
        now = performance.now();
        this.run.costs[kind] = Math.max(now - before, 0.9 * (this.run.costs[kind] || 0));
      }
      if (this.run.steps >= this.goal) this.part = -1;
    } else if (!this.run.noted) this.run.work();
    else if (this.part < this.run.nets.length) this.showPart(++this.part, false);
    else {
      this.finish();
      announce(`Done. ${this.said()}`);
      return;
    }
    soon(() => this.frame());
  },

  advance(steps) {
    if (this.run.steps >= this.run.most) this.restart();
    this.run.step(Math.min(steps, this.run.most - this.run.steps));
    this.pause();
    announce(this.said());
  },

  /** Shows where the training is: pictures, results, curves. */
  show() {
    if (!this.run) return;
    $('training-text').replaceChildren(...rich(this.run.text));
    for (let part = 0; part <= this.run.nets.length; part++) this.showPart(part, false);
  },

  /** Shows one network, or, as the last part, the curves. */
  showPart(part, coarse) {
    const {run} = this;
    this.shown = performance.now();
    $('train-state').textContent = `Step ${run.steps} of ${run.most}`;
    if (part < run.nets.length) this.showNet(run.nets[part], part, coarse);
    else {
      const series = (of) => run.nets.map((net, i) => ({name: net.name, className: `s${i}`, xs: net.xs(), ys: of(net)}));
      lineChart($('chart-error'), 'Errors on data not trained on, in %, by step', series((net) => net.errors()));
      lineChart($('chart-loss'), 'Loss on data not trained on, by step', series((net) => net.losses()));
    }
  },

  showNet(net, i, coarse) {
    $(`net-${i}`).textContent = net.result();
    if (this.run.points) {
      const canvas = $(`boundary-${i}`);
      const grid = net.boundary(coarse);
      canvas.parentElement.style.setProperty('--ratio', grid.columns / grid.rows);
      drawBoundary(canvas, grid, this.run.points);
      canvas.setAttribute('aria-label', `${net.name}: the points of two classes and the line between them that the network has learned. ${net.result()}`);
      return;
    }
    const samples = net.samples();
    const list = $(`samples-${i}`);
    if (list.childElementCount !== samples.length) {
      list.replaceChildren(...samples.map(() => el('li', {}, el('canvas', {ariaHidden: 'true'}), el('span'))));
    }
    const ink = rgb('ink').join();
    samples.forEach(({pixels, side, label, predicted}, k) => {
      const item = list.children[k];
      if (item.dataset.ink !== ink) drawDigit(item.firstChild, pixels, side);
      item.dataset.ink = ink;
      item.className = label === predicted ? '' : 'wrong';
      item.lastChild.textContent = label === predicted ? predicted : `${predicted} ✗`;
      item.setAttribute('aria-label', `a ${label}, taken for ${label === predicted ? 'that' : predicted}`);
    });
  },

  /** Shows the spread of the gradient for more and more draws of the masks, some in each frame. */
  growSpread() {
    const {run} = this;
    const {steps} = run;
    let draws = 2;
    const grow = () => {
      if (this.playing || run !== this.run || run.steps !== steps) return;
      const start = performance.now();
      do draws = Math.min(run.draws, draws + 2); while (draws < run.draws && (run.spread(draws), performance.now() - start < FRAME / 2));
      const spread = run.spread(draws);
      spreadChart($('chart-spread'), spread.title, spread.rows);
      $('spread-text').replaceChildren(...rich(spread.text));
      if (draws < run.draws) soon(grow);
    };
    soon(grow);
  },

  said() {
    return `Step ${this.run.steps}. ` + this.run.nets.map((net) => `${net.name}: ${net.result()}`).join('; ') + '.';
  },
};

// ---- the model: what the engine computed for the state ----

let engine = null;
let model = null;

/**
 * Has the engine compute the lesson for the state. Edits and flips that fit no shape any more are let go. The step keeps its
 * meaning: on a longer or shorter tape it has another number.
 */
function compute() {
  const {examples: N, inputs: d, outputs: l, mode} = state.setting;
  const sizes = {x: [N, d], W: [l, d], b: [1, l], t: [N, l]};
  for (const place of [...state.edits.keys()]) {
    const [letter, r, c] = place.split('.');
    if (r >= sizes[letter][0] || c >= sizes[letter][1]) state.edits.delete(place);
  }
  for (const place of [...state.flips]) {
    const [g, j, q] = place.split('.');
    if (g >= (mode === 'per-batch' ? 1 : N) || j >= l || q >= d) state.flips.delete(place);
  }
  state.weight = [Math.min(state.weight[0], l - 1), Math.min(state.weight[1], d - 1)];
  const before = model;
  model = engine.lesson(state);
  state.step = before ? model.stepLike(before, Math.min(state.step, before.last)) : Math.min(state.step, model.last);
  state.of = model.last + 1;
}

/** A lesson whose tape has so many steps: that of the setting, or one with other masks or examples; null if there is none. */
function lessonOf(steps) {
  const others = ['per-batch', 'per-example'].flatMap((mode) => [1, 2, 3, 4].map((examples) => ({mode, examples})));
  for (const other of [{}, {mode: 'per-batch'}, ...others]) {
    const lesson = engine.lesson({setting: {...state.setting, ...other}, edits: new Map(), flips: new Set()});
    if (lesson.last + 1 === steps) return lesson;
  }
  return null;
}

function showControls() {
  const {setting} = state;
  $('p').value = setting.p;
  $('p-out').textContent = `${long(setting.p)}, kept × ${long(model.scale, 4)}`;
  $('p').setAttribute('aria-valuetext', `${setting.p}, kept connections are scaled by ${long(model.scale, 4)}`);
  for (const radio of document.getElementsByName('mode')) radio.checked = radio.value === setting.mode;
  for (const id of ['examples', 'inputs', 'outputs', 'seed']) {
    [$(id).min, $(id).max] = LIMITS[id];
    if (document.activeElement !== $(id) || $(id).value === '') $(id).value = setting[id];
  }
  const notes = [];
  if (state.edits.size > 0) notes.push(plural(state.edits.size, 'number') + ' changed by hand');
  if (state.flips.size > 0) notes.push(plural(state.flips.size, 'connection') + ' dropped or kept by hand');
  if (setting.draw > 0) notes.push(`mask redrawn ${setting.draw === 1 ? 'once' : setting.draw + ' times'}`);
  $('setting-note').textContent = notes.join(', ').replace(/^./, (letter) => letter.toUpperCase()) + (notes.length ? '.' : '');
}

/** Shows the whole state. */
function show({say = false} = {}) {
  showStory(model);
  showControls();
  showStage(model);
  showTape(model);
  const sentence = showPlayer(model);
  showInspector(model);
  frameStage();
  if (say) announce(sentence);
  remember();
}

function announce(text) {
  $('live').textContent = text;
}

function change(text) {
  compute();
  show();
  announce(`${text} The loss is ${long(model.loss)}.`);
}

function choose(j, q) {
  if (state.weight[0] === j && state.weight[1] === q) return;
  state.weight = [j, q];
  markWeight();
  showInspector(model);
  showStory(model);
  remember();
}

function flip(place) {
  if (state.flips.has(place)) state.flips.delete(place); else state.flips.add(place);
  const [g, j, q] = place.split('.').map(Number);
  state.weight = [j, q];
  compute();
  show();
  const who = model.shared ? '' : ` for example ${g}`;
  announce(`Connection [${j}, ${q}] is ${model.kept(g, j, q) ? 'kept' : 'dropped'}${who}. Its share of the gradient is ${long(model.shares[g][j * model.inputs + q])}.`);
}

// ---- editing a number ----

function edit(cell, first = null) {
  if (cell.querySelector('input')) return;
  const matrix = cell.closest('table').matrix;
  const field = el('input', {type: 'text', inputMode: 'decimal', value: first ?? cell.dataset.value, 'aria-label': cell.getAttribute('aria-label').replace(/:.*/, '') + ', new value'});
  let open = true;
  const close = (keep, focus) => {
    if (!open) return;
    const text = field.value.trim().replace('−', '-').replace(',', '.');
    const value = text === '' ? NaN : Number(text);
    if (keep && !(Math.abs(value) <= 1e6)) {
      field.setAttribute('aria-invalid', 'true');
      announce(`${field.value} is no number between −1000000 and 1000000.`);
      if (focus) return;
    }
    open = false;
    field.remove();
    if (keep && Math.abs(value) <= 1e6 && String(value) !== cell.dataset.value) {
      state.edits.set(cell.dataset.edit, value);
      change(`${matrix.name} changed to ${long(value)}.`);
    }
    if (focus) matrix.focus(Number(cell.dataset.row), Number(cell.dataset.column));
  };
  field.addEventListener('keydown', (event) => {
    event.stopPropagation();
    if (event.key === 'Enter') close(true, true);
    else if (event.key === 'Escape') close(false, true);
    else return;
    event.preventDefault();
  });
  field.addEventListener('blur', () => close(true, false));
  cell.append(field);
  field.focus();
  if (first === null) field.select();
}

// ---- listening ----

function listen() {
  const figures = $('figures');
  const weightOf = (target) => {
    const place = target.closest && target.closest('[data-weight]');
    if (place) choose(...place.dataset.weight.split('.').map(Number));
  };
  let pointer = '';
  figures.addEventListener('pointermove', (event) => {
    const place = `${event.clientX},${event.clientY}`;
    if (event.pointerType === 'touch' || place === pointer) return;
    pointer = place;
    weightOf(event.target);
    showSource(event.target.closest('td'));
  });
  figures.addEventListener('pointerleave', () => showSource(null));
  figures.addEventListener('focusin', (event) => {
    weightOf(event.target);
    showSource(event.target.closest('td'));
  });
  figures.addEventListener('focusout', () => showSource(null));
  figures.addEventListener('click', (event) => {
    if (event.target.tagName === 'INPUT') return;
    weightOf(event.target);
    const cell = event.target.closest('td');
    if (cell) cell.closest('table').matrix.focus(Number(cell.dataset.row), Number(cell.dataset.column));
    const place = event.target.closest('[data-flip]');
    if (place) flip(place.dataset.flip);
    else if (cell && cell.dataset.edit) edit(cell);
  });
  figures.addEventListener('keydown', (event) => {
    const cell = event.target.closest('td');
    if (!cell || event.ctrlKey || event.metaKey || event.altKey) return;
    const matrix = cell.closest('table').matrix;
    const r = Number(cell.dataset.row);
    const c = Number(cell.dataset.column);
    const moves = {ArrowLeft: [r, c - 1], ArrowRight: [r, c + 1], ArrowUp: [r - 1, c], ArrowDown: [r + 1, c], Home: [r, 0], End: [r, matrix.columns - 1]};
    if (moves[event.key]) matrix.focus(...moves[event.key]);
    else if (cell.dataset.flip && (event.key === ' ' || event.key === 'Enter')) flip(cell.dataset.flip);
    else if (cell.dataset.edit && (event.key === 'Enter' || event.key === 'F2')) edit(cell);
    else if (cell.dataset.edit && /^[\d-]$/.test(event.key)) edit(cell, event.key);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  $('p').addEventListener('input', () => { state.setting.p = Number($('p').value); change(`p is ${$('p').value}.`); });
  for (const radio of document.getElementsByName('mode')) radio.addEventListener('change', () => setMode(radio.value));
  for (const id of ['examples', 'inputs', 'outputs', 'seed']) {
    $(id).addEventListener('input', () => {
      const value = $(id).value === '' ? NaN : Number($(id).value);
      const fits = within(value, LIMITS[id]) && Number.isInteger(value);
      $(id).setAttribute('aria-invalid', String(!fits));
      if (!fits) return announce(`${id} must be a whole number from ${LIMITS[id].join(' to ')}.`);
      state.setting[id] = value;
      change(`${plural(value, id)}.`.replace(/^(\d+) (\w+?)s*\.$/, '$2: $1.'));
    });
    $(id).addEventListener('blur', () => { $(id).value = state.setting[id]; $(id).setAttribute('aria-invalid', 'false'); });
  }
  $('redraw').addEventListener('click', redraw);
  $('reset').addEventListener('click', () => {
    restoreChapter();
    announce('The setting of this chapter is restored.');
  });
  $('story-restore').addEventListener('click', () => { restoreChapter(); $('story-title').focus(); });
  $('story-back').addEventListener('click', () => openChapter(Math.max(0, state.chapter - 1)));
  $('story-next').addEventListener('click', () => {
    if (state.chapter === STORY.length - 1) goToPlace('training'); else openChapter(state.chapter + 1);
  });
  $('first').addEventListener('click', () => goTo(0));
  $('back').addEventListener('click', () => goOn(-1));
  $('forward').addEventListener('click', () => goOn(1));
  $('play').addEventListener('click', () => player.toggle());
  $('present').addEventListener('click', () => present(true));
  $('view').addEventListener('click', () => { state.view = state.view === 'all' ? 'scene' : 'all'; show(); });
  for (const radio of document.getElementsByName('level')) radio.addEventListener('change', () => { state.level = radio.value; show(); });
  $('last').addEventListener('click', () => goTo(Infinity));
  $('step').addEventListener('input', () => goTo(Number($('step').value)));
  $('tape').addEventListener('click', (event) => {
    const item = event.target.closest('[data-node]');
    if (!item) return;
    const node = Number(item.dataset.node);
    goTo(state.step >= model.nodes.length ? model.last - node : node);
  });
  $('h').addEventListener('input', () => { state.h = Number($('h').value); showInspector(model); showStory(model); remember(); });
  for (const radio of document.getElementsByName('theme')) radio.addEventListener('change', () => { state.theme = radio.value; showTheme(); remember(); });
  $('share').addEventListener('click', share);
  $('help').addEventListener('click', () => $('keys').showModal());
  for (const link of document.querySelectorAll('[data-goto]')) {
    link.addEventListener('click', (event) => { event.preventDefault(); goToPlace(link.dataset.goto); });
  }
  for (const radio of document.getElementsByName('data')) radio.addEventListener('change', () => setTraining('data', radio.value));
  for (const key of ['p', 'seed']) {
    const field = $(`train-${key}`);
    field.addEventListener('input', () => {
      const value = field.value === '' ? NaN : Number(field.value);
      const fits = within(value, LIMITS[key]) && (key === 'p' || Number.isInteger(value));
      field.setAttribute('aria-invalid', String(!fits));
      if (fits) setTraining(key, value);
      else announce(`${key} must be a number from ${LIMITS[key].join(' to ')}.`);
    });
    field.addEventListener('blur', () => { field.value = state.training[key]; field.setAttribute('aria-invalid', 'false'); });
  }
  $('train').addEventListener('click', () => training.toggle());
  $('train-step').addEventListener('click', () => training.advance(50));
  $('train-reset').addEventListener('click', () => { training.restart(); announce('Training starts again.'); });
  document.addEventListener('keydown', keyed);
  window.addEventListener('hashchange', () => {
    if (location.hash === ownFragment) return;
    openFragment();
  });
  window.addEventListener('pagehide', rememberNow);
}

function setMode(mode) {
  state.setting.mode = mode;
  state.flips.clear();
  change(mode === 'per-batch' ? 'One mask for the batch.' : 'One mask for each example.');
}

function redraw() {
  state.setting.draw = (state.setting.draw + 1) % 1000000;
  state.flips.clear();
  compute();
  show();
  const counts = model.groups.map((_, g) => model.droppedIn(g));
  announce(`New masks. Dropped of ${model.inputs * model.outputs}: ${counts.join(', ')}.`);
}

function setTraining(key, value) {
  state.training[key] = value;
  state.training.steps = 0;
  training.restart();
}

function goToPlace(id) {
  $(id).scrollIntoView({behavior: calm() ? 'auto' : 'smooth'});
  $(id).focus({preventScroll: true});
}

async function share() {
  rememberNow();
  try {
    await navigator.clipboard.writeText(location.href);
    announce('The link to this setting is copied.');
    $('share').textContent = 'Copied';
  } catch {
    announce('The address of this page is the link to this setting.');
    $('share').textContent = 'See address';
  }
  setTimeout(() => { $('share').textContent = 'Copy link'; }, 2000);
}

/** Keys that work wherever the focus is, unless something there uses them itself. */
function keyed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || $('keys').open) return;
  const target = event.target;
  const typing = target.matches('input:not([type="checkbox"])');
  const own = typing || target.closest('[role="grid"], .segmented');
  const inTape = target.closest('#tape');
  const steps = {ArrowLeft: model.next(state.step, -1, state.level), ArrowRight: model.next(state.step, 1, state.level)};
  if (inTape) Object.assign(steps, {ArrowUp: state.step - 1, ArrowDown: state.step + 1});
  if (isPresenting()) {
    const chapters = {PageDown: 1, PageUp: -1};
    if (event.key === 'Escape') present(false);
    else if (event.key in chapters) openChapter(Math.max(0, Math.min(STORY.length - 1, state.chapter + chapters[event.key])));
    if (event.key === 'Escape' || event.key in chapters) return event.preventDefault();
  }
  if (target.closest('#tape, #player')) Object.assign(steps, {Home: 0, End: Infinity});
  if (!own && event.key in steps) goTo(steps[event.key]);
  else if (!$('letters').checked || (typing && target.type !== 'range' && target.type !== 'radio')) return;
  else if (event.key === ',') goOn(-1);
  else if (event.key === '.') goOn(1);
  else if (event.key === 'p') player.toggle();
  else if (event.key === 'r') redraw();
  else if (event.key === 'b') setMode(state.setting.mode === 'per-batch' ? 'per-example' : 'per-batch');
  else if (event.key === 't') training.toggle();
  else if (event.key === '?') $('keys').showModal();
  else return;
  event.preventDefault();
}

function showTheme() {
  if (state.theme === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = state.theme;
  for (const radio of document.getElementsByName('theme')) radio.checked = radio.value === state.theme;
  palette.clear();
  training.show();
}

function openFragment() {
  fromFragment(location.hash);
  const unset = state.step === Infinity;
  model = lessonOf(state.of); // another tape, if a setting was changed in the address
  compute();
  if (unset) state.step = STORY[state.chapter].step(model);
  showTheme();
  show();
  training.open();
  const place = /[#&]at=(layer|training)(&|$)/.exec(location.hash);
  if (place) $(place[1]).scrollIntoView();
}

// ---- the start ----

(async () => {
  try {
    engine = await connect();
    listen();
    if (new URLSearchParams(location.search).has('present')) document.documentElement.dataset.present = 'true';
    openFragment();
    resized = watchRoom();
    resized();
    playHero();
    $('loading').hidden = true;
    document.documentElement.dataset.ready = 'true';
  } catch (error) {
    $('loading').hidden = true;
    $('problem').hidden = false;
    $('problem').textContent = `The engine did not start: ${error.message}`;
    throw error;
  }
})();

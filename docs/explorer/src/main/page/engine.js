// SPDX-License-Identifier: Apache-2.0
'use strict';

/*
 * The engine in the page: Masktape itself (core, layers, optim), compiled to WebAssembly, with the JVM's bits.
 *
 *   const engine = await loadEngine();
 *
 * Matrices are typed arrays, row-major. Whatever is refused throws an Error whose message says why.
 *
 * engine.formulas          {op: text}, as the rulebook has them: engine.formulas.mask === 'y  = x ⊙ M  …\ndx = …'
 *
 * engine.lesson(settings) → {
 *   settings,              complete: all that was drawn is in it; change a copy of it and call again
 *   loss,                  L
 *   scale,                 the value of a kept entry of a mask, 1/(1 − dropProbability)
 *   nodes: [{              the tape, in the order it was written
 *     index, op,           op: 'input', 'parameter', 'constant', or a name of the rulebook
 *     inputs, shape,       Int32Array
 *     value,               Float64Array
 *     gradient,            Float64Array, of the loss at the value; null for a constant
 *     label                'x' 'W' 'W ⊙ M₀' 'x₀' '(W ⊙ M₀)ᵀ' 'u₀' 'u' 'b' 'y' and then 'h' 'V' 'c' 'h Vᵀ' 'z' 'L', or 't' 'L';
 *                          with one example, or a mask for the whole batch, 'W ⊙ M' '(W ⊙ M)ᵀ' 'u'
 *   }],
 *   shares: [{m, masked, j, jm}],   for each mask: M, W ⊙ M, J, J ⊙ M; Float64Array, hidden×inputs
 *   sum, gradient          Σ J ⊙ M of the shares; ∂L/∂W by the tape: Float64Array, hidden×inputs
 * }
 * settings = {
 *   seed: 1, step: 0, dropProbability: 0.5, examples: 2, inputs: 3, hidden: 2, classes: 2, perBatch: false,
 *   loss: 'softmaxCrossEntropy'   x → DropConnect → y → relu → h → Linear V, c → z → L
 *      or 'meanSquaredError'      x → DropConnect → y → L with targets t; there is no v, c, labels then, and classes means nothing
 *   x, w, b, v, c, targets        arrays of numbers or null, which means drawn from the seed
 *   labels                        array of classes, or null
 *   bits                          1 kept, 0 dropped: examples×hidden×inputs, or hidden×inputs if perBatch; or null,
 *                                 which means drawn from seed and step
 * }; what is left out is as above.
 *
 * engine.difference(settings, parameter, index, h = 1e-5) → {h, plus, minus, quotient, gradient}
 *   parameter: 'x' 'w' 'b' 'v' 'c'; plus, minus: the loss with the entry ± h; gradient: the tape's.
 *
 * engine.training(settings) → an object: three nets, 0 No-Drop, 1 Dropout, 2 DropConnect (engine.nets has the names)
 *   settings = {data: 'moons' | 'moons-wrong' | 'moons-useless' | 'spirals' | 'digits', seed: 1, dropProbability: 0.5, hidden: 32, examples: 200, batchSize: 20,
 *               learningRate: 0.05, momentum: 0.9, perBatch: false}
 *   .settings, .classes
 *   .features(testing), .labels(testing)        Float32Array examples×features (2, or 196 = 14×14 for digits), Int32Array
 *   .step(count)                                trains all three on the next batches; → .steps, the number done
 *   .losses(net)                                Float32Array, of each step's batch
 *   .evaluate(net)                              {errors, examples, loss} on the data for testing, as many as for training
 *   .predictions(net)                           Int32Array, the class of each example for testing
 *   .grid(net, columns, rows, left, right, bottom, top)   Float32Array rows×columns×classes: probabilities, largest y first
 *   .weights(net)                               Float32Array, all parameters
 *   .spread(draws, perBatch)                    {norms, distances, mean, deviation}: the gradient of the masked weights for
 *                                               one batch under other masks, ‖gₛ‖, ‖gₛ − ḡ‖, ‖ḡ‖, its standard deviation
 *   .close()                                    lets its memory go
 *
 * engine.fingerprint(steps) → Float32Array: all weights after a training that has the same bits on every JVM; the
 *   SHA-256 of those after 200 steps, big-endian, stands in docs/reliability.md; they take some seconds
 */
async function loadEngine() {
  const text = document.getElementById('engine-wasm').textContent;
  const wasm = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const {exports} = await TeaVM.wasmGC.load(wasm);

  const lessonDefaults = {
    seed: 1, step: 0, dropProbability: 0.5, examples: 2, inputs: 3, hidden: 2, classes: 2, perBatch: false,
    loss: 'softmaxCrossEntropy', x: null, w: null, b: null, v: null, c: null, labels: null, targets: null, bits: null,
  };
  const trainingDefaults = {
    data: 'moons', seed: 1, dropProbability: 0.5, hidden: 32, examples: 200, batchSize: 20, learningRate: 0.05,
    momentum: 0.9, perBatch: false,
  };

  function complete(settings, defaults) {
    for (const key of Object.keys(settings)) {
      if (!(key in defaults)) throw new Error(`there is no setting ${key}; there are ${Object.keys(defaults).join(', ')}`);
    }
    const all = {...defaults, ...settings};
    for (const key of ['seed', 'step', 'examples', 'inputs', 'hidden', 'classes', 'batchSize']) {
      if (key in all && !Number.isSafeInteger(all[key])) throw new Error(`${key}: expected a whole number, got ${all[key]}`);
    }
    return all;
  }

  function lessonSettings(settings) {
    const all = complete(settings, lessonDefaults);
    for (const key of ['x', 'w', 'b', 'v', 'c', 'targets']) all[key] = all[key] && Float64Array.from(all[key]);
    all.labels = all.labels && Int32Array.from(all.labels);
    all.bits = all.bits && Int8Array.from(all.bits);
    return all;
  }

  class Training {
    constructor(settings) {
      this.settings = complete(settings, trainingDefaults);
      this.id = exports.training(this.settings);
      this.classes = exports.classes(this.id);
      this.steps = 0;
    }

    step(count = 1) {
      this.steps = exports.step(this.id, count);
      return this.steps;
    }

    features(testing = false) { return exports.features(this.id, testing); }
    labels(testing = false) { return exports.labels(this.id, testing); }
    losses(net) { return exports.losses(this.id, net); }
    evaluate(net) { return exports.evaluate(this.id, net); }
    predictions(net) { return exports.predictions(this.id, net); }
    grid(net, ...where) { return exports.grid(this.id, net, ...where); }
    weights(net) { return exports.weights(this.id, net); }
    spread(draws, perBatch) { return exports.spread(this.id, draws, perBatch); }
    close() { exports.close(this.id); }
  }

  return {
    formulas: JSON.parse(document.getElementById('engine-formulas').textContent),
    nets: ['No-Drop', 'Dropout', 'DropConnect'],
    lesson: (settings = {}) => exports.lesson(lessonSettings(settings)),
    difference: (settings, parameter, index, h = 1e-5) =>
      exports.difference(lessonSettings(settings), parameter, index, h),
    training: (settings = {}) => new Training(settings),
    fingerprint: (steps) => exports.fingerprint(steps),
  };
}

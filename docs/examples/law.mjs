// SPDX-License-Identifier: Apache-2.0
// The law of DropConnect in JavaScript, on the example of chapter 4.
const W = [[1, 2, -1], [3, -2, 1]], b = [1, -1];
const X = [[1, 2, 3], [2, -1, 1]], T = [[-4, -1], [-2, 4]];
const K = [[[1, 0, 1], [0, 1, 1]], [[1, 1, 0], [0, 1, 0]]];
const s = 1 / (1 - 0.5);

const sum = terms => terms.reduce((total, term) => total + term, 0);
const masked = (A, kept) => A.map((row, j) => row.map((a, q) => kept[j][q] ? a * s : 0));
const V = K.map(kept => masked(W, kept));                                            // W ⊙ Mₙ
const Y = X.map((x, n) => V[n].map((v, j) => sum(v.map((w, q) => w * x[q])) + b[j])); // yₙ = (W ⊙ Mₙ) xₙ + b
const dY = Y.map((y, n) => y.map((value, j) => value - T[n][j]));                    // L = ½·Σ (Y − T)²
const J = X.map((x, n) => dY[n].map(dy => x.map(value => dy * value)));              // Jₙ = dyₙ xₙᵀ
const shares = J.map((jn, n) => masked(jn, K[n]));                                   // Jₙ ⊙ Mₙ
const dW = W.map((row, j) => row.map((_, q) => sum(shares.map(share => share[j][q]))));
const dX = X.map((x, n) => x.map((_, q) => sum(dY[n].map((dy, j) => V[n][j][q] * dy))));
const db = b.map((_, j) => sum(dY.map(dy => dy[j])));
for (const gradient of [dW, dX, db]) console.log(JSON.stringify(gradient));

# SPDX-License-Identifier: Apache-2.0
# The law of DropConnect in NumPy, on the example of chapter 4.
import numpy as np

W, b = np.array([[1.0, 2, -1], [3, -2, 1]]), np.array([1.0, -1])
X, T = np.array([[1.0, 2, 3], [2, -1, 1]]), np.array([[-4.0, -1], [-2, 4]])
K = np.array([[[1, 0, 1], [0, 1, 1]], [[1, 1, 0], [0, 1, 0]]], dtype=bool)  # K[n, j, q]: kept
s = 1 / (1 - 0.5)

V = np.where(K, W * s, 0)                    # W ⊙ Mₙ for each example: n×l×d
Y = np.einsum("njq,nq->nj", V, X) + b        # yₙ = (W ⊙ Mₙ) xₙ + b
dY = Y - T                                   # L = ½·Σ (Y − T)²
J = np.einsum("nj,nq->njq", dY, X)           # Jₙ = dyₙ xₙᵀ
dW = np.where(K, J * s, 0).sum(axis=0)       # ∂L/∂W = Σₙ Jₙ ⊙ Mₙ
dX = np.einsum("njq,nj->nq", V, dY)          # ∂L/∂xₙ = (W ⊙ Mₙ)ᵀ dyₙ
db = dY.sum(axis=0)                          # ∂L/∂b = Σₙ dyₙ
for gradient in (dW, dX, db):
    print(gradient.tolist())

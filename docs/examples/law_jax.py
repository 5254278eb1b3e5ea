# SPDX-License-Identifier: Apache-2.0
# The law of DropConnect in JAX, whose grad finds it, on the example of chapter 4.
import jax
import jax.numpy as jnp

W, b = jnp.array([[1.0, 2, -1], [3, -2, 1]]), jnp.array([1.0, -1])
X, T = jnp.array([[1.0, 2, 3], [2, -1, 1]]), jnp.array([[-4.0, -1], [-2, 4]])
K = jnp.array([[[1, 0, 1], [0, 1, 1]], [[1, 1, 0], [0, 1, 0]]], dtype=bool)
s = 1 / (1 - 0.5)


def loss(V, X, b):                           # V: W ⊙ Mₙ for each example, n×l×d
    Y = jnp.einsum("njq,nq->nj", V, X) + b
    return 0.5 * ((Y - T) ** 2).sum()


dW, dX, db = jax.grad(lambda W, X, b: loss(jnp.where(K, W * s, 0), X, b), argnums=(0, 1, 2))(W, X, b)
J = jax.grad(loss)(jnp.where(K, W * s, 0), X, b)
assert (dW == jnp.where(K, J * s, 0).sum(0)).all()
for gradient in (dW, dX, db):
    print(gradient.tolist())

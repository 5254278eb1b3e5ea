# SPDX-License-Identifier: Apache-2.0
# The law of DropConnect in PyTorch, whose autograd finds it, on the example of chapter 4.
import torch

W = torch.tensor([[1.0, 2, -1], [3, -2, 1]], requires_grad=True)
b = torch.tensor([1.0, -1], requires_grad=True)
X = torch.tensor([[1.0, 2, 3], [2, -1, 1]], requires_grad=True)
T = torch.tensor([[-4.0, -1], [-2, 4]])
K = torch.tensor([[[1, 0, 1], [0, 1, 1]], [[1, 1, 0], [0, 1, 0]]]).bool()
s, zero = 1 / (1 - 0.5), torch.zeros(())

V = torch.where(K, W * s, zero)              # W ⊙ Mₙ for each example: n×l×d
V.retain_grad()
Y = torch.einsum("njq,nq->nj", V, X) + b     # yₙ = (W ⊙ Mₙ) xₙ + b
(0.5 * ((Y - T) ** 2).sum()).backward()
J = V.grad                                   # Jₙ, which autograd found
assert torch.equal(W.grad, torch.where(K, J * s, zero).sum(0))
for gradient in (W.grad, X.grad, b.grad):
    print(gradient.tolist())

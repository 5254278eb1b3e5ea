# SPDX-License-Identifier: Apache-2.0
"""Golden values from PyTorch, which the tests of io.github.masktape.golden compare with.

    python3 -m venv V && V/bin/pip install torch numpy && V/bin/python optim/src/test/python/goldens.py

Writes optim/src/test/resources/golden/*.safetensors, or those that are named after it (… goldens.py second). Needed only
to change the cases: the files are committed.

A case is three flat lists of numbers, named by what is computed:

    NAME/given     everything that goes in, float64; tensors row-major, in the order in which NAME needs them
    NAME/float64   everything that comes out if PyTorch computes in float64
    NAME/float32   the same if PyTorch computes in float32, given what is given, rounded

A mask is given as its bits, 52 to a number. The masks of layers are those that
Masktape draws for a seed, made here by the formula in the Javadoc of Mask and Pass, so that both can be checked: given
masks compute the same, and the same masks are drawn.
"""

import json
import pathlib
import random
import struct
import sys

import torch
import torch.nn.functional as F

DTYPES = {"float64": torch.float64, "float32": torch.float32}
FOLDER = pathlib.Path(__file__).parent.parent / "resources" / "golden"

# ---- files ----


def flat(things):
    """Tensors and numbers, one after the other, as float64."""
    parts = [torch.as_tensor(thing, dtype=torch.float64).detach().reshape(-1) for thing in things]
    return torch.cat(parts)


def write(name, cases):
    """cases: name -> (what is given, function of a dtype that gives what comes out)."""
    header, data = {"__metadata__": {"torch": torch.__version__.split("+")[0]}}, b""
    for case, (given, compute) in cases.items():
        tensors = {"given": ("<f8", flat(given))}
        for dtype in DTYPES:
            tensors[dtype] = ("<f8" if dtype == "float64" else "<f4", flat(compute(DTYPES[dtype])))
        for kind, (encoding, numbers) in tensors.items():
            assert torch.isfinite(numbers).all(), case
            content = numbers.numpy().astype(encoding).tobytes()
            header[case + "/" + kind] = {
                "dtype": {"<f8": "F64", "<f4": "F32"}[encoding],
                "shape": [len(numbers)],
                "data_offsets": [len(data), len(data) + len(content)],
            }
            data += content
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path = FOLDER / (name + ".safetensors")
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)
    print(f"{path.name}: {len(cases)} cases, {path.stat().st_size} bytes")


def normal(*dims):
    return torch.randn(dims, dtype=torch.float64)


def leaves(tensors, dtype):
    return [tensor.to(dtype).detach().clone().requires_grad_() for tensor in tensors]


# ---- masks ----

GAMMA, WORD = 0x9E3779B97F4A7C15, 2**64 - 1


def mix(z):
    """The output function of SplitMix64."""
    z &= WORD
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & WORD
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & WORD
    return z ^ (z >> 31)


def derive(key, *indices):
    for index in indices:
        key = mix(key + (index + 1) * GAMMA)
    return key


def drawn(key, examples, outputs, inputs, p):
    """Mask.bernoulli, as its Javadoc says, for at most 64 inputs: True where a connection is kept."""
    assert inputs <= 64
    threshold = 2**64 - round(p * 2**64)
    kept = torch.zeros(examples, outputs, inputs, dtype=torch.bool)
    for n in range(examples):
        for j in range(outputs):
            words = [mix(derive(key, n) + (64 * j + r + 1) * GAMMA) for r in range(64)]
            for q in range(inputs):
                u = sum((word >> 63 - q & 1) << 63 - r for r, word in enumerate(words))
                kept[n, j, q] = u < threshold
    return kept


def bits(masks):
    """The entries of masks, 52 to a number: bit i is set where the connection is kept."""
    kept = [bit for mask in masks for bit in mask.flatten().tolist()]
    return [sum(2.0**i for i, bit in enumerate(kept[at : at + 52]) if bit) for at in range(0, len(kept), 52)]


def entries(kept, p, dtype):
    """M: 0 or 1/(1 − p)."""
    return (kept.to(torch.float64) / (1 - p)).to(dtype)


# ---- ops ----

# rows, inner size, columns
SIZES = [(1, 1, 1), (1, 5, 3), (4, 1, 9), (3, 7, 1), (5, 17, 2), (9, 3, 13), (2, 33, 8)]


def op(cases, name, inputs, function, *extras):
    """A case: inputs, what else the op needs, and the gradient that arrives; the result and the inputs' gradients."""
    dy = normal(*function(*inputs).shape)

    def compute(dtype):
        x = leaves(inputs, dtype)
        y = function(*x)
        return [y, *torch.autograd.grad(y, x, dy.to(dtype))]

    shapes = " ".join("x".join(map(str, t.shape)) for t in inputs)
    assert name + " " + shapes not in cases
    cases[name + " " + shapes] = ([*inputs, *extras, dy], compute)


def ops_of_size(op, cases, m, k, n):
    a, b = lambda: normal(m, n), lambda: normal(m, n)
    op(cases, "add", [a(), b()], torch.add)
    op(cases, "sub", [a(), b()], torch.sub)
    op(cases, "mul", [a(), b()], torch.mul)
    op(cases, "neg", [a()], torch.neg)
    op(cases, "scale", [a()], lambda x: x * -1.75, -1.75)
    op(cases, "square", [a()], torch.square)
    op(cases, "matmul", [normal(m, k), normal(k, n)], torch.matmul)
    op(cases, "matmulTransposed", [normal(m, k), normal(n, k)], lambda x, y: x @ y.T)
    op(cases, "transpose", [a()], torch.t)
    op(cases, "reshape", [a()], torch.flatten)
    i = random.randrange(m)
    op(cases, "rows", [a()], lambda x: x[i : i + 1], 1, i)
    op(cases, "stackRows", [normal(1, n) for _ in range(m)], lambda *x: torch.cat(x))
    op(cases, "addRow", [a(), normal(n)], torch.add)
    op(cases, "relu", [a()], torch.relu)
    for name in ("tanh", "sigmoid", "exp"):
        op(cases, name, [a() * 2], getattr(torch, name))
    op(cases, "log", [a().square() + 0.1], torch.log)
    op(cases, "sum", [a()], torch.sum)
    op(cases, "mean", [a()], torch.mean)
    op(cases, "sumRows", [a()], lambda x: x.sum(0))
    op(cases, "sumColumns", [a()], lambda x: x.sum(1))
    op(cases, "meanSquaredError", [a(), b()], F.mse_loss)
    labels, smoothing = torch.randint(n, (m,)), random.random()
    op(cases, "softmaxCrossEntropy", [a() * 3], lambda z: F.cross_entropy(z, labels), labels)
    smoothed = lambda z: F.cross_entropy(z, labels, label_smoothing=smoothing)
    op(cases, "smoothedCrossEntropy", [a() * 3], smoothed, labels, smoothing)
    p = random.choice([0, 0.2, 0.5, 0.8])
    kept = torch.rand(1, m, n) >= p
    op(cases, "mask", [a()], lambda x: x * entries(kept[0], p, x.dtype), 1 / (1 - p), bits([kept]))
    each = torch.rand(m, n, k) >= p
    masked = lambda x, w: torch.bmm(w * entries(each, p, x.dtype), x.unsqueeze(2)).squeeze(2)
    op(cases, "maskedLinear", [normal(m, k), normal(n, k)], masked, 1 / (1 - p), bits([each]))


def ops():
    cases = {}
    for size in SIZES:
        ops_of_size(op, cases, *size)
    return cases

# ---- second derivatives ----


def second_order(cases, name, inputs, function, *extras):
    """A case of op(), differentiated again: y, the gradients gᵢ, and those of Σᵢ Σ uᵢ ⊙ gᵢ at the inputs and at dy."""
    dy = normal(*function(*inputs).shape)
    u = [normal(*tensor.shape) for tensor in inputs]

    def compute(dtype):
        x = leaves(inputs, dtype)
        c = leaves([dy], dtype)[0]
        y = function(*x)
        g = gradients(y, x, c, True)
        s = sum((a.to(dtype) * b).sum() for a, b in zip(u, g))
        return [y, *g, *gradients(s, [*x, c], None, False)]

    shapes = " ".join("x".join(map(str, t.shape)) or "scalar" for t in inputs)
    cases[name + " " + shapes] = ([*inputs, *extras, dy, *u], compute)


def gradients(y, x, dy, again):
    """Zeros where y does not depend on an input, or only in steps."""
    if not y.requires_grad:
        return [torch.zeros_like(tensor) for tensor in x]
    found = torch.autograd.grad(y, x, dy, create_graph=again, allow_unused=True)
    return [torch.zeros_like(t) if g is None else g for t, g in zip(x, found)]


def more_ops_of_size(op, cases, m, k, n):
    """The ops that gradients are made of, and others that came later."""
    a = lambda: normal(m, n)
    op(cases, "div", [a(), a().abs() + 0.5], torch.div)
    op(cases, "scaleBy", [a(), normal()], torch.mul)
    op(cases, "plus", [a()], lambda x: x + 2.5, 2.5)
    op(cases, "transposedMatmul", [normal(k, m), normal(k, n)], lambda x, y: x.T @ y)
    i = random.randrange(m)
    place = lambda x: torch.cat([torch.zeros(i, n, dtype=x.dtype), x, torch.zeros(m - i - 1, n, dtype=x.dtype)])
    op(cases, "placeRows", [normal(1, n)], place, i, m)
    op(cases, "wherePositive", [a(), a()], lambda x, at: torch.where(at > 0, x, torch.zeros_like(x)))
    op(cases, "expand", [normal()], lambda x: x.expand(m, n), m, n)
    op(cases, "repeatRows", [normal(n)], lambda x: x.expand(m, n), m)
    op(cases, "softmax", [a() * 3], lambda z: torch.softmax(z, 1))
    op(cases, "logSoftmax", [a() * 3], lambda z: torch.log_softmax(z, 1))
    p = random.choice([0, 0.2, 0.5, 0.8])
    each = torch.rand(m, n, k) >= p
    transposed = lambda x, w: torch.bmm((w * entries(each, p, x.dtype)).transpose(1, 2), x.unsqueeze(2)).squeeze(2)
    op(cases, "maskedLinearTransposed", [normal(m, n), normal(n, k)], transposed, 1 / (1 - p), bits([each]))
    outer = lambda x, y: (x.unsqueeze(2) * y.unsqueeze(1) * entries(each, p, x.dtype)).sum(0)
    op(cases, "maskedOuter", [normal(m, n), normal(m, k)], outer, 1 / (1 - p), bits([each]))


def latest_ops_of_size(op, cases, m, k, n):
    """Those that choose elements; some indices occur several times, and bounds and ties are met exactly."""
    a = lambda: normal(m, n)
    op(cases, "sqrt", [a().square() + 0.1], torch.sqrt)
    op(cases, "abs", [a() * (torch.rand(m, n) > 0.2)], torch.abs)
    b = a()
    tied = torch.where(torch.rand(m, n) > 0.2, a(), b)
    op(cases, "maximum", [b, tied], torch.maximum)
    op(cases, "minimum", [b, tied], torch.minimum)
    bounded = torch.where(torch.rand(m, n) > 0.2, a(), torch.tensor(0.5, dtype=torch.float64))
    op(cases, "clamp", [bounded], lambda x: torch.clamp(x, -0.75, 0.5), -0.75, 0.5)
    rows = torch.randint(m + 1, (k,))
    op(cases, "rows", [normal(m + 1, n)], lambda x: x[rows], k, rows)
    places = torch.randint(m + 2, (m + 1,))
    placed = lambda x: torch.zeros(m + 2, n, dtype=x.dtype).index_add(0, places, x)
    op(cases, "placeRows", [normal(m + 1, n)], placed, places, m + 2)
    columns = torch.randint(n, (k,))
    op(cases, "columns", [a()], lambda x: x[:, columns], k, columns)
    picked = torch.randint(n, (m,))
    op(cases, "pick", [a()], lambda x: x.gather(1, picked.unsqueeze(1)).squeeze(1), picked)
    op(cases, "stackRows", [normal(m + 1, n), normal(k, n), normal(1, n)], lambda *x: torch.cat(x))
    op(cases, "stackColumns", [normal(m, n), normal(m, k), normal(m, 1)], lambda *x: torch.cat(x, 1))
    op(cases, "repeatColumns", [normal(m + k)], lambda x: x.unsqueeze(1).expand(m + k, n), n)


def second():
    cases = {}
    for size in SIZES:
        ops_of_size(second_order, cases, *size)
        more_ops_of_size(second_order, cases, *size)
    for size in SIZES:
        latest_ops_of_size(second_order, cases, *size)
    for m, _, n in SIZES:
        # PyTorch's default threshold of 20 would round to nine digits.
        second_order(cases, "softplus", [normal(m, n) * 4], lambda x: F.softplus(x, threshold=50))
    return cases


# ---- compositions ----


def attention(x, wq, wk, wv):
    q, k, v = x @ wq.T, x @ wk.T, x @ wv.T
    past = torch.ones(len(x), len(x), dtype=torch.bool).tril()
    scores = (q @ k.T / q.shape[1] ** 0.5).masked_fill(~past, float("-inf"))
    return torch.softmax(scores, 1) @ v


def compositions_of_size(op, cases, m, k, n):
    """Layers and losses of docs/guide/compose.md, which are made of ops."""
    op(cases, "layerNorm", [normal(m, n) * 2 + 1, normal(n), normal(n)], lambda x, g, b: F.layer_norm(x, (n,), g, b))
    words = torch.randint(m, (k,))
    op(cases, "embedding", [normal(m, n)], lambda table: F.embedding(words, table), k, words)
    op(cases, "attention", [normal(m, n), normal(k, n), normal(k, n), normal(n, n)], attention)
    conv = lambda x, w: F.conv2d(x.view(m, 1, 4, 5), w.view(k, 1, 3, 3)).permute(0, 2, 3, 1).reshape(-1, k)
    op(cases, "convolution", [normal(m, 20), normal(k, 9)], conv)
    op(cases, "maxPooling", [normal(m, 20)], lambda x: F.max_pool2d(x.view(m, 1, 4, 5), 2).reshape(m, -1))
    op(cases, "huber", [normal(m, n), normal(m, n)], lambda a, b: F.huber_loss(a, b, delta=0.5), 0.5)
    pinball = lambda a, b: torch.max(-0.9 * (a - b), 0.1 * (a - b)).mean()
    op(cases, "pinball", [normal(m, n), normal(m, n)], pinball, 0.9)
    labels, weights = torch.randint(n, (m,)), torch.rand(m, dtype=torch.float64) + 0.1
    weighted = lambda z, w: (F.cross_entropy(z, labels, reduction="none") * w).sum() / w.sum()
    op(cases, "weightedCrossEntropy", [normal(m, n), weights], weighted, labels)


def compositions():
    cases = {}
    for size in [(2, 3, 4), (4, 5, 6), (3, 8, 2)]:
        compositions_of_size(second_order, cases, *size)
    return cases


# ---- layers and networks ----


class DropConnect:
    def __init__(self, inputs, outputs, p, per_batch=False, masked_bias=False):
        self.inputs, self.outputs, self.p = inputs, outputs, p
        self.per_batch, self.masked_bias = per_batch, masked_bias

    def __str__(self):
        words = ["dropconnect", self.inputs, self.outputs, self.p, "per-batch" if self.per_batch else "per-example"]
        return " ".join(map(str, words + ["masked-bias"] * self.masked_bias))

    def parameters(self):
        return [normal(self.outputs, self.inputs) / self.inputs**0.5, normal(self.outputs) / 2]

    def masks(self, place, step, batch, features):
        n = 1 if self.per_batch else batch
        masks = [drawn(derive(place, step), n, self.outputs, self.inputs, self.p)]
        return masks + [drawn(derive(place, 0, step), n, self.outputs, 1, self.p)] * self.masked_bias

    def forward(self, x, parameters, masks):
        """yₙ = (W ⊙ Mₙ) xₙ + b, or b ⊙ mₙ"""
        w, b = parameters
        m = entries(masks[0], self.p, x.dtype)
        bias = b * entries(masks[1], self.p, x.dtype).squeeze(2) if self.masked_bias else b
        if self.per_batch:
            return x @ (w * m[0]).T + bias
        return torch.bmm(w * m, x.unsqueeze(2)).squeeze(2) + bias


class Linear(DropConnect):
    def __init__(self, inputs, outputs, bias=True):
        super().__init__(inputs, outputs, 0)
        self.bias = bias

    def __str__(self):
        return f"linear {self.inputs} {self.outputs}"

    def parameters(self):
        w, b = super().parameters()
        return [w, b if self.bias else torch.zeros_like(b)]

    def masks(self, *place):
        return []

    def forward(self, x, parameters, masks):
        return F.linear(x, *parameters)


class Dropout:
    def __init__(self, p):
        self.p = p

    def __str__(self):
        return f"dropout {self.p}"

    def parameters(self):
        return []

    def masks(self, place, step, batch, features):
        return [drawn(derive(place, step), 1, batch, features, self.p)]

    def forward(self, x, parameters, masks):
        return x * entries(masks[0][0], self.p, x.dtype)


class TooCloseToTheKink(Exception):
    """float32 and float64 could take different sides, so there is no golden value."""


class Activation:
    def __init__(self, name):
        self.name = name

    def __str__(self):
        return self.name

    def parameters(self):
        return []

    def masks(self, *place):
        return []

    def forward(self, x, parameters, masks):
        if self.name == "relu" and x.dtype == torch.float64:
            if ((x != 0) & (x.abs() < 1e-4)).any():
                raise TooCloseToTheKink
        return getattr(torch, self.name)(x)


def text(net):
    return ", ".join(map(str, net))


def draw_masks(net, seed, step, batch):
    """As Sequential draws them in Pass.training(seed, step): layer i has the place seed, i."""
    masks, features = [], None
    for i, layer in enumerate(net):
        features = getattr(layer, "outputs", features if features else getattr(layer, "inputs", None))
        masks.append(layer.masks(derive(0, seed, i), step, batch, features))
    return masks


def forward(net, x, parameters, masks):
    parameters = iter(parameters)
    for layer, own in zip(net, masks):
        mine = [next(parameters) for _ in range(2)] if hasattr(layer, "outputs") else []
        x = layer.forward(x, mine, own)
    return x


def layer_case(cases, batch, features, *net, note=""):
    seed = random.randrange(2**53)
    x, parameters = normal(batch, features), [p for layer in net for p in layer.parameters()]
    masks = [layer.masks(derive(0, seed, i), 0, batch, features) for i, layer in enumerate(net)]
    dy = normal(*forward(net, x, parameters, masks).shape)

    def compute(dtype):
        inputs = leaves([x, *parameters], dtype)
        y = forward(net, inputs[0], inputs[1:], masks)
        return [y, *torch.autograd.grad(y, inputs, dy.to(dtype))]

    cases[f"batch {batch} of {features}{note}: {text(net)}"] = ([seed, x, *parameters, *(bits([mask]) for own in masks for mask in own), dy], compute)


def layers():
    cases = {}
    for n, d, l in [(1, 1, 1), (1, 5, 3), (4, 1, 9), (3, 7, 1), (3, 17, 2), (9, 3, 5)]:
        layer_case(cases, n, d, Linear(d, l))
        layer_case(cases, n, d, Linear(d, l, bias=False), note=", no bias")
        for name in ("relu", "tanh", "sigmoid"):
            layer_case(cases, n, d, Activation(name))
        for p in (0.0, 0.25, 0.5, 0.9):
            layer_case(cases, n, d, Dropout(p))
            for per_batch in (False, True):
                for masked_bias in (False, True):
                    layer_case(cases, n, d, DropConnect(d, l, p, per_batch, masked_bias))
    return cases


# ---- optimizers ----


class Settings:
    """Of SGD and its schedule; in a file the numbers of given()."""

    def __init__(self, rate, momentum=0.0, decay=0.0, nesterov=False, schedule=(0, 0, 0, 0, 0)):
        self.rate, self.momentum, self.decay, self.nesterov = rate, momentum, decay, nesterov
        self.schedule = schedule

    def given(self):
        return [self.rate, self.momentum, self.decay, float(self.nesterov), *self.schedule]

    def __str__(self):
        words = [f"momentum {self.momentum}"] * (self.momentum > 0) + ["nesterov"] * self.nesterov
        words += [f"weight decay {self.decay}"] * (self.decay > 0)
        kind, *numbers = self.schedule
        schedule = ["constant", f"cosine over {numbers[0]}", "steps {1}-{2}-{3} of {0}".format(*numbers)][kind]
        return ", ".join([f"{schedule} {self.rate}", *words])

    def optimizer(self, parameters):
        """The optimizer, and the schedule to step after it."""
        sgd = torch.optim.SGD(
            parameters, lr=self.rate, momentum=self.momentum, weight_decay=self.decay, nesterov=self.nesterov
        )
        kind, *numbers = self.schedule
        if kind == 1:
            return sgd, torch.optim.lr_scheduler.CosineAnnealingLR(sgd, T_max=numbers[0])
        factors = [1.0]
        if kind == 2:
            per_epoch, a, b, c = numbers
            factors = [1.0] * a + [0.5] * b + [0.1] * b + [0.05] * c + [0.01] * c + [0.005] * c + [0.001] * c
            factors = [factor for factor in factors for _ in range(per_epoch)]
        return sgd, torch.optim.lr_scheduler.LambdaLR(sgd, lambda step: factors[min(step, len(factors) - 1)])


def optimizer_case(cases, settings, steps):
    """Gradients of each step are given; the parameters after each step come out."""
    shapes = [(1,), (2, 3), (9,)]
    start, gradients = [normal(*s) for s in shapes], [[normal(*s) for s in shapes] for _ in range(steps)]

    def compute(dtype):
        parameters, result = leaves(start, dtype), []
        sgd, schedule = settings.optimizer(parameters)
        for step in gradients:
            for parameter, gradient in zip(parameters, step):
                parameter.grad = gradient.to(dtype)
            sgd.step()
            schedule.step()
            result += [p.detach().clone() for p in parameters]
        return result

    given = [*settings.given(), *start, *(g for step in gradients for g in step)]
    cases[f"{steps} steps: {settings}"] = (given, compute)


def optimizers():
    cases = {}
    for momentum, nesterov in [(0.0, False), (0.5, False), (0.9, False), (0.5, True), (0.9, True)]:
        for decay in (0.0, 0.01, 0.5):
            for rate in (0.01, 0.3):
                optimizer_case(cases, Settings(rate, momentum, decay, nesterov), 5)
        for schedule in [(1, 8, 0, 0, 0), (1, 1, 0, 0, 0), (2, 1, 2, 1, 1), (2, 2, 1, 1, 1)]:
            steps = {1: schedule[1] + 1}.get(schedule[0], 10)
            optimizer_case(cases, Settings(0.3, momentum, 0.01, nesterov, schedule), steps)
    return cases


def adam_case(cases, steps, rate, betas=(0.9, 0.999), epsilon=1e-8, decay=0.0, decoupled=False, cosine=False):
    """Gradients of each step are given; the parameters after some of the steps come out."""
    start, gradients = [normal(1), normal(2, 3)], [[normal(1), normal(2, 3)] for _ in range(steps)]

    def compute(dtype):
        parameters, result = leaves(start, dtype), []
        kind = torch.optim.AdamW if decoupled else torch.optim.Adam
        adam = kind(parameters, lr=rate, betas=betas, eps=epsilon, weight_decay=decay)
        schedule = torch.optim.lr_scheduler.CosineAnnealingLR(adam, T_max=steps) if cosine else None
        for number, step in enumerate(gradients, 1):
            for parameter, gradient in zip(parameters, step):
                parameter.grad = gradient.to(dtype)
            adam.step()
            if schedule:
                schedule.step()
            if number <= 3 or number % 50 == 0:
                result += [p.detach().clone() for p in parameters]
        return result

    given = [rate, *betas, epsilon, decay, float(decoupled), float(cosine)]
    words = ["AdamW" if decoupled else "Adam", f"{rate}", f"betas {betas[0]} {betas[1]}", f"epsilon {epsilon}"]
    words += [f"weight decay {decay}"] * (decay > 0) + ["cosine"] * cosine
    cases[f"{steps} steps: {', '.join(words)}"] = ([*given, *start, *(g for step in gradients for g in step)], compute)


def adam():
    cases = {}
    for decoupled in (False, True):
        for decay in (0.0, 0.01, 0.3):
            adam_case(cases, 200, 0.001, decay=decay, decoupled=decoupled)
        adam_case(cases, 200, 0.1, betas=(0.5, 0.9), epsilon=1e-3, decay=0.1, decoupled=decoupled)
        adam_case(cases, 200, 0.05, decay=0.1, decoupled=decoupled, cosine=True)
    adam_case(cases, 3, 0.01, betas=(0.0, 0.0))
    return cases


# ---- whole training steps ----


def loss_function(name, smoothing):
    return {
        "softmaxCrossEntropy": F.cross_entropy,
        "smoothedCrossEntropy": lambda z, t: F.cross_entropy(z, t, label_smoothing=smoothing),
        "meanSquaredError": F.mse_loss,
    }[name]


class Training:
    """Steps of a network on one batch: the step's own masks, loss, gradients, clipping, SGD."""

    def __init__(self, net, batch, loss, settings, steps, max_norm=None):
        self.net, self.loss, self.settings, self.steps, self.max_norm = net, loss, settings, steps, max_norm
        features, outputs = net[0].inputs, net[-1].outputs
        self.seed, self.smoothing = random.randrange(2**53), round(random.random(), 3)
        self.x, self.parameters = normal(batch, features), [p for layer in net for p in layer.parameters()]
        regression = loss == "meanSquaredError"
        self.target = normal(batch, outputs) if regression else torch.randint(outputs, (batch,))
        self.masks = [draw_masks(net, self.seed, step, batch) for step in range(steps)]

    def given(self):
        masks = [bits([mask]) for step in self.masks for own in step for mask in own]
        last = [self.smoothing, *self.settings.given()] + ([self.max_norm] if self.max_norm else [])
        return [self.seed, self.x, *self.parameters, self.target, *last, *masks]

    def run(self, dtype):
        """Outputs and gradients of the first step, all losses, the parameters at the end."""
        x, *parameters = leaves([self.x, *self.parameters], dtype)
        target = self.target.to(dtype) if self.target.is_floating_point() else self.target
        sgd, schedule = self.settings.optimizer(parameters)
        losses = []
        for step, masks in enumerate(self.masks):
            y = forward(self.net, x, parameters, masks)
            loss = loss_function(self.loss, self.smoothing)(y, target)
            sgd.zero_grad()
            loss.backward()
            if step == 0:
                first = [y.detach(), x.grad.clone(), *(p.grad.clone() for p in parameters)]
            if self.max_norm:
                torch.nn.utils.clip_grad_norm_(parameters, self.max_norm)
            sgd.step()
            schedule.step()
            losses.append(loss.detach())
        return first, losses, [p.detach() for p in parameters]


def well_posed(make):
    """The first training that neither diverges nor has a ReLU so near its kink that float32 could decide otherwise."""
    while True:
        training = make()
        try:
            _, losses, last = training.run(torch.float64)
        except TooCloseToTheKink:
            continue
        if max(losses) < 100 and max(tensor.abs().max() for tensor in last) < 100:
            return training


LOSSES = ["softmaxCrossEntropy", "smoothedCrossEntropy", "meanSquaredError"]
WIDTHS = [1, 1, 2, 3, 4, 5, 6, 7, 9]


def random_settings():
    momentum = random.choice([0.0, 0.5, 0.9])
    return Settings(
        random.choice([0.01, 0.1, 0.3]),
        momentum,
        random.choice([0.0, 0.0, 0.01]),
        momentum > 0 and random.random() < 0.5,
    )


def random_network():
    widths = [random.choice(WIDTHS) for _ in range(random.randint(2, 5))]
    net = []
    for i, (inputs, outputs) in enumerate(zip(widths, widths[1:])):
        p = random.choice([0.0, 0.125, 0.2, 0.5, 0.5, 0.8])
        drop = DropConnect(inputs, outputs, p, random.random() < 0.3, random.random() < 0.3)
        net.append(random.choice([Linear(inputs, outputs), drop, drop]))
        if i < len(widths) - 2:
            net.append(Activation(random.choice(["relu", "tanh", "sigmoid"])))
            if random.random() < 0.25:
                net.append(Dropout(random.choice([0.2, 0.5])))
    return net


def networks():
    cases = {}
    while len(cases) < 200:
        batch, loss, settings = random.choice([1, 2, 3, 5]), random.choice(LOSSES), random_settings()
        net = random_network()
        if loss != "meanSquaredError" and net[-1].outputs == 1:
            continue  # one class has no loss
        training = well_posed(lambda: Training(net, batch, loss, settings, 3))

        def compute(dtype, training=training):
            first, losses, last = training.run(dtype)
            return [*first, *losses, *last]

        cases[f"{len(cases) + 1} batch {batch}: {text(net)}; {loss}; {settings}"] = (training.given(), compute)
    return cases


def trainers():
    """Epochs of one batch: its order does not matter, so neither does the shuffling."""
    cases = {}
    while len(cases) < 24:
        loss, inputs, hidden, outputs = LOSSES[len(cases) % 3], *random.choices(WIDTHS[2:], k=3)
        first = random.choice([Linear(inputs, hidden), DropConnect(inputs, hidden, 0.5, per_batch=True)])
        net = [first, Activation(random.choice(["relu", "tanh", "sigmoid"])), Linear(hidden, outputs)]
        batch, settings, max_norm = random.randint(1, 7), random_settings(), random.choice([0.05, 0.5, 1000.0])
        training = well_posed(lambda: Training(net, batch, loss, settings, 4, max_norm))

        def compute(dtype, training=training):
            _, losses, last = training.run(dtype)
            return [*losses, *last]

        name = f"{len(cases) + 1} batch {batch}: {text(net)}; {loss}; {settings}, gradients clipped to {max_norm}"
        cases[name] = (training.given(), compute)
    return cases


# ---- losses ----


def weighted(elements, weights):
    """The mean over examples of their mean element, each example with its weight."""
    return (elements.mean(1) * weights).sum() / weights.sum()


def losses():
    """given: outputs, targets, weights of examples, settings. Out come the loss, its gradient, and that of Σ u ⊙ it."""
    cases = {}

    def case(name, y, settings, rest, function):
        u = normal(*y.shape)

        def compute(dtype):
            [x] = leaves([y], dtype)
            loss = function(x, dtype)
            [g] = torch.autograd.grad(loss, x, create_graph=True)
            # Where the gradient is constant, as of the pinball loss, its own gradient is 0.
            second = torch.zeros_like(x)
            if g.requires_grad:
                [second] = torch.autograd.grad((u.to(dtype) * g).sum(), x)
            return [loss, g, second]

        cases[f"{name} {y.shape[0]}x{y.shape[1]} {settings}".strip()] = ([y, *rest, u], compute)

    for n, d in [(1, 1), (1, 3), (5, 1), (4, 3), (7, 2), (9, 6)]:
        v = torch.rand(n, dtype=torch.float64) * 3 + 0.1
        ones = torch.ones(n, dtype=torch.float64)
        for w, note in ((ones, ""), (v, "weighted")):
            y, t = normal(n, d) * 2, normal(n, d)
            delta, taus = round(random.uniform(0.2, 2), 3), [round(random.uniform(0.05, 0.95), 3) for _ in range(d)]

            def mse(x, dtype, t=t, w=w):
                return weighted(F.mse_loss(x, t.to(dtype), reduction="none"), w.to(dtype))

            def huber(x, dtype, t=t, w=w, delta=delta):
                return weighted(F.huber_loss(x, t.to(dtype), reduction="none", delta=delta), w.to(dtype))

            def pinball(x, dtype, t=t, w=w, taus=taus):
                r, tau = t.to(dtype) - x, torch.tensor(taus, dtype=dtype)
                return weighted(torch.maximum(tau * r, (tau - 1) * r), w.to(dtype))

            case("meanSquaredError", y, note, [t, w], mse)
            case("huber", y, note, [t, w, delta], huber)
            case("pinball", y, note, [t, w, *taus], pinball)
            labels = torch.rand(n, d, dtype=torch.float64).round()
            soft = torch.rand(n, d, dtype=torch.float64)
            positive = torch.rand(d, dtype=torch.float64) * 3 + 0.1
            for t, p, kind in ((labels, torch.ones_like(positive), ""), (soft, positive, "positive")):

                def bce(x, dtype, t=t, p=p, w=w):
                    f = F.binary_cross_entropy_with_logits
                    return weighted(f(x, t.to(dtype), reduction="none", pos_weight=p.to(dtype)), w.to(dtype))

                case("binaryCrossEntropy", y * 3, (note + " " + kind).strip(), [t, w, p], bce)
            if d == 1:
                continue  # one class has no loss
            labels = torch.randint(d, (n,))
            c = torch.rand(d, dtype=torch.float64) * 3 + 0.1
            for classes, kind in ((torch.ones_like(c), ""), (c, "classes")):
                for smoothing in (0.0, 0.1):

                    def cross_entropy(x, dtype, labels=labels, w=w, classes=classes, smoothing=smoothing):
                        each = F.cross_entropy(
                            x, labels, weight=classes.to(dtype), label_smoothing=smoothing, reduction="none"
                        )
                        return (each * w.to(dtype)).sum() / (w * classes[labels]).sum().to(dtype)

                    name = " ".join([note, kind, f"smoothing {smoothing}"]).strip()
                    case("crossEntropy", y * 2, name, [labels, w, classes, smoothing], cross_entropy)
                    if note == "":
                        # That this is PyTorch's own mean.
                        own = F.cross_entropy(y * 2, labels, weight=classes, label_smoothing=smoothing)
                        assert torch.isclose(own, cross_entropy(y * 2, torch.float64), rtol=1e-13)
    return cases


if __name__ == "__main__":
    torch.set_num_threads(1)
    FOLDER.mkdir(parents=True, exist_ok=True)
    for group in (ops, second, compositions, layers, optimizers, adam, losses, trainers, networks):
        if group.__name__ in sys.argv[1:] or len(sys.argv) == 1:
            torch.manual_seed(1)
            random.seed(1)
            write(group.__name__, group())

# SPDX-License-Identifier: Apache-2.0
"""Loads a network that Masktape saved into PyTorch by key and compares the outputs.

    python3 layers/src/test/python/check_with_torch.py model.safetensors io.safetensors

io.safetensors holds "input" and Masktape's "output" for it. Exit code 1 if they differ by more than 1e-6.
"""

import json
import struct
import sys

import numpy
import torch

LAYERS = {"relu": torch.nn.ReLU, "tanh": torch.nn.Tanh, "sigmoid": torch.nn.Sigmoid}


def load(path):
    with open(path, "rb") as file:
        content = file.read()
    (length,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8 : 8 + length])
    metadata = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        dtype = {"F32": "<f4", "F64": "<f8"}[entry["dtype"]]
        tensors[name] = torch.from_numpy(numpy.frombuffer(content[begin:end], dtype).reshape(entry["shape"]).copy())
    return tensors, metadata


def layer(words):
    if words[0] in ("linear", "dropconnect"):
        return torch.nn.Linear(int(words[1]), int(words[2]))
    if words[0] == "dropout":
        return torch.nn.Dropout(float(words[1]))
    if words[0] == "batchnorm":
        return torch.nn.BatchNorm1d(int(words[1]))
    return LAYERS[words[0]]()


if __name__ == "__main__":
    tensors, metadata = load(sys.argv[1])
    print("architecture:", metadata["masktape.architecture"])
    net = torch.nn.Sequential(*(layer(text.split()) for text in metadata["masktape.architecture"].split(",")))
    net = net.to(next(iter(tensors.values())).dtype).eval()
    print(net.load_state_dict(tensors, strict=True))
    io, _ = load(sys.argv[2])
    worst = (net(io["input"]) - io["output"]).abs().max().item()
    print("largest difference:", worst)
    sys.exit(worst > 1e-6)

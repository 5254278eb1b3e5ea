# SPDX-License-Identifier: Apache-2.0
"""Makes the golden files of ModelFileTest: a PyTorch stack, an input and its output, as safetensors.

    python3 layers/src/test/python/golden.py layers/src/test/resources

Needs torch and numpy; safetensors is written here by its format, so that the package is not needed.
"""

import json
import struct
import sys

import torch


def save(path, tensors):
    header, data = {}, b""
    for name, tensor in tensors.items():
        numbers = tensor.detach().contiguous().numpy().astype("<f4").tobytes()
        header[name] = {
            "dtype": "F32",
            "shape": list(tensor.shape),
            "data_offsets": [len(data), len(data) + len(numbers)],
        }
        data += numbers
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


if __name__ == "__main__":
    torch.manual_seed(1)
    net = torch.nn.Sequential(torch.nn.Linear(7, 16), torch.nn.ReLU(), torch.nn.Linear(16, 3))
    x = torch.randn(5, 7)
    save(sys.argv[1] + "/torch-mlp.safetensors", net.state_dict())
    save(sys.argv[1] + "/torch-mlp-io.safetensors", {"input": x, "output": net(x)})

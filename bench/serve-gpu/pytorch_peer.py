"""PyTorch's contestant on a GPU: the commands and answers of export/OrtPeer.java.

Hugging Face's BertForSequenceClassification where transformers is installed, else the model of the golden files, in fp16,
with scaled_dot_product_attention, in inference mode. Each run brings its ids to the GPU and its logits back.
"""

import argparse
import json
import sys
import time
from pathlib import Path

import torch

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "trainer" / "src" / "test" / "golden"))
sys.path.insert(0, str(ROOT / "bench" / "train-gpu"))

import bert  # noqa: E402
from pytorch_peer import hugging_face  # noqa: E402
from safetensors_file import read  # noqa: E402


def load(folder, device):
    """-> the model as a function of ids and types that gives logits"""
    config = json.loads((folder / "config.json").read_text())
    weights = {name: torch.tensor(array) for name, array in read(folder / "model.safetensors").items()}
    network = hugging_face(config)
    plain = network is None
    if plain:
        network = bert.BertForSequenceClassification(config, "sdpa")
    network.load_state_dict(weights, strict=plain)
    network.eval().to(device, torch.float16)
    return network, lambda network, ids, types: (
        network(ids, None, types) if plain else network(input_ids=ids, token_type_ids=types).logits)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("model", type=Path)
    parser.add_argument("device")
    parser.add_argument("--compile", help="torch.compile's mode")
    options = parser.parse_args()
    network, call = load(options.model, options.device)
    if options.compile:
        network = torch.compile(network, mode=options.compile)

    def run(batch, length):
        ids = torch.tensor([1000 + i * 7919 % 20000 for i in range(batch * length)]).reshape(batch, length)
        types = torch.zeros_like(ids)
        return lambda: call(network, ids.to(options.device), types.to(options.device)).float().cpu()

    print("ready", flush=True)
    with torch.inference_mode():
        for line in sys.stdin:
            command, batch, length, *count = line.split()
            once = run(int(batch), int(length))
            if command == "logits":
                print("logits", *once()[0].tolist(), flush=True)
                continue
            times = []
            for _ in range(int(count[0])):
                start = time.perf_counter()
                once()
                times.append((time.perf_counter() - start) * 1000)
            print("ran", *times, flush=True)


main()

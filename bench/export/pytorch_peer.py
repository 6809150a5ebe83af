"""PyTorch's contestant: the same commands and answers as OrtPeer.java.

The model is the plain PyTorch one of the golden files, with scaled_dot_product_attention, in inference mode; as
transformers does, it passes no mask where nothing is padded.
"""

import json
import sys
import time
from pathlib import Path

import torch

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "trainer" / "src" / "test" / "golden"))

from bert import BertForSequenceClassification  # noqa: E402
from safetensors_file import read  # noqa: E402


def ids(batch, length):
    return torch.tensor([1000 + i * 7919 % 20000 for i in range(batch * length)]).reshape(batch, length)


def main():
    folder, threads = Path(sys.argv[1]), int(sys.argv[2])
    torch.set_num_threads(threads)
    config = json.loads((folder / "config.json").read_text())
    model = BertForSequenceClassification(config, "sdpa")
    weights = {name: torch.tensor(array) for name, array in read(folder / "model.safetensors").items()}
    model.load_state_dict(weights)
    model.eval()
    print("ready", flush=True)
    with torch.inference_mode():
        for line in sys.stdin:
            command, batch, length, *count = line.split()
            tokens = ids(int(batch), int(length))
            types = torch.zeros_like(tokens)
            if command == "logits":
                print("logits", *model(tokens, None, types)[0].tolist(), flush=True)
                continue
            times = []
            for _ in range(int(count[0])):
                start = time.perf_counter()
                model(tokens, None, types)
                times.append((time.perf_counter() - start) * 1000)
            print("ran", *times, flush=True)


main()

"""PyTorch's contestant on a GPU: the commands of train-cpu/pytorch_peer.py and "load FILE".

The model is Hugging Face's BertForSequenceClassification where transformers is installed, else the same modules and
equations in plain PyTorch (the model of the golden files). Attention is scaled_dot_product_attention, AdamW is fused,
half precision is autocast, with a GradScaler for fp16, as PyTorch's documentation has it. Nothing waits for the GPU inside
a step beyond what these do themselves; a run's time ends when the GPU is done.
"""

import argparse
import json
import sys
import time
from contextlib import nullcontext
from pathlib import Path

import torch
import torch.nn.functional as F

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "trainer" / "src" / "test" / "golden"))

import bert  # noqa: E402
from safetensors_file import read  # noqa: E402

HALVES = {"fp16": torch.float16, "bf16": torch.bfloat16}


def hugging_face(config):
    """-> the model as a function of ids, mask and types that gives logits, or None without transformers"""
    try:
        from transformers import BertConfig, BertForSequenceClassification
    except ImportError:
        return None
    known = {key: value for key, value in config.items() if key not in ("model_type", "id2label")}
    return BertForSequenceClassification(BertConfig(**known, num_labels=2, attn_implementation="sdpa"))


class Peer:
    def __init__(self, options):
        self.device = torch.device(options.device)
        config = json.loads((options.model / "config.json").read_text())
        self.network = hugging_face(config)
        self.plain = self.network is None
        if self.plain:
            self.network = bert.BertForSequenceClassification(config, "sdpa")
        weights = {name: torch.tensor(array) for name, array in read(options.model / "model.safetensors").items()}
        missing, unexpected = self.network.load_state_dict(weights, strict=False)
        if unexpected or any("position_ids" not in name for name in missing):
            sys.exit(f"weights do not fit: {missing} {unexpected}")
        self.network.to(self.device).train()
        self.forward = torch.compile(self.network, mode=options.compile) if options.compile else self.network
        self.autocast = lambda: nullcontext()
        if options.precision in HALVES:
            self.autocast = lambda: torch.autocast(self.device.type, HALVES[options.precision])
        self.scaler = torch.amp.GradScaler(self.device.type, enabled=options.precision == "fp16")
        fused = self.device.type == "cuda" or None
        self.optimizer = torch.optim.AdamW(bert.parameter_groups(self.network, 0.1), lr=2e-5, eps=1e-8, fused=fused)
        self.load(options.batches)

    def load(self, file):
        self.batches = [self.tensors(batch) for batch in json.loads(Path(file).read_text())]
        return "loaded"

    def tensors(self, batch):
        """In pinned memory, from which a step copies without waiting, as a DataLoader with pin_memory would do."""
        names = ("input_ids", "attention_mask", "token_type_ids", "labels")
        tensors = [torch.tensor(batch[name]) for name in names]
        return [t.pin_memory() for t in tensors] if self.device.type == "cuda" else tensors

    def loss(self, index):
        ids, mask, types, labels = (
            tensor.to(self.device, non_blocking=True) for tensor in self.batches[index % len(self.batches)])
        with self.autocast():
            if self.plain:
                return F.cross_entropy(self.forward(ids, mask, types), labels)
            logits = self.forward(input_ids=ids, attention_mask=mask, token_type_ids=types).logits
            return F.cross_entropy(logits, labels)

    def step(self, index):
        loss = self.loss(index)
        self.scaler.scale(loss).backward()
        self.scaler.unscale_(self.optimizer)
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.scaler.step(self.optimizer)
        self.scaler.update()
        self.optimizer.zero_grad(set_to_none=True)

    def synchronise(self):
        if self.device.type == "cuda":
            torch.cuda.synchronize(self.device)

    def run(self, first, count):
        """Milliseconds of a step: the mean over the run, since steps overlap."""
        self.synchronise()
        begin = time.perf_counter()
        for index in range(int(first), int(first) + int(count)):
            self.step(index)
        self.synchronise()
        mean = 1000 * (time.perf_counter() - begin) / int(count)
        return "ran " + " ".join([f"{mean:.3f}"] * int(count))

    def eval(self):
        self.network.eval()
        with torch.no_grad():
            loss = self.loss(0).item()
        self.network.train()
        return f"loss {loss:.7f}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--batches", type=Path, required=True)
    parser.add_argument("--device", required=True)
    parser.add_argument("--precision", choices=["fp32", "tf32", "fp16", "bf16"], required=True)
    parser.add_argument("--compile", help="torch.compile's mode")
    options = parser.parse_args()
    torch.manual_seed(42)
    torch.backends.cuda.matmul.allow_tf32 = options.precision != "fp32"
    torch.backends.cudnn.allow_tf32 = options.precision != "fp32"
    if options.compile:
        torch._dynamo.config.cache_size_limit = 64
    peer = Peer(options)
    print("ready", flush=True)
    for line in sys.stdin:
        command, *arguments = line.split()
        print(getattr(peer, command)(*arguments), flush=True)


if __name__ == "__main__":
    main()

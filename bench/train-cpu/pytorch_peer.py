"""transformers' contestant on PyTorch: trains when told to over standard input, one answer a line.

    eval           -> loss NUMBER                 batch 0, dropout off
    run FIRST N    -> ran MS MS ...               N steps from batch FIRST on, milliseconds each
    peak           -> peak MIB                    largest resident memory so far
    profile N      -> a table on stderr, then "ran"
"""

import argparse
import json
import re
import resource
import sys
import time
from pathlib import Path

import torch
from transformers import AutoModelForSequenceClassification


class Peer:
    def __init__(self, options):
        self.model = AutoModelForSequenceClassification.from_pretrained(
            options.model, attn_implementation=options.attention)
        if options.lora:
            from peft import LoraConfig, get_peft_model
            self.model = get_peft_model(self.model, LoraConfig(task_type="SEQ_CLS"))
        self.model.train()
        # On CPU AdamW's default is a loop over the parameters; fused is one vectorised kernel, and has to be asked for.
        self.optimizer = torch.optim.AdamW(
            self.parameter_groups(0.1), lr=2e-5, eps=1e-8, fused=True if options.fused else None)
        self.batches = [self.tensors(batch) for batch in json.loads(options.batches.read_text())]

    def parameter_groups(self, decay):
        """Biases and LayerNorms are spared, as transformers' Trainer does."""
        norms = {f"{name}.weight" for name, module in self.model.named_modules()
                 if isinstance(module, torch.nn.LayerNorm)}
        groups = [dict(params=[], weight_decay=decay), dict(params=[], weight_decay=0.0)]
        for name, parameter in self.model.named_parameters():
            if not parameter.requires_grad:
                continue
            groups[name.endswith("bias") or name in norms]["params"].append(parameter)
        return groups

    def tensors(self, batch):
        """What the family's tokenizer would give its model."""
        tensors = {name: torch.tensor(rows) for name, rows in batch.items()}
        if self.model.config.model_type not in ("bert", "electra", "albert"):
            del tensors["token_type_ids"]
        return tensors

    def loss(self, index):
        return self.model(**self.batches[index % len(self.batches)]).loss

    def step(self, index):
        loss = self.loss(index)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        return loss.item()

    def run(self, first, count):
        times = []
        for index in range(first, first + count):
            begin = time.perf_counter()
            self.step(index)
            times.append(1000 * (time.perf_counter() - begin))
        return "ran " + " ".join(f"{t:.3f}" for t in times)

    def eval(self):
        self.model.eval()
        with torch.no_grad():
            loss = self.loss(0).item()
        self.model.train()
        return f"loss {loss:.7f}"

    def profile(self, count):
        with torch.profiler.profile() as profile:
            self.run(0, count)
        print(profile.key_averages().table(sort_by="self_cpu_time_total", row_limit=25), file=sys.stderr)
        return "ran"


def peak():
    """Linux counts the high-water mark of the process itself; rusage would keep that of the parent before exec."""
    status = Path("/proc/self/status")
    if status.exists():
        kib = int(re.search(r"VmHWM:\s*(\d+) kB", status.read_text())[1])
    else:
        size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        kib = size / 1024 if sys.platform == "darwin" else size
    return f"peak {kib / 1024:.0f}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--batches", type=Path, required=True)
    parser.add_argument("--attention", choices=["eager", "sdpa"], required=True)
    parser.add_argument("--fused", action="store_true")
    parser.add_argument("--lora", action="store_true", help="peft's, as its LoraConfig is by itself")
    parser.add_argument("--threads", type=int, required=True)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(42)
    peer = Peer(options)
    commands = {"eval": peer.eval, "run": peer.run, "peak": peak, "profile": peer.profile}
    print("ready", flush=True)
    for line in sys.stdin:
        command, *arguments = line.split()
        print(commands[command](*map(int, arguments)), flush=True)


if __name__ == "__main__":
    main()

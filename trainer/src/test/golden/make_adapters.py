"""Makes the golden files of training a part of the weights: low-rank updates by peft, and PyTorch's parameter groups.

    python3 trainer/src/test/golden/make_adapters.py [CASE ...]

The files, the run and the precision are those of make_families.py; README.md beside this script says what is added. Made with
peft 0.21.0, transformers 5.17.0 and PyTorch 2.13.0.
"""

import json
import re
import sys

import torch
from peft import LoraConfig, get_peft_model
from torch import nn

import safetensors_file
from make_families import FAMILIES, batch, initial_weights, layer_norm_weights, model_of, options_of, saved
from make_golden import BETAS, OUT, expected_json, float32_error, learning_rates, write_json

TASK = "sequence-classification"
PEAK = 1e-3
# What LoraConfig is told; of roberta-lora the biases of all layers are trained as well.
LORA = {
    "bert-lora": dict(r=4, lora_alpha=16, lora_dropout=0.0),
    "roberta-lora": dict(r=3, lora_alpha=6, lora_dropout=0.0, use_rslora=True, bias="all", target_modules="all-linear"),
}
GROUPS = {"bert-groups": dict(freeze=["embeddings.word_embeddings", "encoder.layer.0-0.output", "attention.*.key"],
                              layer_lr_decay=0.8, head_lr=4e-3)}
FROZEN = {"bert-groups": r"embeddings\.word_embeddings\.|layer\.0\.output\.|attention\.\w+\.key\."}
SEEDS = {"bert-lora": 71, "roberta-lora": 72, "bert-groups": 73}


def own_name(name):
    """A name in a model that peft has wrapped -> the one in files, without peft's prefix."""
    return (name.removeprefix("base_model.model.").replace(".base_layer.", ".").replace(".modules_to_save.default.", ".")
            .replace(".lora_A.default.", ".lora_A.").replace(".lora_B.default.", ".lora_B."))


class Run:
    """One model in one precision with its optimizer."""

    def __init__(self, name, family, weights, factors, batches, dtype):
        self.name, self.options = name, options_of(family)
        self.batches = [{key: torch.tensor(rows) for key, rows in b.items()} for b in batches]
        self.model = model_of(family, TASK, dtype)
        self.model.load_state_dict({key: tensor.to(dtype) for key, tensor in weights.items()}, strict=False)
        norms = layer_norm_weights(self.model)
        if name in LORA:
            self.model = get_peft_model(self.model, LoraConfig(task_type="SEQ_CLS", **LORA[name]), autocast_adapter_dtype=False)
            for key, parameter in self.model.named_parameters():
                if "lora_" in key:
                    if own_name(key) not in factors:
                        generator = torch.Generator().manual_seed(SEEDS[name] + len(factors))
                        factors[own_name(key)] = 0.2 * torch.randn(parameter.shape, generator=generator)
                    parameter.data = factors[own_name(key)].to(dtype)
        else:
            for key, parameter in self.model.named_parameters():
                parameter.requires_grad = not re.search(FROZEN[name], key)
        decay = lambda key: 0.0 if key.endswith("bias") or key in norms else self.options["weight_decay"]
        self.trained = {own_name(key): p for key, p in self.model.named_parameters() if p.requires_grad}
        self.rates = {key: self.rate(key) for key in self.trained}
        groups = [{"params": [p], "weight_decay": decay(key)} for key, p in self.trained.items()]
        self.optimizer = torch.optim.AdamW(groups, lr=0.0, betas=BETAS, eps=self.options["eps"])

    def rate(self, key):
        """How many times the rate of all others: of embeddings least, of each layer more, of the head what is said."""
        if self.name in LORA:
            return 1.0
        said, layers = GROUPS[self.name], 2
        if key.startswith("classifier"):
            return said["head_lr"] / PEAK
        layer = re.search(r"encoder\.layer\.(\d+)\.", key)
        depth = layers + 1 if "embeddings" in key else layers - int(layer.group(1)) if layer else 0
        return said["layer_lr_decay"] ** depth

    def gradients(self, rows):
        self.model.zero_grad()
        loss = self.model(**rows).loss
        loss.backward()
        return loss.item()

    def step(self, index, learning_rate):
        loss = self.gradients(self.batches[index % len(self.batches)])
        norm = nn.utils.clip_grad_norm_(list(self.trained.values()), self.options["max_grad_norm"])
        for group, rate in zip(self.optimizer.param_groups, self.rates.values()):
            group["lr"] = learning_rate * rate
        self.optimizer.step()
        return loss, norm.item()

    def train(self):
        with torch.no_grad():
            result = dict(logits=self.model(**self.batches[0]).logits)
        self.gradients(self.batches[0])
        result["gradients"] = {key: p.grad.clone() for key, p in self.trained.items()}
        largest = dict.fromkeys(self.trained, 0.0)
        steps = []
        for index, learning_rate in enumerate(learning_rates(self.options)):
            steps.append(self.step(index, learning_rate))
            for key, p in self.trained.items():
                largest[key] = max(largest[key], p.grad.abs().max().item())
        result["losses"], result["norms"] = (list(column) for column in zip(*steps))
        result["micro_losses"] = [[loss] for loss in result["losses"]]
        result["zero_gradient"] = [key for key, value in largest.items() if value < 1e-12]
        result["final"] = {key: p.detach().clone() for key, p in self.trained.items()}
        return result

    def merged(self):
        model = self.model.merge_and_unload() if self.name in LORA else self.model
        return {key: p.detach() for key, p in model.named_parameters()}


def make(name):
    family = FAMILIES[name.split("-")[0]]
    options = options_of(family)
    generator = torch.Generator().manual_seed(SEEDS[name])
    model = model_of(family, TASK, torch.float32)
    weights = initial_weights(model, generator)
    batches = [batch(family, TASK, generator) for _ in range(options["batches"])]
    factors = {}
    folder = OUT / name
    folder.mkdir(parents=True, exist_ok=True)
    runs = [Run(name, family, weights, factors, batches, dtype) for dtype in (torch.float32, torch.float64)]
    if name in LORA:
        runs[0].model.save_pretrained(folder / "start")
        (folder / "start" / "README.md").unlink(missing_ok=True)
    single, double = (run.train() for run in runs)
    config, _ = saved(model)
    write_json(folder / "config.json", config)
    write_json(folder / "batches.json", batches)
    write_json(folder / "expected.json", expected_json(options, single, double) | GROUPS.get(name, {}))
    safetensors_file.write(folder / "model.safetensors", weights)
    safetensors_file.write(folder / "gradients.safetensors", double["gradients"])
    safetensors_file.write(folder / "final.safetensors", double["final"])
    safetensors_file.write(folder / "merged.safetensors", runs[1].merged())
    error = {key: f"{value:.1e}" for key, value in float32_error(single, double).items()}
    clipped = sum(norm > options["max_grad_norm"] for norm in double["norms"])
    print(f"{name}: {len(double['final'])} tensors, loss {double['losses'][0]:.4f} -> {double['losses'][-1]:.4f}, {clipped} of "
          f"{options['steps']} steps clipped, float32 error {error}, no gradient: {double['zero_gradient']}")


if __name__ == "__main__":
    torch.set_num_threads(1)
    for case in sys.argv[1:] or [*LORA, *GROUPS]:
        make(case)

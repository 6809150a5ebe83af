"""Makes the golden files: what PyTorch computes for small BERTs, for the trainer's tests to compare with.

    python3 trainer/src/test/golden/make_golden.py            # all cases
    python3 trainer/src/test/golden/make_golden.py bert-tiny  # one

Every expected value is computed in float64, from weights and batches that are exact in float32, and then rounded: the
tests' tolerance is there for Ortune's rounding alone. The same computation in float32 runs beside it, and how far it
is from the stored values goes into expected.json under "float32_error": the yardstick for what float32 can reach.
README.md beside this script explains the files.
"""

import json
import sys
from pathlib import Path

import torch
import torch.nn.functional as F

import safetensors_file
from bert import BertForSequenceClassification, parameter_groups

OUT = Path(__file__).resolve().parents[1] / "resources" / "golden"
PAD, CLS, SEP, FIRST_WORD = 0, 2, 3, 5
BETAS = (0.9, 0.999)

TINY = dict(vocab_size=120, hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64,
            max_position_embeddings=48)
SMALL = dict(vocab_size=60, hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32,
             max_position_embeddings=24)

# used_words: the batches draw their words from [FIRST_WORD, used_words). Rows from there on never get a gradient but
# decay all the same, and so do the position rows past the longest sequence.
CASES = {
    "bert-tiny": dict(shape=TINY, seed=1, used_words=90),
    "gelu-new": dict(shape=SMALL, seed=2, used_words=45, hidden_act="gelu_new"),
    "relu": dict(shape=SMALL, seed=3, used_words=45, hidden_act="relu"),
    "label-smoothing-class-weights": dict(
        shape=SMALL, seed=14, used_words=45, labels=3, label_smoothing=0.1, class_weights=[0.5, 1.0, 2.25]),
    "accumulation": dict(shape=SMALL, seed=5, used_words=45, accumulation=2),
    "bert-adam": dict(shape=SMALL, seed=6, used_words=45, optimizer="bert-adam", eps=1e-6, peak_learning_rate=5e-3,
                      weight_decay=0.3),
}
DEFAULTS = dict(hidden_act="gelu", labels=2, label_smoothing=0.0, class_weights=None, accumulation=1,
                optimizer="adamw", eps=1e-8, weight_decay=0.1, max_grad_norm=1.0,
                peak_learning_rate=1e-3, warmup_steps=4, steps=20, batch_size=6, batches=5, lengths=(3, 17))


class BertAdam:
    """The Adam of BERT's authors: no bias correction, decoupled decay (google-research/bert, optimization.py).

        m = b1 m + (1 - b1) g
        v = b2 v + (1 - b2) g^2
        p = p - lr (m / (sqrt(v) + eps) + wd p)
    """

    def __init__(self, groups, eps):
        self.param_groups = [dict(group, lr=0.0) for group in groups]
        self.eps = eps
        self.moments = {p: (torch.zeros_like(p), torch.zeros_like(p)) for g in groups for p in g["params"]}

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            lr, decay = group["lr"], group["weight_decay"]
            for p in group["params"]:
                m, v = self.moments[p]
                m.copy_(BETAS[0] * m + (1 - BETAS[0]) * p.grad)
                v.copy_(BETAS[1] * v + (1 - BETAS[1]) * p.grad * p.grad)
                update = m / (v.sqrt() + self.eps)
                p.copy_(p - lr * (update + decay * p))


def config_json(case):
    return dict(
        model_type="bert", architectures=["BertForSequenceClassification"], **case["shape"], type_vocab_size=2,
        hidden_act=case["hidden_act"], hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0,
        classifier_dropout=None, layer_norm_eps=1e-12, initializer_range=0.02, pad_token_id=PAD,
        id2label={str(i): f"LABEL_{i}" for i in range(case["labels"])},
        label2id={f"LABEL_{i}": i for i in range(case["labels"])})


def initial_weights(config, generator):
    """float32, wider than Hugging Face's 0.02 and with biases, so that every gradient is well away from zero."""
    model = BertForSequenceClassification(config)
    weights = {}
    for name, parameter in model.named_parameters():
        value = torch.randn(parameter.shape, generator=generator)
        weights[name] = 1.0 + 0.2 * value if "LayerNorm.weight" in name else 0.2 * value
    return weights


def sentence(length, case, generator):
    """[CLS] words [SEP], and in half of the cases a second segment whose type id is 1."""
    ids = torch.randint(FIRST_WORD, case["used_words"], (length,), generator=generator).tolist()
    ids[0], ids[-1] = CLS, SEP
    types = [0] * length
    if length >= 6 and torch.rand(1, generator=generator) < 0.5:
        end = int(torch.randint(2, length - 2, (1,), generator=generator))
        ids[end] = SEP
        types = [0] * (end + 1) + [1] * (length - end - 1)
    return ids, types


def batch(case, generator):
    """Sentences of different lengths, padded to the longest of the batch."""
    low, high = case["lengths"]
    lengths = torch.randint(low, high + 1, (case["batch_size"],), generator=generator).tolist()
    sentences = [sentence(length, case, generator) for length in lengths]
    longest = max(lengths)
    return dict(
        input_ids=[ids + [PAD] * (longest - len(ids)) for ids, _ in sentences],
        attention_mask=[[1] * len(ids) + [0] * (longest - len(ids)) for ids, _ in sentences],
        token_type_ids=[types + [0] * (longest - len(types)) for _, types in sentences],
        labels=torch.randint(case["labels"], (case["batch_size"],), generator=generator).tolist())


def learning_rates(case):
    """Linear warm-up from peak / warmup_steps, then linear decay; no step's rate is 0."""
    steps, warmup, peak = case["steps"], case["warmup_steps"], case["peak_learning_rate"]
    return [peak * min((i + 1) / warmup, (steps - i) / (steps - warmup)) for i in range(steps)]


class Run:
    """One model in one precision with its optimizer."""

    def __init__(self, case, config, weights, batches, dtype):
        self.case, self.batches, self.dtype = case, batches, dtype
        self.model = BertForSequenceClassification(config).to(dtype)
        self.model.load_state_dict({name: tensor.to(dtype) for name, tensor in weights.items()})
        groups = parameter_groups(self.model, case["weight_decay"])
        if case["optimizer"] == "bert-adam":
            self.optimizer = BertAdam(groups, case["eps"])
        else:
            self.optimizer = torch.optim.AdamW(groups, lr=0.0, betas=BETAS, eps=case["eps"])

    def logits(self, batch):
        inputs = (torch.tensor(batch[key]) for key in ("input_ids", "attention_mask", "token_type_ids"))
        return self.model(*inputs)

    def loss(self, batch):
        weights = self.case["class_weights"]
        return F.cross_entropy(
            self.logits(batch), torch.tensor(batch["labels"]),
            weight=None if weights is None else torch.tensor(weights, dtype=self.dtype),
            label_smoothing=self.case["label_smoothing"])

    @torch.no_grad()
    def eval_logits(self, batch):
        self.model.eval()
        logits = self.logits(batch)
        self.model.train()
        return logits

    def first_gradients(self):
        self.model.zero_grad()
        self.loss(self.batches[0]).backward()
        return {name: p.grad.clone() for name, p in self.model.named_parameters()}

    def step(self, index, learning_rate):
        """-> mean loss of the micro-batches, their losses, gradient norm before clipping"""
        count = self.case["accumulation"]
        self.model.zero_grad()
        losses = []
        for i in range(count):
            loss = self.loss(self.batches[(index * count + i) % len(self.batches)])
            (loss / count).backward()
            losses.append(loss.item())
        norm = torch.nn.utils.clip_grad_norm_(self.model.parameters(), self.case["max_grad_norm"])
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate
        self.optimizer.step()
        return sum(losses) / count, losses, norm.item()

    def train(self):
        result = dict(logits=self.eval_logits(self.batches[0]), gradients=self.first_gradients())
        largest = {name: 0.0 for name in result["gradients"]}
        steps = []
        for index, learning_rate in enumerate(learning_rates(self.case)):
            steps.append(self.step(index, learning_rate))
            for name, p in self.model.named_parameters():
                largest[name] = max(largest[name], p.grad.abs().max().item())
        result["losses"], result["micro_losses"], result["norms"] = (list(column) for column in zip(*steps))
        result["zero_gradient"] = [name for name, value in largest.items() if value < 1e-12]
        result["final"] = {name: p.detach() for name, p in self.model.named_parameters()}
        return result


def relative(actual, expected):
    """|actual - expected| / |expected|, Euclidean norms."""
    return ((actual.double() - expected).norm() / expected.norm()).item()


def float32_error(single, double):
    skip = set(double["zero_gradient"])
    worst = lambda key: max(
        relative(single[key][name], tensor) for name, tensor in double[key].items() if name not in skip)
    losses = max(abs(a - b) / b for a, b in zip(single["losses"], double["losses"]))
    return dict(losses=losses, logits=relative(single["logits"], double["logits"]), gradients=worst("gradients"),
                final=worst("final"))


def expected_json(case, single, double):
    return dict(
        optimizer=case["optimizer"], betas=BETAS, epsilon=case["eps"], weight_decay=case["weight_decay"],
        max_grad_norm=case["max_grad_norm"],
        label_smoothing=case["label_smoothing"], class_weights=case["class_weights"],
        accumulation=case["accumulation"], learning_rates=learning_rates(case), losses=double["losses"],
        micro_losses=double["micro_losses"], gradient_norms=double["norms"], logits=double["logits"].tolist(),
        zero_gradient=double["zero_gradient"], float32_error=float32_error(single, double))


def write_json(path, content):
    """One line a key, and one a batch: readable diffs without a line a number."""
    if isinstance(content, list):
        lines = ",\n".join(json.dumps(item) for item in content)
        path.write_text(f"[\n{lines}\n]\n")
    else:
        lines = ",\n".join(f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in content.items())
        path.write_text(f"{{\n{lines}\n}}\n")


def make(name):
    case = DEFAULTS | CASES[name]
    generator = torch.Generator().manual_seed(case["seed"])
    config = config_json(case)
    weights = initial_weights(config, generator)
    batches = [batch(case, generator) for _ in range(case["batches"])]
    single, double = (Run(case, config, weights, batches, t).train() for t in (torch.float32, torch.float64))
    folder = OUT / name
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / "config.json", config)
    write_json(folder / "batches.json", batches)
    write_json(folder / "expected.json", expected_json(case, single, double))
    safetensors_file.write(folder / "model.safetensors", weights)
    safetensors_file.write(folder / "gradients.safetensors", double["gradients"])
    safetensors_file.write(folder / "final.safetensors", double["final"])
    error = {key: f"{value:.1e}" for key, value in float32_error(single, double).items()}
    clipped = sum(norm > case["max_grad_norm"] for norm in double["norms"])
    print(f"{name}: loss {double['losses'][0]:.4f} -> {double['losses'][-1]:.4f}, {clipped} of {case['steps']} steps "
          f"clipped, float32 error {error}, no gradient: {double['zero_gradient']}")


if __name__ == "__main__":
    torch.use_deterministic_algorithms(True)
    torch.set_num_threads(1)
    for chosen in sys.argv[1:] or CASES:
        make(chosen)

"""What is measured: model shapes, batches and the files from which every contestant reads them."""

import json
import sys
from itertools import accumulate
from pathlib import Path
from random import Random

import torch

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "trainer" / "src" / "test" / "golden"))

import safetensors_file  # noqa: E402
from bert import BertForSequenceClassification, initialise  # noqa: E402

SHAPES = {
    "minilm": dict(hidden_size=384, num_hidden_layers=6, num_attention_heads=12, intermediate_size=1536),
    "bert-base": dict(hidden_size=768, num_hidden_layers=12, num_attention_heads=12, intermediate_size=3072),
    "smoke": dict(hidden_size=48, num_hidden_layers=2, num_attention_heads=4, intermediate_size=96),
}
CLS, SEP, FIRST_WORD, VOCABULARY = 101, 102, 1000, 30522
BATCH_SIZE = 32


class Workload:
    """Sentences of CoLA's lengths or of one length, padded to the batch's longest or to a fixed length."""

    def __init__(self, what, length=None, pad_to=0):
        self.what, self.length, self.pad_to = what, length, pad_to


WORKLOADS = {
    "cola": Workload("CoLA's lengths, padded to the batch's longest"),
    "fixed-16": Workload("16 tokens each, no padding", length=16),
    "fixed-64": Workload("64 tokens each, no padding", length=64),
    "padded-128": Workload("CoLA's lengths, padded to 128", pad_to=128),
}

# (warm-up steps, rounds, steps a round) of each contestant
EFFORT = {
    ("minilm", "cola"): (6, 8, 10),
    ("minilm", "fixed-16"): (4, 8, 8),
    ("minilm", "fixed-64"): (2, 5, 3),
    ("minilm", "padded-128"): (2, 4, 2),
    ("bert-base", "cola"): (3, 6, 5),
    ("bert-base", "fixed-16"): (2, 6, 4),
    ("bert-base", "fixed-64"): (1, 4, 1),
    ("bert-base", "padded-128"): (1, 3, 1),
}
QUICK = (1, 2, 1)


def effort(shape, workload, quick):
    return QUICK if quick else EFFORT.get((shape, workload), QUICK)


class Words:
    """Token ids as frequent as CoLA's: the r-th most frequent of 5,575 has a share of 1 / r (Zipf), which gives CoLA's
    own shares within three points (cola_lengths.json)."""

    def __init__(self, statistics):
        self.ids = Random(5).sample(range(FIRST_WORD, VOCABULARY), statistics["distinct_tokens"])
        self.cumulative = list(accumulate(1 / rank for rank in range(1, len(self.ids) + 1)))

    def draw(self, count, random):
        return random.choices(self.ids, cum_weights=self.cumulative, k=count)


def cola_statistics():
    return json.loads((HERE / "cola_lengths.json").read_text())


def make_batches(workload, count, size=BATCH_SIZE):
    """Seeded: the same batches at every call."""
    statistics, random = cola_statistics(), Random(7)
    lengths, counts = [int(n) for n in statistics["lengths"]], list(statistics["lengths"].values())
    words = Words(statistics)
    batches = []
    for _ in range(count):
        drawn = random.choices(lengths, counts, k=size)
        chosen = [workload.length] * size if workload.length else drawn
        batches.append(pad(chosen, max(max(chosen), workload.pad_to), words, random))
    return batches


def pad(lengths, width, words, random):
    ids = [[CLS] + words.draw(n - 2, random) + [SEP] + [0] * (width - n) for n in lengths]
    return dict(
        input_ids=ids,
        attention_mask=[[1] * n + [0] * (width - n) for n in lengths],
        token_type_ids=[[0] * width for _ in lengths],
        labels=[random.randrange(2) for _ in lengths])


def write_batches(folder, name, count):
    file = folder / f"{name}.json"
    file.write_text(json.dumps(make_batches(WORKLOADS[name], count)))
    return file


def write_ids(file):
    """Every token id that the data set holds, though the few batches of a measurement hold fewer: a whole epoch's."""
    file.write_text(json.dumps(sorted([0, CLS, SEP] + Words(cola_statistics()).ids)))


def config(shape):
    """config.json's content; dropout 0.1."""
    return dict(
        model_type="bert", vocab_size=VOCABULARY, **SHAPES[shape], max_position_embeddings=512, type_vocab_size=2,
        hidden_act="gelu", hidden_dropout_prob=0.1, attention_probs_dropout_prob=0.1, layer_norm_eps=1e-12,
        initializer_range=0.02, id2label={"0": "LABEL_0", "1": "LABEL_1"})


def write_model(folder, shape):
    """config.json and random weights as Hugging Face would begin from scratch."""
    model = BertForSequenceClassification(config(shape))
    initialise(model, torch.Generator().manual_seed(11))
    target = folder / shape
    target.mkdir(parents=True, exist_ok=True)
    (target / "config.json").write_text(json.dumps(config(shape)))
    safetensors_file.write(target / "model.safetensors", dict(model.named_parameters()))
    return target

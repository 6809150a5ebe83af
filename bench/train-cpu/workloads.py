"""What is measured: model shapes, batches and the files from which every contestant reads them."""

import json
from itertools import accumulate
from pathlib import Path
from random import Random

import torch
import transformers

HERE = Path(__file__).resolve().parent

CLS, SEP, FIRST_WORD, VOCABULARY = 101, 102, 1000, 30522

# What differs from the defaults of transformers' configuration, which are each family's base shape, dropout included.
SHAPES = {
    "minilm": dict(model_type="bert", hidden_size=384, num_hidden_layers=6, intermediate_size=1536),
    "bert-base": dict(model_type="bert"),
    "bert-base-2": dict(model_type="bert", num_hidden_layers=2),
    "roberta-base-2": dict(model_type="roberta", num_hidden_layers=2, max_position_embeddings=514, type_vocab_size=1,
                           layer_norm_eps=1e-5),
    "distilbert-base-2": dict(model_type="distilbert", n_layers=2),
    "electra-base-2": dict(model_type="electra", num_hidden_layers=2, hidden_size=768, embedding_size=768,
                           num_attention_heads=12, intermediate_size=3072),
    "albert-base-2": dict(model_type="albert", num_hidden_layers=2, vocab_size=VOCABULARY, hidden_size=768, num_attention_heads=12,
                          intermediate_size=3072),
    "mpnet-base-2": dict(model_type="mpnet", num_hidden_layers=2, max_position_embeddings=514, layer_norm_eps=1e-5),
    "deberta-v3-base-2": dict(model_type="deberta-v2", num_hidden_layers=2, hidden_size=768, num_attention_heads=12,
                              intermediate_size=3072, relative_attention=True, position_biased_input=False,
                              pos_att_type=["p2c", "c2p"], share_att_key=True, norm_rel_ebd="layer_norm", position_buckets=256),
    "gpt2-2": dict(model_type="gpt2", n_layer=2, pad_token_id=50256),
    "modernbert-base-2": dict(model_type="modernbert", num_hidden_layers=2),
    "t5-small-2": dict(model_type="t5", num_layers=2, num_decoder_layers=2, decoder_start_token_id=0, eos_token_id=SEP),
    "smoke": dict(model_type="bert", hidden_size=48, num_hidden_layers=2, num_attention_heads=4, intermediate_size=96),
}
BATCH_SIZE = 32


class Workload:
    """Sentences of CoLA's lengths or of one length, padded to the batch's longest or to a fixed length, so many a batch."""

    def __init__(self, what, length=None, pad_to=0, size=BATCH_SIZE):
        self.what, self.length, self.pad_to, self.size = what, length, pad_to, size


WORKLOADS = {
    "cola": Workload("CoLA's lengths, padded to the batch's longest"),
    "fixed-16": Workload("16 tokens each, no padding", length=16),
    "fixed-64": Workload("64 tokens each, no padding", length=64),
    "padded-128": Workload("CoLA's lengths, padded to 128", pad_to=128),
    "fixed-512": Workload("512 tokens each, 4 a batch", length=512, size=4),
    "fixed-2048": Workload("2,048 tokens each, 2 a batch", length=2048, size=2),
}
USUAL = ["cola", "fixed-16", "fixed-64", "padded-128"]

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
TWO_LAYERS = (4, 6, 6)
LONG_TEXTS = (1, 4, 2)
QUICK = (1, 2, 1)


def effort(shape, workload, quick):
    otherwise = LONG_TEXTS if WORKLOADS[workload].size < BATCH_SIZE else TWO_LAYERS if shape.endswith("-2") else QUICK
    return QUICK if quick else EFFORT.get((shape, workload), otherwise)


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


def make_batches(workload, count, size=None, padding=0):
    """Seeded: the same batches at every call."""
    size = size or workload.size
    statistics, random = cola_statistics(), Random(7)
    lengths, counts = [int(n) for n in statistics["lengths"]], list(statistics["lengths"].values())
    words = Words(statistics)
    batches = []
    for _ in range(count):
        drawn = random.choices(lengths, counts, k=size)
        chosen = [workload.length] * size if workload.length else drawn
        batches.append(pad(chosen, max(max(chosen), workload.pad_to), words, random, padding))
    return batches


def pad(lengths, width, words, random, padding):
    ids = [[CLS] + words.draw(n - 2, random) + [SEP] + [padding] * (width - n) for n in lengths]
    return dict(
        input_ids=ids,
        attention_mask=[[1] * n + [0] * (width - n) for n in lengths],
        token_type_ids=[[0] * width for _ in lengths],
        labels=[random.randrange(2) for _ in lengths])


def write_batches(folder, name, count, padding):
    file = folder / f"{name}.json"
    file.write_text(json.dumps(make_batches(WORKLOADS[name], count, padding=padding)))
    return file


def write_ids(file, padding=0):
    """Every token id that the data set holds, though the few batches of a measurement hold fewer: a whole epoch's."""
    file.write_text(json.dumps(sorted({0, 1, padding, CLS, SEP, *Words(cola_statistics()).ids})))


def config(shape):
    """transformers' configuration of two labels."""
    return transformers.AutoConfig.for_model(**SHAPES[shape], num_labels=2)


def write_model(folder, shape):
    """A folder with random weights as transformers begins from scratch, made by itself."""
    torch.manual_seed(11)
    target = folder / shape
    transformers.AutoModelForSequenceClassification.from_config(config(shape)).save_pretrained(target)
    return target

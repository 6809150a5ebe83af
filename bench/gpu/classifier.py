"""A pretrained model and a data set as large as the tutorial's, from nothing: BERT of a given shape with random weights, a
vocabulary of made-up words, and as many sentences of as many tokens as CoLA has. What can be learnt of them is whether a word
of one half of the vocabulary begins the sentence."""

import sys
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "train-cpu"))

import workloads  # noqa: E402

SENTENCES, HELD_OUT = 8551, 516
LABELS = "second,first"


def word(token):
    """WordPiece keeps it whole: letters only, and in the vocabulary."""
    letters = ""
    while token:
        letters += chr(ord("a") + token % 26)
        token //= 26
    return "x" + letters


def write_vocabulary(folder):
    words = [word(token) for token in range(workloads.VOCABULARY)]
    for token, special in ((0, "[PAD]"), (100, "[UNK]"), (101, "[CLS]"), (102, "[SEP]"), (103, "[MASK]")):
        words[token] = special
    (folder / "vocab.txt").write_text("\n".join(words) + "\n")


def write_sentences(file, count, seed):
    statistics, random = workloads.cola_statistics(), Random(seed)
    lengths, counts = [int(n) for n in statistics["lengths"]], list(statistics["lengths"].values())
    words = workloads.Words(statistics)
    half = set(words.ids[::2])
    lines = ["sentence\tlabel"]
    for length in random.choices(lengths, counts, k=count):
        ids = words.draw(max(1, length - 2), random)
        lines.append(" ".join(map(word, ids)) + f"\t{int(ids[0] in half)}")
    file.write_text("\n".join(lines) + "\n")
    return file


def write(folder, shape, sentences=SENTENCES):
    """-> folder of the pretrained model, training set, test set"""
    model = workloads.write_model(folder, shape)
    write_vocabulary(model)
    return (model, write_sentences(folder / "train.tsv", sentences, 3),
            write_sentences(folder / "test.tsv", HELD_OUT, 4))

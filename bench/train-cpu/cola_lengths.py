"""Counts how long CoLA's training sentences are in WordPiece tokens; the benchmark draws its batches from the counts.

    python3 bench/train-cpu/cola_lengths.py in_domain_train.tsv vocab.txt > bench/train-cpu/cola_lengths.json

Only lengths and frequencies leave the corpus, no sentence and no word.
"""

import json
import sys
import unicodedata
from collections import Counter


def words(text):
    """BERT's basic tokens of a lower-cased text: split at white space and around punctuation, accents dropped."""
    text = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if unicodedata.category(c) != "Mn")
    ascii_symbols = set("$+<=>^`|~")
    spaced = (f" {c} " if c in ascii_symbols or unicodedata.category(c).startswith("P") else c for c in text)
    return "".join(spaced).split()


def pieces(word, vocabulary):
    """The longest piece first, from the left; a word with no such cover is one [UNK]."""
    found, start = [], 0
    while start < len(word):
        prefix = "##" if start else ""
        end = next((e for e in range(len(word), start, -1) if prefix + word[start:e] in vocabulary), None)
        if end is None:
            return ["[UNK]"]
        found.append(prefix + word[start:end])
        start = end
    return found


def main(corpus, vocabulary_file):
    vocabulary = set(open(vocabulary_file, encoding="utf-8").read().split("\n"))
    lengths, frequencies = Counter(), Counter()
    for line in open(corpus, encoding="utf-8"):
        tokens = [p for word in words(line.rstrip("\n").split("\t")[3]) for p in pieces(word, vocabulary)]
        lengths[len(tokens) + 2] += 1
        frequencies.update(tokens)
    ranked = [count for _, count in frequencies.most_common()]
    print(json.dumps({
        "sentences": sum(lengths.values()),
        "mean_length": round(sum(n * c for n, c in lengths.items()) / sum(lengths.values()), 3),
        "distinct_tokens": len(ranked),
        "share_of_most_frequent": {n: round(sum(ranked[:n]) / sum(ranked), 3) for n in (1, 10, 100, 1000)},
        "lengths": dict(sorted(lengths.items())),
    }))


if __name__ == "__main__":
    main(*sys.argv[1:])

"""An uncased BERT's tokens in plain Python, where Hugging Face's tokenizers are not installed. A short sentence takes some
0.1 ms of a peer's time, a hundredth of what its model takes; that the tokens are right, the comparison of probabilities tells.
"""

import json
import unicodedata
from functools import lru_cache

LONGEST_WORD = 100


class Encoding:
    def __init__(self, ids):
        self.ids = ids


class Tokenizer:
    """What pytorch_peer.py calls of tokenizers.Tokenizer."""

    def __init__(self, vocabulary):
        self.vocabulary = vocabulary
        self.word = lru_cache(maxsize=50_000)(self.pieces)

    @staticmethod
    def from_file(path):
        with open(path, encoding="utf-8") as file:
            return Tokenizer(json.load(file)["model"]["vocab"])

    def no_padding(self):
        pass

    def encode_batch(self, texts):
        return [Encoding([self.vocabulary["[CLS]"], *(i for word in words(text) for i in self.word(word)),
                          self.vocabulary["[SEP]"]][:512]) for text in texts]

    def pieces(self, word):
        ids, start = [], 0
        while start < len(word) <= LONGEST_WORD:
            prefix = "##" if start else ""
            end = next((end for end in range(len(word), start, -1) if prefix + word[start:end] in self.vocabulary), None)
            if end is None:
                break
            ids.append(self.vocabulary[prefix + word[start:end]])
            start = end
        return tuple(ids) if start == len(word) else (self.vocabulary["[UNK]"],)


def words(text):
    """Lower case without accents, split at blanks and around each sign of punctuation."""
    spaced = []
    for char in unicodedata.normalize("NFD", text.lower()):
        if unicodedata.category(char) != "Mn":
            spaced.append(f" {char} " if is_punctuation(char) else char)
    return "".join(spaced).split()


def is_punctuation(char):
    return 33 <= ord(char) <= 126 and not char.isalnum() or unicodedata.category(char).startswith("P")

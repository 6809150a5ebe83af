"""Writes down how Hugging Face's tokenizers (0.23) shorten pairs of texts whose words are of several tokens:
python truncation_words.py > truncation_words.json

The library stops tokenising a text after the word with which it reaches the most length, from the side that is kept, before it cuts
the pair (longest_first). Each case: whether the first tokens go, the most length, special tokens included, the tokens of each word
of the first and of the second text, and [first, second] tokens that are kept.
"""
import json
import random

from tokenizers import Tokenizer, models, pre_tokenizers, processors

generator = random.Random(7)
tokenizer = Tokenizer(models.WordPiece({"[CLS]": 0, "[SEP]": 1, "a": 2, "##b": 3}, unk_token="[SEP]"))
tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
tokenizer.post_processor = processors.BertProcessing(("[SEP]", 1), ("[CLS]", 0))


def words():
    return [generator.randint(1, 6) for _ in range(generator.randint(0, 9))]


def text(lengths):
    return " ".join("a" + "b" * (length - 1) for length in lengths)


def case():
    left, most, first, second = generator.random() < 0.5, generator.randint(4, 16), words(), words()
    tokenizer.enable_truncation(most, strategy="longest_first", direction="left" if left else "right")
    sequences = tokenizer.encode(text(first), text(second)).sequence_ids
    return [left, most, first, second, [sequences.count(0), sequences.count(1)]]


rows = [json.dumps(case(), separators=(",", ":")) for _ in range(600)]
print('{"special_tokens": 3, "cases": [\n' + ",\n".join(rows) + "\n]}")

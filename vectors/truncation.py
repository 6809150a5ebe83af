"""Writes down how Hugging Face's tokenizers shorten pairs of texts (longest_first): python truncation.py > truncation.json

For each most length, special tokens included, and for each pair of lengths from 0 to 12: [first, second] that are kept.
"""
import json

from tokenizers import Tokenizer, models, pre_tokenizers, processors

LENGTHS = range(13)
SPECIAL = 3

tokenizer = Tokenizer(models.WordLevel({"[CLS]": 0, "[SEP]": 1, "a": 2, "b": 3}, unk_token="[SEP]"))
tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
tokenizer.post_processor = processors.BertProcessing(("[SEP]", 1), ("[CLS]", 0))


def kept(most, first, second):
    tokenizer.enable_truncation(most, strategy="longest_first")
    ids = tokenizer.encode("a " * first, "b " * second).ids
    return [ids.count(2), ids.count(3)]


rows = []
for most in (4, 5, 8, 9, 12, 15, 16, 20, 27):
    table = [[kept(most, first, second) for second in LENGTHS] for first in LENGTHS]
    lines = ",\n".join("    " + json.dumps(row, separators=(",", ":")) for row in table)
    rows.append(f'  {{"max_length": {most}, "kept": [\n{lines}\n  ]}}')
print('{"special_tokens": ' + str(SPECIAL) + ', "tables": [\n' + ",\n".join(rows) + "\n]}")

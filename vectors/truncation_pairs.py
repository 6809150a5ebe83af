"""Writes down how Hugging Face's tokenizers (0.23) cut pairs of texts of which one alone may lose tokens (only_first,
only_second): python truncation_pairs.py > truncation_pairs.json

For each strategy, side, most length, special tokens included, and for each pair of lengths from 1 to 9: [first, second] tokens that
are kept, or null where the library refuses, since nothing of the text would stay.
"""
import json

from tokenizers import Tokenizer, models, pre_tokenizers, processors

LENGTHS = range(1, 10)

tokenizer = Tokenizer(models.WordLevel({"[CLS]": 0, "[SEP]": 1, "a": 2, "b": 3}, unk_token="[SEP]"))
tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
tokenizer.post_processor = processors.BertProcessing(("[SEP]", 1), ("[CLS]", 0))


def kept(first, second):
    try:
        ids = tokenizer.encode("a " * first, "b " * second).ids
    except Exception as refused:
        assert "too short" in str(refused), refused
        return None
    return [ids.count(2), ids.count(3)]


tables = []
for strategy in ("only_first", "only_second"):
    for side in ("right", "left"):
        for most in (5, 8, 12):
            tokenizer.enable_truncation(most, strategy=strategy, direction=side)
            table = [[kept(first, second) for second in LENGTHS] for first in LENGTHS]
            lines = ",\n".join("    " + json.dumps(row, separators=(",", ":")) for row in table)
            tables.append(f'  {{"strategy": "{strategy}", "side": "{side}", "max_length": {most}, "kept": [\n{lines}\n  ]}}')
print('{"tables": [\n' + ",\n".join(tables) + "\n]}")

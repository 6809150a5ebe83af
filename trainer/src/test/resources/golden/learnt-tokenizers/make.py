"""Learns tokenizers of texts.txt by Hugging Face's tokenizers: python make.py

A library's WordPieces depend on the order of a hash table wherever two pairs are equally frequent, so they differ from
run to run: what all runs have in common and what any of them has are written.
"""

import json
import pathlib

from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

FOLDER = pathlib.Path(__file__).parent
RUNS = 200
TEXTS = [line for line in (FOLDER / "texts.txt").read_text(encoding="utf-8").split("\n") if line]


def bpe(size, least):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.train_from_iterator(TEXTS, trainers.BpeTrainer(
        vocab_size=size,
        min_frequency=least,
        special_tokens=["<s>", "<pad>", "</s>", "<unk>", "<mask>"],
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    ))
    vocabulary = tokenizer.get_vocab()
    return {
        "vocab_size": size,
        "min_frequency": least,
        "tokens": sorted(vocabulary, key=vocabulary.get),
        "merges": [" ".join(pair) for pair in json.loads(tokenizer.to_str())["model"]["merges"]],
    }


def wordpiece(size, least, lower_case):
    runs = []
    for _ in range(RUNS):
        tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
        tokenizer.normalizer = normalizers.BertNormalizer(lowercase=lower_case)
        tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        tokenizer.train_from_iterator(TEXTS, trainers.WordPieceTrainer(
            vocab_size=size,
            min_frequency=least,
            limit_alphabet=1000,
            special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"],
            show_progress=False,
        ))
        runs.append(set(tokenizer.get_vocab()))
    return {
        "vocab_size": size,
        "min_frequency": least,
        "do_lower_case": lower_case,
        "always": sorted(set.intersection(*runs)),
        "sometimes": sorted(set.union(*runs) - set.intersection(*runs)),
    }


expected = {
    "bpe": [bpe(400, 2), bpe(300, 1), bpe(1000, 3)],
    "wordpiece": [wordpiece(240, 2, True), wordpiece(300, 1, False), wordpiece(1000, 3, True)],
}
(FOLDER / "expected.json").write_text(json.dumps(expected, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

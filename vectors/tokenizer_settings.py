"""Writes down what transformers' AutoTokenizer makes of texts under settings that stand beside tokenizer.json:
python tokenizer_settings.py FOLDER > tokenizer_settings.json

FOLDER holds a folder with a tokenizer.json for each of bert, roberta and xlm-roberta (trainer/src/test/resources/golden/
tokenizers). A case names one of them, the files beside it, and whether it has vocab.txt in the place of tokenizer.json.

Texts are made of fragments, by numbers from a generator that any language can follow: state = (state * 1103515245 + 12345)
mod 2^31, of which a number below n is (state >> 8) mod n, and whose first state is the text's number. A text has 0 to 11
fragments; every third text has a second one of 0 to 3, made after it by the same generator. Both are cut to max_length. (How pairs
are cut of which both texts reach it is truncation.json's matter.)

"answers" has 4 hexadecimal digits a text: the CRC-32 of its ids in decimal with commas between, mod 2^16.
"""
import json
import os
import sys
import tempfile
import zlib

from transformers import AutoTokenizer

TEXTS = 1500
MAX_LENGTH = 14
FRAGMENTS = [
    "the ", "The ", "THE", "a", "b ", "was ", " dog", "Café", "café ", "naïve ", "ÉCOLE ", "e\u0301 ", "ß", "İ", "Å",
    "中", "国人", " 漢字 ", "カ", "한", "\u3000", "!", "?!", ", ", "don't ", " ##s", "1", "2024 ", "\t", "\n", "  ",
    "\u00a0", "\u0000", "\u200b", "\ufffd", "😀", "[NEW]", " [NEW] ", "[new]", "[SEP]", "[MASK] ", "<s>", " <mask>", "[X]",
    "ing ", "unre", "al ", "of", " and ", "Ł", "ø", "ﬁ", "²",
]

BERT = {"tokenizer_class": "BertTokenizer"}
ROBERTA = {"tokenizer_class": "RobertaTokenizer"}
XLMR = {"tokenizer_class": "XLMRobertaTokenizer"}
GENERIC = {"tokenizer_class": "PreTrainedTokenizerFast"}
CONFIG = "tokenizer_config.json"
CASES = [
    ("bert", False, {CONFIG: {**BERT, "do_lower_case": False}}),
    ("bert", False, {CONFIG: {**BERT, "do_lower_case": False, "strip_accents": True}}),
    ("bert", False, {CONFIG: {"strip_accents": False}}),
    ("bert", False, {CONFIG: {"tokenizer_class": "DistilBertTokenizer", "do_lower_case": True, "tokenize_chinese_chars": False}}),
    ("bert", False, {CONFIG: {**BERT, "truncation_side": "left", "model_max_length": 9}}),
    ("bert", False, {CONFIG: {**BERT, "additional_special_tokens": ["[NEW]", {"__type": "AddedToken", "content": "[X]", "lstrip": True, "rstrip": False, "normalized": False, "single_word": False, "special": True}]}}),
    ("bert", False, {CONFIG: BERT, "special_tokens_map.json": {"additional_special_tokens": ["[NEW]", "dog"]}}),
    ("bert", False, {CONFIG: {**GENERIC, "do_lower_case": False, "tokenize_chinese_chars": False, "truncation_side": "left"}}),
    ("bert", True, {CONFIG: {**BERT, "do_lower_case": False, "strip_accents": True, "tokenize_chinese_chars": False}}),
    ("bert", True, {CONFIG: {**BERT, "do_lower_case": True, "strip_accents": False, "additional_special_tokens": ["[NEW]"]}}),
    ("roberta", False, {CONFIG: {**ROBERTA, "add_prefix_space": True}}),
    ("roberta", False, {CONFIG: {**ROBERTA, "add_prefix_space": False, "truncation_side": "left", "padding_side": "left"}}),
    ("roberta", False, {CONFIG: {**GENERIC, "add_prefix_space": True}}),
    ("xlm-roberta", False, {CONFIG: {**XLMR, "add_prefix_space": False, "truncation_side": "left"}}),
]


def texts(number):
    state = number

    def below(n):
        nonlocal state
        state = (state * 1103515245 + 12345) % (1 << 31)
        return (state >> 8) % n

    def text(below_fragments):
        return "".join(FRAGMENTS[below(len(FRAGMENTS))] for _ in range(below(below_fragments)))

    first = text(12)
    return first, text(4) if number % 3 == 0 else None


def write(folder, name, content):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        file.write(content)


def answers(source, vocab, files):
    with tempfile.TemporaryDirectory() as folder:
        write(folder, "config.json", json.dumps({"model_type": source}))
        if vocab:
            ids = tokenizers[source]["model"]["vocab"]
            write(folder, "vocab.txt", "".join(token + "\n" for token in sorted(ids, key=ids.get)))
        else:
            write(folder, "tokenizer.json", json.dumps(tokenizers[source]))
        for name, content in files.items():
            write(folder, name, json.dumps(content))
        tokenizer = AutoTokenizer.from_pretrained(folder)
        result = []
        for number in range(TEXTS):
            first, second = texts(number)
            # As lists: a single pair whose second text is empty would be taken for no pair.
            pair = None if second is None else [second]
            ids = tokenizer([first], pair, truncation=True, max_length=MAX_LENGTH)["input_ids"][0]
            result.append(f"{zlib.crc32(','.join(map(str, ids)).encode()) & 0xFFFF:04x}")
        return "".join(result)


tokenizers = {}
for name in ("bert", "roberta", "xlm-roberta"):
    with open(os.path.join(sys.argv[1], name, "tokenizer.json"), encoding="utf-8") as file:
        tokenizers[name] = json.load(file)
cases = [{"tokenizer": name, "vocab": vocab, "files": files, "answers": answers(name, vocab, files)}
         for name, vocab, files in CASES]
head = {"max_length": MAX_LENGTH, "texts": TEXTS, "fragments": FRAGMENTS}
print("{" + json.dumps(head)[1:-1] + ',\n"tokenizers": {')
print(",\n".join(json.dumps(name) + ": " + json.dumps(json_, ensure_ascii=True, separators=(",", ":")) for name, json_ in tokenizers.items()))
print('},\n"cases": [')
print(",\n".join(json.dumps(case) for case in cases))
print("]}")

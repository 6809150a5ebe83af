"""Writes vocabularies of SentencePiece alone, as families are published, and what transformers makes of random texts with them:
python make_spm.py [COUNT FOLDER] (needs transformers, sentencepiece). README.md beside this script explains the files. More texts
than are kept here are compared by

    python make_spm.py 10000 /tmp/pieces
    mvn -pl trainer test -Dtest=SentencePieceFileTest -Dortune.sentencepiece=/tmp/pieces
"""

import io
import json
import pathlib
import random
import shutil
import sys

import sentencepiece
from sentencepiece import sentencepiece_model_pb2
from transformers import AutoTokenizer

from make_tokenizers import LINES, NORMALISER
from tokenizer_texts import PAIRS

FOLDER = pathlib.Path(__file__).parent.parent / "resources" / "golden" / "sentencepiece"
# By family: the file's name and what its training was told of special pieces.
MODELS = {
    "albert": ("spiece.model", dict(pad_id=0, pad_piece="<pad>", unk_id=1, unk_piece="<unk>", bos_id=-1, eos_id=-1,
                                    control_symbols="[CLS],[SEP]", user_defined_symbols="[MASK]")),
    "deberta-v2": ("spm.model", dict(pad_id=0, pad_piece="[PAD]", bos_id=1, bos_piece="[CLS]", eos_id=2, eos_piece="[SEP]",
                                     unk_id=3, unk_piece="[UNK]")),
    "xlm-roberta": ("sentencepiece.bpe.model", dict()),
    "t5": ("spiece.model", dict(pad_id=0, pad_piece="<pad>", eos_id=1, unk_id=2, bos_id=-1)),
    "camembert": ("sentencepiece.bpe.model", dict(unk_id=0, bos_id=1, eos_id=2)),
}
# Those that are called tokenizer.model: model_type, tokenizer_config.json, how they were trained, and other files. Llama's and
# Gemma's are trained as their authors did it, but for their sizes.
LLAMA = dict(model_type="bpe", vocab_size=480, normalization_rule_name="identity", byte_fallback=True, split_digits=True,
             allow_whitespace_only_pieces=True, remove_extra_whitespaces=False, character_coverage=0.98)
GEMMA = LLAMA | dict(add_dummy_prefix=False, pad_id=0, eos_id=1, bos_id=2, unk_id=3, pad_piece="<pad>", eos_piece="<eos>",
                     bos_piece="<bos>",
                     user_defined_symbols="<mask>,<start_of_turn>,<end_of_turn>,\u2581\u2581,\u2581\u2581\u2581,\t,\n")
TOKEN = dict(lstrip=False, normalized=False, rstrip=False, single_word=False)
PLAIN = {
    "llama": ("llama", dict(
        tokenizer_class="LlamaTokenizer", legacy=True, add_bos_token=True, add_eos_token=False, pad_token=None, **{
            f"{key}_token": dict(TOKEN, __type="AddedToken", content=token, normalized=True)
            for key, token in (("bos", "<s>"), ("eos", "</s>"), ("unk", "<unk>"))}), LLAMA, {}),
    # As fine-tuned models have it, with tokens behind those of the vocabulary, and a piece of several words.
    "llama-added": ("llama", dict(
        tokenizer_class="LlamaTokenizerFast", legacy=False, add_bos_token=True, add_eos_token=True, pad_token="<pad>"),
        LLAMA | dict(user_defined_symbols="<|im_start|>,the ferry,[MASK]"), {"added_tokens.json": {"</x>": 481, "<pad>": 480}}),
    # What no piece fits is left out, and nothing is put before a text.
    "llama-characters": ("gpt2", dict(
        tokenizer_class="LlamaTokenizer", add_prefix_space=False, added_tokens_decoder={
            "0": dict(TOKEN, content="<unk>", special=True), "301": dict(TOKEN, content="</x>", lstrip=True, special=False),
            "300": dict(TOKEN, content="[MASK]", rstrip=True, special=True)}),
        dict(model_type="bpe", vocab_size=300, control_symbols="<|im_start|>"), {}),
    "gemma": ("llama", dict(tokenizer_class="GemmaTokenizer", add_bos_token=True), GEMMA, {}),
    # No class, with a table of what becomes of characters.
    "any-bpe": ("llama", dict(add_bos_token=True, add_eos_token=True), dict(
        model_type="bpe", vocab_size=300, user_defined_symbols="[MASK]", unk_piece="[UNK]"), {}),
    # A class that transformers does not take for this type, and tokens whose places were kept free.
    "any-named": ("modernbert", dict(tokenizer_class="LlamaTokenizer", added_tokens_decoder={
        "3": dict(TOKEN, content="[MASK]", special=True), "4": dict(TOKEN, content="</x>", special=True)}), LLAMA | dict(
        user_defined_symbols="<unused0>,<unused1>,<|im_start|>"), {}),
    "any-unigram": ("llama", dict(tokenizer_class="PreTrainedTokenizerFast"), dict(
        model_type="unigram", vocab_size=560, byte_fallback=True, user_defined_symbols="<|im_start|>"), {}),
}
ALPHABET = list("  etaoinshrdlu EATx.,!?'\"-10%") + list(NORMALISER) + ["▁", "é", "ß", "中", "😀", "\n", "\t", "[MASK]", "``"]
# What else stands in the texts of a family.
OTHERS = {"t5": ["<extra_id_7>", "<extra_id_0>", "</s>", "<pad>"]}


# What else stands in the texts of the others, beside characters from all of Unicode.
WIDE = ["\u2581\u2581", "   ", "the ferry", "<|im_start|>", "<start_of_turn>", "<mask>", "<s>", "</s>", "<bos>", "</x>", "<pad>",
        "<0x41>", "\r\n", "\x00", "\x07", "\x7f", "\u0301", "\u200d", "\ufeff", "\ufffd", "\u0e01\u0e33", "\U0001F468\u200d\U0001F680"]


def model(folder, name, special):
    rules = folder / "rules.tsv"
    points = lambda text: " ".join(f"{ord(c):04X}" for c in text)
    rules.write_text("".join(f"{points(a)}\t{points(b)}\n" for a, b in NORMALISER.items()))
    trained = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(LINES), model_writer=trained, num_threads=1, minloglevel=2, **dict(
            dict(vocab_size=260, model_type="unigram", character_coverage=0.999), **special,
            **({} if "normalization_rule_name" in special else dict(normalization_rule_tsv=str(rules)))))
    rules.unlink()
    proto = sentencepiece_model_pb2.ModelProto.FromString(trained.getvalue())
    # Where the rules lay here.
    proto.normalizer_spec.ClearField("normalization_rule_tsv")
    (folder / name).write_bytes(proto.SerializeToString())


def texts(count, others):
    source = random.Random(17)
    for _ in range(count):
        yield "".join(source.choice(ALPHABET + others) for _ in range(source.randint(0, 24)))


def any_texts(count):
    source = random.Random(18)
    for text in texts(count, WIDE):
        at = source.randint(0, len(text))
        other = chr(source.choice([source.randint(1, 0xd7ff), source.randint(0xe000, 0x10ffff)]))
        yield text[:at] + other + text[at:]


def write(folder, files, singles):
    """Files as JSON beside a model, and what transformers makes of texts with them."""
    for name, content in files.items():
        (folder / name).write_text(json.dumps(content) + "\n")
    tokenizer = AutoTokenizer.from_pretrained(folder)
    entries = [dict(text=text, ids=tokenizer(text)["input_ids"]) for text in singles]
    entries += [dict(text=a, pair=b, ids=tokenizer([a], [b])["input_ids"][0]) for a, b in PAIRS]
    lines = ",\n".join(json.dumps(entry, separators=(",", ":")) for entry in entries)
    (folder / "texts.json").write_text(f"[\n{lines}\n]\n")
    print(f"{folder.name}: {type(tokenizer).__name__}, {len(tokenizer)} tokens, {len(entries)} texts")


def emptied(folder):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def main(count=150, root=FOLDER):
    for family, (name, special) in MODELS.items():
        folder = emptied(root / family)
        model(folder, name, special)
        write(folder, {"config.json": {"model_type": family}}, texts(count, OTHERS.get(family, [])))
    for name, (type_, config, trained, files) in PLAIN.items():
        folder = emptied(root / name)
        model(folder, "tokenizer.model", trained)
        write(folder, {"config.json": {"model_type": type_}, "tokenizer_config.json": config} | files, any_texts(count * 2 // 3))


if __name__ == "__main__":
    if len(sys.argv) > 2:
        main(int(sys.argv[1]), pathlib.Path(sys.argv[2]))
    else:
        main()

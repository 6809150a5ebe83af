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
ALPHABET = list("  etaoinshrdlu EATx.,!?'\"-10%") + list(NORMALISER) + ["▁", "é", "ß", "中", "😀", "\n", "\t", "[MASK]", "``"]
# What else stands in the texts of a family.
OTHERS = {"t5": ["<extra_id_7>", "<extra_id_0>", "</s>", "<pad>"]}


def model(folder, name, special):
    rules = folder / "rules.tsv"
    points = lambda text: " ".join(f"{ord(c):04X}" for c in text)
    rules.write_text("".join(f"{points(a)}\t{points(b)}\n" for a, b in NORMALISER.items()))
    trained = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(LINES), model_writer=trained, vocab_size=260, model_type="unigram",
        normalization_rule_tsv=str(rules), character_coverage=0.999, num_threads=1, minloglevel=2, **special)
    rules.unlink()
    (folder / name).write_bytes(trained.getvalue())


def texts(count, others):
    source = random.Random(17)
    for _ in range(count):
        yield "".join(source.choice(ALPHABET + others) for _ in range(source.randint(0, 24)))


def main(count=150, root=FOLDER):
    for family, (name, special) in MODELS.items():
        folder = root / family
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        model(folder, name, special)
        (folder / "config.json").write_text(json.dumps({"model_type": family}) + "\n")
        tokenizer = AutoTokenizer.from_pretrained(folder)
        entries = [dict(text=text, ids=tokenizer(text)["input_ids"]) for text in texts(count, OTHERS.get(family, []))]
        entries += [dict(text=a, pair=b, ids=tokenizer([a], [b])["input_ids"][0]) for a, b in PAIRS]
        lines = ",\n".join(json.dumps(entry, separators=(",", ":")) for entry in entries)
        (folder / "texts.json").write_text(f"[\n{lines}\n]\n")
        print(f"{family}: {type(tokenizer).__name__}, {len(tokenizer)} tokens, {len(entries)} texts")


if __name__ == "__main__":
    if len(sys.argv) > 2:
        main(int(sys.argv[1]), pathlib.Path(sys.argv[2]))
    else:
        main()

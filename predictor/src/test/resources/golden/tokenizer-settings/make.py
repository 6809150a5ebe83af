#!/usr/bin/env python3
"""What transformers' AutoTokenizer makes of odd texts when tokenizer_config.json contradicts tokenizer.json.

    python make.py

writes settings.json beside itself: "texts"; "files", each a tokenizer.json; "cases", each with its "file", "config"
(tokenizer_config.json), "model_type" and "ids" of each text. Needs transformers 5.17 and tokenizers.
"""
import json
import os
import pathlib
import random
import tempfile

os.environ["HF_HUB_OFFLINE"] = "1"

import transformers
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

transformers.logging.set_verbosity_error()
HERE = pathlib.Path(__file__).parent
SPECIAL = {"unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]", "pad_token": "[PAD]", "mask_token": "[MASK]"}
LETTERS = "abcefhéèÉCAFEHñ中国人ß.,!'ıİﬁÅå\u0301"
WHOLE = ["café", "cafe", "Cafe", "Café", "CAFE", "he", "He", "中国", "[", "]", "人人", "\u0301"]
OPTIONS = [{}, {"do_lower_case": False}, {"do_lower_case": True}, {"strip_accents": False}, {"strip_accents": True},
           {"tokenize_chinese_chars": False}, {"do_lower_case": False, "strip_accents": True},
           {"do_lower_case": False, "strip_accents": False, "tokenize_chinese_chars": False},
           {"strip_accents": None, "tokenize_chinese_chars": True}]


def tokenizer(normalizer):
    names = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"] + sorted(set(LETTERS)) + ["##" + c for c in sorted(set(LETTERS))]
    names += [name for name in WHOLE if name not in names]
    made = Tokenizer(models.WordPiece({name: i for i, name in enumerate(names)}, unk_token="[UNK]"))
    made.normalizer = normalizer
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    made.decoder = decoders.WordPiece()
    made.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)])
    made.add_special_tokens(names[:5])
    return made


def texts():
    rng = random.Random(3)
    fixed = ["Café 中国人 He", "CAFÉ cafe\u0301 E\u0301", "", " ", "中国 人人", "[MASK] he [SEP]", "[mask] [cls]", "ﬁ ß İ ı Å", "he,He!he",
             "\u0000he\u200dhe\ufffd", "he\u00a0he\u3000he\the", "𠀀𠀀 中𠀀", "カタカナ 한국", "\u0301\u0301he"]
    return fixed + ["".join(rng.choice(LETTERS + "   ") for _ in range(rng.randrange(1, 12))) for _ in range(186)]


def main():
    files = {"lower": normalizers.BertNormalizer(), "cased": normalizers.BertNormalizer(lowercase=False, strip_accents=False),
             "plain": normalizers.BertNormalizer(lowercase=False, handle_chinese_chars=False, clean_text=False),
             "other": normalizers.Sequence([normalizers.NFC(), normalizers.Lowercase()])}
    made = {name: tokenizer(normalizer) for name, normalizer in files.items()}
    rows = []
    for name in files:
        for index, options in enumerate(OPTIONS):
            kinds = [("BertTokenizer", "roberta"), (None, "bert"), ("DistilBertTokenizerFast", "distilbert"),
                     ("MPNetTokenizer", "mpnet"), ("ElectraTokenizer", "electra"), ("PreTrainedTokenizerFast", "bert")]
            kind, model_type = kinds[(index + len(rows) // len(OPTIONS)) % len(kinds)]
            names = dict(SPECIAL)
            config = {**names, **options, **({"tokenizer_class": kind} if kind else {})}
            with tempfile.TemporaryDirectory() as folder:
                made[name].save(folder + "/tokenizer.json")
                for file, value in (("tokenizer_config.json", config), ("config.json", {"model_type": model_type})):
                    pathlib.Path(folder, file).write_text(json.dumps(value))
                loaded = transformers.AutoTokenizer.from_pretrained(folder)
                ids = [loaded(text)["input_ids"] for text in texts()]
            rows.append({"file": name, "config": config, "model_type": model_type, "ids": ids})
    head = json.dumps({"texts": texts(), "files": {name: json.loads(t.to_str()) for name, t in made.items()}})
    lines = ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows)
    (HERE / "settings.json").write_text(head[:-1] + ', "cases": [\n' + lines + "\n]}\n")


if __name__ == "__main__":
    main()

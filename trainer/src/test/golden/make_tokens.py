"""Writes what Hugging Face's tokenizer makes of odd texts: python make_tokens.py (needs tokenizers).

For a cased and an uncased BERT: vocab.txt, the tokenizer.json that belongs to it, and texts.json with each text's ids.
The three modules' tests read them.
"""

import json
import pathlib

import tokenizers
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

FOLDER = pathlib.Path(__file__).parent.parent / "resources" / "golden" / "tokens"
MAX_LENGTH = 24
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
WORDS = "the The cat Cat cafe café run ##s ##ning don t [ ] CLS red def 中 文 שלום مرحبا हिन्दी ##दी ภาษา ##ไทย 한국어 😀"
LETTERS = "abcdefghijklmnopqrstuvwxyzABCÉé0123456789שםןءامرحבβσςßıſ"
MARKS = ".,!?'\"-:/&=<>()«»—…。、！"
ACCENTS = "\u0301\u0302\u0323\u0307\u05b8\u064b\u200d\u0e31"

TEXTS = [
    # nothing, blanks, punctuation
    "", " ", "\t\n\r", "!?...", "«—…»", "。、！", "'''", "don't run-s", "1,234.56", "http://a.b/c?d=e&f=<g>",
    # NUL, control characters, ends of lines and halves of surrogate pairs
    "a\0b", "\0", "the\0 cat\0", "\x1b[31mred\x1b[0m", "\x7f\x80\x9f", "the\x85cat", "the\u2028cat\u2029", "a\rb\nc",
    "\ud83d", "the \ud83d cat", "\ude00\ud83d", "cat\udfff", "\ufffd", "\uffff", "\U0010ffff", "\ufeffthe cat",
    # combining characters
    "cafe\u0301", "café", "CAFÉ", "e\u0301\u0302\u0323", "\u0301", "\u0301cat", "a" + "\u0301\u0323" * 40, "ﬁ ½ ſ",
    # right to left, and marks of direction
    "שלום", "שָׁלוֹם שםן", "مرحبا", "مَرْحَبًا", "\u202ethe cat\u202c", "\u200fcat\u200e", "\u2067שלום\u2069 cat",
    # other scripts, joiners, blanks that are none
    "中文 the中cat文", "हिन्दी", "ภาษาไทย", "한국어", "한국어", "ΑΣ ας", "STRASSE ß", "İI ı",
    "👨\u200d👩\u200d👧 🇩🇪", "😀😀", "a\u200bb\u00adc\u2060d", "\u3000cat\u00a0run", "the\u180ecat",
    # long words, and special tokens spelled out
    "a" * 100, "a" * 101, "[CLS] the [SEP] cat", "the[MASK]cat", "[cls]", "[PAD][UNK]",
]  # fmt: skip
REPEATED = ["a", "the ", ".", "\0", "\u0301", "é ", "ש", "😀", "\ud83d", "\u200b"]
LONG = 100_000
PAIRS = [("the cat", ""), ("", "the cat"), ("", ""), ("the\0", "שלום"), ("\ud83d", "cafe\u0301"), ("!", "…")]


def tokenizer(vocabulary: list[str], lower: bool) -> Tokenizer:
    ids = {token: id for id, token in enumerate(vocabulary)}
    result = Tokenizer(models.WordPiece(ids, unk_token="[UNK]", max_input_chars_per_word=100))
    result.normalizer = normalizers.BertNormalizer(
        clean_text=True, handle_chinese_chars=True, strip_accents=None, lowercase=lower
    )
    result.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    result.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", ids["[CLS]"]), ("[SEP]", ids["[SEP]"])],
    )
    result.decoder = decoders.WordPiece()
    result.add_special_tokens(SPECIAL)
    return result


def well_formed(text: str) -> str:
    """The tokenizer takes no half of a surrogate pair; everybody puts U+FFFD in its place."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def case(tok: Tokenizer, text: str, pair: str | None = None, repeat: int = 1) -> dict:
    whole = well_formed(text * repeat)
    encoding = tok.encode(whole) if pair is None else tok.encode(whole, well_formed(pair))
    return {"text": text, "repeat": repeat, "pair": pair, "ids": encoding.ids, "type_ids": encoding.type_ids}


def main() -> None:
    pieces = WORDS.split() + [*LETTERS, *MARKS, *ACCENTS] + ["##" + letter for letter in LETTERS + ACCENTS]
    vocabulary = SPECIAL + list(dict.fromkeys(pieces))
    for name, lower in (("uncased", True), ("cased", False)):
        folder = FOLDER / name
        folder.mkdir(parents=True, exist_ok=True)
        tok = tokenizer(vocabulary, lower)
        (folder / "vocab.txt").write_text("\n".join(vocabulary) + "\n", encoding="utf-8", newline="\n")
        (folder / "tokenizer.json").write_text(tok.to_str() + "\n", encoding="utf-8", newline="\n")
        tok.enable_truncation(MAX_LENGTH)
        cases = [case(tok, text) for text in TEXTS]
        cases += [case(tok, text, repeat=LONG // len(text)) for text in REPEATED]
        cases += [case(tok, text, pair) for text, pair in PAIRS]
        lines = ",\n".join(json.dumps(entry) for entry in cases)
        header = json.dumps({"tokenizers": tokenizers.__version__, "max_length": MAX_LENGTH})[:-1]
        (folder / "texts.json").write_text(header + ', "cases": [\n' + lines + "\n]}\n", newline="\n")


if __name__ == "__main__":
    main()

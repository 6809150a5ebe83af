"""Writes what transformers' tokenizers make of odd texts: python make_tokenizers.py [NAME ...] (needs transformers, sentencepiece).

Tiny tokenizers in the forms of RoBERTa, XLM-RoBERTa, BERT, MPNet, ALBERT and GPT-2, trained here on a text of our own, and what the
AutoTokenizer of each folder says of texts, pairs, pairs that are cut, and words. README.md beside this script explains the
files.
"""

import io
import json
import pathlib
import sys
import tempfile
from collections import Counter

import sentencepiece
import tokenizers
import transformers
from sentencepiece import sentencepiece_model_pb2
from tokenizers import Tokenizer, normalizers, pre_tokenizers
from transformers import (
    AlbertTokenizer, AutoTokenizer, BertTokenizer, GPT2Tokenizer, MPNetTokenizer, RobertaTokenizer, XLMRobertaTokenizer)

from make_tokens import SPECIAL, well_formed
from tokenizer_texts import CUT, ODD, PAIRS, TRAINING, WORDS

FOLDER = pathlib.Path(__file__).parent.parent / "resources" / "golden" / "tokenizers"
LINES = TRAINING.strip().split("\n")
MAX_LENGTH = 64

# XLM-RoBERTa's normaliser is a table of 300 KB; this one has its form and a few of its rules. Code points, in hexadecimal.
NORMALISER = {"ﬁ": "fi", "½": "1⁄2", "…": "...", "™": "TM", "²": "2", "₂": "2", "\u00a0": " ", "\u3000": " ", "\u2009": " ",
              "\u00ad": "", "\u200b": "", "e\u0301": "é", "u\u0308": "ü", "ｆ": "f", "ｅ": "e", "ｒ": "r", "ｙ": "y"}


def roberta():
    trained = tokenizers.ByteLevelBPETokenizer(add_prefix_space=False)
    trained.train_from_iterator(
        LINES, vocab_size=480, min_frequency=2, special_tokens=["<s>", "<pad>", "</s>", "<unk>", "<mask>"],
        show_progress=False)
    model = json.loads(trained.to_str())["model"]
    return RobertaTokenizer(
        vocab=model["vocab"], merges=[tuple(pair) for pair in model["merges"]], add_prefix_space=False,
        model_max_length=MAX_LENGTH)


def gpt2():
    """No special token is put around a text, and none is for padding."""
    trained = tokenizers.ByteLevelBPETokenizer(add_prefix_space=False)
    trained.train_from_iterator(
        LINES, vocab_size=480, min_frequency=2, special_tokens=["<|endoftext|>"], show_progress=False)
    model = json.loads(trained.to_str())["model"]
    return GPT2Tokenizer(
        vocab=model["vocab"], merges=[tuple(pair) for pair in model["merges"]], add_prefix_space=False,
        model_max_length=MAX_LENGTH)


def unigram(size):
    """-> sentencepiece's model: its own trainer alone makes the table of a Precompiled normaliser"""
    with tempfile.TemporaryDirectory() as folder:
        rules = pathlib.Path(folder) / "rules.tsv"
        points = lambda text: " ".join(f"{ord(c):04X}" for c in text)
        rules.write_text("".join(f"{points(a)}\t{points(b)}\n" for a, b in NORMALISER.items()))
        model = io.BytesIO()
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(LINES), model_writer=model, vocab_size=size, model_type="unigram",
            normalization_rule_tsv=str(rules), character_coverage=0.999, num_threads=1, minloglevel=2)
    return sentencepiece_model_pb2.ModelProto.FromString(model.getvalue())


def scores(proto):
    return [(piece.piece, round(piece.score, 4)) for piece in proto.pieces[3:]]


def xlm_roberta():
    proto = unigram(420)
    vocabulary = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), *scores(proto), ("<mask>", 0.0)]
    return XLMRobertaTokenizer(
        vocab=vocabulary, _spm_precompiled_charsmap=proto.normalizer_spec.precompiled_charsmap, model_max_length=MAX_LENGTH)


def albert():
    proto = unigram(300)
    vocabulary = [("<pad>", 0.0), ("<unk>", 0.0), ("[CLS]", 0.0), ("[SEP]", 0.0), ("[MASK]", 0.0), *scores(proto)]
    return AlbertTokenizer(
        vocab=vocabulary, _spm_precompiled_charsmap=proto.normalizer_spec.precompiled_charsmap, model_max_length=MAX_LENGTH)


def pieces():
    """Characters, the words that come twice and the endings that come three times: the trainer of tokenizers breaks ties
    differently each time."""
    normalizer = normalizers.BertNormalizer(lowercase=True)
    split = pre_tokenizers.BertPreTokenizer().pre_tokenize_str
    words = Counter(word for line in LINES for word, _ in split(normalizer.normalize_str(line)))
    endings = Counter()
    for word, count in words.items():
        endings.update({word[-length:]: count for length in (2, 3, 4) if length < len(word)})
    letters = sorted({letter for word in words for letter in word})
    pieces = letters + ["##" + letter for letter in letters if letter.isalnum()]
    pieces += sorted(word for word, count in words.items() if count > 1)
    return pieces + sorted("##" + ending for ending, count in endings.items() if count > 2)


def bert():
    vocabulary = {token: id for id, token in enumerate(dict.fromkeys(SPECIAL + pieces()))}
    return BertTokenizer(vocab=vocabulary, do_lower_case=True, model_max_length=MAX_LENGTH)


def mpnet():
    """BERT's vocabulary, its special tokens among ordinary ones, between MPNet's own."""
    tokens = ["<s>", "<pad>", "</s>", "<unk>", *SPECIAL, *pieces(), "<mask>"]
    vocabulary = {token: id for id, token in enumerate(dict.fromkeys(tokens))}
    return MPNetTokenizer(vocab=vocabulary, model_max_length=MAX_LENGTH)


def flat(offsets):
    return [place for span in offsets for place in span]


def entry(encoding, **given) -> dict:
    """-1 stands for no word; type ids are left out where all are 0."""
    result = dict(given, ids=encoding.ids)
    if any(encoding.type_ids):
        result["type_ids"] = encoding.type_ids
    result["offsets"] = flat(encoding.offsets)
    result["word_ids"] = [-1 if word is None else word for word in encoding.word_ids]
    return result


def encoded(tokenizer, *texts, **options):
    """-> the encoding, of transformers' AutoTokenizer; in a batch, because it takes a pair alone whose second text is empty
    for no pair"""
    return tokenizer(*([text] for text in texts), **options).encodings[0]


def texts(tokenizer):
    whole = dict(truncation=True, max_length=MAX_LENGTH)
    odd = dict.fromkeys(well_formed(text) for text in ODD)
    yield from (entry(encoded(tokenizer, text, **whole), text=text) for text in odd)
    yield from (entry(encoded(tokenizer, a, b, **whole), text=a, pair=b) for a, b in PAIRS)


def longest_first(first, second, most):
    """-> how many tokens each of two texts keeps of so many: the longer one loses tokens until both are alike, then both"""
    shorter, longer = sorted((first, second))
    longer = max(shorter, most - shorter) if shorter <= most else shorter
    if first + second <= most:
        return first, second
    if shorter + longer > most:
        shorter, longer = most // 2, most - most // 2
    return (longer, shorter) if first > second else (shorter, longer)


def cuts(tokenizer):
    """Without the few lengths at which releases of tokenizers disagree. 0.23 stops reading a text at the word that makes it
    long enough, so where both are longer than all that is kept, which one is the longer has become a matter of chance; it
    decides who keeps the odd token."""
    plain = Tokenizer.from_str(tokenizer.backend_tokenizer.to_str())
    plain.no_truncation()
    left_out = 0
    for text, pair in CUT:
        given = [text] if pair is None else [text, pair]
        lengths = [len(plain.encode(part, add_special_tokens=False).ids) for part in given]
        least = tokenizer.num_special_tokens_to_add(pair=pair is not None)
        for length in range(least, least + sum(lengths) + 2):
            encoding = encoded(tokenizer, *given, truncation="longest_first", max_length=length)
            kept = tuple(encoding.sequence_ids.count(i) for i in range(len(given)))
            if pair is not None and kept != longest_first(*lengths, length - least):
                assert min(lengths) >= length and (length - least) % 2, (text, pair, length, kept)
                left_out += 1
                continue
            yield dict(text=text, pair=pair, max_length=length, ids=encoding.ids)
    print(f"  {left_out} cuts left out")


def words(tokenizer):
    for split in WORDS:
        encoding = encoded(tokenizer, split, is_split_into_words=True, truncation=True, max_length=MAX_LENGTH)
        yield entry(encoding, words=split)


def write(path, entries):
    """One line an entry. Characters beyond ASCII are escaped, as in texts.json of make_tokens.py."""
    lines = ",\n".join(json.dumps(item, separators=(",", ":")) for item in entries)
    path.write_text(f"[\n{lines}\n]\n", newline="\n")


def require_same(folder, tokenizer):
    """The JVM's tokenizer reads tokenizer.json alone: it must be the one that AutoTokenizer makes of the folder."""
    plain = Tokenizer.from_file(str(folder / "tokenizer.json"))
    for text in dict.fromkeys(well_formed(text) for text in ODD):
        assert plain.encode(text).ids == encoded(tokenizer, text).ids, text


def make(name, tokenizer):
    folder = FOLDER / name
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save_pretrained(folder)
    compact = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    (folder / "tokenizer.json").write_text(
        json.dumps(compact, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8", newline="\n")
    if name == "mpnet":
        tokens = sorted(compact["model"]["vocab"], key=compact["model"]["vocab"].get)
        (folder / "vocab.txt").write_text("\n".join(tokens) + "\n", encoding="utf-8", newline="\n")
    reference = AutoTokenizer.from_pretrained(folder)
    require_same(folder, reference)
    write(folder / "texts.json", texts(reference))
    write(folder / "cuts.json", cuts(reference))
    write(folder / "words.json", words(reference))
    if name in ("roberta", "gpt2"):
        model = compact["model"]
        (folder / "vocab.json").write_text(
            json.dumps(model["vocab"], ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8", newline="\n")
        merges = "".join(" ".join(pair) + "\n" for pair in model["merges"])
        (folder / "merges.txt").write_text("#version: 0.2\n" + merges, encoding="utf-8", newline="\n")
        prefixed = AutoTokenizer.from_pretrained(folder, add_prefix_space=True)
        write(folder / "words_prefix_space.json", words(prefixed))
    print(f"{name}: {type(reference).__name__} {len(reference)} tokens, "
          f"{sum(file.stat().st_size for file in folder.iterdir())} bytes")


if __name__ == "__main__":
    print(f"transformers {transformers.__version__}, tokenizers {tokenizers.__version__}, "
          f"sentencepiece {sentencepiece.__version__}")
    made = dict(roberta=roberta, xlm_roberta=xlm_roberta, bert=bert, mpnet=mpnet, albert=albert, gpt2=gpt2)
    for name in sys.argv[1:] or made:
        make(name.replace("_", "-"), made[name]())

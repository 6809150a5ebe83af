"""Makes tiny token classifiers with random weights, and writes down what transformers' pipeline says with them.

    python make.py

Needs torch, transformers, tokenizers, onnx and onnxruntime; what they computed is committed beside this script, so no test
needs them. The folders wordpiece/ (BERT), byte-level/ (RoBERTa) and unigram/ (XLM-RoBERTa, its tokenizer alone) are as
save_pretrained writes them. texts.json holds the texts; entities.json in each folder, for each text and aggregation strategy, a
list of [label, score, word, start, end]; tokens.json the ids and token type ids of pairs (and texts),
cut to 24 tokens.
"""
import json
import os
import pathlib
import shutil
import warnings

os.environ["HF_HUB_OFFLINE"] = "1"
import onnxruntime
import torch
import transformers
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

HERE = pathlib.Path(__file__).parent
LABELS = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"]
STRATEGIES = ["none", "simple", "first", "average", "max"]
POSITIONS = 32
PAIR_LENGTH = 24

NAMES = ["Wolfgang Amadeus", "Sarah", "José García", "Zoë", "Jean-Baptiste", "O'Neill", "Łukasz", "Åse", "Dr. Smith"]
PLACES = ["Berlin", "São Paulo", "New York", "Zürich", "Aix-en-Provence", "東京", "Côte d'Ivoire", "St. Louis", "Kyiv"]
ODD = [
    "", " ", "   ", "\t\n", ".", "...", "?!", "a", "I", "é", "e\u0301", "Zoe\u0308 lives in Zu\u0308rich.",
    "😀", "😀 😀", "Sarah 😀 lives in Berlin 🎉!", "👩‍👩‍👧 from Berlin", "🇩🇪Berlin🇫🇷Paris", "😀Sarah😀", "𝔅𝔢𝔯𝔩𝔦𝔫 is 𝔅erlin",
    "東京は日本の首都です。", "我住在北京。", "Sarah 住在 Berlin 東京", "Сара живёт в Киеве.", "سارة تعيش في برلين", "Σάρα ζει στην Αθήνα",
    "Sarah  lives   in    Berlin .", "  Sarah lives in Berlin", "Sarah lives in Berlin  ", "Sarah\tlives\nin\r\nBerlin",
    "Sarah\u00a0lives\u2009in\u3000Berlin", "Sarah\u200blives in Ber\u00adlin", "Sarah\u0000lives", "\ufeffSarah", "\ufffd Sarah",
    "Sarah,Berlin;Paris/London-New_York", "(Sarah) [Berlin] {Paris} <London>", "\"Sarah\" 'Berlin' ‘Paris’ “London”",
    "don't we're they've I'm isn't do not", "Sarah's Berlin 's", "a . b , c ! d ? e ' f", "U.S.A. and N.Y.C.",
    "[CLS] Sarah [SEP] Berlin [UNK] [PAD] [MASK]", "<s> Sarah </s> Berlin <unk> <pad> <mask>", "##ing Sarah ##lin", "Ġhello ▁hello",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft", "Ber" + "lin" * 40, "x" * 120,
    "Sarah " * 60, "word😀 " * 20, "SARAH LIVES IN BERLIN", "sarah lives in berlin", "3.14 is 2,718 and 1e-5 €5 $6 £7 100%",
    "https://example.org/Sarah?city=Berlin", "sarah@example.org", "ﬁne ﬂour ½ ² ™ Ⅷ", "İstanbul ıstanbul ISTANBUL", "Straße STRASSE ẞ",
    "naïve café résumé", "na\u0131\u0308ve cafe\u0301 re\u0301sume\u0301", "ไทยแลนด์", "한국어 서울", "שרה גרה בברלין", "a\u0300\u0301\u0302\u0303b",
    "Ωmega ohm K Å", "½Berlin¼", "~`!@#$%^&*()_+-=[]{}|\\:\";'<>?,./", "é" * 30, "😀" * 30, "東" * 30,
]


def texts():
    sentences = list(ODD)
    frames = ["{} lives in {}.", "In {1}, {0} met {2}", "{0} and {2} went from {1} to {3}!", "{1}: {0}?"]
    for i in range(100 - len(sentences)):
        frame = frames[i % len(frames)]
        sentences.append(frame.format(NAMES[i % 9], PLACES[(i * 2) % 9], NAMES[(i + 4) % 9], PLACES[(i * 2 + 5) % 9]))
    assert len(sentences) == 100
    return sentences


def corpus():
    lines = [text for text in texts() if text.isascii() or "é" in text or "ü" in text]
    return lines + [f"{name} lives in {place} with {other}." for name in NAMES for place in PLACES[:5] for other in NAMES]


def wordpiece():
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=False, strip_accents=False)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    trainer = trainers.WordPieceTrainer(vocab_size=200, special_tokens=special, limit_alphabet=110, show_progress=False)
    tokenizer.train_from_iterator(corpus(), trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)])
    tokenizer.decoder = decoders.WordPiece(prefix="##")
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]",
        mask_token="[MASK]", model_max_length=POSITIONS,
        model_input_names=["input_ids", "token_type_ids", "attention_mask"])


SENTENCEPIECE = ["<s>", "<pad>", "</s>", "<unk>"]


def byte_level():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=310, special_tokens=[*SENTENCEPIECE, "<mask>"], initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False)
    tokenizer.train_from_iterator(corpus(), trainer)
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), trim_offsets=True, add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token="<s>", eos_token="</s>", cls_token="<s>", sep_token="</s>", pad_token="<pad>",
        unk_token="<unk>", mask_token="<mask>", model_max_length=POSITIONS)


def unigram():
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace("  ", " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    trainer = trainers.UnigramTrainer(vocab_size=200, special_tokens=SENTENCEPIECE, unk_token="<unk>", show_progress=False)
    tokenizer.train_from_iterator(corpus(), trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)])
    tokenizer.decoder = decoders.Metaspace()
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token="<s>", eos_token="</s>", cls_token="<s>", sep_token="</s>", pad_token="<pad>",
        unk_token="<unk>", model_max_length=POSITIONS)


def classifier(config_class, model_class, tokenizer, positions):
    torch.manual_seed(15)
    config = config_class(
        vocab_size=len(tokenizer), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32,
        max_position_embeddings=positions, pad_token_id=tokenizer.pad_token_id, initializer_range=0.4,
        id2label=dict(enumerate(LABELS)), label2id={label: i for i, label in enumerate(LABELS)})
    config._attn_implementation = "eager"
    model = model_class(config).eval()
    # Logits large enough for sure verdicts and spread alike, so that all labels occur; the first one the most.
    with torch.no_grad():
        logits = torch.cat([model(**tokenizer(text, return_tensors="pt", truncation=True)).logits[0] for text in texts()])
    scale = 4 / logits.std(dim=0)
    model.classifier.weight.data *= scale[:, None]
    model.classifier.bias.data = -logits.mean(dim=0) * scale
    model.classifier.bias.data += torch.tensor([5.0, 0, 2, 0, 2])
    return model


def export(model, inputs, file):
    file.parent.mkdir(parents=True)
    names = list(inputs)
    axes = {name: {0: "batch", 1: "sequence"} for name in [*names, "logits"]}

    class Logits(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.model = model

        def forward(self, *values):
            return self.model(**dict(zip(names, values))).logits

    torch.onnx.export(Logits().eval(), tuple(inputs.values()), str(file), input_names=names, output_names=["logits"],
                      dynamic_axes=axes, opset_version=17, dynamo=False)
    # Constants folded, in standard operators: half as large.
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.optimized_model_filepath = str(file)
    options.log_severity_level = 3
    onnxruntime.InferenceSession(str(file), options)
    session = onnxruntime.InferenceSession(str(file))
    assert {value.name for value in session.get_inputs()} == set(names), "an input is not used"
    for rows, length in [(1, 3), (3, 9)]:
        fed = {name: torch.ones((rows, length), dtype=torch.int64) for name in names}
        with torch.no_grad():
            expected = model(**fed).logits.numpy()
        actual = session.run(None, {name: value.numpy() for name, value in fed.items()})[0]
        assert abs(expected - actual).max() < 1e-4, abs(expected - actual).max()


def entity(found):
    label = found.get("entity_group", found.get("entity"))
    return [label, float(f"{found['score']:.6g}"), found["word"], found["start"], found["end"]]


def write(folder, tokenizer, model=None, inputs=None):
    folder = HERE / folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    tokenizer.save_pretrained(folder)
    (folder / "special_tokens_map.json").unlink(missing_ok=True)
    if model is not None:
        model.save_pretrained(folder)
        (folder / "model.safetensors").unlink()
        example = tokenizer(["Sarah lives", "in Berlin with me"], return_tensors="pt", padding=True)
        export(model, {name: example[name] for name in inputs}, folder / "onnx/model.onnx")
        pipeline = transformers.TokenClassificationPipeline(model=model, tokenizer=tokenizer, device="cpu")
        rows = [{strategy: [entity(found) for found in pipeline(text, aggregation_strategy=strategy)]
                 for strategy in STRATEGIES} for text in texts()]
        lines = ",\n".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows)
        (folder / "entities.json").write_text('{"texts": [\n' + lines + "\n]}\n")
        kinds = {found[0] for row in rows for found in row["simple"]}
        print(folder.name, kinds, sum(len(row["simple"]) for row in rows), sum(len(row["none"]) for row in rows))
    cases = [(text, None) for text in texts() if model is None] + list(zip(texts()[::2], reversed(texts()[1::2])))
    lines = []
    for text, pair in cases:
        made = tokenizer(text, pair, truncation="longest_first", max_length=PAIR_LENGTH, return_token_type_ids=True)
        lines.append(json.dumps([text, pair, made["input_ids"], made["token_type_ids"]], ensure_ascii=False,
                                separators=(",", ":")))
    (folder / "tokens.json").write_text(
        f'{{"max_length": {PAIR_LENGTH}, "cases": [\n' + ",\n".join(lines) + "\n]}\n")


warnings.filterwarnings("ignore")
transformers.logging.set_verbosity_error()
(HERE / "texts.json").write_text(json.dumps({"texts": texts()}, ensure_ascii=False, indent=0) + "\n")
bert = wordpiece()
write("wordpiece", bert, classifier(transformers.BertConfig, transformers.BertForTokenClassification, bert, POSITIONS),
      ["input_ids", "attention_mask", "token_type_ids"])
roberta = byte_level()
write("byte-level", roberta,
      classifier(transformers.RobertaConfig, transformers.RobertaForTokenClassification, roberta, POSITIONS + 2),
      ["input_ids", "attention_mask"])
write("unigram", unigram())

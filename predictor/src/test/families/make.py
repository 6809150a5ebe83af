#!/usr/bin/env python3
"""Tiny random classifiers of many families as a hub has them, with what transformers answers for odd texts.

    python make.py FOLDER [FAMILY ...]

writes FOLDER/FAMILY/ with config.json, tokenizer.json, tokenizer_config.json, onnx/model.onnx (no export.json) and answers.json:
"cases", each [text, text_pair or null, {label: score}], by transformers' TextClassificationPipeline in PyTorch. Then

    mvn -pl server test -Dtest=FamiliesTest -Dortune.families=FOLDER

prints how far the server is from these. t5 and albert are committed under src/test/resources/golden/families, so that the
test has two families always, and bert-regression and roberta-multi-label with a hundred cases each for these two tasks.

    python make.py FOLDER bert-choice roberta-choice

writes models that choose into FOLDER/NAME, with the probabilities that transformers' classes give to the choices of a hundred
questions; they are committed under src/test/resources/golden/multiple-choice. The second takes three choices at a time and no
other number. Needs torch, transformers, tokenizers, onnx and onnxruntime.
"""
import json
import os
import pathlib
import sys
import warnings

os.environ["HF_HUB_OFFLINE"] = "1"
warnings.filterwarnings("ignore")

import onnx
import onnxruntime
import torch
import transformers
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

transformers.logging.set_verbosity_error()

WORDS = """the cats sleep on a warm mat and dogs bark at night because it is cold outside people walk home slowly
Größe naïve café résumé Ångström 中国 日本 привет мир don't it's 3.14 100 % hello Hello HELLO world""".split()
TEXTS = ["the cats sleep .", "Hello WORLD", "café Café CAFÉ naïve", "中国人 in 日本", "привет мир", "a", " leading and  double ",
         "tab\tand\nnewline", "don't it's 3.14 100 %", "emoji 😀 👩‍👩‍👧 here", "e\u0301 combining", "the cats sleep " * 30,
         "[SEP] </s> <s> [MASK]", "\u200bzero\u00a0width", "``quotes'' \"and\" 'more'", "ＦＵＬＬ width", "ﬁ ligature", "x" * 150]
PAIRS = [("the cats sleep", "dogs bark"), ("warm " * 40, "cold " * 40), ("Hello", "café 😀"), ("a b c", "night " * 60)]


def cases(many):
    """Texts and pairs; a hundred where one family stands for a task."""
    found = [(text, None) for text in TEXTS] + PAIRS
    if many:
        frames = ["{} and {} sleep", "people walk {} and {} at night .", "{}, {}?", "it is {} because {} bark"]
        words = [(WORDS[i % len(WORDS)], WORDS[(7 * i + 3) % len(WORDS)]) for i in range(100 - len(found))]
        texts = [frames[i % 4].format(*pair) for i, pair in enumerate(words)]
        found += [(text, " ".join(words[i]) if i % 3 == 0 else None) for i, text in enumerate(texts)]
    return found


SPECIAL = {"unk_token": "<unk>", "pad_token": "<pad>"}


def pieces(special):
    tokenizer = Tokenizer(models.WordPiece(unk_token=special[1]))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.train_from_iterator([" ".join(WORDS)] * 3, trainers.WordPieceTrainer(
        vocab_size=190, special_tokens=special, show_progress=False))
    return tokenizer.get_vocab()


def unigram(special):
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.train_from_iterator([" ".join(WORDS)] * 3, trainers.UnigramTrainer(
        vocab_size=190, special_tokens=special, unk_token="<unk>", show_progress=False))
    return [tuple(entry) for entry in json.loads(tokenizer.to_str())["model"]["vocab"]]


def byte_level():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    tokenizer.train_from_iterator([" ".join(WORDS)] * 3, trainers.BpeTrainer(
        vocab_size=330, special_tokens=special, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
    model = json.loads(tokenizer.to_str())["model"]
    return {"vocab": model["vocab"], "merges": [tuple(merge) for merge in model["merges"]]}


BERT = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
ROBERTA = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
SMALL = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32}
ABSOLUTE = {"max_position_embeddings": 40}
OFFSET = {"max_position_embeddings": 42, "pad_token_id": 1}


def families():
    t = transformers
    # Family, tokenizer, its vocabulary, class of the configuration and of the model, configuration.
    yield ("bert", t.BertTokenizer, {"vocab": pieces(BERT)}, t.BertConfig, t.BertForSequenceClassification,
           {**SMALL, **ABSOLUTE, "num_labels": 3})
    yield ("bert-cased", t.BertTokenizer, {"vocab": pieces(BERT), "do_lower_case": False}, t.BertConfig,
           t.BertForSequenceClassification, {**SMALL, **ABSOLUTE, "num_labels": 2})
    yield ("roberta", t.RobertaTokenizer, byte_level(), t.RobertaConfig, t.RobertaForSequenceClassification,
           {**SMALL, **OFFSET, "num_labels": 2})
    yield ("distilbert", t.DistilBertTokenizer, {"vocab": pieces(BERT)}, t.DistilBertConfig,
           t.DistilBertForSequenceClassification,
           {"dim": 16, "n_layers": 2, "n_heads": 2, "hidden_dim": 32, **ABSOLUTE, "num_labels": 4,
            "problem_type": "multi_label_classification"})
    yield ("electra", t.ElectraTokenizer, {"vocab": pieces(BERT), "strip_accents": False}, t.ElectraConfig,
           t.ElectraForSequenceClassification, {**SMALL, **ABSOLUTE, "embedding_size": 16, "num_labels": 1})
    yield ("albert", t.AlbertTokenizer, {"vocab": unigram(["<pad>", "<unk>", "[CLS]", "[SEP]", "[MASK]"])}, t.AlbertConfig,
           t.AlbertForSequenceClassification,
           {**SMALL, **ABSOLUTE, "embedding_size": 8, "num_labels": 1, "problem_type": "regression"})
    yield ("bert-regression", t.BertTokenizer, {"vocab": pieces(BERT)}, t.BertConfig, t.BertForSequenceClassification,
           {**SMALL, **ABSOLUTE, "num_labels": 1, "problem_type": "regression"})
    yield ("roberta-multi-label", t.RobertaTokenizer, byte_level(), t.RobertaConfig, t.RobertaForSequenceClassification,
           {**SMALL, **OFFSET, "num_labels": 4, "problem_type": "multi_label_classification",
            "id2label": dict(enumerate(["calm", "angry", "sad", "glad"]))})
    yield ("mpnet", t.MPNetTokenizer, {"vocab": pieces(["<s>", "<pad>", "</s>", "[UNK]", "<mask>"])}, t.MPNetConfig,
           t.MPNetForSequenceClassification, {**SMALL, **OFFSET, "num_labels": 2})
    yield ("deberta-v2", t.DebertaV2Tokenizer, {"vocab": unigram(["[PAD]", "[CLS]", "[SEP]", "<unk>", "[MASK]"])},
           t.DebertaV2Config, t.DebertaV2ForSequenceClassification,
           {**SMALL, **ABSOLUTE, "relative_attention": True, "position_biased_input": False, "pos_att_type": ["p2c", "c2p"],
            "num_labels": 3})
    yield ("xlm-roberta", t.XLMRobertaTokenizer, {"vocab": unigram(ROBERTA)}, t.XLMRobertaConfig,
           t.XLMRobertaForSequenceClassification, {**SMALL, **OFFSET, "num_labels": 3})
    yield ("camembert", t.CamembertTokenizer, {"vocab": unigram(ROBERTA)}, t.CamembertConfig,
           t.CamembertForSequenceClassification, {**SMALL, **OFFSET, "num_labels": 2})
    yield ("t5", t.T5Tokenizer, {"vocab": unigram(["<pad>", "</s>", "<unk>"]), "extra_ids": 0}, t.T5Config,
           t.T5ForSequenceClassification,
           {"d_model": 16, "d_kv": 8, "d_ff": 32, "num_layers": 1, "num_heads": 2, "num_labels": 2, "decoder_start_token_id": 0,
            "pad_token_id": 0, "eos_token_id": 1})


def choosing():
    t = transformers
    yield ("bert-choice", t.BertTokenizer, {"vocab": pieces(BERT)}, t.BertConfig, t.BertForMultipleChoice, {**SMALL, **ABSOLUTE})
    yield ("roberta-choice", t.RobertaTokenizer, byte_level(), t.RobertaConfig, t.RobertaForMultipleChoice, {**SMALL, **OFFSET})


class Logits(torch.nn.Module):
    def __init__(self, model, names):
        super().__init__()
        self.model = model
        self.names = names

    def forward(self, *values):
        return self.model(**dict(zip(self.names, values))).logits


def export(model, tokenizer, file):
    made = tokenizer(["the cats sleep on a warm mat", "the dogs bark"], padding=True, return_tensors="pt")
    names = [name for name in made if name != "token_type_ids" or model.config.model_type not in
             ("roberta", "camembert", "xlm-roberta", "distilbert", "mpnet", "t5")]
    axes = {name: {0: "batch", 1: "sequence"} for name in names}
    axes["logits"] = {0: "batch"}
    file.parent.mkdir(parents=True, exist_ok=True)
    with torch.no_grad():
        torch.onnx.export(Logits(model, names).eval(), tuple(made[name] for name in names), str(file), input_names=names,
                          output_names=["logits"], dynamic_axes=axes, opset_version=17, dynamo=False)
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.optimized_model_filepath = str(file)
    options.log_severity_level = 3
    onnxruntime.InferenceSession(str(file), options)
    shorten(file, {*names, "logits"})


def shorten(file, kept):
    """Exporters' names of nodes and values are most of a tiny graph."""
    model = onnx.load(str(file))
    if any(attribute.HasField("g") for node in model.graph.node for attribute in node.attribute):
        return  # Graphs inside nodes use these names, too.
    short = {}
    for node in model.graph.node:
        node.name = ""
        for values in (node.input, node.output):
            for i, value in enumerate(values):
                if value and value not in kept:
                    values[i] = short.setdefault(value, f"v{len(short)}")
    for tensor in model.graph.initializer:
        tensor.name = short.get(tensor.name, tensor.name)
    del model.graph.value_info[:]
    onnx.save(model, str(file))


def export_choice(model, tokenizer, file):
    """As Optimum does it, with all three axes free, or with three choices for good where the file is RoBERTa's."""
    made = tokenizer(["the cats sleep on a warm mat"] * 3, ["the dogs bark", "it is cold", "people walk"], padding=True,
                     return_tensors="pt")
    names = [name for name in made if name != "token_type_ids" or model.config.model_type == "bert"]
    fixed = model.config.model_type == "roberta"
    axes = {name: {0: "batch_size", 2: "sequence_length"} | ({} if fixed else {1: "num_choices"}) for name in names}
    axes["logits"] = {0: "batch_size"} | ({} if fixed else {1: "num_choices"})
    file.parent.mkdir(parents=True, exist_ok=True)
    with torch.no_grad():
        torch.onnx.export(Logits(model, names).eval(), tuple(made[name].unsqueeze(0) for name in names), str(file),
                          input_names=names, output_names=["logits"], dynamic_axes=axes, opset_version=17, dynamo=False)
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.optimized_model_filepath = str(file)
    options.log_severity_level = 3
    onnxruntime.InferenceSession(str(file), options)
    shorten(file, {*names, "logits"})


def questions():
    """Contexts with two to five choices, a third of them with a question between."""
    for i in range(100):
        word = lambda step: WORDS[(7 * i + 3 * step) % len(WORDS)]
        context = TEXTS[i % len(TEXTS)] if i % 2 else f"people {word(1)} and {word(2)} at night ."
        choices = [f"{word(step)} {word(step + 4)} sleep" * (1 + (i + step) % 3) for step in range(2 + i % 4)]
        yield context, f"why {word(9)} ?" if i % 3 == 0 else None, choices


def write_choice(root, name, tokenizer_class, vocabulary, config_class, model_class, values):
    folder = root / name
    model = saved(folder, tokenizer_class, vocabulary, config_class, model_class, values)
    export_choice(model, transformers.AutoTokenizer.from_pretrained(folder), folder / "onnx/model.onnx")
    again = transformers.AutoTokenizer.from_pretrained(folder)
    answers = []
    for context, question, choices in questions():
        seconds = [choice if question is None else f"{question} {choice}" for choice in choices]
        inputs = again([context] * len(choices), seconds, truncation=True, padding=True, return_tensors="pt")
        with torch.no_grad():
            logits = model(**{key: rows.unsqueeze(0) for key, rows in inputs.items()}).logits[0]
        answers.append(dict(context=context, question=question, choices=choices,
                            scores=[round(score, 7) for score in logits.softmax(-1).tolist()]))
    lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in answers)
    (folder / "answers.json").write_text('{"cases": [\n' + lines + "\n]}\n", encoding="utf-8")
    print(name, sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()), "bytes")


def saved(folder, tokenizer_class, vocabulary, config_class, model_class, values):
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(7)
    tokenizer = tokenizer_class(**vocabulary, model_max_length=40)
    config = config_class(vocab_size=len(tokenizer), **values)
    config._attn_implementation = "eager"
    model = model_class(config).eval()
    for parameter in model.parameters():
        if parameter.dim() > 1:
            torch.nn.init.normal_(parameter, std=0.3)
    tokenizer.save_pretrained(folder)
    model.config.architectures = [model_class.__name__]
    model.config.save_pretrained(folder)
    return model


def write(root, name, tokenizer_class, vocabulary, config_class, model_class, values):
    folder = root / name
    model = saved(folder, tokenizer_class, vocabulary, config_class, model_class, values)
    export(model, transformers.AutoTokenizer.from_pretrained(folder), folder / "onnx/model.onnx")
    again = transformers.AutoTokenizer.from_pretrained(folder)
    pipeline = transformers.TextClassificationPipeline(model=model, tokenizer=again, device="cpu")
    answers = []
    for text, pair in cases("-" in name and values.get("problem_type")):
        given = text if pair is None else {"text": text, "text_pair": pair}
        found = pipeline(given, top_k=None, truncation=True)
        found = found[0] if found and isinstance(found[0], list) else found
        answers.append([text, pair, {entry["label"]: round(entry["score"], 7) for entry in found}])
    lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in answers)
    (folder / "answers.json").write_text('{"cases": [\n' + lines + "\n]}\n", encoding="utf-8")
    print(name, sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()), "bytes")


def main():
    root = pathlib.Path(sys.argv[1])
    wanted = sys.argv[2:]
    every = [(write, family) for family in families()] + [(write_choice, family) for family in choosing()]
    for written, family in every:
        if wanted and family[0] not in wanted:
            continue
        try:
            written(root, *family)
        except Exception as e:
            print(family[0], "cannot be made:", type(e).__name__, str(e).strip().split("\n")[0][:200])


if __name__ == "__main__":
    main()

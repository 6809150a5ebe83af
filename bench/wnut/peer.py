"""transformers' own Trainer on CoNLL files, with the settings that `bench/wnut/run` gives: one JSON line at the end."""

import argparse
import json
import tempfile
from pathlib import Path

import numpy as np
import onnx
import torch
import transformers
from onnx import numpy_helper

from entities import scores

IGNORED = -100


def sentences(file):
    """[[(word, label), …], …]"""
    result, current = [], []
    for line in file.read_text(encoding="utf-8").split("\n"):
        columns = line.rstrip("\r").split("\t")
        if len(columns) > 1 and columns[0].strip():
            current.append((columns[0], columns[-1].strip()))
        elif current:
            result.append(current)
            current = []
    return result + ([current] if current else [])


def encoder_weights(folder):
    """Of a folder that transformers reads, or of an ONNX encoder as `ortune pull` brings it, under transformers' names."""
    file = folder / "model.onnx"
    if not file.exists():
        return transformers.AutoModel.from_pretrained(folder).state_dict()
    graph = onnx.load(file).graph
    constants = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    weights = {name: torch.tensor(array) for name, array in constants.items() if not name.startswith("onnx::")}
    for node in graph.node:
        if node.op_type == "MatMul" and node.input[1] in constants:
            module = node.name.strip("/").removesuffix("/MatMul").replace("/", ".")
            weights[module + ".weight"] = torch.tensor(constants[node.input[1]].T.copy())
    return weights


def encode(data, tokenizer, labels, most):
    """The first piece of a word has its label, as run_ner has it."""
    rows = []
    for sentence in data:
        encoded = tokenizer([w for w, _ in sentence], is_split_into_words=True, truncation=True, max_length=most)
        words = encoded.word_ids()
        encoded["labels"] = [
            IGNORED if word is None or word == previous else labels.index(sentence[word][1])
            for word, previous in zip(words, [None] + words[:-1])]
        rows.append(dict(encoded))
    return rows


def named(predictions, rows, labels):
    pairs = [[(labels[t], labels[p]) for t, p in zip(right, said) if t != IGNORED]
             for right, said in zip(rows, predictions)]
    return [[t for t, _ in row] for row in pairs], [[p for _, p in row] for row in pairs]


def main():
    parser = argparse.ArgumentParser()
    for name in ("pretrained", "train", "validation", "test"):
        parser.add_argument("--" + name, type=Path, required=True)
    for name, kind in (("seed", int), ("epochs", int), ("lr", float), ("batch", int), ("length", int)):
        parser.add_argument("--" + name, type=kind, required=True)
    options = parser.parse_args()
    transformers.set_seed(options.seed)
    sets = {name: sentences(getattr(options, name)) for name in ("train", "validation", "test")}
    labels = sorted({label for sentence in sets["train"] for _, label in sentence})
    tokenizer = transformers.AutoTokenizer.from_pretrained(options.pretrained)
    encoded = {name: encode(data, tokenizer, labels, options.length) for name, data in sets.items()}
    config = transformers.AutoConfig.from_pretrained(
        options.pretrained, id2label=dict(enumerate(labels)), label2id={name: i for i, name in enumerate(labels)})
    model = transformers.BertForTokenClassification(config)
    missing, unexpected = model.bert.load_state_dict(encoder_weights(options.pretrained), strict=False)
    assert not missing and all("position_ids" in name or "pooler" in name for name in unexpected), (missing, unexpected)

    def measure(output):
        return scores(*named(np.argmax(output.predictions, -1), output.label_ids, labels))

    with tempfile.TemporaryDirectory() as folder:
        arguments = transformers.TrainingArguments(
            output_dir=folder, seed=options.seed, num_train_epochs=options.epochs, learning_rate=options.lr,
            per_device_train_batch_size=options.batch, per_device_eval_batch_size=options.batch, weight_decay=0.1,
            warmup_steps=round(0.1 * options.epochs * -(-len(sets["train"]) // options.batch)),
            lr_scheduler_type="linear", max_grad_norm=1.0, eval_strategy="epoch", save_strategy="epoch",
            save_total_limit=1, load_best_model_at_end=True, metric_for_best_model="f1", report_to=[],
            disable_tqdm=True, use_cpu=True)
        trainer = transformers.Trainer(
            model, arguments, train_dataset=encoded["train"], eval_dataset=encoded["validation"],
            data_collator=transformers.DataCollatorForTokenClassification(tokenizer), compute_metrics=measure)
        trainer.train()
        result = measure(trainer.predict(encoded["test"]))
    print(json.dumps(result))


if __name__ == "__main__":
    main()

"""transformers' own Trainer on RTE, with the settings that `bench/rte/run` gives: one JSON line at the end."""

import argparse
import json
import tempfile
from pathlib import Path

import numpy as np
import torch
import transformers


def rows(file, tokenizer, labels, length, most):
    """Quotes are not special."""
    lines = file.read_text(encoding="utf-8").split("\n")
    names = lines[0].split("\t")
    first, second, label = (names.index(name) for name in ("sentence1", "sentence2", "label"))
    found = []
    for line in lines[1:most + 1 if most else None]:
        cells = line.split("\t")
        if len(cells) == len(names):
            encoded = tokenizer(cells[first], cells[second], truncation=True, max_length=length)
            found.append(dict(encoded, labels=labels[cells[label].strip()]))
    return found


def measure(output):
    logits = torch.tensor(output.predictions)
    right = torch.tensor(output.label_ids)
    return dict(accuracy=float(np.mean(np.argmax(output.predictions, -1) == output.label_ids)),
                loss=torch.nn.functional.cross_entropy(logits, right).item(), count=len(right))


def main():
    parser = argparse.ArgumentParser()
    for name in ("start", "data"):
        parser.add_argument("--" + name, type=Path, required=True)
    for name, kind in (("seed", int), ("epochs", int), ("lr", float), ("batch", int), ("length", int)):
        parser.add_argument("--" + name, type=kind, required=True)
    parser.add_argument("--limit", type=int, default=0)
    options = parser.parse_args()
    transformers.set_seed(options.seed)
    tokenizer = transformers.AutoTokenizer.from_pretrained(options.start)
    model, info = transformers.AutoModelForSequenceClassification.from_pretrained(options.start, output_loading_info=True)
    assert not any(info[key] for key in ("missing_keys", "unexpected_keys", "mismatched_keys")), info
    train, dev = (rows(options.data / name, tokenizer, model.config.label2id, options.length, options.limit)
                  for name in ("train.tsv", "dev.tsv"))
    with tempfile.TemporaryDirectory() as folder:
        arguments = transformers.TrainingArguments(
            output_dir=folder, seed=options.seed, num_train_epochs=options.epochs, learning_rate=options.lr,
            per_device_train_batch_size=options.batch, per_device_eval_batch_size=options.batch, weight_decay=0.0,
            warmup_steps=0, lr_scheduler_type="linear", max_grad_norm=1.0, save_strategy="no", report_to=[],
            disable_tqdm=True, use_cpu=True)
        trainer = transformers.Trainer(
            model, arguments, train_dataset=train, data_collator=transformers.DataCollatorWithPadding(tokenizer))
        trainer.train()
        result = measure(trainer.predict(dev))
    print(json.dumps(result))


if __name__ == "__main__":
    main()

"""transformers' own Trainer on SWAG's columns, with the settings that `bench/choice/run` gives: what it chose as one JSON line."""

import argparse
import csv
import json
import sys
import tempfile
from pathlib import Path

import torch
import transformers

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "wnut"))
from peer import encoder_weights  # noqa: E402


def examples(file, tokenizer, length):
    with open(file, encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            endings = [row[name] for name in row if name.startswith("ending")]
            yield dict(tokenizer([row["sent1"]] * len(endings), endings, truncation=True, max_length=length),
                       label=int(row["label"]))


def main():
    parser = argparse.ArgumentParser()
    for name in ("pretrained", "train", "test"):
        parser.add_argument("--" + name, type=Path, required=True)
    for name, kind in (("seed", int), ("epochs", int), ("lr", float), ("batch", int), ("length", int)):
        parser.add_argument("--" + name, type=kind, required=True)
    options = parser.parse_args()
    transformers.set_seed(options.seed)
    tokenizer = transformers.AutoTokenizer.from_pretrained(options.pretrained)
    train, test = (list(examples(file, tokenizer, options.length)) for file in (options.train, options.test))
    model = transformers.BertForMultipleChoice(transformers.AutoConfig.from_pretrained(options.pretrained))
    missing, unexpected = model.bert.load_state_dict(encoder_weights(options.pretrained), strict=False)
    assert all("pooler" in name for name in missing) and all("position_ids" in name or "pooler" in name for name in unexpected)
    with tempfile.TemporaryDirectory() as folder:
        arguments = transformers.TrainingArguments(
            output_dir=folder, seed=options.seed, num_train_epochs=options.epochs, learning_rate=options.lr,
            per_device_train_batch_size=options.batch, per_device_eval_batch_size=options.batch, weight_decay=0.1,
            warmup_steps=round(0.1 * options.epochs * -(-len(train) // options.batch)), lr_scheduler_type="linear",
            max_grad_norm=1.0, save_strategy="no", report_to=[], disable_tqdm=True, use_cpu=True)
        trainer = transformers.Trainer(
            model, arguments, train_dataset=train, data_collator=transformers.DataCollatorForMultipleChoice(tokenizer))
        trainer.train()
        logits = trainer.predict(test).predictions
    print(json.dumps(torch.tensor(logits).argmax(-1).tolist()))


if __name__ == "__main__":
    main()

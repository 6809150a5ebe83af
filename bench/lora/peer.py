"""peft on CoLA with transformers' own Trainer and the settings that `bench/lora/run` gives: one JSON line at the end."""

import argparse
import json
import tempfile
from pathlib import Path

import torch
import transformers
from peft import LoraConfig, get_peft_model
from sklearn.metrics import matthews_corrcoef


def rows(file, tokenizer, length, most):
    """Source, label, the authors' mark and the sentence; quotes are not special."""
    cells = [line.split("\t") for line in file.read_text(encoding="utf-8").split("\n") if line]
    return [dict(tokenizer(sentence, truncation=True, max_length=length), labels=int(label))
            for _, label, _, sentence in cells[:most or None]]


def measure(output):
    logits, right = torch.tensor(output.predictions), torch.tensor(output.label_ids)
    said = logits.argmax(-1)
    return dict(mcc=float(matthews_corrcoef(right, said)), accuracy=(said == right).float().mean().item(),
                loss=torch.nn.functional.cross_entropy(logits, right).item())


def main():
    parser = argparse.ArgumentParser()
    for name in ("start", "train", "test"):
        parser.add_argument("--" + name, type=Path, required=True)
    for name, kind in (("seed", int), ("epochs", int), ("lr", float), ("batch", int), ("length", int)):
        parser.add_argument("--" + name, type=kind, required=True)
    parser.add_argument("--limit", type=int, default=0)
    options = parser.parse_args()
    transformers.set_seed(options.seed)
    tokenizer = transformers.AutoTokenizer.from_pretrained(options.start)
    base = transformers.AutoModelForSequenceClassification.from_pretrained(options.start)
    model = get_peft_model(base, LoraConfig(task_type="SEQ_CLS"))
    train, test = (rows(file, tokenizer, options.length, options.limit) for file in (options.train, options.test))
    with tempfile.TemporaryDirectory() as folder:
        arguments = transformers.TrainingArguments(
            output_dir=folder, seed=options.seed, num_train_epochs=options.epochs, learning_rate=options.lr,
            per_device_train_batch_size=options.batch, per_device_eval_batch_size=options.batch, weight_decay=0.0,
            warmup_steps=0, lr_scheduler_type="linear", max_grad_norm=1.0, save_strategy="no", report_to=[],
            disable_tqdm=True, use_cpu=True, label_names=["labels"])
        trainer = transformers.Trainer(
            model, arguments, train_dataset=train, data_collator=transformers.DataCollatorWithPadding(tokenizer))
        trainer.train()
        print(json.dumps(measure(trainer.predict(test))))


if __name__ == "__main__":
    main()

"""What bench/pretrain/run asks of transformers and PyTorch; one JSON line at the end of each.

    peer.py start    --pretrained FOLDER --out FOLDER --seed N     # a BertForMaskedLM with a new head, for both to begin with
    peer.py scratch  --config FILE --pretrained FOLDER …           # likewise, all of it new; of the folder only the tokenizer
    peer.py train    --model FOLDER --train FILE --out FOLDER …    # by run_mlm's rules, SDPA and fused AdamW
    peer.py evaluate --model FOLDER --text FILE …                  # perplexity, the masks the same for every model
"""

import argparse
import json
import math
import time
from pathlib import Path

import numpy as np
import onnx
import torch
import transformers
from onnx import numpy_helper


def encoder_weights(file):
    """The weights of an ONNX encoder as `ortune pull` brings it, under transformers' names."""
    graph = onnx.load(file).graph
    constants = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    weights = {name: torch.tensor(array) for name, array in constants.items() if not name.startswith("onnx::")}
    for node in graph.node:
        if node.op_type == "MatMul" and node.input[1] in constants:
            module = node.name.strip("/").removesuffix("/MatMul").replace("/", ".")
            weights[module + ".weight"] = torch.tensor(constants[node.input[1]].T.copy())
    return weights


def blocks(file, tokenizer, length):
    """All lines in one row, each with its special tokens, cut into full blocks: run_mlm's group_texts over the whole file."""
    lines = [line.strip() for line in file.read_text(encoding="utf-8").split("\n") if line.strip()]
    row = [token for ids in tokenizer(lines).input_ids for token in ids]
    return [row[i:i + length] for i in range(0, len(row) - length + 1, length)]


def collated(rows, tokenizer, probability):
    collator = transformers.DataCollatorForLanguageModeling(tokenizer, mlm_probability=probability)
    return collator([dict(input_ids=row) for row in rows])


def start(options):
    transformers.set_seed(options.seed)
    config = transformers.AutoConfig.from_pretrained(options.pretrained)
    model = transformers.BertForMaskedLM(config)
    missing, unexpected = model.bert.load_state_dict(encoder_weights(options.pretrained / "model.onnx"), strict=False)
    assert not missing and all("position_ids" in name or "pooler" in name for name in unexpected), (missing, unexpected)
    return saved(model, transformers.AutoTokenizer.from_pretrained(options.pretrained), options)


def scratch(options):
    transformers.set_seed(options.seed)
    tokenizer = transformers.AutoTokenizer.from_pretrained(options.pretrained)
    config = transformers.AutoConfig.for_model(**json.loads(options.config.read_text()), vocab_size=len(tokenizer))
    return saved(transformers.BertForMaskedLM(config), tokenizer, options)


def saved(model, tokenizer, options):
    model.save_pretrained(options.out)
    tokenizer.save_pretrained(options.out)
    return dict(parameters=model.num_parameters())


def scheduled(step, steps, warmup):
    return step / warmup if step < warmup else (steps - step) / max(1, steps - warmup)


def groups(model, decay):
    spared = [p for name, p in model.named_parameters() if name.endswith("bias") or "LayerNorm" in name]
    others = [p for name, p in model.named_parameters() if not (name.endswith("bias") or "LayerNorm" in name)]
    return [dict(params=others, weight_decay=decay), dict(params=spared, weight_decay=0.0)]


def train(options):
    transformers.set_seed(options.seed)
    tokenizer = transformers.AutoTokenizer.from_pretrained(options.model)
    model = transformers.AutoModelForMaskedLM.from_pretrained(options.model, attn_implementation="sdpa").train()
    rows = blocks(options.train, tokenizer, options.length)
    optimizer = torch.optim.AdamW(groups(model, options.decay), lr=options.lr, fused=True)
    warmup = math.ceil(0.1 * options.steps)
    order, losses = [], []
    began = None
    for step in range(options.steps):
        if step == options.untimed:
            began = time.perf_counter()
        while len(order) < options.batch:
            order += np.random.permutation(len(rows)).tolist()
        batch, order = order[:options.batch], order[options.batch:]
        loss = model(**collated([rows[i] for i in batch], tokenizer, options.probability)).loss
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for group in optimizer.param_groups:
            group["lr"] = options.lr * scheduled(step, options.steps, warmup)
        optimizer.step()
        losses.append(loss.item())
    seconds = time.perf_counter() - began
    model.save_pretrained(options.out)
    tokenizer.save_pretrained(options.out)
    return dict(sequences_per_second=(options.steps - options.untimed) * options.batch / seconds, losses=losses,
                blocks=len(rows))


def evaluate(options):
    tokenizer = transformers.AutoTokenizer.from_pretrained(options.model)
    model = transformers.AutoModelForMaskedLM.from_pretrained(options.model).eval()
    rows = blocks(options.text, tokenizer, options.length)
    torch.manual_seed(20261201)
    total = count = hits = 0
    for begin in range(0, len(rows), options.batch):
        batch = collated(rows[begin:begin + options.batch], tokenizer, options.probability)
        labels = batch.pop("labels")
        with torch.no_grad():
            logits = model(**batch).logits[labels >= 0]
        right = labels[labels >= 0]
        total += torch.nn.functional.cross_entropy(logits, right, reduction="sum").item()
        hits += (logits.argmax(-1) == right).sum().item()
        count += len(right)
    return dict(perplexity=math.exp(total / count), accuracy=hits / count, masked=count)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["start", "scratch", "train", "evaluate"])
    for name in ("pretrained", "config", "model", "train", "text", "out"):
        parser.add_argument("--" + name, type=Path)
    for name in ("seed", "steps", "batch", "length", "untimed", "threads"):
        parser.add_argument("--" + name, type=int, default=0)
    for name in ("lr", "decay", "probability"):
        parser.add_argument("--" + name, type=float)
    options = parser.parse_args()
    if options.threads:
        torch.set_num_threads(options.threads)
    print(json.dumps(dict(start=start, scratch=scratch, train=train, evaluate=evaluate)[options.what](options)))


if __name__ == "__main__":
    main()

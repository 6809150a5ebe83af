"""transformers' own Trainer on SQuAD's form, with the settings that `bench/squad/run` gives: the answers as one JSON line at the end.

Windows, their targets and the choice of answers are those of transformers' example run_qa.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path

import numpy as np
import torch
import transformers

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "wnut"))
from peer import encoder_weights  # noqa: E402

N_BEST, LONGEST = 20, 30


def questions(file):
    return [dict(question, context=paragraph["context"])
            for article in json.loads(file.read_text(encoding="utf-8"))["data"]
            for paragraph in article["paragraphs"] for question in paragraph["qas"]]


def windows(data, tokenizer, length, stride):
    """[(question, {inputs}, [span of each token in the context, or None]), …]; the library is asked for all tokens and cut here, as
    its version 0.23 leaves out the end of a long context when it is to give overflowing tokens."""
    rows = []
    for question in data:
        asked = tokenizer(question["question"].lstrip(), add_special_tokens=False)["input_ids"]
        whole = tokenizer(question["question"].lstrip(), question["context"], return_offsets_mapping=True)
        sequences = whole.sequence_ids(0)
        context = [i for i, sequence in enumerate(sequences) if sequence == 1]
        room = length - (len(sequences) - len(context))
        assert room > stride, (len(asked), "tokens leave no room")
        begin = 0
        while True:
            end = min(begin + room, len(context))
            kept = [i for i, sequence in enumerate(sequences) if sequence != 1 or context[begin] <= i <= context[end - 1]]
            inputs = {key: [whole[key][i] for i in kept] for key in ("input_ids", "attention_mask", "token_type_ids")}
            spans = [tuple(whole["offset_mapping"][i]) if sequences[i] == 1 else None for i in kept]
            rows.append((question, inputs, spans))
            if end == len(context):
                break
            begin += room - stride
    return rows


def targets(question, spans):
    answer = question["answers"][0]
    start, end = answer["answer_start"], answer["answer_start"] + len(answer["text"])
    places = [i for i, span in enumerate(spans) if span]
    if not (spans[places[0]][0] <= start and spans[places[-1]][1] >= end):
        return dict(start_positions=0, end_positions=0)
    return dict(start_positions=max(i for i in places if spans[i][0] <= start),
                end_positions=min(i for i in places if spans[i][1] >= end))


def answers(rows, starts, ends):
    """The text with the highest sum of two logits, of all windows of a question."""
    best = {}
    for (question, _, spans), start_logits, end_logits in zip(rows, starts, ends):
        for first in np.argsort(start_logits)[:-N_BEST - 1:-1]:
            for last in np.argsort(end_logits)[:-N_BEST - 1:-1]:
                if max(first, last) >= len(spans) or not spans[first] or not spans[last] or not first <= last < first + LONGEST:
                    continue
                score = start_logits[first] + end_logits[last]
                if score > best.get(question["id"], (-np.inf,))[0]:
                    best[question["id"]] = (score, question["context"][spans[first][0]:spans[last][1]])
        best.setdefault(question["id"], (-np.inf, ""))
    return {name: text for name, (_, text) in best.items()}


def main():
    parser = argparse.ArgumentParser()
    for name in ("pretrained", "train", "test"):
        parser.add_argument("--" + name, type=Path, required=True)
    for name, kind in (("seed", int), ("epochs", int), ("lr", float), ("batch", int), ("length", int), ("stride", int)):
        parser.add_argument("--" + name, type=kind, required=True)
    options = parser.parse_args()
    transformers.set_seed(options.seed)
    tokenizer = transformers.AutoTokenizer.from_pretrained(options.pretrained)
    rows = {name: windows(questions(getattr(options, name)), tokenizer, options.length, options.stride)
            for name in ("train", "test")}
    train = [inputs | targets(question, spans) for question, inputs, spans in rows["train"]]
    model = transformers.BertForQuestionAnswering(transformers.AutoConfig.from_pretrained(options.pretrained))
    missing, unexpected = model.bert.load_state_dict(encoder_weights(options.pretrained), strict=False)
    assert not missing and all("position_ids" in name or "pooler" in name for name in unexpected), (missing, unexpected)
    with tempfile.TemporaryDirectory() as folder:
        arguments = transformers.TrainingArguments(
            output_dir=folder, seed=options.seed, num_train_epochs=options.epochs, learning_rate=options.lr,
            per_device_train_batch_size=options.batch, per_device_eval_batch_size=options.batch, weight_decay=0.1,
            warmup_steps=round(0.1 * options.epochs * -(-len(train) // options.batch)), lr_scheduler_type="linear",
            max_grad_norm=1.0, save_strategy="no", report_to=[], disable_tqdm=True, use_cpu=True)
        trainer = transformers.Trainer(
            model, arguments, train_dataset=train, data_collator=transformers.DataCollatorWithPadding(tokenizer))
        trainer.train()
    model.eval()
    starts, ends = [], []
    for _, inputs, _ in rows["test"]:
        with torch.no_grad():
            output = model(**{key: torch.tensor([row]) for key, row in inputs.items()})
        starts.append(output.start_logits[0].numpy())
        ends.append(output.end_logits[0].numpy())
    print(json.dumps(answers(rows["test"], starts, ends)))


if __name__ == "__main__":
    main()

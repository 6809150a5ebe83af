#!/usr/bin/env python3
"""A tiny BERT and a tiny RoBERTa that fill masks, with what transformers' pipeline says to a hundred texts.

    python make.py

Needs torch, transformers and onnx. Writes wordpiece/ and byte-level/ beside itself: config.json, tokenizer.json,
tokenizer_config.json, onnx/model.onnx and answers.json: "cases", each a text, parameters of the pipeline and its answer, of scores
six digits. The tokenizers are those of ../token-classification, and so are the texts, with masks put between their words.
"""
import json
import pathlib
import random
import shutil
import warnings

import onnx
import torch
import transformers

warnings.filterwarnings("ignore")
transformers.logging.set_verbosity_error()
HERE = pathlib.Path(__file__).resolve().parent
TOKENS = HERE.parent / "token-classification"


class Logits(torch.nn.Module):
    def __init__(self, model, names):
        super().__init__()
        self.model, self.names = model, names

    def forward(self, *values):
        return self.model(**dict(zip(self.names, values))).logits


def export(model, tokenizer, names, file):
    made = tokenizer(["a b c d e", "f"], padding=True, return_tensors="pt", return_token_type_ids=True)
    axes = {name: {0: "batch", 1: "sequence"} for name in [*names, "logits"]}
    file.parent.mkdir(parents=True, exist_ok=True)
    with torch.no_grad():
        torch.onnx.export(Logits(model, names).eval(), tuple(made[name] for name in names), str(file), input_names=names,
                          output_names=["logits"], dynamic_axes=axes, opset_version=17, dynamo=False)
    graph = onnx.load(str(file))
    for node in graph.graph.node:
        node.name = ""
    onnx.save(graph, str(file))


def masked(text, mask, draw):
    """The text with a mask, or in a fifth of the cases two, in the place of a word or between two."""
    words = text.split(" ")
    for _ in range(1 + (draw.random() < 0.2)):
        place = draw.randrange(len(words) + 1)
        if place < len(words) and draw.random() < 0.7:
            words[place] = mask
        else:
            words.insert(place, mask)
    return " ".join(words)


def parameters(draw, number):
    if number % 2 == 0:
        return {}
    chosen = dict(top_k=draw.choice([1, 2, 7]))
    if draw.random() < 0.5:
        chosen["targets"] = draw.choice([["Berlin", "lives"], "Paris", ["a", "Sarah", "a", "Wolfgang Amadeus"], ["in", "Zürich"]])
    return chosen


def shortened(answer):
    if isinstance(answer, list):
        return [shortened(each) for each in answer]
    return answer | dict(score=float(f"{answer['score']:.6g}"))


def write(name, config, model_class, names):
    folder = HERE / name
    folder.mkdir(exist_ok=True)
    source = TOKENS / name
    shutil.copy(source / "tokenizer.json", folder / "tokenizer.json")
    settings = json.loads((source / "tokenizer_config.json").read_text()) | dict(model_max_length=128)
    (folder / "tokenizer_config.json").write_text(json.dumps(settings, indent=2) + "\n")
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    torch.manual_seed(23)
    config._attn_implementation = "eager"
    model = model_class(config).eval()
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.3 if parameter.dim() > 1 else 0.5)
    config.architectures = [model_class.__name__]
    config.save_pretrained(folder)
    export(model, tokenizer, names, folder / "onnx" / "model.onnx")
    pipeline = transformers.FillMaskPipeline(model=model, tokenizer=tokenizer, device="cpu")
    draw = random.Random(23)
    cases = []
    for number, text in enumerate(json.loads((TOKENS / "texts.json").read_text(encoding="utf-8"))["texts"]):
        asked = masked(text, tokenizer.mask_token, draw)
        if len(tokenizer(asked).input_ids) > 128:
            asked = masked(text[:40], tokenizer.mask_token, draw)
        chosen = parameters(draw, number)
        cases.append(dict(text=asked, parameters=chosen, answer=shortened(pipeline(asked, **chosen))))
    lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases)
    (folder / "answers.json").write_text('{"cases": [\n' + lines + "\n]}\n", encoding="utf-8")
    print(name, sum(isinstance(case["answer"][0], list) for case in cases), "with several masks")


if __name__ == "__main__":
    size = dict(hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32)
    of = lambda name: json.loads((TOKENS / name / "config.json").read_text())
    write("wordpiece", transformers.BertConfig(vocab_size=of("wordpiece")["vocab_size"], max_position_embeddings=128, **size),
          transformers.BertForMaskedLM, ["input_ids", "attention_mask", "token_type_ids"])
    write("byte-level", transformers.RobertaConfig(
        vocab_size=of("byte-level")["vocab_size"], max_position_embeddings=130, pad_token_id=1, bos_token_id=0, eos_token_id=2,
        type_vocab_size=1, **size), transformers.RobertaForMaskedLM, ["input_ids", "attention_mask"])

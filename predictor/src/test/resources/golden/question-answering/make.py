#!/usr/bin/env python3
"""A tiny BERT and a tiny RoBERTa that answer questions, with what transformers' pipeline says to a hundred of them.

    pip install "transformers==4.57.6" torch onnx          # 5 has no such pipeline any more
    python make.py

writes wordpiece/ and byte-level/ beside itself: config.json, tokenizer.json, tokenizer_config.json, onnx/model.onnx and
answers.json: "cases", each a question, a context, parameters of the pipeline and its answer. The tokenizers are those of
../token-classification. tokenizers must be 0.22: 0.23.2 makes no tokens of what comes after the first window.
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
SENTENCES = ["Wolfgang lives in Berlin, and Sarah went to Zürich.", "Dr. Smith met José García at the Louvre in Paris!",
             "Apple was founded by Steve Jobs in Cupertino, California.", "东京 is far from 北京市, 😀 isn't it?",
             "The e\u0301cole of Jean-Baptiste won't open before 8:30 a.m.", "Nobody knew why; nobody asked 👩‍👩‍👧 either…",
             "New   York\thas\nmany bridges.", "Antidisestablishmentarianism is a word, and so is supercalifragilistic.",
             "In 1998, 3.14 % of it was $1,200.50.", "Привет, мир: İstanbul ve ﬁnally ＷＩＤＥ."]
QUESTIONS = ["Who lives in Berlin?", "Where did Dr. Smith meet José?", "  why", "What is far from 北京市 😀?", "When?", "How much of it was left?"]


class Outputs(torch.nn.Module):
    def __init__(self, model, names):
        super().__init__()
        self.model, self.names = model, names

    def forward(self, *values):
        output = self.model(**dict(zip(self.names, values)))
        return output.start_logits, output.end_logits


def export(model, tokenizer, names, file):
    made = tokenizer(["Who?", "Where is it?"], ["a b c d e", "f g h"], padding=True, return_tensors="pt", return_token_type_ids=True)
    outputs = ["start_logits", "end_logits"]
    axes = {name: {0: "batch", 1: "sequence"} for name in [*names, *outputs]}
    file.parent.mkdir(parents=True, exist_ok=True)
    with torch.no_grad():
        torch.onnx.export(Outputs(model, names).eval(), tuple(made[name] for name in names), str(file), input_names=names,
                          output_names=outputs, dynamic_axes=axes, opset_version=17, dynamo=False)
    graph = onnx.load(str(file))
    for node in graph.graph.node:
        node.name = ""
    onnx.save(graph, str(file))


def parameters(draw, number):
    """Some as they are usual, most with windows so short that a context makes several."""
    if number % 5 == 0:
        return {}
    chosen = dict(max_seq_len=draw.choice([60, 72, 90]), doc_stride=draw.choice([0, 4, 9]))
    if draw.random() < 0.5:
        chosen["top_k"] = draw.choice([2, 3, 5])
    if draw.random() < 0.5:
        chosen["handle_impossible_answer"] = draw.random() < 0.7
    if draw.random() < 0.4:
        chosen["max_answer_len"] = draw.choice([1, 3, 30])
    if draw.random() < 0.3:
        chosen["align_to_words"] = False
    return chosen


def sure_of_none(model, tokenizer, names):
    """Lets the first token, which stands for no answer, win some of the time."""
    made = tokenizer(QUESTIONS, SENTENCES[:len(QUESTIONS)], padding=True, return_tensors="pt", return_token_type_ids=True)
    with torch.no_grad():
        hidden = model.base_model(**{name: made[name] for name in names}).last_hidden_state
        first = hidden[:, 0].mean(0) - hidden.mean((0, 1))
        model.qa_outputs.weight += 5 * first / first.norm()


def write(name, config, model_class, names):
    folder = HERE / name
    folder.mkdir(exist_ok=True)
    source = HERE.parent / "token-classification" / name
    shutil.copy(source / "tokenizer.json", folder / "tokenizer.json")
    settings = json.loads((source / "tokenizer_config.json").read_text()) | dict(
        model_max_length=128, tokenizer_class="PreTrainedTokenizerFast", model_input_names=sorted(names))
    settings.pop("backend")
    (folder / "tokenizer_config.json").write_text(json.dumps(settings, indent=2) + "\n")
    tokenizer = transformers.PreTrainedTokenizerFast.from_pretrained(folder)
    torch.manual_seed(19)
    config._attn_implementation = "eager"
    model = model_class(config).eval()
    for parameter in model.parameters():
        if parameter.dim() > 1:
            torch.nn.init.normal_(parameter, std=0.4)
    sure_of_none(model, tokenizer, names)
    config.architectures = [model_class.__name__]
    config.save_pretrained(folder)
    export(model, tokenizer, names, folder / "onnx" / "model.onnx")
    pipeline = transformers.QuestionAnsweringPipeline(model=model, tokenizer=tokenizer, device="cpu")
    draw = random.Random(19)
    cases = []
    for number in range(50):
        context = " ".join(draw.sample(SENTENCES, draw.randint(1, 6)))
        asked = dict(question=draw.choice(QUESTIONS), context=context)
        chosen = parameters(draw, number)
        cases.append(asked | dict(parameters=chosen, answer=pipeline(**asked, **chosen)))
    lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases)
    (folder / "answers.json").write_text('{"cases": [\n' + lines + "\n]}\n", encoding="utf-8")
    print(name, sum(isinstance(case["answer"], list) for case in cases), "lists,",
          sum(not isinstance(case["answer"], list) and case["answer"]["answer"] == "" for case in cases), "without an answer")


if __name__ == "__main__":
    size = dict(hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32)
    of = lambda name: json.loads((HERE.parent / "token-classification" / name / "config.json").read_text())
    write("wordpiece", transformers.BertConfig(vocab_size=of("wordpiece")["vocab_size"], max_position_embeddings=128, **size),
          transformers.BertForQuestionAnswering, ["input_ids", "attention_mask", "token_type_ids"])
    write("byte-level", transformers.RobertaConfig(
        vocab_size=of("byte-level")["vocab_size"], max_position_embeddings=130, pad_token_id=1, bos_token_id=0, eos_token_id=2,
        type_vocab_size=1, **size), transformers.RobertaForQuestionAnswering, ["input_ids", "attention_mask"])

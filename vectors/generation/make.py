"""What transformers goes on with 50 texts with, greedily and with what is kept of tokens before: python make.py FOLDER

FOLDER is a small GPT-2 that `ortune pretrain` made from random weights and `ortune export` exported (README.md of vectors/). Its
files that a server needs are copied here; greedy.json has each text with the tokens that transformers' generate adds, the same with
its cache and without, and of some texts what beams find. Without FOLDER the model is the one that is here.
"""

import json
import random
import shutil
import sys
from pathlib import Path

import onnx
import torch
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer

HERE = Path(__file__).resolve().parent
NEW, PROMPTS = 24, 50
WORDS = ("the a storm cat dog house river old small runs sleeps under over and but not he she they it was is Zürich naïve "
         "😀 123 , . ? \n don't “quoted” MiXeD").split(" ")
# How beams are asked for.
BEAMS = [dict(num_beams=beams, length_penalty=penalty, early_stopping=early, **others)
         for beams, penalty in ((2, 1.0), (4, 1.0), (5, 0.0), (3, -1.0), (4, 2.5))
         for early, others in ((False, {}), (True, {}), ("never", {}), (False, dict(repetition_penalty=1.4)))]


def searched(model, encoded, settings, skipped, pad):
    """-> what a search with beams adds, and its settings"""
    both = [model.generate(**encoded, use_cache=cache, do_sample=False, max_new_tokens=NEW, pad_token_id=pad, **settings)[0]
            for cache in (True, False)]
    assert torch.equal(*both), settings
    return dict(parameters=settings, ids=both[0][skipped:].tolist())


def here():
    """The model of the folder gpt2, whose weights its ONNX file has under transformers' names."""
    model = AutoModelForCausalLM.from_config(AutoConfig.from_pretrained(HERE / "gpt2"))
    graph = onnx.load(HERE / "gpt2" / "onnx" / "decoder_model.onnx").graph
    weights = {tensor.name: torch.from_numpy(onnx.numpy_helper.to_array(tensor).copy()) for tensor in graph.initializer}
    left = model.load_state_dict({name: weights[name] for name in model.state_dict() if name in weights}, strict=False)
    assert left.missing_keys == ["lm_head.weight"], left
    model.tie_weights()
    return model


def main(folder):
    tokenizer = AutoTokenizer.from_pretrained(folder or HERE / "gpt2")
    model = (AutoModelForCausalLM.from_pretrained(folder) if folder else here()).eval()
    draw = random.Random(7)
    cases = []
    for _ in range(PROMPTS):
        text = " ".join(draw.choices(WORDS, k=draw.randint(1, 12)))
        encoded = tokenizer(text, return_tensors="pt")
        asked = dict(do_sample=False, max_new_tokens=NEW, pad_token_id=model.config.eos_token_id)
        with_cache, without = (model.generate(**encoded, use_cache=cache, **asked)[0] for cache in (True, False))
        assert torch.equal(with_cache, without), text
        added = with_cache[encoded.input_ids.shape[1]:].tolist()
        case = dict(text=text, prompt=encoded.input_ids[0].tolist(), ids=added,
                    added=tokenizer.decode(added, skip_special_tokens=True))
        if len(cases) < len(BEAMS):
            case["beams"] = searched(model, encoded, BEAMS[len(cases)], encoded.input_ids.shape[1], model.config.eos_token_id)
        cases.append(case)
    lines = ",\n".join(json.dumps(case) for case in cases)
    (HERE / "greedy.json").write_text(f"[\n{lines}\n]\n")
    (HERE / "gpt2" / "onnx").mkdir(parents=True, exist_ok=True)
    for name in () if folder is None else ("config.json", "tokenizer.json", "tokenizer_config.json", "onnx/model.onnx", "onnx/decoder_model.onnx"):
        shutil.copyfile(folder / name, HERE / "gpt2" / name)
    print(f"{len(cases)} texts, {sum(len(case['ids']) for case in cases)} tokens, "
          f"{len({tuple(case['ids']) for case in cases})} different ways to go on")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)

"""What transformers goes on with 50 texts with, greedily and with what is kept of tokens before: python make.py FOLDER

FOLDER is a small GPT-2 that `ortune pretrain` made from random weights and `ortune export` exported (README.md of vectors/). Its
files that a server needs are copied here; greedy.json has each text with the tokens that transformers' generate adds, the same with
its cache and without.
"""

import json
import random
import shutil
import sys
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

HERE = Path(__file__).resolve().parent
NEW, PROMPTS = 24, 50
WORDS = ("the a storm cat dog house river old small runs sleeps under over and but not he she they it was is Zürich naïve "
         "😀 123 , . ? \n don't “quoted” MiXeD").split(" ")


def main(folder):
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(folder).eval()
    draw = random.Random(7)
    cases = []
    for _ in range(PROMPTS):
        text = " ".join(draw.choices(WORDS, k=draw.randint(1, 12)))
        encoded = tokenizer(text, return_tensors="pt")
        asked = dict(do_sample=False, max_new_tokens=NEW, pad_token_id=model.config.eos_token_id)
        with_cache, without = (model.generate(**encoded, use_cache=cache, **asked)[0] for cache in (True, False))
        assert torch.equal(with_cache, without), text
        added = with_cache[encoded.input_ids.shape[1]:].tolist()
        cases.append(dict(text=text, prompt=encoded.input_ids[0].tolist(), ids=added,
                          added=tokenizer.decode(added, skip_special_tokens=True)))
    lines = ",\n".join(json.dumps(case) for case in cases)
    (HERE / "greedy.json").write_text(f"[\n{lines}\n]\n")
    (HERE / "gpt2" / "onnx").mkdir(parents=True, exist_ok=True)
    for name in ("config.json", "tokenizer.json", "tokenizer_config.json", "onnx/model.onnx", "onnx/decoder_model.onnx"):
        shutil.copyfile(folder / name, HERE / "gpt2" / name)
    print(f"{len(cases)} texts, {sum(len(case['ids']) for case in cases)} tokens, "
          f"{len({tuple(case['ids']) for case in cases})} different ways to go on")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

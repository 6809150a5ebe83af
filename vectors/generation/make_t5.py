"""A small T5 that writes, and what transformers writes after 50 texts with it: python make_t5.py WORK (needs a built ./ortune)

transformers makes a T5 of the size below with random weights and a tokenizer, `ortune train --task text2text --targets free` teaches
it to name the animals and houses of a text in their order, `ortune export` exports it. The files that a server needs go to t5/;
written.json has each text with what transformers' generate writes: the likeliest tokens, the same with its cache and without, and of
some texts what beams find.
"""

import json
import random
import shutil
import subprocess
import sys
from pathlib import Path

import torch
import transformers
from tokenizers import normalizers
from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

from make import BEAMS, NEW, PROMPTS, WORDS, searched

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "bench" / "parity"))
import models  # noqa: E402

NOUNS = ("cat", "dog", "house", "river", "storm", "Zürich")
SIZE = dict(d_model=32, d_kv=8, d_ff=64, num_layers=2, num_heads=4, feed_forward_proj="gated-gelu", decoder_start_token_id=0)
PREFIX = "name: "


def texts(seed, count):
    draw = random.Random(seed)
    for _ in range(count):
        yield " ".join(draw.choices([word for word in WORDS if word != "\n"] + list(NOUNS) * 2, k=draw.randint(1, 9)))


def trained(work):
    data = [(text, " ".join(word for word in text.split() if word in NOUNS) or "none") for text in texts(3, 3000)]
    tokenizer, special = models.unigram_of_t5([text for row in data for text in row] + [PREFIX])
    # transformers.js does not know Nmt.
    tokenizer.normalizer = normalizers.NFKC()
    fast = transformers.PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=64, **special)
    torch.manual_seed(5)
    config = transformers.T5Config(vocab_size=len(fast), pad_token_id=0, eos_token_id=1, **SIZE)
    pretrained, model = work / "pretrained", work / "t5"
    transformers.T5ForConditionalGeneration(config).save_pretrained(pretrained)
    fast.save_pretrained(pretrained)
    table = work / "train.tsv"
    table.write_text("text\ttarget\n" + "".join(f"{text}\t{target}\n" for text, target in data), encoding="utf-8")
    subprocess.run([ROOT / "ortune", "train", "--pretrained", pretrained, "--task", "text2text", "--targets", "free", "--prefix", PREFIX,
                    "--train", table, "--epochs", "3", "--lr", "5e-3", "--max-length", "64", "--out", model, "--overwrite"], check=True)
    subprocess.run([ROOT / "ortune", "export", model, "--precision", "fp32"], check=True)
    return model


def main(work):
    folder = trained(work)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForSeq2SeqLM.from_pretrained(folder).eval()
    cases = []
    for number, text in enumerate(texts(11, PROMPTS)):
        encoded = tokenizer(PREFIX + text, return_tensors="pt")
        encoded.pop("token_type_ids", None)
        with_cache, without = (model.generate(**encoded, use_cache=cache, do_sample=False, num_beams=1, max_new_tokens=NEW)[0]
                               for cache in (True, False))
        assert torch.equal(with_cache, without), text
        ids = with_cache[1:].tolist()
        case = dict(text=text, prompt=encoded.input_ids[0].tolist(), ids=ids, added=tokenizer.decode(ids, skip_special_tokens=True))
        if number < len(BEAMS):
            case["beams"] = searched(model, encoded, BEAMS[number], 1, 0)
        cases.append(case)
    lines = ",\n".join(json.dumps(case) for case in cases)
    (HERE / "written.json").write_text(f"[\n{lines}\n]\n")
    (HERE / "t5" / "onnx").mkdir(parents=True, exist_ok=True)
    for name in ("config.json", "tokenizer.json", "tokenizer_config.json", "onnx/encoder_model.onnx", "onnx/decoder_model_merged.onnx"):
        shutil.copyfile(folder / name, HERE / "t5" / name)
    different = sum(case["beams"]["ids"] != case["ids"] for case in cases if "beams" in case)
    print(f"{len(cases)} texts, {len({case['added'] for case in cases})} different ones written, "
          f"{different} of {len(BEAMS)} are others with beams")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

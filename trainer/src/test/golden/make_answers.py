"""Makes the golden files of answers: the scores of transformers' SQuAD metrics, and the windows of its tokenizers.

    python3 trainer/src/test/golden/make_answers.py

README.md beside this script says what the files hold.
"""

import json
import random
from pathlib import Path

import transformers
from transformers.data.metrics.squad_metrics import squad_evaluate

GOLDEN = Path(__file__).resolve().parents[1] / "resources" / "golden"
OUT = GOLDEN / "answers"
SETS = 300
WORDS = ["the", "The", "a", "an", "AN", "harbour", "Harbour", "boat", "12", "1,200", "o'clock", "ferry-boat", "(north)",
         "north", "the.", "a\u0301", "\u00e9t\u00e9", "ETE\u0301", "\u0130stanbul", "\u039f\u0394\u039f\u03a3", "na\u00efve", "\u6771\u4eac", "\u6771", "the\u6771", "\U0001f600",
         "x_the", "the_", "\u00b2", "\u2014", "\u201cthe\u201d", "$5", "a+b", "\u01c5", "\u0915\u093f", "an\u200d"]
BLANKS = [" ", " ", " ", "  ", "\t", "\u00a0", "\u2003", "\u3000", "\n", "\u200b", "\x1f"]


class Example:
    def __init__(self, qas_id, answers):
        self.qas_id, self.answers = qas_id, [dict(text=answer) for answer in answers]


def text(draw, most=4):
    return "".join(draw.choice(WORDS) + draw.choice(BLANKS) for _ in range(draw.randint(0, most))).strip(" ")


def near(draw, right):
    """A right answer with something before or after it, or another one."""
    if not right or draw.random() < 0.3:
        return text(draw)
    answer = draw.choice(right)
    return draw.choice([answer, answer.upper(), "the " + answer, answer + " " + text(draw, 2), answer + ".", ""])


def scored(draw):
    questions = []
    for number in range(draw.randint(1, 9)):
        right = [] if draw.random() < 0.35 else [text(draw) for _ in range(draw.randint(1, 3))]
        questions.append(dict(id=f"q{number}", answers=right, prediction=near(draw, right),
                              null=draw.choice([0.0, 0.5, 1.0]) if draw.random() < 0.2 else draw.random()))
    threshold = draw.choice([1.0, 0.5, draw.random()])
    expected = squad_evaluate([Example(q["id"], q["answers"]) for q in questions],
                              {q["id"]: q["prediction"] for q in questions},
                              {q["id"]: q["null"] for q in questions}, threshold)
    return dict(questions=questions, threshold=threshold, expected=expected)


CONTEXT = ("The ferry to the old harbour left at noon, and Anna's cat stayed behind. \u6771\u4eac is far away \U0001f600\U0001f600 but caf\u00e9s are near; "
           "nobody knew why the e\u0301te\u0301 of 1998 was so cold. It rained, it hailed, and the ferry did not come back before evening.")
QUESTIONS = ["What left at noon?", "  \u2003Who stayed behind?", "why", "When did the ferry come back, and was the cat still there?"]
ANSWERS = ["The ferry", "Anna's cat", "noon", "\u6771\u4eac", "\U0001f600", "caf\u00e9s", "evening", "evening.", "e\u0301te\u0301", "ed, it hail", "\U0001f600\U0001f600 but"]


def targets(encoded, window, context, answer):
    """run_qa's rule, but that the search for the first token ends with the context's last one."""
    start = context.index(answer)
    end = start + len(answer)
    sequences = encoded.sequence_ids(window)
    offsets = encoded["offset_mapping"][window]
    first = sequences.index(1)
    last = len(sequences) - 1 - sequences[::-1].index(1)
    if not (offsets[first][0] <= start and offsets[last][1] >= end):
        return 0, 0
    begin, stop = first, last
    while begin <= last and offsets[begin][0] <= start:
        begin += 1
    while stop >= first and offsets[stop][1] >= end:
        stop -= 1
    return begin - 1, stop + 1


def windows(family, draw):
    tokenizer = transformers.AutoTokenizer.from_pretrained(GOLDEN / "tokenizers" / family)
    cases = []
    for question in QUESTIONS:
        for answer in draw.sample(ANSWERS, 4):
            whole = len(tokenizer(question.lstrip(), CONTEXT)["input_ids"])
            context = len(tokenizer(CONTEXT, add_special_tokens=False)["input_ids"])
            room = draw.choice([7, 12, 19, 40, context - 1, context, context + 9])
            stride = draw.randint(0, min(room - 1, 30))
            length = whole - context + room
            encoded = tokenizer([question.lstrip()], [CONTEXT], truncation="only_second", max_length=length, stride=stride,
                                return_overflowing_tokens=True, return_offsets_mapping=True)
            cases.append(dict(question=question, answer=answer, max_length=length, stride=stride,
                              ids=encoded["input_ids"],
                              targets=[targets(encoded, i, CONTEXT, answer) for i in range(len(encoded["input_ids"]))]))
    return cases


def write(name, rows):
    lines = ",\n".join(json.dumps(row) for row in rows)
    (OUT / name).write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    draw = random.Random(19)
    write("scores.json", [scored(draw) for _ in range(SETS)])
    for family in ("bert", "roberta", "xlm-roberta"):
        write(f"windows-{family}.json", [dict(context=CONTEXT), *windows(family, draw)])

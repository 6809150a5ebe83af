"""SQuAD's scores of predictions, an answer an id."""

import json

from transformers.data.metrics.squad_metrics import compute_exact, compute_f1


def scores(file, predictions):
    questions = [question for article in json.loads(file.read_text(encoding="utf-8"))["data"]
                 for paragraph in article["paragraphs"] for question in paragraph["qas"]]
    best = lambda score, question: max(score(answer["text"], predictions[question["id"]]) for answer in question["answers"])
    mean = lambda score: sum(best(score, question) for question in questions) / len(questions)
    return dict(questions=len(questions), exact_match=mean(compute_exact), f1=mean(compute_f1))

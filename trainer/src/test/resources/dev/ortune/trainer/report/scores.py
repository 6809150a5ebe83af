"""What SciPy and scikit-learn measure of random predictions: correlations of numbers with many ties, and scores of labels
that do not exclude each other.

    pip install numpy scipy scikit-learn
    python3 scores.py > scores.json

The file was made with NumPy 2.4.6, SciPy 1.17.1 and scikit-learn 1.9.1. ScoresTest reads it.
"""

import json

import numpy as np
from scipy.stats import pearsonr, spearmanr
from sklearn.metrics import accuracy_score, f1_score, label_ranking_average_precision_score, precision_recall_fscore_support

random = np.random.default_rng(19)


def numbers():
    size = int(random.integers(2, 12))
    labels = random.integers(0, 6, size) / 2
    predictions = np.round(labels + random.normal(0, 1, size), int(random.integers(0, 3)))
    case = dict(labels=labels.tolist(), predictions=predictions.tolist(),
                mse=float(np.mean((predictions - labels) ** 2)))
    if len(set(labels)) > 1 and len(set(predictions)) > 1:
        case |= dict(pearson=float(pearsonr(predictions, labels)[0]), spearman=float(spearmanr(predictions, labels)[0]))
    return case


def label_sets():
    size, labels = int(random.integers(1, 9)), int(random.integers(2, 6))
    right = (random.random((size, labels)) < random.random(labels)).astype(int)
    # Tied logits are usual among them.
    logits = np.round(random.normal(0, 2, (size, labels)), int(random.integers(0, 2)))
    thresholds = np.round(random.uniform(0.2, 0.8, labels), 2)
    probabilities = 1 / (1 + np.exp(-logits))
    given = (probabilities >= thresholds).astype(int)
    precision, recall, f1, support = precision_recall_fscore_support(right, given, average=None, zero_division=0)
    return dict(
        labels=right.tolist(), logits=logits.tolist(), thresholds=thresholds.tolist(),
        loss=float(np.mean(np.logaddexp(0, np.where(right, -logits, logits)))),
        micro=float(f1_score(right, given, average="micro", zero_division=0)),
        macro=float(f1_score(right, given, average="macro", zero_division=0)),
        exact_match=float(accuracy_score(right, given)),
        ranking=float(label_ranking_average_precision_score(right, logits)),
        precision=precision.tolist(), recall=recall.tolist(), f1=f1.tolist(), support=support.tolist())


def lines(cases):
    return "[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]"


print(f'{{"numbers": {lines([numbers() for _ in range(100)])},\n'
      f'"label_sets": {lines([label_sets() for _ in range(100)])}}}')

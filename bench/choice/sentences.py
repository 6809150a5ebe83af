"""Questions with four choices made of XQuAD's paragraphs: which sentence comes next. The others are of other paragraphs."""

import csv
import json
import random
import re

CHOICES = 4
SEED = 2018


def write(xquad, folder, limit=0):
    """-> train.csv, from four fifths of the paragraphs, and test.csv, in SWAG's columns; with a limit so many questions."""
    articles = json.loads(xquad.read_text(encoding="utf-8"))["data"]
    paragraphs = [re.split(r"(?<=[.!?]) +(?=[A-Z])", paragraph["context"].strip())
                  for article in articles for paragraph in article["paragraphs"]]
    draw = random.Random(SEED)
    draw.shuffle(paragraphs)
    cut = len(paragraphs) * 4 // 5
    return [questions(part, folder / name, draw, limit)
            for name, part in (("train.csv", paragraphs[:cut]), ("test.csv", paragraphs[cut:]))]


def questions(paragraphs, file, draw, limit):
    rows = []
    for paragraph in paragraphs:
        others = [sentence for other in paragraphs if other is not paragraph for sentence in other]
        for first, right in zip(paragraph, paragraph[1:]):
            choices = draw.sample(others, CHOICES - 1)
            label = draw.randrange(CHOICES)
            choices.insert(label, right)
            rows.append([first, *choices, label])
    with open(file, "w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["sent1", *(f"ending{i}" for i in range(CHOICES)), "label"])
        writer.writerows(rows[:limit] if limit else rows)
    return file

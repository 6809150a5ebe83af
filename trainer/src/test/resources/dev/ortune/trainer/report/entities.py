"""What entities seqeval finds in tag sequences by default, many of which no scheme allows, and its counts.

    python3 entities.py [SEQUENCES] > entities.json

An independent program after seqeval's published definition (seqeval/metrics/sequence_labeling.py, get_entities,
start_of_chunk, end_of_chunk, which follow conlleval); only Python is needed. EntityTagsTest reads the file.
"""

import json
import random
import sys

LABELS = ["O"] + [f"{prefix}-{kind}" for kind in ("LOC", "PER", "work-of-art") for prefix in "BIES"] + ["B", "I"]


def split(tag):
    return tag[0], tag[1:].split("-", maxsplit=1)[-1] or "_"


def end_of_chunk(prev_tag, tag, prev_type, type_):
    if prev_tag in ("E", "S"):
        return True
    if prev_tag in ("B", "I") and tag in ("B", "S", "O"):
        return True
    return prev_tag not in ("O", ".") and prev_type != type_


def start_of_chunk(prev_tag, tag, prev_type, type_):
    if tag in ("B", "S"):
        return True
    if prev_tag in ("E", "S", "O") and tag in ("E", "I"):
        return True
    return tag not in ("O", ".") and prev_type != type_


def entities(tags):
    found, begin, previous = [], 0, ("O", "")
    for i, (tag, kind) in enumerate([split(tag) for tag in tags] + [("O", "_")]):
        if end_of_chunk(previous[0], tag, previous[1], kind):
            found.append((previous[1], begin, i - 1))
        if start_of_chunk(previous[0], tag, previous[1], kind):
            begin = i
        previous = (tag, kind)
    return found


def sequence(rng, length, like=None):
    tags = []
    for i in range(length):
        if like is not None and rng.random() < 0.7:
            tags.append(like[i])
        elif rng.random() < 0.3:
            tags.append("O")
        else:
            tags.append(rng.choice(LABELS[: rng.choice((5, 9, 13, 15))]))
    return tags


def main():
    rng = random.Random(17)
    lines = []
    for _ in range(int(sys.argv[1]) if len(sys.argv) > 1 else 400):
        right = sequence(rng, rng.randrange(0, 13))
        predicted = sequence(rng, len(right), right)
        wanted, found = set(entities(right)), set(entities(predicted))
        kinds = sorted({kind for kind, _, _ in wanted | found})
        counts = {
            kind: [sum(e[0] == kind for e in group) for group in (wanted & found, found, wanted)] for kind in kinds
        }
        lines.append(json.dumps({
            "right": [LABELS.index(tag) for tag in right],
            "predicted": [LABELS.index(tag) for tag in predicted],
            "entities": entities(predicted),
            "counts": counts,
        }, separators=(",", ":")))
    print(json.dumps({"labels": LABELS})[:-1] + ', "cases": [')
    print(",\n".join(lines) + "]}")


if __name__ == "__main__":
    main()

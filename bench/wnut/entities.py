"""Micro precision, recall and F1 over entities by CoNLL's rules for IOB2 tags, as seqeval's default mode has them."""


def chunks(tags):
    """{(type, first word, word after the last)}: a chunk begins with B-, or with I- where the type changes or O was."""
    found, begin, kind = set(), None, None
    for place, tag in enumerate([*tags, "O"]):
        prefix, _, name = tag.partition("-")
        if kind is not None and (prefix in ("B", "O") or name != kind):
            found.add((kind, begin, place))
            kind = None
        if kind is None and prefix != "O":
            begin, kind = place, name
    return found


def scores(right, predicted):
    """Both [sentences][words]."""
    both = true = said = equal = words = 0
    for r, p in zip(right, predicted):
        a, b = chunks(r), chunks(p)
        both, true, said = both + len(a & b), true + len(a), said + len(b)
        equal, words = equal + sum(x == y for x, y in zip(r, p)), words + len(r)
    precision, recall = both / said if said else 0.0, both / true if true else 0.0
    f1 = 2 * precision * recall / (precision + recall) if both else 0.0
    return dict(precision=precision, recall=recall, f1=f1, accuracy=equal / words)

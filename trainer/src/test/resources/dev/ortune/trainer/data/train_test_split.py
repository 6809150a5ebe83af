"""Writes train_test_split.json: the rows that scikit-learn's train_test_split picks, and what NumPy draws for it.

Run with NumPy and scikit-learn installed: python3 train_test_split.py > train_test_split.json
"""
import hashlib
import json

import numpy
import sklearn
from sklearn.model_selection import train_test_split

CASES = [(2, 0.1, 0), (10, 0.1, 2018), (11, 0.1, 2018), (30, 0.25, 42), (100, 0.07, 4294967295), (8551, 0.1, 2018)]


def digest(rows):
    return hashlib.sha256(",".join(str(row) for row in rows).encode()).hexdigest()


def case(n, share, seed):
    train, validation = train_test_split(numpy.arange(n), test_size=share, random_state=seed)
    # The documented rule, which the Java follows.
    order = numpy.random.RandomState(seed).permutation(n)
    assert list(order) == list(validation) + list(train)
    return {
        "n": n,
        "share": share,
        "seed": seed,
        "train": len(train),
        "validation": len(validation),
        "first_train": train[:20].tolist(),
        "first_validation": validation[:20].tolist(),
        "sha256_train": digest(train),
        "sha256_validation": digest(validation),
    }


def draws(seed):
    # More than one block of 624 words, so that the twist is passed twice.
    words = numpy.random.RandomState(seed).randint(0, 2**32, size=1300, dtype=numpy.uint32)
    return {"seed": seed, "words": words.tolist()[-4:], "first": int(words[0])}


print(
    json.dumps(
        {
            "numpy": numpy.__version__,
            "sklearn": sklearn.__version__,
            "splits": [case(*c) for c in CASES],
            "draws": [draws(seed) for seed in (0, 2018, 4294967295)],
        },
        indent=1,
    )
)

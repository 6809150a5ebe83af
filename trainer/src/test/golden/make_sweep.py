"""What SciPy says of the statistics of a sweep: quantiles of Student's t, intervals of means, draws from ranges.

    pip install scipy
    python3 trainer/src/test/golden/make_sweep.py
"""

import json
import pathlib

import numpy
from scipy import stats

DEGREES = [1, 2, 3, 4, 5, 6, 7, 9, 19, 30, 99, 1000]
MEASURED = [
    [0.8421, 0.8307],
    [0.6117, 0.6038, 0.6290],
    [0.842, 0.851, 0.829, 0.846, 0.838],
    [1.25, -3.5, 0.0, 17.0, 2.5, 2.5, -0.125, 4.0],
]
RANGES = [[1e-5, 1e-3], [0.001, 0.5], [4.0, 256.0]]
SHARES = [0.0, 0.1, 0.25, 0.5, 0.731, 0.999]


def interval(values):
    low, high = stats.t.interval(0.95, len(values) - 1, loc=numpy.mean(values), scale=stats.sem(values))
    return {"values": values, "mean": float(numpy.mean(values)), "low": float(low), "high": float(high)}


def drawn(low, high):
    return {
        "low": low,
        "high": high,
        "uniform": stats.uniform.ppf(SHARES, low, high - low).tolist(),
        "log_uniform": stats.loguniform.ppf(SHARES, low, high).tolist(),
    }


def main():
    golden = {
        "quantiles": [{"degrees": n, "t": float(stats.t.ppf(0.975, n))} for n in DEGREES],
        "intervals": [interval(values) for values in MEASURED],
        "shares": SHARES,
        "ranges": [drawn(low, high) for low, high in RANGES],
    }
    folder = pathlib.Path(__file__).parent.parent / "resources" / "golden" / "sweep"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "expected.json").write_text(json.dumps(golden, indent=1) + "\n")


main()

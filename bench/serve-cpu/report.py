"""The table of a run, and the ratios that the targets are about: medians over rounds of ratios within a round."""

import statistics

from contestants import FP32_PEERS, INT8_PEERS, SERVERS


def ratio(over, under):
    return statistics.median(a / b for a, b in zip(over, under))


def values(rounds, name, clients, figure):
    return [figures[figure] for figures in rounds[name][clients]]


def against_session(rounds, precision):
    served, bare = rounds[f"ortune {precision}"], rounds[f"session {precision}"]
    share = ratio([f["per_second"] for f in served["64"]], bare["batches"])
    added = [statistics.median(a[p] - b[p] for a, b in zip(served["1"], bare["alone"])) / 1000
             for p in ("p50_us", "p99_us")]
    return [precision, f"{statistics.median(bare['batches']):.0f}", f"{share:.2f}", f"{added[0]:.2f}", f"{added[1]:.2f}"]


def against_peers(rounds, precision, peers):
    speeds = {name: statistics.median(values(rounds, name, "64", "per_second")) for name in peers}
    best = max(speeds, key=speeds.get)
    mine = values(rounds, f"ortune {precision}", "64", "per_second")
    return [precision, best, f"{ratio(mine, values(rounds, best, '64', 'per_second')):.2f}"]


def server_row(result, name):
    cells = [name]
    for clients in ("1", "8", "64"):
        median = lambda figure: statistics.median(values(result["rounds"], name, clients, figure))
        cells += [f"{median('per_second'):.0f}", f"{median('p50_us') / 1000:.2f}", f"{median('p99_us') / 1000:.2f}"]
    return cells + [f"{result['cold_start_s'][name]:.2f}", f"{result['idle_mib'][name]:.0f}"]


def table(head, rows):
    line = lambda cells: "| " + " | ".join(cells) + " |"
    return "\n".join([line(head), "| --- |" + " ---: |" * (len(head) - 1), *map(line, rows)])


def text(description, result):
    head = ["server"] + [f"{clients}: {what}" for clients in (1, 8, 64) for what in ("requests/s", "p50 ms", "p99 ms")]
    parts = [
        "# Serving beside the bare session, transformers.js and PyTorch",
        "\n".join(f"- {k}: {', '.join(map(str, v)) if isinstance(v, (list, tuple)) else v}"
                  for k, v in description.items()),
        f"{result['model']}, {result['sentences']} sentences of CoLA. Server and load generator share the cores; the "
        "bare session has them to itself. Medians over rounds; columns by number of clients.",
        table(head + ["ready after s", "idle MiB"], [server_row(result, name) for name in SERVERS]),
        "## Against the bare session",
        table(["file", "session, sentences/s", "of it over HTTP with 64 clients", "added with one client, p50 ms",
               "p99 ms"], [against_session(result["rounds"], p) for p in ("fp32", "int8")]),
        "## Against the best of the peers, 64 clients",
        table(["Ortune's file", "best peer with that file, or with fp32", "times its throughput"],
              [against_peers(result["rounds"], "fp32", FP32_PEERS), against_peers(result["rounds"], "int8", FP32_PEERS),
               against_peers(result["rounds"], "int8", INT8_PEERS)]),
    ]
    return "\n\n".join(parts) + "\n"

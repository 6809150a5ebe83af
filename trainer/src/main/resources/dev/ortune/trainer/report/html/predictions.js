"use strict";
(() => {
  const data = JSON.parse(document.getElementById("predictions-data").textContent);
  const PAGE = 50;
  const element = (id) => document.getElementById(id);
  const decimals = (value, digits) => value.toFixed(digits).replace("-", "−");

  const rows = data.rows.map(([set, sentence, pair, source, label, logits]) => {
    const highest = Math.max(...logits);
    const exponentials = logits.map((logit) => Math.exp(logit - highest));
    const sum = exponentials.reduce((a, b) => a + b, 0);
    const softmax = exponentials.map((value) => value / sum);
    const prediction = logits.indexOf(highest);
    const text = `${sentence} ${pair ?? ""} ${source}`.toLowerCase();
    return { set, sentence, pair, source, label, logits, softmax, prediction, text, right: prediction === label,
      confidence: softmax[prediction] };
  });

  const keys = {
    sentence: (row) => row.text,
    source: (row) => row.source,
    label: (row) => data.labels[row.label],
    prediction: (row) => data.labels[row.prediction],
    logits: (row) => row.logits[row.logits.length - 1],
    softmax: (row) => row.softmax[row.softmax.length - 1],
    confidence: (row) => row.confidence,
  };

  let shown = PAGE;
  let sortedBy = null;
  let ascending = true;

  const matching = () => {
    const words = element("search").value.toLowerCase().split(/\s+/).filter(Boolean);
    const set = element("set").value;
    const verdict = element("verdict").value;
    const found = rows.filter((row) => (set === "" || data.sets[row.set] === set)
      && (verdict === "" || (verdict === "right") === row.right)
      && words.every((word) => row.text.includes(word)));
    if (sortedBy !== null) {
      const key = keys[sortedBy];
      const direction = ascending ? 1 : -1;
      found.sort((a, b) => {
        const [x, y] = [key(a), key(b)];
        return direction * (typeof x === "number" ? x - y : x.localeCompare(y));
      });
    }
    return found;
  };

  const cell = (line, text, className) => {
    const td = line.insertCell();
    td.textContent = text;
    if (className) td.className = className;
    return td;
  };

  const line = (row) => {
    const tr = document.createElement("tr");
    const sentence = cell(tr, row.sentence, "text");
    if (row.pair !== null) {
      const second = document.createElement("div");
      second.className = "second";
      second.textContent = row.pair;
      sentence.append(second);
    }
    if (data.hasSources) cell(tr, row.source);
    cell(tr, data.labels[row.label]);
    cell(tr, data.labels[row.prediction], row.right ? "right" : "wrong");
    cell(tr, row.logits.map((value) => decimals(value, 3)).join("  "), "n");
    cell(tr, row.softmax.map((value) => decimals(value, 4)).join("  "), "n");
    cell(tr, decimals(row.confidence, 4), "n");
    return tr;
  };

  const draw = () => {
    const found = matching();
    element("rows").replaceChildren(...found.slice(0, shown).map(line));
    const right = found.filter((row) => row.right).length;
    element("count").textContent = found.length === 0 ? "nothing found"
      : `${found.length.toLocaleString("en")} of ${rows.length.toLocaleString("en")}, `
        + `${decimals(100 * right / found.length, 1)} % right`;
    const left = found.length - Math.min(shown, found.length);
    element("more").hidden = left === 0;
    element("more").textContent = `Show ${Math.min(left, 4 * PAGE)} more`;
  };

  const anew = () => { shown = PAGE; draw(); };
  element("search").addEventListener("input", anew);
  element("set").addEventListener("change", anew);
  element("verdict").addEventListener("change", anew);
  element("more").addEventListener("click", () => { shown += 4 * PAGE; draw(); });
  document.querySelectorAll("#predictions th[data-key]").forEach((th) => {
    th.querySelector("button").addEventListener("click", () => {
      ascending = sortedBy === th.dataset.key ? !ascending : true;
      sortedBy = th.dataset.key;
      document.querySelectorAll("#predictions th[data-key]").forEach((other) => other.removeAttribute("aria-sort"));
      th.setAttribute("aria-sort", ascending ? "ascending" : "descending");
      anew();
    });
  });
  draw();
})();

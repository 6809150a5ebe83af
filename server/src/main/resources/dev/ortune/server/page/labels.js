// Text classification: the best label, a bar for each, and tables of verdicts.
import { $, bar, count, element, percent } from "./dom.js";
import { Verdicts as Texts } from "./verdicts.js";

export const EXAMPLES = [
  "They no go to the movies.",
  "They do not go to the movies.",
  "The dogs in the garden was barking.",
  "What did she say that he had bought?",
  "The book that I read it was long.",
];

let model;

export function use(chosen) {
  model = chosen;
}

export const parameters = () => undefined;

/** Whether words have shares in its verdicts. */
export const interpretable = ({ probabilities }) => probabilities;

export function clear() {
  $("verdict").textContent = "";
  $("bars").replaceChildren();
}

export function show(text, [scores]) {
  $("verdict").textContent = verdict(scores);
  const share = Object.fromEntries(scores.map(({ label, score }) => [label, score]));
  const bars = model.probabilities ? model.labels.map((label) => barOf(label, share[label])) : [];
  $("bars").replaceChildren(...bars);
}

/** The probability from which a label is given, where labels do not exclude each other. */
const threshold = ({ thresholds }, label) => thresholds?.[label] ?? 0.5;

/** A bar with its threshold, if it has one. */
function barOf(label, share) {
  const made = bar(label, share);
  if (model.multi_label) {
    const mark = element("div", "threshold");
    mark.style.left = percent(threshold(model, label)).replace(" ", "");
    mark.title = `given from ${percent(threshold(model, label))} on`;
    made.querySelector(".track").append(mark);
  }
  return made;
}

/** A number by its name, where it has one of its own: transformers calls a nameless one LABEL_0. */
const number = ({ label, score }) => (label === "LABEL_0" ? "" : `${label}, `) + score.toFixed(4);

/** The best label, or where labels do not exclude each other all that reach their thresholds. */
function verdict(scores) {
  if (!model.probabilities) return scores.map(number).join("; ");
  const held = model.multi_label ? scores.filter(({ label, score }) => score >= threshold(model, label)) : scores.slice(0, 1);
  return held.map(({ label, score }) => `${label}, ${percent(score)}`).join("; ") || "none of the labels";
}

/** Verdicts of rows: scores of each label, filled in as they come. */
export class Verdicts extends Texts {
  constructor(chosen, input, name) {
    super(chosen, input, name);
    // Labels that do not exclude each other are not judged, nor are numbers.
    const judged = !chosen.multi_label && chosen.probabilities;
    this.given = (judged && input.given?.map((label) => labelOf(chosen, label))) || null;
    this.known = this.given?.filter((label) => label >= 0).length ?? 0;
    this.shares = new Array(this.texts.length);
    this.counts = chosen.labels.map(() => 0);
  }

  put(row, scores) {
    const share = new Map(scores.map(({ label, score }) => [label, score]));
    this.shares[row] = Float64Array.from(this.model.labels, (label) => share.get(label));
    for (const label of this.labels(row)) this.counts[label]++;
    if (this.isRight(row)) this.right++;
    if (this.isWrong(row)) this.wrong++;
  }

  bars() {
    return this.model.labels.map((label, at) =>
      bar(label, this.counts[at] / Math.max(1, this.done), count(this.counts[at])));
  }

  /** The label of the highest score, or -1 where there is no verdict. */
  best(row) {
    const shares = this.shares[row];
    return shares ? shares.indexOf(Math.max(...shares)) : -1;
  }

  /** The labels that hold: the best, or where labels do not exclude each other all that reach their thresholds. */
  labels(row) {
    if (!this.shares[row]) return [];
    if (!this.model.multi_label) return [this.best(row)];
    return [...this.model.labels.keys()].filter(
      (label) => this.shares[row][label] >= threshold(this.model, this.model.labels[label]));
  }

  verdict(row) {
    return this.labels(row).map((label) => this.model.labels[label]).join(", ");
  }

  score(row) {
    const best = this.best(row);
    if (best < 0) return "";
    return this.model.probabilities ? percent(this.shares[row][best]) : this.shares[row][best].toFixed(4);
  }

  givenName(row) {
    return this.model.labels[this.given[row]] ?? "";
  }

  isRight(row) {
    return this.isJudged(row) && this.best(row) === this.given[row];
  }

  isWrong(row) {
    return this.isJudged(row) && this.best(row) !== this.given[row];
  }

  isJudged(row) {
    return this.given !== null && this.given[row] >= 0 && this.shares[row] !== undefined;
  }

  /** As `ortune evaluate` names them. */
  columns() {
    const kind = this.model.probabilities ? "probability" : "score";
    return [...this.model.labels.map((label) => `${kind}_${label}`), "prediction"];
  }

  cells(row) {
    return [...this.model.labels.map((_, label) => this.shares[row]?.[label].toFixed(6) ?? ""), this.verdict(row)];
  }
}

/** Of a name or a number, the label; -1 where it is none. */
function labelOf({ labels }, given) {
  const named = labels.indexOf(given.trim());
  if (named >= 0) return named;
  return /^\d+$/.test(given.trim()) && Number(given) < labels.length ? Number(given) : -1;
}

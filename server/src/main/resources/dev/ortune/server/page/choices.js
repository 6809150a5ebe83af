// Multiple choice: every choice as a bar, the likeliest as the verdict.
import { $, bar, percent } from "./dom.js";
import { Verdicts as Texts } from "./verdicts.js";

const TRIED = {
  "She opens the umbrella.": ["It has begun to rain.", "The soup is too salty.", "He learns to swim."],
  "The ferry cannot leave.": ["The harbour is frozen.", "A ticket costs three euros.", "The cat sleeps on the mat.",
    "Nobody reads the newspaper."],
  "Why did the team lose?": ["Their best player was ill.", "They had trained more than ever."],
};

export const EXAMPLES = Object.keys(TRIED);

export const ASKS = "What comes first, or a question";

export function use(model, ask) {
  $("choices").oninput = () => ask();
}

/** An example has choices of its own. */
export function take() {
  $("choices").value = TRIED[$("text").value].join("\n");
}

const choices = () => $("choices").value.split("\n").map((line) => line.trim()).filter((line) => line !== "");

export const inputs = (context) => ({ context, choices: choices() });

/** Nothing to choose from yet. */
export const waits = () => choices().length < 2;

export const parameters = () => ({});

export const interpretable = () => false;

export function clear() {
  $("verdict").textContent = "";
  $("bars").replaceChildren();
}

export function show(text, { choice, answer, score, scores }) {
  $("verdict").textContent = `${answer}, ${percent(score)}`;
  const given = choices();
  $("bars").replaceChildren(...scores.map((share, place) => {
    const row = bar(given[place] ?? "", share);
    row.classList.toggle("chosen", place === choice);
    return row;
  }));
}

/** Choices of rows, each a text with the choices that stand beside the single one. */
export class Verdicts extends Texts {
  constructor(model, input, name) {
    super(model, input, name);
    this.answers = new Array(this.texts.length);
  }

  /** As many texts a request as it may have of texts with each choice. */
  async fetchChunk(chunk, signal) {
    const most = Math.max(1, Math.floor(this.model.max_client_batch_size / Math.max(1, choices().length)));
    for (let from = 0; from < chunk.length; from += most) await super.fetchChunk(chunk.slice(from, from + most), signal);
  }

  input(row) {
    return inputs(this.texts[row]);
  }

  put(row, answer) {
    this.answers[row] = answer;
  }

  verdict(row) {
    return this.answers[row]?.answer ?? "";
  }

  score(row) {
    return this.answers[row] ? percent(this.answers[row].score) : "";
  }

  columns() {
    return ["choice", "answer", "score"];
  }

  cells(row) {
    const answer = this.answers[row];
    return answer ? [answer.choice, answer.answer, answer.score] : ["", "", ""];
  }
}

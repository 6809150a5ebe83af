// Question answering: the answer as a mark in its context, and the likeliest ones as bars.
import { $, bar, element, percent } from "./dom.js";
import { Verdicts as Texts } from "./verdicts.js";

const ANSWERS = 3;
const CONTEXT = "The ferry to the old harbour leaves at noon. It takes forty minutes, and a ticket costs three euros. "
  + "In winter the last boat comes back before six, since the harbour lights have been broken for years.";

export const EXAMPLES = ["When does the ferry leave?", "How much is a ticket?", "Why does the last boat come back early?"];

export const ASKS = "A question";

export function use(model, ask) {
  $("context").oninput = () => ask();
}

/** An example is about a context of its own, unless there is one already. */
export function take() {
  if ($("context").value.trim() === "") $("context").value = CONTEXT;
}

export const inputs = (question) => ({ question, context: $("context").value });

/** Nothing to be asked yet. */
export const waits = () => $("context").value.trim() === "";

export const parameters = () => ({ top_k: ANSWERS });

export const interpretable = () => false;

export function clear() {
  $("verdict").textContent = "";
  $("answer-context").replaceChildren();
  $("answer").hidden = true;
  $("bars").replaceChildren();
}

export function show(question, found) {
  const answers = Array.isArray(found) ? found : [found];
  const [best] = answers;
  $("verdict").textContent = best.answer === "" ? "no answer" : `${best.answer}, ${percent(best.score)}`;
  $("answer-context").replaceChildren(...parts($("context").value, best));
  $("answer").hidden = false;
  $("bars").replaceChildren(...answers.map(({ answer, score }) => bar(answer === "" ? "no answer" : answer, Math.min(1, score))));
}

/** The context with the answer marked; places count code points. */
function parts(context, { start, end }) {
  const points = [...context];
  const text = (from, to) => points.slice(from, to).join("");
  return [text(0, start), element("mark", "", text(start, end)), text(end)];
}

/** Answers of rows, each a question about the context that stands beside the single one. */
export class Verdicts extends Texts {
  constructor(model, input, name) {
    super(model, input, name);
    this.answers = new Array(this.texts.length);
  }

  input(row) {
    return inputs(this.texts[row]);
  }

  put(row, answer) {
    this.answers[row] = answer;
  }

  verdict(row) {
    const answer = this.answers[row];
    return answer ? answer.answer || "no answer" : "";
  }

  score(row) {
    return this.answers[row] ? percent(this.answers[row].score) : "";
  }

  columns() {
    return ["answer", "score", "start", "end"];
  }

  cells(row) {
    const answer = this.answers[row];
    return answer ? [answer.answer, answer.score, answer.start, answer.end] : ["", "", "", ""];
  }
}

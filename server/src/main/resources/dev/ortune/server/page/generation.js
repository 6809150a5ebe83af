// Going on with a text: what the model adds appears as it comes.
import { $, element } from "./dom.js";
import { Verdicts as Texts } from "./verdicts.js";

const TOKENS = 60;

export const EXAMPLES = ["The storm had passed, and", "Once upon a time there was", "The most important thing about bread is"];

export const ASKS = "A text to go on with";

export function use() {
  // Nothing is to be chosen.
}

export const parameters = () => ({ max_new_tokens: TOKENS });

export const interpretable = () => false;

/** The answer comes in parts. */
export const streams = true;

export function clear() {
  $("generated").hidden = true;
  $("generated-text").replaceChildren();
}

/** Shows the text, and behind it what is added from now on. */
export function begin(text) {
  $("generated-text").replaceChildren(text, element("mark"));
  $("generated").hidden = false;
  $("generated").setAttribute("aria-busy", "true");
}

/** A token more. */
export function add({ token, generated_text: whole }) {
  const added = $("generated-text").querySelector("mark");
  added.textContent = whole ?? added.textContent + token.text;
  if (whole !== null) $("generated").setAttribute("aria-busy", "false");
}

/** What was added to rows. */
export class Verdicts extends Texts {
  constructor(model, input, name) {
    // A text a request: each takes its time.
    super({ ...model, max_client_batch_size: 1 }, input, name);
    this.added = new Array(this.texts.length);
  }

  put(row, { generated_text: whole }) {
    this.added[row] = whole.slice(this.texts[row].length);
  }

  verdict(row) {
    return this.added[row] ?? "";
  }

  columns() {
    return ["generated_text"];
  }

  cells(row) {
    return [this.added[row] ?? ""];
  }
}

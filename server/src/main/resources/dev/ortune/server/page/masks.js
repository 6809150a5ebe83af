// Filling masks: what may stand behind each, as bars, and the text with the likeliest filled in.
import { $, bar, element, percent } from "./dom.js";
import { Verdicts as Texts } from "./verdicts.js";

const FILLINGS = 5;

let mask = "[MASK]";

const fill = (text) => text.replace("[MASK]", mask);

export let EXAMPLES = [];

export const ASKS = "A text with a mask";

export function use(model) {
  mask = model.mask_token;
  EXAMPLES = ["The capital of France is [MASK].", "To be or [MASK] to be.", "She [MASK] to the movies yesterday."].map(fill);
}

/** A text without a mask asks nothing. */
export const waits = () => !$("text").value.includes(mask);

export const parameters = () => ({ top_k: FILLINGS });

export const interpretable = () => false;

export function clear() {
  $("verdict").textContent = "";
  $("filled").replaceChildren();
  $("fillings").hidden = true;
  $("bars").replaceChildren();
}

/** A list for each mask; of one mask the answer is its list. */
const listsOf = (answer) => (Array.isArray(answer[0]) ? answer : [answer]);

export function show(text, answer) {
  const lists = listsOf(answer);
  $("verdict").textContent = lists.map(([best]) => `${best.token_str.trim()}, ${percent(best.score)}`).join("; ");
  $("filled").replaceChildren(...parts(text, lists));
  $("fillings").hidden = false;
  $("bars").replaceChildren(...lists.flatMap((list) => list.map(({ token_str: token, score }) => bar(token.trim(), Math.min(1, score)))));
}

/** The text with each mask's likeliest token marked in its place. */
function parts(text, lists) {
  return text.split(mask).flatMap((part, i) => {
    const best = i > 0 ? lists[i - 1]?.[0] : undefined;
    return best ? [element("mark", "", best.token_str.trim()), part] : [part];
  });
}

/** Fillings of rows; a text of several masks has the first of each. */
export class Verdicts extends Texts {
  constructor(model, input, name) {
    super(model, input, name);
    this.lists = new Array(this.texts.length);
  }

  put(row, answer) {
    this.lists[row] = listsOf(answer);
  }

  verdict(row) {
    return (this.lists[row] ?? []).map(([best]) => best.token_str.trim()).join(", ");
  }

  score(row) {
    return this.lists[row] ? percent(this.lists[row][0][0].score) : "";
  }

  columns() {
    return ["fillings"];
  }

  cells(row) {
    return [this.lists[row] ? JSON.stringify(this.lists[row]) : ""];
  }
}

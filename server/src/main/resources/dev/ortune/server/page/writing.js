// Writing a text after another one: what the model writes appears as it comes.
import * as generation from "./generation.js";

export const EXAMPLES = ["The storm tore off half the roof.", "The cat has slept on the stove all day.", "Bread needs time."];

export const ASKS = "A text to write after";

export const { use, parameters, interpretable, streams, clear, add } = generation;

/** Shows nothing of the text, which is not gone on with. */
export const begin = () => generation.begin("");

/** What was written after rows. */
export class Verdicts extends generation.Verdicts {
  put(row, { generated_text: whole }) {
    this.added[row] = whole;
  }
}

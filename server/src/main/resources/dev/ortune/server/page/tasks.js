// What the page does for each task: one module a task, with the same functions.
import * as answers from "./answers.js";
import * as choices from "./choices.js";
import * as entities from "./entities.js";
import * as generation from "./generation.js";
import * as labels from "./labels.js";
import * as masks from "./masks.js";
import * as writing from "./writing.js";

const TASKS = {
  "text-classification": labels,
  "token-classification": entities,
  "question-answering": answers,
  "fill-mask": masks,
  "text-generation": generation,
  "text2text-generation": writing,
  "multiple-choice": choices,
};

/**
 * The task of a model: `use(model, ask)` shows its controls, which call `ask` when something is to be asked anew; `parameters()` are
 * those of a request; `show(text, answer)` shows the answer for a text, and `clear()` takes it away; `interpretable(model)` says
 * whether words have shares; `EXAMPLES` are texts to try; where a task needs more than a text, `inputs(text)` are those of a request, `waits()` says that something is
 * still to be given, `take()` gives what an example needs, and `ASKS` is what the text is called; `Verdicts` are those of many texts. Where `streams` is true the answer
 * comes in parts, and in the place of `show` there are `begin(text)` and `add(event)`.
 */
export const taskOf = (model) => TASKS[model.task];

/** Takes away what is shown of any task. */
export function clearAll() {
  for (const task of Object.values(TASKS)) task.clear();
}

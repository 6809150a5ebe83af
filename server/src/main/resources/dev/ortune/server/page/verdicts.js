// Many texts: asks for their verdicts, a request's worth at a time, and keeps them.
import { ask } from "./server.js";

/** Requests on their way at the same time: while one's texts run, the next one's arrive. */
const AT_ONCE = 2;

/** Verdicts of rows; each task has its own, which keeps the answers that come. */
export class Verdicts {
  /** `name` of the file, and `input` as reading.js makes it. */
  constructor(model, { header, rows, texts }, name) {
    Object.assign(this, { model, header, rows, texts, name });
    /** The label that the file gives for each row, or null where it is of no use. */
    this.given = null;
    this.known = 0;
    this.done = 0;
    this.right = 0;
    this.wrong = 0;
  }

  /** Asks for all that are not blank, until done or `signal`; tells `progress` after each request. */
  async fetch(signal, progress) {
    const chunks = chunked(this.texts, this.model.max_client_batch_size);
    const work = async () => {
      for (const chunk of chunks) {
        await this.fetchChunk(chunk, signal);
        progress();
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  }

  async fetchChunk(chunk, signal) {
    const inputs = chunk.map((row) => this.input(row));
    try {
      const { json } = await ask(`models/${encodeURIComponent(this.model.name)}`, { body: { inputs }, signal });
      json.forEach((answer, i) => {
        this.done++;
        this.put(chunk[i], answer);
      });
    } catch (error) {
      // Texts of this length may be too much for one request, but not for several.
      if (error.status !== 413 || chunk.length === 1) throw error;
      const half = chunk.length >> 1;
      await this.fetchChunk(chunk.slice(0, half), signal);
      await this.fetchChunk(chunk.slice(half), signal);
    }
  }

  /** What is asked of a row. */
  input(row) {
    return this.texts[row];
  }

  /** How the verdicts are divided. */
  bars() {
    return [];
  }

  /** How sure a verdict is; undefined where a row has no one score. */
  score() {
    return undefined;
  }

  isWrong() {
    return false;
  }

  /** The rows whose verdict is another than the given one. */
  wrongRows() {
    return [...this.texts.keys()].filter((row) => this.isWrong(row));
  }
}

/** Rows that have a text, `size` at a time; shared by whoever iterates. */
function* chunked(texts, size) {
  let chunk = [];
  for (const [row, text] of texts.entries()) {
    if (text.trim() === "") continue;
    chunk.push(row);
    if (chunk.length === size) {
      yield chunk;
      chunk = [];
    }
  }
  if (chunk.length > 0) yield chunk;
}

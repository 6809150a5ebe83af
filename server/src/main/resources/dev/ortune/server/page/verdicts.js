// Many texts: asks for their verdicts, a request's worth at a time, and keeps them.
import { ask } from "./server.js";

/** Requests on their way at the same time: while one's texts run, the next one's arrive. */
const AT_ONCE = 2;

/** Verdicts of rows: probabilities of each label, filled in as they come. */
export class Verdicts {
  /** `name` of the file, and `input` as reading.js makes it: `given` is a label a row, as the file has it, or null. */
  constructor(model, { header, rows, texts, given }, name) {
    Object.assign(this, { model, header, rows, texts, name });
    // Labels that do not exclude each other are not judged.
    this.given = model.multi_label ? null : given?.map((label) => labelOf(model, label)) ?? null;
    this.known = this.given?.filter((label) => label >= 0).length ?? 0;
    this.shares = new Array(texts.length);
    this.counts = model.labels.map(() => 0);
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
    const inputs = chunk.map((row) => this.texts[row]);
    try {
      const { json } = await ask(`models/${encodeURIComponent(this.model.name)}`, { body: { inputs }, signal });
      json.forEach((scores, i) => this.put(chunk[i], scores));
    } catch (error) {
      // Texts of this length may be too much for one request, but not for several.
      if (error.status !== 413 || chunk.length === 1) throw error;
      const half = chunk.length >> 1;
      await this.fetchChunk(chunk.slice(0, half), signal);
      await this.fetchChunk(chunk.slice(half), signal);
    }
  }

  put(row, scores) {
    const share = new Map(scores.map(({ label, score }) => [label, score]));
    this.shares[row] = Float64Array.from(this.model.labels, (label) => share.get(label));
    this.done++;
    for (const label of this.labels(row)) this.counts[label]++;
    if (this.isRight(row)) this.right++;
    if (this.isWrong(row)) this.wrong++;
  }

  /** The label of the highest probability, or -1 where there is no verdict. */
  best(row) {
    const shares = this.shares[row];
    return shares ? shares.indexOf(Math.max(...shares)) : -1;
  }

  /** The labels that hold: the best, or where labels do not exclude each other all that are likelier than not. */
  labels(row) {
    if (!this.shares[row]) return [];
    if (!this.model.multi_label) return [this.best(row)];
    return [...this.model.labels.keys()].filter((label) => this.shares[row][label] >= 0.5);
  }

  /** Their names. */
  names(row) {
    return this.labels(row).map((label) => this.model.labels[label]).join(", ");
  }

  /** The name of the label that the file gives, or nothing where it is none of this model's. */
  givenName(row) {
    return this.model.labels[this.given[row]] ?? "";
  }

  /** The rows whose verdict is another than the given one. */
  wrongRows() {
    return [...this.texts.keys()].filter((row) => this.isWrong(row));
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
}

/** Of a name or a number, the label; -1 where it is none. */
function labelOf(model, given) {
  const named = model.labels.indexOf(given.trim());
  if (named >= 0) return named;
  return /^\d+$/.test(given.trim()) && Number(given) < model.labels.length ? Number(given) : -1;
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

// Questions to the server: with the API key if it wants one, and again after a while when it is busy or gone.
import { $, banner } from "./dom.js";

const RETRY_MS = 2000;
const KEY = "ortune-api-key";

let key = sessionStorage.getItem(KEY);
let keyGiven;

/**
 * Asks, with a GET or where there is a body with a POST, until there is an answer, a refusal that will not change, or
 * `signal`. Fails with the server's message and `status`.
 */
export async function ask(path, { body, signal = new AbortController().signal } = {}) {
  for (;;) {
    try {
      const answer = await askOnce(path, body, signal);
      banner("");
      return answer;
    } catch (error) {
      signal.throwIfAborted();
      if (error.status === 401) await unlessAborted(keyFromUser(), signal);
      else if (isPassing(error)) await unlessAborted(retryTime(error), signal);
      else throw error;
    }
  }
}

async function askOnce(path, body, signal) {
  const headers = key ? { Authorization: `Bearer ${key}` } : {};
  const start = performance.now();
  const response = await fetch(path, body === undefined ? { headers, signal } : {
    method: "POST", signal, headers: { ...headers, "Content-Type": "application/json" }, body: JSON.stringify(body),
  });
  if (!response.ok) throw Object.assign(new Error(await reason(response)), { status: response.status });
  return { json: await response.json(), headers: response.headers, ms: performance.now() - start };
}

/** Asks once, and gives one by one what the server sends as events. */
export async function* events(path, body, signal) {
  const headers = key ? { Authorization: `Bearer ${key}` } : {};
  const response = await fetch(path, {
    method: "POST", signal, headers: { ...headers, "Content-Type": "application/json" }, body: JSON.stringify(body),
  });
  if (!response.ok) throw Object.assign(new Error(await reason(response)), { status: response.status });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const parts = (rest + value).split("\n\n");
    rest = parts.pop();
    for (const part of parts) {
      const event = JSON.parse(part.replace(/^data:/, ""));
      if (event.error) throw new Error(event.error);
      yield event;
    }
  }
}

async function reason(response) {
  try {
    return (await response.json()).error;
  } catch {
    return response.statusText || `status ${response.status}`;
  }
}

/** A server that is busy, stopping or gone may answer later. */
function isPassing({ status }) {
  return status === undefined || status === 429 || status === 503;
}

function retryTime({ status }) {
  banner(`The server ${status === 429 ? "is busy" : "does not answer"}; trying again …`);
  return new Promise((resolve) => { setTimeout(resolve, RETRY_MS); });
}

function unlessAborted(promise, signal) {
  return new Promise((resolve, reject) => {
    promise.then(resolve);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

/** Shows the field for the key; done when one has been given, for all who wait. */
function keyFromUser() {
  keyGiven ??= new Promise((resolve) => {
    banner(key ? "The server does not take this key." : "");
    $("key-form").hidden = false;
    $("key").focus();
    $("key-form").addEventListener("submit", (event) => {
      event.preventDefault();
      key = $("key").value.trim();
      sessionStorage.setItem(KEY, key);
      $("key").value = "";
      $("key-form").hidden = true;
      keyGiven = undefined;
      resolve();
    }, { once: true });
  });
  return keyGiven;
}

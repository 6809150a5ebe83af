// transformers.js behind Node's http server: POST /predict {"inputs": "…"} -> [{label, score}, …], GET /health.
//
//   node transformersjs_peer.mjs MODELS_FOLDER NAME fp32|int8 PORT THREADS each|batching
//
// "each" runs a request's text when it comes, as the library's documentation has it. "batching" runs together what has
// gathered meanwhile, which is what one adds next.
import { createServer } from "node:http";
import { env, pipeline } from "@huggingface/transformers";

const [models, name, dtype, port, threads, mode] = process.argv.slice(2);
env.localModelPath = models;
env.allowRemoteModels = false;
const classify = await pipeline("text-classification", name, {
  dtype, device: "cpu", session_options: { intraOpNumThreads: Number(threads) },
});

let waiting = [];
let running = false;

async function runWhatWaits() {
  running = true;
  while (waiting.length > 0) {
    const batch = waiting;
    waiting = [];
    try {
      const answers = await classify(batch.map(({ text }) => text), { top_k: null });
      batch.forEach(({ resolve }, i) => resolve(answers[i]));
    } catch (error) {
      batch.forEach(({ reject }) => reject(error));
    }
  }
  running = false;
}

function together(text) {
  return new Promise((resolve, reject) => {
    waiting.push({ text, resolve, reject });
    if (!running) runWhatWaits();
  });
}

const predict = mode === "batching" ? together : (text) => classify(text, { top_k: null });

createServer((request, response) => {
  if (request.url === "/health") {
    response.end();
    return;
  }
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", async () => {
    try {
      const { inputs } = JSON.parse(Buffer.concat(chunks).toString());
      const body = JSON.stringify(await predict(inputs));
      response.setHeader("Content-Type", "application/json");
      response.end(body);
    } catch (error) {
      response.statusCode = 500;
      response.end(String(error));
    }
  });
}).listen(Number(port), "127.0.0.1");

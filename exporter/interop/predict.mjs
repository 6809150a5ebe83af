// Runs transformers.js on an exported model, as any of its users would, and prints what it says as JSON.
//
//   node predict.mjs MODELS_FOLDER NAME fp32|int8 SENTENCES.json     one [{label, score}, ...] a sentence
import { readFileSync } from "node:fs";
import { env, pipeline } from "@huggingface/transformers";

const [models, name, dtype, sentences] = process.argv.slice(2);
env.localModelPath = models;
env.allowRemoteModels = false;

const classify = await pipeline("text-classification", name, { dtype, device: "cpu" });
const answers = [];
for (const sentence of JSON.parse(readFileSync(sentences, "utf8"))) {
  answers.push(await classify(sentence, { top_k: null }));
}
console.log(JSON.stringify(answers));
await classify.dispose();

// npm install && node classify.mjs ../../models/quickstart "They no go to the movies."
import { basename, dirname, resolve } from "node:path";
import { env, pipeline } from "@huggingface/transformers";

const [folder, text] = process.argv.slice(2);
env.localModelPath = dirname(resolve(folder));

const classify = await pipeline("text-classification", basename(folder), { dtype: "int8" });
const [{ label, score }] = await classify(text);
console.log(`${label} ${score.toFixed(4)}`);

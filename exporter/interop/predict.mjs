// Runs transformers.js on an exported model, as any of its users would, and prints what it says as JSON.
//
//   node predict.mjs MODELS_FOLDER NAME fp32|int8 SENTENCES.json [TASK]
//
// Of text-classification, which is the default, one [{label, score}, ...] a sentence; of token-classification one
// [{entity, score, index, ...}, ...]; of question-answering, whose sentences are [question, context], one {answer, score}; of fill-mask
// one [{token, token_str, score, sequence}, ...]; of text-generation [{generated_text}], what is added greedily, and of
// text2text-generation what is written so.
import { readFileSync } from "node:fs";
import { env, pipeline } from "@huggingface/transformers";

const [models, name, dtype, sentences, task = "text-classification"] = process.argv.slice(2);
env.localModelPath = models;
env.allowRemoteModels = false;

const classify = await pipeline(task, name, { dtype, device: "cpu" });
const OPTIONS = {
  "text-classification": { top_k: null },
  "text2text-generation": { max_new_tokens: 24, do_sample: false },
  "text-generation": { max_new_tokens: 24, do_sample: false, return_full_text: false },
};
const answers = [];
for (const sentence of JSON.parse(readFileSync(sentences, "utf8"))) {
  const asked = task === "question-answering" ? sentence : [sentence, OPTIONS[task] ?? {}];
  answers.push(await classify(...asked));
}
console.log(JSON.stringify(answers));
await classify.dispose();

// Asks POST /models/NAME through Hugging Face's client; prints what it returns as JSON.
//
//   node classify.mjs URL_OF_THE_MODEL SENTENCE
import { InferenceClient } from "@huggingface/inference";

const [endpointUrl, inputs] = process.argv.slice(2);
const client = new InferenceClient();
console.log(JSON.stringify(await client.textClassification({ endpointUrl, inputs, parameters: { top_k: 2 } })));

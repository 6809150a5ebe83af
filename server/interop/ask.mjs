// Asks POST /models/NAME through Hugging Face's client; prints what it returns as JSON.
//
//   node ask.mjs URL_OF_THE_MODEL textClassification '{"inputs": "A sentence."}'
import { InferenceClient } from "@huggingface/inference";

const [endpointUrl, method, request] = process.argv.slice(2);
const client = new InferenceClient();
console.log(JSON.stringify(await client[method]({ endpointUrl, ...JSON.parse(request) })));

#!/usr/bin/env python3
"""Asks `./ortune serve` with the clients that people have, in Python and JavaScript, and prints what they print.

    pip install huggingface_hub numpy tritonclient[http]; (cd server/interop && npm ci)
    server/interop/clients.py models/quickstart models/ner "we no go to the market ." "Wolfgang lives in Berlin ."
    server/interop/clients.py --answers models/squad --fill-mask models/pretrained --generation models/stories …

The first model classifies texts, the second words; the options name one of another task each, of which Hugging Face's clients ask the
same in both languages. It starts the server and ends it. A client that is not installed is left out by name; the exit code is 1
when one fails or when two of them are told different things.
"""

import argparse
import gzip
import json
import re
import subprocess
import sys
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
LISTENING = re.compile(r"Listening on (http://\S+?),? ")


def post(url, body, **headers):
    headers = {"Content-Type": "application/json"} | {name.replace("_", "-"): value for name, value in headers.items()}
    with urllib.request.urlopen(urllib.request.Request(url, body, headers)) as answer:
        content = answer.read()
        return json.loads(gzip.decompress(content) if answer.headers["Content-Encoding"] == "gzip" else content)


def text_embeddings_inference(url, text):
    """What its users post."""
    return [post(url + path, json.dumps(dict(inputs=text)).encode(), X_Model=text_model)[0]["label"]
            for path in ("/predict", "/", "/invocations")]


def packed(url, text):
    body = gzip.compress(json.dumps(dict(inputs=[text] * 20)).encode())
    answer = post(f"{url}/models/{text_model}", body, Content_Encoding="gzip", Accept_Encoding="gzip")
    return [best(answer[-1])]


def inference_client(url, text):
    from huggingface_hub import InferenceClient
    client = InferenceClient(f"{url}/models/{text_model}")
    base = InferenceClient(url, headers={"X-Model": text_model})
    return [best(client.text_classification(text)), best(base.text_classification(text))]


def inference_client_words(url, text):
    from huggingface_hub import InferenceClient
    client = InferenceClient(f"{url}/models/{word_model}")
    return [[(entity["entity_group"], entity["word"], entity["start"], entity["end"])
             for entity in client.token_classification(text, aggregation_strategy="simple")]]


def triton(url, text):
    import numpy as np
    import tritonclient.http as triton_http
    client = triton_http.InferenceServerClient(url.removeprefix("http://"))
    assert client.is_server_live() and client.is_server_ready() and client.is_model_ready(text_model)
    metadata = client.get_model_metadata(text_model)
    name, kind = metadata["inputs"][0]["name"], metadata["inputs"][0]["datatype"]
    labels = []
    for binary in (True, False):
        given = triton_http.InferInput(name, [1], kind)
        given.set_data_from_numpy(np.array([text.encode()], dtype=object), binary_data=binary)
        wanted = triton_http.InferRequestedOutput("label", binary_data=binary)
        label = client.infer(text_model, [given], outputs=[wanted]).as_numpy("label")[0]
        labels.append(label.decode() if isinstance(label, bytes) else label)
    return labels


def node(url, text):
    return [best(asked_by_node(f"{url}/models/{text_model}", "textClassification", dict(inputs=text)))]


def asked_by_node(url, method, request):
    command = ["node", HERE / "ask.mjs", url, method, json.dumps(request)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def answers(client, url):
    question, context = "When does the ferry leave?", "The ferry to the old harbour leaves at noon. It is 🚢 free."
    found = client.question_answering(question, context)
    by_node = asked_by_node(url, "questionAnswering", dict(inputs=dict(question=question, context=context)))
    return (found.answer, found.start, found.end), (by_node["answer"], by_node["start"], by_node["end"])


def fill_mask(client, url):
    text = "The ferry leaves at [MASK]."
    return ([entry.token_str for entry in client.fill_mask(text)],
            [entry["token_str"] for entry in asked_by_node(url, "fillMask", dict(inputs=text))])


def generation(client, url):
    """The client in JavaScript asks OpenAI's route, where tokens are drawn unless the temperature is 0."""
    text, most = "The ferry", 12
    by_node = asked_by_node(url, "textGeneration", dict(inputs=text, parameters=dict(max_new_tokens=most, temperature=0)))
    return client.text_generation(text, max_new_tokens=most, return_full_text=False), by_node["generated_text"]


def best(answer):
    value = lambda entry, key: entry[key] if isinstance(entry, dict) else getattr(entry, key)
    return value(max(answer, key=lambda entry: value(entry, "score")), "label")


CLIENTS = {"text-embeddings-inference's routes": text_embeddings_inference, "gzip both ways": packed,
           "huggingface_hub.InferenceClient": inference_client, "tritonclient.http, binary and JSON": triton,
           "@huggingface/inference": node}


# By the option that names a model: what asks it through both of Hugging Face's clients, and gives what either was told.
TASKS = dict(answers=answers, fill_mask=fill_mask, generation=generation)


def by_task(ask):
    def asked(url, model):
        from huggingface_hub import InferenceClient
        address = f"{url}/models/{model.name}"
        return list(ask(InferenceClient(address), address))
    return asked


def main():
    global text_model, word_model
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    for name in ("texts", "words"):
        parser.add_argument(name, type=Path, help=f"a model that classifies {name}")
    parser.add_argument("text")
    parser.add_argument("sentence")
    for name in TASKS:
        parser.add_argument("--" + name.replace("_", "-"), type=Path, metavar="MODEL")
    options = parser.parse_args()
    text_model, word_model = options.texts.name, options.words.name
    others = {name: model for name in TASKS if (model := getattr(options, name))}
    asking = [(name, ask, options.text) for name, ask in CLIENTS.items()]
    asking.append(("huggingface_hub.InferenceClient, words", inference_client_words, options.sentence))
    asking += [(f"both of Hugging Face's clients, {name.replace('_', '-')}", by_task(TASKS[name]), model)
               for name, model in others.items()]
    command = [ROOT / "ortune", "serve", options.texts, options.words, *others.values(), "--port", "0"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    told, failed = {}, False
    try:
        url = next(found[1] for line in server.stdout if (found := LISTENING.search(line)))
        for name, ask, about in asking:
            try:
                said = ask(url, about)
            except ImportError as missing:
                print(f"{name}: left out, {missing.name} is not installed")
                continue
            except Exception as failure:  # What the client says is what a user would see.
                print(f"{name}: FAILED: {failure!r}")
                failed = True
                continue
            print(f"{name}: {said}")
            told.setdefault(str(about), []).extend(said)
    finally:
        server.terminate()
        print(f"The server ended with {server.wait(30)}.")
    for about, said in told.items():
        if any(one != said[0] for one in said):
            print(f"{about}: they were told different things: {said}")
            failed = True
    sys.exit(failed)


if __name__ == "__main__":
    main()

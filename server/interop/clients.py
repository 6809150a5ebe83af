#!/usr/bin/env python3
"""Asks `./ortune serve` with the clients that people have, in Python and JavaScript, and prints what they print.

    pip install huggingface_hub numpy tritonclient[http]; (cd server/interop && npm ci)
    server/interop/clients.py models/quickstart models/ner "we no go to the market ." "Wolfgang lives in Berlin ."

The first model classifies texts, the second words. It starts the server and ends it. A client that is not installed is left out
by name; the exit code is 1 when one fails or when two of them are told different things.
"""

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
    command = ["node", HERE / "classify.mjs", f"{url}/models/{text_model}", text]
    return [best(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))]


def best(answer):
    value = lambda entry, key: entry[key] if isinstance(entry, dict) else getattr(entry, key)
    return value(max(answer, key=lambda entry: value(entry, "score")), "label")


CLIENTS = {"text-embeddings-inference's routes": text_embeddings_inference, "gzip both ways": packed,
           "huggingface_hub.InferenceClient": inference_client, "tritonclient.http, binary and JSON": triton,
           "@huggingface/inference": node}


def main():
    global text_model, word_model
    texts, words, text, sentence = sys.argv[1:]
    text_model, word_model = Path(texts).name, Path(words).name
    server = subprocess.Popen([ROOT / "ortune", "serve", texts, words, "--port", "0"], stdout=subprocess.PIPE, text=True)
    told, failed = {}, False
    try:
        url = next(found[1] for line in server.stdout if (found := LISTENING.search(line)))
        for name, ask in (*CLIENTS.items(), ("huggingface_hub.InferenceClient, words", inference_client_words)):
            try:
                answers = ask(url, sentence if ask is inference_client_words else text)
            except ImportError as missing:
                print(f"{name}: left out, {missing.name} is not installed")
                continue
            except Exception as failure:  # What the client says is what a user would see.
                print(f"{name}: FAILED: {failure!r}")
                failed = True
                continue
            print(f"{name}: {answers}")
            told |= {} if ask is inference_client_words else {str(answer): name for answer in answers}
    finally:
        server.terminate()
        print(f"The server ended with {server.wait(30)}.")
    if len(told) > 1:
        print(f"They were told different things: {told}")
    sys.exit(failed or len(told) > 1)


if __name__ == "__main__":
    main()

"""Stands in for the program of the peer Presage: the same lines, and words that end it."""

import json
import os
import sys

learned: list[str] = []
most = int(dict(option.split("=", 1) for option in sys.argv[1:])["SUGGESTIONS"])


def predict(text: str) -> dict[str, object]:
    if "abort" in text:
        os.abort()
    if "error" in text:
        return {"error": "presage_predict answered with error 9"}
    begun = text.rsplit(maxsplit=1)[-1] if text[-1:].strip() else ""
    words = dict.fromkeys(word for word in learned if word.startswith(begun) and word != begun)
    texts = [word[len(begun) :] for word in words][:most]
    return {"texts": texts, "ms": 2.0, "processor_ms": 1.0}


print(json.dumps({"library": "libpresage.so.0", "settings": {"lowercase_mode": "yes"}}), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    answer: dict[str, object] = {}
    match request["do"]:
        case "learn":
            if "abort" in request["text"]:
                os.abort()
            learned += request["text"].split()
        case "predict":
            answer = predict(request["text"])
            if request["text"].endswith("\n"):
                learned += request["text"].split()
        case "resident":
            answer = {"bytes": 1000}
    print(json.dumps(answer), flush=True)

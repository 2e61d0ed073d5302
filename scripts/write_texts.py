"""Lets a model write texts, to train a smaller one on what its own texts do not cover.

usage: python -m scripts.write_texts CHECKPOINT.dense.safetensors OUTPUT.jsonl.gz [COUNT [SEED]]

Half of the texts begin as the model likes, half as mails, chat and tickets do. Weights that were
healed on one kind of writing alone are worse at all others (docs/decisions/0022). OUTPUT's rows
join those of a mix: cat MIX.jsonl.gz OUTPUT.jsonl.gz > BOTH.jsonl.gz. Needs torch; 1,000 texts of
256 tokens take some minutes.
"""

import gzip
import json
import random
import sys
import time
from pathlib import Path

import torch
import torch.nn.functional as functional
from torch import Tensor

from foretype import _core
from foretype.compress.network import Network
from foretype.model.atomic import atomic_write
from foretype.model.dense_model import DenseModel, read_dense

LENGTH = 256  # tokens
AT_ONCE = 250  # texts
LIKELIEST = 0.9  # tokens that make up so much of the probability may come
MOST = 512  # of them
NAMES = (
    "Anna Ben Carla David Ellen Farid Grace Henry Ines Jonas Kim Laura Mark Nadia Omar Paula "
    "Rachel Sam Tina Victor Wei Yusuf Zoe Peter Julia Raj Maria Tom"
).split()
OPENINGS = (
    "Hi {name},\n\n",
    "Hi {name}, ",
    "Hello {name},\n\nThank you for",
    "Dear {name},\n\n",
    "Dear all,\n\n",
    "Hi all,\n\nA quick",
    "{name},\n\n",
    "{name} - ",
    "{name}: can you",
    "Thanks, {name}. ",
    "Thanks for",
    "Thank you, {name}! I",
    "Subject: ",
    "Re: ",
    "Fwd: ",
    "Sorry for the late reply, ",
    "Please ",
    "Please see",
    "Can we ",
    "Could you ",
    "Do you ",
    "Did you ",
    "Will you ",
    "Are you ",
    "When ",
    "What do you think about",
    "I ",
    "I'm ",
    "I am ",
    "I'll ",
    "I will be ",
    "I think ",
    "I just ",
    "I spoke with {name} ",
    "I talked to ",
    "I don't ",
    "We ",
    "We need to ",
    "We should ",
    "Let me know ",
    "Let's ",
    "Just a ",
    "Following up on ",
    "As discussed, ",
    "Attached is ",
    "Here is ",
    "Below are ",
    "FYI, ",
    "Ok. ",
    "Yes, ",
    "No, ",
    "Great, ",
    "Got it. ",
    "Good morning, ",
    "See you ",
    "Any news on ",
    "Not sure ",
    "That's ",
    "This is ",
    "It ",
    "It looks like ",
    "There is ",
    "They ",
    "He ",
    "She ",
    "My ",
    "Our ",
    "The ",
    "The meeting ",
    "The report ",
    "The customer ",
    "Steps to reproduce:\n\n1. ",
    "When I click ",
    "Since the update, ",
    "<{name}> ",
    "{name}: hey, ",
    "Notes from the call with {name}\n\n- ",
    "Agenda\n\n1. ",
    "To do:\n- ",
    "Summary\n\n",
    "Call me ",
    "{name} called. ",
    "How ",
    "If ",
    "On Monday ",
    "Tomorrow ",
    "Happy to ",
    "Congratulations ",
    "Per ",
    "Also, ",
    "One more thing: ",
    "Would ",
    "Who ",
    "Why ",
    "Where ",
)


def main() -> None:
    """Writes the file, whole or not at all."""
    if not 3 <= len(sys.argv) <= 5:
        sys.exit(__doc__)
    count, seed = (int(text) for text in [*sys.argv[3:], *("1000", "1")[len(sys.argv) - 3 :]])
    model = read_dense(Path(sys.argv[1]))
    tokenizer = _core.Tokenizer(
        model.vocabulary.tokens, model.vocabulary.merges, model.vocabulary.specials
    )
    random.seed(seed)
    torch.manual_seed(seed)
    openings = [_opening() if number % 2 else "" for number in range(count)]
    rows = []
    begun = time.monotonic()
    for first in range(0, count, AT_ONCE):
        part = openings[first : first + AT_ONCE]
        prompts = [[model.config.begin_token, *tokenizer.encode(text.encode())] for text in part]
        for tokens in _write(model, prompts):
            text = b"".join(model.vocabulary.tokens[token] for token in tokens[1:])
            rows.append(text.decode("utf-8", "replace"))
        left = (time.monotonic() - begun) / len(rows) * (count - len(rows))
        print(f"{len(rows)} of {count} texts, {left / 60:.1f} min left", file=sys.stderr)
    with atomic_write(Path(sys.argv[2])) as file:
        lines = [_row(model, text) for text in rows if text.strip()]
        file.write(gzip.compress("".join(lines).encode(), mtime=0))


def beginnings() -> list[str]:
    """All that a mail, a chat or a ticket may begin with."""
    return [opening.format(name=name).rstrip(" ") for opening in OPENINGS for name in NAMES]


def _opening() -> str:
    return random.choice(OPENINGS).format(name=random.choice(NAMES)).rstrip(" ")


def _row(model: DenseModel, text: str) -> str:
    row = {"source": f"written by {model.name}", "license": model.licence, "kind": "model"}
    return json.dumps({**row, "text": text}) + "\n"


@torch.no_grad()
def _write(model: DenseModel, prompts: list[list[int]]) -> list[list[int]]:
    """Tokens of each text, up to its end or LENGTH."""
    weights = {name: torch.from_numpy(each) for name, each in model.weights.items()}
    cached = Cached(Network(model.config, weights), len(prompts))
    texts = [list(prompt) for prompt in prompts]
    ended = [False] * len(prompts)
    now = torch.tensor([prompt[0] for prompt in prompts])
    specials = set(model.vocabulary.specials)
    for place in range(LENGTH):
        with torch.autocast("cpu", torch.bfloat16):
            logits = cached.step(now, place)
        drawn = _draw(logits.float()).tolist()
        for number, text in enumerate(texts):
            if place + 1 < len(prompts[number]):
                drawn[number] = prompts[number][place + 1]
            elif not ended[number] and drawn[number] not in specials:
                text.append(drawn[number])
            else:
                ended[number] = True
        if all(ended):
            break
        now = torch.tensor(drawn)
    return texts


def _draw(logits: Tensor) -> Tensor:
    values, order = logits.softmax(-1).topk(min(MOST, logits.shape[-1]))
    values = values.masked_fill(values.cumsum(-1) - values > LIKELIEST, 0)
    return order.gather(1, values.multinomial(1))[:, 0]


class Cached:
    """One token of each text at a time, with keys and values kept."""

    def __init__(self, network: Network, count: int) -> None:
        config = network.config
        self._network = network
        shape = (config.layers, 2, count, config.kv_heads, LENGTH, config.head_width)
        self._kept = torch.zeros(shape, dtype=torch.bfloat16)
        self._rotation = network.rotation(LENGTH, torch.zeros(1))

    def step(self, tokens: Tensor, place: int) -> Tensor:
        """[B] -> logits [B, V]."""
        network = self._network
        x = network.embed(tokens)[:, None]
        for layer in range(network.config.layers):
            x = x + self._attention(layer, x, place)
            x = x + network.ffn(f"layers.{layer}.ffn.", x)
        return network.logits(network.normed("final_norm", x))[:, 0]

    def _attention(self, layer: int, x: Tensor, place: int) -> Tensor:
        network, prefix = self._network, f"layers.{layer}.attention."
        x = network.normed(prefix + "norm", x)
        query, key, value = (
            network.linear(prefix + part, x).unflatten(-1, (-1, 64)).transpose(1, 2)
            for part in ("query", "key", "value")
        )
        cosine, sine = (each[place] for each in self._rotation)
        self._kept[layer, 0, :, :, place] = _turned(key, cosine, sine)[:, :, 0]
        self._kept[layer, 1, :, :, place] = value[:, :, 0]
        shared = network.config.heads // network.config.kv_heads
        keys, values = self._kept[layer, :, :, :, : place + 1]
        query = _turned(query, cosine, sine)[:, :, 0].unflatten(1, (-1, shared))  # [B, K, s, 64]
        mixed = functional.scaled_dot_product_attention(query.bfloat16(), keys, values)
        return network.linear(prefix + "output", mixed.flatten(1)[:, None].to(x.dtype))


def _turned(x: Tensor, cosine: Tensor, sine: Tensor) -> Tensor:
    first, second = x.chunk(2, -1)
    return torch.cat((first * cosine - second * sine, second * cosine + first * sine), -1)


if __name__ == "__main__":
    main()

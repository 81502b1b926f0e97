"""The windows of `reader_data.py` as tensors.

A window is `[CLS] question [SEP] heading · passage [SEP]`, and its targets are the places of the answer's first and
last piece: 0, that of `[CLS]`, where it is not said, `UNKNOWN` where nobody looked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

LONGEST = 384  # word pieces of a window; lengths are padded to multiples of 32
UNKNOWN = -100
OPENING, SEPARATOR = 101, 102  # in BERT's vocabulary
PARTS = ("train", "held", "others", "altered", "public")
Rows = NDArray[np.int64]


class Batch(NamedTuple):
    """Windows side by side, each of shape ``(windows, length)`` but ``targets``: ``(windows, 2)``."""

    ids: Tensor
    types: Tensor
    attention: Tensor
    allowed: Tensor  # where a span may start or end: `[CLS]` and the passage without its heading
    targets: Tensor


@dataclass(frozen=True)
class Pieces:
    """Word pieces of all texts and all questions, one after the other."""

    texts: Tensor
    sentences: NDArray[np.uint8]  # number of each piece's sentence within its text
    questions: Tensor
    questions_where: Rows


@dataclass(frozen=True)
class Windows:
    """Some of the windows: each field one number a window.

    Attributes:
        question, whole: number of the question as asked, and made whole.
        begin, end: the pieces of the text that are shown, among those of all texts.
        heading: how many of them are headings.
        first, last: of the answer, among the pieces shown; -1: not there, -2: nobody looked.
        group: windows of one question; -1: of none.
    """

    pieces: Pieces
    question: Rows
    whole: Rows
    begin: Rows
    end: Rows
    heading: Rows
    first: Rows
    last: Rows
    group: Rows

    @classmethod
    def load(cls, path: Path, device: torch.device) -> dict[str, Windows]:
        """The windows of each part."""
        held = np.load(path)
        pieces = Pieces(
            torch.from_numpy(held["pieces"].astype(np.int64)).to(device),
            held["sentences"],
            torch.from_numpy(held["questions"].astype(np.int64)).to(device),
            held["questions_where"].astype(np.int64),
        )
        rows, where = held["windows"].astype(np.int64), held["where"].astype(np.int64)
        found = {}
        for number, name in enumerate(PARTS):
            question, whole, text, first, last, group, _ = rows[rows[:, 6] == number].T
            headings = held["headings"].astype(np.int64)[text]
            found[name] = cls(pieces, question, whole, where[text], where[text + 1], headings, first, last, group)
        return found

    def __len__(self) -> int:
        return len(self.question)

    def __getitem__(self, rows: Rows | NDArray[np.bool_]) -> Windows:
        taken = {name: getattr(self, name)[rows] for name in self.__dataclass_fields__ if name != "pieces"}
        return Windows(self.pieces, **taken)

    def __add__(self, other: Windows) -> Windows:
        names = [name for name in self.__dataclass_fields__ if name != "pieces"]
        both = {name: np.concatenate([getattr(self, name), getattr(other, name)]) for name in names}
        return Windows(self.pieces, **both)

    @property
    def lengths(self) -> Rows:
        """Word pieces of each, those around question and text included."""
        where = self.pieces.questions_where
        whole = 3 + where[self.question + 1] - where[self.question] + self.end - self.begin
        lengths: Rows = np.minimum(whole, LONGEST)
        return lengths

    def groups(self) -> list[Rows]:
        """The rows of each group."""
        order = np.argsort(self.group, kind="stable")
        return np.split(order, np.flatnonzero(np.diff(self.group[order])) + 1)

    def alone(self, pieces: Rows) -> Windows:
        """Windows of one sentence, that around the given piece, without headings, asked the question made whole.

        Args:
            pieces: among the pieces of all texts.
        """
        sentences = self.pieces.sentences
        begin, end = pieces.copy(), pieces + 1
        for row, piece in enumerate(pieces):
            while begin[row] > self.begin[row] + self.heading[row] and sentences[begin[row] - 1] == sentences[piece]:
                begin[row] -= 1
            while end[row] < self.end[row] and sentences[end[row]] == sentences[piece]:
                end[row] += 1
        moved = self.begin - begin
        first, last = (np.where(each >= 0, each + moved, each) for each in (self.first, self.last))
        gone = (self.first >= 0) & ((first < 0) | (last >= end - begin))
        first, last = np.where(gone, -1, first), np.where(gone, -1, last)
        nothing = np.zeros_like(begin)
        return replace(
            self, question=self.whole, begin=begin, end=end, heading=nothing, first=first, last=last, group=nothing - 1
        )

    def batch(self) -> Batch:
        """All of these windows, what is longer than `LONGEST` cut off at its end."""
        device, lengths = self.pieces.texts.device, self.lengths
        where = self.pieces.questions_where
        asked = where[self.question + 1] - where[self.question]
        place = torch.arange(-(-int(lengths.max()) // 32) * 32, device=device)[None]

        def column(numbers: Rows) -> Tensor:
            return torch.from_numpy(np.ascontiguousarray(numbers)).to(device)[:, None]

        question, length = column(asked), column(lengths)
        inside = (place >= question + 2) & (place < length - 1)
        texts, questions = self.pieces.texts, self.pieces.questions
        ids = questions[(column(where[self.question]) + place - 1).clamp(0, len(questions) - 1)]
        ids = torch.where((place >= 1) & (place <= question), ids, 0)
        ids = torch.where(inside, texts[(column(self.begin) + place - question - 2).clamp(0, len(texts) - 1)], ids)
        ids = torch.where(place == 0, OPENING, ids)
        ids = torch.where((place == question + 1) | (place == length - 1), SEPARATOR, ids)
        targets = np.stack([self.first, self.last], axis=1)
        targets = np.where(targets >= 0, targets + asked[:, None] + 2, np.where(targets == -1, 0, UNKNOWN))
        targets[(targets >= lengths[:, None] - 1).any(axis=1) | (targets == UNKNOWN).any(axis=1)] = UNKNOWN
        return Batch(
            ids,
            ((place >= question + 2) & (place < length)).long(),
            place < length,
            (inside & (place >= question + 2 + column(self.heading))) | (place == 0),
            torch.from_numpy(targets).to(device),
        )


def batches(windows: Windows, size: int, draw: np.random.Generator) -> Iterator[Rows]:
    """Rows of windows of like length, for ever."""
    while True:
        order = np.argsort(windows.lengths // 32 + draw.random(len(windows)) / 2)
        found = [order[at : at + size] for at in range(0, len(order), size)]
        draw.shuffle(found)
        yield from found


def group_batches(windows: Windows, size: int, of_each: int, draw: np.random.Generator) -> Iterator[Rows]:
    """Rows of whole groups of like length, ``of_each`` windows of every one, for ever."""
    groups, lengths = windows.groups(), windows.lengths
    while True:
        taken = [_some(windows, rows, of_each, draw) for rows in groups]
        order = np.argsort([lengths[rows].max() // 32 + draw.random() / 2 for rows in taken])
        count = max(1, size // of_each)
        found = [np.concatenate([taken[n] for n in order[at : at + count]]) for at in range(0, len(order), count)]
        draw.shuffle(found)
        yield from found


def _some(windows: Windows, rows: Rows, count: int, draw: np.random.Generator) -> Rows:
    """``count`` windows of a group: up to two that answer, then others, the better ranked more often."""
    right, others = rows[windows.first[rows] >= 0][:2], rows[windows.first[rows] < 0]
    wanted = count - len(right)
    if len(others) > wanted:
        chances = 1 / (3 + np.arange(len(others)))
        others = draw.choice(others, wanted, replace=False, p=chances / chances.sum())
    taken = np.concatenate([right, others])
    return taken if len(taken) == count else np.concatenate([taken, draw.choice(taken, count - len(taken))])


def likeliest_sentences(windows: Windows) -> Rows:
    """A piece of each passage: of the sentence that has most of the question's pieces, for its length."""
    texts, questions = windows.pieces.texts.cpu().numpy(), windows.pieces.questions.cpu().numpy()
    where, found = windows.pieces.questions_where, []
    for begin, end, whole in zip(windows.begin + windows.heading, windows.end, windows.whole, strict=True):
        numbers = windows.pieces.sentences[begin:end].astype(int)
        asked = np.isin(texts[begin:end], questions[where[whole] : where[whole + 1]])
        shares = np.bincount(numbers, weights=asked) / (8 + np.bincount(numbers))
        found.append(begin + int(np.argmax(numbers == shares.argmax())))
    return np.array(found)


def kinds(sources: dict[str, Iterator[Rows]], shares: Sequence[float], draw: np.random.Generator) -> Iterator[str]:
    """Names of the sources, drawn by their shares."""
    names, chances = list(sources), np.array(shares) / sum(shares)
    while True:
        yield names[draw.choice(len(names), p=chances)]

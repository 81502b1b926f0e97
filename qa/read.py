"""Query and passages -> scored spans: the words that answer, and how sure that they do."""

from __future__ import annotations

import json
import os
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from index.chunk import statements
from index.embed import MODEL_FOLDER as EMBEDDER_FOLDER
from index.release import Span
from index.store import Passage
from qa.confidence import Calibration, Found, Grounds
from qa.scored import ScoredSpan, sentence_around
from qa.told import told
from qa.whole import whole

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

MODEL_FOLDER = Path(__file__).parent / "model"
MOST_QUESTION, MOST_HEADING, MOST_WINDOW = 96, 60, 448  # word pieces
OVERLAP = 96  # word pieces that two windows of a long passage share
MOST_ANSWER = 40  # word pieces
STUDIED = (0.05, 0.2)  # the likeliest span, and the next, are studied from these chances at a glance on
HOPELESS = -16.0  # of a span with less margin the sentence is not read alone
BARE = 0.4  # what a passage without its headings weighs when the span is chosen, beside 0.6 under them
ALONE = 0.4  # what the sentence alone weighs beside both


class Reader(Protocol):
    """Finds the answering spans in passages, best first. No spans means that nothing there can answer."""

    def __call__(self, query: str, passages: Sequence[Passage], question: str = "") -> list[ScoredSpan]:
        """Spans that may answer ``query``, best first.

        Args:
            query: may have the conversation in front.
            question: the same made whole in one sentence; the query if not given.
        """
        ...


class SpanReader:
    """The trained reader (MiniLM made deeper, with span heads, int8 ONNX): the best span of each passage.

    Its first layers glance at all passages; the others study the likeliest, three times over: under its headings,
    without them, and the sentence of the span alone. Loaded on first use. Each window runs alone
    and unpadded, on all cores side by side: int8 activations are scaled per tensor, so that in a batch a score would
    depend on its neighbours. See docs/decisions.md.

    Args:
        folder: the model, as ``training/export_reader.py`` writes it.
        most: passages that are read, best first.
        threads: windows read at the same time; all cores if not given.
    """

    def __init__(self, folder: Path = MODEL_FOLDER, *, most: int = 12, threads: int | None = None) -> None:
        self._folder = folder
        self.most = most
        self._threads = threads or os.cpu_count() or 1

    @cached_property
    def _facts(self) -> dict[str, Any]:
        facts: dict[str, Any] = json.loads((self._folder / "MODEL.json").read_text("utf-8"))
        return facts

    @cached_property
    def calibration(self) -> Calibration:
        """The model's own, from its MODEL.json."""
        return Calibration.of(self._facts["calibration"])

    @cached_property
    def at_a_glance(self) -> Calibration:
        """That of spans which were only glanced at."""
        return Calibration.of(self._facts["glance"])

    def probability(self, passage: Passage, found: Found | None) -> float:
        """How sure it is that a span of this passage answers; 0 for none."""
        if found is None:
            return 0.0
        curve = self.at_a_glance if found.margin is None else self.calibration
        return curve.probability(Grounds.of(passage, found))

    @property
    def threshold(self) -> float:
        """Least confidence of an answer, unless another risk is asked for."""
        return float(self._facts["threshold"])

    def threshold_for(self, risk: float) -> float:
        """Least confidence with which at most a share of ``risk`` of the answers given was wrong.

        Measured on questions kept out of training, a part of them without an answer.

        Raises:
            ValueError: the reader is never that sure; the message says how sure it gets.
        """
        reached = [(known, threshold) for known, threshold in self._facts["risks"] if known <= risk]
        if not reached:
            least = min((known for known, _ in self._facts["risks"]), default=1.0)
            raise ValueError(f"a risk of {risk:g} is not to be had: at its surest the reader is wrong in {least:g}")
        return float(max(reached)[1])

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(EMBEDDER_FOLDER / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return tokenizer

    @cached_property
    def _ends(self) -> tuple[int, int]:
        """What stands before and after each text."""
        first, last = (self._pieces(token)[0] for token in ("[CLS]", "[SEP]"))
        return first, last

    @cached_property
    def _models(self) -> _Models:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # the pool runs windows side by side
        options.log_severity_level = 3
        files = (self._folder / f"{name}.onnx" for name in _Models._fields)
        cpu = ["CPUExecutionProvider"]
        return _Models(*(onnxruntime.InferenceSession(file, options, providers=cpu) for file in files))

    @cached_property
    def _pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(self._threads, thread_name_prefix="read")

    def __call__(self, query: str, passages: Sequence[Passage], question: str = "") -> list[ScoredSpan]:
        """The best span of each passage, best first."""
        read = passages[: self.most]
        spans = [
            _scored(passage, span, self.probability(passage, span))
            for passage, span in zip(read, self.find(query, read, question), strict=True)
            if span
        ]
        return sorted(told(query, question or query, passages, spans), key=lambda candidate: -candidate.score)

    def find(
        self,
        query: str,
        passages: Sequence[Passage],
        question: str = "",
        *,
        least: Sequence[float] = STUDIED,
    ) -> list[Found | None]:
        """The best span of each passage, in the order of the passages; None where there is no text to read.

        It is looked for with ``query``. Its sentence alone is read with ``question``, the same made whole, or the query
        if not given: a conversation in front of one sentence drowns it (docs/log.md).

        Args:
            least: see `study_likeliest`.
        """
        # With the conversation in front, the question comes last.
        searched, alone = (self._pieces(text)[-MOST_QUESTION:] for text in (query, question or query))
        _ = self._models, self._ends  # made once, before the threads ask for them
        seen = list(self._pool.map(lambda passage: self._glance(searched, passage), passages))
        found = [look and look.found for look in seen]

        def study(numbers: list[int]) -> list[float]:
            looks = {n: look for n in numbers if (look := seen[n])}
            bare = self._pool.map(partial(self._bare, searched), looks.values())  # both begin at once
            under_headings = self._pool.map(
                lambda look: self._last_layers(look.hidden, len(look.pieces)), looks.values()
            )
            spans = self._pool.map(partial(self._study, alone), looks.values(), list(under_headings), list(bare))
            for n, span in zip(looks, spans, strict=True):
                found[n] = span
            return [self.probability(passages[n], found[n]) for n in numbers]

        study_likeliest([self.probability(*each) for each in zip(passages, found, strict=True)], study, least)
        return found

    def _pieces(self, text: str) -> list[int]:
        ids: list[int] = self._tokenizer.encode(text, add_special_tokens=False).ids
        return ids

    def _glance(self, query: list[int], passage: Passage) -> _Look | None:
        release, within, text = passage.chunk.release, passage.chunk.span, passage.chunk.text
        heading = self._pieces(passage.chunk.heading)[:MOST_HEADING]
        encoded = self._tokenizer.encode(text, add_special_tokens=False)
        ends = [each.end - within.start for each in statements(release, within)]
        best: _Look | None = None
        for begin, pieces in _windows(encoded.ids, MOST_WINDOW - len(query) - len(heading) - 3):
            offsets = encoded.offsets[begin : begin + len(pieces)]
            hidden, margins = self._first_layers(query, heading, pieces)
            places = _places(text, [start for start, _ in offsets], ends)
            first, last, margin = _best_span(margins, places)
            if best is None or margin > best.found.glance:
                found = Found(*whole(text, offsets[first][0], offsets[last][1]), margin)
                best = _Look(passage, found, hidden, pieces, offsets, places)
        return best

    def _bare(self, query: list[int], look: _Look) -> NDArray[np.float32]:
        """The margins in a passage, read without its headings; but no table says anything without those."""
        hidden = look.hidden if look.is_table else self._first_layers(query, [], look.pieces)[0]
        return self._last_layers(hidden, len(look.pieces))

    def _study(
        self, question: list[int], look: _Look, margins: NDArray[np.float32], bare: NDArray[np.float32]
    ) -> Found:
        """The span that stands out by its margins in the passage, there without headings, and in its sentence alone."""
        import numpy as np

        mixed = (1 - BARE) * margins + BARE * bare
        first, last, _ = _best_span(mixed, look.places)
        margin = float(margins[first, 0] + margins[last, 1])
        if margin < HOPELESS or look.is_table:  # a row alone does not tell one column from the other
            return Found(*_widened(look, first, last), look.found.glance, margin, alone=margin)
        begin, end = _sentence_of(look, first, last, MOST_WINDOW - len(question) - 3)
        hidden, _ = self._first_layers(question, [], look.pieces[begin:end])
        alone = np.full_like(margins, -np.inf)
        alone[begin:end] = self._last_layers(hidden, end - begin)
        first, last, _ = _best_span(mixed + np.float32(ALONE) * alone, look.places)
        margin, in_sentence = (float(each[first, 0] + each[last, 1]) for each in (margins, alone))
        return Found(*_widened(look, first, last), look.found.glance, margin, in_sentence)

    def _first_layers(
        self, question: list[int], heading: list[int], pieces: list[int]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Hidden states, shape (1, length, 384), and margins as of `_margins`."""
        import numpy as np

        opening, separator = self._ends
        before = [opening, *question, separator]
        ids = [*before, *heading, *pieces, separator]
        types = [0] * len(before) + [1] * (len(ids) - len(before))
        inputs = {"input_ids": np.array([ids], np.int64), "token_type_ids": np.array([types], np.int64)}
        hidden, scores = self._models.glance.run(None, inputs)
        return hidden, _margins(scores, len(pieces))

    def _last_layers(self, hidden: NDArray[np.float32], count: int) -> NDArray[np.float32]:
        return _margins(self._models.study.run(None, {"hidden": hidden})[0], count)


def study_likeliest(
    chances: Sequence[float], study: Callable[[list[int]], Sequence[float]], least: Sequence[float] = STUDIED
) -> list[float]:
    """Study the likeliest of some spans, and then those that have become so, until the likeliest are studied.

    Args:
        chances: of each, from 0 to 1.
        study: gives new chances of these numbers.
        least: the likeliest is not studied below the first of these chances, the next not below the second, and so on;
            as many as there are of them in all.

    Returns:
        The chances as they are then.

    >>> study_likeliest([0.9, 0.1, 0.8, 0.01], lambda numbers: [0.04] * len(numbers), least=[0.05])
    [0.04, 0.04, 0.04, 0.01]
    """
    chances, glanced = list(chances), set(range(len(chances)))
    while True:
        likeliest = sorted(range(len(chances)), key=lambda n: -chances[n])
        wanted = [n for n, lowest in zip(likeliest, least, strict=False) if n in glanced and chances[n] >= lowest]
        if not wanted:
            return chances
        for n, chance in zip(wanted, study(wanted), strict=True):
            chances[n] = chance
        glanced -= set(wanted)


class _Models(NamedTuple):
    """The two halves of the reader, as sessions of onnxruntime."""

    glance: Any
    study: Any


class _Look(NamedTuple):
    """What a glance at a passage gave: of the window with the best span, if it is a long one."""

    passage: Passage
    found: Found
    hidden: NDArray[np.float32]  # states that the other layers go on from
    pieces: list[int]  # that were read
    offsets: list[tuple[int, int]]  # characters of each
    places: list[int]  # see _places

    @property
    def is_table(self) -> bool:
        """Whether any of it is in the cells of a table."""
        return "\t" in self.passage.chunk.text


def _margins(scores: NDArray[np.float32], count: int) -> NDArray[np.float32]:
    """By how much each of the last ``count`` pieces, as start and as end of a span, is above "not said here".

    Shape (count, 2). The first piece of all stands for "not said here"; start and end have half of it each, so that a
    span's margin is the sum of two numbers.
    """
    margins: NDArray[np.float32] = scores[-1 - count : -1] - scores[0].sum() / 2
    return margins


def _best_span(margins: NDArray[np.float32], places: list[int]) -> tuple[int, int, float]:
    """First and last piece of the span with the greatest margin, and that. It stays in one place."""
    import numpy as np

    spans = margins[:, None, 0] + margins[None, :, 1]
    longer = np.arange(len(places)) - np.arange(len(places))[:, None]  # by how many pieces than one
    allowed = (longer >= 0) & (longer < MOST_ANSWER) & np.equal.outer(places, places)
    first, last = np.unravel_index(np.where(allowed, spans, -np.inf).argmax(), spans.shape)
    return int(first), int(last), float(spans[first, last])


def _widened(look: _Look, first: int, last: int) -> tuple[int, int]:
    return whole(look.passage.chunk.text, look.offsets[first][0], look.offsets[last][1])


def _sentence_of(look: _Look, first: int, last: int, room: int) -> tuple[int, int]:
    """First piece, and one past the last, of the sentence around a span; of one longer than ``room`` a part."""
    within = look.passage.chunk.span
    start, end = _widened(look, first, last)
    sentence = sentence_around(look.passage, Span(within.release_id, within.start + start, within.start + end))
    start, end = sentence.start - within.start, sentence.end - within.start
    own = [n for n, (begin, stop) in enumerate(look.offsets) if begin < end and start < stop]
    begin, stop = min([first, *own]), max([last, *own]) + 1
    if stop - begin > room:
        begin = max(begin, last + 1 - room)  # what comes after the span goes first
    return begin, min(stop, begin + room)


def _scored(passage: Passage, found: Found, score: float) -> ScoredSpan:
    within = passage.chunk.span
    span = Span(passage.chunk.release.id, within.start + found.start, within.start + found.end)
    return ScoredSpan(span, sentence_around(passage, span), score, passage)


def _windows(pieces: list[int], size: int) -> Iterator[tuple[int, list[int]]]:
    """The pieces, or parts of them that overlap, each with the place of its first piece."""
    for begin in range(0, max(len(pieces) - OVERLAP, min(1, len(pieces))), size - OVERLAP):
        yield begin, pieces[begin : begin + size]


def _places(text: str, starts: list[int], ends: list[int]) -> list[int]:
    """For each piece a number that it shares with the pieces of its sentence and, in a table, of its cell.

    Args:
        starts: first character of each piece, in order.
        ends: one past the last character of each sentence, in order.

    >>> _places("Loss\\t(2)", [0, 5, 6], [8]), _places("A. B c", [0, 1, 3, 5], [2, 6])
    ([0, 1, 1], [0, 0, 1, 1])
    """
    places, at = [], 0
    for before, start in zip([0, *starts], starts, strict=False):
        at += text.count("\t", before, start) + bisect_right(ends, start) - bisect_right(ends, before)
        places.append(at)
    return places

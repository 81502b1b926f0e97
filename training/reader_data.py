"""Windows to train the reader on: a question, a passage with its heading, and where in it the answer stands.

    python training/reader_data.py --index DIR --questions FILE [...] --reading FOLDER --held FILE --out windows.npz

Our questions with the passages that are really retrieved for them; the same, one thing in them changed so that the
passage does not answer; the same put to other issuers, of which only a teacher can say what answers them; and public
reading sets. The index must hold the releases that the questions are about. Public sets are read as they come; every
fourth of SQuAD's articles, by title, is kept out for measuring.

Which of our questions are kept out for calibration is written to HELD, and read from there where it exists.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import repeat
from pathlib import Path
from typing import Any

import numpy as np
from alter_questions import altered
from numpy.typing import NDArray
from tokenizers import Tokenizer

from eval.example import Example, locate, read_examples
from index.chunk import statements
from index.embed import MODEL_FOLDER as EMBEDDER_FOLDER
from index.release import Span
from index.store import Passage
from qa import Assistant
from qa.company import short_name
from qa.retrieve import Filters

KEPT_OUT = 7  # every seventh run of 20 questions, so that questions on one release stay together
OTHER_ISSUERS = 3  # that a question is put to
RUN = 500  # questions that one process reads together
MOST_QUESTION, MOST_HEADING, MOST_TEXT = 80, 60, 440  # word pieces; a question may have the conversation in front
MOST_CHARACTERS = 1_400  # of a public text: about 300 word pieces
HEADING = 255  # where the numbers of sentences stand


@dataclass(frozen=True, slots=True)
class Window:
    """One training example."""

    source: str
    question: str
    heading: str
    text: str
    start: int | None = None  # characters of the answer in text; None: it is not there
    end: int | None = None
    group: int | None = None  # windows of one question, whose scores are to be compared
    is_known: bool = True  # False: it may well stand there, nobody looked
    whole: str | None = None  # the question made whole, to be asked of a sentence alone
    sentences: tuple[tuple[int, int], ...] = ()  # characters of text


def squad_like(path: Path, source: str, kept_out: bool = False) -> Iterator[Window]:
    """Questions of a file in SQuAD's form, the part kept out for measuring or all the rest."""
    articles = json.loads(path.read_text("utf-8"))["data"]
    titles = sorted({article.get("title", "") for article in articles})
    measured = set(titles[::4]) if source.startswith("squad") and len(titles) > 8 and "shifts" not in source else set()
    for article in articles:
        if (article.get("title", "") in measured) is not kept_out:
            continue
        for paragraph in article["paragraphs"]:
            for question in paragraph["qas"]:
                yield from _squad_window(source, question, paragraph["context"])


def _squad_window(source: str, question: dict[str, Any], text: str) -> Iterator[Window]:
    answers = question.get("answers") or []
    if not answers:
        yield Window(source, question["question"], "", text)
        return
    answer, start = answers[0]["text"], answers[0]["answer_start"]
    if text[start : start + len(answer)] != answer:
        start = text.find(answer)
    if start >= 0 and answer:
        yield Window(source, question["question"], "", text, start, start + len(answer))


def tatqa(path: Path) -> Iterator[Window]:
    """Questions on financial reports whose answer is one span of a paragraph."""
    for report in json.loads(path.read_text("utf-8")):
        for question in report["questions"]:
            if question["answer_type"] != "span" or question["answer_from"] != "text" or len(question["answer"]) != 1:
                continue
            answer = question["answer"][0]
            for paragraph in report["paragraphs"]:
                start = paragraph["text"].find(answer)
                if start >= 0:
                    yield Window("tatqa", question["question"], "", paragraph["text"], start, start + len(answer))
                    break


def fincausal(path: Path) -> Iterator[Window]:
    """Questions on causes and effects in financial reports."""
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter=";"):
            start = row["Text"].find(row["Answer"])
            if start >= 0 and row["Answer"]:
                yield Window("fincausal", row["Question"], "", row["Text"], start, start + len(row["Answer"]))


def qed(path: Path) -> Iterator[Window]:
    """Questions that people typed into a search engine, without capitals or question mark."""
    for line in path.read_text("utf-8").splitlines():
        found = json.loads(line)
        spans = found["original_nq_answers"][0]
        if len(spans) == 1 and found["paragraph_text"][spans[0]["start"] : spans[0]["end"]] == spans[0]["string"]:
            question, text = found["question_text"], found["paragraph_text"]
            yield Window("qed", question, found["title_text"], text, spans[0]["start"], spans[0]["end"])


def swapped(windows: list[Window], count: int, draw: random.Random) -> Iterator[Window]:
    """Questions beside a neighbouring paragraph that does not hold their answer."""
    for at in draw.sample(range(len(windows) - 12), count):
        window = windows[at]
        other = next((w for w in windows[at + 1 : at + 12] if w.text != window.text), None)
        answer = window.text[window.start : window.end]
        if other and window.start is not None and answer.casefold() not in other.text.casefold():
            yield Window(window.source + " swapped", window.question, "", other.text)


def qamr(folder: Path) -> Iterator[Window]:
    """Questions on single sentences, those that the annotators who checked them found valid."""
    sentences: dict[str, list[str]] = {}
    for line in (folder / "wiki-sentences.tsv").read_text("utf-8").splitlines():
        key, _, sentence = line.partition("\t")
        sentences[key] = [_QAMR_WORDS.get(word, word) for word in sentence.split()]
    for name in ("full-dev.tsv", "full-test.tsv"):
        for row in (folder / name).read_text("utf-8").splitlines():
            fields = row.split("\t")
            words, at = sentences.get(fields[0], []), [int(number) for number in fields[6].split()]
            if "Invalid" in row or not at or at != list(range(at[0], at[-1] + 1)) or at[-1] >= len(words):
                continue
            start = len(" ".join([*words[: at[0]], ""]))
            answer = " ".join(words[at[0] : at[-1] + 1])
            yield Window("qamr", fields[5].rstrip("?") + "?", "", " ".join(words), start, start + len(answer))


_QAMR_WORDS = {"-LRB-": "(", "-RRB-": ")", "``": '"', "''": '"'}


def retrieved(assistant: Assistant, examples: Iterable[Example], source: str) -> Iterator[Window]:
    """For each of our questions the passages that are really retrieved, and the evidence if it is not among them."""
    for number, example in enumerate(examples):
        asked = assistant.rewrite(example.question, example.history)
        found = [(passage, answer_in(passage, example)) for passage in assistant.retrieve(asked.query, Filters())]
        if example.answerable and not any(span for _, span in found):
            given = ((passage, answer_in(passage, example)) for passage in evidence_passages(assistant, example))
            found += [each for each in given if each[1]][:1]
        for passage, span in found:
            # An accepted answer outside the evidence may well answer too.
            may = not span and any(locate(a, passage.chunk.text) for a in example.answers if not _is_yes_or_no(a))
            window = _window(source, asked.query, passage, span)
            yield replace(window, group=number, is_known=not may, whole=asked.question)


def _window(source: str, query: str, passage: Passage, span: Span | None = None) -> Window:
    chunk, base = passage.chunk, passage.chunk.span.start
    sentences = tuple((each.start - base, each.end - base) for each in statements(chunk.release, chunk.span))
    window = Window(source, query, chunk.heading, chunk.text, sentences=sentences, whole=query)
    return replace(window, start=span.start - base, end=span.end - base) if span else window


def answer_in(passage: Passage, example: Example) -> Span | None:
    """Where the passage holds the first accepted answer that stands in a piece of the evidence."""
    chunk = passage.chunk
    for piece in example.evidence:
        quote = locate(piece.quote, chunk.text)
        for answer in example.answers if quote else ():
            assert quote is not None
            part = locate(answer, chunk.text[quote[0] : quote[1]])
            if part and not _is_yes_or_no(answer):
                start = chunk.span.start + quote[0]
                return Span(chunk.release.id, start + part[0], start + part[1])
    return None


def _is_yes_or_no(answer: str) -> bool:
    return answer.casefold() in ("yes", "no")


def evidence_passages(assistant: Assistant, example: Example) -> list[Passage]:
    """The passages of the releases that hold the evidence."""
    wanted = {piece.release for piece in example.evidence}
    ids = [ref.id for ref in assistant.index.releases() if Path(ref.source).name in wanted]
    words = " ".join(piece.quote for piece in example.evidence).split()
    hits = assistant.index.search_words(words, 20, ids)
    held = assistant.index.chunks([hit.chunk_id for hit in hits])
    chunks = [held.get(hit.chunk_id) for hit in hits]
    return [Passage(chunk, 1.0) for chunk in chunks if chunk]


def put_to_others(assistant: Assistant, examples: Iterable[Example], draw: random.Random) -> Iterator[Window]:
    """Our questions, their issuer's name changed for others' that nearly answer them, with what is retrieved then.

    Nobody has looked what answers them: they are for a teacher to mark.
    """
    number = 0
    for example in examples:
        if example.history:
            continue
        issuers = [passage.chunk.release.issuer for passage in assistant.retrieve(example.question, Filters())[:5]]
        named = next((found for issuer in issuers if issuer and (found := _mention(issuer, example.question))), None)
        if not named:
            continue
        before, after = example.question[: named.start()], example.question[named.end() :]
        near = assistant.retrieve(f"{before}the company{after}", Filters())
        own = short_name(named[0]).casefold()
        names = dict.fromkeys(short_name(p.chunk.release.issuer) for p in near if p.chunk.release.issuer)
        others = [name for name in names if name and not name.casefold().startswith(own)]
        for name in others[: OTHER_ISSUERS - 1] + draw.sample(others[OTHER_ISSUERS - 1 :], len(others) > 2):
            asked = before + (name.lower() if example.question.islower() else name) + after
            for passage in assistant.retrieve(asked, Filters())[:8]:
                yield replace(_window("put to others", asked, passage), group=number, is_known=False)
            number += 1


def _mention(issuer: str, question: str) -> re.Match[str] | None:
    """Where a question names an issuer, by as many of the name's first words as it has."""
    words = short_name(issuer).split()
    for count in range(min(4, len(words)), 0, -1):
        name = " ".join(words[:count])
        if len(name) >= 4 and (found := re.search(rf"(?<!\w){re.escape(name)}(?!\w)", question, re.IGNORECASE)):
            return found
    return None


def unanswerable(windows: Iterable[Window], draw: random.Random) -> Iterator[Window]:
    """The windows whose question, its last line, can be changed so that their passage does not answer it."""
    for window in windows:
        if window.start is None or window.end is None:
            continue
        before, line, question = window.question.rpartition("\n")
        changed = altered(question, window.text, (window.start, window.end), draw)
        if changed:
            source = f"{window.source} altered"
            yield Window(source, before + line + changed, window.heading, window.text, sentences=window.sentences)


def public(folder: Path, draw: random.Random) -> Iterator[Window]:
    """The windows of the public reading sets, as they are, swapped, and changed."""
    squad2 = list(squad_like(folder / "squad/squad2_from_official_dev.json", "squad2"))
    wiki = list(squad_like(folder / "squadshifts/new_wiki_v1.0.json", "squadshifts wiki"))
    reddit = list(squad_like(folder / "squadshifts/reddit_v1.0.json", "squadshifts reddit"))
    yield from squad2 + wiki + reddit
    yield from squad_like(folder / "quoref/quoref-dev-v0.1.json", "quoref")
    for windows, count in ((wiki, 2_000), (reddit, 1_500), (squad2, 1_000)):
        yield from swapped(windows, count, draw)
    yield from tatqa(folder / "tatqa/tatqa_dataset_dev.json")
    yield from draw.sample(list(qamr(folder / "qamr")), 14_000)
    yield from qed(folder / "qed/qed-dev.jsonlines")
    yield from fincausal(folder / "fincausal2025/training_data_en.csv")
    yield from draw.sample(list(unanswerable(squad2 + wiki, draw)), 4_000)


def shortened(window: Window, draw: random.Random) -> Window:
    """The part of a long text around the answer, or any part if there is none."""
    if len(window.text) <= MOST_CHARACTERS:
        return window
    middle = draw.randrange(len(window.text)) if window.start is None else window.start
    begin = max(0, min(middle - MOST_CHARACTERS // 2, len(window.text) - MOST_CHARACTERS))
    begin = window.text.rfind(" ", 0, begin) + 1
    text = window.text[begin : begin + MOST_CHARACTERS + 100]
    if window.start is None or window.end is None:
        return replace(window, text=text)
    return replace(window, text=text, start=window.start - begin, end=window.end - begin)


class Pack:
    """Windows as word pieces, each text and each question once, to be written as arrays (see `windows.Windows`)."""

    def __init__(self) -> None:
        self._tokenizer = Tokenizer.from_file(str(EMBEDDER_FOLDER / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._texts: dict[tuple[str, str], int] = {}
        self._offsets: list[list[tuple[int, int]]] = []
        self._headings: list[int] = []
        self._pieces: list[list[int]] = []
        self._sentences: list[NDArray[np.uint8]] = []
        self._questions: dict[str, int] = {}
        self._asked: list[list[int]] = []
        self._rows: list[tuple[int, ...]] = []

    def add(self, window: Window, part: int) -> None:
        """Add a window to a part of the whole, unless its answer is cut off."""
        text = self._text(window)
        first, last = (-1, -1) if window.is_known else (-2, -2)
        if window.start is not None and window.end is not None:
            ends = enumerate(self._offsets[text])
            own = [n for n, (begin, end) in ends if begin < window.end and end > window.start]
            if not own:
                return
            first, last = own[0] + self._headings[text], own[-1] + self._headings[text]
        question, whole = self._question(window.question), self._question(window.whole or window.question)
        group = -1 if window.group is None else window.group
        self._rows.append((question, whole, text, first, last, group, part))

    def _text(self, window: Window) -> int:
        key = (window.heading, window.text)
        if key not in self._texts:
            heading = self._tokenizer.encode(window.heading, add_special_tokens=False).ids[:MOST_HEADING]
            encoded = self._tokenizer.encode(window.text, add_special_tokens=False)
            offsets = encoded.offsets[: MOST_TEXT - len(heading)]
            starts = [start for start, _ in window.sentences] or [0]
            numbers = np.searchsorted(starts, [start for start, _ in offsets], side="right") - 1
            self._texts[key] = len(self._pieces)
            self._pieces.append(heading + encoded.ids[: len(offsets)])
            self._sentences.append(np.array([HEADING] * len(heading) + list(numbers.clip(0, HEADING - 1)), np.uint8))
            self._headings.append(len(heading))
            self._offsets.append(offsets)
        return self._texts[key]

    def _question(self, question: str) -> int:
        if question not in self._questions:
            self._questions[question] = len(self._asked)
            self._asked.append(self._tokenizer.encode(question, add_special_tokens=False).ids[-MOST_QUESTION:])
        return self._questions[question]

    def save(self, path: Path) -> None:
        """Write all as compressed arrays."""

        def flat(lists: Sequence[Sequence[int]]) -> tuple[NDArray[np.uint16], NDArray[np.int32]]:
            return np.concatenate([np.array(each, np.uint16) for each in lists]), np.cumsum(
                [0, *map(len, lists)], dtype=np.int32
            )

        pieces, where = flat(self._pieces)
        asked, asked_where = flat(self._asked)
        np.savez_compressed(
            path,
            pieces=pieces,
            where=where,
            sentences=np.concatenate(self._sentences),
            headings=np.array(self._headings, np.uint8),
            questions=asked,
            questions_where=asked_where,
            windows=np.array(self._rows, np.int32),
        )


def side_by_side(
    index: Path, read: Callable[[Path, int, Sequence[Example]], list[Window]], examples: Sequence[Example]
) -> list[Window]:
    """What ``read`` makes of the questions, in runs on all cores; the groups of each run get numbers of their own."""
    runs = [examples[at : at + RUN] for at in range(0, len(examples), RUN)]
    with ProcessPoolExecutor() as pool:
        return [window for found in pool.map(read, repeat(index), range(len(runs)), runs) for window in found]


def read_retrieved(index: Path, number: int, examples: Sequence[Example]) -> list[Window]:
    """A run of `retrieved`."""
    return _numbered(number, retrieved(Assistant.open(index), examples, "releases"))


def read_put_to_others(index: Path, number: int, examples: Sequence[Example]) -> list[Window]:
    """A run of `put_to_others`."""
    return _numbered(number, put_to_others(Assistant.open(index), examples, random.Random(number)))


def _numbered(number: int, windows: Iterable[Window]) -> list[Window]:
    first = number * RUN * OTHER_ISSUERS
    return [replace(window, group=first + (window.group or 0)) for window in windows]


def main() -> None:
    """Collect, with a fixed seed, and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--questions", type=Path, nargs="+", required=True)
    parser.add_argument("--reading", type=Path, required=True)
    parser.add_argument("--held", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    draw = random.Random(0)
    examples = [example for path in options.questions for example in read_examples(path)]
    if not options.held.exists():
        kept_out = [example.id for number, example in enumerate(examples) if number // 20 % KEPT_OUT == 3]
        options.held.write_text(json.dumps(sorted(kept_out)), encoding="utf-8")
    held = set(json.loads(options.held.read_text("utf-8")))
    used = [example for example in examples if example.id not in held]
    kept = [example for example in examples if example.id in held]
    ours = side_by_side(options.index, read_retrieved, used)
    parts = {
        "train": ours,
        "held": side_by_side(options.index, read_retrieved, kept),
        "others": side_by_side(options.index, read_put_to_others, used),
        "altered": list(unanswerable(ours, draw)),
        "public": [shortened(window, draw) for window in public(options.reading, draw)],
    }
    pack = Pack()
    for number, windows in enumerate(parts.values()):
        for window in windows:
            pack.add(window, number)
    pack.save(options.out)
    print(dict(Counter(window.source for windows in parts.values() for window in windows)))


if __name__ == "__main__":
    main()

"""Windows to train the reader on: a question, a passage with its heading, and where in it the answer stands.

    python training/reader_data.py --index DIR --questions FILE [FILE ...] --reading FOLDER --out FOLDER

Writes the windows of the four passes of training: `first.jsonl` (some of everything), `second.jsonl` (the rest of the
public reading sets), `third.jsonl` and `fourth.jsonl` (passages retrieved for each of our questions, to be compared,
the best and then others); and `held.json`, the ids of the questions kept out for calibration. The index must hold the
releases that the questions are about. Public sets are read as they come; every fourth of SQuAD's articles, by title,
is kept out for measuring.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from alter_questions import altered

from eval.example import Example, locate, read_examples
from index.release import Span
from index.store import Passage
from qa import Assistant
from qa.retrieve import Filters

GROUP = 3  # passages of one question, from what is really retrieved: one that answers if there is one
KEPT_OUT = 7  # every seventh run of 20 questions, so that questions on one release stay together


@dataclass(frozen=True, slots=True)
class Window:
    """One training example."""

    source: str
    question: str
    heading: str
    text: str
    start: int | None = None  # characters of the answer in text; None: it is not there
    end: int | None = None
    group: str | None = None  # windows of one question, whose scores are to be compared


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


def releases(assistant: Assistant, examples: Iterable[Example], draw: random.Random) -> Iterator[list[Window]]:
    """For each of our questions the passages that are really retrieved: up to two with the evidence, and some without.

    Passages that hold an accepted answer outside the evidence are neither: they may well answer.
    """
    for example in examples:
        query = assistant.rewrite(example.question, example.history).query
        found = [(passage, answer_in(passage, example)) for passage in assistant.retrieve(query, Filters())]
        right = [_window(query, passage, span) for passage, span in found if span][:2]
        wrong = [p for p, span in found if not span and not any(locate(a, p.chunk.text) for a in example.answers)]
        wrong = wrong[:2] + draw.sample(wrong[2:], min(len(wrong[2:]), 2))
        yield (right + [_window(query, passage, None) for passage in wrong])


def _window(query: str, passage: Passage, span: Span | None) -> Window:
    chunk = passage.chunk
    if span is None:
        return Window("releases none", query, chunk.heading, chunk.text)
    base = chunk.span.start
    return Window("releases", query, chunk.heading, chunk.text, span.start - base, span.end - base)


def answer_in(passage: Passage, example: Example) -> Span | None:
    """Where the passage holds the first accepted answer that stands in a piece of the evidence."""
    chunk = passage.chunk
    for piece in example.evidence:
        quote = locate(piece.quote, chunk.text)
        for answer in example.answers if quote else ():
            assert quote is not None
            part = locate(answer, chunk.text[quote[0] : quote[1]])
            if part and answer.casefold() not in ("yes", "no"):
                start = chunk.span.start + quote[0]
                return Span(chunk.release.id, start + part[0], start + part[1])
    return None


def unanswerable(windows: Iterable[Window], draw: random.Random) -> Iterator[Window]:
    """The windows whose question, its last line, can be changed so that their passage does not answer it."""
    for window in windows:
        if window.start is None or window.end is None:
            continue
        before, line, question = window.question.rpartition("\n")
        changed = altered(question, window.text, (window.start, window.end), draw)
        if changed:
            asked = before + line + changed
            yield Window(f"{window.source} altered", asked, window.heading, window.text)


def passes(folder: Path, questions: list[list[Window]], draw: random.Random) -> dict[str, list[Window]]:
    """The windows of each pass; no window of a public set is in two."""
    squad2 = list(squad_like(folder / "squad/squad2_from_official_dev.json", "squad2"))
    wiki = list(squad_like(folder / "squadshifts/new_wiki_v1.0.json", "squadshifts wiki"))
    reddit = list(squad_like(folder / "squadshifts/reddit_v1.0.json", "squadshifts reddit"))
    quoref = list(squad_like(folder / "quoref/quoref-dev-v0.1.json", "quoref"))
    others = list(swapped(wiki, 900, draw))
    for found in (squad2, wiki, reddit, quoref):
        draw.shuffle(found)
    right = [window for group in questions for window in group if window.start is not None]
    wrong = [window for group in questions for window in group if window.start is None]
    first = squad2[:5_000] + wiki[:5_000] + reddit[:1_500] + quoref[:800] + others
    first += list(tatqa(folder / "tatqa/tatqa_dataset_dev.json"))
    first += 2 * right + draw.sample(wrong, min(7_000, len(wrong)))
    second = squad2[5_000:] + wiki[5_000:] + reddit[1_500:4_500] + draw.sample(list(qamr(folder / "qamr")), 8_000)
    second += qed(folder / "qed/qed-dev.jsonlines")
    second += fincausal(folder / "fincausal2025/training_data_en.csv")
    second += draw.sample(list(unanswerable(squad2 + wiki, draw)), 2_000) + list(swapped(reddit, 500, draw))
    third = list(unanswerable(right, draw))
    third += reddit[4_500:6_000] + draw.sample(list(swapped(reddit[7_000:], 1_000, draw)), 250)
    fourth = list(unanswerable(right, draw)) + reddit[6_000:7_000]
    for number, group in enumerate(questions):
        answering = [window for window in group if window.start is not None]
        silent = [window for window in group if window.start is None]
        third += [replace(window, group=str(number)) for window in (answering[:1] + silent)[:GROUP]]
        fourth += [replace(window, group=str(number)) for window in (answering[-1:] + silent[::-1])[:GROUP]]
        fourth += answering[:1]
    return {"first": first, "second": second, "third": third, "fourth": fourth}


def main() -> None:
    """Collect, shuffle with a fixed seed, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--questions", type=Path, nargs="+", required=True)
    parser.add_argument("--reading", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    draw = random.Random(0)
    examples = [example for path in options.questions for example in read_examples(path)]
    held = {example.id for number, example in enumerate(examples) if number // 20 % KEPT_OUT == 3}
    used = [example for example in examples if example.id not in held]
    questions = list(releases(Assistant.open(options.index), used, draw))
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "held.json").write_text(json.dumps(sorted(held)), encoding="utf-8")
    for name, windows in passes(options.reading, questions, draw).items():
        draw.shuffle(windows)
        lines = (json.dumps(asdict(window), ensure_ascii=False) + "\n" for window in windows)
        (options.out / f"{name}.jsonl").write_text("".join(lines), encoding="utf-8")
        print(name, dict(Counter(window.source for window in windows)))


if __name__ == "__main__":
    main()

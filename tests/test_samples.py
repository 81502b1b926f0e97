from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from eval.example import Example, locate, read_examples
from eval.metrics import hit_at
from eval.run import Judge
from index.read import find
from index.release import Release
from index.store import Index
from qa import Assistant, Filters

ROOT = Path(__file__).parent.parent
RELEASES = ROOT / "releases"
EXAMPLES = read_examples(ROOT / "eval" / "questions" / "sample.jsonl")
FIRST_QUESTIONS = [example for example in EXAMPLES if example.answerable and not example.history]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    with Index.open(tmp_path_factory.mktemp("samples")) as index:
        report = index.add([RELEASES])
        assert (report.failed, report.duplicates) == ([], [])
        assert len(report.added) == len(list(find([RELEASES]))) == len(index)
        yield index


@pytest.fixture(scope="module")
def by_file(index: Index) -> dict[str, Release]:
    found = {Path(source).name: index.release(release_id) for source, release_id in index.sources()}
    return {name: release for name, release in found.items() if release}


def test_every_sample_is_indexed_whole(index: Index) -> None:
    """Texts, spans and vectors check out, and every release has a headline, an issuer and passages."""
    assert index.verify() == []
    assert all(ref.headline and ref.issuer for ref in index.releases())


def test_one_sample_does_not_say_its_day(index: Index) -> None:
    """Its dateline has no year: it stays unknown, and is listed last."""
    undated = [Path(ref.source).name for ref in index.releases() if ref.published is None]
    assert undated == ["saltcrake-tidal-financing.txt"]
    assert Path(index.releases()[-1].source).name == undated[0]


def test_the_first_question_of_the_readme(index: Index) -> None:
    """A few exact words, cited in the digest."""
    answer = Assistant(index).ask("what payload does CLR 131 use?")
    assert answer.text == "iodine-131, a cytotoxic radioisotope"
    citation = answer.citations[0]
    assert Path(citation.release.source).name == "cellectar-digest.md"
    assert citation.quote == citation.release.text[citation.start : citation.end] == answer.text
    assert citation.release.quote(citation.sentence).endswith("cytotoxic radioisotope, as its payload.")


@pytest.mark.parametrize("example", [example for example in EXAMPLES if example.answerable], ids=lambda e: e.id)
def test_the_evidence_of_each_question_is_in_its_release(example: Example, by_file: dict[str, Release]) -> None:
    """Every quote is found in the canonical text, and the first answer in the first quote, unless it is yes or no."""
    for piece in example.evidence:
        release = by_file[piece.release]
        place = locate(piece.quote, release.text)
        assert place is not None, piece
        assert locate(piece.quote, release.text[slice(*place)]) is not None
    if example.answers[0].casefold() not in ("yes", "no"):
        assert locate(example.answers[0], example.evidence[0].quote)


def test_the_evidence_is_among_the_first_eight_passages(index: Index) -> None:
    """hit@8 over the first questions is 0.98 on the machine it was measured on; another may round vectors otherwise."""
    judge, retrieve = Judge(index), Assistant(index).retrieve
    assert len(FIRST_QUESTIONS) >= 50
    hits = {each.id: hit_at(8, judge.rank(each, retrieve(each.question, Filters()))) for each in FIRST_QUESTIONS}
    missed = [name for name, hit in hits.items() if not hit]
    assert sum(hits.values()) / len(hits) >= 0.92, missed


def test_sources_of_a_question_are_listed_once(index: Index) -> None:
    """No release is cited twice for one answer, and citations are few."""
    assistant = Assistant(index)
    for example in FIRST_QUESTIONS[::8]:
        cited = [citation.release.id for citation in assistant.ask(example.question).citations]
        assert len(cited) == len(set(cited)) <= 4

"""What the reader is trained on and by: windows as tensors, and the losses."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")
sys.path.append(str(Path(__file__).parent.parent / "training"))

from reader_data import OTHER_ISSUERS, RUN, Pack, Window, _numbered, shortened  # noqa: E402
from tokenizers import Tokenizer  # noqa: E402
from train_reader import (  # noqa: E402
    EMBEDDING_BLOCK,
    EMBEDDING_LEVELS,
    HEADS,
    LAYERS,
    OF_EACH,
    Opinions,
    PackedEmbedding,
    RoundedLinear,
    SpanReader,
    deepened,
    group_loss,
    hidden_loss,
    labelled_loss,
    round_from_now,
    rounded_activations,
    rounded_weights,
    taught_loss,
)
from windows import UNKNOWN, Windows, group_batches  # noqa: E402

from index.embed import MODEL_FOLDER  # noqa: E402

TEXT = "Acme shipped 40 robots. Its bolts are made of recycled iron, said Ann Berg."
ANSWER = TEXT.index("recycled iron"), TEXT.index("recycled iron") + len("recycled iron")
SENTENCES = ((0, 23), (24, len(TEXT)))
QUESTION = "What are the bolts made of?"


@pytest.fixture
def windows(tmp_path: Path) -> Windows:
    """One that answers, one that does not, and one that nobody has read, of one question."""
    pack = Pack()
    answering = Window("t", f"Who is Acme?\n{QUESTION}", "Acme ships", TEXT, *ANSWER, 0, True, QUESTION, SENTENCES)
    pack.add(answering, 0)
    pack.add(Window("t", answering.question, "", "Bolt sells nuts.", group=0, whole=QUESTION), 0)
    pack.add(Window("t", answering.question, "", "Bolt sells nuts of brass.", group=0, is_known=False), 0)
    pack.save(tmp_path / "windows.npz")
    return Windows.load(tmp_path / "windows.npz", torch.device("cpu"))["train"]


def words(pieces: list[int]) -> str:
    said: str = Tokenizer.from_file(str(MODEL_FOLDER / "tokenizer.json")).decode(pieces, skip_special_tokens=False)
    return said


def test_a_window_holds_question_heading_and_passage_and_marks_the_answer(windows: Windows) -> None:
    batch = windows.batch()
    length = int(batch.attention[0].sum())
    assert words(batch.ids[0, :length].tolist()) == (
        "[CLS] who is acme? what are the bolts made of? [SEP] acme ships"
        " acme shipped 40 robots. its bolts are made of recycled iron, said ann berg. [SEP]"
    )
    first, last = batch.targets[0].tolist()
    assert words(batch.ids[0, first : last + 1].tolist()) == "recycled iron"
    assert batch.targets[1:].tolist() == [[0, 0], [UNKNOWN, UNKNOWN]]
    places = batch.allowed[0].nonzero().flatten().tolist()
    assert words(batch.ids[0, places].tolist()).startswith("[CLS] acme shipped 40")
    assert places[-1] == length - 2
    assert batch.types[0].sum() == length - (batch.ids[0] == 102).nonzero()[0].item() - 1


def test_a_sentence_alone_is_asked_the_whole_question(windows: Windows) -> None:
    answering = windows[np.array([0, 0])]
    alone = answering.alone(answering.begin + np.array([answering.first[0], answering.heading[0]]))
    batch = alone.batch()
    said = [words(ids[attention].tolist()) for ids, attention in zip(batch.ids, batch.attention, strict=True)]
    assert said[0] == (
        "[CLS] what are the bolts made of? [SEP] its bolts are made of recycled iron, said ann berg. [SEP]"
    )
    assert said[1] == "[CLS] what are the bolts made of? [SEP] acme shipped 40 robots. [SEP]"
    first, last = batch.targets[0].tolist()
    assert words(batch.ids[0, first : last + 1].tolist()) == "recycled iron"
    assert batch.targets[1].tolist() == [0, 0]


def test_a_long_public_text_keeps_its_answer() -> None:
    text = "many words " * 400 + "the answer stands here" + " and more" * 400
    start = text.index("answer")
    window = shortened(Window("t", "?", "", text, start, start + 6), random.Random(0))
    assert len(window.text) < len(text) / 3
    assert window.text[window.start : window.end] == "answer"


def test_groups_of_runs_side_by_side_are_not_mixed_up() -> None:
    """A question's windows stay together; no run has a group of another's, however many issuers it asks about."""
    windows = [Window("t", "?", "", TEXT, group=group) for group in (0, 0, OTHER_ISSUERS * RUN - 1)]
    first, second = ([each.group for each in _numbered(run, windows)] for run in (0, 1))
    assert first[0] == first[1] != first[2]
    assert not set(first) & set(second)


def test_a_group_is_drawn_whole_with_what_answers_it(windows: Windows) -> None:
    rows = next(group_batches(windows, 12, OF_EACH, np.random.default_rng(0)))
    assert len(rows) == OF_EACH
    assert set(rows) == {0, 1, 2}


def test_scores_on_the_answer_cost_nothing_and_elsewhere_much() -> None:
    """In each loss; a window that nobody looked at costs nothing whatever is said of it."""
    targets = torch.tensor([[3, 4], [0, 0], [UNKNOWN, UNKNOWN]] * (OF_EACH // 3))
    right = torch.zeros(OF_EACH, 8, 2)
    for row, (first, last) in enumerate(targets.clamp_min(0).tolist()):
        right[row, first, 0] = right[row, last, 1] = 30.0
    right[2] = 5 * torch.randn(8, 2)
    wrong = right.roll(1, dims=1)
    for loss in (labelled_loss, group_loss):
        assert loss(right, targets) < 1e-3
        assert loss(wrong, targets) > 10
    assert taught_loss(right, right).abs() < 1e-5
    assert taught_loss(wrong, right) > 1


def test_rounding_is_that_of_the_export_and_lets_gradients_pass() -> None:
    """At most 127 values a row, 256 an example, none off by more than half a step."""
    torch.manual_seed(0)
    layer = torch.nn.Linear(64, 16)
    weights = rounded_weights(layer.weight)
    assert all(len(row.unique()) <= 127 for row in weights)
    assert ((weights - layer.weight).abs() <= layer.weight.abs().amax(1, keepdim=True) / 63 / 2 + 1e-7).all()
    values = torch.randn(3, 5, 64)
    step = (values.flatten(1).amax(1) - values.flatten(1).amin(1)) / 255
    assert ((rounded_activations(values) - values).abs() <= step.view(3, 1, 1) / 2 + 1e-6).all()
    model = torch.nn.Sequential(layer)
    round_from_now(model)
    assert type(model[0]) is RoundedLinear
    model(values).sum().backward()
    assert layer.weight.grad is not None
    assert torch.allclose(layer.weight.grad[0], values.sum((0, 1)), atol=0.5)


def test_an_embedding_is_packed_as_it_was_learnt() -> None:
    """In four bits a number: at most 15 values a block, and half the bytes of the rows."""
    torch.manual_seed(0)
    weight = torch.randn(40, 2 * EMBEDDING_BLOCK)
    learnt = rounded_weights(weight, EMBEDDING_LEVELS, EMBEDDING_BLOCK)
    assert all(len(block.unique()) <= 15 for block in learnt.view(-1, EMBEDDING_BLOCK))
    packed = PackedEmbedding(weight)
    ids = torch.tensor([[3, 39, 0]])
    assert torch.allclose(packed(ids), learnt[ids], rtol=2e-3, atol=1e-6)  # steps of half precision
    assert packed.packed.numel() == weight.numel() / 2


def test_the_student_begins_as_copies_of_its_elder_s_layers() -> None:
    """Of an encoder's, or of a reader's, whose head all of its heads begin as."""
    named = {f"encoder.layer.{n}.output.dense.bias": torch.full((384,), float(n)) for n in range(6)}
    embeddings = {"embeddings.LayerNorm.bias": torch.ones(384)}
    found = deepened(named | embeddings)
    assert [float(found[f"encoder.encoder.layer.{n}.output.dense.bias"][0]) for n in range(len(LAYERS))] == list(LAYERS)
    reader = {f"encoder.{name}": value for name, value in (named | embeddings).items()} | {"head.bias": torch.ones(2)}
    heads = {f"heads.{n}.bias" for n in range(len(HEADS))}
    assert deepened(reader).keys() == found.keys() | heads
    assert not SpanReader().load_state_dict(deepened(reader), strict=False).unexpected_keys


def test_what_the_teacher_said_is_kept_whatever_the_padding(windows: Windows) -> None:
    opinions, rows = Opinions(windows), np.array([2, 0])
    batch = windows[rows].batch()
    said = torch.randn(*batch.ids.shape, 2).half().float()
    opinions.keep(rows, batch, said)
    other = windows[np.array([0, 1])].batch()
    known, scores = opinions.of(np.array([0, 1]), other)
    assert known.tolist() == [True, False]
    allowed = other.allowed[0]
    assert torch.equal(scores[0][allowed], said[1, : other.ids.shape[1]][allowed])
    assert (scores[0][~allowed] < -1e3).all()


def test_hidden_states_are_compared_where_there_is_text() -> None:
    """Whatever the scale of the teacher's."""
    taught, attention = torch.randn(2, 5, 8), torch.tensor([[True] * 5, [True] * 3 + [False] * 2])
    same = torch.nn.functional.layer_norm(taught, (8,))
    same[1, 3:] += 100
    assert hidden_loss(same, 3 * taught + 1, attention) < 1e-6
    assert hidden_loss(same + 1, taught, attention) == pytest.approx(1.0, abs=1e-5)

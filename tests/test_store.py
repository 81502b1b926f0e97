"""The index: one truth, and what is derived from it always in step."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import threading
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from conftest import LetterEmbedder, Write
from hypothesis import given, settings
from hypothesis import strategies as st

from index.database import Database, DiskFull, NoIndex, NotAnIndex, WrongEmbedder, WrongFormat
from index.store import DATABASE, VECTORS, AddReport, Index
from index.vectors import Vectors

ACME = "# Acme Opens\n\nOSLO, May 6, 2024 -- Acme Corp. (NYSE: ACM) opened a shop for anvils in Oslo.\n"
BOLT = "# Bolt Closes\n\nBERGEN, June 7, 2024 -- Bolt Ltd. (OTC: BLT) closed its works for hammers in Bergen.\n"


def nearest(index: Index, text: str) -> str:
    vector = index.embedder.encode_query([text])[0]
    [(vector_id, _)] = index.search_vectors(vector, 1)
    [copy] = index.copies([vector_id])[vector_id]
    return index.chunks([copy.chunk_id])[copy.chunk_id].text


def raw(index: Index) -> sqlite3.Connection:
    return sqlite3.connect(index.folder / DATABASE)


def test_add_replace_remove(index: Index, write: Write) -> None:
    """Unchanged does no work, changed replaces, removed is gone at once; each write is a generation."""
    path = write("a.md", ACME)
    assert index.add([path]).added == [str(path)]
    encoded, generation = index.embedder.encoded, index.generation  # type: ignore[attr-defined]
    assert index.add([path]).unchanged == [str(path)]
    assert (index.embedder.encoded, index.generation) == (encoded, generation)  # type: ignore[attr-defined]
    old = index.releases()[0].id
    write("a.md", ACME.replace("anvils", "ladders"))
    assert index.add([path]).replaced == [str(path)]
    assert index.release(old) is None
    assert "ladders" in nearest(index, "anvils")
    assert index.search_words(["anvils"], 5) == []
    assert index.remove([path, "nothing"]) == ([str(path)], ["nothing"])
    assert (len(index), index.count_chunks(), index.search_words(["ladders"], 5)) == (0, 0, [])
    assert index.verify() == []


def test_the_same_release_under_two_names(index: Index, write: Write) -> None:
    """Kept once, until its last file is removed."""
    first, second = write("a.md", ACME), write("b.md", ACME)
    report = index.add([first.parent])
    assert (report.added, report.duplicates) == ([str(first)], [(str(second), str(first))])
    index.remove([first])
    assert [ref.source for ref in index.releases()] == [str(second)]
    index.remove([second])
    assert len(index) == 0


def test_releases_are_named_without_their_texts(index: Index, write: Write) -> None:
    """In the order asked for; those that are not indexed are left out."""
    index.add([write("a.md", ACME), write("b.md", ACME.replace("Acme", "Bolt"))])
    newest, oldest = index.releases()
    assert index.refs([oldest.id, "nothing", newest.id]) == [oldest, newest]


def about(name: str, more: str = "") -> str:
    """A release with a paragraph of its own, under a heading, and one that others have as well."""
    return (
        f"# {name} opens\n\n{name} opened a shop for {name} in Oslo.{more}\n\n## About\n\nAcme makes anvils of iron.\n"
    )


def test_words_known_already_cost_nothing(index: Index, write: Write) -> None:
    """Only new words are embedded and stored; white space and case are not words."""
    embedder = index.embedder
    assert isinstance(embedder, LetterEmbedder)
    report = index.add([write("a.md", about("Acme")), write("b.md", about("Bolt"))])
    assert (report.chunks, report.embedded, embedder.encoded) == (4, 3, 3)
    assert (index.count_chunks(), index.count_vectors()) == (4, 3)
    again = about("Acme").replace("makes anvils", "MAKES  anvils") + "\nFile 2.\n"
    assert index.add([write("c.md", again)]).embedded == 1  # the last paragraph, longer by a line
    assert index.add([write("d.md", again.replace("File 2.", "file 2."))]).embedded == 0
    assert index.verify() == []


def test_a_vector_lives_as_long_as_its_words(index: Index, write: Write) -> None:
    """It goes with the last release that says them, and not before."""
    first, second = write("a.md", about("Acme")), write("b.md", about("Bolt"))
    index.add([first, second])
    index.remove([first])
    assert (index.count_chunks(), index.count_vectors(), index.verify()) == (2, 2, [])
    assert nearest(index, "Acme makes anvils of iron.") == "Acme makes anvils of iron."
    index.remove([second])
    assert (index.count_chunks(), index.count_vectors(), index.verify()) == (0, 0, [])


def test_rebuilding_uses_no_id_again(index: Index, write: Write) -> None:
    """Or vectors that a file or another process holds would be taken for others."""
    index.add([write("a.md", about("Acme")), write("b.md", BOLT)])
    with Index.open(index.folder, embedder=LetterEmbedder()) as other:
        assert "hammers" in nearest(other, BOLT)
        index.remove([write("a.md", about("Acme"))])
        index.rebuild()
        assert "hammers" in nearest(other, BOLT)
        assert (index.verify(), other.verify()) == ([], [])


def test_copies_are_found_as_one(index: Index, write: Write) -> None:
    """By words and by vectors, however many there are; all of them are named, newest first, within the limits."""
    for n in range(1, 10):
        write(f"r{n}.md", f"# News {n}\n\nOSLO, May {n}, 2024 -- Shop {n} sells iron.\n\n## About\n\nIron is heavy.\n")
    index.add([write("last.md", "Iron rusts.").parent])
    for k in (1, 2, 3):
        hits = index.search_words(["iron", "heavy"], k)
        assert len({hit.vector_id for hit in hits}) == k
    known = {ref.id: ref.published for ref in index.releases()}
    [copies] = index.copies([index.search_words(["iron", "heavy"], 1)[0].vector_id]).values()
    assert [known[copy.release_id] for copy in copies] == [date(2024, 5, n) for n in range(9, 0, -1)]
    within = [id_ for id_, day in known.items() if day == date(2024, 5, 3)]
    [vector_id] = {
        id_ for id_, _ in index.search_vectors(index.embedder.encode_query(["Iron is heavy."])[0], 1, within)
    }
    assert [copy.release_id for copy in index.copies([vector_id], within)[vector_id]] == within


def test_words_that_most_chunks_hold_are_left_out(index: Index, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """If there are others; of common words alone the rarest is searched for."""
    for name, text in (("a", "Iron is heavy."), ("b", "Iron and zinc rust."), ("c", "Zinc, iron, tin.")):
        write(f"{name}.md", text)
    index.add([write("d.md", "Zinc melts.").parent])

    def found(*words: str) -> set[str]:
        chunks = index.chunks([hit.chunk_id for hit in index.search_words(words, 9)]).values()
        return {Path(chunk.release.source).stem for chunk in chunks}

    assert found("iron", "tin") == {"a", "b", "c"}
    monkeypatch.setattr("index.store.MOST_MATCHES", 2)
    assert found("iron", "tin", "melts") == {"c", "d"}
    index.add([write("e.md", "Iron ore.")])
    assert found("iron", "zinc") == {"b", "c", "d"}


def test_documents_from_the_web(index: Index, write: Write) -> None:
    """Their source is an address; removed by it, or by what it begins with."""
    report = AddReport()
    for name, text in (("a", ACME), ("a", ACME), ("b/c", BOLT), ("a", ACME.replace("anvils", "irons")), ("d", " ")):
        index.add_document(f"https://acme.test/{name}", text.encode(), report, content_type="text/markdown")
    a, c, d = (f"https://acme.test/{name}" for name in ("a", "b/c", "d"))
    assert (report.added, report.unchanged, report.replaced, report.failed) == ([a, c], [a], [a], [(d, "empty file")])
    file = write("bolt.md", BOLT)
    assert index.add([file]).duplicates == [(str(file), c)]
    assert index.remove(["https://acme.test/b/"]) == ([c], [])
    assert index.remove([a]) == ([a], [])
    assert [ref.source for ref in index.releases()] == [str(file)]
    assert index.verify() == []


def test_what_comes_back_is_what_was_read(index: Index, write: Write) -> None:
    """Every field, after closing and opening."""
    write("a.md", ACME)
    index.add([write("b.md", BOLT).parent])
    with Index.open(index.folder, embedder=LetterEmbedder()) as again:
        refs = again.releases()
        assert [(ref.headline, ref.published) for ref in refs] == [
            ("Bolt Closes", date(2024, 6, 7)),
            ("Acme Opens", date(2024, 5, 6)),
        ]
        release = again.release(refs[1].id)
        assert release is not None
        assert (release.issuer, release.tickers) == ("Acme Corp.", ("NYSE:ACM",))
        assert release.text == ACME[2:].strip()


def test_select(index: Index, write: Write) -> None:
    """By part of a name, ticker with or without exchange, days included; unknown dates never pass a limit."""
    write("a.md", ACME)
    write("c.md", "# Undated\n\nCarl AG makes nails of all kinds.\n")
    index.add([write("b.md", BOLT).parent])
    ids = {ref.headline: ref.id for ref in index.releases()}
    acme, bolt = ids["Acme Opens"], ids["Bolt Closes"]
    assert index.select() is None
    assert index.select(issuers=["acme"]) == [acme]
    assert index.select(tickers=["blt"]) == index.select(tickers=["OTC:BLT"]) == [bolt]
    assert index.select(since=date(2024, 6, 7)) == [bolt]
    assert index.select(until=date(2024, 5, 6)) == [acme]
    assert index.select(until=date(2024, 5, 5)) == []


@settings(deadline=None, max_examples=40)
@given(words=st.lists(st.text(max_size=20), max_size=5))
def test_words_are_never_syntax(words: list[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    """Whatever is searched for."""
    folder = tmp_path_factory.getbasetemp()
    (folder / "words.md").write_text(ACME, encoding="utf-8")
    with Index.open(folder / "words", embedder=LetterEmbedder()) as index:
        index.add([folder / "words.md"])
        hits = index.search_words([*words, '"OR NEAR(* ', "'; DROP TABLE releases; --", "anvils"], 3)
        assert [hit.score > 0 for hit in hits] == [True]
        assert len(index) == 1


@settings(deadline=None, max_examples=60)
@given(count=st.integers(0, 30), k=st.integers(0, 40), seed=st.integers(0, 1000), some=st.booleans())
def test_vectors_find_what_brute_force_finds(
    count: int, k: int, seed: int, some: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The slow twin: every inner product, sorted; equal scores as sets. k may exceed the size."""
    draw = np.random.default_rng(seed)
    stored = {int(id_): draw.integers(-2, 3, 8).astype(np.float32) for id_ in draw.permutation(100)[:count]}
    vectors = Vectors(tmp_path_factory.getbasetemp() / f"v{seed}", "me", 8)
    vectors.synchronise(1, set(stored), lambda ids: np.stack([stored[id_] for id_ in ids]))
    query = draw.integers(-2, 3, 8).astype(np.float32)
    within = sorted(stored)[::2] if some else None
    found = vectors.search(query, k, within)
    twin = sorted(((float(stored[i] @ query), i) for i in (stored if within is None else within)), reverse=True)[:k]
    assert [score for _, score in found] == [score for score, _ in twin]
    for score in {score for score, _ in twin[:-1]} - {twin[-1][0] if twin else 0.0}:
        assert {id_ for id_, own in found if own == score} == {i for s, i in twin if s == score}


def test_a_vector_of_another_size_is_a_mistake(index: Index) -> None:
    """Said in words, not by an assertion inside FAISS."""
    with pytest.raises(ValueError, match=r"needs shape \(64,\), got \(3,\)"):
        index.search_vectors(np.zeros(3, np.float32), 1)


def damage_gone(path: Path) -> None:
    path.unlink()


def damage_cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def damage_flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) * 2 // 3] ^= 255
    path.write_bytes(data)


@pytest.mark.parametrize("damage", [damage_gone, damage_cut, damage_flip])
def test_the_faiss_file_is_never_trusted(index: Index, write: Write, damage: object) -> None:
    """Gone, cut short or damaged, it is made again."""
    write("a.md", ACME)
    index.add([write("b.md", BOLT).parent])
    damage(index.folder / VECTORS)  # type: ignore[operator]
    with Index.open(index.folder, embedder=LetterEmbedder()) as again:
        assert "hammers" in nearest(again, "hammers in Bergen")
        assert again.verify() == []


def test_an_older_or_foreign_faiss_file(index: Index, write: Write, tmp_path: Path) -> None:
    """An older generation is brought up to date; one of another database, with the same ids, is not used."""
    path = write("a.md", ACME)
    index.add([path])
    older = (index.folder / VECTORS).read_bytes()
    index.add([write("b.md", BOLT)])
    index.remove([path])
    (index.folder / VECTORS).write_bytes(older)
    with Index.open(index.folder, embedder=LetterEmbedder()) as again:
        assert "hammers" in nearest(again, "anvils in Oslo")
        assert again.verify() == []
    with Index.open(tmp_path / "other", embedder=LetterEmbedder()) as other:
        other.add([path])
        other.add([write("c.md", ACME.replace("anvils", "ladders"))])
        assert other.count_vectors() == max(index._vectors.ids()) == 2
        shutil.copy(other.folder / VECTORS, index.folder / VECTORS)
    with Index.open(index.folder, embedder=LetterEmbedder()) as again:
        assert "hammers" in nearest(again, "anvils in Oslo")
        assert again.verify() == []


def test_a_database_that_is_put_back_from_a_copy(index: Index, write: Write, tmp_path: Path) -> None:
    """Its next ids are those of vectors that the file holds from after the copy."""
    index.add([write("a.md", ACME)])
    copy = tmp_path / "copy"
    with raw(index) as database:
        database.execute("VACUUM INTO ?", (str(copy),))
    index.add([write("b.md", BOLT)])
    index.close()
    for file in index.folder.glob(f"{DATABASE}*"):
        file.unlink()
    shutil.copy(copy, index.folder / DATABASE)
    with Index.open(index.folder, embedder=LetterEmbedder()) as again:
        again.add([write("c.md", "# Yoghurt\n\nCrane Oy makes yoghurt of the milk of goats.\n")])
        assert "yoghurt" in nearest(again, "yoghurt, milk, goats")
        assert again.verify() == []


def test_rebuilt_on_request(index: Index, write: Write) -> None:
    """Also where format and embedder are right: something else may be wrong."""
    index.add([write("a.md", ACME)])
    with raw(index) as database:
        database.execute("DELETE FROM chunk_words")
    assert [problem.where for problem in index.verify()] == ["full text"]
    with Index.open(index.folder, embedder=LetterEmbedder(), rebuild=True) as again:
        assert again.verify() == []
        assert len(again.search_words(["anvils"], 1)) == 1


def test_a_blank_name_removes_nothing(index: Index, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """A shell's empty variable is not the folder one stands in; the root of all folders is one."""
    path = write("a.md", ACME)
    monkeypatch.chdir(path.parent)
    index.add([path])
    assert index.remove(["", " "]) == ([], ["", " "])
    assert index.remove(["/"]) == ([str(path)], [])


def test_a_folder_is_removed_with_its_skipped_files(index: Index, write: Write) -> None:
    folder = write("in/a.md", ACME).parent
    (folder / "b.pdf").write_bytes(b"%PDF-1.7 no more")
    index.add([folder])
    assert len(index.imports()) == 2
    assert index.remove([folder]) == ([str(folder / "a.md")], [])
    assert index.imports() == []


def test_a_release_read_before_is_the_one_stored_now(index: Index, write: Write) -> None:
    """It names a file that still is there; one that was gone in between is found again."""
    first, second = write("a.md", ACME), write("b.md", ACME)
    index.add([first.parent])
    [ref] = index.releases()
    [chunk_id] = [hit.chunk_id for hit in index.search_words(["anvils"], 1)]
    for gone in (first, second):
        release = index.release(ref.id)
        assert release is not None
        assert release.source == str(gone) == index.chunks([chunk_id])[chunk_id].release.source
        index.remove([gone])
    assert (index.release(ref.id), index.chunks([chunk_id])) == (None, {})
    index.add([first])
    assert index.release(ref.id) is not None


def test_another_embedder_is_refused_and_rebuilt_on_request(index: Index, write: Write) -> None:
    """With the way out in the message."""
    index.add([write("a.md", ACME)])
    with pytest.raises(WrongEmbedder, match=r"made with the embedder letters, not others.*--rebuild"):
        Index.open(index.folder, embedder=LetterEmbedder("others"))
    with Index.open(index.folder, embedder=LetterEmbedder("others"), rebuild=True) as again:
        assert again.verify() == []
        assert "anvils" in nearest(again, "anvils")
    with pytest.raises(WrongEmbedder):  # the process that had it open is told, too
        nearest(index, "anvils")


def test_another_format_is_refused_and_rebuilt_on_request(index: Index, write: Write) -> None:
    """The texts are kept."""
    index.add([write("a.md", ACME)])
    with raw(index) as database:
        database.execute("UPDATE meta SET value = '0' WHERE key = 'format'")
    with pytest.raises(WrongFormat, match=r"format 0.*--rebuild"):
        Index.open(index.folder, embedder=LetterEmbedder())
    with Index.open(index.folder, embedder=LetterEmbedder(), rebuild=True) as again:
        assert (len(again), again.verify()) == (1, [])


def test_no_index(tmp_path: Path) -> None:
    """Asked for without making one."""
    with pytest.raises(NoIndex, match="make one with: citewire add"):
        Index.open(tmp_path / "none", create=False)
    assert not (tmp_path / "none").exists()


def test_foreign_and_damaged_files_are_left_alone(index: Index, write: Write, tmp_path: Path) -> None:
    """Another program's database, noise, and an index cut short: refused in a line, byte for byte as they were."""
    folder = tmp_path / "foreign"
    folder.mkdir()
    with sqlite3.connect(folder / DATABASE) as database:
        database.execute("CREATE TABLE theirs (x)")
    for n, data in enumerate([(folder / DATABASE).read_bytes(), b"no database, but long enough to be one " * 99]):
        path = tmp_path / f"f{n}" / DATABASE
        path.parent.mkdir()
        path.write_bytes(data)
        with pytest.raises(NotAnIndex) as caught:
            Index.open(path.parent, embedder=LetterEmbedder())
        assert "\n" not in str(caught.value)
        assert path.read_bytes() == data


def test_a_full_disk_loses_nothing(index: Index, write: Write) -> None:
    """SQLite's own limit stands for the disk: what was there is whole, and adding goes on when there is room."""
    index.add([write("a.md", ACME)])
    pages = index._database.rows("PRAGMA page_count")[0][0]
    index._database.rows(f"PRAGMA max_page_count = {pages}")
    big = write("b.md", "# Big\n\n" + "\n\n".join(f"Sentence {n} of Acme is about anvil {n * n}." for n in range(4000)))
    with pytest.raises(DiskFull, match="no room left"):
        index.add([big])
    assert (len(index), index.verify()) == (1, [])
    index._database.rows("PRAGMA max_page_count = 1000000")
    assert len(index.add([big]).added) == 1
    assert index.verify() == []


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE releases SET text = replace(text, 'anvils', 'hammer')", "sha256"),
        ('UPDATE chunks SET "end" = 9999', "outside the text"),
        ("UPDATE chunks SET start = -3", "outside the text"),
        ("UPDATE vectors SET vector = x'00'", "vector of 1 bytes"),
        ("UPDATE vectors SET digest = 'other'", "vector of other words"),
        ("INSERT INTO vectors (digest, vector) VALUES ('no', zeroblob(256))", "belongs to no chunk"),
        ("UPDATE chunks SET vector_id = 99", "missing row of vectors"),
        ("DELETE FROM chunks", "no chunks"),
        ("DELETE FROM sources", "no file"),
        ("UPDATE chunks SET heading = 'other'", "does not match"),
    ],
)
def test_verify_finds_damage(index: Index, write: Write, statement: str, said: str) -> None:
    """Each kind, by name."""
    index.add([write("a.md", ACME)])
    index.search_vectors(np.zeros(64, np.float32), 1)
    with raw(index) as database:
        database.execute(statement)
    assert any(said in problem.what for problem in index.verify())


def test_verify_finds_a_changed_vector(index: Index, write: Write) -> None:
    """The vectors in memory are compared with those stored."""
    index.add([write("a.md", ACME)])
    with raw(index) as database:
        database.execute("UPDATE vectors SET vector = zeroblob(256)")
    assert [problem.where for problem in index.verify()] == [VECTORS]


def test_readers_never_fail_while_another_writes(index: Index, write: Write) -> None:
    """A writer in another process, a reader in this one: every read sees a whole state."""
    index.add([write("a.md", ACME)])
    for n in range(40):
        write(f"r{n:02}.md", BOLT.replace("Bolt", f"Bolt{n}"))
    code = (
        "import sys; sys.path[:0] = ['tests', '.']\n"
        "from conftest import LetterEmbedder\nfrom index.store import Index\n"
        f"Index.open({str(index.folder)!r}, embedder=LetterEmbedder()).add([{str(write('a.md', ACME).parent)!r}])"
    )
    root = Path(__file__).parent.parent
    writers = [subprocess.Popen([sys.executable, "-c", code], cwd=root) for _ in range(2)]  # the second waits
    done = threading.Event()
    reads = 0
    while not done.is_set():
        assert "anvils" in nearest(index, "anvils in Oslo")
        reads += 1
        if all(writer.poll() is not None for writer in writers):
            done.set()
    assert [writer.returncode for writer in writers] == [0, 0]
    assert reads > 1
    assert (len(index), index.verify()) == (41, [])


def test_a_database_made_twice_at_once_is_made_once(tmp_path: Path) -> None:
    """Opening a new folder from several threads."""
    made: list[str] = []

    def make() -> None:
        database = Database(tmp_path / "x.sqlite", "e")
        made.append(database.meta()["identity"])
        database.close()

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 4
    assert len(set(made)) == 1

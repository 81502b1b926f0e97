"""Damaged files by the thousand: none may stop, hang or swell the program, or lose what is indexed.

    python benchmarks/damage.py FORMATS [--count 2000] [--seed 7]

FORMATS is a folder of releases. Each round one of them, as it is or as Word, RTF, e-mail, EDGAR submission or zip file,
is damaged in one way and added, at times under another format's ending, to an index that holds sound releases. After
each, those must still be there, and what a file held before that cannot be read now; at the end the whole index is
checked. Vectors are hashed letters, so that the time is that of reading, cutting and storing; it is processor time, of
this process and of the one that reads. The exit code is 1 if anything went wrong.
"""

from __future__ import annotations

import argparse
import io
import os
import resource
import sys
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from email.message import EmailMessage
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from index.read import ENDINGS, ReadError, read, worker
from index.store import Index

MOST_SECONDS, MOST_MEMORY = 20.0, 1_000_000_000
HUGE = (2_000_000, 12_000_000, 60_000_000)  # bytes
SOUND = 20  # releases that are indexed before


class HashedLetters:
    """An embedder that costs nothing: letter triples, hashed."""

    name, dimension = "hashed letters", 32

    def encode_query(self, sentences: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, (sentences, dimension)."""
        made: NDArray[np.float32] = np.full((len(sentences), self.dimension), 0.01, np.float32)
        for row, sentence in zip(made, sentences, strict=True):
            for at in range(0, min(len(sentence), 300) - 2):
                row[crc32(sentence[at : at + 3].encode()) % self.dimension] += 1
        made /= np.linalg.norm(made, axis=1, keepdims=True)
        return made

    encode_document = encode_query

    def fits(self, text: str) -> bool:
        """Whether a text is seen whole."""
        return len(text) <= 900


# -- other forms of a release ------------------------------------------------------------------------------------------


def as_word(data: bytes) -> bytes:
    """A Word file of the same lines."""
    lines = "".join(f"<w:p><w:r><w:t>{_escaped(line)}</w:t></w:r></w:p>" for line in _lines(data))
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    return _zipped(
        {
            "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{main}"/></Types>'.encode(),
            "_rels/.rels": f'<Relationships xmlns="{package}/relationships">'
            f'<Relationship Id="r1" Type="{kind}" Target="word/document.xml"/></Relationships>'.encode(),
            "word/document.xml": f"<w:document {space}><w:body>{lines}</w:body></w:document>".encode(),
        }
    )


def as_rtf(data: bytes) -> bytes:
    """A rich text of the same lines."""
    return ("{\\rtf1\\ansi " + "\\par\n".join(_lines(data)) + "}").encode("ascii", "replace")


def as_mail(data: bytes) -> bytes:
    """An e-mail that it is attached to."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "press@acme.test", "ann@acme.test", "Acme Opens"
    message["Date"] = "Mon, 06 May 2024 09:00:00 +0200"
    message.set_content("\n".join(_lines(data)[:40]) or "See the release.")
    message.add_attachment(data, "application", "octet-stream", filename="release")
    return message.as_bytes()


def as_submission(data: bytes) -> bytes:
    """What EDGAR keeps a filing in."""
    head = b"<SEC-DOCUMENT>1.txt\nFILED AS OF DATE: 20240507\n<DOCUMENT>\n<TYPE>EX-99.1\n<TEXT>\n"
    return head + data + b"\n</TEXT>\n</DOCUMENT>\n"


def as_zip(data: bytes) -> bytes:
    """An archive of it, and of another file."""
    return _zipped({"a/release": data, "b.txt": b"Acme Opens\n\nAcme opened a shop for anvils in Oslo."})


def _lines(data: bytes) -> list[str]:
    text = data.decode("latin-1") if not data.startswith(b"%PDF") else "Acme Opens\nAcme opened a shop in Oslo."
    return ["".join(letter for letter in line if letter.isprintable()) for line in text.splitlines()]


def _escaped(line: str) -> str:
    return line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _zipped(files: dict[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()


FORMS: dict[str, Callable[[bytes], bytes]] = {
    "as it is": lambda data: data,
    "Word": as_word,
    "RTF": as_rtf,
    "e-mail": as_mail,
    "submission": as_submission,
    "zip": as_zip,
}

# -- damage ------------------------------------------------------------------------------------------------------------

OPENINGS = [
    *(b"<div>", b"<table><tr><td>", b"<b><i>", b"<ul><li>", b"<!--", b"&#", b"<DOCUMENT>\n<TYPE>EX-99\n<TEXT>"),
    *(b"[", b"<<", b"(", b"{", b"{\\b ", b"> ", b"\t", b"%", b"|a|b|\n|-|-|\n", b"Content-Type: multipart/mixed;\n"),
]


def truncated(data: bytes, chance: Random) -> bytes:
    """Its beginning."""
    return data[: chance.randrange(len(data))]


def flipped(data: bytes, chance: Random) -> bytes:
    """With a few bits the other way round, or many."""
    made = bytearray(data)
    for _ in range(chance.choice((1, 20, 400))):
        made[chance.randrange(len(made))] ^= 1 << chance.randrange(8)
    return bytes(made)


def overwritten(data: bytes, chance: Random) -> bytes:
    """With a stretch of anything in it, or with one missing or doubled."""
    start = chance.randrange(len(data))
    end = min(len(data), start + chance.choice((4, 100, 5_000)))
    between = chance.choice((b"", chance.randbytes(end - start), 2 * data[start:end], b"\0" * (end - start)))
    return data[:start] + between + data[end:]


def nested(data: bytes, chance: Random) -> bytes:
    """With something opened in it again and again, or packed into itself."""
    if data.startswith(b"PK") and chance.random() < 0.5:
        for _ in range(chance.choice((2, 5, 60))):
            data = _zipped({"inner.zip": data})
        return data
    if chance.random() < 0.2:
        for _ in range(8):
            data = as_mail(data)
        return data
    start = chance.randrange(len(data))
    return data[:start] + chance.choice(OPENINGS) * chance.choice((300, 20_000, 100_000)) + data[start:]


def huge(data: bytes, chance: Random) -> bytes:
    """With its middle over and over, or packed so that it unpacks to far more."""
    size = chance.choice(HUGE)
    if data.startswith(b"PK"):
        return _bomb(3 * size)
    start = chance.randrange(len(data))
    piece = data[start : start + chance.choice((1, 80, 20_000))]
    return data[:start] + piece * (size // max(1, len(piece))) + data[start:]


def _bomb(size: int) -> bytes:
    """An archive of three files of this size, written piece by piece so that this process stays small."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(3):
            with archive.open(f"{number}.txt", "w") as file:
                for _ in range(size // 300_000):
                    file.write(b"\0 a" * 100_000)
    return data.getvalue()


WAYS: dict[str, Callable[[bytes, Random], bytes]] = {
    "truncated": truncated,
    "bits flipped": flipped,
    "overwritten": overwritten,
    "nested": nested,
    "huge": huge,
    "wrong ending": lambda data, chance: data,
}
OFTEN = (3, 3, 3, 3, 1, 1)  # a huge file takes as long as twenty others


def ending_of(data: bytes, path: Path, way: str, chance: Random) -> str:
    """Its own, or any of another format's."""
    if way == "wrong ending" or chance.random() < 0.2:
        return chance.choice(ENDINGS)
    return ".zip" if data.startswith(b"PK") else path.suffix


# -- rounds ------------------------------------------------------------------------------------------------------------


def sound_releases(index: Index, paths: Sequence[Path]) -> set[str]:
    """The ids of some releases that are added whole."""
    for path in paths:
        if len(index) >= SOUND:
            break
        try:
            read(path)
        except ReadError:
            continue
        index.add([path])
    return {ref.id for ref in index.releases()}


def rounds(index: Index, paths: Sequence[Path], folder: Path, count: int, chance: Random) -> tuple[Counter[str], float]:
    """Add so many damaged files; what became of them, and the most seconds that one took."""
    kept = sound_releases(index, paths)
    outcomes: Counter[str] = Counter()
    longest = 0.0
    for number in range(count):
        form, [way] = chance.choice(list(FORMS)), chance.choices(list(WAYS), OFTEN)
        path = chance.choice(paths)
        data = WAYS[way](FORMS[form](path.read_bytes()), chance)
        file = folder / f"damaged{ending_of(data, path, way, chance)}"
        before = {ref.id for ref in index.releases()}
        file.write_bytes(data)
        begun = processor_seconds()
        try:
            report = index.add([file])
        except Exception:
            traceback.print_exc()
            print(f"{number}: {path.name} as {form}, {way}, {file.name}")
            outcomes["crashed"] += 1
            continue
        seconds = processor_seconds() - begun
        longest = max(longest, seconds)
        is_read = bool(report.added or report.replaced or report.duplicates or report.unchanged)
        outcomes["read" if is_read else "refused"] += 1
        after = {ref.id for ref in index.releases()}
        is_lost = not kept <= after or (not is_read and not before <= after)
        for what, is_so in (("lost a release", is_lost), (f"over {MOST_SECONDS:.0f} s", seconds > MOST_SECONDS)):
            if is_so:
                outcomes[what] += 1
                print(f"{number}: {path.name} as {form}, {way}, {file.name}: {what} ({seconds:.1f} s)")
        if (number + 1) % 100 == 0:
            print(f"{number + 1:,} {dict(outcomes)}, longest {longest:.1f} s", file=sys.stderr)
    return outcomes, longest


def processor_seconds() -> float:
    """Of this process and of those that it began."""
    gone = resource.getrusage(resource.RUSAGE_CHILDREN)
    total = time.process_time() + gone.ru_utime + gone.ru_stime
    for process in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split():
        spent = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11:13]
        total += sum(map(int, spent)) / os.sysconf("SC_CLK_TCK")
    return total


def memory() -> tuple[int, int]:
    """Most bytes that this process, and one that it read files in, held at a time."""
    worker.end()
    # What getrusage says of a process itself includes what the process held that began it.
    own = Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]
    return 1024 * int(own), 1024 * resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss


def main() -> int:
    """Print what became of the files, the longest time and the most memory."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("formats", type=Path)
    parser.add_argument("--count", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    chance = Random(options.seed)
    found = sorted(path for path in options.formats.rglob("*") if path.suffix in ENDINGS and path.stat().st_size)
    by_ending = {path.suffix: [each for each in found if each.suffix == path.suffix] for path in found}
    paths = [path for each in by_ending.values() for path in chance.choices(each, k=60)]  # forms alike
    chance.shuffle(paths)
    with TemporaryDirectory() as folder, Index.open(Path(folder, "index"), embedder=HashedLetters()) as index:
        outcomes, longest = rounds(index, paths, Path(folder), options.count, chance)
        problems = index.verify()
    ours, theirs = memory()
    print(
        f"{options.count:,} files, seed {options.seed}: " + ", ".join(f"{n:,} {what}" for what, n in outcomes.items())
    )
    print(f"longest {longest:.1f} s; memory at most {ours / 1e6:.0f} MB, {theirs / 1e6:.0f} MB in the reading process")
    print(f"{len(problems)} problems in the index")
    is_well = not problems and set(outcomes) <= {"read", "refused"} and max(ours, theirs) <= MOST_MEMORY
    return 0 if is_well else 1


if __name__ == "__main__":
    sys.exit(main())

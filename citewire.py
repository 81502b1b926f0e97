"""citewire: ask your press releases anything, and see the very words that say so.

    citewire add PATH…        read releases into the index: files, folders, web addresses
    citewire follow SOURCE    read a feed, a folder or a company's filings from now on
    citewire sync             fetch what is new there
    citewire ask "QUESTION"   answer from them, with sources
    citewire chat             ask one thing after another
    citewire conversations    what was asked before: list, show, export, delete, feedback
    citewire list · remove · verify · unfollow · eval

Exit codes: 0 done or answered · 1 partly done, or something was found wrong · 2 wrong usage · 3 no answer in the
releases · 4 the index cannot be used · 5 another sync is at work · 130 interrupted.
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import following
import keeping
from terminal import (
    DONE,
    INTERRUPTED,
    NO_ANSWER,
    NO_INDEX,
    PARTLY,
    USAGE,
    console,
    count,
    cut,
    explain,
    opened,
    print_json,
    show,
)

if TYPE_CHECKING:
    from index.store import AddReport, Index, Progress
    from qa import Assistant, Filters


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code."""
    from index import EmbedderError, StoreError

    for stream in (sys.stdin, sys.stdout):
        if isinstance(stream, io.TextIOWrapper):  # a letter that a terminal does not know is no reason to stop
            stream.reconfigure(errors="replace")
    try:
        return _run(arguments)
    except (StoreError, EmbedderError) as error:
        print(f"citewire: {error}", file=sys.stderr)
        return NO_INDEX
    except KeyboardInterrupt:
        print("citewire: stopped", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # the reader of our output has gone, as `head` does
        _drop_output()
        return DONE
    except OSError as error:
        _drop_output()
        print(f"citewire: {error.filename or 'the output cannot be written'}: {error.strerror}", file=sys.stderr)
        return PARTLY


def _run(arguments: Sequence[str] | None) -> int:
    try:
        options = _parser().parse_args(arguments)
        code: int = options.run(options)
    finally:
        if sys.stdout:
            sys.stdout.flush()  # here its errors can be caught, not when Python leaves
    return code


def _drop_output() -> None:
    """Send what is still to be written nowhere, or Python tries once more when it leaves, and complains."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


# -- commands ----------------------------------------------------------------------------------------------------------


def add(options: argparse.Namespace) -> int:
    """Add files, folders and web addresses to the index."""
    from index.store import Index

    if not options.paths and not options.rebuild:
        print("citewire add: name at least one file, folder or web address", file=sys.stderr)
        return USAGE
    if options.dry_run:
        return _try_out(options)
    with _progress("reading") as on_progress:
        index = Index.open(options.index, embedder=options.embedder, rebuild=options.rebuild, on_progress=on_progress)
        with index:
            report = _add_all(index, options, on_progress)
            total = len(index)
    return _tell_added(report, options.paths, total)


def _add_all(index: Index, options: argparse.Namespace, on_progress: Progress) -> AddReport:
    """Add the files and folders that were named, then what is at the addresses."""
    addresses = [path for path in options.paths if following.is_address(path)]
    files = [path for path in options.paths if not following.is_address(path)]
    report = index.add(files, on_progress, dry_run=options.dry_run)
    if addresses and not report.interrupted:
        following.fetch_into(index, addresses, options, report, on_progress)
    return report


def _try_out(options: argparse.Namespace) -> int:
    """Read what `add` would add, say what would become of it, and leave everything as it is."""
    from tempfile import TemporaryDirectory

    from index.store import DATABASE, Index

    with TemporaryDirectory() as empty, _progress("reading") as on_progress:
        folder = options.index if Path(options.index, DATABASE).exists() else empty
        with Index.open(folder, embedder=options.embedder) as index:
            report = _add_all(index, options, on_progress)
            total = len(index)
    for file in (*report.added, *report.replaced):
        notes = dict(report.warnings).get(file, ())
        print(f"{file}: {'would be added' if file in report.added else 'would be replaced'}{_noted(notes)}")
    return _tell_added(report, options.paths, total, is_dry=True)


def remove(options: argparse.Namespace) -> int:
    """Remove releases by file, folder or id."""
    with opened(options) as index:
        removed, unknown = index.remove(options.names)
        print(f"removed {count(len(removed), 'file')}; {count(len(index), 'release')} left")
    for name in unknown:
        print(f"{name}: not in the index; citewire list shows what is", file=sys.stderr)
    return PARTLY if unknown else DONE


def list_releases(options: argparse.Namespace) -> int:
    """Print the indexed releases, newest first, or what became of each file."""
    if options.files:
        return _list_files(options)
    with opened(options) as index:
        refs = index.releases()
    if options.json:
        rows = [ref._asdict() | {"published": ref.published and ref.published.isoformat()} for ref in refs]
        print_json(rows)
        return DONE
    width = max(60, shutil.get_terminal_size().columns)
    for ref in refs:
        day = ref.published.isoformat() if ref.published else "unknown"
        line = f"{ref.id}  {day:10}  {cut(ref.issuer or '–', 28):28}  {ref.headline}"
        print(cut(line, width) if console().is_terminal else line)
    print(count(len(refs), "release"))
    return DONE


def _list_files(options: argparse.Namespace) -> int:
    """Print what became of each file that was added, and what to know of how it was read."""
    with opened(options) as index:
        entries = index.imports()
    if options.json:
        print_json([entry._asdict() | {"at": entry.at.isoformat()} for entry in entries])
        return DONE
    for entry in entries:
        print(f"{entry.at:%Y-%m-%d}  {entry.outcome:8}{entry.source}{_noted(entry.notes)}")
    counts = Counter(entry.outcome for entry in entries)
    print(", ".join(f"{count:,} {outcome}" for outcome, count in sorted(counts.items())) or "no file was added yet")
    return DONE


def _noted(notes: Sequence[str]) -> str:
    return f" ({'; '.join(notes)})" if notes else ""


def ask(options: argparse.Namespace) -> int:
    """Answer one question."""
    answer = _assistant(options).ask(" ".join(options.question), filters=_filters(options))
    if options.json:
        from qa.plain import as_json

        print_json(as_json(answer))
    else:
        show(answer)
        if options.why:
            explain(answer)
    return DONE if answer.answered else NO_ANSWER


def chat(options: argparse.Namespace) -> int:
    """Answer questions until the person leaves; what was said is kept."""
    from chat import talk

    return talk(_assistant(options), _filters(options), options.open, is_suggesting=not options.no_suggestions)


def evaluate(options: argparse.Namespace) -> int:
    """Score the answers to a question set."""
    from eval.example import QuestionSetError, read_examples
    from eval.run import evaluate as run

    try:
        examples = read_examples(options.questions)
    except QuestionSetError as error:
        print(f"citewire eval: {error}", file=sys.stderr)
        return USAGE
    for path in filter(None, (options.json, options.report)):  # minutes of asking should not be lost for a wrong folder
        if not path.absolute().parent.is_dir():
            print(f"citewire eval: {path} cannot be written (no folder {path.absolute().parent})", file=sys.stderr)
            return USAGE
    assistant = _assistant(options)
    with _progress("asking") as on_progress:
        report = run(
            assistant, examples, on_progress=lambda done, total: on_progress(str(options.questions), done, total, 0)
        )
    print(report.table())
    written: dict[Path, str] = {}
    if options.json:
        written[options.json] = report.to_json()
    if options.report:
        plots = {options.report.with_suffix(f".{name}.svg"): image for name, image in report.plots().items()}
        written |= {options.report: report.to_markdown([path.name for path in plots])} | plots
    for path, content in written.items():
        try:
            path.write_text(content, encoding="utf-8")
        except OSError as error:
            print(f"citewire eval: {path} cannot be written ({error.strerror})", file=sys.stderr)
            return PARTLY
    return DONE


def verify(options: argparse.Namespace) -> int:
    """Check the whole index."""
    with opened(options) as index:
        problems = index.verify()
        for problem in problems:
            print(f"{problem.where}: {problem.what}", file=sys.stderr)
        size = f"{count(len(index), 'release')}, {count(index.count_chunks(), 'passage')}"
    print(
        f"{size}: " + (f"{count(len(problems), 'problem')}" if problems else "all texts, spans and vectors check out")
    )
    return PARTLY if problems else DONE


# -- output ------------------------------------------------------------------------------------------------------------


MOST_TOLD = 20  # files with warnings of their own that are named after adding


def _tell_added(report: AddReport, paths: Sequence[str], total: int, *, is_dry: bool = False) -> int:
    from index.read import ENDINGS

    for file, reason in report.failed:
        shown = file.encode("utf-8", "replace").decode("utf-8")  # a name may hold bytes that are no UTF-8
        print(f"{shown}: {reason}; skipped", file=sys.stderr)
    for file, twin in report.duplicates:
        print(f"{file}: the same release as {twin}; kept once", file=sys.stderr)
    if not is_dry:
        _tell_warnings(report)
    done = [
        f"{len(files):,} {word}"
        for files, word in (
            (report.added, "added"),
            (report.replaced, "replaced"),
            (report.unchanged, "unchanged"),
            (report.duplicates, "the same as another"),
            (report.failed, "skipped"),
        )
        if files
    ]
    if not done and paths and not report.interrupted:
        print(f"no release files ({', '.join(ENDINGS)}) in {', '.join(paths)}", file=sys.stderr)
        return PARTLY
    if report.others and (report.added or report.replaced):
        endings = Counter(file.suffix or "without one" for file in report.others)
        kinds = ", ".join(f"{number:,} {ending}" for ending, number in endings.most_common(5))
        what = f"{count(len(report.others), 'file')} with other endings ({kinds})"
        print(f"not looked at: {what}; name a file to have it read", file=sys.stderr)
    if is_dry:
        print(f"nothing written; there would be {', '.join(done) or 'nothing to add'}")
    else:
        print(f"{', '.join(done) or 'nothing to add'}; {count(total, 'release')} in the index")
    if report.interrupted:
        print("stopped; what is done is kept, the same command goes on from here", file=sys.stderr)
        return INTERRUPTED
    return PARTLY if report.failed else DONE


def _tell_warnings(report: AddReport) -> None:
    """Say what to know of how files were read: what many files lack by a count, all else file by file."""
    lacking = Counter(note for _, notes in report.warnings for note in notes if note.startswith("no "))
    told = [(file, [note for note in notes if not note.startswith("no ")]) for file, notes in report.warnings]
    told = [(file, notes) for file, notes in told if notes]
    for file, notes in told[:MOST_TOLD]:
        print(f"{file}: {'; '.join(notes)}", file=sys.stderr)
    if len(told) > MOST_TOLD:
        print(f"and {len(told) - MOST_TOLD:,} files more with notes: citewire list --files", file=sys.stderr)
    if lacking:
        counts = ", ".join(f"{what} in {count:,}" for what, count in sorted(lacking.items()))
        print(f"{counts}; citewire list --files says which", file=sys.stderr)


@contextmanager
def _progress(what: str) -> Iterator[Progress]:
    """A bar with count, rate and time left, on standard error where that is a terminal."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn(what),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    screen = console(stderr=True)
    with Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal) as bar:
        task = bar.add_task(what, total=None, rate="")

        def on_progress(file: str, done: int, total: int, passages: int) -> None:
            speed = bar.tasks[0].speed
            bar.update(task, completed=done, total=total, rate=f"{speed:.1f}/s" if speed else "")

        yield on_progress


# -- options -----------------------------------------------------------------------------------------------------------


def _assistant(options: argparse.Namespace) -> Assistant:
    from qa import Assistant

    try:
        return Assistant.open(options.index, embedder=options.embedder, risk=options.risk)
    except ValueError as error:
        options.parser.error(f"--risk: {error}")
        raise


def _filters(options: argparse.Namespace) -> Filters:
    from qa import Filters

    if options.since and options.until and options.since > options.until:
        options.parser.error(f"--since {options.since} is after --until {options.until}: no day lies between them")
    return Filters(tuple(options.issuer), tuple(options.ticker), options.since, options.until)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date; write it as 2024-05-31") from None


def _risk(text: str) -> float:
    try:
        risk = float(text)
    except ValueError:
        risk = -1.0
    if not 0 < risk < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no share between 0 and 1; write it as 0.2")
    return risk


def _add_risk(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--risk", type=_risk, metavar="SHARE", help="refuse so often that at most this share of answers is wrong: 0.2"
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="citewire", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--version", action="version", version=f"citewire {version('citewire')}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(
        name: str, run: Callable[[argparse.Namespace], int], summary: str, details: str = "", among: Any = commands
    ) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = among.add_parser(
            name,
            help=summary,
            description=f"{summary[0].upper()}{summary[1:]}.",
            epilog=details,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        # A command within another one must not set back what was said before it.
        folder, model = (".citewire", None) if among is commands else (argparse.SUPPRESS, argparse.SUPPRESS)
        made.add_argument("--index", default=folder, metavar="DIR", help="folder of the index (default: .citewire)")
        made.add_argument(
            "--embedder", default=model, metavar="MODEL", help="a sentence-transformers model, by name or folder"
        )
        made.set_defaults(run=run, parser=made)
        return made

    adding = command("add", add, "read releases into the index", _ADD_DETAILS)
    adding.add_argument("paths", nargs="*", metavar="PATH", help="a file, a folder of them, or an address")
    adding.add_argument("--dry-run", action="store_true", help="read and report, and write nothing")
    adding.add_argument("--rebuild", action="store_true", help="chunk and embed all stored texts again")
    following.add_fetching(adding)

    following.add_commands(command, _day)

    removing = command("remove", remove, "take releases out of the index", "example: citewire remove releases/old/")
    removing.add_argument(
        "names", nargs="+", metavar="NAME", help="a file, folder or address that was added, or a release's id"
    )

    listing = command("list", list_releases, "show what is indexed, newest first", _LIST_DETAILS)
    listing.add_argument("--files", action="store_true", help="what became of each file instead, and what it lacks")
    listing.add_argument("--json", action="store_true", help="as JSON")

    asking = command("ask", ask, "answer a question, with the words that say so", _ASK_DETAILS)
    asking.add_argument("question", nargs="+", metavar="QUESTION", help="in plain words; quoted, for the shell's sake")
    asking.add_argument("--json", action="store_true", help="as JSON, with character positions and sha256")
    asking.add_argument("--why", action="store_true", help="show what was found and what spoke for each passage")
    _add_filters(asking)

    talking = command("chat", chat, "ask one thing after another; follow-ups are understood", _CHAT_DETAILS)
    talking.add_argument("--open", metavar="N", help='go on with conversation N, or with the "last" one')
    talking.add_argument("--no-suggestions", action="store_true", help="do not look for questions to go on with")
    _add_filters(talking)

    keeping.add_commands(command)

    evaluating = command("eval", evaluate, "score the answers to a question set", _EVAL_DETAILS)
    evaluating.add_argument("questions", metavar="QUESTIONS.jsonl", type=Path)
    evaluating.add_argument("--json", metavar="OUT", type=Path, help="write metrics and every result as JSON")
    evaluating.add_argument(
        "--report",
        metavar="OUT.md",
        type=Path,
        help="write a report to read, and two plots of confidence beside it",
    )

    _add_risk(evaluating)

    command("verify", verify, "check every stored text, span and vector", _VERIFY_DETAILS)
    return parser


def _add_filters(parser: argparse.ArgumentParser) -> None:
    _add_risk(parser)
    parser.add_argument(
        "--issuer", action="append", default=[], metavar="NAME", help="only this issuer (may be repeated)"
    )
    parser.add_argument(
        "--ticker", action="append", default=[], metavar="SYMBOL", help="only this ticker: CLRB, NASDAQ:CLRB"
    )
    parser.add_argument("--since", type=_day, metavar="DAY", help="only releases of this day and later: 2024-05-31")
    parser.add_argument("--until", "--as-of", type=_day, metavar="DAY", help="only releases of this day and earlier")


_ADD_DETAILS = """\
example: citewire add releases/ results-q2.pdf alerts.zip https://example.com/news/1
PDF, Word (.docx), RTF, web pages and EDGAR exhibits, plain text, Markdown, e-mails (.eml, .msg), zip files of these;
the kind is told from what is in a file.
An unchanged file is left alone, a changed one takes the place of what it held before.
Ctrl-C keeps what is done; the same command goes on from there."""
_LIST_DETAILS = """\
example: citewire list --json
A line a release: id, date, issuer, headline. The id can be given to citewire remove.
With --files a line a file: the day it was read, what became of it, and what to know of how it was read."""
_CHAT_DETAILS = """\
example: citewire chat --issuer Cellectar
         citewire chat --open last
What is said is kept beside the index. /help tells what else can be typed; Ctrl-D leaves."""
_VERIFY_DETAILS = """\
example: citewire verify --index .citewire
The exit code is 0 when everything checks out and 1 when something does not; each problem is named."""
_ASK_DETAILS = """\
example: citewire ask "what payload does CLR 131 use?" --until 2017-12-31
The exit code is 0 for an answer and 3 where the releases do not say."""
_EVAL_DETAILS = """\
example: citewire eval eval/questions/sample.jsonl --report report.md
The form of a question set is described in eval/questions/README.md, the metrics in docs/metrics.md."""

if __name__ == "__main__":
    sys.exit(main())

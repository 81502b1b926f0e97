"""Adding releases: the form, how far it is, and what became of each file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

from index.read import ENDINGS, MAX_BYTES
from page.inline import counted, line
from page.library import MOST_FILES, Job

MOST_SHOWN = 200  # files named in a report; of the rest their number


def bring_html(folders: bool) -> str:
    """The form.

    Args:
        folders: whether a folder of the machine that citewire runs on may be named.
    """
    kinds = ", ".join(ENDINGS)
    folder = (
        '<form class="folder"><label>Or a folder on this computer <input type="text" name="folder" '
        'placeholder="/home/you/releases" maxlength="4096"></label><button type="submit">Add folder</button></form>'
        if folders
        else ""
    )
    return (
        '<article class="view bring" tabindex="0" data-view="bring" aria-label="Add releases"><h2>Add releases</h2>'
        f'<label class="drop"><b>Drop files here, or choose them</b><span>{line(kinds)} · at most '
        f"{MAX_BYTES // 1_000_000} MB each, {MOST_FILES} at once</span>"
        f'<input type="file" name="files" multiple accept="{kinds.replace(" ", "")}" data-most="{MOST_FILES}" '
        f'data-bytes="{MAX_BYTES}"></label>{folder}<div class="job" aria-live="polite"></div></article>'
    )


def refused_html() -> str:
    """Where nothing may be added: said, instead of a form that fails."""
    return (
        '<article class="view bring" tabindex="0" data-view="bring" aria-label="Add releases"><h2>Add releases</h2>'
        "<p>This page is open to others without a password, so nothing can be added or removed here. "
        "Add releases with <code>citewire add</code> on the machine that it runs on, or set a password.</p></article>"
    )


def job_html(job: Job) -> str:
    """How far a job is; once it is done, what became of each file."""
    if job.error:
        return f'<p class="failed" data-done>{line(job.error)}</p>'
    if not job.report:
        if not job.total:
            return "<p>Waiting for its turn …</p>"
        said = f"{job.done:,} of {counted(job.total, 'file')}"
        return f'<label>{said} <progress max="{job.total}" value="{job.done}">{said}</progress></label>'
    report = job.report
    rows = [
        *((file, "failed", f"not added: {reason}") for file, reason in report.failed),
        *((file, "", "added") for file in report.added),
        *((file, "", "replaces what it held before") for file in report.replaced),
        *((file, "", f"the same release as {PurePath(other).name}") for file, other in report.duplicates),
        *((file, "", "already there, unchanged") for file in report.unchanged),
    ]
    return f"<p data-done><b>{_total(job)}</b></p>{_rows(rows)}"


def _total(job: Job) -> str:
    report = job.report
    assert report is not None
    new = len(report.added) + len(report.replaced)
    failed = f", {counted(len(report.failed), 'file')} could not be read" if report.failed else ""
    known = len(report.unchanged) + len(report.duplicates)
    there = f", {known:,} already there" if known else ""
    return f"{counted(new, 'release')} added{there}{failed}."


def _rows(rows: Sequence[tuple[str, str, str]]) -> str:
    shown = "".join(
        f'<li class="{kind}"><bdi>{line(PurePath(file).name)}</bdi>: {line(said)}</li>'
        for file, kind, said in rows[:MOST_SHOWN]
    )
    more = f"<li>and {counted(len(rows) - MOST_SHOWN, 'more file')}</li>" if len(rows) > MOST_SHOWN else ""
    return f'<ul class="report">{shown}{more}</ul>' if rows else "<p>No release files were found there.</p>"

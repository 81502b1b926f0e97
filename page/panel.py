"""Panel: what stands beside the conversation. Each method takes what the browser sends and gives HTML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from index import StoreError
from page.bring import bring_html, job_html, refused_html
from page.browse import Listing, browse_html, listed_html
from page.inline import counted, line
from page.library import Job, Library, NotTaken
from page.place import Link, Place
from page.release import notice, release_html
from page.scope import filters_of, issuers_html, summary_html
from page.timeline import Marks, Said, timeline_html
from qa import Filters

READY = "Ask a question: the release that answers opens here, at the words that say so."
NOT_SAID = "No release is open. The passages on the left are the nearest; click one to read it."
GONE = "This release is no longer in the index."
CHANGED = (
    "The text of this release has changed since the link was made, or the release was removed: the words that the link "
    "points at are not there any more."
)


class Panel:
    """The views over a library.

    Args:
        uploads: the only folder from which uploaded files are taken.
    """

    def __init__(self, library: Library, uploads: Path) -> None:
        self._library = library
        self._uploads = uploads

    # -- releases ------------------------------------------------------------------------------------------------------

    def source(self, place: str) -> str:
        """The release at a place that the page names, with its spans marked."""
        try:
            at = Place.parse(place)
            release = self._library.release(at.release_id)
            if release is None:
                return notice(GONE)
            for span in at.spans:
                release.quote(span)
        except (ValueError, StoreError) as error:
            return notice(f"This source cannot be opened: {error}")
        return release_html(release, at, removable=self._library.may_change)

    def linked(self, query: Mapping[str, str]) -> str:
        """The release that the page's address names; the words of welcome if it names none."""
        try:
            link = Link.parse(query)
            if link is None:
                return notice(READY)
            release = self._library.release(link.span.release_id)
            if release is None or release.sha256 != link.sha256:
                return notice(CHANGED)
            release.quote(link.span)
        except (ValueError, StoreError) as error:
            return notice(f"This link cannot be opened: {error}")
        return release_html(release, Place(release.id, (link.span,)), removable=self._library.may_change)

    # -- lists ---------------------------------------------------------------------------------------------------------

    def title(self, _: object = None) -> str:
        """What the index holds, in a few words."""
        refs = self._library.releases()
        issuers = {ref.issuer for ref in refs if ref.issuer}
        of = f"<span> of {counted(len(issuers), 'issuer')}</span>" if issuers else ""
        return f"<h1>citewire</h1><p>{counted(len(refs), 'release')}{of}</p>"

    def summary(self, scope: Mapping[str, Any]) -> str:
        """How many releases may answer."""
        try:
            filters = filters_of(scope)
            passing, total = len(self._library.releases(filters)), len(self._library.releases())
            return summary_html(filters, passing, total, self._undated(filters))
        except (ValueError, StoreError) as error:
            return f"<b>{line(str(error))}</b>"

    def _undated(self, filters: Filters) -> int:
        """How many releases the days of a filter leave out because their own is not known."""
        if not filters.since and not filters.until:
            return 0
        return sum(not ref.published for ref in self._library.releases(replace(filters, since=None, until=None)))

    def issuers(self, _: object) -> str:
        """The names that the form offers."""
        return issuers_html(self._library.releases())

    def browse(self, request: Mapping[str, Any]) -> str:
        """The list of releases, with its form."""
        return browse_html(self.listed(request))

    def listed(self, request: Mapping[str, Any]) -> str:
        """The list without its form: of the releases that may answer, those asked for.

        Args:
            request: ``words``, ``order`` and ``page`` of the list; ``scope``; ``marks`` of an answer, whose issuer's
                releases alone are listed then.
        """
        try:
            filters, listing = filters_of(request.get("scope")), Listing.of(request)
            refs = self._library.releases(filters)
            if request.get("marks"):
                return self._answered(str(request["marks"]), listing)
        except (ValueError, StoreError) as error:
            return f'<div class="listed"><p class="hint">{line(str(error))}</p></div>'
        found = listing.pick(refs)
        one = bool(filters.issuers) or len({ref.issuer for ref in found}) == 1  # of many, a line of time says nothing
        return listed_html(found, listing, filters, timeline_html(found) if one else "")

    def _answered(self, written: str, listing: Listing) -> str:
        """The releases of the issuer that an answer is about, with marks where it was said and where it changed."""
        said: list[Said] = []
        for number, release_id, span in Marks.parse(written):
            release = self._library.release(release_id)
            if release is not None:
                if span:
                    release.quote(span)
                said.append((number, release, span))
        issuer = said[0][1].issuer if said else None
        refs = [ref for ref in self._library.releases() if issuer and ref.issuer == issuer]
        return listed_html(listing.pick(refs), listing, Filters((issuer,) if issuer else ()), timeline_html(refs, said))

    # -- adding and removing -------------------------------------------------------------------------------------------

    def bring(self, _: object) -> str:
        """The form that adds releases."""
        return bring_html(self._library.may_name_folders) if self._library.may_change else refused_html()

    def add(self, request: Mapping[str, Any]) -> dict[str, str]:
        """Begin to add uploaded files, or a folder; the job's id and how far it is.

        Args:
            request: ``files``, paths that uploading gave, or ``folder``.
        """
        try:
            if "folder" in request:
                job = self._library.add_folder(str(request["folder"]))
            else:
                job = self._library.add_uploads([self._uploaded(file) for file in request.get("files") or ()])
        except (NotTaken, OSError) as error:
            job = Job(error=str(error))
        return {"job": job.id, "html": job_html(job)}

    def _uploaded(self, file: object) -> Path:
        path = Path(str(file)).resolve()
        if not path.is_relative_to(self._uploads.resolve()) or not path.is_file():
            raise NotTaken("only files that were uploaded from this page can be added so")
        return path

    def added(self, job_id: str) -> str:
        """How far a job is."""
        return job_html(self._library.job(str(job_id)) or Job(error="This job is no longer known."))

    def remove(self, release_id: str) -> str:
        """Take a release out of the index, and say so."""
        try:
            is_removed = self._library.remove(str(release_id))
        except (NotTaken, StoreError) as error:
            return notice(str(error))
        return notice("The release is removed; no answer rests on it from now on." if is_removed else GONE)

"""An answer as plain data, as programs get it: what ``ask --json`` prints and the page's calls return."""

from __future__ import annotations

from typing import Any

from index.store import Passage
from qa.answer import Answer, Citation


def as_json(answer: Answer) -> dict[str, Any]:
    """The answer as plain data, as ``ask --json`` prints it."""
    return {
        "question": answer.question,
        "query": answer.query,
        "instead": list(answer.instead),
        "answer": answer.text,
        "verdict": answer.verdict,
        "answered": answer.answered,
        "lacking": answer.lacking,
        "confidence": round(answer.confidence, 4),
        "refusal": answer.refusal
        and {
            "reason": answer.refusal.reason,
            "message": answer.refusal.message,
            "nearest": [_citation_json(citation) for citation in answer.refusal.nearest],
        },
        "citations": [_citation_json(citation) for citation in answer.citations],
        "others": [_citation_json(citation) for citation in answer.others],
        "passages": [_passage_json(passage) for passage in answer.passages],
    }


def _citation_json(citation: Citation) -> dict[str, Any]:
    release = citation.release
    return {
        "release_id": release.id,
        "source": release.source,
        "issuer": release.issuer,
        "headline": release.headline,
        "published": release.published and release.published.isoformat(),
        "sha256": release.sha256,
        "start": citation.start,
        "end": citation.end,
        "quote": citation.quote,
        "corrected_by": citation.corrected_by and citation.corrected_by.id,
        "said_in": [ref.id for ref in citation.said_in],
        "cell": citation.cell and citation.cell._asdict(),
    }


def _passage_json(passage: Passage) -> dict[str, Any]:
    span = passage.chunk.span
    return {
        "release_id": span.release_id,
        "start": span.start,
        "end": span.end,
        "score": round(passage.score, 4),
        "parts": {name: round(part, 4) for name, part in passage.parts},
        "said_in": [ref.id for ref in passage.said_in],
    }

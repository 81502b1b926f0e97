"""Offline: release file -> Index."""

from index.database import StoreError
from index.embed import EmbedderError
from index.read import ReadError
from index.release import Block, Release, Span
from index.store import Index, Passage

__all__ = ["Block", "EmbedderError", "Index", "Passage", "ReadError", "Release", "Span", "StoreError"]

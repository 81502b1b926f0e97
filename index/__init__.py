"""Offline: release file -> Index."""

from index.embed import EmbedderError
from index.read import ReadError
from index.release import Block, Release, Span
from index.sqlite_file import StoreError
from index.store import Index, Passage

__all__ = ["Block", "EmbedderError", "Index", "Passage", "ReadError", "Release", "Span", "StoreError"]

"""Online: question -> Answer with the words that say so."""

from qa.answer import Answer, Citation, Refusal
from qa.assistant import Assistant
from qa.retrieve import Filters
from qa.rewrite import Turn

__all__ = ["Answer", "Assistant", "Citation", "Filters", "Refusal", "Turn"]

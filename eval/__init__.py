"""Does it answer rightly, from the right place, and know when not to?"""

from eval.example import Evidence, Example, QuestionSetError, read_examples
from eval.run import Report, Result, evaluate

__all__ = ["Evidence", "Example", "QuestionSetError", "Report", "Result", "evaluate", "read_examples"]

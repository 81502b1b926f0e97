"""What the benchmarks that ask questions of an index have in common."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from index import StoreError
from qa import Assistant


def opened(parser: ArgumentParser) -> tuple[Namespace, Assistant]:
    """The options, ``--index`` and ``--show`` among them, and who answers; ends with a message if that cannot be."""
    parser.add_argument("--index", default=".citewire")
    parser.add_argument("--show", action="store_true", help="print the questions that are not right")
    options = parser.parse_args()
    try:
        return options, Assistant.open(options.index)
    except StoreError as error:
        parser.error(str(error))

"""A part of a question, put in the place of what is like it in the one before."""

from __future__ import annotations

import pytest

from qa.anaphora import form
from qa.fragment import Fragment, exchanged
from qa.said import Said


@pytest.mark.parametrize(
    ("before", "part", "expected"),
    [
        ("How large is the Mishawaka plant of Acme?", "and Tunica?", "How large is the Tunica plant of Acme?"),
        ("What was the Acme rate in LUMINA?", "and in PRISMA?", "What was the Acme rate in PRISMA?"),
        ("What does Acme pay Bolt?", "and Cog Mills?", "What does Cog Mills pay Bolt?"),
        ("What was sold by Acme to Bolt?", "and to Cog Mills?", "What was sold by Acme to Cog Mills?"),
        ("What was Acme's revenue in May 2024?", "and in 2022?", "What was Acme's revenue in 2022?"),
        ("What was Acme's revenue?", "and in 2022?", "What was Acme's revenue in 2022?"),
        ("What were Acme's costs?", "and the net loss?", "What were Acme's net loss?"),
        ("Who is Acme's CEO?", "and the chairman?", "Who is Acme's chairman?"),
        ("Why did Acme's mill burn?", "and the loss?", ""),  # open what is exchanged
        ("What is the fee for the use of the mill?", "and the rent?", ""),
        ("Where is the mill?", "and in the year before?", ""),  # more than one phrase
        ("Where is the mill?", "and Bolt?", ""),  # no name to exchange
        ("Who is Acme's CEO?", "and Bolt's?", "Who is Bolt's CEO?"),
        ("Where is Acme based?", "and in Houston?", ""),  # no place is named
        ("Where is Acme's mill?", "what about the one in Oslo that burnt?", ""),
    ],
)
def test_a_part_takes_the_place_of_what_is_like_it(before: str, part: str, expected: str) -> None:
    fragment = Fragment.of(part, form(part).opening)
    found = exchanged(fragment, Said(before, "")) if fragment else ""
    assert found == expected

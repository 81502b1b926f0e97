from __future__ import annotations

import re
from html import unescape

from hypothesis import given
from hypothesis import strategies as st

from page.inline import escape


@given(st.text())
def test_escaped_text_comes_back_and_holds_no_character_that_means_something(text: str) -> None:
    assert unescape(escape(text)) == text
    assert not re.search(r"""[<>"'`$*_~\[\]{}\\|@:]""", escape(text))
    assert not re.search(r"&(?!#\d+;)", escape(text))

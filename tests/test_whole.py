"""Spans that end where words, figures and their units end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.whole import whole


@pytest.mark.parametrize(
    ("text", "part", "expected"),
    [
        ("It cost $4.4 billion.", "4.4", "$4.4 billion"),
        ("It cost $4.4 billion.", "$4.4", "$4.4 billion"),
        ("It cost US$4.4 billion.", "4", "US$4.4 billion"),
        ("about 17 % of it", "17", "17 %"),
        ("about 17% of it", "7", "17%"),
        ("about 17 percent of it", "17", "17 percent"),
        ("a loss of $(1.2) million", "1.2", "$(1.2) million"),
        ("a loss of (€1.2) here", "1.2", "(€1.2)"),
        ("a change of -4.5% then", "4.5", "-4.5%"),
        ("EUR 12.5 million", "12.5", "EUR 12.5 million"),
        ("in 2023-2024 again", "2024", "2024"),
        ("COVID-19 vaccine", "19", "COVID-19"),
        ("uses iodine-131 now", "131", "iodine-131"),
        ("1,234,567 shares", "234", "1,234,567"),
        ("iodine-131, which", "iodine-131,", "iodine-131"),
        ("the payload", "payl", "payload"),
        ("Acme Corp. said", "Acme Corp.", "Acme Corp."),
        ("it rose 5. Then", "5.", "5"),
        ("by Ann Berg, M.D.", "Ann Berg, M.D.", "Ann Berg, M.D."),
        ("by Ann Berg, M.D., Ph.D., who", "Ann Berg", "Ann Berg, M.D., Ph.D."),
        ("by Ann Berg, M.D., who", "Ann Berg, M.D", "Ann Berg, M.D."),
        ("Dr. Ann van der Berg, CEO", "Ann van der Berg", "Dr. Ann van der Berg"),
        ("in Oslo, MS Berge docked", "Oslo", "Oslo"),
        ("paper mill, MBA students", "paper mill", "paper mill"),
        ("on May 3, 2024, in Oslo", "May 3", "May 3, 2024"),
        ("on May 3, 2024, in Oslo", "3, 2024", "May 3, 2024"),
        ("on 3 May 2024 in Oslo", "3 May", "3 May 2024"),
        ("on May 3, 2024, in Oslo", "2024", "2024"),
        ("by Nov. 4th 2024 or", "Nov. 4th", "Nov. 4th 2024"),
        ("Novartis 10 units", "10", "10"),
        ("In May 12 patients came", "12 patients", "12 patients"),
        ("In May 12 patients came", "12", "12"),
        ("Marriott 30 hotels", "30", "30"),
        ("in May 2024 or", "May 2024", "May 2024"),
        ("1,100 feet (335.3 meters) up", "1,100 feet (335.3 meters", "1,100 feet (335.3 meters)"),
        ("uses WiSA(R) and ADIO(R) now", "WiSA(R) and ADIO(R", "WiSA(R) and ADIO(R)"),
        ("by the Agency (“DTRA”), which", "Agency (“DTRA", "Agency (“DTRA”)"),
        ("Power (NYSE: SUN) (FSE: GY2) said", "SUN) (FSE: GY2", "(NYSE: SUN) (FSE: GY2)"),
        ("the (“FDA”) approved it", "FDA”) approved", "(“FDA”) approved"),
        ("1) first, 2) second", "1) first", "1) first"),
        ("call (214) 987-4121 now", "987-4121", "(214) 987-4121"),
        ("call 1-800-555-0199 now", "555-0199", "1-800-555-0199"),
        ("it grew ~15% there", "15%", "~15%"),
        ("under <$5 million of it", "5", "<$5 million"),
        ("patent #41 there", "41", "#41"),
        ("some 40+ brands", "40", "40+"),
        ("100+5 seats", "100", "100"),
        ("paid R$ 5 million", "5", "R$ 5 million"),
        ("and, Bolt, too", ", Bolt,", "Bolt"),
        ("Loss\t(832)\t12", "832", "(832)"),
        ("Loss\t12\t(8.5)", "8.5", "(8.5)"),
        ("in all (832) of", "832", "832"),
        ("Contact:Ann Bergmedia@acme.com", "Ann Berg", "Ann Berg"),
        ("Contact:Ann Bergmedia@acme.com", "media@acme.com", "media@acme.com"),
        ("write to Amir@acme.com", "Amir", "Amir"),
        ("at www.acme.com214.987.4121Email us", "987", "214.987.4121"),
        ("at acme.com1-800-555-0199", "1-800-555-0199", "1-800-555-0199"),
        ("It cost 5 € there", "5", "5 €"),
        ("It cost 5 million euros", "5 million", "5 million euros"),
        ("It cost $5 million USD.", "5", "$5 million USD"),
        ("paid 5 €10 times", "5", "5"),
        ("worth ₹500 crore now", "500", "₹500 crore"),
        ("rose 0.5 percentage points", "0.5", "0.5 percentage points"),
        ("25 basis points wider", "25", "25 basis points"),
        ("a 1,200 sq. ft. mill", "1,200", "1,200 sq. ft."),
        ("1,200 square feet of it", "1,200", "1,200 square feet"),
        ("a 1,200-square-foot mill", "200", "1,200-square-foot"),
        ("a $5-million plant", "$5", "$5-million"),
        ("of $5-7 million in", "$5", "$5-7 million"),
        ("of $5-7 million in", "7 million", "$5-7 million"),
        ("of US$5 – 7 million in", "7", "US$5 – 7 million"),
        ("from $27-34 an hour", "34", "$27-34"),
        ("about 5–7% there", "5", "5–7%"),
        ("between $5 million–$7 million", "$5 million", "$5 million"),
        ("of $5 to $7 million", "$7 million", "$7 million"),
        ("of $5 million to $7 million", "$5 million", "$5 million"),
        ("ages 12-17 years", "12", "12"),
        ("Cost\t12\t-\t5%", "12", "12"),
        ("it was $5 -7% less", "5", "$5"),
        ("by 3.5km there", "3", "3.5km"),
        ("uses TNX-4200 now", "00", "TNX-4200"),
        ("Interviews Dr. Ann Berg, MD, FACP, who", "Ann Berg, MD, ", "Dr. Ann Berg, MD, FACP"),
    ],
)
def test_spans_do_not_cut_words_or_figures(text: str, part: str, expected: str) -> None:
    """Nor do they take commas along."""
    start = text.index(part)
    first, last = whole(text, start, start + len(part))
    assert text[first:last] == expected


PIECES = st.sampled_from(
    (
        "a B 1 23 4,5 0.5 $ € ₹ US USD euros % ( ) . , ; - – ~ + # @ é 🏭 ③ K million crore bps percentage points basis"
        " sq. ft. square feet May 2024 3rd Dr. Ann Berg van M.D. MD FACP Ph.D. Inc. media@ acme.com 214 987-4121"
    ).split()
)


@given(st.lists(PIECES | st.sampled_from(" \t\n\u0301"), min_size=1, max_size=14).map("".join), st.data())
def test_whole_stays_in_the_text_and_settles(text: str, data: st.DataObject) -> None:
    """Never empty, never outside, no word is cut, and what is whole stays as it is."""
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    first, last = whole(text, start, end)
    assert 0 <= first < last <= len(text)
    assert whole(text, first, last) == (first, last)


@given(st.text(alphabet="aB1 $€%.,()-–é\u0301🏭\n", min_size=1, max_size=30), st.data())
def test_no_word_is_cut(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    first, last = whole(text, start, end)
    for border in (first, last):
        assert not (0 < border < len(text) and text[border - 1].isalpha() and text[border].isalpha())
    assert whole(text, first, last) == (first, last)

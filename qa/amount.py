"""Figures as people write them -> amounts: sign, currency, number, scale, percent."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import NamedTuple

# -- characters --------------------------------------------------------------------------------------------------------

_DROPPED = re.compile(r"[®™℠©*†‡\u00ad\u200b-\u200d\u2060]|(?<=\w)\((?:tm|r|sm)\)", re.IGNORECASE)
_CHARACTERS = str.maketrans(
    dict.fromkeys("‘’‚‛′`´ʼ", "'")
    | dict.fromkeys("‐‑‒–−﹣－⁃", "-")
    | dict.fromkeys("—―⸺", " - ")  # a dash as wide as a word parts clauses and is never a sign
    | {"＄": "$", "﹩": "$", "％": "%", "﹪": "%", "（": "(", "）": ")", "_": " "}
)
# A capital M after a number is million, a small one may be metres; a B without a currency may be "Phase 2B".
_GLUED_SCALE = re.compile(r"(?<![\w.,])([0-9.,]*[0-9])(?:(M)|[Kk])\b")


def fold(text: str) -> str:
    """Case, accents, white space and kinds of quote and dash folded; trademark and footnote marks dropped.

    >>> fold("Cobre  Panamá’s ~$1.9M –5*")
    "cobre panama's ~$1.9 million -5"
    """
    text = _DROPPED.sub("", unicodedata.normalize("NFC", text)).translate(_CHARACTERS)
    text = _GLUED_SCALE.sub(lambda match: f"{match[1]} {'million' if match[2] else 'thousand'}", text)
    text = unicodedata.normalize("NFD", unicodedata.normalize("NFD", text).casefold())
    return " ".join(unicodedata.normalize("NFC", re.sub("[\u0300-\u036f]", "", text)).split())


# -- amounts -----------------------------------------------------------------------------------------------------------

# How each currency is written before and after a number. A bare dollar is the US dollar; "pounds" alone may be weight.
_CURRENCIES: dict[str, tuple[str, str]] = {
    "$": (r"(?:(?:usd|us|u\.s\.)\s?)?\$|usd", r"(?:u\.?s\.?\s|american\s)?dollars?\b|usd\b"),
    "cad": (r"(?:cdn|can|ca|c)\$|cad\s?\$?", r"canadian\sdollars?\b|cad\b"),
    "aud": (r"(?:au|a)\$|aud\s?\$?", r"australian\sdollars?\b|aud\b"),
    "nzd": (r"nz\$|nzd", r"new\szealand\sdollars?\b|nzd\b"),
    "hkd": (r"hk\$|hkd", r"hong\skong\sdollars?\b|hkd\b"),
    "sgd": (r"(?:sg|s)\$|sgd", r"singapore\sdollars?\b|sgd\b"),
    "eur": (r"€|eur", r"€|euros?\b|eur\b"),
    "gbp": (r"£|gbp", r"£|pounds?\ssterling\b|british\spounds?\b|gbp\b"),
    "jpy": (r"¥|jpy", r"(?:japanese\s)?yen\b|jpy\b"),
    "cny": (r"rmb|cny", r"rmb\b|cny\b|(?:chinese\s)?yuan\b|renminbi\b"),
    "chf": (r"chf", r"chf\b|swiss\sfrancs?\b"),
    "inr": (r"₹|inr", r"inr\b|(?:indian\s)?rupees?\b"),
    "krw": (r"₩|krw", r"krw\b|korean\swon\b"),
}
SCALES = {"thousand": 3, "k": 3, "million": 6, "mn": 6, "mm": 6, "m": 6, "billion": 9, "bn": 9, "b": 9}
SCALES |= {"trillion": 12, "tn": 12, "t": 12}
_ONES = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_TEENS = ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_VALUES = {word: n for n, word in enumerate(["zero", *_ONES, *_TEENS])} | {w: 20 + 10 * n for n, w in enumerate(_TENS)}

_ONE = f"(?:{'|'.join(_ONES)})"
_TEN = f"(?:{'|'.join(_TENS)})"
# The lookaheads keep "twenty-six" from being read as a range when the longest reading leads nowhere.
_BELOW_100 = rf"(?:{_TEN}[\s-]{_ONE}|{_TEN}(?![\s-]{_ONE}\b)|{'|'.join(_TEENS)}|zero|{_ONE})\b"
_HUNDREDS = rf"{_ONE}[\s-]hundred\b"
_REST = rf"(?:\sand)?[\s-]{_BELOW_100}"
_WORDED = rf"(?:{_HUNDREDS}{_REST}|{_HUNDREDS}(?!{_REST})|{_BELOW_100})"
# Not a piece of "1.2.3", "007" or "12,34": those are names, not amounts.
_DIGITS = r"(?:(?:[1-9][0-9]{0,2}(?:,[0-9]{3})+|[1-9][0-9]*|0)(?:\.[0-9]+)?|(?<![\w.])\.[0-9]+)(?![.,]?[0-9])"
SCALE = r"(?:thousand|million|billion|trillion|bn|mn|tn)\b"
_PERCENT = r"(?:%|percent\b|per\s?cent\b|pct\b)"
BEFORE = "|".join(before for before, _ in _CURRENCIES.values())
_AFTER = "|".join(after for _, after in _CURRENCIES.values())


class Amount(NamedTuple):
    """A number with all that belongs to it."""

    negative: bool
    currency: str  # a key of _CURRENCIES, or empty
    digits: str  # "3.2": plain decimal, not scaled yet
    scale: int  # power of ten
    percent: bool

    @property
    def token(self) -> str:
        """The amount as one token; digits are shifted, not multiplied, so that none is rounded.

        >>> Amount(True, "$", "3.20", 9, False).token, Amount(True, "", "0.0", 0, True).token
        ('-$3200000000', '0%')
        """
        whole, _, fraction = self.digits.partition(".")
        fraction = fraction.ljust(self.scale, "0")
        whole = (whole + fraction[: self.scale]).lstrip("0") or "0"
        fraction = fraction[self.scale :].rstrip("0")
        value = f"{whole}.{fraction}" if fraction else whole
        sign = "-" if self.negative and value != "0" else ""
        return f"{sign}{self.currency}{value}{'%' if self.percent else ''}"

    @property
    def value(self) -> Decimal:
        """The number itself; percent are whole numbers.

        >>> int(Amount(True, "$", "3.2", 6, False).value), Amount(False, "", "4.5", 0, True).value
        (-3200000, Decimal('4.5'))
        """
        value = Decimal(self.digits).scaleb(self.scale)
        return -value if self.negative else value


def amount_pattern(name: str = "", other: str = "") -> str:
    """Pattern of an amount; its groups end in ``name``. A one-letter scale needs a currency, its own or the other's."""
    short = r"\s?(?:mm|[kmbt])\b"
    without_own = f"(?(before{other}){short}|(?!))" if other else "(?!)"
    return (
        rf"(?:(?<![\w)%])(?P<sign{name}>[-+]))?(?:(?P<before{name}>{BEFORE})\s?(?P<late{name}>-)?)?"
        rf"(?P<number{name}>{_DIGITS}|{_WORDED})"
        rf"(?P<scale{name}>[\s-]?{SCALE}|(?(before{name}){short}|{without_own}))?"
        rf"(?:\s?(?P<percent{name}>{_PERCENT})|[\s-]?(?P<after{name}>{_AFTER}))?"
    )


def amount_of(match: re.Match[str], name: str = "") -> Amount:
    """The amount that `amount_pattern` of the same name has found in folded text.

    >>> amount_of(re.match(amount_pattern(), fold("CA$7 Million"))).token
    'cad7000000'
    """
    parts = ("sign", "before", "late", "number", "scale", "percent", "after")
    sign, before, late, number, scale, percent, after = (match[part + name] or "" for part in parts)
    currency = currency_of(before, 0)
    if currency in ("", "$"):  # "$5 million CAD" is Canadian
        currency = currency_of(after, 1) or currency
    return Amount("-" in (sign, late), currency, _digits(number), SCALES.get(scale.strip(" -"), 0), bool(percent))


def currency_of(written: str, side: int) -> str:
    """Code of a currency as it is written before (0) or after (1) a number; empty for none."""
    return next((code for code, forms in _CURRENCIES.items() if written and re.fullmatch(forms[side], written)), "")


def _digits(number: str) -> str:
    """Digits of a number in figures or words.

    >>> _digits("1,250.5"), _digits(".15"), _digits("one hundred and twenty-six")
    ('1250.5', '.15', '126')
    """
    if not number[0].isalpha():
        return number.replace(",", "")
    total = 0
    for word in re.findall(r"\w+", number):
        total = total * 100 if word == "hundred" else total + _VALUES.get(word, 0)
    return str(total)

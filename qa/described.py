"""What a company is or does: the clause behind its name that says so, told by form.

Asked "What does Acme do?", a reader of "Acme (NASDAQ: ACM), a maker of robots, opened a Demonstration Center" takes
what it did. Releases say what their company is in a form of their own: in an apposition where it is first named, or in
the first sentence of "About Acme".
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from index.chunk import statements
from index.listing import tickers
from index.release import Release, Span
from qa.company import KIND, short_name
from qa.define import MARKS, STOP
from qa.person import ROLE

_SORT = r"(?:compan(?:y|ies)|business(?:es)?|firm|corporation|organi[sz]ation|enterprise|outfit)"
_FIELD = r"(?:line of business|business|industry|sector|field|line of work|space)"
_NAME = rf"(?P<name>[^?,;:()]{{2,60}}?)(?:,?\s+{KIND})?"
_BE = r"(?:\s+is|\s+are|['’]?s)"
_LED_BY = r"^\W*(?:(?:and|so|but|ok|okay|please|can you|could you)\W+)*"
_FORMS = tuple(
    re.compile(rf"{_LED_BY}{form}\W*$", re.IGNORECASE)
    for form in (
        rf"what\s+(?:exactly\s+)?(?:does|do)\s+{_NAME}\s+(?:(?:actually|exactly)\s+)?do(?:\s+exactly|\s+for a living)?",
        rf"what{_BE}?\s+(?:kind|sort|type)\s+of\s+(?:an?\s+)?{_SORT}{_BE}\s+{_NAME}",
        rf"(?:what|which)\s+{_FIELD}\s+(?:is|are|does|do)\s+{_NAME}\s+(?:in|(?:operate|work) in|belong to)",
        rf"(?:what{_BE}|describe)\s+{_NAME}['’]s?\s+(?:(?:main|core|primary)\s+)?(?:line of )?business(?:es)?",
    )
)
_BARE = re.compile(
    rf"{_LED_BY}(?:what\s+exactly{_BE}|what{_BE}(?:\s+exactly)?|tell me about|describe)\s+{_NAME}"
    r"(?:,?\s+and what (?:does|do) (?:it|they) do)?\W*$",
    re.IGNORECASE,
)
_NO_NAMES = re.compile(
    r"^(?i:(?:the (?:company|business|firm)|it|this|that|these|those|they|you|your|we|there|he|she|who|each|such)\b)"
    r"|^(?i:the|an?|its|their|our)\s[^A-Z]*$|['’]s?\s"
    # "Acme planning", but "Bank of America", "Procter and Gamble"
    r"|^(?=.*[A-Z]).*(?<![\w.’'-])(?!(?:of|and|the|for|de|du|la|le|von|van|on|at|in|y|e|a|by|to)\b)[a-z]+(?![\w.])"
)
_HEADS = (
    "company companies corporation firm business enterprise provider producer developer manufacturer maker designer"
    " distributor supplier retailer wholesaler operator owner builder bank lender insurer broker brokerage leader"
    " pioneer innovator specialist platform network exchange fund trust SPAC REIT explorer miner utility agency"
    " consultancy studio publisher broadcaster airline carrier brand chain group organization organisation association"
    " institute institution university nonprofit non-profit foundation startup start-up conglomerate cooperative"
    " integrator marketplace partnership refiner grower franchisor franchisee incubator accelerator"
    " newswire publication newspaper magazine society council charity university"
).split()
_HEAD = re.compile(rf"\b(?:{'|'.join(_HEADS)})s?\b", re.IGNORECASE)
# Where what kind of thing it is has been said: "a maker | of robots for a bank".
_NO_MORE = re.compile(r"(?<![\w-])(?:that|which|who|whose|of|for|in|to|with|at|by|on|from|where|as|whereby)(?![\w-])")
_NO_KIND = re.compile(  # "a company to watch", "a customer of", "a Nevada corporation"
    "|".join(
        (
            r"\b(?:to watch|worth watching|going concern|equal (?:opportunity|housing)|fastest[- ]growing|does not)\b",
            r"\b(?:opportunity|joint venture|recipient|finalist|winner|award\w*|family business|\d% owner)\b",
            r"\b(?:B Corp\w*|Fortune \d+ company|(?:company|companies|organization|firm) selected)\b",
            r"\b(?:first|only)[\w ]{0,20} (?:company|bank|platform) to\b",
            r"\b(?:emerging growth|smaller reporting|exempted|different|undervalued|stronger|portfolio) company\b",
            r"\bgreat (?:company|business|brand)\b|\bforeign private issuer\b|\blimited liability company\b",
            r"-(?:owned|neutral|free) (?:business|company)$",
            r"^.{0,40}\b(?:customer|client|member|participant|party|defendant|plaintiff|sponsor|shareholder|stockholder"
            r"|holder|subsidiary|trademark|affiliate|division|unit|partner|supplier)s?\s(?:company\s)?(?:of|in|to)\b",
            r"^an?\s(?:(?:publicly|privately|wholly)[- ](?:traded|held|listed|owned)\s|public\s|private\s"
            r"|[A-Z]\w+\s(?:[A-Z]\w+\s)?)?(?:(?:public|private)\s)?(?:company|corporation)\b"
            r"(?!\s(?:that|which|focus|engag|develop|speciali|dedicat|commit|operat|work|building))",
        )
    )
)
_LEAST, _MOST = 110, 260  # characters of a clause: what it may be cut down to, and from where on it is
_ASIDES = r"(?:\s*\([^()]*(?:\([^()]*\)[^()]*)*\))*"
_ALIAS = r"(?:,?\s*(?:or|and)?\s*(?:the\s)?[“\"][^”\"]{1,30}[”\"])?"
_FIRST_OF = r"(?:leading|largest|premier|first|only|biggest|oldest|foremost)"
_NOUN = (  # "a maker of", "the leading maker of", "Canada's largest maker of"; not "the company's maker of"
    r"(?P<clause>(?:an?|one of(?!\s(?:its|our|their))|the\s(?:world|nation|country|industry)['’]s"
    rf"|the\s[\w’'-]*\s?{_FIRST_OF}|(?:[A-Z][a-z]+\s)?[A-Z][a-z]+['’]s\s{_FIRST_OF})\s)"
)
_STATED = re.compile(rf"{_ALIAS}\s+(?:is|are)\s+(?:(?:also|now|today|currently)\s+)?{_NOUN}")
_APPOSED = re.compile(rf"{_ALIAS}(?:\s*,\s*|\s+[-–—]\s+|—){_NOUN}")
_SAYS = (  # what comes behind a description, not another item of a list in it
    "today is are was were has have had will can may would could said says announced announces reported reports"
    " recently revealed released releases confirmed shared provided provides published unveiled launched completed"
    " issued welcomed received entered signed continues this on reminds invites named appointed closed declared filed"
    " which who whose with but won sold saw began became made took grew rose fell did led held got gave went built"
    " bought brought just now also to for as in at by from under following after before pursuant effective it its we"
    " our they one"
).split()
_OTHERWISE = (
    rf"(?:(?:{'|'.join(_SAYS)})\b|[a-z]{{2,}}(?:ed|[^s]s)\s(?!and\b|or\b|&))"  # "benefits from", not "mills and"
)
_ITEM = rf"\s+(?!{_OTHERWISE})[^,;:.()“”\"]{{2,50}}?"
_LIST = re.compile(rf"{_ITEM}(?:,{_ITEM}){{0,6}},?\s+(?:and|&|or)\s(?!{_OTHERWISE}|[Tt]he [Cc]ompany\b)")
_LAST = re.compile(rf"\s+(?:and|&|or)\s(?!{_OTHERWISE}|[Tt]he [Cc]ompany\b|(?:[A-Z][\w&.-]*\s){{1,4}}(?:{KIND}|\())")
_MARK = re.compile(
    rf"[()\[\],;:“”\"]|{STOP}|\s[-–—]\s|—|(?<!that)(?<!which)(?<!who)\s(?=(?:today|announced|announces|is|are)\b(?!['’]))"
)
_GOES_ELSEWHERE = re.compile(rf"\s+{_OTHERWISE}")
_ADJECTIVE = re.compile(r"\b(?:an?|the)\s[\w-]+$|^\w+(?:\sand\s\w+)?\s[\w-]+$")
_DANGLING = re.compile(r"\s+(?:and|or|but|while)\s*$")
_RELATIVE = re.compile(r",?\s(?:that|which|including|by|through|to|with|where)\s")
_LED_IN = re.compile(  # what may stand before a company of which the sentence is
    r"(?:^|[.!?:;–—“\")\]*-]\s*|\bAbout:?\s*|\b[Tt]he\s*"
    r"|^\W*(?:Founded|Headquartered|Based|Established|With|As|Since|Located|Listed|Today|Built|Backed|Led|Launched|Formed"
    r"|Incorporated|Traded|Now|Operating)\b.*,\s*)$"
)
_NOT_OF_IT = re.compile(
    r"^\W*(?:In|According to|With|For|After|By|Under|At|Before|Following|Unlike|Through|Among|As|Against)\b[^,]*$"
    r"|\b(?:formerly|f/k/a|not|no longer|unlike|include[sd]?|including|such as|like|against)\s+(?:the\s)?$"
)
_OF_NAME = re.compile(r"[A-Z][\w&.-]*\sof\s(?:the\s)?$")
_LONGER = re.compile(r"\b(?!About\b|The\b)[A-Z][\w&.-]*[™®]?\s$")
_ABOUT = re.compile(r"(?:^|[\n.!?”\"’)*#])[\s*#]*About:?\s+(?:the\s)?")
_DOES = (
    "develops provides offers designs manufactures produces operates owns builds delivers explores sells distributes"
    " supplies specializes specialises focuses helps enables invests creates mines markets engages"
    " combines connects brings transforms empowers"
).split()
_OF_ITSELF = re.compile(rf"\s+(?P<clause>(?:{'|'.join(_DOES)})\s(?!(?:with|under|to|no|not|its|for|on what)\b|[$\d]))")
_WE = re.compile(rf"^\W*(?:The Company|The Bank|The Fund|The Firm|We)\s+(?:is|are)\s+{_NOUN}")
_ROLE = re.compile(r"\b(?:serv(?:ed|es|ing)|act(?:ed|s|ing)|engaged|retained|appointed)\sas\b")
LEAST_WORDS = 3  # of a description
MOST_NAMED = 5  # times in a sentence that are looked at
_NEAR = 400  # characters behind "About Acme" within which "we are" is of that company


class Description(NamedTuple):
    """A company about which is asked what it is or does."""

    name: str
    is_bare: bool  # "What is Acme?" may ask for a product, "What does Acme do?" may not

    @classmethod
    def of(cls, question: str) -> Description | None:
        """Which company is asked about; None for a question about anything else.

        >>> Description.of("What does Acme Robotics do?"), Description.of("What is Acme?")
        (Description(name='Acme Robotics', is_bare=False), Description(name='Acme', is_bare=True))
        >>> Description.of("What kind of company is Acme?").name, Description.of("What industry is Acme in?").name
        ('Acme', 'Acme')
        >>> Description.of("What does the trial do?"), Description.of("What is the dose?")
        (None, None)
        """
        asked = next((found for form in _FORMS if (found := form.match(question))), None)
        if (found := asked or _BARE.match(question)) is None:
            return None
        name = short_name(found["name"].strip("“”\"'").removeprefix("the "))
        if not re.search(r"\w", name) or _NO_NAMES.search(found["name"]):
            return None
        return cls(name, asked is None)

    def stated(self, release: Release, within: Span) -> Span | None:
        """The clause of a passage that says what the company is, or does."""
        is_issuer = _begins(release.issuer or "", self.name, whole=self.is_bare)  # Bitcoin is not Bitcoin Depot
        if not re.search(re.escape(self.name.split()[0]), release.quote(within), re.IGNORECASE):
            return None
        for sentence in statements(release, within):
            words = release.quote(sentence)
            before = release.text[max(0, sentence.start - _NEAR) : sentence.start]
            if clause := self._clause(words, before, (release.issuer or "") if is_issuer else ""):
                return Span(release.id, sentence.start + clause[0], sentence.start + clause[1])
        return None

    @staticmethod
    def is_role(sentence: str) -> bool:
        """Whether a sentence tells for what a company was engaged, once, which is not what it does.

        >>> Description.is_role("Bolt LLP acted as legal counsel to Acme."), Description.is_role("Bolt is a law firm.")
        (True, False)
        """
        return bool(_ROLE.search(sentence))

    @staticmethod
    def is_enough(words: str) -> bool:
        """Whether words alone may describe a company.

        >>> Description.is_enough("a law firm"), Description.is_enough("a")
        (True, False)
        """
        return len(words.split()) >= LEAST_WORDS

    def _clause(self, sentence: str, before: str, issuer: str) -> tuple[int, int] | None:
        """First character, and one past the last, of what a sentence says that the company is.

        Args:
            before: what stands in front of the sentence.
            issuer: of the release, if that is the company; else empty.

        >>> sentence = "Acme Robotics, Inc. (NASDAQ: ACM), a maker of robots and mills, today opened a showroom."
        >>> sentence[slice(*Description("acme", True)._clause(sentence, "", "Acme Robotics, Inc."))]
        'a maker of robots and mills'
        """
        named = _named(self.name, issuer)
        is_about = _is_last_about(before, named)
        for found in islice(named.finditer(sentence), MOST_NAMED):
            ahead = sentence[: found.start()]
            if _LONGER.search(ahead) or (self.is_bare and not (issuer or found["form"] or tickers(found["asides"]))):
                continue  # the end of a longer name; a product or a place may be named so
            for opening, is_of_it in ((_STATED, _LED_IN.search(ahead)), (_APPOSED, _may_be_apposed(ahead))):
                if is_of_it and (told := opening.match(sentence, found.end())) and (clause := _whole(sentence, told)):
                    return clause
            is_own = is_about or _is_last_about(ahead, named)
            if not self.is_bare and is_own and (told := _OF_ITSELF.match(sentence, found.end())):
                return told.start("clause"), _end(sentence, told.start("clause"), is_verb=True)
        told = _WE.match(sentence) if is_about else None
        return _whole(sentence, told) if told else None


def _is_last_about(text: str, named: re.Pattern[str]) -> bool:
    """Whether the last "About …" in a text is about the company."""
    last = [found.end() for found in _ABOUT.finditer(text)][-1:]
    return bool(last and named.match(text, last[0]))


def _may_be_apposed(ahead: str) -> bool:
    """Whether a noun behind a name may be in apposition to it, by what stands ahead of the name."""
    if _OF_NAME.search(ahead) and not re.search(rf"{ROLE}[^,]*$", ahead):
        return False  # "First Bank of Acme, a lender"
    return not _NOT_OF_IT.search(ahead)


def _whole(sentence: str, told: re.Match[str]) -> tuple[int, int] | None:
    """The clause that begins there, if it names a kind of company."""
    start = told.start("clause")
    clause = sentence[start : _end(sentence, start)]
    first = clause.removeprefix("one of ")
    noun = first[: found.start()] if (found := _NO_MORE.search(first)) else first
    return (start, start + len(clause)) if _HEAD.search(noun) and not _NO_KIND.search(clause) else None


def _end(sentence: str, start: int, *, is_verb: bool = False) -> int:
    """One past the last character of a description: at the end of the sentence, or before what else it says."""
    sentence = sentence[: start + 4 * _MOST]
    depth, opened, is_list, end = 0, start, False, len(sentence)
    for mark in _MARK.finditer(sentence, start):
        sign = mark[0].strip()
        if sign in ("(", "["):
            depth, opened = depth + 1, opened if depth else mark.start()
        elif sign in (")", "]") and depth:
            depth -= 1
        elif depth or (sign == ":" and sentence[mark.end() : mark.end() + 1].strip()):
            continue
        elif sign == "," and not (is_verb or _HEAD.search(sentence, start, mark.start())):
            continue  # "a leading, privately held maker"
        elif sign == "," and _may_go_on(sentence[start : mark.start()], sentence[mark.end() :]):
            continue  # "offers a faster, smarter way", "offers faster, smarter ways"
        elif sign == "," and _LIST.match(sentence, mark.end()):
            is_list = True
        elif sign == "," and is_list and _LAST.match(sentence, mark.end()):
            is_list = False
        else:
            end = mark.start()
            break
    if depth or sentence.startswith("(http", opened):
        end = len(sentence[:opened].rstrip())
    if end - start > _MOST and (less := _RELATIVE.search(sentence, start + _LEAST, start + _MOST)):
        end = less.start()
    return len(_DANGLING.sub("", sentence[:end]))


def _may_go_on(clause: str, behind: str) -> bool:
    """Whether an adjective stands before a comma, and another behind it."""
    last = _ADJECTIVE.search(clause)
    return bool(last and not _HEAD.search(last[0]) and not _GOES_ELSEWHERE.match(behind))


def _begins(issuer: str, name: str, *, whole: bool) -> bool:
    """Whether an issuer is called so, by the first words of its name or all that people say of it."""
    said, asked = (re.sub(r"[^\w\s]", "", short_name(each)).casefold().split() for each in (issuer, name))
    return bool(asked) and (said if whole else said[: len(asked)]) == asked


@lru_cache(maxsize=256)
def _named(name: str, issuer: str) -> re.Pattern[str]:
    """The name as a release writes it: with the rest of its issuer's, what kind of company it is, and its tickers."""
    own, whole = name.split(), short_name(issuer).split()
    words = r"\s+".join(map(re.escape, own)) + "".join(rf"(?:\s+{re.escape(word)})?" for word in whole[len(own) :])
    return re.compile(rf"(?<![\w-])(?i:{words})(?![\w-]){MARKS}(?P<form>(?i:,?\s+{KIND})*){MARKS}(?P<asides>{_ASIDES})")

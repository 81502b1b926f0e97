"""Forms of sentences that turn into questions by their form alone: "Acme expects to open the works in May 2025" becomes
"When does Acme expect to open the works?". What fits no form gives no question: few, but such as a person would ask.

In the tradition of rules over sentences (Heilman and Smith, "Good Question! Statistical Ranking for Question
Generation", NAACL 2010); instead of parsing, a form matches to the word, and every question is checked by asking it.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from index.months import MONTHS


class Frame(NamedTuple):
    """One form. Groups of its pattern fill the question; ``answer`` is what answers it."""

    kind: str
    question: str
    pattern: re.Pattern[str]
    needs_issuer: bool  # whether the sentence must name the issuer


# -- parts of patterns -------------------------------------------------------------------------------------------------

ISSUER = "\x01"  # stands in a sentence for the issuer, however it is called there; no release holds this character
_SUBJECT = rf"(?:^|(?<=[,;:–—“] )|(?<=that ))(?:“|The )?{ISSUER}"  # not the end of "a subsidiary of Acme"
_ABOUT = r"(?:approximately |about |over |more than |nearly |almost |up to |a total of |an? |at least |roughly |some )*"
_NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?"
_MONEY = rf"(?:US|C|CA|A|AU|CAD |USD )?[$€£]\s?{_NUMBER}(?:[ -]?(?:million|billion|thousand|[MBK]\b))?"
_PERCENT = rf"{_NUMBER}\s?(?:%|percent\b|per cent\b)"
_COUNT = rf"{_NUMBER}(?: million| billion)?\+?|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
MONTH = rf"(?:{'|'.join(MONTHS)})"
_DATE = rf"(?:(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,? )?{MONTH} \d{{1,2}},? 20\d\d)"
_DAY = rf"(?:{_DATE}|{MONTH} 20\d\d|20\d\d)\b"
_YEAR = r"(?:(?:fiscal|calendar) )?(?:year )?20\d\d"
_TIME = (
    rf"(?:{_DATE}|{MONTH},? (?:of )?20\d\d|(?:the )?(?:(?:first|second|third|fourth) (?:quarter|half)|early|mid|late"
    rf"|beginning|middle|end|Q[1-4]|[1-4]Q|[12]H|H[12]|summer|spring|fall|autumn|winter)[- ](?:of )?{_YEAR}|{_YEAR})"
)
_PERIOD = (
    rf"(?:(?:the )?(?:first|second|third|fourth)[- ]quarter (?:of )?{_YEAR}|Q[1-4] (?:of )?20\d\d"
    rf"|the (?:three|six|nine|twelve)[- ]months? (?:period )?ended {MONTH} \d{{1,2}}, 20\d\d"
    rf"|the (?:fiscal |full |first |second |third |fourth )?(?:year|quarter) ended {MONTH} \d{{1,2}}, 20\d\d"
    r"|(?:fiscal (?:year )?|full[- ]year |the (?:full )?year )?20\d\d)"
)
_METRIC = (
    r"(?:(?i:(?:total |net |gross |consolidated |annual |licensing |product )*"
    r"(?:revenues?|sales|profit|income|loss|earnings)|operating (?:expenses|loss|income|profit)|loss from operations"
    r"|gross margin|total assets|backlog|research and development (?:expenses?|costs)"
    r"|(?:selling, )?general and administrative (?:expenses?|costs))"
    r"|(?:[Aa]djusted )?EBITDA|(?:R&D|G&A) (?:expenses?|costs))"
)
_MOVED = r"(?:increased|decreased|grew|rose|fell|declined)"
_WORD = r"[A-Z0-9][\w&®™’'+-]*"
_NAME = rf"[A-Z][\w&®™’'+-]*(?: (?:{_WORD}|of|&))*?(?<! of)"
_CODE = rf"(?!{MONTH})[A-Z][A-Za-z]*[- ]?\d[\w-]*(?: [A-Z]{{2,3}}\b)?[®™]?"  # TNX-102 SL, CLR 131
_ORG = r"(?:the )?[A-Z][\w&®’'-]*(?: (?:[A-Z][\w&®’'-]*|of|&|and(?= [A-Z])))*"
_PLACE = r"[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)*(?:, [A-Z][\w’'-]+(?: [A-Z][\w’'-]+)*)*"
_PERSON = (  # the answer is the name without titles, which releases give now and then
    r"(?:(?:Dr|Mr|Ms|Mrs|Prof)\.? )?(?P<answer>[A-Z][a-zé’'-]+ (?:[A-Z]\. )?(?:(?:de|van|von|der|di|la) )?"
    r"[A-Z][\w’'-]+(?: [A-Z][a-z’'-]+)?)"
    r"(?:,? (?:M\.?D\.?|Ph\.?D\.?|MBA|CPA|CFA|J\.?D\.?|DVM|M\.?Sc\.?|P\.?\s?Geo\.?|P\.?\s?Eng\.?)(?!\w))*"
)
_CHIEF = r"(?:[Cc]hief (?:\w+|\w+ and \w+|\w+ \w+) [Oo]fficer|C[A-Z]O\b)"
_ROLE = (
    r"(?:(?:[Ii]nterim |[Ee]xecutive )?"
    r"(?:(?:(?:[Cc]o-?)?[Ff]ounder|[Cc]hair(?:man|woman)?|[Pp]resident)(?:,| and| &) )*"
    rf"(?:{_CHIEF}|[Pp]resident|[Cc]hair(?:man|woman)?|(?:[Cc]o-?)?[Ff]ounder|[Mm]anaging [Dd]irector))"
)
_OFFERING = (
    r"(?:(?:registered direct|(?:initial |underwritten )?public|bought deal|at-the-market|private) offering"
    r"|(?:brokered |non-brokered )?private placement|credit facility)"
)
_PRAISE = r"(?:(?:new|exciting|major|historic|landmark|strategic) )*"
_PACT = (
    r"(?:(?:[a-z-]+ ){0,2}?"
    r"(?:agreement|memorandum of understanding|letter of intent|partnership|collaboration|joint venture))"
)
_EVENT = (
    rf"(?:the )?{_WORD}(?: (?:{_WORD}|of|for|the|on|in|and|&|–))*? "
    r"(?:Conference|Summit|Forum|Congress|Meeting|Symposium|Expo|Event|Series|Showcase|Convention)"
)
_MEETING = (
    r"(?:conference call|webcast|webinar|earnings call|investor day"
    r"|(?:annual|special)(?: general)? meeting(?: of (?:share|stock)holders)?)"
)
_WORKS = (
    rf"(?!(?:Its|Our|Their|This|Each|Both|These) )[A-Z][\w’'-]*(?: (?:{_WORD}))*? "
    r"(?:[Pp]roject|[Pp]roperty|[Mm]ine|[Dd]eposit|[Ff]acility|[Pp]lant|[Cc]ampus)"
)
_WORK = (
    r"(?i:\b(?:commercial )?production|construction|drilling|commissioning|(?:patient )?enrollment|dosing"
    r"|deliver(?:y|ies)|commercialization)"
)
_TRIAL = r"Phase \d\w?(?:/\d\w?)? (?:clinical )?(?:trial|study)"
_PATIENTS = r"(?:adult |healthy |evaluable )?(?:patients|participants|subjects|volunteers)"
_USERS = (
    r"(?:users|customers|consumers|companies|patients|businesses|clinicians|physicians|investors|operators|developers"
    r"|retailers|brands|drivers|players|fans|organizations|enterprises)"
)
_REST = r"[^.,;:()\t$]{3,55}?"
_CLAUSE = r"[^.;]{10,140}"
_END = r"(?=[.,;:]|$)"
_HAS = r"(?:today |has |have |had )?(?:announced (?:today )?that it (?:has )?)?"

# The base of each verb that forms take: what follows "did" and "does".
BASE = dict(
    pair.split(":")
    for pair in (
        "acquired:acquire announced:announce appointed:appoint began:begin closed:close collected:collect "
        "commenced:commence completed:complete cut:cut decreased:decrease delivered:deliver dosed:dose earned:earn "
        "entered:enter expanded:expand filed:file generated:generate granted:grant improved:improve increased:increase "
        "initiated:initiate introduced:introduce invested:invest launched:launch lowered:lower opened:open paid:pay "
        "raised:raise received:receive reduced:reduce released:release reported:report secured:secure shipped:ship "
        "signed:sign sold:sell spent:spend started:start submitted:submit unveiled:unveil won:win grew:grow rose:rise "
        "fell:fall declined:decline approved:approve cleared:clear accepted:accept "
        "demonstrated:demonstrate showed:show achieved:achieve "
        "aims:aim allows:allow anticipates:anticipate designs:design develops:develop distributes:distribute "
        "employs:employ enables:enable expects:expect focuses:focus has:have holds:hold intends:intend manages:manage "
        "manufactures:manufacture markets:market offers:offer operates:operate owns:own plans:plan produces:produce "
        "provides:provide sells:sell serves:serve specializes:specialize targets:target "
        "attending:attend exhibiting:exhibit participating:participate presenting:present speaking:speak "
        "employing:employ managing:manage operating:operate owning:own serving:serve"
    ).split()
)
_PAST = "|".join(verb for verb in BASE if not verb.endswith(("s", "ing")))
_GOT = "received|raised|secured|invested|paid|generated|spent|earned|collected|won"
_MEANT = "expects|plans|intends|anticipates|aims"
_RUNS = "operates|employs|owns|serves|manages|holds|has|produces"
_MAKES = "offers|provides|develops|manufactures|sells|specializes in|focuses on|targets|designs|distributes|markets"

# -- the forms ---------------------------------------------------------------------------------------------------------

# Kind, question, pattern; in the order of what a reader of releases wants to know next. Groups of patterns: ``name`` is
# what the question is about, ``rest`` (which must be able to end a clause) and ``phrase`` are taken over as they are,
# ``verb`` is brought to its base.
_FORMS: tuple[tuple[str, str, str], ...] = (
    (
        "plan",
        "When does {issuer} {verb} to {rest}?",
        rf"{_SUBJECT} (?:now |currently |also |still )?(?P<verb>{_MEANT}) to (?P<rest>[a-z]{_REST}) "
        rf"(?:in|by|during|before|on|at|for|(?:in|by) or before) (?P<answer>{_TIME})",
    ),
    (
        "amount",
        "How much did {issuer} {verb} {rest}?",
        rf"{_SUBJECT} (?:has |have |had )?(?:also |recently |successfully )?(?P<verb>{_GOT}) {_ABOUT}"
        rf"(?P<answer>{_MONEY}) (?P<rest>(?:from|through|under|in|for) (?![^.,;]*\bnot\b){_REST}){_END}",
    ),
    (
        "investment",
        "How large is the {rest} that {issuer} {phrase} from {name}?",
        rf"{_SUBJECT} {_HAS}(?:also )?(?P<phrase>secured|received|won|obtained) an? {_ABOUT}(?P<answer>{_MONEY}) "
        rf"(?P<rest>(?:[a-z-]+ )?(?:investment|grant|loan|order|contract|award|payment)) from (?P<name>{_ORG})",
    ),
    (
        "paid",
        "How much is {issuer} paying for {name}?",
        rf"{_SUBJECT}[^.;]{{0,80}}? acquir(?:e|ed|es|ing) (?P<name>{_ORG})[^.;$]{{0,60}}? for {_ABOUT}"
        rf"(?P<answer>{_MONEY})",
    ),
    (
        "use",
        "What does {issuer} {verb} to use the proceeds for?",
        rf"{ISSUER} (?:currently )?(?P<verb>intends|plans|expects) to use the (?:net |gross )?proceeds"
        rf"(?: (?:from|of) [^.,;]{{3,60}}?)? (?P<answer>(?:for|to) {_CLAUSE})",
    ),
    (
        "proceeds",
        "What are the gross proceeds of {issuers} {name}?",
        rf"(?P<name>{_OFFERING})[^.$]{{0,120}}? gross proceeds (?:to [^.,;$]{{2,40}} )?"
        rf"(?:of|were|are expected to be) {_ABOUT}(?P<answer>{_MONEY})",
    ),
    (
        "size",
        "How large is {issuers} {name}?",
        rf"(?P<name>{_OFFERING}) (?:totall?ing|worth|valued at|of) {_ABOUT}(?P<answer>{_MONEY})",
    ),
    ("size", "How large is {issuers} {name}?", rf"(?P<answer>{_MONEY}) (?P<name>{_OFFERING})"),
    (
        "price",
        "What is the price per {rest} in {issuers} {name}?",
        rf"(?P<name>{_OFFERING})[^.]{{0,150}}? at {_ABOUT}(?:(?:purchase |offering |issue )?price of )?"
        rf"(?P<answer>{_MONEY}) per (?P<rest>share|unit)\b",
    ),
    (
        "metric",
        "What {was} {issuers} {metric} {period}?",
        rf"(?P<metric>{_METRIC})(?: (?:for|in) (?P<period>{_PERIOD}))?,? "
        rf"(?:was|were|of|totall?ed|reached|amounted to|came to|{_MOVED}(?: by)?(?: {_ABOUT}{_PERCENT})? to) {_ABOUT}"
        rf"(?P<answer>{_MONEY}|{_PERCENT})(?: (?:for|in|during) (?P<later>{_PERIOD}))?",
    ),
    (
        "metric",
        "What {was} {issuers} {metric} {period}?",
        rf"(?:[Ff]or|[Ii]n) (?P<period>{_PERIOD}),? [^.;$]{{0,60}}?(?P<metric>{_METRIC}) "
        rf"(?:was|were|of|totall?ed|reached) {_ABOUT}(?P<answer>{_MONEY}|{_PERCENT})",
    ),
    (
        "growth",
        "By how much did {issuers} {metric} {verb} {period}?",
        rf"(?P<metric>{_METRIC})(?: (?:for|in) (?P<period>{_PERIOD}))?,? (?P<verb>{_MOVED})(?: by)? {_ABOUT}"
        rf"(?P<answer>{_PERCENT})[^.;]{{0,40}}?(?: (?:for|in|during) (?P<later>{_PERIOD}))?",
    ),
    (
        "cause",
        "What drove {issuers} {metric} {rest}?",
        rf"(?P<metric>{_METRIC}) (?P<rest>growth|increase|decrease|decline) (?:was|is) "
        r"(?:primarily |mainly |largely )?(?:driven |due |attributable |attributed )(?:primarily |mainly |largely )?"
        rf"(?:by|to) (?P<answer>{_CLAUSE})",
    ),
    (
        "cash",
        "How much cash did {issuer} have as of {rest}?",
        rf"\b[Cc]ash\b[^.;$]{{0,60}}? (?:of|was|were|totall?ed) {_ABOUT}(?P<answer>{_MONEY}) "
        rf"(?:as of|at|on) (?P<rest>{_DATE})",
    ),
    (
        "cash",
        "How much cash did {issuer} have as of {rest}?",
        rf"(?:[Aa]s of|[Aa]t) (?P<rest>{_DATE}),? {ISSUER} had [^.;$]{{0,60}}?cash[^.;$]{{0,50}}? "
        rf"(?:of|totall?ing) {_ABOUT}(?P<answer>{_MONEY})",
    ),
    (
        "runway",
        "How long is {issuers} cash expected to last?",
        rf"(?:fund|finance|support)[^.;]{{0,60}}? operations[^.;]{{0,40}}? (?:into|through|until) (?P<answer>{_TIME})",
    ),
    (
        "due",
        "When is {issuers} {name} expected to {rest}?",
        rf"[Tt]he (?P<name>{_OFFERING}|offering|transaction|merger|acquisition|business combination|{_TRIAL}) is "
        r"(?:currently )?expected to (?P<rest>close|be completed|begin|start|commence) "
        rf"(?:on or about|on or before|by|in|on|during) (?P<answer>{_TIME})",
    ),
    (
        "due",
        "When is {issuers} {name} expected to close?",
        rf"[Cc]losing of the (?P<name>{_OFFERING}|offering|transactions?|merger|acquisition) is expected (?:to occur )?"
        rf"(?:on or about|on or before|by|in|on|during) (?P<answer>{_TIME})",
    ),
    (
        "event",
        "When is {issuer} due to {verb} {at} {name}?",
        r"(?P<verb>present|participate|attend|exhibit|speak|presenting|participating|attending|exhibiting|speaking)"
        rf"(?P<at> at| in|) (?P<name>{_EVENT})[^.;]{{0,60}}? on (?P<answer>{_DATE})",
    ),
    (
        "meeting",
        "When is {issuers} {name}?",
        rf"\b(?P<name>{_MEETING})[^.;]{{0,80}}? on (?P<answer>{_DATE})",
    ),
    (
        "start",
        "When {are} {issuers} {rest} expected to {verb}?",
        rf"(?P<rest>{_WORK}) (?:is|are) (?:currently )?(?:expected|scheduled|anticipated) to "
        rf"(?P<verb>begin|start|commence|be completed|conclude) (?:on or about|by|in|on|during) (?P<answer>{_TIME})",
    ),
    (
        "start",
        "When is {name} expected to {rest}?",
        rf"(?:^|, |[Tt]he )(?P<name>{_WORKS}|{_NAME} (?:trial|study)) is (?:currently )?expected to "
        rf"(?P<rest>[a-z]{_REST}) (?:by|in|during) (?P<answer>{_TIME})",
    ),
    (
        "appointment",
        "Who did {issuer} appoint as {role}?",
        rf"(?:appoint(?:ed|s|ment of)|named|promoted|hired) {_PERSON},? (?:as|to) (?:its |the |{ISSUER}[’']s "
        rf"|the position of |the role of )?(?:new )?(?P<role>{_ROLE})",
    ),
    (
        "appointment",
        "Who was appointed {role} of {issuer}?",
        rf"{_PERSON},? (?:was|has been) (?:appointed|named) (?:as )?(?:its |the )?(?:new )?(?P<role>{_ROLE})",
    ),
    (
        "lead",
        "What is {issuers} {rest}?",
        rf"{ISSUER}[’']s (?P<rest>(?:lead|flagship) (?:[a-z]+ ){{0,2}}?(?:candidate|program|product|asset|project|brand"
        r"|platform)),? (?P<answer>[A-Z0-9][^,.;()]{2,40}?|[a-z]+ [a-z]+)(?=[,.;]| \(| is )",
    ),
    (
        "lead",
        "What is {issuers} flagship {rest}?",
        rf"flagship (?P<answer>{_NAME}) (?P<rest>[Pp]roject|[Pp]roperty|[Pp]roduct|[Bb]rand|[Pp]latform|[Mm]ine)\b",
    ),
    (
        "pact",
        "Who is {issuers} {name} with?",
        rf"{_SUBJECT} {_HAS}(?:signed|entered into|executed|announced) (?:a|an|its) {_PRAISE}"
        rf"(?P<name>{_PACT})(?: \([^)]*\))? with (?P<answer>{_ORG})",
    ),
    ("partner", "Who did {issuer} partner with?", rf"{_SUBJECT} {_HAS}partnered with (?P<answer>{_ORG})"),
    (
        "partner",
        "Who is {issuer} {rest} with?",
        rf"{ISSUER}[^.;]{{0,60}}? is (?:also )?(?P<rest>collaborating|working|partnering) with (?P<answer>{_ORG})",
    ),
    (
        "acquisition",
        "What did {issuer} acquire?",
        rf"{_SUBJECT} {_HAS}(?:acquired|completed (?:its|the) acquisition of) (?:100% of )?(?P<answer>{_ORG})",
    ),
    (
        "clearance",
        "What did {issuer} receive {rest} for?",
        rf"{_SUBJECT} {_HAS}(?:received|obtained|secured|been granted|won) (?P<rest>(?:[A-Z]\w+ )?"
        r"(?:regulatory |final |conditional )?(?:approval|clearance|authorization))"
        rf"(?: from {_ORG})? (?:for|to) (?P<answer>{_CLAUSE})",
    ),
    (
        "with",
        "Who is {issuer} working with on {rest}?",
        rf"{ISSUER}[^.;]{{0,80}}? (?P<rest>(?:the|its|a|an) [a-z]{_REST}) in (?:partnership|collaboration|cooperation) "
        rf"with (?P<answer>{_ORG})",
    ),
    (
        "patients",
        "How many {rest} are in {issuers} {name}?",
        rf"(?P<name>{_TRIAL})[^.;]{{0,80}}? (?:enroll(?:ed|s|ing)?|of|in|dosed|recruit(?:ed|ing)?|randomized|treated"
        rf"|includ(?:es|ed|ing)|involving) {_ABOUT}(?P<answer>{_COUNT}) (?P<rest>{_PATIENTS})",
    ),
    (
        "treats",
        "What is {name} being developed to treat?",
        rf"(?:^|candidates?,? |including )(?P<name>{_CODE})(?: \([^)]*\))?,? [^.;]{{0,120}}?"
        r"(?:for (?:the )?(?:potential )?(?:treatment|management|prevention) of|to treat) "
        r"(?P<answer>[A-Za-z][^.,;()]{4,80})",
    ),
    (
        "showed",
        "What did {name} {verb}?",
        rf"(?P<name>\b{_CODE}|[Tt]he (?:[A-Z][\w-]+ )+(?:trial|study)) (?:has )?(?P<verb>demonstrated|showed|achieved) "
        r"(?P<answer>[^.;]{12,160})",
    ),
    (
        "designed",
        "What is {name} designed to do?",
        rf"(?:^|, |[Tt]he )(?P<name>{_NAME}(?: [a-z]+)?) is (?:being |specifically )?designed to (?P<answer>{_CLAUSE})",
    ),
    (
        "allows",
        "What does {name} {verb} {rest} to do?",
        rf"(?:^|, |[Tt]he )(?P<name>{_NAME}(?: [a-z]+)?) (?P<verb>enables|allows) (?P<rest>{_USERS}) to "
        rf"(?P<answer>{_CLAUSE})",
    ),
    (
        "market",
        "How large is {name} expected to be by {rest}?",
        r"(?P<name>[Tt]he (?:(?:global|worldwide|U\.S\.|[A-Z]\w+) )?[A-Za-z-]+(?: [a-z-]+){0,4} market) (?:is|was) "
        r"(?:projected|expected|forecast|estimated|anticipated|set) to "
        rf"(?:reach|grow to|exceed|surpass|hit|be worth|climb to) {_ABOUT}(?P<answer>{_MONEY}) "
        r"(?:by|in) (?P<rest>20\d\d)",
    ),
    (
        "stake",
        "What share of {name} does {issuer} {verb}?",
        rf"{_SUBJECT} (?:currently )?(?P<verb>owns|holds) (?:an? )?{_ABOUT}(?P<answer>{_PERCENT})"
        r"(?: interest| stake| ownership(?: interest)?)? (?:of|in) "
        rf"(?P<name>(?:the )?{_NAME}(?: [Pp]roject| [Pp]roperty)?)(?=[.,;]| and )",
    ),
    (
        "number",
        "How many {rest} does {issuer} {verb}?",
        rf"{_SUBJECT} (?:currently |now |also )?(?P<verb>{_RUNS}) {_ABOUT}(?P<answer>{_COUNT}) (?P<rest>"
        r"(?:[a-z][a-z-]+ ){0,2}(?!years|months|days|weeks|shares|dollars|percent)[a-z][a-z-]+s)"
        r"(?=[.,;]| (?:in|across|worldwide|with|at)\b)",
    ),
    (
        "number",
        "How many {rest} does {issuer} {verb}?",
        rf"{_SUBJECT}[^.;]{{0,150}}?, (?P<verb>operating|employing|serving|managing|owning) {_ABOUT}"
        rf"(?P<answer>{_COUNT}) "
        r"(?P<rest>(?:[a-z][a-z-]+ ){0,2}[a-z][a-z-]+s)(?=[.,;]| (?:in|across|worldwide|with|at)\b)",
    ),
    (
        "pipeline",
        "How many {rest} are in {issuers} {name}?",
        rf"{ISSUER}[^.;]{{0,120}}? (?P<name>pipeline|portfolio|network|fleet|family) of {_ABOUT}(?P<answer>{_COUNT}) "
        r"(?P<rest>(?:[a-z-]+ ){0,2}[a-z-]+s)\b",
    ),
    (
        "patents",
        "How many {rest} does {issuer} have?",
        rf"{ISSUER}[^.;]{{0,120}}? {_ABOUT}(?P<answer>{_COUNT}) "
        r"(?P<rest>(?:issued |granted |pending |U\.S\. )*patents)\b",
    ),
    (
        "units",
        "How many {rest} are in {issuers} {name}?",
        rf"(?P<name>{_OFFERING}) of (?:an aggregate of )?{_ABOUT}(?P<answer>{_COUNT}) "
        r"(?P<rest>(?:common |ordinary )?(?:shares|units|ADSs))\b",
    ),
    (
        "symbol",
        "Under which symbol do {issuers} shares trade on {name}?",
        r"trad\w+ on (?P<name>(?:the )?[A-Z]\w*(?: [A-Z]\w*)*) under the (?:ticker |trading )*(?:symbol|ticker) "
        r"[“\"](?P<answer>[A-Z.]{2,8}\b)",
    ),
    (
        "dividend",
        "How much is {issuers} {rest} dividend per share?",
        rf"\b(?P<rest>quarterly|special|annual|semi-annual|) ?(?:cash )?dividend of (?P<answer>{_MONEY}) per "
        r"(?:common )?share",
    ),
    (
        "done",
        "When did {who} {verb} {rest}?",
        rf"\b[OI]n (?P<answer>{_DAY}), (?P<who>{ISSUER}|the FDA|{_NAME}) (?P<verb>{_PAST}) "
        rf"(?P<rest>(?:(?:the|its|a|an) )?[A-Za-z]{_REST}){_END}",
    ),
    (
        "done",
        "When did {issuer} {verb} {rest}?",
        rf"{_SUBJECT} (?P<verb>{_PAST}) (?P<rest>(?:(?:the|its|a|an) )?[a-z]{_REST}) (?:on|in) (?P<answer>{_DAY})",
    ),
    (
        "place",
        "Where is {name} located?",
        rf"\b(?P<name>(?:[Tt]he )?{_WORKS}),? (?:is )?located "
        r"(?P<answer>(?:in|on|at|near|within|approximately|about|just|\d+)\b[^.,;]{4,80})",
    ),
    (
        "definition",
        "What is {name}?",
        rf"^(?P<name>(?:The )?{_NAME})(?: \([^)]*\))? is "
        r"(?P<answer>(?:an?|the (?:first|only|largest|leading|world’s|country’s|nation’s)) [^.;]{15,})",
    ),
    (
        "definition",
        "What is {name}?",
        rf"\b[a-z][\w’-]* (?P<name>{_NAME}), (?P<answer>an? [a-z][^,.;]{{10,90}}),",
    ),
    (
        "officer",
        "Who is the {role} of {name}?",
        rf"{_PERSON}, (?P<role>{_ROLE})(?: and [A-Z]\w+)? (?:of|at) (?P<name>{_ORG})",
    ),
    (
        "agent",
        "Who acted as {rest} to {issuer}?",
        rf"(?:^|; )(?P<answer>{_ORG})(?:, [^,]{{3,60}},)? (?:is acting|acted|served) as (?:the )?"
        r"(?P<rest>(?:sole |exclusive |lead )?"
        r"(?:placement agent|financial advisor|underwriter|bookrunner|legal counsel))\b",
    ),
    ("role", "Who is {issuers} {role}?", rf"{_PERSON}, (?P<role>{_ROLE})(?: and [A-Z]\w+)? (?:of|at|for) {ISSUER}"),
    ("role", "Who is {issuers} {role}?", rf"{ISSUER}(?:[’']s)? (?P<role>{_ROLE})(?: and [A-Z]\w+)?,? {_PERSON}"),
    (
        "role",
        "Who is {issuers} {role}?",
        rf"{ISSUER}[^.;]{{0,200}}? (?:that|its|by|and|when) (?P<role>{_ROLE}),? {_PERSON}",
    ),
    (
        "role",
        "Who is {issuers} {role}?",
        rf"\b(?:said|stated|commented|noted|added|explained) {_PERSON}, (?P<role>{_ROLE})(?=[.:]|, “|$)",
    ),
    (
        "focus",
        "What is {issuer} {phrase}?",
        rf"{_SUBJECT}[^.;]{{0,160}}? (?P<phrase>focused on|dedicated to) (?P<answer>{_CLAUSE})",
    ),
    (
        "offer",
        "What does {issuer} {verb}?",
        rf"{_SUBJECT} (?P<verb>{_MAKES}) (?P<answer>(?!and ){_CLAUSE})",
    ),
    ("founder", "Who founded {issuer}?", rf"{_SUBJECT}[^.;]{{0,60}}? founded (?:in \d{{4}} )?by {_PERSON}"),
    ("founder", "Who founded {issuer}?", rf"^Founded (?:in \d{{4}} )?by {_PERSON}[^.;]{{0,30}}, {ISSUER}"),
    (
        "seat",
        "Where is {issuer} {verb}?",
        rf"{_SUBJECT}[^.;]{{0,60}}? (?P<verb>headquartered|based) in (?P<answer>{_PLACE})",
    ),
    ("seat", "Where is {issuer} {verb}?", rf"^(?P<verb>Headquartered|Based) in (?P<answer>{_PLACE}), {ISSUER}"),
    (
        "founding",
        "When was {issuer} {verb}?",
        rf"{_SUBJECT}[^.;]{{0,60}}? (?P<verb>founded|established|incorporated) in (?P<answer>(?:19|20)\d\d)",
    ),
    (
        "founding",
        "When was {issuer} {verb}?",
        rf"^(?P<verb>Founded|Established) in (?P<answer>(?:19|20)\d\d)[^.;]{{0,30}}, {ISSUER}",
    ),
)
KINDS = tuple(dict.fromkeys(kind for kind, _, _ in _FORMS))  # in that order
# Whose ``name`` tells which of the issuer's things is meant, and means nothing alone.
OF_ISSUER = frozenset(("size", "proceeds", "price", "pact", "due", "patients", "meeting", "pipeline", "units"))
# True of the issuer whatever was asked: offered where nothing closer is found.
GENERAL = frozenset(("role", "focus", "offer", "founder", "seat", "founding"))


@cache
def frames() -> list[Frame]:
    """All forms, compiled on first use."""
    return [Frame(kind, question, re.compile(pattern), ISSUER in pattern) for kind, question, pattern in _FORMS]

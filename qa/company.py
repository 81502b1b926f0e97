"""What a company is called."""

from __future__ import annotations

import re

KIND = (  # of a company, as it ends names
    r"(?:Inc|Incorporated|Corp|Corporation|Co|Company|Companies|Ltd|Limited|LLC|L\.?P|PLC|plc|S\.?A|AG|SE|N\.?V|GmbH|AB|ASA"
    r"|Oyj|Holdings?|Group)\b\.*"
)


def short_name(issuer: str) -> str:
    """An issuer's name as people say it.

    >>> short_name("Tonix Pharmaceuticals Holding Corp."), short_name("KYN Capital Group, Inc. (KYNC)")
    ('Tonix Pharmaceuticals', 'KYN Capital')
    """
    name, before = re.sub(r"\s*\([^)]*\)", "", issuer).strip(" .,"), ""
    while name != before:
        name, before = re.sub(rf"[\s,]+{KIND}\s*$", "", name, flags=re.IGNORECASE), name
    return name

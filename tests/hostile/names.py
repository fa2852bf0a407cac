"""Names of cameras and files that people and strangers give."""

from __future__ import annotations

import unicodedata

# Each is one name, and no two are the same name, whatever they look like.
AWKWARD = (
    "..", ".", "...", ".hidden", "trailing.", " leading", "trailing ", "  ", "a#b", "a?b=c&d",
    "a%2eb", "a%2Fb", "a%00b", "100%", "a\\b", "a:b", "a|b", "a*b", "<b>a</b>",
    "'; drop table frames; --", '"', "`id`", "$(id)", "a;b", "a,b", "a=b", "=2F", "=~", "~", "!",
    "-rf", "--help", "CON", "nul", "NaN", "None", "null", "true", "0", "-0", "1e999", "undated",
    "=1+1", "@sum(1)", "\u202egpj.exe", "a\u200eb", "a\u200bb", "\ufeffa", "a\u00a0b", "e\u0301",
    "é", "straße", "strasse", "STRASSE", "ﬁ", "fi", "Å", "Å", "I", "i", "İ", "ı", "İstanbul",
    "istanbul", "ΣΑΣ", "σας", "σασ", "雪豹", "снежный барс", "نمر الثلج", "🐆", "👨‍👩‍👧", "🇳🇵",
    "a\u0300\u0301\u0302" * 9, "unnamed", "images", "{name}", "{0}", "%s", "%(a)s", "\U0010ffff",
    "\ufffd", "\u2028", "x" * 255,
)  # fmt: skip
# Blob storage and its SDK do not take these in a path; the metadata, or a message, can bring some of them.
REFUSED = ("a\0b", "a\x01b", "a\nb", "a\r\nb", "a\tb", "\x7f", "\x85", "a/b", "/", "a//b", "../..", "../../etc/passwd")
LONG = ("x" * 1_000, "雪" * 1_000, "🐆" * 500, "\x01" * 1_000, "\u0301" * 1_000)


def look_alikes() -> list[str]:
    """300 cameras that differ in nothing but case, Unicode form or an invisible character."""
    found = dict.fromkeys("".join(part) for part in _spelled())
    return [*found][:300]


def _spelled() -> list[tuple[str, ...]]:
    cats = ("ridge", "RIDGE", "Ridge", "rİdge", "rıdge", "rıDGE")
    forms = [unicodedata.normalize(form, "é") for form in ("NFC", "NFD")]
    ends = ("ß", "ss", "SS", "ẞ", "ſs")
    marks = ("", " ", "\u200b", "\u200e", "\u00a0", ".")
    return [(cat, mark, e, end) for cat in cats for e in forms for end in ends for mark in marks]

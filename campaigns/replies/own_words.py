"""The sender's own words of a reply: without the mail that was quoted, without the signature."""

import re
import unicodedata

# The line that a mail program writes above what it quotes, in the languages of the product. The date and the name
# between may break over three lines.
_INTRODUCTIONS = re.compile(
    r"""(?mix)^[ \t>]*(?:
      on\b .{0,200}? \bwrote |
      am\b .{0,200}? \bschrieb\b [^\n]{0,120}? |
      le\b .{0,200}? \ba[ ]?[ée]crit |
      il\b .{0,200}? \bha[ ]scritto |
      el\b .{0,200}? \bescribi[óo] |
      op\b .{0,200}? \bschreef\b [^\n]{0,120}? |
      .{0,120}? \b(?:さんは書きました|のメール)
    )[ \t]*[:：][ \t]*$""",
    re.DOTALL,
)
_DIVIDERS = re.compile(
    r"""(?mi)^[ \t>]*(?:
      -{2,}[ ]*(?:original[ ]message|urspr.ngliche[ ]nachricht|message[ ]d.origine|messaggio[ ]originale|
                  mensaje[ ]original|oorspronkelijk[ ]bericht|forwarded[ ]message)[ ]*-{2,} |
      _{20,} |
      \*?(?:from|von|de|da|van|差出人)\*?[ ]?:.{0,200}\n
        (?:[ \t>]*\*?(?:sent|gesendet|envoy.|inviato|enviado|verzonden|date|datum|to|an|送信日時)\*?[ ]?:)
    )""",
    re.VERBOSE,
)
_SIGNATURE = re.compile(r"(?m)^-- ?$")
_QUOTED = re.compile(r"^[ \t]*>")
_WISHES = frozenset(
    {
        "stop",
        "unsubscribe",
        "unsubscribe me",
        "please unsubscribe",
        "please unsubscribe me",
        "remove me",
        "please remove me",
        "opt out",
        "abmelden",
        "bitte abmelden",
        "abbestellen",
        "austragen",
        "bitte austragen",
        "désabonner",
        "désinscrire",
        "désinscription",
        "me désinscrire",
        "cancellami",
        "disiscrivimi",
        "baja",
        "darme de baja",
        "uitschrijven",
        "afmelden",
        "配信停止",
    }
)


def own_words(text: str) -> str:
    """What stands above the quoted mail. Answers that were written between quoted lines keep their place; when
    nothing of their own is left, the whole text is returned."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ")
    above = text
    for mark in (_DIVIDERS, _INTRODUCTIONS):
        found = mark.search(above)
        if found:
            above = _between(above, found.start(), found.end())
    kept = _without_quotes(above)
    signature = _SIGNATURE.search(kept)
    if signature and kept[: signature.start()].strip():
        kept = kept[: signature.start()]
    kept = re.sub(r"\n{3,}", "\n\n", kept).strip()
    return kept or _without_quotes(text).strip() or text.strip()


def asks_to_stop(words: str) -> bool:
    """Nothing but a wish to get no more mail, whatever its case and signs."""
    plain = unicodedata.normalize("NFKC", words).casefold()
    return " ".join(re.sub(r"[^\w\s]", " ", plain).split()) in _WISHES


def _between(text: str, start: int, end: int) -> str:
    """Above a mark; and below it, where what follows is quoted line by line, the lines that are not."""
    below = text[end:].splitlines()
    quoted = sum(1 for line in below if _QUOTED.match(line))
    if not quoted:
        return text[:start]
    return text[:start] + "\n" + "\n".join(below)


def _without_quotes(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.split("\n") if not _QUOTED.match(line))

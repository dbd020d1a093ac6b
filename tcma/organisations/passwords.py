"""Passwords: how they are kept, checked, and which are refused. Hashing takes long: never in a transaction."""

import unicodedata
from functools import cache

from argon2 import Parameters, PasswordHasher, profiles
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from tcma.errors import Invalid, phrase

SHORTEST, LONGEST = 12, 200
COST = profiles.RFC_9106_LOW_MEMORY
_TOO_EASY = (
    "password passwort passw0rd 123456 12345678 1234567890 qwerty qwertz asdfgh letmein welcome willkommen iloveyou"
    " admin changeme sicherheit geheim hallo football fussball monkey dragon sunshine princess schatz abc abcdef"
    " qazwsx zxcvbn"
).split()


class _Hashing:
    hasher = PasswordHasher.from_parameters(COST)


def take_cost(cost: Parameters) -> None:
    """Hash at another cost from here on, as tests do. What was hashed before still fits, and counts as outdated."""
    _Hashing.hasher = PasswordHasher.from_parameters(cost)
    _nobodys.cache_clear()


def hashed(password: str) -> str:
    """The hash to keep of a password that `check` allowed."""
    return _Hashing.hasher.hash(_plain(password))


def fits(password: str, kept: str | None) -> bool:
    """Whether it is the password of this hash. Takes the same time where nothing is kept."""
    try:
        _Hashing.hasher.verify(kept or _nobodys(), _plain(password)[:LONGEST])
    except (VerifyMismatchError, VerificationError, InvalidHashError):
        return False
    return kept is not None


def is_outdated(kept: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _Hashing.hasher.check_needs_rehash(kept)


def check(password: str, *, known: tuple[str, ...] = ()) -> None:
    """Invalid for a password that is too short or too easy to guess; `known` are words about the person."""
    plain = _plain(password)
    if len(plain) < SHORTEST:
        raise _refused(
            phrase(
                "A password has at least %(least)s characters. Four or five words make a good one.",
                least=SHORTEST,
            )
        )
    if len(plain) > LONGEST:
        raise _refused(phrase("A password has at most %(most)s characters.", most=LONGEST))
    if _is_easy(plain.casefold(), known):
        raise _refused(
            phrase(
                "This password is easy to guess. Four or five words that do not belong together are better."
            )
        )


def _is_easy(plain: str, known: tuple[str, ...]) -> bool:
    """Made of hardly anything but common words, words about the person, and repeated or counted characters."""
    rest = plain
    words = [*_TOO_EASY, *(word.casefold() for word in known if len(word) > 3)]
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word, "")
    letters = [letter for letter in rest if letter.isalpha()]
    return len(set(plain)) < 5 or (len(set(letters)) < 4 and len(rest) < len(plain)) or not set(letters)


def _plain(password: str) -> str:
    """The same however a keyboard composed its letters."""
    return unicodedata.normalize("NFKC", password)


def _refused(sentence: str) -> Invalid:
    return Invalid(sentence, {"password": sentence})


@cache
def _nobodys() -> str:
    return _Hashing.hasher.hash("the password of nobody")

"""What is asked before something goes for good: as a dialog over its page, and as a page without script."""

from dataclasses import dataclass

from flask import Response

from tcma.web import pages


@dataclass(frozen=True, slots=True)
class Question:
    """`told` says what goes, `action` takes the POST, `back` leads to where it was asked, `here` is the place in
    the sidebar."""

    question: str
    told: str
    yes: str
    no: str
    action: str
    back: str
    here: str


def page(asks: Question) -> Response:
    return pages.page("partner/question.html", asks=asks)

"""Who may open a route, said beside it. A route that says nothing fails the build."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from campaigns.links import Purpose

View = TypeVar("View", bound=Callable[..., Any])


class Access(StrEnum):
    ANYBODY = "anybody"  # says nothing about anybody
    CAMPAIGN = "campaign"  # the page of an open campaign, by its address
    TOKEN = "token"  # whoever holds a token of one purpose


@dataclass(frozen=True, slots=True)
class Guard:
    access: Access
    purpose: Purpose | None = None


def guard(access: Access, purpose: Purpose | None = None) -> Callable[[View], View]:
    """Declare a view's guard; the view itself does the checking, tests compare it with this word."""

    def declare(view: View) -> View:
        view.__guard__ = Guard(access, purpose)  # type: ignore[attr-defined]
        return view

    return declare


def declared(view: Callable[..., Any]) -> Guard | None:
    found = getattr(view, "__guard__", None)
    return found if isinstance(found, Guard) else None

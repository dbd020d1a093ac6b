"""The frame of every page, in a real browser."""

from collections.abc import Callable

from tcma.bench.browser.house import House
from tests.browser.people import Person
from tests.browser.world import Names

At = Callable[..., Person]


def test_a_person_signs_in_with_one_press_of_the_mails_button(house: House, at: At) -> None:
    marc = at(house)
    marc.sign_in(Names.owner)
    assert "Marc" in marc.page.content()

"""What each role sees first."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tcma.bench.browser.house import House
from tcma.viewer import Role
from tests.browser import world
from tests.browser.people import Person
from tests.browser.world import Names

At = Callable[..., Person]


@pytest.mark.parametrize("firm", [world.IDLE, world.BUSY], ids=["nothing yet", "with a campaign"])
def test_every_role_has_one_heading_five_tasks_at_most_and_the_first_in_sight(
    house: House, at: At, firm: str
) -> None:
    for role in world.ROLES:
        for phone in (False, True):
            page = at(house, world.member(firm, role), phone=phone).page
            page.goto(f"/p/{firm}/")
            assert page.locator("h1").count() == 1, role
            tasks = page.locator("#do-now .todo > li")
            assert tasks.count() <= 5, role
            first = page.locator("#do-now .todo .button, #do-now .empty .button").first
            if tasks.count() or (
                firm == world.IDLE and role is not Role.SALES
            ):  # theirs is the list of leads
                expect(first).to_be_visible()
                box, size = first.bounding_box(), page.viewport_size
                assert box and size and box["y"] + box["height"] <= size["height"], (role, phone)
            page.context.close()


def test_sales_people_begin_with_their_leads(house: House, at: At) -> None:
    eva = at(house, Names.sales)
    eva.open("/")
    assert eva.page.url.endswith("/leads")

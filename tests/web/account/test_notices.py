"""The page of a person's mails, and the one button that a mail leads to."""

from typing import Any

import pytest
from sqlalchemy import func, select
from werkzeug.test import Client, TestResponse

from campaigns.links import Purpose
from tcma.notices import queries
from tcma.notices.kinds import MANNERS, SWITCHABLE, NoticeKind
from tcma.notices.models import NoticeChoice
from tcma.organisations.models import User
from tests.factories import a_partner, a_viewer
from tests.installation import Installation
from tests.web.apps import app_of
from tests.web.people import signed_in

K = NoticeKind


@pytest.fixture
def person(database: Installation) -> User:
    with database.owner.transaction() as session:
        viewer = a_viewer(session, a_partner(session))
        return session.get_one(User, viewer.user_id)


def switches(installation: Installation, person: User) -> dict[NoticeKind, bool]:
    with installation.web.reading() as session:
        return queries.choices_of(session, person.id)


def token(installation: Installation, person: User | int, kind: NoticeKind = K.NEW_LEAD) -> str:
    user_id = person if isinstance(person, int) else person.id
    return installation.signer.token(Purpose.NOTICE, 0, MANNERS[kind].number, user_id)


def browser(installation: Installation) -> Client:
    return Client(app_of(installation), TestResponse)


def test_every_kind_is_on_until_somebody_says_otherwise(database: Installation, person: User) -> None:
    page = signed_in(database, person.email).get("/account/notices").text

    assert page.count('name="wanted"') == page.count(" checked") == len(SWITCHABLE)
    for kind in (K.SIGN_IN_LINK, K.ADDRESS_LINK, K.INVITATION):
        assert f'value="{kind.value}"' not in page


def test_what_is_not_ticked_is_switched_off_and_comes_back_when_ticked(
    database: Installation, person: User
) -> None:
    eva = signed_in(database, person.email)
    wanted = [kind.value for kind in SWITCHABLE if kind is not K.FIRST_RESULTS]

    page = eva.follow(eva.post("/account/notices", {"wanted": wanted})).text

    assert "Saved." in page and page.count(" checked") == len(SWITCHABLE) - 1
    assert switches(database, person)[K.FIRST_RESULTS] is False
    eva.post("/account/notices", {"wanted": [*wanted, K.FIRST_RESULTS.value]})
    assert all(switches(database, person).values())


def test_kinds_that_cannot_be_switched_and_words_that_are_no_kind_change_nothing(
    database: Installation, person: User
) -> None:
    eva = signed_in(database, person.email)
    everything = [kind.value for kind in SWITCHABLE]

    answer = eva.post("/account/notices", {"wanted": [*everything, "sign_in_link", "' OR 1=1"]})

    assert answer.status_code == 303
    with database.worker.reading() as session:
        assert session.scalar(select(func.count(NoticeChoice.id))) == 0


def test_one_persons_switches_are_not_anothers(database: Installation, person: User) -> None:
    with database.owner.transaction() as session:
        viewer = a_viewer(session, a_partner(session))
        other = session.get_one(User, viewer.user_id)

    signed_in(database, person.email).post("/account/notices", {"wanted": []})

    assert not any(switches(database, person).values())
    assert all(switches(database, other).values())


def test_opening_the_link_of_a_mail_changes_nothing_and_its_button_switches_off(
    database: Installation, person: User
) -> None:
    client, path = browser(database), f"/n/{token(database, person)}"

    page = client.get(path)
    assert page.status_code == 200 and "New leads" in page.text
    assert page.text.count("<button") == 1
    assert switches(database, person)[K.NEW_LEAD] is True

    for _ in range(2):
        page = client.post(path)
        assert page.status_code == 200 and "Switched off" in page.text
        assert switches(database, person)[K.NEW_LEAD] is False
    others = {kind: is_on for kind, is_on in switches(database, person).items() if kind is not K.NEW_LEAD}
    assert all(others.values())


def test_a_mail_program_switches_off_without_a_page(database: Installation, person: User) -> None:
    answer = browser(database).post(f"/n/{token(database, person)}", data={"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 200
    assert switches(database, person)[K.NEW_LEAD] is False


def test_what_was_switched_off_by_mistake_is_on_again_with_one_button(
    database: Installation, person: User
) -> None:
    client, path = browser(database), f"/n/{token(database, person)}"
    client.post(path)

    assert f'action="{path}/on"' in client.get(path).text
    page = client.post(f"{path}/on")

    assert "comes by mail again" in page.text
    assert switches(database, person)[K.NEW_LEAD] is True


def _spoilt(installation: Installation, person: User) -> dict[str, str]:
    sign = installation.signer.token
    genuine = token(installation, person)
    return {
        "garbage": "T" * 48,
        "changed": genuine[:-1] + ("A" if genuine[-1] != "A" else "B"),
        "another purpose": sign(Purpose.UNSUBSCRIBE, 0, MANNERS[K.NEW_LEAD].number, person.id),
        "no such kind": sign(Purpose.NOTICE, 0, 999, person.id),
        "a kind that stays on": token(installation, person, K.SIGN_IN_LINK),
        "nobody": token(installation, 10_000),
    }


def test_a_link_that_is_not_ours_or_leads_to_nobody_switches_nothing(
    database: Installation, person: User
) -> None:
    client = browser(database)

    for what, spoilt in _spoilt(database, person).items():
        for answer in _all_ways(client, spoilt):
            assert answer.status_code == 404, what

    assert all(switches(database, person).values())


def _all_ways(client: Client, spoilt: str) -> list[Any]:
    return [client.get(f"/n/{spoilt}"), client.post(f"/n/{spoilt}"), client.post(f"/n/{spoilt}/on")]


def test_a_german_reads_german(database: Installation, person: User) -> None:
    with database.owner.transaction() as session:
        session.get_one(User, person.id).locale = "de"

    page = signed_in(database, person.email).get("/account/notices").text
    switch = browser(database).get(f"/n/{token(database, person)}").text

    assert "Neue Leads" in page and "Leads ohne Neuigkeit" in page
    assert "Diese E-Mails abschalten?" in switch
    assert 'lang="de"' in switch

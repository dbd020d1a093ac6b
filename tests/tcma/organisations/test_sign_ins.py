"""Being signed in: begun, used, over, ended; on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tcma import clock
from tcma.errors import NotFound
from tcma.organisations import links, pressed_forms, sign_ins
from tcma.organisations.models import SignIn, User
from tcma.organisations.sign_ins import Lives
from tests.factories import a_user
from tests.installation import Installation

LIVES = Lives(idle=timedelta(days=30), age=timedelta(days=90))


def a_person(installation: Installation) -> User:
    with installation.owner.transaction() as session:
        return a_user(session)


def signed_in(installation: Installation, user: User) -> str:
    with installation.web.transaction() as session:
        return sign_ins.begin(session, user, "Firefox on Linux", LIVES)[1]


def move(session: Session, *, used: datetime | None = None, created: datetime | None = None) -> None:
    values = {name: at for name, at in (("used_at", used), ("created_at", created)) if at}
    session.execute(update(SignIn).values(**values))


def test_a_key_opens_its_own_sign_in_and_only_its_hash_is_kept(databases: Installation) -> None:
    eva, marc = a_person(databases), a_person(databases)
    key, other = signed_in(databases, eva), signed_in(databases, marc)

    with databases.web.reading() as session:
        found = sign_ins.find(session, key, LIVES)
        assert found is not None and found.user.id == eva.id
        assert sign_ins.find(session, other[:-1], LIVES) is None
        kept = session.scalars(select(SignIn.key_hash)).all()
    assert key.encode() not in b"".join(kept) and len(key) == 48


@pytest.mark.parametrize(("used", "created", "lasts"), [(29, 89, True), (30, 30, False), (1, 90, False)])
def test_a_sign_in_ends_without_use_and_with_age(
    databases: Installation, used: int, created: int, lasts: bool
) -> None:
    key, now = signed_in(databases, a_person(databases)), clock.real()
    with databases.worker.transaction() as session:
        move(session, used=now - timedelta(days=used), created=now - timedelta(days=created))

    with databases.web.reading() as session:
        assert (sign_ins.find(session, key, LIVES) is not None) is lasts


def test_what_is_over_is_swept_up_at_the_next_sign_in(databases: Installation) -> None:
    eva = a_person(databases)
    signed_in(databases, eva)
    with databases.worker.transaction() as session:
        move(session, used=clock.real() - timedelta(days=31))
    signed_in(databases, eva)

    with databases.worker.reading() as session:
        assert len(session.scalars(select(SignIn)).all()) == 1


def test_use_is_written_down_every_ten_minutes_at_most(databases: Installation) -> None:
    key = signed_in(databases, a_person(databases))
    long_ago = clock.real() - timedelta(minutes=11)
    with databases.web.reading() as session:
        fresh = sign_ins.find(session, key, LIVES)
        assert fresh is not None and not sign_ins.needs_noting(fresh)
    with databases.worker.transaction() as session:
        move(session, used=long_ago)
    with databases.web.transaction() as session:
        found = sign_ins.find(session, key, LIVES)
        assert found is not None and sign_ins.needs_noting(found)
        sign_ins.note_use(session, found)
        first = session.scalar(select(SignIn.used_at))
        sign_ins.note_use(session, found)
        assert session.scalar(select(SignIn.used_at)) == first != long_ago


def test_only_the_persons_own_sign_ins_can_be_ended(databases: Installation) -> None:
    eva, marc = a_person(databases), a_person(databases)
    keys = [signed_in(databases, eva), signed_in(databases, eva), signed_in(databases, marc)]
    with databases.web.transaction() as session:
        here = sign_ins.find(session, keys[0], LIVES)
        other = sign_ins.find(session, keys[2], LIVES)
        assert here is not None and other is not None
        with pytest.raises(NotFound):
            sign_ins.end(session, eva.id, other.public_id)
        assert sign_ins.end_others(session, eva.id, here.id) == 1
    with databases.web.reading() as session:
        assert [sign_ins.find(session, key, LIVES) is not None for key in keys] == [True, False, True]


def test_after_a_change_of_key_the_old_one_opens_nothing(databases: Installation) -> None:
    key = signed_in(databases, a_person(databases))
    with databases.web.transaction() as session:
        found = sign_ins.find(session, key, LIVES)
        assert found is not None
        new = sign_ins.change_key(session, found.id)
    with databases.web.reading() as session:
        assert sign_ins.find(session, key, LIVES) is None
        assert sign_ins.find(session, new, LIVES) is not None


def test_a_link_signs_in_once_however_many_press_at_once(databases: Installation) -> None:
    with databases.owner.transaction() as session:
        token = links.make(session, a_user(session), "/p/harbour-it/leads").token

    def press(_number: int) -> str:
        try:
            with databases.web.transaction() as session:
                return links.use(session, token)[1]
        except NotFound:
            return ""

    with ThreadPoolExecutor(6) as crowd:
        assert sorted(crowd.map(press, range(6))) == [""] * 5 + ["/p/harbour-it/leads"]


def test_a_link_of_a_stranger_or_of_yesterday_opens_nothing(databases: Installation) -> None:
    with databases.owner.transaction() as session:
        nobodys = links.make(session, None).token
        old = links.make(session, a_user(session), life=timedelta(0)).token
        address = links.make(session, a_user(session), email="new@firm.example").token
    with databases.web.reading() as session:
        for token in (nobodys, old, address, "x", ""):
            with pytest.raises(NotFound):
                links.find(session, token)


def test_a_form_pressed_by_many_at_once_is_claimed_by_one(databases: Installation) -> None:
    eva, marc = a_person(databases), a_person(databases)

    def press(user: User) -> bool:
        with databases.web.transaction() as session:
            return pressed_forms.claim(session, user.id, "k" * 24)

    with ThreadPoolExecutor(6) as crowd:
        assert sum(crowd.map(press, [eva] * 6)) == 1
    assert press(marc)  # another person's form may have the same key


def test_a_refused_form_may_be_sent_again_and_a_done_one_keeps_its_answer(databases: Installation) -> None:
    eva, key = a_person(databases), "k" * 24
    with databases.web.transaction() as session:
        assert pressed_forms.claim(session, eva.id, key)
        pressed_forms.release(session, eva.id, key)
        assert pressed_forms.claim(session, eva.id, key)
        pressed_forms.keep(session, eva.id, key, "/p/harbour-it/leads")
        assert not pressed_forms.claim(session, eva.id, key)
        found = pressed_forms.find(session, eva.id, key)
        assert found is not None and found.answer == "/p/harbour-it/leads"
        found.at = clock.real() - timedelta(days=3)
        pressed_forms.sweep(session, eva.id)
        assert pressed_forms.find(session, eva.id, key) is None

"""Who may write the ledger: the database itself refuses what no deed does."""

from uuid import uuid4

import pytest
from sqlalchemy import insert, text, update
from sqlalchemy.exc import DBAPIError

from tcma.funds import chart, ledger
from tcma.funds.accounts import AccountKind, Event, LedgerAccount, LedgerEntry, LedgerPosting
from tcma.funds.models import Certificate
from tcma.viewer import Viewer
from tests.factories import NOW
from tests.installation import Installation
from tests.tcma.funds.scene import Scene, a_scene, a_second_partner, a_second_vendor


@pytest.fixture
def scene(postgresql: Installation) -> Scene:
    return a_scene(postgresql)


def refused(scene: Scene, viewer: Viewer, statement: object) -> bool:
    """Whether the database refuses, by an error or by changing nothing."""
    try:
        with scene.installation.web.transaction(viewer.organisation_id) as session:
            changed = session.connection().execute(statement).rowcount  # type: ignore[call-overload]
    except DBAPIError as error:
        assert "row-level security" in str(error) or "permission denied" in str(error), error
        return True
    return bool(changed == 0)


@pytest.mark.postgresql
def test_a_partner_moves_no_balance_and_writes_no_line_by_itself(scene: Scene) -> None:
    certificate = scene.certificate(scene.fund())
    pair = {"holder_id": scene.vendor.organisation_id, "other_id": scene.partner.organisation_id}
    posting = {"key": uuid4().hex, "event": Event.OFFERED, "note": "", "at": NOW, **pair}
    account = {"key": "mine", "kind": AccountKind.ISSUED, "currency": "CHF", "balance": 5, **pair}
    entry = {"posting_id": 1, "account_id": 1, "amount": 5, "event": Event.OFFERED, "at": NOW, **pair}
    raised = update(LedgerAccount).where(LedgerAccount.certificate_id == certificate.id).values(balance=9)

    for viewer in (scene.partner, a_second_partner(scene), a_second_vendor(scene), scene.operator):
        assert refused(scene, viewer, insert(LedgerPosting).values(posting))
        assert refused(scene, viewer, insert(LedgerAccount).values(account))
        assert refused(scene, viewer, insert(LedgerEntry).values(entry))
        assert refused(scene, viewer, raised)


@pytest.mark.postgresql
def test_nobody_who_serves_people_changes_an_account_or_removes_it(scene: Scene) -> None:
    scene.certificate(scene.fund())
    for statement in (
        "UPDATE ledger_accounts SET currency = 'EUR'",
        "UPDATE ledger_accounts SET certificate_id = NULL",
        "DELETE FROM ledger_accounts",
        "UPDATE ledger_entries SET amount = 1",
        "DELETE FROM ledger_postings",
        "UPDATE certificates SET amount = amount * 10",
        "UPDATE certificates SET valid_until_on = '2099-01-01', share_bp = 10000",
        "DELETE FROM certificates",
    ):
        assert refused(scene, scene.vendor, text(statement)), statement


@pytest.mark.postgresql
def test_what_the_deeds_do_still_goes(scene: Scene) -> None:
    """Setting aside at a launch and giving back are the partner's deeds, in blocks that name their rule."""
    scene.price()
    certificate = scene.certificate(scene.fund())
    scene.line()
    assert scene.balances()[f"certificate:{certificate.id}:reserved"] == 5_000
    assert scene.prove() == []


def test_the_ledger_itself_asks_who_holds_an_account(database: Installation) -> None:
    scene = a_scene(database)
    certificate = scene.certificate(scene.fund())
    with (
        scene.installation.web.transaction(scene.partner.organisation_id) as session,
        pytest.raises(PermissionError),
    ):
        mine = session.get_one(Certificate, certificate.id)
        issued = chart.of_certificate(AccountKind.ISSUED, mine)
        reserved = chart.of_certificate(AccountKind.RESERVED, mine)
        ledger.post(session, Event.RESERVED, [(issued, -100), (reserved, 100)], "by hand")

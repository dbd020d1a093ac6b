"""The only writer of accounts, postings and entries."""

from collections.abc import Sequence
from typing import cast

from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from tcma import clock, money
from tcma.db import is_postgresql
from tcma.errors import Conflict, phrase
from tcma.funds.accounts import CONTRA, AccountKind, Event, LedgerAccount, LedgerEntry, LedgerPosting
from tcma.funds.chart import AccountRef
from tcma.funds.models import Certificate, Fund
from tcma.language import mark

Entry = tuple[AccountRef, int]

_ACCOUNTS, _ENTRIES = cast(Table, LedgerAccount.__table__), cast(Table, LedgerEntry.__table__)
_after = _ACCOUNTS.c.balance + bindparam("amount")
_change = (
    update(_ACCOUNTS)
    .where(_ACCOUNTS.c.key == bindparam("account"), _ACCOUNTS.c.currency == bindparam("currency_code"))
    .values(balance=_after)
    .returning(_ACCOUNTS.c.id)
)
# Built once: a group of messages moves five balances.
_CHANGE = _change.where(_after >= 0)
_CHANGE_CONTRA = _change.where(_after <= 0)

_SHORT = {  # what is left of a certificate, by account
    AccountKind.ISSUED: mark("Only %(amount)s is left on certificate %(certificate)s."),
    AccountKind.RESERVED: mark("Only %(amount)s is still reserved on certificate %(certificate)s."),
    AccountKind.CAPTURED: mark("Only %(amount)s is captured on certificate %(certificate)s."),
}
_SHORT_ELSEWHERE = mark("Only %(amount)s is %(account)s on certificate %(certificate)s.")


def post(
    session: Session,
    event: Event,
    entries: Sequence[Entry],
    key: str,
    *,
    campaign_id: int | None = None,
    user_id: int | None = None,
    note: str = "",
) -> LedgerPosting | None:
    """Post amounts (minor units) that sum to zero in one currency, all of them or none.

    None when `key` was posted before, or when every amount is zero. Conflict with a sentence when a
    balance would come to the wrong side of zero; what the transaction did before stays usable.
    The posting is shown to the parties of its certificate, else to those of its first account.
    """
    moving = _checked(entries)
    if not moving:
        return None
    session.flush()
    _refuse_strangers(session, moving)
    with session.connection().begin_nested():
        posting = _opened(session, event, moving, key, campaign_id=campaign_id, user_id=user_id, note=note)
        if posting is None:
            return None
        rows = [
            {
                "posting_id": posting.id,
                "account_id": _moved(session, account, amount),
                "holder_id": account.holder_id,
                "other_id": account.other_id,
                "amount": amount,
                "event": event,
                "at": posting.at,
            }
            for account, amount in moving
        ]
        session.connection().execute(insert(_ENTRIES), rows)
    return posting


def balance(session: Session, account: AccountRef) -> int:
    """The cached balance; 0 when the account was never used."""
    found = session.scalar(select(LedgerAccount.balance).where(LedgerAccount.key == account.key))
    return found or 0


def _checked(entries: Sequence[Entry]) -> list[Entry]:
    """What really moves, in the order accounts are locked.

    By key: certificates come before funds and partners, whose accounts many campaigns share, so
    those are held for the shortest time.
    """
    if sum(amount for _, amount in entries) != 0:
        raise ValueError("The entries of a posting sum to zero.")
    if len({account.currency for account, _ in entries}) > 1:
        raise ValueError("A posting has one currency.")
    moving = [(account, amount) for account, amount in entries if amount]
    if len({account.key for account, _ in moving}) < len(moving):
        raise ValueError("A posting names an account once.")
    return sorted(moving, key=lambda entry: entry[0].key)


def _refuse_strangers(session: Session, moving: list[Entry]) -> None:
    """The session's guard does not see statements on tables, so the ledger looks itself."""
    tenant = session.info.get("tenant")
    if session.info.get("guarded") and any(account.holder_id != tenant for account, _ in moving):
        raise PermissionError("An account is not held by the organisation in charge.")


def _opened(
    session: Session,
    event: Event,
    moving: list[Entry],
    key: str,
    *,
    campaign_id: int | None,
    user_id: int | None,
    note: str,
) -> LedgerPosting | None:
    accounts = [account for account, _ in moving]
    face = next((account for account in accounts if account.certificate_id), accounts[0])
    values = {
        "key": key,
        "event": event,
        "holder_id": face.holder_id,
        "other_id": face.other_id,
        "fund_id": face.fund_id,
        "certificate_id": face.certificate_id,
        "campaign_id": campaign_id,
        "user_id": user_id,
        "note": note,
        "at": clock.now(session),
    }
    dialect = postgresql if is_postgresql(session) else sqlite
    statement = dialect.insert(LedgerPosting).values(values).on_conflict_do_nothing(index_elements=["key"])
    posting: LedgerPosting | None = session.scalar(statement.returning(LedgerPosting))
    return posting


def _moved(session: Session, account: AccountRef, amount: int) -> int:
    """Change one balance under the condition that it stays on its side; the update is the lock."""
    found = _updated(session, account, amount)
    if found is None:
        _open_account(session, account)
        found = _updated(session, account, amount)
    if found is None:
        raise Conflict(_shortage(session, account))
    return found


def _updated(session: Session, account: AccountRef, amount: int) -> int | None:
    statement = _CHANGE_CONTRA if account.kind in CONTRA else _CHANGE
    values = {"account": account.key, "currency_code": account.currency, "amount": amount}
    found: int | None = session.connection().execute(statement, values).scalar()
    return found


def _open_account(session: Session, account: AccountRef) -> None:
    values = {
        "key": account.key,
        "kind": account.kind,
        "fund_id": account.fund_id,
        "certificate_id": account.certificate_id,
        "holder_id": account.holder_id,
        "other_id": account.other_id,
        "currency": account.currency,
        "balance": 0,
    }
    dialect = postgresql if is_postgresql(session) else sqlite
    statement = dialect.insert(_ACCOUNTS).values(values)
    session.connection().execute(statement.on_conflict_do_nothing(index_elements=["key"]))


def _shortage(session: Session, account: AccountRef) -> str:
    left, named = money.shown(abs(balance(session, account)), account.currency), account.kind
    if account.certificate_id is not None:
        code = session.scalar(select(Certificate.code).where(Certificate.id == account.certificate_id))
        template = _SHORT.get(account.kind, _SHORT_ELSEWHERE)
        return phrase(template, amount=left, account=named, certificate=code)
    name = None
    if account.fund_id is not None:
        name = session.scalar(select(Fund.name).where(Fund.id == account.fund_id))
    if name:
        return phrase(
            "Only %(amount)s is %(account)s in the fund %(fund)s.", amount=left, account=named, fund=name
        )
    return phrase("Only %(amount)s is %(account)s.", amount=left, account=named)

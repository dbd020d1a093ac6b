"""What audiences are called on pages: fields, reasons, bases, sizes; and the sentences made of counts."""

from collections.abc import Mapping
from datetime import datetime

from babel import Locale

from campaigns.mail_choice import FEWER_DAYS, Chosen, MailChoice
from campaigns.people import Field
from tcma.audiences.figures import ListFigures
from tcma.audiences.models import Basis, ContactImport, Relation, SuppressionReason
from tcma.audiences.suppression_models import SuppressionImport
from tcma.audiences.vendor_view import ABOVE, UNKNOWN
from tcma.language import gettext as _
from tcma.language import mark, ngettext
from tcma.web.formats import date, locale, number

FIELDS = {
    Field.ADDRESS: mark("E-mail"),
    Field.OTHER_ADDRESS: mark("Second e-mail"),
    Field.FIRST_NAME: mark("First name"),
    Field.LAST_NAME: mark("Last name"),
    Field.FULL_NAME: mark("Full name"),
    Field.COMPANY: mark("Company"),
    Field.EMPLOYEES: mark("Employees"),
    Field.INDUSTRY: mark("Industry"),
    Field.TITLE: mark("Job title"),
    Field.COUNTRY: mark("Country"),
    Field.LANGUAGE: mark("Language"),
    Field.PHONE: mark("Phone"),
    Field.RELATION: mark("Customer or prospect"),
    Field.BASIS: mark("Legal basis"),
}
RELATIONS = {
    Relation.UNKNOWN: mark("Not known"),
    Relation.CUSTOMER: mark("Customer"),
    Relation.PROSPECT: mark("Prospect"),
}
BASES = {
    Basis.CUSTOMER: mark("They are my customers"),
    Basis.AGREED: mark("They agreed to get mail from me"),
    Basis.BUSINESS: mark("Business contacts"),
    Basis.NOT_SURE: mark("I am not sure"),
}
SHORT_BASES = {
    Basis.CUSTOMER: mark("Customers"),
    Basis.AGREED: mark("Agreed"),
    Basis.BUSINESS: mark("Business contacts"),
    Basis.NOT_SURE: mark("Not stated"),
}
SOURCES = {
    "file": mark("From a file"),
    "by_hand": mark("Added by hand"),
    "form": mark("Answered a form"),
    "mended": mark("From a file, corrected"),
}
REASONS = {
    SuppressionReason.UNSUBSCRIBED: mark("Unsubscribed"),
    SuppressionReason.COMPLAINED: mark("Reported a mail as spam"),
    SuppressionReason.BOUNCED: mark("The address does not exist"),
    SuppressionReason.IMPORTED: mark("On the list of another tool"),
    SuppressionReason.BY_HAND: mark("Stopped by hand"),
}
NO_ADDRESS = (
    "no_address",
    "incomplete_address",
    "invalid_address",
    "several_addresses",
    "letters_before_at",
    "mistyped_provider",
)


def list_summary(found: ListFigures, used_by: str) -> str:
    """ "412 people, 400 get mail. Used last for “Stop ransomware”."""
    people = ngettext(
        "%(count)s person, %(reachable)s of them can be written to.",
        "%(count)s people, %(reachable)s of them can be written to.",
        found.people_count,
        count=number(found.people_count),
        reachable=number(found.reachable_count),
    )
    return people + " " + _("Used last for “%(name)s”.", name=used_by) if used_by else people


def columns() -> list[tuple[str, str]]:
    """What a column can be chosen as."""
    return [("", _("Do not use")), *((field.value, _(label)) for field, label in FIELDS.items())]


def ready(found: ContactImport) -> str:
    count = found.ready_count
    return ngettext("%(count)s person ready.", "%(count)s people ready.", count, count=number(count))


def skipped(found: ContactImport) -> str:
    """ "9 rows were skipped: 4 without a valid address, 3 unsubscribed earlier, 2 twice in the file."; "" for none."""
    count = found.skipped_count
    if not count:
        return ""
    return ngettext(
        "%(count)s row was skipped: %(reasons)s.",
        "%(count)s rows were skipped: %(reasons)s.",
        count,
        count=number(count),
        reasons=", ".join(_reasons(found.skipped_by_reason)),
    )


def _reasons(counts: Mapping[str, int]) -> list[str]:
    left = dict(counts)
    without = sum(left.pop(reason, 0) for reason in NO_ADDRESS)
    parts = []
    if without:
        parts.append(_("%(num)s without a valid address", num=number(without)))
    for reason, words in (
        ("unsubscribed_earlier", mark("%(num)s unsubscribed earlier")),
        ("bounced_earlier", mark("%(num)s came back earlier")),
        ("twice", mark("%(num)s twice in the file")),
        ("too_many_rows", mark("%(num)s and all after it, beyond a million rows")),
    ):
        count = left.pop(reason, 0)
        if count:
            parts.append(_(words, num=number(count)))
    if left:
        parts.append(_("%(num)s that could not be read", num=number(sum(left.values()))))
    return parts


def effects(nameless: int) -> list[str]:
    """What is missing, by what people will notice."""
    if not nameless:
        return []
    return [
        ngettext(
            "%(count)s person has no first name and is greeted without one.",
            "%(count)s people have no first name and are greeted without one.",
            nameless,
            count=number(nameless),
        )
    ]


def relations() -> list[tuple[str, str]]:
    return [(relation.value, _(label)) for relation, label in RELATIONS.items()]


def band(name: str) -> str:
    """A size of company, as a column of a table says it."""
    if name == UNKNOWN:
        return _("Not known")
    return _("More than 10,000") if name == ABOVE else name


def countries(codes: tuple[str, ...]) -> str:
    """Their names in the reader's language, those of unknown country last."""
    names = Locale.parse(str(locale())).territories
    named = sorted(names.get(code, code) for code in codes if code)
    return ", ".join([*named, *([_("country not known")] if "" in codes else [])])


def wishes(chosen: Chosen, now: datetime) -> list[str]:
    """How much mail the person chose to get, where that is not all."""
    found = []
    if until := chosen.last_day(now):
        found.append(_("Nothing until %(day)s", day=date(until)))
    if chosen.pace is MailChoice.FEWER:
        found.append(_("At most one mail in %(days)s days", days=FEWER_DAYS))
    if chosen.pace is MailChoice.INVITATIONS:
        found.append(_("Only invitations to webinars and events"))
    return found


def progress(found: ContactImport | SuppressionImport) -> str:
    """ "12,000 of about 40,000 rows"."""
    total = max(found.row_estimate, found.row_count)
    return _("%(done)s of about %(total)s rows", done=number(found.row_count), total=number(total))


def waits(found: ContactImport | SuppressionImport, now: datetime) -> int:
    """Seconds until a page that shows progress looks again: longer the longer it takes."""
    elapsed = (now - found.created_at).total_seconds()
    return 1 if elapsed < 10 else 2 if elapsed < 60 else 5

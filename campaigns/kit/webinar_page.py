"""webinar.yml: the page of a webinar in one language, and the service mails around it."""

from collections.abc import Mapping

from campaigns.kit.fields import Section
from campaigns.kit.microsite import Confirmation, Copy
from campaigns.kit.page_blocks import (
    copy_of,
    form_of,
    hero_of,
    mail_of,
    nothing,
    optional_copy,
    person_of,
    picture_of,
    proof_of,
    questions_of,
    quote_of,
    sections_of,
    steps_of,
)
from campaigns.kit.webinar import (
    Ahead,
    Decline,
    Host,
    Learn,
    Recording,
    Registered,
    ServiceMails,
    Speaker,
    Webinar,
)
from campaigns.kit.yaml import Listing, Table

SHORTEST, LONGEST = 5, 480
MOST_SEATS = 100_000


def read_webinar(page: Section, files: Mapping[str, bytes]) -> Webinar:
    """The webinar in one language; problems go to the report of `page`."""
    return Webinar(
        locale=page.language,
        title=page.text("title", most=80),
        description=page.source("description", most=200),
        minutes=page.number("minutes", SHORTEST, LONGEST),
        seats=page.number("seats", 1, MOST_SEATS) if page.has("seats") else None,
        host=page.choice("host", Host),
        hero=hero_of(page, files),
        learn=_learn(page),
        speakers=tuple(_speaker(speaker, files) for speaker in page.sections("speakers", most=6)),
        form=form_of(page),
        registered=_registered(page),
        decline=_decline(page),
        recording=_recording(page),
        mails=_mails(page),
        proof=proof_of(page),
        quote=quote_of(page),
        sections=tuple(sections_of(page, files)),
        steps=steps_of(page),
        person=person_of(page),
        questions=questions_of(page),
    )


def _learn(page: Section) -> Learn:
    section = page.section("learn") or nothing(page)
    points: list[Copy] = []
    node = section.table.entries.get("points")
    if isinstance(node, Listing):
        for item in node.items[:8]:
            inner = Section(
                Table(item.line, {"point": item}, {"point": item.line}),
                section.path,
                section.report,
                section.language,
            )
            points.append(copy_of(inner, "point", most=200))
    section.seen.add("points")
    if section.has("points") and not (isinstance(node, Listing) and 2 <= len(node.items) <= 8):
        section.problem("'points' has to be a list of 2 to 8 things that people take away.", "points")
    elif not section.has("points"):
        section.problem("'points' is missing.")
    result = Learn(copy_of(section, "heading"), tuple(points))
    section.done()
    return result


def _speaker(section: Section, files: Mapping[str, bytes]) -> Speaker:
    return Speaker(
        name=copy_of(section, "name", most=80),
        title=copy_of(section, "title", most=120),
        about=optional_copy(section, "about"),
        picture=picture_of(section, files),
    )


def _registered(page: Section) -> Registered:
    section = page.section("registered") or nothing(page)
    result = Registered(
        headline=copy_of(section, "headline"),
        text=copy_of(section, "text", most=600),
        next=copy_of(section, "next", most=600),
    )
    section.done()
    return result


def _decline(page: Section) -> Decline:
    section = page.section("decline") or nothing(page)
    result = Decline(copy_of(section, "button", most=60), copy_of(section, "thanks", most=600))
    section.done()
    return result


def _recording(page: Section) -> Recording:
    section = page.section("recording") or nothing(page)
    result = Recording(copy_of(section, "headline"), copy_of(section, "text", most=600))
    section.done()
    return result


def _mails(page: Section) -> ServiceMails:
    section = page.section("mails") or nothing(page)
    reminders = section.section("reminders") or nothing(section)
    mails = ServiceMails(
        confirmation=_needing(section, "confirmation", "link.calendar", "the calendar file"),
        reminders={
            Ahead.DAY: mail_of(reminders, Ahead.DAY.value),
            Ahead.HOUR: _needing(reminders, Ahead.HOUR.value, "link.join", "the way into the room"),
        },
        moved=_needing(section, "moved", "link.calendar", "the new calendar file"),
        cancelled=mail_of(section, "cancelled"),
        recording=_needing(section, "recording", "link.recording", "the recording"),
    )
    reminders.done()
    section.done()
    return mails


def _needing(parent: Section, key: str, name: str, what: str) -> Confirmation:
    """A service mail that would be of no use without a link."""
    mail = mail_of(parent, key)
    if mail.text and name not in mail.text:
        parent.problem(f"This mail has to hold {{{{ {name} }}}}, {what}.", key)
    return mail

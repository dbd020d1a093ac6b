"""`tcma campaign`: from a draft to the last message."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

from tcma.audiences import queries as lists
from tcma.cli import campaign_answers, campaign_setup
from tcma.cli.frame import Desk, Exit, acting, wall_time
from tcma.errors import DomainError, Invalid
from tcma.funds import queries as funds
from tcma.kits import queries as kits
from tcma.launches import checklist, drafts, funding, previews, queries, service
from tcma.launches import reconcile as unknowns
from tcma.launches.checklist_network import Probes
from tcma.launches.checks import Key, State
from tcma.launches.models import Campaign
from tcma.partners import queries as partners
from tcma.viewer import OrganisationKind, Role

VENDOR, PARTNER = OrganisationKind.VENDOR, OrganisationKind.PARTNER
MARKETER = [Role.MARKETER]
_SEVERITIES = {
    State.BLOCKED: "problem",
    State.NOTE: "note",
    State.UNKNOWN: "unknown",
    State.TO_DO: "to do",
}
_COUNTED = {
    Key.ROWS: "{:,} rows or people were left out.",
    Key.RECENT: "{:,} people have or get another mail within seven days.",
}


@click.group("campaign")
def command() -> None:
    """Campaigns: a partner's run of one kit. CAMPAIGN is the name in its address."""


@command.command()
@click.argument("kit")
@click.option("--vendor", help="Whose kit, where two vendors have one of this name.")
@click.option("--name", default="", help="What you call it; also makes its address.")
@click.option("--list", "list_name", help="The list it goes to.")
@click.option("--language", "languages", multiple=True, help="The default first; repeat for more.")
@click.option("--certificate", "code", help="The certificate to use; the best fitting one by default.")
@click.option("--start", help="Local time YYYY-MM-DDTHH:MM, or 'now'; the next good time by default.")
@acting(PARTNER, roles=MARKETER)
def draft(
    desk: Desk,
    kit: str,
    vendor: str | None,
    name: str,
    list_name: str | None,
    languages: tuple[str, ...],
    code: str | None,
    start: str | None,
) -> None:
    """Draft a campaign from KIT."""
    web, files = desk.installation.web, desk.installation.storage
    wall = wall_time(start) if start and start != "now" else None
    with desk.look() as session:
        other = partners.find_partnership_at(session, desk.viewer, vendor).vendor_id if vendor else None
        found = kits.find_kit(session, desk.viewer, kit, other)
        version = kits.find_launchable(session, desk.viewer, found.id)
        chosen = lists.find_list_named(session, desk.viewer, list_name) if list_name else None
        certificate = funds.find_certificate_by_code(session, desk.viewer, code) if code else None
    campaign = drafts.draft(web, desk.viewer, files, version.public_id, name=name)
    try:
        if languages:
            drafts.set_locales(web, desk.viewer, files, campaign.public_id, list(languages))
        with desk.deed() as session:
            if chosen:
                drafts.set_audience(session, desk.viewer, campaign.public_id, chosen.public_id)
            if certificate:
                drafts.set_funding(
                    session, desk.viewer, campaign.public_id, certificate_id=certificate.public_id
                )
            if start:
                drafts.set_start(session, desk.viewer, campaign.public_id, wall, now=start == "now")
    except DomainError as error:
        raise Invalid(f"{error} The draft '{campaign.slug}' is kept without it.") from error
    desk.say(
        f"Drafted. Launch with: tcma campaign launch {campaign.slug}",
        campaign=campaign.slug,
        id=campaign.public_id,
    )


@command.command("set")
@click.argument("campaign")
@click.option("--language", default=None, help="Of the texts; the campaign's first by default.")
@click.option("--region", "regions", multiple=True, metavar="NAME=TEXT", help="An editable part of the kit.")
@acting(PARTNER, roles=MARKETER)
def change(desk: Desk, campaign: str, language: str | None, regions: tuple[str, ...]) -> None:
    """Change editable texts of a draft; locked parts are refused with their reason."""
    values = dict(_pair(text) for text in regions)
    found = _campaign(desk, campaign)
    drafts.set_regions(
        desk.installation.web,
        desk.viewer,
        desk.installation.storage,
        found.public_id,
        language or found.locales[0],
        values,
    )
    desk.say(f"Saved {len(values)} texts.")


@command.command()
@click.argument("campaign")
@acting(PARTNER)
def check(desk: Desk, campaign: str) -> None:
    """The checklist before the launch, problems first."""
    found = checklist.run(
        desk.installation.web,
        desk.viewer,
        desk.installation.storage,
        desk.settings,
        _campaign(desk, campaign).public_id,
        probes=Probes.of(desk.settings),
    )
    desk.table(
        [
            {"step": check.step, "severity": _SEVERITIES[check.state], "what": sentence}
            for check in found.checks
            if check.state is not State.PASSED
            for sentence in check.details or (_COUNTED[check.key].format(check.count),)
        ],
        "Ready to launch.",
    )
    if found.blocking:
        raise SystemExit(Exit.REFUSED)


@command.command()
@click.argument("campaign")
@acting(PARTNER, roles=MARKETER)
def launch(desk: Desk, campaign: str) -> None:
    """Launch it: the people are fixed, the money is set aside, the first message has its time."""
    done = checklist.launch(
        desk.installation.web,
        desk.viewer,
        desk.installation.storage,
        desk.settings,
        _campaign(desk, campaign).public_id,
        probes=Probes.of(desk.settings),
    )
    desk.say(
        f"Launched to {done.people_count:,} people, {done.message_count:,} messages."
        f" The first goes out {done.first_due_at:%Y-%m-%d %H:%M} UTC.",
        campaign=done.campaign.slug,
        status=done.campaign.status.value,
        people=done.people_count,
        messages=done.message_count,
    )


@command.command()
@click.argument("campaign")
@click.option("--touch", required=True, help="The mail's key in the kit.")
@click.option("--to", required=True, help="Your address, or a colleague's.")
@click.option("--language", default=None)
@click.option(
    "--save", type=click.Path(dir_okay=False, path_type=Path), help="Write the .eml here, send nothing."
)
@acting(PARTNER, roles=MARKETER)
def test(desk: Desk, campaign: str, touch: str, to: str, language: str | None, save: Path | None) -> None:
    """Make the test mail of one touch, exactly as it would be sent, with [Test] in the subject."""
    found = _campaign(desk, campaign)
    installed = desk.installation
    made = previews.test_message(
        installed.web,
        desk.viewer,
        installed.storage,
        desk.settings,
        found.public_id,
        previews.Wanted(touch_key=touch, locale=language or found.locales[0]),
        to=to,
    )
    if save is not None:
        save.write_bytes(made.raw)
        desk.say(f"Written to {save}: {made.subject}", subject=made.subject, file=str(save))
        return
    previews.send(desk.settings, installed.storage, made)
    desk.say(f"Sent to {made.to}: {made.subject}", subject=made.subject)


def _simple(name: str, deed: Callable[[Session, Any, Any], Campaign], help_text: str, done: str) -> None:
    """A command that calls one deed on one campaign."""

    @command.command(name, help=help_text)
    @click.argument("campaign")
    @acting(PARTNER, roles=MARKETER)
    def run(desk: Desk, campaign: str) -> None:
        with desk.deed() as session:
            found = queries.find_campaign_at(session, desk.viewer, campaign)
            after = deed(session, desk.viewer, found.public_id)
        desk.say(done, campaign=after.slug, status=after.status.value)


_simple("pause", service.pause, "Pause; what is being handed over still goes.", "Paused.")
_simple("continue", service.resume, "Continue; nobody gets a message twice.", "Goes on.")
_simple("cancel", service.cancel, "Cancel the rest for good; unused money is released.", "Cancelled.")
_simple("to-draft", service.return_to_draft, "Take a launch back before its first message.", "A draft again.")
_simple(
    "without-funding",
    funding.launch_without_funding,
    "Launch now instead of waiting for an approval.",
    "Launched without waiting.",
)


@command.command("send-now")
@click.argument("campaign")
@click.argument("touch")
@acting(PARTNER, roles=MARKETER)
def send_now(desk: Desk, campaign: str, touch: str) -> None:
    """Let the mail TOUCH go at once: the next one, or one that missed its time."""
    with desk.deed() as session:
        found = queries.find_campaign_at(session, desk.viewer, campaign)
        service.send_now(session, desk.viewer, found.public_id, touch)
    desk.say("It goes out now.")


@command.command("skip")
@click.argument("campaign")
@click.argument("touch")
@acting(PARTNER, roles=MARKETER)
def skip(desk: Desk, campaign: str, touch: str) -> None:
    """Leave the mail TOUCH out; the sequence goes on."""
    with desk.deed() as session:
        found = queries.find_campaign_at(session, desk.viewer, campaign)
        service.skip_touch(session, desk.viewer, found.public_id, touch)
    desk.say("Left out.")


@command.command("new-time")
@click.argument("campaign")
@click.argument("touch")
@click.argument("start")
@acting(PARTNER, roles=MARKETER)
def new_time(desk: Desk, campaign: str, touch: str, start: str) -> None:
    """Give the mail TOUCH another local time, YYYY-MM-DDTHH:MM."""
    with desk.deed() as session:
        found = queries.find_campaign_at(session, desk.viewer, campaign)
        service.new_time(session, desk.viewer, found.public_id, touch, wall_time(start))
    desk.say("It has a new time; later ones move with it.")


@command.command("send-again")
@click.argument("campaign")
@click.argument("touch")
@click.option("--yes", is_flag=True, help="You know that some may arrive twice.")
@acting(PARTNER, roles=MARKETER)
def send_again(desk: Desk, campaign: str, touch: str, yes: bool) -> None:
    """Send a mail again to those of whom nobody knows whether they got it."""
    if not yes:
        raise Invalid(
            "Some of them may have the mail already and would get it twice. Add --yes to send it again."
        )
    with desk.deed() as session:
        found = queries.find_campaign_at(session, desk.viewer, campaign)
        chosen = queries.find_touch(session, found, touch)
        count = unknowns.send_again(session, desk.viewer, found, chosen)
    desk.say(f"{count} messages wait again.", count=count)


@command.command("list")
@acting(VENDOR, PARTNER)
def index(desk: Desk) -> None:
    """Your campaigns, newest first."""
    with desk.look() as session:
        rows = [
            {
                "campaign": found.slug,
                "name": found.name,
                "status": found.status.value,
                "starts": found.starts_local or "–",
                "launched": found.launched_at,
            }
            for found in queries.campaigns_for(session, desk.viewer)
        ]
    desk.table(rows, "Nothing launched yet.")


@command.command()
@click.argument("campaign")
@acting(PARTNER)
def show(desk: Desk, campaign: str) -> None:
    """The figures of every message; waiting + sent + skipped + failed + unknown = people."""
    with desk.look() as session:
        found = queries.find_campaign_at(session, desk.viewer, campaign)
        touches = queries.figures(session, found)
    rows = [
        {
            "message": touch.key,
            "status": touch.status.value,
            "people": touch.people,
            "waiting": touch.waiting,
            "sent": touch.sent,
            "skipped": touch.skipped,
            "failed": touch.failed,
            "unknown": touch.unknown,
            "clicked": touch.clicked,
        }
        for touch in touches
    ]
    if not desk.as_json:
        click.echo(f"{found.name}: {found.status.value.replace('_', ' ')}. {found.stop_sentence}".rstrip())
    desk.table(rows, "No messages.")


def _campaign(desk: Desk, slug: str) -> Campaign:
    with desk.look() as session:
        return queries.find_campaign_at(session, desk.viewer, slug)


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise Invalid(f"'{text[:40]}' is not a text for a region. Write NAME=TEXT.")
    return name.strip(), value


for _made in (*campaign_setup.COMMANDS, *campaign_answers.COMMANDS):
    command.add_command(_made)

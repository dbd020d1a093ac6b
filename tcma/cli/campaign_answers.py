"""`tcma campaign`: what people wrote back, and what the partner's own people do by hand."""

from dataclasses import fields, is_dataclass
from enum import Enum
from pathlib import Path
from typing import Any
from uuid import UUID

import click
from sqlalchemy.orm import Session

from campaigns.channels.by_hand import Words
from tcma.cli.frame import Desk, acting
from tcma.errors import NotFound, phrase
from tcma.kits.content import load_kit
from tcma.launches import briefings, by_hand, queries
from tcma.launches.by_hand import Seen
from tcma.launches.models import Campaign
from tcma.leads.service import WORKERS
from tcma.replies import intake, service
from tcma.replies import queries as replied
from tcma.viewer import OrganisationKind

PARTNER = OrganisationKind.PARTNER
MOST_REPLIES = 500


@click.command()
@click.argument("campaign")
@acting(PARTNER)
def replies(desk: Desk, campaign: str) -> None:
    """What people wrote back, newest first, at most 500; what machines answered is among them and says so."""
    with desk.look() as session:
        found = queries.find_campaign_at(session, desk.viewer, campaign)
        told = replied.replies_of(session, desk.viewer, found, after=0, limit=MOST_REPLIES)
    rows = [
        {
            "reply": str(reply.public_id),
            "at": reply.at,
            "from": reply.address,
            "kind": reply.kind.value,
            "lead": str(lead.public_id) if lead else None,
            "text": reply.text if desk.as_json else " ".join(reply.text.split())[:60],
        }
        for reply, _person, lead in told
    ]
    desk.table(rows, "Nobody wrote back yet.")


@click.command()
@click.argument("campaign")
@click.argument("reply", type=click.UUID)
@click.option(
    "--save",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the whole mail, .eml, to this file.",
)
@acting(PARTNER)
def reply(desk: Desk, campaign: str, reply: UUID, save: Path | None) -> None:
    """Read one reply."""
    with desk.look() as session:
        found = queries.find_campaign_at(session, desk.viewer, campaign)
        told = replied.find(session, desk.viewer, found, reply)
    if save is not None:
        save.write_bytes(intake.fetch(desk.installation.storage, told.partner_id, told.kept_as))
        desk.say(f"Written to {save}.", file=str(save))
        return
    desk.say(
        f"From {told.name} <{told.address}>, {told.at:%Y-%m-%d %H:%M}\n{told.subject}\n\n{told.text}",
        address=told.address,
        name=told.name,
        at=told.at,
        subject=told.subject,
        text=told.text,
        attachments=told.attachment_count,
    )


@click.command("make-lead")
@click.argument("campaign")
@click.argument("reply", type=click.UUID)
@acting(PARTNER, roles=WORKERS)
def make_lead(desk: Desk, campaign: str, reply: UUID) -> None:
    """Make a reply a lead."""
    desk.viewer.require(PARTNER, *WORKERS)
    with desk.look() as session:
        found = queries.find_campaign_at(session, desk.viewer, campaign)
        kit = load_kit(session, desk.installation.storage, found.kit_version_id)
    with desk.deed() as session:
        told = replied.find(session, desk.viewer, found, reply)
        lead = service.make_lead(session, desk.viewer, told, kit, hash_key=desk.settings.hash_key)
    desk.say(f"It is the lead {lead.public_id}.", lead=lead.public_id)


@click.command()
@click.argument("campaign")
@click.option(
    "--pictures", type=click.Path(file_okay=False, path_type=Path), help="Write the pictures to this folder."
)
@acting(PARTNER)
def posts(desk: Desk, campaign: str, pictures: Path | None) -> None:
    """Posts for social networks in your brand, ready to be copied, each with its link."""
    seen = _seen(desk, campaign)
    found = by_hand.social_touches(seen)
    rows = [
        {
            "post": post.key,
            "network": post.network.value,
            "day": post.day.isoformat() if post.day else None,
            "length": post.length,
            "most": post.most,
            "text": post.whole if desk.as_json else " ".join(post.whole.split()),
        }
        for touch, material in found
        for post in by_hand.posts(seen, touch, material)
    ]
    if pictures is not None:
        pictures.mkdir(parents=True, exist_ok=True)
        for _touch, material in found:
            for picture in by_hand.pictures(desk.installation.storage, seen, material):
                (pictures / picture.made.name).write_bytes(picture.made.content)
    desk.table(rows, "This kit has no posts.")


@click.command()
@click.argument("campaign")
@acting(PARTNER)
def materials(desk: Desk, campaign: str) -> None:
    """What there is to do by hand: ads, scripts, guides, events. Some of it is for sales only."""
    seen = _seen(desk, campaign)
    rows = [
        {
            "material": touch.key,
            "kind": touch.kind.value,
            "name": touch.name.get(seen.locale) or touch.name[seen.kit.default_language],
        }
        for touch in by_hand.readable(desk.viewer, seen.kit)
    ]
    desk.table(rows, "This kit has nothing to do by hand.")


@click.command()
@click.argument("campaign")
@click.argument("material")
@acting(PARTNER)
def material(desk: Desk, campaign: str, material: str) -> None:
    """Read one of the materials."""
    seen = _seen(desk, campaign)
    touches = by_hand.readable(desk.viewer, seen.kit)
    found = next((touch for touch in touches if touch.key == material), None)
    if found is None:
        raise NotFound(phrase("There is no such part of this kit."))
    _print(desk, _plain(seen.material(found), seen.words))


@click.command()
@click.argument("campaign")
@click.option("--read", is_flag=True, help="Say that you have read it; your team sees that.")
@acting(PARTNER, roles=briefings.READERS)
def briefing(desk: Desk, campaign: str, read: bool) -> None:
    """Read the briefing for sales, and who has read it."""
    desk.viewer.require(PARTNER, *briefings.READERS)
    seen = _seen(desk, campaign)
    if not seen.kit.briefing:
        raise NotFound(phrase("This kit has no briefing."))
    if read:
        with desk.deed() as session:
            is_new = briefings.confirm_reading(session, desk.viewer, _campaign(session, desk, campaign))
        said = "Noted. Your team sees that you have read it." if is_new else "That was noted before."
        desk.say(said, new=is_new)
        return
    with desk.look() as session:
        readers = briefings.readers_of(session, desk.viewer, seen.campaign)
    text = seen.kit.briefing.get(seen.locale) or seen.kit.briefing[seen.kit.default_language]
    told = {one.name: one.at.isoformat() if one.at else "not yet" for one in readers}
    _print(desk, {**_plain(text, seen.words), "read by": told})


COMMANDS = (replies, reply, make_lead, posts, materials, material, briefing)


def _plain(value: Any, words: Words) -> Any:
    """A material as plain values: its own field names, its texts with the names filled in; nothing empty."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):
        return words.plain(value)
    if isinstance(value, tuple | list):
        return [_plain(one, words) for one in value]
    if is_dataclass(value):
        made = {field.name: _plain(getattr(value, field.name), words) for field in fields(value)}
        return {name: one for name, one in made.items() if one not in (None, "", [])}
    return value


def _print(desk: Desk, value: dict[str, Any]) -> None:
    desk.say("\n".join(_lines(value, 0)), **value)


def _lines(value: Any, depth: int) -> list[str]:
    indent = "  " * depth
    if isinstance(value, dict):
        lines = []
        for name, one in value.items():
            is_deep = isinstance(one, dict | list)
            lines += [f"{indent}{name}:", *_lines(one, depth + 1)] if is_deep else [f"{indent}{name}: {one}"]
        return lines
    if isinstance(value, list):
        return [line for one in value for line in _lines(one, depth)]
    return [f"{indent}{value}"]


def _campaign(session: Session, desk: Desk, slug: str) -> Campaign:
    return queries.find_campaign_at(session, desk.viewer, slug)


def _seen(desk: Desk, slug: str) -> Seen:
    with desk.look() as session:
        found = _campaign(session, desk, slug)
        return by_hand.see(session, desk.viewer, desk.installation.storage, desk.base_url, found.public_id)

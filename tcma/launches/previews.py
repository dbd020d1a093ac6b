"""A mail of a campaign before it is sent: on the screen and as a test, by the very functions that send it."""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import make_msgid, parseaddr
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns import personalise, sandbox
from campaigns.channels.email_artefact import Artefact as Mail
from campaigns.errors import ContentError
from campaigns.kit import Kit
from campaigns.links import Purpose, Signer
from campaigns.message import TEST_PREFIX, Envelope, Message, Recipient, compose
from campaigns.providers.base import Accepted, AccountRefused, NotSent, Outgoing, Refused, Unknown
from tcma import clock, storage
from tcma.audiences import queries as audiences
from tcma.audiences.models import Basis, Contact, ListMember
from tcma.config import Settings
from tcma.db import Database
from tcma.errors import Conflict, Invalid, phrase
from tcma.kits.content import load_kit
from tcma.launches import artefacts, brands, queries, ways_out, webinars
from tcma.launches.artefacts import Frozen, Place
from tcma.launches.deliveries import Artefact, MessageClass
from tcma.launches.expand import Choice
from tcma.launches.models import Campaign, CampaignTouch
from tcma.organisations.models import Organisation
from tcma.organisations.queries import normalised
from tcma.partners import senders
from tcma.viewer import OrganisationKind, Role, Viewer

SAMPLE = Recipient("", first_name="Anna", last_name="Meier", company="Meier Ltd")
"""Who a mail is shown as before there is an audience."""

_published: OrderedDict[str, None] = OrderedDict()  # keys of mails whose pictures are there
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which mail to show: of a touch, as one of the partner's contacts would get it (None: as nobody in
    particular, with the kit's fallbacks, or as an invented person), in a language (empty: that person's, else
    the campaign's first)."""

    touch_key: str
    locale: str = ""
    contact_id: UUID | None = None
    is_sample: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """A mail as a mailbox lists it, and the mail itself. `to` is a name where there is one."""

    sender: str
    to: str
    subject: str
    preview_line: str
    message: Message


@dataclass(frozen=True, slots=True)
class Seen:
    """A mail of a campaign as it was read: all that showing it needs but the number under which it is kept."""

    campaign: Campaign
    touch: CampaignTouch
    kit: Kit
    brands: brands.Brands
    place: Place
    contact: Contact | None
    choice: Choice
    now: datetime
    own_sender: str  # the partner's verified address, "" without one


def preview(
    database: Database,
    viewer: Viewer,
    files: storage.Storage,
    settings: Settings,
    public_id: UUID,
    wanted: Wanted,
) -> Message:
    """The mail as it would arrive. Its links carry preview tokens: nothing is counted, unsubscribing does
    nothing. Invalid says what of the kit or the brand keeps it from being made."""
    return _made(database, viewer, files, settings, public_id, wanted=wanted, to="").message


def show(
    database: Database,
    viewer: Viewer,
    files: storage.Storage,
    settings: Settings,
    public_id: UUID,
    wanted: Wanted,
) -> Shown:
    """The same with what stands around it in a mailbox."""
    return _made(database, viewer, files, settings, public_id, wanted=wanted, to="")


def see(
    session: Session,
    viewer: Viewer,
    files: storage.Storage,
    settings: Settings,
    campaign: Campaign,
    wanted: Wanted,
    *,
    made: brands.Brands | None = None,
    contact: Contact | None = None,
) -> Seen:
    """Read what showing a mail needs: at most eleven statements. `made` and `contact` where they are known already."""
    touch = queries.touch_of(campaign, wanted.touch_key)
    kit = load_kit(session, files, campaign.kit_version.id)
    partner = session.get_one(Organisation, campaign.partner_id)
    if contact is None and wanted.contact_id is not None:
        contact = audiences.find_contact(session, viewer, wanted.contact_id)
    basis = _basis(session, campaign, contact)
    made = made or brands.shown(session, campaign, settings.mail_from)
    is_own = made.partner.sender_email not in ("", settings.mail_from)
    return Seen(
        campaign=campaign,
        touch=touch,
        kit=kit,
        brands=made,
        place=Place(settings.base_url, partner.slug, webinars.shown(session, campaign, kit)),
        contact=contact,
        choice=Choice(basis, _locale(campaign, kit.touch(touch.key).files, wanted, contact)),
        now=clock.now(session),
        own_sender=senders.own_address(session, campaign.partner_id) if is_own else "",
    )


def show_seen(
    database: Database, files: storage.Storage, settings: Settings, seen: Seen, wanted: Wanted
) -> Shown:
    """The mail that was read; one statement more."""
    return _drawn(database, files, settings, seen, wanted=wanted, to="")


def test_message(
    database: Database,
    viewer: Viewer,
    files: storage.Storage,
    settings: Settings,
    public_id: UUID,
    wanted: Wanted,
    *,
    to: str,
) -> Message:
    """The same with "[Test]" before its subject, addressed to `to`, ready for `send`. Its links lead where the
    real ones will, for the mail is kept like a launched one; they are not counted."""
    viewer.require(OrganisationKind.PARTNER, Role.MARKETER)
    return _made(database, viewer, files, settings, public_id, wanted=wanted, to=normalised(to)).message


def send(settings: Settings, files: storage.Storage, message: Message) -> None:
    """Hand a test mail to the provider, once. Conflict says why it did not go, or that nobody knows."""
    sender = parseaddr(dict(message.headers)["From"])[1]
    outgoing = Outgoing(
        delivery_id=0, attempt_id=f"test-{uuid4().hex}", sender=sender, recipient=message.to, raw=message.raw
    )
    provider = ways_out.open_provider(settings, files)
    try:
        (outcome,) = provider.send([outgoing])
    finally:
        provider.close()
    if isinstance(outcome, Accepted):
        return
    why = outcome.reason.rstrip(". ")
    match outcome:
        case Unknown():
            raise Conflict(
                phrase(
                    "Nobody knows whether the test mail to %(address)s went out: %(why)s."
                    " Look into that mailbox before you send another.",
                    address=message.to,
                    why=why,
                )
            )
        case NotSent():
            raise Conflict(
                phrase(
                    "The test mail to %(address)s was not sent: %(why)s. Try again in a while.",
                    address=message.to,
                    why=why,
                )
            )
        case Refused():
            raise Conflict(
                phrase(
                    "The mail server refused the test mail to %(address)s: %(why)s.",
                    address=message.to,
                    why=why,
                )
            )
        case AccountRefused():
            raise Conflict(
                phrase("The mail server does not take mail from this installation: %(why)s.", why=why)
            )


def _made(
    database: Database,
    viewer: Viewer,
    files: storage.Storage,
    settings: Settings,
    public_id: UUID,
    *,
    wanted: Wanted,
    to: str,
) -> Shown:
    with database.reading(viewer.organisation_id) as session:
        campaign = queries.find_campaign(session, viewer, public_id)
        seen = see(session, viewer, files, settings, campaign, wanted)
    return _drawn(database, files, settings, seen, wanted=wanted, to=to)


def _drawn(
    database: Database,
    files: storage.Storage,
    settings: Settings,
    seen: Seen,
    *,
    wanted: Wanted,
    to: str,
) -> Shown:
    campaign, touch, contact, choice = seen.campaign, seen.touch, seen.contact, seen.choice
    try:
        mail = frozen_mail(files, seen.kit, campaign, seen.brands, seen.place, touch.key, choice)
    except ContentError as error:
        raise Invalid("\n".join(str(problem) for problem in error.problems)) from error
    if to:
        number = _kept(database, files, campaign, touch, Frozen(touch.key, choice, mail))
    else:
        number = _number(database, campaign.partner_id, touch.id, mail)
    signer = Signer(settings.token_keys, max(settings.token_keys))
    token = signer.token(Purpose.PREVIEW, campaign.partner_id, number, touch.id)
    host = urlsplit(settings.base_url).hostname or "localhost"
    envelope = Envelope(
        click=token,
        open=token,
        unsubscribe=token,
        message_id=make_msgid(domain=host),
        date=seen.now,
        from_email=senders.leaving_address(mail.sender_email, seen.own_sender, settings.mail_from),
        subject_prefix=TEST_PREFIX if to else "",
    )
    own = contact.address_typed if contact else mail.reply_to
    recipient = _recipient(contact, to or own, is_sample=wanted.is_sample)
    try:
        message = compose(mail, recipient, envelope)
        line = sandbox.parse(mail.preview, path="preview", locale=mail.locale).render(
            recipient.values(), escape=str, fallbacks={**personalise.OPTIONAL, **dict(mail.fallbacks)}
        )
    except ContentError as error:
        raise Invalid("\n".join(str(problem) for problem in error.problems)) from error
    name = f"{recipient.first_name} {recipient.last_name}".strip()
    return Shown(mail.sender_name, name or recipient.email, message.subject, line, message)


def frozen_mail(
    files: storage.Storage,
    kit: Kit,
    campaign: Campaign,
    made: brands.Brands,
    place: Place,
    touch_key: str,
    choice: Choice,
) -> Mail:
    """The mail frozen, its pictures published before anybody can see it."""
    mail = artefacts.freeze_mail(kit, campaign, made, place, touch_key=touch_key, choice=choice)
    with _lock:
        is_published = mail.key in _published
    if not is_published:
        artefacts.publish_pictures(files, kit, campaign, made)
        with _lock:
            _published[mail.key] = None
            while len(_published) > artefacts.KEPT_MAILS:
                _published.popitem(last=False)
    return mail


def _basis(session: Session, campaign: Campaign, contact: Contact | None) -> Basis:
    if campaign.basis:
        return Basis(campaign.basis)
    of_list = select(ListMember.basis).where(ListMember.list_id == campaign.list_id)
    if contact is not None:
        of_list = of_list.where(ListMember.contact_id == contact.id)
    return session.scalar(of_list.order_by(ListMember.id).limit(1)) or Basis.CUSTOMER


def _locale(campaign: Campaign, by_locale: Mapping[str, str], wanted: Wanted, contact: Contact | None) -> str:
    there = [locale for locale in campaign.locales if locale in by_locale]
    if wanted.locale:
        if wanted.locale not in there:
            raise Invalid(
                phrase(
                    "This mail is not there in '%(language)s'. It has: %(languages)s.",
                    language=wanted.locale[:12],
                    languages=there,
                )
            )
        return wanted.locale
    spoken = contact.language.lower().replace("_", "-") if contact else ""
    return next((one for one in there if spoken == one or spoken.startswith(f"{one}-")), campaign.locales[0])


def _kept(
    database: Database, files: storage.Storage, campaign: Campaign, touch: CampaignTouch, frozen: Frozen
) -> int:
    """The number of a test mail's artefact, under which its links are found."""
    stored = artefacts.store(files, campaign.partner_id, [frozen])
    with database.transaction(campaign.partner_id) as session:
        numbers = artefacts.add_rows(session, campaign, [touch], [frozen], stored)
    return numbers[touch.id][frozen.choice]


def _number(database: Database, partner_id: int, touch_id: int, mail: Mail) -> int:
    """The artefact's number once it is kept; 0 before, and then its links lead to a page that says so."""
    with database.reading(partner_id) as session:
        found = session.scalar(
            select(Artefact.id).where(
                Artefact.touch_id == touch_id,
                Artefact.key == mail.key,
                Artefact.message_class == MessageClass.MARKETING,
            )
        )
    return found or 0


def _recipient(contact: Contact | None, address: str, *, is_sample: bool) -> Recipient:
    if contact is None:
        return replace(SAMPLE, email=address) if is_sample else Recipient(address)
    return Recipient(
        address,
        first_name=contact.first_name,
        last_name=contact.last_name,
        company=contact.company,
        language=contact.language,
    )

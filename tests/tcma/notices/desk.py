"""A firm with people, and what tests of notices do with them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.providers.base import Provider
from campaigns.providers.memory import MemoryProvider
from tcma import clock
from tcma.notices import sending, service
from tcma.notices.kinds import NoticeKind
from tcma.notices.models import MessageStatus, PlatformMessage
from tcma.notices.recipients import Recipient
from tcma.organisations import recipients
from tcma.organisations.models import Membership, Organisation, User
from tcma.viewer import Role
from tests.factories import NOW, a_partner
from tests.installation import Installation
from tests.tcma.notices.examples import EXAMPLES


@dataclass
class Desk:
    """An installation with one firm, and a provider that keeps what it is given."""

    installation: Installation
    firm: Organisation
    provider: MemoryProvider = field(default_factory=MemoryProvider)

    def person(self, email: str, *roles: Role, locale: str = "en", firm: Organisation | None = None) -> User:
        with self.installation.owner.transaction() as session:
            user = User(email=email, name=email.partition("@")[0].title(), locale=locale, created_at=NOW)
            session.add(user)
            session.flush()
            for role in roles or (Role.SALES,):
                here = firm or self.firm
                session.add(Membership(user_id=user.id, organisation_id=here.id, role=role, created_at=NOW))
            return user

    def everybody(self, session: Session, *roles: Role) -> list[Recipient]:
        return recipients.people_with(session, self.firm.id, *(roles or tuple(Role)))

    def tell(
        self,
        kind: NoticeKind = NoticeKind.NEW_LEAD,
        subject_key: str = "lead:1",
        to: Iterable[Recipient] | None = None,
        tenant: int | None = None,
        **said: object,
    ) -> None:
        """Tell everybody of the firm, in the tenant of the firm, through the role that serves people."""
        with self.installation.web.transaction(tenant or self.firm.id) as session:
            people = list(to) if to is not None else self.everybody(session)
            values = {**EXAMPLES[kind], **said}
            service.tell(session, kind, people, subject_key, values, "/p/harbour-it/leads/1")  # type: ignore[arg-type]

    def send(self, provider: Provider | None = None) -> None:
        """What the job does."""
        worker = self.installation.worker
        writer = sending.Writer.of(self.installation.settings, self.installation.signer)
        sending.gather(worker)
        sending.send_waiting(worker, provider or self.provider, writer, recipients.present)

    def wait(self, **time: float) -> None:
        with self.installation.worker.transaction() as session:
            clock.advance(session, timedelta(**time))

    def at(self, hour: int) -> None:
        """Go on to this hour of the day in UTC."""
        with self.installation.worker.transaction() as session:
            now = clock.now(session)
            clock.advance(session, timedelta(hours=(hour - now.hour) % 24, minutes=-now.minute))

    @property
    def mails(self) -> list[EmailMessage]:
        return [message_from_bytes(one.raw, policy=policy.default) for one in self.provider.sent]

    @property
    def addresses(self) -> list[str]:
        return sorted(one.recipient for one in self.provider.sent)

    def statuses(self) -> list[MessageStatus]:
        with self.installation.worker.reading() as session:
            return list(session.scalars(select(PlatformMessage.status).order_by(PlatformMessage.id)))


def a_desk(installation: Installation) -> Desk:
    with installation.owner.transaction() as session:
        return Desk(installation, a_partner(session, "Harbour IT"))


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())

"""From events and a reader to a whole message, ready to hand over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Self

from babel import Locale

from campaigns import mime
from campaigns.links import Purpose, Signer
from campaigns.sandbox import Value
from tcma import addresses
from tcma.config import Settings
from tcma.notices import formats, rendering, values
from tcma.notices.kinds import MANNERS
from tcma.notices.models import Notice
from tcma.notices.recipients import Recipient
from tcma.notices.values import Link

_HEADS_UNFOLDED = SMTP.clone(max_line_length=900)  # some readers of List-Unsubscribe take one line only
MOST_SHOWN = 25  # events a mail lists; the others are on the page it leads to


@dataclass(frozen=True)
class Writer:
    """What is the same for every mail of this installation."""

    base_url: str
    sender: str
    operator: str
    signer: Signer

    @classmethod
    def of(cls, settings: Settings, signer: Signer) -> Self:
        return cls(settings.base_url, settings.mail_from, settings.operator_name, signer)

    def write(self, notices: Sequence[Notice], reader: Recipient, *, message_id: str, now: datetime) -> bytes:
        """The message about these events of one kind. Raises ContentError where they make none."""
        kind = notices[0].kind
        locale = formats.locale_of(reader.locale)
        switch = self._switch(notices[0], reader)
        items = [self._item(notice, reader, locale) for notice in notices[:MOST_SHOWN]]
        given: dict[str, Value] = {
            **{f"first.{name}": value for name, value in items[0].items()},
            "items": list(items),
            "count": formats.plain(len(notices), locale, reader.timezone),
            "more": formats.plain(len(notices) - len(items), locale, reader.timezone)
            if len(notices) > len(items)
            else "",
            "reader.place": reader.organisation_name or self.operator,
            "reader.organisation": reader.organisation_name,
            "operator": self.operator,
            "link.act": items[0]["act"],
            "link.switch": switch,
            "link.choices": self.base_url + addresses.notice_choices() if switch else "",
        }
        made = rendering.render(kind, locale, len(notices), given)
        answered_to = items[0].get(MANNERS[kind].answered_to, "")
        message = self._message(made, reader, switch, message_id, now)
        if answered_to:
            message["Reply-To"] = mime.address_bytes(str(answered_to), "reply_to").decode()
        return message.as_bytes(policy=_HEADS_UNFOLDED)

    def _item(self, notice: Notice, reader: Recipient, locale: Locale) -> dict[str, Value]:
        """What a template knows of one event: its values as texts, its addresses whole."""
        said = values.read(notice.said)
        item: dict[str, Value] = {
            name: self._address(value.path, notice, reader)
            if isinstance(value, Link)
            else formats.plain(value, locale, reader.timezone)
            for name, value in said.items()
        }
        phone, email = said.get("phone"), said.get("email")
        item["act"] = self._address(notice.path, notice, reader)
        item["call"] = formats.call_address(phone) if isinstance(phone, str) else ""
        item["write"] = formats.write_address(email) if isinstance(email, str) else ""
        return item

    def _address(self, path: str, notice: Notice, reader: Recipient) -> str:
        if notice.token and "{token}" in path:
            purpose, subject_id = notice.token
            owner, person = reader.organisation_id or 0, reader.user_id or 0
            path = path.replace("{token}", self.signer.token(Purpose(purpose), owner, person, subject_id))
        return self.base_url + path

    def _switch(self, notice: Notice, reader: Recipient) -> str:
        """The address that switches the kind off for this person; empty where nothing can be switched."""
        manner = MANNERS[notice.kind]
        if not manner.can_be_switched_off or reader.user_id is None:
            return ""
        token = self.signer.token(Purpose.NOTICE, reader.organisation_id or 0, manner.number, reader.user_id)
        return self.base_url + addresses.notice_switch(token)

    def _message(
        self, made: rendering.Rendered, reader: Recipient, switch: str, message_id: str, now: datetime
    ) -> EmailMessage:
        message = EmailMessage(policy=SMTP)
        message["From"] = mime.mailbox(self.operator, self.sender, "from").decode()
        message["To"] = mime.address_bytes(reader.email, "to").decode()
        message["Subject"] = mime.one_line(made.subject)
        message["Date"] = format_datetime(now)
        message["Message-ID"] = f"<{message_id}@{self.sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        if switch:
            message["List-Unsubscribe"] = f"<{switch}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        message.set_content(made.text, cte="quoted-printable")
        message.add_alternative(made.html, subtype="html", cte="quoted-printable")
        return message

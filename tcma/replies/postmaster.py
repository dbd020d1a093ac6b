"""Mail for postmaster@ the domain of the replies, which every mail server takes (RFC 5321, 4.5.1): it is handed on to
whoever runs the installation, and nothing of it is kept here."""

import time
from collections import deque
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate
from threading import Lock
from uuid import uuid4

from campaigns.providers.base import Accepted, Outgoing
from tcma import storage
from tcma.config import Settings
from tcma.launches import ways_out

NAME = "postmaster"
MOST = 20  # mails handed on
WITHIN = 3_600.0  # seconds


class NotHandedOn(Exception):
    """Nobody has it; whoever brought it comes again."""


class Postmaster:
    """`settings.postmaster` is the operator's address; without one nobody reads this mail, and it is refused."""

    def __init__(self, settings: Settings, files: storage.Storage) -> None:
        self._settings, self._files = settings, files
        self._handed_on: deque[float] = deque()
        self._lock = Lock()

    def reads(self, address: str) -> bool:
        """Whether `address` is the postmaster's, and somebody reads it. The standard allows it without a domain."""
        known = (NAME, f"{NAME}@{self._settings.replies}")
        return bool(self._settings.postmaster) and address.strip().lower() in known

    def hand_on(self, raw: bytes, sender: str) -> None:
        """A mail of our own with what came as a file in it: nobody's name is borrowed. Raises NotHandedOn where the
        way out does not take it, and beyond MOST an hour: nobody floods the operator through this server."""
        self._count()
        mail = EmailMessage(policy=SMTP)
        mail["From"] = self._settings.mail_from
        mail["To"] = self._settings.postmaster
        mail["Subject"] = f"For {NAME}@{self._settings.replies}"
        mail["Date"] = formatdate()
        mail["Message-ID"] = f"<{uuid4().hex}@{self._settings.replies}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(f"This mail came in from {sender[:320] or 'nobody (a report)'}.\n")
        mail.add_attachment(raw, maintype="application", subtype="octet-stream", filename="mail.eml")
        outgoing = Outgoing(
            delivery_id=0,
            attempt_id=f"postmaster-{uuid4().hex}",
            sender=self._settings.mail_from,
            recipient=self._settings.postmaster,
            raw=mail.as_bytes(),
        )
        provider = ways_out.open_provider(self._settings, self._files)
        try:
            (outcome,) = provider.send([outgoing])
        finally:
            provider.close()
        if not isinstance(outcome, Accepted):
            raise NotHandedOn(type(outcome).__name__)

    def _count(self) -> None:
        now = time.monotonic()
        with self._lock:
            while self._handed_on and self._handed_on[0] < now - WITHIN:
                self._handed_on.popleft()
            if len(self._handed_on) >= MOST:
                raise NotHandedOn("too many")
            self._handed_on.append(now)

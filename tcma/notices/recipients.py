"""To whom something is told. Whoever tells names the people; nothing here knows who belongs where."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person as a mail needs to know them. `user_id` is None for somebody without an account (an
    invitation), `organisation_id` for what concerns the person alone (a sign-in link). `timezone` is the
    one quiet hours and times go by."""

    user_id: int | None
    name: str
    email: str
    locale: str
    organisation_id: int | None = None
    organisation_name: str = ""
    timezone: str = "UTC"

    @property
    def key(self) -> str:
        """What is told to the same key is told to the same person in the same place."""
        if self.user_id is None:
            return self.email.lower()
        return f"{self.user_id}@{self.organisation_id or ''}"

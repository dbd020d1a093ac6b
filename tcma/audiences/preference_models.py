"""What people chose to get from a partner."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from campaigns.mail_choice import Chosen, MailChoice
from tcma.columns import Key, UtcDateTime, word
from tcma.db import Base
from tcma.tenancy import Tenancy


class MailPreference(Base):
    """One person's choice towards one partner, by the keyed hash of the address, as a suppression has it: it
    outlives the contact. Who wants everything has no row."""

    __tablename__ = "mail_preferences"
    __tenancy__ = Tenancy.PARTNER_PRIVATE
    __table_args__ = (UniqueConstraint("partner_id", "address_hash"),)

    id: Mapped[Key]
    partner_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    address_hash: Mapped[bytes] = mapped_column(LargeBinary(16))
    pace: Mapped[MailChoice] = mapped_column(word(MailChoice))
    paused_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    at: Mapped[datetime] = mapped_column(UtcDateTime)  # of the choice

    @property
    def chosen(self) -> Chosen:
        return Chosen(self.pace, self.paused_until)

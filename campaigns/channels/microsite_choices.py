"""What the page behind a mail's way out offers short of leaving: four choices, one of which holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from campaigns.channels.microsite_words import words
from campaigns.compliance import long_date
from campaigns.mail_choice import FEWER_DAYS, PAUSE_DAYS, MailChoice


@dataclass(frozen=True, slots=True)
class Choices:
    """`chosen` holds now, a pause until `paused_until`. Sent by POST to `action`. `has_left` people get nothing
    whatever they choose, so nothing is offered to them."""

    action: str
    chosen: MailChoice = MailChoice.EVERYTHING
    paused_until: date | None = None
    is_saved: bool = False
    has_left: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    is_chosen: bool


def options(choices: Choices, locale: str) -> Sequence[Option]:
    """Each choice in words of the locale."""
    say = words(locale)
    until = choices.paused_until
    pause = (
        say("choice_paused", day=long_date(until, say.locale))
        if until is not None
        else say("choice_pause", days=str(PAUSE_DAYS))
    )
    labels = {
        MailChoice.EVERYTHING: say("choice_everything"),
        MailChoice.FEWER: say("choice_fewer", days=str(FEWER_DAYS)),
        MailChoice.INVITATIONS: say("choice_invitations"),
        MailChoice.PAUSE: pause,
    }
    return [Option(choice.value, label, choice is choices.chosen) for choice, label in labels.items()]

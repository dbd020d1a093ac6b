"""What roles are called and what they may, in the reader's language."""

from tcma.language import gettext as _
from tcma.language import mark
from tcma.viewer import Role

_WORDS: dict[Role, tuple[str, str]] = {
    Role.OWNER: (mark("Owner"), mark("May do everything, invite people and change settings.")),
    Role.MARKETER: (mark("Marketer"), mark("Launches campaigns, keeps audiences and the brand.")),
    Role.SALES: (mark("Sales"), mark("Works leads.")),
    Role.FINANCE: (mark("Finance"), mark("Reads funding and files claims.")),
    Role.READER: (mark("Reader"), mark("Sees everything and changes nothing.")),
    Role.KIT_AUTHOR: (mark("Kit author"), mark("Writes kits.")),
    Role.CHANNEL_MANAGER: (mark("Channel manager"), mark("Looks after partners.")),
    Role.APPROVER: (mark("Approver"), mark("Decides on funding.")),
    Role.LEAD_DEVELOPMENT: (mark("Lead development"), mark("Prepares leads for partners.")),
    Role.OPERATOR: (mark("Operator"), mark("Runs this installation.")),
}


def role_words(role: Role) -> tuple[str, str]:
    """The role's name and one sentence on what it may."""
    name, may = _WORDS[role]
    return _(name), _(may)

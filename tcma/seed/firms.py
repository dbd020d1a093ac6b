"""Who lives in the example world."""

from dataclasses import dataclass, field

from tcma.organisations.firms import Firm, slug_of
from tcma.viewer import OrganisationKind, Role


@dataclass(frozen=True, slots=True)
class Member:
    name: str
    mailbox: str
    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """One firm with its people, brand and, for a partner, its vendors with the tier there."""

    kind: OrganisationKind
    firm: Firm
    members: tuple[Member, ...]
    colour: str = ""
    phone: str = ""
    title: str = ""
    vendors: dict[str, str] = field(default_factory=dict)

    @property
    def slug(self) -> str:
        return slug_of(self.firm.name)

    def address(self, member: Member) -> str:
        """A mailbox at the firm, or the whole address of somebody from outside."""
        return member.mailbox if "@" in member.mailbox else f"{member.mailbox}@{self.firm.domain}"


_VENDOR, _PARTNER = OrganisationKind.VENDOR, OrganisationKind.PARTNER
_FREELANCER = Member("Nadia Vogel", "nadia@vogel-marketing.example", (Role.MARKETER,))  # works for two firms

OPERATOR = Example(
    kind=OrganisationKind.OPERATOR,
    firm=Firm(
        name="Example Hosting",
        country="CH",
        currency="CHF",
        domain="example-hosting.example",
        timezone="Europe/Zurich",
    ),
    members=(Member("Rolf Amsler", "rolf.amsler", (Role.OPERATOR,)),),
)

FIRMS = (
    Example(
        kind=_VENDOR,
        firm=Firm(
            name="Northwind Security",
            legal_name="Northwind Security AG",
            country="CH",
            currency="CHF",
            domain="northwind.example",
            street="Limmatquai 80",
            postal_code="8001",
            city="Zürich",
            timezone="Europe/Zurich",
        ),
        members=(
            Member("Jana Frei", "jana.frei", (Role.OWNER,)),
            Member("Sara Blum", "sara.blum", (Role.APPROVER, Role.CHANNEL_MANAGER)),
        ),
        colour="#1d3f72",
        phone="+41 44 555 02 00",
        title="Channel marketing",
    ),
    Example(
        kind=_VENDOR,
        firm=Firm(
            name="Tidewater Backup",
            legal_name="Tidewater Backup B.V.",
            country="NL",
            currency="EUR",
            domain="tidewater.example",
            street="Wilhelminakade 12",
            postal_code="3072 AP",
            city="Rotterdam",
            timezone="Europe/Amsterdam",
        ),
        members=(Member("Daan Visser", "daan.visser", (Role.OWNER,)),),
        colour="#0b6b4f",
        phone="+31 10 555 0100",
        title="Partner programme",
    ),
    Example(
        kind=_PARTNER,
        firm=Firm(
            name="Harbour IT",
            legal_name="Harbour IT AG",
            country="CH",
            currency="CHF",
            domain="harbour-it.example",
            street="Hafenstrasse 1",
            postal_code="8001",
            city="Zürich",
            timezone="Europe/Zurich",
        ),
        members=(
            Member("Marc Keller", "marc.keller", (Role.OWNER,)),
            Member("Eva Roth", "eva.roth", (Role.SALES,)),
            Member("Tim Weiss", "tim.weiss", (Role.FINANCE, Role.READER)),
            _FREELANCER,
        ),
        colour="#f58220",
        phone="+41 44 555 01 23",
        title="Managing director",
        vendors={"northwind-security": "gold", "tidewater-backup": "silver"},
    ),
    Example(
        kind=_PARTNER,
        firm=Firm(
            name="Bergblick Systeme",
            legal_name="Bergblick Systeme GmbH",
            country="DE",
            currency="EUR",
            domain="bergblick-systeme.example",
            street="Isartorplatz 4",
            postal_code="80331",
            city="München",
            locale="de",
            timezone="Europe/Berlin",
        ),
        members=(Member("Lena Huber", "lena.huber", (Role.OWNER,)), _FREELANCER),
        colour="#2d6a4f",
        phone="+49 89 555 0170",
        title="Geschäftsführerin",
        vendors={"northwind-security": "silver"},
    ),
    Example(
        kind=_PARTNER,
        firm=Firm(
            name="Kestrel Networks",
            legal_name="Kestrel Networks Ltd",
            country="GB",
            currency="GBP",
            domain="kestrel-networks.example",
            street="14 Wharf Street",
            postal_code="LS2 7EQ",
            city="Leeds",
            timezone="Europe/London",
        ),
        members=(Member("Priya Shah", "priya.shah", (Role.OWNER,)),),
        colour="#6b2c91",
        phone="+44 113 496 0100",
        title="Director",
        vendors={"northwind-security": "gold"},
    ),
    Example(
        kind=_PARTNER,
        firm=Firm(
            name="Côté Réseau",
            legal_name="Côté Réseau SARL",
            country="FR",
            currency="EUR",
            domain="cote-reseau.example",
            street="8 quai Saint-Antoine",
            postal_code="69002",
            city="Lyon",
            timezone="Europe/Paris",
        ),
        members=(Member("Luc Moreau", "luc.moreau", (Role.OWNER,)),),
        colour="#0081a7",
        phone="+33 4 78 55 01 00",
        title="Gérant",
        vendors={"northwind-security": "registered"},
    ),
    Example(
        kind=_PARTNER,
        firm=Firm(
            name="Lakeside Digital",
            legal_name="Lakeside Digital, Inc.",
            country="US",
            currency="USD",
            domain="lakeside-digital.example",
            street="210 State Street",
            postal_code="WI 53703",
            city="Madison",
            timezone="America/Chicago",
        ),
        members=(Member("Dana Brooks", "dana.brooks", (Role.OWNER,)),),
        colour="#c1121f",
        phone="+1 608 555 0142",
        title="President",
        vendors={"tidewater-backup": "silver"},
    ),
    Example(
        kind=_PARTNER,
        firm=Firm(
            name="Polder Systems",
            legal_name="Polder Systems B.V.",
            country="NL",
            currency="EUR",
            domain="polder-systems.example",
            street="Oudegracht 120",
            postal_code="3511 AX",
            city="Utrecht",
            timezone="Europe/Amsterdam",
        ),
        members=(Member("Joost de Wit", "joost.de.wit", (Role.OWNER,)),),
        colour="#ffcc00",
        phone="+31 30 555 0180",
        title="Directeur",
        vendors={"tidewater-backup": "gold"},
    ),
)

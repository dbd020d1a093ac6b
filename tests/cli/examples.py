"""Every command with arguments that work, and with another tenant's and an absent object in their place.

A new command without an entry here fails the table in test_principals.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import uuid4

from tcma.viewer import OrganisationKind
from tests.cli import earlier, webinar_world
from tests.cli.world import (
    ALMA,
    HANNA,
    HARBOUR_READER,
    KIT,
    NORA,
    NORTHWIND_READER,
    OPERATOR,
    TIDE_KIT,
    TILDA,
    World,
    address,
    next_spring,
)

VENDOR, PARTNER, OPERATES = OrganisationKind.VENDOR, OrganisationKind.PARTNER, OrganisationKind.OPERATOR
OWNERS = {VENDOR: NORA, PARTNER: HANNA, OPERATES: OPERATOR}
STRANGERS = {VENDOR: TILDA, PARTNER: ALMA}
NEW_PARTNER = ("--country", "CH", "--currency", "CHF", "--domain", "fresh.example", "--city", "Chur")

Arguments = tuple[str, ...]


@dataclass(frozen=True)
class Example:
    """Arguments by kind of organisation that work for NORA, HANNA or OPERATOR after `before` was done.

    `foreign` gives, by stranger, an object of somebody else and the same arguments with an absent
    one: both have to be answered alike. Without it the command names no object, and a stranger
    uses it on its own organisation.
    """

    works: Mapping[OrganisationKind, Arguments]
    foreign: Mapping[str, list[tuple[Arguments, Arguments]]]
    changes: bool
    before: Callable[[World], None] | None = None


def examples(world: World) -> dict[str, Example]:
    """By the command's full name."""
    absent_id, files = str(uuid4()), world.files
    made: dict[str, Example] = {}

    def add(
        name: str,
        *kinds: OrganisationKind,
        works: Arguments = (),
        absent: Arguments | None = None,
        foreign: Mapping[str, list[tuple[Arguments, Arguments]]] | None = None,
        changes: bool = True,
        before: Callable[[World], None] | None = None,
    ) -> None:
        others = foreign or {}
        if absent is not None:
            others = {STRANGERS[kind]: [(works, absent)] for kind in kinds if kind in STRANGERS}
        made[name] = Example(dict.fromkeys(kinds, works), others, changes, before)

    def looks(name: str, *kinds: OrganisationKind, **more: Arguments) -> None:
        add(name, *kinds, changes=False, **more)  # type: ignore[arg-type]

    run, none = world.campaign, "no-such-campaign"
    looks("campaign list", VENDOR, PARTNER)
    looks("campaign show", PARTNER, works=(run,), absent=(none,))
    looks("campaign check", PARTNER, works=(world.draft,), absent=(none,))
    add(
        "campaign draft",
        PARTNER,
        works=(KIT, "--name", "Another", "--list", "Harbour customers", "--certificate", world.certificate),
        foreign={
            ALMA: [
                ((TIDE_KIT,), ("no-such-kit",)),
                ((KIT, "--vendor", "tidewater-backup"), (KIT, "--vendor", "no-such-vendor")),
                ((KIT, "--list", "Harbour customers"), (KIT, "--list", "No such list")),
                ((KIT, "--certificate", world.certificate), (KIT, "--certificate", "NONE-SUCH")),
            ]
        },
    )
    text = ("--region", "invite-headline=Before the weekend comes")
    add("campaign set", PARTNER, works=(world.draft, *text), absent=(none, *text))
    add("campaign launch", PARTNER, works=(world.draft,), absent=(none,))
    mail = ("--touch", "invite", "--to", HANNA)
    add("campaign test", PARTNER, works=(world.draft, *mail), absent=(none, *mail))
    add("campaign pause", PARTNER, works=(run,), absent=(none,))
    add(
        "campaign continue",
        PARTNER,
        works=(run,),
        absent=(none,),
        before=earlier.typed("campaign", "pause", run),
    )
    add("campaign cancel", PARTNER, works=(run,), absent=(none,))
    add("campaign to-draft", PARTNER, works=(world.scheduled,), absent=(none,))
    add(
        "campaign without-funding",
        PARTNER,
        works=("waits",),
        absent=(none,),
        before=earlier.a_waiting_campaign,
    )
    add("campaign send-now", PARTNER, works=(run, "reminder"), absent=(none, "reminder"))
    add("campaign skip", PARTNER, works=(run, "reminder"), absent=(none, "reminder"))
    later = ("reminder", next_spring())
    add("campaign new-time", PARTNER, works=(run, *later), absent=(none, *later))
    doubt = ("invite", "--yes")
    add(
        "campaign send-again",
        PARTNER,
        works=(world.scheduled, *doubt),
        absent=(none, *doubt),
        before=earlier.mails_in_doubt,
    )

    looks("campaign budget", PARTNER, works=(world.draft,), absent=(none,))
    room = ("--cost", "Room=120")
    add("campaign costs", PARTNER, works=(world.draft, *room), absent=(none, *room))
    add("campaign ask", PARTNER, works=(world.draft,), absent=(none,), before=earlier.no_certificate_left)
    add("campaign withdraw", PARTNER, works=("asks",), absent=(none,), before=earlier.a_draft_that_asks)
    eva = ("--person", HANNA, "--asked")
    add("campaign answerer", PARTNER, works=(world.draft, *eva), absent=(none, *eva))
    add("campaign spare", PARTNER, works=(world.draft,), absent=(none,))
    add("campaign change-time", PARTNER, works=(world.scheduled, next_spring()), absent=(none, next_spring()))
    add(
        "campaign again",
        PARTNER,
        works=(run,),
        absent=(none,),
        before=earlier.typed("campaign", "cancel", run),
    )
    looks("campaign log", PARTNER, works=(run,), absent=(none,))
    looks("campaign people", PARTNER, works=(run,), absent=(none,))

    looks("campaign replies", PARTNER, works=(run,), absent=(none,))
    written = (run, world.reply)
    looks("campaign reply", PARTNER, works=written, absent=(none, world.reply))
    add("campaign make-lead", PARTNER, works=written, absent=(none, world.reply))
    looks("campaign posts", PARTNER, works=(run,), absent=(none,))
    looks("campaign materials", PARTNER, works=(run,), absent=(none,))
    looks("campaign material", PARTNER, works=(run, "posts"), absent=(none, "posts"))
    add("campaign briefing", PARTNER, works=(run, "--read"), absent=(none, "--read"))

    looks("certificate list", VENDOR, PARTNER)
    looks("certificate requests", VENDOR, PARTNER)
    looks("certificate terms", PARTNER, works=("northwind-security",))
    made["certificate terms"] = Example(
        made["certificate terms"].works, {ALMA: [(("tidewater-backup",), ("no-such-vendor",))]}, False
    )
    add(
        "certificate ask",
        PARTNER,
        works=("northwind-security", "100", "--kit", KIT),
        foreign={
            ALMA: [
                (("tidewater-backup", "100"), ("no-such-vendor", "100")),
                (
                    ("northwind-security", "100", "--kit", TIDE_KIT),
                    ("northwind-security", "100", "--kit", "none"),
                ),
            ]
        },
    )
    add("certificate accept", PARTNER, works=(world.offered,), absent=("NONE-SUCH",))
    add("certificate no-thanks", PARTNER, works=(world.offered,), absent=("NONE-SUCH",))
    said = (world.request, "For two rooms.")
    add("certificate answer", PARTNER, works=said, absent=(absent_id, *said[1:]), before=earlier.a_question)
    add("certificate withdraw", PARTNER, works=(world.request,), absent=(absent_id,))
    fund = "Northwind Security fund"
    add(
        "certificate grant",
        VENDOR,
        works=(fund, "harbour-it", "10"),
        foreign={
            TILDA: [
                ((fund, "polder-it", "10"), ("No fund", "polder-it", "10")),
                (
                    ("Tidewater Backup fund", "alpine-it", "10"),
                    ("Tidewater Backup fund", "no-such-firm", "10"),
                ),
            ]
        },
    )
    add("certificate approve", VENDOR, works=(world.request,), absent=(absent_id,))
    why = ("--reason", "Not this quarter.")
    add("certificate decline", VENDOR, works=(world.request, *why), absent=(absent_id, *why))
    add("certificate revoke", VENDOR, works=(world.certificate, *why), absent=("NONE-SUCH", *why))

    listed = ("--list", "Harbour customers")
    nowhere = ("--list", "No such list")
    basis = ("--basis", "customer")
    looks("contacts lists", PARTNER)
    looks("contacts list", PARTNER, works=listed[1:], absent=nowhere[1:])
    looks("contacts skipped", PARTNER, works=listed[1:], absent=nowhere[1:])
    add("contacts terms", PARTNER, works=("--accept",))
    add("contacts import", PARTNER, works=(str(files / "more.csv"), *listed, *basis))
    new = ("new@firm.example", *basis)
    add("contacts add", PARTNER, works=(*new, *listed), absent=(*new, *nowhere))
    add(
        "contacts change",
        PARTNER,
        works=(address(7), "--company", "Changed"),
        absent=("no@body.example", "--company", "Changed"),
    )
    add("contacts delete", PARTNER, works=(address(7),), absent=("no@body.example",))
    add("contacts suppress", PARTNER, works=(str(files / "stop.csv"),))

    add("contacts stop", PARTNER, works=("left@nowhere.example",))
    looks("contacts look-up", PARTNER, works=(address(4),))
    add("contacts rename-list", PARTNER, works=(*listed[1:], "Renamed"), absent=(*nowhere[1:], "Renamed"))
    add("contacts basis", PARTNER, works=(*listed[1:], "agreed"), absent=(*nowhere[1:], "agreed"))
    add("contacts delete-list", PARTNER, works=listed[1:], absent=nowhere[1:])

    looks("fund list", VENDOR)
    looks("fund offers", PARTNER, works=("northwind-security",))
    made["fund offers"] = Example(
        made["fund offers"].works, {ALMA: [(("tidewater-backup",), ("no-such-vendor",))]}, False
    )
    add(
        "fund create",
        VENDOR,
        works=(
            *("Another", "--currency", "CHF", "--from", "2026-01-01", "--until", "2039-12-31"),
            *("--share", "33.33", "--cap", "100"),
        ),
    )
    add("fund allocate", VENDOR, works=(fund, "100"), absent=("No fund", "100"))
    add("fund price", OPERATES, works=("EUR", "2.00"))

    looks("kit list", VENDOR, PARTNER)
    add("kit import", VENDOR, works=(str(files / TIDE_KIT),))
    for name, before in (("kit submit", earlier.imported), ("kit publish", earlier.handed_in)):
        made[name] = Example({VENDOR: (TIDE_KIT,)}, {TILDA: [((KIT,), ("no-such-kit",))]}, True, before)
    add("kit withdraw", VENDOR, works=(KIT, *why), absent=("no-such-kit", *why))
    add("kit recall", VENDOR, works=(KIT, *why), absent=("no-such-kit", *why))

    out = ("--to", str(files / "exported.zip"), "--replace")
    looks("kit export", VENDOR, works=(KIT, *out), absent=("no-such-kit", *out))

    lead = world.leads[0]
    looks("lead list", VENDOR, PARTNER)
    looks("lead show", VENDOR, PARTNER, works=(lead,), absent=(absent_id,))
    add("lead accept", PARTNER, works=(lead,), absent=(absent_id,))
    add(
        "lead contacted",
        PARTNER,
        works=(lead,),
        absent=(absent_id,),
        before=earlier.typed("lead", "accept", lead),
    )
    twice = ("--reason", "twice")
    back = earlier.of_the_vendor(lead)
    add("lead push-back", PARTNER, works=(lead, *twice), absent=(absent_id, *twice), before=back)
    add("lead disqualify", PARTNER, works=(lead, *twice), absent=(absent_id, *twice))
    add("lead note", PARTNER, works=(lead, "Prefers mails."), absent=(absent_id, "Prefers mails."))
    add("lead still-open", PARTNER, works=(lead,), absent=(absent_id,))
    add("lead attempt", PARTNER, works=(lead, "call"), absent=(absent_id, "call"))
    add("lead hand-over", PARTNER, works=(lead, HANNA), absent=(absent_id, HANNA))
    asleep = earlier.typed("lead", "not-now", lead, "--until", next_spring()[:10])
    add("lead bring-back", PARTNER, works=(lead,), absent=(absent_id,), before=asleep)
    need = ("--need", "yes")
    add("lead qualify", PARTNER, works=(lead, *need), absent=(absent_id, *need))
    rest = ("--until", next_spring()[:10])
    add("lead not-now", PARTNER, works=(lead, *rest), absent=(absent_id, *rest))
    sold = ("--amount", "1200", "--deal", "3000")
    add("lead won", PARTNER, works=(lead, *sold), absent=(absent_id, *sold))
    price = ("--reason", "price")
    add("lead lost", PARTNER, works=(lead, *price), absent=(absent_id, *price))
    add(
        "lead undo", PARTNER, works=(lead,), absent=(absent_id,), before=earlier.typed("lead", "accept", lead)
    )

    looks("ledger statement", VENDOR, PARTNER, OPERATES)
    made["ledger statement"] = Example(
        {
            VENDOR: ("--certificate", world.certificate),
            PARTNER: ("--certificate", world.certificate),
            OPERATES: (),
        },
        {
            stranger: [(("--certificate", world.certificate), ("--certificate", "NONE-SUCH"))]
            for stranger in (TILDA, ALMA)
        },
        False,
    )
    looks("outbox list", OPERATES)
    looks("outbox show", OPERATES, works=(earlier.newest_mail(world),))

    looks("partner list", VENDOR, PARTNER)
    add("partner brand", VENDOR, PARTNER, works=("--colour", "#123456"))
    add("partner invite", VENDOR, works=("Fresh IT", "--email", "fritz@fresh.example", *NEW_PARTNER))
    add("partner accept", PARTNER, works=("tidewater-backup",), absent=("no-such-vendor",))
    firm, no_firm = ("alpine-it",), ("no-such-firm",)
    tier = ("--tier", "silver")
    add("partner terms", VENDOR, works=(*firm, *tier), absent=(*no_firm, *tier))
    add("partner suspend", VENDOR, works=firm, absent=no_firm)
    add(
        "partner resume",
        VENDOR,
        works=firm,
        absent=no_firm,
        before=earlier.typed("partner", "suspend", *firm, by=NORA),
    )
    made["partner end"] = Example(
        {VENDOR: firm, PARTNER: ("northwind-security",)},
        {TILDA: [(firm, no_firm)], ALMA: [(("tidewater-backup",), ("no-such-vendor",))]},
        True,
    )

    looks("sender show", PARTNER)
    own = "news@own-sender.example"
    add("sender set", PARTNER, works=(own,))

    def both_send(world: World) -> None:
        for person in (HANNA, ALMA):
            earlier.typed("sender", "set", own, by=person)(world)

    add("sender look", PARTNER, before=both_send)
    add("sender remove", PARTNER, before=both_send)

    looks("user list", VENDOR, PARTNER, OPERATES)
    made["user invite"] = Example(
        {
            VENDOR: ("new@northwind.example", "--role", "reader"),
            PARTNER: ("new@harbour-it.example", "--role", "reader"),
            OPERATES: ("new@host.example", "--role", "operator"),
        },
        {},
        True,
    )
    nobody, reads = "no@body.example", ("--role", "reader")
    for name, role in (("user roles", reads), ("user remove", ())):
        made[name] = Example(
            {VENDOR: (NORTHWIND_READER, *role), PARTNER: (HARBOUR_READER, *role)},
            {
                TILDA: [((NORTHWIND_READER, *role), (nobody, *role))],
                ALMA: [((HARBOUR_READER, *role), (nobody, *role))],
            },
            True,
        )
    looks("user invited", VENDOR, PARTNER)
    open_ = "invited@firm.example"
    add("user take-back", VENDOR, PARTNER, works=(open_,), absent=(nobody,), before=earlier.invited(open_))
    late = "wants-in@firm.example"
    add("user let-in", PARTNER, works=(late, *reads), absent=(nobody, *reads), before=earlier.newcomer(late))
    add("user turn-down", PARTNER, works=(late,), absent=(nobody,), before=earlier.newcomer(late))
    looks("vendor list", OPERATES)
    add(
        "vendor add",
        OPERATES,
        works=("Third", "--owner", "t@third.example", "--country", "CH", "--currency", "CHF"),
    )
    talk, day = world.webinar, next_spring()
    looks("webinar show", PARTNER, works=(talk,), absent=(none,))
    looks("webinar people", PARTNER, works=(talk,), absent=(none,))
    wish = ("--at", day, "--seats", "2")
    add("webinar set", PARTNER, works=(world.webinar_draft, *wish), absent=(none, *wish))
    add("webinar move", PARTNER, works=(talk, day), absent=(none, day))
    add("webinar cancel", PARTNER, works=(talk,), absent=(none,))
    list_ = str(files / "attendance.csv")
    over = webinar_world.when_it_is_over
    add("webinar attendance", PARTNER, works=(talk, list_), absent=(none, list_), before=over)
    film = "https://video.example/1"
    add("webinar recording", PARTNER, works=(talk, film), absent=(none, film), before=over)
    read, late = webinar_world.with_the_attendance_list, webinar_world.LATE
    add("webinar came", PARTNER, works=(talk, late), absent=(none, late), before=read)
    return made

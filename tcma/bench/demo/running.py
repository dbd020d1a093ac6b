"""A campaign on its way: launched, its mails sent at their time, each received once."""

import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import islice

from tcma.bench.demo import prospects, reading
from tcma.bench.demo.contact_file import ContactFile
from tcma.bench.demo.figures import Figures
from tcma.bench.demo.firms import LIST, LOGOS
from tcma.bench.demo.house import House
from tcma.bench.demo.mails import Received, by_person
from tcma.bench.demo.post import SendGridPost
from tcma.errors import DomainError

MAIL_LIMIT = 300.0
AT_ONCE = 6


def draft(
    house: House, kit: str, name: str, languages: Sequence[str], code: str, acting: str
) -> tuple[str, str]:
    """Address and id of a draft that begins as soon as it is launched."""
    drafted = house.tcma(
        *("campaign", "draft", kit, "--name", name, "--list", LIST, "--start", "now"),
        *(part for language in languages for part in ("--language", language)),
        *(("--certificate", code) if code else ()),
        acting=acting,
    )
    return str(drafted["campaign"]), str(drafted["id"])


def launch(house: House, figures: Figures, campaign: str, acting: str, people: int, mails: int) -> None:
    launched = house.tcma("campaign", "launch", campaign, acting=acting)
    figures.equal("people at launch", launched["people"], people)
    figures.equal("messages planned", launched["messages"], mails * people)


def until_sent(house: House, figures: Figures, campaign: str, touch: str) -> None:
    began = time.monotonic()
    shown = [0.0]

    def done() -> bool:
        row = reading.touch(house, campaign, touch)
        if row["waiting"] + row["sent"] + row["skipped"] + row["failed"] + row["unknown"] != row["people"]:
            figures.equal("waiting + sent + skipped + failed + unknown", "not the people", "the people")
        if time.monotonic() - shown[0] > 5:
            shown[0] = time.monotonic()
            figures.note(f"{row['sent']:,} sent, {row['waiting']:,} waiting, {row['skipped']:,} skipped")
        if row["status"] not in ("pending", "running", "done"):
            raise DomainError(f"The mail '{touch}' is {row['status']}.")
        return bool(row["status"] == "done")

    house.wait(f"the mail '{touch}' was sent", done, MAIL_LIMIT)
    row = reading.touch(house, campaign, touch)
    seconds = time.monotonic() - began
    figures.note(f"{row['sent']:,} sent, {row['skipped']:,} skipped in {seconds:.0f} s")
    figures.equal("failed or unknown", row["failed"] + row["unknown"], 0)


def dealt(people: Iterable[str], counts: Mapping[str, int]) -> dict[str, list[str]]:
    """So many people of each kind, in the order of the contact file."""
    rest = iter(people)
    return {kind: list(islice(rest, count)) for kind, count in counts.items()}


def react(
    house: House,
    figures: Figures,
    mails: Mapping[str, Received],
    machines: Sequence[str],
    leavers: Sequence[str],
) -> set[str]:
    """Programs open everything at once, people leave two hours later; who left."""
    figures.step(f"7. {len(machines)} machines open everything at once, {len(leavers)} people leave")
    with ThreadPoolExecutor(AT_ONCE) as pool:
        opened = pool.map(prospects.machine_opens_everything, [mails[one] for one in machines])
        statuses = set().union(*opened)
    figures.equal("answers to machines", statuses <= {200, 302}, True)
    house.tcma("clock", "move", "2h")
    with ThreadPoolExecutor(AT_ONCE) as pool:
        gone = list(pool.map(prospects.leave, [mails[one] for one in leavers]))
    figures.equal("one-click unsubscribes", gone.count(200), len(leavers))
    return set(leavers)


def send_in_time(house: House, figures: Figures, campaign: str, touch: str) -> list[str]:
    """Move web and worker to the minute a mail is due and wait until it was sent; who got what meanwhile."""
    before = reading.received_count(house)
    house.move_to(reading.due_at(house, campaign, touch) + timedelta(seconds=5))
    until_sent(house, figures, campaign, touch)
    return sorted(reading.recipients(house)[before:])


def check_first_mail(
    house: House, figures: Figures, file: ContactFile, received: Sequence[Received]
) -> dict[str, Received]:
    """Everybody got it once, and each one is whole; the mails by person."""
    people = by_person(received)
    figures.equal("people who got it", set(people) == set(file.ready), True)
    figures.equal("who got it more than once", sum(len(mails) > 1 for mails in people.values()), 0)
    figures.equal("messages whose tokens do not verify", sum(bool(mail.problems) for mail in received), 0)
    check_logos(figures, received)
    figures.equal("messages without one-click unsubscribe", sum(not mail.one_click for mail in received), 0)
    pictures = {picture for mail in received for picture in mail.pictures}
    answers = {prospects.fetch(picture) for picture in pictures}
    figures.equal(f"its {len(pictures)} pictures", answers, {(200, "image/png")})
    return {address: mails[0] for address, mails in people.items()}


def check_logos(figures: Figures, received: Sequence[Received]) -> None:
    figures.equal("messages without both logos", sum(not set(mail.alts) >= LOGOS for mail in received), 0)


def check_finished(house: House, figures: Figures, campaign: str) -> None:
    house.wait("the campaign was finished", lambda: reading.status(house, campaign) == "finished", 90.0)
    figures.equal("the campaign", reading.status(house, campaign), "finished")


def report_fates(house: House, figures: Figures, back: Sequence[str]) -> set[str]:
    """Where the provider tells by events what became of mails: all were delivered but those of `back`, which nobody
    could take. Nothing is told by SMTP. Whose mail came back."""
    if not isinstance(house.post, SendGridPost):
        return set()
    arrived = reading.arrivals(house)
    words = [(one, "bounce" if one.to in back else "delivered") for one in arrived]
    reports = house.post.report(house.base_url, words, house.now().timestamp(), time.time())
    house.wait("the events were worked off", lambda: reading.waiting_jobs(house) == 0, MAIL_LIMIT)
    found = reading.statuses(house)
    expected = {"delivered": len(arrived) - len(back), "bounced": len(back)}
    figures.equal(f"fates that {reports} signed reports told", found, expected)
    return set(back)

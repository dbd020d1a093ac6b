"""People write back: some by hand, some by a machine of theirs. The contact person hears of it and makes a lead."""

import re
from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from urllib.parse import urlsplit

from tcma.bench.demo import reading
from tcma.bench.demo.browser import ask, hidden
from tcma.bench.demo.firms import PARTNER
from tcma.bench.demo.mails import Received
from tcma.bench.demo.seats_story import Scene

WORDS: Mapping[str, str] = {
    "en": "Thursday after ten would suit us. Who comes, you or a colleague?",
    "de": "Donnerstag nach zehn würde passen. Kommen Sie selbst?",
    "fr": "Jeudi après dix heures nous irait. Qui viendra, vous ou un collègue ?",
}
AWAY: Mapping[str, tuple[str, str]] = {
    "en": ("Automatic reply: out of office", "I am away until Monday."),
    "de": ("Abwesenheitsnotiz", "Ich bin bis Montag nicht im Haus."),
    "fr": ("Réponse automatique", "Je suis absente jusqu’à lundi."),
}
STOP = "Unsubscribe me, please."
_LINK = re.compile(r'href="([^"]*/q/[A-Za-z0-9_-]{48})"')


def people_answer(
    scene: Scene,
    mails: Mapping[str, Received],
    writers: Sequence[str],
    away: Sequence[str],
    stopping: Sequence[str],
) -> None:
    """`writers` answer by hand, machines for those who are `away`, and one sentence of `stopping` is all they want."""
    figures, house = scene.figures, scene.house
    for address in writers:
        _write(scene, mails[address], f"Re: {mails[address].subject}", WORDS[scene.watch.readers[address]])
    for address in away:
        subject, words = AWAY[scene.watch.readers[address]]
        _write(scene, mails[address], subject, words, {"Auto-Submitted": "auto-replied"})
    for address in stopping:
        _write(scene, mails[address], f"Re: {mails[address].subject}", STOP)
    total = len(writers) + len(away) + len(stopping)
    house.wait("every answer was read", lambda: sum(reading.replies(house).values()) >= total, 60.0)
    expected = {"person": len(writers) + len(stopping), "automatic": len(away)}
    figures.equal("answers as they were understood", reading.replies(house), expected)
    figures.equal(
        "whom they were taken to be of",
        sorted(reading.repliers(house)),
        sorted([*writers, *away, *stopping]),
    )
    told = _told(scene, len(writers) + len(stopping))
    figures.equal("answers passed on to the contact person", sorted(told), sorted([*writers, *stopping]))
    _one_is_a_lead(scene, told[writers[0]])


def _one_is_a_lead(scene: Scene, link: str) -> None:
    page = ask("GET", link)
    before = reading.lead_people(scene.house)
    pressed = ask("POST", link, hidden(page.text, urlsplit(link).path))
    again = ask("POST", link, hidden(page.text, urlsplit(link).path))
    after = reading.lead_people(scene.house)
    scene.figures.equal(
        "the page of an answer, its button twice",
        (page.status, pressed.status, again.status),
        (200, 303, 303),
    )
    scene.figures.equal("leads by it", len(after) - len(before), 1)


def _told(scene: Scene, count: int) -> dict[str, str]:
    """The mails to the contact person that an answer to goes to who wrote: their links by that address."""
    house = scene.house

    def found() -> dict[str, str]:
        letters = [one.open() for one in reading.notices(house) if one.to == PARTNER]
        return {
            _bare(letter.headers.get("reply-to", "")): links[0]
            for letter in letters
            if (links := _LINK.findall(letter.html))
        }

    house.wait("the contact person was told", lambda: len(found()) >= count, 60.0)
    return found()


def _write(
    scene: Scene, mail: Received, subject: str, words: str, headers: Mapping[str, str] | None = None
) -> None:
    answer = EmailMessage()
    answer["From"], answer["To"], answer["Subject"] = mail.to, mail.reply_to, subject
    answer["Message-ID"] = f"<{abs(hash((mail.to, subject)))}@{mail.to.partition('@')[2]}>"
    for name, value in (headers or {}).items():
        answer[name] = value
    answer.set_content(words)
    scene.house.post.answer(scene.house.base_url, answer.as_bytes(), mail.to, _bare(mail.reply_to))


def _bare(address: str) -> str:
    return address.rpartition("<")[2].strip("<> ").lower()

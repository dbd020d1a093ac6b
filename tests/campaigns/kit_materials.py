"""The small kit for tests with every other kind of touch beside its mails and page."""

from tests.campaigns.kit_files import MAIL, MANIFEST, some_files

TOUCHES = """\
  - {key: talk, kind: webinar, name: Webinar, file: webinar.yml}
  - key: seat
    kind: email
    name: Save a seat
    day: -7
    from: talk
    condition: not_registered:talk
    file: emails/03-seat.mjml
    subject: "{{ webinar.title }} on {{ webinar.date }}"
    preview: A seat is free.
  - key: recording
    kind: email
    name: For those who could not come
    day: 1
    from: talk
    condition: not_attended:talk
    file: emails/04-recording.mjml
    subject: The recording
    preview: Forty minutes.
  - {key: posts, kind: social, name: Posts, day: 0, at: "12:00", file: social/posts.yml}
  - {key: piece, kind: block, name: Block, file: blocks/piece.yml}
  - {key: search, kind: ad, name: Search, file: ads/search.yml}
  - {key: feed, kind: ad, name: Feed, file: ads/feed.yml}
  - {key: call, kind: call_script, name: Call, day: 6, condition: answered:invite, file: calls/call.yml}
  - {key: guide, kind: sales_guide, name: Guide, file: guides/guide.md}
  - {key: evening, kind: event, name: Evening, file: events/evening.yml}
  - {key: trial, kind: trial, name: Trial, file: trial.yml}
"""

REGIONS = """\
  speaker: {label: Speaker of yours}
  price:
    content: price
    label: Price
    reason: The price is the same at every partner.
    countries:
      CH: {en: CHF 12 a seat}
      DE: {en: EUR 11 a seat}
"""

FULL = (
    MANIFEST.replace("merge_fields:", TOUCHES + "briefing: briefing.md\nmerge_fields:")
    .replace("consents:", REGIONS + "consents:")
    .replace("merge_fields:\n", "merge_fields:\n  contact.first_name: {label: First name, fallback: there}\n")
) + "lead_visibility: named_by_notice\n"  # its webinar is joint

SEAT = (
    MAIL.replace(" rg-headline", "")
    .replace('"rg-figure"', '"rg-price"')
    .replace("link.microsite", "link.webinar")
)

WEBINAR = """\
title: Sleep well, live
description: Forty minutes on seven checks.
minutes: 40
seats: 100
host: joint
hero:
  headline: Sleep well, live
  text: Forty minutes, with your questions.
  button: Save my seat
learn:
  heading: What you take away
  points:
    - The seven checks.
    - {text: What each costs., region: lead}
speakers:
  - {name: {text: Somebody, region: speaker}, title: At the partner}
  - name: Nora
    title: Engineer
    picture: {file: assets/hero.png, alt: Nora at her desk}
form:
  heading: Your seat
  button: Save my seat
  information: information
  consents: [sharing]
  fields:
    - {name: email, label: E-mail}
registered:
  headline: Your seat is saved
  text: A mail is on its way.
  next: We open the room ten minutes before.
decline: {button: "I cannot come, send me the recording", thanks: We send it.}
recording: {headline: The recording, text: Forty minutes.}
mails:
  confirmation:
    subject: Your seat
    text: "{{ webinar.date }}, {{ webinar.time }} ({{ webinar.zone }}): {{ link.calendar }}. {{ link.cancel }}"
  reminders:
    day: {subject: Tomorrow, text: "At {{ webinar.time }}."}
    hour: {subject: In an hour, text: "{{ link.join }}"}
  moved: {subject: Another day, text: "{{ webinar.date }}: {{ link.calendar }}"}
  cancelled: {subject: It does not take place, text: We are sorry.}
  recording: {subject: The recording, text: "{{ link.recording }}"}
"""

POSTS = """\
link: microsite
picture:
  headline: Seven checks
  text: One page
  alt: A quiet desk
  layouts: [landscape, square]
  background: assets/hero.png
posts:
  - {key: ask, network: linkedin, text: When did you last bring a backup back?}
  - {key: fact, network: linkedin, text: Seven checks on one page.}
  - {key: offer, network: linkedin, text: "{{ partner.name }} helps."}
"""

BLOCK = """\
headline: Sleep well
markdown: "**Seven** checks."
button: Get them
"""

SEARCH = """\
service: search
headlines: [Seven backup checks, One page for small firms, "{{ partner.name }}"]
descriptions: [Seven checks on one page., Twenty-five minutes.]
keywords: [backup check, ransomware small firm]
"""

FEED = """\
service: linkedin
introduction: When did you last bring a backup back?
headlines: [Seven checks on one page]
audience: Owners of firms with 10 to 100 people, within 50 km.
picture: {file: assets/hero.png, alt: A quiet desk}
"""

CALL = """\
goal: Twenty minutes together.
opening: "Hello {{ contact.first_name }}, you asked for our checklist."
questions:
  - {question: Which check came out as no?, listen_for: Anything about backups., bant: need}
close: Does Thursday suit you?
objections:
  - {says: We have somebody., answer: Then go through it together.}
voicemail: I call again tomorrow.
"""

GUIDE = "# Before you call\n\nRead this first.\n\n## Who asks\n\nOwners.\n\n## What it costs\n\nNothing.\n"
BRIEFING = "# In five minutes\n\n## What it is\n\nSeven checks.\n"

EVENT = """\
title: An evening
description: Two hours, twenty people.
minutes: 120
seats: 20
agenda:
  - {minutes: 45, title: Seven checks}
  - {minutes: 60, title: Bread and cheese}
tasks:
  - {days_before: 21, text: Book the room.}
"""

TRIAL = """\
title: Thirty days
description: All of it.
days: 30
steps:
  - {day: 0, text: Set it up.}
  - {day: 25, text: Look at the report together.}
"""


def every_kind(changes: dict[str, str | bytes | None] | None = None) -> dict[str, bytes]:
    """A kit with every kind of touch, and what is to be different."""
    files: dict[str, str | bytes | None] = {
        "kit.yml": FULL,
        "emails/03-seat.mjml": SEAT,
        "emails/04-recording.mjml": MAIL.replace(" rg-headline", "").replace(
            "link.microsite", "link.recording"
        ),
        "webinar.yml": WEBINAR,
        "social/posts.yml": POSTS,
        "blocks/piece.yml": BLOCK,
        "ads/search.yml": SEARCH,
        "ads/feed.yml": FEED,
        "calls/call.yml": CALL,
        "guides/guide.md": GUIDE,
        "events/evening.yml": EVENT,
        "trial.yml": TRIAL,
        "briefing.md": BRIEFING,
    }
    return some_files(files | (changes or {}))


def every_kind_but(path: str, old: str, new: str) -> dict[str, bytes]:
    """The same with `old`, which has to stand in the file, replaced once by `new`."""
    source = every_kind()[path].decode()
    assert old in source, f"{old!r} does not stand in {path}"
    return every_kind({path: source.replace(old, new, 1)})

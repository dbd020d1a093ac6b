"""A small, complete kit for tests, and the starter kit."""

import io
from pathlib import Path

from PIL import Image

from campaigns import kit

STARTER = Path(__file__).parents[2] / "templates/kits/ransomware-before-monday"

MANIFEST = """\
kit: 1
name: Sleep well
promise: Owners ask you for a checklist.
languages: [en]
sale: transactional
offer: standalone
engagement: funded
for: both
sizes: [1-100]
funding: {share: 50, cap: 400, currency: CHF, valid_days: 90}
sequence:
  - key: page
    kind: microsite
    name: Page
    file: microsite/page.yml
  - key: invite
    kind: email
    name: Invitation
    day: 0
    at: "09:30"
    file: emails/01-invite.mjml
    subject: Seven checks for {{ contact.company }}
    preview: One page.
  - key: reminder
    kind: email
    name: Reminder
    day: 4
    condition: not_clicked:invite
    file: emails/02-reminder.mjml
    subject: One question
    preview: One answer.
merge_fields:
  contact.company: {label: Company, fallback: your firm}
regions:
  headline: {content: headline, label: Headline}
  figure: {content: claim, label: Figure, reason: It is quoted.}
  lead: {label: Two lines}
consents:
  - {key: information, version: 1, purpose: information, party: partner, text: We answer you.}
  - {key: sharing, version: 1, purpose: sharing, party: vendor, text: "{{ vendor.name }} may have it."}
"""

MAIL = """\
<mjml lang="en">
  <mj-head>
    <mj-style>a { color: {{ partner.colours.link }}; }</mj-style>
  </mj-head>
  <mj-body>
    <mj-section css-class="platform-lockup"></mj-section>
    <mj-section>
      <mj-column>
        <mj-text css-class="t rg-headline"><h1>Sleep well</h1></mj-text>
        <mj-text css-class="rg-figure"><p>81 in 100 come at night.</p></mj-text>
        <mj-button href="{{ link.microsite }}">Get it</mj-button>
      </mj-column>
    </mj-section>
    <mj-section css-class="platform-footer"></mj-section>
  </mj-body>
</mjml>
"""

PAGE = """\
title: Sleep well
description: A checklist.
hero:
  headline: Sleep well
  text: {text: Seven checks on one page., region: lead}
  button: Send me the checklist
  picture: {file: assets/hero.png, alt: A quiet desk}
sections:
  - heading: What is on it
    file: microsite/checks.md
form:
  heading: Where to?
  button: Send me the checklist
  information: information
  consents: [sharing]
  fields:
    - {name: email, label: E-mail}
    - {name: employees, label: People, options: [1-9, 10-100], required: no}
thanks:
  headline: Here it is
  text: A copy is on its way.
  next: We call you.
confirmation:
  subject: Your checklist
  text: |
    Hello,
    here it is: {{ link.microsite }}
"""


def a_picture(kind: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (8, 6), "#1d3f72").save(buffer, kind)
    return buffer.getvalue()


def some_files(changes: dict[str, str | bytes | None]) -> dict[str, bytes]:
    files: dict[str, str | bytes | None] = {
        "kit.yml": MANIFEST,
        "emails/01-invite.mjml": MAIL,
        "emails/02-reminder.mjml": MAIL,
        "microsite/page.yml": PAGE,
        "microsite/checks.md": "1. **Second step.** Does it need more than a password?\n",
        "assets/hero.png": a_picture(),
    }
    files.update(changes)
    return {
        path: content.encode() if isinstance(content, str) else content
        for path, content in files.items()
        if content is not None
    }


def with_change(path: str, old: str, new: str) -> dict[str, bytes]:
    """The small kit with `old`, which has to stand in the file, replaced once by `new`."""
    source = some_files({})[path].decode()
    assert old in source, f"{old!r} does not stand in {path}"
    return some_files({path: source.replace(old, new, 1)})


def found(files: dict[str, bytes]) -> list[str]:
    return [str(problem) for problem in kit.check(files)]

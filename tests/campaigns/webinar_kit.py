"""The small kit with a webinar: an invitation, a mail a week before it and one the day after, all for everybody."""

from tests.campaigns.kit_files import MAIL, MANIFEST, some_files
from tests.campaigns.kit_materials import WEBINAR

TOUCHES = """\
  - {key: talk, kind: webinar, name: Webinar, file: webinar.yml}
  - key: week
    kind: email
    name: A week before
    day: -7
    from: talk
    at: "10:00"
    file: emails/03-week.mjml
    subject: "{{ webinar.title }}: {{ webinar.date }}"
    preview: A seat is free.
  - key: after
    kind: email
    name: The day after
    day: 1
    from: talk
    file: emails/04-after.mjml
    subject: The recording
    preview: Forty minutes.
"""


def webinar_files(changes: dict[str, str | bytes | None] | None = None) -> dict[str, bytes]:
    """The kit's files, and what is to be different."""
    plain = MAIL.replace(" rg-headline", "")
    manifest = MANIFEST.replace("merge_fields:", TOUCHES + "merge_fields:").replace(
        "consents:", "  speaker: {label: Speaker of yours}\nconsents:"
    )
    files: dict[str, str | bytes | None] = {
        "kit.yml": manifest + "lead_visibility: named_by_notice\n",  # it is joint
        "emails/03-week.mjml": plain.replace("link.microsite", "link.webinar"),
        "emails/04-after.mjml": plain.replace("link.microsite", "link.recording"),
        "webinar.yml": WEBINAR.replace("seats: 100", "seats: 3"),
    }
    return some_files(files | (changes or {}))

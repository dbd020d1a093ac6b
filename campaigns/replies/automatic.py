"""Did a person write this? After RFC 3834, and after what mail programs do instead of it."""

import re
from email.message import EmailMessage

from campaigns.replies.model import Kind

_HEADERS = (
    "x-autoreply",
    "x-autorespond",
    "x-autoresponse",
    "x-mail-autoreply",
    "x-vacation",
    "x-ms-exchange-inbox-rules-loop",
)
_PRECEDENCE = frozenset({"bulk", "junk", "list", "auto_reply", "auto-reply"})
_SUBJECTS = re.compile(
    r"""^\s*(?:
      automatic[ ]reply | auto(?:mated)?[ -]?(?:reply|response) | out[ ]of[ ](?:the[ ])?office | autoreply |
      automatische[ ]antwort | abwesenheit(?:snotiz|smeldung)? | abwesend |
      r.ponse[ ]automatique | absence[ ]du[ ]bureau |
      risposta[ ]automatica | fuori[ ]sede |
      respuesta[ ]autom.tica | fuera[ ]de[ ]la[ ]oficina |
      automatisch[ ]antwoord | afwezig(?:heid)? |
      自動返信 | 自動応答 | 不在
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_MACHINES = re.compile(
    r"^(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?)(?:[+=-].*)?@", re.IGNORECASE
)


def kind_of(mail: EmailMessage, *, sender: str, subject: str, envelope_sender: str | None) -> Kind:
    """`envelope_sender` is "" for the null sender of reports, None where it is not known."""
    content = _word(mail, "content-type").partition(";")[0].strip()
    if content == "multipart/report" or sender.startswith("mailer-daemon@"):
        return Kind.REPORT
    submitted = _word(mail, "auto-submitted").partition(";")[0].strip()
    if submitted and submitted != "no":
        return Kind.AUTOMATIC
    if any(mail.get_all(name) for name in _HEADERS) or _word(mail, "precedence") in _PRECEDENCE:
        return Kind.AUTOMATIC
    if envelope_sender == "" or _word(mail, "return-path") == "<>" or _MACHINES.match(sender):
        return Kind.AUTOMATIC
    return Kind.AUTOMATIC if _SUBJECTS.match(subject) else Kind.PERSON


def _word(mail: EmailMessage, name: str) -> str:
    return str(mail.get(name, "")).strip().lower()

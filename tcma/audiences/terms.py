"""The operator's terms for processing a partner's contacts: accepted per version, before any contact."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from tcma import clock
from tcma.audit import trail
from tcma.errors import Invalid, Refused, phrase
from tcma.organisations.models import TermsAcceptance
from tcma.viewer import OrganisationKind, Role, Viewer

KIND = "processing"
CURRENT = "2026-11"

# A text that was shown is never changed: a new wording is a new version.
TEXTS = {
    "2026-11": """\
Processing of your contacts, version 2026-11

1. You decide. The people on your lists are your contacts. You are the controller: you choose whom \
to write to, why you may, and when. The operator of this installation processes their data on your \
instructions only.
2. What for. To keep your lists, send the campaigns you launch, count what became of them, and bring \
you the answers. For nothing else: no selling, no sharing, no enriching, no training of models.
3. Who sees what. People of your organisation see your contacts. A vendor whose kit you use sees \
counts of five people or more, and the people who answer a form and were told so. Other partners see \
nothing.
4. Keeping safe. Every organisation's data is kept apart by the database itself, copied and carried \
encrypted where the operator has set that up, and touched by the operator's staff only where running \
the installation needs it.
5. Leaving out. A person who unsubscribes is never written to again from this installation in your \
name. Only a coded form of the address is kept for that, also after the person is deleted.
6. Your part. You only upload people you may write to, and say on which legal basis. You answer \
people who ask about their data; the operator helps you within five working days.
7. Others. The operator names the firms that host and send for it on request, and tells you 30 days \
before one changes.
8. Mishaps. The operator tells you of a breach of your contacts' data within 48 hours of learning of \
it.
9. The end. When you leave, you get your contacts as a file; they are then deleted here within 30 \
days, except the coded addresses of number 5.
""",
}

# The same wording for those who read German; a version is published in all of its languages at once.
IN_GERMAN = {
    "2026-11": """\
Verarbeitung Ihrer Kontakte, Version 2026-11

1. Sie entscheiden. Die Personen auf Ihren Listen sind Ihre Kontakte. Sie sind verantwortlich: Sie \
bestimmen, wem Sie schreiben, warum Sie das dürfen und wann. Der Betreiber dieser Installation \
verarbeitet die Daten nur nach Ihren Weisungen.
2. Wozu. Um Ihre Listen zu führen, die Kampagnen zu versenden, die Sie starten, zu zählen, was daraus \
wurde, und Ihnen die Antworten zu bringen. Zu nichts anderem: kein Verkauf, keine Weitergabe, keine \
Anreicherung, kein Training von Modellen.
3. Wer was sieht. Die Personen Ihrer Organisation sehen Ihre Kontakte. Ein Hersteller, dessen Kit Sie \
verwenden, sieht Zahlen ab fünf Personen und die Personen, die ein Formular ausfüllen und darauf \
hingewiesen wurden. Andere Partner sehen nichts.
4. Sicherheit. Die Daten jeder Organisation trennt die Datenbank selbst; kopiert und übertragen werden \
sie verschlüsselt, wo der Betreiber das eingerichtet hat, und Mitarbeitende des Betreibers greifen nur \
auf sie zu, wo der Betrieb der Installation es braucht.
5. Auslassen. Wer sich abmeldet, bekommt von dieser Installation nie wieder Post in Ihrem Namen. Dafür \
wird nur eine verschlüsselte Form der Adresse behalten, auch nachdem die Person gelöscht ist.
6. Ihr Teil. Sie laden nur Personen hoch, denen Sie schreiben dürfen, und geben die Rechtsgrundlage an. \
Sie antworten Personen, die nach ihren Daten fragen; der Betreiber hilft Ihnen innerhalb von fünf \
Arbeitstagen.
7. Andere. Der Betreiber nennt auf Anfrage die Firmen, die für ihn Daten halten und versenden, und sagt \
Ihnen 30 Tage vorher, wenn eine davon wechselt.
8. Pannen. Der Betreiber meldet Ihnen eine Verletzung der Daten Ihrer Kontakte innerhalb von 48 Stunden, \
nachdem er davon erfahren hat.
9. Das Ende. Wenn Sie gehen, bekommen Sie Ihre Kontakte als Datei; danach werden sie hier innerhalb von \
30 Tagen gelöscht, mit Ausnahme der verschlüsselten Adressen aus Nummer 5.
""",
}


def text_in(version: str, language: str) -> str:
    """The wording of a version for a reader of this language; English where there is no other."""
    return (IN_GERMAN if language == "de" else TEXTS)[version]


def accept_processing_terms(
    session: Session, viewer: Viewer, version: str, language: str = "en"
) -> TermsAcceptance:
    """The partner accepts the terms as they read in `version`, kept in the language they were read in; a second
    time changes nothing.

    Raises Invalid when `version` is not the current one, Refused for people who may not sign.
    """
    viewer.require(OrganisationKind.PARTNER, Role.MARKETER)
    if viewer.user_id is None:
        raise Refused("Terms are accepted by a person who is signed in.")
    if version != CURRENT:
        raise Invalid(
            phrase(
                "The processing terms are now version %(current)s, not %(version)s. Read and accept that one.",
                current=CURRENT,
                version=version[:20],
            ),
            {"version": phrase("The current version is %(current)s.", current=CURRENT)},
        )
    found = accepted(session, viewer.organisation_id)
    if found:
        return found
    made = TermsAcceptance(
        organisation_id=viewer.organisation_id,
        kind=KIND,
        version=version,
        text=text_in(version, language),
        accepted_by_id=viewer.user_id,
        accepted_at=clock.now(session),
    )
    session.add(made)
    trail.record(session, viewer, "processing_terms.accepted", made, {"version": version})
    return made


def accepted(session: Session, organisation_id: int) -> TermsAcceptance | None:
    """The acceptance of the current terms, if there is one."""
    return session.scalar(
        select(TermsAcceptance).where(
            TermsAcceptance.organisation_id == organisation_id,
            TermsAcceptance.kind == KIND,
            TermsAcceptance.version == CURRENT,
        )
    )


def require_accepted(session: Session, viewer: Viewer) -> None:
    """Refused until the current terms are accepted: no contact comes in before."""
    if accepted(session, viewer.organisation_id) is None:
        raise Refused(
            phrase(
                "%(organisation)s has not accepted the processing terms (%(current)s) yet."
                " Read and accept them once; then contacts can be added.",
                organisation=viewer.organisation_name,
                current=CURRENT,
            )
        )

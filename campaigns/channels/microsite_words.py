"""What the platform itself says on a prospect's page: one table for each language, English where one is
missing.

The kit's own words come from the kit. Placeholders are filled by `Words.__call__`; templates escape the
result.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

DEFAULT_LOCALE: Final = "en"

ENGLISH: Final[Mapping[str, str]] = MappingProxyType(
    {
        "skip": "Skip to the content",
        "call": "Call",
        "optional": "(optional)",
        "choose": "Please choose",
        "leave_empty": "Please leave this field empty",
        "problem": "Problem",
        "problem_heading": "There is a problem",
        "error": "Problem:",
        "privacy_of": "Privacy of {name}",
        "source": "Source:",
        "imprint": "Imprint",
        "privacy": "Privacy",
        "footer_who": "An offer of {partner}, made together with {vendor}.",
        "footer_clean": "This page sets no cookies and loads nothing from other companies.",
        "preview": "This is a preview. Answers are not kept.",
        "error_email_missing": "Enter your work e-mail address, so that we can answer.",
        "error_email_wrong": "This e-mail address is not complete. Write it like name@company.example.",
        "error_name_missing": "Enter your name.",
        "error_company_missing": "Enter the name of your company.",
        "error_employees_missing": "Tell us how many people work at your company.",
        "error_employees_number": "Write the number of people in figures, for example 45.",
        "error_employees_choice": "Pick one of the sizes in the list.",
        "error_phone_missing": "Enter your phone number.",
        "error_phone_wrong": "This phone number does not look complete. Write it with the area code, "
        "for example +41 44 555 01 23.",
        "error_message_missing": "Write a short message.",
        "error_too_long": "This is too long. Use at most {limit} characters.",
        "error_form_expired": "This page was open for long. Your answers are still here: send them again.",
        "error_try_again": "That did not work on our side. Your answers are still here: send them again.",
        "thanks_title": "Thank you",
        "thanks_confirm_heading": "One more step: look in your mail",
        "thanks_confirm": "We have sent you a mail with one button to confirm what you ticked. "
        "Until you press it, it does not count.",
        "thanks_file": "Download",
        "unsubscribe_title": "Stop mail from {partner}",
        "unsubscribe_headline": "Stop all mail from {partner}?",
        "unsubscribe_text": "{address} will get no more mail from {partner}.",
        "unsubscribe_button": "Stop all mail",
        "unsubscribe_note": "Nothing has changed yet. Press the button to stop.",
        "unsubscribed_title": "You get no more mail from {partner}",
        "unsubscribed_headline": "Done. It takes effect now.",
        "unsubscribed_text": "{address} will get no more mail from {partner}.",
        "unsubscribed_note": "A mail that is on its way at this moment may still arrive.",
        "confirm_title": "Please confirm what you ticked",
        "confirm_headline": "Please confirm what you ticked",
        "confirm_text": "With the button you agree to this:",
        "confirm_news": "Yes, send me news",
        "confirm_agree": "Yes, I agree",
        "confirm_note": "If this was not you, close this page. Nothing has changed yet.",
        "confirmed_title": "Confirmed",
        "confirmed_headline": "Thank you. It counts from now on.",
        "confirmed_text": "Every mail has a link that stops it with one click.",
        "ended_title": "This offer has ended",
        "ended_headline": "This offer has ended",
        "ended_text": "{partner} is still happy to help you.",
        "paused_title": "This offer takes a short break",
        "paused_headline": "This offer takes a short break",
        "paused_text": "It is not open for answers at the moment. {partner} is happy to help you directly.",
        "recalled_title": "This offer is no longer available",
        "recalled_headline": "This offer is no longer available",
        "recalled_text": "{partner} is still happy to help you.",
        "not_found_title": "There is no page here",
        "not_found_headline": "There is no page here",
        "not_found_text": "The address may have been cut off or mistyped. "
        "Open the link in your mail again, or answer that mail.",
        "bad_link_title": "This link does not work",
        "bad_link_headline": "This link does not work",
        "bad_link_text": "It is not complete or has been changed. Nothing has happened. "
        "Open the link in your mail again, or answer that mail.",
        "test_mail_title": "This link is from a test mail",
        "test_mail_headline": "This link is from a test mail",
        "test_mail_text": "In the real mail it does its work. Here nothing has happened.",
        "front_title": "Campaigns of partners and their vendors",
        "front_headline": "Nothing to see here, and that is right",
        "front_text": "This address serves the campaign pages of partners and their vendors. Did a mail bring "
        "you here? Open the link in the mail once more, or write to the company that sent it.",
        "trouble_title": "That did not work",
        "trouble_headline": "That did not work on our side",
        "trouble_text": "Nothing was sent and nothing is lost. Please try again in a few minutes.",
        "too_many_title": "Please wait a moment",
        "too_many_headline": "Please wait a moment",
        "too_many_text": "Many answers came from your network. Try again in a few minutes, or call.",
    }
)

GERMAN: Final[Mapping[str, str]] = MappingProxyType(
    {
        "skip": "Zum Inhalt springen",
        "call": "Anrufen",
        "optional": "(freiwillig)",
        "choose": "Bitte wählen",
        "leave_empty": "Bitte lassen Sie dieses Feld leer",
        "problem": "Fehler",
        "problem_heading": "Da stimmt etwas nicht",
        "error": "Fehler:",
        "privacy_of": "Datenschutz bei {name}",
        "source": "Quelle:",
        "imprint": "Impressum",
        "privacy": "Datenschutz",
        "footer_who": "Ein Angebot von {partner}, gemeinsam mit {vendor}.",
        "footer_clean": "Diese Seite setzt keine Cookies und lädt nichts von anderen Firmen.",
        "preview": "Dies ist eine Vorschau. Angaben werden nicht gespeichert.",
        "error_email_missing": "Geben Sie Ihre geschäftliche E-Mail-Adresse an, damit wir antworten können.",
        "error_email_wrong": "Diese Adresse ist nicht vollständig. Schreiben Sie sie wie name@firma.example.",
        "error_name_missing": "Geben Sie Ihren Namen an.",
        "error_company_missing": "Geben Sie den Namen Ihrer Firma an.",
        "error_employees_missing": "Sagen Sie uns, wie viele Menschen in Ihrer Firma arbeiten.",
        "error_employees_number": "Schreiben Sie die Zahl der Mitarbeitenden in Ziffern, zum Beispiel 45.",
        "error_employees_choice": "Wählen Sie eine Angabe aus der Liste.",
        "error_phone_missing": "Geben Sie Ihre Telefonnummer an.",
        "error_phone_wrong": "Diese Telefonnummer wirkt unvollständig. Schreiben Sie sie mit Vorwahl, "
        "zum Beispiel +41 44 555 01 23.",
        "error_message_missing": "Schreiben Sie eine kurze Nachricht.",
        "error_too_long": "Das ist zu lang. Höchstens {limit} Zeichen sind möglich.",
        "error_form_expired": "Die Seite war lange offen. Ihre Angaben sind noch da: Bitte nochmals senden.",
        "error_try_again": "Das hat bei uns nicht geklappt. Ihre Angaben sind da: Bitte nochmals senden.",
        "thanks_title": "Vielen Dank",
        "thanks_confirm_heading": "Noch ein Schritt: Schauen Sie in Ihr Postfach",
        "thanks_confirm": "Wir haben Ihnen eine E-Mail geschickt, mit einem Knopf für das, was Sie angekreuzt "
        "haben. Es gilt erst, wenn Sie ihn drücken.",
        "thanks_file": "Herunterladen",
        "unsubscribe_title": "E-Mails von {partner} abbestellen",
        "unsubscribe_headline": "Alle E-Mails von {partner} abbestellen?",
        "unsubscribe_text": "{address} bekommt dann keine E-Mails mehr von {partner}.",
        "unsubscribe_button": "Alle E-Mails abbestellen",
        "unsubscribe_note": "Noch ist nichts geändert. Erst der Knopf bestellt ab.",
        "unsubscribed_title": "Sie bekommen keine E-Mails mehr von {partner}",
        "unsubscribed_headline": "Erledigt. Es gilt ab sofort.",
        "unsubscribed_text": "{address} bekommt keine E-Mails mehr von {partner}.",
        "unsubscribed_note": "Eine E-Mail, die gerade unterwegs ist, kann noch ankommen.",
        "confirm_title": "Bitte bestätigen Sie, was Sie angekreuzt haben",
        "confirm_headline": "Bitte bestätigen Sie, was Sie angekreuzt haben",
        "confirm_text": "Mit dem Knopf stimmen Sie dem zu:",
        "confirm_news": "Ja, schicken Sie mir Neuigkeiten",
        "confirm_agree": "Ja, ich bin einverstanden",
        "confirm_note": "Wenn Sie das nicht waren, machen Sie die Seite einfach zu. Noch ist nichts geändert.",
        "confirmed_title": "Bestätigt",
        "confirmed_headline": "Vielen Dank. Es gilt ab sofort.",
        "confirmed_text": "Jede E-Mail enthält einen Link, der sie mit einem Klick abbestellt.",
        "ended_title": "Dieses Angebot ist beendet",
        "ended_headline": "Dieses Angebot ist beendet",
        "ended_text": "{partner} hilft Ihnen weiterhin gern.",
        "paused_title": "Dieses Angebot macht eine kurze Pause",
        "paused_headline": "Dieses Angebot macht eine kurze Pause",
        "paused_text": "Zurzeit nimmt es keine Antworten an. {partner} hilft Ihnen gern direkt.",
        "recalled_title": "Dieses Angebot gibt es nicht mehr",
        "recalled_headline": "Dieses Angebot gibt es nicht mehr",
        "recalled_text": "{partner} hilft Ihnen weiterhin gern.",
        "not_found_title": "Hier ist keine Seite",
        "not_found_headline": "Hier ist keine Seite",
        "not_found_text": "Vielleicht wurde die Adresse abgeschnitten oder vertippt. "
        "Öffnen Sie den Link in Ihrer E-Mail noch einmal oder antworten Sie darauf.",
        "bad_link_title": "Dieser Link funktioniert nicht",
        "bad_link_headline": "Dieser Link funktioniert nicht",
        "bad_link_text": "Er ist nicht vollständig oder wurde verändert. Es ist nichts passiert. "
        "Öffnen Sie den Link in Ihrer E-Mail noch einmal oder antworten Sie darauf.",
        "test_mail_title": "Dieser Link stammt aus einer Test-Mail",
        "test_mail_headline": "Dieser Link stammt aus einer Test-Mail",
        "test_mail_text": "In der echten E-Mail tut er seine Arbeit. Hier ist nichts passiert.",
        "front_title": "Kampagnen von Partnern und ihren Herstellern",
        "front_headline": "Hier gibt es nichts zu sehen, und das ist richtig so",
        "front_text": "Unter dieser Adresse liegen die Kampagnenseiten von Partnern und ihren Herstellern. Kam "
        "Ihnen eine E-Mail ins Haus? Öffnen Sie den Link darin noch einmal, oder schreiben Sie der Firma, von "
        "der sie kam.",
        "trouble_title": "Das hat nicht geklappt",
        "trouble_headline": "Das hat bei uns nicht geklappt",
        "trouble_text": "Es wurde nichts gesendet, und nichts ist verloren. "
        "Bitte versuchen Sie es in ein paar Minuten noch einmal.",
        "too_many_title": "Bitte warten Sie einen Moment",
        "too_many_headline": "Bitte warten Sie einen Moment",
        "too_many_text": "Aus Ihrem Netz kamen in kurzer Zeit viele Antworten. "
        "Versuchen Sie es in ein paar Minuten noch einmal, oder rufen Sie an.",
    }
)

TABLES: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType({"en": ENGLISH, "de": GERMAN})


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one locale; called with a key and the values of its placeholders."""

    locale: str
    table: Mapping[str, str]

    def __call__(self, key: str, **values: str) -> str:
        return self.table[key].format_map(values)


def words(locale: str) -> Words:
    """The words for a locale such as "de" or "de-CH": its language's table, else the English one."""
    language = locale.replace("_", "-").split("-", 1)[0].lower()
    found = language if language in TABLES else DEFAULT_LOCALE
    return Words(locale=found, table=TABLES[found])

"""What the platform itself says on a prospect's page: English here, other languages in the catalogues of
`campaigns.language`, English where a translation is missing.

The kit's own words come from the kit. Placeholders are filled by `Words.__call__`; templates escape the
result.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final

from campaigns.language import N_, NP_, Message, language_of, translated

ENGLISH: Final[Mapping[str, Message]] = MappingProxyType(
    {
        "skip": N_("Skip to the content"),
        "call": N_("Call"),
        "optional": N_("(optional)"),
        "choose": N_("Please choose"),
        "leave_empty": N_("Please leave this field empty"),
        "problem": N_("Problem"),
        "problem_heading": N_("There is a problem"),
        "error": N_("Problem:"),
        "privacy_of": N_("Privacy of {name}"),
        "source": N_("Source:"),
        "imprint": N_("Imprint"),
        "privacy": N_("Privacy"),
        "footer_who": N_("An offer of {partner}, made together with {vendor}."),
        "footer_clean": N_("This page sets no cookies and loads nothing from other companies."),
        "preview": N_("This is a preview. Answers are not kept."),
        "error_email_missing": N_("Enter your work e-mail address, so that we can answer."),
        "error_email_wrong": N_("This e-mail address is not complete. Write it like name@company.example."),
        "error_name_missing": N_("Enter your name."),
        "error_company_missing": N_("Enter the name of your company."),
        "error_employees_missing": N_("Tell us how many people work at your company."),
        "error_employees_number": N_("Write the number of people in figures, for example 45."),
        "error_employees_choice": N_("Pick one of the sizes in the list."),
        "error_phone_missing": N_("Enter your phone number."),
        "error_phone_wrong": N_(
            "This phone number does not look complete. Write it with the area code, "
            "for example +41 44 555 01 23."
        ),
        "error_message_missing": N_("Write a short message."),
        "error_too_long": N_("This is too long. Use at most {limit} characters."),
        "error_form_expired": N_(
            "This page was open for long. Your answers are still here: send them again."
        ),
        "error_try_again": N_("That did not work on our side. Your answers are still here: send them again."),
        "thanks_title": N_("Thank you"),
        "thanks_confirm_heading": N_("One more step: look in your mail"),
        "thanks_confirm": N_(
            "We have sent you a mail with one button to confirm what you ticked. "
            "Until you press it, it does not count."
        ),
        "thanks_file": N_("Download"),
        "unsubscribe_title": N_("Stop mail from {partner}"),
        "unsubscribe_headline": N_("Stop all mail from {partner}?"),
        "unsubscribe_text": NP_(
            "before the button is pressed", "{address} will get no more mail from {partner}."
        ),
        "unsubscribe_button": N_("Stop all mail"),
        "unsubscribe_note": N_("Nothing has changed yet. Press the button to stop."),
        "unsubscribed_title": N_("You get no more mail from {partner}"),
        "unsubscribed_headline": N_("Done. It takes effect now."),
        "unsubscribed_text": NP_("after it was pressed", "{address} will get no more mail from {partner}."),
        "unsubscribed_note": N_("A mail that is on its way at this moment may still arrive."),
        "choice_headline": N_("Or choose what you get"),
        "choice_shown": N_("What you get"),
        "choice_everything": N_("All mails"),
        "choice_fewer": N_("Fewer: at most one mail in {days} days"),
        "choice_invitations": N_("Only invitations to webinars and events"),
        "choice_pause": N_("A pause: nothing for {days} days"),
        "choice_paused": N_("A pause: nothing until {day}"),
        "choice_button": N_("Save my choice"),
        "choice_note": N_("What you ask for yourself, such as a confirmation, still comes."),
        "choice_saved": N_("Saved. It takes effect now."),
        "choice_left": N_("{address} gets no mail from {partner} any more, so there is nothing to choose."),
        "confirm_title": N_("Please confirm what you ticked"),
        "confirm_headline": N_("Please confirm what you ticked"),
        "confirm_text": N_("With the button you agree to this:"),
        "confirm_news": N_("Yes, send me news"),
        "confirm_agree": N_("Yes, I agree"),
        "confirm_note": N_("If this was not you, close this page. Nothing has changed yet."),
        "confirmed_title": N_("Confirmed"),
        "confirmed_headline": N_("Thank you. It counts from now on."),
        "confirmed_text": N_("Every mail has a link that stops it with one click."),
        "ended_title": N_("This offer has ended"),
        "ended_headline": N_("This offer has ended"),
        "ended_text": N_("{partner} is still happy to help you."),
        "paused_title": N_("This offer takes a short break"),
        "paused_headline": N_("This offer takes a short break"),
        "paused_text": N_(
            "It is not open for answers at the moment. {partner} is happy to help you directly."
        ),
        "recalled_title": N_("This offer is no longer available"),
        "recalled_headline": N_("This offer is no longer available"),
        "recalled_text": N_("{partner} is still happy to help you."),
        "not_found_title": N_("There is no page here"),
        "not_found_headline": N_("There is no page here"),
        "not_found_text": N_(
            "The address may have been cut off or mistyped. "
            "Open the link in your mail again, or answer that mail."
        ),
        "bad_link_title": N_("This link does not work"),
        "bad_link_headline": N_("This link does not work"),
        "bad_link_text": N_(
            "It is not complete or has been changed. Nothing has happened. "
            "Open the link in your mail again, or answer that mail."
        ),
        "test_mail_title": N_("This link is from a test mail"),
        "test_mail_headline": N_("This link is from a test mail"),
        "test_mail_text": N_("In the real mail it does its work. Here nothing has happened."),
        "webinar_when": N_("When"),
        "webinar_there": N_("{time} at {organiser} ({zone})"),
        "webinar_minutes": N_("{minutes} minutes"),
        "webinar_by": N_("Organised by {organisers}"),
        "webinar_joint": N_("Both receive the list of participants."),
        "webinar_speakers": N_("Who speaks"),
        "webinar_zone": N_("Your time zone"),
        "webinar_reminders": N_("Remind me by e-mail a day and an hour before"),
        "webinar_full": N_("All seats are taken. We gladly send you the recording."),
        "webinar_over": N_(
            "This webinar has taken place. If you ask for the recording here, it comes as soon as it is ready."
        ),
        "webinar_ask_recording": N_("Send me the recording"),
        "webinar_watch": N_("Watch the recording"),
        "webinar_calendar": N_("Add to calendar"),
        "webinar_cancel": N_("Cancel my seat"),
        "webinar_page": N_("To the page of the webinar"),
        "webinar_use_mail": N_("Please use the link in the mail that is on its way: it is for you alone."),
        "webinar_cancelled_title": N_("This webinar does not take place"),
        "webinar_cancelled_headline": N_("This webinar does not take place"),
        "webinar_cancelled_text": N_("We are sorry. {partner} is happy to answer your questions directly."),
        "seat_title": N_("Your seat"),
        "seat_early": N_("The room opens at {time}. Come back then: the button appears here."),
        "seat_open": N_("The room is open."),
        "seat_join": N_("Join now"),
        "seat_over": N_("The webinar is over. The recording will be at this address."),
        "seat_given_back_title": N_("Your seat is free again"),
        "seat_given_back": N_("Thank you for telling us. Somebody else can have it now."),
        "seat_recording_title": N_("You get the recording"),
        "seat_again": N_("Take a seat after all"),
        "seat_recording": N_("I cannot come, send me the recording"),
        "front_title": N_("Campaigns of partners and their vendors"),
        "front_headline": N_("Nothing to see here, and that is right"),
        "front_text": N_(
            "This address serves the campaign pages of partners and their vendors. Did a mail bring "
            "you here? Open the link in the mail once more, or write to the company that sent it."
        ),
        "trouble_title": N_("That did not work"),
        "trouble_headline": N_("That did not work on our side"),
        "trouble_text": N_("Nothing was sent and nothing is lost. Please try again in a few minutes."),
        "too_many_title": N_("Please wait a moment"),
        "too_many_headline": N_("Please wait a moment"),
        "too_many_text": N_("Many answers came from your network. Try again in a few minutes, or call."),
    }
)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one locale; called with a key and the values of its placeholders."""

    locale: str
    table: Mapping[str, str]

    def __call__(self, key: str, **values: str) -> str:
        return self.table[key].format_map(values)


def words(locale: str) -> Words:
    """The words for a locale such as "de" or "de-CH": in its language where we speak it, else in English."""
    return _spoken(language_of(locale))


@cache
def _spoken(language: str) -> Words:
    table = {key: translated(message, language) for key, message in ENGLISH.items()}
    return Words(locale=language, table=MappingProxyType(table))


GERMAN: Final = words("de").table

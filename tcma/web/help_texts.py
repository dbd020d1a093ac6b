"""The three likeliest questions of each page, and the keys."""

from tcma.language import gettext as _
from tcma.language import mark

Question = tuple[str, str]

_ALWAYS: tuple[Question, ...] = (
    (
        mark("Who sees my contacts?"),
        mark(
            "Only people of your own firm. A vendor sees counts of five or more, and the people who fill in a "
            "form, in the way the kit says before you launch."
        ),
    ),
    (
        mark("Can something be sent by mistake?"),
        mark(
            "Nothing is sent before you press Launch and then Yes, launch. Until the time that is shown you can "
            "change or cancel it; while it is being sent you can pause it."
        ),
    ),
    (
        mark("How do I take something back?"),
        mark(
            "Most deeds show Undo for ten seconds. Later, open the thing itself: its page lists what can still be "
            "changed."
        ),
    ),
)

_PAGES: dict[str, tuple[Question, ...]] = {
    "home": (
        (
            mark("Why is this task on top?"),
            mark(
                "Tasks are ordered by what you would lose by waiting: leads that run out of time, then stopped "
                "campaigns, then money that expires."
            ),
        ),
        (
            mark("Can I put a task off?"),
            mark(
                "Yes, until tomorrow or next week. It comes back by itself; a task disappears for good when it is "
                "done."
            ),
        ),
        _ALWAYS[0],
    ),
    "kits": (
        (
            mark("What is a kit?"),
            mark(
                "A finished campaign of a vendor: mails, a page with a form, posts. It opens in your logo and "
                "colours; you add the people and the time."
            ),
        ),
        (
            mark("What may I change?"),
            mark(
                "Every text and picture that is not locked. A locked part shows who locked it and why: usually a "
                "price, a claim or a legal text."
            ),
        ),
        (
            mark("Why do I see only these kits?"),
            mark("Vendors open kits by tier, region and skill. Ask your contact at the vendor for others."),
        ),
    ),
    "campaigns": (
        _ALWAYS[1],
        (
            mark("What does Stopped by a problem mean?"),
            mark(
                "The product stopped by itself to protect your name: too many addresses did not exist, or somebody "
                "complained. The page says which and how to go on. Nobody gets a mail twice."
            ),
        ),
        (
            mark("Do the figures add up?"),
            mark(
                "Always: waiting, sent, skipped, failed and unknown together are the people of the mail, frozen when "
                "you launched."
            ),
        ),
    ),
    "leads": (
        (
            mark("Whose lead is it?"),
            mark(
                "Yours, if it came from your campaign, and it stays yours. A lead a vendor gave you can go back when "
                "its clock runs out; the page says until when."
            ),
        ),
        (
            mark("What does the clock count?"),
            mark(
                "Your working hours, without your holidays. Accept and the first call stop it; a note keeps the lead "
                "fresh."
            ),
        ),
        (
            mark("What does the vendor see?"),
            mark(
                "What the kit said before you launched: figures only, or the people who agreed. Your own notes and "
                "the value of the whole deal are never shown."
            ),
        ),
    ),
    "audiences": (
        (
            mark("Which file can I upload?"),
            mark(
                "A CSV or Excel file with one person per row. Only a column with e-mail addresses is needed; the "
                "others are recognised."
            ),
        ),
        _ALWAYS[0],
        (
            mark("What happens to people who unsubscribed?"),
            mark(
                "They are left out of every campaign, also when a later file holds them. You can also upload the "
                "list of your earlier tool."
            ),
        ),
    ),
    "funding": (
        (
            mark("What is a funding certificate?"),
            mark(
                "A promise of a vendor to pay a share of your campaigns up to an amount and until a day. You choose "
                "the campaign."
            ),
        ),
        (
            mark("When do I get the money?"),
            mark(
                "Sending through this product is settled by itself: you pay your part only. For other costs you pay "
                "the supplier and hand in the invoice."
            ),
        ),
        (
            mark("What happens when it expires?"),
            mark(
                "What is reserved for a launched campaign stays usable. The rest returns to the vendor's fund."
            ),
        ),
    ),
    "calendar": (
        (
            mark("What is in the calendar?"),
            mark(
                "Mails that go out, days on which leads come back, and dates of money, from all your vendors."
            ),
        ),
        _ALWAYS[1],
        _ALWAYS[2],
    ),
}


def questions(here: str) -> list[Question]:
    """Three pairs of question and answer for the entry of the sidebar that is open."""
    return [(_(question), _(answer)) for question, answer in _PAGES.get(here, _ALWAYS)]


def about(words: str) -> list[Question]:
    """Questions of every page in which all the words stand, in the question or in its answer."""
    every = dict.fromkeys((*_ALWAYS, *(one for found in _PAGES.values() for one in found)))
    said = [(_(question), _(answer)) for question, answer in every]
    return [one for one in said if all(word in " ".join(one).lower() for word in words.lower().split())]


def keys() -> list[tuple[tuple[str, ...], str]]:
    """Keys and what they do."""
    return [
        (("Ctrl", "K"), _("Search or jump")),
        (("?",), _("Help and keys")),
        (("Esc",), _("Close what is open")),
        (("g", "h"), _("Go to Home")),
        (("g", "k"), _("Go to Kits")),
        (("g", "c"), _("Go to Campaigns")),
        (("g", "l"), _("Go to Leads")),
    ]

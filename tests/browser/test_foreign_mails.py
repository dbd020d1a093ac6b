"""Foreign mails as kits show them, beside what MJML's own compiler made of them; long: `tcma bench mails`."""

from playwright.sync_api import Browser

from tcma.bench.browser import mails

UNCHANGED = ("05-background-section", "24-spacers-and-dividers")


def test_a_foreign_mail_looks_as_mjml_itself_shows_it(browser: Browser) -> None:
    found = {mail.name: mail for mail in mails.mails() if mail.name in UNCHANGED}
    assert len(found) == len(UNCHANGED)
    for name, mail in found.items():
        theirs = (mails.REFERENCE / f"{name}.html").read_text()
        with mails.opened(browser, 375, mail.files, mails.FOLDER) as page:
            assert (
                mails.difference(mails.look(page, theirs), mails.look(page, mails.compiled(mail)))
                < mails.MOST
            ), name

from dataclasses import replace
from datetime import date

import pytest

from campaigns.compliance import check, footer_words, reason_line
from campaigns.errors import ContentError, Severity
from campaigns.people.model import Basis
from tests.campaigns.brands import a_logo, a_partner
from tests.campaigns.mails import BODY, an_artefact

ADDRESS = "Harbour IT AG, Hafenstrasse 1, 8001 Zürich"


def test_every_basis_has_its_own_line_in_both_languages() -> None:
    partner, day = a_partner(), date(2026, 3, 4)

    assert (
        reason_line(Basis.CUSTOMER, partner, "en") == f"You get this because you are a customer of {ADDRESS}."
    )
    assert (
        reason_line(Basis.AGREED, partner, "en", agreed_on=day)
        == "You get this because you asked for news on 4 March 2026."
    )
    assert "am 4. März 2026" in reason_line(Basis.AGREED, partner, "de", agreed_on=day)
    assert ADDRESS in reason_line(Basis.BUSINESS_CONTACT, partner, "de")
    lines = {reason_line(basis, partner, locale) for basis in list(Basis)[:3] for locale in ("en", "de")}
    assert len(lines) == 6


def test_where_nobody_is_sure_there_is_no_line_and_no_mail() -> None:
    with pytest.raises(ContentError, match="Choose the legal basis"):
        reason_line(Basis.NOT_SURE, a_partner(), "en")


def test_a_language_without_words_reads_english() -> None:
    assert footer_words("rm") == footer_words("en")
    assert reason_line(Basis.CUSTOMER, a_partner(), "rm").startswith("You get this")


@pytest.mark.parametrize(
    ("taken_out", "sentence"),
    [
        ("{{ token.unsubscribe }}", "no unsubscribe link"),
        ("Hafenstrasse 1", "postal address"),
        ("because you are a customer", "why the reader gets it"),
    ],
)
@pytest.mark.parametrize("part", ["html", "text"])
def test_what_the_law_asks_for_is_missed_in_either_part(taken_out: str, sentence: str, part: str) -> None:
    artefact = an_artefact()
    changed = replace(artefact, **{part: getattr(artefact, part).replace(taken_out, "")})

    assert any(sentence in problem.sentence for problem in check(changed))
    assert check(artefact) == []


def test_a_mail_without_sender_subject_or_main_link_may_not_go_out() -> None:
    artefact = an_artefact()

    assert "sender" in check(replace(artefact, sender_email=""))[0].sentence
    assert "no subject" in check(replace(artefact, subject=" "))[0].sentence
    assert "leads nowhere" in check(replace(artefact, links=()))[0].sentence


def test_a_large_mail_and_a_picture_without_words_are_notes() -> None:
    artefact = an_artefact(BODY.replace("Hello", "Hello " + "x" * 103_000))
    problems = check(replace(artefact, html=artefact.html.replace(' alt="Harbour IT"', "")))

    assert [problem.severity for problem in problems] == [Severity.NOTE, Severity.NOTE]


def test_an_address_with_signs_that_html_escapes_is_found() -> None:
    partner = replace(a_partner(logo=a_logo()), legal_name="O'Neil & <Sons> {AG}")
    about_customer = reason_line(Basis.CUSTOMER, partner, "en")
    from_mails = an_artefact(partner=partner)

    assert "O'Neil & <Sons> {AG}" in about_customer
    assert check(from_mails) == []

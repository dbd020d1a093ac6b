"""How a company is recognised."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tcma.companies.names import business_domain, plain_name


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("Müller & Söhne AG", "muller sohne"),
        ("MULLER SOHNE", "muller sohne"),
        ("Lindt S.A.", "lindt"),
        ("Strauß GmbH & Co. KG", "strauss"),
        ("AG", "ag"),
        ("東京 株式会社", "東京 株式会社"),
        ("Яндекс", "яндекс"),
        ("!!", ""),
        ("", ""),
    ],
)
def test_a_name_is_bare_of_legal_form_accents_and_marks(written: str, plain: str) -> None:
    assert plain_name(written) == plain


@given(st.text(max_size=80))
def test_a_plain_name_is_its_own_plain_name_up_to_letters(text: str) -> None:
    plain = plain_name(text)
    assert plain == " ".join(plain.split()) and plain_name(f"  {text} ") == plain_name(text)


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("a@lindt.ch", "lindt.ch"),
        ("a@mail.lindt.co.uk", "lindt.co.uk"),
        ("a@lindt.example", "lindt.example"),
        ("a@gmail.com", None),
        ("a@mail.gmx.de", None),
        ("a@yahoo.co.uk", None),
        ("a@localhost", None),
    ],
)
def test_a_business_domain_is_what_the_firm_registered(address: str, domain: str | None) -> None:
    assert business_domain(address) == domain

"""Every public route × who comes × method, generated from the routes themselves."""

import inspect
import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from campaigns.links import Purpose
from tcma import addresses
from tcma.audiences.models import Consent, PartnerSuppression
from tcma.audiences.preference_models import MailPreference
from tcma.config import Settings
from tcma.launches.deliveries import Delivery, TouchEvent, Unsubscription
from tcma.leads.models import Lead, LeadAnswer
from tcma.web.guards import Access, Guard, declared
from tests.installation import Installation
from tests.web.apps import app_of
from tests.web.site import ANNA, DORA, Site

OF_FIRST, OF_SECOND = (
    ("Harbour", "Marc Keller", "lindt", "Lindt"),
    ("Alpine", "Ursina", "alp.example", "Alp AG"),
)
# Tokens that name no mail have tests of their own: tests/web/account/test_notices.py, public/test_lead_status.py,
# public/test_reply.py; those of a webinar, and its page: test_webinar_routes.py
REACHED_BY_MAIL = {Access.CAMPAIGN, Access.TOKEN}
OF_NO_MAIL = {Purpose.NOTICE, Purpose.LEAD, Purpose.REPLY_LEAD, Purpose.SEAT}
ALWAYS = {"links.opened"}  # a pixel is the same for everybody
KEPT = (MailPreference, TouchEvent, PartnerSuppression, Unsubscription, Consent, Lead, LeadAnswer, Delivery)
ELSEWHERE = Installation.at(
    Settings(
        database_url="sqlite://",
        storage="folder:/nowhere",
        token_keys={1: b"t" * 32},
        form_key=b"f" * 32,
        hash_key=b"h" * 32,
    )
)
APP = app_of(ELSEWHERE)


def guard_of(rule: Rule) -> Guard:
    found = declared(APP.view_functions[rule.endpoint])
    assert found is not None, f"{rule} declares no guard."
    return found


def cells(access: Access) -> list[Any]:
    return list(_cells(access))


def mail_cells() -> list[Any]:
    """Routes behind the links of a campaign's mail."""
    return [cell for cell in cells(Access.TOKEN) if guard_of(cell.values[0]).purpose not in OF_NO_MAIL]


def _cells(access: Access) -> Iterator[Any]:
    for rule in APP.url_map.iter_rules():
        found = declared(APP.view_functions[rule.endpoint])
        if found is None or found.access is access:
            for method in sorted((rule.methods or set()) - {"OPTIONS"}):
                yield pytest.param(rule, method, id=f"{method} {rule}")


def ask(site: Site, rule: Rule, method: str, **values: object) -> TestResponse:
    """Fill in a route; an argument this table does not know makes the test fail."""
    known: dict[str, object] = {
        "number": 0,
        "locale": "en",
        "partner": site.slug.split("/")[2],
        "campaign": site.campaign.slug,
        "path": "css/microsite.css",
        "code": "NW-7K3M",
        "key": "guessed",
        "part": "guessed",
        "script": "guessed",
        **values,
    }
    path = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(known[found[1]]), rule.rule)
    return site.visitor().client.open(path, method=method, headers=site.visitor().headers)


def everything(site: Site) -> list[int]:
    return [len(site.rows(model)) for model in KEPT]


def delivery(site: Site, guard: Guard) -> Delivery:
    if guard.purpose is Purpose.CONFIRM:
        return site.confirmations()[0]
    return site.mail_to(ANNA if site.slug.startswith("/c/harbour-it/") else DORA)


def test_every_route_declares_who_may_open_it() -> None:
    for rule in APP.url_map.iter_rules():
        guard = guard_of(rule)
        assert (guard.access is Access.TOKEN) == (guard.purpose is not None)
        if guard.access is Access.TOKEN:
            assert "token" in rule.arguments
        if "token" in rule.arguments:  # links to sign in are checked by the way in itself
            assert guard.access in (Access.TOKEN, Access.DOOR, Access.PERSON)
        of_campaign = str(rule).startswith(
            ("/c/<slug:partner>/<slug:campaign>", "/w/<slug:partner>/<slug:campaign>")
        )
        assert of_campaign == (guard.access is Access.CAMPAIGN)


def test_every_address_that_is_built_meets_a_route() -> None:
    given = {
        "partner_slug": "harbour-it",
        "campaign_slug": "stop-ransomware",
        "locale": "en",
        "token": "T" * 48,
        "number": 3,
        "sha256": "0" * 64,
        "extension": "png",
        "target": "/c/harbour-it/stop-ransomware",
        "code": "NW-7K3M",
        **dict.fromkeys(
            ("kit_id", "campaign_id", "certificate_id", "request_id", "money_id", "lead_id"), UUID(int=7)
        ),
    }
    routes, built = APP.url_map.bind("go.example"), set()
    posted = {addresses.mail_choice}
    for name, builder in inspect.getmembers(addresses, inspect.isfunction):
        if (
            builder.__module__ != addresses.__name__
            or inspect.signature(builder).return_annotation is not str
        ):
            continue
        path = builder(**{argument: given[argument] for argument in inspect.signature(builder).parameters})
        endpoint, _ = routes.match(path.partition("?")[0], method="POST" if builder in posted else "GET")
        built.add(endpoint)
        assert endpoint, name
    of_mails = {
        rule.endpoint for rule in APP.url_map.iter_rules() if guard_of(rule).access in REACHED_BY_MAIL
    }
    assert {endpoint for endpoint in of_mails if endpoint not in built and _takes_get(endpoint)} == set()


def _takes_get(endpoint: str) -> bool:
    return any("GET" in (rule.methods or ()) for rule in APP.url_map.iter_rules(endpoint))


@pytest.mark.parametrize(("rule", "method"), cells(Access.ANYBODY))
def test_what_is_open_to_anybody_is_answered(sites: list[Site], rule: Rule, method: str) -> None:
    page = sites[0].visitor().get(sites[0].slug).text
    sha256, _, extension = page.partition('src="/i/')[2].partition('"')[0].partition(".")

    answer = ask(sites[0], rule, method, sha256=sha256, extension=extension)

    absent = {"platform.check": 503, "certificate_check.show": 404}  # no worker here, no such code
    assert answer.status_code == absent.get(rule.endpoint, 200)


@pytest.mark.parametrize(
    ("rule", "method"),
    [cell for cell in cells(Access.CAMPAIGN) if not cell.values[0].endpoint.startswith("webinar.")],
)
def test_a_campaigns_page_is_open_by_its_own_address_alone(
    sites: list[Site], rule: Rule, method: str
) -> None:
    site, other = sites
    before = everything(site)
    shown = ask(site, rule, method)
    assert shown.status_code in (200, 303, 422)
    assert not any(word.encode() in shown.data for word in OF_SECOND)
    shown = ask(other, rule, method)
    assert shown.status_code in (200, 303, 422)
    assert not any(word.encode() in shown.data for word in OF_FIRST)
    for wrong in ({"partner": "nobody"}, {"campaign": "nothing"}, {"partner": "vendor-1"}):
        assert ask(site, rule, method, **wrong).status_code == 404, wrong
    assert everything(site) == before


@pytest.mark.parametrize(("rule", "method"), mail_cells())
def test_a_token_opens_what_it_was_made_for(answered: list[Site], rule: Rule, method: str) -> None:
    guard = guard_of(rule)
    for site, foreign in zip(answered, (OF_SECOND, OF_FIRST), strict=True):
        assert guard.purpose is not None
        token = site.token(guard.purpose, delivery(site, guard))
        answer = ask(site, rule, method, token=token)
        assert answer.status_code == (302 if rule.endpoint == "links.click" else 200)
        said = answer.data + answer.headers.get("Location", "").encode()
        assert not any(word.encode() in said for word in foreign)


@pytest.mark.parametrize(("rule", "method"), mail_cells())
def test_any_other_token_is_refused_and_leaves_nothing(answered: list[Site], rule: Rule, method: str) -> None:
    site, other = answered
    guard = guard_of(rule)
    mail, foreign = delivery(site, guard), delivery(other, guard)
    sign = site.installation.signer.token
    assert guard.purpose is not None
    genuine = site.token(guard.purpose, mail)
    refused = {
        "none": "-",
        "cut off": genuine[:-1],
        "changed": genuine[:-1] + ("A" if genuine[-1] != "A" else "B"),
        "of another installation": ELSEWHERE.signer.token(
            guard.purpose, mail.partner_id, mail.artefact_id, mail.id
        ),
        "another's mail": sign(guard.purpose, mail.partner_id, foreign.artefact_id, foreign.id),
        "another's partner": sign(guard.purpose, foreign.partner_id, mail.artefact_id, mail.id),
        "nobody's": sign(guard.purpose, 10_000, mail.artefact_id, mail.id),
        **{
            purpose.name: site.token(purpose, mail)
            for purpose in Purpose
            if purpose not in (guard.purpose, Purpose.PREVIEW)
        },
    }
    before = everything(site)

    for why, token in refused.items():
        answer = ask(site, rule, method, token=token)
        assert answer.status_code == (200 if rule.endpoint in ALWAYS else 404), why
        assert not any(word.encode() in answer.data for word in (*OF_FIRST, *OF_SECOND)), why
    assert everything(site) == before


@pytest.mark.parametrize(("rule", "method"), mail_cells())
def test_a_token_with_anothers_delivery_in_it_shows_and_changes_nothing_of_the_other(
    answered: list[Site], rule: Rule, method: str
) -> None:
    site, other = answered
    guard = guard_of(rule)
    mail, foreign = delivery(site, guard), delivery(other, guard)
    assert guard.purpose is not None
    mixed = site.installation.signer.token(guard.purpose, mail.partner_id, mail.artefact_id, foreign.id)
    before = everything(site)

    answer = ask(site, rule, method, token=mixed)

    said = answer.data + answer.headers.get("Location", "").encode()
    assert not any(word.encode() in said for word in OF_SECOND)
    assert everything(site) == before

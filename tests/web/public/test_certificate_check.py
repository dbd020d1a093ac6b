"""The page behind a certificate's code: valid or not, for everybody; amounts for the two firms alone."""

import pytest
from sqlalchemy import select
from werkzeug.test import Client, TestResponse

from tcma.funds import service
from tcma.funds.codes import CertificateCode
from tcma.funds.issuing import Terms
from tcma.funds.models import Certificate
from tcma.organisations.models import User
from tcma.viewer import Viewer
from tests.installation import Installation
from tests.tcma.funds.scene import Scene, a_scene, a_second_partner, a_second_vendor
from tests.web.apps import app_of
from tests.web.people import signed_in


@pytest.fixture
def scene(database: Installation) -> Scene:
    return a_scene(database)


def check(scene: Scene, code: str) -> TestResponse:
    return Client(app_of(scene.installation), TestResponse).get(f"/g/{code}")


def seen_by(scene: Scene, viewer: Viewer, code: str) -> str:
    with scene.as_worker() as session:
        email = session.get_one(User, viewer.user_id).email
    return signed_in(scene.installation, email).get(f"/g/{code}").text.replace("\u00a0", " ")


def offered(scene: Scene) -> Certificate:
    fund = scene.fund()
    with scene.as_vendor() as session:
        partner_id = scene.partner.organisation_id
        return service.grant(session, scene.vendor, fund.public_id, partner_id, Terms(40_000))


def test_a_stranger_reads_that_it_is_valid_and_whose_it_is_but_no_amount(scene: Scene) -> None:
    certificate = scene.certificate(scene.fund())

    answer = check(scene, certificate.code.lower())

    assert answer.status_code == 200
    assert "Valid" in answer.text and "North Wind" in answer.text
    assert scene.partner.organisation_name in answer.text
    said = answer.text.partition("<main")[2].partition("</main")[0]
    for name in (certificate.code, scene.partner.organisation_name):  # both may hold the same digits
        said = said.replace(name, "")
    assert not any(amount in said for amount in ("CHF", "400", "50"))


def test_both_firms_read_the_amounts_when_signed_in_and_nobody_else(scene: Scene) -> None:
    certificate = scene.certificate(scene.fund())

    for viewer in (scene.partner, scene.vendor):
        assert "CHF 400" in seen_by(scene, viewer, certificate.code)
    for viewer in (a_second_partner(scene), a_second_vendor(scene), scene.operator):
        assert "CHF" not in seen_by(scene, viewer, certificate.code)


@pytest.mark.parametrize("state", ["Offered", "Withdrawn", "Expired", "Suspended", "Declined"])
def test_what_cannot_be_used_is_not_called_valid(scene: Scene, state: str) -> None:
    certificate = offered(scene)
    with scene.as_partner() as session:
        if state == "Declined":
            service.decline(session, scene.partner, certificate.public_id)
        elif state != "Offered":
            service.accept(session, scene.partner, certificate.public_id, terms_version="1")
    with scene.as_vendor() as session:
        if state == "Withdrawn":
            service.revoke(session, scene.vendor, certificate.public_id, "Budget cut")
        elif state == "Suspended":
            service.suspend(session, scene.vendor, certificate.public_id, "Check")
    if state == "Expired":
        scene.advance(days=61)

    page = check(scene, certificate.code).text

    assert f">{state}<" in page and ">Valid<" not in page
    assert "Budget cut" not in page  # the reason is between the two firms


def test_a_used_up_certificate_says_so(scene: Scene) -> None:
    scene.price()
    certificate = scene.certificate(scene.fund(), amount=500)
    scene.line(units=100)
    assert ">Used up<" in check(scene, certificate.code).text


@pytest.mark.parametrize("code", ["NW-2222-2222", "x", "'; DROP TABLE certificates; --", "%00", "A" * 300])
def test_a_code_nobody_was_given_is_not_found(scene: Scene, code: str) -> None:
    scene.certificate(scene.fund())
    answer = check(scene, code)
    assert answer.status_code == 404
    assert "North Wind" not in answer.text


def test_a_typed_code_leads_to_its_page(scene: Scene) -> None:
    client = Client(app_of(scene.installation), TestResponse)
    assert client.get("/g").status_code == 200
    answer = client.get("/g", query_string={"code": " nw-7f4k-22qd "})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/g/NW-7F4K-22QD")


@pytest.mark.postgresql
def test_the_way_from_a_code_to_its_certificate_shows_no_code(postgresql: Installation) -> None:
    scene = a_scene(postgresql)
    certificate = scene.certificate(scene.fund())
    with scene.installation.web.reading() as session:
        (row,) = session.scalars(select(CertificateCode)).all()
    assert certificate.code.encode() not in row.code_hash
    assert check(scene, certificate.code).status_code == 200

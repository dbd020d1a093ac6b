"""Links, pixel and the way out of a mail; pictures."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select

from campaigns.links import MAX_ID48, Purpose
from tcma import storage
from tcma.addresses import person_key
from tcma.audiences.models import Contact, PartnerSuppression
from tcma.audiences.preference_models import MailPreference
from tcma.launches.deliveries import Unsubscription
from tests.web.site import ANNA, BASE, Site


def unsubscribe_path(site: Site) -> str:
    return f"/u/{site.token(Purpose.UNSUBSCRIBE, site.mail_to(ANNA))}"


def stopped(site: Site) -> int:
    return len(site.rows(PartnerSuppression))


def test_a_click_leads_where_the_frozen_mail_says_and_nowhere_else(site: Site) -> None:
    mail = site.mail_to(ANNA)
    links = json.loads(site.content_of(mail))["links"]
    path = f"/r/{site.token(Purpose.CLICK, mail)}"
    for number in range(len(links)):
        clicked = site.visitor().get(f"{path}/{number}?to=https://evil.example&visit=x")
        assert clicked.status_code == 302 and clicked.location.startswith(f"{BASE}{site.slug}?utm_source=")
        assert "evil" not in clicked.location and clicked.headers["Cache-Control"] == "no-store"
    for nowhere in (str(len(links)), "9" * 30, "-1", "x", "//evil.example"):
        assert site.visitor().get(f"{path}/{nowhere}").status_code == 404


def test_a_click_on_the_page_carries_the_visit_and_nothing_about_the_person(site: Site) -> None:
    mail = site.mail_to(ANNA)
    target = urlsplit(site.visitor().get(f"/r/{site.token(Purpose.CLICK, mail)}/0").location)
    (visit,) = parse_qs(target.query)["visit"]
    found = site.installation.signer.verify(visit, Purpose.VISIT)

    assert found is not None and found.delivery_id == mail.id
    assert "anna" not in target.query and "lindt" not in target.query


def test_every_click_is_kept_and_one_of_a_person_counts(site: Site) -> None:
    mail = site.mail_to(ANNA)
    site.sent_an_hour_ago(mail)
    path = f"/r/{site.token(Purpose.CLICK, mail)}/0"
    person = site.visitor()
    person.client.head(path, headers={"User-Agent": "Mozilla/5.0 (iPhone) Mail preview"})
    person.get(path)

    assert [event.machine for event in site.events("clicked")] == [True, False]
    assert site.world.touches(site.campaign)["invite"].clicked_count == 1


def test_the_pixel_is_the_same_picture_for_everybody(site: Site) -> None:
    mail = site.mail_to(ANNA)
    real = site.visitor().get(f"/o/{site.token(Purpose.OPEN, mail)}")
    again = site.visitor().get(f"/o/{site.token(Purpose.OPEN, mail)}")
    forged = site.visitor().get("/o/forged")

    assert real.data == forged.data == again.data and real.content_type == forged.content_type == "image/gif"
    assert len(site.events("opened")) == 1


def test_opening_the_way_out_changes_nothing(site: Site) -> None:
    person = site.visitor()
    page = person.get(unsubscribe_path(site))
    person.client.head(unsubscribe_path(site))

    assert page.status_code == 200 and "Stop all mail" in page.text
    assert "a***@lindt.example" in page.text and ANNA not in page.text
    assert stopped(site) == 0 and site.rows(Unsubscription) == []


def test_who_holds_an_old_mail_stops_its_address_and_learns_no_new_one(site: Site) -> None:
    mail = site.mail_to(ANNA)
    site.sent_an_hour_ago(mail)
    site.change_address(ANNA, "zoe@elsewhere.example")
    path = f"/u/{site.token(Purpose.UNSUBSCRIBE, mail)}"
    pages = [site.visitor().get(path), site.visitor().post(path)]

    assert [page.status_code for page in pages] == [200, 200]
    assert not any("elsewhere" in page.text for page in pages)
    (row,) = site.rows(PartnerSuppression)
    assert row.address_hash == person_key(site.installation.settings.hash_key, ANNA)


def test_the_button_stops_and_pressing_it_again_is_harmless(site: Site) -> None:
    for _ in range(2):
        page = site.visitor().post(unsubscribe_path(site))
        assert page.status_code == 200 and "It takes effect now" in page.text

    assert stopped(site) == 1 and [row.how for row in site.rows(Unsubscription)] == ["page"]


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_the_mail_programs_own_button_stops(site: Site, kind: str) -> None:
    answer = site.visitor().post(unsubscribe_path(site), {"List-Unsubscribe": "One-Click"}, content_type=kind)

    assert answer.status_code == 200
    assert stopped(site) == 1 and [row.how for row in site.rows(Unsubscription)] == ["one_click"]


def test_a_person_who_was_deleted_can_still_stop(site: Site) -> None:
    path = unsubscribe_path(site)
    with site.worker() as session:
        row = session.scalars(select(Contact).where(Contact.address == ANNA)).one()
        row.deleted_at = row.created_at

    assert site.visitor().get(path).status_code == 200
    assert site.visitor().post(path).status_code == 200 and stopped(site) == 1


def test_links_of_a_test_mail_do_no_harm(site: Site) -> None:
    mail = site.mail_to(ANNA)
    kept = site.token(Purpose.PREVIEW, mail)
    unsaved = site.installation.signer.token(Purpose.PREVIEW, site.partner_id, 0, 1)
    for token in (kept, unsaved):
        for press in (site.visitor().get, site.visitor().post):
            page = press(f"/u/{token}")
            assert page.status_code == 200 and "test mail" in page.text
        assert site.visitor().get(f"/o/{token}").status_code == 200
    assert site.visitor().get(f"/r/{kept}/0").location.startswith(f"{BASE}{site.slug}?")
    assert "test mail" in site.visitor().get(f"/r/{unsaved}/0").text

    assert stopped(site) == 0
    assert [site.events(kind) for kind in ("opened", "clicked", "unsubscribed")] == [[], [], []]


def test_a_mail_that_does_not_exist_stops_nobody(site: Site) -> None:
    token = site.installation.signer.token(Purpose.UNSUBSCRIBE, MAX_ID48, MAX_ID48, 2**63 - 1)

    assert site.visitor().get(f"/u/{token}").status_code == 404
    assert site.visitor().post(f"/u/{token}").status_code == 404


def test_pictures_are_typed_and_never_change(site: Site) -> None:
    page = site.visitor().get(site.slug).text
    address = page.partition('src="/i/')[2].partition('"')[0]
    picture = site.visitor().get(f"/i/{address}")

    assert picture.status_code == 200 and picture.content_type == "image/png"
    assert picture.data.startswith(b"\x89PNG")
    assert picture.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert picture.headers["X-Content-Type-Options"] == "nosniff"


def test_only_pictures_are_served_and_only_by_their_hash(site: Site) -> None:
    sha256 = storage.keep_public(site.installation.storage, b"<svg onload=alert(1)>")
    kit = storage.keep(site.installation.storage, "kits", 1, b"secret")
    for path in (
        f"{sha256}.svg",
        f"{sha256}.html",
        f"{kit}.png",
        f"{'0' * 64}.png",
        "../keys",
        "%2e%2e/keys.png",
    ):
        assert site.visitor().get(f"/i/{path}").status_code == 404, path


def test_style_files_are_kept_for_a_year_under_their_fingerprint(site: Site) -> None:
    page = site.visitor().get(site.slug).text
    address = "/assets/" + page.partition("/assets/")[2].partition('"')[0].partition(")")[0].strip("'\"")
    current = site.visitor().get(address)
    assert current.status_code == 200 and "immutable" in current.headers["Cache-Control"]
    assert site.visitor().get(address.partition("?")[0]).headers["Cache-Control"] == "no-cache"
    for path in ("../pyproject.toml", "%2e%2e/pyproject.toml", "css", "css/none.css"):
        assert site.visitor().get(f"/assets/{path}").status_code == 404


def test_less_mail_is_chosen_shown_and_taken_back_from_the_page(site: Site) -> None:
    path, visitor = unsubscribe_path(site), site.visitor()
    assert 'value="everything" checked' in visitor.get(path).text

    page = visitor.post(f"{path}/choice", {"choice": "pause"})
    assert page.status_code == 200 and "Saved. It takes effect now." in page.text
    assert 'value="pause" checked' in page.text and "nothing until" in page.text
    assert 'value="pause" checked' in visitor.get(path).text  # also on the next day
    page = visitor.post(f"{path}/choice", {"choice": "fewer"})
    assert 'value="fewer" checked' in page.text and "nothing until" not in page.text
    assert [row.pace.value for row in site.rows(MailPreference)] == ["fewer"]

    page = visitor.post(f"{path}/choice", {"choice": "everything"})
    assert 'value="everything" checked' in page.text and site.rows(MailPreference) == []
    assert stopped(site) == 0


def test_nothing_is_chosen_by_opening_by_nonsense_or_from_a_test_mail(site: Site) -> None:
    path = unsubscribe_path(site)
    test_mail = site.token(Purpose.PREVIEW, site.mail_to(ANNA))
    assert site.visitor().get(f"{path}/choice").status_code == 405
    for wrong in ("", "none", "pause\x00"):
        page = site.visitor().post(f"{path}/choice", {"choice": wrong})
        assert page.status_code == 200 and "Saved" not in page.text
    assert site.visitor().post(f"{path[:-4]}AAAA/choice", {"choice": "pause"}).status_code == 404
    assert "test mail" in site.visitor().post(f"/u/{test_mail}/choice", {"choice": "pause"}).text
    assert site.rows(MailPreference) == []


def test_who_has_left_has_nothing_to_choose(site: Site) -> None:
    path = unsubscribe_path(site)
    site.visitor().post(path)
    for page in (site.visitor().get(path), site.visitor().post(f"{path}/choice", {"choice": "everything"})):
        assert "there is nothing to choose" in page.text and "checked" not in page.text
    assert stopped(site) == 1 and site.rows(MailPreference) == []

"""Pages of audiences: files, columns, rows to mend, people, addresses that get no mail."""

import io
import re
from html import unescape

import pytest
from sqlalchemy import delete, event, select

from campaigns.mail_choice import MailChoice
from tcma import clock
from tcma.audiences import preferences, suppression, suppression_files, uploads
from tcma.audiences.models import Basis, Contact, ContactImport, ContactList, ListMember, SuppressionReason
from tcma.audiences.preference_models import MailPreference
from tcma.audiences.suppression_models import SuppressionImport
from tcma.organisations.models import TermsAcceptance
from tests.tcma.audiences import four_hundred
from tests.web.partner.campaign_scene import marketer, part, words
from tests.web.people import Visitor
from tests.web.site import ANNA, Site

BASE = "/p/harbour-it/audiences"


@pytest.fixture
def marc(site: Site) -> Visitor:
    return marketer(site)


def test_421_rows_are_told_in_one_sentence_and_one_row_is_mended_in_place(site: Site, marc: Visitor) -> None:
    _suppress(site, *four_hundred.UNSUBSCRIBED.values())
    page = _upload(marc, four_hundred.content())
    assert part(page, "ready") == "412 people ready."
    assert part(page, "skipped") == (
        "9 rows were skipped: 4 without a valid address, 3 unsubscribed earlier, 2 twice in the file."
    )
    assert "38 people have no first name" in words(page)
    rows = {int(number) for number in re.findall(r'<li id="row-(\d+)"', page)}
    assert rows == {*four_hundred.BAD_ADDRESSES, *four_hundred.UNSUBSCRIBED, *four_hundred.TWICE}
    assert part(page, "row-14").startswith("Row 14 “anna@lindt” is not a complete address.")

    base, found = _place(site, "customers")
    cell = re.search(r'id="row-14-(cell-\d+)"', page)
    assert cell is not None
    mended = {"import": found, "row": "14", cell[1]: "anna@lindt-mended.example.com"}
    page = marc.follow(marc.post(f"{base}/file/rows", mended)).text
    assert part(page, "ready") == "413 people ready."
    assert "8 rows were skipped: 3 without a valid address" in words(page)
    assert "row-14" not in page
    assert "8 to fix" in words(page) and "See the 8 rows" in words(page)

    left = {"import": found, "row": str(min(four_hundred.TWICE)), "leave": "1"}
    page = marc.follow(marc.post(f"{base}/file/rows", left)).text
    assert "8 rows were skipped: 3 without a valid address" in words(page)
    assert "7 to fix" in words(page) and "See the 7 rows" in words(page)


def test_beyond_the_first_rows_to_fix_the_page_says_of_how_many(site: Site, marc: Visitor) -> None:
    page = _upload(marc, b"E-mail\nann@x.example.com\n" + b"".join(b"no%d\n" % n for n in range(52)))
    assert "The first 50 of 52." in words(page)
    base, found = _place(site, "customers")
    for row, shown in (("3", "The first 50 of 51."), ("4", "50 to fix")):
        left = {"import": found, "row": row, "leave": "1"}
        page = marc.follow(marc.post(f"{base}/file/rows", left)).text
        assert shown in words(page)
    assert "The first 50 of" not in words(page)


def test_a_row_that_is_still_wrong_comes_back_with_its_sentence_beside_the_field(
    site: Site, marc: Visitor
) -> None:
    page = _upload(marc, b"E-mail;First name\nanna@lindt;Anna\nbob@ruag.example.com;Bob\n")
    base, found = _place(site, "customers")
    answer = marc.post(f"{base}/file/rows", {"import": found, "row": "2", "cell-0": "still@wrong"})
    assert answer.status_code == 422
    assert 'id="row-2-cell-0-error"' in answer.text and "Problem:" in answer.text
    assert part(answer.text, "ready") == part(page, "ready") == "1 person ready."


def test_nobody_is_written_to_before_the_basis_is_stated_and_no_answer_is_preset(
    site: Site, marc: Visitor
) -> None:
    page = _upload(marc, _people("a@x.example.com", "b@x.example.com"))
    assert "checked" not in page.partition('id="basis-card"')[2].partition("</section>")[0]
    assert "can be written to 0" in words(page)
    base, found = _place(site, "customers")
    refused = marc.post(f"{base}/file/basis", {"import": found})
    assert refused.status_code == 422 and "Say why you may write" in refused.text
    page = marc.follow(marc.post(f"{base}/file/basis", {"import": found, "basis": "customer"})).text
    assert "can be written to 2" in words(page)
    assert "Stated by Person" in words(page)
    (row,) = site.rows(ContactImport, file_name="customers.csv")
    assert (row.basis, row.basis_stated_by_id) == (Basis.CUSTOMER, site.world.partner.user_id)


@pytest.mark.parametrize(("country", "is_offered"), [("Schweiz", False), ("Frankreich", True)])
def test_business_contacts_are_offered_where_the_law_allows_them(
    marc: Visitor, country: str, is_offered: bool
) -> None:
    page = _upload(marc, f"E-mail;Land\na@x.example.com;{country}\nb@x.example.com;Schweiz\n".encode())
    assert ('value="business"' in page) is is_offered
    if is_offered:
        assert "Allowed without asking in France: 1 of your people. Not in Switzerland." in words(page)


def test_columns_chosen_anew_read_the_kept_file_again(site: Site, marc: Visitor) -> None:
    page = _upload(marc, b"E-mail;First name;Firm\na@x.example.com;Roth AG;Anna\n")
    assert re.search(r'<option value="first_name" selected>', page)
    base, found = _place(site, "customers")
    chosen = {"import": found, "column-0": "address", "column-1": "company", "column-2": "first_name"}
    page = marc.follow(marc.post(f"{base}/file/columns", chosen)).text
    assert part(page, "ready") == "1 person ready."
    (anna,) = site.rows(Contact, address="a@x.example.com")
    assert (anna.first_name, anna.company) == ("Anna", "Roth AG")
    refused = marc.post(f"{base}/file/columns", {"import": found, "column-1": "company"})
    assert refused.status_code == 422 and "No column is chosen as the e-mail column" in refused.text


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"%PDF-1.7 not a csv", "This is a PDF. Upload a CSV with one person per row."),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "This is a picture."),
        (b"", "The file is empty."),
        (b"name;city\nAnna;Bern\nBob;Chur\n", "No column of this file holds e-mail addresses."),
    ],
)
def test_a_wrong_file_is_refused_in_a_sentence_and_leaves_no_list(
    site: Site, marc: Visitor, content: bytes, sentence: str
) -> None:
    answer = marc.post(BASE, {"file": (io.BytesIO(content), "customers.csv")})
    assert answer.status_code == 422
    assert sentence in words(answer.text)
    assert [row.name for row in site.rows(ContactList, partner_id=site.partner_id)] == ["Customers"]


def test_a_file_that_is_too_large_is_refused_before_it_is_read(site: Site, marc: Visitor) -> None:
    answer = marc.post(
        f"{BASE}/suppressed", {"file": (io.BytesIO(b"a@x.example.com\n" * 1_700_000), "left.csv")}
    )
    assert answer.status_code == 413
    assert "This file is larger than 25 MB." in words(answer.text)


def test_the_same_file_twice_leads_to_the_same_list(site: Site, marc: Visitor) -> None:
    content = _people("a@x.example.com", "b@x.example.com")
    _upload(marc, content)
    page = _upload(marc, content)
    assert "This file was read before." in words(page)
    assert len(site.rows(ContactImport, partner_id=site.partner_id)) == 1


def test_a_form_pressed_twice_reads_its_file_once(site: Site, marc: Visitor) -> None:
    answers = [
        marc.post(
            BASE,
            {"request_key": "k" * 24, "file": (io.BytesIO(_people("a@x.example.com")), "customers.csv")},
        )
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert len(site.rows(ContactImport, partner_id=site.partner_id)) == 1


def test_a_large_file_shows_its_progress_until_the_worker_is_done(site: Site, marc: Visitor) -> None:
    many = _people(*(f"person{n}.with.a.long.name@firm{n % 99}.example.com" for n in range(13_000)))
    assert len(many) > uploads.SMALL
    page = _upload(marc, many)
    assert 'role="progressbar"' in page and "0 of about 13,0" in words(page)
    assert 'hx-trigger="load delay:1s"' in page
    (found,) = site.rows(ContactImport, partner_id=site.partner_id)
    settings, storage = site.installation.settings, site.installation.storage
    uploads.go_on(site.installation.worker, storage, site.partner_id, found.id, hash_key=settings.hash_key)
    base, _ = _place(site, "customers")
    page = marc.get(f"{base}/file").text
    assert part(page, "ready") == "13,000 people ready." and "progressbar" not in page


def test_a_large_file_can_be_stopped(site: Site, marc: Visitor) -> None:
    _upload(marc, _people(*(f"person{n}.with.a.long.name@firm{n % 99}.example.com" for n in range(13_000))))
    base, found = _place(site, "customers")
    page = marc.follow(marc.post(f"{base}/file/cancel", {"import": found})).text
    assert "Stopped. What the file brought is taken back." in words(page)
    (row,) = site.rows(ContactImport, partner_id=site.partner_id)
    uploads.go_on(
        site.installation.worker,
        site.installation.storage,
        site.partner_id,
        row.id,
        hash_key=site.installation.settings.hash_key,
    )
    assert marc.get(f"{base}/file").status_code == 404
    assert "customers" not in [row.name for row in site.rows(ContactList, partner_id=site.partner_id)]


def test_rows_to_fix_come_as_a_file_with_harmless_cells(site: Site, marc: Visitor) -> None:
    _upload(marc, b"E-mail;First name\n=1+1@x;Anna\nbob@ruag.example.com;Bob\n")
    base, _ = _place(site, "customers")
    answer = marc.get(f"{base}/file/rows-to-fix.csv")
    lines = answer.text.lstrip("\ufeff").splitlines()
    assert lines[0] == "Row,Reason,E-mail,First name"
    assert lines[1].startswith("2,") and lines[1].endswith(",'=1+1@x,Anna")
    assert 'filename="rows-to-fix.csv"' in answer.headers["Content-Disposition"]


def test_people_are_found_corrected_stopped_and_deleted(site: Site, marc: Visitor) -> None:
    with site.installation.web.reading(site.partner_id) as session:
        place = f"{BASE}/{session.scalars(select(ContactList.public_id)).one()}"
    page = marc.get(f"{place}?search=anna").text
    (link,) = re.findall(rf'href="({place}/people/[0-9a-f-]+)"', page)
    page = marc.get(link).text
    assert "What was sent" in words(page) and site.campaign.name in words(page)

    assert "Saved." in words(
        marc.follow(marc.post(link, {"address": ANNA, "first_name": "Annina", "relation": "customer"})).text
    )
    (anna,) = site.rows(Contact, address=ANNA, partner_id=site.partner_id)
    assert anna.first_name == "Annina"
    wrong = marc.post(link, {"address": "anna@lindt", "country": "Atlantis"})
    assert wrong.status_code == 422
    assert "is not a complete address" in wrong.text and "country is not known" in wrong.text

    page = marc.follow(marc.post(f"{link}/stop")).text
    assert "This person unsubscribed earlier." in words(page)
    assert "Stopped by hand" in words(marc.get(f"{place}/left").text)
    undone = marc.follow(marc.post(f"{link}/stop/undo")).text
    assert f"{ANNA} gets mail again" in words(undone) and "This person unsubscribed earlier." not in words(
        undone
    )
    assert marc.post(f"{link}/stop/undo").status_code == 404
    marc.post(f"{link}/stop")
    site.world.pass_time(seconds=20)
    assert marc.post(f"{link}/stop/undo").status_code == 404  # that is no slip of the finger any more

    marc.follow(marc.post(f"{link}/delete"))
    assert marc.get(link).status_code == 404
    assert not site.rows(Contact, address=ANNA, partner_id=site.partner_id)


def test_one_s_own_people_come_as_a_file(site: Site, marc: Visitor) -> None:
    with site.installation.web.reading(site.partner_id) as session:
        place = f"{BASE}/{session.scalars(select(ContactList.public_id)).one()}"
    lines = marc.get(f"{place}/people.csv").text.lstrip("\ufeff").splitlines()
    assert lines[0].startswith("E-mail,First name")
    assert len(lines) == 4 and lines[1].startswith(f"{ANNA},")
    assert ",Customers," in lines[1] and "customer," not in lines[1]
    assert marc.get(f"{place}/left.csv").text.lstrip("\ufeff") == "E-mail,Why,Since\r\n"
    assert marc.get(f"{BASE}/audiences.csv").text.lstrip("\ufeff").startswith("Name,People,")


def undo_of(page: str) -> str:
    """Where the toast takes the deed back."""
    toast = page[page.index("data-toast") :]
    found = re.search(r'<form method="post" action="([^"]+)"', toast)
    assert found is not None
    return unescape(found[1])


def _bases(site: Site) -> list[Basis]:
    return [member.basis for member in site.rows(ListMember, partner_id=site.partner_id)]


def test_a_list_is_renamed_stated_anew_and_deleted(site: Site, marc: Visitor) -> None:
    _upload(marc, _people("a@x.example.com"))
    base, _ = _place(site, "customers")
    assert marc.post(f"{base}/edit", {"name": "Customers"}).status_code == 422
    page = marc.follow(marc.post(f"{base}/edit", {"name": "Autumn"})).text
    assert "<h1>Autumn" in page
    assert "<h1>customers" in marc.follow(marc.post(undo_of(page))).text
    marc.post(f"{base}/edit", {"name": "Autumn"})
    before = _bases(site)
    page = marc.follow(marc.post(f"{base}/basis", {"list_basis": "agreed"})).text
    assert "Stated for 1 person." in words(page) and _bases(site) != before
    marc.follow(marc.post(undo_of(page)))
    assert _bases(site) == before
    assert "Delete “Autumn”?" in words(marc.get(f"{base}/delete").text)
    page = marc.follow(marc.post(f"{base}/delete")).text
    assert "“Autumn” is deleted." in words(page)
    assert marc.get(base).status_code == 404


def test_the_list_of_another_tool_is_read_once_and_stands(site: Site, marc: Visitor) -> None:
    left = b"Email Address\ngone@x.example.com\n" + ANNA.encode() + b"\nnot an address\n"
    page = marc.follow(marc.post(f"{BASE}/suppressed", {"file": (io.BytesIO(left), "unsubscribed.csv")})).text
    assert "2 addresses get no more mail from you." in words(page)
    assert "On the list of another tool 2" in words(page)
    page = marc.post(f"{BASE}/suppressed/look-up", {"address": "Gone@x.example.com"}).text
    assert "On the list of another tool" in part(page, "looked-up")
    page = marc.post(f"{BASE}/suppressed/look-up", {"address": "free@x.example.com"}).text
    assert "Nothing stands against mail to free@x.example.com." in words(page)

    page = _upload(marc, _people("gone@x.example.com", "new@x.example.com"))
    assert part(page, "ready") == "1 person ready."
    assert "1 row was skipped: 1 unsubscribed earlier." in words(page)
    marc.post(f"{BASE}/suppressed/stop", {"address": "new@x.example.com"})
    with site.installation.web.reading(site.partner_id) as session:
        reasons = suppression.counts_for(session, site.world.partner)
    assert reasons == {SuppressionReason.IMPORTED: 2, SuppressionReason.BY_HAND: 1}


def test_a_large_list_of_another_tool_is_read_by_a_worker_and_the_page_shows_how_far(
    site: Site, marc: Visitor
) -> None:
    note = "left the newsletter " * 60
    left = "E-mail;Note\n" + "".join(f"gone{number}@x.example;{note}\n" for number in range(500))
    page = marc.follow(
        marc.post(f"{BASE}/suppressed", {"file": (io.BytesIO(left.encode()), "left.csv")})
    ).text
    assert "Reading left.csv" in words(page) and "0 of about" in words(page)
    assert f'hx-get="{BASE}/suppressed"' in page

    with site.installation.web.reading(site.partner_id) as session:
        begun = session.scalars(select(SuppressionImport)).one()
    assert suppression_files.go_on(
        site.installation.web,
        site.installation.storage,
        site.partner_id,
        begun.id,
        hash_key=site.installation.settings.hash_key,
    )
    page = marc.get(f"{BASE}/suppressed").text
    assert "500 addresses get no more mail from you." in part(page, "read-last")
    assert "hx-trigger" not in part(page, "read-last")


def test_the_terms_are_accepted_in_place_before_the_first_file(sites: list[Site]) -> None:
    site = sites[0]
    with site.installation.owner.transaction() as session:
        session.execute(delete(TermsAcceptance))
    marc = marketer(site)
    page = marc.get(BASE).text
    assert "Before your first contacts" in words(page) and 'type="file"' not in page
    refused = marc.post(BASE, {"file": (io.BytesIO(_people("a@x.example.com")), "customers.csv")})
    assert refused.status_code == 403
    version = re.search(r'name="version" value="([^"]+)"', page)
    assert version is not None
    page = marc.follow(marc.post(f"{BASE}/terms", {"version": version[1]})).text
    assert 'type="file"' in page and "Before your first contacts" not in words(page)


def test_every_page_says_who_sees_what_and_leads_to_the_list_of_it(site: Site, marc: Visitor) -> None:
    page = marc.get(BASE).text
    assert "Your 3 contacts stay yours." in words(page)
    assert f'href="{BASE}/shared"' in page
    shared = words(marc.get(f"{BASE}/shared").text)
    assert "Never shared Your contacts, your lists" in shared
    assert "What you sold of this vendor's products; never the whole deal" in shared


def test_another_partner_s_list_is_not_found_and_readers_change_nothing(sites: list[Site]) -> None:
    marc = marketer(sites[0])
    with sites[1].installation.web.reading(sites[1].partner_id) as session:
        other = session.scalars(select(ContactList.public_id)).one()
        contact = session.scalars(select(Contact.public_id)).first()
    for path in ("", "/file", "/left", "/edit", "/delete", "/people.csv", f"/people/{contact}"):
        assert marc.get(f"{BASE}/{other}{path}").status_code == 404, path
    for path in ("/file/basis", "/file/rows", "/file/columns", "/file/cancel", "/delete"):
        assert marc.post(f"{BASE}/{other}{path}", {"import": str(other)}).status_code == 404, path


def test_a_persons_own_choice_is_shown_and_nobody_at_the_partner_changes_it(
    site: Site, marc: Visitor
) -> None:
    anna = site.rows(Contact, address=ANNA)[0]
    with site.worker() as session:
        for choice in (MailChoice.FEWER, MailChoice.PAUSE):
            at = clock.now(session)
            preferences.set_choice(session, anna.partner_id, anna.address_hash, choice, at)
    listed = site.world.list.public_id
    page = marc.get(f"{BASE}/{listed}/people/{anna.public_id}")
    assert page.status_code == 200
    shown = words(page.text)
    assert "At most one mail in 30 days" in shown and "Nothing until" in shown
    assert "Only the person can change this choice" in shown
    marc.post(f"{BASE}/{listed}/people/{anna.public_id}/delete", {})
    assert len(site.rows(MailPreference)) == 1  # added again, the person still has chosen


def test_the_pages_take_few_statements_however_many_rows_they_show(site: Site, marc: Visitor) -> None:
    _upload(marc, four_hundred.content())
    base, _ = _place(site, "customers")
    contact = site.rows(Contact, address=four_hundred.address(2))[0].public_id
    counted: list[str] = []

    def count(connection: object, cursor: object, statement: str, *more: object) -> None:
        if not statement.startswith(("PRAGMA", "BEGIN", "ROLLBACK", "COMMIT")):
            counted.append(statement)

    engine = site.installation.web.engine
    event.listen(engine, "before_cursor_execute", count)
    try:
        for path, most in (
            (BASE, 14),
            (base, 25),
            (f"{base}/file", 34),
            (f"{base}/left", 25),
            (f"{base}/people/{contact}", 18),
            (f"{BASE}/suppressed", 8),
        ):
            marc.get(path)
            counted.clear()
            assert marc.get(path).status_code == 200
            assert len(counted) <= most, (path, len(counted))
    finally:
        event.remove(engine, "before_cursor_execute", count)


def _upload(marc: Visitor, content: bytes, name: str = "customers.csv") -> str:
    return marc.follow(marc.post(BASE, {"file": (io.BytesIO(content), name)})).text


def _people(*addresses: str) -> bytes:
    return ("E-mail;First name\n" + "".join(f"{address};Anna\n" for address in addresses)).encode()


def _place(site: Site, name: str) -> tuple[str, str]:
    """The address of a list's pages, and its newest file's public id."""
    (found,) = [row for row in site.rows(ContactList, partner_id=site.partner_id) if row.name == name]
    *_, run = site.rows(ContactImport, list_id=found.id)
    return f"{BASE}/{found.public_id}", str(run.public_id)


def _suppress(site: Site, *addresses: str) -> None:
    with site.installation.web.transaction(site.partner_id) as session:
        for address in addresses:
            suppression.suppress_by_hand(
                session, site.world.partner, address, hash_key=site.installation.settings.hash_key
            )

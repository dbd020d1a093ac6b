"""The funding pages of a partner: certificates, asking, answering, statement, paper, money from elsewhere."""

import csv
import re
from dataclasses import dataclass
from html import unescape
from io import BytesIO, StringIO

import pytest
import segno
from sqlalchemy import event, select

from tcma.funds import elsewhere, lines, queries, requests, service
from tcma.funds.elsewhere_models import ElsewhereMoney, ElsewhereStatus
from tcma.funds.issuing import Terms
from tcma.funds.models import Certificate, CertificateStatus, Fund, FundingRequest, RequestStatus
from tcma.funds.papers import RequestFile
from tcma.organisations.models import Organisation, User
from tcma.viewer import Role
from tcma.web import qr
from tests.installation import Installation
from tests.tcma.funds.scene import Scene, a_scene, a_second_partner
from tests.web.people import Visitor, signed_in

PDF = b"%PDF-1.7 a quote"
EVIL = "=HYPERLINK(1)"


@dataclass
class Desk:
    """Somebody of the partner at a browser."""

    scene: Scene
    visitor: Visitor
    path: str

    def page(self, path: str = "") -> str:
        answer = self.visitor.get(f"{self.path}{path}")
        assert answer.status_code == 200, (answer.status_code, answer.text[:3000])
        return plain(answer.text)

    def asked(self) -> list[FundingRequest]:
        with self.scene.as_worker() as session:
            return list(session.scalars(select(FundingRequest).order_by(FundingRequest.id)))

    def certificate(self, certificate: Certificate) -> Certificate:
        with self.scene.as_worker() as session:
            return session.get_one(Certificate, certificate.id)

    def statements(self, path: str) -> int:
        """How many SQL statements a page takes."""
        counted: list[str] = []

        def count(connection: object, cursor: object, statement: str, *more: object) -> None:
            if not statement.startswith(("PRAGMA", "BEGIN", "ROLLBACK", "COMMIT")):
                counted.append(statement)

        engine = self.visitor.installation.web.engine
        event.listen(engine, "before_cursor_execute", count)
        try:
            self.page(path)
        finally:
            event.remove(engine, "before_cursor_execute", count)
        return len(counted)


def plain(html: str) -> str:
    return unescape(html).replace("\u00a0", " ")


def at_desk(scene: Scene, *roles: Role) -> Desk:
    with scene.as_worker() as session:
        firm = session.get_one(Organisation, scene.partner.organisation_id)
    viewer = scene.viewer_of(firm, *roles) if roles else scene.partner
    with scene.as_worker() as session:
        email = session.get_one(User, viewer.user_id).email
    return Desk(scene, signed_in(scene.installation, email), f"/p/{firm.slug}/funding")


@pytest.fixture
def desk(database: Installation) -> Desk:
    return at_desk(a_scene(database), Role.MARKETER)


def offered(scene: Scene, fund: Fund, amount: int = 40_000) -> Certificate:
    with scene.as_vendor() as session:
        return service.grant(
            session, scene.vendor, fund.public_id, scene.partner.organisation_id, Terms(amount)
        )


def a_form(asked: Fund, **changes: str) -> dict[str, str]:
    return {
        "fund": str(asked.public_id),
        f"terms-{asked.public_id}": asked.terms_version,
        "activity": "event",
        "amount": "200",
        "why": "An evening for treasurers.",
        "do": "ask",
        **changes,
    }


def test_without_funding_the_page_says_who_would_pay(desk: Desk) -> None:
    desk.scene.fund()
    page = desk.page()
    assert "No funding yet." in page
    assert "North Wind pays 50 % of most kits" in page


def test_cards_show_what_is_left_and_what_to_do(desk: Desk) -> None:
    scene = desk.scene
    scene.price()
    fund = scene.fund()
    scene.certificate(fund)
    waiting = offered(scene, fund, 30_000)
    scene.line()

    page = desk.page()

    assert "CHF 350" in page and "CHF 50 of CHF 400 set aside" in page
    assert "Use the rest" in page or "Use it" in page
    assert "CHF 300" in page and "For you" in page and waiting.code in page


def test_a_card_that_ends_soon_counts_its_days(desk: Desk) -> None:
    desk.scene.certificate(desk.scene.fund())
    desk.scene.advance(days=48)
    assert "12 days left" in desk.page()


def test_an_offer_is_accepted_with_the_terms_that_were_shown(desk: Desk) -> None:
    certificate = offered(desk.scene, desk.scene.fund())
    path = f"{desk.path}/{certificate.public_id}"
    assert "Half of what the platform charges." in desk.page(f"/{certificate.public_id}")

    stale = desk.visitor.post(f"{path}/accept", {"terms_version": "0"})
    assert stale.status_code == 409
    desk.visitor.follow(desk.visitor.post(f"{path}/accept", {"terms_version": "1"}))

    found = desk.certificate(certificate)
    assert found.status is CertificateStatus.ACTIVE
    assert found.accepted_at is not None


def test_a_declined_offer_goes_back_to_the_fund(desk: Desk) -> None:
    fund = desk.scene.fund(amount=40_000)
    certificate = offered(desk.scene, fund)

    path = f"{desk.path}/{certificate.public_id}/decline"
    question = plain(desk.visitor.get(path).text)
    assert f"Decline certificate {certificate.code}?" in question and "CHF 400 go back" in question
    desk.visitor.follow(desk.visitor.post(path))

    assert desk.certificate(certificate).status is CertificateStatus.DECLINED
    assert desk.scene.balances()[f"fund:{fund.id}:free"] == 40_000


@pytest.mark.parametrize("role", [Role.READER, Role.SALES, Role.FINANCE])
def test_who_may_not_accept_is_told_why_and_has_no_button(database: Installation, role: Role) -> None:
    desk = at_desk(a_scene(database), role)
    certificate = offered(desk.scene, desk.scene.fund())

    page = desk.page(f"/{certificate.public_id}")

    assert "Owners and marketers accept certificates." in page
    assert "/accept" not in page
    answer = desk.visitor.post(f"{desk.path}/{certificate.public_id}/accept", {"terms_version": "1"})
    assert answer.status_code == 403
    assert desk.visitor.get(f"{desk.path}/ask").status_code == 403


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("100", "Within your terms. Granted at once."),
        ("100.01", "Needs a look."),
        ("600", "Over the cap by CHF 200."),
    ],
)
def test_will_it_be_granted_is_answered_before_anything_is_asked(desk: Desk, amount: str, said: str) -> None:
    fund = desk.scene.fund(rule={"on": True, "max_amount": 10_000})

    answer = desk.visitor.post(f"{desk.path}/ask", a_form(fund, do="look", amount=amount))

    assert answer.status_code == 200
    assert said in plain(answer.text)
    assert "An evening for treasurers." in answer.text
    assert desk.asked() == []


def test_what_is_over_the_cap_is_asked_for_up_to_it_by_one_press(desk: Desk) -> None:
    fund = desk.scene.fund(rule={})
    page = plain(desk.visitor.post(f"{desk.path}/ask", a_form(fund, do="look", amount="600")).text)
    assert "Ask for CHF 400 instead" in page
    (instead,) = re.findall(r'name="instead" value="([^"]+)"', page)

    form = {name: value for name, value in a_form(fund, amount="600").items() if name != "do"}
    desk.visitor.follow(desk.visitor.post(f"{desk.path}/ask", {**form, "instead": instead}))

    assert [one.amount for one in desk.asked()] == [40_000]


def test_asking_within_the_rule_leads_to_the_certificate(desk: Desk) -> None:
    fund = desk.scene.fund()
    page = plain(desk.visitor.follow(desk.visitor.post(f"{desk.path}/ask", a_form(fund))).text)
    assert "Granted at once" in page and "See certificate NW-" in page
    assert desk.asked()[0].status is RequestStatus.APPROVED


def test_asking_beyond_it_waits_and_can_be_withdrawn(desk: Desk) -> None:
    fund = desk.scene.fund(rule={})
    page = plain(desk.visitor.follow(desk.visitor.post(f"{desk.path}/ask", a_form(fund))).text)
    assert "Every request to this fund is read by a person." in page
    assert "200.00,CHF,Asked," in desk.visitor.get(f"{desk.path}/requests.csv").text
    assert "CHF 200" in desk.page()

    (asked,) = desk.asked()
    desk.visitor.follow(desk.visitor.post(f"{desk.path}/requests/{asked.public_id}/withdraw"))
    assert desk.asked()[0].status is RequestStatus.WITHDRAWN


def test_a_draft_is_kept_continued_and_asked(desk: Desk) -> None:
    fund = desk.scene.fund(rule={})
    desk.visitor.follow(desk.visitor.post(f"{desk.path}/ask", a_form(fund, do="keep", expected_leads="12")))
    (draft,) = desk.asked()
    assert (draft.status, draft.expected_leads) == (RequestStatus.DRAFT, 12)
    assert f"draft={draft.public_id}" in desk.page()
    assert 'value="200"' in desk.page(f"/ask?draft={draft.public_id}")

    form = a_form(fund, draft=str(draft.public_id), amount="250")
    desk.visitor.follow(desk.visitor.post(f"{desk.path}/ask", form))

    (asked,) = desk.asked()
    assert (asked.id, asked.status, asked.amount) == (draft.id, RequestStatus.SUBMITTED, 25_000)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("fund", "", "Choose whom to ask."),
        ("amount", "lots", "'lots' is not an amount."),
        ("amount", "", "Say how much you ask for."),
        ("amount", "0", "The amount is above zero."),
        ("activity", "golf", "Choose what it is for."),
        ("why", " ", "Say in a sentence what you plan."),
        ("starts_on", "soon", "Write the day like 2026-11-24."),
        ("expected_leads", "-1", "Write a whole number"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(
    desk: Desk, field: str, value: str, sentence: str
) -> None:
    fund = desk.scene.fund()
    desk.scene.fund(name="Second")

    answer = desk.visitor.post(f"{desk.path}/ask", a_form(fund, **{field: value}))

    assert answer.status_code == 422
    page = plain(answer.text)
    assert "Problem:" in page and f'href="#{field}"' in page and sentence in page
    assert field == "why" or "An evening for treasurers." in page
    assert desk.asked() == []


def test_a_quote_goes_with_the_request_and_comes_back_as_a_download(desk: Desk) -> None:
    fund = desk.scene.fund(rule={})
    form = {**a_form(fund), "file": (BytesIO(PDF), "Quote <2026>.pdf")}
    page = desk.visitor.follow(desk.visitor.post(f"{desk.path}/ask", form)).text
    assert "Quote 2026.pdf" in page

    (asked,) = desk.asked()
    answer = desk.visitor.get(f"{desk.path}/requests/{asked.public_id}/file")
    assert answer.data == PDF
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    with desk.scene.as_vendor() as session:
        assert session.scalars(select(RequestFile)).one().name == "Quote 2026.pdf"


def test_a_file_that_is_none_of_ours_is_refused_and_nothing_is_asked(desk: Desk) -> None:
    form = {**a_form(desk.scene.fund(rule={})), "file": (BytesIO(b"<script>"), "quote.pdf")}
    answer = desk.visitor.post(f"{desk.path}/ask", form)
    assert answer.status_code == 422
    assert "is not a PDF, PNG" in answer.text
    assert desk.asked() == []


def test_a_question_stands_first_and_is_answered(desk: Desk) -> None:
    fund = desk.scene.fund(rule={})
    desk.visitor.post(f"{desk.path}/ask", a_form(fund))
    (asked,) = desk.asked()
    with desk.scene.as_vendor() as session:
        requests.ask_for_information(session, desk.scene.vendor, asked.public_id, "Who speaks <there>?")
    assert "Who speaks &lt;there&gt;?" in desk.visitor.get(desk.path).text

    path = f"{desk.path}/requests/{asked.public_id}"
    assert desk.visitor.post(f"{path}/answer", {"answer": " "}).status_code == 422
    desk.visitor.follow(desk.visitor.post(f"{path}/answer", {"answer": "Dr Anna Frei."}))

    (answered,) = desk.asked()
    assert (answered.status, answered.answer) == (RequestStatus.SUBMITTED, "Dr Anna Frei.")


def test_the_statement_shows_every_line_and_its_total_and_the_file_the_same(desk: Desk) -> None:
    scene = desk.scene
    scene.price()
    certificate = scene.certificate(scene.fund())
    line_id = scene.line()
    with scene.as_worker() as session:
        lines.count(session, line_id, 64)
        lines.release(session, line_id)

    page = desk.page("/ledger")
    file = desk.visitor.get(f"{desk.path}/ledger/statement.csv").text
    rows = list(csv.DictReader(StringIO(file.lstrip("\ufeff"))))

    assert len(re.findall(r'id="line-\d+"', page)) == len(rows) == 3
    assert "CHF 446.80" in page and "CHF 50.00" in page and "CHF 396.80" in page
    assert [row["In"] for row in rows] == ["46.80", "", "400.00"]
    assert [row["Left on the certificate"] for row in rows] == ["396.80", "350.00", "400.00"]
    assert {row["Certificate"] for row in rows} == {certificate.code}
    assert "Set aside for Backup" in page
    assert desk.page(f"/ledger?certificate={certificate.code.lower()}").count("line-") >= 3
    assert "No line fits" in desk.page("/ledger?quarter=2001-Q1")
    assert desk.visitor.get(f"{desk.path}/ledger?certificate=NW-2222-2222").status_code == 404


def test_the_statement_takes_as_many_statements_for_many_lines_as_for_one(desk: Desk) -> None:
    scene = desk.scene
    scene.price()
    fund = scene.fund()
    scene.certificate(fund)
    pages = ("", "/ledger")
    before = [desk.statements(path) for path in pages]
    for _ in range(3):
        scene.certificate(fund)
        scene.line()
    assert [desk.statements(path) for path in pages] == before
    assert max(before) < 40


def test_a_certificate_shows_its_lines_campaigns_and_terms(desk: Desk) -> None:
    scene = desk.scene
    scene.price()
    certificate = scene.certificate(scene.fund())
    scene.line()
    page = desk.page(f"/{certificate.public_id}")
    assert "Set aside for Backup" in page and "Granted by North Wind" in page
    assert "North Wind pays 50 % of what your campaign costs." in page
    assert "CHF 350.00" in page


@pytest.mark.parametrize(("paper", "shown"), [("", "a4"), ("letter", "letter"), ("a5", "a4")])
def test_a_certificate_prints_with_its_code_terms_and_where_to_check_it(
    desk: Desk, paper: str, shown: str
) -> None:
    certificate = desk.scene.certificate(desk.scene.fund())
    page = desk.page(f"/{certificate.public_id}/print?paper={paper}")
    assert f'class="paper {shown}"' in page
    assert f"/g/{certificate.code}" in page and "Half of what the platform charges." in page


def modules(svg: str) -> list[tuple[int, int]]:
    """The dark modules of a drawn code, by row and column, without its quiet zone."""
    (line,) = re.findall(r'<path stroke="#000" d="([^"]+)"', svg)
    found, x, y = [], 0.0, 0.0
    for word, given in re.findall(r"([Mmh])([-\d. ]+)", line):
        numbers = [float(number) for number in re.findall(r"-?[\d.]+", given)]
        if word == "h":
            found += [(int(y) - qr.QUIET, int(x) - qr.QUIET + step) for step in range(int(numbers[0]))]
            x += numbers[0]
        else:
            x, y = (numbers[0], numbers[1]) if word == "M" else (x + numbers[0], y + numbers[1])
    return found


def test_the_code_on_paper_opens_the_page_that_says_whether_it_is_valid(desk: Desk) -> None:
    certificate = desk.scene.certificate(desk.scene.fund())
    page = desk.visitor.get(f"{desk.path}/{certificate.public_id}/print").text
    (svg,) = re.findall(r'<svg role="img"[^>]*class="qr".*?</svg>', page)
    base = desk.visitor.installation.settings.base_url
    expected = segno.make(f"{base}/g/{certificate.code}", error="q", micro=False)

    dark = {(row, at) for row, line in enumerate(expected.matrix) for at, bit in enumerate(line) if bit}
    assert set(modules(svg)) == dark and len(dark) > 200
    assert "style" not in svg and desk.visitor.get(f"/g/{certificate.code}").status_code == 200


def test_an_offer_cannot_be_printed(desk: Desk) -> None:
    certificate = offered(desk.scene, desk.scene.fund())
    assert desk.visitor.get(f"{desk.path}/{certificate.public_id}/print").status_code == 409


def test_nothing_of_another_partner_opens(desk: Desk) -> None:
    scene = desk.scene
    other = a_second_partner(scene)
    fund = scene.fund(rule={})
    with scene.as_vendor() as session:
        theirs = service.grant(session, scene.vendor, fund.public_id, other.organisation_id, Terms(10_000))
    with scene.installation.web.transaction(other.organisation_id) as session:
        said = elsewhere.Noted("Contoso", 100, "EUR")
        note = elsewhere.note(session, other, said)
    for path in (f"/{theirs.public_id}", f"/{theirs.public_id}/print", f"/elsewhere/{note.public_id}"):
        assert desk.visitor.get(f"{desk.path}{path}").status_code == 404, path
    assert "Contoso" not in desk.page("/elsewhere")


def a_note(**changes: str) -> dict[str, str]:
    given = {"vendor_name": "Contoso Cloud", "amount": "1'500", "currency": "EUR", "share": "50"}
    return {**given, "use_by_on": "2030-12-01", "claim_by_on": "2031-02-01", "note": EVIL, **changes}


def money(desk: Desk) -> list[ElsewhereMoney]:
    with desk.scene.as_worker() as session:
        return list(session.scalars(select(ElsewhereMoney)))


def test_money_from_elsewhere_is_noted_changed_moved_and_deleted(database: Installation) -> None:
    desk = at_desk(a_scene(database), Role.FINANCE)
    page = plain(desk.visitor.follow(desk.visitor.post(f"{desk.path}/elsewhere", a_note())).text)
    (noted,) = money(desk)
    assert (noted.amount, noted.currency, noted.share_bp) == (150_000, "EUR", 5_000)
    assert "Contoso Cloud" in page and "EUR 1,500" in page and "Use by" in page

    path = f"{desk.path}/elsewhere/{noted.public_id}"
    assert "1500" in desk.visitor.get(f"{path}/edit").text
    desk.visitor.follow(desk.visitor.post(path, a_note(amount="1.200,50", share="33,33")))
    desk.visitor.follow(desk.visitor.post(f"{path}/status", {"status": "used"}))
    (changed,) = money(desk)
    assert (changed.amount, changed.share_bp, changed.status) == (120_050, 3_333, ElsewhereStatus.USED)
    assert desk.visitor.post(f"{path}/status", {"status": "paid"}).status_code == 409
    assert "Delete the note about Contoso Cloud?" in desk.visitor.get(f"{path}/delete").text
    desk.visitor.follow(desk.visitor.post(f"{path}/delete"))
    assert money(desk) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("vendor_name", ""),
        ("amount", "-5"),
        ("amount", ""),
        ("currency", "ZZZ"),
        ("share", "half"),
        ("share", "0"),
        ("share", "1e9"),
        ("use_by_on", "1 May"),
        ("claim_by_on", "2030-11-30"),
    ],
)
def test_a_note_that_cannot_be_read_is_shown_again(desk: Desk, field: str, value: str) -> None:
    answer = desk.visitor.post(f"{desk.path}/elsewhere", a_note(**{field: value}))
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert money(desk) == []


def test_papers_of_a_note_are_added_given_back_and_removed(desk: Desk) -> None:
    form = {**a_note(), "file": (BytesIO(PDF), "terms.pdf")}
    desk.visitor.follow(desk.visitor.post(f"{desk.path}/elsewhere", form))
    path = f"{desk.path}/elsewhere/{money(desk)[0].public_id}"
    page = desk.visitor.get(path).text
    href, question = re.findall(r'href="([^"]+/files/[^"]+)"', page)
    assert question == f"{href}/delete" and "Remove “terms.pdf”?" in desk.visitor.get(question).text
    assert desk.visitor.get(href).data == PDF
    assert desk.visitor.post(f"{path}/files", {"file": (BytesIO(b"MZ"), "a.exe")}).status_code == 422
    assert desk.visitor.post(f"{path}/files").status_code == 422
    assert desk.visitor.get(f"{desk.path}/elsewhere.csv").text.count("\r\n") == 2  # the header and the note
    desk.visitor.follow(desk.visitor.post(f"{href}/delete"))
    assert desk.visitor.get(href).status_code == 404


def test_a_body_beyond_the_bound_is_refused_unread(desk: Desk) -> None:
    form = {**a_note(), "file": (BytesIO(PDF + b"0" * (11 * 1024 * 1024)), "terms.pdf")}
    assert desk.visitor.post(f"{desk.path}/elsewhere", form).status_code == 413
    assert money(desk) == []


def test_pages_speak_german(desk: Desk) -> None:
    desk.scene.certificate(desk.scene.fund())
    with desk.scene.as_worker() as session:
        for user in session.scalars(select(User)):
            user.locale = "de"
    assert "Förderzertifikat" in desk.page()


def test_what_is_asked_twice_by_one_press_is_asked_once(desk: Desk) -> None:
    form = a_form(desk.scene.fund(rule={}), request_key="k" * 24)
    first = desk.visitor.post(f"{desk.path}/ask", form)
    again = desk.visitor.post(f"{desk.path}/ask", form)
    assert first.status_code == again.status_code == 303
    assert len(desk.asked()) == 1


def test_the_balances_still_prove_after_all_of_it(desk: Desk) -> None:
    fund = desk.scene.fund()
    desk.visitor.post(f"{desk.path}/ask", a_form(fund))
    offer = offered(desk.scene, fund)
    desk.visitor.post(f"{desk.path}/{offer.public_id}/decline")
    assert desk.scene.prove() == []
    with desk.scene.as_partner() as session:
        assert len(queries.certificates_for(session, desk.scene.partner)) == 2

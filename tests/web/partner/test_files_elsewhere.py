"""Files in a bucket: pages hand out addresses that last a minute, to whoever may read the file."""

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

import pytest

from tests import s3 as buckets
from tests.installation import Installation
from tests.tcma.funds.scene import a_scene
from tests.web.partner.test_funding import PDF, a_form, at_desk
from tests.web.people import stranger


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    with buckets.served() as found:
        yield found


def on(installation: Installation, storage: str) -> Installation:
    return replace(installation, settings=replace(installation.settings, storage=storage))


def test_a_quote_in_a_bucket_is_downloaded_from_there_by_who_may_read_it(
    database: Installation, endpoint: str
) -> None:
    storage = f"s3://{buckets.a_bucket(endpoint)}?endpoint={endpoint}&region=eu-central-1"
    desk = at_desk(a_scene(on(database, storage)))
    form = {**a_form(desk.scene.fund(rule={})), "file": (BytesIO(PDF), "Quote <2026>.pdf")}
    desk.visitor.follow(desk.visitor.post(f"{desk.path}/ask", form))
    (asked,) = desk.asked()
    path = f"{desk.path}/requests/{asked.public_id}/file"

    answer = desk.visitor.get(path)

    assert answer.status_code == 302
    assert answer.headers["Cache-Control"] == "private, no-store"
    address = answer.headers["Location"]
    assert parse_qs(urlsplit(address).query)["X-Amz-Expires"] == ["60"]
    with urlopen(address, timeout=10) as download:
        assert download.read() == PDF
        assert download.headers["Content-Disposition"] == "attachment; filename*=UTF-8''Quote%202026.pdf"
    assert "X-Amz" not in stranger(desk.visitor.app).get(path).headers.get("Location", "")


def test_a_bucket_that_is_away_is_told_in_a_sentence_and_nothing_is_asked(
    database: Installation, endpoint: str
) -> None:
    desk = at_desk(a_scene(on(database, f"s3://no-such-bucket?endpoint={endpoint}&region=eu-central-1")))
    form = {**a_form(desk.scene.fund(rule={})), "file": (BytesIO(PDF), "quote.pdf")}

    answer = desk.visitor.post(f"{desk.path}/ask", form)

    assert answer.status_code == 503
    assert "The file storage does not answer. Nothing was changed." in answer.text
    assert desk.asked() == []

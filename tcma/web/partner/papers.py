"""Files that people lay to money: taken from a form, and given back as a download that a browser never runs."""

from flask import Response, request

from tcma.funds import papers
from tcma.funds.papers import Paper
from tcma.web.frame import installation
from tcma.web.unit import viewer

BODY = papers.LARGEST + 128 * 1024  # a form with one file of the largest size
ACCEPT = ".pdf,.png,.jpg,.jpeg,.gif,.webp,application/pdf,image/*"


def kept(field: str = "file") -> Paper | None:
    """The file of a form, looked at and kept; None when there is none. Invalid says what is wrong with it. Reads
    and hashes, so it is called before a transaction begins."""
    sent = request.files.get(field)
    if sent is None or not sent.filename:
        return None
    content = sent.stream.read(papers.LARGEST + 1)
    return papers.keep(installation().storage, viewer().organisation_id, sent.filename, content)


def download(owner_id: int, name: str, content_type: str, sha256: str) -> Response:
    """Always a download, of the type its content was found to be, in a box of its own; from the storage itself
    where that has addresses."""
    elsewhere = papers.address(installation().storage, owner_id, sha256, content_type, name)
    if elsewhere is not None:
        answer = Response(status=302, headers={"Location": elsewhere})
        answer.headers["Cache-Control"] = "private, no-store"
        return answer
    content = papers.fetch(installation().storage, owner_id, sha256)
    answer = Response(content, content_type=content_type)
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer

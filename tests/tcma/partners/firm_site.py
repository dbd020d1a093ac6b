"""A firm's web site over loopback: pages with and without a logo, and every way to fail."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tcma.partners import website
from tests.tcma.launches.world import LOGO

HEAD = '<link rel="icon" href="/icon.ico"><script type="application/ld+json">%s</script>'
PAGES = {
    "/": '<header><img class="site-logo" src="data:image/gif;base64,AA"><img alt="Our logo" src="/logo.svg">',
    "/told": HEAD % '{"@type": "Organization", "logo": {"url": "/logo.svg"}}',
    "/second": '<img class="logo" src="/broken.png"><img id="logo" src="/logo.svg">',
    "/none": "<img src='/team.jpg'>" + HEAD % ("[" * 5_000),
    "/inside": '<img class="logo" src="http://169.254.169.254/latest/logo.png">',
}


class _Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/moved":
            return self._answer(301, b"", "/")
        if self.path == "/loop":
            return self._answer(302, b"", "/loop")
        if self.path == "/away":
            return self._answer(302, b"", "file:///etc/passwd")
        if self.path == "/large":
            return self._answer(200, b"<p>" * website.MOST_PAGE)
        if self.path == "/trickle":
            return self._trickle()
        if self.path == "/logo.svg":
            return self._answer(200, LOGO)
        if self.path in PAGES:
            return self._answer(200, PAGES[self.path].encode())
        return self._answer(200 if self.path == "/broken.png" else 404, b"\x89PNG no more")

    def _trickle(self) -> None:
        """A byte now and then, without end."""
        self.send_response(200)
        self.end_headers()
        try:
            while True:
                self.wfile.write(b"<")
                time.sleep(0.05)
        except OSError:
            return

    def _answer(self, status: int, content: bytes, location: str = "") -> None:
        self.send_response(status)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def served() -> Iterator[str]:
    """The address of the site while it is up."""
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{httpd.server_port}"
    finally:
        httpd.shutdown()
        httpd.server_close()

"""Somebody who is signed in, at a browser without scripts: opens pages and presses the buttons of their forms."""

import re
import secrets
from collections.abc import Mapping
from html import unescape
from http.cookies import SimpleCookie

from tcma.bench.demo.browser import Answer, ask, hidden
from tcma.bench.demo.house import House
from tcma.errors import DomainError
from tcma.organisations import links
from tcma.organisations import queries as organisations

_ERRORS = re.compile(r'<p class="error"[^>]*>(.*?)</p>', re.DOTALL)


class Member:
    def __init__(self, base_url: str) -> None:
        self._base, self._cookies = base_url, dict[str, str]()

    @classmethod
    def signed_in(cls, house: House, email: str) -> "Member":
        """By a link as it comes by mail."""
        with house.installation.owner.transaction() as session:
            token = links.make(session, organisations.find_user(session, email), "/account/").token
        member = cls(house.base_url)
        member.press(f"/sign-in/{token}", f"/sign-in/{token}")
        return member

    def open(self, path: str) -> str:
        answer = self._ask("GET", path)
        if answer.status != 200:
            raise DomainError(f"{path} answered {answer.status}.")
        return answer.text

    def press(
        self,
        path: str,
        action: str,
        fields: Mapping[str, str] | None = None,
        file: tuple[str, bytes] | None = None,
    ) -> str:
        """Fill in the form with this action on the page `path` and send it; the page one comes to, or where that
        is. `file`: name of the field, content. DomainError says what the form complained of."""
        form = hidden(self.open(path), action) | dict(fields or {})
        answer = self._sent(action, form, file)
        if answer.status != 303:
            said = "; ".join(
                unescape(re.sub(r"<[^>]+>", "", one)).strip() for one in _ERRORS.findall(answer.text)
            )
            raise DomainError(f"The form {action} answered {answer.status}: {said[:300]}")
        return answer.location

    def _sent(self, action: str, form: Mapping[str, str], file: tuple[str, bytes] | None) -> Answer:
        if file is None:
            return self._ask("POST", action, form)
        mark = secrets.token_hex(8)
        named = [(f'name="{name}"', value.encode()) for name, value in form.items()]
        named.append((f'name="{file[0]}"; filename="list.csv"', file[1]))
        head = f"--{mark}\r\nContent-Disposition: form-data; "
        body = b"".join(f"{head}{what}\r\n\r\n".encode() + value + b"\r\n" for what, value in named)
        content = {"Content-Type": f"multipart/form-data; boundary={mark}"}
        return self._ask("POST", action, None, content, body + f"--{mark}--\r\n".encode())

    def _ask(
        self,
        method: str,
        path: str,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> Answer:
        sent = {"Accept-Language": "en", **(headers or {})}
        if self._cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        answer = ask(method, f"{self._base}{path}", form, headers=sent, body=body)
        for name, morsel in SimpleCookie(answer.headers.get("Set-Cookie", "")).items():
            self._cookies[name] = morsel.value
        return answer

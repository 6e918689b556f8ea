"""The two cookies of the page: of a session, and of the login form before there is one. May touch nothing but answers.

Both are HttpOnly; where the page is served by https they are Secure and bear the prefix __Host-, so that no other host of
the domain can set them. They end with the browser; the session itself ends sooner (monitor.accounts.logins).
"""

from dataclasses import dataclass

from starlette.requests import cookie_parser
from starlette.responses import Response


@dataclass(frozen=True, slots=True)
class Cookies:
    """`public_url`: the address under which the page is reached."""

    public_url: str

    @property
    def secure(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def session(self) -> str:
        return "__Host-gongkai" if self.secure else "gongkai"

    @property
    def before(self) -> str:
        """Of the login form: its token is made of this cookie, so that nobody logs others in by a form of his own."""
        return "__Host-gongkai-login" if self.secure else "gongkai-login"

    def set(self, answer: Response, name: str, value: str) -> None:
        answer.set_cookie(name, value, path="/", secure=self.secure, httponly=True, samesite="lax")

    def drop(self, answer: Response, name: str) -> None:
        answer.delete_cookie(name, path="/", secure=self.secure, httponly=True, samesite="lax")


def cookies_of(headers: list[tuple[bytes, bytes]]) -> dict[str, str]:
    """The cookies of a request."""
    said = "; ".join(value.decode("latin-1") for name, value in headers if name == b"cookie")
    return cookie_parser(said) if said else {}

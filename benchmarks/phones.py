"""A small HTTP client that counts: one kept-alive connection per phone, on this machine only."""

from __future__ import annotations

import asyncio
import gzip
import time
from collections import defaultdict
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlencode

HOST = "127.0.0.1"


@dataclass
class Tally:
    """What a crowd of phones went through. times: name of the step -> seconds of each request."""

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: int = 0
    finished: int = 0
    #: asked to come again because too many sign in at once
    sent_away: int = 0

    @property
    def requests(self) -> int:
        return sum(map(len, self.times.values()))

    def percentile(self, step: str, share: float) -> float:
        """Milliseconds below which that share of a step's requests lay."""
        ordered = sorted(self.times[step]) or [0.0]
        return 1000 * ordered[min(int(len(ordered) * share), len(ordered) - 1)]


@dataclass(frozen=True)
class Page:
    """wait: seconds after which the server asks to come again, 0 when it does not."""

    status: int
    location: str
    text: str
    wait: int = 0

    def asks(self, name: str) -> bool:
        """Whether there is a field of that name."""
        return f'name="{name}"' in self.text

    def hidden(self, name: str) -> str:
        """The value of a hidden field."""
        return unescape(self.text.partition(f'name="{name}"')[2].partition('value="')[2].partition('"')[0])


class Phone:
    """One person's browser: cookies, one connection, every request timed and counted."""

    def __init__(self, port: int, tally: Tally, name: str = "", cookie: str = ""):
        self.name, self.tally, self.cookie, self._port = name, tally, cookie, port
        self._cookies = {"school": cookie} if cookie else {}
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, path: str, step: str) -> Page:
        """A page, redirects followed."""
        page = await self._ask("GET", path, "", step)
        while page.location:
            page = await self._ask("GET", page.location, "", step)
        return page

    async def post(self, path: str, step: str, *, json: bool = False, **fields) -> Page:
        """Send a form; a redirect is not followed."""
        return await self._ask("POST", path, urlencode(fields, doseq=True), step, json=json)

    async def _ask(self, method: str, path: str, body: str, step: str, *, json: bool = False) -> Page:
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        kind = "Content-Type: application/x-www-form-urlencoded\r\n" if body else ""
        wants = f"Accept-Encoding: gzip\r\nAccept: {'application/json' if json else 'text/html'}\r\n"
        head = f"{method} {path} HTTP/1.1\r\nHost: {HOST}\r\nCookie: {cookies}\r\n{wants}{kind}"
        began = time.perf_counter()
        if self._streams is None or self._streams[0].at_eof():  # the server lets go of a line that was idle for long
            self._streams = await asyncio.open_connection(HOST, self._port)
        reader, writer = self._streams
        writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode())
        status, told = self._read(await reader.readuntil(b"\r\n\r\n"))
        content = await reader.readexactly(int(told.get("content-length", "0")))
        self.tally.times[step].append(time.perf_counter() - began)
        away = status == 503 and step == "password"
        self.tally.sent_away += away
        self.tally.errors += status >= 400 and not away
        text = gzip.decompress(content) if told.get("content-encoding") == "gzip" else content
        return Page(status, told.get("location", ""), text.decode(), int(told.get("retry-after", "0")))

    def _read(self, head: bytes) -> tuple[int, dict[str, str]]:
        """Status and headers; cookies are kept."""
        first, *lines = head.decode().split("\r\n")
        told = {}
        for line in lines:
            name, _, value = line.partition(": ")
            if name.lower() == "set-cookie":
                cookie, _, content = value.partition(";")[0].partition("=")
                self._cookies[cookie] = content
            told[name.lower()] = value
        return int(first.split()[1]), told

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()

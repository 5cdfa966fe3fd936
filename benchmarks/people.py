"""What people do on an evening: come, sign in, answer, hand in, read the receipt. Every request is timed by its step."""

from __future__ import annotations

import asyncio
import json
import random
import re
import time
from collections.abc import Callable, Coroutine
from itertools import count

from benchmarks import scene
from benchmarks.phones import Page, Phone

#: seconds after which a page that heard nothing asks for the time (quiz.js)
SILENCE = 25
#: rises through all stretches, as a save must be newer than the one before
SEQUENCE = count(1)

Way = Callable[[Phone, "scene.Scene", float, random.Random], Coroutine]


async def with_script(phone: Phone, made: scene.Scene, pause: float, dice: random.Random) -> None:
    """The ordinary phone: the whole paper on one page, each answer saved without leaving it. pause: seconds per answer."""
    base, page = await _come(phone, made)
    page = await phone.get((await _begin(phone, base, page)).location, "paper")
    token, first = page.hidden("csrf_token"), int(page.hidden("sequence"))
    judged = set(re.findall(r'id="a(\d+)-1"[^>]*value="true"', page.text))
    for position in range(1, made.questions + 1):
        await _think(phone, base, dice.uniform(0.5, 1.5) * pause)
        given = "true" if str(position) in judged else dice.choice("abcd")
        fields = {"csrf_token": token, "sequence": first + position, "packet": f"{position}", "given": given}
        await phone.post(f"{base}/{position}", "save", json=True, **fields)
    await _hand_in(phone, base)


async def _think(phone: Phone, base: str, seconds: float) -> None:
    """What the page does while its person reads."""
    while seconds > SILENCE:
        await asyncio.sleep(SILENCE)
        await phone.get(f"{base}/time", "time")
        seconds -= SILENCE
    await asyncio.sleep(seconds)


async def page_by_page(phone: Phone, made: scene.Scene, pause: float, dice: random.Random) -> None:
    """A phone that runs no script: a form sent and a page fetched for every answer."""
    base, page = await _come(phone, made)
    await _begin(phone, base, page)
    page = await phone.get(f"{base}/1", "page")
    for position in range(1, made.questions + 1):
        await asyncio.sleep(dice.uniform(0.5, 1.5) * pause)
        fields = {name: page.hidden(name) for name in ("csrf_token", "sequence", "packet")}
        given = "true" if 'value="true"' in page.text else dice.choice("abcd")
        go = str(position + 1) if position < made.questions else "hand-in"
        onward = await phone.post(f"{base}/{position}", "save", **fields, given=given, go=go)
        page = await phone.get(onward.location, "page")
    await _hand_in(phone, base)


async def _come(phone: Phone, made: scene.Scene) -> tuple[str, Page]:
    """Open the link, and sign in where the page asks for it. Returns the round's address and its cover."""
    base = f"/quiz/{made.round_id}"
    page = await phone.get(base, "open")
    if page.asks("login_name"):
        page = await phone.get(await _sign_in(phone, page, base), "open")
    return base, page


async def _sign_in(phone: Phone, page: Page, base: str) -> str:
    """Give the password as sign-in.js does: again when the server says so. The time is the whole time until one is in."""
    told = {"csrf_token": page.hidden("csrf_token"), "login_name": phone.name, "password": scene.PASSWORD, "next": base}
    began = time.perf_counter()
    while True:
        reply = await phone.post("/sign-in", "password", json=True, **told)
        if reply.status != 503:
            phone.tally.times["signed in"].append(time.perf_counter() - began)
            return json.loads(reply.text)["onward"]
        await asyncio.sleep(reply.wait)


async def _begin(phone: Phone, base: str, cover: Page) -> Page:
    return await phone.post(f"{base}/begin", "begin", csrf_token=cover.hidden("csrf_token"))


async def _hand_in(phone: Phone, base: str) -> None:
    page = await phone.get(f"{base}/hand-in", "hand in")
    await phone.post(f"{base}/hand-in", "hand in", csrf_token=page.hidden("csrf_token"))
    page = await phone.get(f"{base}/result", "result")
    phone.tally.finished += "回执号" in page.text


async def crowd(phones: list[Phone], made: scene.Scene, way: Way, *, coming: float, pause: float) -> None:
    """So many come in a second (coming), each goes the way at their own moment."""

    async def person(number: int, phone: Phone) -> None:
        await asyncio.sleep(number / coming)
        try:
            await way(phone, made, pause, random.Random(number))
        except (OSError, EOFError, ValueError, KeyError) as error:
            print(f"{phone.name}: {error!r}")
            phone.tally.errors += 1
        finally:
            phone.close()

    await asyncio.gather(*(person(number, phone) for number, phone in enumerate(phones)))


async def writers(
    phones: list[Phone], path: str, token: str, positions: int, *, until: Callable[[], bool], pause: float = 0
) -> None:
    """Each phone saves one answer after the other until told to stop, asking for JSON as quiz.js does."""

    async def write(phone: Phone) -> None:
        while not until():
            sequence = next(SEQUENCE)
            fields = {"csrf_token": token, "sequence": sequence, "packet": f"{sequence}", "given": "a"}
            await phone.post(f"{path}{1 + sequence % positions}", "save", json=True, **fields)
            await asyncio.sleep(pause)
        phone.close()

    await asyncio.gather(*map(write, phones))


async def token_at(phone: Phone, path: str) -> str:
    """The token of a page's form: the same for all of the scene, whose sessions share their secret."""
    token = (await phone.get(path, "page")).hidden("csrf_token")
    phone.close()
    return token

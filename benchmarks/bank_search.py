"""How long the pages of a bank of 50,000 questions take on the server: builds one in a scratch SQLite file and asks.

    python benchmarks/bank_search.py [questions] [database URL of an empty scratch database]

Prints per page, database, template and all: the best and the worst of five requests, and the processor's part of the
best in this process, in milliseconds; on a busy machine the second figure is the one to compare.
"""

from __future__ import annotations

import random
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from time import perf_counter, process_time

sys.path.insert(0, str(Path(__file__).parents[1]))

from school import clock, settings
from school import db as ground
from school.access import Role
from school.accounts import actions as accounts
from school.app import create_app
from school.migrations.steps import migrate
from school.questions import intake
from school.questions.draft import Citation, Draft
from school.questions.models import QuestionVersion
from school.questions.shelf_actions import Shelf, take
from tests import makers

TIMES = 5
SHIPPED = sorted((Path(__file__).parents[1] / "question_banks").glob("*.txt"))
#: what is asked: found by many, by few, by none; by initials; by every filter; the last page there is
PAGES = {
    "first page": "",
    "last page": "?page=20",
    "a common word": "?words=承包",
    "a rare word": "?words=第777号",
    "three words": "?words=承包 三十年 第88",
    "a word nobody wrote": "?words=麒麟",
    "initials": "?words=cbqx",
    "initials nobody has": "?words=qqxxzz",
    "a topic and a difficulty": "?topic=专题7&difficulty=3",
    "a law and a word": "?law=农村土地承包法&words=届满",
    "waiting, by farmers' questions": "?state=in_review&audience=farmer",
    "retired": "?state=retired",
}


def drafts(count: int):
    """The shipped questions again and again, each told apart by a number in its stem."""
    shipped = [draft for path in SHIPPED for draft in intake.read(path.read_bytes(), path.name).drafts]
    for number in range(count):
        draft = shipped[number % len(shipped)]
        yield Draft(
            draft.kind,
            f"（第{number}号）{draft.stem}",
            draft.options,
            draft.key,
            draft.explanation,
            Citation(draft.citation.law, draft.citation.article, draft.citation.version_on, draft.citation.basis),
            topic=f"专题{number % 40}",
            point=draft.point,
            difficulty=number % 5 + 1,
            audience=draft.audience,
            code=f"Q{number:06}",
        )


def fill(engine, count: int) -> tuple[int, str]:
    """Put the questions into a bank; the bank's id and the token of an officer's session."""
    now = clock.now()
    with ground.writing(engine) as db:
        county = makers.make_unit(db)
        officer = makers.make_account(db, makers.make_person(db, "县管理员", county), {Role.OFFICER: county})
        bank = makers.make_bank(db, county)
        shelf, dice = Shelf(db, bank.id, []), random.Random(7)
        for number, draft in enumerate(drafts(count), 1):
            take(shelf, draft, trusted=False, by=makers.ROOT, now=now)
            if number % 2000 == 0:
                db.flush()
                db.expunge_all()
        db.flush()
        states = ["reviewed"] * 18 + ["in_review", "retired"]
        for version in db.query(QuestionVersion).yield_per(1000):
            version.state = dice.choice(states)
        lasts = {"device": "", "lasts": timedelta(days=1), "must_change": False}
        return bank.id, accounts.sign_in(db, officer, address="", now=now, **lasts)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    with tempfile.TemporaryDirectory() as folder:
        url = sys.argv[2] if len(sys.argv) > 2 else ""
        app = create_app(settings.Settings(data_dir=Path(folder), database_url=url))
        engine = app.extensions["engine"]
        migrate(engine)
        begun = perf_counter()
        bank_id, token = fill(engine, count)
        print(f"{count} questions put into the bank in {perf_counter() - begun:.0f} s")
        browser = app.test_client()
        with browser.session_transaction() as session:
            session["_user_id"], session["_fresh"] = token, True
        pages = {name: f"/banks/{bank_id}{query}" for name, query in PAGES.items()}
        pages |= {"the list of banks": "/banks/", "what waits": f"/banks/{bank_id}/review"}
        for name, page in pages.items():
            print(f"{name:32} {timed(browser, page)}")
        engine.dispose()


def timed(browser, page: str) -> str:
    """Best and worst of several requests, and the least processor time, in ms."""
    taken, busy = [], []
    for _ in range(TIMES):
        begun, worked = perf_counter(), process_time()
        answer = browser.get(page)
        taken.append((perf_counter() - begun) * 1000)
        busy.append((process_time() - worked) * 1000)
        assert answer.status_code == 200, answer.status_code
    return f"{min(taken):6.0f} … {max(taken):4.0f} ms, processor {min(busy):4.0f} ms"


if __name__ == "__main__":
    main()

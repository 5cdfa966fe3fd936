"""A make-up from the closed month to the correction, through the pages: planned, published, answered, closed, counted."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from school.access import Role
from tests import makers
from tests.journeys.test_one_month import text_of
from tests.makers import later
from tests.reports.test_workbook import sheet

OVER = later(hours=3)
WEEK = timedelta(days=7)


@pytest.fixture
def county(db, cast, now):
    """A round of the county that is over: of twelve in 青杠镇 nine have full points, two 5 and one did not come."""
    people = [makers.make_person(db, f"学员{number:02}", cast.town) for number in range(12)]
    for unit_people in (cast.officer, cast.clerk, cast.teacher, cast.committee, cast.outsider, cast.learner):
        unit_people.person.assignments[0].counts = False
    round_ = makers.make_round(db, cast.county, questions=12)
    accounts = [makers.make_account(db, person) for person in people]
    for number, person in enumerate(people[:11]):
        makers.make_attempt(db, round_, person, 4 if number < 9 else 1)
    db.commit()
    now(OVER)
    return round_, accounts


def sit(browser, round_url: str, *, right: bool) -> None:
    """Begin, answer the two singles and the multi wrongly or rightly and the judge item, hand in."""
    quiz = round_url.replace("/rounds/", "/quiz/")
    browser.send(f"{quiz}/begin")
    for position in range(1, 5):
        page = browser.get(f"{quiz}/{position}").text
        hidden = {name: re.search(rf'name="{name}" value="([^"]+)"', page)[1] for name in ("sequence", "packet")}
        judge = 'value="true"' in page
        given = [("true" if right else "false")] if judge else _options(page, right)
        browser.send(f"{quiz}/{position}", given=given, go="hand-in" if position == 4 else str(position + 1), **hidden)
    browser.send(f"{quiz}/hand-in")


def _options(page: str, right: bool) -> list[str]:
    """Of a single "a" is right, of a multi "a" and "b": see makers.make_question."""
    if not right:
        return ["c"]
    return ["a", "b"] if 'type="checkbox"' in page else ["a"]


def stems(browser, round_url: str) -> set[str]:
    """The questions a person was asked, as the result page shows them."""
    page = browser.get(round_url.replace("/rounds/", "/quiz/") + "/result").text
    return set(re.findall(r'<p class="question">([^<]+)</p>', page))


@pytest.mark.parametrize(
    ("rule", "passed", "absent", "mean", "said"),
    [
        ("first", "81.82%（9／11）", 1, "17.27", "补考合格不计入合格人数"),
        ("best", "91.67%（11／12）", 0, "18.75", "各项数字已经这样计入"),
        ("last", "91.67%（11／12）", 0, "18.33", "各项数字已经这样计入"),
    ],
)
def test_a_make_up_from_the_closed_month_to_the_paper(client, cast, db, county, now, rule, passed, absent, mean, said):
    """rules.md 25, 26, 29, 53"""
    round_, accounts = county
    round_.makeup_rule = rule
    db.commit()
    officer = client.as_(cast.officer)
    month = officer.send(f"/results/rounds/{round_.id}/close").location
    assert "81.82%（9/11）" in officer.get(month).text

    draft = officer.send(
        f"/rounds/{round_.id}/makeup",
        whom="both",
        opens_at="2026-11-27T20:00",
        closes_at="2026-11-27T22:00",
        minutes="30",
    ).location
    assert "现在是 3 人" in officer.get(f"{draft}/makeup/publish").text
    officer.send(f"{draft}/makeup/publish")

    now(later(days=7, minutes=5))
    assert client.as_(accounts[0]).get(draft.replace("/rounds/", "/quiz/")).status_code == 404
    assert "2026年11月政策测试补考" in client.as_(accounts[9]).get("/quiz/").text
    sit(client.as_(accounts[9]), draft, right=True)
    sit(client.as_(accounts[10]), draft, right=False)
    sit(client.as_(accounts[11]), draft, right=True)

    now(OVER + WEEK)
    learner = client.as_(accounts[9])
    first, second = (stems(learner, url) for url in (f"/rounds/{round_.id}", draft))
    assert (len(first), len(second), first & second) == (4, 4, set())

    officer = client.as_(cast.officer)
    own = officer.send(f"/results{draft}/close").location
    assert "这是“2026年11月政策测试”的补考" in officer.get(own).text
    assert "签发" not in officer.get(own).text
    assert officer.send(f"/reports/of/{own.rsplit('/', 1)[1]}", format="pdf").status_code == 409

    beside = officer.get(month).text
    assert "81.82%（9/11）" in beside
    assert counts(beside) == {"应补考": 3, "补考缺考": 0, "补考实考": 3, "补考合格": 2}
    asked = officer.get(f"{month}/correct").text
    assert "“2026年11月政策测试补考”已结束，补记补考结果" in asked
    new = officer.send(f"{month}/correct", reason="补考已结束").location

    page = officer.get(new).text
    assert passed.replace("／", "/") in page
    assert counts(page) == {"应补考": 3, "补考缺考": 0, "补考实考": 3, "补考合格": 2}
    assert said in page
    assert "81.82%（9/11）" in officer.get(month).text
    people_behind(officer, new, rule)
    papers(officer, new, passed, absent, mean, said)

    opened = officer.get("/followups/months").text
    assert "补考" not in opened
    outsider = client.as_(makers.make_account(db, makers.make_person(db, "外县"), {Role.OFFICER: foreign(db)}))
    urls = [own, f"{month}/correct", f"/rounds/{round_.id}/makeup", f"{draft}/makeup/publish"]
    assert [outsider.get(url).status_code for url in urls] == [404] * 4


def foreign(db):
    unit = makers.make_unit(db, "邻县")
    db.commit()
    return unit


def counts(page: str) -> dict[str, int]:
    """The four numbers of the make-up as the page prints them."""
    return {word: int(number) for word, number in re.findall(r'aria-label="([^" ]*补考[^" ]*) (\d+) 人，看名单"', page)}


def people_behind(officer, month: str, rule: str) -> None:
    """Behind the pass rate stands which result counted and why; both are there in points."""
    page = re.sub(r"\s+", " ", officer.get(f"{month}/people?state=sat&band=passed").text)
    lines = {name: page.partition(f">{name}<")[2].partition("</tr>")[0] for name in ("学员09", "学员10", "学员11")}
    expected = {
        "first": ("以原测为准，补考优秀", "以原测为准，补考未合格", "以原测为准，补考优秀"),
        "best": ("以补考为准，原测未合格", "以原测为准，补考未合格", "以补考为准，原测缺考"),
        "last": ("以补考为准，原测未合格", "以补考为准，原测未合格", "以补考为准，原测缺考"),
    }[rule]
    assert [why in lines[name] for why, name in zip(expected, lines, strict=True)] == [True] * 3
    assert ("原测 5，补考 20" in lines["学员09"], "原测 5，补考 0" in lines["学员10"]) == (True, True)
    made_up = officer.get(f"{month}/people?state=made_up").text
    assert "其中计入“补考合格”2 人" in made_up


def papers(officer, month: str, passed: str, absent: int, mean: str, said: str) -> None:
    """PDF and Excel print 补考合格 beside the six counts, the rule, and the figures it gives."""
    for format in ("pdf", "xlsx"):
        officer.send(f"/reports/of/{month.rsplit('/', 1)[1]}", format=format)
    issued = officer.get(f"/reports?result={month.rsplit('/', 1)[1]}").text
    files = [officer.get(url).data for url in sorted(set(re.findall(r'href="(/reports/\d+/file)"', issued)))]
    pdf = next(file for file in files if file.startswith(b"%PDF"))
    book = next(file for file in files if not file.startswith(b"%PDF"))
    text = re.sub(r"\s", "", text_of(pdf))
    assert "补考：应补考3人，缺考0人，实考3人，补考合格2人。" in text
    assert (said in text, f"缺考{absent}人" in text, f"合格率{passed}" in text, f"平均{mean}分" in text) == (True,) * 4
    heads, *rows = sheet(book, "单位")[2:]
    assert [dict(zip(heads, row, strict=True))["补考合格"] for row in rows] == [2, 2]

"""One month of a county, from the roster file to the closed case, through the pages only.

Nothing here reaches behind the door: what one page needs from another is read off the page or out of the PDF, as
people do. Only the first administrator is made as `school add-admin` makes one, and the clock is moved by hand.
"""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime

import pypdfium2
import pytest
import xlsxwriter

from school.access import Role
from tests import makers

PASSWORD = "Lingyun-2026"
WEAK, STRONG = "青杠镇", "雪松乡"
#: names that other systems lose, and some more
NAMES = ["王䶮", "买买提·艾力", "𠮷祥", "<b>甲</b>&", "阿依努尔·买合苏提江", *(f"学员{n:02}" for n in range(7))]

BANK = "专题：农村土地\n" + "".join(
    f"""
编号：D-{n:03}
题型：单选
对象：干部
题干：第 {n} 问，耕地的承包期是多少年？
A. 十年
B. 二十年
C. 三十年
D. 五十年
答案：C
解析：耕地的承包期为三十年。
依据：农村土地承包法 第二十一条第一款 2018-12-29
知识点：承包期限
难度：{n % 3 + 1}
"""
    for n in range(1, 25)
)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026 on the county's clock."""
    return datetime(2026, 11, day, hour - 8, minute, tzinfo=UTC)


def roster_file() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        units = book.add_worksheet("单位")
        rows = [["单位编码", "单位全称", "上级单位", "类别", "建制顺序"]]
        rows += [["D100", WEAK, "云岭县", "乡镇", "10"], ["D200", STRONG, "云岭县", "乡镇", "20"]]
        for number, row in enumerate(rows):
            units.write_row(number, 0, row)
        people = book.add_worksheet("人员")
        rows = [["云岭县干部花名册（2026年11月）"], ["工号", "姓名", "单位", "职务"]]
        for town, letter in ((WEAK, "Q"), (STRONG, "X")):
            rows += [[f"{letter}{n:03}", name, town, "干部"] for n, name in enumerate(NAMES, 1)]
        for number, row in enumerate(rows):
            people.write_row(number, 0, row)
    return out.getvalue()


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return "\n".join(page.get_textpage().get_text_range() for page in document)


class Walk:
    """Somebody at a browser, who follows what the pages offer and signs in again when the page asks for it."""

    def __init__(self, client, again=None):
        self.browser = client.application.test_client()
        self.again = again

    def awake(self) -> Walk:
        """Signed in, after however many days."""
        if self.again and (self.browser.get("/").location or "").startswith("/sign-in"):
            self.again(self)
        return self

    def get(self, url: str) -> str:
        answer = self.awake().browser.get(url, follow_redirects=True)
        assert answer.status_code == 200, (url, answer.status_code)
        return answer.text

    def send(self, url: str, **fields) -> str:
        """POST a form; the address it leads to."""
        answer = self.awake().browser.send(url, **fields)
        said = re.sub(r"<[^>]+>|\s+", " ", answer.text)[-1900:]
        assert answer.status_code in (302, 303), (url, answer.status_code, said)
        return answer.location

    def publish(self, url: str, **fields) -> None:
        """Send, and once more where the papers are shown first: those of a small bank are equally hard by luck only."""
        answer = self.awake().browser.send(url, **fields)
        if answer.status_code == 200:
            assert "各卷难度不相当，还没有发布" in answer.text
            answer = self.browser.send(
                url, **fields, shown=re.search(r'name="shown"[^>]*value="(\w+)"', answer.text)[1]
            )
        assert answer.status_code in (302, 303), url

    def upload(self, url: str, content: bytes, name: str, **fields) -> str:
        data = {"csrf_token": self.awake().browser.token(), "file": (io.BytesIO(content), name), **fields}
        answer = self.browser.post(url, data=data, content_type="multipart/form-data")
        assert answer.status_code == 302, answer.text
        return answer.location

    def first_sign_in(self, staff_no: str, code: str) -> Walk:
        self.browser.send("/sign-in", login_name=staff_no, password=code)
        self.browser.send("/password", new=PASSWORD, again=PASSWORD)
        self.again = lambda walk: walk.browser.send("/sign-in", login_name=staff_no, password=PASSWORD)
        return self

    def link(self, page: str, words: str) -> str:
        """Where the link with these words leads."""
        found = re.search(rf'href="([^"]+)"[^>]*>{re.escape(words)}<', self.get(page))
        assert found, (page, words)
        return found[1]


@pytest.fixture
def admin(client, db, now):
    """The county's first administrator, as `school add-admin` makes one."""
    now(at(2, 9))
    county = makers.make_unit(db, "云岭县", code="D000", order_no=1)
    roles = {Role.SYSADMIN: county, Role.OFFICER: county}
    account = makers.make_account(db, None, roles)

    def again(walk):
        walk.browser = client.as_(account)

    return Walk(client, again)


def test_one_month_from_the_roster_file_to_the_closed_case(client, admin, now):
    people = hand_out_slips(client, admin)
    officer = second_officer(client, admin, people)
    clerk = grant_clerk(admin, people)
    load_the_bank(admin, officer)
    hold_a_night(clerk, now)
    round_url = publish_a_round(admin, now)

    now(at(20, 19, 5))
    for staff_no, walk in people.items():
        take(walk, round_url, right=staff_no.startswith("X"))

    now(at(20, 21, 1))
    month = admin.send(f"/results/{round_url.strip('/')}/close")
    assert "青杠镇" in admin.get(month)
    report = issue(admin, month)
    for name in NAMES:
        assert name in report

    case = open_the_case(admin, month)
    walk_the_case(admin, officer, clerk, people, case, now)

    assert "已办结" in admin.get(case)
    assert admin.get("/followups?show=open").count("青杠镇") == 0
    ledger = admin.browser.get("/followups/ledger.pdf?show=closed").data
    assert "青杠镇" in text_of(ledger)


def hand_out_slips(client, admin) -> dict[str, Walk]:
    """Import the roster, print the slips, and let everybody sign in with the code that is on the paper."""
    look = admin.upload("/roster/import", roster_file(), "花名册.xlsx", on="2026-11-02")
    assert "王䶮" in admin.get(look)
    admin.send(look)
    people = {}
    for town in (WEAK, STRONG):
        unit = int(admin.link("/roster/", town).rsplit("/", 1)[1])
        paper = text_of(admin.browser.send(f"/reports/slips/{unit}", new="y").data)
        numbers = re.findall(r"(?<![A-Z0-9-])[QX]\d{3}(?!\w)", paper)
        codes = re.findall(r"[A-HJ-NP-Z2-9]{5}-[A-HJ-NP-Z2-9]{5}", paper)
        assert len(numbers) == len(codes) == len(NAMES)
        for staff_no, code in zip(numbers, codes, strict=True):
            people[staff_no] = Walk(client).first_sign_in(staff_no, code)
    return people


def second_officer(client, admin, people) -> Walk:
    """Somebody of the stronger town who reviews and signs what the first one may not."""
    grant(admin, "X001", "officer", "云岭县")
    return people["X001"]


def grant_clerk(admin, people) -> Walk:
    grant(admin, "Q002", "clerk", WEAK)
    grant(admin, "Q002", "teacher", WEAK)
    return people["Q002"]


def grant(admin, staff_no: str, role: str, unit: str) -> None:
    found = re.search(r'href="(/accounts/\d+)"', admin.get(f"/accounts?words={staff_no}"))
    admin.send(f"{found[1]}/roles", role=role, unit=unit, from_on="2026-11-02")


def load_the_bank(admin, officer) -> None:
    bank = admin.send("/banks/", title="云岭县政策题库")
    look = admin.upload(f"{bank}/import", BANK.encode(), "土地.txt", pasted="")
    assert "24" in admin.get(look)
    admin.send(look)
    officer.send(f"{bank}/review")


def hold_a_night(clerk, now) -> None:
    now(at(3, 10))
    clerk.send(
        "/courses/schools/new", unit=option(clerk, "/courses/schools/new", "unit", WEAK), track="cadre", name="青杠镇干部夜校",
        place="镇会议室", opened_on="2026-11-03", head="",
    )  # fmt: skip
    clerk.send(
        "/courses/nights/plan", school=option(clerk, "/courses/nights/plan", "school", "青杠镇干部夜校"), course="",
        title="土地政策", teacher="", kind="集中授课", place="镇会议室", on="2026-11-05", at="19:30", hours="2", weeks="1",
        step="save",
    )  # fmt: skip
    now(at(5, 21))
    night = re.search(r"/courses/nights/\d+", clerk.get("/courses/nights"))[0]
    card = clerk.get(f"{night}/card")
    present = re.findall(r'value="(\d+:present)"', card)
    assert len(present) == len(NAMES)
    keys = {name: re.search(rf'name="{name}"[^>]*value="([^"]*)"', card)[1] for name in ("client_key", "seen_key")}
    clerk.send(
        f"{night}/card", roll=present[:9], began="19:35", title="土地政策", outcome="都学会了查承包期", request="想学养蜂",
        head_count="", **keys,
    )  # fmt: skip
    assert "想学养蜂" in clerk.get(night)


def option(walk: Walk, page: str, field: str, words: str) -> str:
    """The value of the choice with these words in a list of a page."""
    shown = walk.get(page)
    listed = re.search(rf'<select[^>]*name="{field}".*?</select>', shown, re.DOTALL)
    assert listed, re.sub(r"<[^>]+>|\s+", " ", shown)[-700:]
    return re.search(rf'value="([^"]*)"[^>]*>[^<]*{words}', listed[0])[1]


def publish_a_round(admin, now) -> str:
    now(at(18, 9))
    form = admin.get("/rounds/new")
    assert "2026年11月政策测试" in form
    round_url = admin.send(
        "/rounds/new", title="2026年11月政策测试", month="2026-11-01", opens_at="2026-11-20T19:00",
        closes_at="2026-11-20T21:00", minutes="30", scope="土地", single_count="4", single_points="25", multi_count="0",
        multi_points="5", judge_count="0", judge_points="5", fill_count="0", fill_points="5", multi_rule="half",
        short_count="0", short_points="10", mode="open", makeups="1", makeup_rule="best",
        audience="cadre", forms="2", pass_mark="60", excellent_mark="90", asked_pass_percent="90", asked_mean="80",
        basis_body="云岭县委办", basis_title="政策学习安排", basis_number="云委办〔2026〕3号", basis_on="2026-01-15",
    )  # fmt: skip
    admin.publish(f"{round_url}/publish")
    return round_url


def take(walk: Walk, round_url: str, *, right: bool) -> None:
    """Begin, answer every question by its button, hand in; the right option is the one that says thirty years."""
    quiz = round_url.replace("/rounds/", "/quiz/")
    walk.send(f"{quiz}/begin")
    for position in range(1, 5):
        page = walk.get(f"{quiz}/{position}")
        choices = dict(re.findall(r'value="([a-d])"(?: checked)?>\s*<label[^>]*><b>[A-D]</b><span>([^<]+)', page))
        given = next(one for one, text in choices.items() if (text == "三十年") == right)
        hidden = {name: re.search(rf'name="{name}" value="([^"]+)"', page)[1] for name in ("sequence", "packet")}
        walk.send(f"{quiz}/{position}", given=given, go="hand-in" if position == 4 else str(position + 1), **hidden)
    assert "4 题都答了" in walk.get(f"{quiz}/hand-in")
    walk.send(f"{quiz}/hand-in")
    assert "回执号" in walk.get(f"{quiz}/result")


def issue(admin, month: str) -> str:
    """The weaker town's report as text, drawn from the paper that was issued."""
    unit = admin.link(month, WEAK).rsplit("/", 1)[1]
    issued = admin.send(f"/reports/of/{month.rsplit('/', 1)[1]}", format="pdf", unit=unit)
    file = re.search(r'href="(/reports/\d+/file)"', admin.get(issued))[1]
    paper = admin.awake().browser.get(file)
    assert paper.mimetype == "application/pdf"
    return text_of(paper.data)


def open_the_case(admin, month: str) -> str:
    opening = f"/followups/months/{month.rsplit('/', 1)[1]}"
    admin.send(opening)
    admin.send(opening)
    cases = set(re.findall(r'href="(/followups/\d+)"', admin.get("/followups")))
    assert len(cases) == 1
    return cases.pop()


def walk_the_case(admin, officer, clerk, people, case: str, now) -> None:
    now(at(23, 10))
    clerk.send(case, move="explain", text="当周抢险值守，准备不足。")
    admin.send(case, move="remind", text="请组织一次集中补学。")
    clerk.send(case, move="plan", text="周三夜校补学土地政策。")
    now(at(25, 21))
    clerk.send(case, move="report", text="已补学，人人会答。")
    asked = {"opens_at": "2026-11-26T19:00", "closes_at": "2026-11-26T21:00", "text": "请参加复测。", "whom": "below"}
    admin.publish(f"{case}/retest", **asked)
    retest = re.search(r'href="(/rounds/\d+)"[^>]*>[^<]*复测', admin.get("/rounds/"))[1]
    now(at(26, 19, 10))
    for staff_no, walk in people.items():
        if staff_no.startswith("Q"):
            take(walk, retest, right=True)
    now(at(27, 9))
    admin.send(f"/results/{retest.strip('/')}/close")
    if "待销号" not in admin.get(case):
        admin.send(case, move="propose", text="复测已达标准。")
    officer.send(case, move="close", text="核实无误。")

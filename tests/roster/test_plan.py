"""The difference between a roster file and the books."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from school.roster import plan as planning
from school.roster.columns import Found
from school.roster.difference import Change, EndedPost, Left, Moved, NewPerson, Plan, Post, Renamed
from school.roster.known import KnownPerson, KnownPost, KnownUnit
from school.roster.rows import Complaint, Row, Sheet, UnitRow

TODAY = date(2026, 11, 20)
LONG_AGO = date(2020, 1, 1)
UNITS = [
    KnownUnit("1", "云岭县", "云岭县"),
    KnownUnit("11", "白沙镇", "白沙镇", parent="1"),
    KnownUnit("12", "青石乡", "青石乡", parent="1"),
    KnownUnit("13", "黄泥乡", "黄泥乡", parent="1", closed_on=date(2026, 6, 1), successors=("11",)),
]
FOUND = tuple(
    Found("表", letter, name, name)
    for letter, name in zip("ABCD", ["staff_no", "name", "unit", "from_on"], strict=True)
)


def row(staff_no: str, name: str, unit: str, line: int = 2, **values) -> Row:
    return Row("表", line, staff_no, name, unit, stated=frozenset(values), **values)


def sheet(*rows: Row, units: tuple[UnitRow, ...] = (), complaints: tuple[Complaint, ...] = ()) -> Sheet:
    numbered = tuple(replace(row, line=number) for number, row in enumerate(rows, 2))
    return Sheet(numbered, complaints, "表", FOUND, units=units)


def post(unit: str, **values) -> KnownPost:
    return KnownPost(unit, **{"kind": "任职", "from_on": LONG_AGO, **values})


def begun(unit: str, **values) -> Post:
    return Post(
        **{"unit": unit, "kind": "任职", "post": "", "counts": True, "from_on": None, "until_on": None, **values}
    )


def person(staff_no: str, name: str, *posts: KnownPost, phone: str = "") -> KnownPerson:
    return KnownPerson(staff_no, name, phone, posts)


def plan(*rows: Row, people=(), **options) -> Plan:
    return planning.plan(sheet(*rows), TODAY, UNITS, people, **options)


def test_somebody_the_books_do_not_have_is_new_with_every_post():
    found = plan(row("1", "张三", "白沙镇", phone="13800000000"), row("1", "张三", "青石乡", kind="驻村"))

    assert found.new == (NewPerson("1", "张三", "13800000000", (begun("11"), begun("12", kind="驻村"))),)


def test_somebody_at_the_same_unit_is_unchanged_and_empty_cells_change_nothing():
    known = person("AB1", "张三", post("11", post="镇长", counts=False, kind="编制"), phone="13800000000")
    found = plan(row("ab1", "张三", "白沙镇"), people=[known])

    assert (found.empty, found.unchanged, found.complaints) == (True, 1, ())


def test_what_a_row_states_of_a_post_is_changed():
    values = {"post": "书记", "counts": False, "from_on": date(2021, 1, 1), "until_on": date(2027, 1, 1)}
    found = plan(row("1", "张三", "白沙镇", **values), people=[person("1", "张三", post("11", post="镇长"))])

    assert found.changed_posts[0].changes == (
        Change("post", "镇长", "书记"),
        Change("counts", True, False),
        Change("from_on", LONG_AGO, date(2021, 1, 1)),
        Change("until_on", None, date(2027, 1, 1)),
    )


def test_a_new_phone_is_a_change_of_the_person():
    found = plan(
        row("1", "张三", "白沙镇", phone="13900000000"), people=[person("1", "张三", post("11"), phone="13800000000")]
    )

    assert found.changed[0].changes == (Change("phone", "13800000000", "13900000000"),)


@pytest.mark.parametrize(
    ("from_on", "ended"),
    [
        (None, TODAY),
        (date(2026, 11, 1), date(2026, 11, 1)),
        (date(2026, 12, 1), date(2026, 12, 1)),
        (date(2019, 1, 1), LONG_AGO),
    ],
    ids=["today", "in the past", "in the future", "never before it began"],
)
def test_a_transfer_ends_the_old_post_on_the_day_the_new_one_begins(from_on, ended):
    moving = row("1", "张三", "青石乡", **({"from_on": from_on} if from_on else {}))
    found = plan(moving, people=[person("1", "张三", post("11"))])

    assert found.moved == (
        Moved("1", "张三", (EndedPost("11", "任职", LONG_AGO, ended),), (begun("12", from_on=from_on),)),
    )


def test_a_secondment_stands_beside_the_post_at_a_unit_the_file_does_not_cover():
    found = plan(row("1", "张三", "青石乡", kind="借调"), people=[person("1", "张三", post("11"))])

    assert found.moved == (Moved("1", "张三", (), (begun("12", kind="借调"),)),)


def test_one_of_two_posts_ends_when_the_file_covers_its_unit_and_no_longer_has_it():
    known = person("1", "张三", post("11"), post("12", kind="兼任"))
    covering = row("2", "李四", "青石乡")
    kept = plan(row("1", "张三", "白沙镇"), people=[known])
    dropped = plan(row("1", "张三", "白沙镇"), covering, people=[known])

    assert kept.empty
    assert dropped.moved == (Moved("1", "张三", (EndedPost("12", "兼任", LONG_AGO, TODAY),), ()),)


def test_who_is_missing_from_a_unit_the_file_covers_is_proposed_as_having_left():
    here, elsewhere = person("1", "张三", post("11")), person("2", "李四", post("12"))
    found = plan(row("9", "王五", "白沙镇"), people=[here, elsewhere])

    assert found.left == (Left("1", "张三", (EndedPost("11", "任职", LONG_AGO, TODAY),)),)


def test_nobody_is_proposed_when_leaving_is_ignored_or_the_file_has_a_complaint():
    known = [person("1", "张三", post("11"))]
    broken = sheet(row("9", "王五", "白沙镇"), complaints=(Complaint("表", 9, "A", "", "缺少工号。"),))

    assert plan(row("9", "王五", "白沙镇"), people=known, leaving="ignored").left == ()
    assert planning.plan(broken, TODAY, UNITS, known).left == ()
    assert plan(row("9", "王五", "白沙镇"), row("8", "赵六", "没有的单位"), people=known).left == ()


def test_nobody_is_left_behind_in_a_unit_that_went_into_a_covered_one():
    found = plan(row("9", "王五", "白沙镇"), people=[person("1", "张三", post("13"))])

    assert [left.staff_no for left in found.left] == ["1"]


def test_a_post_that_ended_before_today_ends_in_the_books_and_makes_nobody_new():
    over = row("1", "张三", "白沙镇", until_on=date(2026, 10, 1))

    assert plan(over, people=[person("1", "张三", post("11"))]).moved[0].left == (
        EndedPost("11", "任职", LONG_AGO, date(2026, 10, 1)),
    )
    assert plan(over).new == ()
    assert plan(over).notes == ("工作表“表”第 2 行“张三”的任职已经结束，没有新增此人。",)


@pytest.mark.parametrize(
    ("old", "new", "former_name", "renamed"),
    [
        ("王小明", "王晓明", "", True),
        ("买买提艾力", "买买提·艾力", "", True),
        ("王芳", "王明", "", False),
        ("张三", "李四", "", False),
        ("张三", "李四", "张三", True),
    ],
)
def test_a_corrected_name_is_a_change_and_quite_another_name_a_complaint(old, new, former_name, renamed):
    found = plan(row("1", new, "白沙镇", former_name=former_name), people=[person("1", old, post("11"))])

    assert found.renamed == ((Renamed("1", old, new),) if renamed else ())
    assert [(c.line, c.column, c.value) for c in found.complaints] == ([] if renamed else [(2, "A", "1")])


@pytest.mark.parametrize(
    ("unit", "words"),
    [("白纱镇", "是不是“白沙镇”"), ("黄泥乡", "已于 2026-06-01 撤销，并入“白沙镇”")],
)
def test_a_unit_that_is_unknown_or_closed_is_complained_of_at_its_cell(unit, words):
    [complaint] = plan(row("1", "张三", unit)).complaints

    assert (complaint.sheet, complaint.line, complaint.column, complaint.value) == ("表", 2, "C", unit)
    assert words in complaint.reason


def test_two_names_of_one_unit_are_one_unit():
    [complaint] = plan(row("1", "张三", "白沙镇"), row("1", "张三", "11")).complaints

    assert (complaint.line, complaint.column) == (3, "C")
    assert "出现了两次" in complaint.reason


def test_a_first_day_after_the_known_end_is_complained_of():
    known = person("1", "张三", post("11", until_on=date(2026, 12, 1)))
    [complaint] = plan(row("1", "张三", "白沙镇", from_on=date(2026, 12, 1)), people=[known]).complaints

    assert (complaint.line, complaint.column) == (2, "D")


def test_people_may_be_at_units_that_come_with_the_same_file():
    units = (UnitRow("单位", 2, "14", "紫云镇", parent="云岭县"),)
    found = planning.plan(sheet(row("1", "张三", "紫云镇"), units=units), TODAY, UNITS, [])

    assert (found.complaints, found.new[0].posts) == ((), (begun("14"),))


def written(found: Plan, units, people) -> tuple[list[KnownUnit], list[KnownPerson]]:
    """The books after a plan was written on TODAY: what the action does, in memory."""
    books = {unit.code: unit for unit in units}
    for new in found.units.new:
        r = new.row
        books[new.code] = KnownUnit(
            new.code,
            r.name,
            r.short_name or r.name,
            new.parent,
            r.kind,
            r.order_no or 0,
            r.opened_on or TODAY,
            r.closed_on,
        )
    for changed in found.units.changed:
        books[changed.code] = replace(books[changed.code], **{c.field: c.new for c in changed.changes})
    for merged in found.units.merged:
        books[merged.code] = replace(books[merged.code], closed_on=merged.on, successors=merged.into)

    posts: dict[str, dict[tuple, KnownPost]] = defaultdict(dict)
    known = {person.staff_no: person for person in people}
    for person in people:
        posts[person.staff_no] = {(post.unit, post.kind, post.from_on): post for post in person.posts}

    def begin(staff_no: str, post: Post) -> None:
        start = post.from_on or TODAY
        posts[staff_no][post.unit, post.kind, start] = KnownPost(
            post.unit, post.kind, start, post.until_on, post.post, post.counts
        )

    for new in found.new:
        known[new.staff_no] = KnownPerson(new.staff_no, new.name, new.phone)
        for post in new.posts:
            begin(new.staff_no, post)
    for renamed in found.renamed:
        known[renamed.staff_no] = replace(known[renamed.staff_no], name=renamed.new)
    for changed in found.changed:
        known[changed.staff_no] = replace(known[changed.staff_no], **{c.field: c.new for c in changed.changes})
    for changed in found.changed_posts:
        key = changed.unit, changed.kind, changed.from_on
        posts[changed.staff_no][key] = replace(
            posts[changed.staff_no][key], **{c.field: c.new for c in changed.changes}
        )
    for moved in found.moved:
        for ended in moved.left:
            key = ended.unit, ended.kind, ended.from_on
            posts[moved.staff_no][key] = replace(posts[moved.staff_no][key], until_on=ended.until_on)
        for post in moved.joined:
            begin(moved.staff_no, post)
    for left in found.left:
        for ended in left.posts:
            key = ended.unit, ended.kind, ended.from_on
            posts[left.staff_no][key] = replace(posts[left.staff_no][key], until_on=ended.until_on)
    current = [
        replace(
            person,
            posts=tuple(p for p in posts[person.staff_no].values() if p.until_on is None or p.until_on > TODAY),
        )
        for person in known.values()
    ]
    return list(books.values()), current


DAYS = st.one_of(st.none(), st.dates(date(2019, 1, 1), date(2029, 1, 1)))
KINDS = st.sampled_from(["任职", "编制", "兼任", "借调", "驻村"])
#: by staff number: as the books have it, as the file may have it
NAMES = {"1": ["王小明", "王晓明"], "2": ["买买提艾力", "买买提·艾力"], "3": ["张三"], "4": ["李四"], "5": ["𠮷"]}
VALUES = st.fixed_dictionaries(
    {},
    optional={
        "kind": KINDS,
        "post": st.sampled_from(["", "镇长"]),
        "counts": st.booleans(),
        "phone": st.sampled_from(["13800000000", "13900000000"]),
        "from_on": DAYS,
        "until_on": DAYS,
    },
)
UNIT_ROWS = [
    UnitRow("单位", 2, "14", "紫云镇", parent="云岭县", order_no=9),
    UnitRow("单位", 3, "15", "县委办公室", "县委办", parent="1"),
    UnitRow("单位", 4, "12", "青石乡", closed_on=date(2026, 11, 1), merged_into=("11", "紫云镇")),
    UnitRow("单位", 5, "11", "白沙街道", "白沙", kind="街道"),
    UnitRow("单位", 6, "16", "旧乡", parent="云岭县", closed_on=date(2026, 1, 1), merged_into=("11",)),
]
BOOKS = [*UNITS, KnownUnit("15", "县委办", "县委办", parent="1"), KnownUnit("17", "财政局", "财政局", parent="1")]


@st.composite
def good_files(draw) -> Sheet:
    """A file without contradictions; its units come with it or stand in the books."""
    with_units = draw(st.booleans())
    open_units = ["11", "14", "15", "17"] if with_units else ["11", "12", "15", "17"]
    places = draw(st.sets(st.tuples(st.sampled_from("1234"), st.sampled_from(open_units)), max_size=8))
    names = {number: draw(st.sampled_from(names)) for number, names in NAMES.items()}
    rows = []
    for number, unit in sorted(places):
        values = draw(VALUES)
        if values.get("until_on") and values.get("from_on") and values["until_on"] <= values["from_on"]:
            del values["until_on"]
        rows.append(row(number, names[number], unit, **values))
    return sheet(*rows, units=tuple(UNIT_ROWS) if with_units else ())


@st.composite
def known_people(draw) -> list[KnownPerson]:
    people = []
    for number in sorted(draw(st.sets(st.sampled_from("12345")))):
        posts = []
        for unit in sorted(draw(st.sets(st.sampled_from(["11", "12", "13", "15", "17"]), max_size=3))):
            from_on = draw(st.dates(date(2019, 1, 1), date(2027, 6, 1)))
            until_on = draw(st.one_of(st.none(), st.dates(date(2027, 6, 2), date(2029, 1, 1))))
            posts.append(KnownPost(unit, draw(KINDS), from_on, until_on))
        people.append(KnownPerson(number, NAMES[number][0], "", tuple(posts)))
    return people


@settings(max_examples=500, deadline=None)
@given(good_files(), known_people())
def test_once_written_the_same_file_changes_nothing(file, people):
    """The second run of an import is empty, and so is a run after a run that was only looked at."""
    first = planning.plan(file, TODAY, BOOKS, people)
    assume(not first.complaints)
    event(f"moved: {bool(first.moved)}, left: {bool(first.left)}, changed: {bool(first.changed_posts)}")
    second = planning.plan(file, TODAY, *written(first, BOOKS, people))

    assert planning.plan(file, TODAY, BOOKS, people) == first
    assert second.complaints == ()
    assert second == replace(Plan(), unchanged=second.unchanged, units=second.units, notes=second.notes)
    assert second.empty


@settings(max_examples=200, deadline=None)
@given(good_files(), known_people())
def test_nothing_ends_before_it_began_and_nobody_is_told_twice(file, people):
    found = planning.plan(file, TODAY, BOOKS, people)
    ended = [post for moved in found.moved for post in moved.left] + [
        post for left in found.left for post in left.posts
    ]
    told = [item.staff_no for item in (*found.new, *found.moved, *found.left)]

    assert [post for post in ended if post.until_on < post.from_on] == []
    assert len(told) == len(set(told))


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.tuples(st.text(min_size=1, max_size=3), st.text(min_size=1, max_size=6), st.text(min_size=1, max_size=8))
    ),
    st.lists(st.tuples(st.sampled_from("12ab"), st.text(min_size=1, max_size=3), st.text(max_size=3)), max_size=5),
)
def test_arbitrary_rows_are_planned_or_complained_about(people, units):
    rows = (row(number, name, unit) for number, name, unit in people)
    unit_rows = (UnitRow("单位", line, code, name, parent=parent) for line, (code, name, parent) in enumerate(units, 2))
    found = planning.plan(sheet(*rows, units=tuple(unit_rows)), TODAY, UNITS, [])
    heard = {complaint.line for complaint in found.complaints if complaint.sheet == "表"}

    assert len(found.new) + len(heard) >= len({number.casefold() for number, _, _ in people})

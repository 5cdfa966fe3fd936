from __future__ import annotations

import io
import itertools
import re
from dataclasses import replace

import PIL.Image
import pypdfium2
import pytest

from school.reports import fonts, paper_batch, question_papers
from school.reports.paper_value import Wanted
from school.reports.shapes import Image, Label, Words
from tests.reports import paper_makers, reading
from tests.reports.paper_makers import make_batch, make_form, make_sitter, make_terms

PAPERS = Wanted(papers=True, sheets=False, lists=False)


def printed(*people, questions=None, wanted=PAPERS, **terms) -> list[str]:
    drawn = paper_batch.draw(make_batch(*people, questions=questions, **terms), wanted)
    return [reading.squeezed(text) for text in reading.pages_of(drawn)]


@pytest.mark.parametrize("name", ["王䶮", "买买提·艾力", "𠮷田", "<b>甲</b>&", "阿卜杜·" * 12 + "力提"])
def test_a_paper_names_its_person_form_terms_and_pages(name):
    """The multi-choice rule is printed on the paper (rules.md 19)."""
    pages = printed(make_sitter(name=name))

    for said in (name, "青杠镇人民政府", "G00001", "A卷", "2026年11月政策测试", "开卷30分钟满分100分60分合格"):
        assert said in pages[0]
    assert len(pages) > 1
    assert [f"青杠镇人民政府{name}" in text for text in pages[1:]] == [True] * (len(pages) - 1)
    assert "多选题（共5题，每题5分，共25分；每题至少有两个正确答案；多选题少选得一半分，错选不得分）" in "".join(pages)
    assert [f"第{n}页共{len(pages)}页" in text for n, text in enumerate(pages, 1)] == [True] * len(pages)


def test_twenty_usual_questions_fit_on_two_leaves_and_every_one_is_there():
    pages = printed(make_sitter())

    assert len(pages) <= 3
    assert [f"{n}.第{n}问" in "".join(pages) for n in range(1, 21)] == [True] * 20


def test_options_stand_in_the_order_of_the_person():
    turned = make_sitter(options=tuple(tuple(reversed(one)) for one in make_sitter().options))

    assert "A.选项1甲B.选项1乙C.选项1丙D.选项1丁" in printed(make_sitter())[0]
    assert "A.选项1丁B.选项1丙C.选项1乙D.选项1甲" in printed(turned)[0]


@pytest.mark.parametrize(
    ("length", "rows"),
    [(4, [4]), (14, [2, 2]), (40, [1, 1, 1, 1])],
    ids=["four beside each other", "two", "one below the other"],
)
def test_options_stand_beside_each_other_where_every_one_fits(length, rows):
    questions = make_form(single=1, multi=0, judge=0)
    sitter = make_sitter(questions, options=(tuple("甲乙丙丁"[n] * length for n in range(4)),))
    setter = question_papers.Setter(fonts.load(), make_terms(), large=False)

    drawn = [shape for shape in setter.pages(questions, sitter)[0] if isinstance(shape, Label)]

    heights = [shape.y for shape in drawn if shape.text in ("A.", "B.", "C.", "D.")]
    assert [heights.count(y) for y in sorted(set(heights))] == rows


def test_a_question_stands_on_one_page():
    setter = question_papers.Setter(fonts.load(), make_terms(), large=True)
    pages = setter.pages(make_form(), make_sitter())
    of_page = [
        {shape.text for shape in shapes if isinstance(shape, Label) and shape.text.endswith(".")} for shapes in pages
    ]

    assert len(pages) > 3
    first = [next(one.line.text for one in shapes if isinstance(one, Words)) for shapes in pages[1:]]
    assert [text for text in first if not text.startswith(("第", "二、", "三、"))] == []
    assert "1." in of_page[0]


@pytest.mark.parametrize("large", [False, True])
def test_nothing_sticks_out_of_the_page(large):
    long = replace(make_form(single=1, multi=0, judge=0)[0], stem="很长的材料。" * 400)
    setter = question_papers.Setter(fonts.load(), make_terms(), large=large)
    pages = setter.pages((long,), make_sitter((long,)))

    lowest = max(shape.y for shapes in pages for shape in shapes if isinstance(shape, Words))
    widest = max(shape.x + shape.line.width for shapes in pages for shape in shapes if isinstance(shape, Words))
    assert len(pages) > 1
    assert lowest <= question_papers.BOTTOM
    assert widest <= question_papers.LEFT + question_papers.BREADTH + 0.1


def test_a_picture_is_made_smaller_where_its_question_then_stands_on_the_page():
    *first, last = make_form(single=5, multi=0, judge=0)
    questions = (*first, replace(last, pictures=((1, "a" * 64),)))

    def pages(high: int):
        setter = question_papers.Setter(fonts.load(), make_terms(), large=False, sizes={"a" * 64: (400, high)})
        drawn = setter.pages(questions, make_sitter(questions))
        return len(drawn), [shape for shapes in drawn for shape in shapes if isinstance(shape, Image)]

    (one, (small,)), (same, (large,)) = pages(200), pages(300)
    assert (one, small.height, same, 140 < large.height < 300 * 0.75) == (1, 150, 1, True)
    assert large.width / large.height == pytest.approx(400 / 300)
    assert large.y + large.height < question_papers.BOTTOM


def test_the_body_is_at_least_small_four_and_in_large_print_small_two():
    sizes = [
        {one.size for shapes in question_papers.Setter(fonts.load(), make_terms(), large=large).pages(
            make_form(), make_sitter()) for one in shapes if isinstance(one, Words)}
        for large in (False, True)
    ]  # fmt: skip

    assert [min(found) for found in sizes] == [12, 18]


def test_blanks_are_lines_judge_items_have_a_bracket_and_short_answers_room():
    questions = make_form(single=0, multi=0, judge=1, fill=1, short=1)
    text = "".join(printed(make_sitter(questions), questions=questions))

    assert "三分之二以上成员同意（）" in text
    assert text.count("＿" * 5) == 2
    assert "____" not in text
    drawn = question_papers.Setter(fonts.load(), make_terms(), large=False).pages(questions, make_sitter(questions))
    rules = [shape for shape in drawn[0] if not isinstance(shape, Label | Words)]
    assert len(rules) == 2 + 5


def test_more_time_stands_on_the_persons_own_paper():
    """An extension is visible to the person (rules.md 5)."""
    assert "45分钟" in printed(make_sitter(extra=15))[0]


@pytest.mark.parametrize(("mode", "said"), [("open", True), ("onsite", True), ("closed", False)])
def test_only_an_open_book_paper_allows_books(mode, said):
    assert ("可以查阅资料" in printed(make_sitter(), mode=mode)[0]) is said


def test_where_both_sides_are_printed_every_paper_begins_on_a_new_leaf():
    people = [make_sitter(n=n) for n in (1, 2)]
    pages = printed(*people, wanted=replace(PAPERS, duplex=True))

    begins = [n for n, text in enumerate(pages) if "第1页共" in text]
    assert [n % 2 for n in begins] == [0, 0]
    assert len(pages) % 2 == 0


def test_equal_batches_give_equal_bytes_with_every_font_embedded():
    drawn = paper_batch.draw(make_batch(make_sitter(name="王䶮")), paper_makers.EVERYTHING)

    assert drawn == paper_batch.draw(make_batch(make_sitter(name="王䶮")), paper_makers.EVERYTHING)
    assert reading.unembedded(drawn) == set()
    assert b"Helvetica" not in drawn


def test_a_picture_is_printed_below_the_words_and_lies_in_the_file_once():
    """Paper equals phone: what is shown there is printed here."""
    drawn = io.BytesIO()
    PIL.Image.new("RGB", (320, 200), (200, 30, 30)).save(drawn, "PNG")
    question = replace(make_form(single=1, multi=0, judge=0)[0], stem="看图回答【图1】", pictures=((1, "a" * 64),))
    people = tuple(make_sitter((question,), n=n) for n in (1, 2, 3))
    batch = replace(make_batch(*people, questions=(question,)), pictures={"a" * 64: drawn.getvalue()})

    pdf = paper_batch.draw(batch, PAPERS)

    assert pdf == paper_batch.draw(batch, PAPERS)
    assert "图1" in reading.squeezed(reading.pages_of(pdf)[0])
    assert len(re.findall(rb"/Subtype /Image", pdf)) == 1
    page = pypdfium2.PdfDocument(pdf)[2].render(scale=1).to_pil().convert("RGB")
    red = [
        at
        for at in itertools.product(range(page.width), range(page.height))
        if page.getpixel(at)[0] > 150 > page.getpixel(at)[1]
    ]
    across, down = ([at[n] for at in red] for n in (0, 1))
    assert (max(across) - min(across), max(down) - min(down)) == (pytest.approx(240, abs=2), pytest.approx(150, abs=2))

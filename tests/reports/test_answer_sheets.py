"""The sheet as a reader of scans will see it: black and white at the places the table of sheet_geometry names."""

from __future__ import annotations

from dataclasses import replace

import pypdfium2
import pytest

from school.reports import answer_sheets, paper_batch, sheet_geometry
from school.reports.paper_value import Wanted
from tests.reports import reading
from tests.reports.paper_makers import make_batch, make_form, make_sitter

SHEETS = Wanted(papers=False, sheets=True, lists=False)
#: pixels in a millimetre
DENSE = 8


class Picture:
    """A page in grey, asked in millimetres."""

    def __init__(self, pdf: bytes, page: int = 0):
        bitmap = pypdfium2.PdfDocument(pdf)[page].render(scale=DENSE * 25.4 / 72, grayscale=True)
        self._grey, self._stride = bytes(bitmap.buffer), bitmap.stride

    def at(self, x: float, y: float) -> int:
        """0 for black to 255 for white."""
        return self._grey[round(y * DENSE) * self._stride + round(x * DENSE)]

    def darkness(self, x: float, y: float, width: float, height: float) -> float:
        """Share of ink in a rectangle around its middle."""
        xs = [x - width / 2 + width * n / 20 for n in range(21)]
        ys = [y - height / 2 + height * n / 20 for n in range(21)]
        return sum(255 - self.at(a, b) for a in xs for b in ys) / (255 * len(xs) * len(ys))


def draw(*people, questions=None) -> bytes:
    return paper_batch.draw(make_batch(*people, questions=questions), SHEETS)


@pytest.fixture(scope="module")
def picture():
    return Picture(draw())


def test_four_black_squares_stand_in_the_corners_with_white_around(picture):
    side = sheet_geometry.MARK
    for x, y in ((10, 10), (194, 10), (10, 281), (194, 281)):
        assert picture.darkness(x + side / 2, y + side / 2, side - 0.4, side - 0.4) > 0.99
        for beside in ((x - 0.5, y + 3), (x + side + 0.5, y + 3), (x + 3, y - 0.5), (x + 3, y + side + 0.5)):
            assert picture.at(*beside) == 255
    assert sheet_geometry.corners() == ((10, 10), (194, 10), (10, 281), (194, 281))


def test_every_bubble_is_framed_and_nearly_empty_at_its_place(picture):
    width, height = sheet_geometry.BUBBLE
    places = sheet_geometry.bubbles(make_form())

    assert len(places) == 20
    for place in places:
        for x, y in place.middles:
            assert min(picture.at(x + dx, y) for dx in (-width / 2 - 0.1, -width / 2, -width / 2 + 0.1)) < 190
            assert min(picture.at(x, y + dy) for dy in (height / 2 - 0.1, height / 2, height / 2 + 0.1)) < 190
            assert picture.darkness(x, y, width - 0.8, height - 0.8) < 0.15


def test_a_filled_box_is_told_from_an_empty_one(picture):
    """The sample in the instructions is a filled one, outside of all bubbles."""
    assert picture.darkness(47 + 2.3, 67.8 + 1.7, 4, 3) > 0.99


@pytest.mark.parametrize(
    ("number", "page", "first"),
    [
        (1, 1, (27, 82)), (2, 1, (27, 88.5)), (6, 1, (88, 82)), (11, 1, (149, 82)), (16, 1, (27, 119)), (75, 1, (149, 256)),
        (76, 2, (27, 82)),
    ],
)  # fmt: skip
def test_a_question_has_its_place_by_its_number_alone(number, page, first):
    place = sheet_geometry.bubbles(make_form(single=80, multi=0, judge=0))[number - 1]

    assert (place.position, place.page, place.middles[0]) == (number, page, first)
    assert [round(b[0] - a[0], 6) for a, b in zip(place.middles, place.middles[1:], strict=False)] == [6, 6, 6]


def test_a_question_shows_as_many_bubbles_as_it_has_options_and_a_judge_item_two():
    questions = (replace(make_form()[0], options=8), *make_form(single=0, multi=0, judge=1))

    assert [len(place.middles) for place in sheet_geometry.bubbles(questions)] == [8, 2]
    assert max(x for place in sheet_geometry.bubbles(questions) for x, _ in place.middles) < 194


def test_written_answers_have_lines_below_the_bubbles():
    questions = make_form(fill=2, short=1)
    first, second, short = sheet_geometry.writings(questions)

    assert [(one.position, one.page, one.lines) for one in (first, second, short)] == [
        (21, 1, 2),
        (22, 1, 2),
        (23, 1, 6),
    ]
    lowest = max(y for place in sheet_geometry.bubbles(questions) for _, y in place.middles)
    assert lowest < first.top < second.top < short.top
    assert short.top + short.height <= sheet_geometry.BOTTOM
    picture = Picture(draw(make_sitter(questions), questions=questions))
    line = first.top + 7 + 3 / answer_sheets.MM
    assert min(picture.at(60, line + n / 20) for n in range(-5, 6)) < 120


@pytest.mark.parametrize(
    ("form", "pages"),
    [
        ({}, 1),
        ({"single": 0, "multi": 0, "judge": 0, "short": 1}, 1),
        ({"single": 65}, 1),
        ({"single": 66}, 2),
        ({"short": 3}, 2),
    ],
)
def test_a_usual_paper_has_one_sheet_and_a_long_one_as_many_as_it_needs(form, pages):
    questions = make_form(**form)

    assert sheet_geometry.pages(questions) == pages
    texts = reading.pages_of(draw(make_sitter(questions), questions=questions))
    assert [f"第{n}页共{pages}页" in reading.squeezed(text) for n, text in enumerate(texts, 1)] == [True] * pages


@pytest.mark.parametrize("name", ["王䶮", "买买提·艾力", "𠮷田", "阿卜杜·" * 12 + "力提"])
def test_a_sheet_says_whose_it_is(name):
    text = reading.squeezed(reading.by_pdfium(draw(make_sitter(name=name))))

    for said in (
        name,
        "青杠镇人民政府",
        "G00001",
        "卷别：A",
        "YX1-12-1-A-1-7KQM2WXP",
        "考生签名",
        "第11至15题是多选题",
    ):
        assert said in text


def test_the_code_is_drawn_as_it_is_encoded_with_white_around():
    """No decoder is at hand: the squares on the page are those of the code, and finders stand in three corners."""
    modules = answer_sheets.modules("YX1-12-1-A-1-7KQM2WXP")
    picture = Picture(draw(make_sitter()))
    (left, top), side = sheet_geometry.QR_AT, sheet_geometry.QR_SIDE / len(modules)

    seen = [
        [picture.at(left + (x + 0.5) * side, top + (y + 0.5) * side) < 128 for x in range(len(modules))]
        for y in range(len(modules))
    ]
    assert seen == modules
    finder = [[max(abs(x - 3), abs(y - 3)) != 2 for x in range(7)] for y in range(7)]
    size = len(modules)
    for x, y in ((0, 0), (size - 7, 0), (0, size - 7)):
        assert [row[x : x + 7] for row in modules[y : y + 7]] == finder
    assert (
        picture.at(left - 1.5, top + 13) == picture.at(left + 13, top - 1.5) == picture.at(left + 27.5, top + 13) == 255
    )


def test_different_people_have_different_codes():
    assert answer_sheets.modules("YX1-12-1-A-1-7KQM2WXP") != answer_sheets.modules("YX1-12-2-A-1-7KQM2WXP")


def test_somebody_excused_gets_no_sheet():
    people = [make_sitter(n=1), make_sitter(n=2, exempt=True)]

    assert len(reading.pages_of(draw(*people))) == 1

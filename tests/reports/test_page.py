from __future__ import annotations

from datetime import UTC, datetime

import pypdfium2
import pytest

from school.reports import fonts
from school.reports.page import Paper
from school.reports.tables import Column
from tests.reports import reading

AT = datetime(2026, 11, 1, 1, 5, tzinfo=UTC)
COLUMNS = (Column("序号", 1, "middle"), Column("姓名", 4), Column("得数", 1, "end"))


def make_paper(**given) -> Paper:
    plain = {"title": "云岭县测试情况", "subject": "月测", "author": "云岭县", "made_at": AT}
    return Paper(fonts.load(), **{**plain, **given})


def rows(count: int) -> list[tuple[str, ...]]:
    return [(str(n), f"姓名{n:03d}", str(n * 7)) for n in range(1, count + 1)]


def test_markup_in_a_text_comes_out_as_it_was_written():
    paper = make_paper()
    paper.text("<b>甲</b>& &amp; <font color='red'>乙</font>")

    assert "<b>甲</b>& &amp; <font color='red'>乙</font>" in reading.by_pdfium(paper.finish())


@pytest.mark.parametrize(("count", "pages"), [(1, 1), (60, 2), (300, 9)])
def test_a_table_repeats_its_head_and_keeps_every_row(count, pages):
    paper = make_paper()
    paper.table("表一　名单", COLUMNS, rows(count), total=("", "合计", "0"))
    texts = reading.pages_of(paper.finish())

    assert len(texts) == pages
    assert all("得数" in text and f"共 {pages} 页" in text for text in texts)
    assert ["表一　名单（续）" in text for text in texts] == [n > 0 for n in range(pages)]
    assert [f"姓名{n:03d}" in "".join(texts) for n in range(1, count + 1)] == [True] * count
    assert texts[-1].count("姓名") - 1 >= min(count, 2)


@pytest.mark.parametrize("above", range(20, 36))
def test_no_heading_stands_alone_at_the_foot_of_a_page(above):
    paper = make_paper()
    for _ in range(above):
        paper.text("本月测试按计划完成。")
    paper.heading("二、情况")
    paper.text("各单位组织有力，参加测试的人员认真作答。" * 6)
    texts = reading.pages_of(paper.finish())
    page = next(text for text in texts if "二、情况" in text)

    assert page.partition("二、情况")[2].count("各单位") >= 2


def test_the_notes_and_the_signatures_stand_on_one_page():
    for above in range(20, 36):
        paper = make_paper()
        for _ in range(above):
            paper.text("本月测试按计划完成。")
        paper.closing(["第一条说明。", "第二条说明。"])
        page = next(text for text in reading.pages_of(paper.finish()) if "第一条说明" in text)
        assert all(word in page for word in ("第二条说明", "制表：", "审核：", "日期："))


def test_very_long_notes_run_on_over_pages():
    paper = make_paper()
    paper.closing(["、".join(f"人员{n:04d}" for n in range(40))] * 60)

    assert reading.squeezed(reading.by_pdfium(paper.finish())).count("人员0039") == 60


def test_a_character_no_font_carries_is_named_in_the_notes():
    paper = make_paper()
    paper.text("张\U0010fffd")
    paper.closing([])

    assert "现有字体没有收录U+10FFFD" in reading.by_pdfium(paper.finish())


def test_title_author_subject_date_and_outline_are_in_the_file():
    paper = make_paper()
    paper.title(("云岭县测试情况",))
    paper.heading("一、总体情况")
    document = pypdfium2.PdfDocument(paper.finish())
    about = document.get_metadata_dict()

    assert (about["Title"], about["Author"], about["Subject"]) == ("云岭县测试情况", "云岭县", "月测")
    assert about["CreationDate"] == "D:20261101090500+08'00'"
    assert [(mark.level, mark.get_title()) for mark in document.get_toc()] == [
        (0, "云岭县测试情况"),
        (1, "一、总体情况"),
    ]


def test_equal_content_gives_equal_bytes():
    def once() -> bytes:
        paper = make_paper()
        paper.table("表一", COLUMNS, rows(60))
        return paper.finish()

    assert once() == once()
    assert reading.unembedded(once()) == set()

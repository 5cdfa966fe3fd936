from __future__ import annotations

import io
import re
import threading

import pytest
from reportlab.pdfgen.canvas import Canvas

from school.errors import BadFile
from school.reports import faces, fonts
from tests.reports import reading

READERS = [
    pytest.param(reading.by_pdfium, id="pdfium"),
    pytest.param(
        reading.by_poppler, id="poppler", marks=pytest.mark.skipif(not reading.POPPLER, reason="no pdftotext here")
    ),
]
RARE = ["王䶮", "买买提·艾力", "𠮷田", "㛃", "𬭊", "<b>甲</b>&", "(a) \\ %", "阿卜杜·" * 12 + "力提"]


def drawn(*rows: str, stack: fonts.Stack | None = None, size: float = 8) -> bytes:
    stack = stack or fonts.load().regular
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(2000, 1000), invariant=1, initialFontName=stack.fontName)
    for start in range(0, max(1, len(rows)), 80):
        canvas.setFont(stack.fontName, size)
        for n, row in enumerate(rows[start : start + 80]):
            canvas.drawString(20, 970 - 12 * n, row)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("text", RARE)
def test_what_is_copied_out_is_what_was_put_in(read, text):
    assert read(drawn(text)).strip() == text


@pytest.mark.parametrize("read", READERS)
def test_characters_that_share_a_glyph_stay_apart(read):
    assert read(drawn("墫壿①➀")).strip() == "墫壿①➀"


def test_every_character_of_the_built_in_face_is_read_back_exactly():
    face = faces.built_in(faces.REGULAR)[0]
    han = [chr(code) for code in (*range(0x3400, 0x9FF0), *range(0x20000, 0x323B0)) if face.glyph(chr(code))]
    rows = ["".join(han[n : n + 100]) for n in range(0, len(han), 100)]

    assert len(han) > 27_000
    assert reading.squeezed(reading.by_pdfium(drawn(*rows))) == "".join(han)


def test_a_character_nobody_carries_is_reported_and_drawn_as_its_code():
    nobody = "\U0010fffd"

    assert fonts.load().missing(["王䶮", f"甲{nobody}乙\n"]) == (nobody,)
    assert reading.by_pdfium(drawn(f"甲{nobody}乙")).strip() == "甲〔U+10FFFD〕乙"


@pytest.mark.parametrize("odd", ["\x01", "\ud800"], ids=["control character", "half a surrogate pair"])
def test_what_is_no_character_is_drawn_as_its_code_too(odd):
    assert f"〔U+{ord(odd):04X}〕" in reading.by_pdfium(drawn(f"甲{odd}乙"))


def test_a_variation_selector_is_kept_and_takes_no_room():
    chosen = "葛\U000e0100"
    stack = fonts.load().regular

    assert stack.width(chosen, 10) == stack.width("葛", 10)
    assert reading.by_pdfium(drawn(chosen)).strip() == chosen


def test_digits_are_equally_wide():
    assert len({fonts.load().regular.width(digit, 10) for digit in "0123456789"}) == 1


def test_every_font_is_embedded_under_a_tag_of_its_own():
    pdf = drawn("王䶮𠮷")
    names = [name.decode() for name in set(reading.fonts_named(pdf))]

    assert reading.unembedded(pdf) == set()
    assert sorted(re.sub(r"^[A-Z]{6}\+", "", name) for name in names) == ["NotoSansJP-400", "NotoSansSC-400"]
    assert all(re.match(r"[A-Z]{6}\+", name) for name in names)
    assert set(reading.fonts_named(drawn("李四"))).isdisjoint(set(reading.fonts_named(drawn("张三"))))


def test_equal_text_gives_equal_bytes_on_many_threads_as_on_one():
    alone = {text: drawn(text) for text in RARE}
    together: dict[str, bytes] = {}
    threads = [
        threading.Thread(target=lambda text=text: together.update({text: drawn(text)})) for text in RARE for _ in "12"
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert together == alone


def test_without_a_folder_and_with_an_empty_one_the_built_in_face_draws(tmp_path):
    assert fonts.load(tmp_path).refused == ()
    assert fonts.load(tmp_path).missing(["王䶮"]) == ()
    assert fonts.load(tmp_path / "none").missing(["王䶮"]) == ()


def test_the_countys_own_face_is_asked_first(tmp_path):
    own = trimmed("甲乙丙", rights=0)
    (tmp_path / "01-own.ttf").write_bytes(own)

    pdf = drawn("甲丁", stack=fonts.load(tmp_path).regular)

    assert len(set(reading.fonts_named(pdf))) == 2
    assert reading.by_pdfium(pdf).strip() == "甲丁"


@pytest.mark.parametrize("rights", [0x0002, 0x0100, 0x0200], ids=["no embedding", "no subsetting", "bitmaps only"])
def test_a_face_that_may_not_be_embedded_is_refused_with_a_sentence(tmp_path, rights):
    (tmp_path / "own.ttf").write_bytes(trimmed("甲", rights=rights))

    loaded = fonts.load(tmp_path)

    assert loaded.refused == ("字体文件“own.ttf”的许可不允许嵌入文件，请换一个字体。",)
    assert b"NotoSansSC-400" in b"".join(reading.fonts_named(drawn("甲", stack=loaded.regular)))


@pytest.mark.parametrize("content", [b"", b"no font", b"\0\1\0\0" + b"\xff" * 200], ids=["empty", "text", "broken"])
def test_a_file_that_is_no_font_is_refused_with_a_sentence(tmp_path, content):
    path = tmp_path / "坏.ttf"
    path.write_bytes(content)

    with pytest.raises(BadFile, match=r"坏\.ttf"):
        faces.Face(path)
    assert len(fonts.load(tmp_path).refused) == 1


def test_a_folder_that_changes_is_read_again(tmp_path):
    before = fonts.load(tmp_path)
    (tmp_path / "own.ttf").write_bytes(trimmed("甲", rights=0))

    assert fonts.load(tmp_path).regular is not before.regular
    assert fonts.load(tmp_path).regular is fonts.load(tmp_path).regular


def trimmed(characters: str, *, rights: int) -> bytes:
    """A small font file with a few glyphs of the built-in face and the embedding rights given."""
    hb, face = faces.hb, faces.built_in(faces.REGULAR)[0]
    cut = hb.SubsetInput()
    cut.unicode_set.update(map(ord, characters + " "))
    cut.pin_all_axes_to_default(face._face)
    font = bytearray(hb.SubsetPlan(face._face, cut).execute().blob.data)
    at = next(n for n in range(12, 12 + 16 * int.from_bytes(font[4:6], "big"), 16) if font[n : n + 4] == b"OS/2")
    os2 = int.from_bytes(font[at + 8 : at + 12], "big")
    font[os2 + 8 : os2 + 10] = rights.to_bytes(2, "big")
    return bytes(font)

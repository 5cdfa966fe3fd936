"""One printing as one PDF: per unit its sign-in list, then each person's question paper and answer sheet. Pure.

Equal batches give equal bytes. Where both sides of a leaf are printed, every list, paper and sheet begins on a new leaf.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from school.reports import answer_sheets, fonts, shapes, sheet_geometry, sign_in_list
from school.reports.fonts import Fonts
from school.reports.page import HEIGHT, WIDTH, open_canvas
from school.reports.paper_value import Batch, Sitter, Wanted
from school.reports.question_papers import Setter
from school.reports.shapes import GREY, Image, Label, Shape

Told = Callable[[int, int], None]


def draw(batch: Batch, wanted: Wanted, *, folder: Path | None = None, told: Told = lambda _done, _of: None) -> bytes:
    """The whole printing as PDF. told: called with how many people are done, of how many; folder: the county's fonts."""
    faces, out = fonts.load(folder), io.BytesIO()
    title = f"{batch.terms.title}纸质材料"
    canvas = open_canvas(out, faces, title=title, subject="试卷、答题卡、签到表", author=batch.terms.county)
    printer = _Printer(canvas, faces, batch, wanted)
    done = 0
    for unit, group in groupby(batch.people, key=lambda sitter: sitter.unit):
        people = list(group)
        printer.unit(unit, people)
        for sitter in people:
            told(done, len(batch.people))
            if not sitter.exempt:
                printer.person(sitter)
            done += 1
    told(done, len(batch.people))
    canvas.save()
    return out.getvalue()


@dataclass
class _Printer:
    canvas: Canvas
    faces: Fonts
    batch: Batch
    wanted: Wanted
    #: shapes met before -> their operators
    known: dict[Shape, str] = field(default_factory=dict)
    forms: set[str] = field(default_factory=set)
    marks: int = 0

    def __post_init__(self):
        self.images = {sha256: ImageReader(io.BytesIO(content)) for sha256, content in self.batch.pictures.items()}
        sizes = {sha256: image.getSize() for sha256, image in self.images.items()}
        self.setter = Setter(self.faces, self.batch.terms, large=self.wanted.large, sizes=sizes)

    def unit(self, name: str, people: list[Sitter]) -> None:
        """The outline's entry of a unit, and its sign-in list."""
        self.marks += 1
        self.canvas.bookmarkHorizontal(f"u{self.marks}", 0, HEIGHT)
        self.canvas.addOutlineEntry(name, f"u{self.marks}", 0)
        if self.wanted.lists:
            self._pages(sign_in_list.pages(people, self.batch.terms, self.faces))

    def person(self, sitter: Sitter) -> None:
        """One person's question paper and answer sheet."""
        questions = self.batch.forms[sitter.form]
        if self.wanted.papers:
            self._pages(self.setter.pages(questions, sitter))
        if self.wanted.sheets:
            for page in range(1, sheet_geometry.pages(questions) + 1):
                self.canvas.doForm(self._form(sitter.form, page))
                shapes.onto_canvas(self.canvas, answer_sheets.personal(sitter, page, self.faces), self.faces, HEIGHT)
                self.canvas.showPage()
            self._fill_leaf(sheet_geometry.pages(questions))

    def _form(self, form: str, page: int) -> str:
        name = f"sheet-{form}-{page}"
        if name not in self.forms:
            self.forms.add(name)
            drawn = answer_sheets.static(self.batch.forms[form], page, self.batch.terms, self.faces)
            self.canvas.beginForm(name, 0, 0, WIDTH, HEIGHT)
            shapes.onto_canvas(self.canvas, drawn, self.faces, HEIGHT)
            self.canvas.endForm()
        return name

    def _pages(self, pages: list[list[Shape]]) -> None:
        for page in pages:
            self._put(page)
            self.canvas.showPage()
        self._fill_leaf(len(pages))

    def _fill_leaf(self, pages: int) -> None:
        if self.wanted.duplex and pages % 2:
            self._put([Label(WIDTH / 2, HEIGHT / 2, "（此页空白）", 10.5, align="middle", colour=GREY)])
            self.canvas.showPage()

    def _put(self, drawn: Sequence[Shape]) -> None:
        texts = [shape for shape in drawn if not isinstance(shape, Image)]
        self.canvas.addLiteral("\n".join(self._operators(shape) for shape in texts))
        for shape in drawn:
            if isinstance(shape, Image):
                self._image(shape)

    def _image(self, shape: Image) -> None:
        """A picture is put into the file once, one point wide and high, and shown wherever it stands. Its pixels are let go then."""
        name = f"picture-{shape.sha256}"
        if name not in self.forms:
            self.forms.add(name)
            self.canvas.beginForm(name, 0, 0, 1, 1)
            self.canvas.drawImage(self.images.pop(shape.sha256), 0, 0, 1, 1, mask="auto")
            self.canvas.endForm()
        at = f"{shape.x:.2f} {HEIGHT - shape.y - shape.height:.2f}"
        self.canvas.addLiteral(f"q {shape.width:.2f} 0 0 {shape.height:.2f} {at} cm")
        self.canvas.doForm(name)
        self.canvas.addLiteral("Q")

    def _operators(self, shape: Shape) -> str:
        """A text of the form is drawn on thousands of pages at the same place: its operators are made once."""
        if shape not in self.known:
            self.known[shape] = shapes.operators(shape, self.faces, self.canvas._doc, HEIGHT)
        return self.known[shape]

"""The paragraphs of a Word document, written as XML and parsed at once: python-docx looks for the place of each anew."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.parts.image import ImagePart

from school.questions import markup
from school.questions.pictures import SIGN, Picture, sides

#: width of the text on A4 between margins of 2.5 cm
TEXT_CM = 21.0 - 2 * 2.5
_TWIPS_PER_CM = 567
_EMU_PER_CM, _EMU_PER_PIXEL = 360_000, 9_525
#: a picture is as large as on a screen, but no larger than this; among options it must fit into a quarter of the page
_LARGEST_CM, _LARGEST_OPTION_CM = 10.0, 3.2
_SPACES = nsdecls("w", "wp", "a", "pic", "r")
_BREAK = re.compile("[\r\v\f]")


class Body:
    """Paragraphs one below the other; `close` puts them into the document."""

    def __init__(self, document):
        self._document, self._written, self._images = document, [], {}

    def add(
        self,
        text: str,
        pictures: Iterable[Picture] = (),
        *,
        style: str = "",
        apart: bool = False,
        keep: bool = False,
        columns: int = 0,
    ) -> None:
        """One paragraph. style: by name.  apart: six points above it.  keep: on one page with the next.
        columns: tab stops that part the line evenly.  Pictures stand in the places of their signs."""
        told = [
            f'<w:pStyle w:val="{self._document.styles[style].style_id}"/>' if style else "",
            "<w:keepNext/>" if keep else "",
            _tabs(columns) if columns else "",
            '<w:spacing w:before="120"/>' if apart else "",
        ]
        shown = {picture.number: picture for picture in pictures}
        runs = self._runs(markup.possible(text), shown, _LARGEST_OPTION_CM if columns else _LARGEST_CM)
        self._written.append(f"<w:p><w:pPr>{''.join(told)}</w:pPr>{''.join(runs)}</w:p>")

    def close(self) -> None:
        """Put the paragraphs before the section's properties, which end a body."""
        body = self._document.element.body
        made = parse_xml(f"<w:body {_SPACES}>{''.join(self._written)}</w:body>")
        for paragraph in list(made):
            body.append(paragraph)
        body.append(body.sectPr)

    def _runs(self, text: str, shown: dict[int, Picture], most: float) -> Iterable[str]:
        at = 0
        for sign in SIGN.finditer(text) if shown else ():
            if int(sign[1]) in shown:
                yield _run(text[at : sign.start()])
                yield f"<w:r>{self._drawing(shown[int(sign[1])], most)}</w:r>"
                at = sign.end()
        yield _run(text[at:])

    def _drawing(self, picture: Picture, most: float) -> str:
        width, height = (side * _EMU_PER_PIXEL for side in sides(picture.content))
        scale = min(1.0, most * _EMU_PER_CM / width, most * _EMU_PER_CM / height)
        size = f'cx="{max(1, int(width * scale))}" cy="{max(1, int(height * scale))}"'
        names = f'id="{picture.number}" name="题图 {picture.number}" descr="题图 {picture.number}"'
        return (
            f"<w:drawing><wp:inline><wp:extent {size}/><wp:docPr {names}/><a:graphic><a:graphicData "
            f'uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr><pic:cNvPr {names}/>'
            f'<pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="{self._image(picture)}"/><a:stretch>'
            f'<a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm>'
            f'<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
            f"</wp:inline></w:drawing>"
        )

    def _image(self, picture: Picture) -> str:
        """The relation to the picture's file, which is in the document once."""
        if picture.sha256 not in self._images:
            name = PackURI(f"/word/media/image{len(self._images) + 1}.{picture.ending}")
            part = ImagePart(name, picture.media_type, picture.content)
            self._images[picture.sha256] = self._document.part.relate_to(part, RELATIONSHIP_TYPE.IMAGE)
        return self._images[picture.sha256]


def _run(text: str) -> str:
    if not text:
        return ""
    words = escape(text, quote=False).replace("\t", '</w:t><w:tab/><w:t xml:space="preserve">')
    words = _BREAK.sub('</w:t><w:br/><w:t xml:space="preserve">', words)
    return f'<w:r><w:t xml:space="preserve">{words}</w:t></w:r>'


def _tabs(columns: int) -> str:
    stops = (round(TEXT_CM * _TWIPS_PER_CM * place / columns) for place in range(1, 4))
    return "<w:tabs>" + "".join(f'<w:tab w:val="left" w:pos="{stop}"/>' for stop in stops) + "</w:tabs>"

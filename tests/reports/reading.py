"""Reads papers back as a reader program would."""

from __future__ import annotations

import re
import shutil
import subprocess

import pypdfium2
from pypdfium2 import raw

POPPLER = shutil.which("pdftotext")


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page, by pdfium."""
    document = pypdfium2.PdfDocument(pdf)
    texts = [page.get_textpage().get_text_range() for page in document]
    document.close()
    return texts


def by_pdfium(pdf: bytes) -> str:
    return "\n".join(pages_of(pdf))


def by_poppler(pdf: bytes) -> str:
    done = subprocess.run([POPPLER, "-raw", "-", "-"], input=pdf, capture_output=True, check=True)
    return done.stdout.decode("utf-8")


def squeezed(text: str) -> str:
    """Without blanks and line ends."""
    return re.sub(r"\s", "", text)


def unembedded(pdf: bytes) -> set[str]:
    """Names of fonts that text is drawn with and that the file does not carry."""
    document, found = pypdfium2.PdfDocument(pdf), set()
    for page in document:
        for drawn in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT], max_depth=3):
            font = raw.FPDFTextObj_GetFont(drawn.raw)
            if not raw.FPDFFont_GetIsEmbedded(font):
                found.add(font)
    document.close()
    return found


def fonts_named(pdf: bytes) -> list[str]:
    """Every /BaseFont in the file, object streams being none."""
    return re.findall(rb"/BaseFont\s*/([^\s/<>\[\]]+)", pdf)

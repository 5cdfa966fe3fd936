"""Spreadsheet files built in memory, the way the programs of the counties write them."""

from __future__ import annotations

import csv
import io
import struct
import zipfile
from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

import xlsxwriter
import xlwt

Rows = list[list]
#: (top, left, bottom, right), both ends included
Block = tuple[int, int, int, int]


def xlsx(sheets: dict[str, Rows], merged: dict[str, list[Block]] | None = None, hidden: tuple[str, ...] = ()) -> bytes:
    """An .xlsx file; text that looks like a formula stays text."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False})
    for name, rows in sheets.items():
        page = book.add_worksheet(name)
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
        for top, left, bottom, right in (merged or {}).get(name, ()):
            page.merge_range(top, left, bottom, right, rows[top][left])
        if name in hidden:
            page.hide()
    book.close()
    return file.getvalue()


def xls(sheets: dict[str, Rows], merged: dict[str, list[Block]] | None = None, hidden: tuple[str, ...] = ()) -> bytes:
    """An .xls file as Excel 97–2003 wrote it."""
    book = xlwt.Workbook()
    for name, rows in sheets.items():
        page = book.add_sheet(name)
        blocks = (merged or {}).get(name, [])
        tops = {(top, left) for top, left, _, _ in blocks}
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if value != "" and (number, column) not in tops:
                    page.write(number, column, value)
        for top, left, bottom, right in blocks:
            page.write_merge(top, bottom, left, right, rows[top][left])
        page.visibility = int(name in hidden)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
ODS_HEAD = (
    f'<office:document-content xmlns:office="{OFFICE}" office:version="1.2"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
)
ODS_FOOT = "</office:spreadsheet></office:body></office:document-content>"
ODS_KIND = "application/vnd.oasis.opendocument.spreadsheet"


def ods(sheets: dict[str, Rows], merged: dict[str, list[Block]] | None = None) -> bytes:
    """An .ods file as LibreOffice writes it."""
    pages = "".join(_ods_page(name, rows, (merged or {}).get(name, ())) for name, rows in sheets.items())
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr(zipfile.ZipInfo("mimetype"), ODS_KIND)
        parts.writestr("content.xml", ODS_HEAD + pages + ODS_FOOT)
        manifest = 'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'
        parts.writestr("META-INF/manifest.xml", f"<manifest:manifest {manifest}></manifest:manifest>")
    return file.getvalue()


def _ods_page(name: str, rows: Rows, merged: Iterable[Block]) -> str:
    blocks = {(top, left): (bottom, right) for top, left, bottom, right in merged}
    lines = (
        "<table:table-row>"
        + "".join(_ods_cell(value, number, column, blocks) for column, value in enumerate(row))
        + "</table:table-row>"
        for number, row in enumerate(rows)
    )
    return f"<table:table table:name={quoteattr(name)}>{''.join(lines)}</table:table>"


def _ods_cell(value, number: int, column: int, blocks: dict) -> str:
    for (top, left), (bottom, right) in blocks.items():
        if top <= number <= bottom and left <= column <= right and (number, column) != (top, left):
            return "<table:covered-table-cell/>"
    kind = "string"
    if isinstance(value, bool):
        kind = f'boolean" office:boolean-value="{str(value).lower()}'
    elif isinstance(value, int | float):
        kind = f'float" office:value="{value}'
    spans = ""
    if (number, column) in blocks:
        bottom, right = blocks[number, column]
        spans = (
            f' table:number-rows-spanned="{bottom - number + 1}" table:number-columns-spanned="{right - column + 1}"'
        )
    if value == "":
        return f"<table:table-cell{spans}/>"
    return (
        f'<table:table-cell{spans} office:value-type="{kind}"><text:p>{escape(str(value))}</text:p></table:table-cell>'
    )


def delimited(rows: Rows, delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    """A CSV or TSV file."""
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter).writerows(rows)
    return file.getvalue().encode(encoding)


def zipped(parts: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def with_part(content: bytes, name: str, change) -> bytes:
    """A zip with one of its parts changed by a function from bytes to bytes."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    return zipped({**parts, name: change(parts[name])})


def with_stream_renamed(content: bytes, new: str) -> bytes:
    """An .xls file whose only stream has another name: a container of something else."""
    old = "Workbook".encode("utf-16-le") + b"\0\0"
    at = content.index(old)
    name = new.encode("utf-16-le") + b"\0\0"
    return content[:at] + name.ljust(64, b"\0") + struct.pack("<H", len(name)) + content[at + 66 :]

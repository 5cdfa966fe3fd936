"""What an uploaded file is, decided by its content and never by its name, and what stands in its tables.

An upload is hostile until read: sizes are checked before anything is unpacked, and every refusal is a BadFile
with a sentence that says what to do.
"""

from school.files.archive import LIMIT_UNPACKED, Archive
from school.files.encoding import text
from school.files.grid import LIMIT_CELLS, LIMIT_ROWS, Merged, Table, letters
from school.files.kinds import kind
from school.files.tables import tables
from school.files.upload import LIMIT_BYTES

__all__ = [
    "LIMIT_BYTES",
    "LIMIT_CELLS",
    "LIMIT_ROWS",
    "LIMIT_UNPACKED",
    "Archive",
    "Merged",
    "Table",
    "kind",
    "letters",
    "tables",
    "text",
]

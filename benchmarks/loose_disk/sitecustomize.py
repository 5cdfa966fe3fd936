"""A disk that forgets whatever was not fsynced: put before all else on PYTHONPATH by crash.py, which then cuts the power.

SQLite reaches its files through a table of functions. The ones that write, cut, sync and delete are replaced here by ones
that do the same and keep a second copy of the data folder in SHADOW, into which writes come only when SQLite syncs the
file they belong to. After a kill the shadow is what a disk without power would hold. One process at a time, because a
sync brings in the writes of its own process alone. NORMAL in SYNCHRONOUS shows that a missing fsync is caught.
"""

import ctypes
import os
import sqlite3
import threading

SHADOW, SYNCHRONOUS = os.environ.get("SHADOW", ""), os.environ.get("SYNCHRONOUS", "")
POINTER = ctypes.sizeof(ctypes.c_void_p)
#: places in sqlite3_vfs, in bytes, and in sqlite3_io_methods, in pointers (https://sqlite.org/c3ref/vfs.html)
OPEN, DELETE = 5 * POINTER, 6 * POINTER
WRITE, TRUNCATE, SYNC, METHODS = 3, 4, 5, 19

# SQLite goes on using the name a file was opened by, so its own pointer is handed on and not a copy of the text.
_file, _name, _int, _long = ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_int64
Open = ctypes.CFUNCTYPE(_int, ctypes.c_void_p, _name, _file, _int, ctypes.c_void_p)
Delete = ctypes.CFUNCTYPE(_int, ctypes.c_void_p, _name, _int)
Write = ctypes.CFUNCTYPE(_int, _file, ctypes.c_void_p, _int, _long)
Truncate = ctypes.CFUNCTYPE(_int, _file, _long)
Sync = ctypes.CFUNCTYPE(_int, _file, _int)

#: file of SQLite -> its name; name -> what was done to it since its last sync: (offset, bytes) or (size, None)
names: dict[int, str] = {}
loose: dict[str, list] = {}
#: what SQLite must not lose while it runs
kept: list = []
turn = threading.Lock()


def swapped(address: int, kind, make):
    """Put make(the function that stands at an address) in its place."""
    place = ctypes.c_void_p.from_address(address)
    made = kind(make(kind(place.value)))
    kept.append(made)
    place.value = ctypes.cast(made, ctypes.c_void_p).value


def basename(name: int) -> str:
    """The last part of a file's name that stands at an address."""
    return os.path.basename(os.fsdecode(ctypes.string_at(name)))


def opening(really):
    def opened(vfs, name, file, flags, out):
        result = really(vfs, name, file, flags, out)
        methods = ctypes.c_void_p.from_address(file)
        if result == 0 and name and methods.value:
            names[file] = basename(name)
            methods.value = watched(methods.value)
        return result

    return opened


def watched(table: int, tables={}) -> int:  # noqa: B006
    """A copy of a table of functions with ours in it; one for each table."""
    if table not in tables:
        copy = (ctypes.c_void_p * METHODS).from_buffer_copy(ctypes.string_at(table, METHODS * POINTER))
        kept.append(copy)
        start = ctypes.addressof(copy)
        for place, kind, make in ((WRITE, Write, writing), (TRUNCATE, Truncate, cutting), (SYNC, Sync, syncing)):
            swapped(start + place * POINTER, kind, make)
        tables[table] = start
        tables[start] = start
    return tables[table]


def writing(really):
    def wrote(file, content, size, offset):
        with turn:
            loose.setdefault(names[file], []).append((offset, ctypes.string_at(content, size)))
        return really(file, content, size, offset)

    return wrote


def cutting(really):
    def cut(file, size):
        with turn:
            loose.setdefault(names[file], []).append((size, None))
        return really(file, size)

    return cut


def syncing(really):
    def synced(file, flags):
        result = really(file, flags)
        with turn:
            keep(names[file], loose.pop(names[file], []))
        return result

    return synced


def keep(name: str, deeds: list) -> None:
    """Bring into the shadow what is on the disk now."""
    handle = os.open(os.path.join(SHADOW, name), os.O_RDWR | os.O_CREAT)
    for offset, content in deeds:
        os.ftruncate(handle, offset) if content is None else os.pwrite(handle, content, offset)
    os.close(handle)


def deleting(really):
    def deleted(vfs, name, sync):
        result = really(vfs, name, sync)
        with turn:
            loose.pop(basename(name), None)
            if result == 0 and os.path.exists(shadow := os.path.join(SHADOW, basename(name))):
                os.remove(shadow)
        return result

    return deleted


def connect(*arguments, factory=sqlite3.Connection, **named):
    """Connections that ask for another `synchronous` than the program does."""

    class Loose(factory):
        def execute(self, statement, *given):
            return super().execute(statement.replace("synchronous=FULL", f"synchronous={SYNCHRONOUS}"), *given)

    return _connect(*arguments, factory=Loose, **named)


if SHADOW:
    with open("/proc/self/maps") as maps:
        library = next((line.split()[-1] for line in maps if "libsqlite3" in line), None)
    if library is None:
        raise SystemExit("this Python has SQLite built in, where its files cannot be watched")
    find = ctypes.CDLL(library).sqlite3_vfs_find
    find.restype, find.argtypes = ctypes.c_void_p, [_name]
    vfs = find(None)
    swapped(vfs + OPEN, Open, opening)
    swapped(vfs + DELETE, Delete, deleting)
if SYNCHRONOUS:
    _connect = sqlite3.connect
    sqlite3.connect = sqlite3.dbapi2.connect = connect

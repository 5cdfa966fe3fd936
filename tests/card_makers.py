"""What a trainer types on a session card, and what is then found in the database."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from school.audit import AuditLine
from school.courses.models import Attendance, CourseSession

KEY, OTHER_KEY = "a" * 32, "b" * 32


def typed(*marks: str, key: str = KEY, seen: str = "", **values) -> dict:
    """The fields of a card, with marks such as "12:present"."""
    fields = {
        "roll": list(marks),
        "began": "20:05",
        "title": "防火条例",
        "outcome": "",
        "request": "",
        "head_count": "",
    }
    return {**fields, "client_key": key, "seen_key": seen, **values}


def values_of(db: Session, night: CourseSession) -> dict[int, str]:
    """Person id -> value, as recorded."""
    recorded = select(Attendance.person_id, Attendance.value).where(Attendance.session_id == night.id)
    return dict(db.execute(recorded).all())


def deeds(db: Session) -> list[str]:
    """The cards' lines in the audit log."""
    about = AuditLine.deed.in_(["record_card", "correct_card"])
    return list(db.scalars(select(AuditLine.deed).where(about).order_by(AuditLine.id)))

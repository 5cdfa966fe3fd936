"""Paper answer sheets to be typed: one person's, and all of one's units with where each of them stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from school.access import Member, Role
from school.audit import AuditLine
from school.quizzes import queries, sheet_code, sheet_entry
from school.quizzes.models import Answer, Attempt, Candidate, CorrectionChange, Mark, Paper, Round, SheetEntry
from school.quizzes.queries import CandidateRow, Sitting
from school.quizzes.sheet_entry import Place

TYPISTS = (Role.OFFICER, Role.CLERK)
#: where a sheet stands -> in words; {saved}: answers that the phone had kept when its time was over
STANDINGS = {
    "waiting": "未录",
    "once": "已录一遍",
    "differs": "两遍不一致",
    "typed": "已录",
    "answering": "手机答题中",
    "blank": "到时自动交上（存了 0 题）",
    "overdue": "到时自动交上（存了 {saved} 题）",
    "phone": "手机已交卷",
    "exempt": "免考",
}
#: those whose sheet anybody in charge may type
OPEN = ("waiting", "blank")


@dataclass(frozen=True)
class Sheet:
    """One person's answer sheet: who, their paper's places, and what was typed so far, the first typing first.

    saved: questions that hold an answer now.
    """

    round: Round
    row: CandidateRow
    places: list[Place]
    entries: list[SheetEntry]
    saved: int

    @property
    def standing(self) -> str:
        """A key of STANDINGS."""
        return standing(self.row, len(self.entries), self.saved)

    @property
    def said(self) -> str:
        """Where it stands, in words."""
        return STANDINGS[self.standing].format(saved=self.saved)

    @property
    def at_stake(self) -> bool:
        """Whether the phone would lose something to the sheet: time that still runs, or answers it had kept."""
        attempt = self.row.attempt
        return attempt.started_at is not None and (attempt.handed_in_at is None or self.saved > 0)

    @property
    def sitting(self) -> Sitting:
        """The same as those who answer see it."""
        return Sitting(self.round, self.row.candidate, self.row.attempt)


def standing(row: CandidateRow, entries: int, saved: int) -> str:
    """Where a sheet stands, by how often it was typed and how many answers are kept.

    What the deadline handed in is nobody's word that the phone is to count, so that a sheet may still come.
    """
    attempt = row.attempt
    if row.candidate.exempt_reason:
        return "exempt"
    if attempt.handed_in_at and attempt.handed_in_how != "deadline":
        return "typed" if attempt.handed_in_how == "paper" else "phone"
    if entries:
        return "once" if entries == 1 else "differs"
    if attempt.handed_in_at:
        return "overdue" if saved else "blank"
    return "answering" if attempt.started_at else "waiting"


def sheet(db: Session, round_id: int, candidate_id: int, by: Member, *roles: Role, lock: bool = False) -> Sheet:
    """One answer sheet inside the member's subtrees for the roles, else NotFound.

    lock: it is written to. The round comes first, as in every deed on it: nobody closes it, marks or corrects meanwhile.
    """
    round_ = queries.round_(db, round_id, by, *roles, lock=lock)
    row = queries.candidate(db, round_id, candidate_id, by, *roles, lock=lock)
    questions = queries.questions_of(db, row.candidate.paper_id)
    places = sheet_entry.places(questions, seed=round_.seed, candidate_id=row.candidate.id)
    typed = select(SheetEntry).where(SheetEntry.attempt_id == row.attempt.id).order_by(SheetEntry.number)
    saved = _saved(db, Attempt.id == row.attempt.id).get(row.attempt.id, 0)
    return Sheet(round_, row, places, list(db.scalars(typed)), saved)


def _saved(db: Session, which: ColumnElement[bool]) -> dict[int, int]:
    """Attempt id -> questions that hold an answer; one that was taken back holds none. which: a condition on both tables."""
    statement = select(Answer.attempt_id, func.count()).join(Attempt, Attempt.id == Answer.attempt_id)
    held = statement.join(Candidate, Candidate.id == Attempt.candidate_id).where(
        which, func.json_array_length(Answer.given) > 0
    )
    return dict(db.execute(held.group_by(Answer.attempt_id)).all())


def given(db: Session, sheet: Sheet) -> list[list]:
    """The answers that stand for a sheet's attempt, one per question; [] where there is none."""
    answers = queries.answers_of(db, sheet.row.attempt.id)
    questions = queries.questions_of(db, sheet.row.candidate.paper_id)
    return [answers[question.id].given if question.id in answers else [] for question in questions]


def judged_by_hand(db: Session, attempt_id: int) -> bool:
    """Whether a marker or an approved correction has already worked on an attempt."""
    marked = select(Mark.id).join(Answer, Answer.id == Mark.answer_id).where(Answer.attempt_id == attempt_id)
    changed = select(CorrectionChange.id).where(CorrectionChange.attempt_id == attempt_id)
    return db.scalar(select(or_(marked.exists(), changed.exists())))


def counted_instead(db: Session, attempt_id: int) -> AuditLine | None:
    """The note that a sheet counts and not what the phone had; None where the phone had lost nothing by it."""
    about = (AuditLine.about_kind == Attempt.__tablename__) & (AuditLine.about_id == str(attempt_id))
    statement = select(AuditLine).where(about, AuditLine.deed == "count_sheet").order_by(AuditLine.id.desc())
    return db.scalars(statement.limit(1)).one_or_none()


@dataclass(frozen=True)
class SheetRow:
    """One line of a list of sheets. typists: account ids of those who typed it so far; saved: as of a Sheet."""

    row: CandidateRow
    typists: tuple[int | None, ...]
    saved: int

    @cached_property
    def standing(self) -> str:
        """A key of STANDINGS."""
        return standing(self.row, len(self.typists), self.saved)

    @property
    def said(self) -> str:
        """Where it stands, in words."""
        return STANDINGS[self.standing].format(saved=self.saved)

    def open_to(self, by: Member) -> bool:
        """Whether this member may type it now: not typed, or typed once by somebody else; never their own."""
        if by.person_id is not None and by.person_id == self.row.person.id:
            return False
        return self.standing in OPEN or (self.standing == "once" and by.account_id not in self.typists)


def sheets(db: Session, round_: Round, by: Member, *, unit_id: int | None = None) -> list[SheetRow]:
    """Every candidate's sheet in the member's subtrees, or of one unit, in 建制顺序 and roster order."""
    typed: dict[int, list[int | None]] = {}
    of_round = select(SheetEntry.attempt_id, SheetEntry.typist_id).join(Attempt, Attempt.id == SheetEntry.attempt_id)
    of_round = of_round.join(Candidate, Candidate.id == Attempt.candidate_id).where(Candidate.round_id == round_.id)
    for attempt_id, typist_id in db.execute(of_round):
        typed.setdefault(attempt_id, []).append(typist_id)
    saved = _saved(db, (Candidate.round_id == round_.id) & (Attempt.handed_in_how == "deadline"))
    rows = queries.candidate_rows(db, round_.id, by.paths(*TYPISTS), unit_id=unit_id)
    return [SheetRow(row, tuple(typed.get(row.attempt.id, ())), saved.get(row.attempt.id, 0)) for row in rows]


def forms(db: Session, round_id: int) -> dict[int, str]:
    """Paper id -> the letter of its form."""
    return dict(db.execute(select(Paper.id, Paper.form).where(Paper.round_id == round_id)).all())


def found(rows: Sequence[SheetRow], words: str, *, seed: str) -> list[SheetRow]:
    """The sheets that a scanned code, the beginning of a staff number or a part of a name means."""
    if sheet_code.looks_like(words):
        code = sheet_code.read(words, seed=seed)
        return [one for one in rows if code and one.row.candidate.id == code.candidate_id]
    return [one for one in rows if words in one.row.candidate.name or one.row.person.staff_no.startswith(words)]


def next_open(rows: Sequence[SheetRow], candidate_id: int, by: Member) -> SheetRow | None:
    """The next sheet of the same unit that this member may type, going round in roster order; None when all are done."""
    ids = [one.row.candidate.id for one in rows]
    here = ids.index(candidate_id)
    unit_id = rows[here].row.unit.id
    round_from_here = [*rows[here + 1 :], *rows[:here]]
    return next((one for one in round_from_here if one.row.unit.id == unit_id and one.open_to(by)), None)

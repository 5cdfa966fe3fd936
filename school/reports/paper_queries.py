"""Who a printing is for, what it holds, and the printings that wait to be fetched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from school.access import Member, Role
from school.errors import NotFound
from school.jobs import Job
from school.questions.models import PictureFile
from school.quizzes import asked, queries, sheet_code
from school.quizzes.models import Attempt, Candidate, PaperQuestion, Round
from school.quizzes.queries import CandidateRow
from school.quizzes.scoring import MULTI_RULES
from school.quizzes.sheet_code import SheetCode
from school.reports import sheet_geometry
from school.reports.models import PaperPrint
from school.reports.paper_value import Asked, Batch, Sitter, Terms

PRINT = "paper_print"
PRINTERS = (Role.OFFICER, Role.CLERK)
#: how long a large printing waits to be fetched
KEPT = timedelta(days=7)


def printable(db: Session, round_: Round, by: Member) -> list[CandidateRow]:
    """Candidates of the member's units who have not begun, and those excused, in 建制顺序 and roster order."""
    rows = queries.candidate_rows(db, round_.id, by.paths(*PRINTERS))
    return [row for row in rows if row.standing in ("waiting", "exempt")]


def still_to_answer(db: Session, round_: Round, by: Member) -> bool:
    """Whether the member is called to the round and has neither been excused nor handed in."""
    own = select(Candidate.id).join(Attempt, Attempt.candidate_id == Candidate.id)
    own = own.where(Candidate.round_id == round_.id, Candidate.person_id == (by.person_id or 0))
    return db.scalar(own.where(Candidate.exempt_reason == "", Attempt.handed_in_at.is_(None))) is not None


def batch(db: Session, round_: Round, rows: Sequence[CandidateRow], *, county: str) -> Batch:
    """Everything a printing for these candidates holds. Keys, explanations and citations stay behind."""
    papers = queries.papers_of(db, round_.id)
    questions = {one.id: one.questions for one in papers}
    forms = {one.form: tuple(map(_asked, one.questions)) for one in papers}
    names = {one.id: one.form for one in papers}
    people = tuple(_sitter(round_, row, names[row.candidate.paper_id], questions, forms) for row in rows)
    return Batch(_terms(round_, forms, county), forms, people, _pictures(db, forms))


def _pictures(db: Session, forms: dict[str, tuple[Asked, ...]]) -> dict[str, bytes]:
    """The bytes of every picture on any form, by hash."""
    shown = {sha256 for questions in forms.values() for question in questions for _, sha256 in question.pictures}
    found = select(PictureFile.sha256, PictureFile.content).where(PictureFile.sha256.in_(shown))
    return dict(db.execute(found).all()) if shown else {}


def _terms(round_: Round, forms: dict[str, tuple[Asked, ...]], county: str) -> Terms:
    return Terms(
        county=county, title=round_.title, mode=round_.mode, opens_at=round_.opens_at, closes_at=round_.closes_at,
        minutes=round_.minutes, full=sum(question.points for question in next(iter(forms.values()))),
        pass_mark=round_.pass_mark, multi_rule=MULTI_RULES[round_.multi_rule],
    )  # fmt: skip


def _asked(question: PaperQuestion) -> Asked:
    blanks = len(question.key) if question.kind == "fill" else 0
    pictures = tuple((one["number"], one["sha256"]) for one in question.pictures)
    return Asked(
        question.position, question.kind, question.stem, question.points, options=len(question.options), blanks=blanks,
        pictures=pictures,
    )  # fmt: skip


def _sitter(
    round_: Round,
    row: CandidateRow,
    form: str,
    questions: dict[int, list[PaperQuestion]],
    forms: dict[str, tuple[Asked, ...]],
) -> Sitter:
    """One person's paper. The order of options is the phone's own."""
    candidate = row.candidate
    order = {"seed": round_.seed, "candidate_id": candidate.id}
    options = tuple(
        tuple(option["text"] for option in asked.options_of(question, **order)) if question.options else ()
        for question in questions[candidate.paper_id]
    )
    pages = range(1, sheet_geometry.pages(forms[form]) + 1)
    codes = [sheet_code.write(SheetCode(round_.id, candidate.id, form, page), seed=round_.seed) for page in pages]
    return Sitter(
        name=candidate.name, unit=row.unit.name, staff_no=row.person.staff_no, form=form, options=options,
        codes=tuple(codes), extra=candidate.extension, exempt=bool(candidate.exempt_reason),
    )  # fmt: skip


def print_job(db: Session, job_id: int, by: Member) -> Job:
    """A printing under way, for whoever asked for it; else NotFound."""
    found = db.get(Job, job_id)
    if found is None or found.kind != PRINT or found.started_by_id is None or found.started_by_id != by.account_id:
        raise NotFound
    return found


def under_way(db: Session, told: Mapping, by: Member) -> Job | None:
    """The member's printing of the same for the same people that is not done yet: a second click asks for no other.

    told: round_id, candidate_ids and wanted, as the job keeps them.
    """
    own = select(Job).where(
        Job.kind == PRINT, Job.started_by_id == by.account_id, Job.state.in_(("waiting", "running"))
    )
    return next((one for one in db.scalars(own) if one.arguments.items() >= told.items()), None)


def printed(db: Session, ticket: str, by: Member, now: datetime) -> PaperPrint:
    """A finished printing with its bytes, for whoever asked for it, while it is kept; else NotFound."""
    statement = select(PaperPrint).where(PaperPrint.ticket == ticket, PaperPrint.asked_by_id == by.account_id)
    found = db.scalars(
        statement.where(PaperPrint.made_at > now - KEPT).options(undefer(PaperPrint.content))
    ).one_or_none()
    if found is None or by.account_id is None:
        raise NotFound("这份打印文件已经过期，请回到“纸质答题”重新生成。")
    return found

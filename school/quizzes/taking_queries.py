"""Reading one's own place in a round while it is answered: the whole sheet, the time, and whose time is over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, Row, Select, bindparam, select
from sqlalchemy.orm import Session, undefer

from school.errors import NotFound
from school.prepared import Prepared
from school.questions.models import PictureFile
from school.quizzes.models import Answer, Attempt, Candidate, PaperQuestion, Round
from school.quizzes.queries import Sitting


def _sheet() -> Select:
    question, answer = PaperQuestion.__table__, Answer.__table__
    its_own = (answer.c.question_id == question.c.id) & (answer.c.attempt_id == bindparam("attempt_id"))
    names = ("id", "position", "kind", "stem", "options", "key", "pictures")
    asked = [question.c[name] for name in names]
    return (
        select(*asked, answer.c.given, answer.c.sequence, answer.c.saved_at)
        .select_from(question.outerjoin(answer, its_own))
        .where(question.c.paper_id == bindparam("paper_id"))
        .order_by(question.c.position)
    )


#: built once: an evening sends it a hundred times a second
SHEET = _sheet()


def sheet(db: Session, sitting: Sitting) -> Sequence[Row]:
    """A person's paper in order, each question with the answer that stands.

    id, position, kind, stem, options, key, pictures; given (empty when taken back), sequence, saved_at: None without an answer.
    """
    whose = {"paper_id": sitting.candidate.paper_id, "attempt_id": sitting.attempt.id}
    return db.connection().execute(SHEET, whose).all()


def picture(db: Session, round_id: int, person_id: int | None, position: int, number: int) -> PictureFile:
    """A picture of a question on the paper that a person has begun, else NotFound."""
    statement = (
        select(PaperQuestion.pictures)
        .join(Candidate, Candidate.paper_id == PaperQuestion.paper_id)
        .join(Attempt, Attempt.candidate_id == Candidate.id)
        .where(Candidate.round_id == round_id, Candidate.person_id == (person_id or 0))
        .where(Attempt.started_at.is_not(None), PaperQuestion.position == position)
    )
    shown = db.scalars(statement).one_or_none() or []
    sha256 = next((one["sha256"] for one in shown if one["number"] == number), None)
    if sha256 is None:
        raise NotFound
    return db.get_one(PictureFile, sha256, options=[undefer(PictureFile.content)])


def _time() -> Select:
    candidate, attempt, round_ = Candidate.__table__, Attempt.__table__, Round.__table__
    own = (attempt.c.deadline_at, attempt.c.handed_in_at, attempt.c.seat)
    return (
        select(*own, candidate.c.extension, candidate.c.extension_reason, round_.c.state, round_.c.paused_at)
        .select_from(candidate.join(round_).join(attempt))
        .where(candidate.c.round_id == bindparam("round_id"), candidate.c.person_id == bindparam("person_id"))
        .where(round_.c.state != "draft")
    )


TIME = Prepared(_time())


def time_of(db: Connection, round_id: int, person_id: int | None) -> tuple:
    """What an open page asks for again and again, also when the round was called off; NotFound outside the round.

    deadline_at, handed_in_at, seat; extension (minutes), extension_reason; state and paused_at of the round.
    """
    found = TIME.one(db, {"round_id": round_id, "person_id": person_id or 0})
    if found is None:
        raise NotFound
    return found


def overdue(db: Session, until: datetime, *, round_id: int | None = None, at_most: int | None = None) -> list[Sitting]:
    """Begun attempts whose deadline was before `until` and that nobody handed in, locked; a paused or a cancelled round has none.

    They are locked all at once and in the order in which the desk locks (saving_actions), so that neither waits for
    the other in a circle. at_most: no more than so many, and none that somebody is just writing to.
    """
    running = (Round.state == "published") & Round.paused_at.is_(None)
    over = Attempt.handed_in_at.is_(None) & (Attempt.deadline_at < until) & running
    statement = (
        select(Round, Candidate, Attempt)
        .join(Candidate, Candidate.round_id == Round.id)
        .join(Attempt, Attempt.candidate_id == Candidate.id)
        .where(over)
        .order_by(Candidate.round_id, Candidate.person_id)
        .limit(at_most)
        .with_for_update(of=Attempt, skip_locked=at_most is not None)
        .execution_options(populate_existing=True)
    )
    if round_id:
        statement = statement.where(Candidate.round_id == round_id)
    return [Sitting(*row) for row in db.execute(statement)]


def may_be_answering(db: Session, now: datetime) -> bool:
    """Whether a round is open or anybody has an attempt under way: no time for a clock to be changed."""
    open_now = select(Round.id).where(Round.state == "published", Round.opens_at <= now, Round.closes_at > now)
    under_way = select(Attempt.id).join(Candidate, Candidate.id == Attempt.candidate_id)
    under_way = under_way.join(Round, Round.id == Candidate.round_id).where(
        Round.state == "published", Attempt.started_at.is_not(None), Attempt.handed_in_at.is_(None)
    )
    return db.scalar(select(open_now.exists() | under_way.exists()))

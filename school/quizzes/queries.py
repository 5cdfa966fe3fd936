"""Reading rounds, candidates, attempts and answers, always inside somebody's scope."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import BindParameter, ColumnElement, Connection, Row, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from school.access import Member, Role
from school.errors import NotFound
from school.prepared import Prepared
from school.questions.models import Bank, Question, QuestionVersion
from school.quizzes.models import Answer, Attempt, Candidate, Paper, PaperQuestion, Round
from school.roster.models import Person, Unit
from school.roster.queries import at_or_above, on_the_line, within

SEES_ROUNDS = (Role.OFFICER, Role.CLERK, Role.COMMITTEE)


def round_(db: Session, round_id: int, by: Member, *roles: Role, lock: bool = False) -> Round:
    """A round the member may see: an officer's own subtree or one above it whose people are theirs; else NotFound.

    A draft is seen by those alone who may change it.
    """
    statement = select(Round).where(Round.id == round_id).options(joinedload(Round.unit, innerjoin=True))
    found = db.scalars(statement.with_for_update(of=Round) if lock else statement).one_or_none()
    if found is None or not any(_touch(found.unit.path, path) for path in by.paths(*(roles or SEES_ROUNDS))):
        raise NotFound
    if found.state == "draft":
        by.must_cover(found.unit.path, Role.OFFICER)
    return found


def own_round(db: Session, round_id: int, by: Member, *, lock: bool = True) -> Round:
    """A round of a unit the member officers, to be changed; else NotFound."""
    found = round_(db, round_id, by, Role.OFFICER, lock=lock)
    by.must_cover(found.unit.path, Role.OFFICER)
    return found


def _touch(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def rounds(db: Session, by: Member) -> Select:
    """Rounds of the member's subtrees and of the units above them, the latest first; drafts only of one's own."""
    return (
        select(Round)
        .join(Round.unit)
        .where(on_the_line(by.paths(*SEES_ROUNDS)), or_(Round.state != "draft", within(by.paths(Role.OFFICER))))
        .options(joinedload(Round.unit))
        .order_by(Round.opens_at.desc(), Round.id.desc())
    )


def questions_asked(db: Session, round_id: int, path: str) -> set[int]:
    """Question ids that stood on any paper of a round, or of a round that repeated it for units on the line of `path`."""
    statement = (
        select(PaperQuestion.question_id)
        .join(Paper, Paper.id == PaperQuestion.paper_id)
        .join(Round, Round.id == Paper.round_id)
        .join(Round.unit)
        .where(or_(Round.id == round_id, and_(Round.repeats_id == round_id, on_the_line((path,)))))
    )
    return set(db.scalars(statement))


@dataclass(frozen=True)
class CandidateRow:
    """One line of a round's list: the candidate with unit, staff number, phone and where the attempt stands."""

    candidate: Candidate
    unit: Unit
    person: Person
    attempt: Attempt

    @property
    def standing(self) -> str:
        """exempt, handed_in, answering or waiting."""
        if self.candidate.exempt_reason:
            return "exempt"
        if self.attempt.handed_in_at:
            return "handed_in"
        return "answering" if self.attempt.started_at else "waiting"


def _stands() -> dict[str, ColumnElement[bool]]:
    """CandidateRow.standing in the database's words."""
    called, closed, begun = Candidate.exempt_reason == "", Attempt.handed_in_at, Attempt.started_at
    return {
        "exempt": Candidate.exempt_reason != "",
        "handed_in": called & closed.is_not(None),
        "answering": called & closed.is_(None) & begun.is_not(None),
        "waiting": called & closed.is_(None) & begun.is_(None),
    }


def candidate_rows(
    db: Session, round_id: int, paths: Sequence[str], *, unit_id: int | None = None
) -> list[CandidateRow]:
    """A round's candidates in the subtrees, in 建制顺序 and roster order."""
    return [CandidateRow(*row) for row in db.execute(candidates(round_id, paths, unit_id=unit_id))]


def candidates(
    round_id: int, paths: Sequence[str], *, unit_id: int | None = None, standing: str = "", words: str = ""
) -> Select:
    """The same as a statement to page through, whose rows make CandidateRows.

    standing: those alone who stand so.  words: a part of a name, the beginning
    of a staff number or of a phone number.
    """
    statement = (
        select(Candidate, Unit, Person, Attempt)
        .join(Unit, Unit.id == Candidate.unit_id)
        .join(Person, Person.id == Candidate.person_id)
        .join(Attempt, Attempt.candidate_id == Candidate.id)
        .where(Candidate.round_id == round_id, within(paths))
        .order_by(Unit.order_no, Unit.id, Person.staff_no)
    )
    if unit_id:
        statement = statement.where(Unit.id == unit_id)
    if standing:
        statement = statement.where(_stands()[standing])
    if words:
        numbers = (Person.staff_no, Person.phone)
        begins = [column.startswith(words, autoescape=True) for column in numbers]
        statement = statement.where(or_(Candidate.name.contains(words, autoescape=True), *begins))
    return statement


def candidate(
    db: Session, round_id: int, candidate_id: int, by: Member, *roles: Role, lock: bool = False
) -> CandidateRow:
    """One candidate of a round inside the member's subtrees for the roles, else NotFound. lock: to be decided on."""
    statement = (
        select(Candidate, Unit, Person, Attempt)
        .join(Unit, Unit.id == Candidate.unit_id)
        .join(Person, Person.id == Candidate.person_id)
        .join(Attempt, Attempt.candidate_id == Candidate.id)
        .where(Candidate.id == candidate_id, Candidate.round_id == round_id)
    )
    found = db.execute(statement.with_for_update(of=(Attempt, Candidate)) if lock else statement).one_or_none()
    if found is None:
        raise NotFound
    by.must_cover(found[1].path, *roles)
    return CandidateRow(*found)


@dataclass(frozen=True)
class Sitting:
    """A person's place in a round: candidate, attempt and the round itself."""

    round: Round
    candidate: Candidate
    attempt: Attempt


#: states of a round that its people know of; a draft that was cancelled has none
ANNOUNCED = ("published", "closed", "cancelled")


def _sittings(person_id: int | BindParameter) -> Select:
    return (
        select(Round, Candidate, Attempt)
        .join(Candidate, Candidate.round_id == Round.id)
        .join(Attempt, Attempt.candidate_id == Candidate.id)
        .where(Candidate.person_id == person_id, Round.state.in_(ANNOUNCED))
    )


def sittings_of(db: Session, person_id: int) -> list[Sitting]:
    """All rounds a person is or was called to, the latest first; cancelled ones too, for their people read why."""
    found = db.execute(_sittings(person_id).order_by(Round.opens_at.desc(), Round.id.desc()))
    return [Sitting(*row) for row in found]


#: these and the statements below are built once: an evening sends them a hundred times a second
SITTING = _sittings(bindparam("person_id")).where(Round.id == bindparam("round_id"))
SEAT = (
    select(Attempt.id)
    .join(Candidate, Candidate.id == Attempt.candidate_id)
    .where(Candidate.round_id == bindparam("round_id"), Candidate.person_id == bindparam("person_id"))
    .with_for_update(of=Attempt)
)


def sitting(db: Session, round_id: int, person_id: int | None, *, lock: bool = False) -> Sitting:
    """A person's own place in a round, else NotFound.

    lock: the attempt is taken hold of first and everything read after it, so that a window or an extension that was
    changed in the meantime is seen.
    """
    asked = {"round_id": round_id, "person_id": person_id or 0}
    if lock:
        db.execute(SEAT, asked)
    found = db.execute(SITTING, asked).one_or_none()
    if found is None:
        raise NotFound
    return Sitting(*found)


def _place() -> Select:
    candidate, attempt, question = Candidate.__table__, Attempt.__table__, PaperQuestion.__table__
    columns = (
        attempt.c.id.label("attempt_id"), attempt.c.started_at, attempt.c.deadline_at, attempt.c.handed_in_at,
        attempt.c.seat, candidate.c.extension, candidate.c.extension_reason, Round.__table__.c.state,
        Round.__table__.c.paused_at, question.c.id.label("question_id"), question.c.kind, question.c.options, question.c.key,
    )  # fmt: skip
    asked = (question.c.paper_id == candidate.c.paper_id) & (question.c.position == bindparam("position"))
    return (
        select(*columns)
        .select_from(candidate.join(Round.__table__).join(attempt).outerjoin(question, asked))
        .where(candidate.c.round_id == bindparam("round_id"), candidate.c.person_id == bindparam("person_id"))
        .where(or_(*(Round.__table__.c.state == one for one in ANNOUNCED)))
        .with_for_update(of=attempt)
    )


PLACE = Prepared(_place())


def place(db: Connection, round_id: int, person_id: int | None, position: int) -> tuple:
    """What a save must know, in one look at plain columns, the attempt locked; NotFound outside the round.

    attempt_id, started_at, deadline_at, handed_in_at, seat; extension, extension_reason; state and paused_at of the round,
    which may have been called off; question_id (None: no such position), kind, options, key.
    """
    asked = {"round_id": round_id, "person_id": person_id or 0, "position": position}
    found = PLACE.one(db, asked)
    if found is None:
        raise NotFound
    return found


def questions_of(db: Session, paper_id: int) -> list[PaperQuestion]:
    """The questions of a paper in order."""
    statement = select(PaperQuestion).where(PaperQuestion.paper_id == paper_id)
    return list(db.scalars(statement.order_by(PaperQuestion.position)))


def _grid() -> Select:
    question, answer = PaperQuestion.__table__, Answer.__table__
    its_own = (answer.c.question_id == question.c.id) & (answer.c.attempt_id == bindparam("attempt_id"))
    return (
        select(question.c.position, answer.c.given, answer.c.sequence, answer.c.saved_at)
        .select_from(question.outerjoin(answer, its_own))
        .where(question.c.paper_id == bindparam("paper_id"))
        .order_by(question.c.position)
    )


GRID = _grid()


def grid(db: Session, sitting: Sitting) -> Sequence[Row]:
    """The numbers of a person's paper in order, each with the answer that stands.

    position; given (empty when taken back), sequence, saved_at: None without an answer.
    """
    asked = {"paper_id": sitting.candidate.paper_id, "attempt_id": sitting.attempt.id}
    return db.connection().execute(GRID, asked).all()


def answers_of(db: Session, attempt_id: int) -> dict[int, Answer]:
    """Question id on the paper -> the answer that stands."""
    return {a.question_id: a for a in db.scalars(select(Answer).where(Answer.attempt_id == attempt_id))}


def longest_extension(db: Session, round_id: int) -> int:
    """Minutes of the longest extension anybody has in a round."""
    return db.scalar(select(func.coalesce(func.max(Candidate.extension), 0)).where(Candidate.round_id == round_id))


def topics(db: Session, path: str) -> list[str]:
    """Topics of reviewed questions a unit may draw from, in order of their names."""
    statement = (
        select(QuestionVersion.topic)
        .distinct()
        .join(QuestionVersion.question)
        .join(Question.bank)
        .join(Bank.unit)
        .where(QuestionVersion.state == "reviewed", at_or_above((path,)))
    )
    return sorted(db.scalars(statement))


def last_round(db: Session, unit_id: int) -> Round | None:
    """A unit's newest regular (not repeating) round, whatever became of it."""
    statement = select(Round).where(Round.unit_id == unit_id, Round.repeats_id.is_(None))
    return db.scalars(statement.order_by(Round.id.desc()).limit(1)).one_or_none()


def draft_like(db: Session, unit_id: int, columns: Mapping[str, object]) -> Round | None:
    """A unit's draft of a regular round with just these values: what a second click would plan once more."""
    own = (Round.unit_id == unit_id) & Round.repeats_id.is_(None)
    drafts = db.scalars(select(Round).where(own, Round.state == "draft"))
    return next((one for one in drafts if all(getattr(one, name) == columns[name] for name in columns)), None)


def round_of_month(db: Session, unit_id: int, month: date) -> Round | None:
    """A unit's regular (not repeating) round of a month, cancelled ones aside; the newest of several."""
    regular = (Round.unit_id == unit_id) & (Round.month == month) & Round.repeats_id.is_(None)
    statement = select(Round).where(regular, Round.state != "cancelled")
    return db.scalars(statement.order_by(Round.id.desc()).limit(1)).one_or_none()


def papers_of(db: Session, round_id: int) -> list[Paper]:
    """The forms of a round with their questions."""
    statement = select(Paper).where(Paper.round_id == round_id).options(selectinload(Paper.questions))
    return list(db.scalars(statement.order_by(Paper.form)))


@dataclass(frozen=True)
class Use:
    """One place where a question was asked. version: its number; people: how many were dealt the form."""

    round: Round
    form: str
    position: int
    version: int
    people: int


def uses_of(db: Session, question_id: int) -> list[Use]:
    """Every round and form on which any version of a question stood, the latest round first."""
    dealt = select(func.count()).where(Candidate.paper_id == Paper.id).correlate(Paper).scalar_subquery()
    statement = (
        select(Round, Paper.form, PaperQuestion.position, QuestionVersion.number, dealt)
        .join(Paper, Paper.round_id == Round.id)
        .join(PaperQuestion, PaperQuestion.paper_id == Paper.id)
        .join(QuestionVersion, QuestionVersion.id == PaperQuestion.version_id)
        .where(QuestionVersion.question_id == question_id)
        .options(joinedload(Round.unit))
        .order_by(Round.opens_at.desc(), Round.id.desc(), Paper.form)
    )
    return [Use(*row) for row in db.execute(statement)]

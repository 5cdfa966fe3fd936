"""All rooms' tables, gathered so that migrations and tests see one metadata."""

import school.accounts.models
import school.audit
import school.courses.models
import school.followups.models
import school.jobs
import school.questions.models
import school.quizzes.models
import school.reports.models
import school.results.models
import school.roster.models
from school.db import Base

metadata = Base.metadata

__all__ = ["metadata", "school"]

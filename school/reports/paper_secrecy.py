"""When question papers may be printed, and by whom. Pure. Answer sheets and sign-in lists hold no question and are free.

| who                                                       | before the opening | from the opening on |
|-----------------------------------------------------------|--------------------|---------------------|
| officer of the unit that holds the round                  | yes                | yes                 |
| officer or clerk below it, not called or already answered | no                 | yes                 |
| officer or clerk below it, called and still to answer     | no                 | no                  |
"""

from __future__ import annotations

from datetime import datetime

from school import words


def kept_back(*, chief: bool, still_to_answer: bool, opens_at: datetime, now: datetime) -> str:
    """Why question papers may not be printed now, as a sentence that names the way out; empty when they may.

    chief: an officer of the unit that holds the round.  still_to_answer: called to this very round and not yet handed in.
    """
    if chief:
        return ""
    if now < opens_at:
        return f"开始前试题保密，试卷现在由组织单位的管理员打印；您在 {words.moment(opens_at)} 以后可以打印。"
    if still_to_answer:
        return "您自己也要参加这一轮，交卷以后才能打印试卷；急用时请组织单位的管理员打印。"
    return ""

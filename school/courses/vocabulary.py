"""The trade's words for schools, teachers and nights, as they stand on pages and in the tables. Pure.

Source of the kinds of session and of teachers: domain.md §1.1.
"""

from __future__ import annotations

from datetime import datetime

from school import clock

#: what a school is for
TRACKS = {"farmer": "农民夜校", "cadre": "干部夜校"}

#: kinds of session, kept as these words
KINDS = (
    "集中授课", "院坝会", "流动讲堂", "远程教育收看", "现场实训", "田间教学",
    "精准宣讲", "群众大会", "网上夜校", "送教上门", "帐篷学校", "集体讨论",
)  # fmt: skip

TEACHER_KINDS = (
    "领导干部", "技术专家", "学校教师", "医务人员", "第一书记", "驻村干部", "致富能人", "土专家", "新乡贤", "其他",
)  # fmt: skip

#: what a list of nights can be narrowed to; "due" is a planned night whose day is over
STATES = {"planned": "已安排", "due": "待补录", "held": "已开课", "cancelled": "已取消"}

#: deeds of the audit log as the page of a night names them
DEEDS = {
    "plan_night": "安排",
    "move_night": "改期",
    "cancel_night": "取消",
    "record_card": "登记课次卡",
    "correct_card": "更改课次卡",
    "recognise_night": "登记学时认可",
}


def standing(state: str, starts_at: datetime, now: datetime) -> tuple[str, str]:
    """How a night stands, in words and as a shape of macros/status.html: ("已开课", "done")."""
    if state == "held":
        return STATES["held"], "done"
    if state == "cancelled":
        return STATES["cancelled"], "off"
    on, today = clock.day(starts_at), clock.day(now)
    if on == today:
        return "今天开课", "open"
    return (STATES["due"], "notice") if on < today else (STATES["planned"], "waiting")

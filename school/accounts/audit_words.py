"""What a line of the audit log says in the words of an auditor: deeds, things, values. Pure.

Lines are kept in English keys (school/audit.py) and never rewritten; only their reading is Chinese. A key without a word
here is shown as it was kept, so that nothing is hidden.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime

from school import words

DEEDS = {
    # accounts
    "sign_in": "登录",
    "restore_backup": "恢复备份",
    "sign_out": "退出登录",
    "refuse_sign_in": "登录被拒",
    "set_password": "设置密码",
    "open_account": "开设账号",
    "issue_slips": "打印登录条",
    "take_report": "下载报告",
    "export_ledger": "导出台账",
    "export_bank": "导出题目",
    "grant_role": "授予角色",
    "revoke_role": "收回角色",
    "disable_account": "停用账号",
    "enable_account": "恢复账号",
    # roster
    "upload_roster": "上传花名册",
    "write_roster": "写入花名册",
    # courses
    "open_school": "开办夜校",
    "change_school": "修改夜校",
    "close_school": "关闭夜校",
    "add_teacher": "添加教师",
    "close_teacher": "停用教师",
    "add_course": "添加课程",
    "close_course": "停用课程",
    "plan_night": "安排课次",
    "move_night": "课次改期",
    "cancel_night": "取消课次",
    "record_card": "登记课次卡",
    "correct_card": "更改课次卡",
    "recognise_night": "登记学时认可",
    # questions
    "open_bank": "新建题库",
    "upload_questions": "上传题目",
    "load_bank": "题目入库",
    "add_key": "补传答案",
    "settle_review": "处理待核题目",
    "remember_columns": "记住列的含义",
    "submit_question": "提交审核题目",
    "review_question": "审核通过题目",
    "send_back_question": "退回题目",
    "rewrite_question": "改写题目",
    "add_picture": "题目添加图片",
    "confirm_text": "核对题目依据",
    "retire_question": "停用题目",
    # quizzes
    "plan_round": "设一轮测试",
    "change_round": "修改测试草稿",
    "publish_round": "发布测试",
    "cancel_round": "取消测试",
    "close_round": "结束测试",
    "plan_retest": "安排复测",
    "set_demands": "细化蓝图",
    "plan_makeup": "安排补考",
    "change_makeup": "修改补考草稿",
    "begin_attempt": "开始答题",
    "take_over_attempt": "换设备接着答题",
    "hand_in": "交卷",
    "exempt_candidate": "登记免考",
    "unexempt_candidate": "撤销免考",
    "extend_candidate": "延长答题时间",
    "extend_candidates": "给单位或全部延长",
    "move_window": "改开放时间",
    "pause_round": "暂停测试",
    "resume_round": "恢复测试",
    "make_good_outage": "补回停机时间",
    "mark_answers": "人工评阅",
    "decide_dispute": "裁定评阅分歧",
    "take_back_marks": "撤回评阅",
    "propose_correction": "提出改判",
    "approve_correction": "批准改判",
    "reject_correction": "驳回改判",
    "undo_correction": "撤销改判",
    "enter_sheet": "录入答题卡",
    "decide_sheet": "确定两遍录入",
    "correct_sheet": "更正答题卡录入",
    "count_sheet": "改按纸质答题卡计分",
    # results, reports
    "close_month": "月结",
    "correct_month": "更正月结",
    "issue_report": "签发报告",
    "print_papers": "打印纸质材料",
    "cancel_job": "停止后台任务",
    "follow_clock": "随服务器时钟改时间",
    # followups
    "open_case": "跟进立案",
    "move_case": "办理跟进",
    "enter_calendar": "录入工作日安排",
}

#: the table a line is about
THINGS = {
    "account": "账号",
    "granted_role": "角色",
    "roster": "花名册",
    "roster_import": "花名册导入",
    "night_school": "夜校",
    "teacher": "教师",
    "course": "课程",
    "course_session": "课次",
    "bank": "题库",
    "bank_import": "题目导入",
    "column_mapping": "列的含义",
    "review_entry": "待核题目",
    "question": "题目",
    "question_version": "题目版本",
    "round": "测试",
    "candidate": "应考人",
    "attempt": "答卷",
    "sheet_entry": "答题卡录入",
    "key_correction": "改判",
    "month_result": "月结结果",
    "report": "报告",
    "job": "后台任务",
    "clock": "服务器时钟",
    "case": "跟进",
    "calendar_day": "工作日安排",
    "backup": "备份",
}

FIELDS = {
    "account": "账号", "address": "地址", "answers": "作答份数", "as": "处理为", "asked_mean": "平均分标准",
    "asked_pass_percent": "合格率标准", "basis_body": "依据单位", "basis_number": "依据文号", "basis_on": "依据日期",
    "basis_title": "依据名称", "began": "开始", "blueprint": "题量", "by": "认可单位", "bytes": "字节数",
    "candidates": "应考人数", "changed": "变更", "changed_units": "变更单位", "closed_at": "办结时间",
    "closed_on": "关闭日期", "closes_at": "截止", "count": "数量", "days_late": "超期工作日", "deadline_at": "答题截止",
    "deed": "办法", "demands": "细化", "digest": "指纹", "double_entry": "纸质双人录入", "due_on": "期限",
    "duplex": "双面", "excellent_mark": "优秀线", "file": "文件", "first": "第一遍", "format": "格式", "from": "自",
    "given": "所填登录名", "head_count": "群众人数", "head_id": "校长（人员序号）", "hours": "学时", "how": "方式",
    "key": "答案", "kind": "类别", "large": "大字版", "late_entry": "补录", "left": "不再有", "lists": "签到表",
    "locked_until": "锁定到", "login_name": "登录名", "made_at": "备份于", "makeup_rule": "补考后以哪次为准",
    "makeups": "补考次数", "marks": "点名", "means_apart": "题目平均", "merged_units": "合并单位", "met": "停下后到时交卷人数",
    "minutes": "分钟", "mode": "怎么考", "shares_apart": "预期得分率", "spreads_apart": "离散程度",
    "uneven": "已看过各卷测算、知道难度不同仍发布，相差",
    "month": "月份", "move": "办理", "moved": "调动", "multi_rule": "多选题计分", "name": "名称",
    "never_lower": "不降低任何人", "new": "新增", "new_units": "新增单位", "no": "文号", "number": "编号",
    "opens_at": "开始", "outcome": "成效", "papers": "试卷", "parts": "题量", "pass_mark": "合格线",
    "paused_at": "暂停于", "people": "人员工号", "person": "工号", "phone": "手机上的答案", "place": "地点",
    "points": "分数", "problem": "问题", "proposed_by": "提出人", "question": "题目序号", "reason": "理由",
    "receipt": "回执号", "renamed": "改名", "request": "群众诉求", "review": "待核", "review_at": "解析开放",
    "reviewed_at": "审核时间", "reviewer": "审核人", "role": "角色", "roles": "各列含义", "round": "测试",
    "rows": "行数", "same": "相同", "saved": "手机存的题数", "school": "夜校序号", "scope": "范围", "second": "第二遍", "seconds": "秒数",
    "seed": "抽题种子", "sha256": "指纹", "sheets": "答题卡", "starts_at": "上课时间", "state": "状态",
    "study_from": "学习范围开放", "teacher": "教师序号", "text": "内容", "title": "名称", "topic": "专题",
    "topics": "专题", "touched": "涉及人数", "track": "讲给谁", "two_markers": "双人评分", "typed": "录入内容",
    "unchanged": "未变", "unit": "单位编码", "until": "至", "values": "点名表版本", "version_on": "文本日期",
    "whom": "补考对象",
}  # fmt: skip

VALUES = {
    "officer": "县级管理员", "teacher": "教师", "clerk": "单位联络员", "learner": "学员", "committee": "审阅", "auditor": "审计",
    "sysadmin": "系统管理",
    "farmer": "农民夜校", "cadre": "干部夜校", "planned": "已安排", "held": "已开课", "cancelled": "已取消",
    "present": "到", "late": "迟到", "left_early": "早退", "leave": "请假", "duty": "公差", "absent": "缺席",
    "off_roster": "不在册", "unmarked": "未登记", "self": "本人交卷", "deadline": "到时自动交卷", "paper": "纸质答题卡", "draft": "草稿",
    "published": "已发布", "reviewed": "已审核", "retired": "已停用", "pdf": "PDF", "xlsx": "Excel", "docx": "Word",
    "rekey": "改正答案", "full": "全部给满分", "removed": "剔除此题",
    "question": "收为题目", "dropped": "不收", "in_review": "待审核",
    # followups: states and moves
    "open": "触发提示",
    "opened": "待说明情况", "explained": "待研究决定", "talking": "待工作约谈", "planning": "待报整改措施", "rectifying": "整改中",
    "rectified": "待安排复测", "retesting": "复测中", "proposed": "待销号", "closed": "已办结", "objected": "复核中",
    "waived": "暂缓办理", "explain": "单位说明情况", "no_action": "不处理，办结", "remind": "提醒", "talk": "工作约谈",
    "bulletin": "列入情况通报", "hold_talk": "登记约谈情况", "plan": "报整改措施", "report": "报告整改完成",
    "retest": "安排复测", "propose": "建议销号", "send_back": "继续整改", "close": "销号", "object": "申请复核",
    "answer": "复核答复：维持", "uphold": "复核成立，办结", "waive": "暂缓办理", "resume": "恢复办理", "reopen": "重新办理",
}  # fmt: skip

#: fields whose values are keys of VALUES; anything else is somebody's own words and stays as written
CODED = {"role", "track", "state", "marks", "how", "move", "format", "as", "deed"}


def deed(key: str) -> str:
    """close_month as 月结."""
    return DEEDS.get(key, key)


def keys_saying(text: str) -> list[str]:
    """Keys of the deeds and things whose words hold `text`: 登录 gives sign_in, sign_out …"""
    return [key for key, said in (DEEDS | THINGS).items() if text in said]


def thing(kind: str, number: str) -> str:
    """round 4 as 测试 4."""
    return f"{THINGS.get(kind, kind)} {number}".strip()


def values(kept: Mapping | None) -> str:
    """What stood or stands, as one line: 单位编码：513299；自：2026年9月1日. Empty for nothing."""
    return "；".join(f"{_field(key)}：{_value(value, key in CODED)}" for key, value in (kept or {}).items())


def _field(key: str) -> str:
    return FIELDS.get(key) or str(_value(key, coded=False))


def _value(value: object, coded: bool) -> str:
    if value is None or value == "":
        return "无"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Mapping):
        return "，".join(f"{_field(key)} {_value(inner, coded)}" for key, inner in value.items()) or "无"
    if isinstance(value, list):
        return "、".join(_value(inner, coded) for inner in value) or "无"
    text = str(value)
    return VALUES.get(text, text) if coded else _time(text)


def _time(text: str) -> str:
    """A kept day or moment as pages write it; any other text as it is."""
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return words.day(date.fromisoformat(text))
        if re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:\d\d", text):
            return words.moment(datetime.fromisoformat(text))
    except ValueError:
        pass
    return text

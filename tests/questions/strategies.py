"""Sound questions of every kind for property tests, and their texts."""

from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from school.questions.draft import Citation, Draft, check

#: signs that mean something to one format or another, so that chance meets them more often
SIGNS = "{}~=#:\\%*[]()<>&;/-|\"'$.,ABCD12 天地玄黄（）、。《》√×\n"
WORDS = st.text(
    alphabet=st.one_of(st.sampled_from(SIGNS), st.characters(codec="utf-8", categories=("L", "N", "P", "S")))
)
TEXTS = WORDS.map(str.strip).filter(bool)
LINES = WORDS.map(lambda text: " ".join(text.split())).filter(bool)
CITATIONS = st.sampled_from(
    [
        Citation(),
        Citation("土地管理法", "第六十二条", date(2019, 8, 26)),
        Citation("劳动法", "第三十六条"),
        Citation(basis="县政府〔2026〕3号"),
    ]
)
EXTRAS = st.lists(st.tuples(st.sampled_from(["页码", "标签", "出题时间"]), LINES), max_size=2).map(tuple)


def _with_rest(draft, texts):
    rest = st.fixed_dictionaries(
        {},
        optional={
            "explanation": texts,
            "citation": CITATIONS,
            "topic": st.sampled_from(["农村土地", "劳动/工资"]),
            "point": LINES,
            "difficulty": st.integers(1, 5),
            "audience": st.sampled_from(["cadre", "farmer", "both"]),
            "code": st.from_regex("[A-Z]{2}-[0-9]{2}", fullmatch=True),
            "author": st.sampled_from(["甲", "乙"]),
            "checker": st.sampled_from(["丙", "丁"]),
            "score": st.sampled_from([Decimal("1"), Decimal("2.5")]),
            "material": texts,
            "extras": EXTRAS,
        },
    )
    return st.builds(lambda told: Draft(**draft | told), rest)


@st.composite
def drafts(draw, texts=TEXTS):
    """One sound question of any of the five kinds."""
    kind = draw(st.sampled_from(["single", "multi", "judge", "fill", "short"]))
    told = {"kind": kind, "stem": draw(texts), "options": (), "key": None}
    if kind in ("single", "multi"):
        told["options"] = tuple(draw(st.lists(texts, min_size=2, max_size=6)))
        most = 1 if kind == "single" else len(told["options"])
        places = st.sets(st.integers(0, len(told["options"]) - 1), min_size=1, max_size=most)
        told["key"] = tuple(sorted(draw(places)))
    elif kind == "judge":
        told["key"] = draw(st.booleans())
    elif kind == "fill":
        count = draw(st.integers(1, 3))
        told["stem"] = "____".join(draw(st.lists(texts, min_size=count + 1, max_size=count + 1)))
        told["key"] = tuple(tuple(draw(st.lists(LINES, min_size=1, max_size=2, unique=True))) for _ in range(count))
    else:
        told["key"] = draw(texts)
    draft = draw(_with_rest(told, texts))
    return draft if not check(draft) else Draft("judge", draft.stem, key=True)


#: sentences as clerks write them: nothing in them that any format would take for its own
PLAIN = st.text(alphabet="天地玄黄宇宙洪荒日月盈昃0123456789，。；？", min_size=1, max_size=30)

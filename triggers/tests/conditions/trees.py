"""Fields, facts and Hypothesis strategies the condition tests share."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from triggers.conditions.fields import Change, Field, Kind, kind_asked, operators
from triggers.conditions.moments import Clock
from triggers.conditions.nodes import Leaf
from triggers.conditions.operands import WrongOperand, coerce
from triggers.conditions.tree import compile_tree

NOW = datetime(2026, 3, 31, 12, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
COUNTRIES = (("DE", "Germany"), ("FR", "France"), ("fi", "Finland"), ("É", "Éire"))
STAGES = (("new", "New"), ("won", "Won"), ("lost", "Lost"))

FIELDS: dict[str, Field] = {
    "contact.name": Field(Kind.TEXT, "name", column="name"),
    "contact.parent": Field(Kind.TEXT, "parent's name", column="parent__name"),
    "contact.country": Field(Kind.CHOICE, "country", COUNTRIES, column="country"),
    "contact.score": Field(Kind.NUMBER, "score", column="score"),
    "contact.ratio": Field(Kind.NUMBER, "ratio", column="ratio"),
    "contact.balance": Field(Kind.MONEY, "balance", column="balance"),
    "contact.born": Field(Kind.DATE, "birth date", column="born"),
    "contact.seen": Field(Kind.DATETIME, "last seen", column="seen"),
    "contact.vip": Field(Kind.YESNO, "VIP", column="vip"),
    "contact.owner": Field(Kind.REF, "owner", column="owner_id"),
    "contact.tags": Field(Kind.SET, "tags"),
    "contact.nickname": Field(Kind.TEXT, "nickname", sensitive=True),
    "event.tag": Field(Kind.TEXT, "tag"),
    "contact.answer": Field(Kind.ANY, "answer", column="name"),
    "event.answer": Field(Kind.ANY, "answer"),
    "event.amount": Field(Kind.MONEY, "amount"),
    "event.name": Field(Kind.TEXT, "name", changes=True),
    "event.stage": Field(Kind.CHOICE, "stage", STAGES, changes=True),
    "event.score": Field(Kind.NUMBER, "score", changes=True),
    "event.value": Field(Kind.MONEY, "value", changes=True),
    "event.due": Field(Kind.DATE, "due date", changes=True),
    "event.at": Field(Kind.DATETIME, "appointment", changes=True),
    "event.active": Field(Kind.YESNO, "active", changes=True),
    "event.owner": Field(Kind.REF, "owner", changes=True),
    "event.tags": Field(Kind.SET, "tags", changes=True),
}

# Zones that change their clocks at midnight, a minute past it, or skip a whole day.
ZONES = [
    ZoneInfo(name)
    for name in (
        "UTC",
        "Europe/Berlin",
        "America/Sao_Paulo",
        "America/St_Johns",
        "America/Havana",
        "Pacific/Apia",
        "Asia/Kathmandu",
    )
]
TEXTS = ["vip", "VIP", "é", "É", "ß", "ss", "SS", "İ", "i̇", "i", "I", "ı", "ſ", "Ǆ", "Kiss", "kils"]
TEXTS += ["\u212ails", "ﬁn", "fin", "FIN", "a%b", "a_b", "A\\b", "a'b", " x", "Σς", "{{ 7*7 }}", "ünïcödé", "abc" * 40]
NUMBERS = [0, 1, -1, 5, 50, 2**31 - 1, 10**9 + 1]
FRACTIONS = ["0.1", "0.005", "2.50", "19.99", "1000000000.01", "5.0000001"]
DAYS = [date(2026, 3, day) for day in (24, 28, 29, 30, 31)]
DAYS += [date(2018, 11, 4), date(2018, 2, 17), date(2010, 11, 6), date(2010, 11, 7), date(2011, 12, 30)]
DAYS += [date(1984, 2, 29), date(1900, 1, 1)]
TAGS = ["VIP", "vip", "É", "é", "new", "ß", "ss"]
WRONG = [None, "", "5", 5, True, 2.5, float("nan"), Decimal("sNaN"), [], {}, 10**5000, object(), datetime(2026, 1, 1)]

texts = st.sampled_from(TEXTS)
numbers = st.sampled_from([*NUMBERS, *map(float, FRACTIONS), *map(Decimal, FRACTIONS)])
days = st.sampled_from(DAYS)
moments = st.builds(
    lambda day, minutes: datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=minutes),
    days,
    st.integers(-30, 60) | st.integers(0, 23).map(lambda hour: hour * 60) | st.integers(0, 1440),
)
tag_sets = st.lists(st.sampled_from(TAGS), max_size=3)
zones = st.sampled_from(ZONES)

_day_texts = days.map(date.isoformat)
_moment_texts = moments.map(datetime.isoformat) | moments.map(lambda at: at.replace(tzinfo=None).isoformat())
FACTS = {
    Kind.TEXT: texts,
    Kind.NUMBER: numbers,
    Kind.MONEY: numbers,
    Kind.DATE: days,
    Kind.DATETIME: moments,
    Kind.YESNO: st.booleans(),
    Kind.REF: st.integers(1, 4),
    Kind.SET: tag_sets | tag_sets.map(set),
}
FACTS[Kind.ANY] = texts | numbers | st.booleans() | tag_sets | _day_texts | _moment_texts | numbers.map(str)

_OPERANDS = {
    Kind.TEXT: texts,
    Kind.NUMBER: st.sampled_from([*NUMBERS, *map(float, FRACTIONS), *FRACTIONS]),
    Kind.MONEY: st.sampled_from([*NUMBERS, *map(float, FRACTIONS), *FRACTIONS]),
    Kind.DATE: _day_texts,
    Kind.DATETIME: _day_texts | _moment_texts,
    Kind.YESNO: st.booleans(),
    Kind.REF: st.integers(1, 4),
    Kind.SET: st.sampled_from(TAGS),
}
_NAMED_OPERANDS = {
    "day_is": st.integers(1, 31),
    "month_is": st.sampled_from([1, 2, 3, 11, 12]),
    "weekday_is": st.integers(1, 7),
    "on": _day_texts,
}


def field_facts(field: Field) -> st.SearchStrategy:
    """Facts of the field, now and then missing or of a type that does not belong there."""
    right = st.sampled_from([key for key, _ in field.choices]) if field.choices else FACTS[field.kind]
    if field.changes:
        right = st.builds(Change, st.none() | right, st.none() | right)
    return right | right | right | st.sampled_from(WRONG)


facts = st.fixed_dictionaries({}, optional={name: field_facts(field) for name, field in FIELDS.items()})


def _fits(field: Field, op: str, value: object) -> bool:
    try:
        coerce(field, op, value)
    except WrongOperand:
        return False
    return True


def _operand(field: Field, operator) -> st.SearchStrategy:
    partial = operator.key in ("contains", "not_contains", "starts_with", "ends_with")
    if field.choices:
        one = texts if partial else st.sampled_from([key for key, _ in field.choices])
    else:
        one = _NAMED_OPERANDS.get(operator.key, _OPERANDS[kind_asked(field, operator.key)])
    if operator.operand == "many":
        return st.lists(one, min_size=1, max_size=4)
    if operator.operand == "two":
        pairs = st.lists(one, min_size=2, max_size=2) | st.fixed_dictionaries({"from": one, "to": one})
        return pairs.filter(lambda pair: _fits(field, operator.key, pair))
    if operator.operand == "duration":
        units = ["days"] if field.kind is Kind.DATE else ["days", "hours", "minutes"]
        return st.dictionaries(st.sampled_from(units), st.integers(1, 5000), min_size=1, max_size=1)
    return one if operator.operand == "one" else st.none()


@st.composite
def leaves(draw, prefix: str = ""):
    name = draw(st.sampled_from([name for name in FIELDS if name.startswith(prefix)]))
    operator = draw(st.sampled_from(operators(FIELDS[name])))
    return {"field": name, "op": operator.key, "value": draw(_operand(FIELDS[name], operator))}


def trees(prefix: str = "") -> st.SearchStrategy:
    """Trees that check, up to three groups deep."""
    tree = leaves(prefix)
    for _depth in range(3):
        children = st.lists(tree, min_size=1, max_size=3)
        tree |= (
            st.builds(lambda inner: {"all": inner}, children)
            | st.builds(lambda inner: {"any": inner}, children)
            | st.builds(lambda inner: {"not": inner}, tree)
        )
    return tree


def leaf(field: str, op: str, value: object = None) -> dict:
    return {"field": field, "op": op, "value": value}


def compiled_leaf(field: str, op: str, value: object = None) -> Leaf:
    node = compile_tree(leaf(field, op, value), FIELDS.get)
    assert isinstance(node, Leaf)
    return node


def holds(field: str, op: str, value: object, fact: object, zone: ZoneInfo = BERLIN) -> bool:
    """What one comparison says about one fact, at NOW."""
    return compiled_leaf(field, op, value).holds({field: fact}, Clock.at(NOW, zone))

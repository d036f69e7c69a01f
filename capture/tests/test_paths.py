"""The path language: what leads where, and what is not of the language."""

import pytest

from capture.paths import MISSING, WrongPath, find, parse

BODY = {
    "contact": {"email": "mia@example.org", "age": 41, "vip": True, "middle": None},
    "items": [{"sku": "A", "price": {"net": 3}}, {"sku": "B", "price": {"net": 5}}],
    "answers": [
        {"type": "text", "text": "Mia", "field": {"ref": "first"}},
        {"type": "email", "email": "mia@example.org", "field": {"ref": "mail"}},
        {"type": "boolean", "boolean": True, "field": {"ref": "consent"}, "number": 7},
    ],
    "1.3": "Mia",
    "2": {"5": "two five"},
    "First Name": "Mia",
    "a.b": {"c": "greedy"},
    "a": {"b": {"d": "shadowed"}},
    "matrix": [[1, 2], [3, 4]],
    "query": {"q": "the body's own"},
}
QUERY = {"utm_source": "letter", "list": ["x", "y"]}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("contact.email", "mia@example.org"),
        (" contact . email ", "mia@example.org"),
        ("contact.middle", None),
        ("First Name", "Mia"),
        ("items[0].sku", "A"),
        ("items[-1].price.net", 5),
        ("items[sku=B].price.net", 5),
        ("items[price.net=3].sku", "A"),
        ("answers[type=email].email", "mia@example.org"),
        ("answers[field.ref=first].text", "Mia"),
        ("answers[boolean=true].number", 7),
        ("answers[number=7].type", "boolean"),
        ("matrix[1][0]", 3),
        ("1.3", "Mia"),
        ("2.5", "two five"),
        ("a.b.c", "greedy"),
        ("query.utm_source", "letter"),
        ("query.list[1]", "y"),
        ("body.contact.email", "mia@example.org"),
        ("body.query.q", "the body's own"),
    ],
)
def test_a_path_leads_to_its_value(path: str, value: object) -> None:
    assert find(path, BODY, QUERY) == value


@pytest.mark.parametrize(
    "path",
    [
        "contact.phone",
        "contact.email.host",
        "contact[0]",
        "items.sku",
        "items[2].sku",
        "items[-3].sku",
        "items[sku=C].sku",
        "answers[field=first].text",
        "answers[middle=None].text",
        "query.q",
        # a key with a full stop is taken whole, and there is no way back from it
        "a.b.d",
    ],
)
def test_what_is_not_there_is_missing(path: str) -> None:
    assert find(path, BODY, QUERY) is MISSING


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("", "A path begins with a key, for example contact.email."),
        ("   ", "A path begins with a key, for example contact.email."),
        ("[0].email", "A path begins with a key, for example contact.email."),
        ("contact..email", "Between two full stops stands a key, for example contact.email."),
        (".email", "Between two full stops stands a key, for example contact.email."),
        ("contact.", "Between two full stops stands a key, for example contact.email."),
        ("items[", "“[” lacks its closing bracket."),
        ("items[0", "“[0” lacks its closing bracket."),
        ("items[a[0]]", "“[a[0” lacks its closing bracket."),
        ("items]0[", "“]” stands without its opening bracket."),
        ("items[0]sku", "After a bracket comes a full stop or another bracket."),
        ("items[*].sku", "In brackets stands a position such as 0 or -1, or a choice such as type=email."),
        ("items[1:2]", "In brackets stands a position such as 0 or -1, or a choice such as type=email."),
        ("items[]", "In brackets stands a position such as 0 or -1, or a choice such as type=email."),
        ("items[99999]", "In brackets stands a position such as 0 or -1, or a choice such as type=email."),
        ("items[=B]", "Between two full stops stands a key, for example contact.email."),
        (".".join("a" * 21), "A path has at most 20 keys in a row."),
        ("a" * 301, "A path has at most 300 characters."),
    ],
)
def test_what_is_no_path_says_what_would_be(path: str, message: str) -> None:
    with pytest.raises(WrongPath) as refused:
        parse(path)

    assert str(refused.value) == message


def test_a_path_does_not_reach_python() -> None:
    assert find("contact.__class__.__name__", BODY, QUERY) is MISSING
    assert find("items.__len__", BODY, QUERY) is MISSING

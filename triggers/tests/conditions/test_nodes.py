from triggers.conditions.moments import Clock
from triggers.tests.conditions.trees import BERLIN, NOW, compiled_leaf


def test_a_leaf_reads_its_own_fact_and_no_other():
    node = compiled_leaf("contact.score", "gt", 5)

    assert node.holds({"contact.score": 6, "event.amount": 1}, Clock.at(NOW, BERLIN)) is True
    assert node.holds({"event.amount": 6}, Clock.at(NOW, BERLIN)) is False


def test_a_leaf_keeps_what_the_tree_said_beside_what_it_compares_with():
    node = compiled_leaf("contact.score", "gt", "5000")

    assert (node.value, node.operand) == ("5000", 5000)

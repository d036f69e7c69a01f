"""The outline of a posted form: hidden inputs named `tree`, in the order in which they stand on the page.

`action:a1` opens a block and `end` closes the innermost one. Moving a card on the page moves its marks, so the
outline is the document's structure, and no script has to know about it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

TREE: Final = "tree"
END: Final = "end"
# Deeper blocks hang on the deepest that is allowed: a form of ours never gets there.
MAX_DEPTH: Final = 60


@dataclass
class Mark:
    """One block: what it is, whose, and the blocks within it."""

    sort: str
    name: str
    children: list["Mark"] = field(default_factory=list)

    def within(self, *sorts: str) -> Iterator["Mark"]:
        """The blocks directly within of these sorts."""
        return (child for child in self.children if child.sort in sorts)


def read(values: Iterable[str]) -> Mark:
    """The outline as one block. An `end` too many or too few does not raise."""
    root = Mark("", "")
    open_blocks = [root]
    for value in values:
        if value == END:
            if len(open_blocks) > 1:
                open_blocks.pop()
            continue
        sort, _colon, name = value.partition(":")
        mark = Mark(sort, name)
        open_blocks[-1].children.append(mark)
        if len(open_blocks) < MAX_DEPTH:
            open_blocks.append(mark)
    return root

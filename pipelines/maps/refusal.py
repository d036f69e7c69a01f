"""What the map engine refuses: nothing has changed then, and the message says what would be right."""

from triggers.problems import Invalid, Path, Problem


class Refused(Invalid):
    """An act that the journey's state does not allow. The API answers 409."""

    status_code = 409

    def __init__(self, message: str, path: Path = ()) -> None:
        super().__init__([Problem(path, message)])
        self.message = message


class Unfit(Invalid):
    """A value that the step's control refuses, or a definition that cannot be used. The API answers 422."""

    def __init__(self, message: str, path: Path = ()) -> None:
        super().__init__([Problem(path, message)])
        self.message = message

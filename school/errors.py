"""The few ways in which the school says no. Each carries a sentence for the person in front of it."""


class SchoolError(Exception):
    """Something a person can understand and mend. `message` is a Chinese sentence that says what to do."""

    def __init__(self, message: str):
        super().__init__(message)
        self.message = message


class NotAllowed(SchoolError):
    """Known, but not theirs to do: 403, exit code 3."""


class NotFound(SchoolError):
    """Not there, or outside their scope, which must look the same: 404, exit code 4."""

    def __init__(self, message: str = "没有找到这一页，或者它不在您的管理范围内。"):
        super().__init__(message)


class Refused(SchoolError):
    """A rule of the trade speaks against it: 409, exit code 5."""


class Busy(SchoolError):
    """Not now, but soon: 503 with the seconds to wait, exit code 5."""

    def __init__(self, message: str, wait: int):
        super().__init__(message)
        self.wait = wait


class BadFile(SchoolError):
    """A file that cannot be read at all: 422, exit code 6."""

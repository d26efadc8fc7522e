"""What can be wrong with a rule, its parameters or a question put to it."""

from __future__ import annotations

from datetime import date


class RuleError(ValueError):
    """A rule file, fact view or condition that may not be used.

    `file` and `path` say where it stands ("signals/x.yaml", "conditions.able.when"), `reason` why it is
    refused.
    """

    code = "rule_invalid"

    def __init__(self, reason: str, file: str = "", path: str = "") -> None:
        self.reason = reason
        self.file = file
        self.path = path
        super().__init__(": ".join(part for part in (file, path, reason) if part))

    def at(self, file: str, path: str) -> RuleError:
        """The same refusal with its place, for a caller that knows where the text stands."""
        return RuleError(self.reason, file, path)


class ParameterNotDatedError(ValueError):
    """A rule was asked about a day before the first dated value of one of its parameters."""

    code = "parameter_not_dated"

    def __init__(self, rule: str, parameter: str, day: date) -> None:
        self.rule = rule
        self.parameter = parameter
        self.day = day
        super().__init__(f"{rule}: parameter {parameter} has no value on {day.isoformat()}")


class UnknownRuleError(LookupError):
    """No rule of that code and kind is valid on the day asked."""

    code = "rule_unknown"

    def __init__(self, rule: str) -> None:
        self.rule = rule
        super().__init__(rule)

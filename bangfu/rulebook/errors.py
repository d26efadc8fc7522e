"""What can be wrong with a rule, its parameters or a question put to it."""

from __future__ import annotations

from datetime import date


def _(text: str) -> str:
    """Marks the text of a refusal for translation; who shows one puts it into the reader's language."""
    return text


class RuleError(ValueError):
    """A rule file, fact view or condition that may not be used.

    `file`, `path` and `line` say where it stands ("signals/x.yaml", "conditions.able.when", 12; 0 = not known).
    `template` with `facts` is the reason, fit for translation; `reason` is it in English.
    """

    code = "rule_invalid"

    def __init__(self, template: str, file: str = "", path: str = "", line: int = 0, **facts: object) -> None:
        self.template = template
        self.facts = facts
        self.reason = template % facts if facts else template
        self.file = file
        self.path = path
        self.line = line
        super().__init__(": ".join(part for part in (self.place, path, self.reason) if part))

    @property
    def place(self) -> str:
        """File and line as editors write them: "signals/x.yaml:12"."""
        return f"{self.file}:{self.line}" if self.line else self.file

    def at(self, file: str, path: str, line: int) -> RuleError:
        """The same refusal with its place, for a caller that knows where the text stands."""
        return RuleError(self.template, file, path, line, **self.facts)


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

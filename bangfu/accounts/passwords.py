"""What a new password may not be (ASVS 5.0, 6.2): too short, common, or made of words of this place."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

_WORDS = ("bangfu", "帮扶", "jiuye", "fuping", "tongliao", "password", "mima", "admin", "qwerty")
_LEAST_BESIDE = 6


class ContextWords:
    """Refuses a password in which hardly anything is left without the words of the product, the place and the user."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError."""
        rest = password.lower()
        own = (getattr(user, "username", ""), getattr(user, "name", ""), getattr(user, "office", ""))
        for word in (*_WORDS, *(part.lower() for part in own if len(part) > 1)):
            rest = rest.replace(word, "")
        if len(rest) < _LEAST_BESIDE and rest != password.lower():
            raise ValidationError(
                _("Without your name and the words of this system hardly anything is left: add other words."),
                code="password_context",
            )

    def get_help_text(self) -> str:
        """For the page."""
        return _("It must not consist of your name or of words of this system.")

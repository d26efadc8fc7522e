"""All tables of facts, for deeds that treat every one alike: taking an import back, merging, copying, forgetting."""

from bangfu.people import models
from bangfu.people.facts_base import Fact

FACTS: tuple[type[Fact], ...] = (
    models.Membership,
    models.Category,
    models.Recognition,
    models.Unlisted,
    models.Pairing,
    models.Condition,
    models.Intent,
    models.Contact,
    models.Income,
    models.YearIncome,
    models.Training,
    models.Certificate,
    models.BankAccount,
    models.Consent,
    models.Job,
    models.Joblessness,
)


def group_named(name: str) -> type[Fact]:
    """The table of that name ("condition"). Raises KeyError."""
    return {str(model._meta.model_name): model for model in FACTS}[name]

"""Check rosters and job ledgers by column, without a database.

`check_roster` and `check_jobs` take the sheets of `intake.reading`, lookups of divisions and of the
register, and the day of the check; they answer `intake.checked.Checked`. The codes are those of the ledger
contract.
"""

from bangfu.people.checking.columns import JOBS, ROSTER
from bangfu.people.checking.jobs import check_jobs
from bangfu.people.checking.places import counties_of
from bangfu.people.checking.register import EmptyRegister, JobRegister, Known, RosterRegister
from bangfu.people.checking.roster import check_roster

__all__ = [
    "JOBS",
    "ROSTER",
    "EmptyRegister",
    "JobRegister",
    "Known",
    "RosterRegister",
    "check_jobs",
    "check_roster",
    "counties_of",
]

"""What rosters and job ledgers share: the ID number and the name of each row."""

from datetime import date

import polars as pl

from bangfu.core import identity
from bangfu.people.checking.cells import each, is_name, mend_name
from bangfu.people.checking.frame import Ledger


def check_ids(ledger: Ledger, on: date) -> pl.DataFrame:
    """`id_number`, `sex` and `born_on` by the number; null where the number cannot be used, and a finding."""
    texts = ledger.text("id_number")
    found = identity.check_column(texts, on, ledger.numeric["id_number"])
    for at in found["problem"].is_not_null().arg_true().to_list():
        code = found["problem"][at]
        fix = identity.modern_number(found["id_number"][at]) if code == "id_old_15_digits" else None
        ledger.find_at(at, code, "rejected", "id_number", {"fix": fix} if fix else {})
    usable = pl.col("problem").is_null()
    return found.select(pl.when(usable).then(pl.col(name)).alias(name) for name in ("id_number", "sex", "born_on"))


def mended_names(ledger: Ledger) -> pl.Series:
    """The mended name of each row, "" where there is none."""
    return each(ledger.text("name").fill_null(""), mend_name, pl.String).alias("name")


def check_names(ledger: Ledger, names: pl.Series) -> pl.Series:
    """True where the mended name can be one; a finding elsewhere."""
    usable = each(names, is_name, pl.Boolean)
    ledger.find(~usable, "name_invalid", "rejected", "name")
    return usable

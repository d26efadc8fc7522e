"""Numbers as the offices write them: thousands by comma (Django groups Chinese numbers by ten thousands)."""

NUMBER_GROUPING = 3
THOUSAND_SEPARATOR = ","

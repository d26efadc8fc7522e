"""Employers and their vacancies."""

from django.db import models
from django.db.models import F, Q

from bangfu.core.keys import new_key


class Employer(models.Model):
    """An employer by its unified social credit code."""

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    uscc = models.CharField(max_length=18, unique=True)
    name = models.CharField(max_length=100)


class Post(models.Model):
    """A vacancy: `headcount` places of one kind of work, open until the end of `valid_until`.

    `division` is the office that brought it in, "" for the console. Wages are yuan a month. The contact's name and
    telephone are sealed as one text.
    """

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    employer = models.ForeignKey(Employer, models.PROTECT, related_name="posts")
    division = models.CharField(max_length=12, blank=True)
    title = models.CharField(max_length=60)
    occupation = models.CharField(max_length=10, blank=True)
    headcount = models.PositiveIntegerField()
    wage_low_amount = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    wage_high_amount = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    place = models.CharField(max_length=12, blank=True, db_index=True)
    education = models.CharField(max_length=10, blank=True)
    level = models.PositiveSmallIntegerField(null=True)
    age_low = models.PositiveSmallIntegerField(null=True)
    age_high = models.PositiveSmallIntegerField(null=True)
    requirements = models.CharField(max_length=500, blank=True)
    lodging = models.CharField(max_length=20, blank=True)
    insured = models.BooleanField(null=True)
    contact_sealed = models.BinaryField(null=True)
    posted_on = models.DateField()
    valid_until = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    batch = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["valid_until", "place"], name="post_open")]
        constraints = [
            models.CheckConstraint(name="post_has_places", condition=Q(headcount__gte=1)),
            models.CheckConstraint(
                name="post_wage_range",
                condition=Q(wage_low_amount__isnull=True)
                | Q(wage_high_amount__isnull=True)
                | Q(wage_high_amount__gte=F("wage_low_amount")),
            ),
        ]

from django.db import models

from levier.foundation.accounts.models import User
from levier.foundation.messaging.enums import Lane


class RouteState(models.Model):
    """A lane that a route refused to serve on principle: stopped until a person restarts it."""

    pk = models.CompositePrimaryKey("route", "lane")
    route = models.CharField(max_length=300)  # "smtp://mail.exemple.fr:587"
    lane = models.CharField(max_length=16, choices=Lane.choices)
    reply = models.CharField(max_length=300)
    stopped_at = models.DateTimeField(null=True, blank=True)
    restarted_at = models.DateTimeField(null=True, blank=True)
    restarted_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")


class RouteBudget(models.Model):
    """What a route may still be given now, when its host limits the pace (J18)."""

    route = models.CharField(max_length=300, primary_key=True)
    left = models.FloatField()
    at = models.DateTimeField()


class DomainPace(models.Model):
    """A domain whose servers asked us to slow down: nothing before `until`, then so many a
    second, growing again while they take it (J19, J20)."""

    domain = models.CharField(max_length=253, primary_key=True)
    rate = models.FloatField()  # mails per second
    until = models.DateTimeField()
    next_slot = models.DateTimeField()  # when the next mail without an hour of its own may leave
    refusals = models.PositiveIntegerField()  # in a row
    reply = models.CharField(max_length=300)
    at = models.DateTimeField()


class HandedBefore(models.Model):
    """A mail that a journal says left before the database was restored from a backup: whatever
    delivery says the same to the same address has already arrived."""

    mark = models.BinaryField(max_length=8, primary_key=True)  # `rules.identity.journal_mark`
    at = models.DateTimeField()

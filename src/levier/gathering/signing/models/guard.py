from django.db import models


class Guard(models.Model):
    """How many submissions a network or mailbox made in a window. Unlogged: made in SQL."""

    pk = models.CompositePrimaryKey("key", "window")
    key = models.BinaryField(max_length=16)
    window = models.DateTimeField()
    n = models.PositiveIntegerField()

    class Meta:
        managed = False
        db_table = "levier_guard"

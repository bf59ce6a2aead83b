from django.db import models


class EntryKind(models.IntegerChoices):
    """What an entry of the log attests."""

    SIGNATURE = 1, "signature"
    WITHDRAWAL = 2, "retrait"
    AUDIT = 3, "geste au bureau"

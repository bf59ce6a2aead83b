from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from levier.foundation.accounts.models import User
from levier.gathering.updates.actions.locking import lock_ask
from levier.gathering.updates.errors import EnoughTests
from levier.gathering.updates.mails.team import send_rehearsal
from levier.gathering.updates.mails.update import sample_letter
from levier.gathering.updates.models.rehearsal import MOST_REHEARSALS, Rehearsal
from levier.gathering.updates.models.update import Update


@transaction.atomic
def send_test(*, update: Update, by: User, now: datetime) -> int:
    """Send the mail as it stands to the address of whoever asks, « [Essai] » before its subject
    (U36). It holds no window (U24). Returns how many are left today.

    Raises EnoughTests, and MissingVariable as « Publier » would.
    """
    ask = lock_ask(update.pk)
    day = timezone.localdate(now)
    Rehearsal.objects.bulk_create([Rehearsal(user=by, day=day)], ignore_conflicts=True)
    told = Rehearsal.objects.select_for_update().get(user=by, day=day)
    if told.n >= MOST_REHEARSALS:
        raise EnoughTests
    told.n += 1
    told.save(update_fields=["n"])
    letter = sample_letter(ask, now=now)
    subject = _("[Essai] %(subject)s") % {"subject": letter.subject or _("Sans titre")}
    send_rehearsal(by, letter, subject=subject)
    return MOST_REHEARSALS - told.n

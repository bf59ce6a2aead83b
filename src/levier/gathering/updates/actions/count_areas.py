from django.db import connection, transaction

from levier.gathering.updates.models.update import Update

# Who it was written to, by where their signature says they are: the journals know the area.
_COUNT = """
SELECT coalesce(line.area, ''), count(*)
FROM levier_delivery AS mail
JOIN levier_signature AS signed
    ON signed.petition_id = %(petition)s AND signed.person_id = mail.person_id
        AND signed.state <> 'withdrawn'
LEFT JOIN levier_journalline AS line ON line.signature = signed.id
WHERE mail.message_id = %(message)s
GROUP BY 1
"""


@transaction.atomic
def count_areas(*, update: int) -> None:
    """Count the readers of an update by area once, so that its results never look at them again
    (U57). Twice is the same as once."""
    found = Update.objects.filter(pk=update, message__isnull=False, readers_by_area={}).first()
    if found is None:
        return
    values = {"petition": found.petition_id, "message": found.message_id}
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, values)
        counted = dict(cursor.fetchall())
    Update.objects.filter(pk=found.pk).update(readers_by_area=counted)

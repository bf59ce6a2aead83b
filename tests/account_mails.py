"""The mails to team members that wait for the worker, as the worker will get them."""

import json
from typing import Any

from django.db import connection


def queued_account_mails() -> list[dict[str, Any]]:
    """Oldest first: to, subject, text, html."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args::text FROM procrastinate_jobs"
            " WHERE task_name = 'messaging.send_account_mail' ORDER BY id"
        )
        return [json.loads(args) for (args,) in cursor.fetchall()]

"""The personal links that wait for the worker, and its work on them."""

import json

from django.db import connection

from levier.gathering.signing.tasks.my_link import send_my_link


def asked_links() -> list[dict[str, str]]:
    """The arguments of the jobs that wait, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args::text FROM procrastinate_jobs"
            " WHERE task_name = 'signing.send_my_link' ORDER BY id"
        )
        return [json.loads(args) for (args,) in cursor.fetchall()]


def send_asked_links() -> None:
    """Do what the worker does with them."""
    for arguments in asked_links():
        send_my_link(**arguments)

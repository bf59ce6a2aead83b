"""The corrections that wait for the worker, and its work on them."""

import json

from django.db import connection

from levier.gathering.signing.tasks.correction import correct_mistyped_address


def asked_corrections() -> list[dict[str, str]]:
    """The arguments of the jobs that wait, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args::text FROM procrastinate_jobs"
            " WHERE task_name = 'signing.correct_address' ORDER BY id"
        )
        return [json.loads(args) for (args,) in cursor.fetchall()]


def do_asked_corrections() -> None:
    """Do what the worker does with them; what is done waits no more."""
    for arguments in asked_corrections():
        correct_mistyped_address(**arguments)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE task_name = 'signing.correct_address'")

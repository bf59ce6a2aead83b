"""What can prevent the embedded PostgreSQL from answering."""


class PostgresCannotRun(Exception):
    """The embedded PostgreSQL cannot run here. Carries a French sentence: what, then the mend."""

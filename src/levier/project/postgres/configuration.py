"""The embedded PostgreSQL's settings, written again at every start."""

from pathlib import Path

COMMON = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_connections": "100",
    "max_wal_size": "4GB",
    "min_wal_size": "256MB",
    "wal_compression": "off",  # the wheel has pglz only, which costs more than the bytes it spares
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "logging_collector": "on",
    "log_directory": "log",
    "log_filename": "postgresql-%a.log",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    "log_truncate_on_rotation": "on",
    "log_line_prefix": "%m [%p] ",
    "log_checkpoints": "off",
    # No personal data in logs: neither the statements nor the keys they break.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}
DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
THROWAWAY = {
    **dict.fromkeys(("fsync", "full_page_writes", "synchronous_commit"), "off"),
    # Databases come and go every few seconds; who drops one may not stop a vacuum inside it.
    "autovacuum": "off",
}
INCLUDE = "\n# Levier\ninclude 'levier.conf'\ninclude_if_exists 'local.conf'  # yours\n"


def configuration_text(*, sockets: Path, durable: bool) -> str:
    """The content of `levier.conf`. Not durable: for tests, a crash may lose everything."""
    values = {
        "unix_socket_directories": f'"{sockets}"',
        **COMMON,
        **(DURABLE if durable else THROWAWAY),
    }
    return "".join(f"{name} = '{value}'\n" for name, value in values.items())

from django.apps import AppConfig


class LevierConfig(AppConfig):
    """The one Django app: its models live in packages, gathered by ``levier.models``."""

    name = "levier"
    verbose_name = "Levier"
    default_auto_field = "django.db.models.BigAutoField"

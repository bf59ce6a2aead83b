"""What Granian serves."""

import os

from levier.project.handler import django_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "levier.project.settings")
application = django_application()

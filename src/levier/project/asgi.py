"""What Granian serves: the signing path and the kept pages in front, then a limit on what may be
sent, Django behind."""

import os
from typing import cast

from levier.project.handler import django_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "levier.project.settings")
django = django_application()

from levier.faces.public.front.application import Front  # noqa: E402 - models want Django set up
from levier.faces.public.front.asgi import Application  # noqa: E402
from levier.project.bodies import Bounded  # noqa: E402

application = Front(Bounded(cast(Application, django)))

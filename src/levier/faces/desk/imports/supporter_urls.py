"""`/tableau-de-bord/soutiens/importer/`."""

from django.urls import URLPattern, path

from levier.faces.desk.imports import supporters

urlpatterns: list[URLPattern] = [
    path("", supporters.upload, name="desk_supporters_import"),
    path("<int:pk>/", supporters.one, name="desk_supporters_import_one"),
    path("<int:pk>/colonnes/", supporters.columns, name="desk_supporters_import_columns"),
    path("<int:pk>/relire/", supporters.again, name="desk_supporters_import_again"),
    path("<int:pk>/lancer/", supporters.run, name="desk_supporters_import_run"),
    path("<int:pk>/arreter/", supporters.stop, name="desk_supporters_import_stop"),
    path("<int:pk>/annuler/", supporters.undo, name="desk_supporters_import_undo"),
    path("<int:pk>/oublier/", supporters.discard, name="desk_supporters_import_discard"),
    path("<int:pk>/refus.csv", supporters.refused, name="desk_supporters_import_refused"),
]

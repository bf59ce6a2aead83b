"""`/tableau-de-bord/petitions/<slug>/importer/`."""

from django.urls import URLPattern, path

from levier.faces.desk.imports import petitions

urlpatterns: list[URLPattern] = [
    path("", petitions.upload, name="desk_import"),
    path("<int:pk>/", petitions.one, name="desk_import_one"),
    path("<int:pk>/colonnes/", petitions.columns, name="desk_import_columns"),
    path("<int:pk>/relire/", petitions.again, name="desk_import_again"),
    path("<int:pk>/lancer/", petitions.run, name="desk_import_run"),
    path("<int:pk>/arreter/", petitions.stop, name="desk_import_stop"),
    path("<int:pk>/annuler/", petitions.undo, name="desk_import_undo"),
    path("<int:pk>/oublier/", petitions.discard, name="desk_import_discard"),
    path("<int:pk>/refus.csv", petitions.refused, name="desk_import_refused"),
]

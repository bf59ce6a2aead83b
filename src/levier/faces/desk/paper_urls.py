"""What is reached under `papier/` of a petition."""

from django.urls import URLPattern, path

from levier.faces.desk import paper, paper_paste, paper_print, paper_scan

urlpatterns: list[URLPattern] = [
    path("", paper.paper, name="desk_paper"),
    path("saisir/", paper.enter, name="desk_paper_enter"),
    path("coller/", paper_paste.paste, name="desk_paper_paste"),
    path("coller/enregistrer/", paper_paste.keep, name="desk_paper_keep"),
    path("rapprocher/", paper.reconcile, name="desk_paper_reconcile"),
    path("imprimer/", paper_print.numbers, name="desk_paper_print"),
    path("tirages/<int:pk>/feuilles.pdf", paper_print.run_file, name="desk_paper_run"),
    path("feuilles/<int:pk>/", paper.sheet, name="desk_paper_sheet"),
    path("feuilles/<int:pk>/retirer/", paper.remove, name="desk_paper_sheet_remove"),
    path("feuilles/<int:pk>/scan/", paper_scan.scan, name="desk_paper_sheet_scan"),
    path("feuilles/<int:pk>/scan/deposer/", paper_scan.upload, name="desk_paper_sheet_upload"),
    path("feuilles/<int:pk>/scan/effacer/", paper_scan.drop, name="desk_paper_sheet_drop"),
]

"""Conditions on people, declared once: filters of a list, forms of a segment, what PostgreSQL is
asked, the sentence that says it in French."""

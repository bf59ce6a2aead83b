"""« Le plus utile aujourd’hui »: from what is truly known, on the way from the first signature to
the decision. Each says why, leads to the page that does it, can be put off.
"""

"""Tables people send: text with separators and workbooks, read row by row whatever their size."""

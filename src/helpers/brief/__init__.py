"""What leaves the office: words, tables, figures, and the writers of HTML and PDF."""

"""The widget beside an earlier state of it: the last build, another zip, or a revision of its git repository."""

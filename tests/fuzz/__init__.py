"""Random programs: written, run, differentiated, compared, and shrunk when they are wrong.

    python -m tests.fuzz 100000 --seed 0 --jobs 2

A program is decided by the seed and its number alone, so that a failure can be had again:

    python -m tests.fuzz 1 --seed 0 --first 4711

With ``--memory`` the programs of odd numbers are of another family: they write to arrays in place,
through views, aliases and helpers. The others stay what they are. With ``--family mixed`` all are
of many constructs (``templates.py``), with ``--family tables`` and its like of one group of these.
"""

"""What pytest collects beside the test files."""

# Doctests are collected from every module.  Two must not be imported by a test run: the benchmarks
# are a program, and the typing examples are for a type checker only.
collect_ignore = ["benchmarks", "typing_examples.py"]

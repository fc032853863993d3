"""What pytest collects beside the test files."""

# Doctests are collected from every module. The benchmarks are a program, not tests: nothing of
# them is to be imported by a test run.
collect_ignore = ["benchmarks", "benchmarks.py"]

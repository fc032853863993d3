"""The tests of srcad: an exact oracle, a corpus of programs, and a generator of random ones."""

"""Random programs of real and complex numbers and arrays: what a hand would not write together.

>>> text = program(1)
>>> text.startswith("def f(x, z, a, b):"), program(1) == text
(True, True)
"""

from __future__ import annotations

import random

# How an expression is written of one variable or two, and the kind of its value; the kinds are
# written as `r` or `c`, for real and complex, and `s` or `a`, for a number or an array of three.
ONE = {
    "{} * 1j": ("rs cs ra ca", "c."),
    "{}.real": ("cs ca", "r."),
    "{}.imag": ("cs ca", "r."),
    "np.abs({})": ("cs ca", "r."),
    "np.conj({})": ("cs ca", "c."),
    "np.sin({} * 0.3)": ("rs cs ra ca", ".."),
    "np.exp(0.2 * {0} / (1 + np.abs({0})))": ("cs ca", ".."),
    "{} ** 2": ("rs cs ra ca", ".."),
    "np.sum({})": ("ra ca", ".s"),
    "{}[1]": ("ra ca", ".s"),
    "{}[::-1]": ("ra ca", ".."),
    "np.fft.fft({})": ("ra ca", "ca"),
    "np.fft.ifft({}, norm='ortho')": ("ra ca", "ca"),
    "np.fft.irfft({}, 3)": ("ra ca", "ra"),
    "np.fft.rfft({}, 4)": ("ra", "ca"),
    "complex({}, 0.5)": ("rs", "cs"),
}
TWO = {
    "{} + {}": ("rs cs ra ca", ".."),
    "{} - {}": ("rs cs ra ca", ".."),
    "{} * {}": ("rs cs ra ca", ".."),
    "({0} + {1}) / (1.5 + 0.1 * np.abs({1}))": ("rs cs ra ca", ".."),
    "np.vdot({}, {})": ("ra ca", ".s"),
    "np.where(np.arange(3) > 0, {}, {})": ("ra ca", ".."),
    "np.outer({}, {})[1]": ("ra ca", ".."),
}
RESULTS = {
    "rs": ("{}",),
    "cs": ("{}.real", "{}.imag", "abs({})"),
    "ra": ("np.sum({0} * {0})",),
    "ca": ("np.sum({}).imag", "np.sum(np.abs({}))", "np.linalg.norm({})", "np.sum({0} * {0}).real"),
}


def joined(kinds: list[str]) -> str:
    """The kind of what is made of values of some kinds."""
    part = "c" if any(k[0] == "c" for k in kinds) else "r"
    return part + ("a" if any(k[1] == "a" for k in kinds) else "s")


class _Program:
    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.kinds = {"x": "rs", "z": "cs", "a": "ra", "b": "ca"}
        self.lines: list[str] = []

    def pick(self, kinds: str) -> str:
        return self.random.choice([n for n, kind in self.kinds.items() if kind in kinds.split()])

    def statement(self, n: int) -> None:
        way = self.random.randrange(10)
        if way == 0:  # a buffer, written number by number and in parts
            value, part = self.pick("rs cs"), self.pick("ra ca")
            self.lines += [f"u{n} = np.zeros(3, dtype=complex)", f"u{n}[1] = {value}"]
            self.lines.append(f"u{n}[:2] += {part}[1:]")
            self.kinds[f"u{n}"] = "ca"
        elif way == 1:  # an array changed in place
            array, factor = self.pick("ca"), self.pick("rs cs")
            self.lines += [f"u{n} = {array} * 1.0", f"u{n}[2] *= {factor}", f"u{n} -= {array}"]
            self.kinds[f"u{n}"] = "ca"
        elif way == 2:  # a sum that a loop carries
            array, factor = self.pick("ra ca"), self.pick("rs cs")
            self.lines += [f"s{n} = 0.0", "for k in range(3):"]
            self.lines.append(f"    s{n} = s{n} * 0.5 + {array}[k] * {factor}")
            self.kinds[f"s{n}"] = joined([self.kinds[array], self.kinds[factor]])[0] + "s"
        elif way == 3:  # one of two ways
            one, other = self.pick("cs"), self.pick("cs")
            self.lines += [f"if x > {self.random.choice([-1, 5])}:", f"    t{n} = {one} * {other}"]
            self.lines += ["else:", f"    t{n} = {other} + 1j"]
            self.kinds[f"t{n}"] = "cs"
        else:
            form, (kinds, result) = self.random.choice([*ONE.items(), *TWO.items()])
            names = [self.pick(kinds) for _ in range(2 if form in TWO else 1)]
            made = joined([self.kinds[name] for name in names])
            self.lines.append(f"v{n} = {form.format(*names)}")
            kind = "".join(b if a == "." else a for a, b in zip(result, made, strict=True))
            self.kinds[f"v{n}"] = kind

    def text(self) -> str:
        count = self.random.randrange(3, 10)
        for n in range(count):
            self.statement(n)
        made = [name for name in self.kinds if len(name) > 1]
        terms = [
            self.random.choice(RESULTS[self.kinds[name]]).format(name)
            for name in self.random.sample(made, min(3, len(made)))
        ]
        body = "".join(f"    {line}\n" for line in self.lines)
        return f"def f(x, z, a, b):\n{body}    return {' + '.join(terms)}\n"


def program(seed: int) -> str:
    """The text of a function of a real and a complex number, and arrays of three of each."""
    return _Program(seed).text()

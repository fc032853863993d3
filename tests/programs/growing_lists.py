"""Lists that grow and shrink: their lengths are not the same everywhere."""

from tests.programs import program


@program((0.7, 3), (0.7, 0))
def length_of_a_list_that_shrinks_later(x, n):
    t = [x]
    for i in range(n):
        t.append(x * x * i)
    s = 0.0
    for i in range(len(t)):
        s = s + t[i] * t[i]
    for _ in range(n):
        s = s + t.pop()
    return s


@program((0.7, 3), (0.7, 0))
def length_of_a_list_that_grows_later(x, n):
    t = [x, x * x]
    s = 0.0
    for i in range(len(t)):
        s = s + t[i] * t[i] * len(t)
    for i in range(n):
        t.append(x * i)
        if len(t) > 3:
            s = s * t[len(t) - 1]
        s = s + t[-1] * t[-2]
    return s


@program((0.7, 1.2, 4), (0.7, 1.2, 1))
def an_element_by_the_length(x, y, n):
    t = [x]
    s = y
    for _ in range(n):
        t.append(s * t[len(t) - 1])
        s = s + t[len(t) - 1] * t[len(t) - 2]
    return s

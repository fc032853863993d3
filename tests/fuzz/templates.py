"""What random programs of many constructs are put together from: groups of statements with gaps.

A gap is a word in braces, perhaps with a digit: one with a digit is filled alike wherever it stands
in the template.  ``e`` is a number of moderate size, ``a`` one that is made without
calls, ``E`` an array of three; ``v`` and ``m`` are names of arrays of three, of two rows and three
columns; ``t`` and ``w`` are names that are given a number, an array of three; ``x`` is the name of
a number; ``i`` is an index below 3, ``j`` one below 2; ``c`` is a condition, ``h`` a threshold;
``body`` is filled by statements of any kind.
"""

from __future__ import annotations

# What a program needs before it, by a word that it holds.
PRELUDE: dict[str, str] = {
    "Ball(": """
class Ball:
    def __init__(self, x, v):
        self.x = x
        self.v = v
    def energy(self):
        return 0.5 * self.v * self.v + math.cos(self.x)
    def step(self, dt):
        self.v = self.v - dt * math.sin(self.x)
        self.x += dt * self.v
        return self.x
    def kick(self, other, by):
        self.v, other.v = other.v * by, self.v
        return self
""",
    "Cloth(": """
@dataclass
class Cloth:
    p: np.ndarray
    q: np.ndarray
    age: float = 0.5
    def step(self, dt):
        self.q -= dt * np.sin(self.p)
        self.p[1:] += dt * self.q[1:]
        self.age = self.age * math.cos(dt) + self.p[0]
    def turn(self):
        self.p, self.q = self.q, self.p
        return self.age
    @property
    def size(self):
        return np.sum(self.p * self.q) + self.age
""",
    "mix(": """
def mix(p, q, r, s):
    p[1:] += s * q[:-1]
    q[0] = p[2] * r[1]
    return r
""",
    "third(": """
def third(p, q, r, s):
    q *= np.cos(p)
    p[::-1] = q + s
    return r[::-1]
""",
    "both(": """
def both(p, q, s):
    p[0] = s * q[2]
    q[1], p[1] = p[1], q[1]
    return p[1] * q[0], q
""",
    "find(": """
def find(p, s):
    for k in range(3):
        for l in range(k + 1):
            if p[k] * s > p[l] + 0.30117:
                return k * s + p[l]
            if p[l] < -0.90013:
                break
        else:
            s = s * 0.5 + p[k]
    return s
""",
}

GROUPS: dict[str, tuple[str, ...]] = {
    "nested": (
        "{t} = srcad.grad(lambda arg: math.sin(arg * {x}) + arg * {e})({e})",
        "{t} = srcad.grad(lambda arg: np.sum(np.sin({v} * arg)) * {e})({e})",
        "{w} = srcad.grad(lambda arg: np.sum(np.sin(arg) * {v}) * {e})({E})",
        "{t} = srcad.value_and_grad(lambda arg: arg * arg * {e} + math.cos(arg * {x}))({e})[1]",
        "{t} = srcad.jvp(lambda arg: math.tanh(arg * {x}) * arg, ({e},), ({e},))[1]",
        "{w} = srcad.jvp(lambda arg: np.sin(arg * {x}) * {v}, ({E},), ({E},))[1]",
        """
def phi(arg):
    if arg > {h}:
        return arg * math.sin({x})
    return arg * arg * {e}
{t} = srcad.grad(phi)({e})
""",
        """
def phi(arg):
    own = arg.copy()
    for ka in range(1, 3):
        own[ka] = math.sin(own[ka - 1] * {x}) + arg[ka]
    return np.sum(own * {v})
{w} = srcad.grad(phi)({E})
""",
        """
def phi(arg):
    return np.sin(arg * {x}) * {v}
found, pull = srcad.vjp(phi, {E})
{w} = pull({E})[0]
{t} = np.sum(found)
""",
        """
def phi(arg, more):
    return math.sin(arg * more) + arg * {e}
{t1} = srcad.grad(phi, wrt=1)({e}, {x})
""",
        "{t} = srcad.grad(srcad.grad(lambda arg: arg ** 3 * {x} + math.sin(arg)))({e})",
        """
guess = {e}
for ka in range({j} + 1):
    guess = guess - 0.1 * srcad.grad(lambda arg: arg * arg * (1.0 + {x} ** 2) - arg * {e})(guess)
{t} = guess
""",
    ),
    "tables": (
        "{rows}[{j}][{i}] = {e}",
        "{rows}[{j}][{i}] += {e}",
        "{rows}[0], {rows}[1] = {rows}[1], {rows}[0]",
        "{rows}[{j}][0], {rows}[{j}][{i}] = {rows}[{j}][{i}], {rows}[{j}][0]",
        "{t} = {rows}[{j}][{i}] * {rows}[{j}][{i}]",
        "{t} = sum(sum(row) for row in {rows})",
        "{t} = max(max(row) for row in {rows})",
        """
for row in {rows}:
    row[{i}] = row[{i}] * {e}
""",
        """
for ka in range(2):
    for la in range(3):
        {rows}[ka][la] = math.sin({rows}[ka][la] * {x}) + {rows}[1 - ka][2 - la]
""",
        """
for ka in range(1, 2):
    for la in range(1, 3):
        {rows}[ka][la] = max({rows}[ka - 1][la], {rows}[ka][la - 1]) * {x} + {m}[ka, la]
""",
        """
line = {rows}[{j}]
line[{i}] *= {e}
{t} = line[{i}] + {rows}[{j}][{i}]
""",
        "{rows} = [[{x} * arg for arg in row] for row in {rows}]",
        "{rows} = [row[:] for row in {rows}]",
        "{w} = np.array({rows}[{j}]) * {e}",
        "{t} = np.sum(np.array({rows}) * {m})",
        """
spare = [row[::-1] for row in {rows}]
spare[0][{i}] = {e}
{t} = spare[0][{i}] * {rows}[0][{i}]
""",
    ),
    "handlers": (
        """
try:
    if {c}:
        raise ValueError
    {t1} = {a}
except ValueError:
    {t1} = {a}
""",
        """
try:
    {t1} = math.log({x} - 0.30117)
except ValueError:
    {t1} = {a}
""",
        """
try:
    {t1} = {v}[{i} + {i}] * {a}
except IndexError:
    {t1} = {a}
""",
        """
try:
    {t1} = 1.0 / ({i} - 1) * {x}
except ZeroDivisionError:
    {t1} = {a}
else:
    {t1} = {t1} * {a}
""",
        """
{t1} = {a}
for ka in range(3):
    try:
        if {v}[ka] > {h}:
            raise KeyError
        {t1} += {v}[ka]
    except KeyError:
        {t1} = {t1} * 0.5
        continue
    {t1} = math.sin({t1})
""",
        """
try:
    {v1}[{i}] = {a}
    if {c}:
        raise RuntimeError
    {v1}[{i}] *= {a}
except RuntimeError:
    {v1}[0] += {a}
""",
    ),
    "written": (
        "{arrs}[{j}][{i}] = {e}",
        "{arrs}[{j}][{i}] += {e}",
        "{arrs}[{j}][1:] *= {e}",
        "{arrs}[0], {arrs}[1] = {arrs}[1], {arrs}[0]",
        "{arrs}[{j}] = {E}",
        "{arrs}[{j}] += {E}",
        "{w} = {arrs}[{j}]",
        "{w} = {arrs}[{j}][::-1]",
        "{t} = np.sum({arrs}[0] * {arrs}[1])",
        """
for each in {arrs}:
    each[{i}] = each[{i}] * {e}
""",
        """
for each, other in zip({arrs}, reversed({arrs})):
    each[1:] += 0.5 * other[:-1]
""",
        """
for ka in range(3):
    {arrs}[ka % 2][ka] = math.sin({arrs}[(ka + 1) % 2][ka] * {x})
""",
        "{w} = sum({arrs}) * {e}",
        "{arrs} = [each.copy() for each in {arrs}]",
        "{arrs} = [each * {e} for each in {arrs}]",
    ),
    "places": (
        "np.put({v}, [{i}, {i}], {e})",
        "np.put({v}, [2, 0, 1], {E})",
        "np.put({m}, [{i}, {i} + 3], {e})",
        "np.place({v1}, {v1} > {h}, [{e}, {e}])",
        "np.putmask({v1}, {v1} > {h}, {E})",
        "{v}.flat[{i}] = {e}",
        "{m}.flat[{i} + 3] = {e}",
        "{m}.flat[{i}] += {e}",
        "{m}.flat[1:4] = {E}",
        "np.add.at({v}, [{i}, {i}, {i}], {E})",
        "np.subtract.at({v}, [{i}, {i}], {e})",
        "np.multiply.at({v}, [{i}, {i}], {e})",
        "np.add.at({m}, ([0, 1, 0], [{i}, {i}, {i}]), {E})",
        "np.add({v}, {E}, out={v1}, where={v1} > {h})",
        "np.sin({v1}, out={v1}, where={v} < {h})",
        "np.multiply({v}, {E}, out={v})",
        "np.exp(-{v1} * {v1}, out={v1})",
        "np.copyto({v1}, {E}, where={v1} < {h})",
        "np.maximum({v}, {E}, out={v})",
        "np.cos({v1}[1:], out={v1}[:-1])",
        "np.add({m}[0], {E}, out={m}[1])",
        "np.fill_diagonal({m}, {e})",
        "np.clip({v1}, -0.60013, 0.70017, out={v1})",
        "{w} = np.sum({m}, axis=0, out={v})",
        "{v}.put([{i}], {e})",
    ),
    "objects": (
        "{t} = {ball}.step({e})",
        "{ball}.step({e})",
        "{ball}.x = {e}",
        "{ball}.v *= {e}",
        "{t} = {ball}.energy() * {e}",
        "{ball}.kick({ball}, {e}).x = {e}",
        """
other = Ball({e}, {x})
{ball}.kick(other, {e}).step({e})
{t} = other.energy()
""",
        """
group = [Ball({e}, {x}), {ball}, Ball({x}, {e})]
for a_ball in group:
    a_ball.step({e})
    a_ball.v += {e}
{t} = sum(one.energy() for one in group)
""",
        """
for ka in range(3):
    if {ball}.step({e}) > {h}:
        {ball}.v = -{ball}.v
        break
""",
        "{cloth}.step({e})",
        "{t} = {cloth}.turn()",
        "{t} = {cloth}.size",
        "{cloth}.p[{i}] = {e}",
        "{cloth}.q[1:] += {E}[:2]",
        "{cloth}.p = {E}",
        "{w} = {cloth}.p",
        "{w} = {cloth}.q[::-1]",
        "{cloth}.age = {e}",
        """
for ka in range(2):
    {cloth}.step({x} * 0.5)
    {cloth}.p[ka] *= {e}
""",
    ),
    "functions": (
        """
ops = [math.sin, lambda arg: arg * {x}, math.tanh]
{t} = ops[{i}]({e})
""",
        """
acts = [math.sin, lambda arg: arg * {x} + {e}]
{t1} = {e}
for act in acts:
    {t1} = act({t1})
""",
        """
def late(arg):
    return arg * {x1} + {e}
{x1} = {e}
{t} = late({e})
""",
        """
def store(arg, where={i}):
    {v1}[where] = arg * {x}
    return {v1}[{i}]
{t} = store({e}) * store({x}, {i})
""",
        """
def outer(arg):
    def inner(more):
        return more * arg * {x}
    return inner
{t} = outer({e})({e}) + outer({x})({e})
""",
        "{t} = (lambda left, right: left * right + math.sin(left))({e}, {e})",
        "{t} = functools.reduce(lambda left, right: left * 0.5 + right, [{e}, {e}, {x}])",
    ),
    "exits": (
        """
{t1} = {e}
for ka in range(2):
    for la in range(3):
        if {m}[ka, la] > {h}:
            break
        {t1} += {m}[ka, la] * {e}
    else:
        continue
    {t1} *= 0.5
    break
""",
        """
{t1} = {e}
for ka in range(3):
    for la in range(3):
        if la == ka:
            continue
        if {v}[ka] + {v}[la] > {h}:
            {t1} = {t1} * {v}[la]
            break
        {t1} += math.sin({v}[ka] * {v}[la])
    if {t1} > {h}:
        break
""",
        "{t} = find({v}, {e})",
        """
count_k = 0
while True:
    count_k += 1
    if count_k > 4:
        break
    {v1}[count_k % 3] = math.sin({v1}[(count_k + 1) % 3] + {x})
    if {v1}[count_k % 3] > {h}:
        {v1}[0] = {e}
        break
else:
    {v1}[1] = 0.5
""",
        """
count_l = 0
while (step := {x1} * 0.5 + 0.1 * count_l) < 0.70011 and count_l < 4:
    count_l += 1
    {x1} = {x1} + 0.3 * math.cos(step)
""",
        """
{t1} = {e}
if (low := {e}) > {h} and (high := low * {x}) < {h}:
    {t1} = low * high
""",
        "{t} = {e} if -0.50013 < (mid := {e}) < 0.80017 else mid * {x}",
        """
for ka in range(3):
    if ka == {i}:
        continue
    {body}
    if {c}:
        break
""",
        """
match {j} + {j}:
    case 0:
        {t1} = {e}
    case 1 if {x} > {h}:
        {t1} = {e}
    case _:
        {t1} = {e}
""",
        """
match ({x}, {e}):
    case (first, second) if first > second:
        {t1} = first * second
    case (first, _):
        {t1} = math.sin(first)
""",
        """
best, at = {v1}[0], 0
for ka in range(1, 3):
    if {v1}[ka] > best:
        best, at = {v1}[ka], ka
{v1}[at] = best * {e}
{t} = best
""",
    ),
    "views": (
        """
part = {v}[{slice}]
part {op} {e}
""",
        """
part = {v}[{slice}]
part[0] = {e}
part += {e}
{t} = np.sum(part)
""",
        "{v1}[1:][0] += {v1}[0] * {e}",
        "{v1}[::-1][1:] -= 0.5 * {v1}[:2]",
        "{v1}[1:], {v1}[:-1] = {v1}[:-1], {v1}[1:]",
        "{m1}[0], {m1}[1] = {m1}[1], {m1}[0]",
        "{m1}[:, 0], {m1}[:, {i}] = {m1}[:, {i}] * {e}, {m1}[:, 0]",
        "{v1}[::-2] = {v1}[:2] * {e}",
        "{v1}[-1:0:-1] += {v1}[1:] * {e}",
        "{m1}[::-1, ::-1] = {m1} * {e}",
        "{m1}[:, 1:] -= {m1}[:, :-1]",
        """
for ka in range(2, 0, -1):
    {v1}[ka], {v1}[ka - 1] = {v1}[ka - 1] * {e}, {v1}[ka]
""",
        """
for ka in range(2):
    {v1}, {v2} = {v2}, {v1}
    {v1}[ka] = {v2}[ka + 1] * {e}
""",
        """
old, new = {v}, {v}.copy()
for ka in range(3):
    new[1:] = old[:-1] * {x} + 0.5 * new[1:]
    old, new = new, old
{t} = np.sum(old) * {e}
""",
        """
flat = {m}.reshape(-1)
flat[{i}] = {e}
flat[::-2] *= {e}
""",
        """
turned = {m}.T
turned[{i}, {j}] = {e}
turned[1:] += turned[:-1] * 0.5
""",
        "{t} = mix({v}, {v}, {v}, {e})[{i}]",
        "{w} = mix({v}, {m}[{j}], {v}, {e})",
        "{w} = third({v}, {v}, {v}, {e})",
        "{w} = third({m}[0], {v}, {m}[{j}], {e})",
        "{t}, {w} = both({v}, {v}, {e})",
    ),
    "indices": (
        "{v1}[[{i}, {i}, {i}]] {op} {E}",
        "{v}[np.array([{i}, {i}])] = {e}",
        "{w} = {v}[[{i}, {i}, {i}]] * {e}",
        "{m}[[0, 1, 1], [{i}, {i}, {i}]] += {E}",
        "{m}[{j}, [{i}, {i}]] = {e}",
        "{m}[:, [{i}, {i}]] *= {e}",
        """
where = np.array([{i}, {i}, {i}])
{v1}[where] = {v}[where] * {e}
{t} = np.sum({v1}[where[::-1]])
""",
        """
order = np.argsort({v1})
{w} = {v1}[order] * {E}
{v1}[order] = {E}
""",
        """
mask = {v1} > {h}
{v1}[mask] = {v}[mask] * {e}
{t} = np.sum({v1}[~mask])
""",
        """
mask = ({v} > {h}) & ({v1} < {h})
{v1}[mask] += {e}
""",
        """
mask = {m1} > {h}
{m1}[mask] *= {e}
{t} = np.sum({m1}[mask])
""",
        """
most = int(np.argmax({v1}))
{v1}[most] = {v1}[most] * {e}
""",
        """
(there,) = np.nonzero({v1} > {h})
{v1}[there] = {e}
""",
        "{w} = np.where({v} > {v}, {E}, {v}) * {e}",
        "{w} = np.take({v}, [{i}, {i}, {i}]) * {e}",
        """
for ka, value in enumerate({v1}):
    if value > {h}:
        {v1}[ka] = value * {e}
""",
        """
for ka in [{i}, {i}, {i}]:
    {v1}[ka] += {v1}[(ka + 1) % 3] * {e}
""",
        "{t} = np.sum({m}[{m} > {h}]) * {e}",
        "{w} = np.sort({v}) * {e}",
        "{w} = np.cumsum({v}) * {e}",
    ),
}
# What has to be there first, and how it is made.
MADE: dict[str, tuple[str, ...]] = {
    "rows": ("[[{e}, {e}, {e}], [{e}, {x}, {e}]]", "[[0.0] * 3 for _ in range(2)]"),
    "arrs": ("[{v}, {v}]", "[{E}, {v}]", "[np.zeros(3), {v}.copy()]", "[{v}, {m}[0]]"),
    "ball": ("Ball({e}, {x})",),
    "cloth": ("Cloth({v}, {E})", "Cloth({v}, {v})", "Cloth({E}, {v}, {e})"),
}

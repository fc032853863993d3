"""Functions that are refused by their names, each with the reason and what to write instead."""

from srcad.rules.table import excluded

# Of numpy.random what it is now and what it was: the names are looked up when it is imported.
RANDOM = (
    "beta binomial chisquare choice dirichlet exponential f gamma geometric gumbel hypergeometric "
    "laplace logistic lognormal logseries multinomial multivariate_normal negative_binomial "
    "noncentral_chisquare noncentral_f normal pareto permutation poisson power rand randint randn "
    "random random_integers random_sample ranf rayleigh sample shuffle standard_cauchy "
    "standard_exponential standard_gamma standard_normal standard_t triangular uniform vonmises "
    "wald weibull zipf"
)
excluded(
    " ".join(f"numpy.random.{name}" for name in RANDOM.split()),
    "it gives other numbers at each call",
    "a parameter for the numbers, drawn before the call",
)
CALLS = "it calls a function that is not read"
ENTRY_BY_ENTRY = "`np.array([f(v) for v in x])`, or arithmetic of whole arrays"
excluded("np.vectorize np.frompyfunc", CALLS, ENTRY_BY_ENTRY)
excluded("np.apply_along_axis", CALLS, "`np.array([f(row) for row in x])`, or an `axis=`")
excluded("np.apply_over_axes", CALLS, "the function itself, with `axis=` and `keepdims=True`")
excluded("np.piecewise", CALLS, "`np.where`, or `np.select`")
excluded("np.fromfunction", CALLS, "arithmetic of `np.indices`")
for _names, _why, _instead in (
    ("math.sumprod", "it has no rule", "`a * b + c * d`"),
    (
        "builtins.sorted builtins.map builtins.filter",
        "what it makes is not known to the derivative",
        "an array, or a loop",
    ),
    ("builtins.any builtins.all", "it takes values one by one", "`or` and `and`"),
    ("np.unique", "how many entries are different changes by steps", "`np.sort`"),
    (
        "np.histogram np.histogram2d np.histogramdd np.histogram_bin_edges",
        "what it counts changes by steps",
        "`np.bincount` with weights, of `np.digitize`",
    ),
    (
        "np.put np.place np.putmask np.copyto np.put_along_axis np.fill_diagonal",
        "it writes into its argument, and gives no value: it is a statement of its own",
        "it as a statement, or `x[index] = value`",
    ),
    (
        "np.polymul",
        "how many coefficients it has depends on which of the first are 0",
        "`np.convolve`",
    ),
    (
        "np.polydiv",
        "how many coefficients it has depends on which of the first are 0",
        "a loop over the coefficients",
    ),
    (
        "np.intersect1d np.setdiff1d np.setxor1d np.union1d np.unique_all np.unique_counts "
        "np.unique_inverse np.unique_values np.trim_zeros",
        "how many entries it keeps changes by steps",
        "`x[mask]`, with a mask that is found before",
    ),
    (
        "np.mask_indices",
        "it calls a function that is not read",
        "`np.triu_indices`, or `np.nonzero`",
    ),
    ("np.sort_complex", "its result is complex", "`np.sort`"),
    ("np.unstack", "how many parts there are is not known before running", "`x[0], x[1]`"),
    ("np.fromiter", "it takes a generator", "`np.array([f(v) for v in x])`, or a loop"),
    ("np.polyfit np.roots np.poly1d np.poly", "it has no rule", "`np.polyval` of coefficients"),
):
    excluded(_names, _why, _instead)

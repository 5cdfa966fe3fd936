"""Judging a unit by the county's standard, and asking whether chance alone explains what it missed. Pure and exact.

Comparisons are made with fractions; rounding belongs to the page that shows them. Nothing is judged below SMALL_UNIT
people expected or sat, and no unit is failed for having nobody.

Chance. The question is always the same: would a unit that truly meets the standard look like this, or worse, in more
than 5 of 100 months? Then nobody should conclude anything from the one month.

| measure   | model of a unit that meets the standard                             | rule                                     |
|-----------|---------------------------------------------------------------------|------------------------------------------|
| pass_rate | each of those who sat passes with the asked rate, independently      | exact binomial: P(passed or fewer) > 1/20 |
| mean      | scores spread as in the whole round, around the asked mean           | gap² × sat ≤ 3 × variance                 |

Why 3: the mean of `sat` scores has the variance V/sat, V being that of all scores of the round (ten scores say too little
about their own spread). Under the bell curve the 5 % point lies 1.645 such deviations below, 1.645² = 2.71. Scores are
crowded towards the full mark and trail off downwards; with a skewness of −1 the 5 % point of a mean of ten is at
1.645 + (1.645² − 1) / (6 × √10) ≈ 1.74, and 1.74² = 3.0. So the rule is right for small units and speaks a little more
readily of chance for large ones: the doubt is the unit's.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from math import comb

from school.results.figures import Counts, Shortfall, Standard

#: a result rarer than this in a unit that meets the standard is not put down to chance
RARE = Fraction(1, 20)
#: squared deviations of the mean within which chance explains a gap; derived above
SQUARED_DEVIATIONS = 3


def band(score: Decimal, standard: Standard) -> str:
    """The band of a score; a score on the edge is in the band.

    | score | pass mark 60, excellent mark 90 |
    |-------|---------------------------------|
    | 59.99 | below                           |
    | 60    | passed                          |
    | 89.99 | passed                          |
    | 90    | excellent                       |
    """
    if score >= standard.excellent_mark:
        return "excellent"
    return "passed" if score >= standard.pass_mark else "below"


def variance(scores: Iterable[Decimal]) -> Fraction:
    """How far the scores of a round spread: mean squared distance from their mean, in points²; 0 for nobody."""
    exact = [Fraction(score) for score in scores]
    if not exact:
        return Fraction(0)
    mean = sum(exact) / len(exact)
    return sum((score - mean) ** 2 for score in exact) / len(exact)


def shortfalls(counts: Counts, standard: Standard, *, variance: Fraction) -> tuple[Shortfall, ...]:
    """Every measure the unit missed, in the order reports print them.

    variance: that of all scores of the round, in points².

    | expected | sat | passed | asked 90 % | missed                                  |
    |----------|-----|--------|------------|-----------------------------------------|
    | 9        | 9   | 1      |            | nothing: too small to be judged         |
    | 10       | 0   | 0      |            | nothing: nobody to count                |
    | 10       | 10  | 9      | 9/10       | nothing: exactly the standard           |
    | 24       | 24  | 20     | 5/6        | pass rate, by chance (P = 21.4 %)       |
    | 100      | 100 | 80     | 4/5        | pass rate, not by chance (P = 0.2 %)    |
    """
    if counts.small:
        return ()
    missed = []
    rate, mean = counts.share("passed", "sat"), counts.mean
    if rate < Fraction(standard.pass_rate):
        chance = rate_by_chance(counts.passed, counts.sat, standard.pass_rate)
        missed.append(Shortfall("pass_rate", rate, standard.pass_rate, chance))
    if mean < Fraction(standard.mean):
        chance = mean_by_chance(mean, counts.sat, standard.mean, variance)
        missed.append(Shortfall("mean", mean, standard.mean, chance))
    return tuple(missed)


def rate_by_chance(passed: int, sat: int, asked: Decimal) -> bool:
    """Whether a unit whose true pass rate is the asked one shows `passed` or fewer of `sat` in over 5 % of months.

    Exact, in whole numbers. asked 0.9:

    | passed | sat | P(passed or fewer) | by chance |
    |--------|-----|--------------------|-----------|
    | 8      | 10  | 26.4 %             | yes       |
    | 7      | 10  | 7.02 %             | yes       |
    | 6      | 10  | 1.28 %             | no        |
    """
    rate = Fraction(asked)
    hit, miss = rate.numerator, rate.denominator - rate.numerator
    ways = sum(comb(sat, k) * hit**k * miss ** (sat - k) for k in range(passed + 1))
    return Fraction(ways, rate.denominator**sat) > RARE


def mean_by_chance(mean: Fraction, sat: int, asked: Decimal, variance: Fraction) -> bool:
    """Whether a unit whose true mean is the asked one would miss it by so much in over 5 % of months; see above.

    asked 80, variance 100 (a spread of ten points):

    | mean  | sat | gap² × sat | 3 × variance | by chance |
    |-------|-----|------------|--------------|-----------|
    | 75    | 12  | 300        | 300          | yes       |
    | 74.99 | 12  | 301.2      | 300          | no        |
    | 79    | 300 | 300        | 300          | yes       |
    """
    gap = Fraction(asked) - mean
    return gap * gap * sat <= SQUARED_DEVIATIONS * variance

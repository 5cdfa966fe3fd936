"""Which device goes on with an attempt. Pure.

The sequence numbers of an attempt's answers rise with every change (rules.md 8). Each seat has a stretch of them of its
own, and whoever goes on with the attempt on another device takes the next one: what an older page still sends is then
older than everything answered since, and yet not lost where nothing newer stands.

| seat | numbers it gives out |
|------|----------------------|
| 0    | 1 to 99,999          |
| 1    | 100,001 to 199,999   |
| 2    | 200,001 to 299,999   |
"""

from __future__ import annotations

#: numbers of one seat: far more than anybody changes answers in one sitting
NUMBERS = 100_000


def seat_of(sequence: int) -> int:
    """The seat that gave out a number."""
    return sequence // NUMBERS


def next_number(seat: int, highest: int) -> int:
    """The number of a seat's next change, above the highest that any answer has (0 without answers)."""
    return max(highest, seat * NUMBERS) + 1

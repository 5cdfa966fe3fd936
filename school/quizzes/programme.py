"""Integer programmes, solved by HiGHS in one thread with a fixed seed: the same programme, the same answer.

Nothing is limited by time, only by the nodes of the search, so that a slow machine finds what a fast one finds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import inf

import highspy
import numpy

#: nodes of the search tree per aim; with what is best by then one goes on
NODES = 100
#: HiGHS's word for a solution that keeps every row
FEASIBLE = 2


class Programme:
    """Columns to be chosen, rows to be kept, and then one aim after another."""

    def __init__(self):
        self._columns: list[tuple[float, float, bool]] = []
        self._rows: list[tuple[list[tuple[int, float]], float, float]] = []

    def column(self, most: float = 1, *, least: float = 0, whole: bool = True) -> int:
        """A number from `least` to `most` to be chosen; returns its place."""
        self._columns.append((least, most, whole))
        return len(self._columns) - 1

    def row(self, terms: Iterable[tuple[int, float]], *, least: float = -inf, most: float = inf) -> None:
        """The sum of factor times column, over pairs (column, factor), has to lie from `least` to `most`."""
        self._rows.append((list(terms), least, most))

    def solve(self, *aims: Mapping[int, float]) -> list[float] | None:
        """A value per column that keeps all rows and makes the first aim least, then the next without loss, and so on.

        aims: column -> cost.  None when nothing keeps all rows.
        """
        solver, values = self._solver(), None
        for aim in aims or ({},):
            costs = numpy.zeros(len(self._columns))
            costs[list(aim)] = list(aim.values())
            solver.changeColsCost(len(costs), numpy.arange(len(costs), dtype=numpy.int32), costs)
            solver.run()
            if solver.getInfo().primal_solution_status != FEASIBLE:
                break
            values = self._rounded(solver.getSolution().col_value)
            reached = float(costs @ values)
            places = numpy.array(sorted(aim), dtype=numpy.int32)
            solver.addRow(-inf, reached + 1e-6, len(places), places, costs[places])
        return values

    def _rounded(self, values: Iterable[float]) -> list[float]:
        return [round(value) if whole else value for value, (*_, whole) in zip(values, self._columns, strict=True)]

    def _solver(self) -> highspy.Highs:
        solver = highspy.Highs()
        fixed = {"output_flag": False, "threads": 1, "random_seed": 1, "mip_max_nodes": NODES, "mip_rel_gap": 0.0}
        for name, value in fixed.items():
            solver.setOptionValue(name, value)
        solver.passModel(self._model())
        return solver

    def _model(self) -> highspy.HighsLp:
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(self._columns), len(self._rows)
        least, most, whole = zip(*self._columns, strict=True)
        model.col_cost_, model.col_lower_, model.col_upper_ = numpy.zeros(len(least)), _row(least), _row(most)
        kinds = {True: highspy.HighsVarType.kInteger, False: highspy.HighsVarType.kContinuous}
        model.integrality_ = [kinds[one] for one in whole]
        terms, least, most = zip(*self._rows, strict=True)
        model.row_lower_, model.row_upper_ = _row(least), _row(most)
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = numpy.cumsum([0, *map(len, terms)])
        model.a_matrix_.index_ = [column for row in terms for column, _ in row]
        model.a_matrix_.value_ = _row([factor for row in terms for _, factor in row])
        return model


def _row(values: Iterable[float]) -> numpy.ndarray:
    return numpy.array(values, dtype=float)

"""Medians and the like, as text."""

import statistics


def median(values: list[float]) -> float:
    return statistics.median(values)


def percentile(values: list[float], part: float) -> float:
    """The value that `part` (0…1) of all are not above: the nearest rank."""
    ordered = sorted(values)
    return ordered[max(0, min(len(ordered) - 1, -int(-part * len(ordered) // 1) - 1))]


def number(value: float) -> str:
    """Three significant figures without exponents."""
    if value == 0:
        return "0"
    for limit, digits in [(0.0995, 3), (0.995, 3), (9.95, 2), (99.5, 1)]:
        if abs(value) < limit:
            return f"{value:.{digits}f}"
    return f"{value:,.0f}".replace(",", " ")

"""One line of the table."""

from dataclasses import dataclass, field


@dataclass
class Result:
    what: str
    value: str
    runs: str
    target: str = "–"
    passed: bool | None = None
    baselines: dict[str, str] = field(default_factory=dict)
    note: str = ""

    def cells(self, columns: list[str]) -> list[str]:
        verdict = "–" if self.passed is None else "pass" if self.passed else "**miss**"
        return [self.what, self.value, self.runs, self.target, verdict] + [self.baselines.get(name, "–") for name in columns]


def table(results: list[Result], columns: list[str]) -> str:
    lines = ["| what | Pup | runs | target | | " + " | ".join(columns) + " |", "|---" * (5 + len(columns)) + "|"]
    lines += ["| " + " | ".join(result.cells(columns)) + " |" for result in results]
    notes = [result for result in results if result.note]
    if notes:
        lines += ["", *[f"- *{result.what}*: {result.note}" for result in notes]]
    return "\n".join(lines) + "\n"

"""What every row gets: where it works, whom it compares with, and how often."""

from dataclasses import dataclass

from .supervisors import Supervisor
from .workspace import Workspace


@dataclass
class Context:
    workspace: Workspace
    others: list[type[Supervisor]]
    quick: bool

    def count(self, full: int, quick: int) -> int:
        return quick if self.quick else full

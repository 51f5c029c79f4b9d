"""One figure of a paper. Digits are kept as printed: 40.80 is not 40.8."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator


def _absent(value: Any) -> Any:
    return None if value == "" else value


Figure = Annotated[Decimal | None, BeforeValidator(_absent)]
Count = Annotated[int | None, BeforeValidator(_absent)]
Slug = Annotated[str, Field(pattern=r"^[A-Za-z0-9_=.\-]+$")]

#: What a figure of a unit can be. Kappa's Wald intervals leave [-1, 1], so fractions get some room.
BOUNDS: dict[str, tuple[float, float]] = {
    "percent": (0, 100),
    "points": (-100, 100),
    "fraction": (-1.1, 1.1),
    "p-value": (0, 1),
    "distance": (0, 2),
    "degree": (0, 180),
    "pixel": (0, 1000),
    "dB": (0, 100),
    "statistic": (0, 1000),
    "unstated": (0, 1000),
}


class Published(BaseModel):
    """A row of published.csv.

    ``value`` is None where our text of the paper lost it and kept the interval. ``line`` and
    ``quote`` (and ``cell``, for tables) say where the figure stands in that text.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    paper: Literal["mema", "rofi"]
    table: str = Field(pattern=r"^(S?(T|Tab|Fig)\d+[a-e]?|text|abstract)$")
    suite: Slug
    method: Slug
    metric: Slug
    group: Slug
    value: Figure
    low: Figure
    high: Figure
    unit: Literal[tuple(BOUNDS)]  # type: ignore[valid-type]
    direction: Literal["higher", "lower", "none"]
    n: Count
    note: str
    source: str = Field(min_length=1)
    line: int = Field(ge=1)
    cell: Count
    quote: str = Field(min_length=1)

    @property
    def key(self) -> tuple[str, ...]:
        """What makes a row the only one of its kind."""
        return self.paper, self.table, self.suite, self.method, self.metric, self.group

    @model_validator(mode="after")
    def _sound(self) -> Published:
        if (self.low is None) != (self.high is None):
            raise ValueError("an interval has two ends")
        figures = [figure for figure in (self.low, self.value, self.high) if figure is not None]
        if not figures:
            raise ValueError("neither a value nor an interval")
        if figures != sorted(figures):
            raise ValueError("the value lies outside its interval")
        least, most = BOUNDS[self.unit]
        if not least <= figures[0] <= figures[-1] <= most:
            raise ValueError(f"{self.unit} lies between {least:g} and {most:g}")
        if self.n is not None and self.n < 1:
            raise ValueError("n counts from 1")
        return self

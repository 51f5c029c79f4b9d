"""Metadata is in setup.cfg; this lists the packages, since each room at the top is one package root."""

from setuptools import find_packages, setup

ROOMS = {
    "medbench": "bench",
    "medbench.methods": "methods",
    "medbench.metrics": "metrics",
    "medbench.leaderboards": "leaderboards",
    "medbench.data_cards": "data_cards",
}
setup(
    packages=[
        package
        for name, folder in ROOMS.items()
        for package in (name, *(f"{name}.{inner}" for inner in find_packages(folder)))
    ],
    package_dir=dict(ROOMS),
)

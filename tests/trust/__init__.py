"""What litereg promises about faults, load and hostile input, and what was measured of it.

`python -m tests.trust` measures every row of the table and prints it; `python -m tests.trust D1 H5`
measures the rows named. A row is a goal and the way it is measured; rows stand in one file for each
kind of promise, and `rows.py` puts them in their order.
"""

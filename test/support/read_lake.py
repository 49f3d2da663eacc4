"""Prints each row of a lake's table as pyarrow reads it, a line of JSON each: `read_lake.py <folder of the table>`."""

import json
import sys

from pyarrow import dataset

folders = ["region", "accountId", "eventDay"]
table = dataset.dataset(sys.argv[1], format="parquet", partitioning="hive").to_table()
for row in table.drop_columns(folders).to_pylist():
    print(json.dumps(row))

"""The lake: nightly snapshots of the register as Parquet, by day. Keys only, no names, numbers or phones."""

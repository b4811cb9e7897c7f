SELECT workflow.ensure_partitions($1)

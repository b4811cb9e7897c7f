DELETE FROM workflow.engine_members WHERE boot_id = $1

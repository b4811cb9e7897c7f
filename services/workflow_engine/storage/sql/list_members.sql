SELECT m.boot_id, m.address FROM workflow.engine_members m WHERE workflow.is_alive(m) ORDER BY m.boot_id

SELECT boot_id, address FROM workflow.engine_members WHERE expires_at > now() ORDER BY boot_id

SELECT tenant_id, grant_id FROM connector.due_grants($1)

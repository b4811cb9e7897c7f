DELETE FROM connector.sealed_values WHERE tenant_id = $1 AND owner_kind = $2 AND owner_id = $3

INSERT INTO workflow.payloads (tenant_id, hash, content)
SELECT * FROM unnest($1::uuid[], $2::bytea[], $3::json[])
ON CONFLICT DO NOTHING

SELECT count(*) FROM (
SELECT FROM connector.credential_audit a
WHERE a.tenant_id = $1 AND a.event <> 'outcome'
  AND ($2::uuid IS NULL OR a.owner_id = $2)
  AND ($3::text IS NULL OR a.purpose = $3)
  AND ($4::text IS NULL OR (a.execution_id = $4 AND a.execution_id <> ''))
  AND ($5::timestamptz IS NULL OR a.occurred_at >= $5)
  AND ($6::timestamptz IS NULL OR a.occurred_at < $6)
LIMIT 10001) AS counted

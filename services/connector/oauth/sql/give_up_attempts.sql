UPDATE connector.refresh_attempts SET state = 'unknown', class = 'no_answer_recorded', ended_at = now()
WHERE tenant_id = $1 AND grant_id = $2 AND state = 'sent' AND fence < $3

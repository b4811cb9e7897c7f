UPDATE schedule.schedule_runs r SET state = 'pending', wake_at = now()
FROM (SELECT DISTINCT ON (b.schedule_id) b.schedule_id, b.nominal_at
      FROM schedule.schedule_runs b
      WHERE b.tenant_id = $1 AND b.schedule_id = ANY ($2::uuid[]) AND b.state = 'buffered'
        AND NOT EXISTS (SELECT FROM schedule.schedule_runs o
                        WHERE o.tenant_id = $1 AND o.schedule_id = b.schedule_id AND o.state IN ('pending', 'running'))
      ORDER BY b.schedule_id, b.nominal_at) AS first
WHERE r.tenant_id = $1 AND r.schedule_id = first.schedule_id AND r.nominal_at = first.nominal_at

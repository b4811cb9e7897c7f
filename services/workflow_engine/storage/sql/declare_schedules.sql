SELECT FROM schedule.declare_triggers($1, $2, $3, $4::jsonb)

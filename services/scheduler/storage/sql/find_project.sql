SELECT project_id FROM schedule.project_of($1, $2) AS found (project_id)

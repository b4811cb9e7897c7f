SELECT workflow.project_of($1, $2)

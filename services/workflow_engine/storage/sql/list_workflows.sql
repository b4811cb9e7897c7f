SELECT workflow_id, tenant_id, project_id, name, description, service_display_name, status, version, tags, created_at, updated_at, revision
FROM workflow.workflows
WHERE tenant_id = $1
  AND ($2::text IS NULL OR status = $2)
  AND ($3::uuid IS NULL OR project_id = $3)
  AND ($4::text IS NULL OR tags @> ARRAY[$4])
  AND ($5::text IS NULL OR strpos(lower(name), lower($5)) > 0
       OR strpos(lower(service_display_name), lower($5)) > 0 OR strpos(lower(description), lower($5)) > 0)
  AND ($6::uuid IS NULL OR workflow_id < $6)
ORDER BY workflow_id DESC LIMIT $7
